"""The notice window: did something change between the notice of an inspection and the entry?

An event study with placebo windows. Each window of the course gets one number, its score (the
mean power, say, of as many readings as the notice window has, at the same time of day and week).
The notice window's score is ranked among K placebo windows that do not overlap. If windows are
exchangeable, whatever their distribution, each rank is as likely, so p = (1 + placebos as high) /
(K + 1) is exact. With fewer than 1 / alpha - 1 placebos no alarm is possible, and `placebos_needed`
says so.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from enum import StrEnum
from fractions import Fraction
from statistics import median
from typing import Final

from pausenet.errors import Misuse
from pausenet.inference.normal import above, below, density

_REACH: Final = 9.0
_STEPS: Final = 1_200


class Direction(StrEnum):
    """Which change is looked for; chosen before the readings are."""

    HIGHER = "higher"
    LOWER = "lower"
    EITHER = "either"


def notice_p_value(
    notice: Fraction, placebos: Sequence[Fraction], direction: Direction
) -> Fraction:
    """The exact p-value of the notice window's score; scores that are alike count against it.

    EITHER ranks distances from the median of all windows together, which treats them alike.

    >>> notice_p_value(Fraction(9), [Fraction(score) for score in range(9)], Direction.HIGHER)
    Fraction(1, 10)
    """
    if not placebos:
        raise Misuse("notice_p_value: expected a placebo window at least")
    scores = [notice, *placebos]
    match direction:
        case Direction.HIGHER:
            ranked = scores
        case Direction.LOWER:
            ranked = [-score for score in scores]
        case Direction.EITHER:
            middle = median(scores)
            ranked = [abs(score - middle) for score in scores]
    return Fraction(sum(score >= ranked[0] for score in ranked), len(ranked))


def placebos_needed(alpha: Fraction) -> int:
    """The fewest placebo windows with which an alarm is possible: ceil(1 / alpha) - 1.

    >>> placebos_needed(Fraction(5, 100))
    19
    """
    if not 0 < alpha < 1:
        raise Misuse(f"placebos_needed: expected a rate between 0 and 1, found {alpha}")
    return math.ceil(1 / alpha) - 1


def notice_power(placebos: int, shift: float, alpha: Fraction) -> float:
    """P(alarm) where the notice window's score is higher by `shift` sigmas of normal scores.

    For the direction that was chosen; looking for EITHER finds less often.
    With r = floor(alpha (K + 1)) - 1 placebos allowed as high or higher, it is the integral over
    x of the density at x - shift times P(at most r of K normals exceed x), by Simpson's rule.
    """
    if placebos < 1 or not 0 < alpha < 1:
        raise Misuse("notice_power: expected a placebo window and a rate between 0 and 1")
    allowed = math.floor(alpha * (placebos + 1)) - 1
    if allowed < 0:
        return 0.0
    width = 2.0 * _REACH / _STEPS
    total = 0.0
    for step in range(_STEPS + 1):
        x = shift - _REACH + step * width
        weight = 1 if step in (0, _STEPS) else 4 if step % 2 else 2
        few = math.fsum(
            math.comb(placebos, j) * above(x) ** j * below(x) ** (placebos - j)
            for j in range(allowed + 1)
        )
        total += weight * density(x - shift) * few
    return min(1.0, total * width / 3.0)
