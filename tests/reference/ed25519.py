"""A slow, obvious Ed25519 group in affine coordinates (RFC 8032 5.1), for tests only."""

from __future__ import annotations

import hashlib

P = 2**255 - 19
L = 2**252 + 27742317777372353535851937790883648493
D = -121665 * pow(121666, -1, P) % P
Point = tuple[int, int]
IDENTITY: Point = (0, 1)


def add(a: Point, b: Point) -> Point:
    product = D * a[0] * b[0] * a[1] * b[1] % P
    x = (a[0] * b[1] + a[1] * b[0]) * pow(1 + product, -1, P)
    y = (a[1] * b[1] + a[0] * b[0]) * pow(1 - product, -1, P)
    return (x % P, y % P)


def multiply(scalar: int, point: Point) -> Point:
    result = IDENTITY
    while scalar:
        if scalar & 1:
            result = add(result, point)
        point, scalar = add(point, point), scalar >> 1
    return result


def decompress(encoding: bytes) -> Point | None:
    """The point of an encoding, canonical or not; `None` when there is none."""
    number = int.from_bytes(encoding, "little")
    sign, y = number >> 255, number % 2**255 % P
    square = (y * y - 1) * pow(D * y * y + 1, -1, P) % P
    x = pow(square, (P + 3) // 8, P)
    if x * x % P != square:
        x = x * pow(2, (P - 1) // 4, P) % P
    if x * x % P != square:
        return None
    return (x if x % 2 == sign else -x % P, y)


def compress(point: Point) -> bytes:
    return (point[1] | (point[0] % 2) << 255).to_bytes(32, "little")


_BASE_POINT = decompress((4 * pow(5, -1, P) % P).to_bytes(32, "little"))
assert _BASE_POINT is not None
BASE: Point = _BASE_POINT


def challenge(commitment: bytes, public_key: bytes, message: bytes) -> int:
    digest = hashlib.sha512(commitment + public_key + message).digest()
    return int.from_bytes(digest, "little") % L


def verify_strictly(public_key: bytes, signature: bytes, message: bytes) -> bool:
    """Protocol.md 5.3 by definition: every check spelled out, no table of encodings."""
    points = [decompress(signature[:32]), decompress(public_key)]
    for encoding, point in zip((signature[:32], public_key), points, strict=True):
        if point is None or compress(point) != encoding or multiply(8, point) == IDENTITY:
            return False
    response = int.from_bytes(signature[32:], "little")
    if response >= L:
        return False
    r, a = points
    assert r is not None
    assert a is not None
    scalar = challenge(signature[:32], public_key, message)
    return multiply(response, BASE) == add(r, multiply(scalar, a))
