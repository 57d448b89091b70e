"""How much to look at: samples counted case by case, balances against any test, times by search."""

from __future__ import annotations

import math
from fractions import Fraction
from itertools import combinations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pausenet.errors import Misuse
from pausenet.game.answer import Infeasible
from pausenet.game.catalogue import model_named
from pausenet.game.inspection.attribute import (
    binomial_sample,
    detection_chance,
    least_penalty,
    planned_sample,
    smallest_sample,
)
from pausenet.game.inspection.diversion import balance_covariance, diverted, value
from pausenet.game.inspection.timing import (
    bracket,
    detection_time,
    expected_time,
    inspection_times,
    least_against,
    violation_chances,
)
from pausenet.inference.sequential.losses import best_detection

shares = st.fractions(min_value=Fraction(1, 20), max_value=1, max_denominator=20)
stocks = st.integers(min_value=1, max_value=7).flatmap(
    lambda n: st.tuples(
        st.just(n),
        st.integers(min_value=0, max_value=n),
        st.integers(min_value=0, max_value=n),
    )
)


@given(stocks, shares)
def test_detection_is_the_share_of_samples_that_notice_something(
    stock: tuple[int, int, int], recognised: Fraction
) -> None:
    items, falsified, sample = stock
    samples = list(combinations(range(items), sample))
    missed = sum((1 - recognised) ** sum(each < falsified for each in drawn) for drawn in samples)
    assert detection_chance(items, falsified, sample, recognised) == 1 - missed / len(samples)


@given(
    st.integers(min_value=1, max_value=300).flatmap(
        lambda n: st.tuples(st.just(n), st.integers(min_value=1, max_value=n))
    ),
    st.fractions(min_value=Fraction(1, 20), max_value=Fraction(19, 20), max_denominator=20),
    shares,
)
def test_the_smallest_sample_is_enough_and_one_less_is_not(
    stock: tuple[int, int], wanted: Fraction, recognised: Fraction
) -> None:
    items, falsified = stock
    size = smallest_sample(items, falsified, wanted, recognised)
    if isinstance(size, Infeasible):
        assert 1 - (1 - recognised) ** falsified < wanted
        return
    assert detection_chance(items, falsified, size, recognised) >= wanted
    assert size == 0 or detection_chance(items, falsified, size - 1, recognised) < wanted


def test_large_counts_agree_with_the_exact_ones_at_the_border() -> None:
    """The same stock: 300 falsified are counted exactly, 301 with floats."""
    below, chance, above = (
        detection_chance(2_000, falsified, sample, Fraction(1, 500))
        for falsified, sample in ((300, 301), (301, 301), (300, 303))
    )
    assert isinstance(below, Fraction)
    assert isinstance(chance, float)
    assert float(below) < chance < float(above)
    doubled = detection_chance(10**7, 301, 9_000_000)
    assert doubled == pytest.approx(1.0, abs=1e-8)


def test_the_planning_formula_is_near_and_the_binomial_is_not_always() -> None:
    for items, falsified in ((1_000, 10), (5_000, 40), (300, 3)):
        size = smallest_sample(items, falsified, Fraction(9, 10))
        assert isinstance(size, int)
        assert abs(planned_sample(items, falsified, 0.9) - size) < 1.5
    assert binomial_sample(1_000, 1, 0.9) > 1_000
    assert binomial_sample(10, 10, 0.9) == 1.0


@given(stocks, shares)
def test_the_least_penalty_takes_away_the_gain(
    stock: tuple[int, int, int], recognised: Fraction
) -> None:
    chance = detection_chance(*stock, recognised)
    penalty = least_penalty(chance)
    if isinstance(penalty, Infeasible):
        assert chance == 0
    else:
        assert (1 - chance) - chance * penalty == 0


def test_samples_that_cannot_be_drawn_are_refused_and_what_cannot_be_had_is_said() -> None:
    ask = model_named("attribute-sampling").answer
    with pytest.raises(Misuse):
        detection_chance(5, 6, 1)
    with pytest.raises(Misuse):
        ask({"items": "10", "falsified": "11", "sample": "1"})
    unseen = ask({"items": "50", "falsified": "1", "sample": "0", "item_detection": "1/2"})
    assert "no penalty deters" in unseen.sentence
    assert "cannot be had" in unseen.sentence


@given(
    st.integers(min_value=1, max_value=8),
    st.floats(min_value=0.0, max_value=3.0),
    st.floats(min_value=0.1, max_value=3.0),
    st.floats(min_value=0.0, max_value=2.0),
    st.integers(min_value=0, max_value=2**32 - 1),
)
@settings(max_examples=50)
def test_no_pattern_is_harder_to_see_and_no_test_sees_the_worst_one_better(
    periods: int, stock: float, flow: float, shared: float, seed: int
) -> None:
    covariance = balance_covariance(periods, stock, flow, shared)
    sigma = math.sqrt(float(np.sum(covariance)))
    total = 2.0 * sigma
    guaranteed = value(total, covariance, 0.05)
    worst = diverted(total, covariance)
    assert float(np.sum(worst)) == pytest.approx(total)
    assert best_detection(worst, covariance, 0.05) == pytest.approx(guaranteed, abs=1e-9)
    raw = np.random.default_rng(seed).dirichlet(np.ones(periods))
    assert best_detection(total * raw, covariance, 0.05) >= guaranteed - 1e-9


def test_balances_drawn_at_random_are_found_as_often_as_the_value_says() -> None:
    covariance = balance_covariance(12, 1.0, 0.5)
    drawn = np.random.default_rng(7).multivariate_normal(
        diverted(4.0, covariance), covariance, size=40_000, method="cholesky"
    )
    alarms = np.sum(drawn, axis=1) > 1.6448536 * math.sqrt(5.0)
    assert float(np.mean(alarms)) == pytest.approx(value(4.0, covariance, 0.05), abs=0.01)


def test_balances_without_errors_are_refused() -> None:
    with pytest.raises(Misuse):
        balance_covariance(3, 0.0, 0.0, 1.0)
    with pytest.raises(Misuse):
        balance_covariance(0, 1.0, 1.0)
    with pytest.raises(Misuse):
        model_named("diversion").answer({"inventory_sigma": "0", "transfer_sigma": "0"})


def test_one_balance_and_errors_that_stay_are_answered() -> None:
    diversion = model_named("diversion")
    once = diversion.answer({"periods": "1"})
    assert once.tables[1].rows[0][0] == 1
    assert "does not deter" in diversion.answer({"shared_sigma": "2"}).sentence


@pytest.mark.parametrize("inspections", range(7))
def test_the_value_of_unseen_inspections_is_held_from_both_sides(inspections: int) -> None:
    """No violation gets more than V, no inspector less: together that is the value."""
    promised = detection_time(inspections)
    for violation in np.linspace(0.0, 0.99, 12):
        assert expected_time(inspections, float(violation), 1_000) <= promised + 1e-3
    low, high = bracket(inspections, 200)
    assert low <= promised == high
    assert least_against(violation_chances(inspections, 200), inspections) == pytest.approx(
        promised, abs=2e-5
    )


@pytest.mark.parametrize("inspections", [1, 2])
def test_any_times_on_a_coarse_grid_are_no_better_than_the_search_says(inspections: int) -> None:
    """The dynamic programme against every set of inspection times, one by one."""
    grid = 12
    chances = violation_chances(inspections, grid)
    starts = (np.arange(grid) + 0.5) / grid
    mass = np.diff(chances)
    best = math.inf
    for times in combinations(range(1, grid + 1), inspections):
        found = [
            min((t / grid for t in times if t / grid > start), default=1.0) for start in starts
        ]
        first = times[0] / grid
        best = min(best, chances[0] * first + float(np.sum(mass * (np.array(found) - starts))))
    assert least_against(chances, inspections) == pytest.approx(best)


@given(st.integers(min_value=1, max_value=12), st.floats(min_value=0.0, max_value=1.0))
@settings(max_examples=50)
def test_inspections_come_in_order_and_each_begins_where_the_one_before_ends(
    inspections: int, draw: float
) -> None:
    times = inspection_times(inspections, draw)
    assert all(0.0 <= a <= b < 1.0 for a, b in zip(times, (*times[1:], 0.999999), strict=True))
    first, last = inspection_times(inspections, 0.0), inspection_times(inspections, 1.0)
    assert first[0] == 0.0
    assert last[:-1] == pytest.approx(first[1:])
    assert detection_time(inspections) < 1 / (inspections + 1)
    assert 1.0 - last[-1] == pytest.approx(detection_time(inspections))


def test_draws_and_numbers_out_of_range_are_refused() -> None:
    with pytest.raises(Misuse):
        inspection_times(2, 1.5)
    with pytest.raises(Misuse):
        detection_time(13)
    assert model_named("detection-time").answer({"inspections": "0"}).tables
    assert model_named("detection-time").answer({"inspections": "12"}).tables
