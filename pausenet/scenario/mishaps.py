"""What befalls a network without ill will: cuts, old disks, slips, and operators changing keys."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TypeAlias

from pausenet.values import ParticipantId, PeriodIndex


@dataclass(frozen=True, slots=True, kw_only=True)
class PartitionPlan:
    """Cut a participant off from everybody, from one period's start to another's."""

    of: ParticipantId
    start: PeriodIndex
    until: PeriodIndex

    def __post_init__(self) -> None:
        check(self.start < self.until, "until: not after from", self.until)


@dataclass(frozen=True, slots=True, kw_only=True)
class RestorePlan:
    """Put a participant's whole disk back to what it was at period `to`, at period `at`.

    At period `recover` its operator gives it new keys, with which it may go on (5.4); None for
    never. An operator who knows of the restore does so before the first start after it.
    """

    of: ParticipantId
    to: PeriodIndex
    at: PeriodIndex
    recover: PeriodIndex | None = None

    def __post_init__(self) -> None:
        check(self.to < self.at, "at: not after to", self.at)
        check(self.recover is None or self.at <= self.recover, "recover: before at", self.recover)


@dataclass(frozen=True, slots=True, kw_only=True)
class RotationPlan:
    """A participant's operator replaces its keys at the start of period `at`.

    With `revokes` because they are stolen: the recovery key says so, and no longer they (5.4).
    """

    of: ParticipantId
    at: PeriodIndex
    revokes: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class TypoPlan:
    """A lab types `factor` times what it used in period `at`.

    It is corrected after the sample of period `corrected`, or never.
    """

    of: ParticipantId
    at: PeriodIndex
    factor: int
    corrected: PeriodIndex | None = None

    def __post_init__(self) -> None:
        check(2 <= self.factor <= 1_000, "factor: expected 2..1000", self.factor)
        late = self.corrected is None or self.at <= self.corrected
        check(late, "corrected: before at", self.corrected)


FaultPlan: TypeAlias = PartitionPlan | RestorePlan | RotationPlan | TypoPlan


def check(holds: bool, problem: str, found: object) -> None:
    """Raise `ValueError` unless a plan's condition holds."""
    if not holds:
        raise ValueError(f"{problem}, found {found!r:.80}")
