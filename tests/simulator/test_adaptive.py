"""An evader that knows the verification plan, and what it chooses."""

from __future__ import annotations

from dataclasses import replace

import pytest

from pausenet.errors import Misuse
from pausenet.files.scenario import parse_scenario, read_scenario
from pausenet.files.stories import find_scenario
from pausenet.scenario.evasions import EvasionKind
from pausenet.scenario.plan import Scenario
from pausenet.simulator.adversary.adaptive import adapted, best_response
from pausenet.simulator.outcome.kernel import measure_by_kernel
from pausenet.simulator.outside import CATALOGUE

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


def shipped(name: str) -> Scenario:
    return read_scenario(find_scenario(name))


def test_what_the_logs_themselves_show_is_nothing_to_search() -> None:
    with pytest.raises(Misuse, match="the logs themselves show every way of E11"):
        best_response(shipped("e11-caught"), EvasionKind.E11, bears=0.9, runs=20, goal_days=GOAL)


def test_ways_that_logs_show_are_left_out_and_counted() -> None:
    found = best_response(
        shipped("e13-caught"), EvasionKind.E13, bears=1.0, runs=20, goal_days=GOAL
    )
    assert (found.tried, found.left_out) == (10, 15)
    assert {each.name: each.micro for each in found.chosen[0].settings}["seen_late"] < 500_000


def test_of_many_parameters_one_after_the_other_is_searched_and_people_are_whole() -> None:
    text = f"{TEXT.replace('E01', 'E05')}channels: [purchases]\n".replace("20\n", "14\n")
    spread = parse_scenario(text, name="here", stem="here", catalogue=CATALOGUE)
    found = best_response(spread, EvasionKind.E05, bears=0.5, runs=20, goal_days=GOAL)
    assert not found.grid
    assert 20 < found.tried < 120
    choice = {each.name: each.micro for each in found.chosen[0].settings}
    assert choice["people"] % 1_000_000 == choice["nodes"] % 1_000_000 == 0
    assert found.chosen[0].share <= 0.5
