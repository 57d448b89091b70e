"""The chi-squared distribution with whole degrees of freedom, central and not, without numpy.

For whole degrees of freedom the upper tail is a finite sum of positive terms (Abramowitz and
Stegun 26.4.4 and 26.4.5), so nothing cancels:

    n even:  Q(x; n) = exp(-x/2) sum_{j < n/2} (x/2)^j / j!
    n odd:   Q(x; n) = erfc(sqrt(x/2)) + exp(-x/2) sum_{j < (n-1)/2} (x/2)^(j+1/2) / Gamma(j+3/2)
"""

from __future__ import annotations

import math
from typing import Final

from pausenet.errors import Misuse
from pausenet.inference.roots import crossing

_NEGLIGIBLE: Final = 1e-17
_SMALLEST: Final = 1e-320


def tail(x: float, freedom: int) -> float:
    """P(chi-squared with `freedom` degrees > x), for x from 0 and freedom from 1."""
    if x < 0.0 or freedom < 1:
        raise Misuse(f"tail: expected x from 0 and freedom from 1, found {x} and {freedom}")
    if x == 0.0:
        return 1.0
    half = 0.5 * x
    odd = freedom % 2
    first = math.erfc(math.sqrt(half)) if odd else 0.0
    offset = 0.5 if odd else 0.0
    terms = (
        math.exp((j + offset) * math.log(half) - half - math.lgamma(j + offset + 1.0))
        for j in range(freedom // 2)
    )
    return min(1.0, first + math.fsum(terms))


def upper_quantile(probability: float, freedom: int) -> float:
    """The x that is exceeded with the stated probability, between 0 and 1."""
    if not 0.0 < probability < 1.0:
        raise Misuse(f"upper_quantile: expected between 0 and 1, found {probability}")
    high = 2.0 * freedom
    while tail(high, freedom) > probability:
        high *= 2.0

    def excess(x: float) -> float:
        return math.log(max(tail(x, freedom), _SMALLEST) / probability)

    return crossing(excess, 0.0, high, tolerance=1e-14)


def noncentral_tail(x: float, freedom: int, noncentrality: float) -> float:
    """P(X > x) of a sum of `freedom` squared unit normals whose squared means sum to the last.

    The Poisson mixture of central tails (Johnson, Kotz and Balakrishnan, Continuous Univariate
    Distributions 2, 1995, 29.2): weights exp(-c) c^j / j! with c half the noncentrality. Summed
    from the largest weight upwards, until the weights still to come are negligible beside the
    sum, then downwards until the terms are.
    """
    if noncentrality < 0.0:
        raise Misuse(f"noncentral_tail: expected from 0, found {noncentrality}")
    if noncentrality == 0.0:
        return tail(x, freedom)
    half = 0.5 * noncentrality
    middle, total = math.floor(half), 0.0

    def weight(j: int) -> float:
        return math.exp(j * math.log(half) - half - math.lgamma(j + 1.0))

    j = middle
    while (mass := weight(j)) > _NEGLIGIBLE * total:
        total += mass * tail(x, freedom + 2 * j)
        j += 1
    for j in range(middle - 1, -1, -1):
        term = weight(j) * tail(x, freedom + 2 * j)
        total += term
        if term <= _NEGLIGIBLE * total:
            break
    return min(1.0, total)
