"""Runs that are reported, or approved by silence, before they begin (C11, decision 0019).

A lab says beforehand which run it will begin and how large it will be: a `notification` of a new
run in its own log. Each usage statement names, by its place, the report of every run, so that one
statement convicts: who grows a run in the band and names no report has signed that there was none.

Nobody's clock is asked. A report is early enough when it stands in the log before the usage of a
period that ended long enough before: usage of a period cannot be signed before its end.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import accumulate
from typing import Final, TypeVar

from pausenet.protocol.caps import Excess, Told, grown, period_at, raised
from pausenet.protocol.corrections import Entry, Figures
from pausenet.protocol.easing import Ease, claimed
from pausenet.protocol.register import Register
from pausenet.statements.agreement import Agreement
from pausenet.statements.clauses import ApproveBand
from pausenet.statements.codec import Body, Statement
from pausenet.statements.correction import Correction
from pausenet.statements.movement import NoticeKind, Notification
from pausenet.statements.stage import FREE, Easable
from pausenet.statements.usage import UNREPORTED, ComputeUsage, TrainingRun
from pausenet.values import Period, Seq

SOON: Final = 2
"""How many periods after the one in which a cut is taken a bar takes effect."""

U = TypeVar("U", bound=Body)


def band_of(agreement: Agreement) -> ApproveBand | None:
    """The agreement's clause on reports and approval, if there is one."""
    return next((each for each in agreement.clauses if isinstance(each, ApproveBand)), None)


@dataclass(frozen=True, slots=True, kw_only=True)
class Band:
    """The clause as it binds somebody; a raised line may lie above any figure there can be."""

    report_from_pflop: int
    approve_from_pflop: int
    notice_s: int
    silence_s: int


def band_in(agreement: Agreement, ease: Ease) -> Band | None:
    """The clause as it binds where it is eased so: with its lines raised, or not at all."""
    band, by = band_of(agreement), ease.get(Easable.BAND, 0)
    if band is None or by == FREE:
        return None
    return Band(
        report_from_pflop=raised(band.report_from_pflop, by),
        approve_from_pflop=raised(band.approve_from_pflop, by),
        notice_s=band.notice_s,
        silence_s=band.silence_s,
    )


def silence_of(agreement: Agreement, band: ApproveBand | Band) -> int:
    """How many periods after the cut that holds a report an objection still counts."""
    return -(-band.silence_s // agreement.schedule.period_s)


def waits(agreement: Agreement, band: ApproveBand | Band, amount: int) -> int:
    """How many whole periods lie between a report of this amount and the run's beginning.

    For approval as many as it takes until whoever is to be told of an objection has been told.
    """
    schedule = agreement.schedule
    notice = -(-band.notice_s // schedule.period_s)
    if band.approve_from_pflop == 0 or amount < band.approve_from_pflop:
        return notice
    lag = (schedule.deadline_s + schedule.grace_s) // schedule.period_s
    return max(notice, silence_of(agreement, band) + lag + SOON)


def line_of(band: ApproveBand | Band) -> int:
    """From which amount on a run is reported; 0 where none is."""
    lines = [each for each in (band.report_from_pflop, band.approve_from_pflop) if each > 0]
    return min(lines, default=0)


def unreported(
    agreement: Agreement, stated: Sequence[Figures], log: Mapping[int, Entry], ease: Ease
) -> Excess | None:
    """The largest run of the last statement that has grown in the band without a timely report.

    `log` holds what of the lab's log is at hand; what a run names as its report and is not there
    shows nothing.
    """
    band = band_in(agreement, ease)
    if band is None or line_of(band) == 0:
        return None
    before, runs = grown(stated)
    banded = [run for run in runs if run.total_pflop >= line_of(band)]
    if not banded:
        return None
    used = _usages(agreement, ((at, said) for at, (_, said) in log.items()))
    found = [
        (run, *amiss)
        for run in banded
        if (amiss := _amiss(agreement, band, stated[-1], run, log, used)) is not None
    ]
    if not found:
        return None
    run, why, alone = max(found, key=lambda each: (each[0].total_pflop, each[0].run))
    text = f"run {run.run} has grown to {run.total_pflop} PFLOP, and {why}"
    return Excess(text=text, stated=before, alone=alone)


def over_bar(
    agreement: Agreement, stated: Sequence[Figures], told: Told, ease: Ease
) -> Excess | None:
    """The largest barred run of the last statement that has grown, from the approval line on."""
    band = band_in(agreement, ease)
    if band is None or band.approve_from_pflop == 0:
        return None
    before, runs = grown(stated)
    barred = [
        run for run in runs if run.run in told.barred and run.total_pflop >= band.approve_from_pflop
    ]
    largest = max(barred, key=lambda run: (run.total_pflop, run.run), default=None)
    if largest is None:
        return None
    total = largest.total_pflop
    text = f"run {largest.run} has grown to {total} PFLOP, and was barred by an objection"
    return Excess(text=text, stated=before, barred=largest.run)


def _amiss(
    agreement: Agreement,
    band: Band,
    last: Figures,
    run: TrainingRun,
    log: Mapping[int, Entry],
    used: _Usages,
) -> tuple[str, frozenset[Seq]] | None:
    """What is wrong with the report that a run names, and the entries that show it."""
    place = run.reported
    if place == UNREPORTED or place >= last.seq:
        return "names no report of it", frozenset()
    if place not in log:
        return None
    report = log[place][1]
    if report is None or not _reports(report, run, last.period):
        return f"what it names at place {place} is no report of it", frozenset({Seq(place)})
    assert isinstance(report.body, Notification), "it reports"
    due = last.period - 1 - waits(agreement, band, report.body.amount)
    late = used.first(due, before=place)
    if late is None:
        return None
    words = f"its report at place {place} stands after the usage of a period from {due} on"
    return words, frozenset({Seq(place), Seq(late)})


def _reports(said: Statement, run: TrainingRun, period: int) -> bool:
    """Whether a statement announces this run, as large as it is and no later than this period."""
    body = said.body
    return (
        isinstance(body, Notification)
        and body.what is NoticeKind.NEW_RUN
        and body.of == run.run
        and body.amount >= run.total_pflop
        and body.period <= period
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class _Usages:
    """The places of a log's usage in order, each with the latest period of those up to it."""

    places: tuple[int, ...]
    latest: tuple[int, ...]

    def first(self, due: int, *, before: int) -> int | None:
        """The first place, before this one, of usage of a period that is not before `due`."""
        found = bisect_left(self.latest, due)
        at = self.places[found] if found < len(self.places) else before
        return at if at < before else None


def _usages(agreement: Agreement, log: Iterable[tuple[int, Statement | None]]) -> _Usages:
    """The usage in a log of periods as the schedule has them."""
    found = sorted(
        (at, said.period.index)
        for at, said in log
        if said is not None and isinstance(said.body, ComputeUsage) and said.period is not None
        if said.period == period_at(agreement.schedule, said.period.index)
    )
    return _Usages(
        places=tuple(at for at, _ in found),
        latest=tuple(accumulate((index for _, index in found), max)),
    )


# --------------------------------------------------------------------------------- by the lab


def with_reports(register: Register, body: U, log: Sequence[Statement], period: Period | None) -> U:
    """A lab's usage, or a correction of it, that names the report of each run in its log.

    Of several it names the first that was in time, so that no other one convicts it.
    """
    match body:
        case ComputeUsage():
            assert period is not None, "usage is of a period"
            if not body.runs:
                return body
            agreement = register.agreement
            band = band_in(agreement, claimed(agreement, body)) or band_in(agreement, {})
            notices = [said for said in log if isinstance(said.body, Notification)]
            # Without a report there is nothing that could be too late.
            heard = log if notices else ()
            used = _usages(agreement, ((int(said.seq), said) for said in heard))
            of, found = period.index, []
            for run in body.runs:
                places = [int(said.seq) for said in notices if _reports(said, run, of)]
                timely = (
                    at
                    for at in places
                    if band and _late(agreement, band, log, used, at, of) is None
                )
                first = next(timely, next(iter(places), UNREPORTED))
                found.append(replace(run, reported=first))
            return replace(body, runs=tuple(found))
        case Correction():
            return replace(body, usage=with_reports(register, body.usage, log[: body.seq], period))
        case _:
            return body


def without_reports(body: U) -> U:
    """The same naming no reports: what is drafted, before it has a place in the log."""
    match body:
        case ComputeUsage():
            return replace(body, runs=tuple(replace(run, reported=UNREPORTED) for run in body.runs))
        case Correction():
            return replace(body, usage=without_reports(body.usage))
        case _:
            return body


def _late(
    agreement: Agreement,
    band: Band,
    log: Sequence[Statement],
    used: _Usages,
    place: int,
    period: int,
) -> int | None:
    """The first usage in a lab's log that shows a report to be too late; None where none does."""
    report = log[place].body
    assert isinstance(report, Notification), "it reports"
    due = period - 1 - waits(agreement, band, report.amount)
    return used.first(due, before=place)
