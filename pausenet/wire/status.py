"""The one total table from what went wrong to what the other side is told.

A status carries a fixed text and nothing of the error that led to it: no class name, no path,
no part of the input (reliability.md 4).
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import Final, TypeAlias

from grpc import StatusCode

from pausenet.errors import (
    InvalidEvidence,
    InvalidKey,
    InvalidProof,
    InvalidRegister,
    InvalidSignature,
    MalformedInput,
    Misuse,
    NodeError,
    PausenetError,
    SigningRefused,
)
from pausenet.protocol.messages import Refusal


class Denial(StrEnum):
    """What the transport itself refuses, before any machine is asked."""

    NO_IDENTITY = "no-identity"
    WRONG_NETWORK = "wrong-network"
    NOT_REGISTERED = "not-registered"
    WRONG_ROLE = "wrong-role"
    WRONG_MESSAGE = "wrong-message"
    TOO_FAST = "too-fast"
    TOO_MANY = "too-many"
    NOT_HELD = "not-held"
    STOPPING = "stopping"
    INTERNAL = "internal"


@dataclass(frozen=True, slots=True, kw_only=True)
class Status:
    """A gRPC status: its code and its fixed text."""

    code: StatusCode
    text: str


Reason: TypeAlias = Refusal | Denial

_REASONS: Final[dict[Reason, Status]] = {
    Refusal.MALFORMED: Status(
        code=StatusCode.INVALID_ARGUMENT, text="malformed: not one well-formed message"
    ),
    Refusal.NOT_YOURS: Status(
        code=StatusCode.PERMISSION_DENIED, text="not-yours: the log belongs to another participant"
    ),
    Refusal.UNKNOWN_ORIGIN: Status(
        code=StatusCode.NOT_FOUND, text="unknown-origin: no such log in this network"
    ),
    Refusal.BAD_SIGNATURE: Status(
        code=StatusCode.INVALID_ARGUMENT, text="bad-signature: a signature does not verify"
    ),
    Refusal.BAD_ENTRY: Status(
        code=StatusCode.INVALID_ARGUMENT, text="bad-entry: an entry cannot stand at its place"
    ),
    Refusal.CONFLICT: Status(
        code=StatusCode.ABORTED, text="conflict: another statement is held at that place"
    ),
    Refusal.NOT_SIGNING: Status(
        code=StatusCode.FAILED_PRECONDITION, text="not-signing: this participant does not sign now"
    ),
    Denial.NO_IDENTITY: Status(
        code=StatusCode.PERMISSION_DENIED,
        text="no-identity: the certificate does not name exactly one participant",
    ),
    Denial.WRONG_NETWORK: Status(
        code=StatusCode.PERMISSION_DENIED, text="wrong-network: the certificate is of another one"
    ),
    Denial.NOT_REGISTERED: Status(
        code=StatusCode.PERMISSION_DENIED,
        text="not-registered: the register does not bind this certificate",
    ),
    Denial.WRONG_ROLE: Status(
        code=StatusCode.PERMISSION_DENIED, text="wrong-role: this method is for another role"
    ),
    Denial.WRONG_MESSAGE: Status(
        code=StatusCode.PERMISSION_DENIED, text="wrong-message: another role says that"
    ),
    Denial.TOO_FAST: Status(
        code=StatusCode.RESOURCE_EXHAUSTED, text="too-fast: over the rate of one participant"
    ),
    Denial.TOO_MANY: Status(
        code=StatusCode.RESOURCE_EXHAUSTED, text="too-many: over the calls of one participant"
    ),
    Denial.NOT_HELD: Status(
        code=StatusCode.NOT_FOUND, text="not-held: this participant does not hold that"
    ),
    Denial.STOPPING: Status(
        code=StatusCode.UNAVAILABLE, text="stopping: this participant is going down"
    ),
    Denial.INTERNAL: Status(code=StatusCode.INTERNAL, text="internal: the fault is on this side"),
}

_ERRORS: Final[dict[type[PausenetError], Reason]] = {
    MalformedInput: Refusal.MALFORMED,
    InvalidKey: Refusal.MALFORMED,
    InvalidSignature: Refusal.BAD_SIGNATURE,
    InvalidProof: Refusal.MALFORMED,
    InvalidEvidence: Refusal.MALFORMED,
    InvalidRegister: Denial.INTERNAL,
    SigningRefused: Refusal.NOT_SIGNING,
    NodeError: Denial.INTERNAL,
    Misuse: Denial.INTERNAL,
}


def status_of(reason: Reason) -> Status:
    """The status for a reason; every reason has one."""
    return _REASONS[reason]


def reason_of(error: Exception) -> Reason:
    """The reason for an error: its own or its nearest ancestor's, else `INTERNAL`."""
    for kind in type(error).__mro__:
        if issubclass(kind, PausenetError) and kind in _ERRORS:
            return _ERRORS[kind]
    return Denial.INTERNAL
