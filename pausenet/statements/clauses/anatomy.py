"""What every clause says about itself, and the words of the clause catalogue."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import Annotated, ClassVar

from pausenet.statements.forms import Part, Record, Text


class ClauseKind(StrEnum):
    """The kinds of clause, in the order of their ids C01 to C29 (domain.md 4)."""

    TOTAL_CAP = "lab-total-cap"
    ASSURANCE = "assurance-contract"
    COVERAGE = "coverage-threshold"
    PEER_CONDITIONAL = "peer-conditional"
    RUN_CAP = "per-run-training-cap"
    POST_TRAINING_CAP = "post-training-cap"
    CLUSTER_CAP = "cluster-rate-cap"
    STOCK_CAP = "stock-cap"
    RESEARCH_BUDGET = "research-budget"
    STAGED_CAP = "staged-cap"
    APPROVE_BAND = "approval-band"
    EXEMPTIONS = "exemptions"
    POWER_DOWN = "power-down"
    INFERENCE_CAP = "inference-cap"
    RELEASE_HOLD = "release-hold"
    RESEARCH_RESTRICTION = "research-restriction"
    TRIGGERED = "trigger-activated"
    LIFT_CONDITION = "lift-condition"
    DEROGATION = "derogation"
    SNAP_BACK = "snap-back"
    WITHDRAWAL = "withdrawal"
    VERIFICATION_ACCESS = "verification-access"
    TRANSPARENCY = "transparency"
    STAKE = "stake"
    ACCESSION = "accession"
    NON_CIRCUMVENTION = "non-circumvention"
    AMENDMENT = "amendment"
    DISPUTE = "dispute"
    NON_PARTY = "non-party"

    @property
    def id(self) -> str:
        """The id in the clause catalogue."""
        return f"C{list(ClauseKind).index(self) + 1:02d}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Anatomy(Record):
    """The eight things every clause says about itself, each in words."""

    prover: Annotated[str, Text()]
    verifier: Annotated[str, Text()]
    declared: Annotated[str, Text()]
    undeclared: Annotated[str, Text()]
    access: Annotated[str, Text()]
    confidentiality: Annotated[str, Text()]
    response: Annotated[str, Text()]
    falsified_by: Annotated[str, Text()]


@dataclass(frozen=True, slots=True, kw_only=True)
class Clausal(Record):
    """A clause: its own terms, and its anatomy."""

    KIND: ClassVar[str] = ""
    ID: ClassVar[str] = ""

    anatomy: Annotated[Anatomy, Part(Anatomy)]
