"""A challenge moves at cuts, by its table: stopped by three quarters, never started by a vote."""

from __future__ import annotations

import itertools
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pausenet.protocol.challenge import TABLE, Course, Heard, Stage, Step, courses, picture
from pausenet.statements.challenge import (
    Answer,
    Challenge,
    ChallengeAnswer,
    ChallengeVote,
    InspectionReport,
)
from pausenet.statements.codec import Body
from pausenet.statements.inspection import Closure, Ended, Result
from pausenet.values import Digest, Salt, WattHours
from tests.protocol.builders import Paper
from tests.protocol.inspected import NOTICE
from tests.protocol.paper import index, name, register

LABS = ("aurora", "birch", "cedar", "dune")
HELD = register(labs=LABS)
CHALLENGE = NOTICE.commitment
REPORT = InspectionReport(
    inspection=CHALLENGE,
    lab=name("birch"),
    place=NOTICE.place,
    found=64,
    undeclared=48,
    uids=Digest.of(b"uids"),
    energy_wh=WattHours(1),
    links=0,
)
ASK = ("aurora", Challenge(commitment=CHALLENGE))
OPEN = ("aurora", NOTICE)


def reply(answer: Answer, by: str = "birch") -> tuple[str, Body]:
    return by, ChallengeAnswer(challenge=CHALLENGE, answer=answer, managed=("screens",))


def against(*labs: str) -> list[tuple[str, Body]]:
    return [(lab, ChallengeVote(challenge=CHALLENGE)) for lab in labs]


def reports(*verifiers: int, found: InspectionReport = REPORT) -> list[tuple[str, Body]]:
    return [(f"verifier-{number}", found) for number in verifiers]


def ended(*verifiers: int) -> list[tuple[str, Body]]:
    result = Ended(inspection=CHALLENGE, lab=name("birch"), result=Result.CONTRADICTED)
    return [(f"verifier-{number}", Closure(results=(result,))) for number in verifiers]


def after(*cuts: list[tuple[str, Body]]) -> Course | None:
    """The challenge's course when these are said anew in one cut after the other."""
    paper, told = Paper(HELD, ratify=False), []
    for number, said in enumerate(cuts):
        new = []
        for who, body in said:
            statement = paper.log(who).statement(body)
            paper.log(who).append(paper.log(who).sealed(statement))
            new.append(Heard(role=HELD.members[name(who)].role, statement=statement))
        told.append((index(number), new))
    found = courses(HELD.agreement, HELD.quorum.f, told)
    return found[0] if found else None


def stage(*cuts: list[tuple[str, Body]]) -> Stage | None:
    course = after(*cuts)
    return None if course is None else course.stage


def test_a_whole_inspection_goes_from_the_asking_to_the_closure() -> None:
    cuts: list[list[tuple[str, Body]]] = [
        [ASK],
        [OPEN],
        [],
        [reply(Answer.ADMIT)],
        reports(1, 2),
        ended(1, 2),
    ]
    stages = [stage(*cuts[:count]) for count in range(1, len(cuts) + 1)]
    assert stages == [
        Stage.ASKED,
        Stage.NOTICED,
        Stage.GOING_AHEAD,
        Stage.ADMITTED,
        Stage.REPORTED,
        Stage.CLOSED,
    ]
    course = after(*cuts)
    assert course is not None
    assert course.finding == 48
    assert course.managed == ("screens",)


@pytest.mark.parametrize("count", range(5))
def test_three_quarters_of_all_parties_stop_it_and_fewer_do_not(count: int) -> None:
    for labs in itertools.combinations(LABS, count):
        expected = Stage.STOPPED if count >= 3 else Stage.GOING_AHEAD
        assert stage([ASK], [OPEN, *against(*labs)], []) is expected


def test_no_vote_is_needed_and_a_late_one_changes_nothing() -> None:
    assert stage([ASK], [OPEN], []) is Stage.GOING_AHEAD
    assert stage([ASK], [OPEN], [], against(*LABS)) is not Stage.STOPPED
    assert stage([ASK], [*against(*LABS)], [OPEN]) is Stage.NOTICED


def test_silence_and_endless_bargaining_are_refusals() -> None:
    assert stage([ASK], [OPEN], [], []) is Stage.REFUSED
    bargained = ([ASK], [OPEN], [], [reply(Answer.BARGAIN)])
    assert stage(*bargained) is Stage.BARGAINING
    assert stage(*bargained, [], []) is Stage.REFUSED
    assert stage(*bargained, [reply(Answer.ADMIT)]) is Stage.ADMITTED


def test_an_answer_before_the_end_of_the_vote_counts_once_it_is_over() -> None:
    assert stage([ASK], [OPEN, reply(Answer.REFUSE)]) is Stage.NOTICED
    assert stage([ASK], [OPEN, reply(Answer.REFUSE)], []) is Stage.REFUSED


@pytest.mark.parametrize(
    "said",
    [
        [("birch", NOTICE)],
        [("aurora", replace(NOTICE, salt=Salt(bytes(32))))],
        [("aurora", replace(NOTICE, lab=name("nobody")))],
        [("verifier-1", NOTICE)],
    ],
)
def test_only_its_author_opens_it_and_only_as_it_was_bound(said: list[tuple[str, Body]]) -> None:
    assert stage([ASK], said) is Stage.ASKED


def test_nobody_else_answers_and_one_report_alone_finds_nothing() -> None:
    assert stage([ASK], [OPEN], [], [reply(Answer.ADMIT, by="cedar")]) is Stage.REFUSED
    admitted = ([ASK], [OPEN, reply(Answer.ADMIT)], [])
    other = replace(REPORT, undeclared=0)
    assert stage(*admitted, reports(1)) is Stage.ADMITTED
    assert stage(*admitted, [*reports(1), *reports(2, found=other)]) is Stage.ADMITTED
    assert stage(*admitted, [("cedar", REPORT), ("dune", REPORT)]) is Stage.ADMITTED
    assert stage(*admitted, [], []) is Stage.LAPSED


WORDS: list[tuple[str, Body]] = [
    ASK,
    OPEN,
    *against(*LABS),
    *[reply(answer) for answer in Answer],
    *reports(1, 2, 3),
    *ended(1, 2),
]


@given(st.lists(st.lists(st.sampled_from(WORDS), max_size=4), max_size=8))
def test_every_course_follows_the_table_one_cut_after_the_other(
    cuts: list[list[tuple[str, Body]]],
) -> None:
    reachable = {
        start: {end for (first, _), end in TABLE.items() if first is start} for start in Stage
    }
    before = None
    for count in range(1, len(cuts) + 1):
        now = stage(*cuts[:count])
        if before is not None:
            assert now is not None
            seen, new = {before}, {before}
            while new:
                new = {end for each in new for end in reachable[each]} - seen
                seen |= new
            assert now in seen
        before = now


def test_a_step_that_the_table_has_not_is_in_no_stage_that_ends() -> None:
    for last in (Stage.STOPPED, Stage.CLOSED, Stage.LAPSED):
        assert not any(start is last for start, _ in TABLE)
    assert {step for _, step in TABLE} == set(Step)


def test_the_picture_in_the_documentation_is_the_table() -> None:
    page = (Path(__file__).parents[2] / "docs/spec/challenge.md").read_text()
    assert f"```mermaid\n{picture()}\n```" in page
