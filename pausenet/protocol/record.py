"""What one cut holds, read once: the ground on which every party is appraised.

Only entries within the sizes that the cut names are read; what a log holds beyond them is no
part of the record, so that the record follows from register and cut alone.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from operator import itemgetter
from typing import Final, TypeAlias

from pausenet.errors import InvalidKey
from pausenet.protocol.agreement import (
    Lifecycle,
    PartyLife,
    Ratified,
    ratification_in,
)
from pausenet.protocol.corrections import Entry, figures, is_lowered
from pausenet.protocol.cut import (
    KnownFault,
    NetworkCut,
    court_of,
    cuts_in,
    faults_in,
    periods_of,
    published_time,
)
from pausenet.protocol.evidence import UNPROVEN
from pausenet.protocol.given import Due, Head, ReadingsSoFar
from pausenet.protocol.inspected import Inspected
from pausenet.protocol.joining import candidates, signatories
from pausenet.protocol.reader import LogView, StatementReader
from pausenet.protocol.register import Register
from pausenet.protocol.sofar import SoFar
from pausenet.protocol.standing import Standing
from pausenet.statements.agreement import periods_through
from pausenet.statements.codec import Kind
from pausenet.statements.cut import Cut, Silence
from pausenet.statements.keychange import KeyRecovery, KeyRotation
from pausenet.statements.usage import ComputeUsage
from pausenet.values import (
    Origin,
    ParticipantId,
    PeriodIndex,
    Role,
    Seq,
    StatementId,
)

_SIZE: Final = itemgetter(1)

Silences: TypeAlias = Mapping[tuple[Origin, PeriodIndex], Mapping[ParticipantId, bytes]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Record:
    """The appraised cut, the logs up to it, and what they say of cuts, faults and silences.

    `cuts` are the network's cuts that the appraised one holds, by period, with the envelopes that
    show it. `so_far` is what is read on under the cuts that follow.
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
    so_far: SoFar

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
        view, usages = self.views[party], self.so_far.usages[party]
        usages.read(view)
        found = usages.given(self.life_of(party), self.cut.period)
        changed = [each for each, due in found.items() if due.seq in usages.corrected]
        heads = self.heads(party) if changed else ()
        for period in changed:
            found[period] = _corrected(view, heads, view.log, found[period])
        return found

    def heads(self, party: ParticipantId) -> tuple[Head, ...]:
        """The network cuts of earlier periods that hold a party's log as it is, and how far.

        They stand in the order in which the log grew: a period's cut that came late settles
        nothing anew.
        """
        cuts = {item.digest: item for item in self.cuts}
        return self.so_far.heads[party].of(self.views[party], cuts)

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
        held, new = self.so_far.readings, ReadingsSoFar(self.register, party)
        return held.setdefault((meter, party), new).given(self.views[meter], self.cut.period)

    def on_time(self, participant: ParticipantId, period: PeriodIndex, due: Due) -> bool:
        """Whether some cut of the period shows that this was published by its close."""
        close = self.register.agreement.schedule.close(period)
        view = self.views[participant]
        cuts = [*periods_of(self.cuts, period), *([self.cut] if period == self.cut.period else ())]
        times = [published_time(self.register, cut, view, due.seq, self.reader) for cut in cuts]
        return any(time is not None and time <= close for time in times)


def second_cut(heads: Sequence[Head], seq: Seq, period: PeriodIndex) -> Head | None:
    """The second network cut that holds an entry of a period.

    `heads` are in the order of their sizes. It is of a later period than the entry's own, and
    than the first cut that holds it: a cut of an earlier period that comes late stands beside the
    entry's own, and gives no time. Until the second a usage statement may be corrected.
    """
    holding = iter(heads[bisect_right(heads, seq, key=_SIZE) :])
    first = next(holding, None)
    if first is None:
        return None
    last = max(first[0].cut.period, period)
    return next((each for each in holding if each[0].cut.period > last), None)


def _corrected(
    view: LogView,
    heads: Sequence[Head],
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
    if not cut.faults:
        return ()
    views = [
        reader.view(court, each, logs.get(each.origin, ()), cut.size_of(each.origin))
        for each in court.with_role(Role.VERIFIER)
    ]
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
    so_far = SoFar.of(register, reader)
    found = so_far.cuts.read(verifiers)
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
    before = so_far.order.of([item.cut for item in cuts], forked)
    return Record(
        register=register,
        cut=cut,
        views=views,
        cuts=cuts,
        faults=known,
        silences=_silences(register, verifiers, standing),
        ratified=ratified,
        life=so_far.life.after((*before, cut), tuple(views.values())),
        inspected=so_far.inspected.read(verifiers),
        reader=reader,
        so_far=so_far,
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
