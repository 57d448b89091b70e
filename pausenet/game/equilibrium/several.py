"""Equilibria of games of any number of players, support by support.

Support enumeration after Dickhaut & Kaplan 1991 and, for more players, McKelvey & McLennan 1996,
Computation of Equilibria in Finite Games, section 6.

1. For each choice of a support for every player: a player whose support has one strategy plays it,
   the others mix. Supports with a strategy that another one beats whatever the supports' others do
   bear nothing.
2. Nobody or one mixes: the conditions are linear. The equilibria are the corners of a polytope and
   their mixtures, exactly.
3. Two mix: what one must play to keep the other indifferent is linear too. With a point on one
   side, so is what the rest of the players ask; with more than a point on both, the rest is asked
   at all pairs of corners.
4. Three or more mix: the equations are multi-affine, and `roots` finds all that are isolated. A
   root near simple fractions is tried as these: if its largest regret is 0, it is exact. The others
   are floats, with the regret that is left.
5. Sets that lie in others are dropped. Where equations are singular, or the rest agrees at some
   corners of step 3 and not at others, the list says that there may be more.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from fractions import Fraction
from itertools import combinations, product
from typing import Final, TypeAlias

from pausenet.game.answer import NotFound
from pausenet.game.equilibrium.bimatrix import Completeness, Equilibria, Subset, every_equilibrium
from pausenet.game.equilibrium.mixing import interior
from pausenet.game.equilibrium.polytope import edges
from pausenet.game.equilibrium.profile import Judge, Mixed, Profile, Weights
from pausenet.game.linear import Constraint, Optimum, maximise
from pausenet.game.normal_form.game import Game

SUPPORTS_MAX: Final = 20_000
Supports: TypeAlias = tuple[tuple[int, ...], ...]
_Sides: TypeAlias = tuple[tuple[Weights, ...], ...]


@dataclass(slots=True)
class _Found:
    game: Game
    judge: Judge
    sets: list[_Sides] = field(default_factory=list)
    floats: list[Profile] = field(default_factory=list)
    open: list[Supports] = field(default_factory=list)
    """Supports that may bear more than was found."""


def equilibria(game: Game) -> Equilibria | NotFound:
    """The equilibria of any game, by the method that fits the number of its players."""
    return every_equilibrium(game) if len(game.players) == 2 else equilibria_by_supports(game)


def equilibria_by_supports(
    game: Game, *, supports_max: int = SUPPORTS_MAX
) -> Equilibria | NotFound:
    """The equilibria of a game of any number of players, with what the list lacks.

    >>> from pausenet.game.normal_form.nfg import read_nfg
    >>> game = read_nfg('NFG 1 R "three" {"A" "B" "C"} {2 2 2} 1 1 1 0 0 0 0 0 0 0 0 0 '
    ...                 '0 0 0 0 0 0 0 0 0 1 1 1')
    >>> found = equilibria_by_supports(game)
    >>> found.completeness.value, [str(each.weights[0][0]) for each in found.profiles]
    ('every equilibrium is listed', ['1', '1/2', '0'])
    """
    count = math.prod((1 << each) - 1 for each in game.shape)
    if count > supports_max:
        return NotFound(f"{count} choices of supports, more than {supports_max}")
    found = _Found(game, Judge(game))
    for supports in _supports(game):
        if _beaten(game, supports):
            continue
        mixing = [player for player, each in enumerate(supports) if len(each) > 1]
        if len(mixing) <= 1:
            _one(found, supports, mixing[0] if mixing else 0)
        elif len(mixing) == 2:
            _two(found, supports, mixing[0], mixing[1])
        else:
            _many(found, supports)
    return _listed(found)


def _supports(game: Game) -> Iterator[Supports]:
    """Every choice of supports, the smallest first."""
    each = [
        [s for size in range(1, count + 1) for s in combinations(range(count), size)]
        for count in game.shape
    ]
    yield from sorted(product(*each), key=lambda chosen: sum(map(len, chosen)))


def _beaten(game: Game, supports: Supports) -> bool:
    """Whether some strategy of a support is beaten by another at all that the others may do."""
    for player, own in enumerate(supports):
        others = [[0] if k == player else list(each) for k, each in enumerate(supports)]
        rows = []
        for strategy in range(game.shape[player]):
            paid = []
            for choice in product(*others):
                at = (*choice[:player], strategy, *choice[player + 1 :])
                paid.append(game.paid(at)[player])
            rows.append(paid)
        for mine in own:
            if any(all(a > b for a, b in zip(row, rows[mine], strict=True)) for row in rows):
                return True
    return False


def _one(found: _Found, supports: Supports, mixing: int) -> None:
    """At most one player mixes: a polytope (step 2)."""
    base = _base(found.game, supports)
    own = [found.judge.pays(base, mixing)[k] for k in supports[mixing]]
    if min(own) < max(found.judge.pays(base, mixing)):
        return
    others = [player for player in range(len(supports)) if player != mixing]
    corners = _corners(found, supports, base, mixing, others)
    if corners:
        found.sets.append(tuple(corners if k == mixing else (w,) for k, w in enumerate(base)))


def _two(found: _Found, supports: Supports, first: int, second: int) -> None:
    """Two players mix (step 3)."""
    base = _base(found.game, supports)
    rest = [player for player in range(len(supports)) if player not in (first, second)]
    xs = _corners(found, supports, base, first, [second])
    ys = _corners(found, supports, base, second, [first])
    if not xs or not ys:
        return
    if len(xs) == 1:
        ys = _corners(found, supports, _with(base, first, xs[0]), second, [first, *rest])
    elif len(ys) == 1:
        xs = _corners(found, supports, _with(base, second, ys[0]), first, [second, *rest])
    if not xs or not ys:
        return
    sides = tuple(xs if k == first else ys if k == second else (w,) for k, w in enumerate(base))
    agreed = [mixed for mixed in product(*sides) if found.judge.profile(mixed).regret == 0]
    if len(agreed) == len(xs) * len(ys):
        found.sets.append(sides)
        return
    found.sets += [tuple((w,) for w in mixed) for mixed in agreed]
    found.open.append(supports)


def _many(found: _Found, supports: Supports) -> None:
    """Three or more players mix (step 4)."""
    profiles, complete = interior(found.game, supports, found.judge)
    if not complete:
        found.open.append(supports)
    for profile in profiles:
        if profile.exact:
            found.sets.append(tuple((w,) for w in profile.weights))
        else:
            found.floats.append(profile)


def _base(game: Game, supports: Supports) -> Mixed:
    """The first strategy of each support, as weights."""
    return tuple(
        tuple(Fraction(int(k == each[0])) for k in range(count))
        for count, each in zip(game.shape, supports, strict=True)
    )


def _with(base: Mixed, player: int, weights: Weights) -> Mixed:
    return tuple(weights if k == player else each for k, each in enumerate(base))


def _corners(
    found: _Found, supports: Supports, base: Mixed, mixing: int, asked: Sequence[int]
) -> tuple[Weights, ...]:
    """The corners of what one player may play so that the supports of those asked are best.

    All others play as in `base`.
    """
    own = supports[mixing]
    game = found.game
    pays: dict[int, list[list[Fraction]]] = {player: [] for player in asked}
    for strategy in own:
        at = _with(
            base, mixing, tuple(Fraction(int(k == strategy)) for k in range(game.shape[mixing]))
        )
        for player in asked:
            pays[player].append(found.judge.pays(at, player))
    rows: list[list[int]] = []
    for player in asked:
        best = supports[player]
        for strategy in range(game.shape[player]):
            if strategy == best[0]:
                continue
            ahead = [paid[best[0]] - paid[strategy] for paid in pays[player]]
            scale = math.lcm(*(each.denominator for each in ahead))
            row = [int(each * scale) for each in ahead]
            rows.append(row)
            if strategy in best:
                rows.append([-each for each in row])
    cone = edges(len(own), rows, range(len(own) + len(rows)))
    if isinstance(cone, NotFound):
        found.open.append(supports)
        return ()
    corners = []
    for edge in cone:
        total = sum(edge.ray)
        placed = dict(zip(own, edge.ray, strict=True))
        corners.append(tuple(Fraction(placed.get(k, 0), total) for k in range(game.shape[mixing])))
    return tuple(sorted(set(corners), reverse=True))


def _listed(found: _Found) -> Equilibria:
    """The sets that lie in no other, their components and corners (step 5)."""
    kept: list[_Sides] = []
    for sides in sorted(found.sets, key=lambda each: -math.prod(len(c) for c in each)):
        if not any(_inside(sides, other) for other in kept):
            kept.append(sides)
    pieces = list(range(len(kept)))
    for a, b in combinations(range(len(kept)), 2):
        if pieces[a] != pieces[b] and _touch(kept[a], kept[b]):
            pieces = [pieces[a] if piece == pieces[b] else piece for piece in pieces]
    order = sorted(range(len(kept)), key=lambda k: kept[k], reverse=True)
    numbered = list(dict.fromkeys(pieces[k] for k in order))
    subsets = tuple(Subset(sides=kept[k], component=numbered.index(pieces[k])) for k in order)
    corners = sorted({mixed for sides in kept for mixed in product(*sides)}, reverse=True)
    exact = [found.judge.profile(mixed) for mixed in corners]
    assert all(profile.exact for profile in exact)
    if found.open:
        names = [
            [n[k] for k in s] for n, s in zip(found.game.strategies, found.open[0], strict=True)
        ]
        said = "; ".join(", ".join(each) for each in names)
        completeness, why = (
            Completeness.SOME,
            f"not every solution could be told apart on the supports {said}",
        )
    elif all(subset.single for subset in subsets):
        completeness, why = Completeness.EVERY, "every choice of supports was solved"
    else:
        completeness, why = Completeness.CORNERS, "every choice of supports was solved"
    return Equilibria(
        profiles=(*exact, *found.floats), completeness=completeness, why=why, subsets=subsets
    )


def _inside(sides: _Sides, other: _Sides) -> bool:
    """Whether one set lies in another."""
    return all(
        all(_within(corner, theirs) for corner in mine)
        for mine, theirs in zip(sides, other, strict=True)
    )


def _within(point: Weights, corners: tuple[Weights, ...]) -> bool:
    if point in corners:
        return True
    return len(corners) > 1 and _touching((point,), corners)


def _touch(sides: _Sides, other: _Sides) -> bool:
    """Whether two sets have a profile in common."""
    return all(bool(set(a) & set(b)) or _touching(a, b) for a, b in zip(sides, other, strict=True))


def _touching(first: tuple[Weights, ...], second: tuple[Weights, ...]) -> bool:
    """Whether some mixture of the ones is a mixture of the others."""
    if len(first) == len(second) == 1:
        return first == second
    rows: list[Constraint] = [
        ([*(Fraction(c[k]) for c in first), *(-Fraction(c[k]) for c in second)], 0)
        for k in range(len(first[0]))
    ]
    rows.append(([1] * len(first) + [0] * len(second), 1))
    return isinstance(maximise([0] * (len(first) + len(second)), equal=rows), Optimum)
