"""Correlated equilibria: what a mediator can have labs play by telling each what to do.

Aumann 1974, Subjectivity and Correlation in Randomized Strategies, Journal of Mathematical
Economics 1: 67-96; Aumann 1987, Econometrica 55: 1-18.

1. The unknowns are the chances of all profiles of strategies; they add up to 1.
2. For each player, each strategy told and each other one: what obeying pays, summed over what the
   others are told, is not below what the other strategy would pay.
3. Among all such chances a linear programme finds those that are best by an aim.

The set is a polytope that holds every mixture of equilibria, so the best is never worse than the
best equilibrium.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import Final

from pausenet.errors import Misuse
from pausenet.game.answer import NotFound
from pausenet.game.equilibrium.plane import Point, hull
from pausenet.game.linear import Constraint, Exact, Optimum, maximise
from pausenet.game.normal_form.game import Choice, Game

PROFILES_MAX: Final = 400


@dataclass(frozen=True, slots=True, kw_only=True)
class Correlated:
    """The chance of each profile in the game's order, what each player gets, the largest regret.

    A player's regret is what the best way of disobeying would add: 0 in an equilibrium.
    """

    chances: tuple[Fraction, ...]
    payoffs: tuple[Fraction, ...]
    regret: Fraction


def best_correlated(game: Game, weights: Sequence[Exact]) -> Correlated | NotFound:
    """The correlated equilibrium with the greatest weighted sum of payoffs.

    >>> from pausenet.game.normal_form.game import bimatrix
    >>> best_correlated(bimatrix([[6, 2], [7, 0]], [[6, 7], [2, 0]]), [1, 1]).payoffs
    (Fraction(21, 4), Fraction(21, 4))
    """
    if len(weights) != len(game.players):
        raise Misuse(f"weights: expected one for each of {len(game.players)} players")
    objective = [
        sum((w * p for w, p in zip(weights, paid, strict=True)), Fraction(0))
        for paid in game.payoffs
    ]
    return _found(game, objective, [], 0)


def fairest_correlated(game: Game) -> Correlated | NotFound:
    """The correlated equilibrium in which the player who gets least gets most."""
    count = len(game.payoffs)
    at_most: list[Constraint] = [
        ([*(-paid[player] for paid in game.payoffs), 1], 0) for player in range(len(game.players))
    ]
    return _found(game, [0] * count + [1], at_most, 1)


def correlated_payoffs(game: Game) -> tuple[Point, ...] | NotFound:
    """The corners of what two players can get in correlated equilibria, by their first payoff.

    Between two corners the programme looks in the direction across; where it finds nothing beyond
    the line, the line is an edge.
    """
    if len(game.players) != 2:
        raise Misuse(f"correlated_payoffs: expected two players, found {len(game.players)}")
    ends = []
    for direction in ((1, 0), (0, 1), (-1, 0), (0, -1)):
        found = best_correlated(game, direction)
        if isinstance(found, NotFound):
            return found
        ends.append(_point(found))
    corners = set(ends)
    left = [(a, b) for a, b in zip(ends, [*ends[1:], ends[0]], strict=True) if a != b]
    while left:
        a, b = left.pop()
        across = (b[1] - a[1], a[0] - b[0])
        found = best_correlated(game, across)
        if isinstance(found, NotFound):
            return found
        c = _point(found)
        if across[0] * (c[0] - a[0]) + across[1] * (c[1] - a[1]) > 0:
            corners.add(c)
            left += [(a, c), (c, b)]
    return hull(corners)


def disobedience(game: Game, chances: Sequence[Fraction]) -> Fraction:
    """The largest regret: what the best way of disobeying adds to a player's payoff."""
    worst = Fraction(0)
    by_choice = dict(zip(game.profiles(), chances, strict=True))
    for player, count in enumerate(game.shape):
        gained = Fraction(0)
        for told in range(count):
            gains = [Fraction(0)] * count
            for choice, chance in by_choice.items():
                if choice[player] == told and chance:
                    now = game.paid(choice)[player]
                    for other in range(count):
                        gains[other] += chance * (
                            game.paid(_instead(choice, player, other))[player] - now
                        )
            gained += max(gains)
        worst = max(worst, gained)
    return worst


def _found(
    game: Game, objective: Sequence[Exact], at_most: list[Constraint], beyond: int
) -> Correlated | NotFound:
    """Solve the programme; `beyond` free variables stand after the chances (steps 1 to 3)."""
    count = len(game.payoffs)
    if count > PROFILES_MAX:
        return NotFound(f"{count} profiles, more than {PROFILES_MAX}")
    rows = [*at_most, *_obeying(game, beyond)]
    found = maximise(
        objective,
        at_most=rows,
        equal=[([1] * count + [0] * beyond, 1)],
        free=range(count, count + beyond),
    )
    assert isinstance(found, Optimum)  # every game has an equilibrium, and chances are bounded
    chances = found.point[:count]
    return Correlated(
        chances=chances,
        payoffs=tuple(
            sum((c * paid[player] for c, paid in zip(chances, game.payoffs, strict=True)), _NOTHING)
            for player in range(len(game.players))
        ),
        regret=disobedience(game, chances),
    )


def _obeying(game: Game, beyond: int) -> list[Constraint]:
    """What disobeying adds is at most 0 (step 2)."""
    choices = list(game.profiles())
    rows: list[Constraint] = []
    for player, count in enumerate(game.shape):
        for told in range(count):
            for other in range(count):
                if other == told:
                    continue
                row = [
                    game.paid(_instead(choice, player, other))[player] - game.paid(choice)[player]
                    if choice[player] == told
                    else _NOTHING
                    for choice in choices
                ]
                rows.append(([*row, *([_NOTHING] * beyond)], 0))
    return rows


def _instead(choice: Choice, player: int, other: int) -> Choice:
    return (*choice[:player], other, *choice[player + 1 :])


def _point(found: Correlated) -> Point:
    return (found.payoffs[0], found.payoffs[1])


_NOTHING: Final = Fraction(0)
