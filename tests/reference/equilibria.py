"""Slow and obvious: the equilibria of small games from their definition, in fractions.

Two players: every extreme point of {x : sum x = 1, x >= 0} cut by each set of ties between columns,
by trying all square systems; and the pairs of them that are equilibria. Three players with two
strategies each: pure profiles, two that mix by their two equations, three by the quadratic that is
left when two unknowns are eliminated.
"""

from __future__ import annotations

import math
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


Paid = dict[tuple[int, int, int], tuple[Fraction, ...]]


def advantage(paid: Paid, player: int, chances) -> object:
    """What the first strategy pays a player more than the second, against the others' chances."""
    total = 0
    for choice in product((0, 1), repeat=3):
        share = 1
        for other, chance in enumerate(chances):
            if other != player:
                share *= chance if choice[other] == 0 else 1 - chance
        total += share * paid[choice][player] * (1 if choice[player] == 0 else -1)
    return total


def agrees(paid: Paid, chances, slack: float) -> bool:
    """Whether each player's chance of the first strategy is a best response, up to `slack`."""
    for player, chance in enumerate(chances):
        gain = advantage(paid, player, chances)
        if (chance < 1 and gain > slack) or (chance > 0 and gain < -slack):
            return False
    return True


def zero(paid: Paid, player: int, place: int, chances) -> Fraction | None:
    """The other's chance, at `place`, that leaves a player indifferent; none if not between."""
    ends = []
    for end in (Fraction(0), Fraction(1)):
        at = list(chances)
        at[place] = end
        ends.append(advantage(paid, player, at))
    if ends[0] == ends[1]:
        return None
    found = ends[0] / (ends[0] - ends[1])
    return found if 0 < found < 1 else None


def three_by_two(paid: Paid) -> list[tuple[float, ...]]:
    """Every equilibrium of a game of three with two strategies each that is not degenerate."""
    found = [c for c in product((Fraction(0), Fraction(1)), repeat=3) if agrees(paid, c, 0)]
    for still in range(3):
        one, two = (k for k in range(3) if k != still)
        for end in (Fraction(0), Fraction(1)):
            chances = [end] * 3
            theirs, mine = zero(paid, one, two, chances), zero(paid, two, one, chances)
            if theirs is not None and mine is not None:
                chances[two], chances[one] = theirs, mine
                if agrees(paid, tuple(chances), 0):
                    found.append(tuple(chances))
    points = [tuple(map(float, each)) for each in found]
    return sorted([*points, *inner(paid)])


def inner(paid: Paid) -> list[tuple[float, ...]]:
    """All three mix: player B's equation gives p, A's gives q, C's is a quadratic in r."""

    def parts(player: int, place: int, r) -> tuple[Fraction, Fraction]:
        """The equation of a player as constant and slope in the chance at `place`, given r."""
        ends = []
        for end in (0, 1):
            at = [Fraction(0), Fraction(0), r]
            at[place] = Fraction(end)
            ends.append(advantage(paid, player, at))
        return ends[0], ends[1] - ends[0]

    def left(r) -> Fraction:
        (a, b), (c, d) = parts(1, 0, r), parts(0, 1, r)  # p = -a / b, q = -c / d
        corner = [
            advantage(paid, 2, [Fraction(x), Fraction(y), r]) for x, y in product((0, 1), repeat=2)
        ]
        p, q, pq = corner[2] - corner[0], corner[1] - corner[0], sum_of(corner)
        return corner[0] * b * d - p * a * d - q * c * b + pq * a * c

    def sum_of(corner) -> Fraction:
        return corner[3] - corner[2] - corner[1] + corner[0]

    y0, y1, y2 = (left(Fraction(r)) for r in (0, 1, 2))
    a, c = (y2 - 2 * y1 + y0) / 2, y0
    b = y1 - y0 - a
    if a == 0:
        rs = [float(-c / b)] if b else []
    else:
        square = b * b - 4 * a * c
        rs = (
            []
            if square < 0
            else [(-float(b) + s * math.sqrt(square)) / (2 * float(a)) for s in (1, -1)]
        )
    found = []
    for r in rs:
        point: list[float] = [math.nan, math.nan, float(r)]
        for player, place in ((1, 0), (0, 1)):
            constant, slope = map(float, parts(player, place, r))
            if abs(slope) > 1e-9:
                point[place] = -constant / slope
        # Where an equation holds whatever p (or q) is, player C's equation says which it is.
        for place, other in ((0, 1), (1, 0)):
            if math.isnan(point[place]) and not math.isnan(point[other]):
                ends = []
                for end in (0.0, 1.0):
                    at = [*point]
                    at[place] = end
                    ends.append(float(advantage(paid, 2, at)))
                if ends[0] != ends[1]:
                    point[place] = ends[0] / (ends[0] - ends[1])
        if all(1e-9 < z < 1 - 1e-9 for z in point) and agrees(paid, point, 1e-6):
            found.append(tuple(point))
    return found
