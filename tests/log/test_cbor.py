"""CBOR: one spelling, bounded, the same as a library's; everything else is refused."""

from __future__ import annotations

import contextlib

import cbor2
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pausenet.errors import MalformedProof, Misuse
from pausenet.log.cbor import ITEMS_MAX, Cbor, Tagged, decode, encode

SCALARS = (
    st.none() | st.integers(-(2**64), 2**64 - 1) | st.binary(max_size=300) | st.text(max_size=40)
)
KEYS = st.integers(-(2**64), 2**64 - 1) | st.text(max_size=10)
VALUES = st.recursive(
    SCALARS,
    lambda inner: (
        st.lists(inner, max_size=4).map(tuple)
        | st.dictionaries(KEYS, inner, max_size=4)
        | st.builds(Tagged, st.sampled_from([18, 98, 55799]), inner)
    ),
    max_leaves=12,
)


def as_library(value: Cbor) -> object:
    match value:
        case Tagged():
            return cbor2.CBORTag(value.tag, as_library(value.value))
        case tuple():
            return [as_library(item) for item in value]
        case dict():
            return {key: as_library(item) for key, item in value.items()}
        case _:
            return value


@settings(max_examples=80, deadline=None)
@given(VALUES)
def test_a_value_is_written_as_a_library_writes_it_and_read_back(value: Cbor) -> None:
    data = encode(value)
    assert data == cbor2.dumps(as_library(value), canonical=not _mixed(value)) or _mixed(value)
    assert cbor2.loads(data) == cbor2.loads(cbor2.dumps(as_library(value)))
    with contextlib.suppress(MalformedProof):  # too deep for us, which the strategy may draw
        assert decode(data) == value


def _mixed(value: object) -> bool:
    """Whether a map is inside: the library's own order of keys is that of RFC 7049, by length."""
    match value:
        case dict():
            return True
        case tuple():
            return any(map(_mixed, value))
        case Tagged():
            return _mixed(value.value)
        case _:
            return False


def test_keys_stand_in_the_order_of_their_bytes() -> None:
    assert encode({396: 1, -1: 2, 4: 3, "a": 4}).hex() == "a4040319018c012002616104"


REFUSED = {
    "nothing": "",
    "a-tail": "0000",
    "cut-short": "19ff",
    "long-zero": "1800",
    "long-length": "5800",
    "indefinite-bytes": "5f4101ff",
    "indefinite-array": "9f01ff",
    "reserved-length": "1c",
    "true": "f5",
    "undefined": "f7",
    "a-half-float": "f93c00",
    "a-float": "fb3ff0000000000000",
    "a-break": "ff",
    "a-key-twice": "a201010102",
    "keys-out-of-order": "a202010102",
    "bytes-as-key": "a1410101",
    "text-not-utf8": "61ff",
    "surrogate": "63eda080",
    "too-deep": "81" * 9 + "00",
    "huge-array": "9affffffff",
    "huge-map": "bbffffffffffffffff",
    "huge-bytes": "5bffffffffffffffff",
    "many-items": "99" + f"{ITEMS_MAX:04x}" + "00" * ITEMS_MAX,
}


@pytest.mark.parametrize("name", REFUSED)
def test_any_other_bytes_are_refused(name: str) -> None:
    with pytest.raises(MalformedProof):
        decode(bytes.fromhex(REFUSED[name]))


@settings(max_examples=300, deadline=None)
@given(st.binary(max_size=60))
def test_hostile_bytes_give_the_one_error_or_their_own_spelling(data: bytes) -> None:
    with contextlib.suppress(MalformedProof):
        assert encode(decode(data)) == data


@pytest.mark.parametrize("value", [2**64, -(2**64) - 1, True])
def test_what_has_no_form_here_is_not_written(value: Cbor) -> None:
    with pytest.raises(Misuse):
        encode(value)
