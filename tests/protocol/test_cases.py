"""Nobody is found in breach before it could answer, by a clock, or while its appeal is heard."""

from __future__ import annotations

from dataclasses import replace

import pytest

from pausenet.protocol.cases import CaseSign, CaseStage, Docket, Review, name_of
from pausenet.statements.determination import Appeal, Excuse, Outcome
from pausenet.statements.exits import Derogation, Withdrawal
from pausenet.statements.finding import Fault, FaultClass, Grade, Status
from pausenet.statements.stage import PartyStage
from pausenet.values import Digest
from tests.protocol.courses import NOTICE, SOON, network
from tests.protocol.paper import DAY, index, name
from tests.protocol.walks import Walk

WAIT = 4
"""With five days to answer, periods of two days: how many cuts after its case a breach counts."""
GUILTY, FREE = Outcome.NON_COMPLIANT, Outcome.NO_BREACH


def clocked(**more) -> Walk:
    """Five days to answer, two periods to appeal and to hear it."""
    return Walk(network(answer_s=5 * DAY, appeal=2, **more)).cut(times=4)


def suspected(walk: Walk, fault: Fault = Fault.F7):
    """Birch's discrepancy, verified in the next cut."""
    found = walk.finding("birch", fault)
    walk.cut(*walk.appraised("birch", Status.DISCREPANCY, found))
    return found


def panel(walk: Walk, outcome: Outcome = GUILTY, about: Digest | None = None, party="birch"):
    return walk.decides(outcome, party, "plumb", "scale", about=about)


def case(walk: Walk, party: str = "birch") -> CaseStage:
    (found,) = walk.course.cases(name(party))
    return found.stage


def excuse(walk: Walk, due: int):
    body = Excuse(agreement=walk.held.agreement_digest, due=index(due), reason="A meter broke.")
    return ("birch", body)


def appeal(walk: Walk, about: Digest | None, by: str = "birch"):
    body = Appeal(agreement=walk.held.agreement_digest, about=about, grounds="It was not heard.")
    return (by, body)


@pytest.mark.parametrize(("after", "counts"), [(1, False), (WAIT - 1, False), (WAIT, True)])
def test_no_breach_counts_before_the_time_to_answer_has_run(after: int, counts: bool) -> None:
    walk = clocked()
    found = suspected(walk)
    if after > 1:
        walk.cut(times=after - 1)
    walk.cut(*panel(walk, about=found.bundle))
    assert (walk.stage("birch") is PartyStage.FOUND) is counts
    walk.cut(times=3 * WAIT)
    assert (walk.stage("birch") is PartyStage.FOUND) is counts  # words too early stay none


@pytest.mark.parametrize("about", [False, True])
def test_naming_no_finding_or_another_one_is_no_way_round_the_clock(about: bool) -> None:
    walk = clocked()
    suspected(walk)
    other = Digest.of(b"something else") if about else None
    walk.cut(*panel(walk, about=other))
    walk.cut(*panel(walk, about=other), times=2)
    assert walk.stage("birch") is PartyStage.SUSPECTED


def test_an_answer_lets_the_panel_speak_at_once_and_of_its_own_period_alone() -> None:
    walk = clocked()
    found = suspected(walk)
    period = found.periods[0]
    walk.cut(excuse(walk, period + 1))
    assert case(walk) is CaseStage.QUERIED
    walk.cut(excuse(walk, period), *panel(walk, about=found.bundle))
    assert case(walk) is CaseStage.ANSWERED
    walk.cut(*panel(walk, about=found.bundle))
    assert walk.stage("birch") is PartyStage.FOUND


def test_an_excuse_said_before_anything_was_found_shortens_no_clock() -> None:
    walk = clocked()
    walk.cut(excuse(walk, walk.period))
    found = suspected(walk)
    walk.cut(*panel(walk, about=found.bundle))
    assert case(walk) is CaseStage.QUERIED


def test_an_excuse_upheld_closes_the_case_and_lifts_what_followed_from_it() -> None:
    walk = clocked()
    found = suspected(walk, Fault.F10R)
    walk.cut(times=WAIT)
    walk.cut(*panel(walk, about=found.bundle))
    assert walk.stage("birch") is PartyStage.FOUND
    walk.cut(*panel(walk, Outcome.EXCUSE_ACCEPTED, found.bundle))
    assert case(walk) is CaseStage.CLOSED
    assert walk.stage("birch") is PartyStage.IN_FORCE
    again = replace(found, bundle=Digest.of(b"one more verifier"))
    walk.cut(*walk.appraised("birch", Status.NOT_DEMONSTRATED, again))
    assert (case(walk), walk.stage("birch")) == (CaseStage.CLOSED, PartyStage.IN_FORCE)


def test_what_is_found_no_longer_is_no_case_and_may_be_found_again() -> None:
    walk = clocked()
    found = suspected(walk)
    walk.cut(*walk.appraised("birch", Status.NO_BREACH_FOUND))
    assert case(walk) is CaseStage.NONE
    walk.cut(times=WAIT).cut(*panel(walk, about=found.bundle))
    assert walk.stage("birch") is PartyStage.IN_FORCE
    walk.cut(*walk.appraised("birch", Status.DISCREPANCY, found))
    walk.cut(*panel(walk, about=found.bundle))
    assert walk.stage("birch") is PartyStage.SUSPECTED


def test_a_proof_needs_no_time_to_answer_and_still_the_panel() -> None:
    walk = clocked(speaks=())
    found = walk.finding("birch", Fault.F1)
    walk.cut(*walk.appraised("birch", Status.BREACH_PROVEN, found), times=20)
    assert (case(walk), walk.stage("birch")) == (CaseStage.RIPE, PartyStage.SUSPECTED)
    walk.cut(*panel(walk, about=found.bundle))
    assert walk.stage("birch") is PartyStage.FOUND


def test_one_member_charges_and_the_panel_determines_once_it_could_be_answered() -> None:
    walk = clocked()
    walk.cut(*walk.decides(GUILTY, "birch", "plumb"))
    assert case(walk) is CaseStage.QUERIED
    walk.cut(times=WAIT - 1)
    walk.cut(*walk.decides(GUILTY, "birch", "plumb"))
    assert walk.stage("birch") is PartyStage.IN_FORCE
    walk.cut(*walk.decides(GUILTY, "birch", "scale"))
    assert walk.stage("birch") is PartyStage.FOUND


@pytest.mark.parametrize("panel_closes", [False, True])
def test_a_word_of_breach_goes_with_its_case_and_counts_for_no_later_one(
    panel_closes: bool,
) -> None:
    walk = clocked()
    found = suspected(walk)
    walk.cut(times=WAIT - 1)
    walk.cut(*walk.decides(GUILTY, "birch", "plumb", about=found.bundle))
    if panel_closes:
        walk.cut(*panel(walk, Outcome.RESTORED))
        walk.cut(*walk.decides(GUILTY, "birch", "verdict", about=found.bundle))
    else:
        walk.cut(*walk.appraised("birch", Status.NO_BREACH_FOUND))
        walk.cut(*walk.appraised("birch", Status.DISCREPANCY, found))
    assert case(walk) is CaseStage.QUERIED
    walk.cut(times=WAIT - 1)
    walk.cut(*walk.decides(GUILTY, "birch", "scale", about=found.bundle))
    assert walk.stage("birch") is not PartyStage.FOUND
    walk.cut(*walk.decides(GUILTY, "birch", "plumb", about=found.bundle))
    assert walk.stage("birch") is PartyStage.FOUND


def determined(**more) -> tuple[Walk, Digest]:
    walk = clocked(**more)
    found = suspected(walk)
    walk.cut(times=WAIT - 1).cut(*panel(walk, about=found.bundle))
    assert (case(walk), walk.stage("birch")) == (CaseStage.DETERMINED, PartyStage.FOUND)
    return walk, found.bundle


@pytest.mark.parametrize(("later", "counts"), [(0, True), (1, True), (2, False)])
def test_an_appeal_in_time_sets_the_consequence_aside_and_a_late_one_nothing(
    later: int, counts: bool
) -> None:
    walk, about = determined()
    walk.cut(times=later) if later else None
    walk.cut(appeal(walk, about))
    assert (walk.stage("birch") is PartyStage.SUSPECTED) is counts
    assert case(walk) is (CaseStage.APPEALED if counts else CaseStage.FINAL)


def test_an_appeal_by_another_or_on_another_matter_is_none() -> None:
    walk, about = determined()
    walk.cut(appeal(walk, about, by="aurora"), appeal(walk, None), appeal(walk, about, by="plumb"))
    assert walk.stage("birch") is PartyStage.FOUND


@pytest.mark.parametrize(
    ("outcome", "stage", "case_stage"),
    [
        (GUILTY, PartyStage.FOUND, CaseStage.FINAL),
        (FREE, PartyStage.IN_FORCE, CaseStage.CLOSED),
        (Outcome.EXCUSE_ACCEPTED, PartyStage.IN_FORCE, CaseStage.CLOSED),
    ],
)
def test_the_panel_decides_an_appeal_by_new_words(
    outcome: Outcome, stage: PartyStage, case_stage: CaseStage
) -> None:
    walk, about = determined()
    walk.cut(appeal(walk, about))
    walk.cut(*walk.decides(outcome, "birch", "plumb", about=about))
    assert case(walk) is CaseStage.APPEALED
    walk.cut(*walk.decides(outcome, "birch", "scale", about=about))
    assert (walk.stage("birch"), case(walk)) == (stage, case_stage)


def test_an_appeal_that_nobody_hears_lets_the_determination_stand() -> None:
    walk, about = determined()
    walk.cut(appeal(walk, about), times=3)
    assert walk.stage("birch") is PartyStage.SUSPECTED
    walk.cut()
    assert (walk.stage("birch"), case(walk)) == (PartyStage.FOUND, CaseStage.FINAL)
    walk.cut(appeal(walk, about))
    assert walk.stage("birch") is PartyStage.FOUND


def test_whoever_appeals_in_notice_is_in_notice_again() -> None:
    walk, about = determined(notice=30)
    walk.cut(("birch", Withdrawal(agreement=walk.held.agreement_digest, reason="")))
    walk.cut(appeal(walk, about))
    assert walk.stage("birch") is PartyStage.IN_NOTICE


def test_what_can_still_be_appealed_brings_no_pause_back() -> None:
    walk = clocked()
    walk.cut(*walk.assents("aurora", "birch", "cedar"))
    end = walk.period - 1 + SOON
    found = suspected(walk)
    walk.cut(times=WAIT - 1).cut(*panel(walk, about=found.bundle))
    walk.cut(times=2)
    assert walk.bound("aurora") == [(NOTICE, end)]
    walk.cut()
    assert walk.bound("aurora") == [(NOTICE, end), (walk.period - 1 + SOON, None)]


def test_a_proof_that_speaks_for_itself_is_appealed_by_nobody() -> None:
    walk = clocked()
    found = walk.finding("birch", Fault.F1)
    walk.cut(*walk.appraised("birch", Status.BREACH_PROVEN, found), appeal(walk, found.bundle))
    walk.cut(appeal(walk, found.bundle), appeal(walk, None))
    assert (walk.stage("birch"), case(walk)) == (PartyStage.FOUND, CaseStage.FINAL)


SELF = (Fault.F1, Fault.F2, Fault.F3, Fault.F6)


@pytest.mark.parametrize("fault", [f for f in Fault if f.fault_class is FaultClass.PROOF])
def test_of_all_faults_only_those_that_the_agreement_names_speak_for_themselves(
    fault: Fault,
) -> None:
    walk = clocked(speaks=SELF)
    proof = replace(walk.finding("birch", fault), grade=Grade.CONFIRMED)
    walk.cut(*walk.appraised("birch", Status.BREACH_PROVEN, proof))
    alone = fault in SELF
    assert walk.stage("birch") is (PartyStage.FOUND if alone else PartyStage.SUSPECTED)
    assert case(walk) is (CaseStage.FINAL if alone else CaseStage.RIPE)


@pytest.mark.parametrize("fault", SELF)
def test_a_proof_by_a_revoked_key_speaks_for_nobody_and_opens_no_case(fault: Fault) -> None:
    walk = clocked(speaks=SELF)
    stolen = replace(walk.finding("birch", fault), grade=Grade.PLAUSIBLE)
    walk.cut(*walk.appraised("birch", Status.NO_BREACH_FOUND, stolen))
    assert walk.course.cases(name("birch")) == ()
    assert walk.stage("birch") is PartyStage.IN_FORCE


@pytest.mark.parametrize(
    ("standard", "counts"),
    [(Grade.CONFIRMED, False), (Grade.PLAUSIBLE, True), (Grade.UNRESOLVED, True)],
)
def test_a_breach_rests_on_no_lesser_finding_than_the_clause_asks(
    standard: Grade, counts: bool
) -> None:
    walk = clocked(standard=standard)
    found = suspected(walk)
    walk.cut(times=WAIT - 1).cut(*panel(walk, about=found.bundle))
    assert (walk.stage("birch") is PartyStage.FOUND) is counts


def test_under_a_standard_the_panels_own_charge_is_no_finding() -> None:
    walk = clocked(standard=Grade.UNRESOLVED)
    for _ in range(3):
        walk.cut(*panel(walk), times=WAIT)
    assert walk.stage("birch") is PartyStage.IN_FORCE


def aside(walk: Walk, start: int):
    body = Derogation(
        agreement=walk.held.agreement_digest, start=index(start), periods=2, grounds="need"
    )
    return ("birch", body)


@pytest.mark.parametrize("upheld", [False, True])
def test_a_review_that_never_comes_opens_a_case_and_ends_in_no_breach_by_itself(
    upheld: bool,
) -> None:
    walk = clocked()
    walk.cut(aside(walk, 10))
    bound = walk.bound("birch")
    walk.cut(times=6)  # up to the cut of period 11; the review is due by that of period 12
    assert walk.course.cases(name("birch")) == ()
    if upheld:
        walk.cut(*panel(walk, Outcome.DEROGATION_UPHELD))
        assert walk.course.cases(name("birch")) == ()
        return
    walk.cut()
    assert case(walk) is CaseStage.QUERIED
    walk.cut(times=3 * WAIT)
    assert (case(walk), walk.stage("birch")) == (CaseStage.RIPE, PartyStage.IN_FORCE)
    assert walk.bound("birch") == bound
    walk.cut(aside(walk, 40))
    assert walk.bound("birch") == bound
    walk.cut(*panel(walk, Outcome.DEROGATION_UPHELD))
    assert case(walk) is CaseStage.CLOSED


def test_a_refused_derogation_is_a_breach_that_can_be_appealed_and_none_without_one() -> None:
    walk = clocked()
    walk.cut(*panel(walk, Outcome.DEROGATION_REFUSED))
    assert walk.stage("birch") is PartyStage.IN_FORCE
    walk.cut(aside(walk, 10), *panel(walk, Outcome.DEROGATION_REFUSED))
    assert walk.stage("birch") is PartyStage.IN_FORCE
    walk.cut(*panel(walk, Outcome.DEROGATION_REFUSED))
    assert walk.stage("birch") is PartyStage.FOUND
    walk.cut(appeal(walk, None))
    assert walk.stage("birch") is PartyStage.SUSPECTED
    walk.cut(*panel(walk, Outcome.DEROGATION_REFUSED))
    assert (walk.stage("birch"), case(walk)) == (PartyStage.FOUND, CaseStage.FINAL)


def test_a_meter_named_like_the_review_of_a_derogation_has_a_case_of_its_own() -> None:
    party, meter = name("birch"), name(Review.OF_A_DEROGATION.value)
    docket = Docket(network().agreement)
    docket.begin(index(0))
    docket.sign(party, Review.OF_A_DEROGATION, CaseSign.OVERDUE)
    docket.sign(party, meter, CaseSign.FOUND, grade=Grade.PLAUSIBLE)
    docket.sign(party, meter, CaseSign.CLEARED)
    stages = {name_of(each.charge): each.stage for each in docket.all(party)}
    assert stages == {
        "derogation-refused": CaseStage.QUERIED,
        "of derogation-refused": CaseStage.CLOSED,
    }


def snapped(veto: bool) -> Walk:
    """A lift, then a proof against cedar that brings the pause back; cedar is in breach."""
    walk = Walk(network(veto=veto)).cut(times=4)
    walk.cut(*walk.assents("aurora", "birch", "cedar")).cut(times=6)
    return walk.cut(*walk.appraised("cedar", Status.BREACH_PROVEN, Fault.F1))


@pytest.mark.parametrize(
    ("veto", "voters", "after", "stopped"),
    [
        (True, ("aurora", "birch"), 0, True),
        (True, ("aurora", "cedar"), 0, False),
        (True, ("aurora", "birch"), SOON, False),
        (False, ("aurora", "birch"), 0, False),
    ],
)
def test_a_vote_stops_a_snap_back_where_the_clause_has_one_and_in_time(
    veto: bool, voters: tuple[str, ...], after: int, stopped: bool
) -> None:
    walk = snapped(veto)
    back = walk.period - 1 + SOON
    assert walk.bound("aurora")[-1] == (back, None)
    if after:
        walk.cut(times=after)
    walk.cut(*walk.assents(*voters))
    end = walk.period - 1 + SOON
    assert walk.bound("aurora")[-1] == ((back, end) if stopped else (back, None))
