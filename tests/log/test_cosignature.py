from __future__ import annotations

import pytest

from pausenet.errors import InvalidSignature, MalformedCheckpoint, Misuse
from pausenet.log.checkpoint import SignatureLine, sign_checkpoint
from pausenet.log.cosignature import (
    cosignature_message,
    parse_cosignature,
    verify_cosignature,
)
from pausenet.log.opened import open_note, verify_log_line
from pausenet.values import NetworkTime
from tests.log.notes import COSIGNER_KEYS, LOG, LOG_KEY, NAMES, cosigned, head_of, note_of, tree_of

HEAD = head_of(tree_of(5))
LINE = cosigned(HEAD, 0, time=1_679_315_147)


def with_blob(blob: bytes) -> SignatureLine:
    return SignatureLine(name=LINE.name, key_hash=LINE.key_hash, blob=blob)


def test_the_signed_message_is_header_time_and_body():
    message = cosignature_message(HEAD, NetworkTime(1_679_315_147))
    assert message == b"cosignature/v1\ntime 1679315147\n" + HEAD.body()


def test_a_line_is_the_time_and_the_signature():
    assert len(LINE.blob) == 72
    assert LINE.blob[:8] == (1_679_315_147).to_bytes(8, "big")


def test_a_cosignature_verifies_and_gives_its_line_back():
    cosignature = verify_cosignature(HEAD, LINE, COSIGNER_KEYS[0])
    assert cosignature == parse_cosignature(HEAD, LINE)
    assert (cosignature.cosigner, cosignature.time) == (NAMES[0], 1_679_315_147)
    assert cosignature.line(COSIGNER_KEYS[0]) == LINE


def test_opening_lists_the_cosignatures_by_name():
    opened = open_note(note_of(HEAD, 2, 0, 1).encode(), LOG_KEY, COSIGNER_KEYS)
    assert [found.cosigner for found in opened.cosignatures] == list(NAMES[:3])


def test_another_time_is_not_what_was_signed():
    later = with_blob((1_679_315_148).to_bytes(8, "big") + LINE.blob[8:])
    with pytest.raises(InvalidSignature):
        verify_cosignature(HEAD, later, COSIGNER_KEYS[0])


def test_another_checkpoint_is_not_what_was_signed():
    with pytest.raises(InvalidSignature):
        verify_cosignature(head_of(tree_of(6)), LINE, COSIGNER_KEYS[0])


def test_another_cosigners_key_does_not_verify_it():
    with pytest.raises(InvalidSignature, match="expected one by"):
        verify_cosignature(HEAD, LINE, COSIGNER_KEYS[1])


def test_a_time_beyond_the_integers_of_a_statement_is_malformed():
    for time in (2**53, 2**63, 2**64 - 1):
        with pytest.raises(MalformedCheckpoint):
            verify_cosignature(
                HEAD, with_blob(time.to_bytes(8, "big") + LINE.blob[8:]), COSIGNER_KEYS[0]
            )


@pytest.mark.parametrize("blob", [LINE.blob[:-1], LINE.blob + b"\x00", LINE.blob[8:], b"?"])
def test_a_blob_of_another_length_is_malformed(blob):
    with pytest.raises(MalformedCheckpoint, match="expected 72 bytes"):
        verify_cosignature(HEAD, with_blob(blob), COSIGNER_KEYS[0])


def test_a_log_signature_is_no_cosignature_and_the_reverse():
    with pytest.raises(InvalidSignature):
        verify_cosignature(HEAD, sign_checkpoint(HEAD, LOG), COSIGNER_KEYS[0])
    with pytest.raises(InvalidSignature):
        verify_log_line(HEAD, LINE, LOG_KEY)
    with pytest.raises(Misuse):
        verify_cosignature(HEAD, sign_checkpoint(HEAD, LOG), LOG_KEY)
    with pytest.raises(Misuse):
        verify_log_line(HEAD, LINE, COSIGNER_KEYS[0])


def test_writing_a_cosignature_under_anothers_key_is_misuse():
    cosignature = parse_cosignature(HEAD, LINE)
    for key in (COSIGNER_KEYS[1], LOG_KEY):
        with pytest.raises(Misuse):
            cosignature.line(key)
