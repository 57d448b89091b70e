"""Every equilibrium of games of two: exactly, completely, and against slower and other programs.

`make test` tries 1,000 games up to 4 x 4 and 30 up to 6 x 6, `make soak` ten times as many
(PAUSENET_GAMES).
"""

from __future__ import annotations

import os
import random
import warnings
from fractions import Fraction

import pytest

from pausenet.errors import Misuse
from pausenet.game.answer import NotFound
from pausenet.game.equilibrium.bimatrix import Completeness, every_equilibrium
from pausenet.game.equilibrium.lemke_howson import lemke_howson
from pausenet.game.equilibrium.profile import judged
from pausenet.game.equilibrium.supports import bearing_supports
from pausenet.game.linear import Optimum, maximise
from pausenet.game.normal_form.game import bimatrix
from tests.reference.equilibria import extreme_equilibria

with warnings.catch_warnings():
    warnings.simplefilter("ignore")
    import nashpy

GAMES = int(os.environ.get("PAUSENET_GAMES", "1000"))
SMALL = range(GAMES)
LARGE = range(GAMES * 3 // 100)


def random_game(seed: int, size_max: int):
    """Of any shape up to the size, half of them degenerate: few payoffs, doubled rows."""
    draw = random.Random(f"{size_max} {seed}")
    rows, columns = draw.randint(1, size_max), draw.randint(1, size_max)
    if seed % 3 == 0:
        rows = columns = size_max
    high = (2, 100, 5, 1)[seed % 4]
    first, second = (
        [[draw.randint(-high, high) for _ in range(columns)] for _ in range(rows)] for _ in "AB"
    )
    if seed % 4 == 2:
        first.append(list(draw.choice(first)))
        second.append(list(draw.choice(second)))
        drop = draw.randrange(rows + 1)
        del first[drop], second[drop]
    if seed % 5 == 0:
        first = [[Fraction(a, 7) for a in row] for row in first]
    return bimatrix(first, second)


def within(point, corners) -> bool:
    """Whether a point is a mixture of the corners."""
    if len(corners) == 1:
        return point == corners[0]
    equal = [([corner[k] for corner in corners], point[k]) for k in range(len(point))]
    return isinstance(maximise([0] * len(corners), equal=equal), Optimum)


def held(found, weights) -> bool:
    x, y = weights
    return any(within(x, each.sides[0]) and within(y, each.sides[1]) for each in found.subsets)


def far(point, corners) -> float:
    """How far the nearest mixture of the corners is from a point of floats, in any coordinate."""
    if len(corners) == 1:
        return max(abs(float(a) - b) for a, b in zip(corners[0], point, strict=True))
    exact = [Fraction(float(b)) for b in point]
    count = len(corners)
    rows = []
    for k, b in enumerate(exact):
        line = [corner[k] for corner in corners]
        rows += [([*line, -1], b), ([*(-a for a in line), -1], -b)]
    least = maximise([0] * count + [-1], at_most=rows, equal=[([1] * count + [0], 1)])
    return float(-least.value)


def assert_right(game) -> None:
    found = every_equilibrium(game)
    assert not isinstance(found, NotFound)
    assert found.profiles
    assert len({profile.weights for profile in found.profiles}) == len(found.profiles)
    for profile in found.profiles:
        assert judged(game, profile.weights).regret == 0
    for subset in found.subsets:
        for x in (subset.sides[0][0], subset.sides[0][-1]):
            for y in subset.sides[1]:
                assert judged(game, (x, y)).exact
    with_finite = all(subset.single for subset in found.subsets)
    assert (found.completeness is Completeness.EVERY) == with_finite
    extreme = {profile.weights for profile in found.profiles}
    for label in range(sum(game.shape)):
        path = lemke_howson(game, dropped=label)
        assert not isinstance(path, NotFound)
        assert path.profile.weights in extreme


@pytest.mark.parametrize("part", range(10))
def test_up_to_four_by_four_every_profile_is_an_equilibrium_and_every_path_ends_at_one(
    part: int,
) -> None:
    for seed in SMALL[part::10]:
        assert_right(random_game(seed, 4))


def test_up_to_six_by_six_every_profile_is_an_equilibrium_and_every_path_ends_at_one() -> None:
    for seed in LARGE:
        assert_right(random_game(seed, 6))


@pytest.mark.parametrize(("size", "seeds"), [(3, SMALL[::4]), (4, SMALL[::25]), (6, LARGE[::6])])
def test_nashpys_profiles_are_ours(size: int, seeds: range) -> None:
    seen = 0
    for seed in seeds:
        game = random_game(seed, size)
        found = every_equilibrium(game)
        theirs = nashpy.Game(
            [[float(a) for a in row] for row in game.matrix(0)],
            [[float(b) for b in row] for row in game.matrix(1)],
        )
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            profiles = list(theirs.support_enumeration())
        for x, y in profiles:
            seen += 1
            assert any(
                far(x, each.sides[0]) < 1e-9 and far(y, each.sides[1]) < 1e-9
                for each in found.subsets
            ), (seed, x, y)
    assert seen >= len(seeds) / 2


def test_three_by_three_the_extreme_equilibria_are_those_of_the_definition() -> None:
    for seed in SMALL[::10]:
        game = random_game(seed, 3)
        found = every_equilibrium(game)
        slow = extreme_equilibria(game.matrix(0), game.matrix(1))
        assert {profile.weights for profile in found.profiles} == slow


def test_every_pair_of_supports_that_bears_an_equilibrium_lies_in_a_set_and_no_other_does() -> None:
    for seed in SMALL[::100]:
        game = random_game(seed, 3)
        found = every_equilibrium(game)
        bearing = bearing_supports(game)
        assert not isinstance(bearing, NotFound)
        for each in bearing:
            assert each.profile.exact
            assert held(found, each.profile.weights)
        borne = {(each.rows, each.columns) for each in bearing}
        for profile in found.profiles:
            assert tuple(support(w) for w in profile.weights) in borne


def support(weights) -> tuple[int, ...]:
    return tuple(k for k, w in enumerate(weights) if w > 0)


def test_mixtures_within_a_set_are_equilibria_and_the_components_do_not_touch() -> None:
    draw = random.Random(5)
    for seed in SMALL[::25]:
        game = random_game(seed, 4)
        found = every_equilibrium(game)
        for subset in found.subsets:
            mixed = tuple(blend(draw, corners) for corners in (subset.sides[0], subset.sides[1]))
            assert judged(game, mixed).exact
        for one in found.subsets:
            for other in found.subsets:
                if one.component != other.component:
                    assert not (set(one.sides[0]) & set(other.sides[0])) or not (
                        set(one.sides[1]) & set(other.sides[1])
                    )


def blend(draw: random.Random, corners):
    parts = [draw.randint(1, 5) for _ in corners]
    return tuple(
        sum(
            (Fraction(p, sum(parts)) * c[k] for p, c in zip(parts, corners, strict=True)),
            Fraction(),
        )
        for k in range(len(corners[0]))
    )


def test_a_game_of_ties_is_one_set_of_everything() -> None:
    found = every_equilibrium(bimatrix([[1] * 4] * 3, [[0] * 4] * 3))
    assert len(found.profiles) == 12
    assert [len(each.sides[0]) * len(each.sides[1]) for each in found.subsets] == [12]
    assert found.components == 1
    assert found.completeness is Completeness.CORNERS


def test_scaling_and_moving_payoffs_changes_no_equilibrium() -> None:
    for seed in range(0, 60, 7):
        game = random_game(seed, 4)
        moved = bimatrix(
            [[Fraction(3, 7) * a - 11 for a in row] for row in game.matrix(0)],
            [[5 * b + Fraction(1, 3) for b in row] for row in game.matrix(1)],
        )
        found, again = every_equilibrium(game), every_equilibrium(moved)
        assert [p.weights for p in found.profiles] == [p.weights for p in again.profiles]


def test_limits_are_values_that_say_so_and_other_games_are_refused() -> None:
    game = random_game(1, 4)
    assert isinstance(
        lemke_howson(bimatrix([[2, 0], [0, 1]], [[1, 0], [0, 2]]), pivots_max=1), NotFound
    )
    assert isinstance(bearing_supports(game, pairs_max=1), NotFound)
    assert isinstance(every_equilibrium(bimatrix([[1] * 4] * 3, [[0] * 4] * 3), 0), NotFound)
    with pytest.raises(Misuse, match="label"):
        lemke_howson(game, dropped=99)
