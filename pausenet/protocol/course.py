"""The course of one agreement, cut by cut: who is held, what binds them, where each stands."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from enum import Enum
from typing import TypeVar

from pausenet.protocol.amending import Amending
from pausenet.protocol.banding import Banding
from pausenet.protocol.cases import Case
from pausenet.protocol.conditions import Gauge
from pausenet.protocol.easing import Easings
from pausenet.protocol.hearing import Heard
from pausenet.protocol.joining import SOON, Joining, lag_of, least_notice, signatories
from pausenet.protocol.ladder import Ladder
from pausenet.protocol.register import Register
from pausenet.protocol.stages import Sign, move
from pausenet.protocol.staging import Staging
from pausenet.protocol.terms import Terms
from pausenet.protocol.tribunal import Ground, Tribunal
from pausenet.statements.accession import Acceptance
from pausenet.statements.clauses.course import Derogation as DerogationClause
from pausenet.statements.clauses.course import PeerConditional, SnapBack
from pausenet.statements.clauses.course import Withdrawal as WithdrawalClause
from pausenet.statements.declaration import Declaration, Ratification
from pausenet.statements.determination import (
    Appeal,
    Determination,
    Excuse,
    Objection,
    Outcome,
    Recusal,
)
from pausenet.statements.exits import Assent, Derogation, Retraction, Withdrawal
from pausenet.statements.finding import Appraisal
from pausenet.statements.indicator import Incident, Indicator
from pausenet.statements.movement import Notification
from pausenet.statements.proposal import Proposal
from pausenet.statements.stage import Bar, Ceiling, Easing, PartyStage, Span
from pausenet.values import INTEGER_MAX, ParticipantId, PeriodIndex

C = TypeVar("C")


class Phase(Enum):
    """Whether the pause is on."""

    WAITING = "the trigger has not been met"
    ON = "the trigger has been met"
    LIFTED = "the lift rule has been met"


class Course:
    """Walks an agreement through network cuts in the order in which they contain each other."""

    def __init__(self, register: Register) -> None:
        self._register, self._agreement = register, register.agreement
        agreement = register.agreement
        self._labs = signatories(register)
        schedule = agreement.schedule
        self._lag = lag_of(schedule)
        self._notice = schedule.notice_periods
        self._joining = Joining(register)
        self._gauge = Gauge()
        self._staging = Staging(agreement)
        self._banding = Banding(agreement, self._labs)
        self._easings = Easings(agreement)
        self.amending = Amending(agreement)
        self._tribunal = Tribunal(register)
        self._phase = Phase.WAITING
        self._triggered: PeriodIndex | None = None
        self._terms = {party: Terms() for party in self._labs}
        self._exits: dict[ParticipantId, int] = {}
        self._noticed: dict[ParticipantId, int] = {}
        self._resumes: dict[ParticipantId, int] = {}
        self._returning: set[ParticipantId] = set()
        self._released: set[ParticipantId] = set()
        self._unreviewed: dict[ParticipantId, int] = {}
        self._bad: dict[ParticipantId, int] = {}
        self._snapped = False
        self._known_before_lift: frozenset[Ground] = frozenset()
        self._latest = -1
        self._held_over: list[tuple[ParticipantId, Heard]] = []
        self.moves: list[tuple[PeriodIndex, Case]] = []
        self.held: set[ParticipantId] = set()
        self.activated: dict[ParticipantId, PeriodIndex] = {}
        self.stages = dict.fromkeys(self._labs, PartyStage.DRAFTED)

    def bound(self, party: ParticipantId) -> tuple[Span, ...]:
        """The periods that bind a party, as far as the cuts taken can say."""
        return self._terms[party].bound()

    def caps(self, party: ParticipantId) -> tuple[Ceiling, ...]:
        """The limits of the staged cap for a party, as far as the cuts taken can say."""
        return self._staging.ceilings(party)

    def barred(self, party: ParticipantId) -> tuple[Bar, ...]:
        """The runs of a party that an objection bars, as far as the cuts taken can say."""
        return self._banding.barred(party)

    @property
    def eased(self) -> tuple[Easing, ...]:
        """What single clauses do not ask, as far as the cuts taken can say."""
        return self._easings.easings()

    def cases(self, party: ParticipantId) -> tuple[Case, ...]:
        """The cases against a party that the cuts have opened."""
        return self._tribunal.cases(party)

    @property
    def ladder(self) -> Ladder:
        """On which rung breaches have put each party, and what it has lost."""
        return self._tribunal.ladder

    def take(self, period: PeriodIndex, said: Iterable[tuple[ParticipantId, Heard]]) -> None:
        """Take one cut: what is new in it, all of it at once.

        The words of a late cut, of an earlier period than one taken already, wait for the next:
        as of their own period they would change what is past.
        """
        if period < self._latest:
            self._held_over += said
            return
        said, self._latest, self._held_over = (*self._held_over, *said), int(period), []
        signs: dict[ParticipantId, set[Sign]] = {party: {Sign.TABLED} for party in self._labs}
        leaving: list[ParticipantId] = []
        asides: list[tuple[ParticipantId, Derogation]] = []
        self._joining.begin()
        self._tribunal.begin(period)
        for by, body in said:
            self._hear(by, body, leaving, asides)
        self.moves += ((period, case) for case in self._tribunal.close(self._unreviewed))
        for party in self._joining.count(period, set(leaving), frozenset(self.held)):
            self.held.add(party)
            self.activated[party] = period
            self._join(party, period)
        for party in self._labs:
            signs[party] |= self._joining.signs(party)
        self._return(period, signs)
        self._turn(period)
        self._leave(period, leaving, signs)
        self._set_aside(period, asides)
        self._watch_peers(period)
        self._stage_caps(period)
        for party in self._labs:
            signs[party] |= self._show(party, period)
            self.stages[party] = move(self.stages[party], frozenset(signs[party]))

    # -------------------------------------------------------------- what is heard

    def _hear(
        self,
        by: ParticipantId,
        body: Heard,
        leaving: list[ParticipantId],
        asides: list[tuple[ParticipantId, Derogation]],
    ) -> None:
        is_party = by in self._terms
        match body:
            case Ratification() | Declaration() | Acceptance() if is_party:
                self._joining.hear(by, body)
            case Withdrawal() if is_party:
                leaving.append(by)
            case Retraction() if is_party:
                self._returning.add(by)
            case Derogation() if is_party:
                asides.append((by, body))
            case Proposal() if is_party:
                self.amending.hear(by, body)
            case Assent(lift=lift) if is_party:
                self._gauge.assented(by, lift)
            case Indicator() | Incident():
                for each in (self._gauge, self._staging, self._easings):
                    each.hear(by, body)
            case Notification() | Objection():
                self._banding.hear(by, body)
            case Excuse() | Appeal() if is_party:
                self._tribunal.hear(by, body)
            case Determination(party=party) if self._joining.is_outside(party):
                pass  # nothing is found of who has not been let in
            case Determination() | Recusal() | Appraisal():
                self._tribunal.hear(by, body)
                if isinstance(body, Recusal):
                    self._banding.hear(by, body)
            case _:
                pass

    # -------------------------------------------------------------- what follows for all

    def _clause(self, kind: type[C]) -> C | None:
        return next((each for each in self._agreement.clauses if isinstance(each, kind)), None)

    def _after(self, periods: int) -> int:
        """How many periods after a cut's own a change takes effect that has this notice.

        The cut of a period is taken `lag` periods and more after the period's end: notice runs
        from then, so that who is bound knows it before the period begins.
        """
        return self._lag + max(SOON, periods)

    def _members(self) -> list[ParticipantId]:
        """Those whom the agreement holds, in the order of the signatories."""
        return [party for party in self._labs if party in self.held]

    def _join(self, party: ParticipantId, period: PeriodIndex) -> None:
        """A party that comes to an agreement that is on already is bound after the notice.

        Who accedes is bound no sooner than after its wait, whenever the pause is on.
        """
        self._terms[party].wait(period + least_notice(self._register, party))
        if self._phase is Phase.ON:
            self._terms[party].begin(period + self._notice)

    def _turn(self, period: PeriodIndex) -> None:
        """Meet the trigger, the lift rule or a snap-back; one turn a cut at the most."""
        rules = (self._agreement.trigger, self._agreement.lift)
        self._gauge.count(rules, period)
        snap = self._clause(SnapBack)
        if self._phase is Phase.ON:
            if snap is not None and self._is_vetoed(snap, period):
                self._phase, self._snapped = Phase.LIFTED, False
                self._known_before_lift = self._tribunal.known()
                self._after_turn(lambda terms: terms.end(period + self._after(SOON)))
            elif self.held.isdisjoint(self._tribunal.breached) and self._met(1, period):
                self._phase = Phase.LIFTED
                self._known_before_lift = self._tribunal.known()
                self._after_turn(lambda terms: terms.end(period + self._after(SOON)))
            return
        if self._phase is Phase.LIFTED and snap is not None and self._snaps(snap):
            self._phase, self._triggered, self._snapped = Phase.ON, period, True
            delay = self._after(snap.after_periods)
            self._after_turn(lambda terms: terms.begin(period + delay))
        elif self._met(0, period):
            self._phase, self._triggered, self._snapped = Phase.ON, period, False
            self._after_turn(lambda terms: terms.begin(period + self._notice))

    def _met(self, which: int, period: PeriodIndex) -> bool:
        rule = (self._agreement.trigger, self._agreement.lift)[which]
        outcome = (Outcome.TRIGGER_MET, Outcome.LIFT_MET)[which]
        return bool(self.held) and self._gauge.met(
            rule,
            period=period,
            ratified=self._phase is Phase.WAITING,
            triggered=self._triggered,
            anew=which == 0 and self._phase is Phase.LIFTED,
            parties=self._members(),
            decided=outcome in self._tribunal.of_all,
        )

    def _after_turn(self, change: Callable[[Terms], None]) -> None:
        self._gauge.turn()
        self._tribunal.turn()
        for party in self._members():
            if party not in self._released:
                change(self._terms[party])
                self._until_out(party)

    def _until_out(self, party: ParticipantId) -> None:
        """Whatever binds a party that has given notice ends when the notice has run."""
        if party in self._exits:
            terms = self._terms[party]
            if terms.open:
                self._resumes[party] = terms.since
            terms.end(self._exits[party])

    def _snaps(self, clause: SnapBack) -> bool:
        """Whether one of the clause's faults, or a breach, has been found since the lift."""
        return bool(self._tribunal.grounds(clause.faults) - self._known_before_lift)

    def _is_vetoed(self, clause: SnapBack, period: PeriodIndex) -> bool:
        """Whether most of those who are not in breach want no snap-back, before it binds."""
        if not (clause.veto and self._snapped) or self._triggered is None:
            return False
        blamed = {who for who, _ in self._tribunal.grounds(clause.faults) - self._known_before_lift}
        voters = self.held - blamed - self._tribunal.breached
        against = self._gauge.assenting(voters)
        return period < self._triggered + self._after(clause.after_periods) and (
            2 * len(against) > len(voters)
        )

    def _stage_caps(self, period: PeriodIndex) -> None:
        """Count milestones met and objections made, and from when on time brings stages."""
        self._staging.count(period, self._after(SOON))
        self._banding.count(period, self._after(SOON))
        self.amending.count(period, self._after(SOON), self.held)
        self._easings.count(
            period, self._after(SOON), held=bool(self.held), triggered=self._triggered
        )
        for party in self._labs:
            spans = self._terms[party].bound()
            if spans:
                self._staging.begins(party, spans[0].start)

    # -------------------------------------------------------------- what follows for one

    def _return(self, period: PeriodIndex, signs: dict[ParticipantId, set[Sign]]) -> None:
        """A notice of an earlier cut can be taken back while the cooling-off runs.

        Only in time to be bound on without a break: nobody is free in between.
        """
        clause = self._clause(WithdrawalClause)
        cooling_off = 0 if clause is None else clause.cooling_off_periods
        for party in sorted(self._returning & self._exits.keys() & self.held):
            noticed, out = self._noticed[party], self._exits[party]
            if period + self._after(SOON) > out or not noticed < period <= noticed + cooling_off:
                continue
            del self._exits[party]
            signs[party].add(Sign.RETURNS)
            if self._phase is Phase.ON and party not in self._released:
                self._terms[party].begin(max(out, self._resumes.get(party, 0)))
        self._returning.clear()

    def _leave(
        self,
        period: PeriodIndex,
        leaving: list[ParticipantId],
        signs: dict[ParticipantId, set[Sign]],
    ) -> None:
        """Notice runs from the cut that holds it; before activation it changes nothing."""
        clause = self._clause(WithdrawalClause)
        notice = self._after(self._notice if clause is None else clause.notice_periods)
        for party in leaving:
            if party in self.held and party not in self._exits:
                self._exits[party] = period + notice
                self._noticed[party] = int(period)
                self._until_out(party)
                signs[party].add(Sign.WITHDRAWN)
        for party, at in self._exits.items():
            if period >= at and party in self.held:
                self.held.discard(party)
                signs[party].add(Sign.EXITS)

    def _set_aside(
        self, period: PeriodIndex, asides: list[tuple[ParticipantId, Derogation]]
    ) -> None:
        """A derogation counts within the bounds of its clause, and in no other case.

        The next counts only once the panel has reviewed the one before: a row of them would be
        a way out.
        """
        clause = self._clause(DerogationClause)
        for party in self._tribunal.reviewed:
            self._unreviewed.pop(party, None)
        for party, body in asides:
            if clause is None or party not in self.held or party in self._unreviewed:
                continue
            early = period + self._after(clause.notice_periods)
            until = body.start + body.periods
            if body.start < early or body.periods > clause.periods_max or until > INTEGER_MAX:
                continue
            self._terms[party].interrupt(body.start, PeriodIndex(until))
            self._unreviewed[party] = until + clause.review_periods

    def _watch_peers(self, period: PeriodIndex) -> None:
        """Who is bound only while its peers are in order is released when one is not."""
        clause = self._clause(PeerConditional)
        if clause is None:
            return
        bad: set[ParticipantId] = set()
        for party in self._labs:
            appraisal = self._tribunal.news.get(party)
            if appraisal is not None and self._terms[party].binds(appraisal.period):
                fine = appraisal.status in clause.statuses or self._tribunal.excused(appraisal)
                self._bad[party] = 0 if fine else self._bad.get(party, 0) + 1
            left = party in self._exits and party not in self.held
            if left or self._bad.get(party, 0) > clause.grace_periods:
                bad.add(party)
        for party in self._members():
            if bad - {party} and party not in self._released:
                self._released.add(party)
                self._terms[party].end(period + self._after(SOON))
            elif not bad - {party} and party in self._released:
                self._released.discard(party)
                if self._phase is Phase.ON:
                    self._terms[party].begin(period + self._after(SOON))
                    self._until_out(party)

    def _show(self, party: ParticipantId, period: PeriodIndex) -> set[Sign]:
        """The signs of a party that follow from what binds it and what was found of it."""
        found = self._tribunal.signs(party)
        if party not in self.held:
            return found & {Sign.BREACHED} if party in self._exits else set()
        if party in self._exits and found & {Sign.RESTORED, Sign.APPEALED}:
            found.add(Sign.WITHDRAWN)  # no longer in breach, and in notice as before
        terms, stage = self._terms[party], self.stages[party]
        if terms.binds(period):
            found.add(Sign.SNAPS_BACK if self._snapped else Sign.BINDS)
            if stage is PartyStage.CONDITIONAL:
                found.add(Sign.BINDS)
            found.add(Sign.DEROGATES if terms.interrupted(period) else Sign.RESUMES)
        else:
            found -= {Sign.DOUBTED}
            if party not in self._exits:
                found.add(Sign.RELEASED)
        return found
