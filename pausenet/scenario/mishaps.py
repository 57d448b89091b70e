"""What befalls a network without anybody's ill will: cuts, old disks, slips of the hand."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TypeAlias

from pausenet.values import ParticipantId, PeriodIndex


def _check(holds: bool, problem: str, found: object) -> None:
    if not holds:
        raise ValueError(f"{problem}, found {found!r:.80}")


@dataclass(frozen=True, slots=True, kw_only=True)
class PartitionPlan:
    """Cut a participant off from everybody, from one period's start to another's."""

    of: ParticipantId
    start: PeriodIndex
    until: PeriodIndex

    def __post_init__(self) -> None:
        _check(self.start < self.until, "until: not after from", self.until)


@dataclass(frozen=True, slots=True, kw_only=True)
class RestorePlan:
    """Put a participant's whole disk back to what it was at period `to`, at period `at`."""

    of: ParticipantId
    to: PeriodIndex
    at: PeriodIndex

    def __post_init__(self) -> None:
        _check(self.to < self.at, "at: not after to", self.at)


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
        _check(2 <= self.factor <= 1_000, "factor: expected 2..1000", self.factor)
        late = self.corrected is None or self.at <= self.corrected
        _check(late, "corrected: before at", self.corrected)


FaultPlan: TypeAlias = PartitionPlan | RestorePlan | TypoPlan
