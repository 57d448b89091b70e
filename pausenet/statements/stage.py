"""Where an agreement stands for one party, and the periods in which it binds that party."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from itertools import pairwise
from typing import Final, Self

from pausenet.statements.canonical import Json
from pausenet.statements.fields import Fields, require
from pausenet.values import INTEGER_MAX, PeriodIndex

SPANS_MAX: Final = 64
OPEN_END: Final = -1


class PartyStage(StrEnum):
    """The stages of an agreement's life, for one party (domain.md 4)."""

    DRAFTED = "drafted"
    OPEN = "open-for-signature"
    CONDITIONAL = "conditionally-bound"
    IN_FORCE = "in-force"
    SUSPENDED = "suspended"
    DEROGATED = "derogated"
    SUSPECTED = "breach-suspected"
    FOUND = "breach-found"
    SNAPPED_BACK = "snapped-back"
    IN_NOTICE = "in-notice"
    ENDED = "ended"
    VOID = "void"


@dataclass(frozen=True, slots=True, kw_only=True)
class Span:
    """A party is bound from period `start` up to, not including, `until`; None: no end is known."""

    start: PeriodIndex
    until: PeriodIndex | None

    def __contains__(self, period: int) -> bool:
        return self.start <= period and (self.until is None or period < self.until)

    def to_json(self) -> Json:
        """The canonical form."""
        return {"from": self.start, "until": OPEN_END if self.until is None else self.until}

    @classmethod
    def read(cls, value: Json, path: str) -> Self:
        """Read the canonical form."""
        fields = Fields(value, path)
        start = fields.value("from", PeriodIndex)
        until = fields.integer("until", OPEN_END, INTEGER_MAX)
        fields.done()
        require(until == OPEN_END or start < until, f"{path}: ends before it begins")
        return cls(start=start, until=None if until == OPEN_END else PeriodIndex(until))


def read_spans(fields: Fields, name: str) -> tuple[Span, ...]:
    """Read spans that follow each other without touching; only the last may be open."""
    spans = fields.items(name, Span.read, high=SPANS_MAX)
    for earlier, later in pairwise(spans):
        require(
            earlier.until is not None and earlier.until < later.start,
            f"{name}: expected spans apart, one after the other",
        )
    return spans
