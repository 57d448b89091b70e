"""What is sent to a witness and what it answers: one spelling, and nothing else."""

from __future__ import annotations

import contextlib
import hashlib

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pausenet.errors import InvalidSignature, MalformedCheckpoint
from pausenet.log.addcheckpoint import (
    PROOF_LINES_MAX,
    SUBMISSION_BYTES_MAX,
    Submission,
    decode_lines,
    decode_size,
    encode_lines,
    origin_hash,
)
from pausenet.log.checkpoint import Note, SignatureLine
from pausenet.log.vkey import KeyHash
from pausenet.values import Digest, TreeSize
from tests.log.notes import COSIGNER_KEYS, NAMES, ORIGIN, cosigned, head_of, note_of, tree_of

TREE = tree_of(8)
NOTE = note_of(head_of(TREE))
GOOD = Submission(
    old=TreeSize(5), proof=TREE.consistency(TreeSize(5), TreeSize(8)), note=NOTE
).encode()
LINE = GOOD.split(b"\n")[1]


def test_a_submission_reads_as_the_specification_writes_it() -> None:
    lines = GOOD.decode().split("\n")
    assert lines[0] == "old 5"
    assert lines[lines.index("") + 1] == ORIGIN
    assert Submission.decode(GOOD).encode() == GOOD


MUTATIONS = {
    "empty": b"",
    "no-empty-line": GOOD.replace(b"\n\n", b"\n", 1),
    "no-old": GOOD.replace(b"old 5\n", b"", 1),
    "old-with-zero": GOOD.replace(b"old 5", b"old 05"),
    "old-with-sign": GOOD.replace(b"old 5", b"old +5"),
    "old-two-spaces": GOOD.replace(b"old 5", b"old  5"),
    "old-upper-case": GOOD.replace(b"old 5", b"Old 5"),
    "old-over-2-53": GOOD.replace(b"old 5", b"old 9007199254740993"),
    "old-of-thirty-digits": GOOD.replace(b"old 5", b"old " + b"9" * 30),
    "carriage-returns": GOOD.replace(b"\n", b"\r\n"),
    "hash-of-31-bytes": GOOD.replace(LINE, LINE[:40] + b"AA=="),
    "hash-without-padding": GOOD.replace(LINE, LINE.rstrip(b"=")),
    "hash-with-a-space": GOOD.replace(LINE, LINE + b" "),
    "64-hashes": GOOD.replace(LINE, b"\n".join([LINE] * (PROOF_LINES_MAX + 1))),
    "not-ascii": GOOD.replace(b"old 5", "old \N{ARABIC-INDIC DIGIT FIVE}".encode()),
    "no-checkpoint": GOOD.partition(b"\n\n")[0] + b"\n\n",
    "a-tail": GOOD + b"x",
    "without-its-end": GOOD[:-1],
    "too-long": GOOD + b"\n" * SUBMISSION_BYTES_MAX,
}


@pytest.mark.parametrize("name", MUTATIONS)
def test_any_other_spelling_is_refused(name: str) -> None:
    with pytest.raises(MalformedCheckpoint):
        Submission.decode(MUTATIONS[name])


@settings(max_examples=100, deadline=None)
@given(st.integers(0, len(GOOD) - 1), st.integers(1, 255), st.booleans())
def test_hostile_bytes_give_the_one_error_or_a_submission(
    place: int, change: int, cut: bool
) -> None:
    data = GOOD[:place] if cut else GOOD[:place] + bytes([GOOD[place] ^ change]) + GOOD[place + 1 :]
    with contextlib.suppress(MalformedCheckpoint):
        assert Submission.decode(data).encode() == data


def test_a_log_is_named_by_the_hash_of_its_origin() -> None:
    assert origin_hash(ORIGIN) == hashlib.sha256(b"example.org/log").hexdigest()


@pytest.mark.parametrize(
    "body", [b"", b"8", b"8\n\n", b" 8\n", b"08\n", b"-1\n", b"x\n", b"8\n9\n"]
)
def test_a_size_is_one_plain_line(body: bytes) -> None:
    with pytest.raises(MalformedCheckpoint):
        decode_size(body)


def test_of_an_answer_the_line_of_the_known_witness_is_taken() -> None:
    head = head_of(TREE)
    body = encode_lines((cosigned(head, 1), cosigned(head, 0)))
    assert decode_lines(body, head, COSIGNER_KEYS[0]).cosigner == NAMES[0]


def test_an_answer_without_twice_or_falsely_signed_by_the_witness_is_refused() -> None:
    head, key = head_of(TREE), COSIGNER_KEYS[0]
    own = cosigned(head, 0)
    false = SignatureLine(name=own.name, key_hash=own.key_hash, blob=cosigned(head, 1).blob)
    for lines in ((), (cosigned(head, 1),), (own, own)):
        with pytest.raises(MalformedCheckpoint):
            decode_lines(encode_lines(lines), head, key)
    for bad in (encode_lines((false,)), encode_lines((cosigned(head_of(tree_of(7)), 0),))):
        with pytest.raises(InvalidSignature):
            decode_lines(bad, head, key)
    with pytest.raises(MalformedCheckpoint):
        decode_lines(encode_lines((own,))[:-1], head, key)


def test_a_note_with_only_unknown_signatures_is_still_a_submission() -> None:
    line = SignatureLine(name=NAMES[0], key_hash=KeyHash(b"abcd"), blob=b"x")
    note = Note(body=head_of(TREE), signatures=(line,))
    body = Submission(old=TreeSize(0), proof=(Digest.of(),), note=note).encode()
    assert Submission.decode(body).note == note
