"""What a party, a judge or a late cut says out of turn moves an agreement no further than due."""

from __future__ import annotations

from dataclasses import replace

import pytest

from pausenet.protocol.course import Course
from pausenet.protocol.hearing import Heard
from pausenet.statements.determination import Outcome
from pausenet.statements.exits import Derogation, Withdrawal
from pausenet.statements.finding import Fault, Status
from pausenet.statements.rule import FromPeriod, Rule
from pausenet.statements.stage import PartyStage
from pausenet.values import INTEGER_MAX, Digest, ParticipantId
from tests.protocol.courses import LAG, NOTICE, SOON, network
from tests.protocol.paper import index, name
from tests.protocol.walks import Walk

FROM_THREE = Rule(words="from then on", conditions=(FromPeriod(period=index(3)),), need=1)


@pytest.mark.parametrize("start", [INTEGER_MAX, INTEGER_MAX - 1])
def test_a_derogation_at_the_end_of_time_stops_no_verifier(start: int) -> None:
    walk = Walk(network()).cut(times=3)
    body = Derogation(
        agreement=walk.held.agreement_digest, start=index(start), periods=2, grounds="x"
    )
    walk.cut(("birch", body))
    assert walk.bound("birch") == [(NOTICE, None)] or walk.bound("birch") == [(NOTICE, start)]


def test_a_period_that_has_come_triggers_once_and_not_again_after_the_lift() -> None:
    walk = Walk(network(trigger=FROM_THREE)).cut(times=6)
    assert walk.bound("aurora") == [(3 + NOTICE, None)]
    walk.cut(*walk.assents("aurora", "birch", "cedar"))
    end = walk.period - 1 + SOON
    walk.cut(times=12)
    assert walk.bound("aurora") == [(3 + NOTICE, end)]


def test_a_cut_of_an_earlier_period_that_comes_late_binds_releases_and_sets_aside_nobody() -> None:
    """What is new in it counts with the next cut, as of that cut's period."""
    walk = Walk(network()).cut(times=10)
    held = walk.bound("birch")
    digest = walk.held.agreement_digest
    said: list[tuple[ParticipantId, Heard]] = [
        (name("birch"), Withdrawal(agreement=digest, reason="")),
        (name("aurora"), Derogation(agreement=digest, start=index(8), periods=2, grounds="x")),
    ]
    walk.course.take(index(3), said)
    assert walk.bound("birch") == held
    assert walk.bound("aurora") == held
    walk.cut()
    assert walk.bound("birch") == [(NOTICE, walk.period - 1 + SOON + 1)]
    assert walk.bound("aurora") == held


def test_the_panel_can_say_the_same_again_of_a_new_breach() -> None:
    walk = Walk(network()).cut(times=4)
    for _ in range(2):
        walk.cut(*walk.appraised("cedar", Status.BREACH_PROVEN, Fault.F1))
        assert walk.stage("cedar") is PartyStage.FOUND
        walk.cut(*walk.decides(Outcome.RESTORED, "cedar", "plumb"))
        assert walk.stage("cedar") is PartyStage.FOUND
        walk.cut(*walk.decides(Outcome.RESTORED, "cedar", "scale"))
        assert walk.stage("cedar") is PartyStage.IN_FORCE


def test_one_judge_saying_a_decided_thing_again_decides_nothing() -> None:
    walk = Walk(network()).cut(times=4)
    walk.cut(*walk.appraised("cedar", Status.BREACH_PROVEN, Fault.F1))
    walk.cut(*walk.decides(Outcome.RESTORED, "cedar", "plumb", "scale"))
    walk.cut(*walk.decides(Outcome.RESTORED, "cedar", "verdict"))
    walk.cut(*walk.appraised("cedar", Status.BREACH_PROVEN, Fault.F1))
    walk.cut(*walk.decides(Outcome.RESTORED, "cedar", "plumb"))
    assert walk.stage("cedar") is PartyStage.FOUND


@pytest.mark.parametrize("turned", [False, True])
def test_breach_and_restoration_in_one_cut_come_out_alike_in_whatever_order(turned: bool) -> None:
    walk = Walk(network()).cut(times=4)
    breach = walk.decides(Outcome.NON_COMPLIANT, "birch", "plumb", "scale")
    other = [
        (who, replace(body, about=Digest.of(b"another matter")))
        for who, body in walk.decides(Outcome.RESTORED, "birch", "plumb", "scale")
    ]
    walk.cut(*(other + breach if turned else breach + other))
    assert walk.stage("birch") is PartyStage.IN_FORCE
    walk.cut(*walk.assents("aurora", "birch", "cedar"))
    assert walk.bound("aurora") == [(NOTICE, walk.period - 1 + SOON)]


def test_a_party_in_notice_whose_breach_is_mended_is_in_notice_still_and_ends() -> None:
    walk = Walk(network()).cut(times=4)
    walk.cut(("birch", Withdrawal(agreement=walk.held.agreement_digest, reason="")))
    walk.breach("birch")
    assert walk.stage("birch") is PartyStage.FOUND
    walk.cut(*walk.decides(Outcome.RESTORED, "birch", "plumb", "scale"))
    assert walk.stage("birch") is PartyStage.IN_NOTICE
    walk.cut(times=8)
    assert walk.stage("birch") is PartyStage.ENDED


def test_a_course_takes_words_of_one_cut_alike_in_whatever_order_the_logs_come() -> None:
    held = network()
    said = [
        (name(who), body)
        for who, body in (
            *Walk(held).decides(Outcome.NON_COMPLIANT, "birch", "plumb", "scale"),
            *Walk(held).decides(Outcome.EXCUSE_ACCEPTED, "cedar", "plumb", "verdict"),
            *Walk(held).assents("aurora", "cedar"),
            ("cedar", Withdrawal(agreement=held.agreement_digest, reason="")),
        )
    ]
    found = []
    for order in (said, said[::-1]):
        walk = Walk(held).cut(times=4)
        walk.course.take(index(walk.period), order)
        course: Course = walk.course
        found.append((course.stages, [course.bound(name(who)) for who in ("aurora", "cedar")]))
    assert found[0] == found[1]


def test_the_same_breach_under_another_bundle_is_no_new_one() -> None:
    """An endorsement that comes late makes another bundle of the same over-cap usage."""
    walk = Walk(network(speaks=(Fault.F6,))).cut(times=4)
    first = walk.finding("cedar", Fault.F6)
    walk.cut(*walk.appraised("cedar", Status.BREACH_PROVEN, first))
    assert walk.stage("cedar") is PartyStage.FOUND
    walk.cut(*walk.decides(Outcome.RESTORED, "cedar", "plumb", "scale"))
    walk.cut(*walk.assents("aurora", "birch"))
    end = walk.period - 1 + SOON
    again = replace(first, bundle=Digest.of(b"a late endorsement"))
    walk.cut(*walk.appraised("cedar", Status.BREACH_PROVEN, again))
    assert walk.stage("cedar") is PartyStage.IN_FORCE
    assert walk.bound("aurora") == [(NOTICE, end)]
    walk.cut(*walk.appraised("cedar", Status.BREACH_PROVEN, Fault.F6))  # of another period
    assert walk.stage("cedar") is PartyStage.FOUND


def test_an_excuse_stands_when_one_more_verifier_speaks_of_what_it_excused() -> None:
    walk = Walk(network()).cut(times=4)
    late = walk.finding("birch", Fault.F5)
    walk.cut(*walk.appraised("birch", Status.NOT_DEMONSTRATED, late))
    walk.cut(*walk.decides(Outcome.EXCUSE_ACCEPTED, "birch", "plumb", "scale", about=late.bundle))
    assert walk.stage("birch") is PartyStage.IN_FORCE
    again = replace(late, bundle=Digest.of(b"another verifier's silence"))
    walk.cut(*walk.appraised("birch", Status.NOT_DEMONSTRATED, again))
    assert walk.stage("birch") is PartyStage.IN_FORCE
    more = replace(again, periods=(*again.periods, index(walk.period - 1)))
    walk.cut(*walk.appraised("birch", Status.NOT_DEMONSTRATED, more))
    assert walk.stage("birch") is PartyStage.SUSPECTED


def test_an_excuse_of_one_finding_excuses_no_other() -> None:
    walk = Walk(network()).cut(times=4)
    late, energy = walk.finding("birch", Fault.F5), walk.finding("birch", Fault.F7)
    walk.cut(*walk.appraised("birch", Status.DISCREPANCY, late, energy))
    walk.cut(*walk.decides(Outcome.EXCUSE_ACCEPTED, "birch", "plumb", "scale", about=late.bundle))
    assert walk.stage("birch") is PartyStage.SUSPECTED
    walk.cut(*walk.decides(Outcome.EXCUSE_ACCEPTED, "birch", "plumb", "scale", about=energy.bundle))
    assert walk.stage("birch") is PartyStage.IN_FORCE


def test_an_upheld_derogation_excuses_nothing_else() -> None:
    walk = Walk(network()).cut(times=4)
    walk.cut(*walk.appraised("birch", Status.DISCREPANCY, Fault.F7))
    walk.cut(*walk.decides(Outcome.DEROGATION_UPHELD, "birch", "plumb", "scale"))
    assert walk.stage("birch") is PartyStage.SUSPECTED


def test_an_excuse_for_one_period_is_no_leave_to_demonstrate_nothing_any_more() -> None:
    walk = Walk(network(peers=True)).cut(times=4)
    walk.cut(*walk.appraised("cedar", Status.NOT_DEMONSTRATED))
    walk.cut(*walk.decides(Outcome.EXCUSE_ACCEPTED, "cedar", "plumb", "scale"))
    assert walk.stage("cedar") is PartyStage.IN_FORCE
    for _ in range(3):
        walk.cut(*walk.appraised("cedar", Status.NOT_DEMONSTRATED))
    assert walk.stage("cedar") is PartyStage.SUSPECTED
    assert walk.bound("aurora")[0][1] is not None


def test_no_breach_in_one_matter_takes_no_breach_in_another_back() -> None:
    walk = Walk(network()).cut(times=4)
    late, energy = walk.finding("birch", Fault.F5), walk.finding("birch", Fault.F7)
    walk.cut(*walk.appraised("birch", Status.DISCREPANCY, late, energy))
    walk.cut(*walk.decides(Outcome.NON_COMPLIANT, "birch", "plumb", "scale", about=energy.bundle))
    assert walk.stage("birch") is PartyStage.FOUND
    walk.cut(*walk.decides(Outcome.NO_BREACH, "birch", "plumb", "scale", about=late.bundle))
    assert walk.stage("birch") is PartyStage.FOUND
    walk.cut(*walk.decides(Outcome.NO_BREACH, "birch", "plumb", "scale", about=energy.bundle))
    assert walk.stage("birch") is PartyStage.IN_FORCE


def test_a_breach_found_before_its_finding_was_verified_is_taken_back_by_its_name() -> None:
    walk = Walk(network()).cut(times=4)
    other = Digest.of(b"what only the panel has seen")
    walk.breach("birch", about=other)
    assert walk.stage("birch") is PartyStage.FOUND
    walk.cut(*walk.decides(Outcome.NO_BREACH, "birch", "plumb", "scale", about=other))
    assert walk.stage("birch") is PartyStage.IN_FORCE


def test_whoever_has_left_in_breach_does_not_hold_the_others_for_ever() -> None:
    walk = Walk(network()).cut(times=4)
    walk.breach("cedar")
    walk.cut(("cedar", Withdrawal(agreement=walk.held.agreement_digest, reason="")))
    walk.cut(*walk.assents("aurora", "birch"))
    assert walk.bound("aurora") == [(NOTICE, None)]
    walk.cut(times=8)
    assert walk.stage("cedar") is PartyStage.ENDED
    walk.cut(*walk.assents("aurora", "birch"))
    assert walk.bound("aurora")[0][1] is not None


def test_one_derogation_after_the_other_is_no_way_out() -> None:
    """The next counts only once the panel has upheld the one before."""
    walk = Walk(network()).cut(times=3)
    digest = walk.held.agreement_digest
    asked = [
        Derogation(agreement=digest, start=index(start), periods=2, grounds="need")
        for start in (9, 11, 13)
    ]
    walk.cut(*(("birch", body) for body in asked[:2]))
    assert walk.bound("birch") == [(NOTICE, 9), (11, None)]
    walk.cut(*walk.decides(Outcome.DEROGATION_UPHELD, "birch", "plumb"))
    walk.cut(("birch", asked[1]))
    assert walk.bound("birch") == [(NOTICE, 9), (11, None)]
    walk.cut(*walk.decides(Outcome.DEROGATION_UPHELD, "birch", "scale"))
    walk.cut(("birch", asked[2]))
    assert walk.bound("birch") == [(NOTICE, 9), (11, 13), (15, None)]
    walk.cut(("aurora", replace(asked[2], start=index(20))))
    assert walk.bound("aurora") == [(NOTICE, 20), (22, None)]


def leaves_in_time(trigger: Rule | None = None) -> tuple[Walk, int]:
    """Birch gives a notice that runs for a long time; the period in which it is out."""
    walk = Walk(network(trigger=trigger, notice=9)).cut(times=1)
    walk.cut(("birch", Withdrawal(agreement=walk.held.agreement_digest, reason="")))
    return walk, walk.period - 1 + LAG + 9


def test_notice_given_before_the_trigger_is_no_way_past_it() -> None:
    walk, out = leaves_in_time(FROM_THREE)
    walk.cut(times=4)
    assert walk.bound("birch") == [(3 + NOTICE, out)]
    assert walk.bound("aurora") == [(3 + NOTICE, None)]


def test_notice_given_under_a_lift_is_no_way_past_the_snap_back() -> None:
    walk = Walk(network(notice=9)).cut(times=2)
    walk.cut(*walk.assents("aurora", "birch", "cedar"))
    end = walk.period - 1 + SOON
    walk.cut(("birch", Withdrawal(agreement=walk.held.agreement_digest, reason="")))
    out = walk.period - 1 + LAG + 9
    walk.cut(times=4)
    walk.cut(*walk.appraised("birch", Status.BREACH_PROVEN, Fault.F1))
    back = walk.period - 1 + SOON
    assert back < out
    assert walk.bound("birch") == [(NOTICE, end), (back, out)]
    assert walk.bound("aurora") == [(NOTICE, end), (back, None)]


def test_who_is_in_notice_is_released_by_the_lift_with_the_others() -> None:
    walk, out = leaves_in_time()
    walk.cut(*walk.assents("aurora", "birch", "cedar"))
    end = walk.period - 1 + SOON
    assert end < out
    assert walk.bound("birch") == walk.bound("aurora") == [(NOTICE, end)]


def test_a_thief_of_a_meters_key_undoes_no_excuse_by_one_more_proof() -> None:
    walk = Walk(network()).cut(times=4)
    stolen = replace(walk.finding("birch", Fault.F1), accused=name("birch-meter"))
    walk.cut(*walk.appraised("birch", Status.NOT_DEMONSTRATED, stolen))
    assert walk.stage("birch") is PartyStage.SUSPECTED
    walk.cut(*walk.decides(Outcome.EXCUSE_ACCEPTED, "birch", "plumb", "scale", about=stolen.bundle))
    another = replace(stolen, bundle=Digest.of(b"another pair"))
    walk.cut(*walk.appraised("birch", Status.NOT_DEMONSTRATED, stolen, another))
    assert walk.stage("birch") is PartyStage.IN_FORCE
    walk.cut(*walk.appraised("birch", Status.DISCREPANCY, stolen, another, Fault.F7))
    assert walk.stage("birch") is PartyStage.SUSPECTED
