"""Cases of envelopes: their spelling, who signed, and the strict signature profile."""

from __future__ import annotations

import json

from pausenet.crypto import envelope
from pausenet.crypto.envelope import pae
from pausenet.crypto.keys import SigningKey
from pausenet.simulator.randomness import seed_bytes
from pausenet.simulator.vectors import curve
from pausenet.simulator.vectors.case import Area, Case, CaseKind, b64
from pausenet.simulator.vectors.edits import Value, edited, payload_of, put, with_signature, written
from pausenet.simulator.vectors.ground import run_of
from pausenet.simulator.vectors.networks import AURORA, BIRCH
from pausenet.values import PublicKey

_SEED = seed_bytes(2026, "conformance", "envelope")


def envelope_cases() -> list[Case]:
    """The spelling of envelopes, then signatures."""
    return [*_spelling(), *_signatures(), *_profile()]


def _entry() -> tuple[bytes, SigningKey]:
    run = run_of("honest")
    return run.entries(AURORA)[3], run.setting.keys[AURORA].statement


def _spelling() -> list[Case]:
    entry, key = _entry()
    area = Area("envelope", CaseKind.ENVELOPE, keys=[key.public_key.hex()])
    area.accept("one-signature", "statements 2.1", data=b64(entry))
    value: Value = json.loads(entry)
    (signature,) = value["signatures"]
    payload = value["payload"]

    def changed(name: str, rule: str, **members: object) -> None:
        area.refuse(name, rule, data=b64(written({**value, **members})))

    changed("member-added", "statements 2.1", more="x")
    without = {name: member for name, member in value.items() if name != "payloadType"}
    area.refuse("member-missing", "statements 2.1", data=b64(written(without)))
    area.refuse("line-end-added", "statements 2.1", data=b64(entry + b"\n"))
    area.refuse("byte-order-mark-added", "statements 2.1", data=b64(b"\xef\xbb\xbf" + entry))
    area.refuse("space-added", "statements 2.1", data=b64(entry.replace(b":", b": ", 1)))
    area.refuse("slash-escaped", "statements 2.1", data=b64(entry.replace(b"n/v", b"n\\/v")))
    area.refuse("cut-short", "statements 2.1", data=b64(entry[:-1]))
    area.refuse("empty", "statements 2.1", data="")
    order = json.dumps(dict(reversed(value.items())), separators=(",", ":")).encode()
    area.refuse("members-out-of-order", "statements 2.1", data=b64(order))
    doubled = entry.replace(b'{"payload"', b'{"payload":"","payload"', 1)
    area.refuse("member-twice", "statements 2.1", data=b64(doubled))
    changed("payload-type-another", "statements 2.2", payloadType="application/json")
    changed("payload-not-padded", "statements 2.3", payload=_ending(payload).rstrip("="))
    changed("payload-trailing-bits", "statements 2.3", payload=_trailing(payload))
    changed("payload-with-line-end", "statements 2.3", payload=payload[:40] + "\n" + payload[40:])
    changed("payload-url-alphabet", "statements 2.3", payload="-_" + payload[2:])
    changed("no-signature", "statements 2.4", signatures=[])
    changed("one-signature-twice", "statements 2.4", signatures=[signature, signature])
    changed(
        "keyid-in-capitals", "statements 2.5", signatures=[_with(signature, "keyid", str.upper)]
    )
    changed("keyid-short", "statements 2.5", signatures=[_with(signature, "keyid", _shorter)])
    changed("signature-short", "statements 2.6", signatures=[_with(signature, "sig", _short_sig)])
    changed("signature-member-added", "statements 2.1", signatures=[{**signature, "more": "x"}])
    return area.cases


def _ending(payload: str) -> str:
    """Base64 of a length that needs padding."""
    return payload if payload.endswith("=") else payload[:-4] + "YQ=="


def _trailing(payload: str) -> str:
    """Base64 whose last character has a bit that no byte needs."""
    return _ending(payload).rstrip("=")[:-1] + {1: "R=", 2: "R=="}[_ending(payload).count("=")]


def _with(signature: Value, name: str, change: object) -> Value:
    assert callable(change), "a function on the text"
    return {**signature, name: change(signature[name])}


def _shorter(text: str) -> str:
    return text[:-2]


def _short_sig(text: str) -> str:
    return text[:-4]


def _signatures() -> list[Case]:
    entry, key = _entry()
    payload = payload_of(entry)
    run = run_of("honest")
    other = run.setting.keys[BIRCH].statement
    registrar = next(keys for keys in run.setting.keys.values() if keys.id == "registrar").statement
    area = Area("signature", CaseKind.ENVELOPE)
    keys = [key.public_key.hex()]
    bound = next(
        each
        for each in run.register.entries[1:]
        if json.loads(payload_of(each))["predicate"]["body"].get("id") == "aurora"
    )
    both = [registrar.public_key.hex(), key.public_key.hex()]
    area.accept("two-signatures-of-a-register-entry", "register 2.3", data=b64(bound), keys=both)
    area.refuse("two-signatures-where-one", "statements 2.4", data=b64(bound), keys=keys)
    area.refuse("one-signature-where-two", "register 2.3", data=b64(entry), keys=both)
    value = json.loads(bound)
    value["signatures"].reverse()
    area.refuse("signatures-out-of-order", "statements 2.4", data=b64(written(value)), keys=both)
    area.refuse(
        "signed-by-another", "statements 2.6", data=b64(entry), keys=[other.public_key.hex()]
    )
    false = with_signature(payload, key, other.sign(pae(payload)))
    area.refuse("keyid-of-another", "statements 2.5", data=b64(false), keys=keys)
    bare = with_signature(payload, key, key.sign(payload))
    area.refuse("payload-signed-bare", "statements 2.6", data=b64(bare), keys=keys)
    changed = edited(payload, put("seq", 4))
    moved = with_signature(changed, key, key.sign(pae(payload)))
    area.refuse("payload-changed-after-signing", "statements 2.6", data=b64(moved), keys=keys)
    long = envelope.seal(written({"x": "y" * 40_000}), (key,))
    area.accept("payload-of-40000-bytes", "statements 2.1", data=b64(long), keys=keys)
    area.refuse("payload-of-48001-bytes", "statements 2.1", data=b64(_too_long(key)), keys=keys)
    return area.cases


def _too_long(key: SigningKey) -> bytes:
    """An envelope one byte over the bound, which no encoder here would write."""
    payload = b"x" * 48_001
    signature = {"keyid": key.public_key.key_id, "sig": b64(key.sign(pae(payload)))}
    return written(
        {"payload": b64(payload), "payloadType": envelope.PAYLOAD_TYPE, "signatures": [signature]}
    )


def _profile() -> list[Case]:
    """Signatures that some library takes, and the profile does not."""
    key = SigningKey.from_seed(_SEED)
    payload = payload_of(_entry()[0])
    message = pae(payload)
    area = Area("ed25519", CaseKind.ENVELOPE)
    good = with_signature(payload, key, key.sign(message))
    keys = [key.public_key.hex()]
    area.accept("honest", "statements 2.6", data=b64(good), keys=keys)
    large = with_signature(payload, key, curve.with_large_response(key.sign(message)))
    area.refuse("s-plus-group-order", "statements 2.6", data=b64(large), keys=keys)
    for number, encoding in enumerate(curve.LOW_ORDER):
        data = _by_low_order(payload, PublicKey(encoding))
        name = f"key-of-low-order-{number:02}"
        area.refuse(name, "statements 2.6", data=b64(data), keys=[encoding.hex()])
        forged = curve.with_low_order_commitment(_SEED, key.public_key, encoding, message)
        data = with_signature(payload, key, forged)
        area.refuse(f"r-of-low-order-{number:02}", "statements 2.6", data=b64(data), keys=keys)
    mixed = curve.mixed_key(_SEED)
    for holds, name in ((True, "mixed-key-without-cofactor"), (False, "mixed-key-with-cofactor")):
        forged = curve.by_mixed_key(_SEED, message, cofactorless=holds)
        data = _under(payload, mixed, forged)
        add = area.accept if holds else area.refuse
        add(name, "statements 2.6", data=b64(data), keys=[mixed.hex()])
    return area.cases


def _by_low_order(payload: bytes, key: PublicKey) -> bytes:
    """A payload like this one with a signature that satisfies the equation under this key."""
    for number in range(10_000):
        changed = edited(payload, put("seq", number))
        signature = curve.by_low_order_key(key, pae(changed))
        if signature is not None:
            return _under(changed, key, signature)
    raise AssertionError("one in eight fits")


def _under(payload: bytes, key: PublicKey, signature: bytes) -> bytes:
    """An envelope of this signature under this key's id."""
    signed = {"keyid": key.key_id, "sig": b64(signature)}
    return written(
        {"payload": b64(payload), "payloadType": envelope.PAYLOAD_TYPE, "signatures": [signed]}
    )
