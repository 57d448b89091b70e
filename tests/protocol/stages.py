"""A network whose agreement has a staged cap, and a lab that says what it has seen."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from functools import cache

from pausenet.protocol.enrolment import compose_register
from pausenet.protocol.register import Register
from pausenet.statements.clauses.limits import CapStage, Metric, Milestone, StagedCap
from pausenet.statements.codec import Head
from pausenet.statements.indicator import Indicator, IndicatorKind
from pausenet.statements.rule import Condition, IndicatorBound, PartiesAssent, Rule, Side
from pausenet.statements.usage import ComputeUsage
from pausenet.values import Pflop, Role
from tests.protocol.builders import Paper
from tests.protocol.paper import ANATOMY, DAY, agreement, applicant, index, name, usage

LABS = ("aurora", "birch")
WATCHERS = ("lantern", "plumbline")
FIRST, SECOND, THIRD = 9_000, 6_000, 3_000
"""The limit from the beginning, after the milestone, and after thirty periods."""
SOON = 4
"""Lag + 2: so many periods after a cut's own what it changes takes effect."""


def bound(share: int = 600_000, debounce: int = 1) -> IndicatorBound:
    return IndicatorBound(
        indicator=IndicatorKind.MERGED_CODE,
        side=Side.AT_LEAST,
        bound=share,
        sources=tuple(map(name, WATCHERS)),
        quorum=2,
        debounce_periods=debounce,
        self_reported=False,
    )


def milestone(limit: int, condition: Condition) -> Milestone:
    rule = Rule(words="the loop closes", conditions=(condition,), need=1)
    return Milestone(limit_pflop=Pflop(limit), rule=rule)


def staged(metric: Metric = Metric.TOTAL) -> StagedCap:
    return StagedCap(
        metric=metric,
        stages=(
            CapStage(after_periods=0, limit_pflop=Pflop(FIRST)),
            CapStage(after_periods=30, limit_pflop=Pflop(THIRD)),
        ),
        milestones=(milestone(SECOND, bound()),),
        anatomy=ANATOMY,
    )


@cache
def network(metric: Metric = Metric.TOTAL) -> Register:
    plain = agreement(LABS)
    people = (
        *((who, Role.LAB) for who in LABS),
        *((f"{who}-meter", Role.METER) for who in LABS),
        *((f"verifier-{number}", Role.VERIFIER) for number in range(1, 5)),
        *((who, Role.EVALUATOR) for who in WATCHERS),
    )
    lift = Rule(words="half of us", conditions=(PartiesAssent(need_ppm=500_000),), need=1)
    return compose_register(
        name="staged",
        applicants=tuple(applicant(who, role, "") for who, role in people),
        registrar=applicant("registrar", Role.REGISTRAR, ""),
        agreement=replace(plain, lift=lift, clauses=(*plain.clauses, staged(metric))),
        epsilon_s=DAY // 10,
        delta_s=DAY // 4,
        heartbeat_s=DAY // 4,
        speed=DAY,
    )


def measured(who: str, share: int) -> tuple[str, Indicator]:
    body = Indicator(about=name("birch"), indicator=IndicatorKind.MERGED_CODE, value=share)
    return who, body


def both(share: int) -> tuple[tuple[str, Indicator], ...]:
    return tuple(measured(who, share) for who in WATCHERS)


class Watched(Paper):
    """Birch reads every verifier's log before each statement, unless it is told to be `blind`."""

    def __init__(self, metric: Metric = Metric.TOTAL, *, blind: Iterable[int] = ()) -> None:
        self.blind = set(blind)
        self.heads: tuple[Head, ...] = ()
        super().__init__(network(metric))

    def use(self, lab: str, number: int, body: ComputeUsage | None = None) -> bytes:
        if lab != "birch":
            return super().use(lab, number, body)
        if number not in self.blind:
            self.heads = tuple(
                Head(origin=log.origin, size=log.size, root=log.tree.root(log.size))
                for log in (self.log(who) for who in self.register.verifiers)
                if log.size
            )
        agreed_to = number >= self.in_force.get(lab, 1_000_000)
        return self.log(lab).say(
            body or usage(),
            period=self.schedule.period(index(number)),
            agreed=self.agreement.digest if agreed_to else None,
            seen=self.heads,
        )

    def appraised(self, number: int) -> None:
        """Every verifier publishes its appraisals of a cut."""
        for item in self.appraise(self.cuts[number]):
            for who in self.register.verifiers:
                self.log(who).say(item.appraisal)


def story(
    used: dict[int, ComputeUsage],
    *,
    metric: Metric = Metric.TOTAL,
    blind: Iterable[int] = (),
    periods: int = 12,
) -> Watched:
    """The milestone is met in the cut of period 3: SECOND holds from period 7 on."""
    paper = Watched(metric, blind=blind)
    for number in range(periods):
        if number == 3:
            for who, body in both(700_000):
                paper.log(who).say(body)
        paper.period(number, used={"birch": used[number]} if number in used else {})
        paper.appraised(number)
    return paper
