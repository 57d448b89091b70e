"""Endorsed cuts: which cuts are the network's, and what they show (protocol.md 7.1, 4.4).

A cut is a statement in its proposer's log. It is the network's when k verifiers have each
endorsed its digest in their own logs; two different cuts of one period and view can then only
both be the network's when more than f verifiers are faulty. Verifiers, k and f are here always
those of the epoch of the cut's period, by the register that the cut names (protocol.md 5.2).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cmp_to_key, partial
from itertools import pairwise

from pausenet.errors import InvalidEvidence
from pausenet.protocol.evidence import EndorsedCut
from pausenet.protocol.reader import LogView, StatementReader, open_entry
from pausenet.protocol.register import Register
from pausenet.protocol.standing import Standing
from pausenet.statements.codec import Kind
from pausenet.statements.cut import Cut, CutOrigin, Endorsement
from pausenet.statements.finding import Fault, FaultNotice, Grade
from pausenet.values import (
    Digest,
    NetworkTime,
    Origin,
    ParticipantId,
    PeriodIndex,
    Role,
    Seq,
    TreeSize,
)


@dataclass(frozen=True, slots=True, kw_only=True)
class NetworkCut:
    """A cut with the envelopes that make it the network's.

    `endorsements` holds every known endorsement's envelope, at least k, in register order.
    """

    cut: Cut
    digest: Digest
    entry: bytes
    endorsements: tuple[tuple[ParticipantId, bytes], ...]

    def material(self, register: Register) -> EndorsedCut:
        """The cut as evidence: exactly k endorsements, the first in register order."""
        first = self.endorsements[: court_of(register, self.cut).quorum.k]
        return EndorsedCut(cut=self.entry, endorsements=tuple(entry for _, entry in first))


def court_of(register: Register, cut: Cut) -> Register:
    """The register that a cut rests on, in the epoch of its period.

    Raises `InvalidEvidence` for a cut of another register.
    """
    court = register.resting_on(cut.register_size, cut.register_root, cut.period)
    if court is None:
        raise InvalidEvidence("the cut rests on another register")
    return court


def verifier_views(
    register: Register, logs: Mapping[Origin, Sequence[bytes]], reader: StatementReader
) -> tuple[LogView, ...]:
    """The logs at hand of verifiers of any epoch, whole, in register order."""
    members = register.with_role(Role.VERIFIER)
    return tuple(
        reader.view(register, member, logs[member.origin], TreeSize(len(logs[member.origin])))
        for member in members
        if member.origin in logs
    )


def network_cuts(
    register: Register,
    logs: Mapping[Origin, Sequence[bytes]],
    reader: StatementReader | None = None,
) -> tuple[NetworkCut, ...]:
    """Every cut that k verifiers endorse within these logs of verifiers, by period and view."""
    reader = reader or StatementReader()
    return cuts_in(register, verifier_views(register, logs, reader), reader)


def cuts_in(
    register: Register, views: Sequence[LogView], reader: StatementReader
) -> tuple[NetworkCut, ...]:
    """`network_cuts` over views that have been read already, in register order."""
    return CutsSoFar(register, reader).read(views)


class CutsSoFar:
    """The network's cuts in some logs of verifiers, to be read on where the logs go on."""

    def __init__(self, register: Register, reader: StatementReader) -> None:
        self._register, self._reader = register, reader
        self._begin()

    def _begin(self) -> None:
        self._read: dict[ParticipantId, LogView] = {}
        self._cuts: dict[Digest, Cut] = {}
        self._stated: dict[Digest, dict[ParticipantId, bytes]] = {}
        self._endorsed: dict[Digest, dict[ParticipantId, tuple[Endorsement, bytes]]] = {}
        self._found: dict[Digest, NetworkCut] = {}

    def read(self, views: Sequence[LogView]) -> tuple[NetworkCut, ...]:
        """The network's cuts in these logs, by period and view."""
        same = [view.member.id for view in views] == [*self._read]
        if not same or not all(view.follows(self._read[view.member.id]) for view in views):
            self._begin()
        touched: dict[Digest, None] = {}
        for view in views:
            touched |= self._hear(view)
        for digest in touched:
            found = self._judge(digest)
            if found is not None:
                self._found[digest] = found
        return tuple(
            sorted(self._found.values(), key=lambda at: (at.cut.period, at.cut.view, at.digest))
        )

    def _hear(self, view: LogView) -> dict[Digest, None]:
        """Take in what a log says of cuts; give the digests of those it speaks of."""
        who, touched = view.member.id, dict[Digest, None]()
        before = self._read.get(who)
        for seq, statement in view.numbered(Kind.CUT, Kind.ENDORSEMENT, after=before):
            entry = view.entries[seq]
            match statement.body:
                case Cut() as cut:
                    digest = self._reader.cut_digest(entry, cut)
                    self._cuts.setdefault(digest, cut)
                    self._stated.setdefault(digest, {}).setdefault(who, entry)
                    touched[digest] = None
                case Endorsement() as body:
                    self._endorsed.setdefault(body.cut, {}).setdefault(who, (body, entry))
                    touched[body.cut] = None
        self._read[who] = view
        return touched

    def _judge(self, digest: Digest) -> NetworkCut | None:
        """Whether k verifiers endorse a cut that one of them states."""
        cut = self._cuts.get(digest)
        if cut is None:
            return None
        court = self._register.resting_on(cut.register_size, cut.register_root, cut.period)
        if court is None:
            return None  # it rests on another register
        who = [name for name in self._read if name in court.verifiers]
        stated, endorsed = self._stated[digest], self._endorsed.get(digest, {})
        valid = tuple(
            (name, endorsed[name][1])
            for name in who
            if name in endorsed
            and (endorsed[name][0].period, endorsed[name][0].view) == (cut.period, cut.view)
        )
        entry = next((stated[name] for name in who if name in stated), None)
        if entry is None or len(valid) < court.quorum.k:
            return None
        return NetworkCut(cut=cut, digest=digest, entry=entry, endorsements=valid)


def open_network_cut(register: Register, material: EndorsedCut) -> Cut:
    """Judge a network cut in evidence, by its bytes and the register alone.

    Raises `MalformedInput`, `InvalidSignature` or `InvalidEvidence`.
    """
    stated = open_entry(register, material.cut)
    cut = stated.statement.body
    if not isinstance(cut, Cut) or stated.member.role is not Role.VERIFIER:
        raise InvalidEvidence("expected a verifier's cut")
    court = court_of(register, cut)
    if stated.member.id not in court.verifiers:
        raise InvalidEvidence("expected a cut by a verifier of its epoch")
    expected = Endorsement(period=cut.period, view=cut.view, cut=cut.digest)
    by = []
    for entry in material.endorsements:
        opened = open_entry(register, entry)
        if opened.statement.body != expected or opened.member.role is not Role.VERIFIER:
            raise InvalidEvidence("expected a verifier's endorsement of this cut")
        by.append(opened.member.id)
    in_order = [name for name in court.verifiers if name in by]
    if by != in_order or len(by) != court.quorum.k:
        raise InvalidEvidence("expected k endorsements by different verifiers, in register order")
    return cut


def origin_in(cut: Cut, origin: Origin) -> CutOrigin | None:
    """What a cut says of one log."""
    return next((item for item in cut.origins if item.origin == origin), None)


def published_time(
    register: Register, cut: Cut, view: LogView, seq: Seq, reader: StatementReader
) -> NetworkTime | None:
    """When an entry was published, by a cut's evidence: the (f+1)-th smallest storing time.

    Evidence counts when it is a verifier's of the cut's epoch, on a size past the entry, of the
    root that the log has at that size, with a valid signature. None where fewer than f+1 pieces
    count.
    """
    item = origin_in(cut, view.member.origin)
    if item is None:
        return None
    times, court = [], court_of(register, cut)
    for evidence in item.times:
        member = court.members.get(evidence.by)
        if (
            member is not None
            and evidence.by in court.verifiers
            and evidence.size > seq
            and view.has_root(evidence.size, evidence.root)
            and any(
                reader.time_holds(item.origin, key, evidence)
                for key in member.succession.storing_keys()
            )
        ):
            times.append(evidence.time)
    f = court.quorum.f
    return sorted(times)[f] if len(times) > f else None


@dataclass(frozen=True, slots=True, kw_only=True)
class KnownFault:
    """A proof that f+1 verifiers name alike."""

    fault: Fault
    grade: Grade
    accused: ParticipantId
    bundle: Digest

    @property
    def is_fork(self) -> bool:
        """Whether it shows that its log's owner gave it two faces."""
        return self.fault.is_fork and self.grade is Grade.CONFIRMED

    @property
    def claim(self) -> str:
        """What a finding claims that rests on it."""
        proven = self.grade is Grade.CONFIRMED
        return self.fault.meaning if proven else self.fault.of_a_revoked_key


def faults_in(
    register: Register, views: Sequence[LogView], standing: Standing
) -> tuple[KnownFault, ...]:
    """The proofs that f+1 verifiers name alike in their logs, by bundle id.

    One of them is honest and has checked the bundle, so that no f verifiers can put a proof
    under another participant's name. They are f+1 of one epoch, up to the register's, each of
    which named it while that epoch lasted: what they have shown stays shown when one of them
    leaves, and what is said later counts nowhere.
    """
    epochs = register.epochs[: register.epoch.number + 1]
    named: dict[FaultNotice, dict[int, set[ParticipantId]]] = {}
    for view in views:
        who = view.member.id
        for seq, statement in view.numbered(Kind.FAULT):
            if isinstance(statement.body, FaultNotice):
                by = named.setdefault(statement.body, {each.number: set() for each in epochs})
                for each in epochs:
                    if standing.counts(each, who, seq):
                        by[each.number].add(who)
    return tuple(
        sorted(
            (
                KnownFault(
                    fault=notice.fault,
                    grade=notice.grade,
                    accused=notice.accused,
                    bundle=notice.bundle,
                )
                for notice, by in named.items()
                if any(len(by[each.number]) > each.quorum.f for each in epochs)
            ),
            key=lambda known: (known.bundle, known.fault, known.accused, known.grade),
        )
    )


def in_order(cuts: Sequence[Cut], forked: frozenset[Origin]) -> tuple[Cut, ...]:
    """Network cuts in the order in which they came about: each contains those before it.

    Any two network cuts have an honest endorser in common, who endorses only what contains all
    that it endorsed before. A period's cut that came late therefore stands after those of later
    periods that came in time, and nothing that was settled by them is settled anew.
    """

    return tuple(sorted(cuts, key=cmp_to_key(partial(_compared, forked=forked))))


def _compared(one: Cut, other: Cut, forked: frozenset[Origin]) -> int:
    """Below 0 where one cut came about before another."""
    after, before = one.contains(other, forked), other.contains(one, forked)
    if after != before:
        return 1 if after else -1
    first, second = (one.period, one.view, one.digest), (other.period, other.view, other.digest)
    return (first > second) - (first < second)


class OrderSoFar:
    """Puts network cuts in order, and remembers those that were in order as they came."""

    def __init__(self) -> None:
        self._forked: frozenset[Origin] = frozenset()
        self._rising: tuple[Cut, ...] = ()

    def of(self, cuts: Sequence[Cut], forked: frozenset[Origin]) -> tuple[Cut, ...]:
        """The same as `in_order`; only cuts are compared that were not compared before."""
        known = len(self._rising)
        if forked != self._forked or tuple(cuts[:known]) != self._rising:
            known = 0
        if any(
            _compared(one, two, forked) >= 0 for one, two in pairwise(cuts[max(0, known - 1) :])
        ):
            return in_order(cuts, forked)
        self._forked, self._rising = forked, tuple(cuts)
        return self._rising


def periods_of(cuts: Sequence[NetworkCut], period: PeriodIndex) -> tuple[Cut, ...]:
    """The network's cuts of one period: one, unless more than f verifiers are faulty."""
    return tuple(item.cut for item in cuts if item.cut.period == period)
