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
from pausenet.values import ParticipantId, Signature

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
    register = setting.register
    entries, prev = [register.entries[0]], register.network_id.hex()
    for seq, value in enumerate(values[1:], start=1):
        predicate = value["predicate"]
        predicate.update(seq=seq, prev=prev)
        body = predicate["body"]
        if "parties" in body:
            value["subject"][0]["digest"]["sha256"] = sha256(written(body)).hexdigest()
        payload = written(value)
        entries.append(envelope.seal(payload, _signers(setting, body)))
        prev = envelope.statement_id(payload).hex()
    return tuple(entries)


def _signers(setting: Setting, body: Value) -> list[SigningKey]:
    names = {"registrar", str(body.get("id", "registrar"))}
    return [setting.keys[ParticipantId(name)].statement for name in sorted(names)]
