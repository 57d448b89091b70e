"""What an auditor asks a verifier in one call each, and the answers, in their protobuf form.

A query is a frozen value; an answer is a tuple of opaque byte strings (one note, some entries,
the hashes of a proof, one bundle). Both directions are as strict as `wire.codec`.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Final, TypeAlias, TypeVar, assert_never

from google.protobuf.message import DecodeError
from google.protobuf.message import Message as ProtobufMessage

from pausenet.errors import MalformedMessage, Misuse
from pausenet.values import Digest, Origin, Seq, TreeSize
from pausenet.wire.codec import MESSAGE_BYTES_MAX
from pausenet.wire.v1 import log_pb2, verification_pb2


@dataclass(frozen=True, slots=True, kw_only=True)
class AskCheckpoint:
    """The latest note held of a log."""

    origin: Origin


@dataclass(frozen=True, slots=True, kw_only=True)
class AskEntries:
    """Entries `start` up to, not including, `end`; the answer may stop earlier."""

    origin: Origin
    start: Seq
    end: TreeSize


@dataclass(frozen=True, slots=True, kw_only=True)
class AskInclusion:
    """The proof that entry `index` stands in the log of `size` entries."""

    origin: Origin
    index: Seq
    size: TreeSize


@dataclass(frozen=True, slots=True, kw_only=True)
class AskConsistency:
    """The proof that the log of `new` entries begins with that of `old` entries."""

    origin: Origin
    old: TreeSize
    new: TreeSize


@dataclass(frozen=True, slots=True, kw_only=True)
class AskAppraisals:
    """The network's latest appraisals, in canonical JSON."""


@dataclass(frozen=True, slots=True, kw_only=True)
class AskFindings:
    """The ids of all evidence bundles held."""


@dataclass(frozen=True, slots=True, kw_only=True)
class AskBundle:
    """One evidence bundle by its id."""

    id: Digest


Query: TypeAlias = (
    AskCheckpoint
    | AskEntries
    | AskInclusion
    | AskConsistency
    | AskAppraisals
    | AskFindings
    | AskBundle
)
Answer: TypeAlias = tuple[bytes, ...]
T = TypeVar("T")

_METHODS: Final[dict[type[Query], str]] = {
    AskCheckpoint: "/pausenet.wire.v1.Log/Checkpoint",
    AskEntries: "/pausenet.wire.v1.Log/Entries",
    AskInclusion: "/pausenet.wire.v1.Log/Inclusion",
    AskConsistency: "/pausenet.wire.v1.Log/Consistency",
    AskAppraisals: "/pausenet.wire.v1.Verification/Appraisals",
    AskFindings: "/pausenet.wire.v1.Verification/Findings",
    AskBundle: "/pausenet.wire.v1.Verification/Bundle",
}
QUERY_KINDS: Final = tuple(_METHODS)


def method_of(kind: type[Query]) -> str:
    """The full name of the method that answers this kind of query."""
    return _METHODS[kind]


def encode_query(query: Query) -> bytes:
    """Write a query in its one spelling."""
    return _request(query).SerializeToString(deterministic=True)


def decode_query(kind: type[Query], data: bytes) -> Query:
    """Read a query of this kind; raise `MalformedMessage` for anything else."""
    query = _parsed(_READERS[kind], data)
    if encode_query(query) != data:
        raise MalformedMessage("query: not the canonical spelling")
    return query


def encode_answer(kind: type[Query], answer: Answer) -> bytes:
    """Write the answer to a query of this kind; raise `Misuse` for one that is too big."""
    data = _response(kind, answer).SerializeToString(deterministic=True)
    if len(data) > MESSAGE_BYTES_MAX:
        raise Misuse(f"answer: expected at most {MESSAGE_BYTES_MAX} bytes, found {len(data)}")
    return data


def decode_answer(kind: type[Query], data: bytes) -> Answer:
    """Read the answer to a query of this kind; raise `MalformedMessage` for anything else."""
    answer = _parsed(_ANSWERS[kind], data)
    if kind in (AskCheckpoint, AskBundle) and not answer[0]:
        raise MalformedMessage("answer: expected one item, found none")
    if encode_answer(kind, answer) != data:
        raise MalformedMessage("answer: not the canonical spelling")
    return answer


def _parsed(read: Callable[[bytes], T], data: bytes) -> T:
    if len(data) > MESSAGE_BYTES_MAX:
        raise MalformedMessage(f"expected at most {MESSAGE_BYTES_MAX} bytes, found {len(data)}")
    try:
        return read(data)
    except DecodeError as error:
        raise MalformedMessage("not protobuf") from error
    except ValueError as error:
        raise MalformedMessage(str(error)) from error


def _request(query: Query) -> ProtobufMessage:
    match query:
        case AskCheckpoint():
            return log_pb2.CheckpointRequest(origin=query.origin)
        case AskEntries():
            return log_pb2.EntriesRequest(origin=query.origin, start=query.start, end=query.end)
        case AskInclusion():
            return log_pb2.InclusionRequest(origin=query.origin, index=query.index, size=query.size)
        case AskConsistency():
            return log_pb2.ConsistencyRequest(origin=query.origin, old=query.old, new=query.new)
        case AskAppraisals():
            return verification_pb2.AppraisalsRequest()
        case AskFindings():
            return verification_pb2.FindingsRequest()
        case AskBundle():
            return verification_pb2.BundleRequest(id=query.id)
        case _:
            assert_never(query)


def _read_checkpoint(data: bytes) -> Query:
    return AskCheckpoint(origin=Origin(log_pb2.CheckpointRequest.FromString(data).origin))


def _read_entries(data: bytes) -> Query:
    found = log_pb2.EntriesRequest.FromString(data)
    if found.start >= found.end:
        raise ValueError(f"entries: expected start < end, found {found.start}, {found.end}")
    return AskEntries(origin=Origin(found.origin), start=Seq(found.start), end=TreeSize(found.end))


def _read_inclusion(data: bytes) -> Query:
    found = log_pb2.InclusionRequest.FromString(data)
    if found.index >= found.size:
        raise ValueError(f"inclusion: expected index < size, found {found.index}, {found.size}")
    return AskInclusion(
        origin=Origin(found.origin), index=Seq(found.index), size=TreeSize(found.size)
    )


def _read_consistency(data: bytes) -> Query:
    found = log_pb2.ConsistencyRequest.FromString(data)
    if not 0 < found.old <= found.new:
        raise ValueError(f"consistency: expected 0 < old <= new, found {found.old}, {found.new}")
    return AskConsistency(
        origin=Origin(found.origin), old=TreeSize(found.old), new=TreeSize(found.new)
    )


def _read_appraisals(data: bytes) -> Query:
    verification_pb2.AppraisalsRequest.FromString(data)
    return AskAppraisals()


def _read_findings(data: bytes) -> Query:
    verification_pb2.FindingsRequest.FromString(data)
    return AskFindings()


def _read_bundle(data: bytes) -> Query:
    return AskBundle(id=Digest(verification_pb2.BundleRequest.FromString(data).id))


_READERS: Final[dict[type[Query], Callable[[bytes], Query]]] = {
    AskCheckpoint: _read_checkpoint,
    AskEntries: _read_entries,
    AskInclusion: _read_inclusion,
    AskConsistency: _read_consistency,
    AskAppraisals: _read_appraisals,
    AskFindings: _read_findings,
    AskBundle: _read_bundle,
}


def _response(kind: type[Query], answer: Answer) -> ProtobufMessage:
    if kind is AskCheckpoint:
        return log_pb2.CheckpointResponse(note=_only(answer))
    if kind is AskEntries:
        return log_pb2.EntriesResponse(entries=answer)
    if kind is AskInclusion:
        return log_pb2.InclusionResponse(hashes=answer)
    if kind is AskConsistency:
        return log_pb2.ConsistencyResponse(hashes=answer)
    if kind is AskAppraisals:
        return verification_pb2.AppraisalsResponse(appraisals=answer)
    if kind is AskFindings:
        return verification_pb2.FindingsResponse(bundles=answer)
    return verification_pb2.BundleResponse(bundle=_only(answer))


def _only(answer: Answer) -> bytes:
    if len(answer) != 1:
        raise Misuse(f"answer: expected one item, found {len(answer)}")
    return answer[0]


_ANSWERS: Final[dict[type[Query], Callable[[bytes], Answer]]] = {
    AskCheckpoint: lambda data: (log_pb2.CheckpointResponse.FromString(data).note,),
    AskEntries: lambda data: tuple(log_pb2.EntriesResponse.FromString(data).entries),
    AskInclusion: lambda data: tuple(log_pb2.InclusionResponse.FromString(data).hashes),
    AskConsistency: lambda data: tuple(log_pb2.ConsistencyResponse.FromString(data).hashes),
    AskAppraisals: lambda data: tuple(
        verification_pb2.AppraisalsResponse.FromString(data).appraisals
    ),
    AskFindings: lambda data: tuple(verification_pb2.FindingsResponse.FromString(data).bundles),
    AskBundle: lambda data: (verification_pb2.BundleResponse.FromString(data).bundle,),
}
