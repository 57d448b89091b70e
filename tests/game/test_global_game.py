"""Coordination with private readings, and reciprocal fear: all equilibria, and their limits."""

from __future__ import annotations

import math
from dataclasses import replace
from fractions import Fraction

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pausenet.errors import Misuse
from pausenet.game.answer import Infeasible
from pausenet.game.global_game import coordination, crisis
from pausenet.game.global_game.coordination import (
    Readings,
    break_chance,
    cost_of_leaving,
    thresholds,
)
from pausenet.game.global_game.crisis import Crisis, equilibria, greatest_fear, is_calm
from pausenet.inference.arrays import below_of
from pausenet.inference.normal import below, upper_quantile

readings = st.builds(
    Readings,
    cost=st.floats(min_value=0.02, max_value=0.98),
    common=st.floats(min_value=0.01, max_value=20.0),
    private=st.floats(min_value=0.05, max_value=50.0),
    mean=st.floats(min_value=-0.5, max_value=1.5),
)


@given(readings)
def test_each_threshold_solves_both_equations_of_the_paper(given_: Readings) -> None:
    found = thresholds(given_)
    assert found
    alpha, beta = given_.common, given_.private
    for each in found:
        share = below(math.sqrt(beta) * (each.leaves - each.breaks))
        assert share == pytest.approx(each.breaks, abs=1e-7)
        posterior = (alpha * given_.mean + beta * each.leaves) / (alpha + beta)
        chance = below(math.sqrt(alpha + beta) * (each.breaks - posterior))
        assert chance == pytest.approx(given_.cost, abs=1e-6)


@settings(max_examples=40)
@given(readings)
def test_a_fine_grid_shows_no_other_threshold(given_: Readings) -> None:
    z = np.linspace(-40, 40, 20_001)
    quantile = -upper_quantile(given_.cost)
    excess = (
        given_.common * (below_of(z) - given_.mean)
        - math.sqrt(given_.private) * z
        - math.sqrt(given_.common + given_.private) * quantile
    )
    crossings = int(np.sum(np.sign(excess[1:]) != np.sign(excess[:-1])))
    found = thresholds(given_)
    assert len(found) >= crossings or abs(upper_quantile(given_.cost)) > 30
    if given_.unique:
        assert len(found) == 1
    assert [each.breaks for each in found] == sorted(each.breaks for each in found)


def test_without_common_knowledge_the_pause_breaks_below_what_leaving_does_not_cost() -> None:
    for cost in (0.1, 0.5, 0.9):
        (only,) = thresholds(Readings(cost=cost, common=0.0, private=3.0, mean=0.2))
        assert only.breaks == pytest.approx(1 - cost)
        assert isinstance(
            break_chance(Readings(cost=cost, common=0.0, private=3.0, mean=0.2), only), Infeasible
        )


@given(readings)
def test_a_pause_that_is_thought_more_robust_breaks_no_more_often(given_: Readings) -> None:
    calmer = thresholds(replace(given_, mean=given_.mean + 0.1))
    assert calmer[0].breaks <= thresholds(given_)[0].breaks + 1e-9
    assert calmer[-1].breaks <= thresholds(given_)[-1].breaks + 1e-9


def test_of_three_equilibria_the_middle_one_tips_over() -> None:
    found = thresholds(Readings(cost=0.5, common=4.0, private=1.0, mean=0.5))
    assert [each.stable for each in found] == [True, False, True]
    assert "3 equilibria" in coordination.MODEL.answer({"common": "4", "cost": "1/2"}).sentence


def test_the_cost_of_leaving_follows_from_payoffs() -> None:
    assert cost_of_leaving(Fraction(2), Fraction(3), Fraction(1), Fraction(-1)) == Fraction(1, 3)
    assert isinstance(
        cost_of_leaving(Fraction(5), Fraction(3), Fraction(1), Fraction(0)), Infeasible
    )
    assert isinstance(
        cost_of_leaving(Fraction(2), Fraction(3), Fraction(1), Fraction(1)), Infeasible
    )


@pytest.mark.parametrize(
    "wrong", [{"cost": 0.0}, {"cost": 1.0}, {"common": -1.0}, {"private": 0.0}, {"mean": math.inf}]
)
def test_readings_that_cannot_be_are_refused(wrong: dict[str, float]) -> None:
    with pytest.raises(Misuse):
        Readings(**{"cost": 0.5, "common": 1.0, "private": 1.0, "mean": 0.5, **wrong})


FEW = Crisis(labs=5, enough=1, mean=-2.0, spread=1.0, fear=1.0)
crises = st.builds(
    lambda labs, share, mean, spread, fear: Crisis(
        labs=labs, enough=1 + int(share * (labs - 2)), mean=mean, spread=spread, fear=fear
    ),
    st.integers(2, 9),
    st.floats(0, 1),
    st.floats(min_value=-4, max_value=1),
    st.floats(min_value=0.2, max_value=3),
    st.sampled_from([0.0, 0.1, 0.7, 2.0, 8.0]),
)


@settings(max_examples=30, deadline=None)
@given(crises)
def test_every_equilibrium_expects_what_it_brings_about(given_: Crisis) -> None:
    found = equilibria(given_)
    assert found
    for each in found:
        low, high = max(0.0, each.chance - 1e-7), min(1.0, each.chance + 1e-7)
        assert (given_.leaves(low) - low) * (given_.leaves(high) - high) <= 1e-12
    if given_.fear > 0:
        assert found[-1].chance == 1.0
    stable = [each.stable for each in found]
    assert stable[0] or len(found) == 1


@settings(max_examples=30, deadline=None)
@given(crises)
def test_iterated_fear_ends_at_the_calm_equilibrium(given_: Crisis) -> None:
    calm, chance = equilibria(given_)[0].chance, 0.0
    for _ in range(600):
        chance = given_.leaves(chance)
        assert chance <= calm + 1e-6
    assert chance == pytest.approx(calm, abs=5e-2)


def test_simulated_labs_leave_as_often_as_said() -> None:
    chance = np.random.default_rng(3)
    calm = equilibria(FEW)[0].chance
    over = FEW.over(calm)
    gains = chance.normal(FEW.mean, FEW.spread, (100_000, FEW.labs))
    left = over * FEW.fear + (1 - over) * gains > 0
    others = left[:, 1:].sum(axis=1) >= FEW.enough
    assert float(left.mean()) == pytest.approx(calm, abs=0.002)
    assert float(others.mean()) == pytest.approx(over, abs=0.005)


def test_the_greatest_fear_is_just_borne() -> None:
    most = greatest_fear(FEW)
    assert not isinstance(most, Infeasible)
    assert is_calm(replace(FEW, fear=most * 0.999))
    assert not is_calm(replace(FEW, fear=most * 1.001))
    more_labs = greatest_fear(replace(FEW, labs=9))
    assert not isinstance(more_labs, Infeasible)
    assert more_labs < most


def test_fear_makes_everybody_leave_where_a_loss_is_great_and_exits_are_late() -> None:
    late = crisis.MODEL.answer({"exposure": "1", "loss": "50", "mean": "-1"})
    assert late.sentence.startswith("Fear makes everybody leave")
    at_once = crisis.MODEL.answer({"exposure": "0"})
    assert at_once.sentence.startswith("The calm is kept")


@pytest.mark.parametrize(
    "wrong", [{"labs": 1}, {"enough": 0}, {"enough": 5}, {"spread": 0.0}, {"fear": -1.0}]
)
def test_a_crisis_that_cannot_be_is_refused(wrong: dict[str, float]) -> None:
    with pytest.raises(Misuse):
        replace(FEW, **wrong)
