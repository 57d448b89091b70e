# mypy: disable-error-code="untyped-decorator"
"""The kernel compiled by numba (extra `[fast]`): the same whole numbers on any number of threads.

Runs do not know each other, and are reckoned in blocks of 64. Compiled code is kept in numba's
cache; the first call in a new place takes some seconds.
"""

from __future__ import annotations

from typing import Any, Final

import numba
import numpy as np

from pausenet.game.repeated.kernels.plain import NEVER, PausePlan
from pausenet.game.repeated.kernels.vectorised import PlayedMany
from pausenet.inference.counter import MULTIPLIERS, SHIFTS, Words

_M1, _M2 = (np.uint64(each) for each in MULTIPLIERS)
_S1, _S2, _S3 = (np.uint64(each) for each in SHIFTS)
_BLOCK: Final = 64


@numba.njit(cache=True, inline="always")
def _mix(word: Any) -> Any:
    word = (word ^ (word >> _S1)) * _M1
    word = (word ^ (word >> _S2)) * _M2
    return word ^ (word >> _S3)


@numba.njit(cache=True)
def _alarm(key: Any, begun: Any, places: Any, limits: Any) -> Any:
    """The first period from `begun` on in which some lab is accused; their number for none."""
    periods, labs = places.shape
    for at in range(begun, periods):
        accused = 0
        for lab in range(labs):
            accused += _mix(key ^ places[at, lab]) < limits[at, lab]
        if accused:
            return at
    return periods


@numba.njit(cache=True, parallel=True)
def _play(
    keys: Any, places: Any, limits: Any, paused: Any, racing: Any, answer: Any, found: Any
) -> None:
    count, labs, periods = len(keys), places.shape[1], places.shape[0]
    delay, length = answer[0], answer[1]
    for block in numba.prange((count + _BLOCK - 1) // _BLOCK):
        for run in range(block * _BLOCK, min(count, (block + 1) * _BLOCK)):
            begun, races, first = 0, 0, NEVER
            for lab in range(labs):
                found[run, lab] = racing[lab]
            while begun < periods:
                alarm = _alarm(keys[run], begun, places, limits)
                end = min(periods, alarm + 1 + delay)
                anew = min(periods, end + length)
                for lab in range(labs):
                    found[run, lab] += paused[end, lab] - paused[begun, lab]
                if end < periods:
                    first = end if races == 0 else first
                    races += 1
                begun = anew
            found[run, labs] = races
            found[run, labs + 1] = first


def play(plan: PausePlan, keys: Words) -> PlayedMany:
    """As `vectorised.play`."""
    tables = plan.tables
    labs = len(plan.labs)
    found = np.zeros((len(keys), labs + 2), dtype=np.int64)
    _play(
        keys,
        np.ascontiguousarray(np.array(tables.places, dtype=np.uint64).T),
        np.ascontiguousarray(np.array(tables.limits, dtype=np.uint64).T),
        np.ascontiguousarray(np.array(tables.paused, dtype=np.int64).T),
        np.array(tables.racing, dtype=np.int64),
        np.array([plan.delay, plan.length], dtype=np.int64),
        found,
    )
    return PlayedMany(payoffs=found[:, :labs], races=found[:, labs], first=found[:, labs + 1])
