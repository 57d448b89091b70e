"""How long something takes when not everything has happened by the end: Kaplan and Meier.

A run that ends before a lab is found says "later than this", not "never" and not nothing. The
product-limit estimate uses that: S(t) is the chance that a time is above t,

    S(t) = product over event times t_j <= t of (1 - d_j / r_j)

with d_j the events at t_j and r_j those still at risk just before it; whoever is censored at t_j
counts as at risk there (Kaplan and Meier, J. Am. Stat. Assoc. 53, 1958). Its variance is
Greenwood's, S^2 x sum d_j / (r_j (r_j - d_j)) (Reports on Public Health and Medical Subjects 33,
1926); the limits are those of ln(-ln S), which never leave 0 to 1 (Kalbfleisch and Prentice, The
Statistical Analysis of Failure Time Data, 1980).
"""

from __future__ import annotations

import math
from bisect import bisect_left
from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

from pausenet.errors import Misuse
from pausenet.inference.beta import at_most
from pausenet.inference.normal import upper_quantile
from pausenet.simulator.outcome.intervals import LEVEL, Interval


@dataclass(frozen=True, slots=True, kw_only=True, order=True)
class Spell:
    """One time: `event` says whether it ended in what was waited for, or was cut off there."""

    time: float
    event: bool

    def __post_init__(self) -> None:
        if not (self.time >= 0.0 and math.isfinite(self.time)):
            raise Misuse(f"Spell: expected a finite time from 0, found {self.time}")


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    """The curve from one event time on: the share still without the event, and its limits."""

    time: float
    at_risk: int
    events: int
    survival: float
    variance: float
    interval: Interval


@dataclass(frozen=True, slots=True, kw_only=True)
class Quantile:
    """A time by which a share has the event, with its limits.

    Infinite where the curve does not come down so far before the observation ends: not reached.
    """

    value: float
    interval: Interval

    @property
    def reached(self) -> bool:
        """Whether there is such a time within what was observed."""
        return math.isfinite(self.value)


@dataclass(frozen=True, slots=True, kw_only=True)
class Curve:
    """The whole estimate; `of` spells, `last` is the longest of them."""

    of: int
    last: float
    level: float
    steps: tuple[Step, ...]

    def survival(self, time: float) -> float:
        """The estimated chance that the event comes after this time."""
        before = [step.survival for step in self.steps if step.time <= time]
        return before[-1] if before else 1.0

    def quantile(self, share: float = 0.5) -> Quantile:
        """The first time at which S is at most 1 - share; limits by those of the curve.

        The limits are the first times at which the curve's lower and upper limit are so low
        (Brookmeyer and Crowley, Biometrics 38, 1982, with the limits above).
        """
        if not 0.0 < share < 1.0:
            raise Misuse(f"quantile: expected a share between 0 and 1, found {share}")
        line = 1.0 - share + 1e-12
        return Quantile(
            value=self._first(lambda step: step.survival <= line),
            interval=Interval(
                low=self._first(lambda step: step.interval.low <= line),
                high=self._first(lambda step: step.interval.high <= line),
                level=self.level,
            ),
        )

    def _first(self, holds: Callable[[Step], bool]) -> float:
        return next((step.time for step in self.steps if holds(step)), math.inf)


def kaplan_meier(spells: Iterable[Spell], level: float = LEVEL) -> Curve:
    """The product-limit estimate of these spells; raises Misuse of none.

    >>> curve = kaplan_meier(Spell(time=day, event=day < 3) for day in (1, 2, 3, 3))
    >>> [(step.time, step.survival) for step in curve.steps]
    [(1, 0.75), (2, 0.5)]
    >>> curve.quantile(0.5).value, curve.quantile(0.9).reached
    (2, False)
    """
    held = sorted(spells)
    if not held:
        raise Misuse("kaplan_meier: expected one spell at least")
    times = [spell.time for spell in held]
    events = Counter(spell.time for spell in held if spell.event)
    counts = [
        (time, len(times) - bisect_left(times, time), events[time]) for time in sorted(events)
    ]
    return product_limit(counts, of=len(held), last=times[-1], level=level)


def product_limit(
    counts: Iterable[tuple[float, int, int]], *, of: int, last: float, level: float = LEVEL
) -> Curve:
    """The same estimate of counts: each event time with those at risk just before, and its events.

    Raises `Misuse` for counts that no spells have.

    >>> product_limit([(1.0, 4, 1), (2.0, 3, 1)], of=4, last=3.0).survival(2.5)
    0.5
    """
    if not 0.0 < level < 1.0:
        raise Misuse(f"level: expected a number between 0 and 1, found {level}")
    steps: list[Step] = []
    survival, total, left, before = 1.0, 0.0, of, 0.0
    for time, at_risk, events in counts:
        if not (0.0 <= before <= time <= last and 1 <= events <= at_risk <= left):
            raise Misuse(f"product_limit: expected counts of {of} spells, found {time, at_risk}")
        survival *= (at_risk - events) / at_risk
        if events < at_risk:
            total += events / (at_risk * (at_risk - events))
        steps.append(
            Step(
                time=time,
                at_risk=at_risk,
                events=events,
                survival=survival,
                variance=survival**2 * total,
                interval=_limits(survival, total, at_risk, level, steps[-1:]),
            )
        )
        left, before = at_risk - events, time
    return Curve(of=of, last=last, level=level, steps=tuple(steps))


def _limits(
    survival: float, total: float, at_risk: int, level: float, before: Sequence[Step]
) -> Interval:
    """The limits of ln(-ln S).

    At S = 0 they are not defined; there the upper limit is that of no survivor among those who
    were at risk last (Clopper and Pearson), or that of the step before where it is lower: S never
    rises, so that it bounds what comes later too.
    """
    if survival <= 0.0:
        highs = [1.0 - (0.5 * (1.0 - level)) ** (1.0 / at_risk)]
        high = min(highs + [step.interval.high for step in before])
        return Interval(low=0.0, high=high, level=level)
    log = math.log(survival)
    spread = upper_quantile(0.5 * (1.0 - level)) * math.sqrt(total) / abs(log)
    return Interval(
        low=survival ** math.exp(spread), high=survival ** math.exp(-spread), level=level
    )


def median(values: Sequence[float], level: float) -> Quantile:
    """The lower median with the exact interval between two order statistics.

    Of n values in order the interval goes from the r-th to the r-th from above, r the largest
    with P(Binomial(n, 1/2) < r) at most (1 - level) / 2 (Thompson, Ann. Math. Stat. 7, 1936).
    Where even r = 1 is too many the interval is everything. Infinite values say "not reached".

    >>> median([3.0, 1.0, 2.0, math.inf], 0.8).value
    2.0
    """
    ordered = sorted(values)
    count, tail = len(ordered), 0.5 * (1.0 - level)
    if count == 0:
        raise Misuse("median: expected one value at least")
    rank = 0
    while 2 * (rank + 1) <= count and at_most(rank, count, 0.5) <= tail:
        rank += 1
    low, high = (ordered[rank - 1], ordered[count - rank]) if rank else (-math.inf, math.inf)
    return Quantile(
        value=ordered[(count - 1) // 2], interval=Interval(low=low, high=high, level=level)
    )
