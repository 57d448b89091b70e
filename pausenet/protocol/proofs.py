"""Judges of F1 to F4 and F8: does the accused's own hand contradict itself?

A *judge* takes materials and the register alone, checks every signature, proof and place, and
gives back what they show with the materials in their one spelling; or it raises one of
`UNPROVEN`. Whoever makes a bundle and whoever verifies one calls the same judge.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TypeVar

from pausenet.crypto import envelope
from pausenet.errors import InvalidEvidence, MalformedInput
from pausenet.log.checkpoint import Checkpoint, Note, strip
from pausenet.log.cosignature import Cosignature, verify_cosignature
from pausenet.log.merkle import leaf_hash, verify_inclusion
from pausenet.log.opened import open_note
from pausenet.log.vkey import VerifierKey
from pausenet.protocol.evidence import (
    UNPROVEN,
    Accusation,
    Judgement,
    Leaf,
    Material,
    Noted,
    Signed,
)
from pausenet.protocol.mirror import BadEntry, check_entry
from pausenet.protocol.reader import member_of, open_change, open_entry
from pausenet.protocol.register import Member, Register
from pausenet.protocol.succession import open_envelope
from pausenet.statements import codec
from pausenet.statements.finding import Fault, Grade
from pausenet.statements.register import Purpose
from pausenet.values import Digest, Origin, ParticipantId, PublicKey, Role, StatementId, TreeSize

M = TypeVar("M", Signed, Noted, Leaf)


def judge_equivocation(register: Register, materials: tuple[Material, ...]) -> Judgement:
    """F1 of two envelopes; of the registrar's, two changes of membership at one place."""
    first, second = _each(materials, Signed, 2)
    opened = [
        open_change(register, item.entry) or open_entry(register, item.entry)
        for item in (first, second)
    ]
    author = opened[0].member
    if opened[1].member != author or opened[0].statement.seq != opened[1].statement.seq:
        raise InvalidEvidence("the statements are not for one place of one log")
    if opened[0].id == opened[1].id:
        raise InvalidEvidence("the statements are one and the same")
    if opened[0].recovers or opened[1].recovers:
        raise InvalidEvidence("a recovery is not signed by the statement key")
    place = opened[0].statement.seq
    low, high = sorted((first.entry, second.entry))
    return Judgement(
        accusation=accuse(Fault.F1, author, opened[0].key, int(place)),
        materials=(Signed(entry=low), Signed(entry=high)),
        facts=(f"{author.id} signed two different statements for place {place} of its log",),
    )


def judge_split(register: Register, materials: tuple[Material, ...]) -> Judgement:
    """F2 of two notes."""
    notes = [_log_note(register, item.note) for item in _each(materials, Noted, 2)]
    member = _split(register, notes)
    return Judgement(
        accusation=accuse(Fault.F2, member, _one_log_key(member, notes), _last(notes)),
        materials=_ordered(notes, ()),
        facts=(f"{member.id} signed two roots for size {notes[0].body.size} of its log",),
    )


def judge_fork(register: Register, materials: tuple[Material, ...]) -> Judgement:
    """F3 of two notes, each followed by its leaf."""
    sides = _sides(materials)
    notes = [_log_note(register, noted.note) for noted, _ in sides]
    member = _fork(register, notes, [leaf for _, leaf in sides])
    return Judgement(
        accusation=accuse(Fault.F3, member, _one_log_key(member, notes), _last(notes)),
        materials=_ordered(notes, [leaf for _, leaf in sides]),
        facts=(f"{member.id} signed for two statements at place {sides[0][1].index} of its log",),
    )


def judge_bad_entry(register: Register, materials: tuple[Material, ...]) -> Judgement:
    """F4 of a note and a leaf, and of the leaf before where the fault lies between the two."""
    if not 2 <= len(materials) <= 3:
        raise InvalidEvidence("expected a note and one or two leaves")
    (noted,) = _each(materials[:1], Noted, 1)
    leaves = _each(materials[1:], Leaf, len(materials) - 1)
    note = _log_note(register, noted.note)
    member = member_of(register, note.body.origin)
    for leaf in leaves:
        _require_included(note.body, leaf)
    reason = _defect_alone(register, member, leaves[0])
    if len(leaves) == 2:
        if reason:
            raise InvalidEvidence("the entry is bad by itself; the one before is not needed")
        reason = _defect_after(register, member, leaves[0], leaves[1])
    if not reason:
        raise InvalidEvidence("nothing is wrong with the entry")
    return Judgement(
        accusation=accuse(Fault.F4, member, _one_log_key(member, [note]), _last([note])),
        materials=(*_noted([note]), *leaves),
        facts=(f"entry {leaves[0].index} in the log of {member.id}: {reason}"[:300],),
    )


def judge_double(register: Register, materials: tuple[Material, ...]) -> Judgement:
    """F8a: the one verifier whose line stands on both notes."""
    return _first_shown(register, lambda name: double(register, name, materials))


def judge_shrinking(register: Register, materials: tuple[Material, ...]) -> Judgement:
    """F8b: the one verifier whose line stands on both notes."""
    first, second = (item.note for item in _each(materials, Noted, 2))
    return _first_shown(register, lambda name: shrinking(register, name, (first, second)))


# ----------------------------------------------------------------------------------- helpers


def double(register: Register, name: ParticipantId, materials: tuple[Material, ...]) -> Judgement:
    """F8a of one verifier; the notes may still carry others' lines."""
    member = register.members[name]
    sides = _sides(materials) if len(materials) == 4 else ()
    noted = [item for item, _ in sides] if sides else _each(materials, Noted, 2)
    key = _storing(member, [item.note for item in noted])
    notes = [_log_note(register, item.note, key) for item in noted]
    for note in notes:
        _cosignature(note, key)
    leaves = [leaf for _, leaf in sides]
    owner = _fork(register, notes, leaves) if leaves else _split(register, notes)
    return Judgement(
        accusation=accuse(Fault.F8A, member, key.public_key),
        materials=_ordered(notes, leaves),
        facts=(f"{name} cosigned both sides of a fork in the log of {owner.id}",),
    )


def shrinking(register: Register, name: ParticipantId, data: tuple[bytes, bytes]) -> Judgement:
    """F8b of one verifier; the notes may still carry others' lines."""
    member = register.members[name]
    key = _storing(member, data)
    notes = [Note.decode(each) for each in data]
    signed = sorted((_cosignature(note, key) for note in notes), key=lambda each: each.time)
    older, newer = signed
    owner = member_of(register, older.checkpoint.origin)
    if newer.checkpoint.origin != owner.origin:
        raise InvalidEvidence("the notes are of two logs")
    if not (older.time < newer.time and older.checkpoint.size > newer.checkpoint.size):
        raise InvalidEvidence("the later size is not the smaller one")
    kept = [strip(note, (key,)) for note in notes]
    return Judgement(
        accusation=accuse(Fault.F8B, member, key.public_key),
        materials=_ordered(kept, ()),
        facts=(
            f"{name} cosigned size {older.checkpoint.size} of the log of {owner.id}, and "
            f"{newer.time - older.time} s later size {newer.checkpoint.size}",
        ),
    )


def _split(register: Register, notes: Sequence[Note]) -> Member:
    """Whose two notes these are: of one log and size, with different roots."""
    first, second = (note.body for note in notes)
    if first.origin != second.origin or first.size != second.size or first.root == second.root:
        raise InvalidEvidence("the notes are not of one log and size with two roots")
    return member_of(register, first.origin)


def _fork(register: Register, notes: Sequence[Note], leaves: Sequence[Leaf]) -> Member:
    """Whose two notes these are: of one log, with different statements at one index."""
    if notes[0].body.origin != notes[1].body.origin or leaves[0].index != leaves[1].index:
        raise InvalidEvidence("the notes and leaves are not of one log and index")
    for note, leaf in zip(notes, leaves, strict=True):
        _require_included(note.body, leaf)
    if len({_identity(leaf) for leaf in leaves}) < 2:
        raise InvalidEvidence("both leaves hold one and the same statement")
    return member_of(register, notes[0].body.origin)


def _defect_alone(register: Register, member: Member, leaf: Leaf) -> str:
    """What is wrong with an entry whatever stands before it; for the first also its `prev`."""
    try:
        claimed = open_envelope(leaf.entry)[1].prev
    except MalformedInput as error:
        return str(error)
    keys = member.keys
    if leaf.index == 0:
        claimed = codec.genesis_prev(
            register.network_id, member.origin, keys[Purpose.STATEMENT], keys[Purpose.LOG]
        )
    return _defect(register, member, leaf, claimed, {})


def _defect_after(register: Register, member: Member, leaf: Leaf, before: Leaf) -> str:
    """What is wrong with an entry after the one before it."""
    if leaf.index != before.index + 1:
        raise InvalidEvidence("the leaves are not neighbours")
    sealed, statement = open_envelope(before.entry)
    seen = {head.origin: head.size for head in statement.seen}
    return _defect(register, member, leaf, Digest(sealed.statement_id), seen)


def _defect(
    register: Register, member: Member, leaf: Leaf, prev: Digest, seen: dict[Origin, TreeSize]
) -> str:
    try:
        succession = member.succession.until(leaf.index)
        check_entry(register, succession, leaf.index, leaf.entry, prev=prev, seen=seen)
    except BadEntry as error:
        return error.reason if error.convicts else ""
    return ""


def _first_shown(register: Register, judge: Callable[[ParticipantId], Judgement]) -> Judgement:
    """The judgement of the first verifier against whom the materials hold."""
    for member in register.with_role(Role.VERIFIER):
        try:
            return judge(member.id)
        except UNPROVEN:
            continue
    raise InvalidEvidence("no verifier's cosignature makes the fault")


def accuse(fault: Fault, member: Member, key: PublicKey, place: int | None = None) -> Accusation:
    """Accuse the owner of a key; where a recovery has revoked the key used at a place, the key."""
    revoked = None if place is None else member.succession.revoked_by(place)
    return Accusation(
        fault=fault,
        grade=Grade.CONFIRMED if revoked is None else Grade.PLAUSIBLE,
        accused=member.id,
        role=member.role,
        key=key.key_id,
        periods=(),
        text=fault.meaning if revoked is None else fault.of_a_revoked_key,
    )


def _last(notes: Sequence[Note]) -> int:
    return max(int(note.body.size) for note in notes)


def _log_note(register: Register, data: bytes, *cosigners: VerifierKey) -> Note:
    """Judge a note by its log's key and keep the lines of the log and of these cosigners."""
    note = Note.decode(data)
    member = member_of(register, note.body.origin)
    return open_note(note, member.succession.at(note.body.size).log, cosigners).note


def _cosignature(note: Note, key: VerifierKey) -> Cosignature:
    lines = [line for line in note.signatures if line.is_by(key)]
    if len(lines) != 1:
        raise InvalidEvidence(f"expected one line by {key.name}")
    return verify_cosignature(note.body, lines[0], key)


def _storing(member: Member, notes: Sequence[bytes]) -> VerifierKey:
    """The one storing key of a verifier, of all it has had, whose line stands on every note."""
    lines = [Note.decode(data).signatures for data in notes]
    for key in member.succession.storing_keys():
        if all(any(line.is_by(key) for line in each) for each in lines):
            return key
    raise InvalidEvidence(f"{member.id} did not cosign both with one key")


def _one_log_key(member: Member, notes: Sequence[Note]) -> PublicKey:
    """The log key that signed all of these notes; whoever changed keys between is not judged."""
    keys = {member.succession.at(note.body.size).log.public_key for note in notes}
    if len(keys) != 1:
        raise InvalidEvidence("the notes are by two keys of their log")
    return keys.pop()


def _require_included(checkpoint: Checkpoint, leaf: Leaf) -> None:
    verify_inclusion(
        leaf_hash(leaf.entry), leaf.index, checkpoint.size, leaf.proof, checkpoint.root
    )


def _identity(leaf: Leaf) -> StatementId:
    return envelope.decode(leaf.entry, signatures_max=envelope.SIGNATURES_MAX).statement_id


def _noted(notes: Sequence[Note]) -> list[Noted]:
    return [Noted(note=note.encode()) for note in notes]


def _ordered(notes: Sequence[Note], leaves: Sequence[Leaf]) -> tuple[Material, ...]:
    """Two notes, each with its leaf where there are leaves, in the order of the notes' bytes."""
    if not leaves:
        return tuple(Noted(note=data) for data in sorted(note.encode() for note in notes))
    pairs = sorted(zip(_noted(notes), leaves, strict=True), key=lambda pair: pair[0].note)
    return tuple(material for pair in pairs for material in pair)


def _sides(materials: Sequence[Material]) -> tuple[tuple[Noted, Leaf], ...]:
    """Two notes, each followed by its leaf."""
    if len(materials) != 4:
        raise InvalidEvidence("expected two notes, each with its leaf")
    noted, leaves = _each(materials[::2], Noted, 2), _each(materials[1::2], Leaf, 2)
    return tuple(zip(noted, leaves, strict=True))


def _each(materials: Sequence[Material], kind: type[M], count: int) -> tuple[M, ...]:
    """Exactly so many materials of one kind."""
    found = tuple(item for item in materials if isinstance(item, kind))
    if len(found) != count or len(materials) != count:
        raise InvalidEvidence(f"expected {count} materials of the kind {kind.__name__}")
    return found
