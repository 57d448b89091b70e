"""What verification and evading cost, as a table and in sentences that can be quoted."""

from __future__ import annotations

from collections.abc import Mapping

from pausenet.report.tables import Table
from pausenet.results.columns import TYPES
from pausenet.scenario.plan import Scenario
from pausenet.simulator.drawing import spreads_of
from pausenet.simulator.outcome.cost import (
    ALL,
    COST_COLUMNS,
    INSPECTIONS,
    METERS,
    MONEY_ONLY,
    VERIFICATION,
    Cost,
    bill,
)
from pausenet.simulator.paid import about_money
from pausenet.simulator.traces import Costs

_WEEK_YEARS = 7 / 365


SHOWN = (
    *("bearer", "item", "accelerator_hours_yearly", "people", "inspector_days_yearly"),
    *("meters", "intrusions_yearly", "cost", "cost_unit", "budget"),
)
"""The columns that a page has room for."""


def cost_table(scenario: Scenario) -> Table:
    """Every line of the bill."""
    return Table(
        columns={name: TYPES[name] for name in COST_COLUMNS},
        rows=[line.row() for line in bill(scenario)],
    )


def cost_sentences(scenario: Scenario, gained: Mapping[str, str]) -> tuple[str, ...]:
    """What verification costs, and each evasion beside what it has gained, as `gained` tells."""
    lines = bill(scenario)
    found = [_verification(scenario, [each for each in lines if each.bearer == VERIFICATION])]
    for party in dict.fromkeys(each.bearer for each in lines if each.bearer != VERIFICATION):
        own = [_evasion(each) for each in lines if each.bearer == party and each.item != ALL]
        whole = [_money(each) for each in lines if each.bearer == party]
        told = f"; {gained[party]}" if party in gained else ""
        found.append(f"{', '.join(own)}{whole[-1]}{told}.")
    if any(each.unit for each in lines):
        found.append(f"the prices are this scenario's own [{scenario.costs.source}].")
    if spreads_of(scenario):
        found.append(
            "where the scenario gives intervals, all of this is reckoned at their medians."
        )
    return tuple(found)


def _verification(scenario: Scenario, lines: list[Cost]) -> str:
    (whole,) = (each for each in lines if each.item == ALL)
    channels = [each for each in lines if each.item not in (ALL, METERS, *MONEY_ONLY)]
    labs = f"{len(scenario.labs)} lab{'' if len(scenario.labs) == 1 else 's'}"
    paid, followed = _money(whole), INSPECTIONS in (each.item for each in lines)
    if not channels:
        return (
            f"verification of {labs} takes {_counted(whole.yearly.meters, 'power meter')}, one a "
            f"lab{paid}; no channel outside the protocol is used."
        )
    text = (
        f"{_counted(len(channels), 'channel')} over {labs} and their power meters take "
        f"{_amounts(whole.yearly)}{paid}"
    )
    most = max(channels, key=lambda each: each.yearly.inspector_days)
    if len(channels) > 1 and most.yearly.inspector_days > 0.0:
        text += f"; {most.item} alone {_counted(most.yearly.inspector_days, 'inspector-day')}"
    return f"{text}." if followed else f"{text}. Inspections that follow are not counted."


def _money(line: Cost) -> str:
    """What a line comes to in money, and of what budget; nothing where there are no prices."""
    if not line.unit:
        return ""
    if not line.money.whole:
        missing = ", ".join(sorted(line.money.unpriced))
        return f"; not told in money, as there is no price of {missing}"
    told = f": {about_money(line.unit, line.money.milli)} in all"
    if line.budget_milli is None:
        return told
    return f"{told}, of a budget of {about_money(line.unit, line.budget_milli)}"


def _evasion(line: Cost) -> str:
    if not any(line.yearly.amounts):
        return f"{line.item} costs {line.bearer} nothing that is counted"
    span = "" if line.years < _WEEK_YEARS else f", for {line.years:.2g} years"
    return f"{line.item} costs {line.bearer} {_amounts(line.yearly)}{span}"


def _amounts(costs: Costs) -> str:
    """What is not 0, in words.

    >>> _amounts(Costs(people=1.0, inspector_days=36.5))
    '1 full-time person and 36 inspector-days a year'
    """
    found = [
        _counted(costs.meters, "instrument"),
        _counted(costs.people, "full-time person", "full-time people"),
        f"{_counted(costs.inspector_days, 'inspector-day')} a year",
        f"{_counted(costs.intrusions, 'visit or query', 'visits and queries')} a year",
        f"{_counted(costs.accelerator_hours, 'H100-hour')} a year",
    ]
    amounts = (
        *(costs.meters, costs.people, costs.inspector_days, costs.intrusions),
        costs.accelerator_hours,
    )
    told = [words for words, amount in zip(found, amounts, strict=True) if amount > 0.0]
    *before, last = told or ["nothing"]
    return f"{', '.join(before)} and {last}" if before else last


def _counted(amount: float, one: str, more: str = "") -> str:
    """So many of a thing.

    >>> _counted(1.0, "inspector-day"), _counted(1234.5, "H100-hour"), _counted(0.1, "person")
    ('1 inspector-day', '1,234 H100-hours', '0.1 persons')
    """
    number = f"{amount:,.0f}" if amount >= 10.0 else f"{amount:.2g}"
    return f"{number} {one if amount == 1.0 else more or one + 's'}"
