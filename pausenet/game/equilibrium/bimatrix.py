"""Every equilibrium of a game of two, degenerate or not: corners, sets of equilibria, components.

Mangasarian 1964 and Winkels 1979; Avis, Rosenberg, Savani & von Stengel 2010, Enumeration of Nash
Equilibria for Two-Player Games, Economic Theory 42: 9-37.

1. Payoffs are scaled to whole numbers and moved above 0, which changes no equilibrium.
2. P = {x >= 0, B'x <= 1} and Q = {y >= 0, Ay <= 1}; label i means x_i = 0 or that row i is a best
   response, label m + j that y_j = 0 or that column j is one.
3. Corners x of P and y of Q that have all labels between them are, divided by their sums, the
   extreme equilibria. There is always one.
4. The extreme equilibria are the edges of a graph between corners of P and corners of Q. Its
   maximal complete parts U x V are the maximal Nash subsets conv U x conv V, and every equilibrium
   lies in one.
5. The connected components of the graph are the topological components of the set of equilibria.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from enum import StrEnum
from fractions import Fraction
from typing import Final

from pausenet.errors import Misuse
from pausenet.game.answer import NotFound
from pausenet.game.equilibrium.polytope import EDGES_MAX, Edge, edges
from pausenet.game.equilibrium.profile import Judge, Profile, Weights
from pausenet.game.normal_form.game import Game

SUBSETS_MAX: Final = 10_000


class Completeness(StrEnum):
    """How much a list of equilibria says."""

    EVERY = "every equilibrium is listed"
    CORNERS = "infinitely many: every equilibrium is a mixture within one of the sets listed"
    SOME = "there may be more than those listed"


@dataclass(frozen=True, slots=True, kw_only=True)
class Subset:
    """A maximal Nash subset: any mixture of a player's corners against any of the others'.

    `sides` has the corners of each player, `component` counts the pieces of the whole set.
    """

    sides: tuple[tuple[Weights, ...], ...]
    component: int

    @property
    def single(self) -> bool:
        """Whether it is one point."""
        return all(len(corners) == 1 for corners in self.sides)


@dataclass(frozen=True, slots=True, kw_only=True)
class Equilibria:
    """What was found, and whether that is everything."""

    profiles: tuple[Profile, ...]
    completeness: Completeness
    why: str
    subsets: tuple[Subset, ...] = ()

    @property
    def components(self) -> int:
        """How many separate pieces the set of equilibria has."""
        return len({subset.component for subset in self.subsets})


def every_equilibrium(
    game: Game, subsets_max: int = SUBSETS_MAX, corners_max: int = EDGES_MAX
) -> Equilibria | NotFound:
    """All extreme equilibria of a game of two and the sets that they span.

    >>> from pausenet.game.normal_form.game import bimatrix
    >>> found = every_equilibrium(bimatrix([[2, 0], [0, 1]], [[1, 0], [0, 2]]))
    >>> [str(profile.weights[0][0]) for profile in found.profiles]
    ['1', '2/3', '0']
    """
    if len(game.players) != 2:
        raise Misuse(f"every_equilibrium: expected two players, found {len(game.players)}")
    rows, columns = game.shape
    first, second = positive(game, 0), positive(game, 1)
    turned = [list(column) for column in zip(*second, strict=True)]
    xs = _corners(turned, list(range(rows)), list(range(rows, rows + columns)), corners_max)
    ys = _corners(first, list(range(rows, rows + columns)), list(range(rows)), corners_max)
    if isinstance(xs, NotFound):
        return xs
    if isinstance(ys, NotFound):
        return ys
    full = (1 << (rows + columns)) - 1
    by_x = [sum(1 << k for k, y in enumerate(ys) if x.tight | y.tight == full) for x in xs]
    kept_x = [k for k, row in enumerate(by_x) if row]
    xw, yw = [_weights(x) for x in xs], [_weights(y) for y in ys]
    judge = Judge(game)
    profiles = [judge.profile((xw[k], yw[j])) for k in kept_x for j in _bits(by_x[k])]
    assert all(profile.exact for profile in profiles)
    subsets = _subsets({k: by_x[k] for k in kept_x}, xw, yw, subsets_max)
    if isinstance(subsets, NotFound):
        return subsets
    finite = all(subset.single for subset in subsets)
    return Equilibria(
        profiles=tuple(sorted(profiles, key=lambda each: each.weights, reverse=True)),
        completeness=Completeness.EVERY if finite else Completeness.CORNERS,
        why="all corners of both best-response polytopes were compared",
        subsets=subsets,
    )


def positive(game: Game, player: int) -> list[list[int]]:
    """A player's payoffs as whole numbers from 1 upwards (step 1)."""
    matrix = game.matrix(player)
    scale = math.lcm(*(each.denominator for row in matrix for each in row))
    whole = [[each.numerator * (scale // each.denominator) for each in row] for row in matrix]
    least = min(min(row) for row in whole)
    rows = [[each - least + 1 for each in row] for row in whole]
    part = math.gcd(*(each for row in rows for each in row))
    return [[each // part for each in row] for row in rows]


def _corners(
    rows: list[list[int]], own: list[int], others: list[int], corners_max: int
) -> list[Edge] | NotFound:
    """The corners but 0 of {x >= 0, rows x <= 1}, with their labels (step 2)."""
    beyond = len(own) + len(others)
    found = edges(
        len(own) + 1,
        [[*(-a for a in row), 1] for row in rows],
        [*own, beyond, *others],
        corners_max,
    )
    if isinstance(found, NotFound):
        return found
    return [edge for edge in found if any(edge.ray[:-1])]


def _weights(edge: Edge) -> tuple[Fraction, ...]:
    total = sum(edge.ray[:-1])
    return tuple(Fraction(each, total) for each in edge.ray[:-1])


def _bits(mask: int) -> list[int]:
    return [k for k in range(mask.bit_length()) if mask >> k & 1]


def _subsets(
    graph: dict[int, int],
    xw: list[tuple[Fraction, ...]],
    yw: list[tuple[Fraction, ...]],
    subsets_max: int,
) -> tuple[Subset, ...] | NotFound:
    """The maximal complete parts of the graph, with their components (steps 4 and 5).

    The right side of a maximal part is an intersection of neighbourhoods, and each such
    intersection that is not empty belongs to one.
    """
    closed: set[int] = set()
    for near in graph.values():
        closed |= {near} | {each & near for each in closed if each & near}
        if len(closed) > subsets_max:
            return NotFound(f"more than {subsets_max} maximal sets of equilibria")
    pieces: list[int] = []
    for near in graph.values():
        joined, apart = near, []
        for piece in pieces:
            if piece & joined:
                joined |= piece
            else:
                apart.append(piece)
        pieces = [*apart, joined]
    found = []
    for mask in closed:
        left = [k for k, near in graph.items() if near & mask == mask]
        rows = tuple(sorted((xw[k] for k in left), reverse=True))
        columns = tuple(sorted((yw[j] for j in _bits(mask)), reverse=True))
        found.append((rows, columns, next(p for p in pieces if p & mask)))
    found.sort(key=lambda each: each[:2], reverse=True)
    order = list(dict.fromkeys(piece for _, _, piece in found))
    return tuple(
        Subset(sides=(rows, columns), component=order.index(piece))
        for rows, columns, piece in found
    )
