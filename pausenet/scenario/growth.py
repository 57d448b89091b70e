"""How many accelerators a lab has declared by each period, where the scenario's fleets grow."""

from __future__ import annotations

from decimal import Decimal
from functools import lru_cache
from typing import Final

from pausenet.scenario.plan import LabPlan, Scenario
from pausenet.scenario.research import fleet_multiple
from pausenet.scenario.world import MONTH_S
from pausenet.values import PeriodIndex

FLEET_MAX: Final = 10_000_000
"""No lab of a scenario has more."""


def accelerators_in(scenario: Scenario, lab: LabPlan, period: PeriodIndex) -> int:
    """The lab's accelerators through a period: whole ones, from the last delivery on."""
    fleets = scenario.world.fleets
    if not fleets.doubling_s:
        return lab.accelerators
    delivered = period - period % fleets.every
    multiple = fleet_multiple(scenario.world, Decimal(delivered * scenario.period_s) / MONTH_S)
    return min(FLEET_MAX, int(lab.accelerators * multiple))


@lru_cache(maxsize=256)
def fleet_by_period(scenario: Scenario, lab: LabPlan) -> tuple[int, ...]:
    """The lab's accelerators through each period of the scenario."""
    periods = scenario.periods
    if not scenario.world.fleets.doubling_s:
        return (lab.accelerators,) * periods
    return tuple(accelerators_in(scenario, lab, PeriodIndex(at)) for at in range(periods))
