"""What verifiers say about everybody's logs: silence, cut, endorsement (protocol.md 4.4, 7.1)."""

from __future__ import annotations

import base64
from dataclasses import dataclass
from functools import lru_cache
from typing import Final, Self

from pausenet.statements import canonical
from pausenet.statements.canonical import Json
from pausenet.statements.fields import Fields, require, strictly_sorted
from pausenet.statements.register import signature
from pausenet.values import (
    Digest,
    NetworkTime,
    Origin,
    ParticipantId,
    PeriodIndex,
    Signature,
    TreeSize,
)

VIEW_MAX: Final = 64
ORIGINS_MAX: Final = 512
FAULTS_MAX: Final = 256


@dataclass(frozen=True, slots=True, kw_only=True)
class Silence:
    """At a period's close nothing was due-and-held: the verifier held only `size` entries.

    It names the register by which its author counts: who joins or leaves later changes nothing
    of what is said here, and who leaves such a change out cannot show it.
    """

    log: Origin
    size: TreeSize
    due: PeriodIndex
    register_size: TreeSize
    register_root: Digest

    def to_json(self) -> dict[str, Json]:
        """The canonical form."""
        return {
            "log": self.log,
            "size": self.size,
            "due": self.due,
            "register_size": self.register_size,
            "register_root": self.register_root.hex(),
        }

    @classmethod
    def read(cls, fields: Fields) -> Self:
        """Read the canonical form."""
        return cls(
            log=fields.word("log", Origin),
            size=fields.value("size", TreeSize),
            due=fields.value("due", PeriodIndex),
            register_size=fields.value("register_size", TreeSize),
            register_root=fields.digest("register_root"),
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class TimeEvidence:
    """One storing cosignature that shows when a log had grown past an entry."""

    by: ParticipantId
    size: TreeSize
    root: Digest
    time: NetworkTime
    signature: Signature

    def to_json(self) -> Json:
        """The canonical form."""
        return {
            "by": self.by,
            "size": self.size,
            "root": self.root.hex(),
            "time": self.time,
            "signature": base64.b64encode(self.signature).decode(),
        }

    @classmethod
    def read(cls, value: Json, path: str) -> Self:
        """Read the canonical form."""
        fields = Fields(value, path)
        found = cls(
            by=fields.word("by", ParticipantId),
            size=fields.value("size", TreeSize),
            root=fields.digest("root"),
            time=fields.value("time", NetworkTime),
            signature=fields.word("signature", signature),
        )
        fields.done()
        require(found.size > 0, f"{path}.size: an empty log shows no time")
        return found


@dataclass(frozen=True, slots=True, kw_only=True)
class CutOrigin:
    """How far one log goes in a cut, and the evidence of when the period's statement was there.

    `times` holds the f+1 earliest storing cosignatures known on sizes past the period's due
    statement: the published time is the latest of them (protocol.md 4.4).
    """

    origin: Origin
    size: TreeSize
    root: Digest
    signature: Signature
    times: tuple[TimeEvidence, ...]

    def to_json(self) -> Json:
        """The canonical form."""
        return {
            "origin": self.origin,
            "size": self.size,
            "root": self.root.hex(),
            "signature": base64.b64encode(self.signature).decode(),
            "times": [item.to_json() for item in self.times],
        }

    @classmethod
    def read(cls, value: Json, path: str) -> Self:
        """Read the canonical form."""
        fields = Fields(value, path)
        found = cls(
            origin=fields.word("origin", Origin),
            size=fields.value("size", TreeSize),
            root=fields.digest("root"),
            signature=fields.word("signature", signature),
            times=fields.items("times", TimeEvidence.read, high=64),
        )
        fields.done()
        strictly_sorted(tuple(str(item.by) for item in found.times), f"{path}.times")
        return found


@dataclass(frozen=True, slots=True, kw_only=True)
class Cut:
    """What all who endorse it hold at the close of a period."""

    period: PeriodIndex
    view: int
    register_size: TreeSize
    register_root: Digest
    origins: tuple[CutOrigin, ...]
    faults: tuple[Digest, ...]

    @property
    def digest(self) -> Digest:
        """SHA-256 of the canonical form."""
        return _digest_of(self)

    def size_of(self, origin: Origin) -> TreeSize:
        """How many entries of this log the cut holds; 0 for a log it does not list."""
        return next((item.size for item in self.origins if item.origin == origin), TreeSize(0))

    def contains(self, other: Cut, forked: frozenset[Origin] = frozenset()) -> bool:
        """Whether every entry and every fault of the other cut is in this one.

        The entries of a `forked` log are not asked for: there is no one log to contain.
        """
        sizes = {item.origin: item.size for item in self.origins}
        return (
            self.register_size >= other.register_size
            and all(
                sizes.get(item.origin, 0) >= item.size
                for item in other.origins
                if item.origin not in forked
            )
            and set(other.faults) <= set(self.faults)
        )

    def to_json(self) -> dict[str, Json]:
        """The canonical form."""
        return {
            "period": self.period,
            "view": self.view,
            "register_size": self.register_size,
            "register_root": self.register_root.hex(),
            "origins": [item.to_json() for item in self.origins],
            "faults": [fault.hex() for fault in self.faults],
        }

    @classmethod
    def read(cls, fields: Fields) -> Self:
        """Read the canonical form."""
        found = cls(
            period=fields.value("period", PeriodIndex),
            view=fields.integer("view", 0, VIEW_MAX),
            register_size=fields.value("register_size", TreeSize),
            register_root=fields.digest("register_root"),
            origins=fields.items("origins", CutOrigin.read, high=ORIGINS_MAX),
            faults=fields.words("faults", Digest.from_hex, high=FAULTS_MAX),
        )
        strictly_sorted(tuple(str(item.origin) for item in found.origins), "origins")
        strictly_sorted(tuple(fault.hex() for fault in found.faults), "faults")
        require(all(item.size > 0 for item in found.origins), "origins: one of size 0")
        return found


@dataclass(frozen=True, slots=True, kw_only=True)
class Endorsement:
    """A verifier holds all that a cut lists; it endorses one cut for each period and view."""

    period: PeriodIndex
    view: int
    cut: Digest

    def to_json(self) -> dict[str, Json]:
        """The canonical form."""
        return {"period": self.period, "view": self.view, "cut": self.cut.hex()}

    @classmethod
    def read(cls, fields: Fields) -> Self:
        """Read the canonical form."""
        return cls(
            period=fields.value("period", PeriodIndex),
            view=fields.integer("view", 0, VIEW_MAX),
            cut=fields.digest("cut"),
        )


@lru_cache(maxsize=256)
def _digest_of(cut: Cut) -> Digest:
    """Remembered, since whoever endorses and appraises a cut names it again and again."""
    return Digest.of(canonical.encode(cut.to_json()))
