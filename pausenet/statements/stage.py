"""Where an agreement stands for one party, and the periods in which it binds that party."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from itertools import pairwise
from typing import Final, Self

from pausenet.statements.canonical import Json
from pausenet.statements.fields import Fields, require, strictly_sorted
from pausenet.values import INTEGER_MAX, ParticipantId, PeriodIndex, Pflop

SPANS_MAX: Final = 64
CEILINGS_MAX: Final = 80
BARS_MAX: Final = 32
CHANGES_MAX: Final = 20
AMENDED_MAX: Final = 8
FREE: Final = -1
"""In the place of a raise: the clause does not bind."""
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


class Easable(StrEnum):
    """The clauses whose limits a rule of their own can start or lift, by their kinds."""

    BAND = "approval-band"
    TOTAL_CAP = "lab-total-cap"
    RUN_CAP = "per-run-training-cap"


class Amendable(StrEnum):
    """The clauses whose limits the parties can lower, by their kinds."""

    TOTAL_CAP = "lab-total-cap"
    RUN_CAP = "per-run-training-cap"


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


@dataclass(frozen=True, slots=True, kw_only=True)
class Ceiling:
    """From period `start` on, wherever the agreement binds, the limit of a clause is this."""

    start: PeriodIndex
    limit_pflop: Pflop

    def to_json(self) -> Json:
        """The canonical form."""
        return {"from": self.start, "limit_pflop": self.limit_pflop}

    @classmethod
    def read(cls, value: Json, path: str) -> Self:
        """Read the canonical form."""
        fields = Fields(value, path)
        found = cls(
            start=fields.value("from", PeriodIndex),
            limit_pflop=fields.value("limit_pflop", Pflop),
        )
        fields.done()
        return found


def read_ceilings(
    fields: Fields, name: str, *, low: int = 0, high: int = CEILINGS_MAX
) -> tuple[Ceiling, ...]:
    """Read limits of a clause: each later one lower than those before."""
    found = fields.items(name, Ceiling.read, low=low, high=high)
    strictly_sorted(tuple(int(each.start) for each in found), name)
    falls = all(late.limit_pflop < early.limit_pflop for early, late in pairwise(found))
    require(falls, f"{name}: expected limits that fall")
    return found


def limit_in(ceilings: tuple[Ceiling, ...], period: int) -> Pflop | None:
    """The limit that holds in a period; None where there is none yet."""
    reached = [each.limit_pflop for each in ceilings if each.start <= period]
    return reached[-1] if reached else None


def with_ceiling(held: tuple[Ceiling, ...], new: Ceiling) -> tuple[Ceiling, ...]:
    """The limits with one more, where it lowers any; what it leaves without effect goes."""
    before = limit_in(held, new.start)
    if before is not None and before <= new.limit_pflop:
        return held
    higher = [each for each in held if each.start < new.start]
    lower = [each for each in held if each.limit_pflop < new.limit_pflop]
    return (*higher, new, *lower)


@dataclass(frozen=True, slots=True, kw_only=True)
class Amended:
    """The limits to which the parties have lowered a clause, each from a period on."""

    clause: Amendable
    limits: tuple[Ceiling, ...]

    def to_json(self) -> Json:
        """The canonical form."""
        return {"clause": str(self.clause), "limits": [each.to_json() for each in self.limits]}

    @classmethod
    def read(cls, value: Json, path: str) -> Self:
        """Read the canonical form."""
        fields = Fields(value, path)
        found = cls(
            clause=fields.word("clause", Amendable),
            limits=read_ceilings(fields, "limits", low=1, high=AMENDED_MAX),
        )
        fields.done()
        return found


def read_amended(fields: Fields, name: str) -> tuple[Amended, ...]:
    """Read what clauses have been lowered to, each clause once, by name."""
    found = fields.items(name, Amended.read, high=len(Amendable))
    strictly_sorted(tuple(str(each.clause) for each in found), name)
    return found


@dataclass(frozen=True, slots=True, kw_only=True)
class Bar:
    """From period `start` on this run, to which the panel has objected, is to grow no more."""

    run: ParticipantId
    start: PeriodIndex

    def to_json(self) -> Json:
        """The canonical form."""
        return {"run": self.run, "from": self.start}

    @classmethod
    def read(cls, value: Json, path: str) -> Self:
        """Read the canonical form."""
        fields = Fields(value, path)
        found = cls(run=fields.word("run", ParticipantId), start=fields.value("from", PeriodIndex))
        fields.done()
        return found


def read_bars(fields: Fields, name: str) -> tuple[Bar, ...]:
    """Read barred runs, each once, by name."""
    bars = fields.items(name, Bar.read, high=BARS_MAX)
    strictly_sorted(tuple(str(each.run) for each in bars), name)
    return bars


@dataclass(frozen=True, slots=True, kw_only=True)
class Eased:
    """A clause whose limits are raised by so many ppm, or that does not bind (`FREE`)."""

    clause: Easable
    raised_ppm: int

    def to_json(self) -> Json:
        """The canonical form."""
        return {"clause": str(self.clause), "raised_ppm": self.raised_ppm}

    @classmethod
    def read(cls, value: Json, path: str) -> Self:
        """Read the canonical form."""
        fields = Fields(value, path)
        found = cls(
            clause=fields.word("clause", Easable),
            raised_ppm=fields.integer("raised_ppm", FREE, INTEGER_MAX),
        )
        fields.done()
        return found


def read_eased(fields: Fields, name: str) -> tuple[Eased, ...]:
    """Read what is eased, each clause once, by name."""
    found = fields.items(name, Eased.read, high=len(Easable))
    strictly_sorted(tuple(str(each.clause) for each in found), name)
    return found


@dataclass(frozen=True, slots=True, kw_only=True)
class Change:
    """From period `start` on a clause's limits are raised by so much, or it does not bind."""

    start: PeriodIndex
    raised_ppm: int

    def to_json(self) -> Json:
        """The canonical form."""
        return {"from": self.start, "raised_ppm": self.raised_ppm}

    @classmethod
    def read(cls, value: Json, path: str) -> Self:
        """Read the canonical form."""
        fields = Fields(value, path)
        found = cls(
            start=fields.value("from", PeriodIndex),
            raised_ppm=fields.integer("raised_ppm", FREE, INTEGER_MAX),
        )
        fields.done()
        return found


@dataclass(frozen=True, slots=True, kw_only=True)
class Easing:
    """How a clause that a rule of its own can start or lift changes, period by period."""

    clause: Easable
    changes: tuple[Change, ...]

    def to_json(self) -> Json:
        """The canonical form."""
        return {"clause": str(self.clause), "changes": [each.to_json() for each in self.changes]}

    @classmethod
    def read(cls, value: Json, path: str) -> Self:
        """Read the canonical form."""
        fields = Fields(value, path)
        found = cls(
            clause=fields.word("clause", Easable),
            changes=fields.items("changes", Change.read, low=1, high=CHANGES_MAX),
        )
        fields.done()
        strictly_sorted(tuple(int(each.start) for each in found.changes), path)
        return found


def read_easings(fields: Fields, name: str) -> tuple[Easing, ...]:
    """Read how clauses change, each clause once, by name."""
    found = fields.items(name, Easing.read, high=len(Easable))
    strictly_sorted(tuple(str(each.clause) for each in found), name)
    return found
