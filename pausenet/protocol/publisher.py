"""The publisher: appends signed statements to its own log and gathers receipts for them.

One checkpoint is open at a time: statements drafted meanwhile wait for the next batch. A batch
is closed by k storing cosignatures or by a timeout (protocol.md 4.3). Before the first signature
of a start, k verifiers must have said that they hold no more of the log than its owner does.
"""

from __future__ import annotations

from dataclasses import dataclass

from pausenet.crypto import envelope
from pausenet.errors import InvalidSignature, MalformedCheckpoint, MalformedRecord
from pausenet.log.checkpoint import Checkpoint, Note, sign_checkpoint
from pausenet.log.opened import open_note
from pausenet.log.vkey import KeyName
from pausenet.protocol.guard import Guard
from pausenet.protocol.learned import may_have_seen
from pausenet.protocol.logbook import LogBook
from pausenet.protocol.messages import (
    BATCH_BYTES_MAX,
    ENTRIES_MAX,
    Area,
    Effect,
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
from pausenet.protocol.register import Keyring, Register
from pausenet.statements import canonical, codec
from pausenet.statements.codec import Body, Head, Statement, Subject
from pausenet.statements.usage import ComputeUsage
from pausenet.values import (
    REGISTER_ORIGIN,
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
        self._register, self._keys, self._book = register, keys, book
        self._member = register.members[keys.id]
        self.guard = Guard()
        self.halted = ""
        self.drafts: list[Draft] = []
        self._answered: set[ParticipantId] = set()
        self._stored: dict[ParticipantId, int] = {}
        self._open: TreeSize | None = None
        self._opened_at = NetworkTime(0)
        self._retry_at = NetworkTime(0)
        self._receipted = 0
        self._others = tuple(name for name in register.verifiers if name != keys.id)

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
        own = 1 if self._keys.id in self._register.verifiers else 0
        return not self.halted and len(self._answered) + own >= self._register.quorum.k

    @property
    def _retry_s(self) -> int:
        return 2 * self._register.genesis.delta_s + self._register.genesis.heartbeat_s

    # -------------------------------------------------------------- start

    def boot(self, records: tuple[Record, ...]) -> list[Effect]:
        """Rebuild the own log from the disk, and find out whether the guard agrees with it."""
        entries = [r.data for r in records if r.area is Area.ENTRY and r.log == self.mirror.origin]
        notes = [
            r.data for r in records if r.area is Area.CHECKPOINT and r.log == self.mirror.origin
        ]
        try:
            self.guard.load(tuple(r.data for r in records if r.area is Area.GUARD))
            if notes:
                self._restore(entries, notes[-1])
        except (
            MalformedRecord,
            MalformedCheckpoint,
            InvalidSignature,
            BadEntry,
        ) as error:
            return self._halt(f"the disk does not hold what was signed: {error}")
        starts = [r.data for r in records if r.area is Area.JOURNAL and r.log == "boots"]
        if len(starts) > self.guard.boots:
            return self._halt("the guard has seen fewer starts than the journal")
        effects = self._reconcile()
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

    def _restore(self, entries: list[bytes], data: bytes) -> None:
        note = open_note(data, self._member.log_key).note
        result = self.mirror.extend(Seq(0), tuple(entries[: note.body.size]), note)
        if self.mirror.size != note.body.size:
            raise MalformedRecord(f"own log: {result.verdict.value}")

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
        return [report(Told.HALTED, self._keys.id, reason=reason)]

    # -------------------------------------------------------------- appending

    def flush(self, now: NetworkTime) -> list[Effect]:
        """Sign what has been drafted, unless a checkpoint is open or signing is not allowed."""
        if not self.drafts or self._open is not None or not self.may_sign:
            return []
        start = Seq(self.mirror.size)
        self.guard.open_batch()
        effects: list[Effect] = []
        reports: list[Report] = []
        for draft in self.drafts:
            entry, statement = self._sign(draft, now)
            effects.append(self.guard.statement(statement.seq, entry))
            self.mirror.append_own(entry)
            reports.append(_appended(statement))
        self.drafts = []
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
        mirror.note = Note.decode(note)
        self._book.settle(mirror.origin)
        writes = [
            Write(area=Area.ENTRY, log=mirror.origin, index=seq, data=mirror.entries[seq])
            for seq in range(start, mirror.size)
        ]
        head = Write(area=Area.CHECKPOINT, log=mirror.origin, index=mirror.size, data=note)
        return [*writes, Fsync(), head, Fsync()]

    def _sign(self, draft: Draft, now: NetworkTime) -> tuple[bytes, Statement]:
        mirror = self.mirror
        prev = mirror.next_prev()
        statement = Statement(
            subject=draft.subject or Subject(name=mirror.origin, digest=prev),
            network=self._register.network_id,
            author=self._keys.id,
            origin=mirror.origin,
            seq=Seq(mirror.size),
            prev=prev,
            agreement=draft.agreement,
            period=draft.period,
            seen=mirror.at_least_seen(self._heads(draft, now)),
            body=draft.body,
        )
        return envelope.seal(codec.encode(statement), (self._keys.statement,)), statement

    def _heads(self, draft: Draft, now: NetworkTime) -> tuple[Head, ...]:
        """What is newly seen: nothing, in usage that is too late to say when it was known."""
        schedule, of = self._register.agreement.schedule, draft.period
        if (
            isinstance(draft.body, ComputeUsage)
            and of is not None
            and not may_have_seen(of.index, schedule, now)
        ):
            return ()
        return self._book.heads((*self._book.verifier_origins(), REGISTER_ORIGIN))

    def _sign_head(self) -> bytes:
        mirror = self.mirror
        head = Checkpoint(origin=KeyName(mirror.origin), size=mirror.size, root=mirror.root())
        return Note(body=head, signatures=(sign_checkpoint(head, self._keys.log),)).encode()

    # -------------------------------------------------------------- publishing

    def stored(self, sender: ParticipantId, message: Stored, now: NetworkTime) -> list[Effect]:
        """Take a verifier's word of how much it holds; offer it the rest."""
        if sender not in self._others:
            return []
        if message.size:
            problem = self._longer_than_own(message)
            if problem:
                return self._halt(problem)
        self._answered.add(sender)
        self._stored[sender] = message.size
        return [*self._offer(sender), *self.flush(now)]

    def _longer_than_own(self, message: Stored) -> str:
        """Why the own log is not the one that a verifier holds, if that is so."""
        try:
            head = open_note(message.note, self._member.log_key).checkpoint
        except (MalformedCheckpoint, InvalidSignature):
            return ""  # not our signature: it says nothing about us
        if head.size > self.mirror.size:
            return f"a verifier holds {head.size} own entries, the disk {self.mirror.size}"
        if not self.mirror.agrees_with(head):
            return "a verifier holds another own log than the disk"
        return ""

    def collect(self, now: NetworkTime) -> list[Effect]:
        """After new cosignatures on the own log: report receipts, close the open checkpoint."""
        size = self._book.receipted(self.mirror.origin)
        effects: list[Effect] = []
        for verifier in self._others:
            reached = self._book.reached(self.mirror.origin, verifier)
            self._stored[verifier] = max(self._stored.get(verifier, 0), reached)
        if size > self._receipted:
            self._receipted = size
            effects.append(report(Told.RECEIPTED, self.mirror.origin, size=size))
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
            for verifier in self._others:
                effects += self._offer(verifier)
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
        if start is None:
            return [Send(to=verifier, message=Hello(origin=mirror.origin))]
        cosigned = self._book.reached(mirror.origin, verifier)
        if min(start, cosigned) >= mirror.size or mirror.note is None:
            return []
        # Who holds all and has not cosigned it is asked again, by a batch of no entries.
        start = min(start, int(mirror.size))
        message = Publish(
            origin=mirror.origin,
            start=Seq(start),
            entries=batch(mirror.entries, start, mirror.size),
            note=mirror.note.encode(),
        )
        return [Send(to=verifier, message=message)]


def batch(entries: list[bytes], start: int, end: int) -> tuple[bytes, ...]:
    """The entries from `start` up to `end`, cut off where a message is full."""
    chosen, total = [], 0
    for entry in entries[start : min(end, start + ENTRIES_MAX)]:
        total += len(entry)
        if total > BATCH_BYTES_MAX:
            break
        chosen.append(entry)
    return tuple(chosen)


def _appended(statement: Statement) -> Report:
    period = -1 if statement.period is None else int(statement.period.index)
    return report(
        Told.APPENDED, statement.origin, seq=statement.seq, kind=statement.kind, period=period
    )
