"""Which drawn number moves the outcome: ranked where it can be told, and said where it cannot."""

from __future__ import annotations

import math
from dataclasses import replace
from fractions import Fraction
from random import Random
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pausenet.cli.influence_words import influence_sentences
from pausenet.scenario.intervals import Spread
from pausenet.scenario.plan import DAY_S, CheatKind, MeterErrors, Scenario
from pausenet.simulator.drawing import drawn
from pausenet.simulator.outcome import (
    Detection,
    Measured,
    PartySeen,
    Replication,
    measure,
    replication_seed,
)
from pausenet.simulator.outcome.influences import (
    RUNS_MIN,
    Outcome,
    correlation_interval,
    influence_rows,
    influences,
    rank_correlation,
)
from pausenet.statements.finding import Fault, Grade
from tests.simulator.small import BIRCH, SMALL, cheating

GOAL_DAYS = 10.0
RUNS = 90
STORY = replace(
    cheating(CheatKind.UNDER_DECLARATION, amount_ppm=Spread(20_000, 200_000)),
    meters=MeterErrors(random_ppm=Spread(5_000, 20_000), systematic_ppm=Spread(1_000, 4_000)),
)
NUMBERS = st.lists(st.integers(-3, 3), min_size=2, max_size=12)


def seen(days: float) -> PartySeen:
    """Birch, found after so many days, or never where they are infinite."""
    found = Detection(
        fault=Fault.F7,
        grade=Grade.PLAUSIBLE,
        moment_s=0 if math.isinf(days) else round(days * DAY_S),
        cut=7,
    )
    return PartySeen(
        party=BIRCH,
        evades=(CheatKind.UNDER_DECLARATION,),
        begins_s=0,
        watched_s=20 * DAY_S,
        found=() if math.isinf(days) else (found,),
        proven=(),
        early=(),
        leads=(),
        stands=True,
        gained=(),
    )


def made(days: Any, *, runs: int = RUNS, scenario: Scenario = STORY) -> list[Replication]:
    """So many runs in which birch is found after as many days as the drawn scenario says."""
    seeds = [replication_seed(scenario.seed, number) for number in range(runs)]
    return [
        Replication(
            number=number,
            seed=seed,
            network="",
            trace="",
            broken=(),
            parties=(seen(days(drawn(scenario, seed), seed)),),
        )
        for number, seed in enumerate(seeds)
    ]


def by_amount(plan: Scenario, seed: int) -> float:
    """The more is hidden the sooner it is found; the least amounts never."""
    days = 600_000 / plan.cheats[0].amount_ppm
    return days if days < 15 else math.inf


def measured(runs: list[Replication], scenario: Scenario = STORY) -> Measured:
    return measure(scenario, runs, goal_days=GOAL_DAYS, level=0.95)


def slow(one: list[int], other: list[int]) -> float:
    """Pearson's correlation of mean ranks, by counting; a number's rank is what lies below it."""

    def ranks(values: list[int]) -> list[Fraction]:
        below = [sum(each < value for each in values) for value in values]
        alike = [sum(each == value for each in values) for value in values]
        return [low + Fraction(same + 1, 2) for low, same in zip(below, alike, strict=True)]

    first, second, n = ranks(one), ranks(other), len(one)
    means = sum(first) / n, sum(second) / n
    both = sum((a - means[0]) * (b - means[1]) for a, b in zip(first, second, strict=True))
    squares = sum((a - means[0]) ** 2 for a in first) * sum((b - means[1]) ** 2 for b in second)
    return float(both) / math.sqrt(squares) if squares else 0.0


@given(NUMBERS, st.randoms(use_true_random=False))
def test_rank_correlations_are_those_of_the_slow_definition(one: list[int], chance: Random) -> None:
    other = [chance.randrange(4) for _ in one]
    assert rank_correlation(one, other) == pytest.approx(slow(one, other), abs=1e-12)


@given(NUMBERS, st.randoms(use_true_random=False))
def test_only_the_order_counts_and_never_is_the_last(one: list[int], chance: Random) -> None:
    other = [chance.randrange(4) for _ in one]
    found = rank_correlation(one, other)
    assert rank_correlation([each**3 for each in one], other) == found
    assert rank_correlation([-each for each in one], other) == pytest.approx(-found, abs=1e-12)
    last = [math.inf if each == 3 else float(each) for each in other]
    assert rank_correlation(one, last) == found


def test_chance_alone_is_told_apart_no_oftener_than_the_level_says() -> None:
    """1,000 samples of 60 runs each, in which every tenth finds nothing, at the level 95 %."""
    chance, misses = Random(7), 0
    for _ in range(1_000):
        draws = [chance.random() for _ in range(60)]
        days = [math.inf if chance.random() < 0.9 else chance.random() for _ in range(60)]
        misses += not correlation_interval(rank_correlation(draws, days), 60, 0.95).covers(0.0)
    assert 20 <= misses <= 65


def test_the_interval_covers_the_truth_of_two_normals() -> None:
    """Their rank correlation is 6/pi asin(r/2) (Pearson 1907); 600 samples of 60 at 95 %."""
    chance, misses, r = Random(7), 0, 0.7
    truth = 6 / math.pi * math.asin(r / 2)
    for _ in range(600):
        one = [chance.gauss(0, 1) for _ in range(60)]
        other = [r * each + math.sqrt(1 - r * r) * chance.gauss(0, 1) for each in one]
        misses += not correlation_interval(rank_correlation(one, other), 60, 0.95).covers(truth)
    assert 12 <= misses <= 50


def test_the_number_that_decides_stands_first_and_no_other_is_told_apart() -> None:
    (told,) = influences(STORY, made(by_amount), goal_days=GOAL_DAYS, level=0.95)
    first, *others = told.found
    assert (told.party, told.outcome, told.runs, told.inputs) == (BIRCH, Outcome.DETECTION, 90, 3)
    assert first.name == "cheats.0.amount"
    assert first.correlation < -0.98
    assert (first.third, first.at_low.value, first.at_high.value) == (30, 0.0, 1.0)
    assert told.leads
    assert {each.name for each in others} == {"meters.random", "meters.systematic"}
    assert not any(each.seen for each in others)
    assert all(abs(each.correlation) < told.smallest_seen for each in others)
    rows = influence_rows([told])
    assert [row["parameter"] for row in rows] == [each.name for each in told.found]
    (sentence,) = influence_sentences(measured(made(by_amount)))
    assert sentence.startswith("when birch is detected hangs on cheats.0.amount (the larger, the ")
    assert "0 % (0 % to 12 %) of the 30 runs with its lowest draws and 100 % (88 % to" in sentence
    assert "cheats.0.amount matters most; 2 more are not told apart from chance" in sentence


def test_numbers_that_are_drawn_together_are_one_number() -> None:
    meters = MeterErrors(
        random_ppm=Spread(5_000, 20_000, together="quality"),
        systematic_ppm=Spread(1_000, 4_000, together="quality"),
    )
    told = replace(STORY, meters=meters)
    runs = made(lambda plan, seed: plan.meters.systematic_ppm / 500, scenario=told)
    (found,) = influences(told, runs, goal_days=GOAL_DAYS, level=0.95)
    first = found.found[0]
    assert (found.inputs, first.name) == (2, "quality")
    assert first.places == ("meters.random", "meters.systematic")
    assert first.correlation > 0.9
    (sentence,) = influence_sentences(measured(runs, told))
    assert (
        "on quality (meters.random, meters.systematic together; the larger, the later" in sentence
    )


def test_two_that_matter_alike_are_not_put_in_an_order() -> None:
    def days(plan: Scenario, seed: int) -> float:
        return plan.meters.random_ppm / float(plan.cheats[0].amount_ppm) ** 0.6 / 10

    (told,) = influences(STORY, made(days, runs=60), goal_days=GOAL_DAYS, level=0.95)
    assert {each.name for each in told.seen} == {"cheats.0.amount", "meters.random"}
    assert not told.leads
    (sentence,) = influence_sentences(measured(made(days, runs=60)))
    assert "Which number matters most is not certain" in sentence


def test_too_few_runs_rank_nothing_and_say_so() -> None:
    runs = made(by_amount, runs=RUNS_MIN - 1)
    found = measured(runs)
    assert [each.found for each in found.influences] == [()]
    assert influence_sentences(found) == (
        "29 runs are too few to rank the drawn numbers by what they move: 30 do.",
    )
    assert measured(made(by_amount, runs=RUNS_MIN)).influences[0].found


def test_what_hangs_on_none_of_the_numbers_is_said_to() -> None:
    found = measured(made(lambda plan, seed: 1.0 + seed % 17))
    (told,) = found.influences
    assert told.seen == ()
    (sentence,) = influence_sentences(found)
    assert "none of 3 drawn numbers is told apart from chance" in sentence
    assert f"a rank correlation of {told.smallest_seen:.2f} would have been" in sentence


def test_where_all_runs_are_alike_nothing_moves_them() -> None:
    found = measured(made(lambda plan, seed: math.inf))
    assert influence_rows(found.influences) == []
    assert influence_sentences(found) == (
        "when birch is detected is alike in all 90 runs, so that no drawn number moves it.",
    )


def test_minutes_within_a_period_are_no_difference() -> None:
    """Such as clocks and networks make: what comes in one period is alike."""
    period = STORY.period_s / DAY_S
    jitter = made(lambda plan, seed: 3.2 * period + 1e-7 * plan.cheats[0].amount_ppm)
    (told,) = influences(STORY, jitter, goal_days=GOAL_DAYS, level=0.95)
    assert told.alike
    wider = made(lambda plan, seed: 3.2 * period + 1e-4 * plan.cheats[0].amount_ppm)
    (told,) = influences(STORY, wider, goal_days=GOAL_DAYS, level=0.95)
    assert told.found[0].correlation > 0.9


def test_where_nothing_is_drawn_there_is_nothing_to_say() -> None:
    plain = drawn(STORY, 7)
    runs = made(lambda plan, seed: 5.0, scenario=plain)
    assert influences(plain, runs, goal_days=GOAL_DAYS, level=0.95) == ()
    assert influences(SMALL, [], goal_days=GOAL_DAYS, level=0.95) == ()
