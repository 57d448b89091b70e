"""Seeded keys, an agreement and a register, for networks on paper."""

from __future__ import annotations

from collections.abc import Iterable
from functools import cache

from pausenet.crypto.keys import SigningKey
from pausenet.protocol.enrolment import compose_register
from pausenet.protocol.register import Applicant, Keyring, Register
from pausenet.statements.agreement import ALL_NAMED, Activation, Agreement, Schedule
from pausenet.statements.annex import Annex, Channel, PowerChannel
from pausenet.statements.clauses import Anatomy, RunCap, TotalCap
from pausenet.statements.clauses.limits import Lineage
from pausenet.statements.cut import Silence
from pausenet.statements.register import Purpose
from pausenet.statements.rule import AdjudicatorDetermines, OnRatification, Rule
from pausenet.statements.settlement import Adjudicator, LegalBasis
from pausenet.statements.tiers import Tiers
from pausenet.statements.usage import (
    ClassUsage,
    ComputeUsage,
    Doer,
    SiteUsage,
    Stage,
    TrainingRun,
    WorkloadClass,
)
from pausenet.values import (
    AcceleratorSeconds,
    Digest,
    NetworkTime,
    Origin,
    ParticipantId,
    PeriodIndex,
    Pflop,
    Role,
    TreeSize,
    WattHours,
)

DAY = 86_400
ONE = TreeSize(1)
ENERGY = 1_000_000
RUN_CAP = 50_000
TOTAL_CAP = 100_000
ANATOMY = Anatomy(
    prover="the lab",
    verifier="the verifiers",
    declared="usage",
    undeclared="counts as used",
    access="on challenge",
    confidentiality="totals to verifiers",
    response="the adjudicator decides",
    falsified_by="a statement over the cap",
)


def name(text: str) -> ParticipantId:
    return ParticipantId(text)


def index(number: int) -> PeriodIndex:
    return PeriodIndex(number)


@cache
def keyring(who: str, role: Role, seed: str = "") -> Keyring:
    def key(purpose: str) -> SigningKey:
        return SigningKey.from_seed(Digest.of(f"{seed}/{who}/{purpose}".encode()))

    cosigns = role is Role.VERIFIER
    return Keyring(
        id=name(who),
        role=role,
        statement=key("statement"),
        log=key("log"),
        recovery=key("recovery"),
        storing=key("storing") if cosigns else None,
        witness=key("witness") if cosigns else None,
    )


def agreement(
    labs: Iterable[str],
    *,
    activation: Activation = ALL_NAMED,
    notice: int = 2,
    calibration: int = 0,
) -> Agreement:
    parties = tuple(sorted(name(lab) for lab in labs))
    return Agreement(
        title="A pause",
        activation=activation,
        parties=parties,
        trigger=Rule(words="now", conditions=(OnRatification(),), need=1),
        lift=Rule(words="never", conditions=(AdjudicatorDetermines(),), need=1),
        adjudicator=Adjudicator(words="the board"),
        legal_basis=LegalBasis(words="none"),
        schedule=Schedule(
            start=NetworkTime(0),
            period_s=2 * DAY,
            deadline_s=DAY // 4,
            grace_s=4 * DAY + DAY // 4,
            notice_periods=notice,
        ),
        annex=Annex(
            channels=tuple(Channel(meter=name(f"{lab}-meter"), party=lab) for lab in parties),
            power=PowerChannel(
                random_ppm=10_000,
                systematic_ppm=3_000,
                strategic_wh=WattHours(60_000),
                calibration_periods=calibration,
            ),
            sample_quota=4,
            sample_ppm=50_000,
        ),
        tiers=Tiers(),
        clauses=(
            RunCap(limit_pflop=Pflop(RUN_CAP), lineage=Lineage.ANCESTORS, anatomy=ANATOMY),
            TotalCap(
                limit_pflop=Pflop(TOTAL_CAP),
                classes=(WorkloadClass.POST_TRAINING, WorkloadClass.PRE_TRAINING),
                anatomy=ANATOMY,
            ),
        ),
    )


@cache
def register(
    labs: tuple[str, ...] = ("aurora", "birch"),
    verifiers: int = 4,
    activation: Activation = ALL_NAMED,
    seed: str = "",
    speakers: tuple[Role, ...] = (),
    heartbeat_s: int = DAY // 4,
    calibration: int = 0,
) -> Register:
    meters = tuple(f"{lab}-meter" for lab in labs)
    everybody = (
        *((lab, Role.LAB) for lab in labs),
        *((meter, Role.METER) for meter in meters),
        *((f"verifier-{number}", Role.VERIFIER) for number in range(1, verifiers + 1)),
        *((f"the-{role}", role) for role in speakers),
    )
    return compose_register(
        name="paper",
        applicants=tuple(applicant(who, role, seed) for who, role in everybody),
        registrar=applicant("registrar", Role.REGISTRAR, seed),
        agreement=agreement(labs, activation=activation, calibration=calibration),
        epsilon_s=DAY // 10,
        delta_s=DAY // 4,
        heartbeat_s=heartbeat_s,
        speed=DAY,
    )


def applicant(who: str, role: Role, seed: str) -> Applicant:
    return Applicant(
        keys=keyring(who, role, seed),
        bloc="west",
        group=who,
        tls_spki=Digest.of(f"tls/{seed}/{who}".encode()),
    )


def silence(held: Register, log: Origin, due: int, size: TreeSize = ONE) -> Silence:
    """What a verifier says by a register: nothing due for a period was in a log of this size."""
    return Silence(
        log=log,
        size=size,
        due=index(due),
        register_size=held.size,
        register_root=held.root,
    )


def usage(
    energy_wh: int = ENERGY, *, total_pflop: int = 1_000, run_pflop: int = 1_000
) -> ComputeUsage:
    """What a lab says of one period: its energy, its pre-training, and one run's life."""

    def of(workload: WorkloadClass) -> ClassUsage:
        used = total_pflop if workload is WorkloadClass.PRE_TRAINING else 0
        return ClassUsage(occupied_s=AcceleratorSeconds(used), used_pflop=Pflop(used))

    return ComputeUsage(
        leaves=1,
        sites=(SiteUsage(site=name("north"), accelerators=(), energy_wh=WattHours(energy_wh)),),
        classes=tuple((workload, of(workload)) for workload in WorkloadClass),
        runs=(
            TrainingRun(
                run=name("run-one"),
                parents=(),
                total_pflop=Pflop(run_pflop),
                stages=tuple((stage, Doer.HUMAN) for stage in Stage),
                sign_offs=(),
            ),
        ),
    )


def keyring_of(held: Register, who: str, seeds: Iterable[str] = ("", "other", "course")) -> Keyring:
    """The seeded keyring that this register binds to a name."""
    member = held.members[name(who)]
    for seed in seeds:
        keys = keyring(who, member.role, seed)
        if keys.statement.public_key == member.keys[Purpose.STATEMENT]:
            return keys
    raise AssertionError(f"no seed gives the keys of {who}")
