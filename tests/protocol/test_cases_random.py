"""Whatever is said, in whatever order: no clock ends in a breach, and no late cut moves a case."""

from __future__ import annotations

from dataclasses import replace

from hypothesis import given
from hypothesis import strategies as st

from pausenet.protocol.cases import CASE_TRANSITIONS, STANDING, CaseSign, CaseStage
from pausenet.protocol.course import Course
from pausenet.statements.determination import Excuse, Outcome, Recusal
from pausenet.statements.finding import Fault, Status
from pausenet.statements.stage import PartyStage
from pausenet.values import Digest
from tests.protocol.courses import LABS, PANEL, network
from tests.protocol.paper import DAY, index, name
from tests.protocol.test_cases import appeal, clocked
from tests.protocol.walks import Walk

WORDS = st.one_of(
    st.tuples(st.just("find"), st.sampled_from(LABS), st.sampled_from((Fault.F5, Fault.F7))),
    st.tuples(st.just("excuse"), st.sampled_from(LABS), st.integers(0, 12)),
    st.tuples(st.just("appeal"), st.sampled_from(LABS), st.booleans()),
    st.tuples(st.just("judge"), st.sampled_from(PANEL), st.sampled_from(list(Outcome))),
    st.tuples(st.just("recuse"), st.sampled_from(PANEL), st.sampled_from(LABS)),
)
KNOWN = Digest.of(b"what all of this is about")


def said(walk: Walk, what: str, who: str, of):
    digest = walk.held.agreement_digest
    match what:
        case "find":
            found = replace(walk.finding(who, of), bundle=KNOWN)
            return walk.appraised(who, Status.DISCREPANCY, found)
        case "excuse":
            return [(who, Excuse(agreement=digest, due=index(of), reason="x"))]
        case "appeal":
            return [appeal(walk, KNOWN if of else None, by=who)]
        case "judge":
            party = "birch" if of.is_of_a_party else None
            return walk.decides(of, party, who, about=KNOWN if party else None)
        case _:
            return [(who, Recusal(agreement=digest, party=name(of), reasons="kin"))]


@given(st.lists(st.lists(WORDS, max_size=4), max_size=14), st.sets(st.sampled_from(PANEL)))
def test_without_the_panels_quorum_no_clock_ends_in_a_breach(cuts, speakers) -> None:
    """Whatever verifiers find, parties say and fewer than the quorum determine."""
    walk = clocked()
    few = sorted(speakers)[:1]
    for words in cuts:
        heard = [each for each in words if each[0] != "judge" or each[1] in few]
        walk.cut(*(each for word in heard for each in said(walk, *word)))
        for who in LABS:
            assert walk.stage(who) is not PartyStage.FOUND
            assert not {each.stage for each in walk.course.cases(name(who))} & set(STANDING)


def standing(course: Course):
    return [
        (course.stages[name(who)], course.bound(name(who)), course.cases(name(who))) for who in LABS
    ]


def one_finding_a_lab(words):
    """Verifiers that find two things of one lab in one period contradict themselves (F11)."""
    found = {word[1]: word for word in words if word[0] == "find"}
    return [word for word in words if word[0] != "find" or found[word[1]] is word]


@given(st.lists(st.lists(WORDS, max_size=5), max_size=12), st.randoms(use_true_random=False))
def test_order_and_doubles_within_a_cut_change_nothing(cuts, chance) -> None:
    held = network(answer_s=2 * DAY, appeal=2, speaks=())
    walk, other = Walk(held).cut(times=4), Walk(held).cut(times=4)
    for words in cuts:
        heard = [each for word in one_finding_a_lab(words) for each in said(walk, *word)]
        by_author = {who: [body for by, body in heard if by == who] for who, _ in heard}
        order = chance.sample(sorted(by_author), len(by_author))
        walk.cut(*heard)
        other.cut(*((who, body) for who in order for body in by_author[who] for _ in range(2)))
        assert standing(other.course) == standing(walk.course)


@given(st.lists(st.lists(WORDS, max_size=5), max_size=12), st.integers(0, 3))
def test_a_cut_of_an_earlier_period_that_comes_late_moves_no_case(cuts, late) -> None:
    walk = clocked()
    for words in cuts:
        heard = [each for word in words for each in said(walk, *word)]
        before = standing(walk.course)
        walk.course.take(index(late), [(name(who), body) for who, body in heard])
        assert standing(walk.course) == before
        walk.cut()


def test_the_table_leaves_every_stage_and_reaches_a_breach_by_the_panel_or_a_proof_alone() -> None:
    for (stage, sign), end in CASE_TRANSITIONS.items():
        if end in STANDING and stage not in (*STANDING, CaseStage.APPEALED):
            assert sign in (CaseSign.BREACHED, CaseSign.REFUSED, CaseSign.EXECUTED)
    assert {start for start, _ in CASE_TRANSITIONS} == set(CaseStage)


@given(
    st.lists(st.lists(WORDS, max_size=4), max_size=10),
    st.lists(st.sampled_from(list(Outcome)), min_size=1, max_size=4),
)
def test_whatever_was_said_before_a_breach_one_member_alone_takes_none_back(cuts, later) -> None:
    """It says what it likes, of every matter, from the cut on that shows the proof."""
    walk = clocked()
    for words in cuts:
        walk.cut(*(each for word in words for each in said(walk, *word)))
    proof = walk.appraised("birch", Status.BREACH_PROVEN, walk.finding("birch", Fault.F1))
    for outcome in later:
        party = "birch" if outcome.is_of_a_party else None
        matters = (None, KNOWN) if party else (None,)
        alone = [walk.decides(outcome, party, "verdict", about=about) for about in matters]
        walk.cut(*proof, *(each for word in alone for each in word))
        proof = []
        assert walk.stage("birch") is PartyStage.FOUND
