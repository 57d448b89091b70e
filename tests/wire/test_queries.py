"""Queries and answers in their one spelling."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pausenet.errors import MalformedMessage, Misuse
from pausenet.values import Digest, Origin, Seq, TreeSize
from pausenet.wire.queries import (
    QUERY_KINDS,
    AskAppraisals,
    AskBundle,
    AskCheckpoint,
    AskConsistency,
    AskEntries,
    AskFindings,
    AskInclusion,
    Query,
    decode_answer,
    decode_query,
    encode_answer,
    encode_query,
    method_of,
)

ORIGIN = Origin("pausenet.0123456789abcdef0123456789abcdef/lab/aurora")
QUERIES: tuple[Query, ...] = (
    AskCheckpoint(origin=ORIGIN),
    AskEntries(origin=ORIGIN, start=Seq(0), end=TreeSize(3)),
    AskInclusion(origin=ORIGIN, index=Seq(2), size=TreeSize(3)),
    AskConsistency(origin=ORIGIN, old=TreeSize(3), new=TreeSize(3)),
    AskAppraisals(),
    AskFindings(),
    AskBundle(id=Digest(bytes(range(32)))),
)


def test_the_examples_are_of_every_kind() -> None:
    assert tuple(type(query) for query in QUERIES) == QUERY_KINDS
    assert len({method_of(kind) for kind in QUERY_KINDS}) == len(QUERY_KINDS)


@pytest.mark.parametrize("query", QUERIES, ids=lambda query: type(query).__name__)
def test_a_query_comes_back_and_no_tail_with_it(query: Query) -> None:
    data = encode_query(query)
    assert decode_query(type(query), data) == query
    with pytest.raises(MalformedMessage):
        decode_query(type(query), data + b"\x78\x01")


BAD: dict[str, Query] = {
    "empty range": AskEntries(origin=ORIGIN, start=Seq(3), end=TreeSize(3)),
    "index beyond": AskInclusion(origin=ORIGIN, index=Seq(3), size=TreeSize(3)),
    "from nothing": AskConsistency(origin=ORIGIN, old=TreeSize(0), new=TreeSize(3)),
    "backwards": AskConsistency(origin=ORIGIN, old=TreeSize(4), new=TreeSize(3)),
}


@pytest.mark.parametrize("case", BAD)
def test_a_query_that_has_no_answer_is_malformed(case: str) -> None:
    with pytest.raises(MalformedMessage):
        decode_query(type(BAD[case]), encode_query(BAD[case]))


@pytest.mark.parametrize("kind", QUERY_KINDS)
@given(data=st.binary(max_size=100))
def test_random_bytes_are_in_their_one_spelling_or_malformed(
    kind: type[Query], data: bytes
) -> None:
    try:
        query = decode_query(kind, data)
    except MalformedMessage:
        pass  # its one error, and no other
    else:
        assert encode_query(query) == data
    try:
        answer = decode_answer(kind, data)
    except MalformedMessage:
        return
    assert encode_answer(kind, answer) == data


@pytest.mark.parametrize("kind", QUERY_KINDS)
def test_an_answer_comes_back(kind: type[Query]) -> None:
    answer = (b"one",)
    assert decode_answer(kind, encode_answer(kind, answer)) == answer


@pytest.mark.parametrize("kind", [AskCheckpoint, AskBundle])
def test_an_answer_of_one_has_one(kind: type[Query]) -> None:
    with pytest.raises(MalformedMessage):
        decode_answer(kind, b"")
    with pytest.raises(Misuse):
        encode_answer(kind, ())
