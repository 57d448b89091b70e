"""Everything that two labs may earn in equilibrium when both see all: the set of payoffs.

The game has two players and finitely many pure actions, is repeated for ever with discount factor
delta, is seen perfectly, and may be coordinated by a coin that both see.

1. Start with W, the convex hull of the stage payoffs: every equilibrium payoff lies in it.
2. Let v_i be the least that W gives player i: nothing worse can be threatened.
3. For each action profile a, a promise w in W keeps player i to it where
   w_i >= v_i + (1 - delta) / delta (best reply payoff of i to a - g_i(a)).
4. B(W) is the convex hull of (1 - delta) g(a) + delta w over all a and all such w: a polygon cut by
   two lines, shrunk towards g(a). If no profile has a promise left, B(W) is empty.
5. Go on with B(W) in place of W, until it moves by less than 1e-10 (1 - delta). The sets shrink
   towards the set of equilibrium payoffs, from outside.

Abreu, Pearce and Stacchetti 1990 for the operator; Abreu and Sannikov 2014 for what it is with two
players and perfect monitoring. Float64; cuts are made 1e-12 outside, so that promises that only
just suffice are kept. A set that is approached from outside may be too large by the tolerance.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Final, TypeAlias

from pausenet.errors import Misuse
from pausenet.game.answer import NotFound

Point: TypeAlias = tuple[float, float]
Polygon: TypeAlias = tuple[Point, ...]
"""Corners, against the clock; one or two for a point or a line, none for the empty set."""
TOLERANCE: Final = 1e-9
_STILL: Final = 1e-10
_OUTSIDE: Final = 1e-12
_ROUNDS: Final = 5_000


@dataclass(frozen=True, slots=True, kw_only=True)
class TwoLabs:
    """Stage payoffs of two players, shape (actions of the first, actions of the second)."""

    first: tuple[tuple[float, ...], ...]
    second: tuple[tuple[float, ...], ...]

    def __post_init__(self) -> None:
        widths = {len(row) for row in (*self.first, *self.second)}
        if not self.first or len(self.first) != len(self.second) or len(widths) != 1 or 0 in widths:
            raise Misuse("TwoLabs: expected two tables of the same shape")
        if not all(math.isfinite(cell) for row in (*self.first, *self.second) for cell in row):
            raise Misuse("TwoLabs: expected numbers")

    @property
    def profiles(self) -> tuple[tuple[Point, Point], ...]:
        """For each action profile its payoffs, and what a best reply would add to each."""
        found = []
        columns = tuple(zip(*self.first, strict=True))
        for row, (own, other) in enumerate(zip(self.first, self.second, strict=True)):
            for column, payoff in enumerate(zip(own, other, strict=True)):
                best = (max(columns[column]), max(self.second[row]))
                found.append((payoff, (best[0] - payoff[0], best[1] - payoff[1])))
        return tuple(found)


@dataclass(frozen=True, slots=True, kw_only=True)
class Payoffs:
    """The corners of the set, and how many rounds it took; no corner where nothing is stable."""

    corners: Polygon
    rounds: int

    def holds(self, payoff: Point, tolerance: float = TOLERANCE) -> bool:
        """Whether a pair of payoffs lies in the set, to `tolerance`."""
        return distance(self.corners, payoff) <= tolerance

    @property
    def best_equal(self) -> float | NotFound:
        """The most that both may earn equally; `NotFound` where they never earn the same."""
        return _best_equal(self.corners)


def payoff_set(game: TwoLabs, discount: float) -> Payoffs | NotFound:
    """The payoffs of subgame-perfect equilibria, by the operator of steps 1 to 5.

    Raises `Misuse` unless the discount factor lies above 0 and below 1. `NotFound` where the set
    still moves after 5,000 rounds. Without an equilibrium in pure actions the set may be empty.
    """
    if not 0.0 < discount < 1.0:
        raise Misuse("payoff_set: expected a discount factor above 0 and below 1")
    profiles = game.profiles
    held = hull([payoff for payoff, _ in profiles])
    for done in range(1, _ROUNDS + 1):
        after = step(profiles, discount, held)
        if not after or _moved(held, after) < _STILL * (1.0 - discount):
            return Payoffs(corners=_tidied(after), rounds=done)
        held = after
    return NotFound(f"the set still moves after {_ROUNDS} rounds")


def step(profiles: Sequence[tuple[Point, Point]], discount: float, held: Polygon) -> Polygon:
    """B(W) of step 4."""
    worst = (min(x for x, _ in held), min(y for _, y in held))
    ratio = (1.0 - discount) / discount
    found: list[Point] = []
    for payoff, temptation in profiles:
        promises = held
        for axis in (0, 1):
            least = worst[axis] + ratio * temptation[axis] - _OUTSIDE
            promises = _cut(promises, axis, least)
        found += [
            (
                (1.0 - discount) * payoff[0] + discount * x,
                (1.0 - discount) * payoff[1] + discount * y,
            )
            for x, y in promises
        ]
    return hull(found)


def hull(points: Sequence[Point]) -> Polygon:
    """The convex hull, against the clock, by Andrew's monotone chain.

    >>> hull([(0.0, 0.0), (1.0, 0.0), (0.0, 1.0), (0.2, 0.2)])
    ((0.0, 0.0), (1.0, 0.0), (0.0, 1.0))
    """
    ordered = sorted(set(points))
    if len(ordered) <= 2:
        return tuple(ordered)
    chains = []
    for run in (ordered, ordered[::-1]):
        chain: list[Point] = []
        for point in run:
            while len(chain) >= 2 and _turn(chain[-2], chain[-1], point) <= 1e-15:
                chain.pop()
            chain.append(point)
        chains.append(chain[:-1])
    return (*chains[0], *chains[1])


def distance(corners: Polygon, point: Point) -> float:
    """How far a point lies from a convex polygon; 0 within, infinite where there is none."""
    if not corners:
        return math.inf
    edges = list(zip(corners, (*corners[1:], corners[0]), strict=True))
    if not _thin(corners) and all(_turn(a, b, point) >= 0.0 for a, b in edges):
        return 0.0
    return min(_to_edge(a, b, point) for a, b in edges)


def _thin(corners: Polygon) -> bool:
    """Whether a polygon is a line but for rounding: then nothing lies to one side of all edges."""
    first = corners[0]
    area = sum(_turn(first, a, b) for a, b in pairwise(corners[1:]))
    span = max(math.dist(first, corner) for corner in corners)
    return area <= _OUTSIDE * span * span


def _tidied(corners: Polygon) -> Polygon:
    """The same polygon without corners that lie within the tolerance of what the others span."""
    kept = list(corners)
    for corner in corners:
        others = tuple(each for each in kept if each is not corner)
        if others and distance(others, corner) <= TOLERANCE:
            kept = list(others)
    return tuple(kept)


def _cut(corners: Polygon, axis: int, least: float) -> Polygon:
    """The part of a polygon in which one coordinate is `least` or more."""
    found: list[Point] = []
    for here, there in zip(corners, (*corners[1:], *corners[:1]), strict=True):
        inside, next_inside = here[axis] >= least, there[axis] >= least
        if inside:
            found.append(here)
        if inside is not next_inside:
            share = (least - here[axis]) / (there[axis] - here[axis])
            found.append(
                (here[0] + share * (there[0] - here[0]), here[1] + share * (there[1] - here[1]))
            )
    return tuple(dict.fromkeys(found))


def _moved(before: Polygon, after: Polygon) -> float:
    """The furthest that a corner of the larger set lies from the smaller one."""
    return max(distance(after, corner) for corner in before)


def _turn(a: Point, b: Point, c: Point) -> float:
    return (b[0] - a[0]) * (c[1] - a[1]) - (b[1] - a[1]) * (c[0] - a[0])


def _to_edge(a: Point, b: Point, point: Point) -> float:
    along = (b[0] - a[0], b[1] - a[1])
    length = along[0] ** 2 + along[1] ** 2
    share = 0.0
    if length > 0.0:
        share = ((point[0] - a[0]) * along[0] + (point[1] - a[1]) * along[1]) / length
    share = min(1.0, max(0.0, share))
    return math.hypot(point[0] - a[0] - share * along[0], point[1] - a[1] - share * along[1])


def _best_equal(corners: Polygon) -> float | NotFound:
    best = -math.inf
    for (ax, ay), (bx, by) in zip(corners, (*corners[1:], *corners[:1]), strict=True):
        start, end = ax - ay, bx - by
        if abs(start) <= TOLERANCE:
            best = max(best, min(ax, ay))
        elif start * end < 0.0:
            best = max(best, ax + start / (start - end) * (bx - ax))
    return best if best > -math.inf else NotFound("the two never earn the same")
