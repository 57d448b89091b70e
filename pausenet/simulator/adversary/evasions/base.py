"""What every evasion of the book has in common: who evades, and what it leaves behind.

An evasion is described by what it does in the world: the traces that channels may sense, the
compute that it gains and what it costs. What it does to the lab's own statements is a cheat of
`simulator.adversary`, carried out by a machine in the real protocol.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from pausenet.inference.meters import Figure
from pausenet.scenario.evasions import ChannelKind, EvasionKind, EvasionPlan
from pausenet.scenario.growth import fleet_by_period
from pausenet.scenario.plan import CheatKind, CheatPlan, LabPlan, Scenario
from pausenet.simulator.channels.base import Chosen, Course, daily_flop
from pausenet.simulator.traces import Footprint
from pausenet.statements.clauses import PPM
from pausenet.statements.finding import Fault


@dataclass(frozen=True, slots=True, kw_only=True)
class Evader:
    """A lab with a plan to evade: its fleet, the course of time, and the chosen values.

    Its fleet is the declared one as it stands in each period, where the scenario's world has it
    grow.
    """

    scenario: Scenario
    plan: EvasionPlan
    lab: LabPlan
    values: Mapping[str, float]

    @property
    def course(self) -> Course:
        """How time runs."""
        return Course(periods=self.scenario.periods, period_s=self.scenario.period_s)

    @property
    def fleet(self) -> tuple[int, ...]:
        """The lab's declared accelerators in each period."""
        return fleet_by_period(self.scenario, self.lab)

    @property
    def mean_fleet(self) -> float:
        """Its accelerators over the time in which it evades, for what that costs in a year."""
        while_on = [held for held, on in zip(self.fleet, self.during(1.0), strict=True) if on]
        return sum(while_on) / max(1, len(while_on))

    def used(self, share: float = 1.0) -> tuple[float, ...]:
        """A share of what the declared fleet computes in a day at its utilisation, by period."""
        busy = self.lab.utilisation_ppm / PPM * share
        return tuple(daily_flop(held) * busy for held in self.fleet)

    def trained(self, share: float = 1.0) -> tuple[float, ...]:
        """A share of the part of it that goes into training, in FLOP a day, by period."""
        return self.used(self.lab.training_ppm / PPM * share)

    def during(self, value: float | Sequence[float]) -> tuple[float, ...]:
        """A magnitude, or one for each period, that stands while the evasion goes on."""
        if not isinstance(value, Sequence):
            return self.course.during(value, self.plan.start, self.plan.until)
        on = self.during(1.0)
        return tuple(flag * each for flag, each in zip(on, value, strict=True))

    def gains(self, flop_a_day: float | Sequence[float]) -> tuple[float, ...]:
        """A gain in FLOP by period while the evasion goes on, from one a day."""
        days = self.course.period_days
        if not isinstance(flop_a_day, Sequence):
            return self.during(flop_a_day * days)
        return self.during([each * days for each in flop_a_day])

    def cheat(self, kind: CheatKind, share: float = 0.2) -> CheatPlan:
        """The cheat of the protocol's machines that goes with it, hiding such a share."""
        return CheatPlan(
            by=self.plan.by,
            kind=kind,
            start=self.plan.start,
            until=self.plan.until,
            amount_ppm=round(share * PPM),
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class EvasionModel:
    """A kind of evasion.

    `does` is one sentence. `seen_by` are the channels, and `faults` the findings of the protocol,
    that domain.md 3 names for it; nothing else is promised to see it.
    """

    kind: EvasionKind
    title: str
    does: str
    parameters: Mapping[str, Figure]
    leaves: Callable[[Evader], Footprint]
    seen_by: tuple[ChannelKind, ...]
    faults: tuple[Fault, ...] = ()

    @property
    def units(self) -> Mapping[str, str]:
        """The settings that a scenario may choose, with their units."""
        return {name: figure.unit for name, figure in self.parameters.items()}

    def footprint(self, scenario: Scenario, plan: EvasionPlan) -> Footprint:
        """What it leaves behind in this scenario; raises `Misuse` for an unknown setting."""
        chosen = Chosen.of(self.kind, self.parameters, plan.settings)
        lab = scenario.lab(plan.by)
        left = self.leaves(Evader(scenario=scenario, plan=plan, lab=lab, values=chosen.values))
        return left.with_own(scenario.costs.of(self.kind))
