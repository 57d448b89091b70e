"""A network in which single clauses wait for an incident, or are lifted by an indicator."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace
from functools import cache

from pausenet.protocol.enrolment import compose_register
from pausenet.protocol.register import Register
from pausenet.statements.clauses import Clause, LiftCondition, Triggered
from pausenet.statements.clauses.anatomy import ClauseKind
from pausenet.statements.clauses.course import ReleaseStage
from pausenet.statements.codec import Body
from pausenet.statements.indicator import Incident, Indicator, IndicatorKind
from pausenet.statements.rule import IncidentReported, IndicatorBound, Rule, Side
from pausenet.statements.stage import Easable, Eased
from pausenet.statements.usage import ComputeUsage
from pausenet.values import Role
from tests.protocol.builders import Paper
from tests.protocol.paper import ANATOMY, DAY, agreement, applicant, name

LABS = ("aurora", "birch")
WATCHERS = ("lantern", "plumbline")
_SOURCES = tuple(map(name, WATCHERS))
SOON = 4
"""Lag + 2."""
HALF = 500_000
STAGES = (
    ReleaseStage(after_periods=0, raise_ppm=HALF),
    ReleaseStage(after_periods=2, raise_ppm=HALF),
)


def begins(*kinds: ClauseKind) -> Triggered:
    rule = IncidentReported(sources=_SOURCES, quorum=2)
    return Triggered(
        starts=kinds, rule=Rule(words="an incident", conditions=(rule,), need=1), anatomy=ANATOMY
    )


def lifts(*kinds: ClauseKind, stages: tuple[ReleaseStage, ...] = ()) -> LiftCondition:
    rule = IndicatorBound(
        indicator=IndicatorKind.AI_REVIEW,
        side=Side.AT_MOST,
        bound=200_000,
        sources=_SOURCES,
        quorum=2,
        debounce_periods=1,
        self_reported=False,
    )
    rules = Rule(words="people review again", conditions=(rule,), need=1)
    return LiftCondition(lifts=kinds, rule=rules, stages=stages, anatomy=ANATOMY)


@cache
def network(*clauses: Clause) -> Register:
    plain = agreement(LABS)
    people = (
        *((who, Role.LAB) for who in LABS),
        *((f"{who}-meter", Role.METER) for who in LABS),
        *((f"verifier-{number}", Role.VERIFIER) for number in range(1, 5)),
        *((who, Role.EVALUATOR) for who in WATCHERS),
    )
    return compose_register(
        name="eased",
        applicants=tuple(applicant(who, role, "") for who, role in people),
        registrar=applicant("registrar", Role.REGISTRAR, ""),
        agreement=replace(plain, clauses=(*plain.clauses, *clauses)),
        epsilon_s=DAY // 10,
        delta_s=DAY // 4,
        heartbeat_s=DAY // 4,
        speed=DAY,
    )


def incident(*who: str) -> list[tuple[str, Body]]:
    body = Incident(about=name("birch"), text="A run went on after it was stopped.")
    return [(each, body) for each in who or WATCHERS]


def reviewed(share: int = 100_000, *who: str) -> list[tuple[str, Body]]:
    body = Indicator(about=name("birch"), indicator=IndicatorKind.AI_REVIEW, value=share)
    return [(each, body) for each in who or WATCHERS]


def saying(body: ComputeUsage, clause: Easable, raised_ppm: int = -1) -> ComputeUsage:
    return replace(body, eased=(Eased(clause=clause, raised_ppm=raised_ppm),))


def story(
    held: Register,
    used: Mapping[int, ComputeUsage],
    acts: Mapping[int, Iterable[tuple[str, Body]]],
    *,
    periods: int = 11,
) -> Paper:
    paper = Paper(held)
    for number in range(periods):
        for who, body in acts.get(number, ()):
            paper.log(who).say(body)
        paper.period(number, used={"birch": used[number]} if number in used else {})
    return paper
