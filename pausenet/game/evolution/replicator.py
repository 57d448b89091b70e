"""The replicator dynamics of a symmetric game: a very large population that imitates what pays.

Taylor and Jonker 1978. With payoffs a_ij of strategy i against j and shares x on the simplex,

1. f_i = sum_j a_ij x_j, the mean is m = sum_i x_i f_i;
2. dx_i/dt = x_i (f_i - m);
3. of two strategies with a, b, c, d as in `fixation` there is an inner rest point at
   x* = (d - b) / (a - b - c + d), where that lies between 0 and 1: it is stable where a < c (each
   does better against the other), else it parts those from which one or the other takes over.

Rest points of two strategies are exact; paths are by Runge and Kutta's fourth-order rule.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from fractions import Fraction
from typing import Final

import numpy as np

from pausenet.errors import Misuse
from pausenet.game.answer import Infeasible
from pausenet.game.checks import Paper
from pausenet.game.evolution.fixation import Floats

TAYLOR_JONKER: Final = Paper(
    key="taylor-jonker-1978",
    cite="P. D. Taylor and L. B. Jonker, Evolutionarily stable strategies and game dynamics, "
    "Mathematical Biosciences 40 (1978) 145-156",
)


class Kind(StrEnum):
    """What becomes of two strategies."""

    FIRST = "the first takes over"
    SECOND = "the second takes over"
    EITHER = "either takes over, by where it starts"
    BOTH = "both remain"
    NEUTRAL = "shares stay as they are"


@dataclass(frozen=True, slots=True)
class Pair:
    """Two strategies' payoffs: a, b for the first against itself and the other; c, d likewise."""

    a: Fraction
    b: Fraction
    c: Fraction
    d: Fraction

    @property
    def inner(self) -> Fraction | Infeasible:
        """The share of the first at the inner rest point (step 3)."""
        first, second = self.a - self.c, self.d - self.b
        if first == second == 0:
            return Infeasible("every share is a rest point")
        if first * second <= 0:
            return Infeasible("one strategy does no worse whatever the others play")
        return second / (first + second)

    @property
    def kind(self) -> Kind:
        """What becomes of a population in which both are played."""
        first, second = self.a - self.c, self.b - self.d
        if first == second == 0:
            return Kind.NEUTRAL
        if first >= 0 and second >= 0:
            return Kind.FIRST
        if first <= 0 and second <= 0:
            return Kind.SECOND
        return Kind.EITHER if first > 0 else Kind.BOTH

    def end(self, share: Fraction) -> Fraction:
        """Where the first's share goes from this one, in the limit of time."""
        if not 0 <= share <= 1:
            raise Misuse(f"a share of {share}: expected 0 to 1")
        if share in (0, 1) or self.kind is Kind.NEUTRAL:
            return share
        match self.kind:
            case Kind.FIRST:
                return Fraction(1)
            case Kind.SECOND:
                return Fraction(0)
        inner = self.inner
        assert not isinstance(inner, Infeasible)
        if self.kind is Kind.BOTH or share == inner:
            return inner
        return Fraction(int(share > inner))


def field(payoffs: Floats, shares: Floats) -> Floats:
    """dx/dt for a table of shape (m, m) at shares of shape (..., m) (steps 1 and 2)."""
    fitness = shares @ payoffs.T
    mean = np.sum(shares * fitness, axis=-1, keepdims=True)
    found: Floats = shares * (fitness - mean)
    return found


def path(payoffs: Floats, start: Floats, *, step: float, steps: int) -> Floats:
    """The shares at each step from a start of shape (m,): shape (steps + 1, m)."""
    found = np.empty((steps + 1, len(start)))
    found[0] = start
    for number in range(steps):
        at = found[number]
        one = field(payoffs, at)
        two = field(payoffs, at + step / 2 * one)
        three = field(payoffs, at + step / 2 * two)
        four = field(payoffs, at + step * three)
        moved = np.clip(at + step / 6 * (one + 2 * two + 2 * three + four), 0.0, 1.0)
        found[number + 1] = moved / moved.sum()
    return found
