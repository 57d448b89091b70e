"""A course walked cut by cut, without logs and verifiers: only what the cuts say."""

from __future__ import annotations

from typing import Self

from pausenet.protocol.course import Course
from pausenet.protocol.hearing import Heard
from pausenet.protocol.register import Register
from pausenet.statements.declaration import Ratification
from pausenet.statements.determination import Determination, Outcome
from pausenet.statements.exits import Assent
from pausenet.statements.finding import Appraisal, Claim, Fault, Finding, Grade, Status, Support
from pausenet.statements.stage import PartyStage, Span
from pausenet.values import Digest
from tests.protocol.paper import index, name

Said = tuple[str, Heard]
"""Who says something, and what."""


class Walk:
    """A course from the cut of period 0 on, in which every party ratifies unless told otherwise."""

    def __init__(self, held: Register, *, ratified: bool = True) -> None:
        self.held, self.course, self.period = held, Course(held), 0
        if ratified:
            body = Ratification(agreement=held.agreement_digest, until=index(99))
            self.cut(*((str(who), body) for who in held.agreement.parties))

    def cut(self, *said: Said, times: int = 1) -> Self:
        """Take the next cut, which says this; then as many more as told, which say nothing."""
        for number in range(times):
            words = said if number == 0 else ()
            self.course.take(index(self.period), [(name(who), body) for who, body in words])
            self.period += 1
        return self

    def bound(self, who: str) -> list[tuple[int, int | None]]:
        return [(span.start, span.until) for span in self.course.bound(name(who))]

    def stage(self, who: str) -> PartyStage:
        return self.course.stages[name(who)]

    def assents(self, *labs: str, lift: bool = True) -> list[Said]:
        digest = self.held.agreement_digest
        return [(who, Assent(agreement=digest, lift=lift)) for who in labs]

    def decides(
        self, outcome: Outcome, party: str | None, *judges: str, about: Digest | None = None
    ) -> list[Said]:
        body = Determination(
            agreement=self.held.agreement_digest,
            outcome=outcome,
            party=None if party is None else name(party),
            about=about,
            reasons="heard",
        )
        return [(who, body) for who in judges]

    def breach(self, party: str, *, about: Digest | None = None) -> Self:
        """A quorum of the panel charges a party, and says so again once it could answer."""
        panel = self.held.agreement.adjudicator
        judges = panel.panel[: panel.quorum]
        for _ in range(2):
            self.cut(*self.decides(Outcome.NON_COMPLIANT, party, *judges, about=about))
        return self

    def finding(self, lab: str, fault: Fault, bundle: str = "") -> Finding:
        """A finding of the period before; of a proof by its bundle alone."""
        proof = fault in (Fault.F1, Fault.F6)
        return Finding(
            fault=fault,
            grade=Grade.CONFIRMED if proof else Grade.PLAUSIBLE,
            claim="",
            accused=name(lab),
            periods=() if fault is Fault.F1 else (index(self.period - 1),),
            bundle=Digest.of(bundle.encode() or f"{fault} {lab} {self.period}".encode()),
        )

    def appraised(self, lab: str, status: Status, *faults: Fault | Finding) -> list[Said]:
        """The appraisal of the period before, by k verifiers."""
        findings = (f if isinstance(f, Finding) else self.finding(lab, f) for f in faults)
        body = Appraisal(
            period=index(self.period - 1),
            view=0,
            cut=Digest.of(b"cut"),
            rules=Digest.of(b"rules"),
            agreement=self.held.agreement_digest,
            lab=name(lab),
            stage=PartyStage.IN_FORCE,
            bound=(Span(start=index(2), until=None),),
            corrections=0,
            lowered=(),
            status=status,
            claims=tuple((claim, Support.NO_CONCLUSION) for claim in Claim),
            findings=tuple(findings),
        )
        return [(str(who), body) for who in sorted(self.held.verifiers)[: self.held.quorum.k]]
