"""What has been found of each party: by k verifiers as facts, by the panel as a determination.

Verifiers find facts; only a determination makes a party non-compliant, but for the confirmed
faults that the agreement lets speak for themselves (protocol.md 7.3). Of each member of the panel
the latest word on a party and a matter counts; a recused member has none. A decision uses up the
words that made it, so that the same can be decided again, of what has happened since. A word of
breach counts only on a case of which the accused has had its time to answer (`cases`). What was
said of what has passed decides nothing of what comes: a breach on cases that were ripe when each
member of its quorum spoke, and none is taken back by words that were said before it.

What is found is told apart by fault and period where the finding names periods, else by its
bundle: a bundle of the same breach is another one once more verifiers have spoken of it, and
nobody is excused, or found in breach, of the same thing twice for that.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Set
from typing import TypeAlias

from pausenet.protocol.cases import (
    REVIEW,
    STANDING,
    Case,
    CaseSign,
    CaseStage,
    Charge,
    Docket,
    Thing,
    confirmed_in,
    name_of,
    open_in,
    things_of,
)
from pausenet.protocol.ladder import Ladder
from pausenet.protocol.register import Register
from pausenet.protocol.stages import Sign
from pausenet.statements.determination import Appeal, Determination, Excuse, Outcome, Recusal
from pausenet.statements.finding import Appraisal, Fault, Grade, Status
from pausenet.values import Digest, ParticipantId, PeriodIndex

Matter: TypeAlias = tuple[ParticipantId | None, Digest | None]
Said: TypeAlias = Determination | Recusal | Appraisal | Excuse | Appeal
"""What bears on who is found in breach."""
Word: TypeAlias = tuple[Outcome, frozenset[Charge]]
"""What a member has said of a matter, and on which cases, where it is of a breach or a review."""
Ground: TypeAlias = tuple[ParticipantId, Thing | Outcome]
"""Why a lifted agreement may come back: whom a confirmed fault or a breach is of."""

_DOUBTFUL = (Status.DISCREPANCY, Status.NOT_DEMONSTRATED, Status.BREACH_PROVEN)
_CLEARS = (Outcome.NO_BREACH, Outcome.EXCUSE_ACCEPTED, Outcome.DEROGATION_UPHELD, Outcome.RESTORED)
_BREACHES = (Outcome.NON_COMPLIANT, Outcome.DEROGATION_REFUSED)
_REVIEWS = (Outcome.DEROGATION_UPHELD, Outcome.DEROGATION_REFUSED)


class Tribunal:
    """Appraisals and determinations, as cuts show them."""

    def __init__(self, register: Register) -> None:
        self._register, self._adjudicator = register, register.agreement.adjudicator
        self._said: dict[ParticipantId, dict[Appraisal, set[ParticipantId]]] = {}
        self._verified: dict[ParticipantId, Appraisal] = {}
        self._words: dict[Matter, dict[ParticipantId, Word]] = {}
        self._touched: set[Matter] = set()
        self._recused: set[tuple[ParticipantId, ParticipantId]] = set()
        self._decided: dict[Matter, tuple[Outcome, set[ParticipantId]]] = {}
        self._excused: dict[ParticipantId, set[Thing]] = {}
        self._excused_until: dict[ParticipantId, PeriodIndex] = {}
        self._found: dict[ParticipantId, dict[Digest, frozenset[Thing]]] = {}
        self._docket = Docket(register.agreement)
        self.ladder = Ladder(register.agreement)
        self._overdue: dict[ParticipantId, int] = {}
        self._accused: frozenset[ParticipantId] = frozenset()
        self._spoken: dict[tuple[ParticipantId, Matter], Outcome] = {}
        self._excuses: list[tuple[ParticipantId, PeriodIndex]] = []
        self._appeals: list[tuple[ParticipantId, Digest | None]] = []
        self._charged: list[tuple[ParticipantId, Charge]] = []
        self._new: list[tuple[Matter, Outcome]] = []
        self.news: dict[ParticipantId, Appraisal] = {}
        self.of_all: set[Outcome] = set()

    def begin(self, period: PeriodIndex) -> None:
        """A new cut is taken, of this period."""
        self._accused = self._docket.within(*STANDING, CaseStage.APPEALED)
        self._docket.begin(period)
        self._new, self.news = [], {}
        self._touched, self._spoken = set(), {}
        self._excuses, self._appeals, self._charged = [], [], []

    def hear(self, by: ParticipantId, body: Said) -> None:
        """One statement by an adjudicator, a verifier, or the party that is spoken of."""
        match body:
            case Appraisal():
                self._appraised(by, body)
            case Recusal(party=party):
                self._recused.add((by, party))
            case Excuse(due=due):
                self._excuses.append((by, due))
            case Appeal(about=about):
                self._appeals.append((by, about))
            case Determination(party=party, about=about, outcome=outcome):
                if by in self._adjudicator.panel and (by, party) not in self._recused:
                    self._spoken.pop((by, (party, about)), None)
                    self._spoken[by, (party, about)] = outcome

    def close(self, reviewing: Mapping[ParticipantId, int]) -> tuple[Case, ...]:
        """All of the cut has been heard: see what the panel has decided, and what was proven.

        `reviewing` are those whose derogation waits for its review, each with the period whose
        cut must show it. Gives back the cases that have moved, one after the other.
        """
        # Words first, by what was open when the cut began: all of one cut is simultaneous.
        for (by, matter), outcome in self._spoken.items():
            self._word(by, matter, outcome, reviewing)
        for accused, due in self._excuses:
            self._docket.answer(accused, due)
        for accused, appraisal in self.news.items():
            self._open_cases(accused, appraisal)
        for accused, charge in self._charged:
            self._docket.sign(accused, charge, CaseSign.CHARGED)
        # Breaches first, as their signs are: what is restored in the same cut is restored.
        for breaches in (True, False):
            self._outdate()
            found = [(matter, word) for matter in self._touched if (word := self._decide(matter))]
            found.sort(
                key=lambda new: (new[1] in _CLEARS, new[1], new[0][0] or "", new[0][1] or b"")
            )
            for matter, outcome in found:
                if (outcome in _BREACHES) is breaches:
                    self._settle(matter, outcome)
        for accused, about in self._appeals:
            if self._docket.appeal(accused, about):
                # It is heard anew: by words said from now on.
                self._words.pop((accused, about), None)
                self._decided.pop((accused, about), None)
        for who in sorted({*reviewing} - self.reviewed):
            if self._docket.now >= reviewing[who] != self._overdue.get(who):
                self._overdue[who] = reviewing[who]
                self._docket.sign(who, REVIEW, CaseSign.OVERDUE)
        ended = {who for (who, _), word in self._new if who and word is Outcome.RESTORED}
        self.ladder.take(self._docket.now, self._docket.moved, ended)
        self._forget()
        return tuple(case for _, case in self._docket.moved)

    @property
    def breached(self) -> frozenset[ParticipantId]:
        """Those of whom a breach is determined, not appealed, taken back or restored."""
        return self._docket.within(*STANDING)

    def cases(self, party: ParticipantId) -> tuple[Case, ...]:
        """The cases against a party that were ever opened."""
        return self._docket.all(party)

    def turn(self) -> None:
        """The agreement has taken a turn: what was determined of it before counts no longer."""
        self.of_all.clear()
        for held in (self._words, self._decided):
            for matter in [each for each in held if each[0] is None]:
                del held[matter]

    def _word(
        self,
        by: ParticipantId,
        matter: Matter,
        outcome: Outcome,
        reviewing: Mapping[ParticipantId, int],
    ) -> None:
        """A member's word; who says late what was decided already has joined that decision.

        A word of breach said too early, or on too little, is none; where nothing was open it
        charges the party, which then has its time to answer.
        """
        decided, joined = self._decided.get(matter, (None, set()))
        words = self._words.setdefault(matter, {})
        words.pop(by, None)
        if decided is outcome and by not in joined:
            joined.add(by)
            return
        on = self._on(matter, outcome, reviewing)
        if on is not None:
            words[by] = (outcome, on)
            self._touched.add(matter)

    def _outdate(self) -> None:
        """Words that clear, said before the cut in which a breach comes to stand, are used up."""
        found = self._docket.found_in_breach()
        for matter, words in self._words.items():
            for by, (word, _) in list(words.items()) if matter[0] in found else ():
                if word in _CLEARS and (by, matter) not in self._spoken:
                    del words[by]

    def _forget(self) -> None:
        """A word goes with the cases that it was said on, and where they are heard anew."""
        past = self._docket.past() | {(party, REVIEW) for party in self.reviewed}
        for (party, _), words in self._words.items() if past else ():
            for by, (word, on) in list(words.items()):
                left = frozenset(charge for charge in on if (party, charge) not in past)
                words[by] = (word, left)
                if on and not left:
                    del words[by]

    def _on(
        self, matter: Matter, outcome: Outcome, reviewing: Mapping[ParticipantId, int]
    ) -> frozenset[Charge] | None:
        """On which cases a word counts, None where it does not count at all."""
        party, about = matter
        if party is None or outcome not in (*_BREACHES, *_REVIEWS):
            return frozenset()
        if outcome in _REVIEWS:
            appealed = REVIEW in self._docket.ready(party, (REVIEW,))
            return frozenset({REVIEW}) if party in reviewing or appealed else None
        charges = self._charges(party, about)
        ready = self._docket.ready(party, charges)
        if not ready and not any(self._docket.is_open(party, charge) for charge in charges):
            self._charged += [(party, charge) for charge in charges]
        return frozenset(ready) or None

    def _charges(self, party: ParticipantId, about: Digest | None) -> tuple[Charge, ...]:
        """What a word on a matter is on: what the finding shows; without one, all that is open."""
        if about is not None:
            return tuple(sorted(self._found.get(party, {}).get(about, (about,)), key=name_of))
        return tuple(case.charge for case in self._docket.open(party)) or (None,)

    def _open_cases(self, party: ParticipantId, appraisal: Appraisal) -> None:
        """What a verified appraisal finds of the lab itself opens a case, or is executed."""
        found = [
            (finding, things_of(finding, party))
            for finding in open_in(appraisal)
            if finding.accused == party and not finding.against_a_revoked_key
        ]
        self._docket.find(party, found)
        for finding, things in found:
            executes = finding.fault in self._adjudicator.self_executing
            if executes and finding.grade is Grade.CONFIRMED:
                for thing in sorted(things, key=name_of):
                    self._docket.sign(party, thing, CaseSign.EXECUTED, matter=finding.bundle)

    def _decide(self, matter: Matter) -> Outcome | None:
        """What the panel has decided of a matter it spoke of in this cut, if it has."""
        words = {word for word, _ in self._words[matter].values()}
        found = [word for word in words if len(self._say(matter, word)) >= self._adjudicator.quorum]
        if len(found) != 1:  # a quorum of less than half can be met by two outcomes
            return None
        is_empty = found[0] is Outcome.NON_COMPLIANT and not self._upheld(matter)
        return None if is_empty else found[0]

    def _say(self, matter: Matter, outcome: Outcome) -> dict[ParticipantId, frozenset[Charge]]:
        """Who says this of a matter and is not recused from it, each with its cases."""
        party = matter[0]
        return {
            by: on
            for by, (word, on) in self._words[matter].items()
            if word is outcome and (party is None or (by, party) not in self._recused)
        }

    def _upheld(self, matter: Matter) -> tuple[Charge, ...]:
        """The cases on which a quorum says that there is a breach, each when it was ripe."""
        said = self._say(matter, Outcome.NON_COMPLIANT).values()
        times = Counter(charge for on in said for charge in on)
        found = [charge for charge, number in times.items() if number >= self._adjudicator.quorum]
        return () if matter[0] is None else self._docket.ready(matter[0], found)

    def _settle(self, matter: Matter, outcome: Outcome) -> None:
        """A decision uses up the words that made it, and has what follows from it."""
        upheld = self._upheld(matter)
        self._new.append((matter, outcome))
        self._decided[matter] = (outcome, set(self._say(matter, outcome)))
        self._words[matter].clear()
        self._follow(*matter, outcome, upheld)

    @property
    def reviewed(self) -> frozenset[ParticipantId]:
        """Those whose derogation this cut shows to be upheld, or who are restored after it."""
        ends = (Outcome.DEROGATION_UPHELD, Outcome.RESTORED)
        return frozenset(party for (party, _), outcome in self._new if party and outcome in ends)

    def signs(self, party: ParticipantId) -> set[Sign]:
        """What the cut shows of one party."""
        found: set[Sign] = set()
        for (who, _), outcome in self._new:
            cleared = who == party and outcome in (Outcome.NO_BREACH, Outcome.RESTORED)
            if cleared and not self._docket.has(party, *STANDING):
                found.add(Sign.RESTORED)
        fresh = any(
            case.party == party and case.stage in STANDING and before not in STANDING
            for before, case in self._docket.moved
        )
        if fresh:
            found.add(Sign.BREACHED)
        appealed = self._docket.has(party, CaseStage.APPEALED)
        if (fresh or party in self._accused) and not self._docket.has(party, *STANDING):
            found.add(Sign.APPEALED if appealed else Sign.RESTORED)
        appraisal = self._verified.get(party)
        doubtful = appraisal is not None and appraisal.status in _DOUBTFUL
        if appealed or (doubtful and appraisal is not None and not self.excused(appraisal)):
            found.add(Sign.DOUBTED)
        elif appraisal is not None:
            found.add(Sign.CLEARED)
        return found

    def excused(self, appraisal: Appraisal) -> bool:
        """Whether all that an appraisal finds has been excused, or found to be no breach.

        Where it finds nothing that has a name, the excuse holds for its own period and those
        before: what was not demonstrated once is no leave to demonstrate nothing any more.
        """
        excused = self._excused.get(appraisal.lab, set())
        findings = open_in(appraisal)
        if not findings:
            return appraisal.period <= self._excused_until.get(appraisal.lab, -1)
        return all(
            each.bundle in excused or things_of(each, appraisal.lab) <= excused for each in findings
        )

    def grounds(self, faults: tuple[Fault, ...]) -> frozenset[Ground]:
        """The breaches determined, and the confirmed findings of these faults, of anybody."""
        proven = {
            (appraisal.lab, thing)
            for appraisal in self._verified.values()
            for finding in confirmed_in(appraisal)
            if finding.fault in faults
            for thing in things_of(finding, appraisal.lab)
        }
        final = self._docket.within(CaseStage.FINAL)  # what can be appealed brings nothing back yet
        return frozenset({*proven, *((who, Outcome.NON_COMPLIANT) for who in final)})

    def known(self) -> frozenset[Ground]:
        """Everything that could be a ground now."""
        return self.grounds(tuple(Fault))

    def _appraised(self, by: ParticipantId, body: Appraisal) -> None:
        held = self._verified.get(body.lab)
        if held is not None and (body.period, body.view) <= (held.period, held.view):
            return
        said = self._said.setdefault(body.lab, {})
        said_by = said.setdefault(body, set())
        said_by.add(by)
        court = self._register.under(body.period)
        if len(said_by & set(court.verifiers)) >= court.quorum.k:
            self._verified[body.lab] = self.news[body.lab] = body
            found = self._found.setdefault(body.lab, {})
            found.update(
                {finding.bundle: things_of(finding, body.lab) for finding in body.findings}
            )
            rank = (body.period, body.view)
            later = {each: who for each, who in said.items() if (each.period, each.view) > rank}
            self._said[body.lab] = later

    def _follow(
        self,
        party: ParticipantId | None,
        about: Digest | None,
        outcome: Outcome,
        upheld: tuple[Charge, ...],
    ) -> None:
        """What a decision changes. Where it is about one finding, it changes nothing else."""
        if party is None:
            self.of_all.add(outcome)
            return
        known = self._found.get(party, {}).get(about) if about else None
        things: set[Thing | None] = {about, *(known or ())}
        charges = {case.charge for case in self._docket.open(party)}
        match outcome:
            case Outcome.NON_COMPLIANT:
                for charge in upheld:
                    self._docket.sign(party, charge, CaseSign.BREACHED, matter=about)
            case Outcome.DEROGATION_REFUSED:
                self._docket.sign(party, REVIEW, CaseSign.REFUSED, matter=about)
            case Outcome.DEROGATION_UPHELD:
                self._clear(party, {REVIEW} & charges)
            case Outcome.EXCUSE_ACCEPTED:
                self._excuse(party, things, whole=about is None)
                self._clear(party, charges if about is None else charges & things)
            case Outcome.NO_BREACH:
                whole = about is None or (known is None and about not in charges)
                self._excuse(party, things, whole=whole)
                self._clear(party, charges if whole else charges & things)
            case Outcome.RESTORED:
                self._excuse(party, things, whole=True)
                self._clear(party, charges)
            case _:
                pass

    def _clear(self, party: ParticipantId, charges: Set[Charge]) -> None:
        """The panel closes these cases."""
        for charge in sorted(charges, key=name_of):
            self._docket.sign(party, charge, CaseSign.CLEARED)

    def _excuse(self, party: ParticipantId, things: set[Thing | None], *, whole: bool) -> None:
        """Excuse these things, or the whole of what is open."""
        excused = self._excused.setdefault(party, set())
        excused.update(thing for thing in things if thing is not None)
        appraisal = self._verified.get(party)
        if whole and appraisal is not None:
            excused.update(thing for each in open_in(appraisal) for thing in things_of(each, party))
            self._excused_until[party] = appraisal.period
