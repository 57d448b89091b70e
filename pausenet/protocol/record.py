"""What one cut holds, read once: the ground on which every party is appraised.

Only entries within the sizes that the cut names are read; what a log holds beyond them is no
part of the record, so that the record follows from register and cut alone.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import TypeAlias

from pausenet.errors import InvalidKey
from pausenet.protocol.agreement import (
    Lifecycle,
    PartyLife,
    Ratified,
    lifecycle,
    ratification_in,
)
from pausenet.protocol.caps import period_at
from pausenet.protocol.corrections import Entry, figures, is_lowered
from pausenet.protocol.cut import (
    KnownFault,
    NetworkCut,
    court_of,
    cuts_in,
    faults_in,
    in_order,
    origin_in,
    periods_of,
    published_time,
)
from pausenet.protocol.evidence import UNPROVEN
from pausenet.protocol.inspected import Inspected, inspected_of
from pausenet.protocol.joining import candidates, signatories
from pausenet.protocol.reader import LogView, StatementReader
from pausenet.protocol.register import Register
from pausenet.protocol.standing import Standing
from pausenet.statements.agreement import periods_through
from pausenet.statements.codec import Kind
from pausenet.statements.cut import Cut, Silence
from pausenet.statements.keychange import KeyRecovery, KeyRotation
from pausenet.statements.reading import Reading
from pausenet.statements.usage import ComputeUsage
from pausenet.values import (
    Origin,
    ParticipantId,
    PeriodIndex,
    Role,
    Seq,
    StatementId,
    TreeSize,
    WattHours,
)

Silences: TypeAlias = Mapping[tuple[Origin, PeriodIndex], Mapping[ParticipantId, bytes]]


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


@dataclass(frozen=True, slots=True, kw_only=True)
class Record:
    """The appraised cut, the logs up to it, and what they say of cuts, faults and silences.

    `cuts` are the network's cuts that the appraised one holds, by period, with the envelopes that
    show it.
    """

    register: Register
    cut: Cut
    views: Mapping[ParticipantId, LogView]
    cuts: tuple[NetworkCut, ...]
    faults: tuple[KnownFault, ...]
    silences: Silences
    ratified: Mapping[ParticipantId, Ratified]
    life: Lifecycle
    inspected: Inspected
    reader: StatementReader

    @property
    def periods(self) -> tuple[PeriodIndex, ...]:
        """All periods up to the cut's."""
        return periods_through(self.cut.period)

    def owed(self, party: ParticipantId) -> tuple[PeriodIndex, ...]:
        """The periods for which a party owes usage, and its meter readings.

        From the first on for those whom the agreement names; for who accedes from the first that
        binds it.
        """
        if party in self.register.agreement.parties:
            return self.periods
        first = self.life.in_force_from(party)
        return () if first is None else self.periods[first:]

    def is_outside(self, party: ParticipantId) -> bool:
        """Whether this is a lab that may accede, and nothing has bound it yet."""
        return party not in self.register.agreement.parties and not self.owed(party)

    @property
    def joined(self) -> dict[ParticipantId, PeriodIndex]:
        """Those who have acceded and are bound, or are to be, each with the first such period."""
        return {
            lab: first
            for lab in candidates(self.register)
            if (first := self.life.in_force_from(lab)) is not None
        }

    def life_of(self, party: ParticipantId) -> PartyLife:
        """How far the agreement has come for a party."""
        return self.life.parties[party]

    def usages(self, party: ParticipantId) -> dict[PeriodIndex, Due]:
        """For each period the party's first usage statement that counts as given."""
        digest, life = self.register.agreement_digest, self.life_of(party)
        found: dict[PeriodIndex, Due] = {}
        view = self.views[party]
        for seq, statement in view.numbered(Kind.USAGE):
            body, period = statement.body, statement.period
            if not isinstance(body, ComputeUsage) or period is None or not self._ours(period.index):
                continue
            if period != period_at(self.register.agreement.schedule, period.index):
                continue
            if life.binds(period.index) and statement.agreement != digest:
                continue
            if period.index not in found:
                entry = view.entries[seq]
                found[period.index] = Due(seq=seq, entry=entry, energy_wh=body.energy_wh)
        if view.corrections:
            heads, log = self.heads(view), view.log
            return {period: _corrected(view, heads, log, due) for period, due in found.items()}
        return found

    def heads(self, view: LogView) -> tuple[tuple[NetworkCut, TreeSize], ...]:
        """The network cuts of earlier periods that hold a log as it is here, and how far.

        They stand in the order in which the log grew: a period's cut that came late settles
        nothing anew.
        """
        items = ((cut, origin_in(cut.cut, view.member.origin)) for cut in self.cuts)
        held = [
            (cut, item.size)
            for cut, item in items
            if item is not None and view.has_root(item.size, item.root)
        ]
        return tuple(sorted(held, key=lambda each: (each[1], each[0].cut.period, each[0].cut.view)))

    def fixed(self) -> dict[ParticipantId, tuple[StatementId, ComputeUsage]]:
        """The usage statements that count for the cut's own period, of the parties bound in it."""
        found: dict[ParticipantId, tuple[StatementId, ComputeUsage]] = {}
        for party in signatories(self.register):
            due = self.usages(party).get(self.cut.period)
            statement = None if due is None else self.views[party].statements[due.seq]
            if due is None or statement is None or not self.life_of(party).binds(self.cut.period):
                continue
            body = statement.body
            assert isinstance(body, ComputeUsage), "usages are nothing else"
            found[party] = (self.reader.identity(due.entry), body)
        return found

    def readings(self, meter: ParticipantId, party: ParticipantId) -> dict[PeriodIndex, Due]:
        """For each period the meter's first reading of the party."""
        found: dict[PeriodIndex, Due] = {}
        view = self.views[meter]
        for seq, statement in view.numbered(Kind.READING):
            body, period = statement.body, statement.period
            if not isinstance(body, Reading) or body.party != party or period is None:
                continue
            if not self._ours(period.index):
                continue
            if period == period_at(self.register.agreement.schedule, period.index):
                due = Due(seq=seq, entry=view.entries[seq], energy_wh=body.energy_wh)
                found.setdefault(period.index, due)
        return found

    def on_time(self, participant: ParticipantId, period: PeriodIndex, due: Due) -> bool:
        """Whether some cut of the period shows that this was published by its close."""
        close = self.register.agreement.schedule.close(period)
        view = self.views[participant]
        cuts = [*periods_of(self.cuts, period), *([self.cut] if period == self.cut.period else ())]
        times = [published_time(self.register, cut, view, due.seq, self.reader) for cut in cuts]
        return any(time is not None and time <= close for time in times)

    def _ours(self, index: PeriodIndex) -> bool:
        return index <= self.cut.period


def second_cut(
    heads: Sequence[tuple[NetworkCut, TreeSize]], seq: Seq, period: PeriodIndex
) -> tuple[NetworkCut, TreeSize] | None:
    """The second network cut that holds an entry of a period.

    It is of a later period than the entry's own, and than the first cut that holds it: a cut of
    an earlier period that comes late stands beside the entry's own, and gives no time. Until the
    second a usage statement may be corrected.
    """
    holding = ((cut, size) for cut, size in heads if seq < size)
    first = next(holding, None)
    if first is None:
        return None
    last = max(first[0].cut.period, period)
    return next((each for each in holding if each[0].cut.period > last), None)


def _corrected(
    view: LogView,
    heads: Sequence[tuple[NetworkCut, TreeSize]],
    log: Mapping[int, Entry],
    due: Due,
) -> Due:
    """What was due with the correction that counts under the appraised cut."""
    statement = view.statements[due.seq]
    assert statement is not None, "what is due is a statement"
    assert statement.period is not None, "it is of a period"
    second = second_cut(heads, due.seq, statement.period.index)
    lowered = is_lowered(log, due.seq, view.size)
    found = figures(log, due.seq, view.size if second is None else second[1])
    if found is None or found.correction is None:
        return replace(due, lowered=lowered)
    return replace(
        due,
        energy_wh=found.usage.energy_wh,
        correction=view.entries[found.correction],
        lowered=lowered,
    )


def listed_faults(
    register: Register, cut: Cut, logs: Mapping[Origin, Sequence[bytes]], reader: StatementReader
) -> tuple[KnownFault, ...]:
    """The proofs that rule 7 rests on under a cut: its faults that f+1 verifiers name alike.

    Who states an appraisal must hold each of them: were more than f verifiers faulty, their
    names alone would show nothing.
    """
    court = court_of(register, cut)
    views = [
        reader.view(court, each, logs.get(each.origin, ()), cut.size_of(each.origin))
        for each in court.with_role(Role.VERIFIER)
    ]
    if not cut.faults:
        return ()
    found = [item.cut for item in cuts_in(court, views, reader)]
    return _listed(court, cut, views, Standing.of(court, cut, found, views))


def record_of(
    register: Register, cut: Cut, logs: Mapping[Origin, Sequence[bytes]], reader: StatementReader
) -> Record:
    """Read the logs up to a cut; raise `Misuse` where they hold less than it names.

    Whatever changes of keys the register has been told, those within the cut are used, and no
    others: else who names a change that stands in no log could make a true appraisal look false.
    So with membership: the register is the one that the cut names, in the epoch of its period.
    """
    register = court_of(register, cut).at_first()
    views = {
        member.id: reader.view(
            register, member, logs.get(member.origin, ()), cut.size_of(member.origin)
        )
        for member in register.members.values()
        if member.role is not Role.REGISTRAR
    }
    register = _with_keys_of(register, views)
    verifiers = [views[each.id] for each in register.with_role(Role.VERIFIER)]
    found = cuts_in(register, verifiers, reader)
    cuts = tuple(item for item in found if item.cut != cut)
    ratified = {
        party: found_at
        for party in signatories(register)
        if (found_at := ratification_in(register, views[party])) is not None
    }
    members = register.members
    standing = Standing.of(register, cut, (item.cut for item in cuts), verifiers)
    known = _listed(register, cut, verifiers, standing)
    forked = frozenset(members[each.accused].origin for each in known if each.is_fork)
    before = in_order([item.cut for item in cuts], forked)
    return Record(
        register=register,
        cut=cut,
        views=views,
        cuts=cuts,
        faults=known,
        silences=_silences(register, verifiers, standing),
        ratified=ratified,
        life=lifecycle(register, (*before, cut), views.values()),
        inspected=inspected_of(register, verifiers, reader),
        reader=reader,
    )


def _with_keys_of(register: Register, views: Mapping[ParticipantId, LogView]) -> Register:
    """The register with the changes of keys that stand within a cut (protocol.md 5.4)."""
    changed = []
    for view in views.values():
        succession = view.member.succession
        for seq, statement in view.numbered(Kind.ROTATION, Kind.RECOVERY):
            if isinstance(statement.body, KeyRotation | KeyRecovery):
                try:
                    succession = succession.after(view.entries[seq])
                except (*UNPROVEN, InvalidKey):
                    continue  # it changed nothing
        if succession is not view.member.succession:
            changed.append(succession)
    return register.succeeded(*changed) if changed else register


def _listed(
    register: Register, cut: Cut, verifiers: Sequence[LogView], standing: Standing
) -> tuple[KnownFault, ...]:
    if not cut.faults:
        return ()
    known = faults_in(register, verifiers, standing)
    return tuple(each for each in known if each.bundle in cut.faults)


def _silences(register: Register, verifiers: Sequence[LogView], standing: Standing) -> Silences:
    """Who says of which log that nothing due for a period was held, in register order.

    What was said by a register of other verifiers of the period does not count, nor what was
    said when the period's epoch was over.
    """
    found: dict[tuple[Origin, PeriodIndex], dict[ParticipantId, bytes]] = {}
    for view in verifiers:
        for seq, statement in view.numbered(Kind.SILENCE):
            body = statement.body
            if isinstance(body, Silence) and _counts(register, standing, view, seq, body):
                by = found.setdefault((body.log, body.due), {})
                by.setdefault(view.member.id, view.entries[seq])
    return found


def _counts(register: Register, standing: Standing, view: LogView, seq: Seq, said: Silence) -> bool:
    epoch = register.under(said.due).epoch
    by_this = register.counts_alike(said.register_size, said.register_root, said.due)
    return by_this and standing.counts(epoch, view.member.id, seq)
