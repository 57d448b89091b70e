"""Intervals of one word are drawn by one draw; a word's mistakes are refused where they stand."""

from __future__ import annotations

import math
import pickle
from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pausenet.cli.measured_words import drawn_sentences
from pausenet.errors import MalformedFile
from pausenet.files import parse_scenario, write_scenario
from pausenet.scenario.intervals import Spread
from pausenet.scenario.plan import Scenario
from pausenet.simulator.drawing import drawn, inputs_of, number_at, place_of, spreads_of
from pausenet.simulator.outside import CATALOGUE

TEXT = """\
question: Is it seen, whether demand is high or low, together as ever?
name: hangs-together
seed: 5
labs:
  - {name: aurora, accelerators: 20000 to 80000, utilisation: 40 % to 75 % together as demand}
  - {name: birch, accelerators: 8000 to 16000, utilisation: 50 % to 90 % together as demand}
evasions:
  - {by: birch, kind: E06, from: 5, with: {accelerators: 2000 to 9000 together as size}}
channels: [{kind: insiders, with: {ever_found: 50 % to 80 % together as demand}}]
world:
  frontier: {largest_run: 3e26 to 8e26 together as size, growth: 4}
  fleets: {doubling: 8 to 14 months together as demand, every: 4}
"""
DEMAND = (
    ("labs", "aurora", "utilisation_ppm"),
    ("labs", "birch", "utilisation_ppm"),
    ("channels", "0", "settings", "ever_found", "micro"),
    ("world", "fleets", "doubling_s"),
)
SEEDS = st.integers(0, 2**48)


def scenario(text: str = TEXT) -> Scenario:
    return parse_scenario(text, name="s.yaml", stem="s", catalogue=CATALOGUE)


STORY = scenario()
ALONE = scenario(TEXT.replace(" together as demand", "").replace(" together as size", ""))
SPREADS = dict(spreads_of(STORY))


def height(spread: Spread, number: int) -> float:
    """How many of its own deviations a number lies above its median, in the logarithm."""
    middle = math.log(spread.low * spread.high) / 2
    return (math.log(number) - middle) / (math.log(spread.high / spread.low) / 2 / 1.6448536)


@settings(max_examples=25)
@given(SEEDS)
def test_what_is_together_is_equally_high(seed: int) -> None:
    numbers = drawn(STORY, seed)
    found = [height(SPREADS[path], number_at(numbers, path)) for path in DEMAND]
    assert max(found) - min(found) < 1e-4, "but for the rounding to a whole number"


def test_the_order_of_many_runs_is_one_and_the_same() -> None:
    runs = [drawn(STORY, seed) for seed in range(100)]
    orders = {
        tuple(sorted(range(100), key=lambda run: number_at(runs[run], path))) for path in DEMAND
    }
    assert len(orders) == 1
    others = [number_at(run, ("labs", "aurora", "accelerators")) for run in runs]
    assert tuple(sorted(range(100), key=lambda run: others[run])) not in orders


@settings(max_examples=25)
@given(SEEDS)
def test_a_word_changes_no_draw_but_those_of_its_own(seed: int) -> None:
    numbers, alone = drawn(STORY, seed), drawn(ALONE, seed)
    for path, spread in SPREADS.items():
        if not spread.together:
            assert number_at(numbers, path) == number_at(alone, path)
    fewer = scenario(TEXT.replace("50 % to 80 % together as demand", "50 % to 80 %"))
    assert drawn(fewer, seed).labs == numbers.labs


def test_two_words_are_drawn_apart() -> None:
    def heights(seed: int) -> tuple[float, float]:
        numbers, size = drawn(STORY, seed), ("world", "frontier", "largest_run_pflop")
        return (
            height(SPREADS[DEMAND[0]], number_at(numbers, DEMAND[0])),
            height(SPREADS[size], number_at(numbers, size)),
        )

    found = [heights(seed) for seed in range(50)]
    assert sum((one > 0) == (other > 0) for one, other in found) in range(15, 36)


def test_each_number_alone_keeps_its_own_interval() -> None:
    """Of 400 draws a twentieth lies below the low end; of a word's too, but for what is refused."""
    path = ("world", "frontier", "largest_run_pflop")
    found = [number_at(drawn(STORY, seed), path) for seed in range(400)]
    low, high = SPREADS[path].low, SPREADS[path].high
    assert 8 <= sum(each < low for each in found) <= 34
    assert 8 <= sum(each > high for each in found) <= 34


def test_where_one_plan_refuses_its_number_all_are_drawn_again() -> None:
    birch = replace(STORY.labs[1], utilisation_ppm=Spread(900_000, 1_000_000, together="demand"))
    edge = replace(STORY, labs=(STORY.labs[0], birch))
    runs = [drawn(edge, seed) for seed in range(200)]
    assert max(run.labs[1].utilisation_ppm for run in runs) <= 1_000_000
    top = SPREADS[DEMAND[0]].high
    assert max(run.labs[0].utilisation_ppm for run in runs) <= top, "the refused heights are gone"
    assert any(drawn(STORY, seed).labs[0].utilisation_ppm > top for seed in range(200))


def test_a_word_is_one_draw_and_each_other_number_its_own() -> None:
    assert dict(inputs_of(STORY)) == {
        "labs.aurora.accelerators": (("labs", "aurora", "accelerators"),),
        "demand": DEMAND,
        "labs.birch.accelerators": (("labs", "birch", "accelerators"),),
        "size": (
            ("evasions", "0", "settings", "accelerators", "micro"),
            ("world", "frontier", "largest_run_pflop"),
        ),
    }
    assert [place_of(path) for path in DEMAND][-2:] == [
        "channels.0.settings.ever_found",
        "world.fleets.doubling",
    ]


def test_words_are_written_back_carried_to_workers_and_said() -> None:
    again = parse_scenario(write_scenario(STORY), name="r", stem="r", catalogue=CATALOGUE)
    assert again == STORY
    assert again != ALONE
    assert drawn(pickle.loads(pickle.dumps(STORY)), 9) == drawn(STORY, 9)
    assert Spread(5, 20, together="demand") != Spread(5, 20)
    assert Spread(5, 20, together="demand") == 10
    (sentence,) = drawn_sentences(STORY)
    assert "labs.birch.utilisation 50 % to 90 % together as demand; " in sentence
    assert "doubling 243.333 days to 425.833 days together as demand" in sentence


@pytest.mark.parametrize(
    ("old", "new", "problem"),
    [
        ("75 % together as demand", "75 % together as demnd", "5:63 no other interval is together"),
        ("75 % together as demand", "75 % together as demnd", 'did you mean "demand"?'),
        ("8e26 together as size", "8e26", '8:58 no other interval is together as "size"'),
        ("75 % together as demand", "75 % together as Demand", "5:63 expected a word such as"),
        ("75 % together as demand", "75 % together as a b", "5:63 expected a word such as"),
        ("40 % to 75 % together", "75 % together", "5:63 expected an interval before together as"),
        ("20000 to 80000,", "20000 together as demand,", "expected an interval before together"),
        ("40 % to 75 % together", "75 % to 40 % together", "5:63 expected an interval that begins"),
        ("seed: 5", "seed: 5 to 9 together as demand", "3:7 expected"),
    ],
)
def test_a_mistake_is_refused_where_it_stands(old: str, new: str, problem: str) -> None:
    assert TEXT.count(old) == 1
    with pytest.raises(MalformedFile) as refused:
        scenario(TEXT.replace(old, new))
    assert problem in str(refused.value)


@pytest.mark.parametrize("word", ["Demand", "a b", "1a", "-a", "a\n", "a" * 33])
def test_what_is_no_word_is_refused(word: str) -> None:
    with pytest.raises(ValueError, match="expected a word such as demand"):
        Spread(5, 20, together=word)
