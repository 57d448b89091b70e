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
_WINDOW: Final = 1024
"""So many draws' places and limits stay near a processor while a block's runs pass over them."""


@numba.njit(cache=True, parallel=True)
def _play(
    keys: Any, draws: Any, labs: Any, paused: Any, racing: Any, answer: Any, found: Any
) -> None:
    places, highest, limits = draws
    count, periods = len(keys), len(paused) - 1
    delay, length = answer[0], answer[1]
    window = max(1, _WINDOW // labs)
    for block in numba.prange((count + _BLOCK - 1) // _BLOCK):
        start, stop = block * _BLOCK, min(count, (block + 1) * _BLOCK)
        for run in range(start, stop):
            found[run, :labs] = racing
            found[run, labs + 1] = NEVER
        # Since when each run's pause stands, and which period is looked at next.
        since, begin = np.zeros(_BLOCK, np.int64), np.zeros(_BLOCK, np.int64)
        for opened in range(0, periods, window):
            last = min(opened + window, periods)
            for run in range(start, stop):
                own = run - start
                while begin[own] < last:
                    at = first_below(
                        keys[run], places, highest, limits, begin[own] * labs, last * labs
                    )
                    if at == last * labs:
                        begin[own] = last
                        break
                    end = min(periods, at // labs + 1 + delay)
                    for lab in range(labs):
                        found[run, lab] += paused[end, lab] - paused[since[own], lab]
                    if end < periods:
                        if found[run, labs] == 0:
                            found[run, labs + 1] = end
                        found[run, labs] += 1
                    since[own] = begin[own] = min(periods, end + length)
        for run in range(start, stop):
            for lab in range(labs):
                found[run, lab] += paused[periods, lab] - paused[since[run - start], lab]


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
