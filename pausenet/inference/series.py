"""A series of energy balances, period after period, and its three tests; exact, for it decides.

A meter reads M watt-hours where a lab declares D. With the error model of `balance`, the relative
balance y = (M - D) / D of a lab that hides nothing is the reading's error r + s itself, and s is
shared by the j balances before it of the same calibration, whose sum is S. What those foretell
is taken off, and what remains is put over its own standard deviation (SITMUF; Pike and Woods,
Harwell, 1982; Picard, JNMM 15, 1987). In this error model the conditional mean and variance are

    E[y | S] = s^2 S / (r^2 + j s^2)        var[y | S] = r^2 (r^2 + (j + 1) s^2) / (r^2 + j s^2)

so that with a = r^2 + j s^2 and b = a + s^2 the value is e = (a y - s^2 S) / sqrt(r^2 a b). If
nothing is hidden, and errors are normal and as stated, the values are independent and standard
normal, however large the errors are and whatever the calibrations: one table of limits serves
every lab. Errors larger than stated make more false alarms.

| test | alarm where | finds |
|---|---|---|
| two in a row | two values in a row are above z | an abrupt excess |
| Page, large shift | P = max(P + e - k, 0) is above h, k = 1 | two sigmas a period |
| Page, small shift | the same with k = 0.5 and its own h | one sigma a period, protracted |

Units: r, s in ppm; y in parts per 10^9, rounded down; values, sums and limits in thousandths of
sigma, values rounded towards 0. Page's sums take a value at most as high as would bring a sum
from 0 just to its limit: no single balance alarms by itself. What a balance says of the
calibration is cut at four sigmas, lest a broken meter poison those after it.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from pausenet.inference.balance import MeterError
from pausenet.values import PeriodIndex, WattHours

_PPB: Final = 10**9
_CUT_SIGMAS: Final = 4


class SeriesTest(StrEnum):
    """The tests of a series, in the order in which a finding names them."""

    ROW = "two in a row"
    LARGE = "large shift"
    SMALL = "small shift"


@dataclass(frozen=True, slots=True, kw_only=True)
class Page:
    """One setting of Page's test: reference k and limit h, in thousandths of sigma."""

    reference_milli: int
    limit_milli: int

    def __post_init__(self) -> None:
        if self.reference_milli < 0 or self.limit_milli < 1:
            raise ValueError("Page: expected a reference from 0 and a limit above it")


@dataclass(frozen=True, slots=True, kw_only=True)
class Limits:
    """The limits of all three tests, and over how many balances they hold their common rate."""

    row_milli: int
    large: Page
    small: Page
    periods: int

    @property
    def value_max_milli(self) -> int:
        """The value that takes the nearer of Page's sums from 0 to its limit, and not past it."""
        return min(page.reference_milli + page.limit_milli for page in (self.large, self.small))


@dataclass(frozen=True, slots=True, kw_only=True)
class Balance:
    """One period's declared and metered energy."""

    period: PeriodIndex
    declared: WattHours
    metered: WattHours


@dataclass(frozen=True, slots=True, kw_only=True)
class Alarm:
    """A test that alarms: since when its excess lasts, and its statistic over its limit.

    `statistics_milli` are the two values of `ROW`, else the one sum of Page's test.
    """

    test: SeriesTest
    since: PeriodIndex
    at: PeriodIndex
    statistics_milli: tuple[int, ...]
    limit_milli: int


class Foretold:
    """The standardised values of a series, one by one: what its calibration foretells is off.

    `every` is how many periods a calibration lasts; 0 is all the time.
    """

    def __init__(self, error: MeterError, every: int) -> None:
        self.r2, self.s2 = max(error.random_ppm, 1) ** 2, error.systematic_ppm**2
        self._every = every
        self.cut = math.isqrt((_CUT_SIGMAS * 1000) ** 2 * (self.r2 + self.s2))
        self._block, self._count, self._sum = -1, 0, 0

    def value_milli(self, balance: Balance) -> int:
        """The value of the next balance, in thousandths of sigma."""
        self._enter(balance.period)
        declared = max(int(balance.declared), 1)
        y = (balance.metered - balance.declared) * _PPB // declared
        a = self.r2 + self._count * self.s2
        over = a * y - self.s2 * self._sum
        size = math.isqrt(over * over // (self.r2 * a * (a + self.s2)))
        self._count += 1
        self._sum += max(-self.cut, min(self.cut, y))
        return size if over >= 0 else -size

    def quantity_milli(self, hidden: WattHours, metered: WattHours, place: int) -> int:
        """By how much hidden energy raises a value with so many of its calibration before it."""
        y = hidden * _PPB // max(int(metered), 1)
        a = self.r2 + place * self.s2
        return math.isqrt(y * y * self.r2 // (a * (a + self.s2)))

    @property
    def place(self) -> int:
        """How many balances of its calibration stand before the last one."""
        return max(self._count - 1, 0)

    def last_place(self, periods: int) -> int:
        """The largest place in a series of so many periods."""
        return (min(self._every, periods) if self._every else periods) - 1

    def _enter(self, period: PeriodIndex) -> None:
        block = period // self._every if self._every else 0
        if block != self._block:
            self._block, self._count, self._sum = block, 0, 0


class Series:
    """Balances of consecutive periods under the three tests, until the first alarm."""

    def __init__(self, error: MeterError, every: int, limits: Limits) -> None:
        self.foretold = Foretold(error, every)
        self._limits = limits
        self._before = 0
        self._sums = {SeriesTest.LARGE: 0, SeriesTest.SMALL: 0}
        self._since: dict[SeriesTest, PeriodIndex] = {}

    @property
    def sums_milli(self) -> tuple[int, int]:
        """Page's sums, for the large shift and for the small one."""
        return self._sums[SeriesTest.LARGE], self._sums[SeriesTest.SMALL]

    def take(self, balance: Balance) -> tuple[int, tuple[Alarm, ...]]:
        """The value of one more balance, and the tests that alarm with it."""
        limits, period = self._limits, balance.period
        value, before = self.foretold.value_milli(balance), self._before
        self._before = value
        alarms = []
        if min(before, value) > limits.row_milli:
            alarms.append(
                Alarm(
                    test=SeriesTest.ROW,
                    since=PeriodIndex(period - 1),
                    at=period,
                    statistics_milli=(before, value),
                    limit_milli=limits.row_milli,
                )
            )
        for test, page in ((SeriesTest.LARGE, limits.large), (SeriesTest.SMALL, limits.small)):
            if self._sums[test] == 0:
                self._since[test] = period
            step = min(value, limits.value_max_milli) - page.reference_milli
            self._sums[test] = held = max(self._sums[test] + step, 0)
            if held > page.limit_milli:
                alarms.append(
                    Alarm(
                        test=test,
                        since=self._since[test],
                        at=period,
                        statistics_milli=(held,),
                        limit_milli=page.limit_milli,
                    )
                )
        return value, tuple(alarms)


def values_milli(balances: Sequence[Balance], error: MeterError, every: int) -> tuple[int, ...]:
    """The standardised values of a whole series.

    >>> pair = [Balance(period=PeriodIndex(i), declared=WattHours(1000), metered=WattHours(1020))
    ...         for i in (0, 1)]
    >>> values_milli(pair, MeterError(random_ppm=10_000, systematic_ppm=0), 0)
    (2000, 2000)
    >>> values_milli(pair, MeterError(random_ppm=10_000, systematic_ppm=10_000), 0)
    (1414, 816)
    >>> values_milli(pair, MeterError(random_ppm=10_000, systematic_ppm=10_000), 1)
    (1414, 1414)
    """
    foretold = Foretold(error, every)
    return tuple(foretold.value_milli(balance) for balance in balances)
