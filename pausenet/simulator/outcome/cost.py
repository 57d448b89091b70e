"""What verification costs in a scenario, and what each evasion costs whoever evades.

No prices: hours of accelerators, people, inspectors' days, instruments, and visits and queries that
a lab must bear. Every amount is the channel's or the evasion's own, `pausenet channels show` and
`pausenet evasions show` say where it is from. Verifiers' own machines, and inspections that follow
a finding or a lead, are not counted.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from pausenet.scenario.plan import DAY_S, Scenario
from pausenet.simulator.adversary.evasions import evasion
from pausenet.simulator.drawing import drawn
from pausenet.simulator.outcome.rows import Cell
from pausenet.simulator.outside import outside_of
from pausenet.simulator.traces import Costs

VERIFICATION: Final = "verification"
"""Who bears the cost of channels: everybody who verifies, and not one party."""
METERS: Final = "the protocol's power meters"
ALL: Final = "all"
COST_COLUMNS: Final[Mapping[str, str]] = {
    "bearer": "`verification`, or the party that evades",
    "item": "the channel, over all labs; the evasion; or `all` of that bearer",
    "years": "how long it goes on in this scenario",
    "accelerator_hours_yearly": "H100-equivalent hours lost or run again in a year",
    "people": "full-time people as long as it goes on",
    "inspector_days_yearly": "days of inspectors in a year",
    "meters": "instruments to install, once",
    "intrusions_yearly": "visits and queries that labs must bear in a year",
    "accelerator_hours": "H100-equivalent hours in the whole scenario",
    "person_years": "years of people's work in the whole scenario",
    "inspector_days": "days of inspectors in the whole scenario",
    "intrusions": "visits and queries in the whole scenario",
}
"""The columns of `costs.csv`, and what each says."""
_YEAR_S: Final = 365 * DAY_S
_DIGITS: Final = 6


@dataclass(frozen=True, slots=True, kw_only=True)
class Cost:
    """One line of the bill: who bears it, for what, in a year, and for how many years."""

    bearer: str
    item: str
    yearly: Costs
    years: float

    def row(self) -> dict[str, Cell]:
        """The line as cells: in a year, and over the scenario."""
        each, times = self.yearly, self.years
        row: dict[str, Cell] = {
            "bearer": self.bearer,
            "item": self.item,
            "years": round(times, _DIGITS),
            "accelerator_hours_yearly": round(each.accelerator_hours, _DIGITS),
            "people": round(each.people, _DIGITS),
            "inspector_days_yearly": round(each.inspector_days, _DIGITS),
            "meters": round(each.meters, _DIGITS),
            "intrusions_yearly": round(each.intrusions, _DIGITS),
            "accelerator_hours": round(each.accelerator_hours * times, _DIGITS),
            "person_years": round(each.people * times, _DIGITS),
            "inspector_days": round(each.inspector_days * times, _DIGITS),
            "intrusions": round(each.intrusions * times, _DIGITS),
        }
        assert row.keys() == COST_COLUMNS.keys(), "every column is documented"
        return row


def bill(scenario: Scenario) -> tuple[Cost, ...]:
    """Every line of a scenario's bill: verification's, their sum, and each evasion's.

    Where the scenario gives intervals it is that of the run of its own seed.
    """
    known = drawn(scenario, scenario.seed)
    years = known.periods * known.period_s / _YEAR_S
    by_item: dict[str, Costs] = {METERS: Costs(meters=float(len(known.labs)))}
    for row in outside_of(known).rows:
        by_item[str(row.channel)] = by_item.get(str(row.channel), Costs()) + row.costs
    by_item[ALL] = sum(by_item.values(), Costs())
    lines = [
        Cost(bearer=VERIFICATION, item=item, yearly=yearly, years=years)
        for item, yearly in by_item.items()
    ]
    for plan in known.evasions:
        until = known.periods if plan.until is None else int(plan.until)
        lines.append(
            Cost(
                bearer=str(plan.by),
                item=str(plan.kind),
                yearly=evasion(plan.kind).footprint(known, plan).costs,
                years=max(0, until - int(plan.start)) * known.period_s / _YEAR_S,
            )
        )
    return tuple(lines)
