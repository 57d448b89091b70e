"""What every evasion of the book has in common: who evades, and what it leaves behind.

An evasion is described by what it does in the world: the traces that channels may sense, the
compute that it gains and what it costs. What it does to the lab's own statements is a cheat of
`simulator.adversary`, carried out by a machine in the real protocol.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from pausenet.inference.meters import Figure
from pausenet.scenario.evasions import ChannelKind, EvasionKind, EvasionPlan
from pausenet.scenario.plan import CheatKind, CheatPlan, LabPlan, Scenario
from pausenet.simulator.channels.base import Chosen, Course, daily_flop
from pausenet.simulator.traces import Footprint
from pausenet.statements.clauses import PPM
from pausenet.statements.finding import Fault


@dataclass(frozen=True, slots=True, kw_only=True)
class Evader:
    """A lab with a plan to evade: its fleet, the course of time, and the chosen values."""

    scenario: Scenario
    plan: EvasionPlan
    lab: LabPlan
    values: Mapping[str, float]

    @property
    def course(self) -> Course:
        """How time runs."""
        return Course(periods=self.scenario.periods, period_s=self.scenario.period_s)

    @property
    def daily_flop(self) -> float:
        """What the lab's declared fleet computes in a day at its utilisation, in FLOP."""
        return daily_flop(self.lab.accelerators) * self.lab.utilisation_ppm / PPM

    @property
    def training_flop(self) -> float:
        """The part of it that goes into training, in FLOP a day."""
        return self.daily_flop * self.lab.training_ppm / PPM

    def during(self, value: float) -> tuple[float, ...]:
        """A magnitude that stands while the evasion goes on."""
        return self.course.during(value, self.plan.start, self.plan.until)

    def gains(self, flop_a_day: float) -> tuple[float, ...]:
        """A gain in FLOP by period while the evasion goes on."""
        return self.during(flop_a_day * self.course.period_days)

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
