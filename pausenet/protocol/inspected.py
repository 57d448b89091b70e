"""What one cut's record says of inspections: requests left unanswered, closures, refusals.

Everything here follows from the register and the entries that the cut names, so that all
verifiers find the same. The numbers of the rules are those of `pausenet.protocol.rules`.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
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

    `views` are the verifiers' logs, `reveals` the places of the pre-images in them.
    """

    register: Register
    reader: StatementReader
    requests: Requests
    entries: Mapping[StatementId, bytes]
    views: Mapping[ParticipantId, LogView]
    reveals: Mapping[tuple[ParticipantId, PeriodIndex], Seq]
    closures: Mapping[tuple[Digest, ParticipantId], Mapping[ParticipantId, Sequence[Said]]]

    def unanswered(self, view: LogView) -> tuple[Material, ...]:
        """Rule 16: the materials of F10 for the earliest request that a lab attested past."""
        usages, opened = self._own(view)
        for asked in self._asked(view.member.id):
            drawn = asked.body.of(view.member.id)
            seq = None if drawn is None else usages.get(drawn.usage)
            usage = None if seq is None else view.statements[seq]
            if drawn is None or seq is None or usage is None or not drawn.leaves:
                continue
            if (drawn.usage, _leaves(drawn.leaves, usage)) in opened:
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
        usages, opened = self._own(view)
        found = []
        for asked in self._asked(view.member.id):
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

    def _asked(self, lab: ParticipantId) -> list[Asked]:
        """The requests that name a lab, the earliest period first, then in register order."""
        found = [asked for asked in self.requests.asked.values() if asked.body.of(lab) is not None]
        return sorted(found, key=lambda each: (each.body.period, each.verifier, each.seq))

    def usages(self, view: LogView) -> dict[StatementId, Seq]:
        """A lab's usage statements by identity."""
        return self._own(view)[0]

    def _own(
        self, view: LogView
    ) -> tuple[dict[StatementId, Seq], dict[tuple[StatementId, tuple[int, ...]], Seq]]:
        """A lab's usage statements by identity, and its openings by what they open."""
        usages: dict[StatementId, Seq] = {}
        opened: dict[tuple[StatementId, tuple[int, ...]], Seq] = {}
        for seq, statement in view.numbered(Kind.USAGE, Kind.OPENING):
            body = statement.body
            if isinstance(body, ComputeUsage):
                usages[self.reader.identity(view.entries[seq])] = seq
            elif isinstance(body, Opening):
                opened.setdefault((body.usage, tuple(leaf.index for leaf in body.leaves)), seq)
        return usages, opened

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


def inspected_of(
    register: Register, verifiers: Sequence[LogView], reader: StatementReader
) -> Inspected:
    """Read the verifiers' logs for what they say of inspections."""
    requests, entries = Requests(register), dict[StatementId, bytes]()
    reveals: dict[tuple[ParticipantId, PeriodIndex], Seq] = {}
    closures: dict[tuple[Digest, ParticipantId], dict[ParticipantId, list[Said]]] = {}
    for view in verifiers:
        who = view.member.id
        for seq, statement in view.numbered(*Requests.KINDS, Kind.CLOSURE):
            entry, body = view.entries[seq], statement.body
            match body:
                case SampleReveal():
                    if not requests.revealed(who, body.period):
                        reveals[who, body.period] = seq
                case Closure():
                    for ended in body.results:
                        by = closures.setdefault((ended.inspection, ended.lab), {})
                        by.setdefault(who, []).append((seq, entry, ended.result))
                    continue
            if _of_interest(statement):
                identity = reader.identity(entry)
                if requests.hear(statement, identity) is not None:
                    entries[identity] = entry
    return Inspected(
        register=register,
        reader=reader,
        requests=requests,
        entries=entries,
        views={view.member.id: view for view in verifiers},
        reveals=reveals,
        closures=closures,
    )


def _of_interest(statement: Statement) -> bool:
    return statement.kind in Requests.KINDS


def _leaves(drawn: Sequence[int], usage: Statement) -> tuple[int, ...]:
    assert isinstance(usage.body, ComputeUsage), "only usage statements are drawn from"
    return leaves_for(drawn, usage.body.leaves)
