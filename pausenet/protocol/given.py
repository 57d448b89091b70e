"""What was due and was given: a log's usage statements and readings by period (rules 8 to 10).

A log is read once, as it grows: what it gave for a period does not depend on how far it has come,
but on what binds its party.
"""

from __future__ import annotations

from bisect import insort
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from pausenet.protocol.agreement import PartyLife
from pausenet.protocol.caps import period_at
from pausenet.protocol.cut import NetworkCut, origin_in
from pausenet.protocol.reader import LogView
from pausenet.protocol.register import Register
from pausenet.statements.codec import Kind
from pausenet.statements.correction import Correction
from pausenet.statements.reading import Reading
from pausenet.statements.stage import Span
from pausenet.statements.usage import ComputeUsage
from pausenet.values import Digest, ParticipantId, PeriodIndex, Seq, TreeSize, WattHours

Head = tuple[NetworkCut, TreeSize]
"""A network cut, and how far it holds a log."""

Place = tuple[PeriodIndex, Seq]
"""A statement's period, and where it stands."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Due:
    """A statement that was due for a period: where it stands, its bytes, the energy it states.

    `correction` is the entry of the correction that counts, empty where there is none; then the
    energy is the corrected one. `lowered`: some correction, in time or late, takes compute back.
    """

    seq: Seq
    entry: bytes
    energy_wh: WattHours
    correction: bytes = b""
    lowered: bool = False


class UsagesSoFar:
    """A lab's usage statements by period: the first, and the first that names the agreement."""

    def __init__(self, register: Register) -> None:
        self._register = register
        self._begin()

    def _begin(self) -> None:
        self._read: LogView | None = None
        self._first: dict[PeriodIndex, Due] = {}
        self._naming: dict[PeriodIndex, Due] = {}
        self._bound: tuple[Span, ...] = ()
        self._given: dict[PeriodIndex, Due] = {}
        self.corrected: set[Seq] = set()

    def read(self, view: LogView) -> None:
        """Take in what a view adds; another log, or less of this one, is read from its start."""
        if not view.follows(self._read):
            self._begin()
        schedule, digest = self._register.agreement.schedule, self._register.agreement_digest
        for seq, statement in view.numbered(Kind.USAGE, Kind.CORRECTION, after=self._read):
            body, period = statement.body, statement.period
            if isinstance(body, Correction):
                self.corrected.add(body.seq)
            if not isinstance(body, ComputeUsage) or period is None:
                continue
            if period != period_at(schedule, period.index):
                continue
            due = Due(seq=seq, entry=view.entries[seq], energy_wh=body.energy_wh)
            self._first.setdefault(period.index, due)
            if statement.agreement == digest:
                self._naming.setdefault(period.index, due)
            self._given.pop(period.index, None)
        self._read = view

    def given(self, life: PartyLife, last: PeriodIndex) -> dict[PeriodIndex, Due]:
        """For each period up to the last the first that counts: where bound, one that says so."""
        if life.bound != self._bound:
            self._bound, self._given = life.bound, {}
        if len(self._given) < len(self._first):
            for period in self._first.keys() - self._given.keys():
                found = self._naming if life.binds(period) else self._first
                if period in found:
                    self._given[period] = found[period]
        return {period: due for period, due in self._given.items() if period <= last}


class ReadingsSoFar:
    """A meter's first reading of a party for each period."""

    def __init__(self, register: Register, party: ParticipantId) -> None:
        self._register, self._party = register, party
        self._read: LogView | None = None
        self._first: dict[PeriodIndex, Due] = {}

    def given(self, view: LogView, last: PeriodIndex) -> dict[PeriodIndex, Due]:
        """What a view holds of them, up to the last period."""
        if not view.follows(self._read):
            self._read, self._first = None, {}
        schedule = self._register.agreement.schedule
        for seq, statement in view.numbered(Kind.READING, after=self._read):
            body, period = statement.body, statement.period
            if not isinstance(body, Reading) or body.party != self._party or period is None:
                continue
            if period == period_at(schedule, period.index):
                due = Due(seq=seq, entry=view.entries[seq], energy_wh=body.energy_wh)
                self._first.setdefault(period.index, due)
        self._read = view
        return {period: due for period, due in self._first.items() if period <= last}


@dataclass(slots=True)
class HeadsSoFar:
    """Which network cuts hold a log as it is, and how far."""

    _read: LogView | None = None
    _known: set[Digest] = field(default_factory=set)
    _held: list[tuple[TreeSize, PeriodIndex, int, Digest]] = field(default_factory=list)

    def of(self, view: LogView, cuts: Mapping[Digest, NetworkCut]) -> tuple[Head, ...]:
        """Those among these cuts, in the order in which the log grew."""
        if not view.follows(self._read):
            self._known.clear()
            self._held.clear()
        self._read = view
        for digest in [each for each in cuts if each not in self._known]:
            cut = cuts[digest].cut
            item = origin_in(cut, view.member.origin)
            if item is not None and item.size > view.size:
                continue  # it may come to hold the log
            self._known.add(digest)
            if item is not None and view.has_root(item.size, item.root):
                insort(self._held, (item.size, cut.period, cut.view, digest))
        return tuple((cuts[each[3]], each[0]) for each in self._held if each[3] in cuts)


@dataclass(slots=True)
class NamingSoFar:
    """A lab's usage that names the agreement, and which of it has still to be held against caps.

    Usage is settled once a second cut holds it and nothing is found in it: what stands before
    that cut never changes. It stays so as long as the same binds, and by the same cuts.
    """

    places: list[Place] = field(default_factory=list)
    _read: LogView | None = None
    _by: object = None
    _heads: tuple[tuple[Digest, TreeSize], ...] = ()
    _waiting: dict[Place, None] = field(default_factory=dict)

    def waiting(
        self, view: LogView, agreement: Digest, life: PartyLife, heads: Sequence[Head]
    ) -> list[Place]:
        """What of this view is not settled, by period and place."""
        if not view.follows(self._read):
            self._read, self._by, self.places = None, None, []
        for seq, said in view.numbered(Kind.USAGE, after=self._read):
            if said.period is not None and said.agreement == agreement:
                self.places.append((said.period.index, seq))
                self._waiting[said.period.index, seq] = None
        self._read = view
        by = (life.bound, life.caps, life.barred, life.eased, life.amended)
        held = tuple((cut.digest, size) for cut, size in heads)
        if by != self._by or held[: len(self._heads)] != self._heads:
            self._waiting = dict.fromkeys(self.places)
        self._by, self._heads = by, held
        return sorted(self._waiting)

    def settle(self, place: Place) -> None:
        """Nothing is found in it, and nothing will be."""
        self._waiting.pop(place, None)
