"""Words about accelerators, and what becomes of them: what the stock tests speak in."""

from __future__ import annotations

from dataclasses import replace
from functools import cache

from pausenet.protocol.enrolment import compose_register
from pausenet.protocol.register import Register
from pausenet.protocol.stock import ItemKind, Stock, reconcile
from pausenet.statements.codec import Body, Statement
from pausenet.statements.declaration import Declaration, DeclaredSite
from pausenet.statements.finding import Appraisal, Claim, Status, Support
from pausenet.statements.movement import (
    Capacity,
    Direction,
    Installed,
    NoticeKind,
    Notification,
    Transfer,
)
from pausenet.statements.stage import PartyStage, Span
from pausenet.statements.usage import (
    Accelerators,
    ClassUsage,
    ComputeUsage,
    SiteUsage,
    WorkloadClass,
)
from pausenet.values import AcceleratorSeconds, Digest, ParticipantId, Pflop, Role, WattHours
from tests.protocol.builders import Log
from tests.protocol.paper import DAY, agreement, applicant, index, keyring, name

LABS = ("aurora", "birch", "cedar")
H100 = name("h100")
PEOPLE = (
    *((who, Role.LAB) for who in (*LABS, "elm")),
    *((f"{who}-meter", Role.METER) for who in LABS),
    *((f"verifier-{number}", Role.VERIFIER) for number in range(1, 5)),
    ("harbour", Role.HOST),
    ("quay", Role.HOST),
    ("office", Role.AUTHORITY),
)


@cache
def network(baseline: int = 0) -> Register:
    plain = agreement(LABS)
    return compose_register(
        name="stock",
        applicants=tuple(applicant(who, role, "stock") for who, role in PEOPLE),
        registrar=applicant("registrar", Role.REGISTRAR, "stock"),
        agreement=replace(plain, annex=replace(plain.annex, baseline_periods=baseline)),
        epsilon_s=DAY // 10,
        delta_s=DAY // 4,
        heartbeat_s=DAY // 4,
        speed=DAY,
    )


def site(where: str, count: int) -> DeclaredSite:
    return DeclaredSite(site=name(where), accelerators=(Accelerators(kind=H100, count=count),))


def declared(*sites: DeclaredSite) -> Body:
    return Declaration(sites=sites, meters=())


def usage(*sites: DeclaredSite, pflop: int = 0) -> ComputeUsage:
    quiet = ClassUsage(occupied_s=AcceleratorSeconds(0), used_pflop=Pflop(0))
    busy = replace(quiet, used_pflop=Pflop(pflop))
    return ComputeUsage(
        leaves=0,
        sites=tuple(
            SiteUsage(site=each.site, accelerators=each.accelerators, energy_wh=WattHours(1))
            for each in sites
        ),
        classes=tuple(
            (each, busy if each is WorkloadClass.RESEARCH else quiet) for each in WorkloadClass
        ),
        runs=(),
    )


def transfer(
    direction: Direction, other: str, count: int = 10, *, at: int = 1, batch: str = "a"
) -> Transfer:
    return Transfer(
        counterparty=name(other),
        direction=direction,
        kind=H100,
        count=count,
        batch=Digest.of(batch.encode()),
        period=at,
    )


def shipped(other: str, count: int = 10, **more: object) -> Body:
    return transfer(Direction.SHIPPED, other, count, **more)


def received(other: str, count: int = 10, **more: object) -> Transfer:
    return transfer(Direction.RECEIVED, other, count, **more)


def notice(what: NoticeKind, where: str, amount: int, at: int = 1) -> Body:
    return Notification(what=what, site=name(where), of=H100, amount=amount, period=index(at))


def capacity(lab: str, where: str, count: int, at: int = 1) -> Body:
    given = (Installed(kind=H100, count=count),)
    return Capacity(lab=name(lab), period=index(at), site=name(where), accelerators=given)


def story(**logs: tuple[Body, ...]) -> Stock:
    """What becomes of these logs; a usage statement stands for the next period of its lab."""
    return reconcile(network(), statements(network(), logs))


def statements(
    register: Register, logs: dict[str, tuple[Body, ...]]
) -> dict[ParticipantId, tuple[Statement, ...]]:
    said: dict[ParticipantId, tuple[Statement, ...]] = {}
    for key, bodies in logs.items():
        who = key.replace("_", "-")
        log = Log(register=register, keys=keyring(who, dict(PEOPLE)[who], "stock"))
        found, period = [], 0
        for body in bodies:
            this = None
            if isinstance(body, ComputeUsage):
                this, period = register.agreement.schedule.period(index(period)), period + 1
            found.append(log.statement(body, period=this, seq=len(found)))
        said[name(who)] = tuple(found)
    return said


def kinds(stock: Stock) -> list[tuple[ItemKind, str]]:
    return [(item.kind, item.party) for item in stock.items]


HALL = site("hall", 100)


def after(count: int) -> tuple[Body, ...]:
    """A declaration of 100, a period with 100, and a period that ends with so many."""
    return (declared(HALL), usage(HALL), usage(site("hall", count)))


def appraisal(start: int) -> Body:
    return Appraisal(
        period=index(1),
        view=0,
        cut=Digest.of(b"cut"),
        rules=Digest.of(b"rules"),
        agreement=network(2).agreement.digest,
        lab=name("aurora"),
        status=Status.NO_BREACH_FOUND,
        stage=PartyStage.IN_FORCE,
        bound=(Span(start=index(start), until=None),),
        claims=tuple((claim, Support.NO_CONCLUSION) for claim in Claim),
        findings=(),
        corrections=0,
        lowered=(),
    )
