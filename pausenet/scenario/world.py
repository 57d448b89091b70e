"""The world around the labs, as a scenario assumes it: progress, the loop, and what binds it.

Every number here is an assumption of whoever writes the scenario; `source` says what it rests on,
and reports print it. Left out, the world is steady: research goes on at the pace at which the run
begins. `scenario.research` has the laws, with their formulas. Spans are in seconds, multiples in
millionths, shares in parts per million.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from pausenet.scenario.intervals import check_ends
from pausenet.scenario.mishaps import check
from pausenet.scenario.shares import share
from pausenet.statements.clauses import PPM
from pausenet.statements.indicator import IndicatorKind
from pausenet.values import FIRST_PERIOD, INTEGER_MAX, ParticipantId, PeriodIndex

MONTH_S: Final = 2_628_000
"""A month of a scenario's file: the twelfth part of 365 days."""
WEEK_S: Final = 604_800
EVERY_MAX: Final = 400
ASSUMPTION: Final = "assumption"
_MULTIPLE_MAX: Final = 1_000_000 * PPM
_SPAN_MAX: Final = 10**11
"""About three thousand years, in seconds."""


def _check_span(name: str, span_s: int) -> None:
    fits = WEEK_S <= span_s <= _SPAN_MAX
    check(fits, f"{name}: expected a week to 3000 years", f"{span_s} s")


class Future(StrEnum):
    """How the speed of research goes on once systems do a part of it; each is a law."""

    STEADY = "steady"
    PLATEAU = "plateau"
    COMPOUNDING = "compounding"
    CLOSED = "closed"

    @property
    def sentence(self) -> str:
        """What this future assumes."""
        return _SENTENCES[self]


_SENTENCES: Final = {
    Future.STEADY: "Research goes on at the pace at which the run begins.",
    Future.PLATEAU: "A share of the work stays with people, and its pace levels off.",
    Future.COMPOUNDING: "The pace doubles again and again, as far as people can review.",
    Future.CLOSED: "Systems improve themselves: each doubling of the pace comes sooner.",
}


class Bottleneck(StrEnum):
    """What may bind the speed of research."""

    COMPUTE = "compute"
    ENERGY = "energy"
    REVIEW = "review"


@dataclass(frozen=True, slots=True, kw_only=True)
class AlgorithmsPlan:
    """Algorithmic progress: the compute for one result halves in `halving_s` of steady research."""

    halving_s: int = 8 * MONTH_S
    source: str = "assumption: general knowledge, unconfirmed"

    def __post_init__(self) -> None:
        check_ends(self)
        _check_span("halving", self.halving_s)


@dataclass(frozen=True, slots=True, kw_only=True)
class FrontierPlan:
    """The largest training run when the pause begins, and how many times larger it gets a year.

    The growth is that without a pause: a month of lead is a month of it.
    """

    largest_run_pflop: int = 5 * 10**11
    growth_micro: int = 4 * PPM
    source: str = ASSUMPTION

    def __post_init__(self) -> None:
        check_ends(self)
        check(self.largest_run_pflop > 0, "largest_run: expected FLOP above 0", 0)
        fits = PPM < self.growth_micro <= 1_000 * PPM
        check(
            fits,
            "growth: expected more than 1 and at most 1000 times a year",
            self.growth_micro / PPM,
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class LoopPlan:
    """The future of the loop: its law, in which time the pace first doubles, what people keep.

    `doubling_s` is 0 for a steady future only, and `people_ppm`, the share of the work that systems
    never speed up, is above 0 for a plateau only.
    """

    future: Future = Future.STEADY
    doubling_s: int = 0
    people_ppm: int = 0
    source: str = ASSUMPTION

    def __post_init__(self) -> None:
        check_ends(self)
        steady, levels = self.future is Future.STEADY, self.future is Future.PLATEAU
        if steady:
            check(self.doubling_s == 0, "doubling: a steady future has none", self.doubling_s)
        else:
            check(self.doubling_s > 0, f"doubling: mandatory, a {self.future} future has one", 0)
            _check_span("doubling", self.doubling_s)
        if levels:
            share = 0 < self.people_ppm < PPM
            check(share, "people: a plateau takes a share between 0 and 100 %", self.people_ppm)
        else:
            check(self.people_ppm == 0, "people: a plateau alone has it", self.people_ppm)


@dataclass(frozen=True, slots=True, kw_only=True)
class LimitPlan:
    """What a bottleneck bears: a multiple of what is done when the run begins, and its doubling.

    `doubling_s` 0: it does not grow.
    """

    of: Bottleneck
    multiple_micro: int
    doubling_s: int = 0
    source: str = ASSUMPTION

    def __post_init__(self) -> None:
        check_ends(self)
        fits = PPM <= self.multiple_micro <= _MULTIPLE_MAX
        problem = "multiple: expected 1 to 1000000 times what is done at the beginning"
        check(fits, problem, self.multiple_micro / PPM)
        if self.doubling_s:
            _check_span("doubling", self.doubling_s)

    @property
    def name(self) -> Bottleneck:
        """What it limits: numbers that are drawn for it are named so."""
        return self.of


@dataclass(frozen=True, slots=True, kw_only=True)
class FleetsPlan:
    """Every lab's declared fleet doubles in `doubling_s`, as far as energy goes; 0: it stays.

    Accelerators come every `every` periods. `vendor` is the host that ships them and says so;
    without one (an empty name) nobody does, and the chip account stays open.
    """

    doubling_s: int = 0
    every: int = 1
    vendor: str = ""
    source: str = ASSUMPTION

    def __post_init__(self) -> None:
        check_ends(self)
        if self.doubling_s:
            _check_span("doubling", self.doubling_s)
        check(1 <= self.every <= EVERY_MAX, f"every: expected 1..{EVERY_MAX} periods", self.every)
        idle = self.vendor and not self.doubling_s
        check(not idle, "vendor: fleets that do not grow have none", self.vendor)


@dataclass(frozen=True, slots=True, kw_only=True)
class PathPlan:
    """An indicator of a lab that follows the pace of research, and those who measure it.

    `begins` is its value when the run begins, in its own unit; every `every` periods from `start`
    on each of `by` measures it, with a relative standard deviation of `error_ppm`.
    """

    indicator: IndicatorKind
    about: ParticipantId
    by: tuple[ParticipantId, ...]
    begins: int
    start: PeriodIndex = FIRST_PERIOD
    every: int = 1
    error_ppm: int = 0
    source: str = ASSUMPTION

    def __post_init__(self) -> None:
        check_ends(self)
        below = self.indicator.maximum if self.is_share else INTEGER_MAX
        fits = 0 < self.begins < below
        check(
            fits,
            f"begins: expected above 0 and below {below} {self.indicator.unit}",
            int(self.begins),
        )
        check(bool(self.by), "by: expected somebody who measures", "nobody")
        check(len({*self.by}) == len(self.by), "by: one named twice", sorted(self.by))
        check(1 <= self.every <= EVERY_MAX, f"every: expected 1..{EVERY_MAX} periods", self.every)
        share(self.error_ppm, "error")

    @property
    def name(self) -> str:
        """Whose and which: numbers that are drawn for it are named so."""
        return f"{self.about}-{self.indicator}"

    @property
    def is_share(self) -> bool:
        """Whether it is a share of a whole."""
        return self.indicator.unit == "ppm"


@dataclass(frozen=True, slots=True, kw_only=True)
class WorldPlan:
    """Everything that a scenario assumes of the world; without any of it, a steady one."""

    algorithms: AlgorithmsPlan = AlgorithmsPlan()
    frontier: FrontierPlan = FrontierPlan()
    loop: LoopPlan = LoopPlan()
    limits: tuple[LimitPlan, ...] = ()
    fleets: FleetsPlan = FleetsPlan()
    indicators: tuple[PathPlan, ...] = ()

    def __post_init__(self) -> None:
        paths = [path.name for path in self.indicators]
        check(len({*paths}) == len(paths), "indicators: one of a lab stated twice", sorted(paths))
        kinds = [limit.of for limit in self.limits]
        check(len({*kinds}) == len(kinds), "limits: one stated twice", sorted(kinds))
        if self.loop.future is Future.COMPOUNDING:
            bound = Bottleneck.REVIEW in kinds
            check(bound, "limits: a compounding future needs one of review", "none")
        if self.loop.future is Future.CLOSED:
            check(bool(kinds), "limits: a closed future needs one, or its pace has no end", "none")


STEADY_WORLD: Final = WorldPlan()
