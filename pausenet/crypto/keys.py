"""Signing keys in memory: what signs.

Making seeds, encrypting and storing them is the node's work; a seed enters here as bytes. The
public key is always derived from the seed: to sign with a public key that belongs to another
seed gives the secret away.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Final, Self

from nacl.bindings import crypto_sign, crypto_sign_seed_keypair

from pausenet.errors import InvalidKey
from pausenet.values import KeyId, PublicKey, Signature

SEED_LENGTH: Final = 32


@dataclass(frozen=True, slots=True, init=False)
class SigningKey:
    """An Ed25519 key that signs; two are equal when their public keys are.

    Neither its `repr` nor its `str` shows the secret half, and it refuses to be pickled.

    >>> key = SigningKey.from_seed(bytes(32))
    >>> key.public_key
    PublicKey(3b6a27bcceb6a42d62a3a8d02a6f0d73653215771de243a63ac048a18b59da29)
    >>> str(key)[:28]
    'SigningKey(key_id=139e3940e6'
    """

    public_key: PublicKey
    _secret: bytes = field(repr=False, compare=False)

    @classmethod
    def from_seed(cls, seed: bytes) -> Self:
        """The key of a 32-byte seed (RFC 8032 5.1.5); raise `InvalidKey` for another length."""
        if len(seed) != SEED_LENGTH:
            raise InvalidKey(f"seed: expected {SEED_LENGTH} bytes, found {len(seed)}")
        public, secret = crypto_sign_seed_keypair(seed)
        key = cls()
        object.__setattr__(key, "public_key", PublicKey(public))
        object.__setattr__(key, "_secret", secret)
        return key

    @property
    def key_id(self) -> KeyId:
        """The id of the public key (protocol.md 2.2)."""
        return self.public_key.key_id

    def sign(self, message: bytes) -> Signature:
        """Sign a message; the same message gives the same signature."""
        return Signature(crypto_sign(message, self._secret)[: Signature.LENGTH])

    def __repr__(self) -> str:
        return f"SigningKey(key_id={self.key_id}, secret redacted)"

    def __reduce__(self) -> str:
        raise TypeError("a SigningKey is not pickled: it would carry its secret away")
