"""Breakout: can a lab finish what the pause forbids before it is found and answered?

A sprint takes T_b, an answer T_r after the finding, so inspections must find it within
x = max(0, T_b - T_r). Inspections come at rate lambda; each finds with chance d.

1. At random moments (Poisson): Pr(escape) = exp(-lambda d x).
2. At even intervals whose phase nobody knows, with u = lambda x: floor(u) inspections come surely
   and one more with chance frac(u), so Pr(escape) = (1 - d)^floor(u) (1 - d frac(u)).
3. In each of so many periods with chance d: Pr(escape) = (1 - d)^k in k whole periods.
4. Solved for lambda and T_r these say how many inspections a bound on escape needs, and how fast
   an answer must be.

The waiting times are those of any text on renewal; derived here and checked by simulation.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from fractions import Fraction
from typing import Final

from pausenet.game.answer import (
    Answer,
    Axis,
    Cell,
    Column,
    Infeasible,
    Lines,
    Mark,
    Series,
    Table,
)
from pausenet.game.checks import Check, Paper
from pausenet.game.model import Chosen, Model, Parameter

COX: Final = Paper(key="cox-1962", cite="D. R. Cox, Renewal Theory, Methuen, London 1962")


def escape_at_random(rate: float, window: float, detection: float = 1.0) -> float:
    """The chance that no inspection finds the sprint in `window`, for inspections at random (1).

    >>> round(escape_at_random(0.25, 9.0), 6)
    0.105399
    """
    return math.exp(-rate * detection * max(0.0, window))


def escape_evenly(rate: float, window: float, detection: float = 1.0) -> float:
    """The same for inspections at even intervals of unknown phase (2).

    >>> escape_evenly(0.25, 2.0), escape_evenly(0.25, 9.0)
    (0.5, 0.0)
    """
    count = rate * max(0.0, window)
    whole = math.floor(count)
    return math.pow(1.0 - detection, whole) * (1.0 - detection * (count - whole))


def least_rate_at_random(bound: float, window: float, detection: float = 1.0) -> float | Infeasible:
    """The smallest rate of inspections at random that keeps escape at or below `bound`, above 0."""
    if bound >= 1.0:
        return 0.0
    if window <= 0.0:
        return Infeasible("the answer comes no sooner than the sprint ends")
    if detection == 0.0:
        return Infeasible("inspections never find it")
    return -math.log(bound) / (detection * window)


def least_rate_evenly(bound: float, window: float, detection: float = 1.0) -> float | Infeasible:
    """The smallest rate of inspections at even intervals that keeps escape at or below `bound`."""
    if bound >= 1.0:
        return 0.0
    if window <= 0.0:
        return Infeasible("the answer comes no sooner than the sprint ends")
    if detection == 0.0:
        return Infeasible("inspections never find it")
    if detection == 1.0:
        return (1.0 - bound) / window
    whole = math.floor(math.log(bound) / math.log1p(-detection))
    before = math.pow(1.0 - detection, whole)
    return (whole + max(0.0, 1.0 - bound / before) / detection) / window


def slowest_response(
    bound: float, breakout: float, rate: float, detection: float = 1.0
) -> float | Infeasible:
    """The longest time to answer that keeps escape at or below `bound`, inspections at random."""
    if bound >= 1.0:
        return breakout
    if rate * detection == 0.0:
        return Infeasible("nobody finds it")
    left = breakout + math.log(bound) / (rate * detection)
    return left if left >= 0.0 else Infeasible("even an answer at once would come too late")


def days_of_sprint(operations: float, accelerators: float, speed: float, use: float) -> float:
    """Days that a run of so many operations takes: `speed` a second each, the share `use` of it.

    >>> round(days_of_sprint(1e26, 100_000, 989e12, 0.4), 1)
    29.3
    """
    return operations / (accelerators * speed * use * 86_400.0)


def _solve(chosen: Chosen) -> Answer:
    breakout, response, rate, detection, bound = (
        chosen.real(name) for name in ("breakout", "response", "rate", "detection", "bound")
    )
    window = breakout - response
    rows: tuple[tuple[Cell, ...], ...] = (
        (
            "at random moments",
            escape_at_random(rate, window, detection),
            least_rate_at_random(bound, window, detection),
        ),
        (
            "at even intervals, phase unknown",
            escape_evenly(rate, window, detection),
            least_rate_evenly(bound, window, detection),
        ),
    )
    found = escape_at_random(rate, window, detection)
    said = "within" if found <= bound else "above"
    slowest = slowest_response(bound, breakout, rate, detection)
    answered = (
        f"whatever the answer's speed it is not kept, as {slowest.why}"
        if isinstance(slowest, Infeasible)
        else f"it is kept by answers that take up to {slowest:.3g} months"
    )
    return Answer(
        sentence=f"With {rate:g} inspections a month at random, a sprint of {breakout:g} months "
        f"that is answered {response:g} months after it is found escapes with chance "
        f"{found:.3g}, {said} the bound of {bound:g}; {answered}.",
        not_shown="What was prepared before the sprint began, and sprints that stop half-way.",
        tables=(
            Table(
                title="Escape before an answer",
                columns=(
                    Column(name="inspections come"),
                    Column(name="chance of escape", unit="1"),
                    Column(name="least rate for the bound", unit="a month"),
                ),
                rows=rows,
            ),
        ),
        picture=_picture(window, rate, detection, bound),
        hand_check=f"exp(-{rate:g} x {detection:g} x {max(0.0, window):g}) = {found:.6g}.",
    )


def _picture(window: float, rate: float, detection: float, bound: float) -> Lines:
    high = max(2.0, 1.5 * rate)
    rates = [high * step / 120 for step in range(121)]
    windows = sorted({1.0, 3.0, 9.0, max(window, 0.0)})
    series = [
        Series(
            name=f"{each:g}-month window",
            points=tuple((r, escape_at_random(r, each, detection)) for r in rates),
        )
        for each in windows
    ]
    series.append(Series(name="bound", points=((0.0, bound), (high, bound)), dashed=True))
    return Lines(
        title="What is answered late must be inspected often.",
        subtitle="Chance that a sprint ends before its answer, by inspections a month; a window "
        "is how much longer a sprint lasts than its answer takes.",
        x=Axis(title="inspections a month", low=0, high=high),
        y=Axis(title="chance of escape", low=0, high=1, percent=True),
        series=tuple(series),
        marks=(Mark(x=rate, y=escape_at_random(rate, window, detection), words="as chosen"),),
    )


def _check(what: str, stated: str, ours: Callable[[], float | Infeasible]) -> Check:
    return Check(paper=COX, where="waiting times", what=what, stated=stated, ours=ours)


def _parameter(name: str, symbol: str, unit: str, default: str, meaning: str) -> Parameter:
    chance = unit == "1"
    return Parameter(
        name=name,
        symbol=symbol,
        unit=unit,
        default=Fraction(default),
        meaning=meaning,
        low=None if name == "bound" else 0,
        above=0 if name == "bound" else None,
        high=1 if chance else None,
    )


BREAKOUT: Final = Model(
    name="breakout",
    title="Breakout",
    question="Can a lab finish a forbidden run before it is found and answered?",
    validity="A sprint is found by inspections alone, each independent of the others.",
    papers=(COX,),
    parameters=(
        _parameter("breakout", "T_b", "months", "12", "How long the forbidden run takes."),
        _parameter("response", "T_r", "months", "3", "How long after a finding it is stopped."),
        _parameter("rate", "λ", "a month", "1/4", "How many inspections there are."),
        _parameter("detection", "d", "1", "1", "The chance that an inspection finds the run."),
        _parameter("bound", "p", "1", "1/20", "The chance of escape that is accepted."),
    ),
    solve=_solve,
    checks=(
        _check("escape(12, 3, 0.25)", "0.105399", lambda: escape_at_random(0.25, 9)),
        _check("escape(3, 1, 0.25)", "0.606531", lambda: escape_at_random(0.25, 2)),
        _check("escape(12, 3, 0.5)", "0.011109", lambda: escape_at_random(0.5, 9)),
        _check("rate for 5 %, (12, 3)", "0.332859", lambda: least_rate_at_random(0.05, 9)),
        _check("rate for 5 %, (3, 1)", "1.497866", lambda: least_rate_at_random(0.05, 2)),
        _check(
            "days of 1e26 operations on 100,000 H100 at 40 %",
            "29.3",
            lambda: days_of_sprint(1e26, 100_000, 989e12, 0.4),
        ),
    ),
)
MODELS: Final[tuple[Model, ...]] = (BREAKOUT,)
