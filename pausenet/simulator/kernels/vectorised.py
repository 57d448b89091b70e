"""The kernels in numpy: all runs at once, the same whole numbers as `plain` has one by one."""

from __future__ import annotations

from functools import cache
from typing import TypeAlias

import numpy as np
import numpy.typing as npt

from pausenet.inference.arrays import Floats
from pausenet.inference.counter import Words, mix_all
from pausenet.simulator.kernels.plain import CALIBRATIONS, NEVER, BalancePlan
from pausenet.simulator.kernels.table import SHIFT, deviates

Periods: TypeAlias = npt.NDArray[np.int32]


def first_alarms(keys: Words, rows: Words, salts: Words) -> Periods:
    """The first alarm of each row in each run, shape (runs, rows); -1 where there is none.

    `keys` has shape (runs,), `rows` holds thresholds of shape (rows, periods), `salts` (rows,).
    """
    found = np.full((len(keys), len(rows)), NEVER, dtype=np.int32)
    for row, (limits, salt) in enumerate(zip(rows, salts, strict=True)):
        places = mix_all(salt + np.arange(len(limits), dtype=np.uint64))
        for at in range(len(limits) - 1, -1, -1):
            found[mix_all(keys ^ places[at]) < limits[at], row] = at
    return found


def first_imbalances(keys: Words, salt: int, plan: BalancePlan) -> Periods:
    """The period in which the tests of the rules alarm first, shape (runs,); -1 for never."""
    r, s, cut, row, value_max, k_large, h_large, k_small, h_small = plan.numbers
    z = table()
    first = np.full(len(keys), NEVER, dtype=np.int32)
    zero = np.zeros(len(keys))
    before, large, small, total, steady = zero, zero, zero, zero, zero
    for step in plan.steps:
        if step.anew:
            before = large = small = zero
        if step.calibrated:
            total = zero
            steady = s * z[_places(keys, salt, CALIBRATIONS + step.calibration)]
        error = r * z[_places(keys, salt, step.period)] + steady
        y: Floats = np.floor((step.excess + (1.0 + step.excess) * error) * 1e9)
        value = np.trunc(step.of_balance * y - step.of_calibration * total)
        total = total + np.clip(y, -cut, cut)
        taken = np.minimum(value, value_max)
        large = np.maximum(large + taken - k_large, 0.0)
        small = np.maximum(small + taken - k_small, 0.0)
        alarmed = (np.minimum(before, value) > row) | (large > h_large) | (small > h_small)
        first[alarmed & (first == NEVER)] = step.period
        before = value
    return first


def _places(keys: Words, salt: int, period: int) -> npt.NDArray[np.int64]:
    """Which entry of the table each run draws."""
    place = mix_all(np.array([(salt + period) & (2**64 - 1)], dtype=np.uint64))
    return (mix_all(keys ^ place) >> np.uint64(SHIFT)).astype(np.int64)


@cache
def table() -> Floats:
    """The deviates as an array; nobody writes into it."""
    values = np.array(deviates())
    values.flags.writeable = False
    return values
