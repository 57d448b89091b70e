# mypy: disable-error-code="untyped-decorator"
"""The kernels compiled by numba (extra `[fast]`): the same whole numbers on any number of threads.

Runs are reckoned in lanes of 64, so that a processor's wide registers serve; a lane's work ends
when all its runs have alarmed. Lanes do not know each other. Compiled code is kept in numba's
cache; the first call in a new place takes some seconds.
"""

from __future__ import annotations

from typing import Any, Final

import numba
import numpy as np

from pausenet.inference.counter import MULTIPLIERS, SHIFTS, WORD, Words, mix
from pausenet.simulator.kernels.plain import CALIBRATIONS, NEVER, BalancePlan
from pausenet.simulator.kernels.table import SHIFT, deviates
from pausenet.simulator.kernels.vectorised import Periods

_M1, _M2 = (np.uint64(each) for each in MULTIPLIERS)
_S1, _S2, _S3 = (np.uint64(each) for each in SHIFTS)
_TABLE: Final = np.uint64(SHIFT)
_LANES: Final = 64


@numba.njit(cache=True, inline="always")
def _mix(word: Any) -> Any:
    word = (word ^ (word >> _S1)) * _M1
    word = (word ^ (word >> _S2)) * _M2
    return word ^ (word >> _S3)


@numba.njit(cache=True, parallel=True)
def _first_alarms(keys: Any, rows: Any, places: Any, found: Any) -> None:
    count = len(keys)
    for block in numba.prange((count + _LANES - 1) // _LANES):
        begin = block * _LANES
        width = min(_LANES, count - begin)
        first = np.empty(_LANES, np.int64)
        for row in range(len(rows)):
            first[:] = NEVER
            left = width
            for at in range(rows.shape[1]):
                place, limit = places[row, at], rows[row, at]
                alarms = 0
                for lane in range(width):
                    now = _mix(keys[begin + lane] ^ place) < limit and first[lane] < 0
                    first[lane] = at if now else first[lane]
                    alarms += now
                left -= alarms
                if left == 0:
                    break
            for lane in range(width):
                found[begin + lane, row] = first[lane]


@numba.njit(cache=True, parallel=True)
def _first_imbalances(
    keys: Any, words: Any, flags: Any, weights: Any, numbers: Any, z: Any, found: Any
) -> None:
    r, s, cut, row, value_max = numbers[0], numbers[1], numbers[2], numbers[3], numbers[4]
    k_large, h_large, k_small, h_small = numbers[5], numbers[6], numbers[7], numbers[8]
    count = len(keys)
    for block in numba.prange((count + _LANES - 1) // _LANES):
        begin = block * _LANES
        width = min(_LANES, count - begin)
        key = np.zeros(_LANES, np.uint64)
        key[:width] = keys[begin : begin + width]
        drawn = np.empty(_LANES, np.int64)
        first = np.full(_LANES, NEVER, np.int64)
        before, large, small = np.zeros(_LANES), np.zeros(_LANES), np.zeros(_LANES)
        total, steady = np.zeros(_LANES), np.zeros(_LANES)
        for at in range(len(words)):
            if flags[at, 0]:
                before[:], large[:], small[:] = 0.0, 0.0, 0.0
            if flags[at, 1]:
                for lane in range(_LANES):
                    drawn[lane] = _mix(key[lane] ^ words[at, 1]) >> _TABLE
                for lane in range(_LANES):
                    steady[lane], total[lane] = s * z[drawn[lane]], 0.0
            for lane in range(_LANES):
                drawn[lane] = _mix(key[lane] ^ words[at, 0]) >> _TABLE
            x, of_balance, of_calibration = weights[at, 0], weights[at, 1], weights[at, 2]
            left = 0
            for lane in range(_LANES):
                error = r * z[drawn[lane]] + steady[lane]
                y = np.floor((x + (1.0 + x) * error) * 1e9)
                value = np.trunc(of_balance * y - of_calibration * total[lane])
                total[lane] += max(-cut, min(cut, y))
                taken = min(value, value_max)
                one = max(large[lane] + taken - k_large, 0.0)
                two = max(small[lane] + taken - k_small, 0.0)
                alarm = (min(before[lane], value) > row) | (one > h_large) | (two > h_small)
                first[lane] = at if alarm and first[lane] < 0 else first[lane]
                left += first[lane] < 0
                before[lane], large[lane], small[lane] = value, one, two
            if left == 0:
                break
        for lane in range(width):
            found[begin + lane] = first[lane]


def first_alarms(keys: Words, rows: Words, salts: Words) -> Periods:
    """As `vectorised.first_alarms`."""
    found = np.full((len(keys), len(rows)), NEVER, dtype=np.int32)
    if len(rows):
        periods = range(rows.shape[1])
        places = [[mix((int(salt) + at) & WORD) for at in periods] for salt in salts]
        _first_alarms(keys, rows, np.array(places, dtype=np.uint64), found)
    return found


def first_imbalances(keys: Words, salt: int, plan: BalancePlan) -> Periods:
    """As `vectorised.first_imbalances`."""
    found = np.full(len(keys), NEVER, dtype=np.int32)
    steps = plan.steps
    if not steps:
        return found
    words = [
        [mix((salt + at) & WORD) for at in (step.period, CALIBRATIONS + step.calibration)]
        for step in steps
    ]
    _first_imbalances(
        keys,
        np.array(words, dtype=np.uint64),
        np.array([[step.anew, step.calibrated] for step in steps]),
        np.array([[each.excess, each.of_balance, each.of_calibration] for each in steps]),
        np.array(plan.numbers),
        np.array(deviates()),
        found,
    )
    return np.where(found == NEVER, NEVER, found + plan.first).astype(np.int32)
