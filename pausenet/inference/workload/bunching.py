"""Bunching below a threshold: too many runs that end just under the cap.

In logarithms of size, compare two bins of equal width: `near`, from cap / r to just below the
cap, and `beside`, from cap / r^2 to just below cap / r. Sizes that know nothing of the cap have a
smooth density, so of the runs in both bins a share of about 1/2 is near. A stated steepness s
allows honest densities to rise: near may hold up to s times as many as beside, a share of at most
s / (1 + s). The number that is near is then binomial at worst, and the tail exact. The bin above
the cap is not used: where the cap binds, it is empty for everybody.

The idea is McCrary's (Journal of Econometrics 142, 2008), without his smoothing: counts are few.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from fractions import Fraction

from pausenet.errors import Misuse
from pausenet.values import Pflop


def runs_beside(runs: Sequence[Pflop], cap: Pflop, width: Fraction) -> tuple[int, int]:
    """How many runs are near, and how many beside; both bins span the factor `width` above 1.

    >>> sizes = [Pflop(amount) for amount in (70, 81, 95, 99, 99, 100, 130)]
    >>> runs_beside(sizes, Pflop(100), Fraction(10, 9))
    (3, 1)
    """
    if not (width > 1 and cap > 0):
        raise Misuse("runs_beside: expected a cap above 0 and a width above 1")
    near = sum(cap <= run * width and run < cap for run in runs)
    beside = sum(cap <= run * width**2 and run * width < cap for run in runs)
    return near, beside


def share_near(steepness: Fraction) -> Fraction:
    """The largest honest share that is near, s / (1 + s)."""
    if steepness < 1:
        raise Misuse(f"share_near: expected a steepness from 1, found {steepness}")
    return steepness / (1 + steepness)


def tail(trials: int, least: int, chance: Fraction) -> Fraction:
    """P(at least so many of the trials), exact."""
    numerator, other = chance.numerator, chance.denominator - chance.numerator
    ways = sum(
        math.comb(trials, count) * numerator**count * other ** (trials - count)
        for count in range(max(0, least), trials + 1)
    )
    return Fraction(ways, chance.denominator**trials)


def bunching_p_value(near: int, beside: int, steepness: Fraction) -> Fraction:
    """P(so many near or more), given their sum, under the steepest honest density.

    >>> bunching_p_value(5, 0, Fraction(1))
    Fraction(1, 32)
    """
    if min(near, beside) < 0:
        raise Misuse("bunching_p_value: expected counts from 0")
    return tail(near + beside, near, share_near(steepness))


def bunching_power(runs: int, *, steepness: Fraction, times: Fraction, alpha: Fraction) -> Fraction:
    """P(alarm) among so many runs in both bins where near holds `times` as many as beside.

    With times at the steepness it is the true false-alarm rate, at or below alpha.
    """
    if times < 0:
        raise Misuse(f"bunching_power: expected times from 0, found {times}")
    honest = share_near(steepness)
    needed = next(
        (count for count in range(runs + 1) if tail(runs, count, honest) <= alpha), runs + 1
    )
    return tail(runs, needed, times / (1 + times))
