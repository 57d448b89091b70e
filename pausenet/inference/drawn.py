# mypy: disable-error-code="untyped-decorator"
"""The first of many draws that lies below its limit, compiled by numba (extra `[fast]`).

A draw is `counter.mix` of a run's key and a place, and alarms where it is below the place's limit.
Alarms are rare, so what must be fast is to see that a stretch of 64 draws has none:

1. The finaliser's first shift is linear, so that it is done once for each key and each place
   (`begun`) and not for each draw.
2. Its last shift leaves the highest 31 bits as they are. They are compared with those of the limit
   (`tops`); what is above is no alarm, and is so in all but one of 2^31 draws that are none.
3. Only in a stretch in which one may be are draws finished and compared with the limits.

Numba's cache of a caller does not see a change of this file: after one, empty `__pycache__`.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any, Final

import numba
import numpy as np

from pausenet.inference.counter import MULTIPLIERS, SHIFTS, Words

STRETCH: Final = 64
"""So many draws are looked at together; arrays of places and limits have as many to spare."""
_FIRST, _SECOND = (np.uint64(each) for each in MULTIPLIERS)
_S1, _S2, _S3 = (np.uint64(each) for each in SHIFTS)
_LOW: Final = np.uint64((1 << 33) - 1)


def begun(words: Words) -> Words:
    """Keys or places with the finaliser's first shift done.

    >>> from pausenet.inference.counter import mix
    >>> key, place = (begun(np.array([each], dtype=np.uint64)) for each in (5, 9))
    >>> int(finished(unfinished(key[0] ^ place[0]))) == mix(5 ^ 9)
    True
    """
    return words ^ (words >> _S1)


def tops(limits: Words) -> Words:
    """The largest words whose highest 31 bits are not above those of the limits."""
    return limits | _LOW


def spare(words: Words) -> Words:
    """The same words along the last axis, and a stretch of zeros behind them."""
    return np.pad(words, [(0, 0)] * (words.ndim - 1) + [(0, STRETCH)])


@numba.njit(cache=True, inline="always")
def unfinished(word: Any) -> Any:
    """A draw but for its last shift, of a key and a place that are `begun`; 16 bits are final."""
    word = word * _FIRST
    return (word ^ (word >> _S2)) * _SECOND


@numba.njit(cache=True, inline="always")
def finished(word: Any) -> Any:
    """The draw, with its last shift."""
    return word ^ (word >> _S3)


@numba.njit(cache=True, inline="always")
def first_below(key: Any, places: Any, highest: Any, limits: Any, begin: Any, end: Any) -> Any:
    """The first index from `begin` on and before `end` whose draw is below its limit; else `end`.

    `highest` are the `tops` of `limits`; key and places are `begun`, and all arrays have a
    `spare` stretch of zeros behind `end`.
    """
    found = end
    for at in range(begin, end, STRETCH):
        near, top = places[at : at + STRETCH], highest[at : at + STRETCH]
        perhaps = False
        for each in range(STRETCH):
            perhaps |= unfinished(key ^ near[each]) <= top[each]
        if perhaps:
            limit, first = limits[at : at + STRETCH], STRETCH
            for each in range(STRETCH):
                below = finished(unfinished(key ^ near[each])) < limit[each]
                first = min(first, each if below else STRETCH)
            if first < STRETCH:
                found = min(at + first, end)
                break
    return found


@contextmanager
def at_most(blocks: int) -> Iterator[None]:
    """No more threads than blocks of work: those without work would wait for it at full speed."""
    threads: int = numba.get_num_threads()
    numba.set_num_threads(max(1, min(threads, blocks)))
    try:
        yield
    finally:
        numba.set_num_threads(threads)
