"""New keys: the bodies of rotation and recovery, and the way back after a restore (5.4, 3.6).

Whoever no longer knows what its keys have signed fetches its own log from k verifiers, and goes
on from there with other keys. What the old ones signed beyond it can then contradict nothing:
no proof takes signatures by two keys.
"""

from __future__ import annotations

from pausenet.errors import InvalidSignature, MalformedCheckpoint
from pausenet.log.checkpoint import Note
from pausenet.protocol.bands import without_reports
from pausenet.protocol.kept import closed_era
from pausenet.protocol.logbook import LogBook
from pausenet.protocol.messages import Area, Effect, Entries, Fetch, Fsync, Send, Stored, Write
from pausenet.protocol.mirror import BadEntry, Mirror, Verdict
from pausenet.protocol.register import Keyring, Register
from pausenet.statements.codec import Body, Kind, kind_of
from pausenet.statements.cut import Endorsement, Silence
from pausenet.statements.keychange import KeyRecovery, KeyRotation, NewKey, handover_message
from pausenet.statements.register import Purpose, possession_message
from pausenet.values import Digest, NetworkTime, ParticipantId, Period, Seq, TreeSize


def rotation(
    register: Register, participant: ParticipantId, old: Keyring, new: Keyring, seq: TreeSize
) -> KeyRotation:
    """The body by which new keys replace old ones at a place."""
    keys = _new_keys(register, participant, new)
    message = handover_message(register.network_id, participant, seq, keys)
    return KeyRotation(keys=keys, handover=old.log.sign(message))


def recovered(
    register: Register, participant: ParticipantId, new: Keyring, size: TreeSize
) -> KeyRecovery:
    """The body by which new keys go on from a size of the log."""
    return KeyRecovery(keys=_new_keys(register, participant, new), resumes=size)


def _new_keys(register: Register, participant: ParticipantId, new: Keyring) -> tuple[NewKey, ...]:
    found = [
        NewKey(
            purpose=purpose,
            key=key.public_key,
            possession=key.sign(
                possession_message(register.network_id, participant, new.role, purpose)
            ),
        )
        for purpose, key in new.by_purpose()
        if purpose is not Purpose.RECOVERY
    ]
    return tuple(sorted(found, key=lambda each: each.purpose))


class Recovery:
    """One participant on its way back: what verifiers hold of its log, and what it has fetched.

    `answered` are those whose every own entry is here. `conflict` says why it cannot go on. Only
    what is answered 2 delta after the first answer counts: by then what was sent before the
    restore has arrived, and nobody takes in more of the old keys than was told.
    """

    def __init__(self, register: Register, me: ParticipantId, book: LogBook, keys: Keyring) -> None:
        self._origin, self._book = register.origin_of(me), book
        self._wait_s = 2 * register.genesis.delta_s
        self._first: NetworkTime | None = None
        self.keys = keys
        self.answered: set[ParticipantId] = set()
        self.conflict = ""

    @property
    def _mirror(self) -> Mirror:
        return self._book.mirrors[self._origin]

    def told(self, sender: ParticipantId, message: Stored, now: NetworkTime) -> list[Effect]:
        """Take a verifier's word of what it holds; ask for what is not here."""
        mirror = self._mirror
        if self._first is None:
            self._first = now
        if message.size > mirror.size:
            fetch = Fetch(origin=self._origin, start=Seq(mirror.size), end=message.size)
            return [Send(to=sender, message=fetch)]
        try:
            head = mirror.open(message.note).body if message.size else None
        except (MalformedCheckpoint, InvalidSignature):
            head = None  # not our signature: it holds nothing of ours
        if head is not None and not mirror.agrees_with(head):
            self.conflict = "a verifier holds another own log than the disk"
        if now >= self._first + self._wait_s:
            self.answered.add(sender)
        return []

    def fetched(self, sender: ParticipantId, message: Entries, now: NetworkTime) -> list[Effect]:
        """Take own entries in, make them durable, and ask whether there are more."""
        mirror = self._mirror
        if message.origin != self._origin:
            return []
        try:
            note = mirror.open(message.note, message.start, message.entries, sender)
            result = mirror.extend(message.start, message.entries, note, sender)
        except (MalformedCheckpoint, InvalidSignature, BadEntry):
            return []
        if result.verdict is Verdict.FORK:
            self.conflict = "a verifier holds another own log than the disk"
            return []
        effects = self._kept(result.start, result.entries, note)
        stored = Stored(origin=self._origin, size=note.body.size, note=message.note)
        return [*effects, *self.told(sender, stored, now)]

    def _kept(self, start: Seq, entries: tuple[bytes, ...], note: Note) -> list[Effect]:
        if not entries:
            return []
        self._book.settle(self._origin)
        log = self._origin
        return [
            *closed_era(self._mirror, start),
            *(
                Write(area=Area.ENTRY, log=log, index=start + offset, data=entry)
                for offset, entry in enumerate(entries)
            ),
            Fsync(),
            Write(area=Area.CHECKPOINT, log=log, index=note.body.size, data=note.encode()),
            Fsync(),
        ]


def stands(mirror: Mirror, body: Body, period: Period | None, agreement: Digest | None) -> bool:
    """Whether what was drafted before the own log was back stands in it already."""
    kind = kind_of(body)
    if isinstance(body, Silence):
        return True  # it was missed here only
    for statement in mirror.statements:
        if statement.kind is not kind:
            continue
        said = statement.body
        if without_reports(said) == without_reports(body) or kind is Kind.DECLARATION:
            return True
        if isinstance(body, Endorsement) and isinstance(said, Endorsement):
            same = (said.period, said.view) == (body.period, body.view)
        else:
            place = (statement.period, statement.agreement)
            same = kind in (Kind.USAGE, Kind.READING) and place == (period, agreement)
        if same:
            return True
    return False
