"""Two measurements side by side: what differs, with limits that hold, and what is refused."""

from __future__ import annotations

import json
from dataclasses import replace
from functools import cache

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pausenet.cli.compared_words import compared_json, compared_lines, compared_sentence
from pausenet.errors import Misuse
from pausenet.files import find_scenario, read_scenario
from pausenet.results import Fidelity, compare
from pausenet.scenario.costs import CostsPlan, Price
from pausenet.scenario.plan import Scenario
from pausenet.simulator.outcome import MeasuredOutcome, of_kernels, rate, share
from pausenet.simulator.outcome.kernel import measure_by_kernel
from tests.cli.made import STORY
from tests.simulator.small import BIRCH

GOAL_DAYS = 10.0


def measured(scenario: Scenario, runs: int = 400) -> MeasuredOutcome:
    return of_kernels(scenario, measure_by_kernel(scenario, runs, goal_days=GOAL_DAYS))


@cache
def small() -> MeasuredOutcome:
    return measured(STORY, 4)


@pytest.fixture(scope="module")
def sharp() -> MeasuredOutcome:
    return measured(STORY)


@pytest.fixture(scope="module")
def blunt() -> MeasuredOutcome:
    """The same evasion where meters err three times as much."""
    meters = replace(STORY.meters, random_ppm=3 * STORY.meters.random_ppm)
    return measured(replace(STORY, meters=meters, name="blunt-meters"))


def test_the_difference_lies_within_its_limits_and_turns_with_the_order(
    sharp: MeasuredOutcome, blunt: MeasuredOutcome
) -> None:
    there, back = compare(sharp, blunt), compare(blunt, sharp)
    (one,), (other,) = there.evaders, back.evaders
    assert one.within.value == -other.within.value < 0.0
    assert one.within.interval.low <= one.within.value <= one.within.interval.high < 0.0
    assert one.within.interval.low == -other.within.interval.high
    assert one.within.interval.level == pytest.approx(0.95)
    assert {name for name, _, _ in there.differing} == {"meters.random"}
    assert there.same_evasion
    sentence = compared_sentence(there)
    assert sentence.startswith(f"{BIRCH} is detected within 10 days less often under blunt-meters")
    assert "verification takes the same" in sentence


def test_evasions_that_differ_are_told_by_the_setting_that_differs(
    sharp: MeasuredOutcome,
) -> None:
    one = json.dumps([{"by": "birch", "kind": "E06", "values": {"fraction": "0.5", "from": 3}}])
    two = one.replace("0.5", "0.25")
    found = replace(
        compare(sharp, measured(replace(STORY, seed=STORY.seed + 1))),
        differing=(("evasions", one, two), ("alarms", "5 %", "")),
    )
    lines = list(compared_lines(found))
    place = lines.index("What differs between the scenarios:")
    assert lines[place + 1] == "  evasions[1].values.fraction: 0.5 -> 0.25"
    assert lines[place + 2] == "  alarms: 5 % -> nothing"
    assert lines[place + 3] == ""


def test_of_two_seeds_no_difference_is_shown(sharp: MeasuredOutcome) -> None:
    found = compare(sharp, measured(replace(STORY, seed=STORY.seed + 1)))
    assert not found.evaders[0].within.shown
    assert compared_sentence(found).startswith("no difference is shown in how often")
    assert "  nothing but the seed: what differs is chance" in list(compared_lines(found))


@settings(max_examples=30)
@given(
    st.tuples(st.integers(0, 50), st.integers(0, 50)),
    st.tuples(st.integers(0, 400), st.integers(0, 400)),
)
def test_limits_are_wider_than_those_of_either_share(
    alarms: tuple[int, int], hits: tuple[int, int]
) -> None:
    """Whatever was counted: both intervals at once hold the difference."""
    base = small()
    outcomes = []
    for number, (count, found) in enumerate(zip(alarms, hits, strict=True)):
        evader = replace(base.evaders[0], within=share(found, 400))
        outcomes.append(
            replace(
                base,
                scenario=replace(STORY, seed=number),
                evaders=(evader,),
                false_alarms=rate(count, 20.0),
            )
        )
    compared = compare(*outcomes)
    pairs = [
        (compared.evaders[0].within, [each.evaders[0].within.interval for each in outcomes]),
        (compared.false_alarms[0], [each.false_alarms.interval for each in outcomes]),
    ]
    for difference, intervals in pairs:
        width = difference.interval.high - difference.interval.low
        assert width >= sum(each.high - each.low for each in intervals) - 1e-9
        assert difference.interval.covers(difference.value)


def test_what_cannot_be_compared_is_refused(sharp: MeasuredOutcome, blunt: MeasuredOutcome) -> None:
    (birch,) = sharp.evaders
    refused: list[tuple[MeasuredOutcome, str]] = [
        (sharp, "one scenario with one seed"),
        (replace(blunt, goal_days=7.0), "the goals differ: 10 and 7 days"),
        (replace(blunt, fidelity=Fidelity.PROTOCOL), "by kernel, the other by protocol"),
        (replace(blunt, evaders=()), "nobody evades in blunt-meters"),
        (replace(blunt, evaders=(replace(birch, kinds=("E06",)),)), "one evasion"),
    ]
    for other, told in refused:
        with pytest.raises(Misuse, match=told):
            compare(sharp, other)


def test_another_evasion_is_not_taken_for_another_regime(sharp: MeasuredOutcome) -> None:
    (cheat,) = STORY.cheats
    bolder = replace(STORY, cheats=(replace(cheat, amount_ppm=2 * cheat.amount_ppm),))
    found = compare(sharp, measured(bolder))
    assert not found.same_evasion
    assert "not a difference of regimes alone" in compared_sentence(found)


def test_money_is_compared_in_one_unit_of_account_only(
    sharp: MeasuredOutcome, blunt: MeasuredOutcome
) -> None:
    def priced(found: MeasuredOutcome, unit: str, milli: int) -> MeasuredOutcome:
        prices = (Price(name="instrument", milli=milli), Price(name="person_year", milli=1))
        labs = tuple(replace(lab, budget_milli=5_500) for lab in found.scenario.labs)
        costs = CostsPlan(unit=unit, prices=prices)
        return replace(found, scenario=replace(found.scenario, costs=costs, labs=labs))

    cheap, dear = priced(sharp, "USD", 1_000), priced(blunt, "USD", 2_500)
    meters = len(STORY.labs)
    told = compared_sentence(compare(cheap, dear))
    assert f"and costs {2.5 * meters:g} USD against {meters} USD." in told
    lines = "\n".join(compared_lines(compare(cheap, dear)))
    assert "verification, in money" in lines
    assert compared_json(compare(cheap, dear))["verification_in_money"] == [
        f"{meters} USD",
        f"{2.5 * meters:g} USD",
    ]
    for other in (priced(blunt, "EUR", 2_500), blunt):
        assert "and costs" not in compared_sentence(compare(cheap, other))
    assert "money" not in "\n".join(compared_lines(compare(sharp, blunt)))


def test_what_an_evader_spends_stands_beside_its_budget() -> None:
    story = read_scenario(find_scenario("budget-for-a-hall"))
    both = [measured(replace(story, seed=seed), 4) for seed in (1, 2)]
    lines = [" ".join(line.split()) for line in compared_lines(compare(*both))]
    spends = "74,346,056 USD"
    assert f"spends on evading {spends} {spends}" in lines
    assert "of a budget of 100,000,000 USD 100,000,000 USD" in lines
    unlimited = replace(
        story, labs=tuple(replace(lab, budget_milli=None) for lab in story.labs), seed=2
    )
    lines = [
        " ".join(line.split()) for line in compared_lines(compare(both[0], measured(unlimited, 4)))
    ]
    assert "of a budget of 100,000,000 USD no limit" in lines
