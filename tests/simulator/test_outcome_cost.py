"""The bill of a scenario: every channel over every lab, every evasion for as long as it goes on."""

from __future__ import annotations

from dataclasses import replace

import pytest

from pausenet.cli.cost_words import cost_sentences
from pausenet.files.scenario import read_scenario
from pausenet.files.stories import find_scenario
from pausenet.scenario.plan import DAY_S, Scenario
from pausenet.simulator.outcome.cost import ALL, COST_COLUMNS, METERS, VERIFICATION, bill
from pausenet.simulator.traces import Costs
from pausenet.values import PeriodIndex


@pytest.fixture(scope="module")
def told() -> Scenario:
    return read_scenario(find_scenario("e06-caught"))


def test_the_bill_is_the_sum_of_its_lines(told: Scenario) -> None:
    lines = {each.item: each for each in bill(told) if each.bearer == VERIFICATION}
    whole = lines.pop(ALL)
    assert set(lines) == {METERS, *(str(plan.kind) for plan in told.channels)}
    assert sum((each.yearly for each in lines.values()), Costs()).amounts == pytest.approx(
        whole.yearly.amounts
    )
    assert whole.yearly.meters >= len(told.labs), "one power meter a lab"
    assert all(list(each.row()) == list(COST_COLUMNS) for each in bill(told))


def test_no_channel_costs_no_inspector(told: Scenario) -> None:
    bare = replace(told, channels=())
    (whole,) = (each for each in bill(bare) if each.item == ALL)
    assert whole.yearly == Costs(meters=float(len(told.labs)))
    assert "no channel outside the protocol" in cost_sentences(bare, {})[0]


def test_more_labs_cost_more_and_longer_watching_costs_longer(told: Scenario) -> None:
    def days(scenario: Scenario) -> float:
        (row,) = (each.row() for each in bill(scenario) if each.item == ALL)
        return float(row["inspector_days"])

    fewer = replace(told, labs=told.labs[:2], evasions=(), cheats=())
    assert 0.0 < days(fewer) < days(told)
    longer = replace(told, periods=2 * told.periods)
    assert days(longer) == pytest.approx(2 * days(told), rel=1e-4)


def test_an_evasion_is_paid_for_as_long_as_it_goes_on(told: Scenario) -> None:
    (plan,) = told.evasions
    short = replace(plan, until=PeriodIndex(plan.start + 2))
    (line,) = (each for each in bill(replace(told, evasions=(short,))) if each.bearer == plan.by)
    assert line.years == pytest.approx(2 * told.period_s / DAY_S / 365)
    assert line.row()["person_years"] == pytest.approx(line.yearly.people * line.years, rel=1e-4)
    sentence = cost_sentences(told, {str(plan.by): "it had gained much"})[-1]
    assert sentence.startswith(f"{plan.kind} costs {plan.by} ")
    assert sentence.endswith("; it had gained much.")
