"""Catching up with other participants' logs: what to fetch, from whom, and not twice."""

from __future__ import annotations

from dataclasses import dataclass

from pausenet.errors import InvalidSignature, MalformedCheckpoint
from pausenet.log.checkpoint import Note
from pausenet.protocol.logbook import LogBook, Relation
from pausenet.protocol.messages import Effect, Entries, Fetch, Heads, Send
from pausenet.protocol.mirror import BadEntry, Extended, Verdict
from pausenet.values import NetworkTime, Origin, ParticipantId, Seq, TreeSize


@dataclass(frozen=True, slots=True, kw_only=True)
class Progress:
    """What came of a message: effects, logs that grew, and what could not be reconciled.

    `times` are moments that verifiers have signed.
    """

    effects: tuple[Effect, ...] = ()
    grown: tuple[tuple[Origin, Extended], ...] = ()
    rivals: tuple[tuple[Origin, Note], ...] = ()
    times: tuple[tuple[ParticipantId, NetworkTime], ...] = ()
    bad: tuple[tuple[Origin, Note, Seq, tuple[bytes, ...], BadEntry], ...] = ()


class Follower:
    """Keeps mirrors up to date from peers' heads and entries."""

    def __init__(self, book: LogBook, retry_s: int) -> None:
        self._book, self._retry_s = book, retry_s
        self._asked: dict[tuple[Origin, int, int], NetworkTime] = {}

    def heads(self, sender: ParticipantId, message: Heads, now: NetworkTime) -> Progress:
        """Judge a peer's notes; ask it for what they are ahead by."""
        effects: list[Effect] = []
        rivals = []
        times: dict[ParticipantId, NetworkTime] = {}
        for data in message.notes:
            judged = self._book.judge(data)
            if judged is None:
                continue
            for name, time in judged.cosigners:
                times[name] = max(time, times.get(name, time))
            origin, size = judged.member.origin, judged.note.body.size
            if judged.relation in (Relation.AHEAD, Relation.LATER):
                effects += self.ask(sender, origin, self._book.mirrors[origin].size, size, now)
            elif judged.relation is Relation.RIVAL:
                rivals.append((origin, judged.note))
        return Progress(effects=tuple(effects), rivals=tuple(rivals), times=tuple(times.items()))

    def ask(
        self, peer: ParticipantId, origin: Origin, start: int, end: int, now: NetworkTime
    ) -> list[Effect]:
        """Ask for entries, unless the same was asked of anybody a short time ago."""
        wanted = (origin, start, end)
        if now < self._asked.get(wanted, NetworkTime(0)):
            return []
        self._asked[wanted] = NetworkTime(now + self._retry_s)
        if len(self._asked) > 4_096:
            self._asked = {key: at for key, at in self._asked.items() if at > now}
        message = Fetch(origin=origin, start=Seq(start), end=TreeSize(end))
        return [Send(to=peer, message=message)]

    def entries(self, sender: ParticipantId, message: Entries, now: NetworkTime) -> Progress:
        """Take fetched entries in, when the note that covers them is their log's own."""
        mirror = self._book.mirrors.get(message.origin)
        if mirror is None:
            return Progress()
        try:
            note = mirror.open(message.note, message.start, message.entries)
        except (MalformedCheckpoint, InvalidSignature):
            return Progress()
        return self.extend(sender, message.origin, message.start, message.entries, note, now)

    def extend(
        self,
        sender: ParticipantId,
        origin: Origin,
        start: Seq,
        entries: tuple[bytes, ...],
        note: Note,
        now: NetworkTime,
    ) -> Progress:
        """Extend a mirror by a batch whose note's log line has been verified."""
        mirror = self._book.mirrors[origin]
        try:
            result = mirror.extend(start, entries, note)
        except BadEntry as error:
            return Progress(bad=((origin, note, start, entries, error),))
        match result.verdict:
            case Verdict.EXTENDED:
                self._book.settle(origin)
                return Progress(grown=((origin, result),))
            case Verdict.STAGED | Verdict.GAP:
                return Progress(
                    effects=tuple(self.ask(sender, origin, result.start, note.body.size, now))
                )
            case Verdict.FORK:
                self._book.add_rival(origin, note)
                return Progress(rivals=((origin, note),), grown=((origin, result),))
            case Verdict.NOTHING_NEW:
                return Progress()
