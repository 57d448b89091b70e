"""Single clauses that begin later than the agreement, or end before it (C17, C18)."""

from __future__ import annotations

import random

import pytest

from pausenet.protocol.easing import Told, eased_in
from pausenet.statements.clauses.anatomy import ClauseKind
from pausenet.statements.finding import Status
from pausenet.statements.stage import FREE, Change, Easable, Eased, Easing
from pausenet.values import INTEGER_MAX
from tests.protocol import walks
from tests.protocol.banded import band
from tests.protocol.builders import of_lab
from tests.protocol.eased import (
    HALF,
    SOON,
    STAGES,
    WATCHERS,
    begins,
    incident,
    lifts,
    network,
    reviewed,
    saying,
    story,
)
from tests.protocol.paper import RUN_CAP, TOTAL_CAP, index, usage
from tests.protocol.proofs import last, proven

RUN, TOTAL = ClauseKind.RUN_CAP, ClauseKind.TOTAL_CAP
BEGINS, LIFTS = begins(RUN), lifts(TOTAL)
STAGED = lifts(TOTAL, stages=STAGES)


class Walk(walks.Walk):
    """A course whose clauses begin and end."""

    def at(self, period: int) -> dict[str, int]:
        return {str(kind): raised for kind, raised in eased_in(self.course.eased, period).items()}


# ---------------------------------------------------------------------------------- cut by cut


def test_a_clause_that_waits_begins_two_periods_after_the_cut_that_starts_it_is_taken() -> None:
    walk = Walk(network(BEGINS)).cut()
    assert walk.at(90) == {str(RUN): FREE}
    walk.cut(*incident())
    met = walk.period - 1
    assert [walk.at(period) for period in (met + SOON - 1, met + SOON)] == [{str(RUN): FREE}, {}]


def test_a_clause_that_is_lifted_ends_two_periods_after_the_cut_is_taken_and_no_other_does() -> (
    None
):
    walk = Walk(network(LIFTS)).cut(*reviewed())
    met = walk.period - 1
    assert [walk.at(period) for period in (met + SOON - 1, met + SOON)] == [{}, {str(TOTAL): FREE}]


def test_a_lift_in_stages_raises_the_limit_stage_by_stage_and_frees_nothing() -> None:
    walk = Walk(network(STAGED)).cut(*reviewed())
    start = walk.period - 1 + SOON
    assert [walk.at(start + later) for later in (-1, 0, 1, 2, 50)] == [
        {},
        {str(TOTAL): HALF},
        {str(TOTAL): HALF},
        {str(TOTAL): 2 * HALF},
        {str(TOTAL): 2 * HALF},
    ]


def test_what_is_started_and_lifted_is_neither_taken_back() -> None:
    held = network(begins(RUN), lifts(RUN))
    walk = Walk(held).cut(*incident()).cut(*reviewed()).cut(*reviewed(900_000)).cut()
    assert [walk.at(period) for period in (4, 5, 6, 50)] == [
        {str(RUN): FREE},
        {},
        {str(RUN): FREE},
        {str(RUN): FREE},
    ]


def test_one_source_alone_or_a_party_starts_and_lifts_nothing() -> None:
    walk = Walk(network(BEGINS, LIFTS))
    walk.cut(*incident(WATCHERS[0])).cut(*incident("aurora", "birch"))
    walk.cut(*reviewed(0, WATCHERS[1])).cut(*reviewed(0, "aurora"))
    assert walk.at(50) == {str(RUN): FREE}


def test_no_rule_of_a_clause_is_met_before_the_agreement_holds_anybody() -> None:
    walk = Walk(network(LIFTS), ratified=False).cut(*reviewed())
    assert walk.at(50) == {}


def test_no_order_within_a_cut_and_no_double_changes_what_binds_and_no_cut_reaches_back() -> None:
    chance = random.Random("easing")
    for _ in range(40):
        walks = [Walk(network(BEGINS, STAGED)), Walk(network(BEGINS, STAGED))]
        for _ in range(6):
            said = [
                chance.choice((*incident(), *reviewed(chance.choice((100_000, 300_000)))))
                for _ in range(chance.randrange(3))
            ]
            by = {(who, type(body)): (who, body) for who, body in said}
            mixed = [*by.values(), *by.values()]
            chance.shuffle(mixed)
            for walk, words in zip(walks, ([*by.values()], mixed), strict=True):
                before = [walk.at(period) for period in range(20)]
                walk.cut(*words)
                done = walk.period - 1 + SOON
                assert [walk.at(period) for period in range(done)] == before[:done]
        assert walks[0].course.eased == walks[1].course.eased


# --------------------------------------------------------------------------------- as evidence


OVER_TOTAL = usage(total_pflop=TOTAL_CAP + 1)
OVER_RUN = usage(run_pflop=RUN_CAP + 1)
LIFTED = {3: reviewed()}
"""Lifted from period 7 on."""


def test_a_cap_that_has_been_lifted_is_broken_by_nobody() -> None:
    for body in (saying(OVER_TOTAL, Easable.TOTAL_CAP), OVER_TOTAL):
        found = last(story(network(LIFTS), {8: body}, LIFTED))
        assert (found.status, found.findings) == (Status.NO_BREACH_FOUND, ())


def test_before_its_lift_a_cap_is_broken_by_who_says_nothing_else_in_its_own_usage() -> None:
    claim, _ = proven(story(network(LIFTS), {6: OVER_TOTAL}, LIFTED))
    assert f"the cap on it is {TOTAL_CAP}" in claim


def test_who_says_that_a_clause_is_lifted_which_is_not_is_not_demonstrated() -> None:
    body = saying(OVER_TOTAL, Easable.TOTAL_CAP)
    found = last(story(network(LIFTS), {6: body}, LIFTED))
    assert (found.status, found.findings) == (Status.NOT_DEMONSTRATED, ())


def test_what_a_clause_cannot_be_eased_of_is_not_eased_by_saying_so() -> None:
    body = saying(OVER_RUN, Easable.RUN_CAP)
    claim, _ = proven(story(network(LIFTS), {6: body}, LIFTED))
    assert f"the cap on a run is {RUN_CAP}" in claim


def test_a_raised_limit_is_broken_above_it_and_not_below() -> None:
    raised = TOTAL_CAP + TOTAL_CAP * HALF // 1_000_000
    within = saying(usage(total_pflop=raised), Easable.TOTAL_CAP, HALF)
    above = saying(usage(total_pflop=raised + 1), Easable.TOTAL_CAP, HALF)
    assert last(story(network(STAGED), {8: within}, LIFTED)).status is Status.NO_BREACH_FOUND
    claim, _ = proven(story(network(STAGED), {8: above}, LIFTED))
    assert claim == f"the period's total is {raised + 1} PFLOP, the cap on it is {raised}"


def test_a_cap_that_waits_is_broken_only_once_it_has_been_started() -> None:
    """Started from period 7 on; a lab that names nothing holds itself to it."""
    held, acts = network(BEGINS), {3: incident()}
    assert last(story(held, {6: OVER_RUN}, acts)).status is Status.NO_BREACH_FOUND
    claim, _ = proven(story(held, {8: OVER_RUN}, acts))
    assert f"the cap on a run is {RUN_CAP}" in claim
    found = last(story(held, {8: saying(OVER_RUN, Easable.RUN_CAP)}, acts))
    assert found.status is Status.NOT_DEMONSTRATED


@pytest.mark.parametrize("raised", [FREE, HALF])
def test_the_two_verifiers_read_alike_what_a_lab_says_is_eased(raised: int) -> None:
    """The cuts and leaves of one proof, under usage that says more of the clause is eased."""
    for used in (OVER_TOTAL, usage(total_pflop=2 * TOTAL_CAP)):
        paper = story(network(STAGED), {6: saying(used, Easable.TOTAL_CAP, raised)}, LIFTED)
        over = raised != FREE and used.classes != OVER_TOTAL.classes
        assert bool(of_lab(paper.appraise(paper.cuts[-1]), "birch").bundles) is over
        if over:
            proven(paper)


# --------------------------------------------------------------------------------- for the lab


def easing(clause: Easable, *changes: tuple[int, int]) -> tuple[Easing, ...]:
    made = tuple(Change(start=index(start), raised_ppm=raised) for start, raised in changes)
    return (Easing(clause=clause, changes=made),)


def test_a_lab_says_the_laxest_that_it_was_ever_told() -> None:
    told = Told(network(LIFTS).agreement)
    assert told.eased(9) == ()
    told.learn(())
    told.learn(easing(Easable.TOTAL_CAP, (8, FREE)))
    told.learn(())
    assert [told.eased(period) for period in (7, 8)] == [
        (),
        (Eased(clause=Easable.TOTAL_CAP, raised_ppm=FREE),),
    ]


def test_a_clause_that_waits_is_eased_until_the_lab_is_told_of_its_beginning() -> None:
    told, free = Told(network(BEGINS).agreement), Eased(clause=Easable.RUN_CAP, raised_ppm=FREE)
    told.learn(easing(Easable.RUN_CAP, (0, FREE)))
    assert told.eased(9) == (free,)
    told.learn(easing(Easable.RUN_CAP, (0, FREE), (9, 0)))
    assert [told.eased(period) for period in (8, 9)] == [(free,), ()]


def test_an_honest_lab_is_not_convicted_whatever_verifiers_tell_it_of_its_clauses() -> None:
    """It uses what the last word it had allowed; k equal words may have been lies."""
    chance, held = random.Random("lies"), network(BEGINS, STAGED)
    for _ in range(200):
        told, allowed = Told(held.agreement), 0
        for period in range(6):
            for _ in range(chance.randrange(3)):
                at = chance.randrange(8)
                said = easing(Easable.TOTAL_CAP, (at, chance.choice((FREE, HALF, 2 * HALF))))
                told.learn(chance.choice((said, ())))
            found = {each.clause: each.raised_ppm for each in told.eased(period)}
            allowed = found.get(Easable.TOTAL_CAP, 0)
            for _ in range(chance.randrange(3)):
                told.learn(chance.choice(((), easing(Easable.TOTAL_CAP, (0, HALF)))))
            later = {each.clause: each.raised_ppm for each in told.eased(period)}
            stated = later.get(Easable.TOTAL_CAP, 0)
            assert stated == FREE or (allowed != FREE and stated >= allowed)


@pytest.mark.parametrize("clause", list(Easable))
def test_a_raise_beyond_all_figures_stops_nobody_who_reads_it(clause: Easable) -> None:
    """What a lab says is eased is its own word; the line it makes may be no figure any more."""
    held = network(band(10**9, 10**12), begins(ClauseKind(clause)))
    used = {at: saying(usage(), clause, INTEGER_MAX) for at in range(4, 9)}
    paper = story(held, used, {})
    assert last(paper).status is Status.NO_BREACH_FOUND
    assert last(paper).findings == ()
