"""All but verifiers: labs and meters attest every period; the others say what they decide."""

from __future__ import annotations

from abc import ABC, abstractmethod
from dataclasses import dataclass, replace
from typing import Final

from pausenet.errors import Misuse
from pausenet.protocol.answering import Answering
from pausenet.protocol.bands import without_reports
from pausenet.protocol.easing import Told as EasingTold
from pausenet.protocol.follower import Follower, Progress
from pausenet.protocol.growing import Growing
from pausenet.protocol.joining import candidates
from pausenet.protocol.ledger import UsageLedger, build_ledger
from pausenet.protocol.limited import Limited
from pausenet.protocol.logbook import LogBook
from pausenet.protocol.messages import (
    Act,
    Appended,
    Booted,
    Cosigned,
    Effect,
    Entries,
    Event,
    Heads,
    Ingested,
    Inspect,
    Message,
    PeerUp,
    ReadingSample,
    Received,
    Refused,
    Sample,
    SetTimer,
    Stored,
    TimerFired,
    Told,
    UsageSample,
    report,
)
from pausenet.protocol.naming import Naming
from pausenet.protocol.publisher import Draft, Publisher
from pausenet.protocol.register import Keyring, Register
from pausenet.protocol.speech import draft_of
from pausenet.statements.codec import Kind, Statement, Subject
from pausenet.statements.correction import Correction
from pausenet.statements.declaration import Declaration, DeclaredSite, Ratification
from pausenet.statements.finding import Appraisal
from pausenet.statements.reading import Reading
from pausenet.statements.stage import Span
from pausenet.statements.usage import ComputeUsage
from pausenet.values import (
    FIRST_PERIOD,
    REGISTER_ORIGIN,
    Digest,
    NetworkTime,
    Origin,
    ParticipantId,
    PeriodIndex,
    Role,
    StatementId,
    TreeSize,
)

RATIFIED_PERIODS: Final = 30
"""For how many periods a ratification waits for the others'."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Receipted:
    """What a lab may rely on: its first `size` entries are held by k storing cosigners."""

    origin: Origin
    size: TreeSize


class _Attester(ABC):
    """What they share: an own log, and mirrors of the verifiers' logs."""

    def __init__(self, *, register: Register, keys: Keyring) -> None:
        self._register, self._keys = register, keys
        self._book = LogBook(register, (Role.VERIFIER,))
        self._book.hold(register.members[keys.id])
        self._publisher = Publisher(register, keys, self._book)
        self._follower = Follower(self._book, 2 * register.genesis.delta_s, keys.id)
        self._drafted: set[tuple[Kind, PeriodIndex | None]] = set()
        self._told: dict[Appraisal, set[ParticipantId]] = {}
        self._told_last = (-1, -1)
        self._limited = Limited(keys.id)
        self._easing = EasingTold(register.agreement)
        self._naming = Naming(register, self._publisher)
        self._growing = Growing(self._book)
        channels = register.agreement.channels
        self._party = next((c.party for c in channels if c.meter == keys.id), keys.id)

    @property
    def id(self) -> ParticipantId:
        """Who this is."""
        return self._keys.id

    @property
    def halted(self) -> str:
        """Why this participant no longer signs; empty while it may."""
        return self._publisher.halted

    @property
    def receipts(self) -> Receipted:
        """How much of the own log is receipted."""
        return Receipted(origin=self._publisher.mirror.origin, size=self._publisher.receipted)

    @property
    def book(self) -> LogBook:
        """The logs held, for shells that answer questions about them."""
        return self._book

    def step(self, event: Event) -> tuple[Effect, ...]:
        """Take one event; return what is to be done, in order."""
        effects: list[Effect] = []
        self._book.turn(event.now)
        match event:
            case Booted(records=records):
                self._growing.load(records)
                effects += self._publisher.boot(records)
            case PeerUp(peer=peer):
                effects += self._publisher.greet_one(peer)
            case Received(sender=sender, message=message, now=now):
                effects += self._receive(sender, message, now)
            case Ingested(sample=sample):
                effects += self._ingest(sample)
            case TimerFired(now=now):
                effects += self._publisher.tick(now)
        self._publisher.drafts += self._due(event.now)
        effects += self._publisher.flush(event.now)
        return (*effects, SetTimer(at=self._wake(event.now)), *self._growing.restart())

    def _wake(self, now: NetworkTime) -> NetworkTime:
        return NetworkTime(max(self._publisher.retry_at, now + 1))

    def _due(self, _now: NetworkTime) -> tuple[Draft, ...]:
        """What is said once its time has come."""
        return ()

    def _ingest(self, sample: Sample | Appended) -> list[Effect]:
        """Draft what a sample or an act asks for."""
        if isinstance(sample, Appended):
            return self._growing.offer(0, sample.entries, sample.note)
        if not isinstance(sample, Act):
            return self._measure(sample)
        if not self.halted:
            publisher, role = self._publisher, self._keys.role
            log = publisher.mirror.statements
            publisher.drafts += draft_of(self._register, role, sample, log, publisher.drafts)
        return []

    @abstractmethod
    def _measure(self, sample: UsageSample | ReadingSample) -> list[Effect]:
        """Draft the statement of a period from what the instruments say."""

    def _receive(self, sender: ParticipantId, message: Message, now: NetworkTime) -> list[Effect]:
        match message:
            case Stored():
                return self._publisher.stored(sender, message, now)
            case Cosigned(note=note):
                self._book.judge(note)
                return self._publisher.collect(now)
            case Heads(notes=notes):
                judged = self._book.judge_all(notes)
                return self._follow(self._follower.heads(sender, judged, now), now)
            case Entries(origin=origin) if origin == REGISTER_ORIGIN:
                return self._growing.offer(message.start, message.entries, message.note)
            case Entries() if message.origin == self._publisher.mirror.origin:
                return self._publisher.fetched(sender, message, now)
            case Entries():
                return self._follow(self._follower.entries(sender, message, now), now)
            case Refused(origin=origin, reason=reason):
                return [report(Told.REFUSED, origin, by=sender, reason=reason)]
            case _:
                return []

    def _follow(self, progress: Progress, now: NetworkTime) -> list[Effect]:
        effects = list(progress.effects)
        for origin, extended in progress.grown:
            mirror = self._book.mirrors[origin]
            for seq in range(extended.start, mirror.size):
                effects += self._hear(mirror.statements[seq], mirror.ids[seq], now)
        return [*effects, *self._publisher.collect(now)]

    def _hear(self, statement: Statement, identity: StatementId, now: NetworkTime) -> list[Effect]:
        """Take in what a verifier said: k equal appraisals tell a lab when it is bound."""
        del identity  # of use to those whom verifiers ask
        body = statement.body
        if not isinstance(body, Appraisal) or body.lab != self._party:
            return []
        said_by = self._told.setdefault(body, set())
        said_by.add(statement.author)
        rank = (body.period, body.view)
        court = self._register.under(body.period)
        if len(said_by.intersection(court.verifiers)) < court.quorum.k:
            return []
        effects = self._limited.learn(body)
        self._easing.learn(body.eased)
        before = self._naming.bound
        if rank > self._told_last:
            self._told_last = rank
            if body.bound != before:
                self._naming.learn(now, body.bound)
                effects = [*self._tell_bound(before), *effects]
        return effects

    def _tell_bound(self, before: tuple[Span, ...]) -> list[Effect]:
        """Report what has changed: from when this participant is bound, or until when."""
        starts = {span.start for span in before}
        ends = {span.until for span in before}
        effects: list[Effect] = [
            report(Told.IN_FORCE, self.id, period=span.start)
            for span in self._naming.bound
            if span.start not in starts
        ]
        return effects + [
            report(Told.RELEASED, self.id, period=span.until)
            for span in self._naming.bound
            if span.until is not None and span.until not in ends
        ]

    def _given(self, kind: Kind, period: PeriodIndex) -> bool:
        """Whether the statement of a period is in the log already, or drafted."""
        return (
            self._publisher.mirror.due(kind, period) is not None or (kind, period) in self._drafted
        )


class LabMachine(_Attester):
    """A lab: declares its sites, ratifies the agreement, attests its usage every period.

    It opens to verifiers what they draw. It ratifies from the start of period `ratifies_from`
    on; with None it never does, and one that is no party does not from the first on.
    """

    def __init__(
        self,
        *,
        register: Register,
        keys: Keyring,
        ratifies_from: PeriodIndex | None = FIRST_PERIOD,
    ) -> None:
        super().__init__(register=register, keys=keys)
        is_party = keys.id in register.agreement.parties
        # Nobody accedes by default: who is no party does so from a period that it is told.
        accedes = keys.id in candidates(register) and ratifies_from != FIRST_PERIOD
        self._ratifies_from = ratifies_from if is_party or accedes else None
        self._answering = Answering(register, keys.id, self._publisher)

    def step(self, event: Event) -> tuple[Effect, ...]:
        """Take one event, at the start the ledgers that the disk holds; return what is to do."""
        if isinstance(event, Booted):
            self._answering.load(event.records)
        return super().step(event)

    def _receive(self, sender: ParticipantId, message: Message, now: NetworkTime) -> list[Effect]:
        if isinstance(message, Inspect):
            return self._answering.disclose(sender, message)
        return super()._receive(sender, message, now)

    def _hear(self, statement: Statement, identity: StatementId, now: NetworkTime) -> list[Effect]:
        effects = super()._hear(statement, identity, now)
        self._answering.hear(statement, identity)
        return effects

    def _due(self, now: NetworkTime) -> tuple[Draft, ...]:
        """The ratification, once."""
        start = self._ratifies_from
        if start is None:
            return ()
        schedule, digest = self._register.agreement.schedule, self._register.agreement_digest
        if start > 0 and now < schedule.period(start).start:
            return ()
        self._ratifies_from = None
        log = self._publisher.mirror.statements
        if self.halted or any(each.kind is Kind.RATIFICATION for each in log):
            return ()
        body = Ratification(agreement=digest, until=PeriodIndex(start + RATIFIED_PERIODS))
        return (Draft(body=body, subject=Subject(name="agreement", digest=digest)),)

    def _measure(self, sample: UsageSample | ReadingSample) -> list[Effect]:
        if not isinstance(sample, UsageSample):
            raise Misuse(f"{self.id}: a lab ingests usage, not readings")
        if self.halted:
            return []
        if sample.reason:
            return self._correct(sample)
        if self._given(Kind.USAGE, sample.period):
            return []
        self._drafted.add((Kind.USAGE, sample.period))
        self._declare(sample)
        ledger = self._ledger_of(sample)
        self._say(self._usage(ledger, sample), sample.period, ledger)
        return ledger.kept(f"period-{sample.period}")

    def _correct(self, sample: UsageSample) -> list[Effect]:
        """Restate a period that stands in the log, once; the original stays (2.8)."""
        period = sample.period
        mirror = self._publisher.mirror
        ledger = self._ledger_of(sample)
        usage, during = (
            self._usage(ledger, sample),
            self._register.agreement.schedule.period(period),
        )
        name = f"period-{period}-corrected-{mirror.size}"
        # What waits to be signed is signed as it should be.
        amended = self._naming.amend(usage, ledger.subject, during)
        self._answering.keep(period, ledger)
        seq = mirror.due(Kind.USAGE, period)
        if seq is None:
            return ledger.kept(name) if amended else []
        body = Correction(of=Digest(mirror.ids[seq]), seq=seq, usage=usage, reason=sample.reason)
        said = [without_reports(each.body) for each in mirror.statements]
        if body in (*said, *(draft.body for draft in self._publisher.drafts)):
            return ledger.kept(name) if amended else []
        self._say(body, period, ledger)
        return ledger.kept(name)

    def _usage(self, ledger: UsageLedger, sample: UsageSample) -> ComputeUsage:
        """What a sample says, with what the network has told of eased clauses."""
        own = self._publisher.mirror.statements
        return replace(ledger.usage(sample), eased=self._easing.eased(sample.period, own))

    def _say(
        self, body: ComputeUsage | Correction, period: PeriodIndex, ledger: UsageLedger
    ) -> None:
        """Draft what rests on a ledger, and keep the ledger to be opened."""
        self._answering.keep(period, ledger)
        during = self._register.agreement.schedule.period(period)
        self._publisher.drafts.append(
            Draft(
                body=body,
                subject=ledger.subject,
                agreement=self._naming.named(body, during),
                period=during,
            )
        )

    def _ledger_of(self, sample: UsageSample) -> UsageLedger:
        """The salted records that a period's statement is about."""
        span = self._register.agreement.schedule.period(sample.period)
        if any(not span.start <= job.start <= job.end <= span.end for job in sample.jobs):
            raise Misuse(f"{self.id}: a job outside period {sample.period}")
        return build_ledger(self._register.network_id, self.id, sample)

    def _declare(self, sample: UsageSample) -> None:
        """Put the initial declaration before the first usage statement."""
        log = self._publisher.mirror.statements
        if (
            any(s.kind is Kind.DECLARATION for s in log)
            or (Kind.DECLARATION, None) in self._drafted
        ):
            return
        self._drafted.add((Kind.DECLARATION, None))
        run_by = dict(sample.operators)
        sites = tuple(
            DeclaredSite(
                site=each.site, accelerators=each.accelerators, operator=run_by.get(each.site)
            )
            for each in sample.sites
        )
        meters = self._register.agreement.meters_of(self.id)
        self._publisher.drafts.append(Draft(body=Declaration(sites=sites, meters=meters)))


class MeterMachine(_Attester):
    """A meter: attests its reading of its party every period."""

    def _measure(self, sample: UsageSample | ReadingSample) -> list[Effect]:
        if not isinstance(sample, ReadingSample):
            raise Misuse(f"{self.id}: a meter ingests readings, not usage")
        if self.halted or self._given(Kind.READING, sample.period):
            return []
        self._drafted.add((Kind.READING, sample.period))
        body = Reading(party=sample.party, energy_wh=sample.energy_wh)
        period = self._register.agreement.schedule.period(sample.period)
        named = self._naming.named(body, period)
        self._publisher.drafts.append(Draft(body=body, agreement=named, period=period))
        return []


class SpeakerMachine(_Attester):
    """An adjudicator, evaluator, host or authority: it says what its people decide to say."""

    def _measure(self, sample: UsageSample | ReadingSample) -> list[Effect]:
        what = type(sample).__name__
        raise Misuse(f"{self.id}: a {self._keys.role} has no instruments, and no {what}")
