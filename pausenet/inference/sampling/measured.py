"""Samples whose items are measured, not counted: attribute tests that may err, variable tests.

A diverter who takes a total M may empty few items or take a little of many. Attribute sampling
looks for items that are plainly wrong and is strong against the first; variable sampling sums
small differences and is strong against the second. Plans need both.

| symbol | here | meaning | unit |
|---|---|---|---|
| N, n, d | `items`, `sample`, `defects` | as in `hypergeometric` | items |
| x | `holds` | what an item holds | any |
| M | `total` | what is taken in all | as x |
| g | | share taken of each touched item, M / (d x) | 1 |
| r, s | `error` | relative errors of the inspector's instrument | ppm |
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Final

from pausenet.errors import Misuse
from pausenet.inference.balance import MeterError
from pausenet.inference.detection import sigmas_needed
from pausenet.inference.normal import above, density, upper_quantile
from pausenet.inference.sampling.hypergeometric import drawn

_CELLS_MOST: Final = 2_000


@dataclass(frozen=True, slots=True, kw_only=True)
class MeasuredSample:
    """A sample of like items, each measured once by one instrument."""

    items: int
    sample: int
    holds: float
    error: MeterError

    def __post_init__(self) -> None:
        if not (1 <= self.sample <= self.items and self.holds > 0.0):
            raise Misuse("MeasuredSample: expected 1 <= sample <= items and a content above 0")

    @property
    def item_sigma(self) -> float:
        """The relative standard deviation of one reading, both errors together."""
        return math.sqrt(self.error.variance_ppm2) * 1e-6

    @property
    def mean_sigma(self) -> float:
        """The relative standard deviation of the sample's mean: only random errors average."""
        random, systematic = self.error.random_ppm * 1e-6, self.error.systematic_ppm * 1e-6
        return math.sqrt(random**2 / self.sample + systematic**2)


def recognised(share: float, plan: MeasuredSample, alpha: float) -> float:
    """The chance that one item of which this share is missing is called defective.

    The item's own threshold is such that n sound items raise an alarm with probability alpha in
    all: 1 - (1 - alpha)^(1/n) each. That is with systematic errors drawn anew for each item; as
    one instrument reads them all, false alarms come together and so no more often than alpha.
    """
    return above(upper_quantile(_each(plan, alpha)) - share / plan.item_sigma)


def attribute_detection(plan: MeasuredSample, total: float, defects: int, alpha: float) -> float:
    """At least this often an attribute test of the sample finds M taken evenly from d items.

    1 - E E (1 - q)^J: q is the chance of one drawn defect to be recognised given the systematic
    error, J how many are drawn. One instrument reads them all, so that they are recognised or
    overlooked together; taken for independent they would be found more often than they are. That
    a sound item may be called defective beside them is not counted.
    """
    share = total / (defects * plan.holds)
    if not (1 <= defects <= plan.items and 0.0 < share <= 1.0):
        raise Misuse("attribute_detection: expected defects that can hold the total")
    held = drawn(plan.items, defects, plan.sample)
    missed = math.fsum(
        mass * math.fsum(chance * unseen**j for j, chance in held)
        for mass, unseen in _unseen(share, plan, alpha)
    )
    return max(0.0, 1.0 - missed)


def _unseen(share: float, plan: MeasuredSample, alpha: float) -> tuple[tuple[float, float], ...]:
    """The chance that one defect is overlooked, for each systematic error with its probability.

    By the trapezoidal rule over 8 standard deviations on either side, in steps of a tenth, or half
    of r / s where that is finer.
    """
    random, systematic = plan.error.random_ppm, plan.error.systematic_ppm
    if systematic == 0:
        return ((1.0, 1.0 - recognised(share, plan, alpha)),)
    if random == 0:
        seen = recognised(share, plan, alpha)
        return ((seen, 0.0), (1.0 - seen, 1.0))
    count = min(_CELLS_MOST, math.ceil(8.0 / min(0.1, 0.5 * random / systematic)))
    step = 8.0 / count
    limit = upper_quantile(_each(plan, alpha)) - share / plan.item_sigma
    scale = plan.item_sigma * 1e6 / random
    return tuple(
        (step * density(step * at), above(systematic / random * step * at - scale * limit))
        for at in range(-count, count + 1)
    )


def _each(plan: MeasuredSample, alpha: float) -> float:
    return -math.expm1(math.log1p(-alpha) / plan.sample)


def variable_detection(plan: MeasuredSample, total: float, defects: int, alpha: float) -> float:
    """The chance that the sample's mean, extended to all items, shows M taken from d of them.

    Where the sample holds j of the touched items it shows N j / (n d) of M, with sigma = N x
    (r^2 / n + s^2)^(1/2); summed over the chances of j. With d = N it is the normal test of M.
    See also the D statistic of `sequential.differences`, where the operator's errors count too.
    """
    sigma = plan.items * plan.holds * plan.mean_sigma
    z = upper_quantile(alpha)
    each = total * plan.items / (plan.sample * defects * sigma)
    return math.fsum(
        chance * above(z - each * j) for j, chance in drawn(plan.items, defects, plan.sample)
    )


def variable_sample_size(
    items: int, holds: float, error: MeterError, total: float, *, detection: float, alpha: float
) -> tuple[int, ...]:
    """The smallest sample whose mean shows M so often; empty where none of up to N items does.

    n = r^2 / ((M / (N x needed))^2 - s^2): a systematic error that alone hides M is not averaged
    away by any sample.
    """
    allowed = total / (items * holds * sigmas_needed(detection, alpha))
    left = allowed**2 - (error.systematic_ppm * 1e-6) ** 2
    if left <= 0.0:
        return ()
    size = max(1, math.ceil((error.random_ppm * 1e-6) ** 2 / left))
    return (size,) if size <= items else ()


def combined_detection(plan: MeasuredSample, total: float, defects: int, alpha: float) -> float:
    """At least this often one of both tests finds M taken evenly from d items.

    Each test runs at alpha / 2, so that both together alarm falsely at most with alpha; the
    larger of the two chances is a bound, whatever hangs together.
    """
    return max(
        attribute_detection(plan, total, defects, 0.5 * alpha),
        variable_detection(plan, total, defects, 0.5 * alpha),
    )


def worst_defects(plan: MeasuredSample, total: float, alpha: float) -> tuple[int, float]:
    """The number of items that the diverter touches, and the chance it is found: its best choice.

    All numbers from ceil(M / x) to N are tried against `combined_detection`.
    """
    least = math.ceil(total / plan.holds)
    if least > plan.items:
        raise Misuse("worst_defects: expected a total that the items can hold")
    chances = (
        (combined_detection(plan, total, defects, alpha), defects)
        for defects in range(max(1, least), plan.items + 1)
    )
    chance, defects = min(chances)
    return defects, chance
