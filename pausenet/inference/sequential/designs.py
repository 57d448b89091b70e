"""Tests of n balances with the false-alarm rate alpha over all n, and how often they detect.

| test | alarm where | threshold | found exactly by |
|---|---|---|---|
| CuMUF | the sum of all n, over its sigma, exceeds t | z_alpha | the normal tail |
| CuMUF at each close | any running sum, over its sigma, exceeds t | `cumuf_threshold` | Genz |
| SITMUF | any of the n values exceeds t | z at 1 - (1 - alpha)^(1/n) | a product |
| GEMUF | the sum of the n squared values exceeds t | chi-squared, n degrees | a finite sum |

Page's test stands in `page`; two of them, and GEMUF at each close, in `watched`. `loss` is the
diverted amount of each period, shape (n,), in the unit whose square the covariance has. A
detection probability is that of an alarm by the end of the n periods; the false-alarm rate is the
same with no loss.
"""

from __future__ import annotations

import math
from typing import Final

import numpy as np

from pausenet.errors import Misuse
from pausenet.inference import chisquare
from pausenet.inference.arrays import Floats, below_of
from pausenet.inference.detection import detection_probability
from pausenet.inference.normal import above, upper_quantile
from pausenet.inference.roots import crossing
from pausenet.inference.sequential.orthant import Estimate, none_exceeds
from pausenet.inference.sequential.statistics import (
    correlations,
    cumuf,
    cumuf_covariance,
    sitmuf,
    standardised,
)

_SLACK: Final = 0.02


def cumuf_detection(loss: Floats, covariance: Floats, alpha: float) -> float:
    """The detection probability of one test of the sum of all balances."""
    sigma = math.sqrt(float(np.sum(covariance)))
    return detection_probability(float(np.sum(loss)) / sigma, alpha)


def cumuf_detections(losses: Floats, covariance: Floats, alpha: float) -> Floats:
    """The same for many scenarios: losses of shape (..., n), covariances (n, n) or (..., n, n)."""
    sigmas = np.sum(losses, axis=-1) / np.sqrt(np.sum(covariance, axis=(-2, -1)))
    return below_of(np.asarray(sigmas) - upper_quantile(alpha))


def cumuf_threshold(covariance: Floats, alpha: float) -> float:
    """The threshold in sigmas at which CuMUF, watched at each close, alarms with rate alpha.

    Between z_alpha, which one look needs, and z at alpha / n, which is enough for n looks however
    they hang together (Bonferroni). The points of `none_exceeds` are the same at every step.
    """
    watched = correlations(cumuf_covariance(covariance))
    count = watched.shape[-1]

    def excess(threshold: float) -> float:
        return 1.0 - none_exceeds(np.full(count, threshold), watched).value - alpha

    low, high = upper_quantile(alpha), upper_quantile(alpha / count)
    return low if count == 1 else crossing(excess, low - _SLACK, high + _SLACK, tolerance=1e-4)


def cumuf_watched_detection(loss: Floats, covariance: Floats, threshold: float) -> Estimate:
    """The probability that CuMUF, watched at each close, passes the threshold."""
    sums = cumuf_covariance(covariance)
    means = standardised(cumuf(loss), sums)
    held = none_exceeds(threshold - means, correlations(sums))
    return Estimate(value=1.0 - held.value, error=held.error)


def sitmuf_threshold(periods: int, alpha: float) -> float:
    """The threshold that any of so many independent values exceeds with probability alpha."""
    if periods < 1 or not 0.0 < alpha < 1.0:
        raise Misuse(f"sitmuf_threshold: expected periods from 1, found {periods}, {alpha}")
    return upper_quantile(-math.expm1(math.log1p(-alpha) / periods))


def sitmuf_alarm_by(loss: Floats, covariance: Floats, threshold: float) -> Floats:
    """P(some SITMUF value exceeded the threshold by the end of period i), shape (n,)."""
    held = np.cumprod(below_of(threshold - sitmuf(loss, covariance)))
    return np.asarray(1.0 - held, dtype=np.float64)


def periods_until(alarm_by: Floats, probability: float) -> tuple[int, ...]:
    """After how many periods an alarm has come with this probability; empty where it never has.

    `alarm_by` is what `sitmuf_alarm_by` or `runlength.alarm_by` gives, shape (n,). It is the
    first delay of the timeliness chain (`accounts.Timeliness`).
    """
    reached = np.flatnonzero(alarm_by >= probability)
    return (int(reached[0]) + 1,) if len(reached) else ()


def sitmuf_detection(loss: Floats, covariance: Floats, threshold: float) -> float:
    """The probability that some SITMUF value exceeds the threshold."""
    means = sitmuf(loss, covariance)
    held = math.fsum(math.log1p(-above(threshold - float(mean))) for mean in means)
    return -math.expm1(held)


def gemuf_threshold(periods: int, alpha: float) -> float:
    """The threshold that GEMUF after so many periods exceeds with probability alpha."""
    return chisquare.upper_quantile(alpha, periods)


def gemuf_detection(loss: Floats, covariance: Floats, threshold: float) -> float:
    """The probability that GEMUF after all periods exceeds the threshold."""
    means = sitmuf(loss, covariance)
    return chisquare.noncentral_tail(threshold, len(means), float(np.sum(np.square(means))))
