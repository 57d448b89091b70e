"""Challenge inspection: a party names any place under another's control (protocol.md 7.5).

It goes ahead unless three quarters of all parties vote against it in time: there is a vote to
stop and never a vote to start. Every transition happens at a network cut, and follows from what
the cuts hold: a clock that began in one cut has run out at the first close at or after its end.
The table is the whole machine; docs/spec/challenge.md draws its picture.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum
from typing import Final

from pausenet.statements.agreement import Agreement, Schedule
from pausenet.statements.challenge import (
    Answer,
    Challenge,
    ChallengeAnswer,
    ChallengeNotice,
    ChallengeVote,
    InspectionReport,
)
from pausenet.statements.codec import Statement
from pausenet.statements.inspection import Closure
from pausenet.values import Digest, ParticipantId, PeriodIndex, Role

HOUR_S: Final = 3_600
VOTE_S: Final = 12 * HOUR_S
"""How long the parties may vote against it after the notice."""
NOTICE_S: Final = 12 * HOUR_S
"""The least notice: inspectors come no earlier."""
ENTRY_S: Final = 36 * HOUR_S
"""From the end of the notice to the perimeter."""
BARGAIN_S: Final = 72 * HOUR_S
"""How long the perimeter may be bargained over."""
INSPECTION_S: Final = 84 * HOUR_S
STOP_QUARTERS: Final = 3


class Stage(StrEnum):
    """How far a challenge has come."""

    ASKED = "asked"
    NOTICED = "noticed"
    STOPPED = "stopped"
    GOING_AHEAD = "going-ahead"
    BARGAINING = "bargaining"
    ADMITTED = "admitted"
    REFUSED = "refused"
    REPORTED = "reported"
    CLOSED = "closed"
    LAPSED = "lapsed"


class Step(StrEnum):
    """What moves it on."""

    NOTICE = "notice"
    STOP = "three-quarters-against"
    VOTE_OVER = "vote-over"
    ADMIT = "admit"
    BARGAIN = "bargain"
    REFUSE = "refuse"
    CLOCK = "clock-runs-out"
    REPORT = "report"
    CLOSE = "closure"


TABLE: Final[Mapping[tuple[Stage, Step], Stage]] = {
    (Stage.ASKED, Step.NOTICE): Stage.NOTICED,
    (Stage.NOTICED, Step.STOP): Stage.STOPPED,
    (Stage.NOTICED, Step.VOTE_OVER): Stage.GOING_AHEAD,
    (Stage.GOING_AHEAD, Step.ADMIT): Stage.ADMITTED,
    (Stage.GOING_AHEAD, Step.BARGAIN): Stage.BARGAINING,
    (Stage.GOING_AHEAD, Step.REFUSE): Stage.REFUSED,
    (Stage.GOING_AHEAD, Step.CLOCK): Stage.REFUSED,
    (Stage.BARGAINING, Step.ADMIT): Stage.ADMITTED,
    (Stage.BARGAINING, Step.REFUSE): Stage.REFUSED,
    (Stage.BARGAINING, Step.CLOCK): Stage.REFUSED,
    (Stage.ADMITTED, Step.REPORT): Stage.REPORTED,
    (Stage.ADMITTED, Step.CLOCK): Stage.LAPSED,
    (Stage.REFUSED, Step.CLOSE): Stage.CLOSED,
    (Stage.REPORTED, Step.CLOSE): Stage.CLOSED,
}
"""Every transition there is; a step that has none here changes nothing."""

ANSWERS: Final = {
    Answer.ADMIT: Step.ADMIT,
    Answer.BARGAIN: Step.BARGAIN,
    Answer.REFUSE: Step.REFUSE,
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Course:
    """One challenge as the cuts up to some period tell it.

    `since` is the period of the cut in which its stage was reached; `finding` the undeclared
    accelerators that f+1 verifiers report alike, or -1.
    """

    challenge: Digest
    by: ParticipantId
    stage: Stage
    since: PeriodIndex
    notice: ChallengeNotice | None = None
    against: frozenset[ParticipantId] = frozenset()
    answer: Answer | None = None
    managed: tuple[str, ...] = ()
    finding: int = -1

    @property
    def breaches_access(self) -> bool:
        """Whether the access clause was breached; of the suspected act that says nothing."""
        return self.stage is Stage.REFUSED


@dataclass(frozen=True, slots=True, kw_only=True)
class Heard:
    """A statement that is new in one cut, and its author's role."""

    role: Role
    statement: Statement


def courses(
    agreement: Agreement,
    faulty: int,
    cuts: Iterable[tuple[PeriodIndex, Sequence[Heard]]],
    joined: Mapping[ParticipantId, PeriodIndex] | None = None,
) -> tuple[Course, ...]:
    """Every challenge after these cuts, in the order in which they were asked for.

    `cuts` are the network's cuts in order of their periods, each with the statements that are
    new in it: all of them are simultaneous, but for the order within one log. `faulty` is f,
    `joined` are who has acceded, each with the first period in which it is a party.
    """
    docket = _Docket(agreement, faulty, joined or {})
    for period, new in cuts:
        docket.take(period, new)
    return tuple(docket.held.values())


class _Docket:
    """All challenges, cut after cut."""

    def __init__(
        self, agreement: Agreement, faulty: int, joined: Mapping[ParticipantId, PeriodIndex]
    ) -> None:
        self._agreement, self._need, self._joined = agreement, faulty + 1, joined
        self._parties = frozenset(agreement.parties)
        self.held: dict[Digest, Course] = {}
        self._reports: dict[Digest, dict[ParticipantId, InspectionReport]] = {}
        self._closed: dict[Digest, set[ParticipantId]] = {}

    def take(self, period: PeriodIndex, new: Sequence[Heard]) -> None:
        """Move every challenge on by what is new in one cut."""
        here = (who for who, first in self._joined.items() if first <= period)
        self._parties = frozenset((*self._agreement.parties, *here))
        said = [each.statement for each in new if self._counts(each)]
        for statement in said:
            if isinstance(statement.body, Challenge):
                self._ask(statement.author, statement.body, period)
        for challenge, course in self.held.items():
            about = [each for each in said if challenge in _about(each)]
            self.held[challenge] = self._move(course, period, about)

    def _counts(self, heard: Heard) -> bool:
        """C1 Whose words count: parties', and verifiers' of what they saw."""
        body, author = heard.statement.body, heard.statement.author
        if isinstance(body, InspectionReport | Closure):
            return heard.role is Role.VERIFIER
        return author in self._parties

    def _ask(self, by: ParticipantId, body: Challenge, period: PeriodIndex) -> None:
        course = Course(challenge=body.commitment, by=by, stage=Stage.ASKED, since=period)
        self.held.setdefault(body.commitment, course)

    def _move(self, course: Course, period: PeriodIndex, about: Sequence[Statement]) -> Course:
        for statement in about:
            if isinstance(statement.body, ChallengeNotice):
                course = self._open(course, statement.author, statement.body, period)
        course = self._vote(course, period, about)
        for statement in about:
            body = statement.body
            named = course.notice is not None and course.notice.lab == statement.author
            if isinstance(body, ChallengeAnswer) and named:
                course = replace(course, answer=body.answer, managed=body.managed)
        if course.answer is not None:  # also one given before the vote was over
            course = _step(course, ANSWERS[course.answer], period)
        for statement in about:
            if isinstance(statement.body, InspectionReport):
                reports = self._reports.setdefault(course.challenge, {})
                reports.setdefault(statement.author, statement.body)
            elif isinstance(statement.body, Closure):
                self._closed.setdefault(course.challenge, set()).add(statement.author)
        course = self._report(course, period)
        if len(self._closed.get(course.challenge, ())) >= self._need:
            course = _step(course, Step.CLOSE, period)
        return self._clock(course, period)

    def _open(
        self, course: Course, by: ParticipantId, notice: ChallengeNotice, period: PeriodIndex
    ) -> Course:
        """C2 The notice opens it: by the same party, of another party's place."""
        if course.stage is not Stage.ASKED or by != course.by or notice.lab == by:
            return course
        if notice.lab not in self._parties:
            return course
        return _step(replace(course, notice=notice), Step.NOTICE, period)

    def _vote(self, course: Course, period: PeriodIndex, about: Sequence[Statement]) -> Course:
        """C3 Three quarters of all parties against it in time stop it; silence does not."""
        if course.stage is not Stage.NOTICED:
            return course
        votes = {each.author for each in about if isinstance(each.body, ChallengeVote)}
        against = course.against | votes
        course = replace(course, against=frozenset(against))
        if 4 * len(against) >= STOP_QUARTERS * len(self._parties):
            return _step(course, Step.STOP, period)
        if self._over(course.since, VOTE_S, period):
            return _step(course, Step.VOTE_OVER, period)
        return course

    def _report(self, course: Course, period: PeriodIndex) -> Course:
        """C4 f+1 verifiers that report the same chips make the finding."""
        alike: dict[InspectionReport, int] = {}
        for report in self._reports.get(course.challenge, {}).values():
            alike[report] = alike.get(report, 0) + 1
        agreed = [report for report, count in alike.items() if count >= self._need]
        if course.stage is not Stage.ADMITTED or not agreed:
            return course
        largest = max(report.undeclared for report in agreed)
        return _step(replace(course, finding=largest), Step.REPORT, period)

    def _clock(self, course: Course, period: PeriodIndex) -> Course:
        """C5 What is not answered, settled or reported in time."""
        spans = {
            Stage.GOING_AHEAD: NOTICE_S + ENTRY_S,
            Stage.BARGAINING: BARGAIN_S,
            Stage.ADMITTED: INSPECTION_S,
        }
        span = spans.get(course.stage)
        if span is not None and self._over(course.since, span, period):
            return _step(course, Step.CLOCK, period)
        return course

    def _over(self, since: PeriodIndex, span_s: int, period: PeriodIndex) -> bool:
        """Whether a clock that began at one cut's close has run out before another's."""
        schedule: Schedule = self._agreement.schedule
        return period > since and schedule.close(period) >= schedule.close(since) + span_s


def _step(course: Course, step: Step, period: PeriodIndex) -> Course:
    stage = TABLE.get((course.stage, step))
    return course if stage is None else replace(course, stage=stage, since=period)


def _about(statement: Statement) -> tuple[Digest, ...]:
    """Which challenges a statement may speak of."""
    match statement.body:
        case ChallengeNotice() as notice:
            return (notice.commitment,)
        case ChallengeVote(challenge=challenge) | ChallengeAnswer(challenge=challenge):
            return (challenge,)
        case InspectionReport(inspection=inspection):
            return (inspection,)
        case Closure(results=results):
            return tuple(ended.inspection for ended in results)
        case _:
            return ()


def picture() -> str:
    """The table as a Mermaid diagram, as the documentation shows it."""
    lines = ["stateDiagram-v2", "    [*] --> asked"]
    lines += [f"    {start} --> {end}: {step}" for (start, step), end in TABLE.items()]
    ends = sorted(set(TABLE.values()) - {start for start, _ in TABLE})
    lines += [f"    {end} --> [*]" for end in ends]
    return "\n".join(lines).replace("going-ahead", "going_ahead")
