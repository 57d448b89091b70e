"""What every statement bears beside its body: its subject, its period, what it has seen (2.5)."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Self

from pausenet.errors import MalformedStatement
from pausenet.statements.canonical import Json
from pausenet.statements.fields import Fields
from pausenet.values import Digest, NetworkTime, Origin, Period, PeriodIndex, TreeSize


@dataclass(frozen=True, slots=True, kw_only=True)
class Head:
    """A log's size and root as its reader has processed them; one item of `seen`."""

    origin: Origin
    size: TreeSize
    root: Digest

    def to_json(self) -> Json:
        """The canonical form."""
        return {"origin": self.origin, "size": self.size, "root": self.root.hex()}

    @classmethod
    def read(cls, value: Json, path: str) -> Self:
        """Read the canonical form."""
        fields = Fields(value, path)
        head = cls(
            origin=fields.word("origin", Origin),
            size=fields.value("size", TreeSize),
            root=fields.digest("root"),
        )
        fields.done()
        return head


@dataclass(frozen=True, slots=True, kw_only=True)
class Subject:
    """What a statement speaks of, by digest."""

    name: str
    digest: Digest

    def to_json(self) -> Json:
        """The canonical form."""
        return {"name": self.name, "digest": {"sha256": self.digest.hex()}}

    @classmethod
    def read(cls, value: Json, path: str) -> Self:
        """Read the canonical form."""
        fields = Fields(value, path)
        name = fields.text("name", 200)
        digest_set = fields.inner("digest")
        digest = digest_set.digest("sha256")
        digest_set.done()
        fields.done()
        return cls(name=name, digest=digest)


def period_to_json(period: Period | None) -> Json:
    """The canonical form of a period, of none an empty object."""
    if period is None:
        return {}
    return {"index": period.index, "start": period.start, "end": period.end}


def read_period(value: Json) -> Period | None:
    """Read the canonical form; raise `MalformedStatement`."""
    if value == {}:
        return None
    fields = Fields(value, "period")
    index = fields.value("index", PeriodIndex)
    start, end = fields.value("start", NetworkTime), fields.value("end", NetworkTime)
    fields.done()
    try:
        return Period(index=index, start=start, end=end)
    except ValueError as error:
        raise MalformedStatement(f"period: {error}") from error
