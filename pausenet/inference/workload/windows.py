"""The workload classifier over windows of readings, and Wald's test of what it says.

A classifier looks at one window and says training or not. Its operating points (false alarms,
detections) make its receiver operating characteristic (ROC). A disguise is the share of training
windows that are made to look like ordinary ones, so that

    detection under disguise = f + (1 - disguise)(d - f).

That the disguise leaves the rest as detectable as before is an assumption; published shares of
hidden windows come from disguises that somebody thought of. Windows are taken as independent.

| symbol | here | meaning |
|---|---|---|
| f, d | `false_alarm`, `detection` | P(flag) of an ordinary and of a training window |
| A, B | `upper`, `lower` | bounds of the log-likelihood ratio, as in `sequential.sprt` |

A flag moves the ratio by ln(d / f), its absence by ln((1 - d) / (1 - f)).
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Final

from pausenet.errors import Misuse
from pausenet.inference.meters import Figure, Standing
from pausenet.inference.sequential.sprt import SprtAnswer, wald_bounds

_PAPER: Final = "arXiv 2606.19262, as the design document 1.7 reports it"
CLEAN_ACCURACY: Final = Figure(
    value=0.982, low=0.982, high=0.982, unit="1", standing=Standing.SOURCE, basis=_PAPER
)
DISGUISED_ACCURACY: Final = Figure(
    value=0.65, low=0.43, high=0.87, unit="1", standing=Standing.SOURCE,
    basis=f"{_PAPER}: 43 to 87 % on the hardest unseen disguises; the middle is ours",
)  # fmt: skip


@dataclass(frozen=True, slots=True, kw_only=True)
class OperatingPoint:
    """What the classifier does with an ordinary window, and with one of training."""

    false_alarm: float
    detection: float

    def __post_init__(self) -> None:
        if not 0.0 < self.false_alarm < self.detection < 1.0:
            raise Misuse("OperatingPoint: expected 0 < false alarms < detection < 1")

    @property
    def flag(self) -> float:
        """The log-likelihood ratio of a flagged window, above 0."""
        return math.log(self.detection / self.false_alarm)

    @property
    def no_flag(self) -> float:
        """The log-likelihood ratio of a window that is not flagged, below 0."""
        return math.log1p(-self.detection) - math.log1p(-self.false_alarm)

    @property
    def information(self) -> float:
        """The mean log ratio of a training window, in nats."""
        return self.detection * self.flag + (1.0 - self.detection) * self.no_flag

    def disguised(self, disguise: float) -> OperatingPoint:
        """The same point where this share of training windows looks ordinary; below 1."""
        if not 0.0 <= disguise < 1.0:
            raise Misuse(f"disguised: expected a share from 0 to below 1, found {disguise}")
        kept = (1.0 - disguise) * (self.detection - self.false_alarm)
        return OperatingPoint(false_alarm=self.false_alarm, detection=self.false_alarm + kept)


@dataclass(frozen=True, slots=True, kw_only=True)
class Roc:
    """A classifier's measured operating points; detection rises with false alarms."""

    points: tuple[OperatingPoint, ...]

    def __post_init__(self) -> None:
        pairs = [(point.false_alarm, point.detection) for point in self.points]
        rising = all(a[0] < b[0] and a[1] <= b[1] for a, b in pairwise(pairs))
        if not (self.points and rising):
            raise Misuse("Roc: expected points of rising false alarms and detection")

    def best(self, disguise: float) -> OperatingPoint:
        """The disguised point that tells most about a training window."""
        points = [point.disguised(disguise) for point in self.points]
        return max(points, key=lambda point: point.information)


@dataclass(frozen=True, slots=True, kw_only=True)
class WindowTest:
    """Wald's test of flagged windows: is this training in disguise, or ordinary work?

    Of its answers LOSS stands for training and NO_LOSS for ordinary work.
    """

    point: OperatingPoint
    lower: float
    upper: float

    def __post_init__(self) -> None:
        if not self.lower < 0.0 < self.upper:
            raise Misuse("WindowTest: expected 0 between the bounds")

    def log_ratio(self, flagged: int, windows: int) -> float:
        """The log-likelihood ratio after so many windows."""
        return flagged * self.point.flag + (windows - flagged) * self.point.no_flag

    def answer(self, flags: Sequence[bool]) -> tuple[SprtAnswer, int]:
        """The answer to one sequence of windows, and after how many it stood."""
        flagged = 0
        for count, flag in enumerate(flags, start=1):
            flagged += flag
            ratio = self.log_ratio(flagged, count)
            if ratio >= self.upper:
                return SprtAnswer.LOSS, count
            if ratio <= self.lower:
                return SprtAnswer.NO_LOSS, count
        return SprtAnswer.CONTINUE, len(flags)


def window_test(point: OperatingPoint, alpha: float, beta: float) -> WindowTest:
    """The test with Wald's bounds: false alarms at most alpha / (1 - beta), and about alpha."""
    lower, upper = wald_bounds(alpha, beta)
    return WindowTest(point=point, lower=lower, upper=upper)


@dataclass(frozen=True, slots=True, kw_only=True)
class WindowOperation:
    """What becomes of the test within a number of windows; the first three sum to 1."""

    alarm: float
    cleared: float
    still_open: float
    windows: float


def window_operation(test: WindowTest, chance: float, windows_max: int) -> WindowOperation:
    """The exact behaviour where each window is flagged with this chance, cut at a number.

    The number of flags is followed from window to window; paths that reach a bound leave. What
    is still open at the end is neither alarm nor clearance, and is told.
    """
    if not (0.0 <= chance <= 1.0 and windows_max >= 1):
        raise Misuse("window_operation: expected a probability and a window at least")
    going: dict[int, float] = {0: 1.0}
    alarm = cleared = windows = 0.0
    for count in range(1, windows_max + 1):
        windows += math.fsum(going.values())
        after: dict[int, float] = {}
        for flagged, mass in going.items():
            after[flagged] = after.get(flagged, 0.0) + mass * (1.0 - chance)
            after[flagged + 1] = after.get(flagged + 1, 0.0) + mass * chance
        going = {}
        for flagged, mass in after.items():
            ratio = test.log_ratio(flagged, count)
            if ratio >= test.upper:
                alarm += mass
            elif ratio <= test.lower:
                cleared += mass
            else:
                going[flagged] = mass
    still_open = math.fsum(going.values())
    return WindowOperation(alarm=alarm, cleared=cleared, still_open=still_open, windows=windows)
