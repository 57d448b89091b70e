"""What pattern of losses serves the diverter, and what no pattern can get under.

A diverter wants a total M over n periods and chooses m_1..m_n with sum M. The inspector's best
test against a known pattern is that of Neyman and Pearson, whose statistic m^T Sigma^-1 muf has
mean d^2 and standard deviation d under that pattern, d = sqrt(m^T Sigma^-1 m); it detects with
probability Phi(d - z_alpha).

*Avenhaus and Jaech* (On subdividing material balances in time and/or space, JNMM 10, 1981): the
pattern that makes d smallest has m proportional to the row sums of Sigma, and there
d = M / sqrt(1^T Sigma 1): the best test is then CuMUF, the one balance over all periods. CuMUF
detects every pattern of total M with just that probability. So (worst pattern, CuMUF) is an
equilibrium, and however the year is divided, the guaranteed detection probability is that of the
undivided balance: more frequent balances buy timeliness and place, not detection.

Patterns have shape (n,), in the unit whose square the covariance has.
"""

from __future__ import annotations

import math
from typing import Final

import numpy as np

from pausenet.errors import Misuse
from pausenet.inference.arrays import Flags, Floats
from pausenet.inference.detection import detection_probability
from pausenet.inference.normal import above, density, upper_quantile
from pausenet.inference.roots import crossing
from pausenet.inference.sequential.statistics import cholesky, sitmuf

_SLACK: Final = 1e-9
_FARTHEST: Final = 30.0


def uniform(total: float, periods: int) -> Floats:
    """The same loss in every period."""
    return np.full(periods, total / periods)


def abrupt(total: float, periods: int, at: int) -> Floats:
    """All of it in one period, counted from 0."""
    pattern = np.zeros(periods)
    pattern[at] = total
    return pattern


def distance(pattern: Floats, covariance: Floats) -> float:
    """d = sqrt(m^T Sigma^-1 m): how many sigmas the pattern is to the best test against it."""
    return float(np.linalg.norm(sitmuf(pattern, covariance)))


def best_detection(pattern: Floats, covariance: Floats, alpha: float) -> float:
    """The detection probability of the best test against this very pattern."""
    return detection_probability(distance(pattern, covariance), alpha)


def worst_case(total: float, covariance: Floats) -> Floats:
    """The pattern that the best test finds least often: m proportional to Sigma's row sums.

    Where a row sum is negative it asks the diverter to put something back in that period; see
    `worst_case_without_gains`.
    """
    sums = np.sum(covariance, axis=-1)
    values: Floats = total * sums / np.sum(sums)
    return values


def guaranteed_detection(total: float, covariance: Floats, alpha: float) -> float:
    """What the best test detects at the least, whatever the pattern of this total."""
    sigma = math.sqrt(float(np.sum(covariance)))
    return detection_probability(total / sigma, alpha)


def worst_case_without_gains(total: float, covariance: Floats) -> Floats:
    """The same where nothing may be put back: minimise m^T Sigma^-1 m, sum M, every m_i >= 0.

    With y = m / lambda the conditions of Karush, Kuhn and Tucker are those of least squares with
    y >= 0 (Lawson and Hanson, Solving Least Squares Problems, 1974, chapter 23): 1. A = Sigma^-1,
    gradient g = 1 - A y. 2. Free the period of largest gradient. 3. Solve A y = 1 on the free
    periods; where that is not positive, go as far as the first that becomes 0, fix it, and solve
    again. 4. Stop when no gradient is positive. Scale y to the total.
    """
    scale = float(np.sqrt(np.mean(np.diagonal(covariance))))
    factor = cholesky(covariance / scale**2)
    inverse = np.linalg.inv(factor)
    matrix = inverse.T @ inverse
    count = len(matrix)
    free, y = np.zeros(count, dtype=bool), np.zeros(count)
    # 1. and 4.
    while np.max(gradient := np.where(free, -np.inf, 1.0 - matrix @ y)) > _SLACK:
        # 2.
        free[int(np.argmax(gradient))] = True
        # 3.
        while np.any((wanted := _solved(matrix, free))[free] <= 0.0):
            back = np.flatnonzero(free & (wanted <= 0.0))
            reaches = y[back] / (y[back] - wanted[back])
            y = y + float(np.min(reaches)) * (wanted - y)
            free[back[int(np.argmin(reaches))]] = False
            y = np.where(free, y, 0.0)
        y = wanted
    values: Floats = total * y / np.sum(y)
    return values


def _solved(matrix: Floats, free: Flags) -> Floats:
    """The solution of A y = 1 on the free periods, 0 elsewhere."""
    solution = np.zeros(len(matrix))
    solution[free] = np.linalg.solve(matrix[np.ix_(free, free)], np.ones(int(free.sum())))
    return solution


def easiest_case(total: float, covariance: Floats) -> Floats:
    """The pattern that the best test finds most often: all in the period that is known best."""
    inverse = np.linalg.inv(cholesky(covariance))
    precision = np.sum(np.square(inverse), axis=0)
    return abrupt(total, len(precision), int(np.argmax(precision)))


def worst_case_for_sitmuf(total: float, covariance: Floats, threshold: float) -> Floats:
    """The pattern of this total that least often takes any SITMUF value over the threshold.

    With mu = C^-1 m the chance of no alarm is the product of Phi(t - mu_i), and the total is
    w^T mu with w = C^T 1. The logarithm is concave, so one multiplier decides: 1. for a
    multiplier lambda each mu_i solves hazard(t - mu_i) = lambda w_i, hazard = phi / Phi, where
    w_i is above 0; 2. lambda is such that the total is M. 3. m = C mu. Misuse where some w_i is
    not positive, as in a chip account: there the least is not reached by any pattern.
    """
    factor = cholesky(covariance)
    weights = np.sum(factor, axis=0)
    if not np.all(weights > 0.0):
        raise Misuse("worst_case_for_sitmuf: expected a covariance whose factor sums above 0")
    share = weights / np.max(weights)

    def means(log_multiplier: float) -> Floats:
        return np.array([threshold - _at_hazard(log_multiplier + math.log(w)) for w in share])

    def excess(log_multiplier: float) -> float:
        return float(weights @ means(log_multiplier)) - total

    chosen: Floats = factor @ means(crossing(excess, -60.0, 3.2))
    return chosen


def _at_hazard(log_hazard: float) -> float:
    """The z at which phi(z) / Phi(z) has this logarithm; the ratio falls as z grows."""

    def excess(z: float) -> float:
        return math.log(density(z)) - math.log(above(-z)) - log_hazard

    return crossing(excess, -_FARTHEST, _FARTHEST)


def total_for(detection: float, covariance: Floats, alpha: float) -> float:
    """The total that is detected at the least with the stated probability, whatever its pattern."""
    sigma = math.sqrt(float(np.sum(covariance)))
    return sigma * (upper_quantile(alpha) - upper_quantile(detection))
