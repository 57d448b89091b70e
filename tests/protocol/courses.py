"""A network whose agreement is triggered, lifted, left and broken: what its course is tested on."""

from __future__ import annotations

from dataclasses import replace
from functools import cache

from pausenet.protocol.enrolment import compose_register
from pausenet.protocol.register import Register
from pausenet.statements.clauses import Clause, Dispute, PeerConditional, SnapBack
from pausenet.statements.clauses import Derogation as DerogationClause
from pausenet.statements.clauses import Withdrawal as WithdrawalClause
from pausenet.statements.finding import Fault, Grade, Status
from pausenet.statements.rule import PartiesAssent, Rule
from pausenet.statements.settlement import Adjudicator
from pausenet.values import Role
from tests.protocol.paper import ANATOMY, DAY, agreement, applicant, name

LABS = ("aurora", "birch", "cedar")
PANEL = ("scale", "plumb", "verdict")
VERIFIERS = ("verifier-1", "verifier-2", "verifier-3", "verifier-4")
LAG, NOTICE = 2, 2
SOON = LAG + 2
CLAUSES = (
    WithdrawalClause(notice_periods=3, cooling_off_periods=0, duties=(), anatomy=ANATOMY),
    DerogationClause(
        scope="anything",
        periods_max=2,
        notice_periods=1,
        review_periods=0,
        reciprocal=False,
        anatomy=ANATOMY,
    ),
    SnapBack(faults=(Fault.F1,), after_periods=1, veto=False, anatomy=ANATOMY),
)


@cache
def network(
    *,
    trigger: Rule | None = None,
    peers: bool = False,
    speaks: tuple[Fault, ...] = (Fault.F1,),
    notice: int = 3,
    answer_s: int = 0,
    appeal: int = 0,
    standard: Grade | None = None,
    veto: bool = False,
    more: tuple[Clause, ...] = (),
    others: tuple[str, ...] = (),
    unread: tuple[str, ...] = (),
) -> Register:
    """Its register; `others` and `unread` are labs outside, with and without a meter."""
    panel = tuple(sorted(name(who) for who in PANEL))
    plain = agreement(LABS)
    clauses: tuple[Clause, ...] = (
        replace(CLAUSES[0], notice_periods=notice),
        CLAUSES[1],
        replace(CLAUSES[2], veto=veto),
    )
    if standard is not None:
        clauses += (
            Dispute(
                clarification_s=answer_s, evidence=standard, appeal_periods=appeal, anatomy=ANATOMY
            ),
        )
    if peers:
        statuses = (Status.NO_BREACH_FOUND, Status.NOT_IN_FORCE)
        clauses += (PeerConditional(statuses=statuses, grace_periods=1, anatomy=ANATOMY),)
    chosen = replace(
        plain,
        trigger=trigger or plain.trigger,
        lift=Rule(words="two thirds", conditions=(PartiesAssent(need_ppm=666_666),), need=1),
        adjudicator=Adjudicator(
            words="three",
            panel=panel,
            quorum=2,
            clarification_s=answer_s,
            appeal_periods=appeal,
            self_executing=speaks,
        ),
        clauses=(*plain.clauses, *clauses, *more),
        annex=replace(plain.annex, channels=agreement((*LABS, *others)).channels),
    )
    people = (
        *((who, Role.LAB) for who in (*LABS, *others, *unread)),
        *((f"{who}-meter", Role.METER) for who in (*LABS, *others)),
        *((who, Role.VERIFIER) for who in VERIFIERS),
        *((who, Role.ADJUDICATOR) for who in PANEL),
    )
    return compose_register(
        name="course",
        applicants=tuple(applicant(who, role, "course") for who, role in people),
        registrar=applicant("registrar", Role.REGISTRAR, "course"),
        agreement=chosen,
        epsilon_s=DAY // 10,
        delta_s=DAY // 4,
        heartbeat_s=DAY // 4,
        speed=DAY,
    )
