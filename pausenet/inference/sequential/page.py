"""Page's test of a standardised sequence, with its false-alarm rate by design.

Run it on SITMUF, whose values are independent with standard deviation 1. A small k finds small
protracted shifts, a large one abrupt shifts; two at once cover both (domain.md 2.1): their common
rate is set by `watched.designed_pair`. Symbols as in `runlength`.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np

from pausenet.errors import Misuse
from pausenet.inference.arrays import Flags, Floats
from pausenet.inference.roots import crossing
from pausenet.inference.sequential.runlength import THRESHOLD_MAX, alarm_by, average_run_length

_LOWEST: Final = 0.01
_RUN_HIGHEST: Final = 12.0
_NEVER: Final = 1e-30


@dataclass(frozen=True, slots=True, kw_only=True)
class PageTest:
    """One setting: reference k and threshold h, both in sigmas."""

    reference: float
    threshold: float

    def __post_init__(self) -> None:
        if not (self.reference >= 0.0 and self.threshold > 0.0):
            raise Misuse("PageTest: expected a reference from 0 and a threshold above 0")

    def sums(self, values: Floats) -> Floats:
        """P_1..P_n for values of shape (..., n)."""
        return page_sums(values, self.reference)

    def alarms(self, values: Floats) -> Flags:
        """Whether the sum passes the threshold in some period; shape (...)."""
        found: Flags = np.max(self.sums(values), axis=-1) > self.threshold
        return found

    def detection(self, means: Floats) -> float:
        """P(alarm within the periods) where each period's value has this mean; shape (n,)."""
        return float(alarm_by(self.reference, self.threshold, means)[-1])


def page_sums(values: Floats, reference: float) -> Floats:
    """P_i = max(P_(i-1) + y_i - k, 0) along the last axis.

    >>> page_sums(np.array([1.0, -3.0, 2.0]), 0.5).tolist()
    [0.5, 0.0, 1.5]
    """
    steps = np.asarray(values, dtype=np.float64) - reference
    sums = np.empty_like(steps)
    held = np.zeros(steps.shape[:-1])
    for i in range(steps.shape[-1]):
        held = np.maximum(held + steps[..., i], 0.0)
        sums[..., i] = held
    return sums


def designed(reference: float, periods: int, alpha: float) -> PageTest:
    """The test that alarms with probability alpha within so many periods if nothing is hidden."""
    still = np.zeros(periods)

    def excess(threshold: float) -> float:
        alarmed = float(alarm_by(reference, threshold, still)[-1])
        return math.log(max(alarmed, _NEVER) / alpha)

    return PageTest(reference=reference, threshold=crossing(excess, _LOWEST, THRESHOLD_MAX))


def designed_by_run_length(reference: float, periods_between: float) -> PageTest:
    """The test whose false alarms are this many periods apart on average."""

    def excess(threshold: float) -> float:
        return math.log(average_run_length(reference, threshold) / periods_between)

    return PageTest(reference=reference, threshold=crossing(excess, _LOWEST, _RUN_HIGHEST))


def either_alarms(tests: Sequence[PageTest], values: Floats) -> Flags:
    """Whether one of the settings alarms; shape (...)."""
    found: Flags = np.any([test.alarms(values) for test in tests], axis=0)
    return found
