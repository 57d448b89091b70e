"""Triggers and lift rules: words, conditions, and how many of the conditions must be met.

The words bind and the conditions are what can be decided from statements in logs. A rule over
indicators names a source outside the parties, or says `self_reported` (protocol.md 6.4).
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import Annotated, ClassVar, Final, TypeAlias

from pausenet.statements.forms import (
    PERIODS_MAX,
    PPM,
    Flag,
    Many,
    OneOf,
    Record,
    Text,
    Whole,
    Word,
    holds,
)
from pausenet.statements.indicator import IndicatorKind
from pausenet.values import ParticipantId, PeriodIndex

Sources: TypeAlias = Annotated[tuple[ParticipantId, ...], Many(Word(ParticipantId), 1, 64)]


class Side(StrEnum):
    """On which side of its bound an indicator meets a condition."""

    AT_LEAST = "at-least"
    AT_MOST = "at-most"


@dataclass(frozen=True, slots=True, kw_only=True)
class OnRatification(Record):
    """Met by the cut in which the agreement's activation is met."""

    KIND: ClassVar[str] = "on-ratification"


@dataclass(frozen=True, slots=True, kw_only=True)
class FromPeriod(Record):
    """Met by the cut of this period and every later one."""

    KIND: ClassVar[str] = "from-period"

    period: Annotated[PeriodIndex, Whole(of=PeriodIndex)]


@dataclass(frozen=True, slots=True, kw_only=True)
class AfterPeriods(Record):
    """Met so many periods after the trigger was met: a sunset."""

    KIND: ClassVar[str] = "after-periods"

    periods: Annotated[int, Whole(1, PERIODS_MAX)]


@dataclass(frozen=True, slots=True, kw_only=True)
class IndicatorBound(Record):
    """Met when `quorum` of the sources put one lab's indicator on this side of the bound.

    It must be so in `debounce_periods` network cuts one after the other. `self_reported` says
    that all sources are parties; it is true exactly then.
    """

    KIND: ClassVar[str] = "indicator-bound"

    indicator: Annotated[IndicatorKind, Word(IndicatorKind)]
    side: Annotated[Side, Word(Side)]
    bound: Annotated[int, Whole()]
    sources: Sources
    quorum: Annotated[int, Whole(1, 64)]
    debounce_periods: Annotated[int, Whole(1, PERIODS_MAX)]
    self_reported: Annotated[bool, Flag()]

    def hold(self) -> None:
        """The bound is a value of the indicator."""
        holds(self.bound <= self.indicator.maximum, "bound: more than the whole")


@dataclass(frozen=True, slots=True, kw_only=True)
class IncidentReported(Record):
    """Met when `quorum` of the sources have reported an incident at one lab."""

    KIND: ClassVar[str] = "incident-reported"

    sources: Sources
    quorum: Annotated[int, Whole(1, 64)]


@dataclass(frozen=True, slots=True, kw_only=True)
class PartiesAssent(Record):
    """Met when this share of the parties, in parts per million, has said so."""

    KIND: ClassVar[str] = "parties-assent"

    need_ppm: Annotated[int, Whole(1, PPM)]


@dataclass(frozen=True, slots=True, kw_only=True)
class AdjudicatorDetermines(Record):
    """Met by a determination of the adjudicator."""

    KIND: ClassVar[str] = "adjudicator-determines"


Condition: TypeAlias = (
    OnRatification
    | FromPeriod
    | AfterPeriods
    | IndicatorBound
    | IncidentReported
    | PartiesAssent
    | AdjudicatorDetermines
)
CONDITIONS: Final = (
    OnRatification,
    FromPeriod,
    AfterPeriods,
    IndicatorBound,
    IncidentReported,
    PartiesAssent,
    AdjudicatorDetermines,
)
CONDITION: Final = OneOf("condition", CONDITIONS)


@dataclass(frozen=True, slots=True, kw_only=True)
class Rule(Record):
    """`need` of the conditions are met."""

    words: Annotated[str, Text()]
    conditions: Annotated[tuple[Condition, ...], Many(CONDITION, 1, 16, None)]
    need: Annotated[int, Whole(1, 16)]

    def hold(self) -> None:
        """No more is needed than there is."""
        holds(self.need <= len(self.conditions), "need: more than there are conditions")

    def check_sources(self, parties: tuple[ParticipantId, ...]) -> None:
        """6.4 Raise `ValueError` unless self-reporting is said exactly where it is."""
        for condition in self.conditions:
            if isinstance(condition, IndicatorBound):
                outside = [each for each in condition.sources if each not in parties]
                holds(
                    condition.self_reported or outside != [],
                    "6.4 every source of an indicator is a party: say self_reported",
                )
                holds(
                    not (condition.self_reported and outside),
                    f"6.4 self_reported, and {next(iter(outside), '')} is no party",
                )
