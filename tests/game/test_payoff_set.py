"""The set of equilibrium payoffs: it generates itself, and nothing outside it does."""

from __future__ import annotations

import math

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from pausenet.errors import Misuse
from pausenet.game.answer import NotFound
from pausenet.game.repeated.equilibria import MODEL
from pausenet.game.repeated.payoff_set import (
    Payoffs,
    TwoLabs,
    distance,
    hull,
    payoff_set,
)

PAUSE = TwoLabs(first=((3, 0), (5, 1)), second=((3, 5), (0, 1)))
payoffs = st.integers(min_value=-3, max_value=5)


@st.composite
def games(draw: st.DrawFn) -> TwoLabs:
    rows, columns = draw(st.integers(1, 3)), draw(st.integers(1, 3))
    table = st.tuples(*[st.tuples(*[payoffs] * columns)] * rows)
    return TwoLabs(first=draw(table), second=draw(table))


def found_of(game: TwoLabs, discount: float) -> Payoffs:
    found = payoff_set(game, discount)
    assert not isinstance(found, NotFound)
    return found


def nash(game: TwoLabs) -> list[tuple[float, float]]:
    return [payoff for payoff, better in game.profiles if better == (0, 0)]


@settings(max_examples=60, deadline=None)
@example(TwoLabs(first=((3,), (-2,)), second=((2,), (-2,))), 0.6)
@given(games(), st.sampled_from([0.2, 0.35, 0.5, 0.6, 0.75]))
def test_every_corner_is_played_today_and_promised_tomorrow(game: TwoLabs, discount: float) -> None:
    found = found_of(game, discount)
    worst = [min((corner[axis] for corner in found.corners), default=0.0) for axis in (0, 1)]
    for corner in found.corners:
        slack = math.inf
        for payoff, better in game.profiles:
            promise = tuple(
                (corner[axis] - (1 - discount) * payoff[axis]) / discount for axis in (0, 1)
            )
            tempted = max(
                worst[axis] + (1 - discount) / discount * better[axis] - promise[axis]
                for axis in (0, 1)
            )
            slack = min(slack, max(tempted, distance(found.corners, (promise[0], promise[1]))))
        assert slack < 1e-7


@settings(max_examples=60, deadline=None)
@given(games(), st.sampled_from([0.2, 0.5, 0.75]))
def test_equilibria_of_one_period_are_in_the_set_and_it_is_feasible(
    game: TwoLabs, discount: float
) -> None:
    found = found_of(game, discount)
    assert all(found.holds(payoff, 1e-7) for payoff in nash(game))
    feasible = hull([payoff for payoff, _ in game.profiles])
    assert all(distance(feasible, corner) < 1e-7 for corner in found.corners)


def test_beyond_the_end_of_a_line_nothing_is_in_the_set() -> None:
    line = ((3.0, 2.0), (0.0, -0.4), (1.5, 0.8 - 1e-16))
    assert distance(line, (-2.0, -2.0)) == pytest.approx(math.hypot(2.0, 1.6))
    assert distance(((0.0, 0.0), (1.0, 0.0), (0.0, 1.0)), (0.2, 0.2)) == 0.0


@pytest.mark.parametrize("discount", [0.5, 0.501, 0.6, 0.9, 0.99])
def test_patient_labs_may_keep_the_pause(discount: float) -> None:
    found = found_of(PAUSE, discount)
    assert found.holds((3, 3))
    assert found.best_equal == pytest.approx(3)


@pytest.mark.parametrize("discount", [0.01, 0.2, 0.3, 0.45, 0.499999])
def test_impatient_labs_may_not(discount: float) -> None:
    assert not found_of(PAUSE, discount).holds((3, 3))


def test_between_a_quarter_and_a_half_labs_may_take_turns() -> None:
    assert found_of(PAUSE, 0.24).corners == ((pytest.approx(1), pytest.approx(1)),)
    turns = found_of(PAUSE, 0.3)
    assert turns.holds((4, 1), 1e-7)
    assert turns.best_equal == pytest.approx(2.5)


@settings(max_examples=25, deadline=None)
@given(st.floats(min_value=0.05, max_value=0.85))
def test_more_patience_never_makes_the_set_of_the_pause_smaller(discount: float) -> None:
    wider = found_of(PAUSE, discount + 0.05)
    assert all(wider.holds(corner, 1e-7) for corner in found_of(PAUSE, discount).corners)


def test_a_game_without_an_equilibrium_in_pure_actions_may_have_an_empty_set() -> None:
    pennies = TwoLabs(first=((1, -1), (-1, 1)), second=((-1, 1), (1, -1)))
    assert found_of(pennies, 0.5).corners == ()
    assert isinstance(found_of(pennies, 0.5).best_equal, NotFound)
    assert not found_of(pennies, 0.5).holds((0, 0))
    answer = MODEL.answer({"first": "1,-1,-1,1", "second": "-1,1,1,-1"})
    assert "no equilibrium in pure actions" in answer.sentence


def test_tables_of_different_shapes_are_refused() -> None:
    for first, second in (((), ()), (((1,),), ((1, 2),)), (((1,), (2,)), ((1,),))):
        with pytest.raises(Misuse):
            TwoLabs(first=first, second=second)
    with pytest.raises(Misuse):
        TwoLabs(first=((math.inf,),), second=((0,),))
    with pytest.raises(Misuse):
        MODEL.answer({"first": "1,2,3"})
    for discount in (0.0, 1.0):
        with pytest.raises(Misuse):
            payoff_set(PAUSE, discount)


def test_games_that_are_no_square_are_answered() -> None:
    answer = MODEL.answer(
        {"rows": "2", "first": "3,0,0,5,1,1", "second": "3,5,4,0,1,2", "discount": "9/10"}
    )
    assert answer.tables[0].rows
