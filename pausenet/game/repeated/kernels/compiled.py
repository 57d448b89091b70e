# mypy: disable-error-code="untyped-decorator"
"""The kernel compiled by numba (extra `[fast]`): the same whole numbers on any number of threads.

Draws of all labs stand one period after the other, so that the first accusation is the first draw
below its limit (`inference.drawn`); nothing is drawn while all race. Runs do not know each other,
and are reckoned in blocks of 256. Compiled code is kept in numba's cache; the first call in a new
place takes some seconds.
"""

from __future__ import annotations

from typing import Any, Final

import numba
import numpy as np

from pausenet.game.repeated.kernels.plain import NEVER, PausePlan
from pausenet.game.repeated.kernels.vectorised import PlayedMany
from pausenet.inference.counter import Words
from pausenet.inference.drawn import at_most, begun, first_below, spare, tops

_BLOCK: Final = 256


@numba.njit(cache=True, parallel=True)
def _play(
    keys: Any, draws: Any, labs: Any, paused: Any, racing: Any, answer: Any, found: Any
) -> None:
    places, highest, limits = draws
    count, periods = len(keys), len(paused) - 1
    delay, length = answer[0], answer[1]
    for block in numba.prange((count + _BLOCK - 1) // _BLOCK):
        for run in range(block * _BLOCK, min(count, (block + 1) * _BLOCK)):
            start, races, first = 0, 0, NEVER
            for lab in range(labs):
                found[run, lab] = racing[lab]
            while start < periods:
                at = first_below(keys[run], places, highest, limits, start * labs, periods * labs)
                end = min(periods, at // labs + 1 + delay)
                for lab in range(labs):
                    found[run, lab] += paused[end, lab] - paused[start, lab]
                if end < periods:
                    first = end if races == 0 else first
                    races += 1
                start = min(periods, end + length)
            found[run, labs] = races
            found[run, labs + 1] = first


def play(plan: PausePlan, keys: Words) -> PlayedMany:
    """As `vectorised.play`."""
    tables = plan.tables
    labs = len(plan.labs)
    found = np.zeros((len(keys), labs + 2), dtype=np.int64)
    places = np.array(tables.places, dtype=np.uint64).T.ravel()
    limits = np.array(tables.limits, dtype=np.uint64).T.ravel()
    with at_most((len(keys) + _BLOCK - 1) // _BLOCK):
        _play(
            begun(keys),
            (spare(begun(places)), spare(tops(limits)), spare(limits)),
            labs,
            np.ascontiguousarray(np.array(tables.paused, dtype=np.int64).T),
            np.array(tables.racing, dtype=np.int64),
            np.array([plan.delay, plan.length], dtype=np.int64),
            found,
        )
    return PlayedMany(payoffs=found[:, :labs], races=found[:, labs], first=found[:, labs + 1])
