"""What verification costs in a scenario, and what each evasion costs whoever evades.

Hours of accelerators, people, inspectors' days, instruments, and visits and queries that a lab must
bear. Every amount is the channel's or the evasion's own (`pausenet channels show` and `pausenet
evasions show` say where it is from) or the scenario's in its place. There is no price but those
that the scenario states: then each line is money too, and verifiers, visits and inspections have
lines where they have prices. Without those they are not counted.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Final

from pausenet.scenario.changes import JoinPlan
from pausenet.scenario.costs import ItemCost, PriceKind
from pausenet.scenario.evasions import ChannelKind, EvasionPlan
from pausenet.scenario.plan import LabPlan, Scenario
from pausenet.simulator.adversary.evasions import evasion
from pausenet.simulator.drawing import medians
from pausenet.simulator.follow_up import with_follow_up
from pausenet.simulator.outcome.rows import Cell
from pausenet.simulator.outside import outside_of
from pausenet.simulator.paid import (
    NO_MONEY,
    YEAR_S,
    Money,
    evasion_money,
    evasion_years,
    priced,
    prices_of,
    summed,
)
from pausenet.simulator.traces import Costs
from pausenet.statements.clauses import PPM
from pausenet.statements.codec import Kind

VERIFICATION: Final = "verification"
"""Who bears the cost of channels: everybody who verifies, and not one party."""
METERS: Final = "the protocol's power meters"
VERIFIERS: Final = "the verifiers"
VISITS: Final = "visits that the agreement draws"
INSPECTIONS: Final = "inspections that are asked for"
ALL: Final = "all"
MONEY_ONLY: Final = frozenset({VERIFIERS, VISITS, INSPECTIONS})
"""Lines that are money and nothing else."""
COST_COLUMNS: Final[Mapping[str, str]] = {
    "bearer": "`verification`, or the party that evades",
    "item": "the channel, over all labs; the evasion; or `all` of that bearer (where priced)",
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
    "cost": "all of it in money, in the whole scenario; empty where a price is missing",
    "cost_unit": "the scenario's unit of account; empty where it states none",
    "budget": "the most that this party may spend on all its evasions; empty without one",
}
"""The columns of `costs.csv`, and what each says."""
_DIGITS: Final = 6


@dataclass(frozen=True, slots=True, kw_only=True)
class Cost:
    """One line of the bill: who bears it, for what, in a year, and for how many years.

    `money` is in thousandths of `unit`, the scenario's unit of account; without one it is nothing.
    `budget_milli` is what the bearer may spend on all its evasions.
    """

    bearer: str
    item: str
    yearly: Costs
    years: float
    money: Money = NO_MONEY
    unit: str = ""
    budget_milli: int | None = None

    @property
    def has_money(self) -> bool:
        """Whether all of it is told in money."""
        return bool(self.unit) and self.money.whole

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
            "cost": self.money.amount if self.has_money else "",
            "cost_unit": self.unit,
            "budget": "" if self.budget_milli is None else self.budget_milli / 1_000,
        }
        assert row.keys() == COST_COLUMNS.keys(), "every column is documented"
        return row


def bill(scenario: Scenario) -> tuple[Cost, ...]:
    """Every line of a scenario's bill: verification's, their sum, and each evasion's.

    Where the scenario gives intervals it is that of their medians, as budgets are weighed; one run
    has drawn its numbers before. Leads that are followed up are those of the scenario's own seed.
    """
    known = medians(scenario)
    lines = _of_verification(known)
    for lab in known.labs:
        lines += _of_evading(known, lab)
    return tuple(lines)


def _of_verification(known: Scenario) -> list[Cost]:
    costs, labs = known.costs, len(known.labs)
    years = known.periods * known.period_s / YEAR_S
    by_item: dict[str, Costs] = {METERS: Costs(meters=float(labs))}
    for row in outside_of(known).rows:
        by_item[str(row.channel)] = by_item.get(str(row.channel), Costs()) + row.costs
    money = _counted(known)
    for item, yearly in by_item.items():
        own = _NOTHING if item == METERS else costs.of(ChannelKind(item))
        money[item] = money.get(item, NO_MONEY) + priced(costs, yearly, years, own, labs)
    by_item |= {item: Costs() for item in money if item not in by_item}
    by_item[ALL], money[ALL] = sum(by_item.values(), Costs()), summed(money.values())
    return [
        Cost(
            bearer=VERIFICATION,
            item=item,
            yearly=yearly,
            years=years,
            money=money[item],
            unit=costs.unit,
        )
        for item, yearly in by_item.items()
    ]


_NOTHING: Final = ItemCost(kind=ChannelKind.SATELLITE)
"""What a scenario says of a channel that it does not mention."""


def _counted(known: Scenario) -> dict[str, Money]:
    """What is priced by number: readings, verifiers, visits and inspections, where priced."""
    followed = with_follow_up(known, known.seed)
    bound = known.periods - known.notice_periods
    sites = sum(lab.sites for lab in known.labs)
    numbers = {
        (METERS, PriceKind.METER_PERIOD): float(len(known.labs) * known.periods),
        (VERIFIERS, PriceKind.VERIFIER_PERIOD): float(_verifier_periods(known)),
        (VISITS, PriceKind.SITE_VISIT): sites * bound * known.agreement.sample_sites_ppm / PPM,
        (INSPECTIONS, PriceKind.INSPECTION): float(
            sum(act.kind is Kind.CHALLENGE_NOTICE for act in followed.acts)
        ),
    }
    prices = prices_of(known.costs)
    return {
        item: Money(milli=round(number * prices[kind]))
        for (item, kind), number in numbers.items()
        if kind in prices
    }


def _verifier_periods(known: Scenario) -> int:
    """Over how many periods verifiers are at work, all together: from admission until they go."""
    found = len(known.verifiers) * known.periods
    for plan in known.changes:
        if isinstance(plan, JoinPlan):
            found += known.periods - int(plan.admitted)
        else:
            found -= known.periods - int(plan.first)
    return found


def _of_evading(known: Scenario, lab: LabPlan) -> list[Cost]:
    """A lab's evasions, each, and where there is money all of them."""
    lines = [_of_evasion(known, lab, plan) for plan in known.evasions if plan.by == lab.name]
    if not lines or not known.costs.unit:
        return lines
    years = max(each.years for each in lines)
    return [*lines, _together(lines, years)]


def _of_evasion(known: Scenario, lab: LabPlan, plan: EvasionPlan) -> Cost:
    return Cost(
        bearer=str(plan.by),
        item=str(plan.kind),
        yearly=evasion(plan.kind).footprint(known, plan).costs,
        years=evasion_years(known, plan),
        money=evasion_money(known, plan),
        unit=known.costs.unit,
        budget_milli=lab.budget_milli,
    )


def _together(lines: list[Cost], years: float) -> Cost:
    """All evasions of one lab: the amounts of a year are means over the longest of them."""
    total = Costs()
    for each in lines:
        part = each.years / years if years else 0.0
        total += Costs(
            accelerator_hours=each.yearly.accelerator_hours * part,
            people=each.yearly.people * part,
            inspector_days=each.yearly.inspector_days * part,
            meters=each.yearly.meters,
            intrusions=each.yearly.intrusions * part,
        )
    return replace(
        lines[0],
        item=ALL,
        yearly=total,
        years=years,
        money=summed(each.money for each in lines),
    )
