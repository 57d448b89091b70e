"""Cases of runs that are reported or approved before they begin: F6 on paper, and the bars."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from typing import Final

from pausenet.protocol.bands import waits
from pausenet.protocol.evidence import Leaf, Material, Signed, material_to_json
from pausenet.simulator.vectors import guilt
from pausenet.simulator.vectors.case import Area, Case, CaseKind
from pausenet.simulator.vectors.ground import Pen
from pausenet.simulator.vectors.life import Life
from pausenet.simulator.vectors.networks import BAND, BIRCH, SCALE, THREE, TRIBUNAL, VERIFIERS
from pausenet.simulator.vectors.told import right_of, tell
from pausenet.simulator.vectors.voices import endorsed, true_appraisal
from pausenet.simulator.vectors.written import usage
from pausenet.statements.codec import Head
from pausenet.statements.determination import Objection
from pausenet.statements.finding import Fault
from pausenet.statements.movement import NoticeKind, Notification
from pausenet.statements.stage import Bar
from pausenet.statements.usage import UNREPORTED, ComputeUsage, WorkloadClass
from pausenet.values import ParticipantId, PeriodIndex, Pflop, TreeSize

RUN: Final = ParticipantId("planned")
PERIOD: Final = 9
LINE: Final = int(BAND.report_from_pflop)
APPROVAL: Final = int(BAND.approve_from_pflop)
Placed = tuple[str, int]
"""What stands in the log, and of which period it is."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Way:
    """Birch's log after its ratification, and what its usage says; with nothing it shows F6.

    `log` is what stands before the accused statement: usage of periods, a report that the run
    begins in a period, and appraisals that are seen.
    """

    log: tuple[Placed, ...] = (("usage", PERIOD - 1),)
    total: int = LINE
    before: int = LINE - 1
    reported: int = UNREPORTED
    amount: int = LINE
    of: ParticipantId = RUN
    alone: tuple[int, ...] = ()
    without: tuple[int, ...] = ()
    barred: tuple[Bar, ...] = field(default=())


def materials(way: Way) -> tuple[Material, ...]:
    """The cuts and leaves of F6; then what birch was told of bars, where it was."""
    life = Life("banded").ratified(*THREE)
    first = endorsed(life, life.cut(1))
    told = _told(life, way)
    pen, heads, learned = life.pens[BIRCH], _heads(life), tuple[Material, ...]()
    for kind, period in way.log:
        match kind:
            case "report":
                _report(pen, way, period)
            case "told":
                pen.append(pen.sealed(pen.statement(guilt.NOTHING)))
                _use(pen, period, way.before, UNREPORTED, heads)
                learned = (*(Signed(entry=entry) for entry in pen.entries[-2:]), *told)
            case _:
                _use(pen, period, way.before, UNREPORTED, heads if learned else ())
    _use(pen, PERIOD, way.total, way.reported, heads if learned else ())
    of, size = len(pen.entries) - 1, len(pen.entries)
    before = max(at for at, each in enumerate(way.log, start=1) if each[0] != "report")
    before += sum(1 for each in way.log if each[0] == "told")
    cuts = [endorsed(life, life.cut(period)) for period in (PERIOD, PERIOD + 1)]
    places = sorted({*range(before, size), *way.alone} - {*way.without})
    return (
        first,
        *(life.pens[who].leaf(0, 1) for who in THREE),
        cuts[0],
        pen.leaf(of, size),
        cuts[1],
        *(pen.leaf(at, size) for at in places),
        *learned,
    )


def _told(life: Life, way: Way) -> tuple[Leaf, ...]:
    """Three verifiers' equal appraisals of birch that bar runs."""
    if not way.barred:
        return ()
    digest = life.register.agreement_digest
    body = replace(true_appraisal(), lab=BIRCH, agreement=digest, barred=way.barred)
    places = {}
    for who in VERIFIERS[:3]:
        places[who] = len(life.pens[who].entries)
        life.pens[who].say(body)
    return tuple(life.pens[who].leaf(at, len(life.pens[who].entries)) for who, at in places.items())


def _heads(life: Life) -> tuple[Head, ...]:
    pens = sorted((life.pens[name] for name in VERIFIERS), key=lambda pen: pen.origin)
    return tuple(
        Head(origin=pen.origin, size=TreeSize(len(pen.entries)), root=pen.head().root)
        for pen in pens
        if pen.entries
    )


def _report(pen: Pen, way: Way, begins: int) -> None:
    site = ParticipantId("birch-s01")
    pen.say(
        Notification(
            what=NoticeKind.NEW_RUN,
            site=site,
            of=way.of,
            amount=way.amount,
            period=PeriodIndex(begins),
        )
    )


def _use(pen: Pen, period: int, total: int, reported: int, seen: tuple[Head, ...]) -> None:
    body = usage(excess=False)
    quiet = tuple((name, replace(each, used_pflop=Pflop(0))) for name, each in body.classes)
    assert len(quiet) == len(WorkloadClass), "usage is of every class"
    run = replace(body.runs[0], run=RUN, parents=(), total_pflop=Pflop(total), reported=reported)
    said: ComputeUsage = replace(body, classes=quiet, runs=(run,))
    agreement = pen.register.agreement
    of, digest = agreement.schedule.period(PeriodIndex(period)), agreement.digest
    pen.append(pen.sealed(pen.statement(said, period=of, agreed=digest, seen=seen)))


def band_cases() -> list[Case]:
    """What shows F6, each with what does not; then which runs are barred."""
    area = Area("banded", CaseKind.FAULT, run="banded", fault=str(Fault.F6))
    for stands, name, rule, way in _ways():
        put = area.accept if stands else area.refuse
        put(name, rule, materials=_json(materials(way)))
    for name, way in (("late", _reported_after(_waits(LINE), LINE)), ("no-report", Way())):
        for mutation, rule, bent in guilt.mutations(materials(way)):
            area.refuse(f"{name}-{mutation}", rule, materials=_json(bent))
    (_, _, _, barred), *_ = _barred_ways()
    for mutation, rule, bent in guilt.mutations(materials(barred)):
        area.refuse(f"barred-{mutation}", rule, materials=_json(bent))
    return [*area.cases, *_bar_cases()]


_BEFORE: Final = ("usage", PERIOD - 1)


def _reported_after(wait: int, amount: int) -> Way:
    """A report that stands after the usage of the period that makes it late by one."""
    log = (("usage", PERIOD - 1 - wait), ("report", PERIOD), _BEFORE)
    return Way(log=log, reported=2, alone=(1, 2), amount=amount)


def _waits(amount: int) -> int:
    return waits(Life("banded").register.agreement, BAND, amount)


def _ways() -> Iterator[tuple[bool, str, str, Way]]:
    yield True, "no-report", "bundles 11.4", Way()
    yield False, "below-the-band", "bundles 11.2", Way(total=LINE - 1, before=1)
    yield False, "not-grown", "bundles 11.1", Way(before=LINE)
    earlier = (("usage", PERIOD - 2),)
    yield False, "no-usage-of-the-period-before", "bundles 11.1", Way(log=earlier)
    yield False, "usage-before-left-out", "bundles 11.4", Way(without=(1,))
    yield False, "with-an-entry-more", "bundles 11.4", Way(alone=(0,))
    yield True, "report-yet-to-come", "bundles 11.2", Way(reported=2)
    yield True, "ratification-named-as-report", "bundles 11.2", Way(reported=0, alone=(0,))
    yield False, "what-is-named-left-out", "bundles 11.4", Way(reported=0)
    noted = (("report", PERIOD), _BEFORE)
    in_time = Way(log=noted, reported=1, alone=(1,))
    yield False, "reported", "bundles 11.2", in_time
    yield False, "reported-of-more", "bundles 11.2", replace(in_time, amount=LINE + 1)
    earlier_yet = replace(in_time, log=(("report", PERIOD - 1), _BEFORE))
    yield False, "reported-to-begin-earlier", "bundles 11.2", earlier_yet
    unnamed = replace(in_time, reported=UNREPORTED, alone=())
    yield True, "reported-and-not-named", "bundles 11.2", unnamed
    bad = {
        "of-less": replace(in_time, amount=LINE - 1),
        "of-another-run": replace(in_time, of=ParticipantId("another")),
        "to-begin-later": replace(in_time, log=(("report", PERIOD + 1), _BEFORE)),
    }
    for name, way in bad.items():
        yield True, f"reported-{name}", "bundles 11.2", way
    for name, amount in (("reported", LINE), ("to-be-approved", APPROVAL)):
        late = _reported_after(_waits(amount), amount)
        yield True, f"{name}-late", "bundles 11.3", late
        unshown = replace(late, alone=(2,))
        yield False, f"{name}-late-without-what-shows-it", "bundles 11.4", unshown
        timely = replace(late, log=_reported_after(_waits(amount) + 1, amount).log)
        yield False, f"{name}-just-in-time", "bundles 11.3", timely
    less = replace(_reported_after(_waits(APPROVAL), APPROVAL), amount=APPROVAL - 1)
    yield False, "of-less-than-is-approved", "bundles 11.3", less
    yield from _barred_ways()


def _barred_ways() -> Iterator[tuple[bool, str, str, Way]]:
    log = (("report", PERIOD), ("told", PERIOD - 2), _BEFORE)
    bar = (Bar(run=RUN, start=PeriodIndex(PERIOD)),)
    true = Way(
        log=log, reported=1, total=APPROVAL, before=APPROVAL - 1, amount=APPROVAL, barred=bar
    )
    yield True, "barred", "bundles 11.6", true
    below = replace(true, total=APPROVAL - 1, before=LINE)
    yield False, "barred-and-below-the-line", "bundles 11.6", below
    yield False, "barred-and-not-grown", "bundles 11.6", replace(true, before=APPROVAL)
    later = (Bar(run=RUN, start=PeriodIndex(PERIOD + 1)),)
    yield False, "barred-later", "bundles 9.4", replace(true, barred=later)
    other = (Bar(run=ParticipantId("another"), start=PeriodIndex(1)),)
    yield False, "another-run-barred", "bundles 11.6", replace(true, barred=other)
    too_late = replace(true, log=(("report", PERIOD), ("told", PERIOD - 1)))
    yield False, "barred-and-told-too-late", "bundles 9.2", too_late
    yield False, "barred-and-not-reported", "bundles 9.1", replace(true, reported=UNREPORTED)


# ---------------------------------------------------------------------------- which are barred


def _bar_cases() -> list[Case]:
    """Appraisals of birch with the bars that the cuts give, and with others."""
    area = Area("barred", CaseKind.APPRAISAL, run="banded", lab=str(BIRCH))
    for name, life, period in _lives():
        cut = life.cut(period)
        right = right_of(life, cut, BIRCH)
        otherwise = [
            (mutation, replace(right, barred=barred))
            for mutation, barred in _otherwise(right.barred, period)
        ]
        tell(area, name, "lifecycle 3.9", life, cut, right, otherwise)
    return area.cases


def _otherwise(barred: tuple[Bar, ...], period: int) -> Iterator[tuple[str, tuple[Bar, ...]]]:
    """Other bars than these: none or one, later or earlier, and of another run."""
    like = barred or (Bar(run=RUN, start=PeriodIndex(period + 4)),)
    yield "claimed-otherwise", () if barred else like
    yield "of-another-run", tuple(replace(bar, run=ParticipantId("another")) for bar in like)
    for name, by in (("later", 1), ("earlier", -1)):
        yield name, tuple(replace(bar, start=PeriodIndex(bar.start + by)) for bar in like)


def _lives() -> Iterator[tuple[str, Life, int]]:
    def begun(amount: int = APPROVAL) -> Life:
        life = Life("banded").ratified(*THREE).agreed(1)
        _report(life.pens[BIRCH], Way(amount=amount), PERIOD)
        return life

    def objected(life: Life, *who: ParticipantId, party: ParticipantId = BIRCH) -> Life:
        for each in who or (SCALE, TRIBUNAL):
            body = Objection(agreement=life.digest, party=party, run=RUN, reasons="Too large.")
            life.pens[each].say(body)
        return life

    yield "objected-in-time", objected(begun().agreed(2)), 3
    yield "objected-after-the-silence", objected(begun().agreed(2, 3)), 4
    yield "objected-in-the-same-cut", objected(begun()), 2
    yield "objected-by-one", objected(begun(), SCALE, SCALE), 2
    yield "objected-by-verifiers", objected(begun(), *VERIFIERS), 2
    recused = begun().recused(SCALE, BIRCH)
    yield "objected-by-one-recused", objected(recused), 2
    yield "objected-to-what-needs-no-approval", objected(begun(APPROVAL - 1).agreed(2, 3)), 4
    before = objected(Life("banded").ratified(*THREE).agreed(1)).agreed(2)
    _report(before.pens[BIRCH], Way(amount=APPROVAL), PERIOD)
    yield "objected-before-the-report", before, 3
    yield "objected-to-anothers", objected(begun(), party=THREE[0]), 2


def _json(items: tuple[Material, ...]) -> list[object]:
    return [material_to_json(each) for each in items]
