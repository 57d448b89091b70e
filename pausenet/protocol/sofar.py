"""What the logs have shown so far: an appraisal goes on from the one of the cut before it.

An appraisal is defined by the register, the cut and the entries that the cut names, all of them.
Whoever appraises cut after cut reads each entry once: every part here gives what reading the same
logs from their first entry on would give (decision 0039).
"""

from __future__ import annotations

from pausenet.protocol.agreement import LifeSoFar
from pausenet.protocol.cut import CutsSoFar, OrderSoFar
from pausenet.protocol.discrepancies import SeriesSoFar
from pausenet.protocol.given import HeadsSoFar, NamingSoFar, ReadingsSoFar, UsagesSoFar
from pausenet.protocol.inspected import InspectedSoFar
from pausenet.protocol.joining import signatories
from pausenet.protocol.reader import Carried, StatementReader
from pausenet.protocol.register import Register
from pausenet.values import ParticipantId


class SoFar(Carried):
    """What the logs have shown so far, to be read on from cut to cut.

    Each part gives what reading the same logs from their first entry on would give, and begins
    anew where the logs, or the cuts, do not go on from those that it has read.
    """

    def __init__(self, register: Register, reader: StatementReader) -> None:
        self.register = register
        self.cuts, self.order = CutsSoFar(register, reader), OrderSoFar()
        self.life = LifeSoFar(register)
        self.inspected = InspectedSoFar(register, reader)
        parties = signatories(register)
        self.usages = {party: UsagesSoFar(register) for party in parties}
        self.heads = {party: HeadsSoFar() for party in parties}
        self.naming = {party: NamingSoFar() for party in parties}
        self.readings: dict[tuple[ParticipantId, ParticipantId], ReadingsSoFar] = {}
        self.series: dict[tuple[ParticipantId, ParticipantId], SeriesSoFar] = {}

    @classmethod
    def of(cls, register: Register, reader: StatementReader) -> SoFar:
        """What a reader carries of this register; of another it carries nothing."""
        carried = reader.carried
        if not isinstance(carried, SoFar) or carried.register != register:
            carried = reader.carried = cls(register, reader)
        return carried
