"""What evasions cost in money, and what a lab's budget leaves it."""

from __future__ import annotations

from dataclasses import replace
from itertools import combinations

import pytest

from pausenet.cli.cost_words import cost_sentences
from pausenet.errors import Misuse
from pausenet.files.scenario import parse_scenario
from pausenet.scenario.costs import NO_COSTS, CostsPlan, ItemCost, Price, PriceKind
from pausenet.scenario.evasions import ChannelKind, EvasionKind, EvasionPlan, Setting
from pausenet.scenario.intervals import Spread
from pausenet.scenario.plan import Scenario
from pausenet.simulator.adversary.evasions import EVASIONS
from pausenet.simulator.drawing import drawn
from pausenet.simulator.outcome.cost import (
    ALL,
    INSPECTIONS,
    METERS,
    VERIFICATION,
    VERIFIERS,
    VISITS,
    Cost,
    bill,
)
from pausenet.simulator.outside import CATALOGUE, outside_of
from pausenet.simulator.paid import affordable, evasion_money, overspent, spent
from pausenet.simulator.run import simulate
from pausenet.values import ParticipantId, PeriodIndex

TEXT = """\
question: Who can pay for a hall?
name: paying
periods: 26
period: 7 days
labs:
  - {name: aurora, accelerators: 20000}
  - {name: birch, accelerators: 12000}
costs:
  unit: USD
  prices: {accelerator_hour: 2, person_year: 300000, inspector_day: 2000,
           instrument: 20000, intrusion: 500}
  evasions: [{kind: E06, people: 200, each: {accelerators: 30000}}]
evasions:
  - {by: birch, kind: E06, from: 5, with: {accelerators: 1000}}
channels: [satellite, insiders]
"""
BIRCH = ParticipantId("birch")


def scenario(text: str = TEXT) -> Scenario:
    return parse_scenario(text, name="s.yaml", stem="s", catalogue=CATALOGUE)


def with_budget(told: Scenario, milli: int | None) -> Scenario:
    labs = (told.labs[0], replace(told.labs[1], budget_milli=milli))
    return replace(told, labs=labs)


def line(told: Scenario, bearer: str, item: str) -> Cost:
    (found,) = (each for each in bill(told) if (each.bearer, each.item) == (bearer, item))
    return found


def test_an_evasion_costs_what_its_amounts_and_its_settings_come_to() -> None:
    years = 21 * 7 / 365
    expected = round(1_000 * (200 * years * 300_000 + 1_000 * 30_000))
    assert evasion_money(scenario(), scenario().evasions[0]).milli == expected
    assert line(scenario(), "birch", "E06").row()["cost"] == expected / 1_000


def test_what_evasions_cost_together_is_the_sum_of_what_each_costs() -> None:
    plans = [EvasionPlan(by=BIRCH, kind=kind, start=PeriodIndex(5)) for kind in sorted(EVASIONS)]
    alone = {}
    for plan in plans:
        alone[plan.kind] = spent(replace(scenario(), evasions=(plan,)), BIRCH).milli
        assert alone[plan.kind] >= 0
    for pair in combinations(plans[:12], 2):
        both = replace(scenario(), evasions=pair)
        assert spent(both, BIRCH).milli == sum(alone[plan.kind] for plan in pair)
    everything = replace(scenario(), evasions=tuple(plans))
    assert line(everything, "birch", ALL).money.milli == sum(alone.values())


def test_a_budget_of_exactly_the_cost_is_enough_and_a_thousandth_less_is_not() -> None:
    cost = spent(scenario(), BIRCH).milli
    assert affordable(with_budget(scenario(), cost))
    assert outside_of(with_budget(scenario(), cost)).footprints
    short = with_budget(scenario(), cost - 1)
    assert not affordable(short)
    for refused in (lambda: outside_of(short), lambda: simulate(short)):
        with pytest.raises(Misuse, match=r"budget: E06 costs birch 54,164,383\.562 USD, more"):
            refused()


def test_a_combination_is_refused_whose_parts_could_be_paid_alone() -> None:
    other = EvasionPlan(by=BIRCH, kind=EvasionKind.E01, start=PeriodIndex(5))
    both = replace(scenario(), evasions=(*scenario().evasions, other))
    budget = max(evasion_money(both, plan).milli for plan in both.evasions)
    for plan in both.evasions:
        assert affordable(with_budget(replace(both, evasions=(plan,)), budget))
    ((lab, problem),) = overspent(with_budget(both, budget))
    assert lab == 1
    assert (
        "E06 and E01 together cost birch 54,285,205.48 USD, more than its budget of 54," in problem
    )


def test_a_budget_binds_nobody_else_and_no_lab_that_keeps_the_rules() -> None:
    labs = (replace(scenario().labs[0], budget_milli=0), scenario().labs[1])
    assert affordable(replace(scenario(), labs=labs))
    assert affordable(with_budget(replace(scenario(), evasions=()), 0))


def test_no_budget_is_weighed_against_what_has_no_price() -> None:
    prices = tuple(each for each in scenario().costs.prices if each.name != "person_year")
    told = replace(scenario(), costs=replace(scenario().costs, prices=prices))
    assert spent(told, BIRCH).unpriced == {PriceKind.PERSON_YEAR}
    assert affordable(told)
    assert line(told, "birch", "E06").row()["cost"] == ""
    assert "no price of person_year" in cost_sentences(told, {})[1]
    ((_, problem),) = overspent(with_budget(told, 10**15))
    assert problem.endswith("USD, without costs.prices.person_year")


def test_a_run_whose_numbers_would_cost_too_much_is_drawn_again() -> None:
    people = Price(name="person_year", milli=Spread(150_000_000, 600_000_000))
    prices = (people, *(each for each in scenario().costs.prices if each.name != "person_year"))
    unsure = replace(scenario(), costs=replace(scenario().costs, prices=prices))
    tight = with_budget(unsure, spent(unsure, BIRCH).milli)
    again = 0
    for seed in range(40):
        free, bound = drawn(unsure, seed), drawn(tight, seed)
        assert affordable(bound)
        if affordable(with_budget(free, tight.labs[1].budget_milli)):
            assert bound.costs == free.costs
        else:
            again += 1
    assert 10 <= again <= 30, "the median is the budget: every other run is drawn again"
    with pytest.raises(Misuse, match="none of 1000 draws"):
        drawn(with_budget(unsure, 0), 1)


def test_money_stands_on_top_of_amounts_and_is_borne_for_each_lab() -> None:
    own = ItemCost(
        kind=ChannelKind.SATELLITE,
        amounts=(Setting(name="inspector_days", micro=10_000_000),),
        once_milli=7_000_000,
        yearly_milli=1_000_000,
    )
    told = replace(scenario(), costs=replace(scenario().costs, channels=(own,)))
    years = 26 * 7 / 365
    satellite = line(told, VERIFICATION, "satellite")
    assert satellite.yearly.inspector_days == pytest.approx(20.0)
    assert satellite.money.milli == pytest.approx(
        2 * (7_000_000 + years * (1_000_000 + 10 * 2_000_000)), abs=1
    )


def test_verification_is_the_sum_of_its_lines_in_money_too() -> None:
    extra = tuple(
        Price(name=name, milli=1_000)
        for name in ("meter_period", "verifier_period", "site_visit", "inspection")
    )
    costs = replace(scenario().costs, prices=(*scenario().costs.prices, *extra))
    told = replace(scenario(), costs=costs)
    lines = [each for each in bill(told) if each.bearer == VERIFICATION]
    items = {each.item: each.money.milli for each in lines}
    whole = items.pop(ALL)
    assert set(items) == {METERS, "satellite", "insiders", VERIFIERS, VISITS, INSPECTIONS}
    assert whole == sum(items.values())
    assert items[METERS] == 2 * 20_000_000 + 2 * 26 * 1_000
    assert items[VERIFIERS] == 4 * 26 * 1_000
    assert items[VISITS] == 2 * 22 * 50
    assert items[INSPECTIONS] == 0
    for seed, asked in ((6, 1), (7, 1), (8, 0)):
        follows = replace(told, follow_up=True, seed=seed)
        assert line(follows, VERIFICATION, INSPECTIONS).money.milli == 1_000 * asked


def test_a_bill_of_intervals_is_that_of_their_medians_whatever_the_seed() -> None:
    told = with_budget(scenario(), Spread(30_000_000_000, 120_000_000_000))
    wide = replace(told, costs=replace(told.costs, prices=unsure(told.costs.prices)))
    bills = {bill(replace(wide, seed=seed)) for seed in (1, 2, 3)}
    assert len(bills) == 1
    assert bills == {bill(with_budget(scenario(), 60_000_000_000))}
    assert cost_sentences(wide, {})[-1].endswith("all of this is reckoned at their medians.")
    assert "medians" not in cost_sentences(scenario(), {})[-1]


def unsure(prices: tuple[Price, ...]) -> tuple[Price, ...]:
    """Every price as an interval of which it is the median."""
    return tuple(replace(each, milli=Spread(each.milli // 2, each.milli * 2)) for each in prices)


def test_without_prices_nothing_is_money() -> None:
    bare = replace(scenario(), costs=NO_COSTS)
    assert all(each.row()["cost"] == each.row()["cost_unit"] == "" for each in bill(bare))
    assert not any("USD" in text or "price" in text for text in cost_sentences(bare, {}))
    assert [each.item for each in bill(bare) if each.bearer == "birch"] == ["E06"]


def test_the_sentence_tells_the_cost_against_the_budget() -> None:
    found = cost_sentences(with_budget(scenario(), 60_000_000_000), {})
    assert "54,164,384 USD in all, of a budget of 60,000,000 USD" in found[1]
    assert found[-1] == "the prices are this scenario's own [assumption]."
    budget = line(with_budget(scenario(), 60_000_000_000), "birch", "E06").row()["budget"]
    assert budget == 60_000_000.0


def test_an_unknown_setting_that_is_priced_is_refused_without_a_file_too() -> None:
    own = ItemCost(kind=EvasionKind.E06, each=(Price(name="chips", milli=1),))
    told = replace(scenario(), costs=CostsPlan(unit="USD", evasions=(own,)))
    with pytest.raises(Misuse, match=r"costs\.evasions\.E06\.each: unknown setting 'chips'"):
        spent(told, BIRCH)
