"""What of a lab's usage is over a cap, in words, and which of its statements say so (rule 9)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Protocol, assert_never

from pausenet.protocol.amending import amended_limit, decayed
from pausenet.protocol.corrections import Figures
from pausenet.protocol.easing import Ease
from pausenet.protocol.lineage import Lineage, known_runs, over
from pausenet.statements.agreement import Agreement, Schedule
from pausenet.statements.clauses import PPM
from pausenet.statements.clauses.limits import Lineage as Counted
from pausenet.statements.clauses.limits import Metric
from pausenet.statements.stage import FREE, Amendable, Amended, Bar, Ceiling, Easable, limit_in
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
    """What k equal appraisals tell a lab of one period.

    That is the limit of a stage as it has come down, limits that the parties have lowered, by
    clause, and the runs that are barred.
    """

    limit: Pflop | None
    amended: tuple[tuple[Amendable, Pflop], ...]
    barred: frozenset[ParticipantId]

    def __bool__(self) -> bool:
        return self.limit is not None or bool(self.amended) or bool(self.barred)

    def tells_of(self, broken: Excess) -> bool:
        """Whether it tells of what was broken: a limit below the amount, or the bar of the run."""
        limit: int | None
        match broken.clause:
            case Amendable():
                lower = dict(self.amended).get(broken.clause)
                limit = None if lower is None else raised(lower, broken.raised_ppm)
            case _:
                limit = self.limit
        if broken.amount is not None:
            return limit is not None and limit < broken.amount
        return broken.barred in self.barred


class Telling(Protocol):
    """What tells of limits and bars: an appraisal, or a party's life as the cuts show it."""

    @property
    def caps(self) -> tuple[Ceiling, ...]:
        """The stages of C10 that are reached."""

    @property
    def barred(self) -> tuple[Bar, ...]:
        """The runs that are barred."""

    @property
    def amended(self) -> tuple[Amended, ...]:
        """To what the parties have lowered limits."""


def told_of(agreement: Agreement, said: Telling, period: int) -> Told:
    """What appraisals, or the cuts, say of a period."""
    limit = limit_in(said.caps, period)
    found = ((each, amended_limit(said.amended, each, period)) for each in Amendable)
    return Told(
        limit=None if limit is None else decayed(agreement, limit, period),
        amended=tuple((clause, lower) for clause, lower in found if lower is not None),
        barred=frozenset(each.run for each in said.barred if each.start <= period),
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class Excess:
    """What of a usage statement breaks a limit, in words, and which statements say so.

    `stated` holds the places of the other usage statements that it takes, each with its window,
    `alone` those of entries that it takes by themselves. `amount` is what stands above a stage's
    limit, or above that of the `clause` that the parties have lowered and that is raised by so
    much for the lab; `barred` the run that was to go no further. All are None for what the lab's
    own log shows by itself.
    """

    text: str
    stated: frozenset[Seq] = frozenset()
    alone: frozenset[Seq] = frozenset()
    amount: Pflop | None = None
    clause: Amendable | None = None
    raised_ppm: int = 0
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
            return _total_over(agreement, stated[-1].usage, told.limit, "staged")
        case Metric.RUN:
            return _grown_over(stated, told.limit, "staged")
        case _:
            assert_never(agreement.staged_cap.metric)


def over_amended(
    agreement: Agreement, stated: Sequence[Figures], told: Told, ease: Ease
) -> Excess | None:
    """What is over a limit that the parties have lowered, as a lab was told."""
    for clause, lower in told.amended:
        by = ease.get(Easable(clause), 0)
        if by == FREE:
            continue
        match clause:
            case Amendable.TOTAL_CAP:
                over = _total_over(agreement, stated[-1].usage, raised(lower, by), "amended")
            case Amendable.RUN_CAP:
                over = _grown_over(stated, raised(lower, by), "amended")
            case _:
                assert_never(clause)
        if over is not None:
            return replace(over, clause=clause, raised_ppm=by)
    return None


def _total_over(agreement: Agreement, usage: ComputeUsage, limit: int, cap: str) -> Excess | None:
    """The total over the classes that the cap on a period counts, or over all without one."""
    total_cap = agreement.total_cap
    counted = tuple(WorkloadClass) if total_cap is None else total_cap.classes
    used = Pflop(sum(each.used_pflop for name, each in usage.classes if name in counted))
    if used <= limit:
        return None
    text = f"the period's total is {used} PFLOP, the {cap} cap on it is {limit}"
    return Excess(text=text, amount=used)


def _grown_over(stated: Sequence[Figures], limit: int, cap: str) -> Excess | None:
    """The largest run over the limit that has grown since the usage of the period before."""
    before, runs = grown(stated)
    largest = max(runs, key=lambda run: (run.total_pflop, run.run), default=None)
    if largest is None or largest.total_pflop <= limit:
        return None
    total = largest.total_pflop
    text = f"run {largest.run} has grown to {total} PFLOP, the {cap} cap on a run is {limit}"
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
