"""What a test of workload evidence always says: its name, rates, power, and what it cannot see."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from fractions import Fraction
from types import MappingProxyType
from typing import Final

from pausenet.errors import Misuse
from pausenet.inference.fusion.odds import Alarm


class WorkloadTest(StrEnum):
    """The tests of this package."""

    WINDOWS = "windows"
    GAPS = "gaps"
    BUNCHING = "bunching"
    PERIODICITY = "periodicity"
    CHANGEPOINT = "changepoint"
    NOTICE_WINDOW = "notice-window"
    REPLAY = "replay"


UNSEEN: Final[Mapping[WorkloadTest, tuple[str, ...]]] = MappingProxyType(
    {
        WorkloadTest.WINDOWS: (
            "a disguise that the classifier was never tried against",
            "training in windows that are not classified",
            "that windows of one job err together: count one window a job where they do",
        ),
        WorkloadTest.GAPS: (
            "a violation while everything is reported",
            "gaps that come evenly, and gaps that follow the events by other than whole slots",
            "an honest cause that events and gaps share, such as a failing grid",
        ),
        WorkloadTest.BUNCHING: (
            "runs that stay well below the threshold, or spread evenly below it",
            "runs that nobody declared",
            "an honest reason for round sizes just below the threshold",
        ),
        WorkloadTest.PERIODICITY: (
            "steps at irregular times, or outside the frequencies that were searched",
            "noise that hangs together from reading to reading: it alarms too often then",
            "whose traffic it is; honest work has cycles too",
        ),
        WorkloadTest.CHANGEPOINT: (
            "padding that goes on after the baseline, and slow drifts",
            "why the level changed",
            "readings that hang together: it alarms too often then",
        ),
        WorkloadTest.NOTICE_WINDOW: (
            "what was moved before the notice, or leaves readings as they are",
            "a change that lies within the spread of ordinary windows",
            "windows that hang together: calm and busy seasons must be compared with their own",
        ),
        WorkloadTest.REPLAY: (
            "a replay with fresh noise added, or of blocks shorter than the test's",
            "readings that were made up, not repeated",
            "a meter whose noise is below its own resolution: it repeats honestly",
        ),
    }
)
"""What each test cannot see; every report of a test ends with these lines."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Outcome:
    """One test as it was run: the false-alarm rate set beforehand, and what came out.

    `p_value` is the chance of something so extreme where nothing is hidden, or a bound on it;
    `power` is the chance of an alarm under the stated alternative. `candidates` and `real` say
    among how many the test is used and how many of them are thought to be violations: no alarm is
    told without the share of such alarms that are true.
    """

    test: WorkloadTest
    alpha: float
    p_value: float
    alternative: str
    power: float
    candidates: int
    real: Fraction

    def __post_init__(self) -> None:
        if not (0.0 < self.alpha < 1.0 and 0.0 <= self.p_value <= 1.0 and 0.0 <= self.power <= 1.0):
            raise Misuse(f"Outcome of {self.test}: expected probabilities")
        if not self.alternative:
            raise Misuse(f"Outcome of {self.test}: expected the alternative of its power")
        _ = self.worth  # refuses real ones that are not among the candidates

    @property
    def alarm(self) -> bool:
        """Whether the test raises an alarm: p at or below alpha."""
        return self.p_value <= self.alpha

    @property
    def worth(self) -> Alarm:
        """What an alarm of this test is worth, with its positive predictive value."""
        return Alarm(
            candidates=self.candidates,
            real=self.real,
            detection=Fraction(self.power),
            false_alarm=Fraction(self.alpha),
        )

    def lines(self) -> tuple[str, ...]:
        """The report of the test."""
        said = "alarm" if self.alarm else "no alarm"
        return (
            f"{self.test}: {said} (p {self.p_value:.3g}, alpha {self.alpha:g}; "
            f"power {self.power:.2f} against {self.alternative})",
            str(self.worth),
            f"{self.test} cannot see:",
            *(f"- {line}" for line in UNSEEN[self.test]),
        )
