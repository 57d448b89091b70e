"""Accession on paper: who is let in, F6 of one that was, and what is said of it before (C25)."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Final

from pausenet.protocol.evidence import Material, material_to_json
from pausenet.simulator.vectors import guilt
from pausenet.simulator.vectors.case import Area, Case, CaseKind
from pausenet.simulator.vectors.life import Life, Story
from pausenet.simulator.vectors.networks import AURORA, BIRCH, CEDAR, DUNE, LANTERN, THREE
from pausenet.simulator.vectors.told import right_of, tell
from pausenet.simulator.vectors.voices import endorsed
from pausenet.simulator.vectors.written import usage
from pausenet.statements.determination import Outcome
from pausenet.statements.finding import Appraisal, Fault, Status
from pausenet.statements.stage import PartyStage, Span
from pausenet.values import ParticipantId, PeriodIndex

LET_IN: Final = 3
"""The period of the cut that lets dune in."""
WAITED: Final = LET_IN + 2 + 3
"""The first period that binds it: lag, then the wait of the agreement."""


def held() -> Life:
    """The three parties are held by the cut of period 1; dune is none of them."""
    return Life("open").ratified(*THREE).agreed(1)


def accepted() -> Life:
    """Dune has acceded, and two of three accept it, by the cut of period 3."""
    return held().ratified(DUNE).accepts(DUNE, AURORA, CEDAR).agreed(LET_IN)


def accession_stories() -> Iterator[Story]:
    """Lifecycle, section 8."""
    yield "outside", "lifecycle 8.1", held(), 3
    yield "acceded-and-not-accepted", "lifecycle 8.3", held().ratified(DUNE), 3
    one = held().ratified(DUNE).accepts(DUNE, AURORA)
    yield "accepted-by-too-few", "lifecycle 8.3", one, 3
    outsiders = held().ratified(DUNE).accepts(DUNE, AURORA, DUNE, LANTERN)
    yield "accepted-by-others", "lifecycle 8.2", outsiders, 3
    yield "accepted-and-not-acceded", "lifecycle 8.3", held().accepts(DUNE, *THREE), 3
    before = held().accepts(DUNE, *THREE).agreed(2).ratified(DUNE)
    yield "accepted-before-it-acceded", "lifecycle 8.2", before, 3
    back = held().accepts(DUNE, AURORA, CEDAR).agreed(2)
    back.accepts(DUNE, CEDAR, word=False).ratified(DUNE)
    yield "acceptance-taken-back", "lifecycle 8.2", back, 3
    late = accepted().accepts(DUNE, AURORA, CEDAR, word=False)
    yield "acceptance-taken-back-too-late", "lifecycle 8.3", late, 4
    yield "still-waiting", "lifecycle 8.4", accepted(), WAITED - 1
    yield "waited", "lifecycle 8.4", accepted(), WAITED
    gone = held().accepts(DUNE, *THREE).ratified(DUNE).leaves(DUNE)
    yield "acceded-and-withdrawn-in-one-cut", "lifecycle 8.1", gone, 3
    lapsed = held().ratified(DUNE, until=3).agreed(3).accepts(DUNE, *THREE)
    yield "accepted-after-it-has-run-out", "lifecycle 8.6", lapsed, 4
    nobody = Life("open").ratified(DUNE, AURORA, BIRCH).accepts(DUNE, *THREE)
    yield "acceded-and-nobody-held", "lifecycle 8.3", nobody, 3
    ruled = held().decides(Outcome.NON_COMPLIANT, DUNE, of=None).agreed(2)
    ruled.ratified(DUNE).accepts(DUNE, *THREE).agreed(LET_IN)
    yield "charged-before-it-was-let-in", "lifecycle 8.1", ruled, WAITED
    left = accepted().leaves(DUNE).agreed(WAITED)
    yield "let-in-and-in-notice", "lifecycle 8.5", left, WAITED + 1
    lifted = accepted().assent(AURORA, BIRCH)
    yield "two-of-four-lift-nothing", "lifecycle 8.5", lifted, 4


@dataclass(frozen=True, slots=True, kw_only=True)
class Way:
    """What is otherwise than it should be; with nothing the materials show F6 of dune."""

    period: int = WAITED
    signed: tuple[ParticipantId, ...] = (DUNE,)
    excess: bool = True
    until: int = 100


def materials(way: Way) -> tuple[Material, ...]:
    """The cut that lets dune in with what it signed, and two with usage over the caps."""
    life = Life("open")
    for who in (*THREE, DUNE):
        life.ratify(who, way.until)
    first, pen = endorsed(life, life.cut(LET_IN)), life.pens[DUNE]
    agreement = life.register.agreement
    period = agreement.schedule.period(PeriodIndex(way.period))
    body = usage(excess=way.excess)
    pen.append(pen.sealed(pen.statement(body, period=period, agreed=agreement.digest)))
    cuts = [endorsed(life, life.cut(way.period + more)) for more in (0, 1)]
    leaves = [life.pens[who].leaf(0, 1) for who in way.signed]
    return (first, *leaves, cuts[0], pen.leaf(1, 2), cuts[1], pen.leaf(1, 2))


def accession_cases() -> list[Case]:
    """F6 of who has acceded, and appraisals of a lab before and after it is bound."""
    area = Area("acceded", CaseKind.FAULT, run="open", fault=str(Fault.F6))
    true = materials(Way())
    area.accept("over-the-cap-once-it-has-waited", "lifecycle 8.4", materials=_json(true))
    early = materials(Way(period=WAITED - 1))
    area.refuse("a-period-before-it-has-waited", "lifecycle 8.4", materials=_json(early))
    everybody = materials(Way(signed=(*THREE, DUNE)))
    area.refuse("with-everybodys-ratification", "bundles 3.2", materials=_json(everybody))
    parties = materials(Way(signed=THREE))
    area.refuse("with-the-parties-ratifications", "bundles 3.2", materials=_json(parties))
    ended = materials(Way(until=LET_IN - 1))
    area.refuse("ratification-that-had-run-out", "bundles 3.2", materials=_json(ended))
    within = materials(Way(excess=False))
    area.refuse("within-the-caps", "bundles 3.2", materials=_json(within))
    for mutation, rule, bent in guilt.mutations(true):
        area.refuse(mutation, rule, materials=_json(bent))
    return [*area.cases, *_told()]


def _told() -> list[Case]:
    """Appraisals of dune while nothing binds it, and once something does."""
    area = Area("told-outside", CaseKind.APPRAISAL, run="open", lab=str(DUNE))
    for name, rule, life, period in (
        ("outside-and-silent", "appraisal 3.10", held(), 3),
        ("waiting-and-silent", "appraisal 3.10", accepted(), WAITED - 1),
        ("bound-and-silent", "appraisal 3.10", accepted(), WAITED),
    ):
        cut = life.cut(period)
        right = right_of(life, cut, DUNE)
        tell(area, name, rule, life, cut, right, _otherwise(right))
    return area.cases


def _otherwise(right: Appraisal) -> Iterator[tuple[str, Appraisal]]:
    owes = right.status is Status.NOT_DEMONSTRATED
    other = Status.NOT_IN_FORCE if owes else Status.NOT_DEMONSTRATED
    yield "of-another-status", replace(right, status=other)
    soon = (Span(start=PeriodIndex(WAITED - 1), until=None),)
    yield "bound-sooner", replace(right, bound=soon)
    yield "of-another-stage", replace(right, stage=PartyStage.SUSPENDED)
    yield "of-a-party", replace(right, lab=CEDAR)


def _json(items: tuple[Material, ...]) -> list[object]:
    return [material_to_json(each) for each in items]
