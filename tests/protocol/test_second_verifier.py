"""Two verifiers, written apart, agree: on true bundles, on changed ones, on what decodes.

Where they disagree one of them, or docs/spec, is wrong.
"""

from __future__ import annotations

import ast
import base64
import json
import random
import re
from hashlib import sha256
from pathlib import Path
from typing import Any

import pytest

from pausenet.crypto import envelope
from pausenet.errors import InvalidRegister, MalformedInput
from pausenet.protocol import rules
from pausenet.protocol.bundle import verify_bundle
from pausenet.protocol.register import Register
from pausenet.statements import codec
from pausenet.values import NetworkId
from tests.protocol.builders import Paper
from tests.protocol.bundles import FAULT_OF, all_bundles, two_faces
from tests.protocol.mutants import bundle_mutants, change_somewhere, payload_mutants, resealed
from tests.protocol.paper import keyring_of, register
from tests.reference import second
from tests.reference.second import warrants
from tests.reference.second.bodies import read_statement
from tests.reference.second.register import read_register
from tests.reference.second.spelling import Bad, read_envelope, write_json

ROOT = Path(__file__).parents[2]
NAMES = sorted(FAULT_OF)
NETWORK = register().network_id
KINDS = [str(kind) for kind in codec.Kind]


def both(data: bytes, network: NetworkId | None = NETWORK) -> tuple[str, str]:
    """What the two verifiers say of a bundle, in the words of outcomes."""
    one = verify_bundle(data, network)
    pinned = None if network is None else network.hex()
    other = second.examine(data, pinned)
    return str(one.outcome), other


def example(kind: str) -> bytes:
    """The payload that docs/spec/examples.md shows of a kind."""
    page = (ROOT / "docs/spec/examples.md").read_text()
    found = re.search(rf"^## {kind}\n.*?```json\n(.*?)```", page, re.DOTALL | re.MULTILINE)
    assert found is not None
    return write_json(json.loads(found[1]))


def test_the_second_verifier_imports_nothing_of_the_first() -> None:
    helpers = (ROOT / "tests/reference").rglob("*.py")
    for path in sorted(each for each in helpers if not each.name.startswith("test_")):
        for node in ast.walk(ast.parse(path.read_text())):
            if isinstance(node, ast.Import | ast.ImportFrom):
                names = [item.name for item in node.names]
                module = node.module or "" if isinstance(node, ast.ImportFrom) else ""
                assert not any(name.startswith("pausenet") for name in (module, *names)), path


@pytest.mark.parametrize("name", NAMES)
def test_they_agree_on_every_true_bundle(name: str) -> None:
    data = all_bundles()[name]
    expected = "reproduced" if name.split(maxsplit=1)[0] in ("F5", "F7", "F10r") else "proven"
    assert both(data) == (expected, expected)
    assert second.verify(data, NETWORK.hex()) == verify_bundle(data, NETWORK).exit_code
    assert second.verify(data[1:], NETWORK.hex()) == verify_bundle(data[1:], NETWORK).exit_code == 2
    assert second.verify(data, None) == 3
    assert both(data, None) == both(data, NetworkId(bytes(32))) == ("unknown-parties",) * 2


@pytest.mark.parametrize("name", NAMES)
def test_they_agree_on_changed_bundles_and_neither_believes_one(name: str) -> None:
    made, true = 0, set(all_bundles().values())
    for change, data in bundle_mutants(name, all_bundles()):
        if data in true:
            continue
        made += 1
        one, other = both(data)
        assert one == other, change
        assert one in ("malformed", "not-supported"), change
    assert made >= 40


@pytest.mark.parametrize("name", NAMES)
def test_they_agree_that_a_foreign_register_shows_nothing(name: str) -> None:
    value = json.loads(all_bundles()[name])
    foreign = [envelope_text(entry) for entry in register(seed="other").entries]
    changed = {**value, "register": foreign, "network": register(seed="other").network_id.hex()}
    for network in (NETWORK, register(seed="other").network_id, None):
        assert both(resealed(changed), network) == ("not-supported", "not-supported")
    mixed = {**value, "register": [value["register"][0], *foreign[1:]]}
    assert both(resealed(mixed)) == ("not-supported", "not-supported")


def envelope_text(entry: bytes) -> str:
    return base64.b64encode(entry).decode()


def test_they_agree_which_registers_hold() -> None:
    """One entry says something else, and all are chained and signed anew by those who must."""
    held, chance, accepted = register(), random.Random(3), 0
    for _ in range(90):
        entries = _altered_register(chance)
        try:
            one = Register.load(entries, None, None).root.hex()
        except InvalidRegister:
            one = ""
        try:
            other = read_register(list(entries)).root
        except Bad:
            other = ""
        assert one == other
        accepted += one not in ("", held.root.hex())
    assert 5 <= accepted <= 60


def _altered_register(chance: random.Random) -> tuple[bytes, ...]:
    """The register with one change in one body, at whatever place."""
    values = [json.loads(envelope.decode(e, signatures_max=2).payload) for e in register().entries]
    place = chance.randrange(1, len(values))
    if chance.random() < 0.1:
        _share_a_key(next(each["predicate"]["body"] for each in values if _is_aurora(each)))
    elif chance.random() < 0.2:
        other = chance.randrange(1, len(values))
        values[place], values[other] = values[other], values[place]
    elif chance.random() < 0.2:
        values.insert(place, values[chance.randrange(1, len(values))])
    else:
        change_somewhere(values[place]["predicate"]["body"], chance)
    entries, prev = [register().entries[0]], str(NETWORK)
    for seq, value in enumerate(values[1:], start=1):
        said = {**value["predicate"], "seq": seq, "prev": prev}
        subject = value["subject"]
        if "agreement/v1" in value["predicateType"]:
            digest = sha256(write_json(said["body"])).hexdigest()
            subject = [{"name": "pausenet.register", "digest": {"sha256": digest}}]
        payload = write_json({**value, "predicate": said, "subject": subject})
        who = {"registrar", str(said["body"].get("id", "registrar"))} & set(register().members)
        entries.append(envelope.seal(payload, [keyring_of(register(), w).statement for w in who]))
        prev = envelope.statement_id(payload).hex()
    return tuple(entries)


def _is_aurora(value: dict[str, Any]) -> bool:
    return bool(value["predicate"]["body"].get("id") == "aurora")


def _share_a_key(body: dict[str, Any]) -> None:
    """One key for two purposes, with its possession shown for both."""
    message = f"pausenet/possession/v1\n{NETWORK.hex()}\naurora\nlab\nlog\n".encode()
    proof = keyring_of(register(), "aurora").recovery.sign(message)
    body["keys"]["log"] = body["keys"]["recovery"]
    body["possession"]["log"] = base64.b64encode(proof).decode()


def test_its_tables_are_those_of_the_specification() -> None:
    page = (ROOT / "docs/spec/bundles.md").read_text()
    found = re.search(r"^A: ([0-9 ]+)\nB: ([0-9 ]+)$", page, re.MULTILINE)
    assert found is not None
    assert found[1].split() == warrants.A.split() == [str(each) for each in rules.SUDDEN_PERCENT]
    assert found[2].split() == warrants.B.split() == [str(each) for each in rules.SPREAD_PERCENT]


@pytest.mark.parametrize("kind", KINDS)
def test_they_agree_which_payloads_decode(kind: str) -> None:
    """An entry that does not decode is fault F4, so that a bound is part of the evidence."""
    accepted = refused = 0
    for payload in (example(kind), *payload_mutants(example(kind), random.Random(kind), 100)):
        one, other = _decodes(payload), _reads(payload)
        assert one == other, (one, other, payload)
        accepted, refused = accepted + one, refused + (not one)
    assert accepted >= 5
    assert refused >= 50


def _decodes(payload: bytes) -> bool:
    try:
        codec.decode(payload)
    except MalformedInput:
        return False
    return True


def _reads(payload: bytes) -> bool:
    try:
        read_statement(payload)
    except Bad:
        return False
    return True


def test_they_agree_which_envelopes_decode() -> None:
    entry, chance = two_faces(Paper(register()))[0].entries[1], random.Random(5)
    value: dict[str, Any] = json.loads(entry)
    (signature,) = value["signatures"]
    forms = [
        {**value, "signatures": [signature, signature]},
        {**value, "signatures": []},
        {**value, "signatures": [{**signature, "keyid": signature["keyid"].upper()}]},
        {**value, "signatures": [{**signature, "sig": signature["sig"][:-4]}]},
        {**value, "payloadType": "application/json"},
        {**value, "payload": value["payload"].rstrip("=") + "="},
        {**value, "payload": ""},
        {**value, "more": 1},
    ]
    entries = [entry, entry + b"\n", entry.replace(b":", b": ", 1), *map(write_json, forms)]
    for _ in range(400):
        place = chance.randrange(len(entry))
        entries.append(entry[:place] + bytes((chance.randrange(33, 127),)) + entry[place + 1 :])
    for changed in entries:
        try:
            one = envelope.decode(changed).statement_id.hex()
        except MalformedInput:
            one = ""
        try:
            other = read_envelope(changed).id.hex()
        except Bad:
            other = ""
        assert one == other, changed
