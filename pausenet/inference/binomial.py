"""Exact confidence intervals for a rate that was counted."""

from __future__ import annotations

import numpy as np

from pausenet.errors import Misuse
from pausenet.inference.roots import crossing

_EDGE = 1e-12


def clopper_pearson(count: int, trials: int, confidence: float = 0.95) -> tuple[float, float]:
    """The interval that holds the true rate with at least this confidence.

    Clopper and Pearson (Biometrika 26, 1934): its lower end is the rate at which so many or more
    have half of what is left over, its upper end that at which so many or fewer have. 0 and 1
    where the count is none or all. Misuse for a count that cannot be.

    >>> [round(end, 4) for end in clopper_pearson(10, 200)]
    [0.0242, 0.09]
    """
    if not (0 <= count <= trials and trials > 0 and 0.0 < confidence < 1.0):
        raise Misuse(f"clopper_pearson: expected 0..{trials} of at least 1, found {count}")
    tail = 0.5 * (1.0 - confidence)
    low, high = 0.0, 1.0
    if count > 0:
        low = crossing(lambda rate: 1.0 - at_most(count - 1, trials, rate) - tail, _EDGE, 1 - _EDGE)
    if count < trials:
        high = crossing(lambda rate: at_most(count, trials, rate) - tail, _EDGE, 1 - _EDGE)
    return low, high


def at_most(count: int, trials: int, rate: float) -> float:
    """P(at most so many of these trials), each having this rate, between 0 and 1."""
    k = np.arange(count + 1, dtype=np.float64)
    ways = np.cumsum(np.log((trials - k[:-1]) / (k[:-1] + 1.0)))
    logarithms = np.concatenate(([0.0], ways)) + k * np.log(rate) + (trials - k) * np.log1p(-rate)
    return float(min(1.0, np.sum(np.exp(logarithms))))
