"""A change of level at the baseline: was the course padded until the baseline was read?

Two questions. At a date known beforehand (the baseline's close): the rank-sum test, exact for any
exchangeable readings. At an unknown date within the watch: the largest standardised difference of
the means before and after, over all dates; its limit is counted over a fixed lattice of paths of
independent normals, so no seed is part of it (`sequential.watched`).

| symbol | here | meaning | unit |
|---|---|---|---|
| n, m | | readings in all, readings before the known date | 1 |
| W | | sum of the ranks of the readings before it | 1 |
| delta | `drop` | how far the level falls, in sigmas of a reading | 1 |
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from fractions import Fraction
from typing import Final

import numpy as np

from pausenet.errors import Misuse
from pausenet.inference.arrays import Floats
from pausenet.inference.sequential.watched import paths

_EXACT_MAX: Final = 400
_READINGS_LEAST: Final = 8


def rank_sum_p_value(before: Sequence[int], after: Sequence[int]) -> Fraction:
    """P(the readings before rank so high or higher), if all orders are as likely; exact.

    Wilcoxon (Biometrics Bulletin 1, 1945), with midranks for readings that are alike: doubled
    ranks are whole, and the number of subsets with each sum is counted one reading at a time.

    >>> rank_sum_p_value([9, 8, 7], [1, 2, 3])
    Fraction(1, 20)
    """
    everything = sorted((*before, *after))
    if not (before and after) or len(everything) > _EXACT_MAX:
        raise Misuse(f"rank_sum_p_value: expected readings on both sides, at most {_EXACT_MAX}")
    first: dict[int, int] = {}
    last: dict[int, int] = {}
    for place, value in enumerate(everything, start=1):
        first.setdefault(value, place)
        last[value] = place
    doubled = {value: first[value] + last[value] for value in first}
    observed = sum(doubled[value] for value in before)
    ways = _sums([doubled[value] for value in everything], len(before))
    high = sum(count for total, count in ways.items() if total >= observed)
    return Fraction(high, math.comb(len(everything), len(before)))


def _sums(ranks: Sequence[int], size: int) -> dict[int, int]:
    """How many subsets of this size have each sum, counted one rank at a time."""
    ways: list[dict[int, int]] = [{0: 1}, *({} for _ in range(size))]
    for rank in ranks:
        for chosen in range(size, 0, -1):
            for total, count in ways[chosen - 1].items():
                ways[chosen][total + rank] = ways[chosen].get(total + rank, 0) + count
    return ways[size]


def rank_sum_needed(before: int, after: int, alpha: Fraction) -> int:
    """The least sum of the ranks before, none alike, that raises an alarm; one too high if none."""
    if min(before, after) < 1 or before + after > _EXACT_MAX:
        raise Misuse(f"rank_sum_needed: expected readings on both sides, at most {_EXACT_MAX}")
    ways = _sums(range(1, before + after + 1), before)
    left, high = alpha * math.comb(before + after, before), 0
    for total in sorted(ways, reverse=True):
        high += ways[total]
        if high > left:
            return total + 1
    return min(ways)


def rank_sum_power(before: int, after: int, drop: float, alpha: Fraction) -> float:
    """P(alarm) where independent normal readings fall by `drop` sigmas; over the lattice."""
    course = np.where(np.arange(before + after) < before, drop, 0.0)
    order = np.argsort(paths(before + after) + course, axis=-1)
    places = np.argsort(order, axis=-1)[:, :before] + 1
    return float(np.mean(places.sum(axis=-1) >= rank_sum_needed(before, after, alpha)))


def largest_step(readings: Floats) -> Floats:
    """The largest standardised difference, before less after, over all dates; shape (...).

    The difference of means at date k has the variance s^2 n / (k (n - k)), with s^2 the variance
    of all readings about their mean; where nothing changes, the answer does not depend on level
    or spread. At least two readings stand on either side.
    """
    values = np.asarray(readings, dtype=np.float64)
    count = values.shape[-1]
    if count < _READINGS_LEAST:
        raise Misuse(f"largest_step: expected {_READINGS_LEAST} readings at least, found {count}")
    centred = values - values.mean(axis=-1, keepdims=True)
    spread = np.sqrt(np.sum(np.square(centred), axis=-1) / (count - 1))
    if not np.all(spread > 0.0):
        raise Misuse("largest_step: expected readings that are not all alike")
    dates = np.arange(2, count - 1)
    sums = np.cumsum(centred, axis=-1)[..., 1 : count - 2]
    scaled = sums * np.sqrt(count / (dates * (count - dates)))
    largest: Floats = np.max(scaled, axis=-1) / spread
    return largest


def step_limit(readings: int, alpha: float) -> float:
    """The step that independent normal readings of one level exceed with probability alpha."""
    if not 0.0 < alpha < 1.0:
        raise Misuse(f"step_limit: expected a rate between 0 and 1, found {alpha}")
    return float(np.quantile(largest_step(paths(readings)), 1.0 - alpha))


def step_p_value(readings: Floats) -> float:
    """How often so large a step comes where nothing changes, counted over the lattice.

    Never below 1 / (paths + 1): what no path reaches is seldom, and nobody counted how seldom.
    """
    values = np.asarray(readings, dtype=np.float64)
    found = float(largest_step(values))
    quiet = largest_step(paths(values.shape[-1]))
    return float((1 + np.count_nonzero(quiet >= found)) / (1 + quiet.size))


def step_power(readings: int, date: int, drop: float, alpha: float) -> float:
    """P(alarm) where after `date` readings the level falls by so many sigmas; over the lattice."""
    if not 1 <= date < readings:
        raise Misuse(f"step_power: expected a date within the readings, found {date}")
    course = np.where(np.arange(readings) < date, drop, 0.0)
    found = largest_step(paths(readings) + course)
    return float(np.mean(found > step_limit(readings, alpha)))
