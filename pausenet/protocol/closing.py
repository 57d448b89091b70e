"""What a verifier does when a period closes: silence, cut, endorsement, appraisal (7.1, 7.2).

Every duty is judged by what stands in the logs, never by what was done before: after a crash the
same question gets the same answer, and nothing is said twice.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from pausenet.protocol.appraisal import Appraise, Appraised, appraise_cut
from pausenet.protocol.cut import KnownFault
from pausenet.protocol.cutdesk import Answer, CutDesk
from pausenet.protocol.epochs import Epoch
from pausenet.protocol.inspecting import Fixed
from pausenet.protocol.joining import candidates
from pausenet.protocol.logbook import LogBook
from pausenet.protocol.messages import Effect, Told, report
from pausenet.protocol.prosecution import Prosecution
from pausenet.protocol.publisher import Draft, Publisher
from pausenet.protocol.reader import StatementReader
from pausenet.protocol.record import listed_faults
from pausenet.protocol.register import Member, Register
from pausenet.statements.codec import Kind, Statement, Subject
from pausenet.statements.cut import VIEW_MAX, Cut, Endorsement, Silence
from pausenet.statements.finding import Appraisal
from pausenet.values import (
    Digest,
    NetworkTime,
    Origin,
    ParticipantId,
    PeriodIndex,
    TreeSize,
)

PENDING_MAX: Final = 64
"""The most cuts of one proposer that wait to be judged."""

EVIDENCE_CUTS_MAX: Final = 16
"""For how many of the latest cuts the evidence of their appraisals is kept."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Agreed:
    """An appraisal that k verifiers have made byte for byte."""

    appraisal: Appraisal
    verifiers: tuple[ParticipantId, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Missing:
    """Entries of a log that a cut names and that are not held; the peer who named them has them."""

    peer: ParticipantId
    origin: Origin
    size: int


class Closing:
    """The duties at a period's close, for one verifier.

    What it remembers of cuts, endorsements and appraisals grows with the verifiers' logs, which
    hold them: any may still be counted. Evidence and waiting cuts are bounded.
    """

    def __init__(
        self,
        register: Register,
        me: ParticipantId,
        book: LogBook,
        publisher: Publisher,
        prosecution: Prosecution,
        appraise: Appraise = appraise_cut,
    ) -> None:
        self._register, self._me, self._book, self._appraise_cut = register, me, book, appraise
        self._publisher, self._prosecution = publisher, prosecution
        self._desk = CutDesk(register, me, book, prosecution)
        self._schedule = register.agreement.schedule
        self._closed = -1
        self._advanced_at = NetworkTime(0)
        self._first_open = 0
        self._open: tuple[PeriodIndex, ...] = ()
        self._cuts: dict[Digest, tuple[Cut, ParticipantId, Epoch]] = {}
        self._endorsers: dict[Digest, set[ParticipantId]] = {}
        self._pending: dict[Digest, None] = {}
        self._mine_endorsed: dict[tuple[PeriodIndex, int], Digest] = {}
        self._last_endorsed: Digest | None = None
        self._mine_proposed: set[tuple[PeriodIndex, int]] = set()
        self._mine_silent: set[tuple[Origin, PeriodIndex]] = set()
        self._mine_appraised: dict[tuple[PeriodIndex, int], Digest] = {}
        self._network: dict[PeriodIndex, list[Cut]] = {}
        self._to_appraise: dict[Digest, Cut] = {}
        self._rests_on: dict[Digest, tuple[KnownFault, ...]] = {}
        self._said: dict[Appraisal, set[ParticipantId]] = {}
        self._reader = StatementReader()
        self.agreed: dict[tuple[ParticipantId, PeriodIndex], Agreed] = {}
        self.latest: dict[ParticipantId, Agreed] = {}
        self.joined: dict[ParticipantId, PeriodIndex] = {}
        self.fixed: list[Fixed] = []
        self.bundles: dict[Digest, dict[Digest, bytes]] = {}

    # -------------------------------------------------------------- what is heard

    def hear(self, statement: Statement) -> list[Effect]:
        """Take in one statement of a verifier's log, one's own included."""
        mine = statement.author == self._me
        match statement.body:
            case Cut() as cut:
                return self._hear_cut(cut, statement.author, mine)
            case Endorsement() as endorsement:
                if mine:
                    key = (endorsement.period, endorsement.view)
                    self._mine_endorsed[key] = self._last_endorsed = endorsement.cut
                self._endorsers.setdefault(endorsement.cut, set()).add(statement.author)
                return self._count(endorsement.cut)
            case Silence(log=log, due=due) as silence if mine:
                # What was said by a register that has since changed who counts is said anew.
                size, root = silence.register_size, silence.register_root
                if self._register.counts_alike(size, root, due):
                    self._mine_silent.add((log, due))
            case Appraisal() as appraisal:
                if mine:
                    place = (appraisal.period, appraisal.view)
                    self._mine_appraised.setdefault(place, appraisal.cut)
                return self._hear_appraisal(appraisal, statement.author)
        return []

    def _hear_cut(self, cut: Cut, author: ParticipantId, mine: bool) -> list[Effect]:
        if mine:
            self._mine_proposed.add((cut.period, cut.view))
        register, digest = self._register, cut.digest
        court = register.resting_on(cut.register_size, cut.register_root, cut.period)
        if court is None:
            return []  # of another register, or of one that this verifier is still to learn of
        if author != _proposer(court.epoch, cut.period, cut.view):
            return []
        self._cuts[digest] = (cut, author, court.epoch)
        self._pending[digest] = None
        # A proposer's many cuts crowd out its own oldest, never another's.
        own = [each for each in self._pending if self._cuts[each][1] == author]
        for each in own[:-PENDING_MAX]:
            del self._pending[each]
        return self._count(digest)

    def _count(self, digest: Digest) -> list[Effect]:
        """See whether a cut has become the network's."""
        if digest not in self._cuts:
            return []
        cut, _, epoch = self._cuts[digest]
        by = self._endorsers.get(digest, set()).intersection(epoch.verifiers)
        if len(by) < epoch.quorum.k:
            return []
        held = self._network.setdefault(cut.period, [])
        if cut in held:
            return []
        held.append(cut)
        self._prosecution.settle(cut, epoch)
        self._to_appraise[digest] = cut
        return [report(Told.CUT, self._me, period=cut.period, view=cut.view, cut=digest.hex())]

    def _hear_appraisal(self, appraisal: Appraisal, author: ParticipantId) -> list[Effect]:
        said_by = self._said.setdefault(appraisal, set())
        court = self._register.under(appraisal.period)
        if author in court.verifiers:
            said_by.add(author)
        if len(said_by) < court.quorum.k:
            return []
        place = (appraisal.lab, appraisal.period)
        held = self.agreed.get(place)
        # A later view's cut contains the earlier one's: its appraisal supersedes.
        if held is not None and held.appraisal.view > appraisal.view:
            return []
        first = held is None or held.appraisal != appraisal
        found = Agreed(appraisal=appraisal, verifiers=tuple(sorted(said_by)))
        self.agreed[place] = found
        if self.latest.setdefault(appraisal.lab, found).appraisal.period <= appraisal.period:
            self.latest[appraisal.lab] = found
        if not first:
            return []
        if appraisal.lab in candidates(self._register) and appraisal.bound:
            self.joined[appraisal.lab] = appraisal.bound[0].start
        return [
            report(
                Told.APPRAISED,
                appraisal.lab,
                period=appraisal.period,
                status=appraisal.status,
                stage=appraisal.stage,
            )
        ]

    # -------------------------------------------------------------- what is due

    def newly_closed(self, now: NetworkTime) -> bool:
        """Whether a period has closed since `close` was last asked."""
        return self._schedule.last_closed(now) > self._closed

    def close(self, now: NetworkTime) -> list[Effect]:
        """Say for every period that has closed what was due and is not held."""
        effects: list[Effect] = []
        last = self._schedule.last_closed(now)
        for number in range(self._closed + 1, last + 1):
            period = PeriodIndex(number)
            for member, kind in self._dues(period) if self._counts(period) else ():
                mirror, silent = self._book.mirrors[member.origin], (member.origin, period)
                if mirror.due(kind, period) is None and silent not in self._mine_silent:
                    self._mine_silent.add(silent)
                    self._draft(self._silence(member, mirror.size, period), period)
                    effects.append(report(Told.SILENCE, member.origin, period=period))
        self._closed = max(self._closed, last)
        return effects

    def advance(self, now: NetworkTime) -> list[Missing]:
        """Propose, endorse and appraise what can be; name what is missing for the rest."""
        missing: list[Missing] = []
        self._advanced_at = now
        self._propose(now)
        for digest in list(self._pending):
            cut, proposer, _ = self._cuts[digest]
            if self._settled(cut):
                del self._pending[digest]
                continue
            lacking = self._desk.lacking(cut)
            missing += [Missing(peer=proposer, origin=o, size=size) for o, size in lacking]
            waits = lacking or not self._has_its_turn(cut.period)
            answer = Answer.WAIT if waits else self._judge(cut)
            if answer is not Answer.WAIT:
                del self._pending[digest]
            if answer is Answer.ENDORSE:
                self._mine_endorsed[cut.period, cut.view] = self._last_endorsed = digest
                body = Endorsement(period=cut.period, view=cut.view, cut=digest)
                self._draft(body, cut.period, Subject(name="cut", digest=digest))
        for digest, cut in list(self._to_appraise.items()):
            if cut.period > self._closed:
                continue  # nobody can say yet what was due up to it
            lacking, proposer = self._desk.lacking(cut), self._cuts[digest][1]
            missing += [Missing(peer=proposer, origin=o, size=size) for o, size in lacking]
            if not lacking and self._desk.agrees(cut) and self._proven(digest, cut):
                del self._to_appraise[digest]
                self._rests_on.pop(digest, None)
                mine = self._mine_appraised.get((cut.period, cut.view))
                if not self._counts(cut.period):
                    mine = digest  # nobody counts what it says; the evidence it can hold
                # Where more than f verifiers made two cuts for one place, one is appraised (F11).
                # What was appraised before a start is done anew only for its evidence.
                if mine is None or (mine == digest and cut.period == max(self._network)):
                    self._appraise(digest, cut)
        return missing

    def wake(self, now: NetworkTime) -> NetworkTime:
        """When something may be due next, at the latest; nobody's messages put it off."""
        again = self._advanced_at + self._register.genesis.delta_s
        return NetworkTime(max(now + 1, min(self._schedule.next_close(now), again)))

    @property
    def last_closed(self) -> int:
        """The last period whose duties have been judged; -1 before the first."""
        return self._closed

    @property
    def latest_cut(self) -> Cut | None:
        """The network's cut of the latest period that has one; None before the first."""
        return next(iter(self._latest_cuts()), None)

    @property
    def open_periods(self) -> tuple[PeriodIndex, ...]:
        """The closed periods that no network cut is known for, and the one after them."""
        while self._first_open <= self._closed and self._first_open in self._network:
            self._first_open += 1
        first, until = self._first_open, self._closed + 4
        if len(self._open) != until - first or self._open[0] != first:
            self._open = tuple(PeriodIndex(number) for number in range(first, until))
        return self._open

    def _counts(self, period: PeriodIndex) -> bool:
        """Whether this verifier is of the epoch of a period."""
        return self._me in self._register.under(period).verifiers

    def _silence(self, member: Member, held: TreeSize, period: PeriodIndex) -> Silence:
        return Silence(
            log=member.origin,
            size=held,
            due=period,
            register_size=self._register.size,
            register_root=self._register.root,
        )

    def _has_its_turn(self, period: PeriodIndex) -> bool:
        """Whether this verifier counts in a period, and no earlier epoch still lacks a cut.

        Only then does whoever endorses know all that the earlier epoch has settled (0018).
        """
        first = self._register.under(period).epoch.first
        return self._counts(period) and self.open_periods[0] >= first

    def _dues(self, period: PeriodIndex) -> tuple[tuple[Member, Kind], ...]:
        """What is due for a period, by whom; from who accedes once k say that it is bound."""
        agreement, members = self._register.agreement, self._register.members
        here = (lab for lab, first in self.joined.items() if first <= period)
        labs = (*agreement.parties, *sorted(here))
        read = [members[c.meter] for c in agreement.channels if c.party in labs]
        return (
            *((members[lab], Kind.USAGE) for lab in labs),
            *((meter, Kind.READING) for meter in read),
        )

    def _propose(self, now: NetworkTime) -> None:
        """Propose a cut for every open period whose view is this verifier's turn.

        View v lasts 2 delta 2^v, so that v views have passed after 2 delta (2^v - 1).
        """
        delta = self._register.genesis.delta_s
        for period in self.open_periods:
            elapsed = now - self._schedule.close(period) - delta
            if elapsed < 0:
                break  # nor is it the turn of those after it
            if period in self._network or not self._has_its_turn(period):
                continue
            view = min(VIEW_MAX, (elapsed // (2 * delta) + 1).bit_length() - 1)
            due = (period, view)
            proposer = _proposer(self._register.under(period).epoch, period, view)
            if proposer == self._me and due not in self._mine_proposed:
                self._mine_proposed.add(due)
                self._draft(self._desk.compose(period, view, self._latest_cuts()), period)

    def _latest_cuts(self) -> Iterable[Cut]:
        """The network's cuts, the latest period first."""
        for period in sorted(self._network, reverse=True):
            yield from self._network[period]

    def _judge(self, cut: Cut) -> Answer:
        held = None if self._last_endorsed is None else self._cuts.get(self._last_endorsed)
        # Who has endorsed none yet has still to keep what the network has settled.
        last = held[0] if held is not None else self.latest_cut
        return self._desk.judge(cut, closed=self._closed, last=last)

    def _settled(self, cut: Cut) -> bool:
        """Whether the network has a cut of this period, or this verifier has endorsed one here."""
        return cut.period in self._network or (cut.period, cut.view) in self._mine_endorsed

    def _proven(self, digest: Digest, cut: Cut) -> bool:
        """Whether every proof that the appraisal of a cut rests on is held, and shows it.

        The other verifiers tell what they hold until the own log names it; meanwhile nothing is
        said. Which proofs these are follows from the cut alone.
        """
        if digest not in self._rests_on:
            self._rests_on[digest] = listed_faults(
                self._register, cut, self._logs(cut), self._reader
            )
        return all(self._prosecution.proves(known) for known in self._rests_on[digest])

    def _logs(self, cut: Cut) -> Mapping[Origin, Sequence[bytes]]:
        """The logs that a cut names, as far as they are held: no shorter than it says."""
        mirrors = self._book.mirrors
        return {item.origin: mirrors[item.origin].entries for item in cut.origins}

    def _appraise(self, digest: Digest, cut: Cut) -> None:
        """Appraise a network cut; say so, unless it was said before a crash."""
        made = self._appraise_cut(self._register, cut, self._logs(cut), self._reader)
        if not self._counts(cut.period):
            self._keep(digest, made.appraised)
            return
        self.fixed.append(Fixed(period=cut.period, cut=digest, usages=made.fixed))
        self._keep(digest, made.appraised)
        if (cut.period, cut.view) not in self._mine_appraised:
            self._mine_appraised[cut.period, cut.view] = digest
            for item in made.appraised:
                self._draft(item.appraisal, cut.period, Subject(name="cut", digest=digest))

    def _keep(self, digest: Digest, found: tuple[Appraised, ...]) -> None:
        """Keep the evidence of a cut's appraisals."""
        self.bundles[digest] = {
            identity: data for item in found for identity, data in item.bundles.items()
        }
        while len(self.bundles) > EVIDENCE_CUTS_MAX:
            del self.bundles[next(iter(self.bundles))]

    def _draft(
        self,
        body: Silence | Cut | Endorsement | Appraisal,
        period: PeriodIndex,
        subject: Subject | None = None,
    ) -> None:
        self._publisher.drafts.append(
            Draft(
                body=body,
                subject=subject,
                agreement=self._register.agreement_digest,
                period=self._schedule.period(period),
            )
        )


def _proposer(epoch: Epoch, period: PeriodIndex, view: int) -> ParticipantId:
    return epoch.verifiers[(period + view) % len(epoch.verifiers)]
