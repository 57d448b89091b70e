"""A case against a party, from the first finding to the last word, as a table with clocks.

What is found and is no proof opens a case, and gives the accused a time to answer in; until it
has run, or an answer has come, no determination of a breach counts. An appeal in time sets the
consequence aside until the panel has heard the matter again, or the time to hear it has run.
A clock alone never ends in a breach: it only lets the panel speak, or lets what the panel has
said already stand. `docs/images/cases.svg` is drawn from the table.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from enum import Enum, StrEnum
from typing import Final, TypeAlias

from pausenet.statements.agreement import Agreement
from pausenet.statements.clauses.course import Dispute
from pausenet.statements.finding import Appraisal, Fault, Finding, Grade
from pausenet.values import Digest, ParticipantId, PeriodIndex

Thing: TypeAlias = Digest | tuple[Fault, PeriodIndex] | ParticipantId
"""What a finding is about: a fault in a period, a proof, or a meter that is proven false."""


class Review(Enum):
    """What the panel is to look at anew; equal to no participant's name, whatever that is."""

    OF_A_DEROGATION = "derogation-refused"


REVIEW: Final = Review.OF_A_DEROGATION
"""The charge of a derogation that its review refuses."""
Charge: TypeAlias = Thing | Review | None
"""What a case is about: a thing, the review of a derogation, or the party as a whole."""


class CaseStage(StrEnum):
    """Where a case stands."""

    NONE = "not-opened"
    QUERIED = "queried"
    ANSWERED = "answered"
    RIPE = "ripe"
    DETERMINED = "determined"
    APPEALED = "appealed"
    FINAL = "final"
    CLOSED = "closed"


class CaseSign(StrEnum):
    """What a network cut shows of a case."""

    FOUND = "something is found that is no proof"
    CHARGED = "a member of the panel charges it"
    PROVEN = "a proof is found"
    EXECUTED = "a proof that speaks for itself is found"
    OVERDUE = "the review of a derogation has not come"
    ANSWERED = "the accused answers"
    LAPSED = "its clock has run"
    BREACHED = "breach is determined"
    REFUSED = "a derogation is refused"
    APPEALED = "the accused appeals"
    CLEARED = "excused, no breach, or restored"
    WITHDRAWN = "it is found no longer"


_C = CaseStage
_TRIED: Final = (_C.QUERIED, _C.ANSWERED, _C.RIPE)

CASE_TRANSITIONS: Final[Mapping[tuple[CaseStage, CaseSign], CaseStage]] = {
    (_C.NONE, CaseSign.FOUND): _C.QUERIED,
    (_C.NONE, CaseSign.CHARGED): _C.QUERIED,
    (_C.CLOSED, CaseSign.CHARGED): _C.QUERIED,
    (_C.NONE, CaseSign.OVERDUE): _C.QUERIED,
    (_C.CLOSED, CaseSign.OVERDUE): _C.QUERIED,
    (_C.NONE, CaseSign.PROVEN): _C.RIPE,
    (_C.QUERIED, CaseSign.ANSWERED): _C.ANSWERED,
    (_C.QUERIED, CaseSign.LAPSED): _C.RIPE,
    **{(stage, CaseSign.WITHDRAWN): _C.NONE for stage in _TRIED},
    (_C.ANSWERED, CaseSign.BREACHED): _C.DETERMINED,
    (_C.RIPE, CaseSign.BREACHED): _C.DETERMINED,
    **{(stage, CaseSign.REFUSED): _C.DETERMINED for stage in (_C.NONE, _C.CLOSED, *_TRIED)},
    (_C.DETERMINED, CaseSign.LAPSED): _C.FINAL,
    (_C.DETERMINED, CaseSign.APPEALED): _C.APPEALED,
    (_C.APPEALED, CaseSign.BREACHED): _C.FINAL,
    (_C.APPEALED, CaseSign.REFUSED): _C.FINAL,
    (_C.APPEALED, CaseSign.LAPSED): _C.FINAL,
    **{
        (stage, CaseSign.EXECUTED): _C.FINAL
        for stage in (_C.NONE, *_TRIED, _C.DETERMINED, _C.APPEALED)
    },
    **{
        (stage, CaseSign.CLEARED): _C.CLOSED
        for stage in (*_TRIED, _C.DETERMINED, _C.APPEALED, _C.FINAL)
    },
}
"""Every move there is; where the table has none, the case stays where it stands."""

STANDING: Final = (_C.DETERMINED, _C.FINAL)
"""The stages in which a breach has its consequences."""
_READY: Final = (_C.ANSWERED, _C.RIPE, _C.APPEALED)
_OPEN: Final = (*_TRIED, _C.DETERMINED, _C.APPEALED, _C.FINAL)
_WEIGHT: Final = {grade: weight for weight, grade in enumerate(reversed(Grade))}


@dataclass(frozen=True, slots=True, kw_only=True)
class Case:
    """One charge against one party: its stage, and since the cut of which period.

    `grade` is that of the finding it rests on, `unsupported` where it rests on none. `matter` is
    what the determination that stands was about.
    """

    party: ParticipantId
    charge: Charge
    stage: CaseStage
    since: PeriodIndex
    grade: Grade = Grade.UNSUPPORTED
    matter: Digest | None = None


class Docket:
    """Every case under one agreement. The clocks count cuts by their periods."""

    def __init__(self, agreement: Agreement) -> None:
        judge, period_s = agreement.adjudicator, agreement.schedule.period_s
        # Who hears of a case when its cut is taken has all of this time before the cut that counts.
        self._clarify = 1 - (-judge.clarification_s // period_s)
        self._appeal = judge.appeal_periods
        self._least = next(
            (each.evidence for each in agreement.clauses if isinstance(each, Dispute)),
            Grade.UNSUPPORTED,
        )
        self.now = PeriodIndex(0)
        self._cases: dict[ParticipantId, dict[Charge, Case]] = {}
        self._ready: frozenset[tuple[ParticipantId, Charge]] = frozenset()
        self.moved: list[tuple[CaseStage, Case]] = []

    def begin(self, period: PeriodIndex) -> None:
        """A cut is taken: run the clocks up to it, and see what may be determined in it."""
        self.now, self.moved = period, []
        for case in [each for party in self._cases for each in self._of(party)]:
            if self._has_run(case):
                self._move(case, CaseSign.LAPSED)
        self._ready = frozenset(
            (party, case.charge)
            for party in self._cases
            for case in self._of(party)
            if case.stage in _READY and self._weighs(case)
        )

    def all(self, party: ParticipantId) -> tuple[Case, ...]:
        """A party's cases that were ever opened, by what they are about."""
        return tuple(sorted(self._of(party), key=lambda each: name_of(each.charge)))

    def open(self, party: ParticipantId) -> tuple[Case, ...]:
        """A party's cases that the panel has not closed."""
        return tuple(each for each in self._of(party) if each.stage in _OPEN)

    def is_open(self, party: ParticipantId, charge: Charge) -> bool:
        """Whether the panel has this case before it."""
        case = self._cases.get(party, {}).get(charge)
        return case is not None and case.stage in _OPEN

    def has(self, party: ParticipantId, *stages: CaseStage) -> bool:
        """Whether a party has a case in one of these stages."""
        return any(each.stage in stages for each in self._of(party))

    def within(self, *stages: CaseStage) -> frozenset[ParticipantId]:
        """The parties that have a case in one of these stages."""
        return frozenset(party for party in self._cases if self.has(party, *stages))

    def found_in_breach(self) -> frozenset[ParticipantId]:
        """The parties of whom this cut shows a new breach."""
        past = (*STANDING, CaseStage.APPEALED)
        return frozenset(
            case.party
            for before, case in self.moved
            if case.stage in STANDING and before not in past
        )

    def past(self) -> frozenset[tuple[ParticipantId | None, Charge]]:
        """What this cut closes, opens no longer, or lets the panel hear anew."""
        gone = (CaseStage.NONE, CaseStage.CLOSED, CaseStage.APPEALED)
        return frozenset((case.party, case.charge) for _, case in self.moved if case.stage in gone)

    def ready(self, party: ParticipantId, charges: Iterable[Charge]) -> tuple[Charge, ...]:
        """Of these charges those on which a breach could be determined when this cut began."""
        return tuple(each for each in sorted(charges, key=name_of) if (party, each) in self._ready)

    def answer(self, party: ParticipantId, due: PeriodIndex) -> None:
        """An excuse answers what was found of its period in an earlier cut."""
        for case in self._of(party):
            of_it = isinstance(case.charge, tuple) and case.charge[1] == due
            if of_it and case.since < self.now:
                self._move(case, CaseSign.ANSWERED)

    def find(self, party: ParticipantId, found: Iterable[tuple[Finding, frozenset[Thing]]]) -> None:
        """Take what a verified appraisal finds of its lab; what it finds no longer is withdrawn."""
        things: set[Thing] = set()
        for finding, about in found:
            things |= about
            sign = CaseSign.PROVEN if finding.grade is Grade.CONFIRMED else CaseSign.FOUND
            for thing in sorted(about, key=name_of):
                self.sign(party, thing, sign, grade=finding.grade)
        for case in self._of(party):
            if case.grade is not Grade.UNSUPPORTED and case.charge not in things:
                self._move(case, CaseSign.WITHDRAWN)

    def appeal(self, party: ParticipantId, about: Digest | None) -> bool:
        """An appeal against the determination on this matter; whether it came in time."""
        found = [
            case
            for case in self._of(party)
            if case.stage is CaseStage.DETERMINED and case.matter == about
        ]
        for case in found:
            self._move(case, CaseSign.APPEALED)
        return bool(found)

    def sign(
        self,
        party: ParticipantId,
        charge: Charge,
        sign: CaseSign,
        *,
        grade: Grade | None = None,
        matter: Digest | None = None,
    ) -> None:
        """What the cut shows of one charge; it moves as the table says."""
        none = Case(party=party, charge=charge, stage=CaseStage.NONE, since=self.now)
        case = self._cases.get(party, {}).get(charge, none)
        self._move(case, sign, grade=grade, matter=matter)

    def _of(self, party: ParticipantId) -> tuple[Case, ...]:
        return tuple(self._cases.get(party, {}).values())

    def _move(
        self,
        case: Case,
        sign: CaseSign,
        *,
        grade: Grade | None = None,
        matter: Digest | None = None,
    ) -> None:
        held = self._cases.setdefault(case.party, {})
        best = max(case.grade, grade or case.grade, key=_WEIGHT.__getitem__)
        stage = CASE_TRANSITIONS.get((case.stage, sign))
        if stage is None:
            if case.charge in held and best is not case.grade:
                held[case.charge] = _with(case, case.stage, case.since, best, case.matter)
            return
        if sign in (CaseSign.BREACHED, CaseSign.REFUSED) and stage is CaseStage.DETERMINED:
            stage = stage if self._appeal else CaseStage.FINAL
        elif sign is not CaseSign.EXECUTED:
            matter = case.matter
        held[case.charge] = found = _with(case, stage, self.now, best, matter)
        self.moved.append((case.stage, found))

    def _weighs(self, case: Case) -> bool:
        """Whether it rests on enough; a derogation is reviewed on its own words."""
        of_review = case.charge is REVIEW
        return of_review or _WEIGHT[case.grade] >= _WEIGHT[self._least]

    def _has_run(self, case: Case) -> bool:
        match case.stage:
            case CaseStage.QUERIED:
                return self.now >= case.since + self._clarify
            case CaseStage.DETERMINED | CaseStage.APPEALED:
                return self.now > case.since + self._appeal
            case _:
                return False


def _with(
    case: Case, stage: CaseStage, since: PeriodIndex, grade: Grade, matter: Digest | None
) -> Case:
    return Case(
        party=case.party,
        charge=case.charge,
        stage=stage,
        since=since,
        grade=Grade.UNSUPPORTED if stage is CaseStage.NONE else grade,
        matter=matter,
    )


def name_of(charge: Charge) -> str:
    """What a case is about, in words; no two charges of one party have the same."""
    match charge:
        case None:
            return "the whole"
        case Review():
            return charge.value
        case (fault, period):
            return f"{fault} of period {period}"
        case Digest():
            return f"bundle {charge.hex()}"
        case _:
            return f"of {charge}"


def confirmed_in(appraisal: Appraisal) -> tuple[Finding, ...]:
    """The findings against the lab itself that are proofs."""
    return tuple(
        finding
        for finding in appraisal.findings
        if finding.grade is Grade.CONFIRMED and finding.accused == appraisal.lab
    )


def open_in(appraisal: Appraisal) -> tuple[Finding, ...]:
    """The findings that there is something to excuse of."""
    return tuple(each for each in appraisal.findings if each.grade is not Grade.UNSUPPORTED)


def things_of(finding: Finding, lab: ParticipantId) -> frozenset[Thing]:
    """What a finding of a lab is about; of its meter one proof says as much as many."""
    if finding.accused != lab:
        return frozenset({finding.accused})
    if not finding.periods:
        return frozenset({finding.bundle})
    return frozenset((finding.fault, period) for period in finding.periods)
