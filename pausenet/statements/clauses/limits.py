"""Clauses that limit quantities: of compute, of accelerators, of rates."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from itertools import pairwise
from typing import Annotated, ClassVar, TypeAlias

from pausenet.statements.clauses.anatomy import Clausal, ClauseKind
from pausenet.statements.forms import (
    PERIODS_MAX,
    PPM,
    SPAN_MAX_S,
    Flag,
    Many,
    Part,
    Record,
    Whole,
    Word,
    holds,
)
from pausenet.statements.rule import IncidentReported, IndicatorBound, Rule
from pausenet.statements.usage import WorkloadClass
from pausenet.values import Pflop

Amount: TypeAlias = Annotated[Pflop, Whole(of=Pflop)]


class Counting(StrEnum):
    """How operations of a low precision count."""

    AS_EXECUTED = "operations-as-executed"
    SIXTEEN_BIT = "sixteen-bit-equivalent"


class Lineage(StrEnum):
    """Whose operations count towards a run's."""

    ALONE = "run-alone"
    ANCESTORS = "run-and-ancestors"


class Exceeding(StrEnum):
    """What is asked of a cluster above the line."""

    FORBIDDEN = "forbidden"
    MONITORED = "monitored"
    REPORTED = "reported"


class Metric(StrEnum):
    """What a staged cap limits."""

    RUN = "run"
    TOTAL = "total"


class OffProof(StrEnum):
    """How it is shown that an accelerator is off."""

    METERED = "metered"
    SEALED = "sealed"
    SWORN = "sworn"


@dataclass(frozen=True, slots=True, kw_only=True)
class TotalCap(Clausal):
    """C01: a lab's operations in one period, over the classes counted, stay within the limit."""

    KIND: ClassVar[str] = ClauseKind.TOTAL_CAP
    ID: ClassVar[str] = "C01"

    limit_pflop: Amount
    classes: Annotated[tuple[WorkloadClass, ...], Many(Word(WorkloadClass), 1, len(WorkloadClass))]


@dataclass(frozen=True, slots=True, kw_only=True)
class RunCap(Clausal):
    """C05: the cumulative operations of one training run stay at or below `limit_pflop`."""

    KIND: ClassVar[str] = ClauseKind.RUN_CAP
    ID: ClassVar[str] = "C05"

    limit_pflop: Amount
    counting: Annotated[Counting, Word(Counting)] = Counting.AS_EXECUTED
    lineage: Annotated[Lineage, Word(Lineage)] = Lineage.ALONE


@dataclass(frozen=True, slots=True, kw_only=True)
class PostTrainingCap(Clausal):
    """C06: training after pre-training stays within the limit and within a share of the base.

    `share_of_base_ppm` 0 sets no share.
    """

    KIND: ClassVar[str] = ClauseKind.POST_TRAINING_CAP
    ID: ClassVar[str] = "C06"

    limit_pflop: Amount
    share_of_base_ppm: Annotated[int, Whole(0, PPM)]


@dataclass(frozen=True, slots=True, kw_only=True)
class ClusterCap(Clausal):
    """C07: what a cluster at or above every line that is set may not be, or needs.

    A line of 0 is not set; at least one is. Accelerators are H100-equivalents.
    """

    KIND: ClassVar[str] = ClauseKind.CLUSTER_CAP
    ID: ClassVar[str] = "C07"

    rate_pflop_per_s: Annotated[int, Whole()]
    accelerators: Annotated[int, Whole()]
    link_mbit_per_s: Annotated[int, Whole()]
    memory_gb: Annotated[int, Whole()]
    exceeding: Annotated[Exceeding, Word(Exceeding)]

    def hold(self) -> None:
        """At least one line is set."""
        lines = (self.rate_pflop_per_s, self.accelerators, self.link_mbit_per_s, self.memory_gb)
        holds(any(lines), "no line is set")


@dataclass(frozen=True, slots=True, kw_only=True)
class StockCap(Clausal):
    """C08: a lab's installed accelerators and power stay within limits that may grow.

    Accelerators are H100-equivalents; `power_kw` 0 sets no limit of power. The limits grow by
    at most `growth_ppm` in each `every_periods`.
    """

    KIND: ClassVar[str] = ClauseKind.STOCK_CAP
    ID: ClassVar[str] = "C08"

    accelerators: Annotated[int, Whole()]
    power_kw: Annotated[int, Whole()]
    growth_ppm: Annotated[int, Whole(0, PPM)]
    every_periods: Annotated[int, Whole(1, PERIODS_MAX)]


@dataclass(frozen=True, slots=True, kw_only=True)
class TaxStep(Record):
    """From this much use on, this share of what goes beyond it is paid."""

    from_pflop: Amount
    rate_ppm: Annotated[int, Whole(0, 10 * PPM)]


@dataclass(frozen=True, slots=True, kw_only=True)
class ResearchBudget(Clausal):
    """C09: a budget of research compute in each window of periods, with a progressive levy."""

    KIND: ClassVar[str] = ClauseKind.RESEARCH_BUDGET
    ID: ClassVar[str] = "C09"

    budget_pflop: Amount
    window_periods: Annotated[int, Whole(1, PERIODS_MAX)]
    levy: Annotated[tuple[TaxStep, ...], Many(Part(TaxStep), 0, 16, lambda step: step.from_pflop)]

    def hold(self) -> None:
        """The levy is progressive."""
        rates = [step.rate_ppm for step in self.levy]
        holds(all(a < b for a, b in pairwise(rates)), "levy: a rate that does not rise")


@dataclass(frozen=True, slots=True, kw_only=True)
class CapStage(Record):
    """So many periods after the agreement first binds a party, this limit holds for it."""

    after_periods: Annotated[int, Whole(0, PERIODS_MAX)]
    limit_pflop: Amount


@dataclass(frozen=True, slots=True, kw_only=True)
class Milestone(Record):
    """Once this rule has been met, this limit holds for all, for good."""

    limit_pflop: Amount
    rule: Annotated[Rule, Part(Rule)]

    def hold(self) -> None:
        """What a milestone waits for is measured or reported, not decided."""
        holds(
            all(
                isinstance(each, IndicatorBound | IncidentReported) for each in self.rule.conditions
            ),
            "rule: a milestone waits for indicators and incidents alone",
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class StagedCap(Clausal):
    """C10: a cap that falls in stages, with time or as milestones are met.

    Of the limits reached the least holds: a stage once reached is not given back. Before the
    first there is no cap.
    """

    KIND: ClassVar[str] = ClauseKind.STAGED_CAP
    ID: ClassVar[str] = "C10"

    metric: Annotated[Metric, Word(Metric)]
    stages: Annotated[
        tuple[CapStage, ...], Many(Part(CapStage), 0, 64, lambda stage: stage.after_periods)
    ]
    milestones: Annotated[
        tuple[Milestone, ...], Many(Part(Milestone), 0, 16, lambda each: each.limit_pflop)
    ] = ()

    def hold(self) -> None:
        """There is some stage."""
        holds(bool(self.stages or self.milestones), "stages: none, and no milestone")


@dataclass(frozen=True, slots=True, kw_only=True)
class ApproveBand(Clausal):
    """C11: runs from one line on are reported, from a higher one on approved; 0: none is.

    A request that nobody has refused after `silence_s` is approved.
    """

    KIND: ClassVar[str] = ClauseKind.APPROVE_BAND
    ID: ClassVar[str] = "C11"

    report_from_pflop: Amount
    approve_from_pflop: Amount
    notice_s: Annotated[int, Whole(0, SPAN_MAX_S)]
    silence_s: Annotated[int, Whole(0, SPAN_MAX_S)]


class Purpose(StrEnum):
    """Work that a cap may leave out."""

    INFERENCE = "inference"
    SAFETY_RESEARCH = "safety-research"
    EVALUATION = "evaluation"
    NARROW_DOMAIN = "narrow-domain"
    INCIDENT_RESPONSE = "incident-response"


@dataclass(frozen=True, slots=True, kw_only=True)
class Exemptions(Clausal):
    """C12: work that the caps leave out, up to a quota in each period.

    `labelled` asks that each exempt job says so in its record; `audit_milli` is how many times
    as often such a record is drawn, in thousandths.
    """

    KIND: ClassVar[str] = ClauseKind.EXEMPTIONS
    ID: ClassVar[str] = "C12"

    purposes: Annotated[tuple[Purpose, ...], Many(Word(Purpose), 1, 5)]
    quota_pflop: Amount
    labelled: Annotated[bool, Flag()]
    audit_milli: Annotated[int, Whole(1_000, 1_000_000)]


@dataclass(frozen=True, slots=True, kw_only=True)
class PowerDown(Clausal):
    """C13: a share of the accelerators is off, and shown to be; memory is wiped so often."""

    KIND: ClassVar[str] = ClauseKind.POWER_DOWN
    ID: ClassVar[str] = "C13"

    share_ppm: Annotated[int, Whole(1, PPM)]
    shown: Annotated[OffProof, Word(OffProof)]
    wipe_s: Annotated[int, Whole(0, SPAN_MAX_S)]


@dataclass(frozen=True, slots=True, kw_only=True)
class InferenceCap(Clausal):
    """C14: a limit on the rate at which one service answers, and on what leaves its racks.

    A limit of 0 is not set; at least one is.
    """

    KIND: ClassVar[str] = ClauseKind.INFERENCE_CAP
    ID: ClassVar[str] = "C14"

    rate_pflop_per_s: Annotated[int, Whole()]
    egress_bytes_per_s: Annotated[int, Whole()]

    def hold(self) -> None:
        """At least one limit is set."""
        holds(self.rate_pflop_per_s + self.egress_bytes_per_s > 0, "no limit is set")
