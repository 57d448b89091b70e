"""An evader that knows the verification plan, and what it chooses."""

from __future__ import annotations

from dataclasses import replace

import pytest

from pausenet.errors import Misuse
from pausenet.files.scenario import parse_scenario, read_scenario
from pausenet.files.stories import find_scenario
from pausenet.scenario.evasions import EvasionKind
from pausenet.scenario.plan import Scenario
from pausenet.simulator.adversary.adaptive import (
    Response,
    adapted,
    best_of_kinds,
    best_response,
    instead,
)
from pausenet.simulator.outcome.kernel import measure_by_kernel
from pausenet.simulator.outside import CATALOGUE
from pausenet.simulator.paid import spent

TEXT = """
question: How much does it hide?
name: adaptive
periods: 20
period: 7 days
labs:
  - {name: aurora, accelerators: 20000}
  - {name: birch, accelerators: 12000}
meters: {random: 1 %, systematic: 0.3 %}
evasions:
  - {by: birch, kind: E01, from: 5}
"""
GOAL = 60.0


def scenario() -> Scenario:
    return parse_scenario(TEXT, name="here", stem="here", catalogue=CATALOGUE)


def test_an_evader_that_bears_more_risk_hides_more() -> None:
    careful, bold = (
        best_response(scenario(), EvasionKind.E01, bears=bears, runs=60, goal_days=GOAL)
        for bears in (0.2, 0.95)
    )
    assert careful.tried == bold.tried == 5
    assert careful.chosen[0].gained_flop < bold.chosen[0].gained_flop


def test_finer_meters_leave_it_less_and_none_leave_it_all() -> None:
    useless = replace(scenario().meters, random_ppm=1_000_000, systematic_ppm=1_000_000)
    coarse = replace(scenario(), meters=useless)
    fine, loose = (
        best_response(each, EvasionKind.E01, bears=0.3, runs=60, goal_days=GOAL)
        for each in (scenario(), coarse)
    )
    assert loose.chosen[0].settings[0].micro == 300_000, "the most that the book lets it hide"
    assert fine.chosen[0].gained_flop < loose.chosen[0].gained_flop


def test_who_bears_nothing_keeps_the_rules() -> None:
    found = best_response(scenario(), EvasionKind.E01, bears=0.0, runs=60, goal_days=GOAL)
    assert not found.evades


def test_the_answer_is_measured_on_seeds_in_which_it_had_no_part() -> None:
    found = best_response(scenario(), EvasionKind.E01, bears=0.3, runs=60, goal_days=GOAL)
    again = adapted(scenario(), EvasionKind.E01, found.chosen[0])
    assert again.seed == scenario().seed
    assert again.evasions[0].settings == found.chosen[0].settings
    (seen,) = measure_by_kernel(again, 2_000, goal_days=GOAL).evasions
    assert seen.within.value < 0.5


def test_an_evasion_that_nobody_plans_cannot_be_adapted() -> None:
    with pytest.raises(Misuse, match="nobody evades by E06"):
        best_response(scenario(), EvasionKind.E06, bears=0.1, runs=20, goal_days=GOAL)


def paying(milli: int | None, name: str = "budget-for-no-hall") -> Scenario:
    told = read_scenario(find_scenario(name), CATALOGUE)
    labs = (replace(lab, budget_milli=milli) if lab.name == "birch" else lab for lab in told.labs)
    return replace(told, labs=tuple(labs))


def answer(told: Scenario, *kinds: EvasionKind, runs: int = 20) -> Response:
    return best_of_kinds(told, kinds, bears=0.9, runs=runs, goal_days=GOAL)


def test_it_never_chooses_what_it_cannot_pay_and_more_money_never_gains_less() -> None:
    gains = [0.0]
    for budget in (0, 130_000_000, 10_000_000_000):
        found = answer(paying(budget), EvasionKind.E01, EvasionKind.E06)
        assert found.tried + found.unpaid == 130
        for choice in found.chosen:
            assert choice.cost.milli <= budget
            chosen = adapted(instead(paying(budget), choice.kind), choice.kind, choice)
            assert spent(chosen, found.by) == choice.cost
        gains.append(sum(choice.gained_flop for choice in found.chosen))
    assert gains == sorted(gains)
    assert gains[3] > gains[2] > gains[1] == 0.0


def test_a_way_that_costs_exactly_the_budget_is_tried() -> None:
    def under(milli: int) -> Response:
        return answer(instead(paying(milli), EvasionKind.E01), EvasionKind.E01)

    cost = under(10_000_000_000).chosen[0].cost.milli
    assert under(cost).tried == 5
    nothing = under(cost - 1)
    assert (nothing.tried, nothing.unpaid, nothing.evades) == (0, 5, False)


def test_a_lower_budget_makes_another_evasion_the_best_response() -> None:
    for budget, kind, story in (
        (10_000_000_000, EvasionKind.E06, "budget-for-a-hall"),
        (5_000_000_000, EvasionKind.E01, "budget-for-no-hall"),
    ):
        found = best_of_kinds(
            paying(budget, story),
            (EvasionKind.E01, EvasionKind.E06),
            bears=0.2,
            runs=20,
            goal_days=GOAL,
        )
        assert found.chosen[0].kind is kind
        told = read_scenario(find_scenario(story), CATALOGUE)
        assert [plan.kind for plan in told.evasions] == [kind], "the story is of that evasion"


def test_what_has_no_price_is_not_taken_for_dear() -> None:
    told = paying(10**12)
    prices = tuple(each for each in told.costs.prices if each.name != "accelerator_hour")
    priceless = replace(told, costs=replace(told.costs, prices=prices))
    with pytest.raises(Misuse, match="E04 takes what has no price: accelerator_hour"):
        answer(priceless, EvasionKind.E01, EvasionKind.E04)


def test_in_place_of_a_plan_one_evasion_is_done_in_its_time() -> None:
    told = paying(None)
    other = instead(told, EvasionKind.E06).evasions[0]
    assert (other.by, other.start, other.settings) == ("birch", told.evasions[0].start, ())
    assert instead(told, EvasionKind.E01) == told
    with pytest.raises(Misuse, match="nobody evades by the book"):
        instead(replace(told, evasions=()), EvasionKind.E01)


def shipped(name: str) -> Scenario:
    return read_scenario(find_scenario(name))


def test_what_the_logs_themselves_show_is_nothing_to_search() -> None:
    with pytest.raises(Misuse, match="the logs themselves show every way of E11"):
        best_response(shipped("e11-caught"), EvasionKind.E11, bears=0.9, runs=20, goal_days=GOAL)


def test_ways_that_logs_show_are_left_out_and_counted() -> None:
    found = best_response(
        shipped("e13-caught"), EvasionKind.E13, bears=1.0, runs=20, goal_days=GOAL
    )
    assert (found.tried, found.left_out) == (15, 10), "of up to four keepers one is not enough"
    assert {each.name: each.micro for each in found.chosen[0].settings}["keepers"] >= 2_000_000


def test_of_several_kinds_those_that_logs_show_are_left_out() -> None:
    told, both = shipped("e11-caught"), (EvasionKind.E01, EvasionKind.E11)
    found = best_of_kinds(told, both, bears=1.0, runs=20, goal_days=GOAL)
    assert found.tried == 5
    assert found.left_out
    assert found.chosen[0].kind is EvasionKind.E01


def test_of_many_parameters_one_after_the_other_is_searched_and_people_are_whole() -> None:
    text = f"{TEXT.replace('E01', 'E05')}channels: [purchases]\n".replace("20\n", "14\n")
    spread = parse_scenario(text, name="here", stem="here", catalogue=CATALOGUE)
    found = best_response(spread, EvasionKind.E05, bears=0.5, runs=20, goal_days=GOAL)
    assert not found.grid
    assert 20 < found.tried < 120
    choice = {each.name: each.micro for each in found.chosen[0].settings}
    assert choice["people"] % 1_000_000 == choice["nodes"] % 1_000_000 == 0
    assert found.chosen[0].share <= 0.5
