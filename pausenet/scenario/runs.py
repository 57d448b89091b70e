"""Training runs that a scenario writes by hand: when each goes on, and what it descends from."""

from __future__ import annotations

import re
from dataclasses import dataclass

from pausenet.scenario.mishaps import check
from pausenet.statements.clauses import PPM
from pausenet.values import ParticipantId, PeriodIndex


@dataclass(frozen=True, slots=True, kw_only=True)
class RunPlan:
    """A run takes a share of its lab's pre-training from one period until (not including) another.

    `parents` are runs of the same lab, written before it, whose weights it continues.
    """

    run: ParticipantId
    start: PeriodIndex
    until: PeriodIndex | None = None
    share_ppm: int = PPM
    parents: tuple[ParticipantId, ...] = ()

    def __post_init__(self) -> None:
        later = self.until is None or self.start < self.until
        check(later, "runs: until is not after from", self.until)
        check(0 < self.share_ppm <= PPM, "runs: expected a share of 100 % at most", self.share_ppm)
        check(len({*self.parents}) == len(self.parents), "runs: a parent twice", self.run)

    def goes_on(self, period: int) -> bool:
        """Whether it is planned in a period."""
        return self.start <= period and (self.until is None or period < self.until)


def check_runs(lab: str, runs: tuple[RunPlan, ...]) -> None:
    """Raise `ValueError` unless these runs fit together."""
    met: set[ParticipantId] = set()
    for plan in runs:
        own = re.fullmatch(rf"{re.escape(lab)}-[rp][0-9]+", plan.run)
        check(own is None, "runs: a name that the lab gives by itself", plan.run)
        check(plan.run not in met, "runs: two of one name", plan.run)
        strangers = sorted({*plan.parents} - met)
        check(not strangers, "runs: a parent is written before its child", strangers)
        met.add(plan.run)
        together = sum(each.share_ppm for each in runs if each.goes_on(plan.start))
        check(together <= PPM, "runs: more than all pre-training at a time", plan.run)
