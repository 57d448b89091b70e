"""What each clause asks or forbids, in one or two sentences that leave no term out."""

from __future__ import annotations

from fractions import Fraction
from typing import Final, assert_never

from pausenet.protocol.drafting import sentences_of_course
from pausenet.protocol.drafting.words import (
    decimal,
    flop,
    listing,
    number,
    periods,
    plural,
    rule,
    share,
    spaced,
    span,
)
from pausenet.statements.agreement import Schedule
from pausenet.statements.clauses import (
    Accession,
    Amendment,
    ApproveBand,
    Assurance,
    Clause,
    ClauseKind,
    ClusterCap,
    Coverage,
    Derogation,
    Dispute,
    Exemptions,
    InferenceCap,
    LiftCondition,
    NonCircumvention,
    NonParty,
    PeerConditional,
    PostTrainingCap,
    PowerDown,
    ReleaseHold,
    ResearchBudget,
    ResearchRestriction,
    RunCap,
    SnapBack,
    StagedCap,
    Stake,
    StockCap,
    TotalCap,
    Transparency,
    Triggered,
    VerificationAccess,
    Withdrawal,
)
from pausenet.statements.clauses.limits import Counting, Exceeding, Lineage, Metric, OffProof

TITLES: Final = {
    ClauseKind.TOTAL_CAP: "Compute of a lab in a period",
    ClauseKind.ASSURANCE: "All or nobody",
    ClauseKind.COVERAGE: "Enough of the field",
    ClauseKind.PEER_CONDITIONAL: "Only while the others keep it",
    ClauseKind.RUN_CAP: "Compute of one training run",
    ClauseKind.POST_TRAINING_CAP: "Fine-tuning and reinforcement learning",
    ClauseKind.CLUSTER_CAP: "Large clusters",
    ClauseKind.STOCK_CAP: "Installed accelerators",
    ClauseKind.RESEARCH_BUDGET: "Research compute",
    ClauseKind.STAGED_CAP: "A limit in stages",
    ClauseKind.APPROVE_BAND: "Reports and approval",
    ClauseKind.EXEMPTIONS: "What is exempt",
    ClauseKind.POWER_DOWN: "Switching off",
    ClauseKind.INFERENCE_CAP: "Serving models",
    ClauseKind.RELEASE_HOLD: "Holding back",
    ClauseKind.RESEARCH_RESTRICTION: "Closed research",
    ClauseKind.TRIGGERED: "Clauses that wait",
    ClauseKind.LIFT_CONDITION: "Clauses that end early",
    ClauseKind.DEROGATION: "Emergencies",
    ClauseKind.SNAP_BACK: "Coming back",
    ClauseKind.WITHDRAWAL: "Leaving",
    ClauseKind.VERIFICATION_ACCESS: "Inspections",
    ClauseKind.TRANSPARENCY: "What is shown",
    ClauseKind.STAKE: "Deposits",
    ClauseKind.ACCESSION: "Joining, and who is bound through a party",
    ClauseKind.NON_CIRCUMVENTION: "No way around",
    ClauseKind.AMENDMENT: "Changing the terms",
    ClauseKind.DISPUTE: "Disputes",
    ClauseKind.NON_PARTY: "Those outside",
}
_COUNTING: Final = {
    Counting.AS_EXECUTED: "Operations count as they were executed, in whatever precision.",
    Counting.SIXTEEN_BIT: (
        "Each operation counts as one on 16-bit numbers, the usual ones in training."
    ),
}
_LINEAGE: Final = {
    Lineage.ALONE: "Each run counts by itself, not with the runs it was built on.",
    Lineage.ANCESTORS: "The runs that it was built on count with it.",
}
_EXCEEDING: Final = {
    Exceeding.FORBIDDEN: "is forbidden",
    Exceeding.MONITORED: "stands at a declared site and is watched there by inspectors",
    Exceeding.REPORTED: "is reported",
}
_SHOWN: Final = {
    OffProof.METERED: "a power meter shows it",
    OffProof.SEALED: "seals that verifiers set show it",
    OffProof.SWORN: "the lab swears it",
}


def sentence(clause: Clause, schedule: Schedule) -> str:
    """What the clause says, with every term."""
    match clause:
        case TotalCap():
            return (
                f"No lab uses more than {flop(clause.limit_pflop)} in one period, "
                f"{listing(spaced(each) for each in clause.classes)} counted together."
            )
        case RunCap():
            return (
                f"No training run uses more than {flop(clause.limit_pflop)} over its whole life. "
                f"{_COUNTING[clause.counting]} {_LINEAGE[clause.lineage]}"
            )
        case PostTrainingCap():
            return _post_training(clause)
        case ClusterCap():
            return _cluster(clause)
        case StockCap():
            return _stock(clause, schedule)
        case ResearchBudget():
            return _budget(clause, schedule)
        case StagedCap():
            return _staged(clause, schedule)
        case ApproveBand():
            return _band(clause)
        case Exemptions():
            return _exemptions(clause)
        case PowerDown():
            wiped = (
                "No wiping of memory is asked."
                if clause.wipe_s == 0
                else f"Memory is wiped every {span(clause.wipe_s)}."
            )
            return (
                f"{share(clause.share_ppm)} of each lab's accelerators are switched off, and "
                f"{_SHOWN[clause.shown]}. {wiped}"
            )
        case InferenceCap():
            return _inference(clause)
        case (
            ReleaseHold()
            | ResearchRestriction()
            | VerificationAccess()
            | Transparency()
            | Stake()
            | NonCircumvention()
            | NonParty()
        ):
            return sentences_of_course.conduct(clause, schedule)
        case (
            Assurance()
            | Coverage()
            | PeerConditional()
            | Triggered()
            | LiftCondition()
            | Derogation()
            | SnapBack()
            | Withdrawal()
            | Accession()
            | Amendment()
            | Dispute()
        ):
            return sentences_of_course.course(clause, schedule)
        case _:
            assert_never(clause)


def _band(clause: ApproveBand) -> str:
    before = f"{span(clause.notice_s)} before" if clause.notice_s else "before"
    planned = f"A training run planned for {flop(clause.report_from_pflop)} or more is reported"
    if clause.approve_from_pflop == 0:
        return (
            f"{planned} {before} it begins; none waits for approval. Silence for "
            f"{span(clause.silence_s)} after the report ends the matter."
        )
    return (
        f"{planned} {before} it begins; one for {flop(clause.approve_from_pflop)} or more begins "
        f"only if the panel has not objected within {span(clause.silence_s)} of the report."
    )


def _post_training(clause: PostTrainingCap) -> str:
    limit = (
        f"All training of one model after its pre-training uses at most {flop(clause.limit_pflop)}"
    )
    if clause.share_of_base_ppm == 0:
        return f"{limit}; no share of the base run's compute is set."
    return f"{limit}, and at most {share(clause.share_of_base_ppm)} of what its base run used."


def _cluster(clause: ClusterCap) -> str:
    told = []
    if clause.rate_pflop_per_s:
        told.append(f"{flop(clause.rate_pflop_per_s)} a second")
    if clause.accelerators:
        told.append(f"{number(clause.accelerators)} accelerators (counted as H100s)")
    if clause.link_mbit_per_s:
        told.append(f"links of {number(clause.link_mbit_per_s)} Mbit/s")
    if clause.memory_gb:
        told.append(f"{number(clause.memory_gb)} GB of accelerator memory")
    unset = 4 - len(told)
    measures = plural(unset, "further measure")
    rest = f" ({measures} left open)" if unset else ""
    return f"A cluster with more than {listing(told)}{rest} {_EXCEEDING[clause.exceeding]}."


def _stock(clause: StockCap, schedule: Schedule) -> str:
    power = (
        "no limit of power is set"
        if clause.power_kw == 0
        else f"they draw at most {number(clause.power_kw)} kW"
    )
    return (
        f"A lab has at most {number(clause.accelerators)} accelerators installed (counted as "
        f"H100s); {power}. The limits grow by at most {share(clause.growth_ppm)} in each "
        f"{periods(clause.every_periods, schedule)}."
    )


def _budget(clause: ResearchBudget, schedule: Schedule) -> str:
    said = (
        f"A lab's research uses at most {flop(clause.budget_pflop)} in each "
        f"{periods(clause.window_periods, schedule)}."
    )
    if not clause.levy:
        return f"{said} No levy is set."
    steps = "; ".join(
        f"{share(step.rate_ppm)} of what goes beyond {flop(step.from_pflop)}"
        for step in clause.levy
    )
    return f"{said} Beyond certain amounts a levy is due: {steps}."


def _staged(clause: StagedCap, schedule: Schedule) -> str:
    what = "One training run" if clause.metric is Metric.RUN else "A lab's training in one period"
    steps = "; ".join(
        f"{flop(stage.limit_pflop)} from {periods(stage.after_periods, schedule)} after the "
        "agreement first binds it"
        for stage in clause.stages
    )
    told = [f"{what} is limited in stages: {steps}." if steps else f"{what} is limited in stages."]
    told += [
        f"A milestone lowers that to {flop(each.limit_pflop)}: {rule(each.rule, schedule)}"
        for each in clause.milestones
    ]
    return f"{' '.join(told)} The least limit reached holds, and none is given back."


def _exemptions(clause: Exemptions) -> str:
    times = decimal(Fraction(clause.audit_milli, 1_000))
    label = (
        "each such job says so in its record"
        if clause.labelled
        else "such jobs need not be labelled"
    )
    return (
        f"The caps leave out {listing(spaced(each) for each in clause.purposes)}, up to "
        f"{flop(clause.quota_pflop)} in a period; {label}, and its record is drawn for "
        f"inspection {times} times as often as others."
    )


def _inference(clause: InferenceCap) -> str:
    rate = (
        "no rate is set for a service"
        if clause.rate_pflop_per_s == 0
        else f"one service runs at most at {flop(clause.rate_pflop_per_s)} a second"
    )
    egress = (
        "no limit is set on what leaves a rack"
        if clause.egress_bytes_per_s == 0
        else f"at most {plural(clause.egress_bytes_per_s, 'byte')} a second leave a rack"
    )
    return f"For serving models, {rate}, and {egress}."
