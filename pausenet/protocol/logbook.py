"""All logs that one participant holds, with the storing cosignatures it has seen on them."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections import OrderedDict
from dataclasses import dataclass
from enum import Enum
from operator import attrgetter
from typing import Final

from pausenet.errors import InvalidSignature, MalformedCheckpoint
from pausenet.log.checkpoint import Note, SignatureLine
from pausenet.log.cosignature import Cosignature
from pausenet.log.opened import remembered_note
from pausenet.log.vkey import VerifierKey
from pausenet.protocol.mirror import Mirror
from pausenet.protocol.register import Member, Register
from pausenet.statements.codec import Head
from pausenet.statements.cut import TimeEvidence
from pausenet.values import (
    REGISTER_ORIGIN,
    Digest,
    NetworkTime,
    Origin,
    ParticipantId,
    PeriodIndex,
    Role,
    Seq,
    Signature,
    TreeSize,
)

NOTES_REMEMBERED: Final = 20_000
RIVALS_MAX: Final = 16
UNPLACED_MAX: Final = 256
_SIZE: Final = attrgetter("size")


@dataclass(frozen=True, slots=True, order=True)
class Mark:
    """One storing cosignature, ordered by time, then size."""

    time: NetworkTime
    size: TreeSize
    root: Digest
    signature: Signature

    def line(self, key: VerifierKey) -> SignatureLine:
        """The same as a line of a note, under its cosigner's key."""
        blob = self.time.to_bytes(8, "big") + self.signature
        return SignatureLine(name=key.name, key_hash=key.key_hash, blob=blob)

    def evidence(self, by: ParticipantId) -> TimeEvidence:
        """The same as a cut carries it."""
        return TimeEvidence(
            by=by, size=self.size, root=self.root, time=self.time, signature=self.signature
        )


class Relation(Enum):
    """How a checkpoint stands to the mirror of its log."""

    AGREES = "agrees"
    AHEAD = "ahead"
    RIVAL = "rival"
    LATER = "by a key not known here: perhaps its log has changed keys since"


@dataclass(frozen=True, slots=True, kw_only=True)
class Judged:
    """A note whose lines have been verified, stripped to those of its log and of verifiers.

    `cosigners` says which verifiers' storing cosignatures it bears, and of what time.
    """

    note: Note
    member: Member
    relation: Relation
    cosigners: tuple[tuple[ParticipantId, NetworkTime], ...]


class _Unknown:
    """What stands for a note that has not been judged."""


_UNKNOWN: Final = _Unknown()


class LogBook:
    """Mirrors by origin, and for each of them the marks of every verifier's storing cosigner.

    Only marks that agree with the mirror are counted anywhere; those on sizes not held yet wait.
    Entries, their statements and the first marks on each size grow with the logs: every appraisal
    and every proof may ask for any of them. All else that is remembered here is bounded.
    `rivals` are notes that the log itself signed and that do not agree: somebody forks.
    What verifiers have cosigned counts by the epoch that ran at its time; `court` is the register
    in the epoch that runs now, as `turn` was told.
    """

    def __init__(self, register: Register, roles: tuple[Role, ...]) -> None:
        self.register, self.court = register, register.under(0)
        self._begins = [register.agreement.schedule.period(e.first).start for e in register.epochs]
        self.known = register
        """The register with every change of keys that the mirrors hold."""
        self.mirrors: dict[Origin, Mirror] = {}
        self._names: dict[str, Mirror] = {}
        self.rivals: dict[Origin, list[Note]] = {}
        self._marks: dict[Origin, dict[ParticipantId, list[Mark]]] = {}
        self._reached: dict[Origin, list[dict[ParticipantId, int]]] = {}
        self._unplaced: dict[Origin, list[tuple[ParticipantId, Mark]]] = {}
        self._receipted: dict[Origin, TreeSize] = {}
        self._news: dict[Origin, int] = {}
        self._judged: OrderedDict[bytes, Judged | None] = OrderedDict()
        self._cosigners: dict[str, ParticipantId] = {
            each.storing_key.name: each.id
            for each in register.with_role(Role.VERIFIER)
            if each.storing_key is not None
        }
        self._verifiers = register.all_verifiers
        self._storing: dict[tuple[str, bytes], VerifierKey] = {}
        for member in register.members.values():
            if member.role in roles or member.role is Role.REGISTRAR:
                self.hold(member)
        self._learn_keys()
        if register.note:
            self.mirrors[REGISTER_ORIGIN].hold_register(Note.decode(register.note))

    def turn(self, now: NetworkTime) -> None:
        """Time has come this far: from now on the epoch of this moment is the one that counts."""
        self.court = self.register.at(now)

    def mirror(self, origin: Origin) -> Mirror:
        """The mirror of a log that is held."""
        return self.mirrors[origin]

    def judge_all(self, notes: tuple[bytes, ...]) -> list[Judged]:
        """Judge notes one after the other, and give those that tell something.

        What was known to agree before has told it then: ticks repeat most notes many times.
        """
        judged_before, found = self._judged, list[Judged]()
        for data in notes:
            known = judged_before.get(data)
            if known is not None and known.relation is Relation.AGREES:
                continue
            if (judged := self.judge(data)) is not None:
                found.append(judged)
        return found

    def judge(self, data: bytes) -> Judged | None:
        """Judge a note and take in its storing cosignatures; a note seen before costs nothing.

        None for a note of a log that is not held, or that is not valid: gossip may carry
        anything, and what is bad in it accuses nobody.
        """
        judged = self._judged.get(data, _UNKNOWN)
        if isinstance(judged, _Unknown):
            judged = self._judged[data] = self._open(data)
            if len(self._judged) > NOTES_REMEMBERED:
                self._judged.popitem(last=False)
        if judged is None or judged.relation is Relation.AGREES:
            return judged
        if judged.relation is Relation.LATER:
            origin = judged.member.origin
            if judged.note.body.size <= self.mirrors[origin].size:
                judged = self._judged[data] = None  # the log has come there, by another key
        if judged is None or judged.relation is not Relation.AHEAD:
            return judged
        # A mirror only grows: once a note agrees or disagrees, it always does.
        relation = self.relation(judged.note)
        if relation is Relation.AHEAD:
            return judged
        judged = Judged(
            note=judged.note, member=judged.member, relation=relation, cosigners=judged.cosigners
        )
        self._judged[data] = judged
        if judged.relation is Relation.RIVAL:
            self.add_rival(judged.member.origin, judged.note)
        return judged

    def relation(self, note: Note) -> Relation:
        """How a note of a held log stands to its mirror now."""
        mirror = self._names[note.body.origin]
        if note.body.size > mirror.size:
            return Relation.AHEAD
        return Relation.AGREES if mirror.agrees_with(note.body) else Relation.RIVAL

    def add_rival(self, origin: Origin, note: Note) -> None:
        """Remember a note of a log that disagrees with its mirror, or may yet do so.

        One that agrees takes no room: what disagreed were the entries that came with it.
        """
        held = self.rivals[origin]
        rivals = [each for each in held if self.relation(each) is not Relation.AGREES]
        self.rivals[origin] = rivals
        if self.relation(note) is Relation.AGREES:
            return
        if note not in rivals and len(rivals) < RIVALS_MAX:
            rivals.append(note)

    def settle(self, origin: Origin) -> None:
        """After a mirror has grown: place the marks that waited for its entries."""
        self._learn(self.mirrors[origin])
        waiting, self._unplaced[origin] = self._unplaced[origin], []
        for verifier, mark in waiting:
            self._place(self.mirrors[origin], verifier, mark)

    def _learn(self, mirror: Mirror) -> None:
        """Take in a change of keys; what could not be judged before may be now."""
        if self.known.members[mirror.member.id].succession != mirror.succession:
            self.known = self.known.succeeded(mirror.succession)
            self._judged.clear()
            self._learn_keys()

    def _learn_keys(self) -> None:
        """Every storing key that a verifier has had, by its name and hash in a note's line."""
        for verifier in self._cosigners.values():
            for key in self.known.members[verifier].succession.storing_keys():
                self._storing[key.name, key.key_hash] = key

    def marks(self, origin: Origin, verifier: ParticipantId) -> list[Mark]:
        """A verifier's cosignatures that agree with a mirror, in order of time.

        Only those are kept that reach further than every one before them: a mark that does not
        is the first past no entry, and the largest at no time. There are as many at most as the
        mirror has had sizes, whatever the heartbeats repeat.
        """
        return self._marks[origin][verifier]

    def reached(self, origin: Origin, verifier: ParticipantId) -> int:
        """The largest size a verifier has cosigned, in this epoch, in agreement with the mirror."""
        return self._reached[origin][self.court.epoch.number][verifier]

    def receipted(self, origin: Origin) -> TreeSize:
        """The largest size that k storing cosigners of one epoch have reached while it lasted.

        Cosignatures on different sizes count together, since the mirror shows that they are
        consistent (protocol.md 4.3).
        """
        found = self._receipted.get(origin)
        if found is not None:
            return found
        most = 0
        for epoch, by in zip(self.register.epochs, self._reached[origin], strict=True):
            reached = sorted((by[name] for name in epoch.verifiers), reverse=True)
            most = max(most, reached[epoch.quorum.k - 1])
        size = self._receipted[origin] = TreeSize(most)
        return size

    def news(self, origin: Origin) -> int:
        """How often a verifier has been found to reach further in a log: what may be receipted."""
        return self._news[origin]

    def earliest(self, origin: Origin, seq: Seq, period: PeriodIndex) -> tuple[TimeEvidence, ...]:
        """The f+1 earliest cosignatures on sizes past `seq`, by verifiers of a period's epoch."""
        first, court = [], self.register.under(period)
        for verifier in court.verifiers:
            marks = self._marks[origin][verifier]
            place = bisect_right(marks, seq, key=_SIZE)  # later marks reach further
            if place < len(marks):
                first.append((marks[place], verifier))
        first.sort()
        return tuple(mark.evidence(verifier) for mark, verifier in first[: court.quorum.f + 1])

    def published(self, origin: Origin, seq: Seq, period: PeriodIndex) -> NetworkTime | None:
        """The (f+1)-th smallest first time; None while fewer than f+1 have cosigned."""
        evidence = self.earliest(origin, seq, period)
        if len(evidence) <= self.register.under(period).quorum.f:
            return None
        return max(item.time for item in evidence)

    def cosigned(self, origin: Origin) -> Note | None:
        """The latest checkpoint of a log with each verifier's first storing cosignature on it.

        None while fewer than k have signed this very checkpoint: a receipt needs one whole.
        """
        note = self.mirrors[origin].note
        if note is None:
            return None
        lines = [line for line in note.signatures if line.name == origin]
        own = len(lines)
        for verifier in self.court.verifiers:
            first: Mark | None = None
            for mark in reversed(self._marks[origin][verifier]):
                if mark.size < note.body.size:
                    break
                first = mark if mark.size == note.body.size else first
            key = self.register.members[verifier].storing_key
            if first is not None and key is not None:
                lines.append(first.line(key))
        if len(lines) - own < self.court.quorum.k:
            return None
        return Note(body=note.body, signatures=tuple(lines))

    def heads(self, origins: tuple[Origin, ...]) -> tuple[Head, ...]:
        """The largest receipted heads of these logs, sorted: what a statement's `seen` holds."""
        sizes = [(origin, self.receipted(origin)) for origin in sorted(origins)]
        return tuple(
            Head(origin=origin, size=size, root=self.mirrors[origin].root(size))
            for origin, size in sizes
            if size
        )

    def seen_by(self, mirror: Mirror) -> tuple[Head, ...]:
        """What the owner of a log may say that it has seen: never less than it has said.

        Those are the receipted heads of the verifiers' logs, and the register: it shows itself,
        and is named as far as the owner counts by it. Whose disk has gone back behind what its
        log says of the register says nothing new until the register is there again.
        """
        register = self.register
        known = Head(origin=REGISTER_ORIGIN, size=register.size, root=register.root)
        said = mirror.at_least_seen((known,))
        if known not in said:
            return said
        return mirror.at_least_seen((known, *self.heads(self.verifier_origins())))

    def verifier_origins(self) -> tuple[Origin, ...]:
        """The logs of all verifiers, of whatever epoch, in register order."""
        return tuple(self.register.origin_of(name) for name in self._verifiers)

    def hold(self, member: Member) -> None:
        """Begin to hold a member's log."""
        verifiers = self._verifiers
        self.mirrors[member.origin] = Mirror(self.register, member)
        self._names[member.origin] = self.mirrors[member.origin]
        self.rivals[member.origin] = []
        self._marks[member.origin] = {name: [] for name in verifiers}
        self._reached[member.origin] = [dict.fromkeys(verifiers, 0) for _ in self.register.epochs]
        self._unplaced[member.origin] = []
        self._news[member.origin] = 0

    def _take(self, mirror: Mirror, cosignature: Cosignature) -> None:
        verifier = self._cosigners[cosignature.cosigner]
        checkpoint = cosignature.checkpoint
        mark = Mark(cosignature.time, checkpoint.size, checkpoint.root, cosignature.signature)
        self._place(mirror, verifier, mark)

    def _place(self, mirror: Mirror, verifier: ParticipantId, mark: Mark) -> None:
        origin = mirror.origin
        if mark.size > mirror.size:
            # Each verifier has room of its own, which no other can fill.
            waiting = self._unplaced[origin]
            if sum(by == verifier for by, _ in waiting) < UNPLACED_MAX:
                waiting.append((verifier, mark))
            return
        if mirror.root(mark.size) != mark.root:
            return
        reached = self._reached[origin][bisect_right(self._begins, mark.time, lo=1) - 1]
        if mark.size > reached[verifier]:
            reached[verifier] = mark.size
            self._receipted.pop(origin, None)
            self._news[origin] += 1
        marks = self._marks[origin][verifier]
        last = len(marks)
        place = last if not last or marks[-1].time < mark.time else bisect_left(marks, mark)
        if place > 0 and marks[place - 1].size >= mark.size:
            return
        if marks[place : place + 1] == [mark]:
            return
        end = place
        while end < len(marks) and marks[end].size <= mark.size:
            end += 1
        marks[place:end] = [mark]

    def _open(self, data: bytes) -> Judged | None:
        try:
            note = Note.decode(data)
            mirror = self._names.get(note.body.origin)
            if mirror is None:
                return None
            log_key = mirror.log_key(note.body.size)
            if note.body.size > mirror.size and not any(
                line.is_by(log_key) for line in note.signatures
            ):
                return Judged(
                    note=note, member=mirror.member, relation=Relation.LATER, cosigners=()
                )
            opened = remembered_note(data, log_key, self._storing_keys(note))
        except (MalformedCheckpoint, InvalidSignature):
            return None
        for cosignature in opened.cosignatures:
            self._take(mirror, cosignature)
        agrees = mirror.agrees_with(note.body)
        return Judged(
            note=opened.note,
            member=mirror.member,
            relation=Relation.AGREES if agrees else Relation.AHEAD,
            cosigners=tuple((self._cosigners[c.cosigner], c.time) for c in opened.cosignatures),
        )

    def _storing_keys(self, note: Note) -> tuple[VerifierKey, ...]:
        """The key of each verifier whose line a note bears: one of those it has had."""
        found: dict[str, VerifierKey] = {}
        for line in note.signatures:
            key = self._storing.get((line.name, line.key_hash))
            if key is not None:
                found.setdefault(line.name, key)
        return tuple(found.values())
