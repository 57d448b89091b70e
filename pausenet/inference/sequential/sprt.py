"""Wald's sequential probability ratio test: stop as soon as the evidence is enough.

Values are independent and normal with standard deviation 1, such as SITMUF; the hypotheses are
mean 0 and mean delta. The log-likelihood ratio grows with each value y by delta (y - delta / 2);
at or over `upper` the loss is taken as shown, at or under `lower` as absent.

| symbol | here | meaning |
|---|---|---|
| delta | `shift` | the mean that is to be found, in sigmas |
| alpha | `alpha` | probability of a false alarm |
| beta | `beta` | probability to miss a mean of delta |
| A, B | `upper`, `lower` | bounds of the log-likelihood ratio |
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

import numpy as np

from pausenet.errors import Misuse
from pausenet.inference.arrays import Floats, below_of, density_of
from pausenet.inference.roots import crossing
from pausenet.inference.sequential.runlength import gauss

_NODES_LEAST: Final = 48
_NODES_A_SIGMA: Final = 4
_ROUNDS: Final = 30


class SprtAnswer(StrEnum):
    """What the test says after the values that it has seen."""

    LOSS = "loss"
    NO_LOSS = "no-loss"
    CONTINUE = "continue"


@dataclass(frozen=True, slots=True, kw_only=True)
class Sprt:
    """A test by its shift and its two bounds, lower below 0 and upper above."""

    shift: float
    lower: float
    upper: float

    def __post_init__(self) -> None:
        if not (self.shift > 0.0 and self.lower < 0.0 < self.upper):
            raise Misuse("Sprt: expected a shift above 0 and 0 between the bounds")

    def ratios(self, values: Floats) -> Floats:
        """The log-likelihood ratio after each value, shape (..., n)."""
        sums: Floats = np.cumsum(self.shift * (np.asarray(values) - 0.5 * self.shift), axis=-1)
        return sums

    def answer(self, values: Floats) -> tuple[SprtAnswer, int]:
        """The answer to one sequence of shape (n,), and after how many values it stood."""
        for count, ratio in enumerate(self.ratios(values), start=1):
            if ratio >= self.upper:
                return SprtAnswer.LOSS, count
            if ratio <= self.lower:
                return SprtAnswer.NO_LOSS, count
        return SprtAnswer.CONTINUE, len(values)


@dataclass(frozen=True, slots=True, kw_only=True)
class Operation:
    """How a test behaves under one true mean: P(answer is loss), and the values it takes."""

    alarm: float
    values: float


def wald_test(shift: float, alpha: float, beta: float) -> Sprt:
    """The test with Wald's bounds. As the ratio overshoots, both errors come out below what was
    asked.
    """
    lower, upper = wald_bounds(alpha, beta)
    return Sprt(shift=shift, lower=lower, upper=upper)


def wald_bounds(alpha: float, beta: float) -> tuple[float, float]:
    """Wald's bounds (Sequential Analysis, 1947): B = ln(beta / (1 - alpha)) and A = ln((1 - beta)
    / alpha), whatever the values' distribution.
    """
    if not (0.0 < alpha < 1.0 - beta < 1.0):
        raise Misuse("wald_bounds: expected alpha above 0 and alpha + beta below 1")
    return math.log(beta / (1.0 - alpha)), math.log((1.0 - beta) / alpha)


def exact_test(shift: float, alpha: float, beta: float) -> Sprt:
    """The test whose two errors are just those asked, overshoot included.

    In turn the upper bound is set so that the false-alarm rate is alpha and the lower so that the
    missed share is beta, from Wald's bounds, until neither moves. Misuse where one value already
    decides more sharply than was asked: then no bounds around 0 give these errors.
    """
    test = wald_test(shift, alpha, beta)
    lower, upper = test.lower, test.upper
    floor = 1e-3 * shift

    def alarms(low: float, high: float, mean: float) -> float:
        return operation(Sprt(shift=shift, lower=low, upper=high), mean).alarm

    def false_excess(high: float) -> float:
        return math.log(alarms(lower, high, 0.0) / alpha)

    def missed_excess(low: float) -> float:
        return math.log((1.0 - alarms(low, upper, shift)) / beta)

    for _ in range(_ROUNDS):
        before = (lower, upper)
        upper = crossing(false_excess, floor, test.upper, tolerance=1e-9)
        lower = crossing(missed_excess, test.lower, -floor, tolerance=1e-9)
        if max(abs(lower - before[0]), abs(upper - before[1])) < 1e-8:
            break
    return Sprt(shift=shift, lower=lower, upper=upper)


def operation(test: Sprt, mean: float) -> Operation:
    """The exact alarm probability and average number of values under a true mean, in sigmas.

    Page's integral equations (Biometrika 41, 1954), solved on Gauss-Legendre nodes: 1. in units
    of sigma the ratio moves by y - delta / 2 between b = B / delta and a = A / delta. 2. From x
    the test alarms with P(x) = P(x + step >= a) + int_b^a P(u) f(u - x) du and takes
    N(x) = 1 + int_b^a N(u) f(u - x) du values. 3. Both at x = 0.
    """
    # 1.
    low, high = test.lower / test.shift, test.upper / test.shift
    drift = mean - 0.5 * test.shift
    nodes, weights = gauss(low, high, max(_NODES_LEAST, math.ceil(_NODES_A_SIGMA * (high - low))))
    # 2.
    starts = np.concatenate(([0.0], nodes))
    onward = weights * density_of(nodes - starts[:, np.newaxis] - drift)
    direct = below_of(starts + drift - high)
    wanted = np.stack((direct, np.ones_like(direct)), axis=1)
    inner = np.linalg.solve(np.eye(len(nodes)) - onward[1:], wanted[1:])
    # 3.
    alarm, values = wanted[0] + onward[0] @ inner
    return Operation(alarm=float(alarm), values=float(values))


def wald_operation(test: Sprt, mean: float) -> Operation:
    """Wald's approximation of the same, without overshoot: textbooks print it.

    1. w = 1 - 2 mean / delta solves E exp(w step) = 1. 2. P(alarm) = (1 - e^(wB)) / (e^(wA) -
    e^(wB)), in the limit -B / (A - B) at w = 0. 3. values = (P A + (1 - P) B) / E step, in the
    limit -A B / delta^2.
    """
    lower, upper = test.lower, test.upper
    w = 1.0 - 2.0 * mean / test.shift
    if abs(w) < 1e-9:
        return Operation(alarm=-lower / (upper - lower), values=-lower * upper / test.shift**2)
    alarm = math.expm1(w * lower) / (math.expm1(w * lower) - math.expm1(w * upper))
    step = test.shift * (mean - 0.5 * test.shift)
    return Operation(alarm=alarm, values=(alarm * upper + (1.0 - alarm) * lower) / step)
