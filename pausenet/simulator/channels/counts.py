"""Counts that may not exceed a limit: so many trials, of which honest work fails a known share."""

from __future__ import annotations

import math
from collections.abc import Callable
from functools import lru_cache
from typing import Final

from pausenet.inference.sampling.recompute import ChallengePlan, binomial_tail

_TRIALS_MAX: Final = 200_000
"""More trials than that change little, and each limit would take long to find."""


def counted(trials: float, honest: float, alpha: float) -> Callable[[float], float]:
    """The chance of an alarm as a function of the share that fails, at a false-alarm rate.

    The alarm is raised where more trials fail than honest work lets fail with the chance alpha.
    With too few trials there is no test, and the chance is alpha.
    """
    count = min(_TRIALS_MAX, math.floor(trials))
    allowed = allowed_of(count, honest, alpha) if count >= 1 else 0

    def alarm(share: float) -> float:
        if allowed >= count:
            return alpha
        return ChallengePlan(challenges=count, allowed=allowed).alarm(min(1.0, share))

    return alarm


@lru_cache(maxsize=256)
def allowed_of(trials: int, honest: float, alpha: float) -> int:
    """The fewest failures allowed that keep the false-alarm rate; by bisection.

    >>> allowed_of(300, 0.0, 0.001), allowed_of(300, 0.01, 0.05)
    (0, 6)
    """
    low, high = 0, trials
    while low < high:
        middle = (low + high) // 2
        if binomial_tail(trials, middle, honest) <= alpha:
            high = middle
        else:
            low = middle + 1
    return low
