"""Inspections spent over time: the closed forms against the recursion, solved state by state."""

from __future__ import annotations

from collections.abc import Callable
from fractions import Fraction
from functools import cache

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pausenet.errors import Misuse
from pausenet.game.catalogue import model_named
from pausenet.game.inspection import leadership
from pausenet.game.inspection.dresher import (
    inspection_probability,
    inspector_payoff,
    lab_payoff,
    violation_probability,
)
from pausenet.game.inspection.violations import solved, value

penalties = st.fractions(min_value=Fraction(1, 10), max_value=10, max_denominator=20)
losses = st.fractions(min_value=-5, max_value=Fraction(19, 20), max_denominator=20)
counts = st.integers(min_value=1, max_value=9).flatmap(
    lambda n: st.tuples(st.just(n), st.integers(min_value=0, max_value=n))
)
State = tuple[Fraction, Fraction, Fraction, Fraction]


def played(penalty: Fraction, caught: Fraction) -> Callable[[int, int], State]:
    """Step 1 of the module: each stage is a 2 x 2 game whose one equilibrium is solved anew."""

    @cache
    def at(n: int, m: int) -> State:
        if m >= n:
            return Fraction(0), Fraction(0), Fraction(1), Fraction(0)
        if m == 0:
            return Fraction(-1), Fraction(1), Fraction(0), Fraction(1)
        inspected, waited = at(n - 1, m - 1), at(n - 1, m)
        p = (1 - waited[1]) / (1 - waited[1] + inspected[1] + penalty)
        q = (waited[0] - inspected[0]) / (waited[0] - inspected[0] + 1 - caught)
        assert 0 < p < 1
        assert 0 < q < 1
        keeps = p * inspected[1] + (1 - p) * waited[1]
        assert keeps == -p * penalty + (1 - p)
        looks = (1 - q) * inspected[0] - q * caught
        assert looks == (1 - q) * waited[0] - q
        return looks, keeps, p, q

    return at


@given(counts, penalties, losses)
def test_the_closed_forms_are_the_equilibrium_of_every_stage(
    count: tuple[int, int], penalty: Fraction, caught: Fraction
) -> None:
    found = (
        inspector_payoff(*count, caught),
        lab_payoff(*count, penalty),
        inspection_probability(*count, penalty),
        violation_probability(*count, caught),
    )
    assert found == played(penalty, caught)(*count)


@given(counts, penalties)
def test_zero_sum_is_the_general_game_whose_payoffs_are_opposite(
    count: tuple[int, int], penalty: Fraction
) -> None:
    assert inspector_payoff(*count, -penalty) == -lab_payoff(*count, penalty)
    assert value(*count, 1, penalty) == -lab_payoff(*count, penalty)


@given(counts, st.integers(min_value=0, max_value=6), penalties)
def test_intended_violations_follow_their_recursion_and_leave_the_inspections_alone(
    count: tuple[int, int], intended: int, penalty: Fraction
) -> None:
    slow, inspects = solved(*count, intended, penalty)
    assert value(*count, intended, penalty) == slow
    if intended and count[1] < count[0]:
        assert inspects == inspection_probability(*count, penalty)


@given(counts, penalties, losses)
def test_a_published_plan_is_never_worse_and_its_stages_add_up(
    count: tuple[int, int], penalty: Fraction, caught: Fraction
) -> None:
    n, m = count
    led = leadership.leader_payoff(n, m, penalty)
    if caught > 0:
        assert led >= inspector_payoff(n, m, caught)
    if 0 < m < n:
        p = inspection_probability(n, m, penalty)
        used = leadership.leader_payoff(n - 1, m - 1, penalty)
        kept = leadership.leader_payoff(n - 1, m, penalty)
        assert led == p * used + (1 - p) * kept


@given(counts, penalties, st.integers(min_value=1, max_value=100))
def test_announcing_fewer_inspections_tempts_and_more_spend_them_too_early(
    count: tuple[int, int], penalty: Fraction, hundredth: int
) -> None:
    """The leader's first stage by brute force: no other probability does better."""
    n, m = count
    if not 0 < m < n:
        return
    announced = Fraction(hundredth, 100)
    keeps = announced * lab_payoff(n - 1, m - 1, penalty) + (1 - announced) * lab_payoff(
        n - 1, m, penalty
    )
    violates = -announced * penalty + (1 - announced)
    used = leadership.leader_payoff(n - 1, m - 1, penalty)
    kept = leadership.leader_payoff(n - 1, m, penalty)
    caught = Fraction(1, 2)
    if violates > keeps:
        got = -announced * caught - (1 - announced)
    else:
        got = announced * used + (1 - announced) * kept
    if announced >= inspection_probability(n, m, penalty):
        assert violates <= keeps
        assert got <= leadership.leader_payoff(n, m, penalty)
    else:
        assert violates > keeps


def test_a_plan_to_publish_states_a_chance_for_every_state() -> None:
    rows = leadership.plan(5, 2, Fraction(3))
    assert [left for left, _ in rows] == [5, 4, 3, 2, 1]
    assert all(len(chances) == 3 and chances[0] == 0 for _, chances in rows)
    assert rows[-1][1] == (0, 1, 1)


def test_more_inspections_than_periods_and_impossible_payoffs_are_refused() -> None:
    for name in ("dresher", "violations", "leadership"):
        with pytest.raises(Misuse, match="at most 3 inspections"):
            model_named(name).answer({"periods": "3", "inspections": "4"})
    with pytest.raises(Misuse):
        lab_payoff(3, 1, Fraction(0))
    with pytest.raises(Misuse):
        inspector_payoff(3, 1, Fraction(1))
    with pytest.raises(Misuse):
        inspection_probability(-1, 0, Fraction(1))
    with pytest.raises(Misuse):
        value(3, 1, -1, Fraction(1))


@pytest.mark.parametrize("name", ["dresher", "violations", "leadership"])
def test_no_inspections_and_one_a_period_are_answered(name: str) -> None:
    none = model_named(name).answer({"inspections": "0"})
    every = model_named(name).answer({"inspections": "12"})
    assert none.sentence != every.sentence
    assert model_named(name).answer({"periods": "200", "inspections": "9"}).tables


def test_zero_sum_payoffs_can_be_asked_for() -> None:
    answer = model_named("dresher").answer(
        {"payoffs": "zero-sum", "periods": "4", "inspections": "2", "penalty": "1"}
    )
    chosen = next(row for row in answer.tables[0].rows if row[0] == 2)
    assert chosen[3:] == (Fraction(-3, 11), Fraction(3, 11))


def test_without_interim_inspections_the_whole_time_is_unseen() -> None:
    answer = model_named("detection-time").answer({"inspections": "0"})
    assert answer.sentence.endswith("undetected for all 90 days.")
    assert answer.hand_check.startswith("T = 90 days")


@pytest.mark.parametrize("name", ["dresher", "leadership", "violations"])
def test_one_inspection_is_spoken_of_in_the_singular(name: str) -> None:
    sentence = model_named(name).answer({"inspections": "1"}).sentence
    assert "1 inspection " in sentence
