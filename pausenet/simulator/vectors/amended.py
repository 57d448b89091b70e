"""Cases of limits that fall (C27): by time and by the parties' word, on paper."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Final

from pausenet.protocol.evidence import Material, material_to_json
from pausenet.simulator.vectors import guilt, staged
from pausenet.simulator.vectors.case import Area, Case, CaseKind
from pausenet.simulator.vectors.ground import Pen
from pausenet.simulator.vectors.life import Life
from pausenet.simulator.vectors.networks import AMENDMENT, BIRCH, THREE
from pausenet.simulator.vectors.told import right_of, tell
from pausenet.simulator.vectors.voices import endorsed
from pausenet.simulator.vectors.written import usage
from pausenet.statements.finding import Fault
from pausenet.statements.proposal import Proposal
from pausenet.statements.stage import Amendable, Amended, Ceiling
from pausenet.statements.usage import WorkloadClass
from pausenet.values import ParticipantId, PeriodIndex, Pflop

HALVED: Final = AMENDMENT.halving_periods
FLOOR: Final = int(AMENDMENT.floor_pflop)
RUN, ABOVE = ParticipantId("tuned"), ParticipantId("base")


@dataclass(frozen=True, slots=True, kw_only=True)
class Way:
    """What birch says of a period and of the one before: in all, and of a run with its parent.

    With nothing otherwise the run stands one petaFLOP above half of the cap on it, and has grown.
    """

    period: int = HALVED + 1
    used: int = 0
    total: int = FLOOR * 5 // 4 + 1
    before: int = FLOOR
    parent: int = 0
    without_before: bool = False


def _cap() -> int:
    cap = Life("amended").register.agreement.run_cap
    assert cap is not None, "the agreement has one"
    return cap.limit_pflop


def materials(way: Way) -> tuple[Material, ...]:
    """The cuts and leaves of F6."""
    life = Life("amended").ratified(*THREE)
    first, pen = endorsed(life, life.cut(1)), life.pens[BIRCH]
    _use(pen, way.period - 1, way, way.before)
    _use(pen, way.period, way, way.total)
    cuts = [endorsed(life, life.cut(index)) for index in (way.period, way.period + 1)]
    shown = (2,) if way.without_before else (1, 2)
    return (
        first,
        *(life.pens[who].leaf(0, 1) for who in THREE),
        cuts[0],
        pen.leaf(2, 3),
        cuts[1],
        *(pen.leaf(at, 3) for at in shown),
    )


def _use(pen: Pen, period: int, way: Way, total: int) -> None:
    body = usage(excess=False)
    classes = tuple(
        (name, replace(each, used_pflop=Pflop(way.used if name is WorkloadClass.RESEARCH else 0)))
        for name, each in body.classes
    )
    run = replace(body.runs[0], run=RUN, parents=(), total_pflop=Pflop(total))
    base = replace(run, run=ABOVE, total_pflop=Pflop(way.parent))
    runs = (base, replace(run, parents=(ABOVE,))) if way.parent else (run,)
    said = replace(body, classes=classes, runs=runs)
    agreement = pen.register.agreement
    of = agreement.schedule.period(PeriodIndex(period))
    pen.append(pen.sealed(pen.statement(said, period=of, agreed=agreement.digest)))


def decay_cases() -> list[Case]:
    """The fault, and one thing otherwise."""
    area = Area("halved", CaseKind.FAULT, run="amended", fault=str(Fault.F6))
    for stands, name, rule, way in _ways():
        put = area.accept if stands else area.refuse
        put(name, rule, materials=[material_to_json(each) for each in materials(way)])
    for mutation, rule, bent in guilt.mutations(materials(Way())):
        area.refuse(mutation, rule, materials=[material_to_json(each) for each in bent])
    return area.cases


def _ways() -> Iterator[tuple[bool, str, str, Way]]:
    half, little = _cap() // 2, Way(total=2, before=1)
    yield True, "run-over-half", "bundles 13.3", Way(total=half + 1)
    yield False, "run-at-half", "bundles 13.1", Way(total=half)
    yield (
        False,
        "run-over-half-a-period-sooner",
        "bundles 13.1",
        Way(total=half + 1, period=HALVED - 1),
    )
    yield False, "run-over-half-that-stands", "bundles 13.3", Way(total=half + 1, before=half + 1)
    yield (
        False,
        "run-without-the-period-before",
        "bundles 13.3",
        Way(total=half + 1, without_before=True),
    )
    whole = replace(little, total=_cap() + 1, without_before=True)
    yield True, "run-over-the-whole", "bundles 13.3", whole
    more = replace(whole, without_before=False)
    yield False, "run-over-the-whole-with-the-period-before", "bundles 13.3", more
    child = Way(total=2, before=1, parent=half - 1)
    yield True, "child-of-a-run-below-half", "bundles 13.3", child
    yield False, "child-that-stands", "bundles 13.3", replace(child, before=2)
    yield False, "child-of-a-smaller-run", "bundles 13.3", replace(child, parent=half - 2)
    total = replace(little, used=half + 1, without_before=True)
    yield True, "total-over-half", "bundles 13.2", total
    yield False, "total-at-half", "bundles 13.2", replace(total, used=half)
    low = replace(total, period=2 * HALVED + 1, used=FLOOR + 1)
    yield True, "total-over-the-floor", "bundles 13.1", low
    yield False, "total-at-the-floor", "bundles 13.1", replace(low, used=FLOOR)
    far = replace(low, period=9 * HALVED, used=FLOOR)
    yield False, "total-at-the-floor-much-later", "bundles 13.1", far


# ------------------------------------------------------------------------- by the parties' word


def lowered_cases() -> list[Case]:
    """F6 over a limit that birch was told to be lowered; then what limits are lowered to."""
    right = staged.Way(amended=Amendable.TOTAL_CAP)
    cases = staged.told_cases("lowered", right, "bundles 14.2")
    area = Area("told-lowered", CaseKind.APPRAISAL, run="amended", lab=str(BIRCH))
    for name, life, period in _lives():
        cut = life.cut(period)
        appraisal = right_of(life, cut, BIRCH)
        otherwise = [
            (mutation, replace(appraisal, amended=amended))
            for mutation, amended in _otherwise(appraisal.amended)
        ]
        tell(area, name, "lifecycle 3.11", life, cut, appraisal, otherwise)
    return [*cases, *area.cases]


Limits = tuple[Amended, ...]


def _otherwise(true: Limits) -> Iterator[tuple[str, Limits]]:
    limit = Ceiling(start=PeriodIndex(6), limit_pflop=Pflop(FLOOR))
    like = true or (Amended(clause=Amendable.TOTAL_CAP, limits=(limit,)),)
    yield "claimed-otherwise", () if true else like
    yield "a-period-sooner", tuple(_moved(each, start=-1) for each in like)
    yield "a-period-later", tuple(_moved(each, start=1) for each in like)
    yield "by-more", tuple(_moved(each, limit=-1) for each in like)


def _moved(amended: Amended, *, start: int = 0, limit: int = 0) -> Amended:
    limits = tuple(
        Ceiling(start=PeriodIndex(each.start + start), limit_pflop=Pflop(each.limit_pflop + limit))
        for each in amended.limits
    )
    return replace(amended, limits=limits)


def _lives() -> Iterator[tuple[str, Life, int]]:
    def held() -> Life:
        return Life("amended").ratified(*THREE).agreed(1)

    two, least = THREE[:2], FLOOR
    yield "wanted-by-two-of-three", _wanted(held(), least, 0, *two), 2
    yield "wanted-by-one", _wanted(held(), least, 0, BIRCH), 2
    yield "wanted-below-the-floor", _wanted(held(), least - 1, 0, *THREE), 2
    yield "wanted-at-the-limit-written", _wanted(held(), _cap(), 0, *THREE), 2
    yield "wanted-from-a-later-period-on", _wanted(held(), least, 20, *two), 2
    apart = _wanted(held(), least, 20, BIRCH).agreed(2)
    yield "wanted-by-two-in-two-cuts", _wanted(apart, least, 20, THREE[0]), 3
    differing = _wanted(held(), least, 20, BIRCH)
    yield "wanted-by-two-from-other-periods-on", _wanted(differing, least, 21, THREE[0]), 2
    back = _wanted(_wanted(held(), least, 20, BIRCH), _cap(), 20, BIRCH)
    yield "wanted-and-taken-back", _wanted(back, least, 20, THREE[0]), 2
    more = _wanted(_wanted(held(), least + 9, 0, *two).agreed(2), least, 0, *two)
    yield "lowered-twice", more, 3
    kept = _wanted(_wanted(held(), least, 0, *two).agreed(2), least + 9, 0, *THREE)
    yield "lowered-and-then-wanted-higher", kept, 3


def _wanted(life: Life, limit: int, start: int, *who: ParticipantId) -> Life:
    for each in who:
        body = Proposal(
            agreement=life.digest,
            clause=Amendable.TOTAL_CAP,
            limit_pflop=Pflop(limit),
            start=PeriodIndex(start),
        )
        life.pens[each].say(body)
    return life
