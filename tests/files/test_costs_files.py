"""The section `costs` and labs' budgets: read, written back, refused where they are wrong."""

from __future__ import annotations

import pytest

from pausenet.errors import MalformedFile
from pausenet.files import parse_scenario, scenario_digest, write_scenario
from pausenet.files.resolved import resolved
from pausenet.scenario.costs import NO_COSTS, CostsPlan, ItemCost, Price
from pausenet.scenario.evasions import ChannelKind, EvasionKind, Setting
from pausenet.scenario.intervals import Spread
from pausenet.scenario.plan import Scenario
from pausenet.simulator.drawing import drawn, spreads_of
from pausenet.simulator.outside import CATALOGUE

TEXT = """\
question: Who can pay for a hall?
name: paying
labs:
  - {name: aurora, accelerators: 20000}
  - {name: birch, accelerators: 12000, budget: 60e6 USD}
costs:
  unit: USD
  source: "assumption: round numbers"
  prices: {accelerator_hour: 2 to 4, person_year: 300000 USD, inspector_day: 0.5}
  channels: [{kind: satellite, inspector_days: 5 to 20, once: 1000, yearly: 10 to 20}]
  evasions: [{kind: E06, people: 200, each: {accelerators: 30000}}]
evasions:
  - {by: birch, kind: E06, from: 5, with: {accelerators: 1000}}
channels: [satellite]
"""


def scenario(text: str = TEXT) -> Scenario:
    return parse_scenario(text, name="s.yaml", stem="s", catalogue=CATALOGUE)


def test_costs_and_budgets_are_read_and_written_back() -> None:
    found = scenario()
    assert [lab.budget_milli for lab in found.labs] == [None, 60_000_000_000]
    assert found.costs.prices[0] == Price(name="accelerator_hour", milli=Spread(2_000, 4_000))
    assert found.costs.prices[2].milli == 500
    satellite = found.costs.of(ChannelKind.SATELLITE)
    assert satellite.amounts[0].micro == Spread(5_000_000, 20_000_000)
    assert (satellite.once_milli, satellite.yearly_milli) == (1_000_000, Spread(10_000, 20_000))
    assert found.costs.of(EvasionKind.E01) == ItemCost(kind=EvasionKind.E01)
    assert scenario(write_scenario(found)) == found
    assert scenario_digest(scenario(write_scenario(found))) == scenario_digest(found)


def test_a_scenario_without_costs_is_what_it_was() -> None:
    bare = scenario(
        TEXT.replace(", budget: 60e6 USD", "").replace("costs:\n", "#\n", 1).split("#")[0]
    )
    assert bare.costs == NO_COSTS
    assert "costs" not in resolved(bare)
    assert all("budget" not in lab for lab in resolved(bare)["labs"])
    said = scenario(write_scenario(bare) + "costs: {}\n")
    assert scenario_digest(said) == scenario_digest(bare)


def test_the_seed_draws_every_interval_and_no_other_number_changes() -> None:
    unsure = scenario(TEXT.replace("12000,", "10000 to 15000,"))
    places = [path[-2:] for path, _ in spreads_of(unsure)]
    assert places == [
        ("birch", "accelerators"),
        ("accelerator_hour", "milli"),
        ("inspector_days", "micro"),
        ("satellite", "yearly_milli"),
    ]
    known = scenario(TEXT.replace("12000,", "10000 to 15000,").replace("2 to 4", "3"))
    for seed in range(4):
        assert drawn(unsure, seed).labs == drawn(known, seed).labs
        again = scenario(write_scenario(drawn(unsure, seed)))
        assert again == drawn(unsure, seed)
        assert spreads_of(again) == ()


@pytest.mark.parametrize(
    ("old", "new", "problem"),
    [
        ("60e6 USD", "60e6 EUR", "5:48 expected an amount of USD such as 300000, found '60e6 EUR'"),
        ("60e6 USD", "much", "5:48 expected an amount of USD"),
        ("60e6 USD", "1e19", "5:48 expected at most"),
        ("60e6 USD", "2e12", "5:48 budget: expected 0 to 1000000000000 units of account"),
        (
            "  unit: USD\n",
            "",
            "5:48 budget: nothing says in which unit of account; give costs.unit",
        ),
        (", budget: 60e6 USD", ", budget: 5e6", "5:48 budget: E06 costs birch 3"),
        ("unit: USD", "unit: 3 USD", "expected a unit of account in letters, such as USD"),
        ("2 to 4", "4 to 2", "9:30 expected an interval that begins above 0"),
        ("0.5}", "0.0005}", "expected money no finer than a thousandth"),
        (
            "inspector_day:",
            "inspektor_day:",
            'unknown key "inspektor_day" - did you mean "inspector_day"?',
        ),
        ("person_year: 300000 USD,", "", "of 60,000,000 USD, without costs.prices.person_year"),
        ("kind: satellite,", "kind: satelite,", "found 'satelite' - did you mean \"satellite\"?"),
        (
            "inspector_days: 5",
            "builders: 5",
            'unknown key "builders"',
        ),
        ("5 to 20, once", "few, once", "10:48 expected a number"),
        ("kind: E06, people", "kind: E66, people", "found 'E66'"),
        ("channels: [{", "channels: [{kind: satellite}, {", "channels: one stated twice"),
        ("people: 200", "inspector_days: 200", 'unknown key "inspector_days"'),
        ("{accelerators: 30000}", "{acelerators: 3}", 'unknown setting "acelerators" - did you'),
        ("{accelerators: 30000}", "{accelerators: -1}", "expected an amount of USD"),
    ],
)
def test_a_mistake_in_costs_is_refused_where_it_stands(old: str, new: str, problem: str) -> None:
    assert old in TEXT
    with pytest.raises(MalformedFile) as refused:
        scenario(TEXT.replace(old, new, 1))
    assert problem in str(refused.value)


def test_prices_without_a_unit_of_account_are_refused_at_the_price() -> None:
    text = TEXT.replace(", budget: 60e6 USD", "").replace("  unit: USD\n", "")
    with pytest.raises(MalformedFile, match="8:30 unit: mandatory in costs"):
        scenario(text)


def test_what_no_plan_can_say_is_refused() -> None:
    one = Price(name="person_year", milli=1)
    two = ItemCost(kind=EvasionKind.E01, once_milli=1)
    wrong = (
        lambda: CostsPlan(prices=(one,)),
        lambda: CostsPlan(unit="USD", prices=(one, one)),
        lambda: CostsPlan(unit="USD", prices=(Price(name="luck", milli=1),)),
        lambda: CostsPlan(unit="USD", evasions=(two, two)),
        lambda: CostsPlan(unit="USD", channels=(two,)),
        lambda: CostsPlan(unit="USD", evasions=(ItemCost(kind=ChannelKind.GRID, once_milli=1),)),
        lambda: CostsPlan(unit="U$D"),
        lambda: ItemCost(kind=EvasionKind.E01, amounts=(Setting(name="intrusions", micro=1),)),
        lambda: ItemCost(kind=ChannelKind.GRID, each=(one,)),
        lambda: ItemCost(kind=EvasionKind.E01, each=(one, one)),
        lambda: Price(name="person_year", milli=-1),
    )
    for make in wrong:
        with pytest.raises(ValueError, match="found"):
            make()
