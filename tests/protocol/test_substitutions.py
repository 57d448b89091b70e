"""Whoever steals one key convicts its owner at most: no signature stands in for another's.

Every signed thing in every bundle is signed anew with each stolen key: as it is, under the
victim's name, with the thief's own name, role and origin in it, at another place of the log. The
judges see the materials alone, so that no claim has to be believed.
"""

from __future__ import annotations

import random
from collections.abc import Iterator
from dataclasses import dataclass, replace
from functools import cache

import pytest

from pausenet.crypto import envelope
from pausenet.crypto.envelope import Envelope, EnvelopeSignature
from pausenet.crypto.keys import SigningKey
from pausenet.errors import MalformedInput
from pausenet.log.checkpoint import Checkpoint, Note, SignatureLine, sign_checkpoint
from pausenet.log.cosignature import cosign, parse_cosignature
from pausenet.log.vkey import KeyName
from pausenet.protocol import faults
from pausenet.protocol.bundle import JUDGES
from pausenet.protocol.evidence import (
    UNPROVEN,
    EndorsedCut,
    Leaf,
    Material,
    Noted,
    Signed,
    WholeLog,
    decode_bundle,
)
from pausenet.protocol.register import Member
from pausenet.statements import codec
from pausenet.statements.finding import Fault
from pausenet.statements.register import Purpose
from pausenet.values import Digest, KeyId, ParticipantId, Role, Seq, TreeSize
from tests.protocol.bundles import FAULT_OF, all_bundles
from tests.protocol.paper import keyring_of, register
from tests.protocol.test_false_appraisal import falsehoods, ground, network, said

HELD = register()


@dataclass(frozen=True)
class Thief:
    """One stolen key, and whose it is."""

    owner: Member
    purpose: Purpose
    key: SigningKey


@cache
def thieves() -> tuple[Thief, ...]:
    members = [each for each in HELD.members.values() if each.role is not Role.REGISTRAR]
    return tuple(
        Thief(member, purpose, key)
        for member in members
        for purpose, key in keyring_of(HELD, member.id).by_purpose()
    )


@cache
def bundles() -> dict[str, bytes]:
    """One of every fault and form; F9 from its own paper."""
    assert network()[0].register == HELD
    data = faults.false_appraisal(HELD, said(falsehoods()["status"]).entry, *ground())
    assert data is not None
    return {**all_bundles(), "F9": data}


def test_every_fault_is_tried_and_every_role_and_purpose_is_stolen() -> None:
    assert {decode_bundle(data).accusation.fault for data in bundles().values()} == set(JUDGES)
    stolen = {(thief.owner.role, thief.purpose) for thief in thieves()}
    assert {role for role, _ in stolen} == {Role.LAB, Role.METER, Role.VERIFIER}
    assert {purpose for _, purpose in stolen} == set(Purpose)


@pytest.mark.parametrize("name", sorted([*FAULT_OF, "F9"]))
def test_a_stolen_key_makes_no_proof_against_another(name: str) -> None:
    """What others attest may be attested by others still; what the accused did, by nobody else."""
    bundle, tried = decode_bundle(bundles()[name]), 0
    accused = HELD.members[bundle.accusation.accused]
    keys = {accused.storing_key.public_key.key_id} if accused.storing_key else set()
    keys |= {key.key_id for key in accused.keys.values()}
    for place, material in enumerate(bundle.materials):
        for thief in thieves():
            for signer, changed in forged(material, thief, random.Random(name)):
                materials = (*bundle.materials[:place], changed, *bundle.materials[place + 1 :])
                victim = convicted(bundle.accusation.fault, materials)
                its_own = signer in keys and thief.owner.id != accused.id
                may = {None, thief.owner.id} if its_own else {None, thief.owner.id, accused.id}
                assert victim in may, (place, thief.owner.id, thief.purpose)
                tried += 1
    assert tried > 100


@pytest.mark.parametrize("name", sorted([*FAULT_OF, "F9"]))
def test_no_key_of_the_accused_signs_in_the_place_of_another_of_its_keys(name: str) -> None:
    bundle = decode_bundle(bundles()[name])
    for place, material in enumerate(bundle.materials):
        for thief in thieves():
            for signer, changed in forged(material, thief, random.Random(name)):
                materials = (*bundle.materials[:place], changed, *bundle.materials[place + 1 :])
                own = keyring_of(HELD, thief.owner.id).by_purpose()
                if signer != thief.key.key_id and signer in {key.key_id for _, key in own}:
                    assert convicted(bundle.accusation.fault, materials) is None, (place, thief)


@pytest.mark.parametrize("name", sorted([*FAULT_OF, "F9"]))
def test_materials_of_one_fault_never_show_another_against_who_is_innocent(name: str) -> None:
    bundle = decode_bundle(bundles()[name])
    guilty = {None, bundle.accusation.accused}
    # Where a verifier cosigned both sides of a fork, the log's owner has forked it.
    guilty |= {ParticipantId("birch")} if bundle.accusation.fault is Fault.F8A else set()
    for fault in JUDGES:
        if fault is not bundle.accusation.fault:
            assert convicted(fault, bundle.materials) in guilty


def convicted(fault: Fault, materials: tuple[Material, ...]) -> ParticipantId | None:
    """Whom these materials convict of this fault, or find silent or out of balance."""
    try:
        return JUDGES[fault](HELD, materials).accusation.accused
    except UNPROVEN:
        return None


# ------------------------------------------------------------------------------------ forgeries


def forged(
    material: Material, thief: Thief, chance: random.Random
) -> Iterator[tuple[KeyId, Material]]:
    """The material with one signed thing in it signed anew by the thief, and whose it was."""
    match material:
        case Signed(entry=entry):
            for signer, each in envelopes(entry, thief):
                yield signer, Signed(entry=each)
        case Noted(note=note):
            for signer, each in notes(note, thief):
                yield signer, Noted(note=each)
        case Leaf(entry=entry):
            for signer, each in envelopes(entry, thief):
                yield signer, replace(material, entry=each)
        case EndorsedCut(cut=cut, endorsements=endorsements):
            for signer, each in envelopes(cut, thief):
                yield signer, replace(material, cut=each)
            place = chance.randrange(len(endorsements))
            for signer, each in envelopes(endorsements[place], thief):
                changed = (*endorsements[:place], each, *endorsements[place + 1 :])
                yield signer, replace(material, endorsements=changed)
        case WholeLog(entries=entries):
            place = chance.randrange(len(entries))
            for signer, each in envelopes(entries[place], thief):
                changed = (*entries[:place], each, *entries[place + 1 :])
                yield signer, replace(material, entries=changed)


def envelopes(entry: bytes, thief: Thief) -> Iterator[tuple[KeyId, bytes]]:
    """The statement signed by the thief: under either key id, elsewhere, and as the thief's own."""
    try:
        sealed = envelope.decode(entry)
        statement = codec.decode(sealed.payload)
    except MalformedInput:
        return  # a leaf that is bad by itself has nothing to be signed anew
    signer = sealed.signatures[0].key_id
    anew = envelope.decode(envelope.seal(sealed.payload, (thief.key,)))
    yield signer, anew.encode()
    claimed = EnvelopeSignature(key_id=signer, signature=anew.signatures[0].signature)
    yield signer, Envelope(payload=sealed.payload, signatures=(claimed,)).encode()
    elsewhere = replace(statement, seq=Seq(statement.seq + 1))
    other = replace(statement, subject=replace(statement.subject, digest=Digest.of(b"other")))
    mine = replace(statement, author=thief.owner.id, origin=thief.owner.origin)
    posing = replace(statement, author=thief.owner.id)
    for told in (elsewhere, other, mine, posing):
        yield signer, envelope.seal(codec.encode(told), (thief.key,))


def notes(data: bytes, thief: Thief) -> Iterator[tuple[KeyId, bytes]]:
    """The note with one line made by the thief: in each place, and as a note of its own log."""
    note = Note.decode(data)
    smaller = replace(note.body, size=TreeSize(note.body.size - 1))
    other = replace(note.body, root=Digest.of(b"other"))
    for body in (note.body, smaller, other):
        for place, line in enumerate(note.signatures):
            made = line_by(thief, body, line)
            for key_hash in (made.key_hash, line.key_hash):
                lines = list(note.signatures)
                lines[place] = replace(made, key_hash=key_hash)
                yield signer_of(line), Note(body=body, signatures=tuple(lines)).encode()
    mine = replace(note.body, origin=KeyName(thief.owner.origin))
    lines = [sign_checkpoint(mine, thief.key), *note.signatures[1:]]
    yield signer_of(note.signatures[0]), Note(body=mine, signatures=tuple(lines)).encode()


def line_by(thief: Thief, body: Checkpoint, line: SignatureLine) -> SignatureLine:
    """A line in the place of another, log's or cosigner's, under that one's name."""
    if line.name == body.origin:
        return sign_checkpoint(body, thief.key)
    return cosign(body, line.name, thief.key, parse_cosignature(body, line).time)


def signer_of(line: SignatureLine) -> KeyId:
    """The registered key that a line is by."""
    members = HELD.members.values()
    keys = [key for each in members for key in (each.log_key, each.storing_key) if key is not None]
    return next(key.public_key.key_id for key in keys if line.is_by(key))
