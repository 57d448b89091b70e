"""Cases of limits that come down (C27): usage over what a limit has come down to, on paper."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Final

from pausenet.protocol.evidence import Material, material_to_json
from pausenet.simulator.vectors import guilt
from pausenet.simulator.vectors.case import Area, Case, CaseKind
from pausenet.simulator.vectors.ground import Pen
from pausenet.simulator.vectors.life import Life
from pausenet.simulator.vectors.networks import AMENDMENT, BIRCH, THREE
from pausenet.simulator.vectors.voices import endorsed
from pausenet.simulator.vectors.written import usage
from pausenet.statements.finding import Fault
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
