"""Grim with false alarms: closed forms against the recursion, a grid, and simulated pauses."""

from __future__ import annotations

import math
from dataclasses import replace
from fractions import Fraction

import numpy as np
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from pausenet.errors import Misuse
from pausenet.game.answer import Infeasible
from pausenet.game.deterrence.grim import (
    Watched,
    best_false_alarm,
    critical_discount,
    greatest_false_alarm,
    greatest_lateness,
    late_margin,
    least_late_patience,
    least_loss,
    least_patience,
    least_power,
    margin,
    value,
    watched_by,
)

chances = st.fractions(min_value=0, max_value=1, max_denominator=20)
discounts = st.fractions(min_value=Fraction(1, 20), max_value=Fraction(19, 20), max_denominator=20)


@st.composite
def games(draw: st.DrawFn) -> Watched:
    punishment = draw(st.fractions(min_value=-3, max_value=3, max_denominator=4))
    steps = st.fractions(min_value=Fraction(1, 4), max_value=5, max_denominator=4)
    cooperation = punishment + draw(steps)
    low, high = sorted((draw(chances), draw(chances)))
    return Watched(
        temptation=cooperation + draw(steps),
        cooperation=cooperation,
        punishment=punishment,
        detection=high,
        false_alarm=low,
        loss=draw(st.fractions(min_value=0, max_value=20, max_denominator=4)),
    )


def iterated(game: Watched, discount: Fraction, detection: float) -> float:
    """The value of the pause a period, by going back 3,000 periods from its end."""
    after = float(game.punishment) / (1 - float(discount)) - float(game.loss)
    worth = float(game.punishment) / (1 - float(discount))
    for _ in range(3_000):
        alive = detection * after + (1 - detection) * worth
        worth = float(game.cooperation) + float(discount) * alive
    return worth * (1 - float(discount))


@given(games(), discounts)
def test_the_value_of_the_pause_is_that_of_going_back_from_its_end(
    game: Watched, discount: Fraction
) -> None:
    found = iterated(game, discount, float(game.false_alarm))
    assert float(value(game, discount)) == pytest.approx(found, abs=1e-9)


@given(games(), discounts)
def test_the_margin_is_what_one_defection_loses(game: Watched, discount: Fraction) -> None:
    kept = value(game, discount) / (1 - discount)
    ended = game.punishment / (1 - discount) - game.loss
    defecting = game.temptation + discount * ((1 - game.detection) * kept + game.detection * ended)
    assert kept - defecting == margin(game, discount)


@given(games())
def test_the_least_patience_is_just_enough(game: Watched) -> None:
    least = least_patience(game)
    grid = [Fraction(step, 100) for step in range(1, 100)]
    if isinstance(least, Infeasible):
        assert not any(margin(game, each) > 0 for each in grid)
        return
    assert float(margin(game, least)) == pytest.approx(0.0, abs=1e-6)
    assert not any(margin(game, each) > 1e-9 for each in grid if each < least)


@given(games(), discounts)
def test_the_other_inverses_are_just_enough(game: Watched, discount: Fraction) -> None:
    power = least_power(game, discount)
    if isinstance(power, Infeasible):
        assert margin(replace(game, detection=Fraction(1)), discount) < 0
    else:
        assert margin(replace(game, detection=power), discount) == 0
    alarms = greatest_false_alarm(game, discount)
    if isinstance(alarms, Infeasible):
        assert margin(replace(game, false_alarm=Fraction(0)), discount) < 0
    else:
        assert margin(replace(game, false_alarm=alarms), discount) == 0
    loss = least_loss(game, discount)
    if isinstance(loss, Infeasible):
        assert game.power == 0
    else:
        assert margin(replace(game, loss=loss), discount) >= 0
        assert loss == 0 or margin(replace(game, loss=loss), discount) == 0


@given(games(), discounts, st.integers(min_value=0, max_value=12))
def test_a_late_answer_at_its_longest_is_just_soon_enough(
    game: Watched, discount: Fraction, delay: int
) -> None:
    longest = greatest_lateness(game, discount)
    if isinstance(longest, Infeasible):
        assert late_margin(game, discount, 0) < 0
    else:
        assert late_margin(game, discount, longest) == pytest.approx(0.0, abs=1e-9)
    assume(game.detection > 0)
    patience = least_late_patience(game, delay)
    assert not isinstance(patience, Infeasible)
    assert (
        late_margin(game, patience - 1e-6, delay) < 0 <= late_margin(game, patience + 1e-9, delay)
    )


def test_without_delay_and_false_alarms_the_two_conditions_are_one() -> None:
    game = Watched(temptation=5, cooperation=3, punishment=1, detection=0.4, loss=2.0)
    assert late_margin(game, 0.8, 0) == pytest.approx(float(margin(game, 0.8)))


@given(st.floats(min_value=0.3, max_value=6.0), st.floats(min_value=0.2, max_value=8.0))
def test_the_best_rate_of_false_alarms_is_the_best_of_a_grid(
    gain: float, separation: float
) -> None:
    game = Watched(temptation=3 + gain, cooperation=3, punishment=1, detection=1)
    best = best_false_alarm(game, separation)
    assume(best > 1e-12)
    found = critical_discount(watched_by(game, separation, best))
    for factor in (0.5, 0.9, 0.99, 1.01, 1.1, 1.5):
        if 0.0 < best * factor < 1.0:
            other = critical_discount(watched_by(game, separation, best * factor))
            assert isinstance(other, Infeasible) or found <= other + 1e-12


def test_simulated_pauses_earn_what_the_closed_form_says() -> None:
    chance = np.random.default_rng(7)
    discount, alpha, detection = 5 / 9, 0.05, 0.9
    game = Watched(
        temptation=5, cooperation=3, punishment=1, detection=detection, false_alarm=alpha
    )
    runs = 200_000
    kept = chance.geometric(alpha, runs).astype(float)
    first = chance.random(runs) < detection
    later = np.where(first, 1.0, 1.0 + chance.geometric(alpha, runs))
    honest = 3 - 2 * discount**kept
    cheating = 5 * (1 - discount) + 3 * (discount - discount**later) + discount**later
    for found in (honest, cheating):
        error = float(found.std()) / math.sqrt(runs)
        assert abs(float(found.mean()) - float(value(game, discount))) < 4 * error


@pytest.mark.parametrize(
    "wrong",
    [
        {"cooperation": 1},
        {"temptation": 1},
        {"detection": 2},
        {"false_alarm": 0.95},
        {"loss": -1},
    ],
)
def test_a_game_that_is_no_watched_pause_is_refused(wrong: dict[str, float]) -> None:
    right = {"temptation": 5, "cooperation": 3, "punishment": 1, "detection": 0.9}
    with pytest.raises(Misuse):
        Watched(**{**right, **wrong})


def test_no_patience_is_enough_where_false_alarms_weigh_as_much() -> None:
    game = Watched(temptation=5, cooperation=3, punishment=1, detection=0.5, false_alarm=0.25)
    assert isinstance(least_patience(game), Infeasible)
    blind = replace(game, detection=0.25)
    assert isinstance(least_loss(blind, 0.9), Infeasible)
    with pytest.raises(Misuse):
        best_false_alarm(game, 0.0)
