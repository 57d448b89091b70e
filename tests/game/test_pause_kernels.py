"""The kernels give the same whole numbers, on any number of threads; closed forms agree."""

from __future__ import annotations

from dataclasses import replace

import numba
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pausenet.errors import Misuse
from pausenet.game.deterrence.grim import Watched
from pausenet.game.deterrence.lag import discounted_detection
from pausenet.game.repeated.green_porter import value_with_races
from pausenet.game.repeated.kernels import (
    UNIT,
    Lab,
    PausePlan,
    best,
    compiled,
    keys_of,
    plain,
    vectorised,
)
from pausenet.game.repeated.watched import MODEL, compared
from pausenet.inference.counter import mix

LAB = Lab(
    temptation=5,
    cooperation=3,
    punishment=1,
    betrayed=0,
    discount=0.9,
    detection=0.4,
    false_alarm=0.05,
)
chances = st.floats(min_value=0.0, max_value=1.0)
payoffs = st.floats(min_value=-10.0, max_value=10.0)


@st.composite
def labs(draw: st.DrawFn) -> Lab:
    return Lab(
        temptation=draw(payoffs),
        cooperation=draw(payoffs),
        punishment=draw(payoffs),
        betrayed=draw(payoffs),
        discount=draw(st.floats(min_value=0.1, max_value=0.99)),
        detection=draw(chances),
        false_alarm=draw(chances) / 8,
        since=draw(st.integers(0, 20)),
        until=draw(st.integers(0, 40)),
    )


plans = st.builds(
    PausePlan,
    labs=st.lists(labs(), min_size=1, max_size=4).map(tuple),
    periods=st.integers(1, 40),
    delay=st.integers(0, 5),
    length=st.integers(1, 45),
)


def slow(plan: PausePlan, key: int) -> tuple[list[float], int, int]:
    """The rules of the pause, told period by period, in floats."""
    tables = plan.tables
    earned, races, first, answer, peace = [0.0] * len(plan.labs), 0, -1, plan.periods, 0
    for at in range(plan.periods):
        if at == answer:
            races, first, peace = races + 1, at if races == 0 else first, at + plan.length
        racing = answer <= at < peace
        cheats = [lab.since <= at < lab.until for lab in plan.labs]
        for place, lab in enumerate(plan.labs):
            others = cheats[:place] + cheats[place + 1 :]
            if racing:
                payoff = lab.punishment
            elif cheats[place]:
                payoff = lab.punishment if others and all(others) else lab.temptation
            else:
                payoff = lab.betrayed if any(others) else lab.cooperation
            earned[place] += (1 - lab.discount) * lab.discount**at * payoff
        if at >= peace and not at < answer < plan.periods:
            accused = [
                mix(key ^ tables.places[place][at]) < tables.limits[place][at]
                for place in range(len(plan.labs))
            ]
            if any(accused):
                answer = at + 1 + plan.delay
                peace = max(peace, 0) if answer >= plan.periods else peace
    return earned, races, first


@settings(max_examples=25, deadline=None)
@given(plans, st.integers(min_value=0, max_value=2**64 - 1))
def test_plain_numpy_and_compiled_code_give_the_same_whole_numbers(
    plan: PausePlan, seed: int
) -> None:
    keys = keys_of(seed, 70)
    one = plain.play(plan, [int(key) for key in keys])
    for kernel in (vectorised, compiled):
        many = kernel.play(plan, keys)
        assert [tuple(row) for row in many.payoffs.tolist()] == [run.payoffs for run in one]
        assert many.races.tolist() == [run.races for run in one]
        assert many.first.tolist() == [run.first for run in one]
    assert [int(key) for key in keys[:3]] == [plain.key_of(seed, run) for run in range(3)]


@settings(max_examples=40, deadline=None)
@given(plans, st.integers(min_value=0, max_value=2**32))
def test_the_kernel_plays_the_rules_as_they_are_told(plan: PausePlan, seed: int) -> None:
    key = plain.key_of(seed, 0)
    (run,) = plain.play(plan, [key])
    earned, races, first = slow(plan, key)
    assert (run.races, run.first) == (races, first)
    assert [each / UNIT for each in run.payoffs] == pytest.approx(earned, abs=1e-9)


def test_threads_change_nothing() -> None:
    plan = PausePlan(labs=(replace(LAB, until=9), LAB, LAB), periods=60, delay=1, length=7)
    keys = keys_of(3, 1_000)
    before = numba.get_num_threads()
    found = []
    for threads in range(1, before + 1):
        numba.set_num_threads(threads)
        found.append(compiled.play(plan, keys))
    numba.set_num_threads(before)
    for each in found[1:]:
        assert np.array_equal(each.payoffs, found[0].payoffs)
    assert np.array_equal(vectorised.play(plan, keys).payoffs, found[0].payoffs)


@settings(max_examples=12, deadline=None)
@given(
    st.floats(min_value=0.3, max_value=0.9),
    st.floats(min_value=0.01, max_value=0.3),
    st.integers(min_value=1, max_value=30),
    st.integers(min_value=0, max_value=10**6),
)
def test_simulated_pauses_earn_what_the_closed_form_says(
    discount: float, alpha: float, length: int, seed: int
) -> None:
    lab = replace(LAB, discount=discount, false_alarm=alpha)
    plan = PausePlan(labs=(lab,), periods=250, delay=0, length=length)
    found = best().play(plan, keys_of(seed, 20_000)).payoffs[:, 0] / UNIT
    game = Watched(temptation=5, cooperation=3, punishment=1, detection=1.0, false_alarm=alpha)
    error = float(found.std()) / 20_000**0.5
    assert abs(float(found.mean()) - value_with_races(game, discount, length)) < 5 * error + 1e-9


@settings(max_examples=12, deadline=None)
@given(
    st.floats(min_value=0.5, max_value=0.9),
    st.floats(min_value=0.05, max_value=0.9),
    st.integers(min_value=0, max_value=6),
    st.integers(min_value=0, max_value=10**6),
)
def test_a_lab_that_goes_on_until_it_is_caught_earns_by_the_law_of_the_lag(
    discount: float, detection: float, delay: int, seed: int
) -> None:
    cheat = replace(LAB, discount=discount, detection=detection, false_alarm=0.0, until=250)
    quiet = replace(LAB, false_alarm=0.0)
    plan = PausePlan(labs=(cheat, quiet), periods=250, delay=delay, length=250)
    found = best().play(plan, keys_of(seed, 20_000)).payoffs[:, 0] / UNIT
    law = discounted_detection(discount, detection, delay)
    error = float(found.std()) / 20_000**0.5
    assert abs(float(found.mean()) - (5 * (1 - law) + law)) < 5 * error + 1e-9


def test_alike_runs_are_compared_and_an_honest_plan_has_no_advantage() -> None:
    plan = PausePlan(labs=(LAB, LAB), periods=80, delay=2, length=10)
    same = compared(plan, seed=5, runs=500)
    assert same.advantage.mean == same.advantage.half == 0.0
    cheats = compared(replace(plan, labs=(replace(LAB, until=80), LAB)), seed=5, runs=500)
    assert cheats.keeps == same.keeps
    assert cheats.cheats.mean != same.cheats.mean
    with pytest.raises(Misuse):
        compared(plan, seed=5, runs=1)


def test_the_answer_is_the_same_for_the_same_seed_and_another_for_another() -> None:
    few = {"runs": "200", "periods": "60"}
    assert MODEL.answer(few) == MODEL.answer(few)
    assert MODEL.answer(few) != MODEL.answer({**few, "seed": "2"})


@pytest.mark.parametrize(
    "wrong",
    [{"detection": 1.5}, {"false_alarm": -0.1}, {"discount": 1.0}, {"temptation": 1e7}],
)
def test_a_lab_that_cannot_be_is_refused(wrong: dict[str, float]) -> None:
    with pytest.raises(Misuse):
        replace(LAB, **wrong)


@pytest.mark.parametrize("wrong", [{"labs": ()}, {"periods": 0}, {"delay": -1}, {"length": 0}])
def test_a_plan_that_cannot_be_is_refused(wrong: dict[str, object]) -> None:
    right = {"labs": (LAB,), "periods": 9, "delay": 0, "length": 3}
    with pytest.raises(Misuse):
        PausePlan(**{**right, **wrong})
