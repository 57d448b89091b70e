from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pausenet.errors import (
    InvalidProof,
    InvalidSignature,
    MalformedProof,
    Misuse,
)
from pausenet.log.bundle import EXTRA_BYTES_MAX, Receipt, make_receipt, verify_receipt
from pausenet.log.checkpoint import Note
from pausenet.log.merkle import Tree, leaf_hash
from pausenet.values import Seq
from tests.log.notes import (
    COSIGNER_KEYS,
    LOG_KEY,
    NAMES,
    entries_of,
    head_of,
    note_of,
    tree_of,
)

TREE = tree_of(11)
ENTRIES = entries_of(11)
NOTE = note_of(head_of(TREE), 0, 1, 2)
RECEIPT = make_receipt(TREE, Seq(4), NOTE)
DATA = RECEIPT.encode()


def verify(receipt: Receipt, entry: bytes = ENTRIES[4], quorum: int = 3):
    return verify_receipt(receipt, entry, LOG_KEY, COSIGNER_KEYS, quorum)


def changed(**changes) -> Receipt:
    parts = {"index": RECEIPT.index, "proof": RECEIPT.proof, "note": RECEIPT.note}
    return Receipt(**(parts | changes))


@pytest.mark.parametrize("index", range(11))
def test_a_receipt_proves_its_entry_after_a_round_trip(index):
    receipt = Receipt.decode(make_receipt(TREE, Seq(index), NOTE).encode())
    opened = verify(receipt, ENTRIES[index])
    assert [found.cosigner for found in opened.cosignatures] == list(NAMES[:3])


def test_a_receipt_reads_as_the_public_format():
    lines = DATA.decode().split("\n")
    assert lines[:2] == ["c2sp.org/tlog-proof@v1", "index 4"]
    assert lines[2 + len(RECEIPT.proof)] == ""
    assert DATA.endswith(b"\n\n" + NOTE.encode())


@given(st.binary(max_size=50))
def test_extra_data_round_trip_and_prove_nothing(extra):
    receipt = changed(extra=extra)
    assert Receipt.decode(receipt.encode()) == receipt
    assert (b"\nextra " in receipt.encode()) == bool(extra)
    verify(receipt)


def test_a_receipt_does_not_prove_another_entry_or_place():
    with pytest.raises(InvalidProof):
        verify(RECEIPT, ENTRIES[5])
    with pytest.raises(InvalidProof):
        verify(changed(index=Seq(5)))
    with pytest.raises(MalformedProof):
        verify(changed(proof=RECEIPT.proof[:-1]))


def test_a_receipt_below_the_quorum_is_refused():
    verify(RECEIPT, quorum=3)
    with pytest.raises(InvalidSignature, match="expected 4 cosignatures, found 3"):
        verify(RECEIPT, quorum=4)


def test_a_receipt_whose_checkpoint_was_exchanged_is_refused():
    moved = Note(body=head_of(tree_of(12)), signatures=NOTE.signatures)
    with pytest.raises(InvalidSignature):
        verify(changed(note=moved))


def test_a_quorum_that_no_set_of_keys_can_make_is_misuse():
    for quorum in (-1, 5):
        with pytest.raises(Misuse):
            verify(RECEIPT, quorum=quorum)


def test_proving_under_another_trees_checkpoint_is_misuse():
    other = Tree(leaf_hash(b"other %d" % number) for number in range(11))
    with pytest.raises(Misuse, match="not of this tree"):
        make_receipt(other, Seq(4), NOTE)
    with pytest.raises(Misuse):
        make_receipt(tree_of(10), Seq(4), NOTE)


def edited(old: bytes, new: bytes) -> bytes:
    assert old in DATA
    return DATA.replace(old, new, 1)


HASH = DATA.split(b"\n")[2]
MUTATIONS = {
    "other-version": edited(b"@v1", b"@v2"),
    "crlf": DATA.replace(b"\n", b"\r\n"),
    "no-index": edited(b"index 4\n", b""),
    "leading-zero": edited(b"index 4", b"index 04"),
    "index-beyond-the-tree": edited(b"index 4", b"index 11"),
    "negative-index": edited(b"index 4", b"index -4"),
    "huge-index": edited(b"index 4", b"index 9999999999999999999"),
    "empty-extra": edited(b"index 4", b"extra \nindex 4"),
    "extra-not-base64": edited(b"index 4", b"extra ?\nindex 4"),
    "extra-after-index": edited(b"index 4", b"index 4\nextra AAAA"),
    "two-extras": edited(b"index 4", b"extra AAAA\nextra AAAA\nindex 4"),
    "short-hash": edited(HASH, b"AAAA"),
    "hash-with-trailing-bits": edited(HASH, HASH[:-2] + bytes([HASH[-2] + 1]) + b"="),
    "65-hashes": edited(HASH, b"\n".join([HASH] * 65)),
    "no-empty-line": edited(b"\n\n", b"\n"),
    "tail": DATA + b"\n",
    "head": b"\n" + DATA,
    "cut": DATA[:-1],
    "no-note": DATA.split(b"\n\n")[0] + b"\n\n",
    "not-ascii": edited(b"index 4", "index \u0664".encode()),
    "long": DATA + b"A" * 1_000_000,
    "empty": b"",
}


@pytest.mark.parametrize("data", MUTATIONS.values(), ids=MUTATIONS)
def test_a_mutated_receipt_is_malformed(data):
    with pytest.raises(MalformedProof):
        Receipt.decode(data)


@given(st.integers(0, len(DATA) - 1), st.binary(max_size=3), st.integers(0, 3))
def test_hostile_bytes_are_a_receipt_in_its_one_spelling_or_malformed(place, new, cut):
    data = DATA[:place] + new + DATA[place + cut :]
    try:
        receipt = Receipt.decode(data)
    except MalformedProof:
        return
    assert receipt.encode() == data


def test_a_receipt_that_could_not_be_encoded_cannot_be_made():
    for changes in (
        {"index": Seq(11)},
        {"proof": RECEIPT.proof * 30},
        {"extra": bytes(EXTRA_BYTES_MAX + 1)},
    ):
        with pytest.raises(ValueError, match="Receipt"):
            changed(**changes)
