"""Equilibria in which three or more players mix: all isolated roots of the equations on a support.

1. The unknowns are the weights of each mixing player's strategies but the first, in the box of all
   numbers from 0 to 1. What a strategy pays is linear in each of them alone.
2. A mixing player's strategies on the support pay the same; no other pays more; the weights left to
   the first strategies are not below 0.
3. Every root (`roots`) with all weights above 0 is tried as fractions with small denominators.
"""

from __future__ import annotations

from fractions import Fraction
from itertools import product
from typing import Final, TypeAlias

import numpy as np
import numpy.typing as npt

from pausenet.game.equilibrium.profile import Judge, Mixed, Profile
from pausenet.game.equilibrium.roots import roots
from pausenet.game.normal_form.game import Game

UNKNOWN_MAX: Final = 6
REGRET_MAX: Final = 1e-9
_SMALLEST: Final = 1e-9
_DENOMINATORS: Final = (100, 10_000, 1_000_000)
_Floats: TypeAlias = npt.NDArray[np.float64]
Supports: TypeAlias = tuple[tuple[int, ...], ...]


def interior(game: Game, supports: Supports, judge: Judge) -> tuple[tuple[Profile, ...], bool]:
    """The isolated equilibria with exactly these supports, and whether there can be no other."""
    unknown = [(player, place) for player, own in enumerate(supports) for place in own[1:]]
    if len(unknown) > UNKNOWN_MAX:
        return (), False
    equations, inequalities = _system(game, supports, unknown, judge)
    found = roots(equations, inequalities)
    profiles = []
    for root in found.found:
        weights = _weights(game, supports, unknown, [Fraction(x) for x in root])
        if any(weights[p][k] < _SMALLEST for p, own in enumerate(supports) for k in own):
            continue
        profile = _exact(game, supports, unknown, root, judge) or judge.profile(
            tuple(tuple(float(w) for w in each) for each in weights)
        )
        scale = max(1.0, *(abs(float(p)) for paid in game.payoffs for p in paid))
        if float(profile.regret) <= REGRET_MAX * scale:
            profiles.append(profile)
    return tuple(profiles), found.complete


def _system(
    game: Game, supports: Supports, unknown: list[tuple[int, int]], judge: Judge
) -> tuple[_Floats, _Floats]:
    """Equations and inequalities at the corners of the unit box (steps 1 and 2).

    At a corner a player's weights may not be chances; what is paid there is extended linearly.
    """
    size = len(unknown)
    equations: list[list[Fraction]] = [[] for _ in range(size)]
    inequalities: list[list[Fraction]] = []
    first = True
    for corner in product((Fraction(0), Fraction(1)), repeat=size):
        weights = _weights(game, supports, unknown, list(corner))
        row: list[Fraction] = []
        number = 0
        for player, own in enumerate(supports):
            paid = judge.pays(weights, player)
            for strategy in range(game.shape[player]):
                if strategy == own[0]:
                    continue
                ahead = paid[strategy] - paid[own[0]]
                if strategy in own:
                    equations[number].append(ahead)
                    number += 1
                else:
                    row.append(ahead)
            row.append(-weights[player][own[0]])
        if first:
            inequalities = [[] for _ in row]
            first = False
        for values, value in zip(inequalities, row, strict=True):
            values.append(value)
    shape = (2,) * size
    return (
        np.array([[float(x) for x in each] for each in equations]).reshape((size, *shape)),
        np.array([[float(x) for x in each] for each in inequalities]).reshape((-1, *shape)),
    )


def _weights(
    game: Game, supports: Supports, unknown: list[tuple[int, int]], values: list[Fraction]
) -> tuple[tuple[Fraction, ...], ...]:
    """The weights of all players; the first strategy of a support has what the others leave."""
    found = [[Fraction(0)] * count for count in game.shape]
    for (player, place), value in zip(unknown, values, strict=True):
        found[player][place] = value
    for player, own in enumerate(supports):
        found[player][own[0]] = 1 - sum(found[player], Fraction(0))
    return tuple(tuple(each) for each in found)


def _exact(
    game: Game,
    supports: Supports,
    unknown: list[tuple[int, int]],
    root: tuple[float, ...],
    judge: Judge,
) -> Profile | None:
    """The root as simple fractions, if that is an equilibrium exactly (step 3)."""
    for denominator in _DENOMINATORS:
        values = [Fraction(x).limit_denominator(denominator) for x in root]
        weights: Mixed = _weights(game, supports, unknown, values)
        if min(w for each in weights for w in each) < 0:
            continue
        profile = judge.profile(weights)
        if profile.exact:
            return profile
    return None
