"""What an honest lab signs when it learns late, or corrects late: never its own conviction."""

from __future__ import annotations

import pytest

from pausenet.protocol.attester import LabMachine
from pausenet.protocol.easing import Told
from pausenet.protocol.messages import Entries, Ingested, Job, Stored, TimerFired, UsageSample
from pausenet.protocol.register import Register
from pausenet.statements.clauses.anatomy import ClauseKind
from pausenet.statements.correction import Correction
from pausenet.statements.finding import Appraisal, Claim, Status, Support
from pausenet.statements.stage import FREE, Change, Easable, Eased, Easing, PartyStage, Span
from pausenet.statements.usage import ComputeUsage
from pausenet.values import (
    AcceleratorSeconds,
    Digest,
    NetworkTime,
    ParticipantId,
    Pflop,
    Salt,
    Seq,
    TreeSize,
)
from tests.protocol.banded import REPORT, network
from tests.protocol.builders import Paper
from tests.protocol.desk import Desk
from tests.protocol.eased import begins, lifts
from tests.protocol.eased import network as lifted
from tests.protocol.paper import RUN_CAP, index, keyring, register, usage

REGISTER = register()
LAB = ParticipantId("aurora")
ORIGIN = REGISTER.origin_of(LAB)
SCHEDULE = REGISTER.agreement.schedule
OVER, UNDER = RUN_CAP + 1, RUN_CAP // 2
FAR = 100
"""A period after all that is told here."""


class Office:
    """An honest lab, and four verifiers that tell it what they please."""

    def __init__(self, held: Register = REGISTER) -> None:
        machine = LabMachine(register=held, keys=keyring("aurora", held.members[LAB].role))
        self.desk, self.paper, self.told = Desk(machine), Paper(held, ratify=False), 0
        self.held, self.origin = held, held.origin_of(LAB)
        self.moment = FAR * SCHEDULE.period_s
        self.desk.boot()

    def greet(self) -> Office:
        for verifier in REGISTER.verifiers[:3]:
            self.desk.hear(verifier, Stored(origin=self.origin, size=TreeSize(0), note=b""))
        return self

    def measures(self, period: int, run_pflop: int, reason: str = "", at: int = 0) -> Office:
        self.desk.step(Ingested(now=NetworkTime(at), sample=sample(period, run_pflop, reason)))
        return self

    def learns(self, *bound: Span, at: int) -> Office:
        """Three verifiers appraise the lab alike; their words reach it at a moment."""
        self.told += 1
        said = Appraisal(
            period=index(self.told),
            view=0,
            cut=Digest.of(bytes([self.told])),
            rules=Digest.of(b"rules"),
            agreement=self.held.agreement_digest,
            lab=LAB,
            stage=PartyStage.IN_FORCE,
            bound=bound,
            corrections=0,
            lowered=(),
            status=Status.NO_BREACH_FOUND,
            claims=tuple((claim, Support.NO_CONCLUSION) for claim in Claim),
            findings=(),
        )
        for verifier in REGISTER.verifiers[:3]:
            log = self.paper.log(verifier)
            start = log.size
            log.say(said)
            message = Entries(
                origin=log.origin,
                start=Seq(start),
                entries=tuple(log.entries[start:]),
                note=log.note(),
            )
            self.desk.hear(verifier, message, at)
        return self

    def signs(self) -> Office:
        """No verifier answers: the lab gives up waiting, and signs what it has drafted."""
        for _ in range(5):
            self.moment += SCHEDULE.period_s
            self.desk.step(TimerFired(now=NetworkTime(self.moment)))
        return self

    def stated(self, period: int) -> list[tuple[int, bool]]:
        """What the lab has signed of a period in the end: the run, and whether it is named."""
        machine = self.signs().desk.machine
        assert isinstance(machine, LabMachine)
        return [
            (said.body.runs[0].total_pflop, said.agreement is not None)
            for said in machine.book.mirrors[self.origin].statements
            if isinstance(said.body, ComputeUsage) and said.period == SCHEDULE.period(index(period))
        ]

    def corrected(self) -> list[int]:
        """The places of the statements that the lab has corrected."""
        machine = self.desk.machine
        assert isinstance(machine, LabMachine)
        log = machine.book.mirrors[self.origin].statements
        return [said.body.seq for said in log if isinstance(said.body, Correction)]


def sample(period: int, run_pflop: int, reason: str) -> UsageSample:
    body, during = usage(run_pflop=run_pflop), SCHEDULE.period(index(period))
    jobs = tuple(
        Job(
            site=body.sites[0].site,
            workload=workload,
            start=during.start,
            end=during.end,
            occupied_s=AcceleratorSeconds(total.occupied_s),
            used_pflop=Pflop(total.used_pflop),
            run="",
        )
        for workload, total in body.classes
    )
    fill = bytes([period, len(reason), run_pflop % 256])
    return UsageSample(
        period=index(period),
        sites=body.sites,
        classes=body.classes,
        runs=body.runs,
        jobs=jobs,
        salts=tuple(Salt(fill + bytes([number]) + bytes(28)) for number in range(len(jobs))),
        reason=reason,
    )


def end_of(period: int) -> int:
    return SCHEDULE.period(index(period)).end


BOUND = Span(start=index(2), until=None)


def test_a_lab_that_knew_in_time_names_the_agreement_whatever_it_used() -> None:
    office = Office().greet().learns(BOUND, at=end_of(1))
    assert office.measures(2, OVER, at=end_of(2)).stated(2) == [(OVER, True)]


def test_a_lab_that_could_not_know_does_not_sign_that_it_was_over_a_cap_in_force() -> None:
    office = Office().greet().measures(1, UNDER).measures(2, OVER).measures(3, UNDER)
    office.signs().learns(BOUND, at=end_of(3))
    assert office.stated(2) == [(OVER, False)]
    assert office.stated(1) == [(UNDER, False)]
    assert office.stated(3) == [(UNDER, False), (UNDER, True)]


def test_nor_where_the_statement_was_not_signed_yet() -> None:
    office = Office().measures(2, OVER).learns(BOUND, at=end_of(2)).greet()
    assert office.stated(2) == [(OVER, False)]


def test_to_be_released_and_bound_anew_in_hindsight_convicts_nobody() -> None:
    office = Office().greet().learns(BOUND, at=end_of(0))
    office.learns(Span(start=index(2), until=index(3)), at=end_of(1))
    office.measures(3, OVER).learns(BOUND, at=end_of(3))
    assert office.stated(3) == [(OVER, False)]


def test_a_period_is_stated_anew_once_however_often_the_word_changes() -> None:
    office = Office().greet().measures(2, UNDER).signs()
    for until in (9, 10, 11):
        office.learns(Span(start=index(2), until=index(until)), at=end_of(2))
    assert office.stated(2) == [(UNDER, False), (UNDER, True)]


def test_a_slip_corrected_before_it_was_signed_is_never_signed() -> None:
    office = Office().learns(BOUND, at=end_of(1)).measures(2, OVER)
    office.measures(2, UNDER, reason="a slip of the hand").greet()
    assert office.stated(2) == [(UNDER, True)]
    assert office.corrected() == []


def test_a_slip_is_not_repeated_under_the_agreement_while_its_correction_waits() -> None:
    office = Office().greet().measures(2, UNDER).signs()
    office.measures(2, UNDER - 1, reason="a slip of the hand").learns(BOUND, at=end_of(2))
    assert office.stated(2) == [(UNDER, False), (UNDER - 1, True)]
    assert len(office.corrected()) == 1


def test_what_is_drafted_anew_is_corrected_with_what_it_repeats() -> None:
    office = Office().greet().measures(2, UNDER).signs().learns(BOUND, at=end_of(2))
    office.measures(2, UNDER - 1, reason="a slip of the hand")
    assert office.stated(2) == [(UNDER, False), (UNDER - 1, True)]
    assert len(office.corrected()) == 1


@pytest.mark.parametrize("reached", [REPORT - 1, REPORT])
def test_what_waits_to_be_signed_is_held_against_what_waits_before_it(reached: int) -> None:
    """A run that grew into the band while nobody answered: the lab could not know of the band."""
    office = Office(network()).measures(3, 100, at=end_of(3)).measures(4, reached, at=end_of(4))
    office.learns(BOUND, at=end_of(4)).greet()
    assert office.stated(3) == [(100, True)]
    assert office.stated(4) == [(reached, reached < REPORT)]


@pytest.mark.parametrize("started", [False, True])
def test_a_lift_that_the_own_log_names_is_known_after_a_restart_without_being_told_again(
    started: bool,
) -> None:
    """Where the clause can be started, too, what had not begun then may have begun since."""
    total, none = ClauseKind.TOTAL_CAP, Change(start=index(0), raised_ppm=FREE)
    begun = (none, Change(start=index(1), raised_ppm=0))
    office = Office(lifted(lifts(total), begins(total)) if started else lifted(lifts(total)))
    machine = office.greet().desk.machine
    assert isinstance(machine, LabMachine)
    machine._easing.learn((Easing(clause=Easable.TOTAL_CAP, changes=(none,)),))
    office.measures(2, UNDER).signs()
    machine._easing = Told(office.held.agreement)  # what a restart forgets
    machine._easing.learn((Easing(clause=Easable.TOTAL_CAP, changes=begun),) if started else ())
    office.measures(3, UNDER).signs()
    stated = [
        each.body.eased
        for each in machine.book.mirrors[office.origin].statements
        if isinstance(each.body, ComputeUsage)
    ]
    free = (Eased(clause=Easable.TOTAL_CAP, raised_ppm=FREE),)
    assert stated == [free, () if started else free]
