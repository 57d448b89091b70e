"""What the clauses on conduct and on an agreement's course say, with every term."""

from __future__ import annotations

from typing import Final, TypeAlias, assert_never

from pausenet.protocol.drafting.words import (
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
from pausenet.protocol.joining import SOON
from pausenet.statements.agreement import Schedule
from pausenet.statements.clauses import (
    Accession,
    Amendment,
    Assurance,
    ClauseKind,
    Coverage,
    Derogation,
    Dispute,
    LiftCondition,
    NonCircumvention,
    NonParty,
    PeerConditional,
    ReleaseHold,
    ResearchRestriction,
    SnapBack,
    Stake,
    Transparency,
    Triggered,
    VerificationAccess,
    Withdrawal,
)
from pausenet.statements.clauses.conduct import NonPartyResponse
from pausenet.statements.clauses.course import Duty, Measure
from pausenet.statements.finding import Fault, Grade, Status
from pausenet.statements.tiers import Tier

Conduct: TypeAlias = (
    ReleaseHold
    | ResearchRestriction
    | VerificationAccess
    | Transparency
    | Stake
    | NonCircumvention
    | NonParty
)
Course: TypeAlias = (
    Assurance
    | Coverage
    | PeerConditional
    | Triggered
    | LiftCondition
    | Derogation
    | SnapBack
    | Withdrawal
    | Accession
    | Amendment
    | Dispute
)
STATUSES: Final = {
    Status.NO_BREACH_FOUND: "no breach found in what was declared",
    Status.DISCREPANCY: "a discrepancy between evidence and declaration",
    Status.BREACH_PROVEN: "a proven breach",
    Status.NOT_DEMONSTRATED: "something due is missing",
    Status.NOT_IN_FORCE: "not bound yet",
}
GRADES: Final = {
    Grade.CONFIRMED: "confirmed (the accused's own signatures prove it)",
    Grade.PLAUSIBLE: "plausible (independent evidence points to it)",
    Grade.UNRESOLVED: "unresolved (asked and not yet answered)",
    Grade.UNSUPPORTED: "unsupported (looked at, and nothing stands behind it)",
}
CIRCLES: Final = {
    Tier.PUBLIC: "the public",
    Tier.PARTIES: "the parties",
    Tier.VERIFIERS: "the verifiers",
    Tier.INSPECTOR: "inspectors",
}
_SECURITY: Final = (
    "no protection of weights against theft is asked",
    *(f"weights are protected against theft at level {level} of 5" for level in range(1, 6)),
)
_DUTIES: Final = {
    Duty.ATTEST: "state its compute every period",
    Duty.CAPS: "keep within the limits",
    Duty.INSPECTIONS: "admit inspections",
    Duty.CONFIDENTIALITY: "keep what it learned in confidence",
}
_RESPONSES: Final = {
    NonPartyResponse.CONSULT: "call the parties together, and no more",
    NonPartyResponse.DEROGATE: "step outside the limits so far as it needs",
    NonPartyResponse.SUSPEND: "suspend the agreement for itself",
}


_PLAINER: Final = {
    Fault.F2: "two signed states of its log, of one size, that differ",
    Fault.F3: "two signed states of its log that differ at one place",
    Fault.F6: "its own signed usage is over a limit in force",
}


def fault(found: Fault) -> str:
    """A fault by its number and meaning."""
    return f"{found} ({_PLAINER.get(found, found.meaning)})"


def conduct(clause: Conduct, schedule: Schedule) -> str:
    """A clause on what is done, shown and staked."""
    match clause:
        case ReleaseHold():
            acts = listing(spaced(each) for each in clause.acts)
            before = span(clause.notice_s) if clause.notice_s else "any time"
            return (
                f"What is held back: {acts}. Where this agreement allows one, it is notified "
                f"{before} before. Meanwhile {_SECURITY[clause.security_level]}."
            )
        case ResearchRestriction():
            return (
                f"Closed to the parties is research on "
                f"{listing(spaced(each) for each in clause.topics)}. "
                f"The verifiers place {plural(clause.embedded_auditors, 'auditor')} in each lab."
            )
        case VerificationAccess():
            return _access(clause)
        case Transparency():
            proof = "and proves it without opening it" if clause.zero_knowledge else "and no more"
            return (
                f"Each party gives the public a signed sign of life every "
                f"{span(clause.heartbeat_s)} {proof}. More than that goes to "
                f"{CIRCLES[clause.detail]} and no wider."
            )
        case Stake():
            losses = "; ".join(
                f"US$ {number(loss.amount_usd)} where the finding is {GRADES[loss.grade]}"
                for loss in clause.losses
            )
            return (
                f"Each party deposits US$ {number(clause.deposit_usd)}. A breach that the "
                f"adjudicator determines costs it, once final, {losses}; in all no more than it "
                "deposited."
            )
        case NonCircumvention():
            return _circumvention(clause)
        case NonParty():
            return (
                f"When somebody outside this agreement is shown to have used more than "
                f"{flop(clause.exceeds_pflop)} in one training run, the parties consult for "
                f"{periods(clause.consult_periods, schedule)}; then a party may "
                f"{_RESPONSES[clause.response]}."
            )
        case _:
            assert_never(clause)


def _access(clause: VerificationAccess) -> str:
    challenge = (
        "A party may ask for a challenge inspection of any place"
        if clause.challenge
        else "No party may ask for a challenge inspection"
    )
    managed = (
        f"The inspected lab may protect its secrets by "
        f"{listing(spaced(each) for each in clause.managed_access)}."
        if clause.managed_access
        else "The inspected lab may keep nothing back."
    )
    return (
        f"Each lab admits {plural(clause.inspections_per_period, 'routine inspection')} a period, "
        f"announced {span(clause.notice_s)} before; each site is visited at short notice with a "
        f"chance of {share(clause.short_notice_ppm)}. {challenge}. {managed}"
    )


def _circumvention(clause: NonCircumvention) -> str:
    means = (
        "Nobody disturbs the parties' and their states' own means of observation."
        if clause.national_means
        else "States' own means of observation are not protected."
    )
    return (
        "Also a breach, where it serves to get around this agreement: "
        f"{listing((spaced(each) for each in clause.forbidden), 'or')}. {means}"
    )


def kinds(found: tuple[ClauseKind, ...]) -> str:
    """Clauses by their ids."""
    return listing(sorted(each.id for each in found))


def course(clause: Course, schedule: Schedule) -> str:
    """A clause on how the agreement begins, changes, is left and ends."""
    match clause:
        case Assurance():
            secret = (
                "and nobody may use the knowledge of who had ratified"
                if clause.unlinkable
                else "and who had ratified stays known"
            )
            return (
                f"The agreement binds all the parties or none. If one ratification is missing "
                f"when period {number(clause.deadline_period)} closes, it is void for ever, "
                f"{secret}."
            )
        case Coverage():
            return (
                f"The agreement binds once {needed(clause.measure, clause.need)} have ratified; "
                f"if they have not when period {number(clause.deadline_period)} closes, it is "
                "void for ever."
            )
        case PeerConditional():
            ordered = [each for each in Status if each in clause.statuses]
            kept = listing((f'"{STATUSES[each]}"' for each in ordered), "or")
            return (
                f"A party stays bound while the verified status of every other is {kept}. "
                f"After {periods(clause.grace_periods, schedule)} of another it is free until "
                "all keep it."
            )
        case Triggered():
            return f"Binding only later: {kinds(clause.starts)}. {rule(clause.rule, schedule)}"
        case LiftCondition():
            return _lift(clause, schedule)
        case Derogation():
            return _derogation(clause, schedule)
        case SnapBack():
            veto = (
                "A vote of most who are not in breach can stop it before."
                if clause.veto
                else "No vote can stop it."
            )
            found = listing(map(fault, clause.faults), "or")
            return (
                "What was lifted or suspended comes back "
                f"{periods(clause.after_periods, schedule)} after a confirmed finding of {found}, "
                "or a breach that is final. "
                f"{veto}"
            )
        case Withdrawal():
            return _withdrawal(clause, schedule)
        case Accession():
            return _accession(clause, schedule)
        case Amendment():
            return _amendment(clause, schedule)
        case Dispute():
            return (
                f"Whoever is asked has {span(clause.clarification_s)} to clarify. A breach may "
                f"rest on a finding that is {GRADES[clause.evidence]}, on no lesser one. An appeal "
                f"is open for {periods(clause.appeal_periods, schedule)}."
            )
        case _:
            assert_never(clause)


def needed(measure: Measure, need: int) -> str:
    """How many parties, or how much of the capacity."""
    if measure is Measure.PARTIES:
        return f"{number(need)} of the parties"
    return f"parties with {share(need)} of the declared capacity"


def _lift(clause: LiftCondition, schedule: Schedule) -> str:
    stages = "; ".join(
        f"after {periods(stage.after_periods, schedule)} limits rise by {share(stage.raise_ppm)}"
        for stage in clause.stages
    )
    then = f"Not at once: {stages}." if clause.stages else "That is at once."
    return f"Ending before the rest: {kinds(clause.lifts)}. {rule(clause.rule, schedule)} {then}"


def _derogation(clause: Derogation, schedule: Schedule) -> str:
    others = (
        "The other parties may then do the same."
        if clause.reciprocal
        else "It gives the other parties no such right."
    )
    return (
        f'In an emergency ("{clause.scope}") a party may step outside the limits for at most '
        f"{periods(clause.periods_max, schedule)}, after a notice of "
        f"{periods(clause.notice_periods, schedule)}; the adjudicator reviews it "
        f"{periods(clause.review_periods, schedule)} after its end. {others}"
    )


def _withdrawal(clause: Withdrawal, schedule: Schedule) -> str:
    owed = (
        f"Until it is out it must {listing(_DUTIES[each] for each in clause.duties)}."
        if clause.duties
        else "In that time it owes nothing more."
    )
    back = (
        "and cannot take it back"
        if clause.cooling_off_periods == 0
        else f"and may take it back in the first {periods(clause.cooling_off_periods, schedule)}"
    )
    return (
        f"A party leaves by a notice of {periods(clause.notice_periods, schedule)} {back}. {owed}"
    )


def _accession(clause: Accession, schedule: Schedule) -> str:
    joined = (
        "Any lab of the register may join by ratifying"
        if clause.need_ppm == 0
        else f"A lab of the register joins by ratifying, when {share(clause.need_ppm)} of the "
        "parties that are held accept it"
    )
    affiliates = (
        "A party answers for its affiliates: their sites are declared as its own and counted in "
        "its totals."
        if clause.affiliates
        else "A party does not answer for its affiliates."
    )
    tenants = (
        "Tenants of its data centres do not count as its own."
        if clause.tenants_from_pflop == 0
        else f"A tenant that uses {flop(clause.tenants_from_pflop)} or more in a period counts as "
        "its own."
    )
    waits = periods(max(SOON, clause.wait_periods), schedule)
    if clause.wait_periods < SOON:
        waits += f", not the {periods(clause.wait_periods, schedule)} written,"
    return (
        f"{joined}. It is bound {waits} after that is settled, or after the notice where that is "
        f"longer, and owes nothing for the time before. {affiliates} {tenants}"
    )


def _amendment(clause: Amendment, schedule: Schedule) -> str:
    decay = (
        "No limit falls by itself."
        if clause.halving_periods == 0
        else "As methods improve, the limits on a run, on a lab's period and in stages halve each "
        f"{periods(clause.halving_periods, schedule)}, counted from the first period on."
    )
    return (
        f"The limits on a run and on a lab's period become lower when {share(clause.need_ppm)} of "
        "the parties it holds want the same, for all and for good, never higher; any other change "
        f"takes a new agreement. {decay} No limit falls below {flop(clause.floor_pflop)}. A run "
        "that stands over one by then may stand, and grow no further."
    )
