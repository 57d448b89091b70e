"""Mediators, labs that err, and which equilibrium to expect."""

from __future__ import annotations

import math
import random
from fractions import Fraction
from functools import partial

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pausenet.errors import Misuse
from pausenet.game.answer import Infeasible, NotFound
from pausenet.game.catalogue import model_named
from pausenet.game.equilibrium import matrix
from pausenet.game.equilibrium.bimatrix import every_equilibrium
from pausenet.game.equilibrium.correlated import (
    best_correlated,
    correlated_payoffs,
    disobedience,
    fairest_correlated,
)
from pausenet.game.equilibrium.logit import logit_path
from pausenet.game.equilibrium.profile import Judge, against
from pausenet.game.equilibrium.selection import payoff_dominant, risk_dominant
from pausenet.game.equilibrium.two_labs import belief_needed, labs
from pausenet.game.normal_form.game import Game, bimatrix
from pausenet.game.normal_form.tables import pure_equilibria

small = st.integers(min_value=-5, max_value=5)
fours = st.tuples(small, small, small, small)


def some_game(seed: int, size: int = 3, high: int = 4) -> Game:
    draw = random.Random(seed)
    first, second = (
        [[draw.randint(-high, high) for _ in range(size)] for _ in range(size)] for _ in "AB"
    )
    return bimatrix(first, second)


def three_players(seed: int) -> Game:
    draw = random.Random(seed)
    return Game(
        title="three",
        players=("A", "B", "C"),
        strategies=(("1", "2"),) * 3,
        payoffs=tuple(tuple(Fraction(draw.randint(-9, 9)) for _ in "ABC") for _ in range(8)),
    )


@pytest.mark.parametrize("seed", range(12))
def test_a_mediator_is_obeyed_and_never_worse_than_any_equilibrium(seed: int) -> None:
    game = some_game(seed)
    for weights in ((1, 1), (1, 0), (0, 1), (-1, 2)):
        found = best_correlated(game, weights)
        assert not isinstance(found, NotFound)
        assert found.regret == 0
        assert sum(found.chances) == 1
        for profile in every_equilibrium(game).profiles:
            own = sum(w * p for w, p in zip(weights, found.payoffs, strict=True))
            assert own >= sum(w * p for w, p in zip(weights, profile.payoffs, strict=True))
    fair = fairest_correlated(game)
    assert not isinstance(fair, NotFound)
    assert all(min(fair.payoffs) >= min(p.payoffs) for p in every_equilibrium(game).profiles)


@pytest.mark.parametrize("seed", range(6))
def test_every_equilibrium_lies_in_the_region_a_mediator_can_reach(seed: int) -> None:
    game = some_game(seed)
    corners = correlated_payoffs(game)
    assert not isinstance(corners, NotFound)
    for profile in every_equilibrium(game).profiles:
        x, y = profile.payoffs
        for (a, b), (c, d) in zip(corners, [*corners[1:], corners[0]], strict=True):
            assert (c - a) * (y - b) - (d - b) * (x - a) >= 0
    for corner, direction in zip(corners, ((-1, 0),), strict=False):
        best = best_correlated(game, direction)
        assert corner[0] == best.payoffs[0]


def test_three_players_have_a_mediator_too_and_large_games_a_limit() -> None:
    found = best_correlated(three_players(3), (1, 1, 1))
    assert not isinstance(found, NotFound)
    assert found.regret == 0
    zeros = [[0] * 25 for _ in range(25)]
    assert isinstance(best_correlated(bimatrix(zeros, zeros), (1, 1)), NotFound)
    with pytest.raises(Misuse):
        best_correlated(three_players(3), (1, 1))


def test_disobeying_is_noticed() -> None:
    dilemma = labs(((5, 3, 1, 0),) * 2)
    assert disobedience(dilemma, (Fraction(1), Fraction(0), Fraction(0), Fraction(0))) == 2


@pytest.mark.parametrize("seed", range(8))
def test_every_point_of_the_path_answers_itself(seed: int) -> None:
    """The logit response to the point, computed from the definition, is the point."""
    game = some_game(seed, size=2 + seed % 3, high=3) if seed % 2 else three_players(seed)
    path = logit_path(game, precision_max=4.0, stops=(1.0, 2.0))
    assert not isinstance(path, NotFound)
    assert {0.0, 1.0, 2.0, 4.0} <= {point.precision for point in path}
    for point in path[:: max(1, len(path) // 10)]:
        weights = [list(map(float, w)) for w in point.profile.weights]
        for player in range(len(game.players)):
            paid = [float(each[player]) for each in game.payoffs]
            got = against(paid, game.shape, weights, player)
            raised = [math.exp(point.precision * (u - max(got))) for u in got]
            answer = [each / sum(raised) for each in raised]
            assert weights[player] == pytest.approx(answer, abs=1e-9)


def test_great_precision_ends_near_an_equilibrium() -> None:
    for seed in range(5):
        game = some_game(seed)
        path = logit_path(game, precision_max=100.0)
        assert not isinstance(path, NotFound)
        assert path[-1].profile.regret < 0.02
        exact = Judge(game).profile(path[-1].profile.weights)
        assert exact.regret == pytest.approx(path[-1].profile.regret, abs=1e-9)


def test_a_path_that_is_cut_short_says_so() -> None:
    assert isinstance(logit_path(some_game(1), precision_max=100.0, steps_max=3), NotFound)
    for precision in (0.0, -1.0, math.inf, math.nan):
        with pytest.raises(Misuse):
            logit_path(some_game(1), precision_max=precision)


@settings(max_examples=60)
@given(fours, fours)
def test_the_risk_dominant_pair_does_not_depend_on_scale(first, second) -> None:
    game = labs((first, second))
    found = risk_dominant(game)
    moved = labs((tuple(3 * x + 2 for x in first), tuple(5 * x - 1 for x in second)))
    again = risk_dominant(moved)
    if isinstance(found, Infeasible):
        assert isinstance(again, Infeasible)
    else:
        assert found.choice == again.choice
        assert {found.choice, found.other} <= set(pure_equilibria(game))
        assert found.product > found.other_product


@settings(max_examples=60)
@given(fours)
def test_the_belief_needed_is_where_both_pay_the_same(payoffs) -> None:
    t, r, p, s = map(Fraction, payoffs)
    needed = belief_needed(t, r, p, s)
    chances = [Fraction(k, 8) for k in range(9)]
    pays = [b * r + (1 - b) * s >= b * t + (1 - b) * p for b in chances]
    if isinstance(needed, Infeasible):
        assert not pays[-1]
    else:
        assert pays == [b >= needed for b in chances] or (r == t and p == s)


def test_in_symmetric_games_risk_dominance_is_the_belief_of_a_half() -> None:
    for t, r, p, s in ((3, 4, 2, 0), (1, 4, 2, 0), (0, 5, 1, -3)):
        found = risk_dominant(labs(((t, r, p, s),) * 2))
        needed = belief_needed(*map(Fraction, (t, r, p, s)))
        assert (found.choice == (0, 0)) == (needed < Fraction(1, 2))


def test_payoff_dominance_needs_one_that_is_best_for_all() -> None:
    trust = every_equilibrium(labs(((3, 4, 2, 0),) * 2)).profiles
    assert payoff_dominant(trust).payoffs == (4, 4)
    chicken = every_equilibrium(labs(((7, 6, 0, 2),) * 2)).profiles
    assert isinstance(payoff_dominant(chicken), Infeasible)


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ({}, "Both labs race, though both would get more"),
        ({"cooperation": "1/2"}, "no pause is wanted"),
        ({"temptation": "3", "cooperation": "4", "punishment": "2"}, "chance 2/3 or more"),
        ({"temptation": "2", "punishment": "0", "sucker": "1"}, "the pause holds by itself"),
        ({"punishment": "-1"}, "the opposite of the other"),
        ({"temptation": "5,2", "punishment": "1,-1"}, "Lab A race"),
        ({"temptation": "4,2", "punishment": "-1,1", "sucker": "0"}, "mixtures"),
    ],
)
def test_two_labs_are_told_what_their_payoffs_mean(typed: dict[str, str], said: str) -> None:
    assert said in model_named("two-labs").answer(typed).sentence


def test_equilibria_that_pay_the_same_are_not_called_worse_than_another() -> None:
    game = bimatrix([[1, 1], [1, 1]], [[1, 1], [1, 1]])
    tied = payoff_dominant(every_equilibrium(game).profiles)
    assert isinstance(tied, Infeasible)
    assert tied.why == "several equilibria pay the same, and none pays anybody more"
    said = model_named("two-labs").answer({"temptation": "2"}).sentence
    assert said.endswith("neither is risk dominant, as both equilibria are equally risky.")


def test_lists_of_another_length_are_refused() -> None:
    with pytest.raises(Misuse, match="one for each lab"):
        model_named("two-labs").answer({"temptation": "1,2,3"})
    with pytest.raises(Misuse, match="3 x 2 = 6"):
        model_named("matrix").answer({"row_payoffs": "1,2"})
    with pytest.raises(Misuse, match="12 or less"):
        model_named("matrix").answer({"rows": "13"})


def test_a_matrix_of_ties_has_infinitely_many_equilibria_and_says_so() -> None:
    typed = {"row_payoffs": "1,1,1,1,1,1", "column_payoffs": "0,0,0,0,0,0"}
    answer = model_named("matrix").answer(typed)
    assert "infinitely many equilibria, in one piece, spanned by 6" in answer.sentence
    one = model_named("matrix").answer(
        {"rows": "1", "columns": "1", "row_payoffs": "4", "column_payoffs": "5"}
    )
    assert "one equilibrium and no other: r1; c1; it pays 4, 5" in one.sentence


@pytest.mark.parametrize("aim", ["row", "column", "worst"])
def test_a_mediator_may_aim_otherwise(aim: str) -> None:
    answer = model_named("correlated").answer({"aim": aim})
    assert "best equilibrium alone" in answer.sentence


def test_a_game_with_too_many_corners_is_answered_with_what_was_found(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    limited = partial(every_equilibrium, corners_max=2)
    assert isinstance(limited(some_game(4, size=4)), NotFound)
    monkeypatch.setattr(matrix, "every_equilibrium", limited)
    answer = model_named("matrix").answer()
    assert "there may be more: a polytope has more than 2 corners" in answer.sentence
    assert "best equilibrium found" in model_named("correlated").answer().sentence
