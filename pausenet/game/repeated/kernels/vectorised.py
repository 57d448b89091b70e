"""The kernel in numpy: all runs at once, the same whole numbers as `plain` has one by one."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TypeAlias

import numpy as np
import numpy.typing as npt

from pausenet.game.repeated.kernels.plain import NEVER, STRIDE, PausePlan
from pausenet.inference.counter import WORD, Words, mix, mix_all

Wholes: TypeAlias = npt.NDArray[np.int64]


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class PlayedMany:
    """All runs: `payoffs` in `UNIT`, shape (runs, labs); `races` and `first`, shape (runs,)."""

    payoffs: Wholes
    races: Wholes
    first: Wholes


def keys_of(seed: int, runs: int) -> Words:
    """The keys of `plain.key_of` for the runs 0, 1, ..., shape (runs,)."""
    numbers = np.arange(1, runs + 1, dtype=np.uint64)
    return mix_all(np.uint64(mix(seed & WORD)) + numbers * np.uint64(STRIDE))


def play(plan: PausePlan, keys: Words) -> PlayedMany:
    """Every run, period by period."""
    tables = plan.tables
    paused = np.array(tables.paused, dtype=np.int64).T
    limits = np.array(tables.limits, dtype=np.uint64)
    places = np.array(tables.places, dtype=np.uint64)
    payoffs = np.tile(np.array(tables.racing, dtype=np.int64), (len(keys), 1))
    races = np.zeros(len(keys), dtype=np.int64)
    first = np.full(len(keys), NEVER, dtype=np.int64)
    begun = np.zeros(len(keys), dtype=np.int64)
    for at in range(plan.periods):
        accused = np.zeros(len(keys), dtype=np.bool_)
        for place, limit in zip(places[:, at], limits[:, at], strict=True):
            accused |= mix_all(keys ^ place) < limit
        ended = np.flatnonzero(accused & (begun <= at))
        end = min(plan.periods, at + 1 + plan.delay)
        anew = min(plan.periods, end + plan.length)
        payoffs[ended] += paused[end] - paused[begun[ended]]
        begun[ended] = anew
        if end < plan.periods:
            first[ended] = np.where(races[ended] == 0, end, first[ended])
            races[ended] += 1
    payoffs += paused[plan.periods] - paused[begun]
    return PlayedMany(payoffs=payoffs, races=races, first=first)
