"""Triggers, lifts, exits and determinations move an agreement, always for later periods."""

from __future__ import annotations

from dataclasses import replace
from functools import cache

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pausenet.protocol.course import Course
from pausenet.protocol.enrolment import compose_register
from pausenet.protocol.register import Register
from pausenet.statements.clauses import Clause, Dispute, PeerConditional, SnapBack
from pausenet.statements.clauses import Derogation as DerogationClause
from pausenet.statements.clauses import Withdrawal as WithdrawalClause
from pausenet.statements.declaration import Ratification
from pausenet.statements.determination import Determination, Outcome, Recusal
from pausenet.statements.exits import Assent, Derogation, Withdrawal
from pausenet.statements.finding import Appraisal, Claim, Fault, Finding, Grade, Status, Support
from pausenet.statements.indicator import Indicator, IndicatorKind
from pausenet.statements.rule import IndicatorBound, PartiesAssent, Rule, Side
from pausenet.statements.settlement import Adjudicator
from pausenet.statements.stage import PartyStage, Span
from pausenet.values import Digest, Role
from tests.protocol.paper import ANATOMY, DAY, agreement, applicant, index, name

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


class Walk:
    """A course that has been ratified by all in the cut of period 0."""

    def __init__(self, held: Register, *, ratified: bool = True) -> None:
        self.held, self.course, self.period = held, Course(held), 0
        digest = held.agreement_digest
        if ratified:
            body = Ratification(agreement=digest, until=index(99))
            self.cut(*((who, body) for who in LABS))

    def cut(self, *said, times: int = 1) -> Walk:
        for number in range(times):
            words = said if number == 0 else ()
            self.course.take(index(self.period), [(name(who), body) for who, body in words])
            self.period += 1
        return self

    def bound(self, who: str) -> list[tuple[int, int | None]]:
        return [(span.start, span.until) for span in self.course.bound(name(who))]

    def stage(self, who: str) -> PartyStage:
        return self.course.stages[name(who)]

    def assents(self, *labs: str, lift: bool = True):
        digest = self.held.agreement_digest
        return [(who, Assent(agreement=digest, lift=lift)) for who in labs]

    def decides(
        self, outcome: Outcome, party: str | None, *judges: str, about: Digest | None = None
    ):
        body = Determination(
            agreement=self.held.agreement_digest,
            outcome=outcome,
            party=None if party is None else name(party),
            about=about,
            reasons="heard",
        )
        return [(who, body) for who in judges]

    def breach(self, party: str, *, about: Digest | None = None) -> Walk:
        """Two of the panel charge a party, and say so again once it could answer."""
        for _ in range(2):
            self.cut(*self.decides(Outcome.NON_COMPLIANT, party, "plumb", "scale", about=about))
        return self

    def finding(self, lab: str, fault: Fault, bundle: str = "") -> Finding:
        """A finding of the period before; of a proof by its bundle alone."""
        proof = fault in (Fault.F1, Fault.F6)
        return Finding(
            fault=fault,
            grade=Grade.CONFIRMED if proof else Grade.PLAUSIBLE,
            claim="",
            accused=name(lab),
            periods=() if fault is Fault.F1 else (index(self.period - 1),),
            bundle=Digest.of(bundle.encode() or f"{fault} {lab} {self.period}".encode()),
        )

    def appraised(self, lab: str, status: Status, *faults: Fault | Finding):
        """The appraisal of the period before, by three verifiers."""
        findings = (f if isinstance(f, Finding) else self.finding(lab, f) for f in faults)
        body = Appraisal(
            period=index(self.period - 1),
            view=0,
            cut=Digest.of(b"cut"),
            rules=Digest.of(b"rules"),
            agreement=self.held.agreement_digest,
            lab=name(lab),
            stage=PartyStage.IN_FORCE,
            bound=(Span(start=index(2), until=None),),
            corrections=0,
            lowered=(),
            status=status,
            claims=tuple((claim, Support.NO_CONCLUSION) for claim in Claim),
            findings=tuple(findings),
        )
        return [(who, body) for who in VERIFIERS[:3]]


BY_INDICATOR = Rule(
    words="outside evaluators see it",
    conditions=(
        IndicatorBound(
            indicator=IndicatorKind.MERGED_CODE,
            side=Side.AT_LEAST,
            bound=800_000,
            sources=(name("lantern"), name("plumbline")),
            quorum=2,
            debounce_periods=2,
            self_reported=False,
        ),
    ),
    need=1,
)


def measured(who: str, value: int):
    return (who, Indicator(about=name("aurora"), indicator=IndicatorKind.MERGED_CODE, value=value))


def test_a_trigger_needs_its_quorum_of_sources_in_enough_cuts_running() -> None:
    walk = Walk(network(trigger=BY_INDICATOR))
    walk.cut(measured("lantern", 900_000), times=3)
    walk.cut(measured("aurora", 900_000), measured("birch", 900_000), times=3)
    assert walk.bound("aurora") == []
    walk.cut(measured("plumbline", 800_000))
    walk.cut(measured("plumbline", 799_999))
    walk.cut(measured("plumbline", 800_000))
    assert walk.bound("aurora") == []
    walk.cut()
    assert walk.bound("aurora") == [(walk.period - 1 + NOTICE, None)]


def test_a_lift_needs_assents_given_since_the_trigger_and_ends_the_binding_later() -> None:
    walk = Walk(network(trigger=BY_INDICATOR))
    walk.cut(*walk.assents("aurora", "birch", "cedar"))
    walk.cut(measured("lantern", 900_000), measured("plumbline", 900_000), times=6)
    start = walk.bound("aurora")[0][0]
    assert walk.bound("aurora") == [(start, None)]
    walk.cut(*walk.assents("aurora"))
    assert walk.bound("aurora") == [(start, None)]
    walk.cut(*walk.assents("cedar"))
    assert walk.bound("aurora") == [(start, walk.period - 1 + SOON)]


def test_an_assent_can_be_taken_back_before_there_are_enough() -> None:
    walk = Walk(network()).cut(times=4)
    walk.cut(*walk.assents("aurora")).cut(*walk.assents("aurora", lift=False))
    walk.cut(*walk.assents("cedar"))
    assert walk.bound("aurora") == [(NOTICE, None)]


def test_notice_leaves_a_party_bound_until_it_has_run_and_only_that_party_leaves() -> None:
    walk = Walk(network()).cut(times=4)
    leaving = Withdrawal(agreement=walk.held.agreement_digest, reason="")
    walk.cut(("birch", leaving))
    end = walk.period - 1 + LAG + 3
    assert walk.bound("birch") == [(NOTICE, end)]
    assert walk.bound("aurora") == [(NOTICE, None)]
    assert walk.stage("birch") is PartyStage.IN_NOTICE
    walk.cut(times=end)
    assert walk.stage("birch") is PartyStage.ENDED
    assert walk.stage("aurora") is PartyStage.IN_FORCE


@pytest.mark.parametrize(
    ("start", "periods", "counts"), [(9, 2, True), (9, 3, False), (7, 2, False)]
)
def test_a_derogation_counts_only_within_its_clause(start: int, periods: int, counts: bool) -> None:
    walk = Walk(network()).cut(times=3)
    body = Derogation(
        agreement=walk.held.agreement_digest, start=index(start), periods=periods, grounds="need"
    )
    assert walk.period == 4
    walk.cut(("birch", body))
    expected = [(NOTICE, 9), (11, None)] if counts else [(NOTICE, None)]
    assert walk.bound("birch") == expected
    walk.cut(times=4).cut()
    assert (walk.stage("birch") is PartyStage.DEROGATED) is counts
    walk.cut(times=3)
    assert walk.stage("birch") is PartyStage.IN_FORCE


def test_only_the_quorum_of_the_panel_makes_a_breach_and_a_recused_member_has_no_word() -> None:
    walk = Walk(network()).cut(times=4)
    guilty = Outcome.NON_COMPLIANT
    walk.cut(*walk.decides(guilty, "birch", "scale", "plumb"))  # it is charged, and may answer
    walk.cut(*walk.decides(guilty, "birch", "scale"))
    walk.cut(*walk.decides(Outcome.NO_BREACH, "birch", "plumb"))
    recusal = Recusal(agreement=walk.held.agreement_digest, party=name("birch"), reasons="kin")
    walk.cut(("verdict", recusal), *walk.decides(guilty, "birch", "verdict"))
    walk.cut(*walk.decides(guilty, "birch", "verifier-1", "aurora"))
    assert walk.stage("birch") is PartyStage.IN_FORCE
    walk.cut(*walk.decides(guilty, "birch", "plumb"))
    assert walk.stage("birch") is PartyStage.FOUND
    walk.cut(*walk.decides(Outcome.RESTORED, "birch", "plumb", "scale"))
    assert walk.stage("birch") is PartyStage.IN_FORCE


def test_facts_alone_raise_suspicion_and_an_excuse_that_is_accepted_ends_it() -> None:
    walk = Walk(network()).cut(times=4)
    walk.cut(*walk.appraised("birch", Status.DISCREPANCY, Fault.F7)[:2])
    assert walk.stage("birch") is PartyStage.IN_FORCE
    walk.cut(*walk.appraised("birch", Status.DISCREPANCY, Fault.F7))
    assert walk.stage("birch") is PartyStage.SUSPECTED
    walk.cut(*walk.decides(Outcome.EXCUSE_ACCEPTED, "birch", "plumb", "scale"))
    assert walk.stage("birch") is PartyStage.IN_FORCE
    walk.cut(*walk.appraised("birch", Status.DISCREPANCY, Fault.F7))
    assert walk.stage("birch") is PartyStage.SUSPECTED


def test_what_was_lifted_comes_back_by_a_fault_found_since_and_by_no_older_one() -> None:
    walk = Walk(network()).cut(times=4)
    walk.cut(*walk.appraised("cedar", Status.BREACH_PROVEN, Fault.F1))
    assert walk.stage("cedar") is PartyStage.FOUND
    walk.cut(*walk.assents("aurora", "birch"))
    assert walk.bound("aurora") == [(NOTICE, None)]  # no lift over a breach that stands
    walk.cut(*walk.decides(Outcome.RESTORED, "cedar", "plumb", "scale"))
    end = walk.period - 1 + SOON
    assert walk.bound("aurora") == [(NOTICE, end)]
    walk.cut(times=8)
    assert walk.stage("aurora") is PartyStage.SUSPENDED
    walk.cut(*walk.appraised("birch", Status.BREACH_PROVEN, Fault.F1))
    back = walk.period - 1 + SOON
    assert walk.bound("aurora") == [(NOTICE, end), (back, None)]
    walk.cut(times=SOON + 1)
    assert walk.stage("aurora") is PartyStage.SNAPPED_BACK


def test_a_peer_out_of_order_for_longer_than_the_grace_releases_the_others_until_it_is_mended() -> (
    None
):
    walk = Walk(network(peers=True)).cut(times=4)
    for _ in range(2):
        walk.cut(*walk.appraised("cedar", Status.DISCREPANCY, Fault.F7))
    end = walk.period - 1 + SOON
    assert walk.bound("aurora") == [(NOTICE, end)]
    assert walk.bound("cedar") == [(NOTICE, None)]
    walk.cut(times=SOON).cut(*walk.appraised("cedar", Status.NO_BREACH_FOUND))
    assert walk.bound("aurora") == [(NOTICE, end), (walk.period - 1 + SOON, None)]


@given(st.data())
def test_what_binds_changes_only_for_periods_after_the_cut_is_taken(data) -> None:
    """Whoever is bound knows it before the period begins, whatever anybody says."""
    walk = Walk(network(trigger=BY_INDICATOR, peers=True), ratified=data.draw(st.booleans()))
    digest = walk.held.agreement_digest
    words = st.one_of(
        st.sampled_from(LABS).map(lambda w: (w, Ratification(agreement=digest, until=index(50)))),
        st.sampled_from(LABS).map(lambda w: (w, Withdrawal(agreement=digest, reason=""))),
        st.sampled_from(LABS).map(lambda w: walk.assents(w)[0]),
        st.tuples(st.sampled_from(("lantern", "plumbline")), st.integers(700_000, 900_000)).map(
            lambda pair: measured(*pair)
        ),
        st.tuples(st.sampled_from(LABS), st.integers(0, 20), st.integers(1, 3)).map(
            lambda t: (
                t[0],
                Derogation(agreement=digest, start=index(t[1]), periods=t[2], grounds="x"),
            )
        ),
        st.tuples(st.sampled_from(list(Outcome)), st.sampled_from(PANEL)).map(
            lambda t: walk.decides(t[0], "birch" if t[0].is_of_a_party else None, t[1])[0]
        ),
    )
    for _ in range(data.draw(st.integers(1, 12))):
        before = {who: walk.course.bound(name(who)) for who in LABS}
        walk.cut(*data.draw(st.lists(words, max_size=4)))
        for who in LABS:
            after = walk.course.bound(name(who))
            known = walk.period - 1 + NOTICE  # activation and trigger may bind from there
            for period in range(known):
                held = any(period in span for span in before[who])
                assert held == any(period in span for span in after), (who, period)
