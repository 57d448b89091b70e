"""Who the verifiers are, and how that changes (protocol.md 5.1, 5.2).

A change stands in the register, with the approvals of k verifiers of the epoch before it. A
newcomer is first admitted: its keys are bound, it may read, and counts for nothing. It reads
every log, says so in its handover, and joins by another change that names this handover.
"""

from __future__ import annotations

import base64
from dataclasses import dataclass
from enum import StrEnum
from typing import Final, Self, TypeAlias

from pausenet.errors import MalformedStatement
from pausenet.statements import canonical
from pausenet.statements.canonical import Json
from pausenet.statements.fields import Fields, require, strictly_sorted
from pausenet.statements.head import Head
from pausenet.statements.register import RegisterEntry, signature
from pausenet.values import (
    Digest,
    NetworkId,
    ParticipantId,
    PeriodIndex,
    Role,
    Signature,
)

VERIFIERS_MAX: Final = 64
EPOCHS_MAX: Final = 512
HEADS_MAX: Final = 512
CHANGE_BYTES_MAX: Final = 16_384


class Step(StrEnum):
    """What a change does."""

    ADMITS = "admits"
    JOINS = "joins"
    LEAVES = "leaves"


@dataclass(frozen=True, slots=True, kw_only=True)
class Admission:
    """The keys of a verifier-to-be are bound; it may read every log, and does not count."""

    entry: RegisterEntry

    @property
    def step(self) -> Step:
        """What this does."""
        return Step.ADMITS

    def to_json(self) -> dict[str, Json]:
        """The canonical form."""
        return {"step": str(self.step), "entry": self.entry.to_json()}


@dataclass(frozen=True, slots=True, kw_only=True)
class Joining:
    """An admitted verifier counts from the epoch that begins with a period.

    `handover` is the statement_id of its handover.
    """

    epoch: int
    first: PeriodIndex
    verifier: ParticipantId
    handover: Digest

    @property
    def step(self) -> Step:
        """What this does."""
        return Step.JOINS

    def to_json(self) -> dict[str, Json]:
        """The canonical form."""
        return {**_of_epoch(self), "handover": self.handover.hex()}


@dataclass(frozen=True, slots=True, kw_only=True)
class Leaving:
    """A verifier no longer counts from the epoch that begins with a period."""

    epoch: int
    first: PeriodIndex
    verifier: ParticipantId

    @property
    def step(self) -> Step:
        """What this does."""
        return Step.LEAVES

    def to_json(self) -> dict[str, Json]:
        """The canonical form."""
        return _of_epoch(self)


Change: TypeAlias = Admission | Joining | Leaving


@dataclass(frozen=True, slots=True, kw_only=True)
class Approved:
    """One verifier's approval as it stands in the change: its signature by its recovery key.

    That key alone is never replaced, so that the register is checked with nothing but itself.
    """

    by: ParticipantId
    signature: Signature

    def to_json(self) -> Json:
        """The canonical form."""
        return {"by": self.by, "signature": base64.b64encode(self.signature).decode()}

    @classmethod
    def read(cls, value: Json, path: str) -> Self:
        """Read the canonical form."""
        fields = Fields(value, path)
        found = cls(
            by=fields.word("by", ParticipantId), signature=fields.word("signature", signature)
        )
        fields.done()
        return found


@dataclass(frozen=True, slots=True, kw_only=True)
class MembershipChange:
    """A change of who the verifiers are, with the approvals of k verifiers."""

    change: Change
    approvals: tuple[Approved, ...]

    def to_json(self) -> dict[str, Json]:
        """The canonical form."""
        return {
            "change": self.change.to_json(),
            "approvals": [each.to_json() for each in self.approvals],
        }

    @classmethod
    def read(cls, fields: Fields) -> Self:
        """Read the canonical form."""
        found = cls(
            change=_read_change(fields.inner("change")),
            approvals=fields.items("approvals", Approved.read, low=1, high=VERIFIERS_MAX),
        )
        strictly_sorted(tuple(str(each.by) for each in found.approvals), "approvals")
        return found


@dataclass(frozen=True, slots=True, kw_only=True)
class Approval:
    """A verifier approves one change, to stand in the register right after one entry.

    `change` is the digest of what it approves; `signature` goes into the register.
    """

    after: Digest
    change: Digest
    signature: Signature

    def to_json(self) -> dict[str, Json]:
        """The canonical form."""
        return {
            "after": self.after.hex(),
            "change": self.change.hex(),
            "signature": base64.b64encode(self.signature).decode(),
        }

    @classmethod
    def read(cls, fields: Fields) -> Self:
        """Read the canonical form."""
        return cls(
            after=fields.digest("after"),
            change=fields.digest("change"),
            signature=fields.word("signature", signature),
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Handover:
    """A newcomer holds every log up to these heads, each cosigned by k verifiers of an epoch.

    It has read and hashed each of them anew.
    """

    epoch: int
    heads: tuple[Head, ...]

    def to_json(self) -> dict[str, Json]:
        """The canonical form."""
        return {"epoch": self.epoch, "heads": [head.to_json() for head in self.heads]}

    @classmethod
    def read(cls, fields: Fields) -> Self:
        """Read the canonical form."""
        found = cls(
            epoch=fields.integer("epoch", 0, EPOCHS_MAX),
            heads=fields.items("heads", Head.read, low=1, high=HEADS_MAX),
        )
        for head in found.heads:
            require(head.size > 0, f"{head.origin}: an empty log hands over nothing")
        strictly_sorted(tuple(str(head.origin) for head in found.heads), "heads")
        return found


def decode_change(data: bytes) -> Change:
    """Read a change from its canonical form; raise `MalformedInput` for all other bytes."""
    found = _read_change(Fields(canonical.decode(data, maximum_bytes=CHANGE_BYTES_MAX), "change"))
    if canonical.encode(found.to_json()) != data:
        raise MalformedStatement("change: not the canonical spelling")
    return found


def digest_of(change: Change) -> Digest:
    """What an approval names: SHA-256 of the change's canonical form."""
    return Digest.of(canonical.encode(change.to_json()))


def approval_message(network: NetworkId, after: Digest, change: Digest) -> bytes:
    """What a verifier's recovery key signs to approve a change at its place in the register."""
    lines = ("pausenet/membership/v1", network.hex(), after.hex(), change.hex())
    return "".join(f"{line}\n" for line in lines).encode()


def _of_epoch(change: Joining | Leaving) -> dict[str, Json]:
    return {
        "step": str(change.step),
        "epoch": change.epoch,
        "first": change.first,
        "verifier": change.verifier,
    }


def _read_change(fields: Fields) -> Change:
    found: Change
    match fields.word("step", Step):
        case Step.ADMITS:
            entry = fields.inner("entry")
            found = Admission(entry=RegisterEntry.read(entry))
            entry.done()
            if found.entry.role is not Role.VERIFIER:
                raise MalformedStatement("change.entry.role: only verifiers are admitted")
        case Step.JOINS:
            found = Joining(
                epoch=fields.integer("epoch", 1, EPOCHS_MAX),
                first=fields.value("first", PeriodIndex),
                verifier=fields.word("verifier", ParticipantId),
                handover=fields.digest("handover"),
            )
        case Step.LEAVES:
            found = Leaving(
                epoch=fields.integer("epoch", 1, EPOCHS_MAX),
                first=fields.value("first", PeriodIndex),
                verifier=fields.word("verifier", ParticipantId),
            )
    fields.done()
    return found
