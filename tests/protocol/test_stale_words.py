"""What a member of the panel said of what was, decides nothing of what has come since."""

from __future__ import annotations

from dataclasses import replace

import pytest

from pausenet.protocol.cases import CaseStage
from pausenet.statements.determination import Outcome
from pausenet.statements.finding import Fault, Status
from pausenet.statements.stage import PartyStage
from pausenet.values import Digest
from tests.protocol.paper import name
from tests.protocol.test_cases import (
    FREE,
    GUILTY,
    WAIT,
    appeal,
    aside,
    case,
    clocked,
    panel,
    suspected,
)

OTHER = Digest.of(b"one more bundle of the same thing")


@pytest.mark.parametrize("matter", [None, OTHER])
def test_words_of_breach_before_an_appeal_count_no_more_on_whatever_matter(matter) -> None:
    walk = clocked()
    found = suspected(walk)
    if matter is not None:
        walk.cut(*walk.appraised("birch", Status.DISCREPANCY, found, replace(found, bundle=OTHER)))
    walk.cut(times=WAIT - 1)
    walk.cut(*walk.decides(GUILTY, "birch", "plumb", about=matter))
    walk.cut(*panel(walk, about=found.bundle))
    assert walk.stage("birch") is PartyStage.FOUND
    walk.cut(appeal(walk, found.bundle))
    assert case(walk) is CaseStage.APPEALED
    walk.cut(*walk.decides(GUILTY, "birch", "verdict", about=matter))
    assert case(walk) is CaseStage.APPEALED


@pytest.mark.parametrize("outcome", [FREE, Outcome.RESTORED, Outcome.EXCUSE_ACCEPTED])
@pytest.mark.parametrize("later", [0, 1])
def test_a_word_that_clears_said_before_a_breach_clears_none(outcome, later) -> None:
    walk = clocked()
    walk.cut(*walk.decides(outcome, "birch", "plumb"))
    proof = walk.finding("birch", Fault.F1)
    said = walk.decides(outcome, "birch", "verdict")
    walk.cut(*walk.appraised("birch", Status.BREACH_PROVEN, proof), *(said if not later else ()))
    if later:
        walk.cut(*said)
    assert walk.stage("birch") is PartyStage.FOUND


@pytest.mark.parametrize("outcome", [FREE, Outcome.RESTORED])
@pytest.mark.parametrize("later", [0, 1])
def test_a_word_that_clears_said_before_a_determination_does_not_take_it_back(
    outcome, later
) -> None:
    walk = clocked()
    found = suspected(walk)
    walk.cut(*walk.decides(outcome, "birch", "plumb"), times=WAIT)
    said = walk.decides(outcome, "birch", "verdict")
    walk.cut(*panel(walk, about=found.bundle), *(said if not later else ()))
    if later:
        walk.cut(*said)
    assert walk.stage("birch") is PartyStage.FOUND


@pytest.mark.parametrize("word", [Outcome.DEROGATION_REFUSED, Outcome.DEROGATION_UPHELD])
def test_a_word_on_one_review_counts_for_no_later_one(word) -> None:
    walk = clocked()
    walk.cut(aside(walk, 10))
    about = Digest.of(b"the first derogation")
    walk.cut(*walk.decides(word, "birch", "plumb", about=about))
    walk.cut(*panel(walk, Outcome.DEROGATION_UPHELD))
    walk.cut(aside(walk, 30))
    walk.cut(*walk.decides(word, "birch", "verdict", about=about))
    assert walk.stage("birch") is not PartyStage.FOUND
    bound = walk.bound("birch")
    walk.cut(aside(walk, 60))
    assert walk.bound("birch") == bound  # the second has not been reviewed


def test_a_word_without_a_finding_counts_on_no_case_that_was_not_ripe_when_it_was_said() -> None:
    """Else one member could charge what it liked, and another's word of long ago be its second."""
    walk = clocked()
    found = suspected(walk)
    walk.cut(times=WAIT - 1)
    walk.cut(*walk.decides(GUILTY, "birch", "plumb"))
    walk.cut(*panel(walk, about=found.bundle), times=4)
    (old,) = walk.course.cases(name("birch"))
    invented = Digest.of(b"invented")
    walk.cut(*walk.decides(GUILTY, "birch", "verdict", about=invented), times=WAIT)
    walk.cut(*walk.decides(GUILTY, "birch", "verdict"))
    stages = {each.charge: each.stage for each in walk.course.cases(name("birch"))}
    assert stages == {old.charge: CaseStage.FINAL, invented: CaseStage.RIPE}


def test_a_word_on_all_that_is_open_counts_on_each_case_only_once_its_own_clock_has_run() -> None:
    walk = clocked()
    found = suspected(walk)
    walk.cut(times=WAIT - 1)
    newer = walk.finding("birch", Fault.F5)
    walk.cut(*walk.appraised("birch", Status.DISCREPANCY, found, newer))
    walk.cut(*walk.decides(GUILTY, "birch", "plumb"), times=WAIT)
    walk.cut(*walk.decides(GUILTY, "birch", "scale"))
    stages = {each.charge: each.stage for each in walk.course.cases(name("birch"))}
    assert stages == {
        (Fault.F7, found.periods[0]): CaseStage.DETERMINED,
        (Fault.F5, newer.periods[0]): CaseStage.RIPE,
    }
