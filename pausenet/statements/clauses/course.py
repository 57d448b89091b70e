"""Clauses about an agreement's course: how it begins, changes, is left, and ends."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import Annotated, ClassVar, TypeAlias

from pausenet.statements.clauses.anatomy import Clausal, ClauseKind
from pausenet.statements.finding import Fault, Grade, Status
from pausenet.statements.forms import (
    PERIODS_MAX,
    PPM,
    SPAN_MAX_S,
    Flag,
    Many,
    Part,
    Record,
    Text,
    Whole,
    Word,
    holds,
)
from pausenet.statements.rule import Rule
from pausenet.values import PeriodIndex, Pflop

Periods: TypeAlias = Annotated[int, Whole(0, PERIODS_MAX)]
Kinds: TypeAlias = Annotated[tuple[ClauseKind, ...], Many(Word(ClauseKind), 1, 29)]


class Measure(StrEnum):
    """What a threshold of participation counts."""

    PARTIES = "parties"
    CAPACITY = "declared-capacity"


class Duty(StrEnum):
    """What a party that has given notice still owes."""

    ATTEST = "attest"
    CAPS = "keep-within-caps"
    INSPECTIONS = "admit-inspections"
    CONFIDENTIALITY = "keep-confidences"


@dataclass(frozen=True, slots=True, kw_only=True)
class Assurance(Clausal):
    """C02: binding only once all have ratified by the cut of this period, else void.

    `unlinkable` asks that after a failure nobody uses who had ratified.
    """

    KIND: ClassVar[str] = ClauseKind.ASSURANCE
    ID: ClassVar[str] = "C02"

    deadline_period: Annotated[PeriodIndex, Whole(of=PeriodIndex)]
    unlinkable: Annotated[bool, Flag()]


@dataclass(frozen=True, slots=True, kw_only=True)
class Coverage(Clausal):
    """C03: binding once this many parties, or this share of capacity in ppm, have ratified."""

    KIND: ClassVar[str] = ClauseKind.COVERAGE
    ID: ClassVar[str] = "C03"

    measure: Annotated[Measure, Word(Measure)]
    need: Annotated[int, Whole(1, PPM)]
    deadline_period: Annotated[PeriodIndex, Whole(of=PeriodIndex)]


@dataclass(frozen=True, slots=True, kw_only=True)
class PeerConditional(Clausal):
    """C04: binding while every peer's verified status is one of these, or was so lately."""

    KIND: ClassVar[str] = ClauseKind.PEER_CONDITIONAL
    ID: ClassVar[str] = "C04"

    statuses: Annotated[tuple[Status, ...], Many(Word(Status), 1, 5)]
    grace_periods: Periods


@dataclass(frozen=True, slots=True, kw_only=True)
class Triggered(Clausal):
    """C17: these clauses bind only once a rule of their own is met."""

    KIND: ClassVar[str] = ClauseKind.TRIGGERED
    ID: ClassVar[str] = "C17"

    starts: Kinds
    rule: Annotated[Rule, Part(Rule)]


@dataclass(frozen=True, slots=True, kw_only=True)
class ReleaseStage(Record):
    """So many periods after the rule is met, this share of the limits is added to them."""

    after_periods: Periods
    raise_ppm: Annotated[int, Whole(1, 100 * PPM)]


@dataclass(frozen=True, slots=True, kw_only=True)
class LiftCondition(Clausal):
    """C18: these clauses end before the agreement does, once a rule of their own is met.

    With stages they go on, and their limits rise; without, the clauses end at once.
    """

    KIND: ClassVar[str] = ClauseKind.LIFT_CONDITION
    ID: ClassVar[str] = "C18"

    lifts: Kinds
    rule: Annotated[Rule, Part(Rule)]
    stages: Annotated[
        tuple[ReleaseStage, ...],
        Many(Part(ReleaseStage), 0, 16, lambda stage: stage.after_periods),
    ]


@dataclass(frozen=True, slots=True, kw_only=True)
class Derogation(Clausal):
    """C19: a party may step outside the caps for this scope, with notice, for a time.

    It is reviewed so many periods after its end. `reciprocal` lets the others do the same.
    """

    KIND: ClassVar[str] = ClauseKind.DEROGATION
    ID: ClassVar[str] = "C19"

    scope: Annotated[str, Text()]
    periods_max: Annotated[int, Whole(1, PERIODS_MAX)]
    notice_periods: Periods
    review_periods: Periods
    reciprocal: Annotated[bool, Flag()]


@dataclass(frozen=True, slots=True, kw_only=True)
class SnapBack(Clausal):
    """C20: what was lifted or suspended comes back so long after one of these is confirmed.

    `veto` says whether the parties may stop it by a vote.
    """

    KIND: ClassVar[str] = ClauseKind.SNAP_BACK
    ID: ClassVar[str] = "C20"

    faults: Annotated[tuple[Fault, ...], Many(Word(Fault), 1, 16)]
    after_periods: Periods
    veto: Annotated[bool, Flag()]


@dataclass(frozen=True, slots=True, kw_only=True)
class Withdrawal(Clausal):
    """C21: how a party leaves: notice, a time to think again, and duties until it is out."""

    KIND: ClassVar[str] = ClauseKind.WITHDRAWAL
    ID: ClassVar[str] = "C21"

    notice_periods: Annotated[int, Whole(1, PERIODS_MAX)]
    cooling_off_periods: Periods
    duties: Annotated[tuple[Duty, ...], Many(Word(Duty), 0, 4)]

    def hold(self) -> None:
        """One can think again only before one is out."""
        holds(
            self.cooling_off_periods <= self.notice_periods,
            "cooling_off_periods: longer than the notice",
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Amendment(Clausal):
    """C27: the terms change by assent; thresholds halve in step with more efficient methods.

    `halving_periods` 0: they do not. They stop falling at `floor_pflop`.
    """

    KIND: ClassVar[str] = ClauseKind.AMENDMENT
    ID: ClassVar[str] = "C27"

    need_ppm: Annotated[int, Whole(1, PPM)]
    halving_periods: Periods
    floor_pflop: Annotated[Pflop, Whole(of=Pflop)]


@dataclass(frozen=True, slots=True, kw_only=True)
class Dispute(Clausal):
    """C28: the time to clarify, the least grade on which a breach may rest, and to appeal."""

    KIND: ClassVar[str] = ClauseKind.DISPUTE
    ID: ClassVar[str] = "C28"

    clarification_s: Annotated[int, Whole(0, SPAN_MAX_S)]
    evidence: Annotated[Grade, Word(Grade)]
    appeal_periods: Periods
