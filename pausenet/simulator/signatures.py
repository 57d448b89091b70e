"""Signatures of a simulated run: Ed25519 itself, or a keyed hash that stands in for it.

A run of the swarm makes and checks thousands of signatures, and most of its seeds are not about
them. For those the simulator swaps the two calls of libsodium on which `crypto` rests, for the
time of one run and back again; the protocol neither knows nor can ask. The stand-in is BLAKE2b
keyed with the secret half of the key. Whoever has no secret half cannot make one, and the
checking side finds the key in a table that only this module has: inside the simulator it is as
unforgeable as what it stands in for. It has the length and the shape of an Ed25519 signature, so
that rules 1 to 3 of `crypto.strict` judge it as they stand.

Public keys, and so ids, are those of Ed25519: the same network has the same name either way.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from enum import StrEnum
from hashlib import blake2b
from typing import Final

from nacl.bindings import crypto_sign, crypto_sign_open
from nacl.exceptions import BadSignatureError

from pausenet.crypto import keys, strict
from pausenet.log import opened
from pausenet.protocol import bundle

_SEED_BYTES: Final = 32
_SIGNATURE_BYTES: Final = 64


class Signatures(StrEnum):
    """What signs in a simulated run."""

    ED25519 = "ed25519"
    KEYED_HASH = "keyed-hash"


class KeyedHash:
    """The stand-in, in the shape of the two calls of libsodium that it replaces."""

    def __init__(self) -> None:
        self._secrets: dict[bytes, bytes] = {}

    def crypto_sign(self, message: bytes, secret_key: bytes) -> bytes:
        """The signature and after it the message; the key pair is known from now on."""
        secret, public = secret_key[:_SEED_BYTES], secret_key[_SEED_BYTES:]
        self._secrets[public] = secret
        return _tag(secret, message) + message

    def crypto_sign_open(self, signed: bytes, public_key: bytes) -> bytes:
        """The message where the signature before it is the key's; else `BadSignatureError`."""
        signature, message = signed[:_SIGNATURE_BYTES], signed[_SIGNATURE_BYTES:]
        secret = self._secrets.get(bytes(public_key))
        if secret is None or _tag(secret, message) != signature:
            raise BadSignatureError("not a signature of this key")
        return message


_STAND_IN: Final = KeyedHash()
_used: list[Signatures] = [Signatures.ED25519]


def in_use() -> Signatures:
    """What signs now; what is kept from one run to the next is kept apart by this."""
    return _used[-1]


@contextmanager
def signing_with(signatures: Signatures) -> Iterator[None]:
    """Let everything in this process sign and verify so for a time; one thread only.

    What is remembered of signatures that have been verified is forgotten at both ends.
    """
    if signatures is in_use():
        yield
        return
    before = in_use()
    _used.append(signatures)
    _call(*_CALLS[signatures])
    try:
        yield
    finally:
        _call(*_CALLS[before])
        _used.pop()


def _call(sign: Callable[..., bytes], opens: Callable[..., bytes]) -> None:
    for module, name, call in ((keys, "crypto_sign", sign), (strict, "crypto_sign_open", opens)):
        setattr(module, name, call)
    for forget in (strict.forget, opened.forget, bundle.forget):
        forget()


def _tag(secret: bytes, message: bytes) -> bytes:
    """64 bytes that no rule of shape refuses: both halves are below 2^252."""
    tag = bytearray(blake2b(message, key=secret, digest_size=_SIGNATURE_BYTES).digest())
    tag[31] &= 0x0F
    tag[63] &= 0x0F
    return bytes(tag)


_CALLS: Final = {
    Signatures.ED25519: (crypto_sign, crypto_sign_open),
    Signatures.KEYED_HASH: (_STAND_IN.crypto_sign, _STAND_IN.crypto_sign_open),
}
