"""Triggers, lifts, exits and determinations move an agreement, always for later periods."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pausenet.statements.declaration import Ratification
from pausenet.statements.determination import Outcome, Recusal
from pausenet.statements.exits import Derogation, Withdrawal
from pausenet.statements.finding import Fault, Status
from pausenet.statements.indicator import Indicator, IndicatorKind
from pausenet.statements.rule import IndicatorBound, Rule, Side
from pausenet.statements.stage import PartyStage
from tests.protocol.courses import LABS, LAG, NOTICE, PANEL, SOON, network
from tests.protocol.paper import index, name
from tests.protocol.walks import Walk

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
