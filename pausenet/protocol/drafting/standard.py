"""The standard anatomy of each kind of clause, for files that say `anatomy: standard`.

Most clauses are proved, checked, accessed and answered in the same way, so most texts are
shared; what is declared, what silence about it means and what would show a breach are each
clause's own.
"""

from __future__ import annotations

from typing import Final

from pausenet.statements.clauses import Anatomy, ClauseKind

LABS: Final = "Each lab, by a signed usage statement every period."
EACH: Final = "Each party, in its own log."
VERIFIERS: Final = "Every verifier, from the statements it holds."
PANEL: Final = "The adjudicator, from the parties' logs."
TOTALS: Final = "Verifiers read totals; job records are opened to inspectors only."
LOGS: Final = "The logs suffice; no site is entered."
SITES: Final = "Inspectors enter the site, as far as this agreement allows."
CLOSED: Final = "Designs, data, code and results stay with the lab."
OPEN: Final = "Nothing in it is secret."
CONFIRMED: Final = (
    "A confirmed finding goes to the adjudicator, whose determination makes the breach."
)
ASKED: Final = (
    "The lab is asked and answers in time; what stays open is inspected, then adjudicated."
)
VOID: Final = "The adjudicator says so, and what rested on it counts for nothing."
MISSING: Final = "It is not permitted; a period without a statement counts as not demonstrated."
NOT_DONE: Final = "What no signed statement says has not been done."

_USE: Final = "The operations of every kind of work and every training run."
_FLEET: Final = "Every accelerator by kind and site, and how they are linked."


def _limit(declared: str, falsified_by: str, *, access: str = TOTALS) -> Anatomy:
    """A clause that a lab's own figures keep or break."""
    return Anatomy(
        prover=LABS,
        verifier=VERIFIERS,
        declared=declared,
        undeclared=MISSING,
        access=access,
        confidentiality=CLOSED,
        response=CONFIRMED,
        falsified_by=falsified_by,
    )


def _conduct(declared: str, falsified_by: str) -> Anatomy:
    """A clause about what is done inside a lab, which figures alone do not show."""
    return Anatomy(
        prover=EACH,
        verifier=VERIFIERS,
        declared=declared,
        undeclared=MISSING,
        access=SITES,
        confidentiality=CLOSED,
        response=ASKED,
        falsified_by=falsified_by,
    )


def _course(declared: str, falsified_by: str) -> Anatomy:
    """A clause about the agreement's course, which the logs show."""
    return Anatomy(
        prover=EACH,
        verifier=PANEL,
        declared=declared,
        undeclared=NOT_DONE,
        access=LOGS,
        confidentiality=OPEN,
        response=VOID,
        falsified_by=falsified_by,
    )


STANDARD: Final[dict[ClauseKind, Anatomy]] = {
    ClauseKind.TOTAL_CAP: _limit(
        _USE, "A signed usage statement whose operations add up to more than the limit."
    ),
    ClauseKind.ASSURANCE: _course(
        "Each ratification.",
        "A statement that treats a party as bound while a ratification is missing.",
    ),
    ClauseKind.COVERAGE: _course(
        "Each ratification, and each declaration of capacity.",
        "A statement that treats a party as bound while the logs hold too few ratifications.",
    ),
    ClauseKind.PEER_CONDITIONAL: _course(
        "Each lab's status, in the appraisals.",
        "A party's statement that it is free while the appraisals show the status kept.",
    ),
    ClauseKind.RUN_CAP: _limit(
        _USE, "A signed usage statement that gives a run a total above the limit."
    ),
    ClauseKind.POST_TRAINING_CAP: _limit(
        _USE, "A signed usage statement, or an opened job record, of post-training above the limit."
    ),
    ClauseKind.CLUSTER_CAP: _limit(
        _FLEET,
        "An inspection that finds such a cluster where none may be.",
        access=SITES,
    ),
    ClauseKind.STOCK_CAP: _limit(
        _FLEET,
        "An inspection, or a power meter's reading, that shows more than the limit.",
        access=SITES,
    ),
    ClauseKind.RESEARCH_BUDGET: _limit(
        _USE, "Signed usage statements whose research operations add up to more than the budget."
    ),
    ClauseKind.STAGED_CAP: _limit(
        _USE, "A signed usage statement above the limit of the stage then in force."
    ),
    ClauseKind.APPROVE_BAND: _limit(
        "Each planned run in the band, before it begins.",
        "A signed usage statement of a run in the band that was not reported before.",
    ),
    ClauseKind.EXEMPTIONS: _limit(
        "Each exempt job, by its purpose, in the lab's job records.",
        "An opened job record whose purpose is not the one it was exempted for.",
    ),
    ClauseKind.POWER_DOWN: _limit(
        _FLEET,
        "A power meter's reading, or an inspection, that shows more running than may.",
        access=SITES,
    ),
    ClauseKind.INFERENCE_CAP: _limit(
        _USE, "An inspection that measures more than the limit at a service.", access=SITES
    ),
    ClauseKind.RELEASE_HOLD: _conduct(
        "Each planned act, before it is done.",
        "An incident statement that shows the act done without the notice.",
    ),
    ClauseKind.RESEARCH_RESTRICTION: _conduct(
        "Each project's field, to the auditors.",
        "An auditor's incident statement, or an inspection, that shows closed work going on.",
    ),
    ClauseKind.TRIGGERED: _course(
        "Indicators and incidents, by their sources.",
        "Signed statements that meet the rule while the clauses are not applied.",
    ),
    ClauseKind.LIFT_CONDITION: _course(
        "What the rule counts.",
        "A statement that treats a clause as ended while the rule is not met.",
    ),
    ClauseKind.DEROGATION: _course(
        "The derogation, its grounds and its end, by notice.",
        "A signed usage statement beyond a cap outside the notice's scope or time.",
    ),
    ClauseKind.SNAP_BACK: _course(
        "The confirmed finding, with its evidence.",
        "A signed usage statement above a cap after it came back.",
    ),
    ClauseKind.WITHDRAWAL: _course(
        "The notice of withdrawal.",
        "A period of the notice without the usage statement still owed.",
    ),
    ClauseKind.VERIFICATION_ACCESS: _conduct(
        "Every site, and who can open it at any hour.",
        "A signed report of an inspection that was refused or came in later than allowed.",
    ),
    ClauseKind.TRANSPARENCY: _course(
        "A signed statement of every interval, also when nothing happened.",
        "An interval without the signed statement, or a figure shown to a wider circle.",
    ),
    ClauseKind.STAKE: _course(
        "The deposit, by its holder's signed statement.",
        "A determination of a breach without the holder's signed statement of the loss.",
    ),
    ClauseKind.ACCESSION: _course(
        "Affiliates, tenants and each new party's ratification.",
        "A usage statement, or an inspection, that shows work by an affiliate nobody declared.",
    ),
    ClauseKind.NON_CIRCUMVENTION: _conduct(
        "Every site and affiliate that works for the party.",
        "An inspection, or opened job records, that show a run or site hidden or split.",
    ),
    ClauseKind.AMENDMENT: _course(
        "What each party wants a limit to be, in its log.",
        "A usage statement over what a limit has come down to, by time or by the parties' word.",
    ),
    ClauseKind.DISPUTE: _course(
        "The question, the answer and the determination, each with its time.",
        "A signed determination before the time to clarify ended or on a lesser grade.",
    ),
    ClauseKind.NON_PARTY: _course(
        "The grounds for believing that the line was exceeded, by an incident statement.",
        "A party's signed statement of a response that no incident statement supports.",
    ),
}
"""The texts that `anatomy: standard` stands for, by kind of clause."""
