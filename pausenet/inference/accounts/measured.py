"""A measured amount with its two errors, and how they pass through sums, products, quotients.

Random and systematic errors are carried apart, as absolute standard deviations in the amount's
own unit, because they behave differently over time: random ones average out, systematic ones do
not. Propagation is of first order (ISO, Guide to the Expression of Uncertainty in Measurement,
5.1.2): for independent inputs variances add, weighted with the squares of the derivatives.
"""

from __future__ import annotations

import math
from collections.abc import Iterable
from dataclasses import dataclass

from pausenet.errors import Misuse
from pausenet.inference.balance import MeterError


@dataclass(frozen=True, slots=True, kw_only=True)
class Measured:
    """An amount with its random and its systematic standard deviation, all in one unit."""

    value: float
    random: float
    systematic: float

    def __post_init__(self) -> None:
        numbers = (self.value, self.random, self.systematic)
        if not all(map(math.isfinite, numbers)) or min(self.random, self.systematic) < 0.0:
            raise Misuse("Measured: expected finite numbers and errors from 0")

    @property
    def sigma(self) -> float:
        """Both errors together."""
        return math.hypot(self.random, self.systematic)

    def scaled(self, factor: float) -> Measured:
        """The amount times an exact factor.

        >>> Measured(value=2.0, random=0.1, systematic=0.2).scaled(-10.0)
        Measured(value=-20.0, random=1.0, systematic=2.0)
        """
        return Measured(
            value=self.value * factor,
            random=self.random * abs(factor),
            systematic=self.systematic * abs(factor),
        )


def exact(value: float) -> Measured:
    """An amount without error: a count by unit identity, a defined constant."""
    return Measured(value=value, random=0.0, systematic=0.0)


def metered(value: float, error: MeterError) -> Measured:
    """What a meter with these relative errors reads."""
    size = abs(value) * 1e-6
    return Measured(
        value=value, random=size * error.random_ppm, systematic=size * error.systematic_ppm
    )


def added(amounts: Iterable[Measured]) -> Measured:
    """The sum of independent amounts; what shares an instrument is one amount, not two."""
    held = tuple(amounts)
    return Measured(
        value=math.fsum(amount.value for amount in held),
        random=math.hypot(*(amount.random for amount in held)),
        systematic=math.hypot(*(amount.systematic for amount in held)),
    )


def product(first: Measured, second: Measured) -> Measured:
    """The product of two independent amounts."""
    return Measured(
        value=first.value * second.value,
        random=math.hypot(first.random * second.value, first.value * second.random),
        systematic=math.hypot(first.systematic * second.value, first.value * second.systematic),
    )


def quotient(first: Measured, second: Measured) -> Measured:
    """The quotient of two independent amounts; Misuse where the second is 0."""
    if second.value == 0.0:
        raise Misuse("quotient: expected a divisor other than 0")
    value = first.value / second.value
    return Measured(
        value=value,
        random=math.hypot(first.random, value * second.random) / abs(second.value),
        systematic=math.hypot(first.systematic, value * second.systematic) / abs(second.value),
    )
