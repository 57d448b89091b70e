"""The clauses of a pause agreement: the closed union of the catalogue C01 to C29.

Every clause names prover, verifier, what is declared, the rule for what is not, access,
confidentiality, response and a falsifying observation (protocol.md 6.1); one without is
refused. The ids are those of the clause catalogue (domain.md 4).
"""

from __future__ import annotations

from typing import Final, TypeAlias

from pausenet.statements.canonical import Json
from pausenet.statements.clauses.anatomy import Anatomy, ClauseKind
from pausenet.statements.clauses.conduct import (
    Accession,
    NonCircumvention,
    NonParty,
    ReleaseHold,
    ResearchRestriction,
    Stake,
    Transparency,
    VerificationAccess,
)
from pausenet.statements.clauses.course import (
    Amendment,
    Assurance,
    Coverage,
    Derogation,
    Dispute,
    LiftCondition,
    PeerConditional,
    SnapBack,
    Triggered,
    Withdrawal,
)
from pausenet.statements.clauses.limits import (
    ApproveBand,
    ClusterCap,
    Exemptions,
    InferenceCap,
    PostTrainingCap,
    PowerDown,
    ResearchBudget,
    RunCap,
    StagedCap,
    StockCap,
    TotalCap,
)
from pausenet.statements.forms import PPM, OneOf

Clause: TypeAlias = (
    TotalCap
    | Assurance
    | Coverage
    | PeerConditional
    | RunCap
    | PostTrainingCap
    | ClusterCap
    | StockCap
    | ResearchBudget
    | StagedCap
    | ApproveBand
    | Exemptions
    | PowerDown
    | InferenceCap
    | ReleaseHold
    | ResearchRestriction
    | Triggered
    | LiftCondition
    | Derogation
    | SnapBack
    | Withdrawal
    | VerificationAccess
    | Transparency
    | Stake
    | Accession
    | NonCircumvention
    | Amendment
    | Dispute
    | NonParty
)
CLAUSES: Final[tuple[type[Clause], ...]] = (
    TotalCap,
    Assurance,
    Coverage,
    PeerConditional,
    RunCap,
    PostTrainingCap,
    ClusterCap,
    StockCap,
    ResearchBudget,
    StagedCap,
    ApproveBand,
    Exemptions,
    PowerDown,
    InferenceCap,
    ReleaseHold,
    ResearchRestriction,
    Triggered,
    LiftCondition,
    Derogation,
    SnapBack,
    Withdrawal,
    VerificationAccess,
    Transparency,
    Stake,
    Accession,
    NonCircumvention,
    Amendment,
    Dispute,
    NonParty,
)
"""Every class of the union, in the order of the ids."""
CLAUSE: Final = OneOf("clause", CLAUSES)
"""The form of any clause."""


def clause_to_json(clause: Clause) -> Json:
    """The canonical form of any clause."""
    return CLAUSE.write(clause)


def read_clause(value: Json, path: str) -> Clause:
    """Read any clause of the closed union; raise `MalformedStatement` for another kind."""
    found: Clause = CLAUSE.read(value, path)
    return found


__all__ = [
    "CLAUSE",
    "CLAUSES",
    "PPM",
    "Accession",
    "Amendment",
    "Anatomy",
    "ApproveBand",
    "Assurance",
    "Clause",
    "ClauseKind",
    "ClusterCap",
    "Coverage",
    "Derogation",
    "Dispute",
    "Exemptions",
    "InferenceCap",
    "LiftCondition",
    "NonCircumvention",
    "NonParty",
    "PeerConditional",
    "PostTrainingCap",
    "PowerDown",
    "ReleaseHold",
    "ResearchBudget",
    "ResearchRestriction",
    "RunCap",
    "SnapBack",
    "StagedCap",
    "Stake",
    "StockCap",
    "TotalCap",
    "Transparency",
    "Triggered",
    "VerificationAccess",
    "Withdrawal",
    "clause_to_json",
    "read_clause",
]
