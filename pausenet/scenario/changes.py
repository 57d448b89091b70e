"""How a scenario plans who the verifiers are: one comes, or one goes (protocol.md 5.2)."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TypeAlias

from pausenet.scenario.mishaps import check
from pausenet.values import ParticipantId, PeriodIndex


@dataclass(frozen=True, slots=True, kw_only=True)
class JoinPlan:
    """A newcomer is admitted in period `admitted`, and counts from period `first` on.

    Where its handover or k approvals are not there in time, it counts from a later period.
    """

    verifier: ParticipantId
    bloc: str
    admitted: PeriodIndex
    first: PeriodIndex

    def __post_init__(self) -> None:
        check(self.admitted + 2 <= self.first, "first: two periods after admitted", self.first)


@dataclass(frozen=True, slots=True, kw_only=True)
class LeavePlan:
    """A verifier counts no more from period `first` on, or from a later one, as above."""

    verifier: ParticipantId
    first: PeriodIndex

    def __post_init__(self) -> None:
        check(self.first >= 1, "first: expected 1 at least", self.first)


ChangePlan: TypeAlias = JoinPlan | LeavePlan
