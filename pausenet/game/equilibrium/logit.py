"""Logit response: what players do who choose better strategies more often, not always.

McKelvey & Palfrey 1995, Quantal Response Equilibria for Normal Form Games, Games and Economic
Behavior 10: 6-38; the path is followed as in Turocy 2005, A Dynamic Homotopy Interpretation of the
Logistic Quantal Response Equilibrium Correspondence, ibid. 51: 243-263.

1. At precision `lambda` (one over a unit of payoff) the chance of a strategy is proportional to
   exp(lambda u), u what it pays against the others' chances.
2. The unknowns are the logarithms of all chances, and lambda. At lambda = 0 all are equal; from
   there a curve runs through the solutions, whose limit is an equilibrium for almost all games.
3. Predict: a step along the tangent, the null vector of the Jacobian, which never turns round.
4. Correct: Newton steps of least length back to the curve. A step that does not come back within
   `_TOLERANCE` in a few tries is halved, one that does at once is made longer.

Floats; each point is within 1e-9 of a solution of step 1, and its largest regret is stated.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Final, TypeAlias

import numpy as np
import numpy.typing as npt

from pausenet.errors import Misuse
from pausenet.game.answer import NotFound
from pausenet.game.equilibrium.profile import Judge, Profile
from pausenet.game.normal_form.game import Game

_Floats: TypeAlias = npt.NDArray[np.float64]
_TOLERANCE: Final = 1e-11
_TRIES: Final = 6
_SHORTEST: Final = 1e-9
STEPS_MAX: Final = 5_000


@dataclass(frozen=True, slots=True, kw_only=True)
class Point:
    """A logit equilibrium: its precision in one over a unit of payoff, and the profile."""

    precision: float
    profile: Profile


def logit_path(
    game: Game,
    *,
    precision_max: float,
    stops: Sequence[float] = (),
    steps_max: int = STEPS_MAX,
) -> tuple[Point, ...] | NotFound:
    """The curve from equal chances up to a precision, as points along it; the last is there.

    `stops` are precisions that shall be among the points wherever the curve passes them. Where the
    curve turns back, precision falls on the way. Raises `Misuse` for a precision that is no number
    above 0.
    """
    if not (math.isfinite(precision_max) and precision_max > 0.0):
        raise Misuse(f"a precision: expected a number above 0, found {precision_max}")
    curve = _Curve(game)
    judge = Judge(game)
    here = curve.start()
    tangent = curve.tangent(here, curve.upwards())
    length = 0.1
    points = [Point(precision=0.0, profile=judge.profile(curve.weights(here)))]
    for _ in range(steps_max):
        there, tries = curve.corrected(here + length * tangent)
        turned = curve.tangent(there, tangent) if tries else tangent
        if not tries or float(turned @ tangent) < 0.9:
            length /= 2
            if length < _SHORTEST:
                return NotFound(f"the curve could not be followed beyond precision {here[-1]:g}")
            continue
        ahead = [stop for stop in {*stops, precision_max} if here[-1] < stop <= there[-1]]
        for stop in sorted(each for each in ahead if each <= precision_max):
            passed = judge.profile(curve.at(here, there, stop))
            points.append(Point(precision=stop, profile=passed))
        if there[-1] >= precision_max:
            return tuple(points)
        here, tangent = there, turned
        points.append(Point(precision=float(here[-1]), profile=judge.profile(curve.weights(here))))
        if tries <= 2:
            length *= 1.5
    return NotFound(f"precision {precision_max:g} was not reached in {steps_max} steps")


class _Curve:
    """The equations of step 2, their derivatives and the way along their solutions."""

    def __init__(self, game: Game) -> None:
        self.shape = game.shape
        self.paid = [
            np.array([float(each[player]) for each in game.payoffs]).reshape(self.shape)
            for player in range(len(self.shape))
        ]
        ends = np.cumsum((0, *self.shape))
        self.parts = [slice(int(a), int(b)) for a, b in pairwise(ends)]
        self.size = int(ends[-1])

    def start(self) -> _Floats:
        """Equal chances at precision 0."""
        logs = [np.full(count, -math.log(count)) for count in self.shape]
        return np.concatenate((*logs, [0.0]))

    def upwards(self) -> _Floats:
        """The direction in which precision grows."""
        return np.concatenate((np.zeros(self.size), [1.0]))

    def chances(self, place: _Floats) -> list[_Floats]:
        """Each player's chances."""
        return [np.exp(np.minimum(place[part], 0.0)) for part in self.parts]

    def weights(self, place: _Floats) -> tuple[tuple[float, ...], ...]:
        """Each player's chances, made to add up to 1."""
        return tuple(
            tuple(float(w) for w in each / math.fsum(each)) for each in self.chances(place)
        )

    def corrected(self, place: _Floats) -> tuple[_Floats, int]:
        """The point on the curve near a guess, and how many steps led there (0: none did)."""
        for tries in range(1, _TRIES + 1):
            left, slope = self.equations(place)
            if not np.all(np.isfinite(left)):
                return place, 0
            step = np.linalg.lstsq(slope, -left, rcond=None)[0]
            place = place + step
            if float(np.max(np.abs(step))) <= _TOLERANCE * max(1.0, float(np.max(np.abs(place)))):
                return place, tries
        return place, 0

    def tangent(self, place: _Floats, before: _Floats) -> _Floats:
        """The unit vector along the curve that does not turn round."""
        _, slope = self.equations(place)
        found: _Floats = np.linalg.svd(slope)[2][-1]
        return found if float(found @ before) >= 0.0 else -found

    def at(self, here: _Floats, there: _Floats, precision: float) -> tuple[tuple[float, ...], ...]:
        """The weights at a precision between two neighbours on the curve."""
        share = (precision - here[-1]) / (there[-1] - here[-1])
        place = here + share * (there - here)
        for _ in range(4 * _TRIES):
            place[-1] = precision
            left, slope = self.equations(place)
            place[:-1] += np.linalg.lstsq(slope[:, :-1], -left, rcond=None)[0]
        return self.weights(place)

    def equations(self, place: _Floats) -> tuple[_Floats, _Floats]:
        """What is left of each equation at a place, and the Jacobian, `size` x `size + 1`."""
        chances = self.chances(place)
        precision = place[-1]
        left = np.zeros(self.size)
        slope = np.zeros((self.size, self.size + 1))
        for player, part in enumerate(self.parts):
            logs = place[part]
            got = self._against(player, chances, -1)
            left[part.start] = chances[player].sum() - 1.0
            slope[part.start, part] = chances[player]
            rest = slice(part.start + 1, part.stop)
            left[rest] = logs[1:] - logs[0] - precision * (got[1:] - got[0])
            slope[rest, part.start] = -1.0
            slope[range(rest.start, rest.stop), range(rest.start, rest.stop)] = 1.0
            slope[rest, -1] = got[0] - got[1:]
            for other, theirs in enumerate(self.parts):
                if other != player:
                    each = self._against(player, chances, other) * chances[other]
                    slope[rest, theirs] = -precision * (each[1:] - each[0])
        return left, slope

    def _against(self, player: int, chances: list[_Floats], kept: int) -> _Floats:
        """A player's payoffs by the own strategy, and by that of `kept` where it is a player."""
        found: _Floats = self.paid[player]
        for axis in range(len(self.shape) - 1, -1, -1):
            if axis not in (player, kept):
                found = np.tensordot(found, chances[axis], axes=(axis, 0))
        return found.T if kept >= 0 and kept < player else found
