"""A correction: a lab restates one of its usage statements, whole and with a reason (2.8).

The original stays in the log. When a correction counts is decided by `protocol.corrections`; one
that lowers what was declared is marked in every appraisal.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final, Self

from pausenet.statements.canonical import Json
from pausenet.statements.fields import Fields, require
from pausenet.statements.usage import ComputeUsage
from pausenet.values import Digest, Seq

REASON_MAX: Final = 300


@dataclass(frozen=True, slots=True, kw_only=True)
class Correction:
    """What one earlier usage statement of the same log should have said.

    `of` is that statement's id and `seq` its place. The subject of the statement is the new
    usage ledger; its period is that of the statement corrected.
    """

    of: Digest
    seq: Seq
    usage: ComputeUsage
    reason: str

    def to_json(self) -> dict[str, Json]:
        """The canonical form."""
        return {
            "of": self.of.hex(),
            "seq": self.seq,
            "usage": self.usage.to_json(),
            "reason": self.reason,
        }

    @classmethod
    def read(cls, fields: Fields) -> Self:
        """Read the canonical form; refuse one without a reason."""
        usage = fields.inner("usage")
        found = cls(
            of=fields.digest("of"),
            seq=fields.value("seq", Seq),
            usage=ComputeUsage.read(usage),
            reason=fields.text("reason", REASON_MAX),
        )
        usage.done()
        require(found.reason != "", "reason: empty")
        return found
