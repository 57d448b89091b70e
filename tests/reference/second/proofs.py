"""docs/spec/bundles.md, sections 3 and 4: F1 to F4 and F8, and what all faults share."""

from __future__ import annotations

from dataclasses import dataclass, field
from hashlib import sha256
from typing import Any

from tests.reference.merkle import root_from_path
from tests.reference.second.bodies import read_statement
from tests.reference.second.changes import CHANGES, check_change
from tests.reference.second.register import Member, Register, first_prev
from tests.reference.second.spelling import (
    Bad,
    Envelope,
    Note,
    must,
    note_origin,
    read_base64,
    read_envelope,
    read_note,
)

Material = dict[str, Any]


@dataclass
class Found:
    """What the materials show."""

    accused: Member
    text: str
    grade: str = "confirmed"
    periods: list[int] = field(default_factory=list)
    key: bytes = b""


@dataclass
class Said:
    """A statement by a participant."""

    by: Member
    kind: str
    id: str
    predicate: dict[str, Any]

    @property
    def body(self) -> dict[str, Any]:
        found: dict[str, Any] = self.predicate["body"]
        return found


def kinds(materials: list[Material], *expected: str) -> list[bytes]:
    """The materials' bytes; they must be of these kinds."""
    must([item["kind"] for item in materials] == list(expected), f"expected {expected}")
    return [read_base64(item["data"]) for item in materials]


def statement(register: Register, entry: bytes) -> Said:
    sealed, kind, predicate = opened(entry)
    by = register.members.get(predicate["author"])
    must(by is not None and by.role != "registrar", "no author")
    assert by is not None
    must(predicate["network"] == register.network, "another network")
    must(predicate["origin"] == by.origin, "a foreign log")
    sealed.require_signers(signers(by, kind, predicate))
    return Said(by, kind, sealed.id.hex(), predicate)


def opened(entry: bytes) -> tuple[Envelope, str, dict[str, Any]]:
    """An envelope with as many signatures as its kind asks for (statements 2.4)."""
    sealed = read_envelope(entry, most=2)
    kind, predicate, _ = read_statement(sealed.payload)
    must(len(sealed.signatures) == (2 if kind in CHANGES else 1), "2.4 number of signatures")
    return sealed, kind, predicate


def signers(by: Member, kind: str, predicate: dict[str, Any]) -> list[bytes]:
    """Who must have signed a statement at its place (8.2)."""
    old = by.at(predicate["seq"])["statement"]
    if kind not in CHANGES:
        return [old]
    new = [item["key"] for item in predicate["body"]["keys"] if item["purpose"] == "statement"]
    must(len(new) == 1, "8.2 a statement key")
    first = by.keys["recovery"] if kind == "key-recovery" else old
    return [first, bytes.fromhex(new[0])]


def change(register: Register, entry: bytes) -> Said | None:
    """register 2.9: a change of membership by the registrar, signed as 3.1 there asks."""
    sealed = read_envelope(entry, most=2)
    kind, predicate, _ = read_statement(sealed.payload)
    by = register.members.get(predicate["author"])
    if kind != "membership-change" or by is None or by.role != "registrar":
        return None
    must(predicate["network"] == register.network, "another network")
    must(predicate["origin"] == by.origin, "a foreign log")
    keys, said = [by.keys["statement"]], predicate["body"]["change"]
    if said["step"] == "admits":
        keys.append(bytes.fromhex(said["entry"]["keys"]["statement"]))
    sealed.require_signers(keys)
    return Said(by, kind, sealed.id.hex(), predicate)


def under(leaf: Material, size: int, root: bytes) -> None:
    """The inclusion proof holds."""
    must(leaf["index"] < size, "the index is past the size")
    start = sha256(b"\x00" + read_base64(leaf["data"])).digest()
    try:
        found = root_from_path(
            start, leaf["index"], size, [bytes.fromhex(h) for h in leaf["proof"]]
        )
    except ValueError as error:
        raise Bad("an inclusion proof's length") from error
    must(found == root, "an inclusion proof's root")


def equivocation(register: Register, materials: list[Material]) -> Found:
    entries = kinds(materials, "envelope", "envelope")
    must(entries[0] < entries[1], "F1 the order")
    one, other = (change(register, entry) or statement(register, entry) for entry in entries)
    must(one.by == other.by and one.predicate["seq"] == other.predicate["seq"], "F1 one place")
    must(one.id != other.id, "F1 one statement")
    must("key-recovery" not in (one.kind, other.kind), "F1 by the statement key")
    place = one.predicate["seq"]
    found = Found(one.by, "two different statements at one place in its log")
    return revocable(found, "statement", place)


def revocable(found: Found, purpose: str, *places: int) -> Found:
    """8.6 What a key that is revoked shows accuses the key; two keys show nothing (8.7)."""
    keys = {found.accused.at(place)[purpose] for place in places}
    must(len(keys) == 1, "8.7 by two keys")
    found.key = keys.pop()
    if found.accused.revoked_by(max(places)) is not None:
        found.grade, found.text = "plausible", f"key compromised: {found.text}"
    return found


def split(register: Register, materials: list[Material]) -> Found:
    must(len(materials) == 2, "F2 two materials")
    owner, one, other = _both(register, materials, None)
    found = Found(owner, "two checkpoints of one size with different roots")
    return revocable(found, "log", one.size, other.size)


def fork(register: Register, materials: list[Material]) -> Found:
    must(len(materials) == 4, "F3 four materials")
    owner, one, other = _both(register, materials, None)
    found = Found(owner, "two checkpoints that hold different statements at one place")
    return revocable(found, "log", one.size, other.size)


def double_cosigner(register: Register, materials: list[Material]) -> Found:
    verifier, key = _the_cosigner(register, materials)
    _both(register, materials, verifier, key)
    return Found(verifier, "it cosigned both sides of a fork", key=key)


def shrinking_cosigner(register: Register, materials: list[Material]) -> Found:
    data = kinds(materials, "note", "note")
    must(data[0] < data[1], "F8b the order")
    verifier, key = _the_cosigner(register, materials)
    owner = register.owner(note_origin(data[0]))
    storing = ((f"{verifier.origin}/storing", key),)
    one, other = (read_note(each, None, storing) for each in data)
    must(one.origin == other.origin == owner.origin, "F8b one log")
    later, earlier = (one, other) if one.times > other.times else (other, one)
    must(later.times > earlier.times and later.size < earlier.size, "F8b nothing shrank")
    return Found(verifier, "it cosigned a smaller log after a larger one", key=key)


def _the_cosigner(register: Register, materials: list[Material]) -> tuple[Member, bytes]:
    """The verifier whom the first note's last line names, and the key; it is judged later."""
    must(materials[0]["kind"] == "note", "F8 a note first")
    last = read_base64(materials[0]["data"]).split(b"\n")[-2:]
    for name in register.verifiers:
        who = register.members[name]
        storing = f"{who.origin}/storing"
        if last[0].startswith(f"\N{EM DASH} {storing} ".encode()):
            begin = read_base64(last[0].split(b" ")[2].decode())[:4]
            keys = [era.keys["storing"] for era in who.eras if era.key_hash(storing) == begin]
            must(keys != [], "F8 no key of the verifier's")
            return who, keys[-1]
    raise Bad("F8 no verifier's line")


def _both(
    register: Register,
    materials: list[Material],
    verifier: Member | None,
    key: bytes = b"",
) -> tuple[Member, Note, Note]:
    """Two notes of one size and different roots, or with different statements at one index."""
    with_leaves = len(materials) == 4 and len({item["kind"] for item in materials}) == 2
    shape = ("note", "leaf", "note", "leaf") if with_leaves else ("note", "note")
    data = kinds(materials, *shape)
    step = 2 if with_leaves else 1
    must(data[0] < data[step], "the order of the notes")
    owner = register.owner(note_origin(data[0]))
    keys = () if verifier is None else ((f"{verifier.origin}/storing", key),)
    one, other = (read_note(each, log_key(owner, each), keys) for each in data[::step])
    must(one.origin == other.origin, "one log")
    if with_leaves:
        must(materials[1]["index"] == materials[3]["index"], "F3 one index")
        under(materials[1], one.size, one.root)
        under(materials[3], other.size, other.root)
        ids = [read_envelope(data[place], most=2).id for place in (1, 3)]
        must(ids[0] != ids[1], "F3 one statement")
    else:
        must(one.size == other.size and one.root != other.root, "F2 no split")
    return owner, one, other


def log_key(owner: Member, note: bytes) -> bytes:
    """The log key in use at a note's size."""
    size = note.split(b"\n")[1]
    must(size.isdigit(), "3.1 size")
    return owner.at(int(size))["log"]


def bad_entry(register: Register, materials: list[Material]) -> Found:
    """F4, section 4."""
    data = kinds(materials, *("note", "leaf", "leaf")[: max(2, len(materials))])
    owner = register.owner(note_origin(data[0]))
    note = read_note(data[0], log_key(owner, data[0]), ())
    for leaf in materials[1:]:
        under(leaf, note.size, note.root)
    leaf = materials[1]
    alone = _wrong_alone(register, owner, leaf)
    if len(materials) == 2:
        must(alone, "F4 nothing is wrong")
    else:
        must(not alone, "4.5 the leaf before is not needed")
        must(_wrong_after(owner, leaf, materials[2]), "F4 nothing is wrong")
    found = Found(owner, "a log entry that cannot stand where it stands")
    return revocable(found, "log", note.size)


def _wrong_alone(register: Register, owner: Member, leaf: Material) -> bool:
    try:
        sealed, kind, said = opened(read_base64(leaf["data"]))
        if _by_a_former_key(owner, sealed, signers(owner, kind, said), said["seq"]):
            return False  # 4.6
        sealed.require_signers(signers(owner, kind, said))
        if kind in CHANGES:
            check_change(register, owner, sealed, kind, said)
    except Bad:
        return True  # 4.1
    place = (said["author"], said["origin"], said["network"], said["seq"])
    if place != (owner.id, owner.origin, register.network, leaf["index"]):
        return True  # 4.2, 4.3
    keys = owner.keys["statement"], owner.keys["log"]
    first = first_prev(register.network, owner.origin, *keys)
    return bool(leaf["index"] == 0 and said["prev"] != first)


def _by_a_former_key(owner: Member, sealed: Envelope, now: list[bytes], place: int) -> bool:
    """4.6 Whether all of an entry's signatures are by keys that its owner had before."""
    former = {
        sha256(era.keys["statement"]).hexdigest(): era.keys["statement"]
        for era in owner.eras
        if era.start <= place
    }
    current = {sha256(key).hexdigest() for key in now}
    names = {name for name, _ in sealed.signatures}
    if names <= current or not names <= current | set(former):
        return False
    former[sha256(owner.keys["recovery"]).hexdigest()] = owner.keys["recovery"]
    must(names <= set(former), "signers")
    sealed.require_signers([former[name] for name in names])
    return True


def _wrong_after(owner: Member, leaf: Material, before: Material) -> bool:
    must(before["index"] + 1 == leaf["index"], "4.5 not neighbours")
    earlier, _, said_before = opened(read_base64(before["data"]))
    sealed, kind, said = opened(read_base64(leaf["data"]))
    if _by_a_former_key(owner, sealed, signers(owner, kind, said), said["seq"]):
        return False  # 4.6
    if said["prev"] != earlier.id.hex():
        return True  # 4.3
    now = {head["origin"]: head["size"] for head in said["seen"]}
    return any(now.get(head["origin"], 0) < head["size"] for head in said_before["seen"])  # 4.4
