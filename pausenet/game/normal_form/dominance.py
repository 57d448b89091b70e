"""Which strategies are dominated, in turn, by single strategies or by mixtures.

Gale, Kuhn & Tucker 1950; by mixtures: Pearce 1984, Econometrica 52: 1029-1050. A strategy is
strictly dominated if some mixture pays more whatever the others do, weakly if it pays never less
and sometimes more.

1. For each strategy that is left, a programme asks for the mixture of the player's others that does
   best against it: the least gain (strict) or the sum of gains, none below 0 (weak).
2. All that are dominated are taken away at once; then again, until nothing is.

What survives strict dominance holds every equilibrium and does not depend on the order. What
survives weak dominance does, and may have lost equilibria; here all players lose theirs at once.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from fractions import Fraction
from itertools import product

from pausenet.game.linear import Constraint, Optimum, maximise
from pausenet.game.normal_form.game import Game


class Dominance(StrEnum):
    """How much better the dominating strategy must be."""

    STRICT = "strictly"
    WEAK = "weakly"


@dataclass(frozen=True, slots=True, kw_only=True)
class Removed:
    """A strategy that is dominated, by which mixture of the player's strategies, in which round."""

    player: int
    strategy: int
    by: tuple[Fraction, ...]
    round: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Surviving:
    """What is left of each player's strategies, and what was taken away, in order."""

    kept: tuple[tuple[int, ...], ...]
    removed: tuple[Removed, ...]


def undominated(game: Game, dominance: Dominance = Dominance.STRICT) -> Surviving:
    """What is left when dominated strategies are taken away until none is.

    >>> from pausenet.game.normal_form.game import bimatrix
    >>> undominated(bimatrix([[3, 0], [5, 1]], [[3, 5], [0, 1]])).kept
    ((1,), (1,))
    """
    kept = [tuple(range(count)) for count in game.shape]
    removed: list[Removed] = []
    number = 0
    while True:
        number += 1
        found = [
            Removed(player=player, strategy=strategy, by=by, round=number)
            for player in range(len(game.players))
            for strategy in kept[player]
            if (by := dominating(game, player, strategy, kept, dominance))
        ]
        if not found:
            return Surviving(kept=tuple(kept), removed=tuple(removed))
        removed += found
        gone = {(each.player, each.strategy) for each in found}
        kept = [
            tuple(each for each in places if (player, each) not in gone)
            for player, places in enumerate(kept)
        ]


def dominating(
    game: Game,
    player: int,
    strategy: int,
    kept: Sequence[Sequence[int]],
    dominance: Dominance = Dominance.STRICT,
) -> tuple[Fraction, ...]:
    """A mixture of the player's strategies that dominates one, or () where none does (step 1)."""
    rivals = [each for each in kept[player] if each != strategy]
    if not rivals:
        return ()
    gains = _gains(game, player, strategy, rivals, kept)
    for place, rival in enumerate(rivals):
        against = [row[place] for row in gains]
        least = min(against)
        if least > 0 or (dominance is Dominance.WEAK and least == 0 and max(against) > 0):
            return tuple(Fraction(int(each == rival)) for each in range(game.shape[player]))
    if len(rivals) < 2:
        return ()
    size = len(rivals)
    at_most: list[Constraint]
    if dominance is Dominance.STRICT:
        # The last variable is the least gain.
        objective = [Fraction(0)] * size + [Fraction(1)]
        at_most = [([*(-gain for gain in row), 1], 0) for row in gains]
        found = maximise(objective, at_most=at_most, equal=[([1] * size + [0], 1)], free=[size])
    else:
        objective = [sum((row[k] for row in gains), Fraction(0)) for k in range(size)]
        at_most = [([-gain for gain in row], 0) for row in gains]
        found = maximise(objective, at_most=at_most, equal=[([1] * size, 1)])
    if not isinstance(found, Optimum) or found.value <= 0:
        return ()
    weights = dict(zip(rivals, found.point, strict=False))
    return tuple(weights.get(each, Fraction(0)) for each in range(game.shape[player]))


def _gains(
    game: Game, player: int, strategy: int, rivals: list[int], kept: Sequence[Sequence[int]]
) -> list[list[Fraction]]:
    """What each rival strategy would add, for each way that the others may play."""
    found = []
    others = [[0] if place == player else each for place, each in enumerate(kept)]
    for choice in product(*others):
        before, after = choice[:player], choice[player + 1 :]
        now = game.paid((*before, strategy, *after))[player]
        found.append([game.paid((*before, rival, *after))[player] - now for rival in rivals])
    return found
