"""What one cut's record says of inspections: requests left unanswered, closures, refusals.

Everything here follows from the register and the entries that the cut names, so that all
verifiers find the same. The numbers of the rules are those of `pausenet.protocol.rules`.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import TypeAlias

from pausenet.protocol.asking import Asked, Requests, first_to_see, has_learned, leaves_for
from pausenet.protocol.caps import period_at
from pausenet.protocol.evidence import Leaf, Material, Signed
from pausenet.protocol.inspection import answer_due
from pausenet.protocol.reader import LogView, StatementReader
from pausenet.protocol.refusals import LACKING
from pausenet.protocol.register import Register
from pausenet.statements.codec import Kind, Statement
from pausenet.statements.inspection import Closure, Opening, Result, SampleReveal
from pausenet.statements.keychange import KeyRecovery
from pausenet.statements.usage import ComputeUsage
from pausenet.values import Digest, ParticipantId, PeriodIndex, Seq, StatementId

Said: TypeAlias = tuple[Seq, bytes, Result]
"""A closure's place, its envelope, and what it says of one inspection of one lab."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Inspected:
    """The requests that bind, with the envelopes that show them, and all closures.

    `views` are the verifiers' logs, `reveals` the places of the pre-images in them. `doubted` are
    the inspections that some closure says were not answered, `asked_of` the requests that name
    each lab, `logs` what has been read of the labs' own logs.
    """

    register: Register
    reader: StatementReader
    requests: Requests
    entries: Mapping[StatementId, bytes]
    views: Mapping[ParticipantId, LogView]
    reveals: Mapping[tuple[ParticipantId, PeriodIndex], Seq]
    closures: Mapping[tuple[Digest, ParticipantId], Mapping[ParticipantId, Sequence[Said]]]
    doubted: Mapping[tuple[Digest, ParticipantId], None]
    asked_of: Mapping[ParticipantId, Sequence[Asked]]
    logs: dict[ParticipantId, LabSoFar]

    def unanswered(self, view: LogView) -> tuple[Material, ...]:
        """Rule 16: the materials of F10 for the earliest request that a lab attested past."""
        log = self._log(view)
        usages, opened = log.usages, log.opened
        asked_of = self.asked_of.get(view.member.id, ())
        for asked in _by_period(each for each in asked_of if each.id not in log.answered):
            drawn = asked.body.of(view.member.id)
            seq = None if drawn is None else usages.get(drawn.usage)
            usage = None if seq is None else view.statements[seq]
            if drawn is None or seq is None or usage is None or not drawn.leaves:
                continue
            if (drawn.usage, _leaves(drawn.leaves, usage)) in opened:
                log.answered.add(asked.id)
                continue
            last = self._attested_past(view, asked, seq)
            if last is None or self.requests.drawn(asked, usage, drawn.usage) is None:
                continue
            own = tuple(Signed(entry=entry) for entry in view.entries[seq : last + 1])
            return (*self._shown(asked, view.statements[last]), *own)
        return ()

    def _shown(self, asked: Asked, by: Statement | None) -> tuple[Leaf, ...]:
        """Commitment, reveal and request, as the statement that has seen them shows their log."""
        assert by is not None, "it has been found"
        said = self.views[asked.verifier]
        size = next(head.size for head in by.seen if head.origin == said.member.origin)
        places = (Seq(0), self.reveals[asked.verifier, asked.body.period], asked.seq)
        return tuple(said.leaf(place, size) for place in places)

    def lacking(self, view: LogView) -> tuple[tuple[Material, ...], ...]:
        """Rule 17: the materials of F10r for each draw that f+1 verifiers call unanswered.

        Where it was answered since, what answered it is among them.
        """
        usages, opened = self._log(view).usages, self._log(view).opened
        found = []
        known = self.requests.asked
        doubted = (StatementId(each) for each, lab in self.doubted if lab == view.member.id)
        for asked in _by_period(known[each] for each in doubted if each in known):
            drawn = asked.body.of(view.member.id)
            seq = None if drawn is None else usages.get(drawn.usage)
            by = self.closures.get((asked.id, view.member.id), {})
            court = self.register.under(asked.body.period)
            need = court.quorum.f + 1
            if drawn is None or seq is None:
                continue
            usage = view.statements[seq]
            assert usage is not None, "usages are statements"
            for result in LACKING:
                first = {
                    name: (said[0], said[1])
                    for name in court.verifiers
                    for said in by.get(name, ())[::-1]
                    if said[2] is result
                }
                names = list(first)[:need]
                if len(names) < need:
                    continue
                shown = [self.entries[asked.id], view.entries[seq]]
                shown += [first[name][1] for name in names]
                if result is Result.UNANSWERED:
                    answer = opened.get((drawn.usage, _leaves(drawn.leaves, usage)))
                    shown += [] if answer is None else [view.entries[answer]]
                else:
                    shown += self._delivered(by, {name: first[name][0] for name in names})
                found.append(tuple(Signed(entry=entry) for entry in shown))
        return tuple(found)

    def _delivered(
        self,
        by: Mapping[ParticipantId, Sequence[Said]],
        lacked: Mapping[ParticipantId, Seq],
    ) -> list[bytes]:
        """The same verifiers' later word that the records came; nothing unless all say the same."""
        later: dict[Result, list[bytes]] = {}
        for name, before in lacked.items():
            for seq, entry, result in by[name]:
                if seq > before and result not in LACKING:
                    later.setdefault(result, []).append(entry)
                    break
        return next((all_ for all_ in later.values() if len(all_) == len(lacked)), [])

    def usages(self, view: LogView) -> Mapping[StatementId, Seq]:
        """A lab's usage statements by identity."""
        return self._log(view).usages

    def _log(self, view: LogView) -> LabSoFar:
        """What a lab's log says of usage and openings, read on from where it was read before."""
        held = self.logs.get(view.member.id)
        if held is None or not view.follows(held.read):
            held = self.logs[view.member.id] = LabSoFar()
        held.read_on(view, self.reader)
        return held

    def _attested_past(self, view: LogView, asked: Asked, start: Seq) -> Seq | None:
        """The first usage statement past a request's clock whose author had seen the request.

        None where the lab has recovered before: it may have lost what was asked for; and where
        the request did not count by the register that it knew when it first had seen it.
        """
        schedule = self.register.agreement.schedule
        due = answer_due(schedule, asked.body.period)
        said = self.views[asked.verifier]
        own = view.statements[start : view.size]
        first = first_to_see(own, said.member.origin, asked.seq)
        if first is None or not has_learned(self.register, first.seen, asked.body):
            return None
        for seq, statement in view.numbered(Kind.USAGE, Kind.RECOVERY):
            period = statement.period
            if seq > start and isinstance(statement.body, KeyRecovery):
                return None
            if seq <= start or not isinstance(statement.body, ComputeUsage) or period is None:
                continue
            seen = any(
                head.size > asked.seq and said.has_root(head.size, head.root)
                for head in statement.seen
                if head.origin == said.member.origin
            )
            learned = has_learned(self.register, statement.seen, asked.body)
            is_due = period.index > due and period == period_at(schedule, period.index)
            if is_due and seen and learned:
                return seq
        return None


@dataclass(slots=True)
class LabSoFar:
    """A lab's usage statements by identity, and its openings by what they open.

    `answered` are requests that one of the openings answers: they stay so, however the log grows.
    """

    usages: dict[StatementId, Seq] = field(default_factory=dict)
    opened: dict[tuple[StatementId, tuple[int, ...]], Seq] = field(default_factory=dict)
    answered: set[StatementId] = field(default_factory=set)
    read: LogView | None = None

    def read_on(self, view: LogView, reader: StatementReader) -> None:
        """Take in what a view of the same log adds."""
        for seq, statement in view.numbered(Kind.USAGE, Kind.OPENING, after=self.read):
            body = statement.body
            if isinstance(body, ComputeUsage):
                self.usages[reader.identity(view.entries[seq])] = seq
            elif isinstance(body, Opening):
                key = (body.usage, tuple(leaf.index for leaf in body.leaves))
                self.opened.setdefault(key, seq)
        self.read = view


def inspected_of(
    register: Register, verifiers: Sequence[LogView], reader: StatementReader
) -> Inspected:
    """Read the verifiers' logs for what they say of inspections."""
    return InspectedSoFar(register, reader).read(verifiers)


class InspectedSoFar:
    """What verifiers' logs say of inspections, to be read on where the logs go on."""

    def __init__(self, register: Register, reader: StatementReader) -> None:
        self._register, self._reader = register, reader
        self._logs: dict[ParticipantId, LabSoFar] = {}
        self._begin()

    def _begin(self) -> None:
        self._read: dict[ParticipantId, LogView] = {}
        self._requests = Requests(self._register)
        self._entries: dict[StatementId, bytes] = {}
        self._reveals: dict[tuple[ParticipantId, PeriodIndex], Seq] = {}
        self._closures: dict[
            tuple[Digest, ParticipantId], dict[ParticipantId, tuple[Said, ...]]
        ] = {}
        self._doubted: dict[tuple[Digest, ParticipantId], None] = {}
        self._asked_of: dict[ParticipantId, list[Asked]] = {}

    def read(self, verifiers: Sequence[LogView]) -> Inspected:
        """What these logs say."""
        same = [view.member.id for view in verifiers] == [*self._read]
        if not same or not all(view.follows(self._read[view.member.id]) for view in verifiers):
            self._begin()
        for view in verifiers:
            self._hear(view)
            self._read[view.member.id] = view
        return Inspected(
            register=self._register,
            reader=self._reader,
            requests=self._requests.copy(),
            entries=dict(self._entries),
            views=dict(self._read),
            reveals=dict(self._reveals),
            closures=dict(self._closures),
            doubted=dict(self._doubted),
            asked_of={lab: tuple(asked) for lab, asked in self._asked_of.items()},
            logs=self._logs,
        )

    def _hear(self, view: LogView) -> None:
        who, requests = view.member.id, self._requests
        before = self._read.get(who)
        for seq, statement in view.numbered(*Requests.KINDS, Kind.CLOSURE, after=before):
            entry, body = view.entries[seq], statement.body
            match body:
                case SampleReveal():
                    if not requests.revealed(who, body.period):
                        self._reveals[who, body.period] = seq
                case Closure():
                    self._hear_closure(who, seq, entry, body)
                    continue
            identity = self._reader.identity(entry)
            asked = requests.hear(statement, identity)
            if asked is not None:
                self._entries[identity] = entry
                for lab in {drawn.lab for drawn in asked.body.draws}:
                    self._asked_of.setdefault(lab, []).append(asked)

    def _hear_closure(self, who: ParticipantId, seq: Seq, entry: bytes, body: Closure) -> None:
        for ended in body.results:
            case = (ended.inspection, ended.lab)
            by = self._closures.get(case, {})
            said = (*by.get(who, ()), (seq, entry, ended.result))
            self._closures[case] = {**by, who: said}
            if ended.result in LACKING:
                self._doubted[case] = None


def _by_period(asked: Iterable[Asked]) -> list[Asked]:
    """The earliest period first, then in the order of the verifiers' names and logs."""
    return sorted(asked, key=lambda each: (each.body.period, each.verifier, each.seq))


def _leaves(drawn: Sequence[int], usage: Statement) -> tuple[int, ...]:
    assert isinstance(usage.body, ComputeUsage), "only usage statements are drawn from"
    return leaves_for(drawn, usage.body.leaves)
