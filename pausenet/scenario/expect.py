"""What a scenario expects of its run: statuses, stages, findings and leads."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from pausenet.scenario.evasions import ChannelKind
from pausenet.statements.finding import Fault, Grade, Status
from pausenet.statements.stage import PartyStage
from pausenet.values import ParticipantId


@dataclass(frozen=True, slots=True, kw_only=True)
class ExpectedFinding:
    """One finding that the run must end with: any of `faults`, against this participant."""

    accused: ParticipantId
    faults: tuple[Fault, ...]
    grade: Grade
    withdrawn: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class ExpectedLead:
    """One lead that the run must have: any of `channels`, about this lab."""

    about: ParticipantId
    channels: tuple[ChannelKind, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Expectation:
    """What the run must find: these statuses, exactly these findings, and exactly these leads.

    `findings` or `leads` of `None` expects nothing in particular; an empty tuple expects that
    there are none.
    """

    labs: tuple[tuple[ParticipantId, Status], ...] = ()
    stages: tuple[tuple[ParticipantId, PartyStage], ...] = ()
    findings: tuple[ExpectedFinding, ...] | None = None
    leads: tuple[ExpectedLead, ...] | None = None


NOTHING_EXPECTED: Final = Expectation()
