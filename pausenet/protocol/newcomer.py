"""A verifier-to-be: it is admitted, reads every log, and says that it holds them (5.2).

It says so anew after every network cut, for as long as it waits: those who approve ask that it
hold as much as the last cut that they know. It lists a log only up to a checkpoint that k
verifiers have cosigned; until it knows one of every log, it says nothing.
"""

from __future__ import annotations

from pausenet.errors import InvalidEvidence
from pausenet.protocol.closing import Closing
from pausenet.protocol.cutdesk import Answer
from pausenet.protocol.logbook import LogBook
from pausenet.protocol.membership import hand_over, judge_handover
from pausenet.protocol.publisher import Draft, Publisher
from pausenet.statements.cut import Cut
from pausenet.statements.membership import Handover
from pausenet.values import REGISTER_ORIGIN, Origin, ParticipantId


class Newcomer:
    """What one verifier says while it is admitted and has never counted."""

    def __init__(
        self, me: ParticipantId, book: LogBook, publisher: Publisher, closing: Closing
    ) -> None:
        self._book, self._publisher, self._closing = book, publisher, closing
        self._waits = all(me not in each.verifiers for each in book.register.epochs)

    def advance(self) -> None:
        """Hand over, where a network cut is known that no handover of this log covers yet."""
        cut = self._closing.latest_cut if self._waits else None
        if cut is None or self._publisher.halted or self._covered(cut):
            return
        mirrors = self._book.mirrors
        held = {o: each for o, each in mirrors.items() if each.size and o != REGISTER_ORIGIN}
        notes = []
        for origin in held:
            note = self._book.cosigned(origin)
            if note is None:
                return
            notes.append(note.encode())
        logs = {origin: each.entries for origin, each in held.items()}
        register = self._book.known
        try:
            said = hand_over(register, logs, notes)
        except InvalidEvidence:
            return  # the epoch to come asks for more cosignatures than there are yet
        if judge_handover(register, said, logs, cut) is Answer.ENDORSE:
            self._publisher.drafts.append(Draft(body=said))

    def _covered(self, cut: Cut) -> bool:
        """Whether the last handover that was said, or is about to be, holds all of a cut."""
        bodies = [each.body for each in self._publisher.mirror.statements]
        bodies += [each.body for each in self._publisher.drafts]
        said = next((each for each in reversed(bodies) if isinstance(each, Handover)), None)
        if said is None:
            return False
        sizes: dict[Origin, int] = {head.origin: head.size for head in said.heads}
        return all(sizes.get(item.origin, 0) >= item.size for item in cut.origins)
