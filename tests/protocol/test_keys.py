"""Changes of keys: whose key is in use where, and what a signature by another one is worth."""

from __future__ import annotations

import base64
import json
from dataclasses import replace

import pytest

from pausenet.crypto import envelope
from pausenet.errors import InvalidSignature, MalformedEnvelope, PausenetError
from pausenet.log.checkpoint import Note
from pausenet.protocol import faults
from pausenet.protocol.bundle import Outcome, verify_bundle
from pausenet.protocol.mirror import BadEntry, Mirror, Verdict
from pausenet.protocol.recovery import recovered, rotation
from pausenet.protocol.register import Register
from pausenet.protocol.succession import FormerKey, open_envelope
from pausenet.statements import codec
from pausenet.statements.keychange import KeyRotation
from pausenet.values import Seq, Signature, TreeSize
from tests.protocol.builders import Log, Paper, register, usage
from tests.protocol.bundles import bad_entry_of, fork_of, two_faces
from tests.protocol.mutants import resealed
from tests.protocol.paper import keyring_of, name
from tests.protocol.succeeding import fresh, knowing, recover, rotate, sealed
from tests.reference import second

NETWORK = register().network_id
BIRCH = name("birch")


def log() -> Log:
    found = Paper().log("birch")
    found.say(usage())
    return found


def outcome(data: bytes | None, known: Register | None = None) -> Outcome:
    """What the first verifier makes of a bundle; the second one must agree."""
    assert data is not None
    found = verify_bundle(data, NETWORK).outcome
    assert second.examine(data, NETWORK.hex()) == str(found)
    return found if known is None else verify_bundle(data, NETWORK, known).outcome


def mirror_of(held: Log, *sizes: int) -> Mirror:
    """A mirror that has taken a log in, up to one size after the other."""
    mirror = Mirror(held.register, held.register.members[BIRCH])
    for size in sizes:
        taken = tuple(held.entries[mirror.size : size])
        note = mirror.open(noted(held, size), mirror.size, taken)
        assert mirror.extend(Seq(mirror.size), taken, note).verdict is Verdict.EXTENDED
    return mirror


def noted(held: Log, size: int) -> bytes:
    """A note of a size by the keys in use there."""
    succession = held.register.members[BIRCH].succession
    rings = {keyring_of(held.register, "birch").log.public_key: keyring_of(held.register, "birch")}
    for entry in held.entries:
        succession = succession.after(entry) if len(entry) > 0 else succession
    for which in ("new", "newer", "back"):
        ring = fresh(keyring_of(held.register, "birch"), which)
        rings[ring.log.public_key] = ring
    now, held.keys = held.keys, rings[succession.at(size).log.public_key]
    try:
        return held.note(size)
    finally:
        held.keys = now


# --------------------------------------------------------------------------------- a log goes on


def test_a_mirror_follows_its_log_through_changes_of_keys() -> None:
    held = log()
    at = held.size
    rotate(held)
    held.say(usage())
    back = held.size
    recover(held)
    held.say(usage())
    mirror = mirror_of(held, at, back, held.size)
    assert [era.start for era in mirror.succession.eras] == [0, at + 1, back + 1]
    assert sorted(mirror.closing) == [at, back]
    assert mirror.batch_end(0)[0] == at
    assert mirror.batch_end(at)[0] == back
    assert mirror.batch_end(back)[0] == mirror.size


def test_a_note_by_the_old_key_does_not_cover_a_change_of_keys() -> None:
    held = log()
    at, old = held.size, held.keys
    mirror = mirror_of(held, at)
    rotate(held)
    held.keys = old
    with pytest.raises(InvalidSignature):
        mirror.open(held.note(), at, tuple(held.entries[at:]))


def test_a_later_entry_by_the_old_key_is_refused_and_is_no_fault() -> None:
    held = log()
    old = held.keys
    at = held.size
    change = rotate(held)
    late = held.append(envelope.seal(codec.encode(held.statement(usage())), (old.statement,)))
    mirror = mirror_of(held.fork(at), at)
    note = mirror.open(held.note(), at, (change, late))
    with pytest.raises(BadEntry, match="replaced") as refused:
        mirror.extend(Seq(at), (change, late), note)
    assert not refused.value.convicts
    held.register = knowing(held.register, change)
    assert bad_entry_of(held, held.size - 1) is None


def test_an_entry_by_a_strangers_key_convicts_also_after_a_change_of_keys() -> None:
    held = log()
    change = rotate(held)
    stranger = keyring_of(held.register, "aurora").statement
    held.append(envelope.seal(codec.encode(held.statement(usage())), (stranger,)))
    held.register = knowing(held.register, change)
    assert outcome(bad_entry_of(held, held.size - 1)) is Outcome.PROVEN


# --------------------------------------------------------------------------------- what is refused


def tampered(kind: str, held: Log) -> bytes:
    """A rotation with one thing wrong."""
    old, new, size = held.keys, fresh(held.keys), held.size
    other = fresh(held.keys, "newer")
    body = rotation(held.register, old.id, old, new, size)
    signers = [old.statement, new.statement]
    match kind:
        case "signed by the old key alone":
            signers = [old.statement]
        case "signed by the new key alone":
            signers = [new.statement]
        case "signed by another new key":
            signers = [old.statement, other.statement]
        case "signed by the recovery key":
            signers = [old.recovery, new.statement]
        case "a possession of another purpose":
            keys = (replace(body.keys[0], possession=body.keys[1].possession), *body.keys[1:])
            body = replace(body, keys=keys)
        case "a handover by the new log key":
            body = rotation(held.register, old.id, new, new, size)
        case "a handover for another place":
            body = rotation(held.register, old.id, old, new, TreeSize(size + 1))
        case "a handover of nothing":
            body = replace(body, handover=Signature(bytes(64)))
        case "the old log key again":
            body = rotation(held.register, old.id, old, replace(new, log=old.log), size)
        case "the recovery key as log key":
            body = rotation(held.register, old.id, old, replace(new, log=old.recovery), size)
        case "keys of a verifier":
            wider = replace(new, role=keyring_of(held.register, "verifier-1").role)
            wider = replace(wider, storing=other.log, witness=other.statement)
            body = rotation(held.register, old.id, old, wider, size)
        case "a recovery signed by the statement key":
            back = recovered(held.register, old.id, new, size)
            return sealed(held, back, old.statement, new.statement)
        case "a recovery from another size":
            back = recovered(held.register, old.id, new, TreeSize(size - 1))
            return sealed(held, back, old.recovery, new.statement)
        case _:
            raise AssertionError(kind)
    return sealed(held, body, *signers)


@pytest.mark.parametrize(
    "kind",
    [
        "signed by the old key alone",
        "signed by the new key alone",
        "signed by another new key",
        "signed by the recovery key",
        "a possession of another purpose",
        "a handover by the new log key",
        "a handover for another place",
        "a handover of nothing",
        "the old log key again",
        "the recovery key as log key",
        "keys of a verifier",
        "a recovery signed by the statement key",
        "a recovery from another size",
    ],
)
def test_a_change_of_keys_with_one_thing_wrong_changes_nothing(kind: str) -> None:
    held = log()
    succession = held.register.members[BIRCH].succession
    with pytest.raises(PausenetError):
        succession.after(tampered(kind, held))
    assert succession.after(rotate(held)).now.start == held.size


def test_two_signatures_are_for_changes_of_keys_alone() -> None:
    held = log()
    twice = sealed(held, usage(), held.keys.statement, held.keys.recovery)
    with pytest.raises(MalformedEnvelope, match="expected 1 signatures"):
        open_envelope(twice)
    body = rotation(held.register, BIRCH, held.keys, fresh(held.keys), held.size)
    assert isinstance(body, KeyRotation)
    with pytest.raises(MalformedEnvelope, match="expected 2 signatures"):
        open_envelope(sealed(held, body, held.keys.statement))


# --------------------------------------------------------------------------------- proofs


def faces_after(*changes: str) -> tuple[Log, Log, tuple[bytes, ...]]:
    """A log that forks after these changes of keys, and the changes."""
    paper = Paper()
    held = paper.log("birch")
    made = tuple(rotate(held, which) for which in changes)
    one, other = two_faces(paper)
    other.keys = one.keys
    return one, other, made


def proofs_of(one: Log, other: Log, held: Register) -> dict[str, bytes | None]:
    fork = one.size - 2
    wrong = one.fork(one.size)
    wrong.keys, wrong.register = one.keys, held
    wrong.append(wrong.sealed(wrong.statement(usage(), seq=99)))
    return {
        "F1": faults.equivocation(held, one.entries[fork], other.entries[fork]),
        "F2": faults.split_checkpoint(held, one.note(), other.note()),
        "F3": fork_of(held, one, other, fork),
        "F4": bad_entry_of(wrong, wrong.size - 1),
    }


@pytest.mark.parametrize("changes", [("new",), ("new", "newer")])
def test_proofs_by_a_later_key_convince_a_stranger_and_need_every_change(
    changes: tuple[str, ...],
) -> None:
    one, other, made = faces_after(*changes)
    for fault, data in proofs_of(one, other, knowing(one.register, *made)).items():
        assert outcome(data) is Outcome.PROVEN, fault
        assert data is not None
        value = json.loads(data)
        kinds = [item["kind"] for item in value["materials"]]
        assert kinds[: len(made)] == ["key-change"] * len(made)
        for place in range(len(made)):
            fewer = [item for at, item in enumerate(value["materials"]) if at != place]
            assert outcome(resealed({**value, "materials": fewer})) is Outcome.NOT_SUPPORTED
        assert second.verify(data, NETWORK.hex()) == 1


def test_a_change_too_many_or_another_ones_is_refused() -> None:
    one, other, made = faces_after("new")
    data = proofs_of(one, other, knowing(one.register, *made))["F1"]
    assert data is not None
    value = json.loads(data)
    later = rotate(one, "newer")
    stranger = Paper().log("aurora")
    stranger.say(usage())
    swapped = rotate(log(), "newer")
    for entries in (
        [made[0], later],
        [made[0], rotate(stranger)],
        [swapped],
        [made[0], made[0]],
        [one.entries[-2]],
    ):
        changes = [
            {"kind": "key-change", "data": base64.b64encode(entry).decode()} for entry in entries
        ]
        materials = [*changes, *value["materials"][1:]]
        assert outcome(resealed({**value, "materials": materials})) is Outcome.NOT_SUPPORTED


def test_no_entry_of_an_honest_log_is_a_fault_whatever_changes_are_told() -> None:
    held = log()
    changes = [rotate(held)]
    held.say(usage())
    changes.append(recover(held))
    held.say(usage())
    whole = held.register
    for told in range(len(changes) + 1):
        for size in range(1, held.size + 1):
            known = knowing(whole, *changes[:told])
            note = noted(held, size)
            for place in range(size):
                proof = held.tree.inclusion(Seq(place), TreeSize(size))
                before = None
                if place:
                    inclusion = held.tree.inclusion(Seq(place - 1), TreeSize(size))
                    before = (held.entries[place - 1], inclusion)
                entry = held.entries[place]
                assert faults.bad_entry(known, note, Seq(place), entry, proof, before) is None


# --------------------------------------------------------------------------------- recovery


def test_what_a_key_signed_before_a_recovery_contradicts_nothing_after_it() -> None:
    """The restored: what it signed and nobody holds, against what it signs anew."""
    held = log()
    at = held.size
    lost = held.fork(at)
    for _ in range(3):
        lost.say(usage(20))
    change = recover(held)
    for _ in range(2):
        held.say(usage(10))
    for known in (held.register, knowing(held.register, change)):
        for place in range(at, held.size):
            assert faults.equivocation(known, lost.entries[place], held.entries[place]) is None
            one, other = lost.note(place + 1), held.note(place + 1)
            assert faults.split_checkpoint(known, one, other) is None
            assert fork_of(known, lost, held, place) is None
        for place in range(lost.size):
            lost.register = known
            assert bad_entry_of(lost, place) is None


def test_a_revoked_key_is_accused_and_its_owner_is_not() -> None:
    one, other = two_faces(Paper())
    held, fork = one.register, one.size - 2
    known = knowing(held, recover(one.fork(one.size)))
    plain = faults.equivocation(held, one.entries[fork], other.entries[fork])
    assert outcome(plain) is Outcome.PROVEN
    assert outcome(plain, known) is Outcome.NOT_SUPPORTED
    revoked = faults.equivocation(known, one.entries[fork], other.entries[fork])
    assert outcome(revoked) is Outcome.REPRODUCED
    assert revoked is not None
    claim = verify_bundle(revoked, NETWORK).claim
    assert claim is not None
    assert claim.against_a_revoked_key
    assert claim.claim.startswith("key compromised: ")


def test_a_rotation_revokes_nothing() -> None:
    one, other = two_faces(Paper())
    fork = one.size - 2
    known = knowing(one.register, rotate(one.fork(one.size)))
    data = faults.equivocation(known, one.entries[fork], other.entries[fork])
    assert outcome(data, known) is Outcome.PROVEN


def test_two_recoveries_for_one_place_are_no_proof() -> None:
    """A second restore may know nothing of the first one's recovery."""
    held = log()
    again = held.fork(held.size)
    one, other = recover(held), recover(again, "new")
    assert faults.equivocation(held.register, one, other) is None


def test_the_statement_of_a_former_key_is_known_as_such() -> None:
    held = log()
    old = held.keys
    succession = held.register.members[BIRCH].succession.after(rotate(held))
    with pytest.raises(FormerKey):
        succession.open(envelope.seal(codec.encode(held.statement(usage())), (old.statement,)))
    assert Note.decode(noted(held, held.size)).body.size == held.size
