"""docs/spec/bundles.md, section 8: whose keys are in use where, and who must show it."""

from __future__ import annotations

from typing import Any

from tests.reference.second.bodies import read_statement
from tests.reference.second.register import Era, Member, Register
from tests.reference.second.spelling import (
    Bad,
    Envelope,
    must,
    read_base64,
    read_envelope,
    registrable,
    valid,
)

Material = dict[str, Any]
CHANGES = ("key-rotation", "key-recovery")
REVOCABLE = ("F1", "F2", "F3", "F4", "F9", "F10", "F11")


def take(register: Register, fault: str, materials: list[Material]) -> list[Material]:
    """Learn the changes that stand first; give back the rest. None may lack or be too many."""
    count = [item["kind"] for item in materials].count("key-change")
    changes, rest = materials[:count], materials[count:]
    must(all(item["kind"] == "key-change" for item in changes), "8.1 changes first")
    for item in changes:
        _apply(register, read_base64(item["data"]))
    must([read_base64(item["data"]) for item in changes] == _needed(register, fault, rest), "8.5")
    return rest


def _apply(register: Register, entry: bytes) -> None:
    sealed = read_envelope(entry, most=2)
    kind, said, _ = read_statement(sealed.payload)
    must(kind in CHANGES, "8.1 no change of keys")
    by = register.members.get(said["author"])
    must(by is not None and said["network"] == register.network, "8.1 nobody's")
    assert by is not None
    must(by.eras[-1].start <= said["seq"], "8.2 before the change before")
    keys = check_change(register, by, sealed, kind, said)
    by.eras.append(Era(said["seq"] + 1, keys, entry, kind == "key-recovery"))


def check_change(
    register: Register, by: Member, sealed: Envelope, kind: str, said: dict[str, Any]
) -> dict[str, bytes]:
    """8.2 to 8.4: the keys that a change brings."""
    must(said["origin"] == by.origin and said["author"] == by.id, "8.1 in another's log")
    place, body = said["seq"], said["body"]
    before = [era for era in by.eras if era.start <= place]
    old = before[-1]
    keys = {item["purpose"]: bytes.fromhex(item["key"]) for item in body["keys"]}
    must(set(keys) == set(by.keys) - {"recovery"}, "8.2 every key of the role")
    first = by.keys["recovery"] if kind == "key-recovery" else old.keys["statement"]
    sealed.require_signers([first, keys["statement"]])
    used = {by.keys["recovery"], *(key for era in before for key in era.keys.values())}
    must(len(set(keys.values())) == len(keys) and not used & set(keys.values()), "8.2 new keys")
    for item in body["keys"]:
        lines = ("pausenet/possession/v1", register.network, by.id, by.role, item["purpose"])
        message = "".join(f"{line}\n" for line in lines).encode()
        key = bytes.fromhex(item["key"])
        must(registrable(key), "8.2 a key's form")
        must(valid(key, read_base64(item["possession"]), message), "8.2 possession")
    if kind == "key-recovery":
        must(body["resumes"] == place, "8.4 the place it names")
    else:
        lines = ("pausenet/handover/v1", register.network, by.id, str(place))
        listed = (f"{item['purpose']} {item['key']}" for item in body["keys"])
        message = "".join(f"{line}\n" for line in (*lines, *listed)).encode()
        must(valid(old.keys["log"], read_base64(body["handover"]), message), "8.3 the handover")
    return keys


def _needed(register: Register, fault: str, materials: list[Material]) -> list[bytes]:
    """8.5"""
    places: dict[str, int] = {}
    for name, place in _signed(register, materials):
        by = register.members.get(name)
        if by is not None:
            revoked = by.revoked_by(place) if fault in REVOCABLE else None
            places[name] = max(places.get(name, 0), place if revoked is None else revoked.start)
    return [
        era.entry
        for name in sorted(places)
        for era in register.members[name].eras[1:]
        if era.start <= places[name]
    ]


def register_needed(register: Register, fault: str, materials: list[Material]) -> int:
    """10.2: how many entries of the register the materials need."""
    sizes = [register.epochs[0].size]
    for name, _ in _signed(register, materials):
        if name in register.members:
            sizes.append(register.members[name].bound)
    for item in materials:
        of_periods = item["kind"] in ("envelope", "leaf") and fault in ("F5", "F10", "F10r")
        if item["kind"] != "cut" and not of_periods:
            continue
        kind, said, _ = read_statement(read_envelope(read_base64(item["data"]), most=2).payload)
        if item["kind"] == "cut":
            must(kind == "cut", "3.4 a cut")
            sizes.append(said["body"]["register_size"])
        elif kind in ("silence", "inspection-request"):
            body = said["body"]
            period = body["due"] if kind == "silence" else body["period"]
            sizes += [body["register_size"], register.epoch(period, register.size).size]
    if fault == "F10" and materials[0]["kind"] == "leaf" and materials[-1]["kind"] == "envelope":
        sealed = read_envelope(read_base64(materials[-1]["data"]), most=2)
        seen = read_statement(sealed.payload)[1]["seen"]
        sizes += [each["size"] for each in seen if each["origin"] == "pausenet.register"]
    if fault == "F7":
        reporters = []
        for item in materials:
            must(item["kind"] == "envelope", "3.3 envelopes")
            kind, said, _ = read_statement(read_envelope(read_base64(item["data"]), most=2).payload)
            reporters += [said["author"]] if kind == "inspection-report" else []
        epoch = register.epoch_of(reporters)
        sizes += [] if epoch is None else [epoch.size]
    return max(sizes)


def _signed(register: Register, materials: list[Material]) -> list[tuple[str, int]]:
    """Who signed what: the author or the log's owner and the place, or a cosigner's era."""
    found: list[tuple[str, int]] = []
    under_note = False
    for item in materials:
        if item["kind"] == "note":
            under_note = True
            found += _signers_of(register, read_base64(item["data"]))
            continue
        if item["kind"] == "cut":
            under_note = False
        if item["kind"] == "log" or (item["kind"] == "leaf" and under_note):
            continue
        for data in (item["data"], *item.get("endorsements", ())):
            try:
                sealed = read_envelope(read_base64(data), most=2)
                _, said, _ = read_statement(sealed.payload)
            except Bad:
                continue
            found.append((said["author"], said["seq"]))
    return found


def _signers_of(register: Register, note: bytes) -> list[tuple[str, int]]:
    """Whose log the note is of, at its size, and the eras of the storing keys on its lines."""
    found: list[tuple[str, int]] = []
    head, _, lines = note.partition(b"\n\n")
    size = int(head.split(b"\n")[1]) if head.count(b"\n") == 2 else 0
    for line in lines.split(b"\n"):
        for by in register.members.values():
            if line.startswith(f"\N{EM DASH} {by.origin} ".encode()):
                found.append((by.id, size))
            found += [(by.id, era.start) for era in by.eras if _is_by(line, by, era)]
    return found


def _is_by(line: bytes, by: Member, era: Era) -> bool:
    name = f"{by.origin}/storing"
    prefix = f"\N{EM DASH} {name} ".encode()
    if "storing" not in era.keys or not line.startswith(prefix):
        return False
    return read_base64(line.removeprefix(prefix).decode())[:4] == era.key_hash(name)
