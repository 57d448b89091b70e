"""Cases of a staged cap: usage over a limit that the lab had learned of in time, on paper."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Final

from pausenet.protocol.evidence import Leaf, Material, Signed, material_to_json
from pausenet.simulator.vectors import guilt
from pausenet.simulator.vectors.case import Area, Case, CaseKind
from pausenet.simulator.vectors.life import Life
from pausenet.simulator.vectors.networks import BIRCH, CEDAR, THREE, VERIFIERS
from pausenet.simulator.vectors.voices import endorsed, true_appraisal
from pausenet.simulator.vectors.written import usage
from pausenet.statements.codec import Head
from pausenet.statements.finding import Appraisal, Fault
from pausenet.statements.stage import Amendable, Amended, Ceiling
from pausenet.statements.usage import ComputeUsage, WorkloadClass
from pausenet.values import ParticipantId, PeriodIndex, Pflop, TreeSize

USED: Final = 5_000
"""What is used of the classes that count, in petaFLOP; far below the fixed caps."""
PERIOD: Final = 6


@dataclass(frozen=True, slots=True, kw_only=True)
class Way:
    """What is otherwise than it should be; with nothing the materials show F6."""

    limit: int = USED - 1
    start: int = PERIOD
    known_in: int = PERIOD - 2
    of: ParticipantId = BIRCH
    differing: bool = False
    seen_before: bool = False
    by: Sequence[int] = (0, 1, 2)
    between: bool = False
    amended: Amendable | None = None

    @property
    def run(self) -> str:
        """The network whose agreement the limit is of."""
        return "staged" if self.amended is None else "amended"


def _usage() -> ComputeUsage:
    body = usage(excess=False)
    classes = tuple(
        (name, replace(each, used_pflop=Pflop(USED if name is WorkloadClass.RESEARCH else 0)))
        for name, each in body.classes
    )
    return replace(body, classes=classes)


def _body(life: Life, way: Way) -> Appraisal:
    limits = (Ceiling(start=PeriodIndex(way.start), limit_pflop=Pflop(way.limit)),)
    body = replace(true_appraisal(), lab=way.of, agreement=life.register.agreement_digest)
    if way.amended is None:
        return replace(body, caps=limits)
    return replace(body, amended=(Amended(clause=way.amended, limits=limits),))


def _heads(life: Life) -> tuple[Head, ...]:
    pens = sorted((life.pens[name] for name in VERIFIERS), key=lambda pen: pen.origin)
    return tuple(
        Head(origin=pen.origin, size=TreeSize(len(pen.entries)), root=pen.head().root)
        for pen in pens
        if pen.entries
    )


def _used(life: Life, period: int, seen: tuple[Head, ...]) -> None:
    pen, agreement = life.pens[BIRCH], life.register.agreement
    statement = pen.statement(
        _usage(),
        period=agreement.schedule.period(PeriodIndex(period)),
        agreed=agreement.digest,
        seen=seen,
    )
    pen.append(pen.sealed(statement))


def materials(way: Way) -> tuple[Material, ...]:
    """The cuts and leaves of F6, then what shows that birch knew of the limit."""
    life = Life(way.run).ratified(*THREE)
    first = endorsed(life, life.cut(1))
    places = {}
    for at in way.by:
        body = _body(life, way)
        changed = replace(body, corrections=7) if way.differing and at == way.by[-1] else body
        pen = life.pens[VERIFIERS[at]]
        places[at] = len(pen.entries)
        pen.say(changed)
    pen = life.pens[BIRCH]
    heads = _heads(life)
    pen.append(pen.sealed(pen.statement(guilt.NOTHING, seen=heads if way.seen_before else ())))
    if way.between:
        pen.append(pen.sealed(pen.statement(guilt.NOTHING)))
    _used(life, way.known_in, heads)
    _used(life, PERIOD, heads)
    of, size = len(pen.entries) - 1, len(pen.entries)
    cuts = [endorsed(life, life.cut(period)) for period in (PERIOD, PERIOD + 1)]
    sizes = {head.origin: head.size for head in heads}
    told: list[Leaf] = []
    for at, place in places.items():
        verifier = life.pens[VERIFIERS[at]]
        told.append(verifier.leaf(place, sizes[verifier.origin]))
    return (
        first,
        *(life.pens[who].leaf(0, 1) for who in THREE),
        cuts[0],
        pen.leaf(of, size),
        cuts[1],
        pen.leaf(of, size),
        *(Signed(entry=pen.entries[place]) for place in (1, of - 1)),
        *told,
    )


def staged_cases() -> list[Case]:
    """The fault, and one thing otherwise."""
    return told_cases("staged", Way(), "bundles 9.5")


def told_cases(name: str, right: Way, over: str) -> list[Case]:
    """F6 of usage over a limit that the lab had been told of, and one thing otherwise."""
    area = Area(name, CaseKind.FAULT, run=right.run, fault=str(Fault.F6))
    true = materials(right)
    area.accept("over-a-limit-that-it-knew", over, materials=_json(true))
    for mutation, rule, way in _ways(right, over):
        area.refuse(mutation, rule, materials=_json(materials(way)))
    area.refuse("without-what-it-knew", "bundles 9.1", materials=_json(true[:8]))
    area.refuse("appraisals-reversed", "bundles 9.3", materials=_json((*true[:10], *true[:9:-1])))
    for mutation, rule, bent in guilt.mutations(true):
        area.refuse(mutation, rule, materials=_json(bent))
    return area.cases


def _ways(right: Way, over: str) -> Iterator[tuple[str, str, Way]]:
    yield "at-the-limit", over, replace(right, limit=USED)
    yield "limit-of-a-later-period", "bundles 9.4", replace(right, start=PERIOD + 1)
    yield "known-a-period-too-late", "bundles 9.2", replace(right, known_in=PERIOD - 1)
    yield "statements-that-are-no-neighbours", "bundles 9.2", replace(right, between=True)
    yield "limit-of-another-party", "bundles 9.3", replace(right, of=CEDAR)
    yield "appraisals-that-differ", "bundles 9.3", replace(right, differing=True)
    yield "appraisals-seen-before", "bundles 9.3", replace(right, seen_before=True)
    yield "two-appraisals", "bundles 9.3", replace(right, by=(0, 1))
    yield "four-appraisals", "bundles 9.3", replace(right, by=(0, 1, 2, 3))


def _json(items: tuple[Material, ...]) -> list[object]:
    return [material_to_json(each) for each in items]
