"""Cases of single clauses that are lifted by a rule of their own: F6 on paper, and appraisals."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from typing import Final

from pausenet.protocol.evidence import Material, material_to_json
from pausenet.simulator.vectors import guilt
from pausenet.simulator.vectors.case import Area, Case, CaseKind
from pausenet.simulator.vectors.life import Life
from pausenet.simulator.vectors.networks import BIRCH, LANTERN, THREE
from pausenet.simulator.vectors.told import right_of, tell
from pausenet.simulator.vectors.voices import endorsed
from pausenet.simulator.vectors.written import usage
from pausenet.statements.finding import Fault
from pausenet.statements.stage import FREE, Change, Easable, Eased, Easing
from pausenet.statements.usage import WorkloadClass
from pausenet.values import PeriodIndex, Pflop

PERIOD: Final = 3
HALF: Final = 500_000


def _materials(per_cent: int, *eased: Eased) -> tuple[Material, ...]:
    """F6 of usage of so many hundredths of the cap on a period, which says what is eased."""
    life = Life("eased").ratified(*THREE)
    first, pen = endorsed(life, life.cut(1)), life.pens[BIRCH]
    agreement = life.register.agreement
    cap = agreement.total_cap
    assert cap is not None, "the agreement has one"
    body = usage(excess=False)
    amount = Pflop(cap.limit_pflop * per_cent // 100)
    classes = tuple(
        (name, replace(each, used_pflop=amount if name is WorkloadClass.RESEARCH else Pflop(0)))
        for name, each in body.classes
    )
    said = replace(body, classes=classes, runs=(), eased=eased)
    period = agreement.schedule.period(PeriodIndex(PERIOD))
    pen.append(pen.sealed(pen.statement(said, period=period, agreed=agreement.digest)))
    cuts = [endorsed(life, life.cut(index)) for index in (PERIOD, PERIOD + 1)]
    leaves = [life.pens[who].leaf(0, 1) for who in THREE]
    return (first, *leaves, cuts[0], pen.leaf(1, 2), cuts[1], pen.leaf(1, 2))


def _ways() -> Iterator[tuple[bool, str, tuple[Material, ...]]]:
    total, run = Easable.TOTAL_CAP, Easable.RUN_CAP
    yield True, "over-and-nothing-eased", _materials(101)
    yield False, "within-and-nothing-eased", _materials(100)
    yield False, "over-and-said-to-be-lifted", _materials(900, _said(total, FREE))
    yield False, "within-what-is-said-to-be-raised", _materials(150, _said(total, HALF))
    yield True, "over-what-is-said-to-be-raised", _materials(151, _said(total, HALF))
    yield False, "far-below-what-is-said-to-be-raised", _materials(101, _said(total, 10 * HALF))
    yield True, "over-with-another-clause-eased", _materials(101, _said(run, FREE))
    yield (
        False,
        "over-with-both-said-to-be-lifted",
        _materials(101, _said(total, FREE), _said(run, FREE)),
    )


def _said(clause: Easable, raised_ppm: int) -> Eased:
    return Eased(clause=clause, raised_ppm=raised_ppm)


def easing_cases() -> list[Case]:
    """What shows F6 where a clause can be lifted; then what appraisals say is lifted."""
    area = Area("eased", CaseKind.FAULT, run="eased", fault=str(Fault.F6))
    for stands, name, found in _ways():
        put = area.accept if stands else area.refuse
        put(name, "bundles 12.2", materials=_json(found))
    for mutation, rule, bent in guilt.mutations(_materials(101)):
        area.refuse(f"over-{mutation}", rule, materials=_json(bent))
    return [*area.cases, *_told()]


def _told() -> list[Case]:
    """Appraisals of birch with what the cuts show eased, and with something else."""
    area = Area("told-eased", CaseKind.APPRAISAL, run="eased", lab=str(BIRCH))
    for name, life, period in _lives():
        cut = life.cut(period)
        right = right_of(life, cut, BIRCH)
        otherwise = [
            (mutation, replace(right, eased=eased)) for mutation, eased in _otherwise(right.eased)
        ]
        tell(area, name, "lifecycle 3.10", life, cut, right, otherwise)
    return area.cases


def _otherwise(eased: tuple[Easing, ...]) -> Iterator[tuple[str, tuple[Easing, ...]]]:
    free = (Change(start=PeriodIndex(9), raised_ppm=FREE),)
    like = eased or (Easing(clause=Easable.TOTAL_CAP, changes=free),)
    yield "claimed-otherwise", () if eased else like
    for name, by in (("earlier", -1), ("later", 1)):
        yield name, tuple(replace(each, changes=_moved(each.changes, by)) for each in like)
    yield "by-more", tuple(replace(each, changes=_more(each.changes)) for each in like)


def _moved(changes: tuple[Change, ...], by: int) -> tuple[Change, ...]:
    return tuple(replace(each, start=PeriodIndex(each.start + by)) for each in changes)


def _more(changes: tuple[Change, ...]) -> tuple[Change, ...]:
    return tuple(replace(each, raised_ppm=each.raised_ppm + 2) for each in changes)


def _lives() -> Iterator[tuple[str, Life, int]]:
    def held() -> Life:
        return Life("eased").ratified(*THREE).agreed(1)

    yield "measured-by-both-twice", held().measured(900_000).agreed(2), 3
    yield "measured-by-both-once", held().measured(900_000), 2
    yield "measured-by-one", held().measured(900_000, LANTERN).agreed(2), 3
    back = held().measured(900_000).agreed(2, 3).measured(0).agreed(4)
    yield "measured-and-fallen-again", back, 5
    yield "measured-before-it-was-held", Life("eased").measured(900_000).agreed(1, 2), 3


def _json(items: tuple[Material, ...]) -> list[object]:
    return [material_to_json(each) for each in items]
