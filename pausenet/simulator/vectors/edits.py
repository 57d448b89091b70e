"""Editing payloads and envelopes as JSON: what a mutation changes, and nothing else."""

from __future__ import annotations

import copy
import json
from collections.abc import Callable, Sequence
from hashlib import sha256
from typing import Any, TypeAlias

from pausenet.crypto import envelope
from pausenet.crypto.envelope import Envelope, EnvelopeSignature
from pausenet.crypto.keys import SigningKey
from pausenet.simulator.setting import Setting
from pausenet.simulator.vectors.case import b64
from pausenet.statements.register import possession_message
from pausenet.values import NetworkId, ParticipantId, Signature

Value: TypeAlias = dict[str, Any]
Change: TypeAlias = Callable[[Value], object]


def written(value: object) -> bytes:
    """The canonical spelling, also of values that no statement may hold."""
    text = json.dumps(value, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return text.encode("utf-8", "surrogatepass")


def edited(payload: bytes, change: Change) -> bytes:
    """A payload with one thing changed, in the canonical spelling."""
    value: Value = json.loads(payload)
    change(value)
    return written(value)


def put(name: str, member: object) -> Change:
    """Set a member of the predicate."""

    def change(value: Value) -> None:
        value["predicate"][name] = copy.deepcopy(member)

    return change


def put_body(name: str, member: object) -> Change:
    """Set a member of the body."""

    def change(value: Value) -> None:
        value["predicate"]["body"][name] = copy.deepcopy(member)

    return change


def payload_of(entry: bytes) -> bytes:
    """The payload of an envelope."""
    return envelope.decode(entry, signatures_max=2).payload


def with_signature(payload: bytes, key: SigningKey, signature: Signature) -> bytes:
    """An envelope with a signature made elsewhere, under a key's id."""
    signed = EnvelopeSignature(key_id=key.public_key.key_id, signature=signature)
    return Envelope(payload=payload, signatures=(signed,)).encode()


def rechained(setting: Setting, *changes: tuple[int, Change]) -> tuple[bytes, ...]:
    """The register with some entries' payloads changed, signed and chained anew from there on."""
    register = setting.register
    values = [json.loads(payload_of(entry)) for entry in register.entries]
    for place, change in changes:
        change(values[place])
    return rewritten(setting, values)


def rewritten(setting: Setting, values: Sequence[Value]) -> tuple[bytes, ...]:
    """A register of these entries: each names its place, and the one before it."""
    entries = [_sealed(setting, values[0])]
    prev = envelope.decode(entries[0]).statement_id.hex()
    for seq, value in enumerate(values[1:], start=1):
        value["predicate"].update(seq=seq, prev=prev)
        body = value["predicate"]["body"]
        if "parties" in body:
            value["subject"][0]["digest"]["sha256"] = sha256(written(body)).hexdigest()
        entries.append(_sealed(setting, value))
        prev = envelope.statement_id(written(value)).hex()
    return tuple(entries)


def reissued(setting: Setting, change: Change) -> tuple[bytes, ...]:
    """The register of another network: its genesis changed, every entry made for it anew."""
    values = [json.loads(payload_of(entry)) for entry in setting.register.entries]
    change(values[0])
    network = NetworkId(envelope.statement_id(written(values[0])))
    old = setting.register.network_id.short
    for value in values[1:]:
        value["predicate"]["network"] = network.hex()
        body = value["predicate"]["body"]
        if "possession" in body:
            body["origin"] = body["origin"].replace(old, network.short)
            keys = setting.keys[ParticipantId(body["id"])]
            for purpose, key in keys.by_purpose():
                message = possession_message(network, keys.id, keys.role, purpose)
                body["possession"][str(purpose)] = b64(key.sign(message))
    return rewritten(setting, values)


def _sealed(setting: Setting, value: Value) -> bytes:
    """An entry by the registrar, and by the participant whom it binds."""
    body = value["predicate"]["body"]
    names = {"registrar", str(body.get("id", "registrar"))}
    signers = [setting.keys[ParticipantId(name)].statement for name in sorted(names)]
    return envelope.seal(written(value), signers)
