# mypy: disable-error-code="untyped-decorator"
"""The kernels compiled by numba (extra `[fast]`): the same whole numbers on any number of threads.

Channels: a run's draws of one row are looked at in stretches (`inference.drawn`), and no more are
made once one has alarmed. Balances: a year's series of runs that have not alarmed yet are reckoned
in lanes of 64, so that a processor's wide registers serve; who has alarmed is left out of the next
series. Runs do not know each other: neither blocks nor lanes change a number.

Compiled code is kept in numba's cache; the first call in a new place takes some seconds.
"""

from __future__ import annotations

from functools import cache
from typing import Any, Final

import numba
import numpy as np

from pausenet.inference.arrays import Floats
from pausenet.inference.counter import WORD, Words, mix_all
from pausenet.inference.drawn import at_most, begun, first_below, spare, tops, unfinished
from pausenet.simulator.kernels.plain import CALIBRATIONS, NEVER, BalancePlan
from pausenet.simulator.kernels.table import SHIFT, deviates
from pausenet.simulator.kernels.vectorised import Periods

_TABLE: Final = np.uint64(SHIFT)
_BLOCK: Final = 1024
_LANES: Final = 64
_AHEAD: Final = 16
"""So many periods are drawn before they are reckoned: a processor waits for memory less."""
_NONE: Final = 2**31 - 1
# Where a lane's numbers stand: what its calibration is off, the sum of balances since, Page's two
# sums, the last value, and the lower one of the last two.
_STEADY, _TOTAL, _LARGE, _SMALL, _BEFORE, _LOWER = (_LANES * at for at in range(6))


@numba.njit(cache=True, parallel=True)
def _first_alarms(keys: Any, places: Any, highest: Any, rows: Any, spans: Any, found: Any) -> None:
    count = len(keys)
    for block in numba.prange((count + _BLOCK - 1) // _BLOCK):
        for row in range(len(rows)):
            place, top, limit = places[row], highest[row], rows[row]
            begin, end = spans[row, 0], spans[row, 1]
            for run in range(block * _BLOCK, min(count, (block + 1) * _BLOCK)):
                at = first_below(keys[run], place, top, limit, begin, end)
                found[run, row] = at if at < end else NEVER


@numba.njit(cache=True, inline="always")
def _draw(key: Any, place: Any, index: Any) -> None:
    """Which entry of the table each lane draws; these bits the finaliser's last shift leaves."""
    for lane in range(_LANES):
        index[lane] = unfinished(key[lane] ^ place) >> _TABLE


@numba.njit(cache=True, inline="always")
def _balance(weights: Any, numbers: Any, drawn: Any, lanes: Any) -> Any:
    """One period of all lanes, as `plain.first_imbalance` has it; True where a test alarms."""
    r, cut, row, value_max = numbers[0], numbers[2], numbers[3], numbers[4]
    k_large, h_large, k_small, h_small = numbers[5], numbers[6], numbers[7], numbers[8]
    x, of_balance, of_calibration = weights[0], weights[1], weights[2]
    alarm = False
    # One array holds all of a lane, and comparisons stand for min and max: only so does the
    # compiler know that lanes are apart, and put them in one register.
    for lane in range(_LANES):
        error = r * drawn[lane] + lanes[_STEADY + lane]
        y = np.floor((x + (1.0 + x) * error) * 1e9)
        value = np.trunc(of_balance * y - of_calibration * lanes[_TOTAL + lane])
        y = cut if y > cut else y
        lanes[_TOTAL + lane] += -cut if y < -cut else y
        taken = value if value < value_max else value_max
        large = lanes[_LARGE + lane] + taken - k_large
        large = large if large > 0.0 else 0.0
        small = lanes[_SMALL + lane] + taken - k_small
        small = small if small > 0.0 else 0.0
        before = lanes[_BEFORE + lane]
        lower = before if before < value else value
        alarm |= (lower > row) | (large > h_large) | (small > h_small)
        lanes[_LARGE + lane], lanes[_SMALL + lane] = large, small
        lanes[_BEFORE + lane], lanes[_LOWER + lane] = value, lower
    return alarm


@numba.njit(cache=True, inline="always")
def _note(period: Any, numbers: Any, lanes: Any, first: Any) -> Any:
    """Note the period in the lanes that alarm for the first time; how many have not alarmed yet."""
    row, h_large, h_small = numbers[3], numbers[6], numbers[8]
    left = 0
    for lane in range(_LANES):
        sums = (lanes[_LARGE + lane] > h_large) | (lanes[_SMALL + lane] > h_small)
        now = period if sums | (lanes[_LOWER + lane] > row) else _NONE
        first[lane] = min(first[lane], now)
        left += first[lane] == _NONE
    return left


@numba.njit(cache=True, inline="always")
def _series(
    key: Any, span: Any, acts: Any, weights: Any, numbers: Any, z: Any, room: Any, first: Any
) -> None:
    """One series of all lanes: in which period each alarms first, or `_NONE`."""
    places, periods = acts
    index, drawn, lanes = room
    lanes[:] = 0.0
    first[:] = _NONE
    left = _LANES
    for begin in range(span[0], span[1], _AHEAD):
        end = min(span[1], begin + _AHEAD)
        for at in range(end - begin):
            _draw(key, places[begin + at], index[at * _LANES : (at + 1) * _LANES])
        for each in range((end - begin) * _LANES):
            drawn[each] = z[index[each]]
        for at in range(begin, end):
            here = drawn[(at - begin) * _LANES : (at - begin + 1) * _LANES]
            if periods[at] == NEVER:
                for lane in range(_LANES):
                    lanes[_STEADY + lane] = numbers[1] * here[lane]
                    lanes[_TOTAL + lane] = 0.0
            elif _balance(weights[at], numbers, here, lanes):
                left = _note(periods[at], numbers, lanes, first)
        if left == 0:
            break


@numba.njit(cache=True, parallel=True)
def _first_imbalances(
    keys: Any, spans: Any, acts: Any, weights: Any, numbers: Any, z: Any, found: Any
) -> None:
    count = len(keys)
    for block in numba.prange((count + _BLOCK - 1) // _BLOCK):
        left = min(_BLOCK, count - block * _BLOCK)
        quiet = np.arange(block * _BLOCK, block * _BLOCK + left)
        key, first = np.empty(_LANES, np.uint64), np.empty(_LANES, np.int64)
        ahead = _LANES * _AHEAD
        room = (np.empty(ahead, np.uint16), np.empty(ahead), np.empty(6 * _LANES))
        for number in range(len(spans)):
            kept = 0
            for begin in range(0, left, _LANES):
                width = min(_LANES, left - begin)
                for lane in range(_LANES):
                    key[lane] = keys[quiet[begin + min(lane, width - 1)]]
                _series(key, spans[number], acts, weights, numbers, z, room, first)
                for lane in range(width):
                    run = quiet[begin + lane]
                    found[run] = NEVER if first[lane] == _NONE else first[lane]
                    quiet[kept] = run
                    kept += first[lane] == _NONE
            left = kept


def first_alarms(keys: Words, rows: Words, salts: Words) -> Periods:
    """As `vectorised.first_alarms`."""
    found = np.full((len(keys), len(rows)), NEVER, dtype=np.int32)
    if rows.size:
        periods = np.arange(rows.shape[1], dtype=np.uint64)
        places = mix_all(salts[:, np.newaxis] + periods)
        may = [np.flatnonzero(row) for row in rows]
        spans = [(each[0], each[-1] + 1) if len(each) else (0, 0) for each in may]
        with at_most(_blocks(keys)):
            _first_alarms(
                begun(keys),
                spare(begun(places)),
                spare(tops(rows)),
                spare(rows),
                np.array(spans, dtype=np.int64),
                found,
            )
    return found


def first_imbalances(keys: Words, salt: int, plan: BalancePlan) -> Periods:
    """As `vectorised.first_imbalances`."""
    found = np.full(len(keys), NEVER, dtype=np.int32)
    steps = plan.steps
    if not steps:
        return found
    # What is done, in its order: a calibration is drawn before its first period.
    acts, series = list[tuple[int, int, float, float, float]](), list[int]()
    for step in steps:
        if step.anew:
            series.append(len(acts))
        if step.calibrated:
            acts.append((CALIBRATIONS + step.calibration, NEVER, 0.0, 0.0, 0.0))
        weights = (step.excess, step.of_balance, step.of_calibration)
        acts.append((step.period, step.period, *weights))
    places = mix_all(np.array([(salt + act[0]) & WORD for act in acts], dtype=np.uint64))
    with at_most(_blocks(keys)):
        _first_imbalances(
            begun(keys),
            np.array([*zip(series, [*series[1:], len(acts)], strict=True)], dtype=np.int64),
            (begun(places), np.array([act[1] for act in acts], dtype=np.int64)),
            np.array([act[2:] for act in acts]),
            np.array(plan.numbers),
            _deviates(),
            found,
        )
    return found


def _blocks(keys: Words) -> int:
    return (len(keys) + _BLOCK - 1) // _BLOCK


@cache
def _deviates() -> Floats:
    return np.array(deviates())
