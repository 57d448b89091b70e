"""Signing keys and salted digests."""

from __future__ import annotations

import copy
import dataclasses
import hashlib
import pickle

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from hypothesis import given, settings
from hypothesis import strategies as st

from pausenet.crypto import SigningKey, salted_digest, verify
from pausenet.errors import InvalidKey
from pausenet.values import PublicKey, Salt

SEED = bytes(range(32))


def test_rfc_8032_test_2_gives_its_key_and_its_signature() -> None:
    key = SigningKey.from_seed(
        bytes.fromhex("4ccd089b28ff96da9db6c346ec114e0f5b8a319f35aba624da8cf6ed4fb8a6fb")
    )
    assert key.public_key.hex() == (
        "3d4017c3e843895a92b70aa74d1b7ebc9c982ccf2ec4968cc0cd55f12af4660c"
    )
    assert key.sign(b"\x72").hex() == (
        "92a009a9f0d4cab8720e820b5f642540a2b27b5416503f8fb3762223ebdb69da"
        "085ac1e43e15996e458f3613d0f11d8c387b2eaeb4302aeeb00d291612bb0c00"
    )


@given(seed=st.binary(min_size=32, max_size=32), message=st.binary(max_size=200))
@settings(max_examples=50, deadline=None)
def test_openssl_makes_the_same_key_and_the_same_signature(seed: bytes, message: bytes) -> None:
    key, other = SigningKey.from_seed(seed), Ed25519PrivateKey.from_private_bytes(seed)
    assert key.public_key == other.public_key().public_bytes_raw()
    assert key.sign(message) == other.sign(message)
    assert verify(key.public_key, key.sign(message), message)


@pytest.mark.parametrize("length", [0, 31, 33, 64])
def test_a_seed_of_another_length_is_refused(length: int) -> None:
    with pytest.raises(InvalidKey, match=f"expected 32 bytes, found {length}"):
        SigningKey.from_seed(bytes(length))


def test_no_text_of_a_key_shows_its_secret() -> None:
    key = SigningKey.from_seed(SEED)
    for text in (repr(key), str(key), f"{key}", repr([key])):
        assert SEED.hex() not in text
        assert repr(SEED)[2:20] not in text
        assert key.key_id in text


def test_a_key_is_neither_pickled_nor_copied() -> None:
    key = SigningKey.from_seed(SEED)
    with pytest.raises(TypeError, match="not pickled"):
        pickle.dumps(key)
    with pytest.raises(TypeError, match="not pickled"):
        copy.copy(key)


def test_a_key_cannot_be_changed_or_given_another_public_key() -> None:
    key = SigningKey.from_seed(SEED)
    with pytest.raises(dataclasses.FrozenInstanceError):
        key.public_key = PublicKey(bytes(32))
    with pytest.raises(TypeError):
        SigningKey(public_key=PublicKey(bytes(32)))


def test_keys_are_equal_exactly_when_their_public_keys_are() -> None:
    assert SigningKey.from_seed(SEED) == SigningKey.from_seed(SEED)
    assert len({SigningKey.from_seed(SEED), SigningKey.from_seed(SEED)}) == 1
    assert SigningKey.from_seed(SEED) != SigningKey.from_seed(bytes(32))


def test_the_key_id_is_the_digest_of_the_raw_public_key() -> None:
    key = SigningKey.from_seed(SEED)
    assert key.key_id == hashlib.sha256(bytes(key.public_key)).hexdigest()


def test_a_salted_digest_binds_prefix_salt_and_value() -> None:
    salt = Salt(SEED)
    expected = hashlib.sha256(b"pausenet/salted/v1\n" + SEED + b"value").digest()
    assert salted_digest(salt, b"value") == expected
    assert salted_digest(salt, b"value ") != expected
    assert salted_digest(Salt(bytes(32)), b"value") != expected
    assert salted_digest(salt, b"value") != hashlib.sha256(SEED + b"value").digest()
