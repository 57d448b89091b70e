"""How long Page's test runs until its alarm: exactly, and by Siegmund's approximation.

P_i = max(P_(i-1) + y_i - k, 0), alarm where P_i > h (Page, Continuous inspection schemes,
Biometrika 41, 1954), with y_i independent, normal, standard deviation 1.

| symbol | here | meaning | unit |
|---|---|---|---|
| k | `reference` | what a value must exceed to raise the sum | sigma |
| h | `threshold` | the sum that raises the alarm | sigma |
| mu | `mean` | mean of y: 0, or what is hidden in each period | sigma |
| L | | average run length: periods until the alarm, the alarming one included | periods |

Two exact ways stand side by side, and Siegmund's beside them as what textbooks print.
"""

from __future__ import annotations

import math
from functools import lru_cache
from typing import Final

import numpy as np

from pausenet.errors import Misuse
from pausenet.inference.arrays import Floats, below_of, density_of
from pausenet.inference.normal import below

_NODES: Final = 80
_OVERSHOOT: Final = 1.166
THRESHOLD_MAX: Final = 30.0
_LONGEST: Final = 1e12
_SERIES_BELOW: Final = 0.5
_SERIES_TERMS: Final = 16


def average_run_length(reference: float, threshold: float, mean: float = 0.0) -> float:
    """The average run length from a sum of 0, by the integral equation.

    Page's equation, solved as by Goel and Wu (Technometrics 13, 1971) and Vance (J. Quality
    Technology 18, 1986): 1. L(x) = 1 + L(0) Phi(k - mu - x) + int_0^h L(y) phi(y + k - mu - x) dy.
    2. The integral becomes a sum over Gauss-Legendre nodes, which with x = 0 gives a linear
    system. 3. Its solution at 0 is the answer. The relative error is
    about 10^-14 L, so Misuse where alarms are more than 10^12 periods apart.
    """
    _check(threshold)
    drift = reference - mean
    nodes, weights = gauss(0.0, threshold)
    # 1. and 2. the state 0 comes first
    points = np.concatenate(([0.0], nodes))
    moves = np.empty((len(points), len(points)))
    moves[:, 0] = below_of(drift - points)
    moves[:, 1:] = weights * density_of(nodes + drift - points[:, np.newaxis])
    # 3.
    solved = np.linalg.solve(np.eye(len(points)) - moves, np.ones(len(points)))
    return _answer(float(solved[0]))


def markov_run_length(
    reference: float, threshold: float, mean: float = 0.0, states: int = 200
) -> float:
    """The same by a Markov chain: Brook and Evans (Biometrika 59, 1972).

    1. The sum's range is cut into `states` cells of width w = 2h / (2 states - 1), the first half
    as wide and around 0. 2. Between cells' middles the chance is that of a step of y - k. 3. The
    expected number of steps until the chain leaves is the solution of (I - R) L = 1. The error
    falls with the square of the number of states.
    """
    _check(threshold)
    width = 2.0 * threshold / (2 * states - 1)
    middles = width * np.arange(states)
    reach = middles + 0.5 * width - middles[:, np.newaxis] + reference - mean
    upper = below_of(reach)
    lower = np.concatenate((np.zeros((states, 1)), upper[:, :-1]), axis=1)
    solved = np.linalg.solve(np.eye(states) - (upper - lower), np.ones(states))
    return _answer(float(solved[0]))


def siegmund_run_length(reference: float, threshold: float, mean: float = 0.0) -> float:
    """Siegmund's approximation (Sequential Analysis, 1985): (e^(-2db) + 2db - 1) / (2 d^2).

    d = mu - k and b = h + 1.166; b^2 where d is 0. Written as 2 b^2 f(2db) with f(x) = (e^-x + x -
    1) / x^2, which is summed as a series near 0, where the quotient would lose its digits.

    >>> [round(siegmund_run_length(0.5, h)) for h in (4.0, 5.0, 6.0)]
    [338, 938, 2573]
    """
    _check(threshold)
    reach = threshold + _OVERSHOOT
    x = 2.0 * (mean - reference) * reach
    if abs(x) < _SERIES_BELOW:
        bend = math.fsum((-x) ** j / math.factorial(j + 2) for j in range(_SERIES_TERMS))
    else:
        bend = (math.expm1(-x) + x) / (x * x)
    return 2.0 * reach * reach * bend


def two_sided(upper: float, lower: float) -> float:
    """The run length of two one-sided tests, for gains and losses: 1/L = 1/L+ + 1/L-.

    Kemp (J. R. Statist. Soc. B 23, 1961); exact for equal references and thresholds.
    """
    return 1.0 / (1.0 / upper + 1.0 / lower)


def alarm_by(reference: float, threshold: float, means: Floats) -> Floats:
    """P(an alarm by the end of period i) for i = 1..n, from a sum of 0; shape (n,).

    `means` gives each period's own mean, shape (n,). Forward recursion (the run-length
    distribution of Woodall, Technometrics 25, 1983) of the chance that the sum is 0 and of its
    density in (0, h], on Gauss-Legendre nodes.
    """
    _check(threshold)
    nodes, weights = gauss(0.0, threshold)
    at_zero, dense = 1.0, np.zeros_like(nodes)
    alarmed = np.empty(len(means))
    gaps = nodes[:, np.newaxis] - nodes
    drift = math.nan
    for i, mean in enumerate(np.asarray(means, dtype=np.float64)):
        if drift != reference - float(mean):
            drift = reference - float(mean)
            onward, begun = density_of(gaps + drift), density_of(nodes + drift)
            fallen = below_of(drift - nodes)
        mass = weights * dense
        dense = at_zero * begun + onward @ mass
        at_zero = at_zero * below(drift) + float(mass @ fallen)
        alarmed[i] = 1.0 - at_zero - float(weights @ dense)
    values: Floats = np.clip(alarmed, 0.0, 1.0)
    return values


def gauss(low: float, high: float, nodes: int = _NODES) -> tuple[Floats, Floats]:
    """Gauss-Legendre nodes and weights on an interval."""
    points, weights = _legendre(nodes)
    half = 0.5 * (high - low)
    return low + half * (points + 1.0), half * weights


@lru_cache(maxsize=32)
def _legendre(nodes: int) -> tuple[Floats, Floats]:
    """Nodes and weights on (-1, 1), kept: they take longer to find than a whole recursion."""
    points, weights = np.polynomial.legendre.leggauss(nodes)
    return points, weights


def _check(threshold: float) -> None:
    if not 0.0 < threshold <= THRESHOLD_MAX:
        raise Misuse(f"expected a threshold above 0, at most {THRESHOLD_MAX}, found {threshold}")


def _answer(length: float) -> float:
    """A run length that the linear system could still tell from infinity."""
    if not 1.0 <= length < _LONGEST:
        raise Misuse(f"expected run lengths below {_LONGEST:g} periods; these are longer")
    return length
