"""Which pairs of supports bear an equilibrium of a game of two: the slow way, by programmes.

Dickhaut & Kaplan 1991, A Program for Finding Nash Equilibria, with a linear programme in the place
of a system of equations, so that degenerate games need no special care.

1. A support is the set of strategies played with a chance above 0. For each pair I, J:
2. find y on J with every row of I a best response to it, its least weight as large as can be;
3. find x on I likewise. Both least weights above 0: (x, y) is an equilibrium with these supports.

Every equilibrium has a pair of supports, so a pair that bears none is ruled out by proof. The
number of pairs is (2^m - 1)(2^n - 1): for small games, and as a second method beside `bimatrix`.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from itertools import combinations

from pausenet.errors import Misuse
from pausenet.game.answer import NotFound
from pausenet.game.equilibrium.profile import Judge, Profile, Weights
from pausenet.game.linear import Constraint, Optimum, maximise
from pausenet.game.normal_form.game import Game

PAIRS_MAX = 5_000


@dataclass(frozen=True, slots=True, kw_only=True)
class Bearing:
    """A pair of supports and one equilibrium that has exactly these."""

    rows: tuple[int, ...]
    columns: tuple[int, ...]
    profile: Profile


def bearing_supports(game: Game, pairs_max: int = PAIRS_MAX) -> tuple[Bearing, ...] | NotFound:
    """Every pair of supports that bears an equilibrium, the smallest first.

    >>> from pausenet.game.normal_form.game import bimatrix
    >>> found = bearing_supports(bimatrix([[1, 1], [1, 0]], [[1, 1], [1, 0]]))
    >>> [(each.rows, each.columns) for each in found]
    [((0,), (0,)), ((0,), (1,)), ((0,), (0, 1)), ((1,), (0,)), ((0, 1), (0,))]
    """
    if len(game.players) != 2:
        raise Misuse(f"bearing_supports: expected two players, found {len(game.players)}")
    rows, columns = game.shape
    pairs = ((1 << rows) - 1) * ((1 << columns) - 1)
    if pairs > pairs_max:
        return NotFound(f"{pairs} pairs of supports, more than {pairs_max}")
    first = game.matrix(0)
    second = tuple(zip(*game.matrix(1), strict=True))
    judge = Judge(game)
    found = []
    for own in _supports(rows):
        for other in _supports(columns):
            y = _answering(first, own, other)
            x = _answering(second, other, own) if y else ()
            if x and y:
                found.append(Bearing(rows=own, columns=other, profile=judge.profile((x, y))))
    return tuple(found)


def _supports(count: int) -> list[tuple[int, ...]]:
    return [each for size in range(1, count + 1) for each in combinations(range(count), size)]


def _answering(
    matrix: Sequence[Sequence[Fraction]], best: tuple[int, ...], support: tuple[int, ...]
) -> Weights:
    """Weights on exactly `support` to which every row of `best` is a best response, or ().

    Variables: the weights on the support, the value of the best rows, and the least weight, which
    is maximised (step 2).
    """
    size = len(support)
    at_most: list[Constraint] = []
    equal: list[Constraint] = [([1] * size + [0, 0], 1)]
    for place, row in enumerate(matrix):
        line = [*(row[k] for k in support), Fraction(-1), Fraction(0)]
        (equal if place in best else at_most).append((line, 0))
    at_most += [([-int(i == k) for i in range(size)] + [0, 1], 0) for k in range(size)]
    found = maximise([0] * size + [0, 1], at_most=at_most, equal=equal, free=[size])
    if not isinstance(found, Optimum) or found.value <= 0:
        return ()
    weights = dict(zip(support, found.point, strict=False))
    return tuple(weights.get(k, Fraction(0)) for k in range(len(matrix[0])))
