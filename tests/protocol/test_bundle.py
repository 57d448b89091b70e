"""A stranger with the bundle and the pinned network id is convinced, and never deceived."""

from __future__ import annotations

import base64
import json
import random
from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest

from pausenet.errors import MalformedBundle, Misuse
from pausenet.protocol import faults
from pausenet.protocol.bundle import JUDGES, Outcome, verify_bundle
from pausenet.protocol.evidence import (
    BUNDLE_BYTES_MAX,
    UNPROVEN,
    EndorsedCut,
    Leaf,
    Material,
    Noted,
    Opened,
    Signed,
    decode_bundle,
)
from pausenet.protocol.register import Register
from pausenet.statements import canonical
from pausenet.statements.finding import Fault
from pausenet.values import Digest, NetworkId, Seq
from tests.protocol.builders import Paper
from tests.protocol.bundles import FAULT_OF, all_bundles, two_faces
from tests.protocol.paper import register

NAMES = sorted(FAULT_OF)
PROOFS = [name for name in NAMES if name.split()[0] not in ("F5", "F7", "F10r")]
NETWORK = register().network_id


def resealed(value: dict[str, Any]) -> bytes:
    body = {key: member for key, member in value.items() if key != "digest"}
    digest = Digest.of(canonical.encode(body)).hex()
    return canonical.encode({**body, "digest": digest})


def opened(name: str) -> dict[str, Any]:
    value: dict[str, Any] = json.loads(all_bundles()[name])
    return value


def test_there_is_a_bundle_of_every_fault() -> None:
    assert sorted(all_bundles()) == NAMES
    # F9 needs whole logs: tests/protocol/test_false_appraisal.py makes its own.
    assert {FAULT_OF[name] for name in NAMES} | {Fault.F9} == set(JUDGES)
    assert all(resealed(opened(name)) == all_bundles()[name] for name in NAMES)


@pytest.mark.parametrize("name", NAMES)
def test_a_true_bundle_is_proven_or_reproduced(name: str) -> None:
    found = verify_bundle(all_bundles()[name], NETWORK)
    assert all(check.passed for check in found.checks)
    assert [check.number for check in found.checks] == list(range(1, len(found.checks) + 1))
    assert found.exit_code == (1 if name in PROOFS else 3)
    assert found.claim is not None
    assert found.claim.fault is FAULT_OF[name]
    assert found.claim.bundle == decode_bundle(all_bundles()[name]).digest


def test_a_warrant_never_says_that_a_breach_is_proven() -> None:
    for name in set(NAMES) - set(PROOFS):
        found = verify_bundle(all_bundles()[name], NETWORK)
        assert found.outcome is Outcome.REPRODUCED
        assert "breach not proven" in found.sentence
    assert (
        "discrepancy reproduced" in verify_bundle(all_bundles()["F7 plausible"], NETWORK).sentence
    )


@pytest.mark.parametrize("pinned", [None, NetworkId(bytes(32))])
@pytest.mark.parametrize("name", NAMES)
def test_without_its_network_id_a_bundle_is_of_unknown_parties(
    name: str, pinned: NetworkId | None
) -> None:
    found = verify_bundle(all_bundles()[name], pinned)
    assert (found.outcome, found.exit_code) == (Outcome.UNKNOWN_PARTIES, 3)
    assert found.sentence.startswith("consistent, of unknown parties")


def test_a_self_made_register_with_a_real_labs_name_convicts_nobody() -> None:
    forged = register(seed="other")
    assert forged.agreement == register().agreement
    one, other = two_faces(Paper(forged))
    data = faults.equivocation(forged, one.entries[1], other.entries[1])
    assert data is not None
    assert verify_bundle(data, forged.network_id).exit_code == 1
    assert verify_bundle(data, NETWORK).outcome is Outcome.UNKNOWN_PARTIES
    value = json.loads(data)
    assert verify_bundle(resealed({**value, "network": NETWORK.hex()}), NETWORK).exit_code == 3
    swapped = {**value, "register": opened("F1")["register"], "network": NETWORK.hex()}
    assert verify_bundle(resealed(swapped), NETWORK).outcome is Outcome.NOT_SUPPORTED


@pytest.mark.parametrize("name", NAMES)
def test_any_one_byte_changed_is_malformed(name: str) -> None:
    data, chance = all_bundles()[name], random.Random(name)
    for place in sorted(chance.sample(range(len(data)), 200)):
        changed = bytearray(data)
        changed[place] ^= 1 << chance.randrange(8)
        assert verify_bundle(bytes(changed), NETWORK).exit_code in (2, 3), place


@pytest.mark.parametrize("name", NAMES)
def test_any_character_changed_and_sealed_anew_is_never_a_proof(name: str) -> None:
    """Changes any text or number of the file, as text, and repairs the digest."""
    chance = random.Random(name)
    for _ in range(40):
        value = opened(name)
        spot, put = _any_spot(value, chance)
        put(_other(spot, chance))
        try:
            data = resealed(value)
        except Misuse:  # it has no canonical form any more, so no digest either
            continue
        assert verify_bundle(data, NETWORK).exit_code in (2, 3)
        assert verify_bundle(data, NETWORK).outcome is not Outcome.REPRODUCED


@pytest.mark.parametrize("name", NAMES)
def test_every_byte_of_every_material_is_checked(name: str) -> None:
    bundle, held = decode_bundle(all_bundles()[name]), register()
    stride = 1 if len(all_bundles()[name]) < 45_000 else 11
    number = 0
    for place, material in enumerate(bundle.materials):
        for changed in _mutants(material, stride):
            materials = (*bundle.materials[:place], changed, *bundle.materials[place + 1 :])
            assert not _holds(held, bundle.accusation.fault, materials, bundle.accusation), changed
            number += 1
    assert number > 100


@pytest.mark.parametrize("name", NAMES)
def test_every_register_entry_is_checked(name: str) -> None:
    chance = random.Random(name)
    for _ in range(12):
        value = opened(name)
        entry = chance.randrange(len(value["register"]))
        raw = bytearray(base64.b64decode(value["register"][entry]))
        raw[chance.randrange(len(raw))] ^= 1 << chance.randrange(8)
        value["register"][entry] = base64.b64encode(raw).decode()
        assert verify_bundle(resealed(value), NETWORK).outcome is Outcome.NOT_SUPPORTED


@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize(
    ("member", "other"),
    [
        ("accused", "aurora-meter"),
        ("role", "registrar"),
        ("key", "00" * 32),
        ("periods", [77]),
        ("text", "something else"),
        ("grade", "supported"),
    ],
)
def test_an_altered_claim_is_not_believed(name: str, member: str, other: object) -> None:
    value = opened(name)
    value["claim"][member] = other
    assert verify_bundle(resealed(value), NETWORK).exit_code in (2, 3)
    assert verify_bundle(resealed(value), NETWORK).outcome is not Outcome.REPRODUCED


def test_a_warrant_cannot_be_dressed_as_a_proof() -> None:
    for name in ("F5 unresolved", "F7 plausible"):
        for fault in ("F1", "F2", "F3", "F4", "F6", "F8a", "F8b", "F11"):
            value = opened(name)
            value["claim"].update({"fault": fault, "class": "proof", "grade": "confirmed"})
            assert verify_bundle(resealed(value), NETWORK).outcome is Outcome.NOT_SUPPORTED
        value = opened(name)
        value["claim"]["grade"] = "confirmed"
        assert verify_bundle(resealed(value), NETWORK).outcome is Outcome.NOT_SUPPORTED


@pytest.mark.parametrize("name", NAMES)
def test_materials_reordered_doubled_or_left_out_are_refused(name: str) -> None:
    materials = opened(name)["materials"]
    variants = [
        list(reversed(materials)),
        [*materials, materials[-1]],
        [materials[0], *materials],
        materials[:-1],
        materials[1:],
    ]
    for variant in variants:
        data = resealed({**opened(name), "materials": variant})
        assert verify_bundle(data, NETWORK).exit_code in (2, 3)
        assert verify_bundle(data, NETWORK).outcome not in (Outcome.PROVEN, Outcome.REPRODUCED)


@pytest.mark.parametrize("name", PROOFS)
def test_the_agreement_member_is_checked(name: str) -> None:
    value = opened(name)
    value["agreement"] = "" if value["agreement"] else register().agreement.digest.hex()
    assert verify_bundle(resealed(value), NETWORK).outcome is Outcome.NOT_SUPPORTED


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"{}",
        b"[]",
        b"null",
        b"\xff",
        b"[" * 5_000,
        b'{"bundle":"v1"}',
        b" " * (BUNDLE_BYTES_MAX + 1),
    ],
    ids=["empty", "no-members", "list", "null", "not-utf8", "deep", "few-members", "too-long"],
)
def test_other_bytes_are_malformed_and_raise_one_error(data: bytes) -> None:
    assert verify_bundle(data, NETWORK).exit_code == 2
    with pytest.raises(MalformedBundle):
        decode_bundle(data)


@pytest.mark.parametrize("name", NAMES)
def test_cut_short_or_with_a_tail_it_is_malformed(name: str) -> None:
    data = all_bundles()[name]
    for changed in (data[:-1], data[: len(data) // 2], data + b"\n", b" " + data):
        assert verify_bundle(changed, NETWORK).exit_code == 2


@pytest.mark.parametrize("member", ["bundle", "network", "register", "materials", "claim"])
def test_a_member_missing_doubled_or_unknown_is_malformed(member: str) -> None:
    value = opened("F1")
    del value[member]
    assert verify_bundle(resealed(value), NETWORK).exit_code == 2
    assert verify_bundle(resealed({**opened("F1"), "time": 3}), NETWORK).exit_code == 2


# ------------------------------------------------------------------------------------ helpers


def _holds(held: Register, fault: Any, materials: tuple[Material, ...], claim: Any) -> bool:
    try:
        found = JUDGES[fault](held, materials)
    except UNPROVEN:
        return False
    return found.materials == materials and found.accusation == claim


def _mutants(material: Material, stride: int) -> list[Material]:
    def flips(data: bytes) -> list[bytes]:
        return [
            data[:place] + bytes((data[place] ^ 1 << place % 8,)) + data[place + 1 :]
            for place in range(0, len(data), stride)
        ]

    match material:
        case Signed(entry=entry):
            return [Signed(entry=other) for other in flips(entry)]
        case Opened(record=record):
            return [Opened(record=other) for other in flips(record)]
        case Noted(note=note):
            return [Noted(note=other) for other in flips(note)]
        case EndorsedCut(cut=cut, endorsements=endorsements):
            found: list[Material] = [replace(material, cut=other) for other in flips(cut)]
            for place, entry in enumerate(endorsements):
                for other in flips(entry):
                    changed = (*endorsements[:place], other, *endorsements[place + 1 :])
                    found.append(replace(material, endorsements=changed))
            return found
        case Leaf(index=index, entry=entry, proof=proof):
            found = [replace(material, entry=other) for other in flips(entry)]
            found += [replace(material, index=Seq(index + 1)), replace(material, proof=proof[1:])]
            for place, node in enumerate(proof):
                for other in flips(node):
                    changed_proof = (*proof[:place], Digest(other), *proof[place + 1 :])
                    found.append(replace(material, proof=changed_proof))
            return found if proof else found[:-1]


def _any_spot(value: Any, chance: random.Random) -> tuple[Any, Callable[[Any], None]]:
    """A random text or number somewhere inside, and a way to replace it."""
    holder, key = value, chance.choice(sorted(set(value) - {"digest"}))
    while isinstance(holder[key], dict | list) and holder[key]:
        holder = holder[key]
        key = chance.choice(sorted(holder) if isinstance(holder, dict) else range(len(holder)))

    def put(other: Any) -> None:
        holder[key] = other

    return holder[key], put


def _other(spot: Any, chance: random.Random) -> Any:
    if isinstance(spot, int):
        return spot + chance.choice((-1, 1))
    if isinstance(spot, str) and spot:
        place = chance.randrange(len(spot))
        return (
            spot[:place]
            + chance.choice("abcXYZ019+/= -").replace(spot[place], "Q")
            + spot[place + 1 :]
        )
    return "x"
