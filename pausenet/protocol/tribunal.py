"""What has been found of each party: by k verifiers as facts, by the panel as a determination.

Verifiers find facts; only a determination makes a party non-compliant, but for the confirmed
faults that the agreement lets speak for themselves (protocol.md 7.3). Of each member of the panel
the latest word on a party and a matter counts; a recused member has none.
"""

from __future__ import annotations

from typing import TypeAlias

from pausenet.protocol.register import Register
from pausenet.protocol.stages import Sign
from pausenet.statements.determination import Determination, Outcome, Recusal
from pausenet.statements.finding import Appraisal, Fault, Finding, Grade, Status
from pausenet.values import Digest, ParticipantId

Matter: TypeAlias = tuple[ParticipantId | None, Digest | None]
Ground: TypeAlias = tuple[ParticipantId, Digest | Outcome]
"""Why a lifted agreement may come back: whom a confirmed fault or a breach is of."""

_DOUBTFUL = (Status.DISCREPANCY, Status.NOT_DEMONSTRATED, Status.BREACH_PROVEN)
_CLEARS = (Outcome.NO_BREACH, Outcome.EXCUSE_ACCEPTED, Outcome.DEROGATION_UPHELD, Outcome.RESTORED)


class Tribunal:
    """Appraisals and determinations, as cuts show them."""

    def __init__(self, register: Register) -> None:
        self._register, self._adjudicator = register, register.agreement.adjudicator
        self._said: dict[Appraisal, set[ParticipantId]] = {}
        self._verified: dict[ParticipantId, Appraisal] = {}
        self._words: dict[tuple[ParticipantId, Matter], Outcome] = {}
        self._recused: set[tuple[ParticipantId, ParticipantId]] = set()
        self._decided: dict[Matter, Outcome] = {}
        self._excused: dict[ParticipantId, set[Digest | Status]] = {}
        self._new: list[tuple[Matter, Outcome]] = []
        self._executed: set[Digest] = set()
        self._fresh_faults: set[ParticipantId] = set()
        self.breached: set[ParticipantId] = set()
        self.news: dict[ParticipantId, Appraisal] = {}
        self.of_all: set[Outcome] = set()

    def begin(self) -> None:
        """A new cut is taken."""
        self._new, self.news, self._fresh_faults = [], {}, set()

    def hear(self, by: ParticipantId, body: Determination | Recusal | Appraisal) -> None:
        """One statement by an adjudicator or a verifier."""
        match body:
            case Appraisal():
                self._appraised(by, body)
            case Recusal(party=party):
                self._recused.add((by, party))
            case Determination(party=party, about=about, outcome=outcome):
                if by in self._adjudicator.panel:
                    self._words[by, (party, about)] = outcome

    def close(self) -> None:
        """All of the cut has been heard: see what the panel has decided, and what was proven."""
        votes: dict[tuple[Matter, Outcome], int] = {}
        for (by, matter), outcome in self._words.items():
            if matter[0] is None or (by, matter[0]) not in self._recused:
                votes[matter, outcome] = votes.get((matter, outcome), 0) + 1
        for (matter, outcome), count in votes.items():
            if count >= self._adjudicator.quorum and self._decided.get(matter) is not outcome:
                self._decided[matter] = outcome
                self._new.append((matter, outcome))
                self._follow(matter[0], outcome)
        for party, appraisal in self.news.items():
            for finding in _confirmed(appraisal):
                speaks = finding.fault in self._adjudicator.self_executing
                if speaks and finding.bundle not in self._executed:
                    self._executed.add(finding.bundle)
                    self._fresh_faults.add(party)
                    self.breached.add(party)

    def turn(self) -> None:
        """The agreement has taken a turn: what was determined of it before counts no longer."""
        self.of_all.clear()
        self._words = {key: word for key, word in self._words.items() if key[1][0] is not None}
        self._decided = {m: outcome for m, outcome in self._decided.items() if m[0] is not None}

    def signs(self, party: ParticipantId) -> set[Sign]:
        """What the cut shows of one party."""
        found: set[Sign] = set()
        for (who, _), outcome in self._new:
            if who != party:
                continue
            if outcome in (Outcome.NON_COMPLIANT, Outcome.DEROGATION_REFUSED):
                found.add(Sign.BREACHED)
            elif outcome in (Outcome.NO_BREACH, Outcome.RESTORED):
                found.add(Sign.RESTORED)
        if party in self._fresh_faults:
            found.add(Sign.BREACHED)
        appraisal = self._verified.get(party)
        if appraisal is not None:
            doubt = appraisal.status in _DOUBTFUL and not self.excused(appraisal)
            found.add(Sign.DOUBTED if doubt else Sign.CLEARED)
        return found

    def excused(self, appraisal: Appraisal) -> bool:
        """Whether all that an appraisal finds has been excused, or found to be no breach."""
        excused = self._excused.get(appraisal.lab, set())
        return _matters(appraisal) <= excused

    def grounds(self, faults: tuple[Fault, ...]) -> frozenset[Ground]:
        """The breaches determined, and the confirmed findings of these faults, of anybody."""
        proven = {
            (appraisal.lab, finding.bundle)
            for appraisal in self._verified.values()
            for finding in _confirmed(appraisal)
            if finding.fault in faults
        }
        return frozenset({*proven, *((who, Outcome.NON_COMPLIANT) for who in self.breached)})

    def known(self) -> frozenset[Ground]:
        """Everything that could be a ground now."""
        return self.grounds(tuple(Fault))

    def _appraised(self, by: ParticipantId, body: Appraisal) -> None:
        said_by = self._said.setdefault(body, set())
        said_by.add(by)
        held = self._verified.get(body.lab)
        later = held is None or (held.period, held.view) < (body.period, body.view)
        court = self._register.under(body.period)
        if later and len(said_by & set(court.verifiers)) >= court.quorum.k:
            self._verified[body.lab] = self.news[body.lab] = body

    def _follow(self, party: ParticipantId | None, outcome: Outcome) -> None:
        if party is None:
            self.of_all.add(outcome)
        elif outcome in (Outcome.NON_COMPLIANT, Outcome.DEROGATION_REFUSED):
            self.breached.add(party)
        elif outcome in _CLEARS:
            appraisal = self._verified.get(party)
            if appraisal is not None:
                self._excused.setdefault(party, set()).update(_matters(appraisal))
            if outcome in (Outcome.NO_BREACH, Outcome.RESTORED):
                self.breached.discard(party)


def _confirmed(appraisal: Appraisal) -> tuple[Finding, ...]:
    """The findings against the lab itself that are proofs."""
    return tuple(
        finding
        for finding in appraisal.findings
        if finding.grade is Grade.CONFIRMED and finding.accused == appraisal.lab
    )


def _matters(appraisal: Appraisal) -> set[Digest | Status]:
    """What there is to excuse: each finding by its bundle, or a status that rests on none."""
    found: set[Digest | Status] = {
        finding.bundle for finding in appraisal.findings if finding.grade is not Grade.UNSUPPORTED
    }
    return found or {appraisal.status}
