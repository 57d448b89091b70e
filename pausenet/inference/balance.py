"""The material balance of energy: is what a meter reads more than what a lab declares?

One period, one lab. `declared` is the energy in the lab's own usage statement, `metered` what a
meter of another independence group read, both in whole watt-hours (Wh). The meter's error model
is that of safeguards: reading = true x (1 + r + s), r drawn anew for each reading with relative
standard deviation `random_ppm`, s fixed through a calibration with `systematic_ppm`, both in
parts per million (domain.md 2.1). Errors of one reading propagate to

    sigma^2 = (random_ppm^2 + systematic_ppm^2) x metered^2 / 10^12      [Wh^2]

and z = (metered - declared) / sigma; the test is one-sided. Two periods of one calibration have
the correlation s^2 / (r^2 + s^2). sigma is taken at the metered value, which the lab cannot
choose.

The functions above the line are exact: integers and `Fraction` only, for they decide findings.
Those below it use floats to *design* the integer tables of the rules, and nothing else.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from fractions import Fraction
from typing import Final

from pausenet.values import WattHours

_PPM: Final = 10**6


@dataclass(frozen=True, slots=True, kw_only=True)
class MeterError:
    """A meter's relative standard deviations in parts per million; not both zero."""

    random_ppm: int
    systematic_ppm: int

    def __post_init__(self) -> None:
        if min(self.random_ppm, self.systematic_ppm) < 0 or self.variance_ppm2 == 0:
            raise ValueError("MeterError: expected errors from 0, and not both 0")

    @property
    def variance_ppm2(self) -> int:
        """The relative variance of one reading, in 10^-12."""
        return self.random_ppm**2 + self.systematic_ppm**2

    @property
    def correlation_milli(self) -> int:
        """The correlation of two readings of one calibration, in thousandths, rounded up."""
        return -(-1000 * self.systematic_ppm**2 // self.variance_ppm2)


def exceeds(declared: WattHours, metered: WattHours, error: MeterError, z: Fraction) -> bool:
    """Whether z of this balance is above the quantile `z`; exact, by comparing squares.

    >>> error = MeterError(random_ppm=10_000, systematic_ppm=0)
    >>> two = Fraction(2)
    >>> exceeds(WattHours(980), WattHours(1000), error, two)
    False
    >>> exceeds(WattHours(979), WattHours(1000), error, two)
    True
    """
    difference = metered - declared
    if difference <= 0:
        return False
    left = (difference * _PPM * z.denominator) ** 2
    return left > z.numerator**2 * error.variance_ppm2 * metered**2


def z_milli(declared: WattHours, metered: WattHours, error: MeterError) -> int:
    """The balance's z in thousandths, rounded down; 0 where no more was metered than declared."""
    return _in_sigmas_milli(max(0, metered - declared), metered, error)


def quantity_milli(quantity: WattHours, metered: WattHours, error: MeterError) -> int:
    """How many thousandths of sigma a hidden quantity makes, rounded down."""
    return _in_sigmas_milli(quantity, metered, error)


def _in_sigmas_milli(amount_wh: int, metered: WattHours, error: MeterError) -> int:
    if metered == 0:
        return 0
    return math.isqrt((amount_wh * _PPM * 1000) ** 2 // (error.variance_ppm2 * metered**2))


# ------------------------------------------------------------- design of tables, with floats

_STEPS: Final = 2_000


def upper_tail(z: float) -> float:
    """P(Z > z) of the standard normal."""
    return 0.5 * math.erfc(z / math.sqrt(2.0))


def joint_exceedance(z: float, correlation: float) -> float:
    """P(Z1 > z and Z2 > z) of two standard normals with a correlation from 0 to 1.

    Plackett's reduction formula (Biometrika 41, 1954), in the arcsine form of Drezner and
    Wesolowsky (J. Stat. Comput. Simul. 35, 1990): the tail squared plus (1/2 pi) times the
    integral of exp(-z^2 / (1 + sin t)) over t from 0 to arcsin(correlation), by Simpson's rule.
    """
    high = math.asin(correlation)
    width = high / _STEPS
    total = 0.0
    for step in range(_STEPS + 1):
        weight = 1 if step in (0, _STEPS) else 4 if step % 2 else 2
        total += weight * math.exp(-(z**2) / (1.0 + math.sin(step * width)))
    return upper_tail(z) ** 2 + total * width / 3.0 / (2.0 * math.pi)


def power(quantity_sigmas: float, z: float) -> float:
    """P(one period's test exceeds z) when a quantity of so many sigmas is hidden in it."""
    return upper_tail(z - quantity_sigmas)


def joint_table_ppm(z: Fraction, step_milli: int) -> tuple[int, ...]:
    """`joint_exceedance` for correlations 0, step, ... 1, in ppm, rounded up."""
    return tuple(
        math.ceil(joint_exceedance(float(z), milli / 1000) * _PPM - 1e-6)
        for milli in range(0, 1001, step_milli)
    )


def power_table_percent(z: Fraction, step_milli: int, last_milli: int) -> tuple[int, ...]:
    """`power` for quantities of 0, step, ... last thousandths of sigma, in percent, down."""
    return tuple(
        math.floor(power(milli / 1000, float(z)) * 100 + 1e-9)
        for milli in range(0, last_milli + 1, step_milli)
    )
