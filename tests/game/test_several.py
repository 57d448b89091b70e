"""Equilibria of games of any number of players, against slower programs and Wilson's theorem."""

from __future__ import annotations

import math
import random
from fractions import Fraction
from itertools import product

import numpy as np
import pytest

from pausenet.errors import Misuse
from pausenet.game.answer import Lines, NotFound
from pausenet.game.catalogue import model_named
from pausenet.game.equilibrium.bimatrix import Completeness, every_equilibrium
from pausenet.game.equilibrium.profile import judged
from pausenet.game.equilibrium.roots import roots
from pausenet.game.equilibrium.several import equilibria, equilibria_by_supports
from pausenet.game.normal_form.game import Game
from pausenet.game.normal_form.nfg import read_nfg
from pausenet.game.normal_form.tables import pure_equilibria
from tests.game.test_bimatrix import GAMES, random_game, within
from tests.reference.equilibria import agrees, three_by_two


def game_of(shape: tuple[int, ...], seed: int, high: int) -> Game:
    draw = random.Random(f"{shape} {seed} {high}")
    return Game(
        title="several",
        players=tuple("ABCDE"[: len(shape)]),
        strategies=tuple(tuple(str(k) for k in range(count)) for count in shape),
        payoffs=tuple(
            tuple(Fraction(draw.randint(-high, high)) for _ in shape)
            for _ in range(math.prod(shape))
        ),
    )


def assert_right(game: Game, found) -> None:
    """Every profile is an equilibrium, every pure one is there, every set holds what it says."""
    assert not isinstance(found, NotFound)
    scale = max(abs(float(p)) for paid in game.payoffs for p in paid) or 1.0
    for profile in found.profiles:
        again = judged(game, profile.weights)
        assert again.regret == profile.regret
        assert again.exact or again.regret < 1e-9 * scale
    pure = {
        tuple(w.index(1) for w in profile.weights)
        for profile in found.profiles
        if all(sorted(w)[-1] == 1 for w in profile.weights)
    }
    assert pure == set(pure_equilibria(game))
    for subset in found.subsets:
        middle = tuple(
            tuple(sum(c[k] for c in corners) / len(corners) for k in range(len(corners[0])))
            for corners in subset.sides
        )
        assert judged(game, middle).exact


def test_mckelvey_and_mclennans_game_has_nine_of_which_two_mix_everything() -> None:
    game = read_nfg(
        'NFG 1 R "m" {"A" "B" "C"} {2 2 2} 9 8 12 0 0 0 0 0 0 9 8 2 0 0 0 3 4 6 3 4 6 0 0 0'
    )
    found = equilibria_by_supports(game)
    assert_right(game, found)
    assert found.completeness is Completeness.EVERY
    assert len(found.profiles) == 9
    assert sum(all(0 < w < 1 for each in p.weights for w in each) for p in found.profiles) == 2
    assert all(profile.exact for profile in found.profiles)


def test_where_weights_are_irrational_they_are_floats_with_their_regret() -> None:
    seen = 0
    for seed in range(40):
        game = game_of((2, 2, 2), seed, 20)
        found = equilibria_by_supports(game)
        for profile in found.profiles:
            if not profile.exact:
                seen += 1
                assert isinstance(profile.regret, float)
                assert profile.regret < 1e-12 * 20
    assert seen >= 5


@pytest.mark.parametrize("high", [1000, 9, 3])
def test_two_by_two_by_two_the_list_is_that_of_elimination(high: int) -> None:
    compared = 0
    for seed in range(GAMES // 20):
        game = game_of((2, 2, 2), seed, high)
        found = equilibria_by_supports(game)
        assert_right(game, found)
        if found.completeness is not Completeness.EVERY:
            continue
        compared += 1
        slow = three_by_two(dict(zip(game.profiles(), game.payoffs, strict=True)))
        ours = sorted(tuple(float(w[0]) for w in p.weights) for p in found.profiles)
        assert len(ours) == len(slow), (seed, ours, slow)
        assert np.allclose(ours, slow, atol=1e-7)
    assert compared >= GAMES // 60


@pytest.mark.parametrize("shape", [(2, 2, 2), (2, 2, 2, 2), (3, 2, 2)])
def test_almost_every_game_has_an_odd_number(shape: tuple[int, ...]) -> None:
    """Wilson 1971: a list that missed one would be even."""
    for seed in range(12):
        game = game_of(shape, seed, 100_003)
        found = equilibria_by_supports(game)
        assert_right(game, found)
        assert found.completeness is Completeness.EVERY
        assert len(found.profiles) % 2 == 1


def test_for_two_players_supports_and_corners_give_the_same_sets() -> None:
    for seed in range(GAMES // 10):
        game = random_game(seed, 3)
        corners, supports = every_equilibrium(game), equilibria_by_supports(game)
        assert {p.weights for p in corners.profiles} == {p.weights for p in supports.profiles}
        assert {s.sides for s in corners.subsets} == {s.sides for s in supports.subsets}
        assert corners.components == supports.components
        assert corners.completeness is supports.completeness
        assert equilibria(game) == corners


def test_games_of_ties_say_that_there_are_infinitely_many_or_may_be_more() -> None:
    seen = set()
    for seed in range(20):
        game = game_of((2, 2, 2), seed, 1)
        found = equilibria_by_supports(game)
        assert_right(game, found)
        seen.add(found.completeness)
        if found.completeness is Completeness.SOME:
            assert "supports" in found.why
    assert seen == set(Completeness)


@pytest.mark.parametrize("high", [1, 2])
def test_no_grid_point_of_a_game_of_ties_is_an_equilibrium_outside_the_sets(high: int) -> None:
    """Brute force: all profiles of quarters and thirds, each asked whether anybody gains."""
    grid = sorted({Fraction(k, n) for n in (3, 4) for k in range(n + 1)})
    asked = 0
    for seed in range(GAMES // 100):
        game = game_of((2, 2, 2), seed, high)
        found = equilibria_by_supports(game)
        if found.completeness is Completeness.SOME:
            continue
        paid = dict(zip(game.profiles(), game.payoffs, strict=True))
        for chances in product(grid, repeat=3):
            if agrees(paid, chances, 0):
                asked += 1
                point = tuple((c, 1 - c) for c in chances)
                assert any(
                    all(within(w, corners) for w, corners in zip(point, each.sides, strict=True))
                    for each in found.subsets
                ), (seed, chances)
    assert asked >= GAMES // 50


def test_one_player_mixes_what_pays_most() -> None:
    game = Game(
        title="alone",
        players=("A",),
        strategies=(("a", "b", "c"),),
        payoffs=((Fraction(2),), (Fraction(1),), (Fraction(2),)),
    )
    found = equilibria(game)
    assert found.completeness is Completeness.CORNERS
    assert [[w[0] for w in s.sides[0]] for s in found.subsets] == [[1, 0]]


def test_large_games_are_not_begun() -> None:
    game = game_of((5, 5, 5), 1, 9)
    assert isinstance(equilibria_by_supports(game), NotFound)


def values(*functions) -> np.ndarray:
    """Functions of x and y at the corners of the unit box."""
    return np.array([[[f(x, y) for y in (0.0, 1.0)] for x in (0.0, 1.0)] for f in functions])


NOTHING = np.zeros((0, 2, 2))


def test_isolated_roots_are_found_also_at_simple_fractions_and_on_the_edge() -> None:
    both = values(lambda x, y: x * y - 0.25, lambda x, y: x - y)
    assert roots(both, NOTHING).found == (pytest.approx((0.5, 0.5)),)
    edge = values(lambda x, y: x, lambda x, y: y - 1)
    assert roots(edge, NOTHING).found == (pytest.approx((0.0, 1.0), abs=1e-12),)
    two = values(lambda x, y: (x - 0.25) * (y - 0.75) + 0.01, lambda x, y: x + y - 1)
    found = roots(two, NOTHING)
    assert found.complete
    assert [x for x, _ in found.found] == pytest.approx([0.15, 0.35])


def test_a_curve_of_roots_is_said_to_be_undecided_and_no_roots_to_be_none() -> None:
    curve = values(lambda x, y: x - y, lambda x, y: 2 * x - 2 * y)
    assert not roots(curve, NOTHING, boxes_max=200).complete
    none = values(lambda x, y: x + y + 0.1, lambda x, y: x - y)
    assert roots(none, NOTHING).found == ()
    assert roots(none, NOTHING).complete


def test_an_inequality_rules_roots_out() -> None:
    both = values(lambda x, y: x - 0.3, lambda x, y: y - 0.6)
    assert len(roots(both, values(lambda x, y: x - y)).found) == 1
    assert roots(both, values(lambda x, y: y - x - 0.01)).found == ()


def test_what_is_typed_is_told_with_what_it_lacks() -> None:
    model = model_named("normal-form")
    assert "3 equilibria and no other; 1 of them in decimals" in model.answer().sentence
    ties = model.answer({"payoffs": ",".join(["0"] * 24)})
    assert "infinitely many" in ties.sentence or "there may be more" in ties.sentence
    alone = model.answer({"strategies": "3", "payoffs": "1,2,3"})
    assert "one equilibrium and no other" in alone.sentence
    for typed in (
        {"payoffs": "1,2"},
        {"strategies": "2,2,2,2,2,2,2"},
        {"strategies": "1/2"},
        {"strategies": "12,12,12"},
    ):
        with pytest.raises(Misuse):
            model.answer(typed)


def test_the_picture_does_not_forget_the_equilibria_that_the_path_leaves() -> None:
    picture = model_named("normal-form").answer().picture
    assert isinstance(picture, Lines)
    assert (1.0, "equilibrium: pays 4") in {(float(each.y), each.words) for each in picture.marks}
