"""What an honest lab signs when it learns late, or corrects late: never its own conviction."""

from __future__ import annotations

from dataclasses import replace

from pausenet.crypto import envelope
from pausenet.protocol.attester import LabMachine
from pausenet.protocol.messages import Entries, Ingested, Job, Publish, Stored, UsageSample
from pausenet.statements import codec
from pausenet.statements.codec import Statement
from pausenet.statements.correction import Correction
from pausenet.statements.finding import Appraisal, Claim, Status, Support
from pausenet.statements.stage import PartyStage, Span
from pausenet.statements.usage import ComputeUsage
from pausenet.values import (
    AcceleratorSeconds,
    Digest,
    NetworkTime,
    ParticipantId,
    Pflop,
    Salt,
    Seq,
    TreeSize,
)
from tests.protocol.builders import Log, Paper
from tests.protocol.desk import Desk
from tests.protocol.paper import RUN_CAP, index, keyring, keyring_of, register, usage

REGISTER = register()
LAB = ParticipantId("aurora")
ORIGIN = REGISTER.origin_of(LAB)
SCHEDULE = REGISTER.agreement.schedule
OVER, UNDER = RUN_CAP + 1, RUN_CAP // 2


class Office:
    """An honest lab, and four verifiers that tell it what they please."""

    def __init__(self) -> None:
        machine = LabMachine(register=REGISTER, keys=keyring("aurora", REGISTER.members[LAB].role))
        self.desk, self.paper, self.told = Desk(machine), Paper(REGISTER, ratify=False), 0
        self.desk.boot()

    def greet(self) -> Office:
        for verifier in REGISTER.verifiers[:3]:
            self.desk.hear(verifier, Stored(origin=ORIGIN, size=TreeSize(0), note=b""))
        return self

    def measures(self, period: int, run_pflop: int, reason: str = "", at: int = 0) -> Office:
        self.desk.step(Ingested(now=NetworkTime(at), sample=sample(period, run_pflop, reason)))
        return self

    def learns(self, *bound: Span, at: int) -> Office:
        """Three verifiers appraise the lab alike; their words reach it at a moment."""
        self.told += 1
        said = Appraisal(
            period=index(self.told),
            view=0,
            cut=Digest.of(bytes([self.told])),
            rules=Digest.of(b"rules"),
            agreement=REGISTER.agreement_digest,
            lab=LAB,
            stage=PartyStage.IN_FORCE,
            bound=bound,
            corrections=0,
            lowered=(),
            status=Status.NO_BREACH,
            claims=tuple((claim, Support.NO_CONCLUSION) for claim in Claim),
            findings=(),
        )
        for verifier in REGISTER.verifiers[:3]:
            log = self.paper.log(verifier)
            start = log.size
            log.say(said)
            message = Entries(
                origin=log.origin,
                start=Seq(start),
                entries=tuple(log.entries[start:]),
                note=log.note(),
            )
            self.desk.hear(verifier, message, at)
        return self

    @property
    def log(self) -> list[Statement]:
        """Everything the lab has signed so far, whether or not anybody has answered."""
        self.desk.step(Ingested(now=NetworkTime(0), sample=sample(0, UNDER)))
        machine = self.desk.machine
        assert isinstance(machine, LabMachine)
        mirror = machine.book.mirrors[ORIGIN]
        return mirror.statements
