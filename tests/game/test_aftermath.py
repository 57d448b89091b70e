"""The sprint after a pause: closed forms against a walk in small steps; labs under a state."""

from __future__ import annotations

from fractions import Fraction
from itertools import combinations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pausenet.errors import Misuse
from pausenet.game.answer import Infeasible
from pausenet.game.stakes.aftermath import AFTERMATH, Lift
from pausenet.game.stakes.blocs import BLOCS, Bloc

small = st.fractions(min_value=0, max_value=2, max_denominator=12)
above = st.fractions(min_value=Fraction(1, 12), max_value=2, max_denominator=12)
chances = st.fractions(min_value=0, max_value=1, max_denominator=12)
lifts = st.builds(
    lambda months, g, h, c, a, faster, m: Lift(
        months=months,
        compute=g,
        algorithms=h,
        compute_share=c,
        algorithm_share=a,
        sprint=g + h + faster,
        oversight=m,
    ),
    *(st.integers(min_value=0, max_value=24).map(Fraction), above, small, small, small, above),
    small,
)
blocs = st.builds(
    lambda gains, d, e, w, s, y: Bloc(
        gains=tuple(gains), outside=d, inside=e, fine=w, shelter=s, synergy=y
    ),
    *(st.lists(small, min_size=1, max_size=4), chances, chances, small, chances, above),
)


@given(lifts)
def test_the_path_is_that_of_a_walk_that_uses_up_the_stock(lift: Lift) -> None:
    step, level, stock = Fraction(1, 24), Fraction(0), lift.stock
    for number in range(240):
        assert level <= lift.level(lift.months + number * step)
        spent = min((lift.sprint - lift.rate) * step, stock)
        level, stock = level + lift.rate * step + spent, stock - spent
        assert lift.level(lift.months + (number + 1) * step) == level


@given(lifts, above)
def test_a_level_is_reached_when_the_path_says_so(lift: Lift, level: Fraction) -> None:
    month = lift.reached(level)
    assert lift.level(month) == level
    assert lift.level(month - Fraction(1, 1000)) < level


@given(lifts)
def test_once_the_stock_is_used_up_every_level_is_bought_the_same_time(lift: Lift) -> None:
    assert not isinstance(lift.sprinting, Infeasible)
    far = lift.level(lift.months + lift.sprinting) + 1
    assert lift.bought(far) == lift.bought(far + 5) == lift.lasting


@given(lifts, above)
def test_a_slower_sprint_buys_time_and_no_more_than_the_pause(lift: Lift, level: Fraction) -> None:
    slower = Lift(
        months=lift.months,
        compute=lift.compute,
        algorithms=lift.algorithms,
        compute_share=lift.compute_share,
        algorithm_share=lift.algorithm_share,
        sprint=(lift.sprint + lift.rate) / 2,
        oversight=lift.oversight,
    )
    assert lift.bought(level) <= slower.bought(level) <= lift.months


def test_a_sprint_no_faster_than_growth_never_uses_the_stock_up() -> None:
    typed = {"sprint": "1/4"}
    rows = dict(AFTERMATH.answer(typed).tables[0].rows)  # type: ignore[arg-type]
    assert isinstance(rows["length of the sprint (months)"], Infeasible)
    assert rows["what lasts of the pause (months)"] == 12


def test_hoarding_makes_a_pause_hasten_the_frontier() -> None:
    assert "hastens the frontier by" in AFTERMATH.answer({"compute_share": "2"}).sentence


@pytest.mark.parametrize("typed", [{"sprint": "0.1"}, {"compute": "0", "algorithms": "0"}])
def test_a_lift_that_cannot_be_is_refused(typed: dict[str, str]) -> None:
    with pytest.raises(Misuse):
        AFTERMATH.answer(typed)


@given(blocs, small)
def test_a_state_picks_the_best_of_all_sets_of_labs(bloc: Bloc, penalty: Fraction) -> None:
    missed = 1 - bloc.outside * (1 - bloc.shelter)
    every = [
        missed ** len(chosen) * bloc.synergy * sum(chosen) - (1 - missed ** len(chosen)) * penalty
        for count in range(1, len(bloc.gains) + 1)
        for chosen in combinations(bloc.gains, count)
    ]
    assert bloc.joint(penalty)[1] == max(every)


@given(blocs)
def test_the_least_penalties_are_just_enough(bloc: Bloc) -> None:
    slack = Fraction(1, 1000)
    lone, joint = bloc.lone_penalty(), bloc.joint_penalty()
    if isinstance(lone, Infeasible):
        assert bloc.lone_margin(Fraction(10**9)) > 0
    else:
        assert bloc.lone_margin(Fraction(lone)) <= 0
        assert lone == 0 or bloc.lone_margin(Fraction(lone) - slack) > 0
    if isinstance(joint, Infeasible):
        assert bloc.joint(Fraction(10**9))[1] > 0
    else:
        assert bloc.joint(Fraction(joint))[1] <= 0
        assert joint == 0 or bloc.joint(Fraction(joint) - slack)[1] > 0


def test_a_bloc_may_be_tempted_where_no_lab_is_and_says_so() -> None:
    assert "keeps every lone lab in, but tempts a state" in BLOCS.answer().sentence
    assert "and keeps a state from" in BLOCS.answer({"penalty": "100"}).sentence
    hidden = BLOCS.answer({"shelter": "1"}).tables[0].rows[1][-1]
    assert isinstance(hidden, Infeasible)
    with pytest.raises(Misuse):
        BLOCS.answer({"gains": "-1"})
