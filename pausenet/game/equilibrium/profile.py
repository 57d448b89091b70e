"""A profile of mixed strategies with what it pays and its largest regret.

A player's regret is what the best strategy would add, the others' staying as they are; a profile
is an equilibrium if and only if its largest regret is 0 (Nash 1951). Exact weights are judged in
whole numbers, floats in floats.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import TypeAlias, TypeVar

from pausenet.errors import Misuse
from pausenet.game.answer import Number
from pausenet.game.normal_form.game import Game

Weights: TypeAlias = tuple[Number, ...]
"""The chance of each strategy of one player."""
Mixed: TypeAlias = tuple[Weights, ...]
"""The weights of every player."""
_T = TypeVar("_T", int, float)


@dataclass(frozen=True, slots=True, kw_only=True)
class Profile:
    """Weights for each player, what each is paid, and the largest regret (in units of payoff)."""

    weights: Mixed
    payoffs: tuple[Number, ...]
    regret: Number

    @property
    def exact(self) -> bool:
        """Whether it is an equilibrium exactly."""
        return isinstance(self.regret, Fraction) and self.regret == 0


class Judge:
    """A game's payoffs in whole numbers: judges many profiles of the same game."""

    __slots__ = ("_floats", "_scales", "_shape", "_wholes")

    def __init__(self, game: Game) -> None:
        self._shape = game.shape
        self._scales: list[int] = []
        self._wholes: list[list[int]] = []
        self._floats: list[list[float]] = []
        for player in range(len(game.players)):
            paid = [each[player] for each in game.payoffs]
            scale = math.lcm(*(each.denominator for each in paid))
            self._scales.append(scale)
            self._wholes.append([each.numerator * (scale // each.denominator) for each in paid])
            self._floats.append([float(each) for each in paid])

    def profile(self, weights: Mixed) -> Profile:
        """The profile with its payoffs and regret. Raises `Misuse` for weights that are none."""
        _checked(self._shape, weights)
        exact = all(isinstance(w, Fraction) for each in weights for w in each)
        judged = self._exact(weights) if exact else self._floating(weights)
        return Profile(weights=weights, payoffs=judged[0], regret=judged[1])

    def pays(self, weights: Mixed, player: int) -> list[Fraction]:
        """What each of a player's strategies pays against the others' exact weights.

        Weights need be no chances: what is paid is extended linearly in each player's.
        """
        parts = []
        wholes = []
        for each in weights:
            exact = [Fraction(w) for w in each]
            part = math.lcm(*(w.denominator for w in exact))
            parts.append(part)
            wholes.append([w.numerator * (part // w.denominator) for w in exact])
        parts[player] = 1
        unit = math.prod(parts) * self._scales[player]
        paid = against(self._wholes[player], self._shape, wholes, player)
        return [Fraction(each, unit) for each in paid]

    def _exact(self, weights: Mixed) -> tuple[tuple[Fraction, ...], Fraction]:
        exact = [[Fraction(w) for w in each] for each in weights]
        parts = [math.lcm(*(w.denominator for w in each)) for each in exact]
        wholes = [
            [w.numerator * (part // w.denominator) for w in each]
            for each, part in zip(exact, parts, strict=True)
        ]
        paid, regrets = [], []
        for player, scale in enumerate(self._scales):
            each = against(self._wholes[player], self._shape, wholes, player)
            got = sum(w * p for w, p in zip(wholes[player], each, strict=True))
            unit = math.prod(parts) * scale
            paid.append(Fraction(got, unit))
            regrets.append(Fraction(max(each) * parts[player] - got, unit))
        return tuple(paid), max(regrets)

    def _floating(self, weights: Mixed) -> tuple[tuple[float, ...], float]:
        floats = [[float(w) for w in each] for each in weights]
        paid, regrets = [], []
        for player in range(len(self._shape)):
            each = against(self._floats[player], self._shape, floats, player)
            got = math.fsum(w * p for w, p in zip(floats[player], each, strict=True))
            paid.append(got)
            regrets.append(max(0.0, max(each) - got))
        return tuple(paid), max(regrets)


def judged(game: Game, weights: Mixed) -> Profile:
    """A profile with what it pays and its largest regret.

    >>> from pausenet.game.normal_form.game import bimatrix
    >>> half = (Fraction(1, 2), Fraction(1, 2))
    >>> judged(bimatrix([[1, -1], [-1, 1]], [[-1, 1], [1, -1]]), (half, half)).regret
    Fraction(0, 1)
    """
    return Judge(game).profile(weights)


def pure(game: Game, choice: Sequence[int]) -> Mixed:
    """The weights of a profile of single strategies."""
    return tuple(
        tuple(Fraction(int(place == chosen)) for place in range(count))
        for count, chosen in zip(game.shape, choice, strict=True)
    )


def against(
    payoffs: Sequence[_T], shape: Sequence[int], weights: Sequence[Sequence[_T]], player: int
) -> list[_T]:
    """What each of a player's strategies pays against the others' weights, summed axis by axis."""
    left: list[_T] = list(payoffs)
    inner = 1
    for axis in range(len(shape) - 1, -1, -1):
        count = shape[axis]
        if axis == player:
            inner = count
            continue
        used = [(place, w) for place, w in enumerate(weights[axis]) if w]
        block = count * inner
        left = [
            sum(w * left[start + place * inner + each] for place, w in used)
            for start in range(0, len(left), block)
            for each in range(inner)
        ]
    return left


def _checked(shape: tuple[int, ...], weights: Mixed) -> None:
    if len(weights) != len(shape) or any(
        len(each) != count for each, count in zip(weights, shape, strict=True)
    ):
        raise Misuse("weights: expected one for each strategy of each player")
    for each in weights:
        floats = [float(w) for w in each]
        if not min(floats) >= 0.0 or not abs(math.fsum(floats) - 1.0) <= _ROUNDING:
            raise Misuse(f"weights: expected chances that add up to 1, found {each!r:.80}")
        if all(isinstance(w, Fraction) for w in each) and sum(Fraction(w) for w in each) != 1:
            raise Misuse(f"weights: expected exact chances that add up to 1, found {each!r:.80}")


_ROUNDING = 1e-9
