"""Tests that are watched at every close and have no closed form: counted over a lattice of paths.

A path is a row of n independent standard normals, as SITMUF is where nothing is hidden. The
lattice is fixed, so that everybody counts the same; its four shifts give the standard error.
What is known exactly is taken exactly, and only the rest is counted.
"""

from __future__ import annotations

import math
from functools import lru_cache
from typing import Final

import numpy as np

from pausenet.errors import Misuse
from pausenet.inference import chisquare
from pausenet.inference.arrays import Flags, Floats, lattice, quantile_of
from pausenet.inference.roots import crossing
from pausenet.inference.sequential.orthant import Estimate
from pausenet.inference.sequential.page import PageTest, designed, page_sums
from pausenet.inference.sequential.statistics import sitmuf

_SHIFTS: Final = 4
_POINTS: Final = 16_381
_LEVEL_TOLERANCE: Final = 1e-6


@lru_cache(maxsize=2)
def paths(periods: int) -> Floats:
    """All paths of so many periods, shape (shifts x points, n), read-only."""
    if periods < 1:
        raise Misuse(f"paths: expected periods from 1, found {periods}")
    drawn: Floats = np.concatenate(
        [quantile_of(lattice(_POINTS, periods, shift=shift)) for shift in range(_SHIFTS)]
    )
    drawn.flags.writeable = False
    return drawn


def designed_pair(
    references: tuple[float, float], periods: int, alpha: float
) -> tuple[PageTest, PageTest]:
    """Two settings of equal false-alarm rate, one of which alarms with probability alpha in all.

    1. If each alarms with probability a (exactly, by `runlength.alarm_by`), either does with 2a -
    c, where c is the chance that both do, counted over the same paths for every a. 2. a lies
    between alpha / 2 (never together) and alpha (always together).
    """
    # 1.
    highest = [np.max(page_sums(paths(periods), reference), axis=-1) for reference in references]

    def pair(each: float) -> tuple[PageTest, PageTest]:
        first, second = (designed(reference, periods, each) for reference in references)
        return first, second

    def excess(each: float) -> float:
        first, second = pair(each)
        both = np.mean((highest[0] > first.threshold) & (highest[1] > second.threshold))
        return 2.0 * each - float(both) - alpha

    # 2.
    return pair(crossing(excess, 0.5 * alpha, alpha, tolerance=_LEVEL_TOLERANCE))


def either_detection(tests: tuple[PageTest, PageTest], means: Floats) -> Estimate:
    """The probability that one of two Page tests alarms, where values have these means.

    p + q - c, with p and q exact and c, the chance that both alarm, counted.
    """
    values = paths(len(means)) + np.asarray(means, dtype=np.float64)
    both = _counted(tests[0].alarms(values) & tests[1].alarms(values))
    either = tests[0].detection(means) + tests[1].detection(means) - both.value
    return Estimate(value=min(1.0, either), error=both.error)


def gemuf_watched_thresholds(periods: int, alpha: float) -> Floats:
    """Limits of GEMUF at each close, one alarm over all of them having probability alpha.

    After i periods the limit is what chi-squared with i degrees exceeds with probability p, the
    same p at every close: shape (n,). p lies between alpha / n and alpha; it is found by counting.
    """
    sums = np.cumsum(np.square(paths(periods)), axis=-1)

    def limits(level: float) -> Floats:
        return np.array([chisquare.upper_quantile(level, i + 1) for i in range(periods)])

    def excess(log_level: float) -> float:
        alarmed = np.any(sums > limits(math.exp(log_level)), axis=-1)
        return float(np.mean(alarmed)) - alpha

    low, high = math.log(0.5 * alpha / periods), math.log(min(0.999, 1.5 * alpha))
    return limits(math.exp(crossing(excess, low, high, tolerance=_LEVEL_TOLERANCE)))


def gemuf_watched_detection(loss: Floats, covariance: Floats, thresholds: Floats) -> Estimate:
    """The probability that GEMUF passes its limit at some close."""
    values = paths(len(thresholds)) + sitmuf(loss, covariance)
    sums = np.cumsum(np.square(values), axis=-1)
    return _counted(np.any(sums > thresholds, axis=-1))


def _counted(alarmed: Flags) -> Estimate:
    shares = np.mean(alarmed.reshape(_SHIFTS, _POINTS), axis=-1, dtype=np.float64)
    return Estimate(
        value=float(shares.mean()), error=float(shares.std(ddof=1)) / math.sqrt(_SHIFTS)
    )
