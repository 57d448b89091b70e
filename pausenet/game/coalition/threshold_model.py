"""Threshold public goods as one model: every symmetric equilibrium, and what a refund changes."""

from __future__ import annotations

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
    NotFound,
    Series,
    Table,
)
from pausenet.game.checks import Check
from pausenet.game.coalition.enclosure import Enclosure, value
from pausenet.game.coalition.threshold import (
    DANNENBERG,
    LABS_MAX,
    PALFREY,
    Threshold,
    advantage,
    certain,
    mixed,
    pure,
    stable,
    success,
)
from pausenet.game.model import Chosen, Model, Parameter

_POINTS: Final = 80
_NEAR: Final = 0.05


def _game(chosen: Chosen, *, refund: bool) -> Threshold:
    """The threshold known, or spread evenly over `spread` values to either side of it."""
    labs, middle = chosen.whole("labs"), chosen.whole("threshold")
    spread = chosen.whole("spread")
    low, high = middle - spread, middle + spread
    if not (low >= 1 and high <= labs):
        raise Misuse(
            f"threshold: {middle} with a spread of {spread} leaves 1 to {labs}: {low} to {high}"
        )
    each = Fraction(1, 2 * spread + 1)
    chances = tuple(each if low <= k <= high else Fraction(0) for k in range(1, labs + 1))
    return Threshold(chances=chances, cost=chosen.exact("cost"), refund=refund)


def _solve(chosen: Chosen) -> Answer:
    games = tuple(_game(chosen, refund=refund) for refund in (False, True))
    chosen_game = games[chosen.word("refund") == "yes"]
    rows = tuple(row for game in games for row in _rows(game))
    return Answer(
        sentence=_sentence(games, chosen_game),
        not_shown="Labs that differ, equilibria in which labs alike draw differently, "
        "talk beforehand, and whether a commitment is kept: that is verification's part.",
        tables=(
            Table(
                title="Every symmetric mixed equilibrium",
                columns=(
                    Column(name="refund"),
                    Column(name="chance that a lab pauses", unit="1"),
                    Column(name="chance that the pause works", unit="1"),
                    Column(name="learning labs come back to it"),
                ),
                rows=rows,
            ),
            Table(
                title="Pure equilibria: numbers of labs that pause",
                columns=(Column(name="refund"), Column(name="labs")),
                rows=tuple(
                    (_word(game), ", ".join(map(str, pure(game))) or "none") for game in games
                ),
            ),
        ),
        picture=_lines(games),
    )


def _word(game: Threshold) -> str:
    return "yes" if game.refund else "no"


def _rows(game: Threshold) -> tuple[tuple[Cell, ...], ...]:
    found = _mixed(game)
    if not found:
        always = not any(advantage(game))
        none = Infeasible(
            "labs are always indifferent, so that every chance is an equilibrium"
            if always
            else "labs are never indifferent"
        )
        return ((_word(game), none, none, "-"),)
    return tuple(
        (
            _word(game),
            root.middle,
            success(game, root.middle),
            "a double root" if not root.simple else "yes" if stable(game, root) else "no",
        )
        for root in found
    )


def _sentence(games: tuple[Threshold, ...], game: Threshold) -> str:
    """The best equilibrium of the game chosen, and what the refund changes."""
    best = [_best(each) for each in games]
    reached = max(game.works(m) for m in pure(game)) if pure(game) else Fraction(0)
    certain_works = f"with labs that know who pauses it works with chance {float(reached):.0%}"
    return (
        f"Labs alike that cannot tell who pauses make the pause work with chance {best[0]:.1%} at "
        f"best without a refund and {best[1]:.1%} with one; {certain_works}"
        f"{' (refund)' if game.refund else ''}."
    )


def _mixed(game: Threshold) -> tuple[Enclosure, ...]:
    """As `mixed`; empty where labs are always indifferent."""
    return mixed(game) if any(advantage(game)) else ()


def _best(game: Threshold) -> float:
    """The chance that the pause works in the best equilibrium in which all do the same.

    That all pause surely may be one: it is where the weakest link counts.
    """
    chances = [success(game, root.middle) for root in _mixed(game)]
    if game.labs in pure(game):
        chances.append(float(game.works(game.labs)))
    return max(chances, default=0.0)


def _lines(games: tuple[Threshold, ...]) -> Lines:
    """What pausing gains over racing by the others' chance to pause."""
    series: list[Series] = []
    marks: list[Mark] = []
    for game in games:
        coefficients = advantage(game)
        points = tuple(
            (step / _POINTS, float(value(coefficients, Fraction(step, _POINTS))))
            for step in range(_POINTS + 1)
        )
        series.append(
            Series(name="with a refund" if game.refund else "without a refund", points=points)
        )
        for root in _mixed(game):
            near = any(abs(mark.x - root.middle) < _NEAR for mark in marks)
            words = "" if near else f"{root.middle:.3f}"
            marks.append(Mark(x=root.middle, y=0.0, words=words))
    return Lines(
        title="A refund takes the fear from pausing when few do.",
        subtitle="Gain of pausing over racing, by the chance that each other lab pauses.",
        x=Axis(title="chance that each other lab pauses", low=0, high=1, percent=True),
        y=Axis(title="gain of pausing over racing"),
        series=tuple(series),
        marks=tuple(marks),
    )


def _root(labs: int, threshold: int, cost: str, refund: bool, place: int) -> float | NotFound:
    found = mixed(certain(labs, threshold, Fraction(cost), refund=refund))
    return found[place].middle if place < len(found) else NotFound("there is no such root")


def _checks() -> tuple[Check, ...]:
    stated = (
        (5, 3, "1/5", False, ("0.240335", "0.759665")),
        (5, 3, "1/5", True, ("0.766981",)),
        (10, 7, "1/10", False, ("0.431939", "0.855030")),
        (10, 7, "1/10", True, ("0.857143",)),
        (3, 2, "2/5", False, ("0.276393", "0.723607")),
        (3, 2, "2/5", True, ("0.75",)),
    )
    return tuple(
        Check(
            paper=PALFREY,
            where=f"n = {labs}, k = {threshold}, c = {cost}, {'' if refund else 'no '}refund",
            what=f"mixed equilibrium {place + 1}",
            stated=numeral,
            ours=partial(_root, labs, threshold, cost, refund, place),
        )
        for labs, threshold, cost, refund, numerals in stated
        for place, numeral in enumerate(numerals)
    )


THRESHOLD: Final = Model(
    name="threshold",
    title="A pause that works once enough labs pause",
    question="Do enough labs pause, and what does a refund (I pause only if enough do) change?",
    validity="Labs alike; the pause is worth 1 to each if enough pause and nothing if not.",
    papers=(PALFREY, DANNENBERG),
    parameters=(
        Parameter(
            name="labs",
            symbol="n",
            unit="labs",
            default=Fraction(5),
            meaning="How many there are.",
            low=2,
            high=LABS_MAX,
            whole=True,
        ),
        Parameter(
            name="threshold",
            symbol="k",
            unit="labs",
            default=Fraction(3),
            meaning="How many must pause; n for a weakest link.",
            low=1,
            high=LABS_MAX,
            whole=True,
        ),
        Parameter(
            name="cost",
            symbol="c",
            unit="worth of the pause",
            default=Fraction(1, 5),
            meaning="What pausing costs a lab.",
            above=0,
            below=1,
        ),
        Parameter(
            name="spread",
            symbol="-",
            unit="labs",
            default=Fraction(0),
            meaning="How far the threshold may lie from k to either side, all equally likely.",
            low=0,
            high=LABS_MAX,
            whole=True,
        ),
        Parameter(
            name="refund",
            symbol="-",
            unit="word",
            default="no",
            meaning="Whether the sentence is on commitments that bind only if the pause works.",
            choices=("no", "yes"),
        ),
    ),
    solve=_solve,
    checks=_checks(),
)
