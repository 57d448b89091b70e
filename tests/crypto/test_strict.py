"""The strict Ed25519 rule on made cases; needs no vectors."""

from __future__ import annotations

import hashlib

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
from hypothesis import given, settings
from hypothesis import strategies as st

from pausenet.crypto import SigningKey, check_registrable, strict, verify
from pausenet.errors import InvalidKey
from pausenet.values import PublicKey, Signature
from tests.reference import ed25519 as reference

KEY = SigningKey.from_seed(bytes(range(32)))
MESSAGE = b"a statement"
SIGNATURE = KEY.sign(MESSAGE)

# A point of order 8, and a non-canonical encoding: y = p + 3 spells the point with y = 3.
TORSION = next(
    point
    for encoding in sorted(strict.LOW_ORDER)
    for point in [reference.decompress(encoding)]
    if point is not None and reference.multiply(4, point) != reference.IDENTITY
)
NON_CANONICAL = (reference.P + 3).to_bytes(32, "little")


def secret_scalar(seed: bytes) -> int:
    clamped = bytearray(hashlib.sha512(seed).digest()[:32])
    clamped[0] &= 248
    clamped[31] = clamped[31] & 63 | 64
    return int.from_bytes(clamped, "little")


def sign_with_torsion(in_key: bool, in_commitment: bool, message: bytes) -> tuple[bytes, bytes]:
    """A key holder's signature with a point of order 8 added to A, to R, or to both."""
    scalar, nonce = secret_scalar(bytes(32)), 12345
    a, r = reference.multiply(scalar, reference.BASE), reference.multiply(nonce, reference.BASE)
    public = reference.compress(reference.add(a, TORSION) if in_key else a)
    commitment = reference.compress(reference.add(r, TORSION) if in_commitment else r)
    challenge = reference.challenge(commitment, public, message)
    response = (nonce + challenge * scalar) % reference.L
    return public, commitment + response.to_bytes(32, "little")


def test_the_14_encodings_are_those_of_the_points_whose_order_divides_8() -> None:
    points = {reference.decompress(encoding) for encoding in strict.LOW_ORDER}
    assert len(strict.LOW_ORDER) == 14
    assert points == {reference.multiply(times, TORSION) for times in range(8)}
    assert len(points) == 8


def test_i6_a_signature_with_s_plus_l_is_refused() -> None:
    response = int.from_bytes(SIGNATURE[32:], "little")
    malleated = Signature(SIGNATURE[:32] + (response + reference.L).to_bytes(32, "little"))
    assert verify(KEY.public_key, SIGNATURE, MESSAGE)
    assert not verify(KEY.public_key, malleated, MESSAGE)


@pytest.mark.parametrize("encoding", sorted(strict.LOW_ORDER), ids=bytes.hex)
def test_i8_a_low_order_key_neither_registers_nor_verifies(encoding: bytes) -> None:
    with pytest.raises(InvalidKey, match="low order"):
        check_registrable(PublicKey(encoding))
    assert not verify(PublicKey(encoding), Signature(encoding + bytes(32)), MESSAGE)
    assert not verify(KEY.public_key, Signature(encoding + SIGNATURE[32:]), MESSAGE)


def test_a_universal_signature_under_the_identity_key_is_refused_though_openssl_takes_it() -> None:
    identity = (1).to_bytes(32, "little")
    response = (7).to_bytes(32, "little")
    commitment = reference.compress(reference.multiply(7, reference.BASE))
    signature = Signature(commitment + response)
    Ed25519PublicKey.from_public_bytes(identity).verify(signature, b"any message at all")
    assert not verify(PublicKey(identity), signature, b"any message at all")


@pytest.mark.parametrize("offset", range(19))
@pytest.mark.parametrize("sign", [0, 2**255])
def test_i9_a_non_canonical_encoding_is_refused_as_key_and_as_commitment(
    offset: int, sign: int
) -> None:
    encoding = (reference.P + offset | sign).to_bytes(32, "little")
    with pytest.raises(InvalidKey):
        check_registrable(PublicKey(encoding))
    assert not verify(PublicKey(encoding), SIGNATURE, MESSAGE)
    assert not verify(KEY.public_key, Signature(encoding + SIGNATURE[32:]), MESSAGE)


def test_a_non_canonical_key_is_called_so() -> None:
    with pytest.raises(InvalidKey, match="not the canonical encoding"):
        check_registrable(PublicKey(NON_CANONICAL))


def test_a_key_with_torsion_verifies_by_chance_but_never_registers() -> None:
    """Its holder finds k = 0 mod 8, so the cofactorless equation holds: why rule 5 exists."""
    outcomes = set()
    for number in range(64):
        message = b"try %d" % number
        public, signature = sign_with_torsion(True, False, message)
        outcomes.add(verify(PublicKey(public), Signature(signature), message))
        with pytest.raises(InvalidKey, match="prime-order subgroup"):
            check_registrable(PublicKey(public))
    assert outcomes == {True, False}


def test_a_commitment_with_torsion_under_an_honest_key_is_refused() -> None:
    """A library that multiplies by the cofactor would accept it."""
    public, signature = sign_with_torsion(False, True, MESSAGE)
    check_registrable(PublicKey(public))
    assert not verify(PublicKey(public), Signature(signature), MESSAGE)
    public, signature = sign_with_torsion(False, False, MESSAGE)
    assert verify(PublicKey(public), Signature(signature), MESSAGE)


def test_an_encoding_of_no_point_does_not_register() -> None:
    nowhere = next(
        encoding
        for y in range(2, 50)
        for encoding in [y.to_bytes(32, "little")]
        if reference.decompress(encoding) is None
    )
    with pytest.raises(InvalidKey, match="prime-order subgroup"):
        check_registrable(PublicKey(nowhere))
    assert not verify(PublicKey(nowhere), SIGNATURE, MESSAGE)


@given(key=st.binary(min_size=32, max_size=32), signature=st.binary(min_size=64, max_size=64))
@settings(max_examples=100, deadline=None)
def test_wrong_keys_and_signatures_are_false_and_never_an_error(
    key: bytes, signature: bytes
) -> None:
    assert verify(PublicKey(key), Signature(signature), MESSAGE) is False


@given(position=st.integers(0, 511), seed=st.binary(min_size=32, max_size=32))
@settings(max_examples=60, deadline=None)
def test_one_flipped_bit_of_signature_key_or_message_is_refused(position: int, seed: bytes) -> None:
    key = SigningKey.from_seed(seed)
    signature = key.sign(MESSAGE)
    check_registrable(key.public_key)
    assert verify(key.public_key, signature, MESSAGE)
    assert not verify(key.public_key, Signature(flipped(signature, position)), MESSAGE)
    assert not verify(PublicKey(flipped(key.public_key, position % 256)), signature, MESSAGE)
    assert not verify(key.public_key, signature, flipped(MESSAGE, position % (8 * len(MESSAGE))))


def flipped(data: bytes, bit: int) -> bytes:
    changed = bytearray(data)
    changed[bit // 8] ^= 1 << bit % 8
    return bytes(changed)


@pytest.mark.parametrize("rule", [1, 2, 3])
def test_rules_1_to_3_hold_even_with_a_library_that_accepts_everything(
    rule: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(strict, "crypto_sign_open", lambda signed, key: signed)
    assert verify(KEY.public_key, Signature(SIGNATURE[:32] + bytes(32)), MESSAGE)
    wrong = {1: [NON_CANONICAL], 2: sorted(strict.LOW_ORDER), 3: []}[rule]
    for encoding in wrong:
        assert not verify(PublicKey(encoding), SIGNATURE, MESSAGE)
        assert not verify(KEY.public_key, Signature(encoding + SIGNATURE[32:]), MESSAGE)
    for response in {3: [reference.L, reference.L + 1, 2**256 - 1]}.get(rule, []):
        signature = SIGNATURE[:32] + response.to_bytes(32, "little")
        assert not verify(KEY.public_key, Signature(signature), MESSAGE)
