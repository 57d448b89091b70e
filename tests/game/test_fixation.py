"""Fixation and the long run against exact chains, eigenvectors and the limits that are known."""

from __future__ import annotations

import math
from fractions import Fraction

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pausenet.errors import Misuse
from pausenet.game.evolution.fixation import (
    fixation_exact,
    gaps,
    log_fixation,
    log_pairwise_fixation,
    log_rates,
    long_run,
    stationary,
)

games = st.lists(
    st.lists(st.integers(min_value=-5, max_value=5), min_size=3, max_size=3),
    min_size=3,
    max_size=3,
)


def test_the_numbers_of_other_tools_come_out() -> None:
    """Other tools find the same: a prisoner's dilemma and a stag hunt, Z = 50."""
    dilemma = ((3, 0), (5, 1))
    assert math.exp(log_pairwise_fixation(dilemma, 1, 0, 50, 0.1)) == pytest.approx(
        0.178091559, abs=5e-10
    )
    assert math.exp(log_pairwise_fixation(dilemma, 0, 1, 50, 0.1)) == pytest.approx(
        8.0644699e-5, rel=1e-7
    )
    hunt = ((4, 0), (3, 2))
    assert math.exp(log_pairwise_fixation(hunt, 0, 1, 50, 1.0)) == pytest.approx(
        1.1868e-16, rel=1e-4
    )
    assert math.exp(log_pairwise_fixation(hunt, 1, 0, 50, 1.0)) == pytest.approx(
        6.3144e-5, rel=1e-4
    )


@given(st.integers(min_value=2, max_value=30), st.fractions(min_value="1/3", max_value=3))
def test_a_constant_advantage_gives_morans_formula(population: int, advantage: Fraction) -> None:
    rho = fixation_exact([1 / advantage] * (population - 1))
    if advantage == 1:
        assert rho == Fraction(1, population)
    else:
        assert rho == (1 - 1 / advantage) / (1 - (1 / advantage) ** population)
    ratios = np.full(population - 1, -math.log(advantage))
    assert math.exp(log_fixation(ratios)) == pytest.approx(float(rho), rel=1e-10)


@given(st.lists(st.fractions(min_value="1/4", max_value=4, max_denominator=9), max_size=7))
@settings(max_examples=40)
def test_the_formula_solves_the_absorbing_chain(ratios: list[Fraction]) -> None:
    """x_k = (T+ x_{k+1} + T- x_{k-1}) / (T+ + T-) with x_0 = 0, x_Z = 1, as a linear system."""
    size = len(ratios)
    if size == 0:
        assert fixation_exact(ratios) == 1
        return
    system = np.zeros((size, size))
    right = np.zeros(size)
    for row, ratio in enumerate(map(float, ratios)):
        system[row, row] = 1.0
        up, down = 1.0 / (1.0 + ratio), ratio / (1.0 + ratio)
        if row + 1 < size:
            system[row, row + 1] = -up
        else:
            right[row] = up
        if row > 0:
            system[row, row - 1] = -down
    assert np.linalg.solve(system, right)[0] == pytest.approx(float(fixation_exact(ratios)))


@given(games, st.integers(min_value=2, max_value=40))
@settings(max_examples=40)
def test_the_long_run_is_the_eigenvector(payoffs: list[list[int]], population: int) -> None:
    rates = np.exp(log_rates(payoffs, population, 0.02))
    chain = rates + np.diag(1.0 - rates.sum(axis=1))
    found = long_run(payoffs, population, 0.02)
    assert found.sum() == pytest.approx(1.0)
    assert found @ chain == pytest.approx(found, abs=1e-12)


@given(games, st.integers(min_value=2, max_value=40))
@settings(max_examples=40)
def test_adding_a_number_to_all_payoffs_changes_nothing(
    payoffs: list[list[int]], population: int
) -> None:
    lifted = [[value + 7 for value in row] for row in payoffs]
    assert long_run(lifted, population, 0.1) == pytest.approx(long_run(payoffs, population, 0.1))


def test_selection_too_strong_for_a_float_still_gives_shares() -> None:
    """What dominates is everybody's; a chance below 10^-400 is no division by zero."""
    shares = long_run(((1, 1), (9, 9)), 100, 50.0)
    assert shares.tolist() == [0.0, 1.0]


def test_nobody_plays_against_themselves() -> None:
    found = gaps(((4, 0), (3, 2)), 0, 1, 3)
    assert found.tolist() == [0 - (3 + 2) / 2, (4 + 0) / 2 - 3]


def test_what_is_no_population_or_no_square_is_refused() -> None:
    with pytest.raises(Misuse, match="2 or more"):
        gaps(((1, 1), (1, 1)), 0, 1, 1)
    with pytest.raises(Misuse, match="square"):
        log_rates(((1, 1, 1), (1, 1, 1)), 10, 1.0)
    with pytest.raises(Misuse, match="square"):
        log_rates(((1,),), 10, 1.0)
    with pytest.raises(Misuse, match="cannot be left"):
        stationary(np.full((2, 2), -np.inf))
