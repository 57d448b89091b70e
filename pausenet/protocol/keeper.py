"""The keeper: a verifier's copies of everybody's logs; it stores, cosigns, serves, compares."""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import suppress
from itertools import islice

from pausenet.errors import InvalidSignature, MalformedCheckpoint
from pausenet.log.checkpoint import Note
from pausenet.protocol.circles import may_read
from pausenet.protocol.clockwatch import ClockWatch, Standing
from pausenet.protocol.closing import Closing
from pausenet.protocol.cosigner import StoringCosigner
from pausenet.protocol.follower import Follower
from pausenet.protocol.gossip import Gossip
from pausenet.protocol.kept import batch, closed_era, on_disk
from pausenet.protocol.logbook import Judged, LogBook, Relation
from pausenet.protocol.messages import (
    Area,
    Cosigned,
    Effect,
    Entries,
    Fetch,
    Fsync,
    Heads,
    Publish,
    Record,
    Refusal,
    Refused,
    Send,
    Stored,
    Told,
    Write,
    report,
)
from pausenet.protocol.mirror import BadEntry, Extended, Mirror, Verdict
from pausenet.protocol.prosecution import Prosecution
from pausenet.protocol.publisher import Publisher
from pausenet.protocol.register import Register
from pausenet.statements.codec import Kind
from pausenet.values import NetworkTime, Origin, ParticipantId, PeriodIndex, Role, Seq, TreeSize


class Keeper:
    """What one verifier does with the logs it holds; `changed` names those that have grown."""

    def __init__(
        self,
        register: Register,
        me: ParticipantId,
        *,
        book: LogBook,
        publisher: Publisher,
        cosigner: StoringCosigner,
        follower: Follower,
        gossip: Gossip,
        prosecution: Prosecution,
        closing: Closing,
    ) -> None:
        self._register, self._me, self._book = register, me, book
        self._publisher, self._cosigner, self._follower = publisher, cosigner, follower
        self._gossip, self._prosecution, self._closing = gossip, prosecution, closing
        peers = tuple(name for name in register.all_verifiers if name != me)
        self._clocks = ClockWatch(peers, register.genesis.epsilon_s)
        self._standing = Standing.SOUND
        self.changed: dict[Origin, None] = {}
        self._owed = False
        self._heard: set[ParticipantId] = set()
        self._shown: dict[Origin, TreeSize] = {}

    @property
    def _own(self) -> Origin:
        return self._publisher.mirror.origin

    def reload(self, mirror: Mirror, records: tuple[Record, ...]) -> None:
        """Take a foreign log from the disk; what does not check is fetched again from peers."""
        with suppress(MalformedCheckpoint, InvalidSignature, BadEntry):
            entries, notes = on_disk(records, mirror.origin)
            mirror.reload(entries, notes)
            self._hold_cosigned(mirror, entries)
        self._book.settle(mirror.origin)

    def _hold_cosigned(self, mirror: Mirror, entries: tuple[bytes, ...]) -> None:
        """Hold what was cosigned last, where a crash took only the record of its checkpoint."""
        guard, start = self._publisher.guard, Seq(mirror.size)
        last = guard.cosigned.get(mirror.origin)
        if last is None or not start < last.size <= len(entries):
            return
        notes = (data for data in reversed(guard.recalled) if _is_of(data, mirror.origin))
        for data in islice(notes, 1):
            following = entries[start : last.size]
            mirror.extend(start, following, mirror.open(data, start, following))

    def answer_hello(self, sender: ParticipantId, origin: Origin) -> list[Effect]:
        """Say how much of a log is held."""
        mirror = self._book.mirrors.get(origin)
        if mirror is None:
            return _refuse(sender, origin, Refusal.UNKNOWN_ORIGIN)
        return [Send(to=sender, message=_stored(mirror))]

    def publish(self, sender: ParticipantId, message: Publish, now: NetworkTime) -> list[Effect]:
        """Take a batch from its log's owner: check all of it, store it, cosign it, answer."""
        mirror = self._book.mirrors.get(message.origin)
        if mirror is None or mirror.member.id != sender:
            return _refuse(sender, message.origin, Refusal.NOT_YOURS)
        try:
            note = mirror.open(message.note, message.start, message.entries, sender)
        except (MalformedCheckpoint, InvalidSignature):
            return _refuse(sender, message.origin, Refusal.BAD_SIGNATURE)
        try:
            result = mirror.extend(message.start, message.entries, note, sender)
        except BadEntry as error:
            effects = self._prosecution.bad_entry(mirror, note, error)
            return [*effects, *_refuse(sender, message.origin, Refusal.BAD_ENTRY)]
        match result.verdict:
            case Verdict.EXTENDED:
                return self._store(mirror, result, now, sender)
            case Verdict.NOTHING_NEW if message.start + len(message.entries) >= note.body.size:
                return self._cosigned(mirror, sender, now)
            case Verdict.FORK:
                effects = self._rival(mirror, note, result, sender, now)
                return [*effects, *_refuse(sender, message.origin, Refusal.CONFLICT)]
            case Verdict.UNSOUND:
                return _refuse(sender, message.origin, Refusal.BAD_ENTRY)
            case _:
                return [Send(to=sender, message=_stored(mirror, result.start))]

    def _cosigned(self, mirror: Mirror, sender: ParticipantId, now: NetworkTime) -> list[Effect]:
        """Answer an owner whose batch brings nothing new with the cosignature it waits for."""
        origin, effects = mirror.origin, list[Effect]()
        if self._book.reached(origin, self._me) < mirror.size:
            signed = self._cosign(origin, now)
            if signed is not None and signed[0] is not None:
                effects += [signed[0], Fsync()]
        data = self._cosigner.notes.get(origin)
        if data is None:
            return [Send(to=sender, message=_stored(mirror))]
        return [*effects, Send(to=sender, message=Cosigned(origin=origin, note=data))]

    def _store(
        self, mirror: Mirror, result: Extended, now: NetworkTime, owner: ParticipantId | None
    ) -> list[Effect]:
        """Write what is new, cosign it, and only then answer its owner."""
        origin = mirror.origin
        assert mirror.note is not None, "an extended mirror has a note"
        effects: list[Effect] = [
            *closed_era(mirror, result.start),
            *(
                Write(area=Area.ENTRY, log=origin, index=result.start + offset, data=entry)
                for offset, entry in enumerate(result.entries)
            ),
        ]
        self._book.settle(origin)
        effects.append(Fsync())
        # Behind the entries: what a crash leaves of them is never less than what was cosigned.
        signed = self._cosign(origin, now)
        if signed is not None and signed[0] is not None:
            effects.append(signed[0])
        note = mirror.note.encode()
        effects += [
            Write(area=Area.CHECKPOINT, log=origin, index=mirror.size, data=note),
            Fsync(),
            report(Told.STORED, origin, size=mirror.size),
        ]
        if signed is not None and owner is not None:
            effects.append(Send(to=owner, message=Cosigned(origin=origin, note=signed[1])))
        self.changed[origin] = None
        return effects

    def _cosign(self, origin: Origin, now: NetworkTime) -> tuple[Write | None, bytes] | None:
        """Cosign a mirror's head where signing is allowed, and mark it for gossip."""
        if not self._publisher.may_sign or self._stands(now) is not Standing.SOUND:
            return None
        signed = self._cosigner.cosign(origin, now)
        if signed is not None:
            self._gossip.cosigned(signed[1], now)
            self._mark_first(origin, signed[1], self._book.mirrors[origin].size)
        return signed

    def recall(self) -> None:
        """After a start: what was cosigned before it still shows when this verifier held what."""
        for data in self._publisher.guard.recalled:
            judged = self._book.judge(data)
            if judged is None or judged.relation is not Relation.AGREES:
                continue  # what the crash took from the disk is not vouched for
            origin = judged.member.origin
            self._cosigner.notes[origin] = data
            self._mark_first(origin, data, judged.note.body.size)
        self._publisher.guard.recalled.clear()

    def _mark_first(self, origin: Origin, note: bytes, size: TreeSize) -> None:
        mirror = self._book.mirrors[origin]
        kind = {Role.LAB: Kind.USAGE, Role.METER: Kind.READING}.get(mirror.member.role)
        if kind is None:
            return
        for period in self._closing.open_periods:
            seq = mirror.due(kind, period)
            if seq is not None and seq < size:
                self._gossip.first(origin, period, seq, note)

    def heads(self, sender: ParticipantId, message: Heads, now: NetworkTime) -> list[Effect]:
        """Take a peer's gossip: follow who is ahead, look into what disagrees."""
        judged = self._book.judge_all(message.notes)
        self._heard.add(sender)
        for each in judged:
            if each.relation is Relation.AHEAD:
                origin, size = each.member.origin, each.note.body.size
                self._shown[origin] = max(size, self._shown.get(origin, size))
        progress = self._follower.heads(sender, judged, now)
        effects = list(progress.effects)
        effects += self._watch(judged, now)
        for origin, note in progress.rivals:
            mirror = self._book.mirrors[origin]
            effects += self._rival(mirror, note, None, sender, now)
        effects += self._prosecution.judge_cosigners(judged)
        self.changed[self._own] = None
        return [*effects, *self._publisher.collect(now)]

    def cosigned(self, message: Cosigned, now: NetworkTime) -> list[Effect]:
        """Take a peer's cosignature on the own log, or whatever somebody sends as one.

        It is compared as gossip is: when gossip repeats it, it tells nothing more.
        """
        judged = self._book.judge_all((message.note,))
        effects = self._watch(judged, now)
        effects += self._prosecution.judge_cosigners(judged)
        return [*effects, *self._publisher.collect(now)]

    def published(self, now: NetworkTime) -> list[Effect]:
        """The own log has grown by a checkpoint: remember when, and gather what it has got."""
        self._clocks.published(self._publisher.mirror.size, now)
        return self._publisher.collect(now)

    def _watch(self, judged: Sequence[Judged], now: NetworkTime) -> list[Effect]:
        """Compare the clocks of peers with this one; say when it begins or ceases to differ."""
        for each in judged:
            mine = each.member.id == self._me and each.relation is Relation.AGREES
            for name, time in each.cosigners:
                self._clocks.signed(name, time)
                if mine:
                    self._clocks.answered(name, each.note.body.size, time)
        return self.doubt(now)

    def doubt(self, now: NetworkTime) -> list[Effect]:
        """Report how this clock stands, where that has changed."""
        before, self._standing = self._standing, self._stands(now)
        if self._standing is before:
            return []
        return [report(Told.CLOCK, self._me, standing=self._standing)]

    def _stands(self, now: NetworkTime) -> Standing:
        return self._clocks.standing(now, self._book.court.verifiers)

    def serve(self, sender: ParticipantId, message: Fetch) -> list[Effect]:
        """Give entries to those whose circle they are for (2.9); say what is withheld."""
        mirror = self._book.mirrors.get(message.origin)
        asker = self._register.members.get(sender)
        if mirror is None or asker is None:
            return _refuse(sender, message.origin, Refusal.UNKNOWN_ORIGIN)
        if not may_read(self._register, asker, mirror.member, self._closing.joined):
            told = report(Told.WITHHELD, message.origin, to=sender)
            return [told, *_refuse(sender, message.origin, Refusal.NOT_YOURS)]
        if mirror.note is None or message.start >= mirror.size:
            return []
        end, note = mirror.batch_end(message.start)
        assert note is not None, "a mirror that holds entries has a note over them"
        answer = Entries(
            origin=message.origin,
            start=message.start,
            entries=batch(mirror.entries, message.start, end),
            note=note.encode(),
        )
        return [Send(to=sender, message=answer)]

    def entries(self, sender: ParticipantId, message: Entries, now: NetworkTime) -> list[Effect]:
        """Take entries that were asked for."""
        mirror = self._book.mirrors.get(message.origin)
        if mirror is None:
            return []
        if message.origin == self._own:
            return []
        before = mirror.size
        progress = self._follower.entries(sender, message, now)
        effects = list(progress.effects)
        for note, error in progress.bad:
            effects += self._prosecution.bad_entry(mirror, note, error)
        fork = next((e for _, e in progress.grown if e.verdict is Verdict.FORK), None)
        for _, note in progress.rivals:
            effects += self._rival(mirror, note, fork, sender, now, message)
        if mirror.size > before:
            grown = next(e for _, e in progress.grown if e.verdict is Verdict.EXTENDED)
            effects += self._store(mirror, grown, now, None)
        return effects

    def _rival(
        self,
        mirror: Mirror,
        note: Note,
        result: Extended | None,
        sender: ParticipantId,
        now: NetworkTime,
        branch: Entries | None = None,
    ) -> list[Effect]:
        """Somebody's log has two faces: make the proof, or fetch what it lacks."""
        differs = None if result is None else result.differs
        effects = self._prosecution.fork(mirror, note, differs, branch)
        if self._prosecution.proves_fork(mirror.member.id):
            return effects
        role = self._register.members[sender].role
        if role is not Role.VERIFIER:
            return effects
        start = 0 if branch is None else branch.start + len(branch.entries)
        end = min(int(note.body.size), int(mirror.size))
        if start < end:
            effects += self._follower.ask(sender, mirror.origin, start, note.body.size, now)
        return effects

    def owe_heartbeat(self) -> None:
        """A period has closed: every stored head is to be cosigned anew."""
        self._owed = True

    def heartbeat(self, now: NetworkTime, *, closed: bool) -> list[Effect]:
        """Cosign every stored head anew: who holds no more says so by this (4.4).

        Whoever may not sign at the close, as after a start, owes it. It is made good once every
        other verifier has shown its heads since the start, and only of logs of which nobody showed
        more: a disk that was put back must not say again that it holds less than it once did. What
        was cosigned since the close is not cosigned again.
        """
        if not self._owed or not self._publisher.may_sign:
            return []
        others = {name for name in self._register.epoch.verifiers if name != self._me}
        if self._stands(now) is not Standing.SOUND or not (closed or others <= self._heard):
            return []
        self._owed = False
        close = self._register.agreement.schedule.close(PeriodIndex(self._closing.last_closed))
        cosigned, writes = self._publisher.guard.cosigned, list[Effect]()
        for origin, mirror in self._book.mirrors.items():
            if origin in cosigned and cosigned[origin].time >= close:
                continue
            if not closed and mirror.size < self._shown.get(origin, 0):
                continue
            signed = self._cosign(origin, now)
            if signed is not None and signed[0] is not None:
                writes.append(signed[0])
        return [*writes, Fsync()] if writes else []

    def cosign_own(self, now: NetworkTime) -> list[Effect]:
        """A verifier cosigns its own log too, and that counts."""
        mirror = self._publisher.mirror
        if self._book.reached(self._own, self._me) >= mirror.size:
            return []
        signed = self._cosign(self._own, now)
        if signed is None or signed[0] is None:
            return []
        self.changed[self._own] = None
        return [signed[0], Fsync()]


def _is_of(note: bytes, origin: Origin) -> bool:
    return Note.decode(note).body.origin == origin


def _stored(mirror: Mirror, size: int | None = None) -> Stored:
    note = b"" if mirror.note is None else mirror.note.encode()
    return Stored(
        origin=mirror.origin, size=TreeSize(mirror.size if size is None else size), note=note
    )


def _refuse(to: ParticipantId, origin: Origin, reason: Refusal) -> list[Effect]:
    return [Send(to=to, message=Refused(origin=origin, reason=reason))]
