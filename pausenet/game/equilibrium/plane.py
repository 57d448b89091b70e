"""The plane of two players' payoffs: what a game of two can pay, and where its equilibria lie."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from fractions import Fraction
from typing import TypeAlias

from pausenet.game.answer import Axis, Lines, Mark, Series
from pausenet.game.equilibrium.profile import Profile
from pausenet.game.normal_form.game import Game

Point: TypeAlias = tuple[Fraction, Fraction]
_MARKS_MAX = 8


def hull(points: Iterable[Point]) -> tuple[Point, ...]:
    """The corners of the convex hull, counterclockwise from the one furthest to the left.

    Andrew 1979, Another Efficient Algorithm for Convex Hulls in Two Dimensions.

    >>> corners = [(Fraction(x), Fraction(y)) for x, y in ((0, 0), (1, 1), (2, 2), (2, 0))]
    >>> [(int(x), int(y)) for x, y in hull(corners)]
    [(0, 0), (2, 0), (2, 2)]
    """
    ordered = sorted(set(points))
    if len(ordered) == 1:
        return (ordered[0],)
    return (*_chain(ordered)[:-1], *_chain(ordered[::-1])[:-1])


def plane(
    game: Game,
    profiles: Sequence[Profile],
    *,
    title: str,
    subtitle: str,
    region: Sequence[Point] = (),
    marks: Sequence[Mark] = (),
) -> Lines:
    """The picture: what mixtures of profiles can pay, a region within it, the equilibria."""
    series = [_outline("all that can be paid", [(p[0], p[1]) for p in game.payoffs], dashed=True)]
    if region:
        series.append(_outline("correlated equilibria", region))
    seen = dict.fromkeys((profile.payoffs[0], profile.payoffs[1]) for profile in profiles)
    named = [
        Mark(x=x, y=y, words="an equilibrium" if number == 0 else "")
        for number, (x, y) in enumerate(list(seen)[:_MARKS_MAX])
    ]
    return Lines(
        title=title,
        subtitle=subtitle,
        x=_axis(game, 0),
        y=_axis(game, 1),
        series=tuple(series),
        marks=(*named, *marks),
    )


def _axis(game: Game, player: int) -> Axis:
    paid = [each[player] for each in game.payoffs]
    low, high = min(paid), max(paid)
    room = (high - low) / 10 or Fraction(1)
    return Axis(title=f"payoff of {game.players[player]}", low=low - room, high=high + room)


def _outline(name: str, points: Iterable[Point], dashed: bool = False) -> Series:
    """The closed edge of a hull; its name stands at the corner furthest to the right."""
    corners = hull(points)
    last = corners.index(max(corners))
    turned = (*corners[last:], *corners[:last], corners[last])
    return Series(name=name, points=turned if len(corners) > 1 else corners, dashed=dashed)


def _chain(ordered: Sequence[Point]) -> list[Point]:
    found: list[Point] = []
    for point in ordered:
        while len(found) > 1 and _turn(found[-2], found[-1], point) <= 0:
            found.pop()
        found.append(point)
    return found


def _turn(a: Point, b: Point, c: Point) -> Fraction:
    return (b[0] - a[0]) * (c[1] - a[1]) - (b[1] - a[1]) * (c[0] - a[0])
