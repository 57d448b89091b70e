"""The gamma distribution with any shape, and the digamma function, without numpy."""

from __future__ import annotations

import math
from typing import Final

from pausenet.errors import Misuse

_TERMS_MAX: Final = 10_000
_ENOUGH: Final = 1e-17
_TINY: Final = 1e-300
_ASYMPTOTIC_FROM: Final = 12.0


def lower(shape: float, x: float) -> float:
    """P(X <= x) of a gamma variable with this shape and scale 1; x from 0, shape above 0.

    1. Below shape + 1 the series x^a e^-x sum_n x^n / Gamma(a + n + 1) (Abramowitz and Stegun
    6.5.29). 2. From there on 1 less the continued fraction 6.5.31, by Lentz's method.
    """
    if not (shape > 0.0 and x >= 0.0):
        raise Misuse(f"lower: expected a shape above 0 and x from 0, found {shape} and {x}")
    if x == 0.0:
        return 0.0
    front = math.exp(shape * math.log(x) - x - math.lgamma(shape + 1.0))
    # 1.
    if x < shape + 1.0:
        term = total = 1.0
        for n in range(1, _TERMS_MAX):
            term *= x / (shape + n)
            total += term
            if term < _ENOUGH * total:
                break
        return min(1.0, front * total)
    # 2.
    b = x + 1.0 - shape
    c, d = 1.0 / _TINY, 1.0 / b
    fraction = d
    for n in range(1, _TERMS_MAX):
        a = n * (shape - n)
        b += 2.0
        d = 1.0 / (a * d + b or _TINY)
        c = b + a / c or _TINY
        fraction *= c * d
        if abs(c * d - 1.0) < 1e-16:
            break
    return max(0.0, 1.0 - front * shape * fraction)


def digamma(x: float) -> float:
    """The derivative of ln Gamma at x above 0.

    Recurrence upwards, then the asymptotic series (Abramowitz and Stegun 6.3.5 and 6.3.18).
    """
    if not x > 0.0:
        raise Misuse(f"digamma: expected x above 0, found {x}")
    below = 0.0
    while x < _ASYMPTOTIC_FROM:
        below -= 1.0 / x
        x += 1.0
    y = 1.0 / (x * x)
    series = 1 / 12 - y * (
        1 / 120 - y * (1 / 252 - y * (1 / 240 - y * (1 / 132 - y * 691 / 32760)))
    )
    return below + math.log(x) - 0.5 / x - y * series
