"""Canonical JSON: agreement with RFC 8785 and the refusal of all else (protocol.md 2.4)."""

from __future__ import annotations

import json
import tracemalloc
import unicodedata
from typing import Any

import pytest
import rfc8785
from hypothesis import given, settings
from hypothesis import strategies as st

from pausenet.errors import MalformedInput, Misuse
from pausenet.statements.canonical import DEPTH_MAX, Json, decode, encode
from pausenet.values import INTEGER_MAX, Digest, ParticipantId, Pflop, Role

LETTERS = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz_-"
names = st.text(alphabet=LETTERS, min_size=1, max_size=64) | st.just("sha256")
texts = st.text(max_size=20).map(lambda text: unicodedata.normalize("NFC", text))
integers = st.integers(-INTEGER_MAX, INTEGER_MAX)
values: st.SearchStrategy[Json] = st.recursive(
    texts | integers | st.booleans(),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(names, inner, max_size=4),
    max_leaves=12,
)


def nested(levels: int) -> bytes:
    return b"[" * levels + b"]" * levels


def refused(data: bytes) -> str:
    with pytest.raises(MalformedInput) as caught:
        decode(data, maximum_bytes=100_000)
    return str(caught.value)


@given(value=values)
@settings(max_examples=150, deadline=None)
def test_the_spelling_is_that_of_an_independent_rfc_8785_library(value: Any) -> None:
    assert encode(value) == rfc8785.dumps(value)


@given(value=values)
@settings(max_examples=100, deadline=None)
def test_what_was_encoded_decodes_to_itself(value: Json) -> None:
    decoded = decode(encode(value), maximum_bytes=100_000)
    assert decoded == value
    assert encode(decoded) == encode(value)


@given(value=values, indent=st.sampled_from([None, 0, 1]), ascii_only=st.booleans())
@settings(max_examples=100, deadline=None)
def test_another_spelling_of_a_value_is_refused(
    value: Json, indent: int | None, ascii_only: bool
) -> None:
    data = json.dumps(value, indent=indent, ensure_ascii=ascii_only).encode()
    if data == encode(value):
        assert decode(data, maximum_bytes=100_000) == value
    else:
        refused(data)


@given(data=st.binary(max_size=60))
@settings(max_examples=150, deadline=None)
def test_arbitrary_bytes_are_canonical_or_malformed_and_nothing_else(data: bytes) -> None:
    try:
        value: Any = decode(data, maximum_bytes=100)
    except MalformedInput:
        return
    assert rfc8785.dumps(value) == data


@given(value=st.dictionaries(names, values, min_size=1, max_size=4), tail=st.binary(min_size=1))
@settings(max_examples=60, deadline=None)
def test_every_cut_and_every_tail_of_an_object_is_refused(value: Json, tail: bytes) -> None:
    data = encode(value)
    for end in range(len(data)):
        refused(data[:end])
    refused(data + tail)


REFUSED = {
    "empty": b"",
    "null": b"null",
    "null-inside": b'{"a":null}',
    "float": b"[1.5]",
    "whole-float": b"[1.0]",
    "exponent": b"[1e3]",
    "exponent-beyond-floats": b"[1e400]",
    "minus-zero": b"[-0]",
    "plus-sign": b"[+1]",
    "leading-zero": b"[01]",
    "underscore": b"[1_0]",
    "nan": b"[NaN]",
    "infinity": b"[Infinity]",
    "above-2^53-1": b"[9007199254740992]",
    "below-minus-2^53+1": b"[-9007199254740992]",
    "above-64-bits": b"[18446744073709551616]",
    "thousands-of-digits": b"1" * 5_000,
    "duplicate-name": b'{"a":1,"a":1}',
    "duplicate-name-escaped": b'{"a":1,"\\u0061":2}',
    "unsorted-names": b'{"b":1,"a":1}',
    "lowercase-before-uppercase": b'{"a":1,"B":1}',
    "empty-name": b'{"":1}',
    "name-with-digit": b'{"a1":1}',
    "name-with-space": b'{"a b":1}',
    "name-with-newline": b'{"a\\n":1}',
    "name-not-ascii": '{"é":1}'.encode(),
    "name-of-65-letters": b'{"' + b"a" * 65 + b'":1}',
    "other-digest-name": b'{"sha512":1}',
    "name-beside-sha256": b'{"sha256x":1}',
    "byte-order-mark": b"\xef\xbb\xbf{}",
    "utf-16": "{}".encode("utf-16"),
    "invalid-utf-8": b'"\xff"',
    "overlong-utf-8": b'"\xc0\xaf"',
    "raw-surrogate": b'"\xed\xa0\x80"',
    "escaped-lone-surrogate": b'"\\ud800"',
    "escaped-pair": b'"\\ud83d\\ude00"',
    "escaped-letter": b'"\\u0061"',
    "escaped-slash": b'"\\/"',
    "escaped-delete": b'"\\u007f"',
    "uppercase-escape": b'"\\u001F"',
    "long-escape-of-newline": b'"\\u000a"',
    "raw-control": b'"\x01"',
    "not-nfc": '"e\u0301"'.encode(),
    "not-nfc-inside": '{"a":[{"b":"\u212b"}]}'.encode(),
    "space": b'{"a": 1}',
    "leading-newline": b"\n{}",
    "trailing-newline": b"{}\n",
    "trailing-nul": b"{}\0",
    "trailing-comma": b"[1,]",
    "two-values": b"{}{}",
    "comment": b"{}//",
    "single-quotes": b"{'a':1}",
    "deep": nested(100),
    "very-deep": nested(20_000),
    "deep-and-open": b"[" * 20_000,
    "deep-objects": b'{"a":' * 20_000 + b"1" + b"}" * 20_000,
}


@pytest.mark.parametrize("name", REFUSED)
def test_it_refuses(name: str) -> None:
    with pytest.raises(MalformedInput):
        decode(REFUSED[name], maximum_bytes=200_000)


ACCEPTED = {
    "largest-integer": b"[9007199254740991]",
    "smallest-integer": b"[-9007199254740991]",
    "zero": b"0",
    "booleans": b"[true,false]",
    "short-escapes": b'"\\b\\t\\n\\f\\r\\"\\\\"',
    "long-escape": b'"\\u0000\\u001f"',
    "delete-and-slash": b'"\x7f/"',
    "line-separators": '"\u2028\u2029"'.encode(),
    "beyond-the-basic-plane": '"\U0001f600"'.encode(),
    "name-of-64-letters": b'{"' + b"a" * 64 + b'":1}',
    "code-point-order": b'{"-":1,"A":1,"_":1,"a":1}',
    "sha-256": b'{"sha256":"00"}',
    "empty-containers": b'[{},[],""]',
}


@pytest.mark.parametrize("name", ACCEPTED)
def test_it_accepts(name: str) -> None:
    data = ACCEPTED[name]
    value: Any = decode(data, maximum_bytes=len(data))
    assert encode(value) == rfc8785.dumps(value) == data


def test_nesting_stops_at_sixteen_levels() -> None:
    decode(nested(DEPTH_MAX), maximum_bytes=100)
    assert "deeper than 16" in refused(nested(DEPTH_MAX + 1))


def test_the_bound_in_bytes_comes_before_everything_else() -> None:
    decode(b'{"a":1}', maximum_bytes=7)
    with pytest.raises(MalformedInput, match="at most 6 bytes, found 7"):
        decode(b'{"a":1}', maximum_bytes=6)


endless: list[Any] = []
endless.append(endless)


@pytest.mark.parametrize(
    "value",
    [
        None,
        1.0,
        float("nan"),
        INTEGER_MAX + 1,
        -INTEGER_MAX - 1,
        2**64,
        "\ud800",
        "e\u0301",
        b"bytes",
        (1, 2),
        {1: "a"},
        {"a1": 1},
        {"": 1},
        {ParticipantId("aurora"): 1},
        {Role.LAB: 1},
        {"a": [Digest(bytes(32))]},
        {"a"},
        endless,
    ],
    ids=repr,
)
def test_a_value_without_a_canonical_form_is_misuse(value: Any) -> None:
    with pytest.raises(Misuse, match="no canonical form"):
        encode(value)


def test_value_types_are_written_as_the_text_or_integer_they_are() -> None:
    value: Json = {"author": ParticipantId("aurora"), "role": Role.LAB, "used_pflop": Pflop(7)}
    assert encode(value) == b'{"author":"aurora","role":"lab","used_pflop":7}'


def test_what_is_written_takes_no_more_room_than_its_bytes() -> None:
    value: Json = {"data": "x" * 300}
    tracemalloc.start()
    kept = [encode(value) for _ in range(100)]
    room, _ = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert room < 2 * sum(len(data) for data in kept)
