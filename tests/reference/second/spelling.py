"""Canonical JSON, base64, envelopes, signatures and notes, each by docs/spec alone.

Nothing here is taken from the package under test; OpenSSL judges signatures, where that
package asks libsodium.
"""

from __future__ import annotations

import base64
import json
import re
import unicodedata
from dataclasses import dataclass
from functools import cache
from hashlib import sha256
from typing import Any

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

from tests.reference.ed25519 import IDENTITY, L, compress, decompress, multiply

WHOLE_MAX = 2**53 - 1
HEX = re.compile(r"[0-9a-f]{64}")
_MEMBER = re.compile(r"[A-Za-z_-]{1,64}|sha256")
_SURROGATE = re.compile("[\ud800-\udfff]")
_PAYLOAD_TYPE = "application/vnd.in-toto+json"


class Bad(Exception):
    """Something is not as the specification has it."""


def must(condition: bool, what: str) -> None:
    if not condition:
        raise Bad(what)


# ------------------------------------------------------------------- statements 1 Canonical JSON


def write_json(value: Any) -> bytes:
    """The canonical form; names are ASCII, so that any order of theirs is the one of RFC 8785."""
    text = json.dumps(value, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return text.encode("utf-8")


def read_json(data: bytes) -> Any:
    try:
        value = json.loads(
            data.decode("utf-8"),
            object_pairs_hook=_object,
            parse_float=_refused,
            parse_constant=_refused,
        )
        _check(value, 1)
        spelled = write_json(value)
    except (ValueError, RecursionError) as error:
        raise Bad("not JSON") from error
    must(spelled == data, "1.4 not the canonical spelling")
    return value


def _object(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    names = [name for name, _ in pairs]
    must(len(set(names)) == len(names), "1.4 a name twice")
    must(all(_MEMBER.fullmatch(name) for name in names), "1.3 a member name")
    return dict(pairs)


def _refused(text: str) -> Any:
    raise Bad(f"1.2 the number {text:.40}")


def _check(value: Any, depth: int) -> None:
    must(depth <= 16, "1.2 nested too deep")
    if isinstance(value, dict | list):
        for member in value.values() if isinstance(value, dict) else value:
            _check(member, depth + 1)
    elif isinstance(value, str):
        must(_SURROGATE.search(value) is None, "1.2 a surrogate")
        must(unicodedata.normalize("NFC", value) == value, "1.2 not in NFC")
    elif value is None:
        raise Bad("1.2 null")
    else:
        must(-WHOLE_MAX <= value <= WHOLE_MAX, "1.2 an integer too large")


# ------------------------------------------------------------------------- statements 2 Envelope


def read_base64(text: Any) -> bytes:
    must(isinstance(text, str), "2.3 base64 is text")
    try:
        data = base64.b64decode(text, validate=True)
    except ValueError as error:
        raise Bad("2.3 not base64") from error
    must(base64.b64encode(data).decode() == text, "2.3 not the canonical base64")
    return data


@dataclass(frozen=True)
class Envelope:
    payload: bytes
    signatures: tuple[tuple[str, bytes], ...]

    @property
    def signed(self) -> bytes:
        head = f"DSSEv1 {len(_PAYLOAD_TYPE)} {_PAYLOAD_TYPE} {len(self.payload)} "
        return head.encode() + self.payload

    @property
    def id(self) -> bytes:
        return sha256(self.signed).digest()

    def require_signers(self, keys: list[bytes]) -> None:
        """One valid signature by each of these keys, and no other."""
        expected = sorted((sha256(key).hexdigest(), key) for key in set(keys))
        must([name for name, _ in self.signatures] == [name for name, _ in expected], "signers")
        for (_, key), (_, signature) in zip(expected, self.signatures, strict=True):
            must(valid(key, signature, self.signed), "2.6 a signature does not verify")


def read_envelope(data: bytes, most: int = 1) -> Envelope:
    must(len(data) <= 65_535, "2.1 an entry too long")
    value = read_json(data)
    exactly(value, "payload", "payloadType", "signatures")
    must(value["payloadType"] == _PAYLOAD_TYPE, "2.2 payloadType")
    payload, listed = read_base64(value["payload"]), value["signatures"]
    must(len(payload) <= 48_000, "2.1 a payload too long")
    must(isinstance(listed, list) and 1 <= len(listed) <= most, "2.4 number of signatures")
    found = []
    for item in listed:
        exactly(item, "keyid", "sig")
        key_id, signature = item["keyid"], read_base64(item["sig"])
        must(isinstance(key_id, str) and HEX.fullmatch(key_id) is not None, "2.5 keyid")
        must(len(signature) == 64, "2.6 a signature's length")
        found.append((key_id, signature))
    names = [name for name, _ in found]
    must(names == sorted(set(names)), "2.4 the signatures' order")
    return Envelope(payload, tuple(found))


def exactly(value: Any, *names: str) -> None:
    must(isinstance(value, dict) and set(value) == set(names), f"expected members {names}")


# -------------------------------------------------------------------------------------- Ed25519


@cache
def valid(key: bytes, signature: bytes, message: bytes) -> bool:
    """2.6 The strict profile: canonical, no low order, S below L, no cofactor."""
    if not (_strict_point(key) and _strict_point(signature[:32])):
        return False
    if int.from_bytes(signature[32:], "little") >= L:
        return False
    try:
        Ed25519PublicKey.from_public_bytes(key).verify(signature, message)
    except (InvalidSignature, ValueError):
        return False
    return True


@cache
def registrable(key: bytes) -> bool:
    """2.7 A strict key without torsion."""
    point = decompress(key)
    return _strict_point(key) and point is not None and multiply(L, point) == IDENTITY


@cache
def _strict_point(encoding: bytes) -> bool:
    point = decompress(encoding)
    return point is not None and compress(point) == encoding and multiply(8, point) != IDENTITY


# ---------------------------------------------------------------------- logs 3 Notes of known keys


@dataclass(frozen=True)
class Note:
    origin: str
    size: int
    root: bytes
    times: tuple[int, ...]


def note_origin(data: bytes) -> str:
    return data.split(b"\n", 1)[0].decode("utf-8", "replace")


def read_note(data: bytes, log_key: bytes | None, storing: tuple[tuple[str, bytes], ...]) -> Note:
    """A note of exactly these lines: the log's, unless there is no key, then the cosigners'."""
    must(b"\n\n" in data, "3.1 no empty line")
    body, _, rest = data.partition(b"\n\n")
    body += b"\n"
    try:
        lines, signed = body.decode("ascii").split("\n"), rest.decode("utf-8").split("\n")
    except UnicodeDecodeError as error:
        raise Bad("3.1 not text") from error
    must(len(lines) == 4 and not lines[3], "3.1 three lines")
    origin, root = lines[0], read_base64(lines[2])
    must(re.fullmatch(r"0|[1-9][0-9]{0,18}", lines[1]) is not None, "3.1 size")
    size = int(lines[1])
    must(size <= WHOLE_MAX and len(root) == 32, "3.1 size or root")
    must(size > 0 or root == sha256().digest(), "1.1 the empty tree's root")
    must(signed[-1] == "", "3.1 the last line's end")
    keys = [(origin, 1, log_key)] if log_key is not None else []
    keys += [(name, 4, key) for name, key in storing]
    must(len(signed) - 1 == len(keys), "exactly the lines that the evidence needs")
    times = []
    for line, (name, kind, key) in zip(signed, keys, strict=False):
        assert key is not None
        prefix = sha256(name.encode() + b"\n" + bytes((kind,)) + key).digest()[:4]
        must(line.startswith(f"\N{EM DASH} {name} "), "3.1 a line's name")
        blob = read_base64(line.removeprefix(f"\N{EM DASH} {name} "))
        must(blob[:4] == prefix, "3.3 a line's key")
        blob, message = blob[4:], body
        if kind == 4:
            time = int.from_bytes(blob[:8], "big")
            must(len(blob) == 72 and time <= WHOLE_MAX, "3.4 a cosignature's time")
            blob, message = blob[8:], f"cosignature/v1\ntime {time}\n".encode() + body
            times.append(time)
        must(len(blob) == 64 and valid(key, blob, message), "a line's signature")
    return Note(origin, size, root, tuple(times))
