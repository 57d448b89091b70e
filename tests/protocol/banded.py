"""A network whose agreement has report and approval bands, and a lab that plans runs in them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace
from functools import cache

from pausenet.crypto import envelope
from pausenet.protocol.bands import with_reports
from pausenet.protocol.enrolment import compose_register
from pausenet.protocol.register import Register
from pausenet.statements import codec
from pausenet.statements.clauses import ApproveBand
from pausenet.statements.codec import Body, Head, Statement
from pausenet.statements.determination import Objection
from pausenet.statements.movement import NoticeKind, Notification
from pausenet.statements.settlement import Adjudicator
from pausenet.statements.usage import ComputeUsage
from pausenet.values import Pflop, Role
from tests.protocol.builders import Paper
from tests.protocol.paper import ANATOMY, DAY, agreement, applicant, index, name, usage

LABS = ("aurora", "birch")
PANEL = ("scale", "tribunal")
REPORT, APPROVE = 2_000, 5_000
WAITS, APPROVAL_WAITS = 1, 5
"""Periods between a report and a run: of the notice; of silence, lag and two."""
BIG, SMALL = 6_000, 3_000

Acts = Mapping[int, Iterable[tuple[str, Body]]]


def band(report: int = REPORT, approve: int = APPROVE) -> ApproveBand:
    return ApproveBand(
        report_from_pflop=Pflop(report),
        approve_from_pflop=Pflop(approve),
        notice_s=DAY,
        silence_s=2 * DAY,
        anatomy=ANATOMY,
    )


@cache
def network(report: int = REPORT, approve: int = APPROVE) -> Register:
    plain = agreement(LABS)
    people = (
        *((who, Role.LAB) for who in LABS),
        *((f"{who}-meter", Role.METER) for who in LABS),
        *((f"verifier-{number}", Role.VERIFIER) for number in range(1, 5)),
        *((who, Role.ADJUDICATOR) for who in PANEL),
    )
    panel = Adjudicator(words="the board", panel=tuple(map(name, PANEL)), quorum=2)
    clauses = (*plain.clauses, band(report, approve))
    return compose_register(
        name="banded",
        applicants=tuple(applicant(who, role, "") for who, role in people),
        registrar=applicant("registrar", Role.REGISTRAR, ""),
        agreement=replace(plain, adjudicator=panel, clauses=clauses),
        epsilon_s=DAY // 10,
        delta_s=DAY // 4,
        heartbeat_s=DAY // 4,
        speed=DAY,
    )


def planned(
    run: str = "big", amount: int = BIG, *, begins: int = 8, what: NoticeKind = NoticeKind.NEW_RUN
) -> tuple[str, Notification]:
    body = Notification(
        what=what, site=name("north"), of=name(run), amount=amount, period=index(begins)
    )
    return "birch", body


def objects(*who: str, run: str = "big", party: str = "birch") -> list[tuple[str, Objection]]:
    body = Objection(
        agreement=network().agreement_digest, party=name(party), run=name(run), reasons="too large"
    )
    return [(each, body) for each in who or PANEL]


def running(*totals: tuple[str, int]) -> ComputeUsage:
    """Usage with these runs alone, none above the caps."""
    (like,) = usage().runs
    runs = (replace(like, run=name(run), total_pflop=Pflop(total)) for run, total in totals)
    return replace(usage(), runs=tuple(runs))


class Banded(Paper):
    """Birch reads every verifier's log before each statement, and names its reports honestly.

    Where `reported` gives a place for a run, its usage names that place instead.
    """

    def __init__(
        self, held: Register | None = None, *, reported: Mapping[str, int] | None = None
    ) -> None:
        self.reported = reported or {}
        self.blind: set[int] = set()
        self.heads: tuple[Head, ...] = ()
        super().__init__(held or network())

    def statements(self, who: str) -> list[Statement]:
        return [codec.decode(envelope.decode(each).payload) for each in self.log(who).entries]

    def use(self, lab: str, number: int, body: ComputeUsage | None = None) -> bytes:
        period = self.schedule.period(index(number))
        used = with_reports(self.register, body or usage(), self.statements(lab), period)
        runs = tuple(
            replace(run, reported=self.reported.get(run.run, run.reported)) for run in used.runs
        )
        if lab == "birch" and number not in self.blind:
            self.heads = tuple(
                Head(origin=log.origin, size=log.size, root=log.tree.root(log.size))
                for log in (self.log(who) for who in self.register.verifiers)
                if log.size
            )
        agreed_to = number >= self.in_force.get(lab, 1_000_000)
        return self.log(lab).say(
            replace(used, runs=runs),
            period=period,
            agreed=self.agreement.digest if agreed_to else None,
            seen=self.heads if lab == "birch" else (),
        )

    def appraised(self, number: int) -> None:
        """Every verifier publishes its appraisals of a cut."""
        for item in self.appraise(self.cuts[number]):
            for who in self.register.verifiers:
                self.log(who).say(item.appraisal)


def story(
    used: Mapping[int, ComputeUsage],
    acts: Acts,
    *,
    held: Register | None = None,
    reported: Mapping[str, int] | None = None,
    blind: Iterable[int] = (),
    periods: int = 12,
) -> Banded:
    """What is said in a period is said before its usage, which can only be signed after its end."""
    paper = Banded(held, reported=reported)
    paper.blind = set(blind)
    for number in range(periods):
        for who, body in acts.get(number, ()):
            paper.log(who).say(body)
        paper.period(number, used={"birch": used[number]} if number in used else {})
        paper.appraised(number)
    return paper


def growing(
    run: str, start: int, first: int, last: int, periods: int = 12
) -> dict[int, ComputeUsage]:
    """A run that grows evenly from one total to another; after its end it stays as it is."""
    steps = range(start, periods)
    return {
        at: running((run, first + (last - first) * (at - start) // max(1, len(steps) - 1)))
        for at in steps
    }
