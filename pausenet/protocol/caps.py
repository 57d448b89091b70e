"""What of a lab's usage is over a cap, in words, and which of its statements say so (rule 9)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import assert_never

from pausenet.protocol.amending import decayed
from pausenet.protocol.corrections import Figures
from pausenet.protocol.easing import Ease
from pausenet.protocol.lineage import Lineage, known_runs, over
from pausenet.statements.agreement import Agreement, Schedule
from pausenet.statements.clauses import PPM
from pausenet.statements.clauses.limits import Lineage as Counted
from pausenet.statements.clauses.limits import Metric
from pausenet.statements.stage import FREE, Bar, Ceiling, Easable, limit_in
from pausenet.statements.usage import ComputeUsage, TrainingRun, WorkloadClass
from pausenet.values import ParticipantId, Period, PeriodIndex, Pflop, Seq


def period_at(schedule: Schedule, index: int) -> Period | None:
    """The schedule's period of an index; None where it lies beyond what times can say."""
    try:
        return schedule.period(PeriodIndex(index))
    except ValueError:
        return None


@dataclass(frozen=True, slots=True, kw_only=True)
class Told:
    """What k equal appraisals tell a lab of one period: a stage's limit, and its barred runs."""

    limit: Pflop | None
    barred: frozenset[ParticipantId]

    def __bool__(self) -> bool:
        return self.limit is not None or bool(self.barred)


def told_of(
    agreement: Agreement, caps: tuple[Ceiling, ...], barred: tuple[Bar, ...], period: int
) -> Told:
    """What these limits, as far as they have come down by then, and bars say of a period."""
    limit = limit_in(caps, period)
    return Told(
        limit=None if limit is None else decayed(agreement, limit, period),
        barred=frozenset(each.run for each in barred if each.start <= period),
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class Excess:
    """What of a usage statement breaks a limit, in words, and which statements say so.

    `stated` holds the places of the other usage statements that it takes, each with its window,
    `alone` those of entries that it takes by themselves. `amount` is what stands above a stage's
    limit, `barred` the run that was to go no further; both are None for what the lab's own log
    shows by itself.
    """

    text: str
    stated: frozenset[Seq] = frozenset()
    alone: frozenset[Seq] = frozenset()
    amount: Pflop | None = None
    barred: ParticipantId | None = None

    @property
    def was_told(self) -> bool:
        """Whether it is a breach only where the lab had learned of the limit."""
        return self.amount is not None or self.barred is not None


def over_fixed(agreement: Agreement, stated: Sequence[Figures], ease: Ease) -> Excess | None:
    """What is over the cap on a run, with its ancestors where they count, or on a period."""
    last, found, needed = stated[-1], list[str](), frozenset[Seq]()
    run_cap, total_cap = agreement.run_cap, agreement.total_cap
    if run_cap is not None and ease.get(Easable.RUN_CAP) != FREE:
        by, counted = ease.get(Easable.RUN_CAP, 0), run_cap.lineage
        full = raised(run_cap.limit_pflop, by)
        limit = raised(decayed(agreement, run_cap.limit_pflop, last.period), by)
        over = _run_over(stated, last.usage.runs, full, counted)
        if over is None and limit < full:
            # What a run came to before the limit fell is no breach; to go on with it is one.
            before, runs = grown(stated)
            over = _run_over(stated, runs, limit, counted, before)
        if over is not None:
            found.append(over.text)
            needed = over.stated
    if total_cap is not None and ease.get(Easable.TOTAL_CAP) != FREE:
        whole = decayed(agreement, total_cap.limit_pflop, last.period)
        most = raised(whole, ease.get(Easable.TOTAL_CAP, 0))
        used = sum(
            each.used_pflop for name, each in last.usage.classes if name in total_cap.classes
        )
        if used > most:
            found.append(f"the period's total is {used} PFLOP, the cap on it is {most}")
    return Excess(text="; ".join(found)[:300], stated=needed) if found else None


def _run_over(
    stated: Sequence[Figures],
    runs: Sequence[TrainingRun],
    limit: int,
    counted: Counted,
    before: frozenset[Seq] = frozenset(),
) -> Excess | None:
    """The largest of these runs over a limit, or the first that is so with its ancestors.

    `before` is the place of what shows that these runs have grown, where only such are asked.
    """
    cap = f"the cap on a run is {limit}"
    alone = [run for run in runs if run.total_pflop > limit]
    if alone:
        largest = max(alone, key=lambda run: (run.total_pflop, run.run))
        text = f"run {largest.run} stands at {largest.total_pflop} PFLOP, {cap}"
        return Excess(text=text, stated=before)
    lineage = _lineage(stated, runs, limit) if counted is Counted.ANCESTORS else None
    if lineage is None:
        return None
    text = (
        f"run {lineage.run} with {len(lineage.ancestors)} of its ancestors stands at "
        f"{lineage.total_pflop} PFLOP, {cap}"
    )
    return Excess(text=text, stated=lineage.stated | before)


def raised(limit: int, by_ppm: int) -> int:
    """A limit with a share of it added, rounded down."""
    return limit + limit * by_ppm // PPM


def _lineage(stated: Sequence[Figures], runs: Sequence[TrainingRun], limit: int) -> Lineage | None:
    """The first of these runs, by name, that is over the cap with its ancestors."""
    known = known_runs(stated)
    if sum(each.total_pflop for each in known.values()) <= limit:
        return None
    lineages = (over(run, known, limit) for run in runs)
    return next((lineage for lineage in lineages if lineage is not None), None)


def over_stage(agreement: Agreement, stated: Sequence[Figures], told: Told) -> Excess | None:
    """What is over the limit of a staged cap that a lab was told of."""
    if told.limit is None or agreement.staged_cap is None:
        return None
    match agreement.staged_cap.metric:
        case Metric.TOTAL:
            return _total_over_stage(agreement, stated[-1].usage, told.limit)
        case Metric.RUN:
            return _run_over_stage(stated, told.limit)
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
    return Excess(text=text, amount=used)


def _run_over_stage(stated: Sequence[Figures], limit: Pflop) -> Excess | None:
    """The largest run over the limit that has grown since the usage of the period before."""
    before, runs = grown(stated)
    largest = max(runs, key=lambda run: (run.total_pflop, run.run), default=None)
    if largest is None or largest.total_pflop <= limit:
        return None
    total = largest.total_pflop
    text = f"run {largest.run} has grown to {total} PFLOP, the staged cap on a run is {limit}"
    return Excess(text=text, stated=before, amount=total)


def grown(stated: Sequence[Figures]) -> tuple[frozenset[Seq], tuple[TrainingRun, ...]]:
    """The runs of the last statement that have grown since the period before.

    With them the place of the first statement of that period; without such a statement no run
    is known to have grown.
    """
    last = stated[-1]
    before = next((each for each in stated[:-1] if each.period == last.period - 1), None)
    if before is None:
        return frozenset(), ()
    stood = {run.run: run.total_pflop for run in before.usage.runs}
    runs = (run for run in last.usage.runs if run.total_pflop > stood.get(run.run, 0))
    return frozenset({before.seq}), tuple(runs)
