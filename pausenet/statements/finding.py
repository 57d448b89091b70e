"""The one vocabulary of findings (protocol.md 7.3, 8), and the appraisal that lists them."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import Final, Self

from pausenet.statements.canonical import Json
from pausenet.statements.cut import VIEW_MAX
from pausenet.statements.fields import Fields, require, strictly_sorted
from pausenet.statements.stage import (
    Amended,
    Bar,
    Ceiling,
    Easing,
    PartyStage,
    Span,
    read_amended,
    read_bars,
    read_ceilings,
    read_easings,
    read_spans,
)
from pausenet.values import INTEGER_MAX, Digest, ParticipantId, PeriodIndex

CLAIM_MAX: Final = 600
"""How many characters a finding takes to say what it claims."""


class Fault(StrEnum):
    """What is found. Proofs rest on the accused's own signature, warrants on others'."""

    F1 = "F1"
    F2 = "F2"
    F3 = "F3"
    F4 = "F4"
    F5 = "F5"
    F6 = "F6"
    F7 = "F7"
    F8A = "F8a"
    F8B = "F8b"
    F9 = "F9"
    F10 = "F10"
    F10R = "F10r"
    F11 = "F11"

    @property
    def fault_class(self) -> FaultClass:
        """Whether the fault is a proof or a warrant."""
        warrants = (Fault.F5, Fault.F7, Fault.F10R)
        return FaultClass.WARRANT if self in warrants else FaultClass.PROOF

    @property
    def is_fork(self) -> bool:
        """Whether it shows that a log has two faces."""
        return self in (Fault.F1, Fault.F2, Fault.F3)

    @property
    def meaning(self) -> str:
        """The fault in a few words, for reports."""
        return _MEANINGS[self]

    @property
    def of_a_revoked_key(self) -> str:
        """What is claimed where the key that shows the fault had been revoked (5.4)."""
        return f"key compromised: {self.meaning}"


class FaultClass(StrEnum):
    """How far a fault carries."""

    PROOF = "proof"
    WARRANT = "warrant"


class Grade(StrEnum):
    """How well a finding is supported. A warrant is never confirmed."""

    CONFIRMED = "confirmed"
    PLAUSIBLE = "plausible"
    UNRESOLVED = "unresolved"
    UNSUPPORTED = "unsupported"


class Status(StrEnum):
    """A lab's status in one appraisal; also the words of every report."""

    NO_BREACH_FOUND = "no-breach-found-in-what-was-declared"
    DISCREPANCY = "discrepancy"
    BREACH_PROVEN = "breach-proven"
    NOT_DEMONSTRATED = "not-demonstrated"
    NOT_IN_FORCE = "not-in-force"


class Claim(StrEnum):
    """The three claims, never merged."""

    CORRECTNESS = "declared-run-correctness"
    COMPLETENESS = "declared-run-completeness"
    FLEET = "fleet-completeness"


class Support(StrEnum):
    """What the evidence says of a claim."""

    SUPPORTED = "supported"
    CONTRADICTED = "contradicted"
    NO_CONCLUSION = "no-conclusion"


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """One finding; `bundle` is the id of its evidence."""

    fault: Fault
    grade: Grade
    claim: str
    accused: ParticipantId
    periods: tuple[PeriodIndex, ...]
    bundle: Digest

    @property
    def against_a_revoked_key(self) -> bool:
        """Whether it accuses no participant, but whoever had a key that its owner had revoked."""
        return self.fault.fault_class is FaultClass.PROOF and self.grade is Grade.PLAUSIBLE

    def to_json(self) -> Json:
        """The canonical form."""
        return {
            "fault": str(self.fault),
            "class": str(self.fault.fault_class),
            "grade": str(self.grade),
            "claim": self.claim,
            "accused": self.accused,
            "periods": list(self.periods),
            "bundle": self.bundle.hex(),
        }

    @classmethod
    def read(cls, value: Json, path: str) -> Self:
        """Read the canonical form."""
        fields = Fields(value, path)
        fault = fields.word("fault", Fault)
        fields.word("class", lambda text: _equal(text, fault.fault_class))
        found = cls(
            fault=fault,
            grade=fields.word("grade", Grade),
            claim=fields.text("claim", CLAIM_MAX),
            accused=fields.word("accused", ParticipantId),
            periods=fields.items("periods", _period),
            bundle=fields.digest("bundle"),
        )
        fields.done()
        strictly_sorted(tuple(int(index) for index in found.periods), f"{path}.periods")
        return found


@dataclass(frozen=True, slots=True, kw_only=True)
class FaultNotice:
    """A verifier holds a proof: whom it accuses, and the id of its bundle.

    Graded plausible where the key had been revoked before this verifier saw the proof.
    """

    fault: Fault
    accused: ParticipantId
    bundle: Digest
    grade: Grade = Grade.CONFIRMED

    def to_json(self) -> dict[str, Json]:
        """The canonical form."""
        return {
            "fault": str(self.fault),
            "grade": str(self.grade),
            "accused": self.accused,
            "bundle": self.bundle.hex(),
        }

    @classmethod
    def read(cls, fields: Fields) -> Self:
        """Read the canonical form."""
        found = cls(
            fault=fields.word("fault", Fault),
            grade=fields.word("grade", Grade),
            accused=fields.word("accused", ParticipantId),
            bundle=fields.digest("bundle"),
        )
        graded = found.grade in (Grade.CONFIRMED, Grade.PLAUSIBLE)
        require(graded, "grade: expected confirmed or plausible")
        return found


@dataclass(frozen=True, slots=True, kw_only=True)
class Appraisal:
    """What the rules make of one lab under one cut; a pure function of the three digests.

    `corrections` counts those that count under the agreement; `lowered` are the periods of those
    that take compute back, in time or late: each opens an inspection, and none erases what it
    corrects.
    `stage` is where the agreement stands for this lab, `bound` in which periods it binds it, as
    far as the cut can say; `caps` are the limits of a staged cap, and `barred` the runs to
    which the panel has objected, each from a period on; `eased` what single clauses do not ask,
    `amended` to what the parties have lowered limits.
    k byte-identical appraisals tell a lab that it is bound, and to what.
    """

    period: PeriodIndex
    view: int
    cut: Digest
    rules: Digest
    agreement: Digest
    lab: ParticipantId
    stage: PartyStage
    bound: tuple[Span, ...]
    caps: tuple[Ceiling, ...] = ()
    barred: tuple[Bar, ...] = ()
    eased: tuple[Easing, ...] = ()
    amended: tuple[Amended, ...] = ()
    corrections: int
    lowered: tuple[PeriodIndex, ...]
    status: Status
    claims: tuple[tuple[Claim, Support], ...]
    findings: tuple[Finding, ...]

    @property
    def in_force_from(self) -> int:
        """The first period that binds the lab, -1 where none is known."""
        return self.bound[0].start if self.bound else -1

    def to_json(self) -> dict[str, Json]:
        """The canonical form."""
        return {
            "period": self.period,
            "view": self.view,
            "cut": self.cut.hex(),
            "rules": self.rules.hex(),
            "agreement": self.agreement.hex(),
            "lab": self.lab,
            "stage": str(self.stage),
            "bound": [span.to_json() for span in self.bound],
            "caps": [ceiling.to_json() for ceiling in self.caps],
            "barred": [bar.to_json() for bar in self.barred],
            "eased": [easing.to_json() for easing in self.eased],
            "amended": [each.to_json() for each in self.amended],
            "corrections": self.corrections,
            "lowered": list(self.lowered),
            "status": str(self.status),
            "claims": {str(claim): str(support) for claim, support in self.claims},
            "findings": [finding.to_json() for finding in self.findings],
        }

    @classmethod
    def read(cls, fields: Fields) -> Self:
        """Read the canonical form."""
        claims = fields.inner("claims")
        found = cls(
            period=fields.value("period", PeriodIndex),
            view=fields.integer("view", 0, VIEW_MAX),
            cut=fields.digest("cut"),
            rules=fields.digest("rules"),
            agreement=fields.digest("agreement"),
            lab=fields.word("lab", ParticipantId),
            stage=fields.word("stage", PartyStage),
            bound=read_spans(fields, "bound"),
            caps=read_ceilings(fields, "caps"),
            barred=read_bars(fields, "barred"),
            eased=read_easings(fields, "eased"),
            amended=read_amended(fields, "amended"),
            corrections=fields.integer("corrections", 0, INTEGER_MAX),
            lowered=fields.items("lowered", _period),
            status=fields.word("status", Status),
            claims=tuple((claim, claims.word(claim, Support)) for claim in Claim),
            findings=fields.items("findings", Finding.read, high=256),
        )
        claims.done()
        strictly_sorted(tuple(int(index) for index in found.lowered), "lowered")
        return found


def _period(value: Json, path: str) -> PeriodIndex:
    return Fields({"index": value}, path).value("index", PeriodIndex)


def _equal(text: str, expected: str) -> str:
    if text != expected:
        raise ValueError(f"expected {expected}, found {text}")
    return text


_MEANINGS = {
    Fault.F1: "two different statements at one place in its log",
    Fault.F2: "two checkpoints of one size with different roots",
    Fault.F3: "two checkpoints that hold different statements at one place",
    Fault.F4: "a log entry that cannot stand where it stands",
    Fault.F5: "what was due was not there on time",
    Fault.F6: "its own signed usage is over a cap in force",
    Fault.F7: "independent evidence shows more than was declared",
    Fault.F8A: "it cosigned both sides of a fork",
    Fault.F8B: "it cosigned a smaller log after a larger one",
    Fault.F9: "its appraisal does not follow from the cut it names",
    Fault.F10: "an opening, or the want of one, that its own log contradicts",
    Fault.F10R: "an inspection refused or unanswered",
    Fault.F11: "two endorsements, appraisals or approvals that differ, for one place",
}
