# mypy: disable-error-code="untyped-decorator"
"""The kernels compiled by numba (extra `[fast]`): the same whole numbers on any number of threads.

Runs are reckoned in lanes of 64, so that a processor's wide registers serve. Of channels nothing is
drawn where a row cannot alarm, nor once all lanes have alarmed. Of balances only the runs that have
not alarmed yet enter the next series. Runs do not know each other: neither blocks nor lanes change
a number.

Compiled code is kept in numba's cache; the first call in a new place takes some seconds.
"""

from __future__ import annotations

from typing import Any, Final

import numba
import numpy as np

from pausenet.inference.counter import WORD, Words, mix_all
from pausenet.inference.drawn import at_most, begun, finished, unfinished
from pausenet.simulator.kernels.plain import CALIBRATIONS, NEVER, BalancePlan
from pausenet.simulator.kernels.table import SHIFT
from pausenet.simulator.kernels.vectorised import Periods, table

_TABLE: Final = np.uint64(SHIFT)
_BLOCK: Final = 1024
_LANES: Final = 64
_AHEAD: Final = 16
"""So many periods are drawn before they are reckoned: a processor waits for memory less."""
_STRETCH: Final = 32
_NONE: Final = np.uint64(2**63 - 1)
_NOW, _EVER = _LANES, 2 * _LANES
# Where a lane's numbers stand: what its calibration is off, the sum of balances since, Page's two
# sums (the one of large shifts is infinite after two high values in a row), the last value, and the
# period of the first alarm, infinite for none.
_STEADY, _TOTAL, _LARGE, _SMALL, _BEFORE, _FIRST = (_LANES * at for at in range(6))


@numba.njit(cache=True, inline="always")
def _earliest(places: Any, limits: Any, begin: Any, end: Any, lanes: Any) -> Any:
    """The first alarms of all lanes from `begin` on and before `end`; how many have had none yet.

    Periods are drawn from the last to the first, so that the first one stays.
    """
    lanes[_NOW:_EVER] = _NONE
    for back in range(end - begin):
        now = np.uint64(end - 1 - back)
        place, limit = places[now], limits[now]
        for lane in range(_LANES):
            word = unfinished(lanes[lane] ^ place)
            lanes[_NOW + lane] = now if finished(word) < limit else lanes[_NOW + lane]
    left = 0
    for lane in range(_LANES):
        lanes[_EVER + lane] = min(lanes[_EVER + lane], lanes[_NOW + lane])
        left += lanes[_EVER + lane] == _NONE
    return left


@numba.njit(cache=True, parallel=True)
def _first_alarms(keys: Any, places: Any, rows: Any, spans: Any, found: Any) -> None:
    count = len(keys)
    for block in numba.prange((count + _BLOCK - 1) // _BLOCK):
        # Keys, and the first alarms of this stretch and of all: in one array, as below.
        lanes = np.zeros(3 * _LANES, np.uint64)
        for start in range(block * _BLOCK, min(count, (block + 1) * _BLOCK), _LANES):
            width = min(_LANES, count - start)
            lanes[:width] = keys[start : start + width]
            for row in range(len(rows)):
                lanes[_EVER:] = _NONE
                for begin in range(spans[row, 0], spans[row, 1], _STRETCH):
                    end = min(spans[row, 1], begin + _STRETCH)
                    if _earliest(places[row], rows[row], begin, end, lanes) == 0:
                        break
                for lane in range(width):
                    first = lanes[_EVER + lane]
                    found[start + lane, row] = NEVER if first == _NONE else np.int32(first)


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
        large = np.inf if (before if before < value else value) > row else large
        alarm |= (large > h_large) | (small > h_small)
        lanes[_LARGE + lane], lanes[_SMALL + lane] = large, small
        lanes[_BEFORE + lane] = value
    return alarm


@numba.njit(cache=True, inline="always")
def _note(period: Any, numbers: Any, lanes: Any) -> Any:
    """Note the period in the lanes that alarm for the first time; how many have not alarmed yet."""
    h_large, h_small = numbers[6], numbers[8]
    left = 0
    # A sum stays above its limit for some periods: it begins anew, not to be noted in each.
    for lane in range(_LANES):
        large, small, first = lanes[_LARGE + lane], lanes[_SMALL + lane], lanes[_FIRST + lane]
        alarm = (large > h_large) | (small > h_small)
        first = period if alarm & (period < first) else first
        left += first == np.inf
        lanes[_LARGE + lane] = 0.0 if alarm else large
        lanes[_SMALL + lane] = 0.0 if alarm else small
        lanes[_FIRST + lane] = first
    return left


@numba.njit(cache=True, inline="always")
def _series(key: Any, span: Any, acts: Any, weights: Any, numbers: Any, z: Any, room: Any) -> None:
    """One series of all lanes, until the end or until all have alarmed."""
    places, periods = acts
    index, drawn, lanes = room
    lanes[:_FIRST] = 0.0
    lanes[_FIRST:] = np.inf
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
                for lane in range(len(here)):
                    lanes[_STEADY + lane] = numbers[1] * here[lane]
                    lanes[_TOTAL + lane] = 0.0
            elif _balance(weights[at], numbers, here, lanes):
                left = _note(float(periods[at]), numbers, lanes)
        if left == 0:
            break


@numba.njit(cache=True, parallel=True)
def _first_imbalances(
    keys: Any, spans: Any, acts: Any, weights: Any, numbers: Any, z: Any, found: Any
) -> None:
    count = len(keys)
    for block in numba.prange((count + _BLOCK - 1) // _BLOCK):
        start, left = block * _BLOCK, min(_BLOCK, count - block * _BLOCK)
        # The runs that have not alarmed, and their keys; behind them lanes that nobody reads.
        runs, live = np.arange(start, start + left), np.zeros(_BLOCK + _LANES, np.uint64)
        live[:left] = keys[start : start + left]
        lanes = np.empty(6 * _LANES)
        room = (np.empty(_LANES * _AHEAD, np.uint16), np.empty(_LANES * _AHEAD), lanes)
        for number in range(len(spans)):
            kept = 0
            for begin in range(0, left, _LANES):
                key = live[begin : begin + _LANES]
                _series(key, spans[number], acts, weights, numbers, z, room)
                for lane in range(min(_LANES, left - begin)):
                    run, first = runs[begin + lane], lanes[_FIRST + lane]
                    if first < np.inf:
                        found[run] = int(first)
                    runs[kept], live[kept] = run, key[lane]
                    kept += first == np.inf
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
            starts = np.array(spans, dtype=np.int64)
            _first_alarms(begun(keys), begun(places), rows, starts, found)
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
            table(),
            found,
        )
    return found


def _blocks(keys: Words) -> int:
    return (len(keys) + _BLOCK - 1) // _BLOCK
