"""Assurance as one model: who stays in, how much trust it takes, how long an exposure is borne."""

from __future__ import annotations

from collections.abc import Callable
from fractions import Fraction
from functools import partial
from typing import Final

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
)
from pausenet.game.checks import Check
from pausenet.game.coalition.assurance import (
    MORRIS_SHIN,
    VAN_HUYCK,
    Share,
    Stake,
    all_stay,
    exposure_borne,
    labs_that_stay,
    trust,
)
from pausenet.game.model import Chosen, Model, Parameter

_NAMES: Final = ("gain", "loss", "exposure")


def _stakes(chosen: Chosen) -> tuple[Stake, ...]:
    count = chosen.whole("labs")
    lists = []
    for name in _NAMES:
        numbers = chosen.numbers(name)
        if len(numbers) not in (1, count):
            raise Misuse(f"{name}: expected 1 or {count} numbers, found {len(numbers)}")
        lists.append(numbers * count if len(numbers) == 1 else numbers)
    return tuple(
        Stake(gain=gain, loss=loss, exposure=exposure)
        for gain, loss, exposure in zip(*lists, strict=True)
    )


def _solve(chosen: Chosen) -> Answer:
    stakes = _stakes(chosen)
    labs = len(stakes)
    stays = all_stay(stakes)
    distinct = tuple(dict.fromkeys(stakes))
    rows = tuple(_row(stake, stakes, labs) for stake in distinct)
    said = "all stay in" if stays else "not all stay in"
    hardest = max(stakes, key=_hardness)
    risk = hardest.risk
    if isinstance(risk, Infeasible):
        needed = f"for some lab {risk.why}"
    else:
        needed = (
            f"the most exposed must trust each other lab with {trust(risk, labs):.1%} "
            "to keep the pause"
        )
    return Answer(
        sentence=f"Under complete strategic uncertainty {said}: {needed}.",
        not_shown="How many can sign: where all must sign before any is bound nobody is exposed "
        "before, and signing is never worse than not signing. Labs that talk, learn or repeat.",
        tables=(
            Table(
                title="Staying in a pause of all",
                columns=(
                    Column(name="labs"),
                    Column(name="risk q", unit="1"),
                    Column(name="trust needed in each other lab", unit="1"),
                    Column(name="stays in"),
                    Column(name="rule of thumb: so many alike stay in", unit="labs"),
                    Column(name="longest exposure borne", unit="periods"),
                ),
                rows=rows,
            ),
        ),
        picture=_lines(hardest, labs),
        hand_check="q = L D / ((R - T) + L D); all of n stay in where 1/n >= q, "
        f"1/n = {1 / labs:.4g}.",
    )


def _hardness(stake: Stake) -> Fraction:
    return Fraction(2) if isinstance(stake.risk, Infeasible) else stake.risk


def _row(stake: Stake, stakes: tuple[Stake, ...], labs: int) -> tuple[Cell, ...]:
    who = ", ".join(str(place + 1) for place, each in enumerate(stakes) if each == stake)
    risk = stake.risk
    alone = all_stay((stake,) * labs)
    number = labs_that_stay(stake)
    borne = exposure_borne(stake, labs)
    return (
        who,
        risk if isinstance(risk, Infeasible) else float(risk),
        risk if isinstance(risk, Infeasible) else trust(risk, labs),
        "yes" if alone else "no",
        number,
        borne if isinstance(borne, Infeasible) else float(borne),
    )


def _lines(stake: Stake, labs: int) -> Lines:
    """The trust needed by exposure, and where complete uncertainty would still keep all in."""
    top = max(float(stake.exposure) * 1.5, 0.1)
    series = []
    for count in sorted({2, labs, 2 * labs}):
        points = []
        for step in range(61):
            exposure = Fraction(step, 60) * Fraction(top)
            risk = Stake(gain=stake.gain, loss=stake.loss, exposure=exposure).risk
            if not isinstance(risk, Infeasible):
                points.append((float(exposure), trust(risk, count)))
        if points:
            series.append(Series(name=f"{count} labs", points=tuple(points)))
    risk = stake.risk
    marks = (
        ()
        if isinstance(risk, Infeasible)
        else (Mark(x=stake.exposure, y=trust(risk, labs), words="as chosen"),)
    )
    return Lines(
        title="Shorter exposure replaces trust: most of it only where it is very short.",
        subtitle="Trust in each other lab that staying in demands, by exposure to a defection.",
        x=Axis(title="exposure before a pauser learns and exits (periods)", low=0),
        y=Axis(title="trust needed in each other lab", low=0, high=1, percent=True),
        series=tuple(series),
        marks=marks,
    )


def _risk(exposure: str) -> Share:
    return Stake(gain=Fraction(1), loss=Fraction(2), exposure=Fraction(exposure)).risk


def _trust(exposure: str) -> float | Infeasible:
    risk = _risk(exposure)
    return risk if isinstance(risk, Infeasible) else trust(risk, 5)


def _number(exposure: str) -> Fraction | Infeasible:
    found = labs_that_stay(Stake(gain=Fraction(1), loss=Fraction(2), exposure=Fraction(exposure)))
    return found if isinstance(found, Infeasible) else Fraction(found)


def _check(what: str, stated: str, function: Callable[[], Number | Infeasible]) -> Check:
    return Check(
        paper=MORRIS_SHIN,
        where="uniform beliefs, applied to a pause with verified exit; R - T = 1, L = 2",
        what=what,
        stated=stated,
        ours=function,
    )


ASSURANCE: Final = Model(
    name="assurance",
    title="I pause only if all do",
    question="How much trust does it take to stay in, and what does a verified exit change?",
    validity="All must pause for the pause to be worth it; one shot, and an exit once a defection "
    "is seen.",
    papers=(MORRIS_SHIN, VAN_HUYCK),
    parameters=(
        Parameter(
            name="labs",
            symbol="n",
            unit="labs",
            default=Fraction(5),
            meaning="How many have signed.",
            low=2,
            high=100,
            whole=True,
        ),
        Parameter(
            name="gain",
            symbol="R - T",
            unit="payoff",
            default=(Fraction(1),),
            meaning="What the pause of all is worth more than to race alone; one for all, or each.",
        ),
        Parameter(
            name="loss",
            symbol="L",
            unit="payoff a period",
            default=(Fraction(2),),
            meaning="What a lab loses a period that pauses while another races; one, or each.",
            low=0,
        ),
        Parameter(
            name="exposure",
            symbol="D",
            unit="periods",
            default=(Fraction(1, 4),),
            meaning="Discounted periods before it learns and exits; one for all, or each.",
            low=0,
        ),
    ),
    solve=_solve,
    checks=(
        _check("q for D = 1", "0.6667", partial(_risk, "1")),
        _check("trust of five labs for D = 1", "0.9036", partial(_trust, "1")),
        _check("q for D = 1/4", "0.3333", partial(_risk, "1/4")),
        _check("labs that stay in for D = 1/4", "3", partial(_number, "1/4")),
        _check("q for D = 1/20", "0.0909", partial(_risk, "1/20")),
        _check("labs that stay in for D = 1/20", "11", partial(_number, "1/20")),
        _check("trust of five labs for D = 1/20", "0.5491", partial(_trust, "1/20")),
    ),
)
