"""What evading and verifying come to in money, and whether a lab can pay for its evasions.

A scenario's prices turn amounts (`Costs`) into money, whole thousandths of its unit of account, so
that what several evasions cost together is the sum of what each costs, and a budget of exactly
that is enough. What has no price has none: the money then says what it leaves out, and no budget
is weighed against it.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Final

from pausenet.errors import Misuse
from pausenet.scenario.costs import AMOUNTS, CostsPlan, ItemCost, PriceKind
from pausenet.scenario.evasions import EvasionPlan
from pausenet.scenario.plan import DAY_S, Scenario
from pausenet.simulator.adversary.evasions import evasion
from pausenet.simulator.channels.base import Chosen
from pausenet.simulator.traces import Costs
from pausenet.values import ParticipantId

YEAR_S: Final = 365 * DAY_S
_MILLI: Final = 1_000
_PRICED: Final = (
    PriceKind.ACCELERATOR_HOUR,
    PriceKind.PERSON_YEAR,
    PriceKind.INSPECTOR_DAY,
    PriceKind.INSTRUMENT,
    PriceKind.INTRUSION,
)
"""What prices the amounts of `Costs`, in their order."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Money:
    """An amount in thousandths of the unit of account; `unpriced` is what it leaves out."""

    milli: int = 0
    unpriced: frozenset[PriceKind] = frozenset()

    def __add__(self, other: Money) -> Money:
        return Money(milli=self.milli + other.milli, unpriced=self.unpriced | other.unpriced)

    @property
    def whole(self) -> bool:
        """Whether it leaves nothing out."""
        return not self.unpriced

    @property
    def amount(self) -> float:
        """In units of account."""
        return self.milli / _MILLI


NO_MONEY: Final = Money()


def summed(parts: Iterable[Money]) -> Money:
    """What parts come to together."""
    return sum(parts, NO_MONEY)


def priced(costs: CostsPlan, amounts: Costs, years: float, own: ItemCost, labs: int = 1) -> Money:
    """What amounts in a year come to in so many years, with the money that `own` adds to them.

    `labs` is over how many labs the amounts are summed: `own` is of one.
    """
    prices = prices_of(costs)
    milli = labs * (own.once_milli + own.yearly_milli * years)
    unpriced: set[PriceKind] = set()
    for name, kind, amount in zip(AMOUNTS, _PRICED, amounts.amounts, strict=True):
        if amount > 0.0 and kind not in prices:
            unpriced.add(kind)
        times = 1.0 if name == "meters" else years
        milli += amount * times * prices.get(kind, 0)
    return Money(milli=round(milli), unpriced=frozenset(unpriced))


def prices_of(costs: CostsPlan) -> Mapping[PriceKind, int]:
    """Every price that the scenario states, in thousandths of the unit of account."""
    return {PriceKind(price.name): price.milli for price in costs.prices}


def evasion_years(scenario: Scenario, plan: EvasionPlan) -> float:
    """How long an evasion goes on in this scenario."""
    until = scenario.periods if plan.until is None else min(int(plan.until), scenario.periods)
    return max(0, until - int(plan.start)) * scenario.period_s / YEAR_S


def evasion_money(scenario: Scenario, plan: EvasionPlan) -> Money:
    """What one evasion costs whoever evades, in the whole scenario."""
    model, own = evasion(plan.kind), scenario.costs.of(plan.kind)
    amounts = model.footprint(scenario, plan).costs
    found = priced(scenario.costs, amounts, evasion_years(scenario, plan), own)
    values = Chosen.of(plan.kind, model.parameters, plan.settings).values
    if stray := sorted({price.name for price in own.each} - values.keys()):
        raise Misuse(f"costs.evasions.{plan.kind}.each: unknown setting {stray[0]!r:.80}")
    bought = sum(values[price.name] * price.milli for price in own.each)
    return found + Money(milli=round(bought))


def spent(scenario: Scenario, party: ParticipantId) -> Money:
    """What all evasions of one lab cost it together."""
    return summed(evasion_money(scenario, plan) for plan in scenario.evasions if plan.by == party)


def overspent(scenario: Scenario) -> Iterator[tuple[int, str]]:
    """The labs, by number, whose evasions cost more than their budget, or have no price.

    Where the scenario gives intervals it is weighed at their medians.
    """
    for number, lab in enumerate(scenario.labs):
        kinds = [str(plan.kind) for plan in scenario.evasions if plan.by == lab.name]
        if lab.budget_milli is None or not kinds:
            continue
        cost = spent(scenario, lab.name)
        unit = scenario.costs.unit
        budget = f"its budget of {money_text(unit, lab.budget_milli)}"
        if not cost.whole:
            prices = " and ".join(f"costs.prices.{kind}" for kind in sorted(cost.unpriced))
            text = f"what nobody can weigh against {budget}, without {prices}"
            yield number, f"budget: {_told(kinds)} {lab.name} {text}"
        elif cost.milli > int(lab.budget_milli):
            text = f"{money_text(unit, cost.milli)}, more than {budget}"
            yield number, f"budget: {_told(kinds)} {lab.name} {text}"


def affordable(scenario: Scenario, *parties: ParticipantId) -> bool:
    """Whether these labs, or all that have a budget, can pay for their evasions."""
    broke = [scenario.labs[number].name for number, _ in overspent(scenario)]
    return not broke if not parties else not any(name in parties for name in broke)


def money_text(unit: str, milli: int) -> str:
    """An amount of money in words.

    >>> money_text("USD", 1_234_567_500)
    '1,234,567.5 USD'
    """
    whole, rest = divmod(int(milli), _MILLI)
    digits = f".{rest:03d}".rstrip("0") if rest else ""
    return f"{whole:,}{digits} {unit}"


def about_money(unit: str, milli: int) -> str:
    """The same for a sentence: whole units from 1,000 on. `costs.csv` has every thousandth.

    >>> about_money("USD", 1_234_567_500), about_money("USD", 829_087)
    ('1,234,568 USD', '829.087 USD')
    """
    exact = int(milli)
    large = abs(exact) >= 1_000 * _MILLI
    return money_text(unit, round(exact / _MILLI) * _MILLI if large else exact)


def _told(kinds: list[str]) -> str:
    return f"{kinds[0]} costs" if len(kinds) == 1 else f"{' and '.join(kinds)} together cost"
