"""Catching up with other participants' logs: what to fetch, from whom, and not twice."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from pausenet.errors import InvalidSignature, MalformedCheckpoint
from pausenet.log.checkpoint import Note
from pausenet.protocol.logbook import Judged, LogBook, Relation
from pausenet.protocol.messages import Effect, Entries, Fetch, Send
from pausenet.protocol.mirror import BadEntry, Extended, Verdict
from pausenet.values import NetworkTime, Origin, ParticipantId, Seq, TreeSize

ASKED_MAX: Final = 4_096
"""How many questions are remembered so as not to be asked twice."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Progress:
    """What came of a message: effects, logs that grew, and what could not be reconciled."""

    effects: tuple[Effect, ...] = ()
    grown: tuple[tuple[Origin, Extended], ...] = ()
    rivals: tuple[tuple[Origin, Note], ...] = ()
    bad: tuple[tuple[Note, BadEntry], ...] = ()


class Follower:
    """Keeps mirrors up to date from the verifiers' heads and entries."""

    def __init__(self, book: LogBook, retry_s: int, me: ParticipantId) -> None:
        self._book, self._retry_s = book, retry_s
        self._peers = tuple(name for name in book.register.all_verifiers if name != me)
        self._asked: dict[tuple[Origin, int, int, str], NetworkTime] = {}

    def heads(self, sender: ParticipantId, judged: Sequence[Judged], now: NetworkTime) -> Progress:
        """Take a peer's notes, as they were judged; ask it for what they are ahead by."""
        effects: list[Effect] = []
        rivals = []
        for each in judged:
            if each.relation is Relation.AGREES:
                continue
            origin, size = each.member.origin, each.note.body.size
            if each.relation is Relation.RIVAL:
                rivals.append((origin, each.note))
            else:
                effects += self.ask(sender, origin, self._book.mirrors[origin].size, size, now)
        return Progress(effects=tuple(effects), rivals=tuple(rivals))

    def ask(
        self, peer: ParticipantId, origin: Origin, start: int, end: int, now: NetworkTime
    ) -> list[Effect]:
        """Ask for entries, unless the same was asked of anybody a short time ago."""
        return self._fetch(peer, (origin, start, end, ""), now)

    def _ask_elsewhere(
        self, sender: ParticipantId, origin: Origin, start: int, end: int, now: NetworkTime
    ) -> list[Effect]:
        """Ask the next verifier after one that has told nonsense, and each only once in a time."""
        place = self._peers.index(sender)
        for peer in (*self._peers[place + 1 :], *self._peers[:place]):
            effects = self._fetch(peer, (origin, start, end, peer), now)
            if effects:
                return effects
        return []

    def _fetch(
        self, peer: ParticipantId, wanted: tuple[Origin, int, int, str], now: NetworkTime
    ) -> list[Effect]:
        if now < self._asked.get(wanted, NetworkTime(0)):
            return []
        self._asked[wanted] = NetworkTime(now + self._retry_s)
        if len(self._asked) > ASKED_MAX:
            self._asked = {key: at for key, at in self._asked.items() if at > now}
            while len(self._asked) > ASKED_MAX:
                del self._asked[next(iter(self._asked))]
        origin, start, end, _ = wanted
        return [Send(to=peer, message=Fetch(origin=origin, start=Seq(start), end=TreeSize(end)))]

    def entries(self, sender: ParticipantId, message: Entries, now: NetworkTime) -> Progress:
        """Take a verifier's entries in, when the note that covers them is their log's own."""
        mirror = self._book.mirrors.get(message.origin)
        if mirror is None or sender not in self._peers:
            return Progress()
        try:
            note = mirror.open(message.note, message.start, message.entries, sender)
        except (MalformedCheckpoint, InvalidSignature):
            return Progress()
        origin = message.origin
        try:
            result = mirror.extend(message.start, message.entries, note, sender)
        except BadEntry as error:
            return Progress(bad=((note, error),))
        match result.verdict:
            case Verdict.EXTENDED:
                self._book.settle(origin)
                return Progress(grown=((origin, result),))
            case Verdict.STAGED | Verdict.GAP:
                return Progress(
                    effects=tuple(self.ask(sender, origin, result.start, note.body.size, now))
                )
            case Verdict.UNSOUND:
                return Progress(
                    effects=tuple(
                        self._ask_elsewhere(sender, origin, mirror.size, note.body.size, now)
                    )
                )
            case Verdict.FORK:
                self._book.add_rival(origin, note)
                return Progress(rivals=((origin, note),), grown=((origin, result),))
            case Verdict.NOTHING_NEW:
                return Progress()
