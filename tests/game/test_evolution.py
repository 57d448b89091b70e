"""Populations that imitate: chains against slow ones, exact forms against floats, limits."""

from __future__ import annotations

from fractions import Fraction
from itertools import pairwise
from math import comb

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pausenet.errors import Misuse
from pausenet.game.answer import Bars, Infeasible, Lines
from pausenet.game.evolution.fixation import log_pairwise_fixation, long_run
from pausenet.game.evolution.model import EVOLUTION
from pausenet.game.evolution.moran import constant_fixation, moran_fixation, one_third_rule
from pausenet.game.evolution.population import (
    banded_stationary,
    gradient,
    moves,
    population_chain,
    states,
)
from pausenet.game.evolution.replicator import Kind, Pair, field, path

small = st.integers(min_value=-4, max_value=4)
pairs = st.builds(Pair, *(small.map(Fraction) for _ in range(4)))


def table(size: int) -> st.SearchStrategy[np.ndarray]:
    rows = st.lists(st.lists(small, min_size=size, max_size=size), min_size=size, max_size=size)
    return rows.map(lambda made: np.array(made, dtype=np.float64))


def slow_long_run(payoffs: np.ndarray, population: int, strength: float, mu: float) -> np.ndarray:
    """The chain as a whole matrix, and its left eigenvector by least squares."""
    listed = states(population, len(payoffs))
    chain = np.zeros((len(listed), len(listed)))
    for at, state in enumerate(listed):
        rates = moves(payoffs, state, strength, mu)
        for i, j in zip(*np.nonzero(rates), strict=True):
            to = list(state)
            to[i], to[j] = to[i] - 1, to[j] + 1
            chain[at, listed.index(tuple(to))] += rates[i, j]
        chain[at, at] = 1.0 - chain[at].sum()
    system = np.vstack([chain.T - np.eye(len(listed)), np.ones(len(listed))])
    target = np.zeros(len(listed) + 1)
    target[-1] = 1.0
    return np.linalg.lstsq(system, target, rcond=None)[0]


@settings(max_examples=20)
@given(table(3), st.floats(min_value=0, max_value=1), st.floats(min_value=0.05, max_value=1))
def test_the_band_keeps_what_the_whole_chain_says(
    payoffs: np.ndarray, strength: float, mutation: float
) -> None:
    _, found = population_chain(payoffs, 5, strength, mutation)
    assert found == pytest.approx(slow_long_run(payoffs, 5, strength, mutation), abs=1e-9)


@settings(max_examples=20)
@given(table(2))
def test_with_ever_rarer_mutations_the_whole_chain_is_the_jumps_between_corners(
    payoffs: np.ndarray,
) -> None:
    listed, times = population_chain(payoffs, 8, 0.1, 1e-7)
    corners = [times[listed.index((0, 8))], times[listed.index((8, 0))]]
    assert corners[::-1] == pytest.approx(long_run(payoffs.tolist(), 8, 0.1), abs=1e-4)


def test_states_are_all_compositions_in_order() -> None:
    found = states(6, 3)
    assert len(found) == len(set(found)) == comb(8, 2)
    assert all(sum(state) == 6 for state in found)
    assert all(first < second for first, second in pairwise(found))


@pytest.mark.parametrize(("population", "strategies"), [(1, 2), (5, 1), (200, 4)])
def test_chains_that_are_no_chains_or_too_long_are_refused(
    population: int, strategies: int
) -> None:
    with pytest.raises(Misuse):
        states(population, strategies)


@pytest.mark.parametrize("mutation", [0.0, -0.1, 1.5])
def test_without_mutation_the_long_run_hangs_on_the_start(mutation: float) -> None:
    with pytest.raises(Misuse):
        population_chain(np.eye(2), 5, 1.0, mutation)


def test_a_chain_of_two_states_is_in_balance() -> None:
    assert banded_stationary([{1: 0.5}, {0: 0.25}]) == pytest.approx([1 / 3, 2 / 3])


@given(
    st.fractions(min_value=Fraction(1, 10), max_value=4, max_denominator=10),
    st.integers(min_value=2, max_value=12),
)
def test_a_constant_fitness_is_the_game_whose_payoffs_are_constant(
    fitness: Fraction, population: int
) -> None:
    found = moran_fixation((fitness, fitness, Fraction(1), Fraction(1)), population, Fraction(1))
    assert found == constant_fixation(fitness, population)


@given(pairs)
def test_weak_selection_follows_the_one_third_rule(pair: Pair) -> None:
    payoffs = (pair.a, pair.b, pair.c, pair.d)
    margin = pair.a + 2 * pair.b - pair.c - 2 * pair.d
    found = moran_fixation(payoffs, 120, Fraction(1, 10**6))
    if margin != 0 and not isinstance(found, Infeasible):
        assert (found > Fraction(1, 120)) is one_third_rule(payoffs)


def test_fitness_below_zero_is_no_fitness() -> None:
    payoffs = (Fraction(-9), Fraction(-9), Fraction(1), Fraction(1))
    assert isinstance(moran_fixation(payoffs, 5, Fraction(1)), Infeasible)
    for population, intensity in ((1, Fraction(1)), (5, Fraction(2))):
        with pytest.raises(Misuse):
            moran_fixation(payoffs, population, intensity)
    with pytest.raises(Misuse):
        constant_fixation(Fraction(0), 5)


@given(pairs, st.fractions(min_value=Fraction(1, 20), max_value=Fraction(19, 20)))
def test_paths_end_where_the_exact_rest_points_say(pair: Pair, share: Fraction) -> None:
    inner = pair.inner
    if not isinstance(inner, Infeasible) and abs(inner - share) < Fraction(1, 20):
        return
    payoffs = np.array([[pair.a, pair.b], [pair.c, pair.d]], dtype=np.float64)
    walked = path(payoffs, np.array([float(share), 1 - float(share)]), step=0.1, steps=600)
    strict = {pair.a - pair.c, pair.b - pair.d}
    if 0 not in strict:
        assert walked[-1, 0] == pytest.approx(float(pair.end(share)), abs=0.02)
    assert walked.sum(axis=1) == pytest.approx(np.ones(601))


@pytest.mark.parametrize(
    ("payoffs", "kind"),
    [
        ((3, 0, 5, 1), Kind.SECOND),
        ((5, 1, 3, 0), Kind.FIRST),
        ((4, 0, 3, 2), Kind.EITHER),
        ((0, 3, 1, 2), Kind.BOTH),
        ((1, 1, 1, 1), Kind.NEUTRAL),
    ],
)
def test_what_becomes_of_two_strategies_has_a_name(payoffs: tuple[int, ...], kind: Kind) -> None:
    pair = Pair(*map(Fraction, payoffs))
    assert pair.kind is kind
    assert pair.end(Fraction(0)) == 0
    assert isinstance(pair.inner, Infeasible) is (kind not in (Kind.EITHER, Kind.BOTH))
    with pytest.raises(Misuse):
        pair.end(Fraction(2))


@given(table(3))
def test_the_field_keeps_the_sum_of_shares_and_rests_in_the_corners(payoffs: np.ndarray) -> None:
    shares = np.array([[0.2, 0.3, 0.5], [1.0, 0.0, 0.0]])
    found = field(payoffs, shares)
    assert found.sum(axis=1) == pytest.approx([0.0, 0.0], abs=1e-12)
    assert np.array_equal(found[1], np.zeros(3))


@given(table(2), st.floats(min_value=0.01, max_value=1))
def test_selection_points_to_who_fixes_more_easily(payoffs: np.ndarray, strength: float) -> None:
    slope = gradient(payoffs, 12, strength)
    assert slope[0] == slope[-1] == 0.0
    one, other = (log_pairwise_fixation(payoffs.tolist(), k, 1 - k, 12, strength) for k in (0, 1))
    if (slope[1:-1] > 0).all():
        assert one > other
    with pytest.raises(Misuse):
        gradient(np.eye(3), 5, 1.0)


def test_the_picture_is_a_gradient_a_triangle_or_bars() -> None:
    three = "0,-1,2,1,0,-1,-1,1,0"
    four = ",".join(map(str, range(16)))
    assert isinstance(EVOLUTION.answer().picture, Lines)
    triangle = EVOLUTION.answer({"payoffs": three, "population": "12"}).picture
    assert isinstance(triangle, Lines)
    assert triangle.bare
    assert isinstance(EVOLUTION.answer({"payoffs": four, "population": "6"}).picture, Bars)
    for wrong in ("1,2,3", "1"):
        with pytest.raises(Misuse):
            EVOLUTION.answer({"payoffs": wrong})
