"""Salted digests: commitments to values that could be guessed (protocol.md 2.6, 2.9)."""

from __future__ import annotations

from typing import Final

from pausenet.values import Digest, Salt

_SALTED_PREFIX: Final = b"pausenet/salted/v1\n"


def salted_digest(salt: Salt, value: bytes) -> Digest:
    """SHA-256("pausenet/salted/v1\\n" || salt || value).

    The salt has one fixed length, so no two pairs of salt and value share a pre-image. It hides
    the value only while it is 32 fresh random bytes, used once.
    """
    return Digest.of(_SALTED_PREFIX, salt, value)
