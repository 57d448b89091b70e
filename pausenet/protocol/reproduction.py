"""Whether the other verifiers' appraisals follow from their cuts: how F9 comes to light.

A verifier appraises every network cut itself. Another's appraisal of the same cut by the same
rules must be byte for byte its own; where it is not, one of the two is false, and the logs of
the cut say which. One by other rules is left alone: it may be true by them.
"""

from __future__ import annotations

from typing import Final

from pausenet.protocol import faults
from pausenet.protocol.appraisal import RULES_DIGEST
from pausenet.protocol.cut import network_cuts
from pausenet.protocol.evidence import WholeLog
from pausenet.protocol.logbook import LogBook
from pausenet.protocol.messages import Effect
from pausenet.protocol.prosecution import Prosecution
from pausenet.protocol.reader import StatementReader
from pausenet.protocol.register import Register
from pausenet.statements.codec import Statement
from pausenet.statements.finding import Appraisal, Fault
from pausenet.values import Digest, ParticipantId

OWN_CUTS_MAX: Final = 16
"""For how many of the latest cuts the own appraisals are remembered."""
WAITING_MAX: Final = 64
"""The most appraisals of one verifier that wait for the own ones."""


class Reproduction:
    """Compares what other verifiers say of a cut with what this one has said of it."""

    def __init__(
        self, register: Register, me: ParticipantId, book: LogBook, prosecution: Prosecution
    ) -> None:
        self._register, self._me, self._book = register, me, book
        self._prosecution = prosecution
        self._own: dict[Digest, dict[ParticipantId, Appraisal]] = {}
        self._waiting: dict[ParticipantId, dict[bytes, Appraisal]] = {}

    def hear(self, statement: Statement, entry: bytes) -> None:
        """Take in an appraisal of a verifier's log, one's own included."""
        said, author = statement.body, statement.author
        if not isinstance(said, Appraisal):
            return
        if author == self._me:
            self._own.setdefault(said.cut, {})[said.lab] = said
            while len(self._own) > OWN_CUTS_MAX:
                del self._own[next(iter(self._own))]
        elif said.rules == RULES_DIGEST and not self._prosecution.convicts(author, Fault.F9):
            waiting = self._waiting.setdefault(author, {})
            waiting[entry] = said
            if len(waiting) > WAITING_MAX:
                del waiting[next(iter(waiting))]

    def compare(self, reader: StatementReader) -> list[Effect]:
        """Prove false what differs from the own appraisal of the same cut."""
        effects: list[Effect] = []
        for author, waiting in self._waiting.items():
            for entry, said in list(waiting.items()):
                own = self._own.get(said.cut)
                if own is None or len(own) < len(self._register.agreement.parties):
                    continue
                del waiting[entry]
                if own.get(said.lab) != said and not self._prosecution.convicts(author, Fault.F9):
                    effects += self._prove(entry, said, reader)
        return effects

    def _prove(self, entry: bytes, said: Appraisal, reader: StatementReader) -> list[Effect]:
        mirrors = self._book.mirrors
        logs = {
            origin: mirrors[origin].prefix(mirrors[origin].size)
            for origin in self._book.verifier_origins()
        }
        found = network_cuts(self._register, logs, reader)
        network_cut = next((item for item in found if item.digest == said.cut), None)
        if network_cut is None:
            return []
        whole = tuple(
            WholeLog(origin=item.origin, entries=tuple(mirrors[item.origin].prefix(item.size)))
            for item in network_cut.cut.origins
        )
        cut = network_cut.material(self._register)
        data = faults.false_appraisal(self._book.known, entry, cut, whole)
        return [] if data is None else self._prosecution.admit(data)
