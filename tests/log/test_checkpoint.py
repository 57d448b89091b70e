from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pausenet.errors import InvalidSignature, MalformedCheckpoint, Misuse
from pausenet.log.checkpoint import (
    SIGNATURES_MAX,
    Checkpoint,
    Note,
    SignatureLine,
    sign_checkpoint,
    strip,
)
from pausenet.log.merkle import EMPTY_ROOT
from pausenet.log.opened import open_note
from pausenet.log.vkey import KeyHash, KeyName, KeyType, VerifierKey
from pausenet.values import Digest, Origin, TreeSize
from tests.log.notes import (
    COSIGNER_KEYS,
    LOG,
    LOG_KEY,
    ORIGIN,
    cosigned,
    head_of,
    note_of,
    tree_of,
)

HEAD = head_of(tree_of(7))
NOTE = note_of(HEAD, 0, 1)
DATA = NOTE.encode()
GO_KEYS = (
    "PeterNeumann+c74f20a3+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW",
    "sum.golang.org+033de0ae+Ac4zctda0e5eza+HJyk9SxEdh+s3Ux18htTTAD8OuAn8",
)
SPEC_NOTE = """example.com/behind-the-sofa
20852163
CsUYapGGPo4dkMgIAUqom/Xajj7h2fB2MPA3j2jxq2I=

\N{EM DASH} example.com/behind-the-sofa \
Az3grlgtzPICa5OS8npVmf1Myq/5IZniMp+ZJurmRDeOoRDe4URYN7u5/Zhcyv2q1gGzGku9nTo+zyWE+xeMcTOAYQ8=
"""


def log_line(**changes) -> SignatureLine:
    line = NOTE.signatures[0]
    parts = {"name": line.name, "key_hash": line.key_hash, "blob": line.blob}
    return SignatureLine(**(parts | changes))


def test_a_checkpoint_has_three_lines_and_no_more():
    assert HEAD.body().decode().split("\n")[:2] == [ORIGIN, "7"]
    assert HEAD.body().count(b"\n") == 3
    assert Checkpoint.decode(HEAD.body()) == HEAD


def test_a_note_round_trips():
    assert Note.decode(DATA) == NOTE
    assert Note.decode(DATA).encode() == DATA


def test_the_example_of_the_public_specification_decodes():
    note = Note.decode(SPEC_NOTE.encode())
    assert note.body.size == 20852163
    assert note.signatures[0].key_hash.hex() == "033de0ae"
    assert note.encode() == SPEC_NOTE.encode()


def test_an_origin_of_this_network_is_a_fit_name():
    origin = Origin("pausenet.0123456789abcdef0123456789abcdef/lab/aurora")
    head = Checkpoint(origin=origin, size=TreeSize(0), root=EMPTY_ROOT)
    assert Checkpoint.decode(head.body()).origin == origin


def test_a_log_signs_the_body_under_its_origin():
    opened = open_note(DATA, LOG_KEY)
    assert opened.checkpoint == HEAD
    assert opened.cosignatures == ()
    assert [line.name for line in opened.note.signatures] == [ORIGIN]


def edited(old: bytes, new: bytes) -> bytes:
    assert DATA.count(old) >= 1
    return DATA.replace(old, new, 1)


ROOT = HEAD.body().split(b"\n")[2]
MUTATIONS = {
    "crlf": DATA.replace(b"\n", b"\r\n"),
    "tail-newline": DATA + b"\n",
    "head-newline": b"\n" + DATA,
    "no-last-newline": DATA[:-1],
    "two-empty-lines": edited(b"\n\n", b"\n\n\n"),
    "no-empty-line": edited(b"\n\n", b"\n"),
    "no-signatures": HEAD.body() + b"\n",
    "extension-line": edited(b"=\n\n", b"=\nextension\n\n"),
    "leading-zero": edited(b"\n7\n", b"\n07\n"),
    "plus-sign": edited(b"\n7\n", b"\n+7\n"),
    "space-in-size": edited(b"\n7\n", b"\n 7\n"),
    "underscore-in-size": edited(b"\n7\n", b"\n7_0\n"),
    "arabic-digit": edited(b"\n7\n", "\n\u0667\n".encode()),
    "negative-size": edited(b"\n7\n", b"\n-7\n"),
    "size-above-2^53": edited(b"\n7\n", b"\n9007199254740992\n"),
    "size-of-20-digits": edited(b"\n7\n", b"\n10000000000000000000\n"),
    "size-zero-with-a-root": edited(b"\n7\n", b"\n0\n"),
    "no-size": edited(b"\n7\n", b"\n\n"),
    "root-without-padding": edited(ROOT, ROOT.rstrip(b"=")),
    "root-with-trailing-bits": edited(ROOT, ROOT[:-2] + bytes([ROOT[-2] + 1]) + b"="),
    "root-urlsafe": edited(ROOT, b"-_" + ROOT[2:]),
    "root-of-31-bytes": edited(ROOT, b"A" * 42 + b"=="),
    "root-with-a-space": edited(ROOT, b" " + ROOT),
    "hyphen-for-dash": edited("\N{EM DASH}".encode(), b"-"),
    "two-spaces": edited("\N{EM DASH} ".encode(), "\N{EM DASH}  ".encode()),
    "short-blob": edited(DATA.split(b" ")[2].split(b"\n")[0], b"AAAAAA=="[:8]),
    "tab": edited(b"example.org", b"exa\tmple.org"),
    "not-utf8": edited(b"example.org", b"example\xff.org"),
    "line-separator-in-name": edited(b"example.org/log\n", "a\u2028b\n".encode()),
    "plus-in-origin": edited(b"example.org/log\n", b"example+org\n"),
    "empty-origin": edited(b"example.org/log\n", b"\n"),
    "origin-like-an-envelope": edited(b"example.org/log\n", b"DSSEv1 4 text\n"),
    "origin-like-a-cosignature": edited(b"example.org/log\n", b"cosignature/v1\n"),
    "empty": b"",
}


@pytest.mark.parametrize("data", MUTATIONS.values(), ids=MUTATIONS)
def test_a_mutated_note_is_malformed(data):
    with pytest.raises(MalformedCheckpoint):
        Note.decode(data)


@given(st.integers(0, len(DATA) - 1), st.binary(max_size=3), st.integers(0, 3))
def test_hostile_bytes_are_a_note_in_its_one_spelling_or_malformed(place, new, cut):
    data = DATA[:place] + new + DATA[place + cut :]
    try:
        note = Note.decode(data)
    except MalformedCheckpoint:
        return
    assert note.encode() == data


def test_too_many_lines_and_too_many_bytes_are_malformed():
    line = NOTE.signatures[1].encode().encode()
    start = HEAD.body() + b"\n"
    assert len(Note.decode(start + line * SIGNATURES_MAX).signatures) == SIGNATURES_MAX
    with pytest.raises(MalformedCheckpoint, match="at most 64"):
        Note.decode(start + line * (SIGNATURES_MAX + 1))
    with pytest.raises(MalformedCheckpoint, match="bytes of note"):
        Note.decode(start + b"A" * 200_000)
    with pytest.raises(MalformedCheckpoint, match="bytes of note text"):
        Note.decode(b"A" * 1000 + b"\n7\n" + ROOT + b"\n\n" + line)


def test_unknown_lines_are_ignored_even_broken_and_repeated_ones():
    strangers = (
        log_line(name=KeyName("stranger.example"), blob=b"?"),
        log_line(key_hash=KeyHash(b"none")),
        log_line(key_hash=KeyHash(b"none")),
    )
    note = Note(body=HEAD, signatures=(*strangers, *NOTE.signatures))
    opened = open_note(note.encode(), LOG_KEY, COSIGNER_KEYS[:2])
    assert opened.note == NOTE


def test_a_note_without_the_logs_signature_is_refused():
    note = Note(body=HEAD, signatures=(cosigned(HEAD, 0),))
    with pytest.raises(InvalidSignature, match="no signature"):
        open_note(note.encode(), LOG_KEY, COSIGNER_KEYS[:1])


def test_a_wrong_key_hash_leaves_the_log_without_a_signature():
    note = Note(body=HEAD, signatures=(log_line(key_hash=KeyHash(b"\x00" * 4)),))
    with pytest.raises(InvalidSignature, match="no signature"):
        open_note(note.encode(), LOG_KEY)


def test_a_known_keys_bad_line_refuses_the_note():
    other = head_of(tree_of(8))
    bad_log = Note(body=HEAD, signatures=(sign_checkpoint(other, LOG),))
    bad_cosigner = Note(body=HEAD, signatures=(log_line(), cosigned(other, 0)))
    for note in (bad_log, bad_cosigner):
        with pytest.raises(InvalidSignature):
            open_note(note.encode(), LOG_KEY, COSIGNER_KEYS)


def test_a_known_keys_line_of_another_length_refuses_the_note():
    short_log = Note(body=HEAD, signatures=(log_line(blob=b"short"),))
    cosigner = NOTE.signatures[1]
    short_cosigner = SignatureLine(
        name=cosigner.name, key_hash=cosigner.key_hash, blob=cosigner.blob[:-1]
    )
    for note in (short_log, Note(body=HEAD, signatures=(log_line(), short_cosigner))):
        with pytest.raises(MalformedCheckpoint, match=r"expected (64|72) bytes"):
            open_note(note.encode(), LOG_KEY, COSIGNER_KEYS)


@pytest.mark.parametrize("number", [0, 1])
def test_a_known_keys_repeated_line_refuses_the_note(number):
    lines = (*NOTE.signatures, NOTE.signatures[number])
    with pytest.raises(MalformedCheckpoint, match="2 signature lines"):
        open_note(Note(body=HEAD, signatures=lines).encode(), LOG_KEY, COSIGNER_KEYS)


def test_another_logs_checkpoint_is_refused_even_with_a_known_key():
    other = Checkpoint(origin=KeyName("example.org/other"), size=HEAD.size, root=HEAD.root)
    signed = Note(body=other, signatures=(sign_checkpoint(other, LOG), log_line()))
    with pytest.raises(MalformedCheckpoint, match="expected origin"):
        open_note(signed.encode(), LOG_KEY)


def test_keys_that_would_count_twice_are_misuse():
    again = VerifierKey(
        name=KeyName("alias.example"),
        type=KeyType.COSIGNATURE,
        public_key=COSIGNER_KEYS[0].public_key,
    )
    origin = VerifierKey(
        name=ORIGIN, type=KeyType.COSIGNATURE, public_key=COSIGNER_KEYS[0].public_key
    )
    for keys in ((*COSIGNER_KEYS, again), (origin,), (COSIGNER_KEYS[0],) * 2, (LOG_KEY,)):
        with pytest.raises(Misuse):
            open_note(DATA, LOG_KEY, keys)
    with pytest.raises(Misuse):
        open_note(DATA, COSIGNER_KEYS[0])


def test_a_stripped_note_has_one_spelling_whatever_came_in():
    stranger = log_line(name=KeyName("a.stranger"))
    lines = (stranger, NOTE.signatures[2], NOTE.signatures[1], NOTE.signatures[0])
    shuffled = Note(body=HEAD, signatures=lines)
    keys = (LOG_KEY, *COSIGNER_KEYS[:2])
    assert strip(shuffled, keys) == strip(NOTE, keys[::-1]) == NOTE
    assert strip(shuffled, [LOG_KEY]).signatures == (NOTE.signatures[0],)
    with pytest.raises(Misuse):
        strip(NOTE, COSIGNER_KEYS[3:])


def test_a_checkpoint_of_size_zero_has_the_empty_root():
    with pytest.raises(ValueError, match="size 0"):
        Checkpoint(origin=ORIGIN, size=TreeSize(0), root=Digest.of(b"x"))


@pytest.mark.parametrize("text", GO_KEYS)
def test_public_keys_of_other_programs_round_trip(text):
    key = VerifierKey.decode(text)
    assert key.type is KeyType.LOG
    assert key.encode() == text


def test_a_key_hash_depends_on_name_type_and_key():
    changed = (
        VerifierKey(name=ORIGIN, type=KeyType.COSIGNATURE, public_key=LOG.public_key),
        VerifierKey(name=KeyName("other"), type=KeyType.LOG, public_key=LOG.public_key),
        VerifierKey(name=ORIGIN, type=KeyType.LOG, public_key=COSIGNER_KEYS[0].public_key),
    )
    assert len({LOG_KEY.key_hash, *(key.key_hash for key in changed)}) == 4


VKEY = LOG_KEY.encode()
NAME, HASH, BASE64 = VKEY.split("+", 2)
BAD_VKEYS = {
    "wrong-hash": f"{NAME}+00000000+{BASE64}",
    "uppercase-hash": f"{GO_KEYS[1].replace('033de0ae', '033DE0AE')}",
    "short-hash": f"{NAME}+{HASH[1:]}+{BASE64}",
    "no-hash": f"{NAME}+{BASE64}",
    "no-name": f"+{HASH}+{BASE64}",
    "short-key": f"{NAME}+{HASH}+{BASE64[:-4]}",
    "unpadded-tail": f"{VKEY}=",
    "newline": f"{VKEY}\n",
    "space-in-name": f"a b+{HASH}+{BASE64}",
    "surrogate-in-name": f"a\ud800+{HASH}+{BASE64}",
    "unknown-type": f"{NAME}+{HASH}+Ag{BASE64[2:]}",
    "empty-key": f"{NAME}+{HASH}+",
    "long": f"{'a' * 600}+{HASH}+{BASE64}",
    "empty": "",
}


@pytest.mark.parametrize("text", BAD_VKEYS.values(), ids=BAD_VKEYS)
def test_a_mutated_verifier_key_is_malformed(text):
    with pytest.raises(MalformedCheckpoint):
        VerifierKey.decode(text)
