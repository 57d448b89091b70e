"""Clauses about conduct: release, research, access, what is shown, what is staked."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import Annotated, ClassVar

from pausenet.statements.clauses.anatomy import Clausal, ClauseKind
from pausenet.statements.finding import Grade
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
from pausenet.statements.tiers import Tier
from pausenet.values import Pflop


class ReleaseAct(StrEnum):
    """What is held back."""

    DEPLOYMENT = "deployment"
    WEIGHT_RELEASE = "weight-release"
    WEIGHT_TRANSFER = "weight-transfer"


class ResearchTopic(StrEnum):
    """Fields of research that an agreement may close."""

    TRAINING_ALGORITHMS = "training-algorithms"
    AUTOMATED_RESEARCH = "automated-research"
    DISTRIBUTED_TRAINING = "distributed-training"
    ARCHITECTURES = "architectures"
    SYNTHETIC_DATA = "synthetic-data"
    VERIFICATION_EVASION = "verification-evasion"


class ManagedAccess(StrEnum):
    """What an inspected lab may do to protect what the inspection is not about."""

    SHROUDING = "shrouding-of-equipment"
    LOGGED_OFF = "logging-off-of-screens"
    RANDOM_ROOMS = "random-choice-of-rooms"
    CLEARED_TEAM = "cleared-inspectors-only"
    SEALED_RESULTS = "results-stay-on-site"


class Circumvention(StrEnum):
    """Ways around an agreement that it names and forbids."""

    SPLIT_RUNS = "split-runs"
    PROXIES = "work-through-others"
    OFFSHORE = "moving-abroad"
    CONCEALED_SITES = "concealed-sites"
    DISTURBED_SENSORS = "disturbed-sensors"


class NonPartyResponse(StrEnum):
    """What a party may do once somebody outside exceeds the line."""

    CONSULT = "consult"
    DEROGATE = "derogate"
    SUSPEND = "suspend"


@dataclass(frozen=True, slots=True, kw_only=True)
class ReleaseHold(Clausal):
    """C15: these acts are held; where one is allowed, it is notified so long before.

    `security_level` is the least protection of weights against theft, from 0 (none is asked)
    to 5 (against the most capable states).
    """

    KIND: ClassVar[str] = ClauseKind.RELEASE_HOLD
    ID: ClassVar[str] = "C15"

    acts: Annotated[tuple[ReleaseAct, ...], Many(Word(ReleaseAct), 1, 3)]
    notice_s: Annotated[int, Whole(0, SPAN_MAX_S)]
    security_level: Annotated[int, Whole(0, 5)]


@dataclass(frozen=True, slots=True, kw_only=True)
class ResearchRestriction(Clausal):
    """C16: these fields of research are closed; so many auditors work inside each lab."""

    KIND: ClassVar[str] = ClauseKind.RESEARCH_RESTRICTION
    ID: ClassVar[str] = "C16"

    topics: Annotated[tuple[ResearchTopic, ...], Many(Word(ResearchTopic), 1, 6)]
    embedded_auditors: Annotated[int, Whole(0, 1_000)]


@dataclass(frozen=True, slots=True, kw_only=True)
class VerificationAccess(Clausal):
    """C22: inspections on call, at short notice with a probability, and on challenge.

    `short_notice_ppm` is the probability for each site and period.
    """

    KIND: ClassVar[str] = ClauseKind.VERIFICATION_ACCESS
    ID: ClassVar[str] = "C22"

    inspections_per_period: Annotated[int, Whole(0, 10_000)]
    short_notice_ppm: Annotated[int, Whole(0, PPM)]
    challenge: Annotated[bool, Flag()]
    notice_s: Annotated[int, Whole(0, SPAN_MAX_S)]
    managed_access: Annotated[tuple[ManagedAccess, ...], Many(Word(ManagedAccess), 0, 5)]


@dataclass(frozen=True, slots=True, kw_only=True)
class Transparency(Clausal):
    """C23: a public sign of life so often, and who may learn more than that.

    `zero_knowledge` asks that what is shown to the public is proven without being opened.
    """

    KIND: ClassVar[str] = ClauseKind.TRANSPARENCY
    ID: ClassVar[str] = "C23"

    heartbeat_s: Annotated[int, Whole(1, SPAN_MAX_S)]
    detail: Annotated[Tier, Word(Tier)]
    zero_knowledge: Annotated[bool, Flag()]


@dataclass(frozen=True, slots=True, kw_only=True)
class StakeLoss(Record):
    """What a finding of this grade costs, once the adjudicator has determined a breach."""

    grade: Annotated[Grade, Word(Grade)]
    amount_usd: Annotated[int, Whole()]


@dataclass(frozen=True, slots=True, kw_only=True)
class Stake(Clausal):
    """C24: each party deposits so much, and loses of it by grade."""

    KIND: ClassVar[str] = ClauseKind.STAKE
    ID: ClassVar[str] = "C24"

    deposit_usd: Annotated[int, Whole(1)]
    losses: Annotated[tuple[StakeLoss, ...], Many(Part(StakeLoss), 1, 4, lambda loss: loss.grade)]

    def hold(self) -> None:
        """No loss is above the deposit."""
        holds(
            all(loss.amount_usd <= self.deposit_usd for loss in self.losses),
            "losses: more than the deposit",
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Accession(Clausal):
    """C25: new parties join by assent and bind later; who else is bound through a party.

    `tenants_from_pflop` is the use in a period from which a host's tenant counts; 0: none does.
    """

    KIND: ClassVar[str] = ClauseKind.ACCESSION
    ID: ClassVar[str] = "C25"

    need_ppm: Annotated[int, Whole(0, PPM)]
    wait_periods: Annotated[int, Whole(0, PERIODS_MAX)]
    affiliates: Annotated[bool, Flag()]
    tenants_from_pflop: Annotated[Pflop, Whole(of=Pflop)]


@dataclass(frozen=True, slots=True, kw_only=True)
class NonCircumvention(Clausal):
    """C26: these ways around are breaches; national means of observation are left alone."""

    KIND: ClassVar[str] = ClauseKind.NON_CIRCUMVENTION
    ID: ClassVar[str] = "C26"

    forbidden: Annotated[tuple[Circumvention, ...], Many(Word(Circumvention), 1, 5)]
    national_means: Annotated[bool, Flag()]


@dataclass(frozen=True, slots=True, kw_only=True)
class NonParty(Clausal):
    """C29: what a party may do when somebody outside is shown to exceed the line."""

    KIND: ClassVar[str] = ClauseKind.NON_PARTY
    ID: ClassVar[str] = "C29"

    exceeds_pflop: Annotated[Pflop, Whole(of=Pflop)]
    response: Annotated[NonPartyResponse, Word(NonPartyResponse)]
    consult_periods: Annotated[int, Whole(0, PERIODS_MAX)]
