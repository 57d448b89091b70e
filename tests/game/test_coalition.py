"""Coalitions: stability by brute force, roots by a second method, refusals and limits."""

from __future__ import annotations

from fractions import Fraction
from itertools import product

import mpmath
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pausenet.errors import Misuse
from pausenet.game.answer import Infeasible
from pausenet.game.catalogue import models
from pausenet.game.coalition.assurance import (
    Stake,
    all_stay,
    exposure_borne,
    labs_that_stay,
    risk_of,
    signing_never_hurts,
    trust,
    weakest_link,
)
from pausenet.game.coalition.barrett import Commons, gap_closed, held, self_enforcing
from pausenet.game.coalition.enclosure import roots, value
from pausenet.game.coalition.labs import binary, graded
from pausenet.game.coalition.stability import (
    every_coalition,
    side_payments,
    stability,
    stable_coalitions,
    with_clause,
)
from pausenet.game.coalition.threshold import Threshold, certain, mixed, pure, stable, success

small = st.fractions(min_value="1/10", max_value=5, max_denominator=10)
lists = st.integers(min_value=2, max_value=5).flatmap(
    lambda n: st.tuples(
        st.lists(small, min_size=n, max_size=n).map(tuple),
        st.lists(small, min_size=n, max_size=n).map(tuple),
    )
)


@given(lists, st.sampled_from([graded, binary]))
@settings(max_examples=30)
def test_a_stable_coalition_is_one_that_no_single_move_beats(pair, made) -> None:
    """Signing as a game of n labs with two moves each: stable sets are its pure equilibria."""
    benefits, costs = pair
    outcome, n = made(benefits, costs), len(benefits)
    found = set(stable_coalitions(outcome, n))
    for signs in product((False, True), repeat=n):
        members = frozenset(lab for lab in range(n) if signs[lab])
        beaten = any(outcome(members ^ {lab})[lab] > outcome(members)[lab] for lab in range(n))
        assert (members in found) is not beaten


@given(lists)
@settings(max_examples=30)
def test_members_together_do_no_better_by_holding_back_otherwise(pair) -> None:
    """The graded form: a little more or less of any member never helps the members' sum."""
    benefits, costs = pair
    n = len(benefits)
    members = frozenset(range(n - 1))
    joint = sum(benefits[lab] for lab in members)
    for lab in members:
        best = joint / costs[lab]
        for other in (best * Fraction(9, 10), best * Fraction(11, 10)):
            assert (
                joint * other - costs[lab] * other**2 / 2 < joint * best - costs[lab] * best**2 / 2
            )
    assert graded(benefits, costs)(members)[n - 1] > 0


@given(lists)
@settings(max_examples=30)
def test_side_payments_add_up_to_nothing_and_nobody_leaves_after_them(pair) -> None:
    benefits, costs = pair
    outcome, n = graded(benefits, costs), len(benefits)
    everybody = frozenset(range(n))
    found = side_payments(outcome, everybody)
    leaving = [outcome(everybody - {lab})[lab] for lab in range(n)]
    if isinstance(found, Infeasible):
        assert sum(leaving) > sum(outcome(everybody))
        return
    assert sum(found) == 0
    assert all(outcome(everybody)[lab] + found[lab] >= leaving[lab] for lab in range(n))
    moved = sum(each for each in found if each > 0)
    assert moved == sum(
        max(Fraction(0), leaving[lab] - outcome(everybody)[lab]) for lab in range(n)
    )


@given(st.integers(min_value=3, max_value=9), small, small)
@settings(max_examples=20)
def test_labs_alike_with_linear_benefits_sign_in_twos_and_threes(n: int, b, c) -> None:
    outcome = graded((b,) * n, (c,) * n)
    sizes = [k for k in range(1, n + 1) if stability(outcome, frozenset(range(k)), n).stable]
    assert sizes == [2, 3]


@given(st.integers(min_value=2, max_value=8), small, small)
@settings(max_examples=30)
def test_a_binary_pause_of_labs_alike_is_the_smallest_that_pays(n: int, b, c) -> None:
    outcome = binary((b,) * n, (c,) * n)
    least = -(-c // b)
    acting = [
        k
        for k in range(1, n + 1)
        if stability(outcome, frozenset(range(k)), n).stable
        and outcome(frozenset(range(k))) != outcome(frozenset())
    ]
    tie = least * b == c
    assert acting == ([least] if 1 < least <= n and not tie else [])


def test_a_clause_on_participation_lets_all_sign() -> None:
    alone = graded((Fraction(1),) * 6, (Fraction(1),) * 6)
    assert not stability(alone, frozenset(range(6)), 6).internal
    assert stability(with_clause(alone, 6), frozenset(range(6)), 6).stable
    assert "without side payments" in models()["coalition"].answer({"participation": "5"}).sentence


commons = st.builds(
    Commons,
    labs=st.integers(min_value=2, max_value=12),
    wanted=st.integers(min_value=1, max_value=200).map(Fraction),
    benefit=small,
    cost=small,
    most=st.fractions(min_value=0, max_value=30, max_denominator=4),
)


@given(commons, st.integers(min_value=1, max_value=12))
@settings(max_examples=60)
def test_signatories_do_no_better_with_any_other_share(game: Commons, k: int) -> None:
    """Against outsiders whose answer is found by best responses and not by the formula."""
    k, n = min(k, game.labs), game.labs
    found = held(game, k)
    top = float(game.most) if game.most else 2 * float(game.wanted)
    a, b, c = float(game.wanted), float(game.benefit), float(game.cost)

    def earned(inside: float) -> float:
        low, high = 0.0, top
        for _ in range(60):
            middle = (low + high) / 2
            total = k * inside + (n - k) * middle
            low, high = (middle, high) if b * (a - total) / n > c * middle else (low, middle)
        total = k * inside + (n - k) * (low + high) / 2
        return b * (a * total - total**2 / 2) / n - c * inside**2 / 2

    best = max(earned(float(inside)) for inside in np.linspace(0.0, top, 101))
    assert best <= float(found.payoff_inside) + 1e-7 * max(1.0, abs(best))
    assert min(found.inside, found.outside) >= 0
    if game.most:
        assert max(found.inside, found.outside) <= game.most


@given(commons)
@settings(max_examples=30)
def test_a_self_enforcing_agreement_is_one_that_nobody_leaves_or_joins(game: Commons) -> None:
    for k in self_enforcing(game):
        assert held(game, k).payoff_inside >= held(game, k - 1).payoff_outside
        assert k == game.labs or held(game, k).payoff_outside >= held(game, k + 1).payoff_inside
        closed = gap_closed(game, k)
        assert isinstance(closed, Infeasible) or closed <= 1


def test_who_cannot_hold_back_more_does_not() -> None:
    free = Commons(labs=10, wanted=Fraction(100), benefit=Fraction(1), cost=Fraction(1, 4))
    tight = Commons(
        labs=10, wanted=Fraction(100), benefit=Fraction(1), cost=Fraction(1, 4), most=Fraction(5)
    )
    assert held(free, 4).inside > 5
    assert held(tight, 4).inside == 5
    assert held(tight, 4).outside == 5
    assert isinstance(gap_closed(tight, 4), Infeasible)


coefficients = st.lists(
    st.fractions(min_value=-3, max_value=3, max_denominator=8), min_size=2, max_size=8
).filter(any)


@given(coefficients)
@settings(max_examples=30)
def test_every_root_is_enclosed_and_no_other(numbers: list[Fraction]) -> None:
    found = roots(numbers)
    for root in found:
        if root.simple and root.low < root.high:
            assert value(numbers, root.low) * value(numbers, root.high) <= 0
    grid = [Fraction(step, 128) for step in range(129)]
    signs = [value(numbers, p) for p in grid]
    for p, left, right in zip(grid, signs, signs[1:], strict=False):
        if left * right < 0:
            assert any(p <= root.high and root.low <= p + Fraction(1, 128) for root in found)


@given(
    st.integers(min_value=2, max_value=10),
    st.integers(min_value=1, max_value=10),
    st.fractions(min_value="1/50", max_value="49/50", max_denominator=50),
    st.booleans(),
)
@settings(max_examples=40)
def test_at_a_root_labs_are_indifferent(n: int, k: int, cost: Fraction, refund: bool) -> None:
    k = min(k, n)
    game = certain(n, k, cost, refund=refund)
    for root in mixed(game):
        p = root.middle
        pivotal = mpmath.binomial(n - 1, k - 1) * p ** (k - 1) * (1 - p) ** (n - k)
        paid = cost * (
            sum(
                mpmath.binomial(n - 1, j) * mpmath.mpf(p) ** j * mpmath.mpf(1 - p) ** (n - 1 - j)
                for j in range(k - 1, n)
            )
            if refund
            else 1
        )
        assert float(pivotal) == pytest.approx(float(paid), abs=1e-9)
    assert k in pure(game)
    if refund and 1 < k < n:
        assert len(mixed(game)) == 1


def test_a_cost_at_the_top_of_the_curve_is_a_double_root_and_above_it_there_is_none() -> None:
    double = mixed(certain(3, 2, Fraction(1, 2), refund=False))
    assert [(root.middle, root.simple) for root in double] == [(0.5, False)]
    assert mixed(certain(3, 2, Fraction(51, 100), refund=False)) == ()
    off_the_grid = mixed(certain(4, 2, Fraction(4, 9), refund=False))
    assert [root.simple for root in off_the_grid] == [False]
    assert off_the_grid[0].low < Fraction(1, 3) < off_the_grid[0].high


def test_a_refund_removes_the_bad_root_and_uncertainty_removes_the_good_equilibrium() -> None:
    bad, good = mixed(certain(5, 3, Fraction(1, 5), refund=False))
    assert not stable(certain(5, 3, Fraction(1, 5), refund=False), bad)
    assert stable(certain(5, 3, Fraction(1, 5), refund=False), good)
    assert success(certain(5, 3, Fraction(1, 5), refund=False), good.middle) > 0.9
    spread = Threshold(chances=(Fraction(1, 5),) * 5, cost=Fraction(3, 10), refund=False)
    assert pure(spread) == (0,)
    assert mixed(spread) == ()
    assert "0%" in models()["threshold"].answer({"spread": "2", "cost": "0.3"}).sentence


@given(st.integers(min_value=2, max_value=30), small, small)
def test_labs_stay_in_up_to_the_rule_and_no_further(n: int, gain, loss) -> None:
    stake = Stake(gain=gain, loss=loss, exposure=Fraction(1, 4))
    number = labs_that_stay(stake)
    assert not isinstance(number, Infeasible)
    assert all_stay((stake,) * n) is (n <= number)
    longest = exposure_borne(stake, n)
    assert not isinstance(longest, Infeasible)
    assert all_stay((Stake(gain=gain, loss=loss, exposure=longest),) * n)
    assert not all_stay((Stake(gain=gain, loss=loss, exposure=longest * 2),) * n)
    risk = stake.risk
    assert not isinstance(risk, Infeasible)
    assert trust(risk, n) ** (n - 1) == pytest.approx(float(risk))


def test_a_lab_pauses_from_its_risk_on() -> None:
    reward, temptation, punishment, sucker = map(Fraction, (4, 3, 2, 0))
    q = risk_of(reward, temptation, punishment, sucker)
    assert isinstance(q, Fraction)
    assert q * reward + (1 - q) * sucker == q * temptation + (1 - q) * punishment
    assert signing_never_hurts(reward, punishment)
    assert not signing_never_hurts(punishment, reward)


def test_where_racing_pays_all_the_same_it_is_no_assurance() -> None:
    tempted = Stake(gain=Fraction(-1), loss=Fraction(1), exposure=Fraction(1))
    assert isinstance(tempted.risk, Infeasible)
    assert isinstance(labs_that_stay(tempted), Infeasible)
    assert isinstance(exposure_borne(tempted, 3), Infeasible)
    assert not all_stay((tempted,) * 2)
    safe = Stake(gain=Fraction(0), loss=Fraction(1), exposure=Fraction(0))
    assert safe.risk == 0
    assert isinstance(labs_that_stay(safe), Infeasible)
    assert "deterrence" in models()["assurance"].answer({"gain": "-1"}).sentence
    assert isinstance(weakest_link(3, Fraction(1), Fraction(2)), Infeasible)
    assert weakest_link(3, Fraction(2), Fraction(1)) == Fraction(1, 2)


def test_labs_that_differ_stay_in_only_if_the_most_exposed_does() -> None:
    answer = models()["assurance"].answer({"labs": "3", "exposure": "0.1,0.1,2"})
    assert "not all stay in" in answer.sentence
    assert len(answer.tables[0].rows) == 2


@pytest.mark.parametrize(
    "made",
    [
        lambda: every_coalition(13),
        lambda: roots([Fraction(0), Fraction(0)]),
        lambda: Commons(labs=1, wanted=Fraction(1), benefit=Fraction(1), cost=Fraction(1)),
        lambda: certain(3, 4, Fraction(1, 2), refund=False),
        lambda: certain(3, 2, Fraction(1), refund=False),
        lambda: Threshold(chances=(Fraction(1), Fraction(1)), cost=Fraction(1, 2), refund=False),
        lambda: Stake(gain=Fraction(1), loss=Fraction(-1), exposure=Fraction(0)),
        lambda: risk_of(Fraction(1), Fraction(0), Fraction(0), Fraction(1)),
        lambda: weakest_link(1, Fraction(1), Fraction(1)),
        lambda: models()["threshold"].answer({"spread": "9"}),
        lambda: models()["coalition"].answer({"costs": "1,2"}),
        lambda: models()["assurance"].answer({"loss": "1,2"}),
    ],
)
def test_what_is_no_game_is_refused(made) -> None:
    with pytest.raises(Misuse):
        made()
