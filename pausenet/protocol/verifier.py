"""The verifier: holds, checks and cosigns every log; finds facts; appraises under cuts.

It is a publisher of its own log, a storing cosigner of all logs, and a gossip. Everything it
says stands in its own log, which the other verifiers check by the same means.
"""

from __future__ import annotations

from dataclasses import dataclass

from pausenet.protocol import faults
from pausenet.protocol.appraisal import Appraise, appraise_cut
from pausenet.protocol.closing import Agreed, Closing
from pausenet.protocol.cosigner import StoringCosigner
from pausenet.protocol.follower import Follower
from pausenet.protocol.gossip import Gossip
from pausenet.protocol.growing import Growing
from pausenet.protocol.inspecting import Inspecting
from pausenet.protocol.keeper import Keeper
from pausenet.protocol.logbook import LogBook
from pausenet.protocol.messages import (
    Act,
    Appended,
    Area,
    Booted,
    Cosigned,
    Disclosed,
    Effect,
    Entries,
    Event,
    Evidence,
    Fetch,
    Heads,
    Hello,
    Ingested,
    Inspect,
    Message,
    PeerUp,
    Publish,
    Received,
    Record,
    Refused,
    SetTimer,
    Stored,
    TimerFired,
    Told,
    report,
)
from pausenet.protocol.mirror import Mirror
from pausenet.protocol.newcomer import Newcomer
from pausenet.protocol.prosecution import Prosecution
from pausenet.protocol.publisher import Publisher
from pausenet.protocol.reader import StatementReader
from pausenet.protocol.register import Keyring, Register
from pausenet.protocol.reproduction import Reproduction
from pausenet.protocol.speech import draft_of
from pausenet.statements.finding import Appraisal, Fault
from pausenet.values import (
    REGISTER_ORIGIN,
    Digest,
    NetworkTime,
    Origin,
    ParticipantId,
    PeriodIndex,
    Role,
)


@dataclass(frozen=True, slots=True)
class VerifierView:
    """What a shell may read of a verifier, to answer questions about it."""

    _machine: VerifierMachine

    def agreed(self, through: PeriodIndex | None = None) -> tuple[Agreed, ...]:
        """The network's latest appraisal of each lab, by lab: byte-identical at k verifiers.

        With `through`, the latest of a period no later than that.
        """
        if through is None:
            latest = self._machine.closing.latest
        else:
            latest = {}
            for (lab, period), item in sorted(self._machine.closing.agreed.items()):
                if period <= through:
                    latest[lab] = item
        return tuple(latest[lab] for lab in sorted(latest))

    def every(self, before: int) -> tuple[Appraisal, ...]:
        """The network's appraisals of all periods before one, by period and lab."""
        agreed = self._machine.closing.agreed
        places = sorted((period, lab) for lab, period in agreed if period < before)
        return tuple(agreed[lab, period].appraisal for period, lab in places)

    def appraisals(self, through: PeriodIndex | None = None) -> tuple[Appraisal, ...]:
        """The same without the verifiers that made them."""
        return tuple(item.appraisal for item in self.agreed(through))

    def bundles(self, through: PeriodIndex | None = None) -> dict[Digest, bytes]:
        """Every proof held, and the evidence of the network's latest appraisals."""
        found = dict(self._machine.prosecution.bundles)
        for item in self.agreed(through):
            evidence = self._machine.closing.bundles.get(item.appraisal.cut, {})
            for finding in item.appraisal.findings:
                if finding.bundle in evidence:
                    found[finding.bundle] = evidence[finding.bundle]
        return {identity: found[identity] for identity in sorted(found)}

    def log(self, origin: Origin) -> Mirror | None:
        """The mirror of a log, or None where it is not held."""
        return self._machine.book.mirrors.get(origin)


class VerifierMachine:
    """One verifier, without its surroundings."""

    def __init__(
        self, *, register: Register, keys: Keyring, appraise: Appraise = appraise_cut
    ) -> None:
        self._register, self._keys = register, keys
        self.book = LogBook(register, tuple(role for role in Role if role is not Role.REGISTRAR))
        self._publisher = Publisher(register, keys, self.book)
        self._cosigner = StoringCosigner(keys, self._publisher.guard, self.book)
        self._follower = Follower(self.book, 2 * register.genesis.delta_s, keys.id)
        self._gossip = Gossip(keys.id, self.book, self._cosigner)
        self.prosecution = Prosecution(register, keys.id, self.book, self._publisher)
        self.closing = Closing(
            register, keys.id, self.book, self._publisher, self.prosecution, appraise
        )
        self.inspecting = Inspecting(
            register,
            keys.id,
            keys.chain,
            book=self.book,
            publisher=self._publisher,
            prosecution=self.prosecution,
        )
        self._reader = StatementReader()
        self._reproduction = Reproduction(register, keys.id, self.book, self.prosecution)
        self._keeper = Keeper(
            register,
            keys.id,
            book=self.book,
            publisher=self._publisher,
            cosigner=self._cosigner,
            follower=self._follower,
            gossip=self._gossip,
            prosecution=self.prosecution,
            closing=self.closing,
        )
        self._growing = Growing(self.book)
        self._newcomer = Newcomer(keys.id, self.book, self._publisher, self.closing)
        self._heard: dict[Origin, int] = {}

    @property
    def id(self) -> ParticipantId:
        """Who this is."""
        return self._keys.id

    @property
    def halted(self) -> str:
        """Why this verifier no longer signs; empty while it may."""
        return self._publisher.halted

    @property
    def may_sign(self) -> bool:
        """Whether this verifier's keys may sign now: not halted, and k verifiers were heard."""
        return self._publisher.may_sign

    @property
    def view(self) -> VerifierView:
        """What a shell may read."""
        return VerifierView(self)

    def step(self, event: Event) -> tuple[Effect, ...]:
        """Take one event; return what is to be done, in order."""
        now, effects = event.now, []
        self.book.turn(now)
        match event:
            case Booted(records=records):
                effects += self._boot(records)
            case PeerUp(peer=peer):
                self._gossip.forget(peer)
                effects += self._publisher.greet_one(peer)
                effects += self.prosecution.tell(peer)
            case Received(sender=sender, message=message):
                effects += self._receive(sender, message, now)
            case TimerFired():
                effects += self._publisher.tick(now)
                effects += self._keeper.doubt(now)
            case Ingested(sample=Act() as act) if not self.halted:
                log, drafts = self._publisher.mirror.statements, self._publisher.drafts
                drafts += draft_of(self._register, Role.VERIFIER, act, log, drafts)
            case Ingested(sample=Appended() as found):
                effects += self._take_register(0, found.entries, found.note)
            case Ingested():
                pass  # verifiers have no instruments, and who is halted says nothing
        effects += self._live(event)
        effects += [SetTimer(at=self._wake(now)), *self._growing.restart()]
        return tuple(effects)

    # -------------------------------------------------------------- start

    def _boot(self, records: tuple[Record, ...]) -> list[Effect]:
        self._growing.load(records)
        effects = self._publisher.boot(records)
        self.inspecting.begin()
        for origin, mirror in self.book.mirrors.items():
            if origin not in (REGISTER_ORIGIN, self._own):
                self._keeper.reload(mirror, records)
        self.prosecution.reload(
            tuple(r.data for r in records if r.area is Area.JOURNAL and r.log == "bundles")
        )
        for origin in self.book.mirrors:
            effects += self._hear(origin)
        if not self.halted:
            self.prosecution.resume()
        return effects

    @property
    def _own(self) -> Origin:
        return self._publisher.mirror.origin

    # -------------------------------------------------------------- messages

    def _receive(self, sender: ParticipantId, message: Message, now: NetworkTime) -> list[Effect]:
        match message:
            case Hello(origin=origin):
                return self._keeper.answer_hello(sender, origin)
            case Publish():
                return self._keeper.publish(sender, message, now)
            case Stored():
                return self._publisher.stored(sender, message, now)
            case Cosigned():
                return self._keeper.cosigned(message, now)
            case Heads():
                return self._keeper.heads(sender, message, now)
            case Fetch():
                return self._keeper.serve(sender, message)
            case Entries(origin=origin) if origin == REGISTER_ORIGIN:
                return self._take_register(message.start, message.entries, message.note)
            case Entries(origin=origin) if origin == self._own:
                return self._publisher.fetched(sender, message, now)
            case Entries():
                return self._keeper.entries(sender, message, now)
            case Evidence(bundle=bundle):
                return self._take_proof(sender, bundle)
            case Disclosed():
                return self.inspecting.receive(sender, message)
            case Inspect():
                return []  # verifiers keep no records
            case Refused(origin=origin, reason=reason):
                return [report(Told.REFUSED, origin, by=sender, reason=reason)]

    def _take_register(self, start: int, entries: tuple[bytes, ...], note: bytes) -> list[Effect]:
        """Follow a register that has grown; prove a registrar that gives it two faces (F1)."""
        effects = self._growing.offer(start, entries, note)
        faces = self._growing.rival(start, entries)
        registrar = self._register.with_role(Role.REGISTRAR)[0].id
        if faces is None or self.prosecution.convicts(registrar, Fault.F1):
            return effects
        data = faults.equivocation(self.book.known, *faces)
        return effects if data is None else [*effects, *self.prosecution.admit(data)]

    def _take_proof(self, sender: ParticipantId, bundle: bytes) -> list[Effect]:
        effects = self.prosecution.receive(sender, bundle)
        if effects:
            self._keeper.changed[self._own] = None  # an appraisal may have waited for it
        return effects

    # -------------------------------------------------------------- what follows every event

    def _live(self, event: Event) -> list[Effect]:
        """Do what has become due, sign what has been drafted, tell what is new."""
        now, effects = event.now, []
        closed = self.closing.newly_closed(now)
        if closed:
            effects += self.closing.close(now)
            self.inspecting.close(PeriodIndex(self.closing.last_closed))
        if isinstance(event, Booted):
            self._keeper.recall()
        if closed:
            self._keeper.owe_heartbeat()
        effects += self._keeper.heartbeat(now, closed=bool(closed))
        for origin in self._keeper.changed:
            effects += self._hear(origin)
        if self._keeper.changed or isinstance(event, TimerFired | Booted):
            for missing in self.closing.advance(now):
                mirror = self.book.mirrors.get(missing.origin)
                if mirror is not None and missing.peer != self.id:
                    effects += self._follower.ask(
                        missing.peer, missing.origin, mirror.size, missing.size, now
                    )
            self._keeper.changed = {}
            for fixed in self.closing.fixed:
                self.inspecting.draw(fixed)
            self.closing.fixed.clear()
            effects += self.inspecting.advance(now)
        self._newcomer.advance()
        before = self._publisher.mirror.size
        effects += self._publisher.flush(now)
        effects += self._keeper.cosign_own(now)
        if self._publisher.mirror.size != before:
            effects += self._keeper.published(now)
        effects += self._hear(self._own)
        effects += self._gossip.push(now, at_once=bool(closed))
        if now >= self._gossip.at:
            effects += self._gossip.tick(now, self.closing.open_periods)
            effects += self.prosecution.retell()
        return effects

    def _hear(self, origin: Origin) -> list[Effect]:
        """Take in the new statements of a verifier's or a lab's log."""
        mirror = self.book.mirrors[origin]
        effects: list[Effect] = []
        start, end = self._heard.get(origin, 0), len(mirror.statements)
        if start == end:
            return effects
        self._heard[origin] = end
        for seq in range(start, end):
            statement, entry = mirror.statements[seq], mirror.entries[seq]
            match mirror.member.role:
                case Role.VERIFIER:
                    effects += self.closing.hear(statement)
                    effects += self.prosecution.hear(statement, entry)
                    self._reproduction.hear(statement, entry)
                    self.inspecting.hear(statement, mirror.ids[seq])
                case Role.LAB:
                    self.inspecting.hear_lab(statement, entry, mirror.ids[seq])
        if mirror.member.role is Role.VERIFIER:
            effects += self._reproduction.compare(self._reader)
        return effects

    def _wake(self, now: NetworkTime) -> NetworkTime:
        moments = (self._gossip.wake, self._publisher.retry_at, self.closing.wake(now))
        return NetworkTime(max(now + 1, min(moments)))
