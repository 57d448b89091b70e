"""The world outside the protocol in one scenario: what evasions leave, and what channels notice.

A *lead* is the first alarm of a channel about a lab. It is nobody's proof and no finding: the
protocol does not know it. It says where to look.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from functools import lru_cache

from pausenet.errors import Misuse
from pausenet.scenario.evasions import Catalogue, ChannelKind, ChannelPlan
from pausenet.scenario.growth import fleet_by_period
from pausenet.scenario.plan import DAY_S, LabPlan, Scenario
from pausenet.simulator.adversary.evasions import EVASIONS, evasion
from pausenet.simulator.channels import CHANNELS, Watched, alpha_of, channel
from pausenet.simulator.channels.base import Chosen, Course
from pausenet.simulator.kernels import first_alarms, key_of, salt_of, thresholds
from pausenet.simulator.paid import overspent
from pausenet.simulator.traces import Costs, Footprint, together
from pausenet.values import ParticipantId, PeriodIndex

CATALOGUE = Catalogue(
    evasions={kind: model.units for kind, model in EVASIONS.items()},
    channels={kind: model.units for kind, model in CHANNELS.items()},
    overspent=overspent,
)
"""The settings of everything that is modelled, for those who read scenario files."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Lead:
    """A channel's first alarm about a lab: of which period, and when its word came.

    `moment_s` counts from the first period's start.
    """

    about: ParticipantId
    channel: ChannelKind
    period: PeriodIndex
    moment_s: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """One channel over one lab: the chance of its first alarm in each period, and its delay.

    `costs` are what it costs in a year to watch this lab so.
    """

    lab: ParticipantId
    channel: ChannelKind
    chances: tuple[float, ...]
    delay_s: int
    costs: Costs


@dataclass(frozen=True, slots=True, kw_only=True)
class Outside:
    """Everything outside the protocol: each lab's footprint, and each channel over each lab."""

    footprints: Mapping[ParticipantId, Footprint]
    rows: tuple[Row, ...]
    period_s: int

    def leads(self, seed: int) -> tuple[Lead, ...]:
        """The leads of the run of this seed, in the order in which they come."""
        found = first_alarms(
            key_of(seed),
            [thresholds(row.chances) for row in self.rows],
            [salt_of(row.lab, row.channel) for row in self.rows],
        )
        leads = [
            Lead(
                about=row.lab,
                channel=row.channel,
                period=PeriodIndex(at),
                moment_s=(at + 1) * self.period_s + row.delay_s,
            )
            for row, at in zip(self.rows, found, strict=True)
            if at >= 0
        ]
        return tuple(sorted(leads, key=lambda lead: (lead.moment_s, lead.about, lead.channel)))


@lru_cache(maxsize=64)
def outside_of(scenario: Scenario) -> Outside:
    """The world outside.

    Raises `Misuse` for an evasion or a channel with a wrong setting, and for a lab that evades for
    more than its budget.
    """
    for _, problem in overspent(scenario):
        raise Misuse(problem)
    footprints = {lab.name: _footprint(scenario, lab) for lab in scenario.labs}
    rows = [
        _row(scenario, plan, lab, footprints[lab.name])
        for plan in scenario.channels
        for lab in scenario.labs
    ]
    return Outside(footprints=footprints, rows=tuple(rows), period_s=scenario.period_s)


def with_cheats(scenario: Scenario) -> Scenario:
    """The scenario with what its evasions do to the labs' own statements, as cheats."""
    if not scenario.evasions:
        return scenario
    outside = outside_of(scenario)
    added = [cheat for each in outside.footprints.values() for cheat in each.cheats]
    return replace(scenario, cheats=tuple(dict.fromkeys((*scenario.cheats, *added))))


def _footprint(scenario: Scenario, lab: LabPlan) -> Footprint:
    plans = [plan for plan in scenario.evasions if plan.by == lab.name]
    return together(
        (evasion(plan.kind).footprint(scenario, plan) for plan in plans), scenario.periods
    )


def _row(scenario: Scenario, plan: ChannelPlan, lab: LabPlan, left: Footprint) -> Row:
    model = channel(plan.kind)
    days = Course(periods=scenario.periods, period_s=scenario.period_s).period_days
    chosen = Chosen.of(plan.kind, model.parameters, plan.settings)
    watched = Watched(
        values=chosen.values,
        alpha=alpha_of(plan.false_alarms_ppm, period_days=days),
        lab=lab,
        periods=scenario.periods,
        period_days=days,
        meters=scenario.meters,
        fleet=fleet_by_period(scenario, lab),
    )
    magnitudes = left.of(model.senses)
    if model.weakened_by is not None:
        weak = left.of(model.weakened_by)
        magnitudes = tuple(
            value * (1.0 - min(1.0, share)) for value, share in zip(magnitudes, weak, strict=True)
        )
    delay_days = chosen.values.get("delay_days", model.delay_days)
    return Row(
        lab=lab.name,
        channel=plan.kind,
        chances=model.chances(watched, magnitudes),
        delay_s=round(delay_days * DAY_S),
        costs=model.costs(watched).with_own(scenario.costs.of(plan.kind)),
    )
