"""Defect until caught: D(delta) = E[delta^N] against K = (T - R) / (T - P), and its inverses.

A lab that breaks the pause earns T a period until it is answered after N periods, then P for ever;
a lab that keeps it earns R for ever.

1. Keeping pays where R >= (1 - D) T + D P, with D = E[delta^N].
2. So the pause deters where D >= K = (T - R) / (T - P).
3. With detection d a period and a reporting delay of tau periods N = tau + Geom(d), and
   D = delta^(tau + 1) d / (1 - delta (1 - d)).
4. Solved for d: d_min = K (1 - delta) / (delta (delta^tau - K)).
5. Solved for tau at sure detection: tau_max = ln K / ln delta - 1.
6. A penalty F that is imposed with chance q, once a defection is answered, is worth
   (1 - delta) q F a period: K = (T - R) / (T - P + (1 - delta) q F).
7. Solved for the penalty: q F = ((T - R) / D - (T - P)) / (1 - delta).

Friedman 1971 for steps 1 and 2 with sure detection at once; the steps for a random lag are derived
here and checked against simulation.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from fractions import Fraction
from typing import Final, TypeAlias

from pausenet.errors import Misuse
from pausenet.game.answer import (
    Answer,
    Axis,
    Cell,
    Column,
    Infeasible,
    Lines,
    Mark,
    Number,
    Series,
    Table,
    spelled,
)
from pausenet.game.checks import Check, Paper
from pausenet.game.model import Chosen, Model, Parameter

FRIEDMAN: Final = Paper(
    key="friedman-1971",
    cite="J. W. Friedman, A Non-cooperative Equilibrium for Supergames, Review of Economic Studies "
    "38 (1971) 1-12",
)
Threshold: TypeAlias = Number | Infeasible
"""A number, or why there is none."""


def needed_law(
    temptation: Number, cooperation: Number, punishment: Number, worth: Number = Fraction(0)
) -> Number:
    """K, the D that deters, as a pure number; 0 where nothing tempts (steps 2 and 6).

    `worth` is (1 - delta) q F, what the penalty is worth a period.

    >>> needed_law(Fraction(5), Fraction(3), Fraction(1))
    Fraction(1, 2)
    """
    return max(Fraction(0), temptation - cooperation) / (temptation - punishment + worth)


def needed_penalty(
    stage: tuple[Number, Number, Number], discount: Number, found: float
) -> Threshold:
    """The smallest expected penalty q F that deters where D is `found` (step 7).

    `stage` holds temptation, cooperation and punishment.

    >>> needed_penalty((5, 3, 1), 0.9, 0.25)
    40.0
    """
    temptation, cooperation, punishment = stage
    gain = max(Fraction(0), temptation - cooperation)
    if found * float(temptation - punishment) >= gain:
        return 0.0
    if found == 0.0:
        return Infeasible("what is never answered is never punished")
    short = float(gain) / found - float(temptation - punishment)
    return float(f"{short / (1.0 - float(discount)):.12g}")


def discounted_detection(discount: float, detection: float, delay: float) -> float:
    """D = E[delta^N] for N = delay + Geom(detection), in periods (step 3).

    >>> round(discounted_detection(0.9, 0.5, 0), 6)
    0.818182
    """
    if detection == 0.0:
        return 0.0
    return math.pow(discount, delay + 1) * detection / (1.0 - discount * (1.0 - detection))


def least_detection(needed: float, discount: float, delay: float) -> Threshold:
    """The smallest chance of detection a period that deters (step 4).

    >>> round(least_detection(0.5, 0.97, 2), 6)
    0.035074
    """
    if needed == 0.0:
        return 0.0
    late = math.pow(discount, delay)
    if late * discount < needed:
        return Infeasible("even sure detection would come too late")
    return needed * (1.0 - discount) / (discount * (late - needed))


def greatest_delay(needed: float, discount: float) -> Threshold:
    """The longest reporting delay in periods that sure detection can bear (step 5).

    >>> round(greatest_delay(0.5, 0.97), 2)
    21.76
    """
    if needed == 0.0:
        return Infeasible("nothing tempts, so no delay is too long")
    if discount < needed:
        return Infeasible("even detection at once would come too late")
    return math.log(needed) / math.log(discount) - 1.0


def least_discount(needed: float, detection: float, delay: float) -> Threshold:
    """The smallest discount factor at which the pause deters, by bisection of step 3 to 1e-12.

    >>> round(least_discount(0.5, 0.5, 3), 6)
    0.867471
    """
    if detection == 0.0 and needed > 0.0:
        return Infeasible("what is never detected is never answered")
    low, high = 0.0, 1.0
    while high - low > 1e-12:
        middle = (low + high) / 2
        if discounted_detection(middle, detection, delay) >= needed:
            high = middle
        else:
            low = middle
    return high


def least_discount_with_penalty(
    stage: tuple[Number, Number, Number], penalty: Number, detection: float, delay: float
) -> Threshold:
    """The discount factor from which on an expected penalty deters, to 1e-12.

    K depends on delta now, so the last of 1,000 steps at which nothing deters is found first, and
    the next is searched by bisection.
    """
    if detection == 0.0 and stage[0] > stage[1]:
        return Infeasible("what is never detected is never answered")

    def deters(discount: float) -> bool:
        needed = needed_law(*stage, worth=(1.0 - discount) * float(penalty))
        return discounted_detection(discount, detection, delay) >= needed

    failing = [step for step in range(_STEPS) if not deters(step / _STEPS)]
    if not failing:
        return 0.0
    low, high = failing[-1] / _STEPS, (failing[-1] + 1) / _STEPS
    while high - low > 1e-12:
        middle = (low + high) / 2
        low, high = (low, middle) if deters(middle) else (middle, high)
    return high


_STEPS: Final = 1_000
_NAMES: Final = ("temptation", "cooperation", "punishment")


def _solve(chosen: Chosen) -> Answer:
    temptation, cooperation, punishment = (chosen.exact(name) for name in _NAMES)
    if not punishment < cooperation:
        raise Misuse("deterrence: expected cooperation above punishment: else no pause is wanted")
    if not punishment < temptation:
        raise Misuse("deterrence: expected temptation above punishment")
    stage = (temptation, cooperation, punishment)
    penalty = chosen.exact("penalty") * chosen.exact("imposed")
    needed = float(needed_law(*stage, worth=(1 - chosen.exact("discount")) * penalty))
    discount, detection, delay = (chosen.real(n) for n in ("discount", "detection", "delay"))
    found = discounted_detection(discount, detection, delay)
    holds = found >= needed
    rows: tuple[tuple[Cell, ...], ...] = (
        ("discounted chance of an answer, D", found),
        ("what is needed, K", needed),
        ("least detection a period", least_detection(needed, discount, delay)),
        ("greatest delay at sure detection (periods)", greatest_delay(needed, discount)),
        ("least discount factor", least_discount_with_penalty(stage, penalty, detection, delay)),
        ("least expected penalty", needed_penalty(stage, discount, found)),
    )
    said = "deters" if holds else "does not deter"
    sentence = (
        f"A verification that finds a defection with chance {detection:g} a period and reports "
        f"{delay:g} periods later {said}: D is {found:.3g}, needed is {needed:.3g}."
    )
    by_hand = (
        f"K = (T - R) / (T - P + (1 - δ) q F) = {spelled(needed)}; D = {discount:g}^{delay + 1:g} "
        f"x {detection:g} / (1 - {discount:g} x {1 - detection:g}) = {found:.6g}."
    )
    if temptation <= cooperation:
        sentence = "Nothing tempts: to race while others pause earns no more than to pause."
        by_hand = f"T - R = {spelled(temptation - cooperation)}, which is not above 0."
    return Answer(
        sentence=sentence,
        not_shown="False alarms, punishments that end, and labs that value time differently.",
        tables=(
            Table(
                title="Defect until caught",
                columns=(Column(name="quantity"), Column(name="value", unit="1")),
                rows=rows,
            ),
        ),
        picture=_frontier(stage, penalty, discount, detection, delay),
        hand_check=by_hand,
    )


def _frontier(
    stage: tuple[Number, Number, Number],
    penalty: Number,
    discount: float,
    detection: float,
    delay: float,
) -> Lines:
    """The least detection at each delay, for three discount factors."""
    series = []
    for each in sorted({discount, 1 - (1 - discount) / 2, 1 - 2 * (1 - discount)}):
        if not 0.0 < each < 1.0:
            continue
        needed = float(needed_law(*stage, worth=(1.0 - each) * float(penalty)))
        points = []
        for tau in (step / 4 for step in range(161)):
            least = least_detection(needed, each, tau)
            if not isinstance(least, Infeasible):
                points.append((tau, float(least)))
        if points:
            series.append(Series(name=f"discount {each:.4g}", points=tuple(points)))
    return Lines(
        title="Late reports must be surer ones, and after some delay nothing deters.",
        subtitle="The least chance of detection a period that deters, by the reporting delay.",
        x=Axis(title="reporting delay (periods)", low=0),
        y=Axis(title="least detection a period", low=0, high=1, percent=True),
        series=tuple(series),
        marks=(Mark(x=delay, y=detection, words="as chosen"),),
    )


def _check(what: str, stated: str, ours: Callable[[], Threshold]) -> Check:
    return Check(
        paper=FRIEDMAN, where="extended to a random lag", what=what, stated=stated, ours=ours
    )


DETERRENCE: Final = Model(
    name="deterrence",
    title="Defect until caught",
    question="Is a defection found often and early enough that it does not pay?",
    validity="Payoffs a period, one lab's choice; once answered, everybody races for ever.",
    papers=(FRIEDMAN,),
    parameters=(
        Parameter(
            name="temptation",
            symbol="T",
            unit="payoff a period",
            default=Fraction(5),
            meaning="What a lab earns that races while others pause.",
        ),
        Parameter(
            name="cooperation",
            symbol="R",
            unit="payoff a period",
            default=Fraction(3),
            meaning="What a lab earns while all pause.",
        ),
        Parameter(
            name="punishment",
            symbol="P",
            unit="payoff a period",
            default=Fraction(1),
            meaning="What a lab earns while all race.",
        ),
        Parameter(
            name="discount",
            symbol="δ",
            unit="1",
            default=Fraction(97, 100),
            meaning="What a payoff of the next period is worth in this one.",
            above=0,
            below=1,
        ),
        Parameter(
            name="detection",
            symbol="d",
            unit="1",
            default=Fraction(1, 4),
            meaning="The chance a period that a defection is found.",
            low=0,
            high=1,
        ),
        Parameter(
            name="delay",
            symbol="τ",
            unit="periods",
            default=Fraction(2),
            meaning="How long after that it is answered.",
            low=0,
        ),
        Parameter(
            name="penalty",
            symbol="F",
            unit="payoff",
            default=Fraction(0),
            meaning="What an answer costs once, beside the end of the pause.",
            low=0,
        ),
        Parameter(
            name="imposed",
            symbol="q",
            unit="1",
            default=Fraction(1, 2),
            meaning="The chance that the penalty is imposed.",
            low=0,
            high=1,
        ),
    ),
    solve=_solve,
    checks=(
        Check(
            paper=FRIEDMAN,
            where="section 3, perfect monitoring",
            what="least discount factor for payoffs 5, 3, 1",
            stated="1/2",
            ours=lambda: needed_law(Fraction(5), Fraction(3), Fraction(1)),
        ),
        _check("d_min(0.97, 2)", "0.035074", lambda: least_detection(0.5, 0.97, 2)),
        _check("d_min(0.97, 6)", "0.046442", lambda: least_detection(0.5, 0.97, 6)),
        _check("d_min(0.9, 2)", "0.179211", lambda: least_detection(0.5, 0.9, 2)),
        _check("tau_max(0.97)", "21.76", lambda: greatest_delay(0.5, 0.97)),
        _check("tau_max(0.9)", "5.58", lambda: greatest_delay(0.5, 0.9)),
        _check("delta* for d = 1/2, tau = 3", "0.867471", lambda: least_discount(0.5, 0.5, 3)),
        _check("delta* for sure detection, tau = 3", "0.840896", lambda: least_discount(0.5, 1, 3)),
        _check(
            "delta* for sure detection, tau = 12", "0.948078", lambda: least_discount(0.5, 1, 12)
        ),
    ),
)
MODELS: Final[tuple[Model, ...]] = (DETERRENCE,)
