"""Limits that the parties lower (C27): by whose word, from when on, and who breaks them."""

from __future__ import annotations

import random
from collections.abc import Iterable, Mapping
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pausenet.protocol.amending import Amending, amended_limit
from pausenet.protocol.course import Course
from pausenet.protocol.evidence import Leaf, Signed
from pausenet.protocol.register import Register
from pausenet.statements.agreement import Agreement
from pausenet.statements.clauses import Amendment
from pausenet.statements.clauses.anatomy import ClauseKind
from pausenet.statements.codec import Body
from pausenet.statements.declaration import Ratification
from pausenet.statements.exits import Withdrawal
from pausenet.statements.finding import Fault, Status
from pausenet.statements.stage import (
    AMENDED_MAX,
    FREE,
    Amendable,
    Easable,
)
from pausenet.statements.usage import ComputeUsage
from pausenet.values import INTEGER_MAX, ParticipantId
from tests.protocol.agreed import shown
from tests.protocol.builders import Paper, of_lab
from tests.protocol.eased import STAGES, lifts, network, reviewed, saying
from tests.protocol.halving import FLOOR, Reading, amendment, changing, lowered, wants
from tests.protocol.paper import RUN_CAP, TOTAL_CAP, index, name, usage
from tests.protocol.proofs import last, proven

LABS = ("aurora", "birch")
SOON = 4
"""Lag + 2."""
TOTAL, RUN = Amendable.TOTAL_CAP, Amendable.RUN_CAP
LOWER = 60_000


class Walk:
    """A course through cuts, from one that holds every ratification on."""

    def __init__(self, held: Register | None = None) -> None:
        self.held, self.period = held or changing(), 0
        self.course = Course(self.held)
        body = Ratification(agreement=self.held.agreement_digest, until=index(99))
        self.cut(*((who, body) for who in LABS))

    def cut(self, *said: tuple[str, Body]) -> Walk:
        heard = [(name(who), body) for who, body in said]
        self.course.take(index(self.period), heard)
        self.period += 1
        return self

    def want(self, limit: int, start: int = 0, *who: str, clause: Amendable = TOTAL) -> Walk:
        word = wants(self.held, limit, start, clause)
        return self.cut(*((each, word) for each in who or LABS))

    def limits(self, clause: Amendable = TOTAL) -> list[tuple[int, int]]:
        found = {each.clause: each.limits for each in self.course.amending.amended()}
        return [(each.start, each.limit_pflop) for each in found.get(clause, ())]


# ------------------------------------------------------------------------------ by whose word


def test_enough_equal_words_lower_a_limit_two_periods_after_the_cut_is_taken() -> None:
    walk = Walk().want(LOWER)
    assert walk.limits() == [(1 + SOON, LOWER)]


def test_a_later_beginning_that_the_words_name_is_kept_and_an_earlier_one_is_not() -> None:
    assert Walk().want(LOWER, 30).limits() == [(30, LOWER)]
    assert Walk().want(LOWER, 1 + SOON + 1).limits() == [(1 + SOON + 1, LOWER)]
    assert Walk().want(LOWER, 2).limits() == [(1 + SOON, LOWER)]


def test_one_party_alone_lowers_nothing_and_words_may_come_in_different_cuts() -> None:
    walk = Walk().want(LOWER, 0, "aurora").cut().cut()
    assert walk.limits() == []
    assert walk.want(LOWER, 0, "birch").limits() == [(walk.period - 1 + SOON, LOWER)]


def test_words_that_differ_in_amount_period_or_clause_do_not_add_up() -> None:
    walk = Walk().want(LOWER, 9, "aurora")
    walk.want(LOWER - 1, 9, "birch").want(LOWER, 8, "birch").want(LOWER, 9, "birch", clause=RUN)
    assert (walk.limits(), walk.limits(RUN)) == ([], [])


def test_a_word_is_taken_back_by_another_one_on_the_same_clause() -> None:
    walk = Walk().want(LOWER, 0, "aurora").want(TOTAL_CAP, 0, "aurora").want(LOWER, 0, "birch")
    assert walk.limits() == []


def test_what_has_been_lowered_once_stays_so_whatever_is_wanted_later() -> None:
    walk = Walk().want(LOWER).want(TOTAL_CAP).want(LOWER + 1).cut()
    assert walk.limits() == [(1 + SOON, LOWER)]


def test_a_lower_limit_takes_the_place_of_one_that_was_to_come_later() -> None:
    walk = Walk().want(LOWER, 50).want(LOWER - 9, 40)
    assert walk.limits() == [(40, LOWER - 9)]
    walk.want(LOWER + 9, 20)
    assert walk.limits() == [(20, LOWER + 9), (40, LOWER - 9)]


@pytest.mark.parametrize("limit", [FLOOR - 1, TOTAL_CAP, TOTAL_CAP + 1, 0])
def test_no_word_raises_a_limit_or_lowers_it_below_the_floor(limit: int) -> None:
    assert Walk().want(limit).limits() == []
    assert Walk().want(FLOOR).limits() == [(1 + SOON, FLOOR)]


def test_a_clause_that_the_agreement_has_not_is_not_made_by_proposing_its_limit() -> None:
    held = changing()
    without = tuple(each for each in held.agreement.clauses if str(TOTAL) != each.KIND)
    amending = Amending(replace(held.agreement, clauses=without))
    for who in LABS:
        amending.hear(name(who), wants(held, LOWER))
        amending.hear(name(who), wants(held, LOWER, clause=RUN))
    amending.count(index(1), SOON, list(map(name, LABS)))
    assert [each.clause for each in amending.amended()] == []
    assert LOWER > RUN_CAP


def test_without_the_clause_no_word_lowers_anything() -> None:
    assert Walk(network()).want(LOWER).limits() == []


def test_who_is_no_party_or_not_held_lowers_nothing() -> None:
    walk = Walk().want(LOWER, 0, "aurora", "lantern", "verifier-1")
    assert walk.limits() == []
    course = Course(walk.held)
    course.take(index(0), [(name(who), wants(walk.held, LOWER)) for who in LABS])
    assert course.amending.amended() == ()


def test_who_has_left_is_counted_on_neither_side() -> None:
    walk = Walk().want(LOWER, 0, "aurora")
    walk.cut(("birch", Withdrawal(agreement=walk.held.agreement_digest, reason="")))
    while name("birch") in walk.course.held:
        assert walk.limits() == []
        walk.cut()
    assert walk.limits() == [(walk.period - 1 + SOON, LOWER)]


def test_a_limit_is_lowered_eight_times_and_no_more() -> None:
    walk = Walk()
    for step in range(AMENDED_MAX + 2):
        walk.want(LOWER - step, 20 + step)
    assert walk.limits() == [(20 + step, LOWER - step) for step in range(AMENDED_MAX)]


def test_a_limit_that_would_begin_after_the_last_period_there_can_be_never_does() -> None:
    walk = Walk()
    walk.course.take(index(INTEGER_MAX - 1), [(name(who), wants(walk.held, LOWER)) for who in LABS])
    assert walk.limits() == []


WORDS = st.lists(
    st.tuples(
        st.sampled_from(LABS),
        st.sampled_from((TOTAL, RUN)),
        st.sampled_from((5, FLOOR, 20, 30, TOTAL_CAP)),
        st.sampled_from((0, 6, 9)),
    ),
    max_size=12,
)


@given(WORDS, st.integers(0, 2**32))
def test_no_cut_raises_a_limit_or_lowers_one_for_a_period_already_begun(
    said: list[tuple[str, Amendable, int, int]], seed: int
) -> None:
    chance, walk = random.Random(seed), Walk()

    def known() -> list[int]:
        found = walk.course.amending.amended()
        all_of = (amended_limit(found, each, at) for each in Amendable for at in range(30))
        return [INTEGER_MAX if each is None else int(each) for each in all_of]

    while said:
        size = chance.randint(1, 3)
        now, said = said[:size], said[size:]
        before = known()
        walk.cut(*((who, wants(walk.held, limit, start, of)) for who, of, limit, start in now))
        for place, (old, new) in enumerate(zip(before, known(), strict=True)):
            assert new <= old
            assert new == old or place % 30 >= walk.period - 1 + SOON
            assert new == old or new >= FLOOR


@given(WORDS, st.randoms(use_true_random=False))
def test_no_order_double_or_cut_between_changes_what_limits_come_to(
    said: list[tuple[str, Amendable, int, int]], chance: random.Random
) -> None:
    """Of each party the last word on a clause; all of them far ahead of any cut."""
    last = {(who, of): (limit, start + 50) for who, of, limit, start in said}
    words = [(who, of, *terms) for (who, of), terms in last.items()]
    mixed = [*words, *words]
    chance.shuffle(mixed)
    one, other = Walk(), Walk()
    one.cut(*((who, wants(one.held, limit, at, of)) for who, of, limit, at in words))
    for who, of, limit, at in mixed:
        other.cut((who, wants(other.held, limit, at, of)))
    assert one.course.amending.amended() == other.course.amending.amended()


def test_a_lost_word_is_not_made_up_and_the_next_one_counts_like_the_first() -> None:
    """Whoever did not hear it in one cut hears it in the next that holds it."""
    lost, heard = Walk().want(LOWER, 40, "aurora").cut(), Walk().want(LOWER, 40)
    assert (lost.limits(), heard.limits()) == ([], [(40, LOWER)])
    assert lost.want(LOWER, 40, "birch").limits() == heard.limits()


@given(st.integers(1, 1_000_000), st.integers(1, 12), st.integers(0, 12))
def test_need_is_a_share_of_those_held_rounded_up(need: int, members: int, said: int) -> None:
    held = changing()
    terms = replace(amendment(0), need_ppm=need)
    agreement = with_terms(held.agreement, terms)
    everybody = [ParticipantId(f"lab-{number}") for number in range(members)]
    amending = Amending(agreement)
    for who in everybody[:said]:
        amending.hear(who, wants(held, LOWER))
    amending.count(index(1), SOON, everybody)
    least = -(-need * members // 1_000_000)
    assert bool(amending.amended()) is (min(said, members) >= max(1, least))


def with_terms(agreement: Agreement, terms: Amendment) -> Agreement:
    kept = tuple(each for each in agreement.clauses if not isinstance(each, Amendment))
    return replace(agreement, clauses=(*kept, terms))


# -------------------------------------------------------------------------------- as evidence


def story(
    used: Mapping[int, ComputeUsage],
    acts: Mapping[int, Iterable[tuple[str, Body]]],
    *,
    held: Register | None = None,
    blind: tuple[int, ...] = (),
    periods: int = 13,
) -> Paper:
    paper = Reading(held or changing(), blind=blind)
    for number in range(periods):
        for who, body in acts.get(number, ()):
            paper.log(who).say(body)
        paper.period(number, used={"birch": used[number]} if number in used else {})
        paper.appraised(number)
    return paper


def agree(limit: int = LOWER, clause: Amendable = TOTAL) -> dict[int, list[tuple[str, Body]]]:
    """Both say so in period 3: the limit holds from period 7 on."""
    return {3: [(who, wants(changing(), limit, 0, clause)) for who in LABS]}


ABOVE = usage(total_pflop=LOWER + 1)


def test_appraisals_state_what_limits_have_been_lowered_to() -> None:
    paper = story({}, agree(), periods=8)
    for lab in LABS:
        (found,) = of_lab(paper.appraise(paper.cuts[-1]), lab).appraisal.amended
        assert found == lowered(TOTAL, (7, LOWER))


def test_usage_over_a_lowered_limit_is_proven_once_the_lab_had_learned_of_it() -> None:
    claim, materials = proven(story({8: ABOVE}, agree()))
    assert claim == f"the period's total is {LOWER + 1} PFLOP, the amended cap on it is {LOWER}"
    signed = [at for at, each in enumerate(materials) if isinstance(each, Signed)]
    leaves = [at for at, each in enumerate(materials) if isinstance(each, Leaf)]
    cases = [(*materials[:at], *materials[at + 1 :]) for at in (*signed, *leaves)]
    cases.append(materials[: signed[0]])
    assert not any(shown(changing(), Fault.F6, cases))


def test_at_a_lowered_limit_and_before_it_holds_nobody_is_over_it() -> None:
    for used in ({8: usage(total_pflop=LOWER)}, {6: ABOVE}):
        assert last(story(used, agree())).status is Status.NO_BREACH_FOUND


def test_who_cannot_be_shown_to_have_learned_of_a_lowered_limit_is_not_demonstrated() -> None:
    found = last(story({8: ABOVE}, agree(), blind=(4, 5, 6, 7, 8, 9, 10, 11, 12)))
    assert (found.status, found.findings) == (Status.NOT_DEMONSTRATED, ())


def test_a_proposal_that_too_few_join_convicts_nobody() -> None:
    found = last(story({8: ABOVE}, {3: agree()[3][:1]}))
    assert (found.status, found.findings, found.amended) == (Status.NO_BREACH_FOUND, (), ())


def test_a_run_over_a_lowered_limit_breaks_it_by_growing_and_not_by_standing() -> None:
    least = 2_000
    acts = agree(least, RUN)
    stands = dict.fromkeys(range(2, 13), usage(run_pflop=least + 1))
    assert last(story(stands, acts)).status is Status.NO_BREACH_FOUND
    more = usage(run_pflop=least + 2)
    claim, _ = proven(story({**stands, **dict.fromkeys(range(9, 13), more)}, acts))
    assert claim == (
        f"run run-one has grown to {least + 2} PFLOP, the amended cap on a run is {least}"
    )


def test_a_lift_raises_a_lowered_limit_and_frees_of_it() -> None:
    """Lifted by the same cut: raised by half from period 7 on, or free."""
    raised = LOWER * 3 // 2
    held = changing(lifts(ClauseKind.TOTAL_CAP, stages=STAGES))
    acts = {3: [*((who, wants(held, LOWER)) for who in LABS), *reviewed()]}
    for amount in (raised, raised + 1):
        body = saying(usage(total_pflop=amount), Easable.TOTAL_CAP, 500_000)
        paper = story({8: body}, acts, held=held)
        if amount == raised:
            assert last(paper).status is Status.NO_BREACH_FOUND
        else:
            claim, _ = proven(paper)
            assert claim.endswith(f"the amended cap on it is {raised}")
    held = changing(lifts(ClauseKind.TOTAL_CAP))
    acts = {3: [*((who, wants(held, LOWER)) for who in LABS), *reviewed()]}
    free = saying(usage(total_pflop=TOTAL_CAP + 1), Easable.TOTAL_CAP, FREE)
    assert last(story({8: free}, acts, held=held)).status is Status.NO_BREACH_FOUND
