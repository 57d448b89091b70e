"""The protobuf edge: what travels between participants, in one spelling."""

from pausenet.wire.codec import MESSAGE_BYTES_MAX, decode, encode
from pausenet.wire.queries import (
    Answer,
    Query,
    decode_answer,
    decode_query,
    encode_answer,
    encode_query,
    method_of,
)
from pausenet.wire.status import Denial, Reason, Status, reason_of, status_of

__all__ = [
    "MESSAGE_BYTES_MAX",
    "Answer",
    "Denial",
    "Query",
    "Reason",
    "Status",
    "decode",
    "decode_answer",
    "decode_query",
    "encode",
    "encode_answer",
    "encode_query",
    "method_of",
    "reason_of",
    "status_of",
]
