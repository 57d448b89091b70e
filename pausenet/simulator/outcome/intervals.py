"""Intervals that keep their word: Clopper and Pearson's for a share, Garwood's for a rate.

Both are exact: whatever the true value, they cover it at least as often as their level says, at
every n. That costs width where n is small, and the width is what a reader should see there.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Final

from pausenet.errors import Misuse
from pausenet.inference import gamma
from pausenet.inference.beta import at_least, at_most
from pausenet.inference.roots import crossing

LEVEL: Final = 0.95
"""The level of every interval, unless it is said otherwise."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Interval:
    """From `low` to `high`, which may be infinite, at a level of confidence."""

    low: float
    high: float
    level: float

    def __post_init__(self) -> None:
        if not (self.low <= self.high and 0.0 < self.level < 1.0):
            raise Misuse(f"Interval: expected low <= high, found {self.low} and {self.high}")

    @property
    def half_width(self) -> float:
        """Half of what lies between the ends."""
        return 0.5 * (self.high - self.low)

    def covers(self, value: float) -> bool:
        """Whether a value lies in it, ends included."""
        return self.low <= value <= self.high


@dataclass(frozen=True, slots=True, kw_only=True)
class Share:
    """So many of n, and the interval for the chance behind it."""

    count: int
    of: int
    interval: Interval

    @property
    def value(self) -> float:
        """The share itself; raises Misuse of nothing."""
        if self.of == 0:
            raise Misuse("Share: a share of nothing has no value")
        return self.count / self.of


@dataclass(frozen=True, slots=True, kw_only=True)
class Rate:
    """So many events in so much exposure, and the interval for the rate behind them."""

    count: int
    exposure: float
    interval: Interval


def share(count: int, of: int, level: float = LEVEL) -> Share:
    """A share with Clopper and Pearson's interval (Biometrika 26, 1934).

    Each end is the chance at which so many, or as few, would be seen with probability
    (1 - level) / 2. Of nothing nothing is known: the interval is from 0 to 1.

    >>> found = share(93, 100)
    >>> round(found.interval.low, 3), round(found.interval.high, 3)
    (0.861, 0.971)
    """
    tail = _tail(level)
    if not 0 <= count <= of:
        raise Misuse(f"share: expected a count from 0 to {of}, found {count}")
    low = 0.0 if count == 0 else crossing(lambda p: at_least(count, of, p) - tail, 0.0, 1.0)
    high = 1.0 if count == of else crossing(lambda p: tail - at_most(count, of, p), 0.0, 1.0)
    return Share(count=count, of=of, interval=Interval(low=low, high=high, level=level))


def rate(count: int, exposure: float, level: float = LEVEL) -> Rate:
    """A rate with Garwood's interval for a Poisson count (Biometrika 28, 1936).

    Each end is the expected number at which so many, or as few, would be seen with probability
    (1 - level) / 2, divided by the exposure; without exposure nothing is known above 0.

    >>> found = rate(0, 10.0)
    >>> round(found.interval.high, 6)
    0.368888
    """
    tail = _tail(level)
    if not (count >= 0 and exposure >= 0.0 and math.isfinite(exposure)):
        raise Misuse("rate: expected a count and an exposure from 0")
    if exposure == 0.0:
        return Rate(
            count=count, exposure=0.0, interval=Interval(low=0.0, high=math.inf, level=level)
        )
    most = count + 20.0 * math.sqrt(count + 1.0) + 20.0 - 4.0 * math.log(tail)
    low = 0.0
    if count:
        low = crossing(lambda mean: gamma.lower(count, mean) - tail, 0.0, most)
    high = crossing(lambda mean: gamma.lower(count + 1, mean) - (1.0 - tail), 0.0, most)
    return Rate(
        count=count,
        exposure=exposure,
        interval=Interval(low=low / exposure, high=high / exposure, level=level),
    )


def _tail(level: float) -> float:
    if not 0.0 < level < 1.0:
        raise Misuse(f"level: expected a number between 0 and 1, found {level}")
    return 0.5 * (1.0 - level)
