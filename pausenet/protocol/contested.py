"""What challenges have come to under a cut, as materials of F7 and F10r (rules 17 and 18)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Final, TypeAlias

from pausenet.protocol.challenge import Course, Heard, Stage, courses
from pausenet.protocol.reader import LogView
from pausenet.protocol.register import Register
from pausenet.statements.challenge import Answer, Challenge, ChallengeAnswer, InspectionReport
from pausenet.statements.codec import Kind, Statement
from pausenet.statements.cut import Cut
from pausenet.statements.declaration import Declaration
from pausenet.statements.finding import Fault
from pausenet.values import ParticipantId, PeriodIndex

CHALLENGE_KINDS: Final = (
    *(Kind.CHALLENGE, Kind.CHALLENGE_NOTICE, Kind.CHALLENGE_VOTE, Kind.CHALLENGE_ANSWER),
    *(Kind.INSPECTION_REPORT, Kind.CLOSURE),
)

Challenges: TypeAlias = tuple[
    tuple[Course, ...], Mapping[ParticipantId, Sequence[tuple[Statement, bytes]]]
]
"""Every challenge, and what each participant said of challenges, with the envelopes."""


def contested(
    register: Register,
    views: Mapping[ParticipantId, LogView],
    challenges: Challenges,
    party: ParticipantId,
) -> tuple[tuple[Fault, list[bytes]], ...]:
    """The faults that challenges of a party's places show, each with its envelopes."""
    found, said = challenges
    results: list[tuple[Fault, list[bytes]]] = []
    for course in found:
        if course.notice is None or course.notice.lab != party:
            continue
        if course.stage is Stage.REFUSED:
            entries = [
                *_said(said[course.by], Challenge(commitment=course.challenge)),
                *_said(said[course.by], course.notice),
                *_refusal(said[party], course),
            ]
            results.append((Fault.F10R, entries))
        elif course.finding > 0:
            declared = [
                views[party].entries[seq]
                for seq, statement in views[party].numbered(Kind.DECLARATION)
                if isinstance(statement.body, Declaration)
            ]
            results.append((Fault.F7, [*declared[:1], *_alike(register, said, course)]))
    return tuple(results)


def challenged(
    register: Register,
    views: Mapping[ParticipantId, LogView],
    cuts: Sequence[Cut],
    joined: Mapping[ParticipantId, PeriodIndex],
) -> Challenges:
    """Every challenge after these cuts, and what each participant said of challenges, in order.

    `joined` are who has acceded, each with the first period in which it is a party. Where nobody
    has asked for a challenge, nothing else that is said of them counts.
    """
    if not any(True for view in views.values() for _ in view.numbered(Kind.CHALLENGE)):
        return (), {}
    told = {
        who: [
            (seq, statement, view.entries[seq])
            for seq, statement in view.numbered(*CHALLENGE_KINDS)
        ]
        for who, view in views.items()
    }
    steps: list[tuple[PeriodIndex, list[Heard]]] = []
    sizes = dict.fromkeys(views, 0)
    for cut in cuts:
        new = []
        for who, said in told.items():
            member = register.members[who]
            size = max(sizes[who], cut.size_of(member.origin))
            new += [
                Heard(role=member.role, statement=statement)
                for seq, statement, _ in said
                if sizes[who] <= seq < size
            ]
            sizes[who] = size
        steps.append((cut.period, new))
    found = {
        who: [(statement, entry) for _, statement, entry in said] for who, said in told.items()
    }
    return courses(register.agreement, register.quorum.f, steps, joined), found


def _said(log: Sequence[tuple[Statement, bytes]], body: object) -> list[bytes]:
    """The first envelope of this body in a log."""
    return [entry for statement, entry in log if statement.body == body][:1]


def _refusal(log: Sequence[tuple[Statement, bytes]], course: Course) -> list[bytes]:
    refusals = [
        entry
        for statement, entry in log
        if isinstance(statement.body, ChallengeAnswer)
        and (statement.body.challenge, statement.body.answer) == (course.challenge, Answer.REFUSE)
    ]
    return refusals[:1]


def _alike(
    register: Register,
    said: Mapping[ParticipantId, Sequence[tuple[Statement, bytes]]],
    course: Course,
) -> list[bytes]:
    """f+1 reports of one body that make a course's finding, in register order."""
    by_body: dict[InspectionReport, list[bytes]] = {}
    for name in register.verifiers:
        mine = [(s.body, entry) for s, entry in said[name] if isinstance(s.body, InspectionReport)]
        for body, entry in _of(mine, course):
            if body.undeclared == course.finding:
                by_body.setdefault(body, []).append(entry)
    need = register.quorum.f + 1
    return next((entries[:need] for entries in by_body.values() if len(entries) >= need), [])


def _of(
    mine: Sequence[tuple[InspectionReport, bytes]], course: Course
) -> list[tuple[InspectionReport, bytes]]:
    """A verifier's first report on a challenge."""
    return [item for item in mine if item[0].inspection == course.challenge][:1]
