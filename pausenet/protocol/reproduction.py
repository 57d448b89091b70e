"""Whether the other verifiers' appraisals follow from their cuts: how F9 comes to light.

A verifier appraises every network cut itself. Another's appraisal of the same cut by the same
rules must be byte for byte its own; where it is not, one of the two is false, and the logs of
the cut say which. One by other rules is left alone: it may be true by them.
"""

from __future__ import annotations

from pausenet.protocol import faults
from pausenet.protocol.appraisal import RULES_DIGEST
from pausenet.protocol.cut import network_cuts
from pausenet.protocol.evidence import WholeLog
from pausenet.protocol.joining import signatories
from pausenet.protocol.logbook import LogBook
from pausenet.protocol.messages import Effect
from pausenet.protocol.prosecution import Prosecution
from pausenet.protocol.reader import StatementReader
from pausenet.protocol.register import Register
from pausenet.statements.codec import Statement
from pausenet.statements.finding import Appraisal, Fault
from pausenet.values import Digest, ParticipantId


class Reproduction:
    """Compares what other verifiers say of a cut with what this one has said of it.

    Nothing is forgotten that the logs hold: whoever lies late, or under a heap of other
    appraisals, is compared all the same. Only cuts that this verifier has appraised cost work.
    """

    def __init__(
        self, register: Register, me: ParticipantId, book: LogBook, prosecution: Prosecution
    ) -> None:
        self._register, self._me, self._book = register, me, book
        self._prosecution = prosecution
        self._own: dict[Digest, dict[ParticipantId, Appraisal]] = {}
        self._waiting: dict[Digest, list[tuple[bytes, ParticipantId, Appraisal]]] = {}
        self._ready: dict[Digest, None] = {}
        self._too_large: set[Digest] = set()

    def hear(self, statement: Statement, entry: bytes) -> None:
        """Take in an appraisal of a verifier's log, one's own included."""
        said, author = statement.body, statement.author
        if not isinstance(said, Appraisal):
            return
        if author == self._me:
            self._own.setdefault(said.cut, {})[said.lab] = said
        elif said.rules == RULES_DIGEST and not self._prosecution.convicts(author, Fault.F9):
            self._waiting.setdefault(said.cut, []).append((entry, author, said))
        else:
            return
        if said.cut in self._waiting and self._whole(said.cut):
            self._ready[said.cut] = None

    def compare(self, reader: StatementReader) -> list[Effect]:
        """Prove false what differs from the own appraisal of the same cut."""
        effects: list[Effect] = []
        for cut in self._ready:
            for entry, author, said in self._waiting.pop(cut):
                differs = self._own[cut].get(said.lab) != said
                proven = self._prosecution.convicts(author, Fault.F9)
                if differs and not proven and cut not in self._too_large:
                    effects += self._prove(entry, said, reader)
        self._ready = {}
        return effects

    def _whole(self, cut: Digest) -> bool:
        """Whether the own log says of a cut all that there is to say."""
        return len(self._own.get(cut, ())) >= len(signatories(self._register))

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
        if not faults.fits(whole):
            self._too_large.add(said.cut)  # nor would another lie about it fit
            return []
        cut = network_cut.material(self._register)
        data = faults.false_appraisal(self._book.known, entry, cut, whole)
        return [] if data is None else self._prosecution.admit(data)
