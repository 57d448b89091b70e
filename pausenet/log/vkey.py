"""Names and keys of signed notes (c2sp.org/signed-note; protocol.md 3.3).

A verifier key is written `name+hex8+base64(type||public key)`, where hex8 is the key hash: the
first four bytes of SHA-256(name || 0A || type || public key). Only two types are known here:
01, a log's Ed25519 key, and 04, a cosigner's.
"""

from __future__ import annotations

import hashlib
import re
from dataclasses import dataclass, field
from enum import IntEnum
from typing import Protocol, Self, TypeAlias

from pausenet.errors import MalformedCheckpoint
from pausenet.log.spelling import base64_bytes, base64_text
from pausenet.values import Origin, PublicKey, Signature

NAME_BYTES_MAX = 255
VKEY_CHARACTERS_MAX = 512

_FIT = re.compile(r"[^\s\x00-\x1f+]+\Z")
_RESERVED = ("DSSEv1 ", "cosignature/")


class KeyName(str):
    """The name of a log or cosigner in a signed note, of this network or a foreign one.

    Not empty, without Unicode spaces, `+` and control characters, at most 255 bytes; and not
    such that a note's body could be read as another signed message (protocol.md 3.7).
    """

    __slots__ = ()

    def __new__(cls, value: str) -> Self:
        """Take a name; raise `ValueError` for an unfit one."""
        if value.startswith(_RESERVED):
            raise ValueError(f"KeyName: begins like another signed message: {value!r:.80}")
        if not _FIT.match(value):
            raise ValueError(f"KeyName: expected no space, plus or control, found {value!r:.80}")
        if len(value.encode("utf-8")) > NAME_BYTES_MAX:
            raise ValueError(f"KeyName: expected at most {NAME_BYTES_MAX} bytes of UTF-8")
        return super().__new__(cls, value)


Name: TypeAlias = KeyName | Origin
"""A name as notes carry it: every `Origin` is a fit `KeyName`."""


class KeyHash(bytes):
    """The four bytes by which a signature line names its key: a hint, not a proof."""

    __slots__ = ()

    def __new__(cls, value: bytes) -> Self:
        """Take four bytes; raise `ValueError` for another number."""
        if len(value) != 4:
            raise ValueError(f"KeyHash: expected 4 bytes, found {len(value)}")
        return super().__new__(cls, value)


class KeyType(IntEnum):
    """What a key of a signed note signs."""

    LOG = 0x01
    COSIGNATURE = 0x04


class Signer(Protocol):
    """What can sign: a key itself, or a guard in front of one."""

    @property
    def public_key(self) -> PublicKey:
        """The key that verifies its signatures."""

    def sign(self, message: bytes) -> Signature:
        """Sign a message."""


@dataclass(frozen=True, slots=True, kw_only=True)
class VerifierKey:
    """A named public key of one type, by which lines of signed notes are judged.

    `key_hash` is the first four bytes of SHA-256(name || 0A || type || public key).
    """

    name: Name
    type: KeyType
    public_key: PublicKey
    key_hash: KeyHash = field(init=False, compare=False)

    def __post_init__(self) -> None:
        named = self.name.encode("utf-8") + b"\n" + self._typed()
        object.__setattr__(self, "key_hash", KeyHash(hashlib.sha256(named).digest()[:4]))

    def encode(self) -> str:
        """Write the key as vkey text."""
        return f"{self.name}+{self.key_hash.hex()}+{base64_text(self._typed())}"

    @classmethod
    def decode(cls, text: str) -> Self:
        """Read vkey text; raise `MalformedCheckpoint` for any other."""
        if len(text) > VKEY_CHARACTERS_MAX:
            raise MalformedCheckpoint(f"vkey: expected at most {VKEY_CHARACTERS_MAX} characters")
        # Base64 may hold a plus: only the first two divide.
        parts = text.split("+", 2)
        if len(parts) != 3:
            raise MalformedCheckpoint("vkey: expected name+hash+key")
        try:
            typed = base64_bytes(parts[2])
            key = cls(
                name=KeyName(parts[0]),
                type=KeyType(typed[0] if typed else 0),
                public_key=PublicKey(typed[1:]),
            )
        except ValueError as error:
            raise MalformedCheckpoint(f"vkey: {error}") from error
        if key.encode() != text:
            raise MalformedCheckpoint(f"vkey: expected the key hash {key.key_hash.hex()}")
        return key

    def _typed(self) -> bytes:
        return bytes((self.type,)) + self.public_key
