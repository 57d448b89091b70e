"""The incomplete beta function and the binomial's tails, without numpy."""

from __future__ import annotations

import math
from typing import Final

from pausenet.errors import Misuse

_TERMS_MAX: Final = 100_000
_TINY: Final = 1e-300
_ENOUGH: Final = 1e-16


def beta_below(x: float, a: float, b: float) -> float:
    """P(X <= x) of a beta variable with shapes a and b above 0; x from 0 to 1.

    1. The continued fraction of Abramowitz and Stegun (Handbook of Mathematical Functions, 1964)
    26.5.8, in the even and odd steps of its Lentz evaluation, where x is below (a + 1) /
    (a + b + 2). 2. Elsewhere the reflection I_x(a, b) = 1 - I_(1-x)(b, a). Raises Misuse outside.

    >>> round(beta_below(0.5, 2.0, 3.0), 12)
    0.6875
    """
    if not (a > 0.0 and b > 0.0 and 0.0 <= x <= 1.0):
        raise Misuse(f"beta_below: expected shapes above 0 and x from 0 to 1, found {x}, {a}, {b}")
    if x in (0.0, 1.0):
        return x
    # 2.
    if x > (a + 1.0) / (a + b + 2.0):
        return 1.0 - beta_below(1.0 - x, b, a)
    # 1.
    front = math.exp(
        math.lgamma(a + b) - math.lgamma(a) - math.lgamma(b) + a * math.log(x) + b * math.log1p(-x)
    )
    c, d = 1.0, 1.0 / (1.0 - (a + b) * x / (a + 1.0) or _TINY)
    fraction = d
    for m in range(1, _TERMS_MAX):
        even = m * (b - m) * x / ((a + 2 * m - 1.0) * (a + 2 * m))
        odd = -(a + m) * (a + b + m) * x / ((a + 2 * m) * (a + 2 * m + 1.0))
        step = 1.0
        for term in (even, odd):
            d = 1.0 / (1.0 + term * d or _TINY)
            c = 1.0 + term / c or _TINY
            step = c * d
            fraction *= step
        if abs(step - 1.0) < _ENOUGH:
            break
    return min(1.0, front * fraction / a)


def at_least(count: int, of: int, chance: float) -> float:
    """P(at least so many of n succeed), each alone with this chance.

    >>> round(at_least(2, 3, 0.5), 12)
    0.5
    """
    if not 0 <= count <= of:
        raise Misuse(f"at_least: expected a count from 0 to {of}, found {count}")
    return 1.0 if count == 0 else beta_below(chance, float(count), float(of - count + 1))


def at_most(count: int, of: int, chance: float) -> float:
    """P(at most so many of n succeed), each alone with this chance."""
    if not 0 <= count <= of:
        raise Misuse(f"at_most: expected a count from 0 to {of}, found {count}")
    if count == of:
        return 1.0
    return beta_below(1.0 - chance, float(of - count), float(count + 1))
