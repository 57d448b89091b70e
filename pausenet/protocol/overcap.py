"""Proof F6: a lab's own signed usage is over a cap that binds it (protocol.md 8).

The materials, in this order, each leaf under the network cut before it:

1. the cut that activated the agreement, and the ratification of every named party (of the
   accused alone where activation is unconditional);
2. the first network cut that holds the usage statement, and the statement;
3. a later network cut that still holds it, and the statement again.

The second network cut is the end of the time in which a statement may be corrected. The usage
statement names the agreement: a lab does so only once it has seen that it is bound, so that its
own signature, and no verifier's alone, says that the cap applied.
"""

from __future__ import annotations

from collections.abc import Sequence

from pausenet.errors import InvalidEvidence
from pausenet.log.merkle import leaf_hash, verify_inclusion
from pausenet.protocol.cut import open_network_cut, origin_in
from pausenet.protocol.evidence import Accusation, EndorsedCut, Judgement, Leaf, Material
from pausenet.protocol.reader import OpenedEntry, open_entry
from pausenet.protocol.register import Register
from pausenet.statements.agreement import ALL_NAMED, Agreement, Schedule
from pausenet.statements.cut import Cut
from pausenet.statements.declaration import Ratification
from pausenet.statements.finding import Fault, Grade
from pausenet.statements.register import Purpose
from pausenet.statements.usage import ComputeUsage
from pausenet.values import ParticipantId, Period, PeriodIndex


def period_at(schedule: Schedule, index: int) -> Period | None:
    """The schedule's period of an index; None where it lies beyond what times can say."""
    try:
        return schedule.period(PeriodIndex(index))
    except ValueError:
        return None


def excess(agreement: Agreement, usage: ComputeUsage) -> str:
    """What of a usage statement is over a cap, in words; empty when nothing is."""
    found = []
    run_cap, total_cap = agreement.run_cap, agreement.total_cap
    if run_cap is not None:
        over = [run for run in usage.runs if run.total_pflop > run_cap.limit_pflop]
        if over:
            largest = max(over, key=lambda run: (run.total_pflop, run.run))
            found.append(
                f"run {largest.run} stands at {largest.total_pflop} PFLOP, "
                f"the cap on a run is {run_cap.limit_pflop}"
            )
    if total_cap is not None:
        used = sum(each.used_pflop for name, each in usage.classes if name in total_cap.classes)
        if used > total_cap.limit_pflop:
            found.append(
                f"the period's total is {used} PFLOP, the cap on it is {total_cap.limit_pflop}"
            )
    return "; ".join(found)


def judge_over_cap(register: Register, materials: tuple[Material, ...]) -> Judgement:
    """F6 of three network cuts with their leaves."""
    groups = _groups(materials)
    if len(groups) != 3:
        raise InvalidEvidence("expected three network cuts, each with its leaves")
    cuts = [open_network_cut(register, endorsed) for endorsed, _ in groups]
    opened = [
        tuple(_included(register, cut, leaf) for leaf in leaves)
        for cut, (_, leaves) in zip(cuts, groups, strict=True)
    ]
    if len(opened[1]) != 1 or groups[1][1][0].entry != groups[2][1][0].entry or groups[2][1][1:]:
        raise InvalidEvidence("expected one usage statement under both later cuts")
    (usage,) = opened[1]
    period, text = _over(register, usage)
    _require_activated(register, usage.member.id, cuts[0], opened[0])
    # F6.3 The period was in force, and the second network cut has come.
    if period.index < cuts[0].period + register.agreement.schedule.notice_periods:
        raise InvalidEvidence("the agreement was not yet in force in the period")
    if not cuts[1].period < cuts[2].period:
        raise InvalidEvidence("the last cut is not later than the one before")
    return Judgement(
        accusation=Accusation(
            fault=Fault.F6,
            grade=Grade.CONFIRMED,
            accused=usage.member.id,
            role=usage.member.role,
            key=usage.member.keys[Purpose.STATEMENT].key_id,
            periods=(period.index,),
            text=text[:300],
        ),
        materials=materials,
        facts=(
            f"the agreement was activated by the cut of period {cuts[0].period}, "
            f"{register.agreement.schedule.notice_periods} periods before it bound",
            f"the cuts of periods {cuts[1].period} and {cuts[2].period} hold the usage statement",
            f"the usage of period {period.index} names the agreement; {text}"[:300],
        ),
    )


def _over(register: Register, usage: OpenedEntry) -> tuple[Period, str]:
    """F6.1 The statement is a party's usage of one period, names the agreement, is over a cap."""
    agreement, statement = register.agreement, usage.statement
    body, period = statement.body, statement.period
    if not isinstance(body, ComputeUsage) or usage.member.id not in agreement.parties:
        raise InvalidEvidence("expected a party's usage statement")
    if period is None or period != period_at(agreement.schedule, period.index):
        raise InvalidEvidence("the statement's period is not one of the agreement's")
    if statement.agreement != agreement.digest:
        raise InvalidEvidence("the statement does not name the agreement")
    text = excess(agreement, body)
    if not text:
        raise InvalidEvidence("the usage is within the caps")
    return period, text


def _require_activated(
    register: Register, accused: ParticipantId, cut: Cut, ratifications: Sequence[OpenedEntry]
) -> None:
    """F6.2 The cut holds the ratifications that bring the agreement into force."""
    agreement = register.agreement
    all_named = agreement.activation == ALL_NAMED
    named = agreement.parties if all_named else (accused,)
    if tuple(opened.member.id for opened in ratifications) != named:
        raise InvalidEvidence("expected the ratification of each party, in their order")
    for opened in ratifications:
        body = opened.statement.body
        if not isinstance(body, Ratification) or body.agreement != agreement.digest:
            raise InvalidEvidence(f"{opened.member.id} did not ratify the agreement")
        if body.until < cut.period:
            raise InvalidEvidence(f"the ratification of {opened.member.id} had ended")


def _included(register: Register, cut: Cut, leaf: Leaf) -> OpenedEntry:
    """A statement that stands at its place in its log as the cut holds it."""
    opened = open_entry(register, leaf.entry)
    item = origin_in(cut, opened.member.origin)
    if item is None or opened.statement.seq != leaf.index:
        raise InvalidEvidence(f"the cut does not hold the statement of {opened.member.id}")
    verify_inclusion(leaf_hash(leaf.entry), leaf.index, item.size, leaf.proof, item.root)
    return opened


def _groups(materials: Sequence[Material]) -> list[tuple[EndorsedCut, tuple[Leaf, ...]]]:
    """Each network cut with the leaves after it, at least one."""
    groups: list[tuple[EndorsedCut, list[Leaf]]] = []
    for material in materials:
        match material:
            case EndorsedCut():
                groups.append((material, []))
            case Leaf() if groups:
                groups[-1][1].append(material)
            case _:
                raise InvalidEvidence("expected network cuts, each with its leaves")
    if not all(leaves for _, leaves in groups):
        raise InvalidEvidence("a network cut without a leaf")
    return [(cut, tuple(leaves)) for cut, leaves in groups]
