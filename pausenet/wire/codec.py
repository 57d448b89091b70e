"""The protobuf edge: `Message` to bytes and back, in one spelling.

Protobuf leaves its writers much freedom: unknown fields, fields in any order or twice, varints
longer than they need be, defaults written out. `decode` takes none of it: it builds the domain
value, encodes that value anew and compares. What it accepts is exactly what `encode` writes.

>>> from pausenet.values import Origin
>>> hello = Hello(origin=Origin("pausenet.0123456789abcdef0123456789abcdef/lab/aurora"))
>>> decode(encode(hello)) == hello
True
"""

from __future__ import annotations

from typing import Final, assert_never

from google.protobuf.internal import api_implementation
from google.protobuf.message import DecodeError

from pausenet.errors import MalformedMessage, Misuse, NodeError
from pausenet.protocol.messages import (
    BATCH_BYTES_MAX,
    BUNDLE_BYTES_MAX,
    ENTRIES_MAX,
    NOTE_BYTES_MAX,
    NOTES_MAX,
    RECORDS_MAX,
    Cosigned,
    Disclosed,
    Entries,
    Evidence,
    Fetch,
    Heads,
    Hello,
    Inspect,
    Message,
    Publish,
    Refusal,
    Refused,
    Stored,
)
from pausenet.statements.job import RECORD_BYTES_MAX
from pausenet.values import Digest, Origin, Seq, TreeSize
from pausenet.wire.v1 import messages_pb2 as pb

MESSAGE_BYTES_MAX: Final = 4 * 1024 * 1024
"""The most bytes of one message in its protobuf form."""

ENTRY_BYTES_MAX: Final = 65_535
"""The most bytes of one entry (protocol.md 2.6)."""

_REASONS: Final = {
    Refusal.MALFORMED: pb.REASON_MALFORMED,
    Refusal.NOT_YOURS: pb.REASON_NOT_YOURS,
    Refusal.UNKNOWN_ORIGIN: pb.REASON_UNKNOWN_ORIGIN,
    Refusal.BAD_SIGNATURE: pb.REASON_BAD_SIGNATURE,
    Refusal.BAD_ENTRY: pb.REASON_BAD_ENTRY,
    Refusal.CONFLICT: pb.REASON_CONFLICT,
    Refusal.NOT_SIGNING: pb.REASON_NOT_SIGNING,
}
_REFUSALS: Final = {number: refusal for refusal, number in _REASONS.items()}


def require_upb() -> None:
    """Raise `NodeError` unless protobuf runs on upb: its pure-Python parser has no depth limit."""
    if api_implementation.Type() != "upb":
        raise NodeError(f"protobuf: expected the upb parser, found {api_implementation.Type()}")


def encode(message: Message) -> bytes:
    """Write a message in its one spelling; raise `Misuse` for one over the bounds."""
    try:
        _check_bounds(message)
    except ValueError as error:
        raise Misuse(str(error)) from error
    data = _encode(message)
    if len(data) > MESSAGE_BYTES_MAX:
        raise Misuse(f"message: expected at most {MESSAGE_BYTES_MAX} bytes, found {len(data)}")
    return data


def decode(data: bytes) -> Message:
    """Read a message; raise `MalformedMessage` for all bytes that `encode` does not write."""
    if len(data) > MESSAGE_BYTES_MAX:
        raise MalformedMessage(
            f"message: expected at most {MESSAGE_BYTES_MAX} bytes, found {len(data)}"
        )
    try:
        message = _domain(pb.Envelope.FromString(data))
        _check_bounds(message)
    except DecodeError as error:
        raise MalformedMessage("message: not protobuf") from error
    except ValueError as error:
        raise MalformedMessage(f"message: {error}") from error
    if _encode(message) != data:
        raise MalformedMessage("message: not the canonical spelling")
    return message


def _encode(message: Message) -> bytes:
    return _envelope(message).SerializeToString(deterministic=True)


def _envelope(message: Message) -> pb.Envelope:
    """Put a domain value into its protobuf form."""
    match message:
        case Hello():
            return pb.Envelope(hello=pb.Hello(origin=message.origin))
        case Stored():
            return pb.Envelope(
                stored=pb.Stored(origin=message.origin, size=message.size, note=message.note)
            )
        case Publish():
            return pb.Envelope(
                publish=pb.Publish(
                    origin=message.origin,
                    start=message.start,
                    entries=message.entries,
                    note=message.note,
                )
            )
        case Cosigned():
            return pb.Envelope(cosigned=pb.Cosigned(origin=message.origin, note=message.note))
        case Refused():
            reason = _REASONS[message.reason]
            return pb.Envelope(refused=pb.Refused(origin=message.origin, reason=reason))
        case Heads():
            return pb.Envelope(heads=pb.Heads(notes=message.notes))
        case Fetch():
            return pb.Envelope(
                fetch=pb.Fetch(origin=message.origin, start=message.start, end=message.end)
            )
        case Entries():
            return pb.Envelope(
                entries=pb.Entries(
                    origin=message.origin,
                    start=message.start,
                    entries=message.entries,
                    note=message.note,
                )
            )
        case Evidence():
            return pb.Envelope(evidence=pb.Evidence(bundle=message.bundle))
        case Inspect():
            return pb.Envelope(inspect=pb.Inspect(request=message.request))
        case Disclosed():
            return pb.Envelope(
                disclosed=pb.Disclosed(request=message.request, records=message.records)
            )
        case _:
            assert_never(message)


def _domain(envelope: pb.Envelope) -> Message:
    """Take the domain value out of its protobuf form; raise `ValueError` where there is none."""
    match envelope.WhichOneof("message"):
        case "hello":
            return Hello(origin=Origin(envelope.hello.origin))
        case "stored":
            stored = envelope.stored
            return Stored(
                origin=Origin(stored.origin), size=TreeSize(stored.size), note=stored.note
            )
        case "publish":
            publish = envelope.publish
            return Publish(
                origin=Origin(publish.origin),
                start=Seq(publish.start),
                entries=tuple(publish.entries),
                note=publish.note,
            )
        case "cosigned":
            return Cosigned(origin=Origin(envelope.cosigned.origin), note=envelope.cosigned.note)
        case "refused":
            reason = _REFUSALS.get(envelope.refused.reason)
            if reason is None:
                raise ValueError(f"refused: no reason {envelope.refused.reason}")
            return Refused(origin=Origin(envelope.refused.origin), reason=reason)
        case "heads":
            return Heads(notes=tuple(envelope.heads.notes))
        case "fetch":
            fetch = envelope.fetch
            return Fetch(
                origin=Origin(fetch.origin), start=Seq(fetch.start), end=TreeSize(fetch.end)
            )
        case "entries":
            entries = envelope.entries
            return Entries(
                origin=Origin(entries.origin),
                start=Seq(entries.start),
                entries=tuple(entries.entries),
                note=entries.note,
            )
        case "evidence":
            return Evidence(bundle=envelope.evidence.bundle)
        case "inspect":
            return Inspect(request=Digest(envelope.inspect.request))
        case "disclosed":
            disclosed = envelope.disclosed
            return Disclosed(request=Digest(disclosed.request), records=tuple(disclosed.records))
        case None:
            raise ValueError("expected one of the eleven messages, found none")


def _check_bounds(message: Message) -> None:
    """Raise `ValueError` for a message with more in it than its reader must hold."""
    match message:
        case Publish() | Entries():
            check_entries(message.entries)
            _at_most("note bytes", len(message.note), NOTE_BYTES_MAX)
        case Stored() | Cosigned():
            _at_most("note bytes", len(message.note), NOTE_BYTES_MAX)
        case Heads():
            _at_most("notes", len(message.notes), NOTES_MAX)
            _at_most("note bytes", max(map(len, message.notes), default=0), NOTE_BYTES_MAX)
        case Evidence():
            _at_most("bundle bytes", len(message.bundle), BUNDLE_BYTES_MAX)
        case Disclosed():
            _at_most("records", len(message.records), RECORDS_MAX)
            _at_most("record bytes", max(map(len, message.records), default=0), RECORD_BYTES_MAX)
        case Hello() | Refused() | Fetch() | Inspect():
            pass  # each of their fields has a bound of its own
        case _:
            assert_never(message)


def check_entries(entries: tuple[bytes, ...]) -> None:
    """Raise `ValueError` for entries that are more than one batch."""
    _at_most("entries", len(entries), ENTRIES_MAX)
    _at_most("entry bytes", max(map(len, entries), default=0), ENTRY_BYTES_MAX)
    _at_most("batch bytes", sum(map(len, entries)), BATCH_BYTES_MAX)


def _at_most(what: str, found: int, most: int) -> None:
    if found > most:
        raise ValueError(f"{what}: expected at most {most}, found {found}")
