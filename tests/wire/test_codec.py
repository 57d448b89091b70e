"""The codec takes back what it wrote, and refuses every other spelling."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pausenet.errors import MalformedMessage, Misuse
from pausenet.protocol.messages import (
    BATCH_BYTES_MAX,
    BUNDLE_BYTES_MAX,
    ENTRIES_MAX,
    NOTE_BYTES_MAX,
    NOTES_MAX,
    Cosigned,
    Entries,
    Evidence,
    Fetch,
    Heads,
    Hello,
    Message,
    Publish,
    Refusal,
    Refused,
    Stored,
)
from pausenet.values import INTEGER_MAX, REGISTER_ORIGIN, Origin, Seq, TreeSize
from pausenet.wire.codec import ENTRY_BYTES_MAX, MESSAGE_BYTES_MAX, decode, encode
from pausenet.wire.v1 import messages_pb2 as pb

ORIGIN = Origin("pausenet.0123456789abcdef0123456789abcdef/lab/aurora")

origins = st.sampled_from((ORIGIN, REGISTER_ORIGIN, ORIGIN.storing))
seqs = st.integers(0, INTEGER_MAX).map(Seq)
sizes = st.integers(0, INTEGER_MAX).map(TreeSize)
notes = st.binary(max_size=300)
entries = st.lists(st.binary(max_size=60), max_size=6).map(tuple)
messages: st.SearchStrategy[Message] = st.one_of(
    st.builds(Hello, origin=origins),
    st.builds(Stored, origin=origins, size=sizes, note=notes),
    st.builds(Publish, origin=origins, start=seqs, entries=entries, note=notes),
    st.builds(Cosigned, origin=origins, note=notes),
    st.builds(Refused, origin=origins, reason=st.sampled_from(Refusal)),
    st.builds(Heads, notes=entries),
    st.builds(Fetch, origin=origins, start=seqs, end=sizes),
    st.builds(Entries, origin=origins, start=seqs, entries=entries, note=notes),
    st.builds(Evidence, bundle=notes),
)
PUBLISH = Publish(origin=ORIGIN, start=Seq(5), entries=(b"a", b"b"), note=b"n")


@given(messages)
def test_every_message_comes_back_as_it_was(message: Message) -> None:
    assert decode(encode(message)) == message


@given(messages, st.binary(min_size=1, max_size=8))
def test_a_tail_is_refused(message: Message, tail: bytes) -> None:
    with pytest.raises(MalformedMessage):
        decode(encode(message) + tail)


@settings(max_examples=30)
@given(messages)
def test_every_cut_of_a_message_is_refused(message: Message) -> None:
    data = encode(message)
    for length in range(len(data)):
        with pytest.raises(MalformedMessage):
            decode(data[:length])


@given(st.binary(max_size=300))
def test_random_bytes_are_a_message_in_its_one_spelling_or_malformed(data: bytes) -> None:
    try:
        message = decode(data)
    except MalformedMessage:
        return
    assert encode(message) == data


@given(messages, st.data())
def test_a_flipped_bit_gives_another_message_or_malformed(
    message: Message, draw: st.DataObject
) -> None:
    data = bytearray(encode(message))
    data[draw.draw(st.integers(0, len(data) - 1))] ^= 1 << draw.draw(st.integers(0, 7))
    try:
        found = decode(bytes(data))
    except MalformedMessage:
        return
    assert found != message


def wrap(field: int, body: bytes) -> bytes:
    """An envelope with one embedded message of less than 128 bytes."""
    return bytes([field << 3 | 2, len(body)]) + body


def text(field: int, value: bytes) -> bytes:
    return bytes([field << 3 | 2, len(value)]) + value


NAME = text(1, ORIGIN.encode())
FREEDOMS = {
    "nothing": b"",
    "unknown field outside": encode(PUBLISH) + b"\x78\x01",
    "unknown field inside": wrap(1, NAME + b"\x78\x01"),
    "fields out of order": wrap(7, b"\x10\x01" + NAME + b"\x18\x02"),
    "scalar twice": wrap(7, NAME + b"\x10\x01\x10\x01\x18\x02"),
    "text twice": wrap(1, NAME + NAME),
    "message in two parts": wrap(7, NAME) + wrap(7, b"\x18\x02"),
    "two messages": encode(Hello(origin=ORIGIN)) + encode(PUBLISH),
    "over-long varint": wrap(7, NAME + b"\x10\x81\x00\x18\x02"),
    "over-long length": b"\x0a" + bytes([len(NAME) | 0x80, 0]) + NAME,
    "over-long tag": b"\x8a\x00" + bytes([len(NAME)]) + NAME,
    "default written out": wrap(7, NAME + b"\x10\x00\x18\x02"),
    "wrong wire type": wrap(7, NAME + b"\x11" + bytes(8) + b"\x18\x02"),
    "packed where it is not": wrap(7, NAME + b"\x12\x01\x01\x18\x02"),
    "a group": b"\x0b\x0c",
    "nested groups": b"\x0b" * 200 + b"\x0c" * 200,
    "invalid UTF-8": wrap(1, text(1, b"\xff\xfe")),
    "no origin": wrap(1, b""),
    "no such origin": wrap(1, text(1, b"../../etc/passwd")),
    "a NUL": wrap(1, text(1, ORIGIN.encode() + b"\0")),
    "reason unspecified": wrap(5, NAME),
    "reason unknown": wrap(5, NAME + b"\x10\x63"),
    "reason negative": wrap(5, NAME + b"\x10" + b"\xff" * 9 + b"\x01"),
    "seq above 2^53 - 1": pb.Envelope(
        fetch=pb.Fetch(origin=ORIGIN, start=INTEGER_MAX + 1, end=1)
    ).SerializeToString(),
    "size 2^64 - 1": pb.Envelope(
        stored=pb.Stored(origin=ORIGIN, size=2**64 - 1, note=b"n")
    ).SerializeToString(),
}


@pytest.mark.parametrize("case", FREEDOMS)
def test_the_freedoms_of_protobuf_are_refused(case: str) -> None:
    with pytest.raises(MalformedMessage):
        decode(FREEDOMS[case])


def test_the_hand_made_spellings_are_right_but_for_their_one_mistake() -> None:
    assert decode(wrap(1, NAME)) == Hello(origin=ORIGIN)
    found = decode(wrap(7, NAME + b"\x10\x01\x18\x02"))
    assert found == Fetch(origin=ORIGIN, start=Seq(1), end=TreeSize(2))


def publish(**changes: object) -> pb.Envelope:
    fields: dict[str, object] = {"origin": ORIGIN, "entries": [], "note": b"n", **changes}
    return pb.Envelope(publish=pb.Publish(**fields))


OVER = {
    "one entry too many": publish(entries=[b"e"] * (ENTRIES_MAX + 1)),
    "an entry too long": publish(entries=[bytes(ENTRY_BYTES_MAX + 1)]),
    "a batch too big": publish(entries=[bytes(65_000)] * 33),
    "a note too long": publish(note=bytes(NOTE_BYTES_MAX + 1)),
    "one head too many": pb.Envelope(heads=pb.Heads(notes=[b"n"] * (NOTES_MAX + 1))),
    "a head too long": pb.Envelope(heads=pb.Heads(notes=[bytes(NOTE_BYTES_MAX + 1)])),
    "a bundle too big": pb.Envelope(evidence=pb.Evidence(bundle=bytes(BUNDLE_BYTES_MAX + 1))),
    "a message too big": pb.Envelope(heads=pb.Heads(notes=[bytes(NOTE_BYTES_MAX)] * 300)),
}


@pytest.mark.parametrize("case", OVER)
def test_a_message_over_the_bounds_is_refused(case: str) -> None:
    with pytest.raises(MalformedMessage, match="at most"):
        decode(OVER[case].SerializeToString(deterministic=True))


def test_a_message_at_the_bounds_is_taken() -> None:
    full = (bytes(ENTRY_BYTES_MAX),) * (BATCH_BYTES_MAX // ENTRY_BYTES_MAX)
    for message in (
        Publish(origin=ORIGIN, start=Seq(0), entries=full, note=bytes(NOTE_BYTES_MAX)),
        Entries(origin=ORIGIN, start=Seq(0), entries=(b"",) * ENTRIES_MAX, note=b""),
        Heads(notes=(b"n",) * NOTES_MAX),
        Evidence(bundle=bytes(BUNDLE_BYTES_MAX)),
    ):
        assert len(encode(message)) <= MESSAGE_BYTES_MAX
        assert decode(encode(message)) == message


def test_writing_a_message_over_the_bounds_is_misuse() -> None:
    with pytest.raises(Misuse):
        encode(Heads(notes=(bytes(NOTE_BYTES_MAX + 1),)))
    with pytest.raises(Misuse):
        encode(Heads(notes=(bytes(NOTE_BYTES_MAX),) * 300))
