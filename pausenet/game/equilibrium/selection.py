"""Which of several equilibria: payoff dominance and risk dominance.

Harsanyi & Selten 1988, A General Theory of Equilibrium Selection in Games, chapters 3 and 5.

1. An equilibrium is payoff dominant if every other one pays nobody more and somebody less.
2. In a game of two with two strategies each and two strict equilibria, the one is risk dominant
   whose product of the two players' losses from leaving it alone is greater.
3. Its other face: a player who thinks the others play each equilibrium's strategy with equal
   chances, and nothing else, leans to it; in symmetric games that says the same.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction

from pausenet.game.answer import Infeasible
from pausenet.game.equilibrium.profile import Profile
from pausenet.game.normal_form.game import Choice, Game


@dataclass(frozen=True, slots=True, kw_only=True)
class RiskDominant:
    """The equilibrium that is risk dominant and the other one, with their products of losses."""

    choice: Choice
    product: Fraction
    other: Choice
    other_product: Fraction


def payoff_dominant(profiles: Sequence[Profile]) -> Profile | Infeasible:
    """The one that pays everybody at least as much as any other, and somebody more (step 1)."""
    best = [each for each in profiles if all(_at_least(each, other) for other in profiles)]
    if len(best) == 1:
        return best[0]
    if best:
        return Infeasible("several equilibria pay the same, and none pays anybody more")
    return Infeasible("no equilibrium is best for everybody")


def _at_least(one: Profile, other: Profile) -> bool:
    return all(a >= b for a, b in zip(one.payoffs, other.payoffs, strict=True))


def risk_dominant(game: Game) -> RiskDominant | Infeasible:
    """The risk dominant one of two strict equilibria (step 2).

    >>> from pausenet.game.normal_form.game import bimatrix
    >>> found = risk_dominant(bimatrix([[4, 0], [3, 2]], [[4, 3], [0, 2]]))
    >>> found.choice, found.product, found.other_product
    ((1, 1), Fraction(4, 1), Fraction(1, 1))
    """
    if game.shape != (2, 2):
        return Infeasible("risk dominance is defined for two players with two strategies each")
    strict = [
        (choice, losses) for choice in game.profiles() if min(losses := _losses(game, choice)) > 0
    ]
    if len(strict) != 2:
        return Infeasible("the game has not two strict equilibria to choose from")
    (one, a), (other, b) = strict
    first, second = a[0] * a[1], b[0] * b[1]
    if first == second:
        return Infeasible("both equilibria are equally risky")
    if first > second:
        return RiskDominant(choice=one, product=first, other=other, other_product=second)
    return RiskDominant(choice=other, product=second, other=one, other_product=first)


def _losses(game: Game, choice: Choice) -> tuple[Fraction, Fraction]:
    """What each player loses by leaving a profile alone."""
    i, j = choice
    paid = game.paid(choice)
    return paid[0] - game.paid((1 - i, j))[0], paid[1] - game.paid((i, 1 - j))[1]
