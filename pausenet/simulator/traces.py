"""What an evasion leaves behind in the world, and what it gains and costs: ground truth.

Evasions and channels do not know each other. An evasion leaves *traces*, numbers with a unit,
period by period; a channel senses one kind of trace. Evasions that go on together leave the sum of
their traces (`together`); a factor, such as people who keep silent, multiplies.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from enum import StrEnum
from typing import Final

from pausenet.errors import Misuse
from pausenet.scenario.costs import ItemCost
from pausenet.scenario.evasions import MICRO
from pausenet.scenario.plan import CheatPlan


class Trace(StrEnum):
    """The kinds of trace; each member's text stands in reports, `UNITS` has its unit."""

    RELABELLED = "training under another label"
    NOT_REPRODUCED = "declared work that does not reproduce"
    RATE = "more operations in occupied time than declared"
    FORMAT = "work in number formats that were not declared"
    EGRESS = "output that declared work does not explain"
    LINEAGE = "runs that continue each other's weights unsaid"
    BUNCHED = "runs just below the cap"
    STEP = "a step of use at the baseline"
    BALANCE = "use above what was declared, period after period"
    SITE = "an undeclared site"
    SITE_POWER = "power drawn at an undeclared site"
    PURCHASES = "linked small purchases"
    SYNC = "a beat in wide-area traffic"
    UNENTERED = "shipped accelerators that were not entered"
    DECOYS = "declared devices that are not what they seem"
    METER_GAP = "a difference between independent meters"
    NOTICE = "a change of power in the notice window"
    CLOUD = "cloud spending that no declared use explains"
    CAPABILITY = "capability above what declared compute explains"
    WEIGHTS = "weights that no declared run made"
    WORKERS = "people who know"
    SILENCED = "share of these people who cannot speak"
    GAPS = "statements missing when it matters"
    BACKDATED = "statements that outside time stamps contradict"
    STAGED = "a cluster loaded and ready while sealed"
    INDICATOR = "a self-reported indicator away from the evaluator's"
    VERDICTS = "verdicts of a verifier away from the others'"


UNITS: Final[Mapping[Trace, str]] = {
    Trace.RELABELLED: "share of the windows of the lab's training",
    Trace.NOT_REPRODUCED: "share of declared work units",
    Trace.RATE: "relative excess of true over declared operations a second",
    Trace.FORMAT: "share of the lab's work",
    Trace.EGRESS: "share of output bits",
    Trace.LINEAGE: "runs a period",
    Trace.BUNCHED: "runs a period",
    Trace.STEP: "standard deviations of a period's use, from the baseline on",
    Trace.BALANCE: "relative to what was declared",
    Trace.SITE: "accelerators",
    Trace.SITE_POWER: "MW",
    Trace.PURCHASES: "linked orders a period",
    Trace.SYNC: "amplitude over the noise's standard deviation",
    Trace.UNENTERED: "accelerators a period",
    Trace.DECOYS: "devices",
    Trace.METER_GAP: "relative",
    Trace.NOTICE: "standard deviations of a window's mean power",
    Trace.CLOUD: "share of the lab's cloud spending",
    Trace.CAPABILITY: "standard deviations of the scaling trend's residual",
    Trace.WEIGHTS: "models in use",
    Trace.WORKERS: "people",
    Trace.SILENCED: "share of the people who know",
    Trace.GAPS: "odds of a gap when it matters over the odds elsewhere",
    Trace.BACKDATED: "statements a period",
    Trace.STAGED: "accelerators",
    Trace.INDICATOR: "standard deviations of a paired difference",
    Trace.VERDICTS: "share of verdicts that differ",
}
"""What each trace is counted in; 0 is nothing to see, and for `GAPS` 0 and 1 are."""

_LARGEST: Final = frozenset(
    {Trace.GAPS, Trace.SILENCED, Trace.STEP, Trace.CAPABILITY, Trace.INDICATOR, Trace.NOTICE}
)
"""Traces of several evasions of which the largest stands; the others add up."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Costs:
    """What an evasion costs the evader, or a channel those who run it, in a year; no money.

    `accelerator_hours` are H100-equivalent hours that are lost or run again, `people` full-time
    people, `inspector_days` days of inspectors, `meters` instruments to install, `intrusions`
    visits and queries that a lab must bear.
    """

    accelerator_hours: float = 0.0
    people: float = 0.0
    inspector_days: float = 0.0
    meters: float = 0.0
    intrusions: float = 0.0

    def __post_init__(self) -> None:
        if not min(self.amounts) >= 0.0:
            raise Misuse("Costs: expected amounts from 0")

    @property
    def amounts(self) -> tuple[float, ...]:
        """All five, in order."""
        return (
            self.accelerator_hours,
            self.people,
            self.inspector_days,
            self.meters,
            self.intrusions,
        )

    def with_own(self, own: ItemCost) -> Costs:
        """The amounts with those that a scenario puts in their place."""
        if not own.amounts:
            return self
        return replace(self, **{each.name: each.micro / MICRO for each in own.amounts})

    def __add__(self, other: Costs) -> Costs:
        return Costs(
            accelerator_hours=self.accelerator_hours + other.accelerator_hours,
            people=self.people + other.people,
            inspector_days=self.inspector_days + other.inspector_days,
            meters=self.meters + other.meters,
            intrusions=self.intrusions + other.intrusions,
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Footprint:
    """What one evasion does, by ground truth: traces and gain by period, and its costs.

    `gained_flop` is the compute that the lab gains in each period beyond what the agreement lets
    it have. `cheats` is the part of the evasion that the protocol's own machines carry out.
    """

    traces: Mapping[Trace, tuple[float, ...]]
    gained_flop: tuple[float, ...]
    costs: Costs = field(default_factory=Costs)
    cheats: tuple[CheatPlan, ...] = ()

    def __post_init__(self) -> None:
        for name, by_period in (*self.traces.items(), ("gained", self.gained_flop)):
            if len(by_period) != len(self.gained_flop):
                raise Misuse(f"Footprint: {name}: expected a number for every period")
            if not all(math.isfinite(value) and value >= 0.0 for value in by_period):
                raise Misuse(f"Footprint: {name}: expected numbers from 0")

    def with_own(self, own: ItemCost) -> Footprint:
        """The same with the amounts that a scenario puts in the place of its costs."""
        return replace(self, costs=self.costs.with_own(own)) if own.amounts else self

    def of(self, trace: Trace) -> tuple[float, ...]:
        """A trace's magnitudes by period; zeros where it leaves none."""
        return self.traces.get(trace, (0.0,) * len(self.gained_flop))


def together(footprints: Iterable[Footprint], periods: int) -> Footprint:
    """What evasions that go on together leave behind, gain and cost."""
    nothing = (0.0,) * periods
    traces: dict[Trace, tuple[float, ...]] = {}
    gained, costs = nothing, Costs()
    cheats: list[CheatPlan] = []
    for each in footprints:
        for trace, by_period in each.traces.items():
            join = max if trace in _LARGEST else _sum
            before = traces.get(trace, nothing)
            traces[trace] = tuple(
                join(one, other) for one, other in zip(before, by_period, strict=True)
            )
        gained = tuple(map(_sum, gained, each.gained_flop))
        costs += each.costs
        cheats += each.cheats
    return Footprint(traces=traces, gained_flop=gained, costs=costs, cheats=tuple(cheats))


def _sum(one: float, other: float) -> float:
    return one + other
