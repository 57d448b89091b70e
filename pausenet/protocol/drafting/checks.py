"""What is wrong with an agreement that can nevertheless be written down.

The rules are those of docs/spec/agreements.md, by number. A problem's path names keys as an
agreement file has them, so that the file's reader can say line and column.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import pairwise
from typing import Final, TypeAlias

from pausenet.protocol.blocs import bloc_powers
from pausenet.protocol.circles import Matter, tier_of, within
from pausenet.protocol.drafting import sight
from pausenet.protocol.drafting.emptiness import empty
from pausenet.protocol.drafting.words import flop, periods, share, span
from pausenet.statements.agreement import Agreement
from pausenet.statements.clauses import (
    Amendment,
    ApproveBand,
    Assurance,
    Clause,
    Coverage,
    Derogation,
    Dispute,
    Exemptions,
    LiftCondition,
    PostTrainingCap,
    StagedCap,
    Triggered,
    VerificationAccess,
    Withdrawal,
)
from pausenet.statements.rule import (
    AdjudicatorDetermines,
    AfterPeriods,
    Condition,
    FromPeriod,
    IncidentReported,
    IndicatorBound,
    OnRatification,
    PartiesAssent,
    Rule,
    Side,
)
from pausenet.statements.tiers import Tier
from pausenet.values import ParticipantId, Quorum

Path: TypeAlias = tuple[str | int, ...]
_SOON: Final = 2
"""How many periods after the one in which a cut is taken what it shows can be known to all."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Problem:
    """One thing that is wrong: the rule's number, where, and what."""

    rule: str
    path: Path
    text: str


def problems(
    agreement: Agreement, blocs: tuple[tuple[ParticipantId, str], ...] = ()
) -> tuple[Problem, ...]:
    """Everything that the rules find; `blocs` are the expected verifiers with theirs."""
    found = [
        *_limits(agreement),
        *_course(agreement),
        *_rules(agreement),
        *empty_words(agreement),
        *_unheard(agreement, tuple(name for name, _ in blocs)),
        *_annex(agreement),
        *_tiers(agreement),
        *sight_problems(agreement),
        *_blocs(blocs),
    ]
    return tuple(found)


def sight_problems(agreement: Agreement) -> Iterator[Problem]:
    """Sections 2, 3 and 5: what nothing could show, and what nobody provides."""
    for rule, path, text in sight.unseen(agreement):
        yield Problem(rule=rule, path=path, text=text)


def empty_words(agreement: Agreement) -> Iterator[Problem]:
    """1.23 and 1.24: words that bind nobody to anything."""
    for rule, path, text in empty(agreement):
        yield Problem(rule=rule, path=path, text=text)


def _clauses(agreement: Agreement) -> Iterator[tuple[Path, Clause]]:
    for at, clause in enumerate(agreement.clauses):
        yield ("clauses", at), clause


def _limits(agreement: Agreement) -> Iterator[Problem]:
    run, total = agreement.run_cap, agreement.total_cap
    for path, clause in _clauses(agreement):
        if clause is run and run and total and run.limit_pflop > total.limit_pflop:
            text = (
                f"one run may use {flop(run.limit_pflop)}, more than a lab in a whole period "
                f"({flop(total.limit_pflop)}) on which it runs"
            )
            yield Problem(rule="1.1", path=(*path, "limit"), text=text)
        match clause:
            case ApproveBand() if 0 < clause.approve_from_pflop < clause.report_from_pflop:
                text = "runs are approved from a size that is not even reported"
                yield Problem(rule="1.2", path=(*path, "report_from"), text=text)
            case StagedCap():
                for at, (early, late) in enumerate(pairwise(clause.stages), start=1):
                    if late.limit_pflop > early.limit_pflop:
                        text = f"the limit rises again, to {flop(late.limit_pflop)}"
                        yield Problem(rule="1.3", path=(*path, "stages", at), text=text)
            case Exemptions() if total and clause.quota_pflop >= total.limit_pflop:
                text = "what is exempt may be as much as the cap itself"
                yield Problem(rule="1.4", path=(*path, "quota"), text=text)
            case PostTrainingCap() if run and clause.limit_pflop > run.limit_pflop:
                text = "training after pre-training may use more than a whole run"
                yield Problem(rule="1.5", path=(*path, "limit"), text=text)
            case Amendment() if not any(each > clause.floor_pflop for each in _falling(agreement)):
                text = "no limit stands above the floor, so that none can ever fall"
                yield Problem(rule="1.22", path=(*path, "floor"), text=text)


def _falling(agreement: Agreement) -> Iterator[int]:
    """The limits that C27 lets fall: by the parties' word, and those of stages by halving."""
    for cap in (agreement.run_cap, agreement.total_cap):
        if cap is not None:
            yield cap.limit_pflop
    halves = agreement.amendment is not None and agreement.amendment.halving_periods > 0
    if halves and agreement.staged_cap is not None:
        staged = agreement.staged_cap
        yield from (stage.limit_pflop for stage in staged.stages)
        yield from (milestone.limit_pflop for milestone in staged.milestones)


def chain_s(agreement: Agreement) -> int:
    """How long it takes from a breach to the end of an appeal, at the most, in seconds.

    A breach at a period's first second stands in that period's statement; a finding needs the
    cut of the next period too; then come the time to clarify and the time to appeal.
    """
    schedule, judge = agreement.schedule, agreement.adjudicator
    found = 2 * schedule.period_s + schedule.deadline_s + schedule.grace_s
    return found + judge.clarification_s + judge.appeal_periods * schedule.period_s


def term_periods(agreement: Agreement) -> int | None:
    """After how many periods the agreement ends whatever happens; None where it need not."""
    if agreement.lift.need > 1:
        return None
    ends = [each.periods for each in agreement.lift.conditions if isinstance(each, AfterPeriods)]
    return min(ends, default=None)


def _course(agreement: Agreement) -> Iterator[Problem]:
    schedule, judge, term = agreement.schedule, agreement.adjudicator, term_periods(agreement)
    if not any(isinstance(clause, Withdrawal) for clause in agreement.clauses):
        yield from _too_short(agreement, schedule.notice_periods, ("schedule", "notice"))
    for path, clause in _clauses(agreement):
        match clause:
            case Withdrawal():
                yield from _too_short(agreement, clause.notice_periods, (*path, "notice"))
                if term is not None and clause.notice_periods >= term:
                    text = "the notice is as long as the agreement, so nobody can leave"
                    yield Problem(rule="1.7", path=(*path, "notice"), text=text)
            case Derogation() if term is not None and clause.periods_max >= term:
                text = f"it may last {periods(clause.periods_max, schedule)}, the agreement {term}"
                yield Problem(rule="1.8", path=(*path, "periods_max"), text=text)
            case Assurance() | Coverage() if clause.deadline_period == 0:
                text = "it must be met by the cut of period 0, before anybody has attested"
                yield Problem(rule="1.9", path=(*path, "deadline_period"), text=text)
            case Dispute():
                same = (clause.clarification_s, clause.appeal_periods)
                if same != (judge.clarification_s, judge.appeal_periods):
                    text = "the adjudicator's time to clarify or to appeal says something else"
                    yield Problem(rule="1.10", path=path, text=text)


def _too_short(agreement: Agreement, notice_periods: int, path: Path) -> Iterator[Problem]:
    """1.6 A notice of leaving that runs out before a breach is found and settled."""
    chain = chain_s(agreement)
    if notice_periods * agreement.schedule.period_s < chain:
        text = (
            f"a party is out after {periods(notice_periods, agreement.schedule)}, but a breach is "
            f"found and settled only after {span(chain)}"
        )
        yield Problem(rule="1.6", path=path, text=text)


def _rules(agreement: Agreement) -> Iterator[Problem]:
    kinds = {clause.KIND for clause in agreement.clauses}
    for path, clause in _clauses(agreement):
        if isinstance(clause, Triggered | LiftCondition):
            key, named = (
                ("starts", clause.starts)
                if isinstance(clause, Triggered)
                else ("lifts", clause.lifts)
            )
            missing = [each for each in named if each not in kinds]
            if missing:
                text = f"it names {missing[0]}, which this agreement has not"
                yield Problem(rule="1.11", path=(*path, key), text=text)
            conditions = clause.rule.conditions
            of_all = [c for c in conditions if isinstance(c, PartiesAssent | AdjudicatorDetermines)]
            if len(conditions) - len(of_all) < clause.rule.need:
                text = "it waits for a word that is said of the whole agreement, never of a clause"
                yield Problem(rule="1.21", path=(*path, "rule"), text=text)
    for path, asked in _asked(agreement):
        if asked.quorum > len(asked.sources):
            text = f"{asked.quorum} of {len(asked.sources)} sources can never agree"
            yield Problem(rule="1.12", path=(*path, "quorum"), text=text)
    trigger = agreement.trigger
    waiting = [each for each in trigger.conditions if isinstance(each, AfterPeriods)]
    if len(trigger.conditions) - len(waiting) < trigger.need:
        text = "it waits for a time after itself, which never comes"
        yield Problem(rule="1.16", path=("trigger",), text=text)
    yield from _unforeseen(agreement)
    at_once = [each for each in agreement.lift.conditions if _at_once(each, agreement.trigger)]
    if len(at_once) >= agreement.lift.need:
        text = "it can be met in the very cut that meets the trigger"
        yield Problem(rule="1.13", path=("lift",), text=text)


def _unforeseen(agreement: Agreement) -> Iterator[Problem]:
    """1.20 A trigger that binds periods which have begun before anybody knows that it was met."""
    schedule, conditions = agreement.schedule, agreement.trigger.conditions
    known = (schedule.deadline_s + schedule.grace_s) // schedule.period_s + _SOON
    foreseen = all(isinstance(each, OnRatification | FromPeriod) for each in conditions)
    if not foreseen and schedule.notice_periods < known:
        text = (
            f"the trigger binds after {periods(schedule.notice_periods, schedule)}, but only after "
            f"{periods(known, schedule)} does everybody know that it was met"
        )
        yield Problem(rule="1.20", path=("schedule", "notice"), text=text)


def _asked(agreement: Agreement) -> Iterator[tuple[Path, IndicatorBound | IncidentReported]]:
    """Every condition that asks sources, in the rules of the agreement and of its clauses."""
    rules: list[tuple[Path, Rule]] = [
        (("trigger",), agreement.trigger),
        (("lift",), agreement.lift),
    ]
    for path, clause in _clauses(agreement):
        if isinstance(clause, Triggered | LiftCondition):
            rules.append(((*path, "rule"), clause.rule))
        if isinstance(clause, StagedCap):
            for at, each in enumerate(clause.milestones):
                rules.append(((*path, "milestones", at, "rule"), each.rule))
    for path, rule in rules:
        for at, condition in enumerate(rule.conditions):
            if isinstance(condition, IndicatorBound | IncidentReported):
                yield (*path, "conditions", at), condition


def _unheard(agreement: Agreement, verifiers: tuple[ParticipantId, ...]) -> Iterator[Problem]:
    """3.3 Verifiers, meters and adjudicators have other work: their word is no source's."""
    meters = [channel.meter for channel in agreement.channels]
    busy = {*verifiers, *meters, *agreement.adjudicator.panel}
    for path, asked in _asked(agreement):
        found = [source for source in asked.sources if source in busy]
        if found:
            text = f"{found[0]} is a verifier, meter or adjudicator, whom nobody hears as a source"
            yield Problem(rule="3.3", path=(*path, "sources"), text=text)


def _at_once(condition: Condition, trigger: Rule) -> bool:
    """Whether a condition of the lift rule can hold when the trigger is met."""
    match condition:
        case OnRatification():
            return True
        case FromPeriod(period=period):
            starts = [each.period for each in trigger.conditions if isinstance(each, FromPeriod)]
            return period == 0 or any(period <= start for start in starts)
        case IncidentReported():
            return any(isinstance(each, IncidentReported) for each in trigger.conditions)
        case IndicatorBound():
            return any(
                isinstance(each, IndicatorBound) and _overlap(condition, each)
                for each in trigger.conditions
            )
        case _:
            return False


def _overlap(lift: IndicatorBound, trigger: IndicatorBound) -> bool:
    """Whether one value of one indicator meets both."""
    if lift.indicator is not trigger.indicator:
        return False
    if lift.side is trigger.side:
        return True
    low, high = (lift, trigger) if lift.side is Side.AT_LEAST else (trigger, lift)
    return low.bound <= high.bound


def _annex(agreement: Agreement) -> Iterator[Problem]:
    annex = agreement.annex
    for path, clause in _clauses(agreement):
        if isinstance(clause, VerificationAccess) and clause.short_notice_ppm != annex.sample_ppm:
            text = f"the annex says {share(annex.sample_ppm)} for visits at short notice"
            yield Problem(rule="1.14", path=(*path, "short_notice"), text=text)


def _tiers(agreement: Agreement) -> Iterator[Problem]:
    """1.15, 1.17 to 1.19 Who is shown what: nothing odd, and nothing that a network cannot keep."""
    shown = {what: tier_of(agreement, what) for what in Matter}
    if not within(shown[Matter.JOBS], shown[Matter.TOTALS]):
        text = "single records are shown to a wider circle than the totals they add up to"
        yield Problem(rule="1.15", path=("tiers", "job_records"), text=text)
    figures = (Matter.TOTALS, Matter.SITES, Matter.JOBS)
    told = [what for what in figures if within(Tier.PARTIES, shown[what])]
    if agreement.legal_basis.voluntary and told:
        text = f"the basis is voluntary, and competitors would read each other's {told[0].words}"
        yield Problem(rule="1.17", path=("tiers", told[0].value), text=text)
    for what in (Matter.TOTALS, Matter.SITES):
        if not within(Tier.VERIFIERS, shown[what]):
            text = f"{what.words} stand in statements, which every verifier reads"
            yield Problem(rule="1.18", path=("tiers", what.value), text=text)
    if not within(Tier.PARTIES, shown[Matter.VERDICTS]):
        text = "verdicts stand in the verifiers' logs, by which parties learn that they are bound"
        yield Problem(rule="1.19", path=("tiers", "verdicts"), text=text)


def _blocs(blocs: tuple[tuple[ParticipantId, str], ...]) -> Iterator[Problem]:
    if not blocs:
        return
    try:
        quorum = Quorum(n=len(blocs))
    except ValueError:
        text = f"expected 1 or 4 to 64 verifiers, found {len(blocs)}"
        yield Problem(rule="4.1", path=("verifiers",), text=text)
        return
    for power in bloc_powers(quorum, [bloc for _, bloc in blocs]):
        yield Problem(rule="4.2" if power.makes else "4.3", path=("verifiers",), text=power.text)
