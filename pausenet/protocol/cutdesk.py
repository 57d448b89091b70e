"""Cuts, from both sides: what a proposer can vouch for, and what an endorser asks of it (7.1)."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from enum import Enum

from pausenet.crypto.strict import verify
from pausenet.log.checkpoint import Checkpoint
from pausenet.log.cosignature import cosignature_message
from pausenet.log.vkey import KeyName
from pausenet.protocol.logbook import LogBook
from pausenet.protocol.prosecution import Prosecution
from pausenet.protocol.register import Register
from pausenet.statements.codec import Kind
from pausenet.statements.cut import Cut, CutOrigin
from pausenet.values import (
    REGISTER_ORIGIN,
    NetworkTime,
    Origin,
    ParticipantId,
    PeriodIndex,
    Role,
    Seq,
    Signature,
)


class Answer(Enum):
    """What an endorser makes of a cut."""

    ENDORSE = "endorse"
    WAIT = "wait"
    REFUSE = "refuse"


class CutDesk:
    """One verifier's cuts: it composes its own and judges the others'."""

    def __init__(
        self, register: Register, me: ParticipantId, book: LogBook, prosecution: Prosecution
    ) -> None:
        self._register, self._me, self._book = register, me, book
        self._prosecution = prosecution
        self._schedule = register.agreement.schedule

    def compose(self, period: PeriodIndex, view: int, agreed: Iterable[Cut]) -> Cut:
        """The cut that this verifier can vouch for now."""
        faults = self._prosecution.listable()
        forked = self._prosecution.forked(faults)
        origins = []
        for origin in sorted(self._book.mirrors):
            mirror = self._book.mirrors[origin]
            if origin == REGISTER_ORIGIN or mirror.note is None:
                continue
            if origin in forked:
                origins += self._as_last_agreed(origin, agreed, period)
                continue
            log_line = next(
                line for line in mirror.note.signatures if line.is_by(mirror.log_key(mirror.size))
            )
            seq = self._due_seq(origin, period)
            times = () if seq is None else self._book.earliest(origin, seq, period)
            origins.append(
                CutOrigin(
                    origin=origin,
                    size=mirror.size,
                    root=mirror.root(),
                    signature=Signature(log_line.blob),
                    times=tuple(sorted(times, key=lambda item: item.by)),
                )
            )
        return Cut(
            period=period,
            view=view,
            register_size=self._register.size,
            register_root=self._register.root,
            origins=tuple(origins),
            faults=faults,
        )

    def _as_last_agreed(
        self, origin: Origin, agreed: Iterable[Cut], period: PeriodIndex
    ) -> list[CutOrigin]:
        """A log with two faces goes into cuts as far as the network last agreed on it.

        Its owner can then stall nobody's cut but lose its own place (decision 0007).
        """
        items = (item for cut in agreed for item in cut.origins if item.origin == origin)
        last = next(items, None)
        if last is None:
            return []
        seq = self._due_seq(origin, period)
        known = () if seq is None or seq >= last.size else self._book.earliest(origin, seq, period)
        times = sorted((t for t in known if t.size <= last.size), key=lambda item: item.by)
        return [replace(last, times=tuple(times))]

    def _due_seq(self, origin: Origin, period: PeriodIndex) -> Seq | None:
        mirror = self._book.mirrors[origin]
        kind = {Role.LAB: Kind.USAGE, Role.METER: Kind.READING}.get(mirror.member.role)
        return None if kind is None else mirror.due(kind, period)

    def lacking(self, cut: Cut) -> list[tuple[Origin, int]]:
        """What of a cut is not held yet."""
        return [
            (item.origin, item.size)
            for item in cut.origins
            if item.origin not in self._book.mirrors
            or self._book.mirrors[item.origin].size < item.size
        ]

    def agrees(self, cut: Cut) -> bool:
        """Whether every root of a cut is the one held here."""
        mirrors = self._book.mirrors
        return all(mirrors[item.origin].root(item.size) == item.root for item in cut.origins)

    def judge(self, cut: Cut, *, closed: int, last: Cut | None) -> Answer:
        """Judge a cut of which everything is held (protocol.md 7.1).

        `closed` is the last period that has closed by this verifier's clock, `last` the cut it
        endorsed last. What is refused once would be refused for ever: mirrors only grow.
        """
        # 7.1.1 The period has closed, by this verifier's own clock.
        # 7.1.2 Every fault listed is held as a proof, or k verifiers say that they hold it.
        if cut.period > closed or not self._prosecution.vouches(cut.faults):
            return Answer.WAIT
        # 7.1.3 Every root is the one held, signed by its log; every time is a true cosignature.
        # So with the register: where it has grown, its entries are on their way here. One that is
        # shorter than the own will do where the same verifiers count by it.
        register = self._register
        if cut.register_size > register.size:
            return Answer.WAIT
        court = register.resting_on(cut.register_size, cut.register_root, cut.period)
        if court is None or court.epoch != register.under(cut.period).epoch:
            return Answer.REFUSE
        if not self.agrees(cut):
            return Answer.REFUSE
        forked = self._prosecution.forked(cut.faults)
        if not all(self._vouched(item, cut.period, forked) for item in cut.origins):
            return Answer.REFUSE
        # 7.1.4 Nothing that this verifier cosigned by the close is missing, but what stands on
        # one face of a log that a proof shows to have two.
        close = self._schedule.close(cut.period)
        for origin in self._book.mirrors:
            if origin == REGISTER_ORIGIN or origin in forked:
                continue
            if self._cosigned_by(origin, close) > cut.size_of(origin):
                return Answer.REFUSE
        # 7.1.5 Every cut endorsed before is contained; the last contains those before it.
        if last is not None and not cut.contains(last, forked):
            return Answer.REFUSE
        return Answer.ENDORSE

    def _vouched(self, item: CutOrigin, period: PeriodIndex, forked: frozenset[Origin]) -> bool:
        mirror = self._book.mirrors[item.origin]
        head = Checkpoint(origin=KeyName(item.origin), size=item.size, root=item.root)
        if not verify(mirror.log_key(item.size).public_key, item.signature, head.body()):
            return False
        seq = self._due_seq(item.origin, period)
        if seq is not None and seq < item.size and item.origin not in forked:
            # The cut must show the statement on time where this verifier knows that it was.
            known = self._book.published(item.origin, seq, period)
            shown = self._shown(item, seq, period)
            close = self._schedule.close(period)
            if known is not None and known <= close and (shown is None or shown > close):
                return False
        members = self._book.known.members
        for time in item.times:
            keys = members[time.by].succession.storing_keys() if time.by in members else ()
            if not keys or time.size > mirror.size or mirror.root(time.size) != time.root:
                return False
            signed = Checkpoint(origin=KeyName(item.origin), size=time.size, root=time.root)
            message = cosignature_message(signed, time.time)
            if not any(verify(key.public_key, time.signature, message) for key in keys):
                return False
        return True

    def _shown(self, item: CutOrigin, seq: Seq, period: PeriodIndex) -> NetworkTime | None:
        """The published time that a cut's evidence shows; fewer than f+1 pieces show none."""
        court = self._register.under(period)
        counted = (each for each in item.times if each.by in court.verifiers)
        times, f = sorted(each.time for each in counted if each.size > seq), court.quorum.f
        return times[f] if len(times) > f else None

    def _cosigned_by(self, origin: Origin, close: NetworkTime) -> int:
        # Marks that are later reach further: the last by the close is the largest.
        marks = reversed(self._book.marks(origin, self._me))
        return next((mark.size for mark in marks if mark.time <= close), 0)
