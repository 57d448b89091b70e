"""One budget, several strata: where the inspector looks, and where the diverter then goes.

A stratum is a group of like items (the servers of one site). Costs are whole units of the budget.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import Final

from pausenet.errors import Misuse
from pausenet.inference.sampling.hypergeometric import detection, sample_size

_LEVELS: Final = 2**20


@dataclass(frozen=True, slots=True, kw_only=True)
class Stratum:
    """Like items, how many must be defective for one significant quantity, and an item's cost."""

    items: int
    defects: int
    cost: int

    def __post_init__(self) -> None:
        if not (1 <= self.defects <= self.items and self.cost >= 1):
            raise Misuse("Stratum: expected 1 <= defects <= items and a cost from 1")


def even_allocation(strata: Sequence[Stratum], budget: int) -> tuple[int, ...]:
    """Samples that make the least detection probability of all strata as large as can be.

    The diverter takes the whole quantity from the stratum where it is found least often, so that
    any unevenness is wasted. 1. Bisect the probability that every stratum can reach within the
    budget, in 2^20 steps. 2. Give what is left, item by item, to the stratum that is worst off.
    """
    # 1.
    low, high = 0, _LEVELS
    while low < high:
        middle = (low + high + 1) // 2
        if _cost(strata, _samples(strata, Fraction(middle, _LEVELS))) <= budget:
            low = middle
        else:
            high = middle - 1
    samples = list(_samples(strata, Fraction(low, _LEVELS)))
    # 2.
    left = budget - _cost(strata, samples)
    while True:
        chances = [
            (detection(stratum.items, stratum.defects, sample), index)
            for index, (stratum, sample) in enumerate(zip(strata, samples, strict=True))
        ]
        chance, worst = min(chances)
        if chance == 1 or strata[worst].cost > left:
            return tuple(samples)
        samples[worst] += 1
        left -= strata[worst].cost


def least_detection(strata: Sequence[Stratum], samples: Sequence[int]) -> Fraction:
    """The detection probability in the stratum where it is least."""
    pairs = zip(strata, samples, strict=True)
    return min(detection(stratum.items, stratum.defects, sample) for stratum, sample in pairs)


def diverter_spread(
    items: Sequence[int], samples: Sequence[int], defects: int
) -> tuple[tuple[int, ...], Fraction]:
    """How a diverter divides so many defects over strata, and the chance that none is found.

    Every further defect in a stratum multiplies the chance of no detection by (N - n - d) / (N -
    d), which falls with d: so the product is largest if each defect goes where this factor is
    largest (a greedy choice is exact for concave sums). Ties go to the first stratum.
    """
    if defects < 0 or defects > sum(items):
        raise Misuse("diverter_spread: expected as many defects as there are items at most")
    placed, unseen = [0] * len(items), Fraction(1)
    for _ in range(defects):
        factor, where = max(
            (Fraction(max(0, count - sample - d), count - d), -index)
            for index, (count, sample, d) in enumerate(zip(items, samples, placed, strict=True))
            if d < count
        )
        placed[-where] += 1
        unseen *= factor
    return tuple(placed), unseen


def least_variance_allocation(
    items: Sequence[int], sigmas: Sequence[float], costs: Sequence[int], budget: int
) -> tuple[float, ...]:
    """Samples that make the variance of the sum over strata least: n ~ N sigma / sqrt(cost).

    Neyman (J. R. Statist. Soc. 97, 1934), with costs as in Cochran (Sampling Techniques, 1977,
    5.5); the sum's variance is sum N^2 sigma^2 / n. Where a stratum would get more samples than
    it has items it gets them all, and the rest is allocated anew. Not rounded.
    """
    if not (len(items) == len(sigmas) == len(costs)) or min(sigmas) <= 0.0 or min(costs) < 1:
        raise Misuse("least_variance_allocation: expected strata with sigmas and costs above 0")
    full: set[int] = set()
    while True:
        open_ = [index for index in range(len(items)) if index not in full]
        left = budget - sum(items[index] * costs[index] for index in full)
        spent = sum(items[i] * sigmas[i] * math.sqrt(costs[i]) for i in open_)
        sizes = {i: left * items[i] * sigmas[i] / math.sqrt(costs[i]) / spent for i in open_}
        over = {i for i, size in sizes.items() if size >= items[i]}
        if not over:
            return tuple(sizes.get(i, float(items[i])) for i in range(len(items)))
        full |= over


def _samples(strata: Sequence[Stratum], level: Fraction) -> tuple[int, ...]:
    return tuple(sample_size(stratum.items, stratum.defects, level) for stratum in strata)


def _cost(strata: Sequence[Stratum], samples: Sequence[int]) -> int:
    return sum(stratum.cost * sample for stratum, sample in zip(strata, samples, strict=True))
