"""The publisher: appends signed statements to its own log and gathers receipts for them.

One checkpoint is open at a time: statements drafted meanwhile wait for the next batch. A batch
is closed by k storing cosignatures or by a timeout (protocol.md 4.3). Before the first signature
of a start, k verifiers must have said that they hold no more of the log than its owner does.
"""

from __future__ import annotations

from dataclasses import dataclass

from pausenet.crypto import envelope
from pausenet.crypto.keys import SigningKey
from pausenet.errors import (
    InvalidSignature,
    MalformedCheckpoint,
    MalformedRecord,
    SigningRefused,
)
from pausenet.log.checkpoint import Checkpoint, Note, sign_checkpoint
from pausenet.log.vkey import KeyName
from pausenet.protocol.bands import with_reports
from pausenet.protocol.guard import Guard
from pausenet.protocol.kept import batch, closed_era, on_disk
from pausenet.protocol.learned import may_have_seen
from pausenet.protocol.logbook import LogBook
from pausenet.protocol.messages import (
    Area,
    Effect,
    Entries,
    Fsync,
    Hello,
    Publish,
    Record,
    Report,
    Send,
    Stored,
    Told,
    Write,
    report,
)
from pausenet.protocol.mirror import BadEntry, Mirror
from pausenet.protocol.recovery import Recovery, recovered, rotation, stands
from pausenet.protocol.register import Keyring, Register
from pausenet.statements import canonical, codec
from pausenet.statements.codec import Body, Statement, Subject
from pausenet.values import (
    Digest,
    NetworkTime,
    ParticipantId,
    Period,
    Seq,
    TreeSize,
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Draft:
    """A statement before it has a place in the log."""

    body: Body
    subject: Subject | None = None
    agreement: Digest | None = None
    period: Period | None = None


class Publisher:
    """The owner's side of one log. Every method returns the effects it asks for, in order."""

    def __init__(self, register: Register, keys: Keyring, book: LogBook) -> None:
        self._register, self._ring, self._book = register, keys, book
        self._id = keys.id
        self._member = register.members[keys.id]
        self.guard = Guard()
        self.halted = ""
        self._recovery: Recovery | None = None
        self.drafts: list[Draft] = []
        self._answered, self._prompted = set[ParticipantId](), set[ParticipantId]()
        self._stored: dict[ParticipantId, int] = {}
        self._open: TreeSize | None = None
        self._opened_at = NetworkTime(0)
        self._retry_at = NetworkTime(0)
        self._receipted, self._collected = 0, (-1, -1)
        self._retry_s = 2 * register.genesis.delta_s + register.genesis.heartbeat_s
        self._longer: set[ParticipantId] = set()
        self._others = tuple(name for name in register.all_verifiers if name != keys.id)

    @property
    def _keys(self) -> Keyring:
        """The keys that are in use at the end of the own log."""
        found = self._ring.in_use(self.mirror.succession)
        if found is None:
            raise SigningRefused("the log has come to keys that are not here")
        return found

    @property
    def mirror(self) -> Mirror:
        """The own log."""
        return self._book.mirrors[self._member.origin]

    @property
    def receipted(self) -> TreeSize:
        """How many of the own entries k storing cosigners hold."""
        return TreeSize(self._receipted)

    @property
    def may_sign(self) -> bool:
        """Whether nothing forbids signatures, and k verifiers know no longer log of ours."""
        if self.halted or self._recovery is not None:
            return False
        return self._count(self._answered) >= self._book.court.quorum.k

    def _count(self, names: set[ParticipantId]) -> int:
        """How many of these, and of the owner itself, are verifiers that count now."""
        return len({*names, self._id} & {*self._book.court.verifiers})

    # -------------------------------------------------------------- start

    def boot(self, records: tuple[Record, ...]) -> list[Effect]:
        """Rebuild the own log from the disk, and find out whether the guard agrees with it."""
        try:
            self.guard.load(tuple(r.data for r in records if r.area is Area.GUARD))
            self._restore(*on_disk(records, self.mirror.origin))
        except (
            MalformedRecord,
            MalformedCheckpoint,
            InvalidSignature,
            BadEntry,
        ) as error:
            return self._halt(f"the disk does not hold what was signed: {error}")
        following = self._ring.following(self.mirror.succession)
        if following is not None and following.recovers:
            # Begun and signed before a crash, it is finished below; begun only, it begins anew.
            if self.guard.key != following.statement.key_id or not self.guard.statements:
                self._recovery = Recovery(self._register, self._id, self._book, following)
        elif self._ring.in_use(self.mirror.succession) is None:
            return self._halt("the log has come to keys that are not here")
        starts = [r.data for r in records if r.area is Area.JOURNAL and r.log == "boots"]
        if len(starts) > self.guard.boots and self._recovery is None:
            return self._halt("the guard has seen fewer starts than the journal")
        effects = [] if self._recovery is not None else self._reconcile()
        if self.halted:
            return effects
        boot = Write(
            area=Area.JOURNAL,
            log="boots",
            index=len(starts),
            data=canonical.encode({"start": self.guard.boots + 1}),
        )
        return [*effects, self.guard.boot(), Fsync(), boot, Fsync(), *self.greet()]

    def greet(self) -> list[Effect]:
        """Ask every other verifier how much of the own log it holds."""
        return [effect for name in self._others for effect in self.greet_one(name)]

    def greet_one(self, peer: ParticipantId) -> list[Effect]:
        """Ask one verifier how much of the own log it holds."""
        if peer not in self._others or self.halted:
            return []
        return [Send(to=peer, message=Hello(origin=self.mirror.origin))]

    def _restore(self, entries: tuple[bytes, ...], notes: list[bytes]) -> None:
        self.mirror.reload(entries, notes)
        if notes and self.mirror.size != Note.decode(notes[-1]).body.size:
            raise MalformedRecord("own log: the entries are not those of its checkpoint")

    def _reconcile(self) -> list[Effect]:
        """Compare guard and log; write again what a crash took from the log's last batch."""
        size, guard = self.mirror.size, self.guard
        if guard.next_seq < size or guard.log_size < size:
            return self._halt("the log holds more than the guard has seen signed")
        if guard.next_seq == size:
            return []
        if guard.batch_start != size:
            return self._halt("the guard has seen more signed than one crash can lose")
        lost = [guard.statements[seq] for seq in sorted(guard.statements)]
        for entry in lost:
            self.mirror.append_own(entry)
        note = guard.notes.get(self.mirror.size)
        if note is not None:
            return self._seal(Seq(size), note)
        # The crash took the checkpoint's record too: it is signed now, behind the guard.
        note = self._sign_head()
        return [guard.checkpoint(self.mirror.size, note), Fsync(), *self._seal(Seq(size), note)]

    def _halt(self, reason: str) -> list[Effect]:
        """Stop signing with these keys, for good (protocol.md 3.6)."""
        if self.halted:
            return []
        self.halted = reason
        self._open = None
        self.drafts = []
        return [report(Told.HALTED, self._id, reason=reason)]

    # -------------------------------------------------------------- appending

    def flush(self, now: NetworkTime) -> list[Effect]:
        """Sign what has been drafted, unless a checkpoint is open or signing is not allowed."""
        if self._open is not None or not self.may_sign:
            return []
        following = self._ring.following(self.mirror.succession)
        if following is not None and not following.recovers:
            # A change of keys has a checkpoint of its own: whoever follows learns of it first.
            keys, member = self._keys, self._member
            body = rotation(self._register, member.id, keys, following, self.mirror.size)
            return self._append([Draft(body=body)], (keys.statement, following.statement), now)
        drafts, self.drafts = self.drafts, []
        return self._append(drafts, (self._keys.statement,), now) if drafts else []

    def _append(
        self, drafts: list[Draft], signers: tuple[SigningKey, ...], now: NetworkTime
    ) -> list[Effect]:
        """Sign these statements and a checkpoint over them, behind the guard, and offer both."""
        start = Seq(self.mirror.size)
        self.guard.open_batch()
        effects: list[Effect] = []
        reports: list[Report] = []
        for draft in drafts:
            entry, statement = self._sign(draft, signers, now)
            effects.append(self.guard.statement(statement.seq, entry))
            self.mirror.append_own(entry)
            reports.append(_appended(statement))
        note = self._sign_head()
        effects.append(self.guard.checkpoint(self.mirror.size, note))
        effects += self._seal(start, note)
        effects += reports
        self._open, self._opened_at = self.mirror.size, now
        self._retry_at = NetworkTime(now + self._retry_s)
        return [*effects, *self._offer_all()]

    def _seal(self, start: Seq, note: bytes) -> list[Effect]:
        """Write entries, then their checkpoint, each durable before the next (3.5)."""
        mirror = self.mirror
        closed = closed_era(mirror, start)
        mirror.note = Note.decode(note)
        self._book.settle(mirror.origin)
        writes = [
            Write(area=Area.ENTRY, log=mirror.origin, index=seq, data=mirror.entries[seq])
            for seq in range(start, mirror.size)
        ]
        head = Write(area=Area.CHECKPOINT, log=mirror.origin, index=mirror.size, data=note)
        return [*closed, *writes, Fsync(), head, Fsync()]

    def _sign(
        self, draft: Draft, signers: tuple[SigningKey, ...], now: NetworkTime
    ) -> tuple[bytes, Statement]:
        mirror = self.mirror
        prev = mirror.next_prev()
        may = may_have_seen(draft.body, draft.period, self._register.agreement.schedule, now)
        statement = Statement(
            subject=draft.subject or Subject(name=mirror.origin, digest=prev),
            network=self._register.network_id,
            author=self._id,
            origin=mirror.origin,
            seq=Seq(mirror.size),
            prev=prev,
            agreement=draft.agreement,
            period=draft.period,
            seen=self._book.seen_by(mirror) if may else mirror.at_least_seen(()),
            body=with_reports(self._register, draft.body, mirror.statements, draft.period),
        )
        return envelope.seal(codec.encode(statement), signers), statement

    def _sign_head(self) -> bytes:
        mirror = self.mirror
        head = Checkpoint(origin=KeyName(mirror.origin), size=mirror.size, root=mirror.root())
        return Note(body=head, signatures=(sign_checkpoint(head, self._keys.log),)).encode()

    # -------------------------------------------------------------- publishing

    def stored(self, sender: ParticipantId, message: Stored, now: NetworkTime) -> list[Effect]:
        """Take a verifier's word of how much it holds of this log; offer it the rest."""
        if sender not in self._others or message.origin != self.mirror.origin:
            return []
        if self._recovery is not None:
            return self._recover(self._recovery.told(sender, message, now), now)
        if message.size:
            problem = self._longer_than_own(sender, message)
            if problem:
                return self._halt(problem)
        # Who says the same again is offered the rest at the next tick, lest both go on for ever.
        again = sender in self._prompted and self._stored.get(sender) == message.size
        self._answered.add(sender)
        self._prompted.add(sender)
        self._stored[sender] = message.size
        self._collected = (-1, -1)
        return [*([] if again else self._offer(sender)), *self.flush(now)]

    def _longer_than_own(self, sender: ParticipantId, message: Stored) -> str:
        """Why the own log is not the one that a verifier holds, if that is so."""
        longer = f"a verifier holds {message.size} own entries, the disk {self.mirror.size}"
        try:
            head = self.mirror.open(message.note).body
        except MalformedCheckpoint:
            return ""  # it says nothing about us
        except InvalidSignature:
            if message.size <= self.mirror.size:
                return ""  # not our signature: nor does it
            # Perhaps it is by keys that a restore took from here; one of f+1 would not lie.
            self._longer.add(sender)
            court = self._book.court
            return longer if len(self._longer & {*court.verifiers}) > court.quorum.f else ""
        if head.size > self.mirror.size:
            return longer
        if not self.mirror.agrees_with(head):
            return "a verifier holds another own log than the disk"
        return ""

    def fetched(self, sender: ParticipantId, message: Entries, now: NetworkTime) -> list[Effect]:
        """Take own entries that a verifier gives back to whoever recovers."""
        if self._recovery is None or sender not in self._others:
            return []
        return self._recover(self._recovery.fetched(sender, message, now), now)

    def _recover(self, effects: list[Effect], now: NetworkTime) -> list[Effect]:
        """Resume once k verifiers have told all that they hold of the own log (5.4)."""
        recovery = self._recovery
        assert recovery is not None, "the caller has looked"
        if recovery.conflict:
            return [*effects, *self._halt(recovery.conflict)]
        if self._count(recovery.answered) < self._book.court.quorum.k:
            return effects
        self._recovery = None
        size, keys = self.mirror.size, recovery.keys
        self._answered |= recovery.answered
        self.drafts = [
            draft
            for draft in self.drafts
            if not stands(self.mirror, draft.body, draft.period, draft.agreement)
        ]
        body = recovered(self._register, self._id, keys, size)
        signers = (self._ring.recovery, keys.statement)
        begun = self.guard.recover(keys.statement.key_id, size)
        return [*effects, begun, *self._append([Draft(body=body)], signers, now)]

    def collect(self, now: NetworkTime) -> list[Effect]:
        """After new cosignatures on the own log: report receipts, close the open checkpoint."""
        book, origin, effects = self._book, self.mirror.origin, list[Effect]()
        size, state = book.receipted(origin), (book.news(origin), book.court.epoch.number)
        if state != self._collected:
            self._collected = state
            for name in self._others:
                self._stored[name] = max(self._stored.get(name, 0), book.reached(origin, name))
        if size > self._receipted:
            self._receipted = size
            effects.append(report(Told.RECEIPTED, origin, size=size))
        if self._open is not None and size >= self._open:
            self._open = None
            effects += self.flush(now)
        return effects

    def tick(self, now: NetworkTime) -> list[Effect]:
        """Repeat what was not answered; give up waiting for k where more waits to be signed."""
        effects: list[Effect] = []
        if self._open is not None and now >= self._opened_at + 2 * self._retry_s and self.drafts:
            self._open = None
            effects += self.flush(now)
        if now >= self._retry_at:
            self._retry_at = NetworkTime(now + self._retry_s)
            self._prompted.clear()
            effects += self._offer_all()
        return effects

    @property
    def retry_at(self) -> NetworkTime:
        """When `tick` has something to do."""
        return self._retry_at

    def _offer_all(self) -> list[Effect]:
        return [effect for name in self._others for effect in self._offer(name)]

    def _offer(self, verifier: ParticipantId) -> list[Effect]:
        """Send a verifier what it lacks, or ask it what it holds."""
        mirror = self.mirror
        if self.halted:
            return []
        start = self._stored.get(verifier)
        if start is None or self._recovery is not None:
            return [Send(to=verifier, message=Hello(origin=mirror.origin))]
        cosigned = self._book.reached(mirror.origin, verifier)
        if min(start, cosigned) >= mirror.size or mirror.note is None:
            return []
        # Who holds all and has not cosigned it is asked again, by a batch of no entries.
        start = min(start, int(mirror.size))
        end, note = mirror.batch_end(start)
        assert note is not None, "the own log has a note over its entries"
        message = Publish(
            origin=mirror.origin,
            start=Seq(start),
            entries=batch(mirror.entries, start, end),
            note=note.encode(),
        )
        return [Send(to=verifier, message=message)]


def _appended(statement: Statement) -> Report:
    period = -1 if statement.period is None else int(statement.period.index)
    return report(
        Told.APPENDED, statement.origin, seq=statement.seq, kind=statement.kind, period=period
    )
