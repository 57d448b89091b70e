"""Proof F6: a lab's own signed usage is over a cap that binds it (protocol.md 8).

The materials, in this order, each leaf under the network cut before it:

1. the cut that activated the agreement, and the ratification of every named party (of the
   accused alone where activation is unconditional);
2. the first network cut that holds the usage statement, and the statement;
3. the second, of a later period, also than the statement's own; under it, in the order of the
   log, the statement again with the window after it (`corrections`), and, where its runs are
   over the cap only together with their ancestors, the statements that say so, each with its
   window;
4. where it is within every fixed cap, what shows that the accused had learned in time of the
   limit of a staged cap (`learned`). A staged cap on runs also asks, under 3, for the usage of the
   period before: a run that stands over a limit and no longer grows breaks none.

The second network cut is the end of the time in which a statement may be corrected; the windows
show what was corrected by then. The usage statement names the agreement: a lab does so only once
it has seen that it is bound, so that its own signature, and no verifier's alone, says that the
cap applied.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import assert_never

from pausenet.errors import InvalidEvidence
from pausenet.log.merkle import leaf_hash, verify_inclusion
from pausenet.protocol.corrections import Entry, Figures, figures
from pausenet.protocol.cut import open_network_cut, origin_in
from pausenet.protocol.evidence import (
    Accusation,
    EndorsedCut,
    Judgement,
    Leaf,
    Material,
    Signed,
)
from pausenet.protocol.learned import judge_learned
from pausenet.protocol.lineage import Lineage, known_runs, over
from pausenet.protocol.reader import OpenedEntry, open_entry
from pausenet.protocol.register import Register
from pausenet.statements.agreement import ALL_NAMED, Agreement, Schedule
from pausenet.statements.clauses.limits import Lineage as Counted
from pausenet.statements.clauses.limits import Metric
from pausenet.statements.cut import Cut
from pausenet.statements.declaration import Ratification
from pausenet.statements.finding import Fault, Grade
from pausenet.statements.usage import ComputeUsage, WorkloadClass
from pausenet.values import ParticipantId, Period, PeriodIndex, Pflop, Seq


def period_at(schedule: Schedule, index: int) -> Period | None:
    """The schedule's period of an index; None where it lies beyond what times can say."""
    try:
        return schedule.period(PeriodIndex(index))
    except ValueError:
        return None


@dataclass(frozen=True, slots=True, kw_only=True)
class Excess:
    """What of a usage statement is over a cap, in words, and which statements say so.

    `stated` holds the places of the other statements that it takes. Over a stage alone, `amount`
    is what stands above its limit; over a fixed cap it is None.
    """

    text: str
    stated: frozenset[Seq]
    amount: Pflop | None = None


def excess(
    agreement: Agreement, stated: Sequence[Figures], staged: Pflop | None = None
) -> Excess | None:
    """What of the last of these statements of a lab is over a cap; None where nothing is.

    `staged` is the limit of the stage in force, if one is; it is asked only of what is within the
    fixed caps. The earlier statements are asked only for the ancestors of runs that are below the
    cap themselves, and for what runs had come to in the period before.
    """
    found = _over_fixed(agreement, stated)
    if found is not None or staged is None or agreement.staged_cap is None:
        return found
    match agreement.staged_cap.metric:
        case Metric.TOTAL:
            return _total_over_stage(agreement, stated[-1].usage, staged)
        case Metric.RUN:
            return _run_over_stage(stated, staged)
        case _:
            assert_never(agreement.staged_cap.metric)


def _total_over_stage(agreement: Agreement, usage: ComputeUsage, limit: Pflop) -> Excess | None:
    """The total over the classes that the cap on a period counts, or over all without one."""
    total_cap = agreement.total_cap
    counted = tuple(WorkloadClass) if total_cap is None else total_cap.classes
    used = Pflop(sum(each.used_pflop for name, each in usage.classes if name in counted))
    if used <= limit:
        return None
    text = f"the period's total is {used} PFLOP, the staged cap on it is {limit}"
    return Excess(text=text, stated=frozenset(), amount=used)


def _run_over_stage(stated: Sequence[Figures], limit: Pflop) -> Excess | None:
    """The largest run over the limit that has grown since the usage of the period before."""
    last = stated[-1]
    before = next((each for each in stated[:-1] if each.period == last.period - 1), None)
    if before is None:
        return None
    stood = {run.run: run.total_pflop for run in before.usage.runs}
    grown = [
        (run.total_pflop, run.run)
        for run in last.usage.runs
        if run.total_pflop > limit and run.total_pflop > stood.get(run.run, 0)
    ]
    if not grown:
        return None
    total, run = max(grown)
    text = f"run {run} has grown to {total} PFLOP, the staged cap on a run is {limit}"
    return Excess(text=text, stated=frozenset({before.seq}), amount=total)


def _over_fixed(agreement: Agreement, stated: Sequence[Figures]) -> Excess | None:
    """What is over the cap on a run, with its ancestors where they count, or on a period."""
    usage, found, needed = stated[-1].usage, list[str](), frozenset[Seq]()
    run_cap, total_cap = agreement.run_cap, agreement.total_cap
    if run_cap is not None:
        limit = run_cap.limit_pflop
        alone = [run for run in usage.runs if run.total_pflop > limit]
        if alone:
            largest = max(alone, key=lambda run: (run.total_pflop, run.run))
            found.append(
                f"run {largest.run} stands at {largest.total_pflop} PFLOP, "
                f"the cap on a run is {limit}"
            )
        elif run_cap.lineage is Counted.ANCESTORS:
            lineage = _lineage(stated, limit)
            if lineage is not None:
                needed = lineage.stated
                found.append(
                    f"run {lineage.run} with {len(lineage.ancestors)} of its ancestors stands at "
                    f"{lineage.total_pflop} PFLOP, the cap on a run is {limit}"
                )
    if total_cap is not None:
        used = sum(each.used_pflop for name, each in usage.classes if name in total_cap.classes)
        if used > total_cap.limit_pflop:
            found.append(
                f"the period's total is {used} PFLOP, the cap on it is {total_cap.limit_pflop}"
            )
    return Excess(text="; ".join(found)[:300], stated=needed) if found else None


def _lineage(stated: Sequence[Figures], limit: Pflop) -> Lineage | None:
    """The first run of the last statement, by name, that is over the cap with its ancestors."""
    known = known_runs(stated)
    if sum(each.total_pflop for each in known.values()) <= limit:
        return None
    lineages = (over(run, known, limit) for run in stated[-1].usage.runs)
    return next((lineage for lineage in lineages if lineage is not None), None)


def judge_over_cap(register: Register, materials: tuple[Material, ...]) -> Judgement:
    """F6 of three network cuts with their leaves, and of what was learned of a stage."""
    caps, learned = _split(materials)
    groups = _groups(caps)
    if len(groups) != 3:
        raise InvalidEvidence("expected three network cuts, each with its leaves")
    cuts = [open_network_cut(register, endorsed) for endorsed, _ in groups]
    opened = [
        tuple(_included(register, cut, leaf) for leaf in leaves)
        for cut, (_, leaves) in zip(cuts, groups, strict=True)
    ]
    if len(opened[1]) != 1:
        raise InvalidEvidence("expected one usage statement under the second cut")
    (usage,) = opened[1]
    period = _bound(register, usage)
    staged = judge_learned(register, usage.member, period.index, learned) if learned else None
    text, corrected = _uncorrected(
        register, cuts[2], usage, groups[1][1][0], opened[2], groups[2][1], staged
    )
    _require_activated(register, usage.member.id, cuts[0], opened[0])
    # F6.3 The period was in force, and the second network cut has come: of a later period than
    # the statement's own, since the first may be an earlier period's that came late.
    if period.index < cuts[0].period + register.agreement.schedule.notice_periods:
        raise InvalidEvidence("the agreement was not yet in force in the period")
    if not max(cuts[1].period, period.index) < cuts[2].period:
        raise InvalidEvidence("the last cut is not later than the one before and the statement")
    return Judgement(
        accusation=Accusation(
            fault=Fault.F6,
            grade=Grade.CONFIRMED,
            accused=usage.member.id,
            role=usage.member.role,
            key=usage.key.key_id,
            periods=(period.index,),
            text=text,
        ),
        materials=materials,
        facts=(
            f"the agreement was activated by the cut of period {cuts[0].period}, "
            f"{register.agreement.schedule.notice_periods} periods before it bound",
            f"the cuts of periods {cuts[1].period} and {cuts[2].period} hold the usage statement"
            f"{corrected}",
            f"the usage of period {period.index} names the agreement; {text}"[:300],
        ),
    )


def _bound(register: Register, usage: OpenedEntry) -> Period:
    """F6.1 The statement is a party's usage of one period, and names the agreement."""
    agreement, statement = register.agreement, usage.statement
    body, period = statement.body, statement.period
    if not isinstance(body, ComputeUsage) or usage.member.id not in agreement.parties:
        raise InvalidEvidence("expected a party's usage statement")
    if period is None or period != period_at(agreement.schedule, period.index):
        raise InvalidEvidence("the statement's period is not one of the agreement's")
    if statement.agreement != register.agreement_digest:
        raise InvalidEvidence("the statement does not name the agreement")
    return period


def _uncorrected(
    register: Register,
    cut: Cut,
    usage: OpenedEntry,
    leaf: Leaf,
    opened: Sequence[OpenedEntry],
    leaves: Sequence[Leaf],
    staged: Pflop | None,
) -> tuple[str, str]:
    """F6.4 By the second cut the statement, as corrected, is over a cap; what says so is there.

    Gives what is over, and whether a correction was heard, both in words.
    """
    item = origin_in(cut, usage.member.origin)
    places = [each.index for each in leaves]
    if item is None or places != sorted(set(places)) or leaf.index not in places:
        raise InvalidEvidence("expected entries of the accused's log, in order, under the last cut")
    if any(each.member != usage.member for each in opened):
        raise InvalidEvidence("expected entries of the accused's log only")
    log: dict[int, Entry] = {
        each.index: (each.entry, said.statement) for each, said in zip(leaves, opened, strict=True)
    }
    if log[leaf.index][0] != leaf.entry:
        raise InvalidEvidence("expected the same usage statement under both later cuts")
    found = stated_by(log, leaf.index, item.size)
    if not found or found[-1].seq != leaf.index:
        raise InvalidEvidence("the window after the usage statement is not whole")
    over_cap = excess(register.agreement, found, staged)
    if over_cap is None:
        raise InvalidEvidence("the usage is within the caps")
    # F6.5 What was learned of a stage stands exactly where the fixed caps are kept.
    if (over_cap.amount is None) != (staged is None):
        raise InvalidEvidence("the usage is over a fixed cap, whatever was learned of a stage")
    if set(places) != needed(found, over_cap):
        raise InvalidEvidence("expected the statements that say so with their windows, and no more")
    corrected = found[-1].correction is not None
    return over_cap.text, "; it was corrected" if corrected else "; nothing corrects it"


def stated_by(log: Mapping[int, Entry], seq: Seq, until: int) -> tuple[Figures, ...]:
    """The figures of a usage statement, the last, and of all before it whose windows are whole.

    Only what names the same agreement counts: of other compute the lab did not say that it was
    bound, before the agreement was in force or under a derogation.
    """
    accused = log[seq][1]
    places = (
        place
        for place, (_, said) in sorted(log.items())
        if place <= seq and said is not None and accused is not None
        if said.agreement == accused.agreement
    )
    found = (figures(log, Seq(place), until) for place in places)
    return tuple(each for each in found if each is not None)


def needed(stated: Sequence[Figures], over_cap: Excess) -> set[Seq]:
    """The places of the entries that show an excess: the statements, and their windows."""
    which = [each for each in stated if each.seq in over_cap.stated or each is stated[-1]]
    return {Seq(place) for each in which for place in range(each.seq, each.end)}


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
        if not isinstance(body, Ratification) or body.agreement != register.agreement_digest:
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


def _split(materials: Sequence[Material]) -> tuple[Sequence[Material], Sequence[Material]]:
    """The cuts with their leaves, and what follows them from the first envelope on."""
    places = (place for place, each in enumerate(materials) if isinstance(each, Signed))
    first = next(places, len(materials))
    return materials[:first], materials[first:]


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
