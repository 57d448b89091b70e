"""Numbers that nobody knows exactly: a 90 % interval, which stands for a log-normal.

A scenario's file says `16000 to 24000`. Its ends are the distribution's 5 % and 95 % quantiles,
its median is their geometric mean. The plans carry it as a `Spread`, which is that median wherever
a number is wanted; `simulator.drawing` puts a number drawn by the run's seed into its place.
"""

from __future__ import annotations

from dataclasses import fields, replace
from math import isqrt
from typing import TYPE_CHECKING, Any, Final, Self

if TYPE_CHECKING:
    from _typeshed import DataclassInstance

Z_95: Final = "1.6448536269514722"
"""The standard normal's 95 % quantile, to its last digit of 17."""


class Spread(int):
    """A log-normal with the 5 % quantile `low` and the 95 % quantile `high`; an `int`, its median.

    Raises `ValueError` unless 0 < low < high. It equals its median, but another spread only where
    both ends are equal.

    >>> Spread(5, 20) == 10, Spread(5, 20) == Spread(4, 25), str(Spread(5, 20))
    (True, False, '5 to 20')
    """

    low: int
    high: int

    def __new__(cls, low: int, high: int) -> Self:  # noqa: D102  # described by its class
        if low <= 0:
            raise ValueError(f"expected an interval above 0, found {low} to {high}")
        if not low < high:
            raise ValueError(f"expected an interval from low to high, found {low} to {high}")
        made = super().__new__(cls, _root(low * high))
        made.__dict__.update(low=int(low), high=int(high))
        return made

    def __setattr__(self, name: str, value: object) -> None:
        raise AttributeError(f"a spread does not change: {name}")

    def __reduce__(self) -> tuple[type[Self], tuple[int, int]]:
        return type(self), (self.low, self.high)

    def __eq__(self, other: object) -> bool:
        if isinstance(other, Spread):
            return (self.low, self.high) == (other.low, other.high)
        return int(self) == other

    def __ne__(self, other: object) -> bool:
        return not self == other

    def __hash__(self) -> int:
        return int.__hash__(self)

    def __repr__(self) -> str:
        return f"Spread({self.low}, {self.high})"

    def __str__(self) -> str:
        return f"{self.low} to {self.high}"


def check_ends(plan: DataclassInstance) -> None:
    """Raise the `ValueError` of a plan's class unless both ends of every spread are allowed in it.

    What lies between two numbers that a plan allows must be allowed too: nine draws in ten do.
    """
    for field in fields(plan):
        value: Any = getattr(plan, field.name)
        if isinstance(value, Spread):
            for end in (value.low, value.high):
                replace(plan, **{field.name: end})


def _root(square: int) -> int:
    """The nearest whole number to a square root."""
    down = isqrt(square)
    return down + (square - down * down > down)
