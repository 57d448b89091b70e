"""COSE receipts: checked by hand with other libraries, and every change refused."""

from __future__ import annotations

import hashlib
from dataclasses import replace

import cbor2
import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

from pausenet.crypto.keys import SigningKey
from pausenet.errors import InvalidSignature, MalformedProof, Misuse
from pausenet.log.bundle import make_receipt
from pausenet.log.cbor import Tagged, encode
from pausenet.log.cose import COSE_BYTES_MAX, CoseReceipt, restate, verify_cose
from pausenet.log.merkle import leaf_hash
from pausenet.log.vkey import KeyName
from pausenet.values import Digest, Seq, TreeSize
from tests.log.notes import ORIGIN, entries_of, head_of, note_of, tree_of

ISSUER = SigningKey.from_seed(b"\x21" * 32)
NAME = KeyName("notary.example")
SIZES = (2, 3, 7, 8, 300)


def receipt(size: int = 8, index: int = 3) -> CoseReceipt:
    tree = tree_of(size)
    return restate(make_receipt(tree, Seq(index), note_of(head_of(tree), 0, 1)), NAME, ISSUER)


def root_by_hand(entry: bytes, size: int, index: int, path: list[bytes]) -> bytes:
    """RFC 9162 2.1.3.2, written anew: from the leaf up, by the position in a shrinking tree."""
    found, place, last = hashlib.sha256(b"\x00" + entry).digest(), index, size - 1
    for sibling in path:
        if place % 2 == 1 or place == last:
            found = hashlib.sha256(b"\x01" + sibling + found).digest()
            while place % 2 == 0 and place != 0:
                place, last = place // 2, last // 2
        else:
            found = hashlib.sha256(b"\x01" + found + sibling).digest()
        place, last = place // 2, last // 2
    assert last == 0
    return found


@pytest.mark.parametrize("size", SIZES)
def test_a_stranger_with_other_libraries_accepts_it(size: int) -> None:
    """RFC 9052 4.4 and RFC 9942 by hand: cbor2 reads, hashlib hashes, cryptography verifies."""
    for index in {0, size // 2, size - 1}:
        message = cbor2.loads(receipt(size, index).encode())
        assert message.tag == 18
        protected, unprotected, payload, signature = message.value
        header = cbor2.loads(protected)
        assert (header[1], header[395], payload) == (-8, 1, None)
        assert header[15] == {1: NAME, 2: ORIGIN, "size": size, "index": index}
        assert header[4] == hashlib.sha256(ISSUER.public_key).digest()
        (proof,) = unprotected[396][-1]
        tree_size, leaf_index, path = cbor2.loads(proof)
        assert (tree_size, leaf_index) == (size, index)
        root = root_by_hand(entries_of(size)[index], tree_size, leaf_index, path)
        signed = cbor2.dumps(["Signature1", protected, b"", root])
        Ed25519PublicKey.from_public_bytes(ISSUER.public_key).verify(signature, signed)


@pytest.mark.parametrize("size", SIZES)
def test_it_is_read_back_and_verified(size: int) -> None:
    found = CoseReceipt.decode(receipt(size, size - 1).encode())
    leaf = leaf_hash(entries_of(size)[size - 1])
    assert verify_cose(found, leaf, ISSUER.public_key) == tree_of(size).root(TreeSize(size))


def test_another_entry_issuer_place_size_origin_or_path_does_not_verify() -> None:
    good, leaf = receipt(), leaf_hash(entries_of(8)[3])
    with pytest.raises(InvalidSignature):
        verify_cose(good, leaf_hash(b"another"), ISSUER.public_key)
    with pytest.raises(InvalidSignature):
        verify_cose(good, leaf, SigningKey.from_seed(b"\x22" * 32).public_key)
    for changed in (
        replace(good, index=Seq(2)),
        replace(good, size=TreeSize(7)),
        replace(good, size=TreeSize(9)),
        replace(good, origin=KeyName("example.org/else")),
        replace(good, issuer=KeyName("somebody.example")),
        replace(good, proof=(Digest.of(b"x"), *good.proof[1:])),
        replace(good, proof=good.proof[:-1]),
        replace(good, proof=(*good.proof, Digest.of(b"x"))),
    ):
        with pytest.raises((InvalidSignature, MalformedProof)):
            verify_cose(changed, leaf, ISSUER.public_key)


def test_every_flipped_bit_of_it_is_refused() -> None:
    data, leaf = receipt().encode(), leaf_hash(entries_of(8)[3])
    for place in range(len(data)):
        changed = data[:place] + bytes([data[place] ^ 1]) + data[place + 1 :]
        with pytest.raises((MalformedProof, InvalidSignature)):
            verify_cose(CoseReceipt.decode(changed), leaf, ISSUER.public_key)


def test_other_shapes_are_refused() -> None:
    good = receipt()
    protected, header = good.protected, {396: {-1: (b"",)}}
    signature = bytes(good.signature)
    for bad in (
        encode((protected, header, None, signature)),
        encode(Tagged(98, (protected, header, None, signature))),
        encode(Tagged(18, (protected, header, b"payload", signature))),
        encode(Tagged(18, (protected, {}, None, signature))),
        encode(Tagged(18, (encode({1: -8}), header, None, signature))),
        encode(Tagged(18, (protected, header, None, signature[:-1]))),
        encode(Tagged(18, (protected, {396: {-1: (encode((8, 9, ())),)}}, None, signature))),
        good.encode()[:-1],
        good.encode() + b"\x00",
        bytes(COSE_BYTES_MAX + 1),
    ):
        with pytest.raises(MalformedProof):
            CoseReceipt.decode(bad)


def test_the_only_entry_of_a_log_has_no_cose_receipt() -> None:
    with pytest.raises(Misuse):
        receipt(1, 0)
