"""The one Ed25519 rule: which signatures and which keys count (protocol.md 5.3).

1. Both halves of a point's encoding are canonical: y < p = 2^255 - 19, for A and for R.
2. Neither A nor R is one of the 14 encodings of the eight points of low order.
3. S < L = 2^252 + 27742317777372353535851937790883648493.
4. [S]B = R + [k]A, without the cofactor, k = SHA-512(R || A || message) mod L.
5. A key that enters the register has prime order: it carries no torsion component.

Libraries differ in exactly these points; verifiers that used different ones could not repeat
each other's verdicts. libsodium computes rule 4. Rules 1 to 3 stand here as well, although the
libsodium of today checks them too: they cost under a microsecond, and an exchanged library may
not widen them. Whether a new libsodium still leaves out the cofactor only the public vectors
can tell (`tests/crypto/test_ed25519_vectors.py`).
"""

from __future__ import annotations

from functools import lru_cache
from typing import Final

from nacl.bindings import crypto_core_ed25519_is_valid_point, crypto_sign_open
from nacl.exceptions import BadSignatureError

from pausenet.errors import InvalidKey
from pausenet.values import PublicKey, Signature

_P: Final = 2**255 - 19
_L: Final = 2**252 + 27742317777372353535851937790883648493
_SIGN_BIT: Final = 2**255
_Y_OF_ORDER_8: Final = 2707385501144840649318225287225658788936804267575313519463743609750303402022

_REMEMBERED_BYTES_MAX: Final = 4_096

LOW_ORDER: Final = frozenset(
    (y | sign).to_bytes(32, "little")
    for y in (0, 1, _Y_OF_ORDER_8, _P - _Y_OF_ORDER_8, _P - 1, _P, _P + 1)
    for sign in (0, _SIGN_BIT)
)
"""The 14 encodings, canonical or not, of the eight points whose order divides 8."""


def verify(public_key: PublicKey, signature: Signature, message: bytes) -> bool:
    """Say whether the signature is this key's over this message, by rules 1 to 4.

    It never raises for a wrong signature or a wrong key: both are `False`. The answer follows
    from the three arguments alone, so that the last few thousand are remembered: gossip brings
    one and the same signature by many ways.
    """
    if len(message) > _REMEMBERED_BYTES_MAX:
        return _verify(public_key, signature, message)
    return _remembered(public_key, signature, message)


def _verify(public_key: PublicKey, signature: Signature, message: bytes) -> bool:
    commitment = signature[:32]
    if _point_problem(commitment) or _point_problem(public_key):
        return False
    if int.from_bytes(signature[32:], "little") >= _L:
        return False
    try:
        crypto_sign_open(signature + message, public_key)
    except BadSignatureError:
        return False
    return True


_remembered = lru_cache(maxsize=8_192)(_verify)


def forget() -> None:
    """Forget which signatures have been verified; it changes no answer, and frees the memory."""
    _remembered.cache_clear()


def check_registrable(public_key: PublicKey) -> None:
    """Require a key that may enter the register, by rules 1, 2 and 5; raise `InvalidKey`."""
    problem = _key_problem(public_key)
    if problem:
        raise InvalidKey(f"public key {public_key}: {problem}")


@lru_cache(maxsize=1_024)
def _key_problem(public_key: bytes) -> str:
    """Say which of rules 1, 2 and 5 a key breaks; an empty text when none."""
    if problem := _point_problem(public_key):
        return problem
    if not crypto_core_ed25519_is_valid_point(public_key):
        return "not a point of the prime-order subgroup"
    return ""


def _point_problem(encoding: bytes) -> str:
    """Say which of rules 1 and 2 an encoding breaks; an empty text when none."""
    if encoding in LOW_ORDER:
        return "a point of low order"
    if int.from_bytes(encoding, "little") % _SIGN_BIT >= _P:
        return "not the canonical encoding of a point"
    return ""
