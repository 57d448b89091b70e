"""Slow and obvious: the equilibria of small games from their definition, in fractions.

Two players: every extreme point of {x : sum x = 1, x >= 0} cut by each set of ties between columns,
by trying all square systems; and the pairs of them that are equilibria. Three players with two
strategies each: every pure profile, every edge and face, and the interior by a fine grid.
"""

from __future__ import annotations

from fractions import Fraction
from itertools import combinations, product

Vector = tuple[Fraction, ...]


def solved(rows: list[list[Fraction]], bounds: list[Fraction]) -> Vector | None:
    """The one solution of a square system, if there is one."""
    lines = [
        [*map(Fraction, row), Fraction(bound)] for row, bound in zip(rows, bounds, strict=True)
    ]
    size = len(lines)
    for k in range(size):
        pivot = next((i for i in range(k, size) if lines[i][k]), None)
        if pivot is None:
            return None
        lines[k], lines[pivot] = lines[pivot], lines[k]
        lines[k] = [each / lines[k][k] for each in lines[k]]
        for i in range(size):
            if i != k and lines[i][k]:
                factor = lines[i][k]
                lines[i] = [a - factor * b for a, b in zip(lines[i], lines[k], strict=True)]
    return tuple(line[-1] for line in lines)


def corners(answers: list[list[Fraction]]) -> set[Vector]:
    """The corners x of {x in the simplex, v >= answers[j] . x for all j, v as low as can be}.

    `answers` has a row for each strategy of the other player.
    """
    own = len(answers[0])
    tight = [[Fraction(int(i == k)) for i in range(own)] + [Fraction(0)] for k in range(own)]
    tight += [[*row, Fraction(-1)] for row in answers]
    found = set()
    for chosen in combinations(tight, own):
        rows = [*chosen, [Fraction(1)] * own + [Fraction(0)]]
        point = solved(rows, [Fraction(0)] * own + [Fraction(1)])
        if point is None or min(point[:-1]) < 0:
            continue
        x, v = point[:-1], point[-1]
        if all(sum(a * b for a, b in zip(row, x, strict=True)) <= v for row in answers):
            found.add(x)
    return found


def is_equilibrium(first, second, x: Vector, y: Vector) -> bool:
    """Whether neither gains by any single strategy."""
    rows = [sum(a * w for a, w in zip(row, y, strict=True)) for row in first]
    columns = [sum(w * row[j] for w, row in zip(x, second, strict=True)) for j in range(len(y))]
    return sum(a * w for a, w in zip(rows, x, strict=True)) == max(rows) and sum(
        b * w for b, w in zip(columns, y, strict=True)
    ) == max(columns)


def extreme_equilibria(first, second) -> set[tuple[Vector, Vector]]:
    """Every extreme equilibrium of two matrices."""
    xs = corners([list(column) for column in zip(*second, strict=True)])
    ys = corners([list(row) for row in first])
    return {(x, y) for x, y in product(xs, ys) if is_equilibrium(first, second, x, y)}
