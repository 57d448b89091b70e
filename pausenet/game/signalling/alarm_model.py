"""What an alarm says about a lab, as a model."""

from __future__ import annotations

from fractions import Fraction
from functools import partial
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
from pausenet.game.checks import Check
from pausenet.game.model import Chosen, Model, Parameter
from pausenet.game.signalling.alarms import alarms_needed, cheats
from pausenet.game.signalling.signals import KYDD

_SHOWN: Final = 6
_WANTED: Final = Fraction(95, 100)


def _solve(chosen: Chosen) -> Answer:
    prior, detection, false_alarm = (
        chosen.exact(name) for name in ("prior", "detection", "false_alarm")
    )
    alarms, quiet = chosen.whole("alarms"), chosen.whole("quiet")
    found = cheats(prior, detection, false_alarm, alarms, quiet)
    needed = alarms_needed(prior, detection, false_alarm, _WANTED)
    seen = f"{_counted(alarms, 'alarm')} and {_counted(quiet, 'quiet look')}"
    if isinstance(found, Infeasible):
        said = f"What was seen cannot be judged: {found.why}."
    else:
        said = (
            f"A lab that cheats with chance {float(prior):.1%} beforehand cheats with chance "
            f"{float(found):.1%} after {seen}."
        )
    return Answer(
        sentence=said,
        not_shown="Alarms that share a cause (one meter, one key), labs that cheat only when they "
        "expect no look, and what an accusation costs.",
        tables=(
            Table(
                title="After alarms alone",
                columns=(
                    Column(name="alarms"),
                    Column(name="cheats", unit="1"),
                    Column(name="does not", unit="1"),
                ),
                rows=tuple(
                    (count, *_pair(cheats(prior, detection, false_alarm, count)))
                    for count in range(_SHOWN)
                ),
            ),
            Table(
                title="Independent alarms needed",
                columns=(Column(name="to be sure at"), Column(name="alarms")),
                rows=((f"{float(_WANTED):.0%}", needed),),
            ),
        ),
        picture=_lines(prior, detection, false_alarm, alarms),
        hand_check="one alarm: pi d / (pi d + (1 - pi) alpha).",
    )


def _counted(count: int, what: str) -> str:
    """As it is said.

    >>> _counted(0, "alarm"), _counted(1, "alarm"), _counted(2, "alarm")
    ('no alarm', '1 alarm', '2 alarms')
    """
    return f"{count or 'no'} {what}{'s' if count > 1 else ''}"


def _pair(found: Fraction | Infeasible) -> tuple[Cell, Cell]:
    if isinstance(found, Infeasible):
        return found, found
    return float(found), float(1 - found)


def _lines(prior: Fraction, detection: Fraction, false_alarm: Fraction, alarms: int) -> Lines:
    """The posterior by the number of alarms, for some rates of false alarms."""
    series, marks = [], []
    for rate in sorted({false_alarm, false_alarm / 5, min(Fraction(1), false_alarm * 2)}):
        points = []
        for count in range(max(_SHOWN, alarms + 1)):
            found = cheats(prior, detection, rate, count)
            if not isinstance(found, Infeasible):
                points.append((count, found))
        if points:
            series.append(
                Series(name=f"false alarms {float(rate):.2g}", points=tuple(points), steps=False)
            )
    chosen = cheats(prior, detection, false_alarm, alarms)
    if not isinstance(chosen, Infeasible):
        marks.append(Mark(x=alarms, y=chosen, words="as chosen, no quiet looks"))
    return Lines(
        title="One alarm against a lab that is seldom guilty says less than it seems.",
        subtitle="Chance that a lab cheats after so many independent alarms.",
        x=Axis(title="alarms", low=0),
        y=Axis(title="cheats", low=0, high=1, percent=True),
        series=tuple(series),
        marks=tuple(marks),
    )


def _check(what: str, stated: str, prior: str, false_alarm: str, beta: str, alarms: int) -> Check:
    chances = (Fraction(prior), 1 - Fraction(beta), Fraction(false_alarm))
    return Check(
        paper=KYDD,
        where="Bayes's rule for types that are trusted or not",
        what=what,
        stated=stated,
        ours=partial(cheats, *chances, alarms),
    )


ALARM: Final = Model(
    name="alarm",
    title="What an alarm says about a lab",
    question="How likely is it that a lab cheats, after so many alarms and quiet looks?",
    validity="Looks are independent given what the lab does; one prior for it.",
    papers=(KYDD,),
    parameters=(
        Parameter(
            name="prior",
            symbol="pi",
            unit="1",
            default=Fraction(1, 20),
            meaning="The chance that the lab cheats, beforehand.",
            low=0,
            high=1,
        ),
        Parameter(
            name="detection",
            symbol="d",
            unit="1",
            default=Fraction(9, 10),
            meaning="The chance of an alarm if it cheats.",
            low=0,
            high=1,
        ),
        Parameter(
            name="false_alarm",
            symbol="alpha",
            unit="1",
            default=Fraction(1, 20),
            meaning="The chance of an alarm if it does not.",
            low=0,
            high=1,
        ),
        Parameter(
            name="alarms",
            symbol="a",
            unit="looks",
            default=Fraction(1),
            meaning="How many looks raised an alarm.",
            low=0,
            high=100,
            whole=True,
        ),
        Parameter(
            name="quiet",
            symbol="q",
            unit="looks",
            default=Fraction(0),
            meaning="How many did not.",
            low=0,
            high=1_000,
            whole=True,
        ),
    ),
    solve=_solve,
    checks=(
        _check("pi = alpha = 0.05, beta = 0.1, one alarm", "0.486486", "0.05", "0.05", "0.1", 1),
        _check("the same, alpha = 0.01", "0.825688", "0.05", "0.01", "0.1", 1),
        _check("the same, alpha = 0.05, two alarms", "0.944606", "0.05", "0.05", "0.1", 2),
        _check("pi = 0.01, alpha = beta = 0.05, one alarm", "0.161017", "0.01", "0.05", "0.05", 1),
    ),
)
