"""Races that end: the best length against every length, worths against the equations themselves."""

from __future__ import annotations

from dataclasses import replace
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pausenet.errors import Misuse
from pausenet.game.answer import Infeasible
from pausenet.game.deterrence.grim import Watched, least_patience, value
from pausenet.game.repeated.green_porter import (
    LONGEST,
    MODEL,
    best_regime,
    best_with_a_coin,
    case,
    critical_discount_for,
    deters,
    in_turns,
    needed_races,
    raced_share,
    value_with_races,
)

chances = st.fractions(min_value=0, max_value=1, max_denominator=20)
discounts = st.floats(min_value=0.05, max_value=0.97)
gains = st.fractions(min_value=Fraction(1, 4), max_value=4, max_denominator=4)


@st.composite
def games(draw: st.DrawFn) -> Watched:
    low, high = sorted((draw(chances), draw(chances)))
    return Watched(
        temptation=3 + draw(gains),
        cooperation=3,
        punishment=3 - draw(gains),
        detection=high,
        false_alarm=low,
    )


def by_equations(game: Watched, discount: float, length: int) -> float:
    """The worth of the pause a period, as the fixed point of its own definition."""
    away = discount**length
    races = float(game.punishment) * (1 - away) / (1 - discount)
    alpha = float(game.false_alarm)
    # V = R + delta ((1 - alpha) V + alpha (races + delta^L V))
    worth = (float(game.cooperation) + discount * alpha * races) / (
        1 - discount * (1 - alpha) - discount * alpha * away
    )
    return worth * (1 - discount)


@given(games(), discounts, st.integers(min_value=1, max_value=60))
def test_the_worth_solves_its_own_equation(game: Watched, discount: float, length: int) -> None:
    found = value_with_races(game, discount, length)
    assert found == pytest.approx(by_equations(game, discount, length), abs=1e-9)


@given(games(), discounts)
def test_no_other_length_that_deters_is_worth_more(game: Watched, discount: float) -> None:
    found = best_regime(game, discount)
    lengths = [*range(1, 150), 10**4]
    worths = [value_with_races(game, discount, n) for n in lengths if deters(game, discount, n)]
    if isinstance(found, Infeasible):
        assert not worths
    else:
        assert found.value == pytest.approx(max(worths))
        assert deters(game, discount, found.length)
        coin = best_with_a_coin(game)
        assert not isinstance(coin, Infeasible)
        assert found.value <= float(coin) + 1e-9


@given(games(), discounts)
def test_races_without_end_are_grim(game: Watched, discount: float) -> None:
    assert value_with_races(game, discount, LONGEST) == pytest.approx(float(value(game, discount)))
    assert deters(game, discount, LONGEST) or isinstance(best_regime(game, discount), Infeasible)


@given(games(), st.integers(min_value=1, max_value=40))
def test_the_critical_discount_is_just_enough_and_falls_with_the_length(
    game: Watched, length: int
) -> None:
    least = critical_discount_for(game, length)
    if isinstance(least, Infeasible):
        assert not deters(game, 1 - 1e-9, length)
        return
    if least < 1 - 1e-6:
        assert deters(game, least + 1e-7, length)
    if least > 1e-6:
        assert not deters(game, least - 1e-6, length)
    longer = critical_discount_for(game, length + 1)
    assert not isinstance(longer, Infeasible)
    assert longer <= least + 1e-12


@given(games())
def test_without_end_the_critical_discount_is_that_of_grim(game: Watched) -> None:
    grim, long = least_patience(game), critical_discount_for(game, LONGEST)
    if isinstance(grim, Infeasible):
        assert isinstance(long, Infeasible)
    elif float(grim) < 0.999:
        assert not isinstance(long, Infeasible)
        assert long == pytest.approx(float(grim), abs=1e-6)


def test_delay_is_patience_lost() -> None:
    game = case("1", "0")
    answer = MODEL.answer({"detection": "1", "false_alarm": "0", "delay": "3"})
    rows = dict(row for row in answer.tables[0].rows)
    assert rows["least discount factor, races without end"] == pytest.approx(0.840896, abs=1e-6)
    assert in_turns(0.9, 3) == pytest.approx(0.6561)
    assert deters(game, in_turns(0.8409, 3), LONGEST)
    assert not deters(game, in_turns(0.8408, 3), LONGEST)


def test_what_cannot_be_deterred_says_why() -> None:
    blind = replace(case("1/4", "1/4"), cooperation=Fraction(3))
    assert isinstance(needed_races(blind), Infeasible)
    assert isinstance(best_regime(blind, 0.9), Infeasible)
    assert isinstance(best_with_a_coin(blind), Infeasible)
    assert isinstance(best_regime(case("1/2", "1/20"), 0.3), Infeasible)
    assert isinstance(critical_discount_for(case("1/2", "1/20"), 1), Infeasible)
    said = MODEL.answer({"detection": "1/4", "false_alarm": "1/4"})
    assert "No length of races" in said.sentence
    with pytest.raises(Misuse):
        best_regime(case("1", "0"), 1.0)
    with pytest.raises(Misuse):
        best_regime(replace(case("1", "0"), loss=1), 0.9)


def test_where_nothing_tempts_no_race_is_needed() -> None:
    calm = replace(case("1", "1/20"), temptation=Fraction(2))
    found = best_regime(calm, 0.5)
    assert not isinstance(found, Infeasible)
    assert found.length == 0
    assert raced_share(calm, 2) == Fraction(1, 11)
