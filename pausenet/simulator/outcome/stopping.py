"""When enough runs have been made: looks at fixed sizes, each paying its part of the level.

Whoever looks after every run and stops when an interval is narrow, or says what was hoped for,
has an interval that covers less often than it claims. So the sizes at which the results may be
looked at are fixed before the first run: a first size, doubled up to the most that is allowed.
With K looks the interval at each has the level 1 - alpha / K; all K together cover the true value
with 1 - alpha at least (Bonferroni), so the one at which the runs stop does too, whatever made
them stop.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from pausenet.errors import Misuse
from pausenet.simulator.outcome.intervals import LEVEL, Interval

FIRST_LOOK: Final = 25


class Stopped(StrEnum):
    """Why no more runs are made."""

    NARROW = "narrow enough"
    SPENT = "all runs made"


@dataclass(frozen=True, slots=True, kw_only=True)
class StoppingRule:
    """At most `most` runs; fewer where every interval's half-width comes to `half_width`.

    Without a half-width (0) there is one look, at the end, and its level is the whole level.
    """

    most: int
    half_width: float = 0.0
    first: int = FIRST_LOOK
    level: float = LEVEL

    def __post_init__(self) -> None:
        if not (self.most >= 1 and self.first >= 1):
            raise Misuse(f"runs: expected 1 at least, found {min(self.most, self.first)}")
        if not (0.0 <= self.half_width < 0.5 and 0.0 < self.level < 1.0):
            raise Misuse(f"half-width: expected less than 50 %, found {self.half_width:.3g}")

    @property
    def looks(self) -> tuple[int, ...]:
        """The sizes at which the results are looked at, the last of them `most`.

        >>> StoppingRule(most=120, half_width=0.05).looks
        (25, 50, 100, 120)
        >>> StoppingRule(most=120).looks
        (120,)
        """
        sizes = []
        size = self.first
        while self.half_width > 0.0 and size < self.most:
            sizes.append(size)
            size *= 2
        return (*sizes, self.most)

    @property
    def level_at_a_look(self) -> float:
        """The level of each look's intervals.

        >>> round(StoppingRule(most=100, half_width=0.05, first=25).level_at_a_look, 6)
        0.983333
        """
        return 1.0 - (1.0 - self.level) / len(self.looks)

    def stops(self, size: int, intervals: tuple[Interval, ...]) -> tuple[Stopped, ...]:
        """Why it stops at this look, by the intervals that matter; empty where it goes on."""
        if size not in self.looks:
            raise Misuse(f"expected one of the looks {self.looks}, found {size}")
        if intervals and all(0.0 < self.half_width >= each.half_width for each in intervals):
            return (Stopped.NARROW,)
        return (Stopped.SPENT,) if size >= self.most else ()


def run_until(
    rule: StoppingRule,
    more: Callable[[int], None],
    intervals: Callable[[int], tuple[Interval, ...]],
) -> tuple[int, Stopped]:
    """Ask for runs up to each look and look; the size at which it stopped, and why.

    `more` makes the runs up to a size; `intervals` gives those of the first so many runs, each
    at the level `rule.level_at_a_look`.
    """
    for size in rule.looks:
        more(size)
        if why := rule.stops(size, intervals(size)):
            return size, why[0]
    raise AssertionError("the last look stops")
