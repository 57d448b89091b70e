"""Who decides, how much follows by itself, and on which legal basis an agreement stands."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated, Final

from pausenet.statements.finding import Fault
from pausenet.statements.forms import (
    PERIODS_MAX,
    SPAN_MAX_S,
    Flag,
    Many,
    Record,
    Text,
    Whole,
    Word,
    holds,
)
from pausenet.values import ParticipantId

SELF_EXECUTING: Final = (Fault.F1, Fault.F2, Fault.F3, Fault.F6)
"""The faults that an agreement may let act without a determination (protocol.md 7.3)."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Adjudicator(Record):
    """Who determines a breach: a panel with its quorum, or words alone where it is empty.

    The accused has `clarification_s` to answer and `appeal_periods` to appeal. The faults in
    `self_executing` make a party non-compliant by being confirmed.
    """

    words: Annotated[str, Text()]
    panel: Annotated[tuple[ParticipantId, ...], Many(Word(ParticipantId), 0, 64)] = ()
    quorum: Annotated[int, Whole(0, 64)] = 0
    clarification_s: Annotated[int, Whole(0, SPAN_MAX_S)] = 432_000
    appeal_periods: Annotated[int, Whole(0, PERIODS_MAX)] = 0
    self_executing: Annotated[tuple[Fault, ...], Many(Word(Fault, SELF_EXECUTING), 0, 4)] = ()

    def hold(self) -> None:
        """A panel has a quorum, and only a panel."""
        holds((self.quorum > 0) == (self.panel != ()), "quorum: 0 exactly where there is no panel")
        holds(self.quorum <= len(self.panel), "quorum: larger than the panel")


@dataclass(frozen=True, slots=True, kw_only=True)
class LegalBasis(Record):
    """Under which law the parties agree.

    A voluntary agreement among competitors says how little they tell each other:
    `exchange_of_information` is mandatory there (domain.md 0).
    """

    words: Annotated[str, Text(least=0)]
    voluntary: Annotated[bool, Flag()] = False
    exchange_of_information: Annotated[str, Text(least=0)] = ""

    def hold(self) -> None:
        """What competitors exchange is said where no law asks for it."""
        holds(
            not self.voluntary or self.exchange_of_information != "",
            "exchange_of_information: mandatory where the basis is voluntary, and empty",
        )
