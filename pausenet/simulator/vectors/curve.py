"""Keys and signatures that must be refused, made with the slow, obvious Ed25519 group.

libsodium makes no such things. Every forgery here satisfies the equation [S]B = R + [k]A without
the cofactor, or with it only, so that nothing but the named rule refuses it.
"""

from __future__ import annotations

import hashlib
from typing import Final, TypeAlias

from pausenet.values import PublicKey, Signature

_P: Final = 2**255 - 19
GROUP_ORDER: Final = 2**252 + 27742317777372353535851937790883648493
_D: Final = -121665 * pow(121666, -1, _P) % _P
_Y8: Final = 2707385501144840649318225287225658788936804267575313519463743609750303402022
Point: TypeAlias = tuple[int, int]
IDENTITY: Final[Point] = (0, 1)


def add(one: Point, other: Point) -> Point:
    """The sum of two points (RFC 8032, 5.1.4, in affine coordinates)."""
    product = _D * one[0] * other[0] * one[1] * other[1] % _P
    x = (one[0] * other[1] + other[0] * one[1]) * pow(1 + product, -1, _P)
    y = (one[1] * other[1] + one[0] * other[0]) * pow(1 - product, -1, _P)
    return x % _P, y % _P


def multiply(scalar: int, point: Point) -> Point:
    """A multiple of a point, by doubling and adding."""
    result = IDENTITY
    while scalar:
        if scalar & 1:
            result = add(result, point)
        point, scalar = add(point, point), scalar >> 1
    return result


def encoded(point: Point) -> bytes:
    """A point's canonical encoding."""
    return (point[1] | (point[0] & 1) << 255).to_bytes(32, "little")


def point_of(y: int, sign: int) -> Point:
    """The point of a y coordinate that has one."""
    square = (y * y - 1) * pow(_D * y * y + 1, -1, _P) % _P
    x = pow(square, (_P + 3) // 8, _P)
    if (x * x - square) % _P:
        x = x * pow(2, (_P - 1) // 4, _P) % _P
    assert (x * x - square) % _P == 0, "only asked for points of the curve"
    return (x if x & 1 == sign else -x % _P), y


BASE: Final = point_of(4 * pow(5, -1, _P) % _P, 0)
ORDER_8: Final = point_of(_Y8, 0)
LOW_ORDER: Final = tuple(
    (y | sign << 255).to_bytes(32, "little")
    for y in (0, 1, _Y8, _P - _Y8, _P - 1, _P, _P + 1)
    for sign in (0, 1)
)
"""The 14 encodings, canonical or not, of the eight points whose order divides 8."""


def secret(seed: bytes) -> int:
    """The scalar of a seed (RFC 8032, 5.1.5)."""
    half = bytearray(hashlib.sha512(seed).digest()[:32])
    half[0] &= 248
    half[31] = half[31] & 127 | 64
    return int.from_bytes(half, "little")


def challenge(commitment: bytes, key: bytes, message: bytes) -> int:
    """k of a signature."""
    data = hashlib.sha512(commitment + key + message).digest()
    return int.from_bytes(data, "little") % GROUP_ORDER


def _joined(commitment: bytes, response: int) -> Signature:
    return Signature(commitment + response.to_bytes(32, "little"))


def by_low_order_key(encoding: bytes, message: bytes) -> Signature | None:
    """A signature of a key of low order: R = B, S = 1; None where k does not fit its order."""
    commitment = encoded(BASE)
    return _joined(commitment, 1) if challenge(commitment, encoding, message) % 8 == 0 else None


def with_low_order_commitment(
    seed: bytes, key: bytes, commitment: bytes, message: bytes
) -> Signature:
    """A signature whose R is an encoding of the neutral point: S = k times the secret."""
    response = challenge(commitment, key, message) * secret(seed) % GROUP_ORDER
    return _joined(commitment, response)


def signed_anew(seed: bytes, key: bytes, message: bytes) -> Signature:
    """A valid signature other than the one that RFC 8032 gives: from another R."""
    commitment = encoded(multiply(7, BASE))
    return _joined(
        commitment, (7 + challenge(commitment, key, message) * secret(seed)) % GROUP_ORDER
    )


def with_large_response(signature: Signature) -> Signature:
    """The same signature with S + L in the place of S."""
    response = int.from_bytes(signature[32:], "little") + GROUP_ORDER
    return _joined(signature[:32], response)


def mixed_key(seed: bytes) -> PublicKey:
    """A key with a torsion component: A + T, T of order 8."""
    return PublicKey(encoded(add(multiply(secret(seed), BASE), ORDER_8)))


def by_mixed_key(seed: bytes, message: bytes, *, cofactorless: bool) -> Signature:
    """A signature of a mixed key that holds without the cofactor, or with it only."""
    key, number = mixed_key(seed), 0
    while True:
        number += 1
        commitment = encoded(multiply(number, BASE))
        k = challenge(commitment, key, message)
        if (k % 8 == 0) is cofactorless:
            return _joined(commitment, (number + k * secret(seed)) % GROUP_ORDER)
