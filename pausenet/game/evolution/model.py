"""Populations of strategies as a model that can be asked: fixation, the long run, a picture."""

from __future__ import annotations

from fractions import Fraction
from math import isqrt, sqrt
from typing import Final

import numpy as np

from pausenet.errors import Misuse
from pausenet.game.answer import (
    Answer,
    Axis,
    Bar,
    Bars,
    Cell,
    Column,
    Drawn,
    Lines,
    Mark,
    Series,
    Table,
)
from pausenet.game.checks import Check
from pausenet.game.evolution.fixation import (
    FUDENBERG_IMHOF,
    TRAULSEN,
    Floats,
    log_pairwise_fixation,
    long_run,
)
from pausenet.game.evolution.moran import MORAN, NOWAK, constant_fixation
from pausenet.game.evolution.population import gradient, population_chain
from pausenet.game.evolution.replicator import TAYLOR_JONKER, Pair, field, path
from pausenet.game.model import Chosen, Model, Parameter

_DILEMMA: Final = ((3, 0), (5, 1))
_HUNT: Final = ((4, 0), (3, 2))
_SIDE: Final = sqrt(3) / 2


def _solve(chosen: Chosen) -> Answer:
    exact = _square(chosen.numbers("payoffs"))
    payoffs = np.array([[float(cell) for cell in row] for row in exact])
    population, strength = chosen.whole("population"), chosen.real("strength")
    mutation = chosen.real("mutation")
    rare = long_run(exact, population, strength)
    states, times = population_chain(payoffs, population, strength, mutation)
    shares = times @ np.array(states, dtype=np.float64) / population
    names = [f"strategy {number + 1}" for number in range(len(exact))]
    most = int(np.argmax(shares))
    return Answer(
        sentence=f"With mutations in {mutation:.3g} of the steps {names[most]} is played by "
        f"{shares[most]:.1%} of the players on average; with very rare ones "
        f"{names[int(np.argmax(rare))]} is everybody's {_percent(float(rare.max()))} of the time.",
        not_shown="Anything about five labs that plan ahead: this is imitation in a population, "
        "reproduced for comparison with the literature.",
        tables=(_long_run(names, rare, shares), _fixation(names, exact, population, strength)),
        picture=_picture(names, exact, payoffs, population, strength, shares),
        hand_check=f"chance alone would fix one mutant in 1 / Z = {1 / population:.4g} of cases.",
    )


def _percent(share: float) -> str:
    """A share that is not all does not read so.

    >>> _percent(0.99995), _percent(0.5)
    ('more than 99.9%', '50.0%')
    """
    return "more than 99.9%" if share > 0.9994 else f"{share:.1%}"


def _square(values: tuple[Fraction, ...]) -> tuple[tuple[Fraction, ...], ...]:
    size = isqrt(len(values))
    if size * size != len(values) or size < 2:
        raise Misuse(f"payoffs: expected 4, 9 or 16 numbers, row by row; found {len(values)}")
    return tuple(values[row * size : (row + 1) * size] for row in range(size))


def _long_run(names: list[str], rare: Floats, shares: Floats) -> Table:
    rows: list[tuple[Cell, ...]] = [
        (name, float(first), float(second))
        for name, first, second in zip(names, rare, shares, strict=True)
    ]
    return Table(
        title="The long run",
        columns=(
            Column(name="strategy"),
            Column(name="share of time, rare mutations", unit="1"),
            Column(name="mean share, with mutation", unit="1"),
        ),
        rows=tuple(rows),
    )


def _fixation(
    names: list[str],
    payoffs: tuple[tuple[Fraction, ...], ...],
    population: int,
    strength: float,
) -> Table:
    rows: list[tuple[Cell, ...]] = []
    for mutant in range(len(names)):
        for resident in range(len(names)):
            if mutant == resident:
                continue
            rho = np.exp(log_pairwise_fixation(payoffs, mutant, resident, population, strength))
            rows.append((names[mutant], names[resident], float(rho), float(rho * population)))
    return Table(
        title="How likely one mutant takes over",
        columns=(
            *(Column(name="mutant"), Column(name="among"), Column(name="chance", unit="1")),
            Column(name="times chance alone", unit="1"),
        ),
        rows=tuple(rows),
    )


def _picture(
    names: list[str],
    exact: tuple[tuple[Fraction, ...], ...],
    payoffs: Floats,
    population: int,
    strength: float,
    shares: Floats,
) -> Drawn:
    match len(names):
        case 2:
            return _gradient(names, exact, payoffs, population, strength)
        case 3:
            return _simplex(names, payoffs)
        case _:
            return Bars(
                title="What is played in the long run.",
                subtitle="Mean share of each strategy over time, with mutation.",
                x=Axis(title="mean share", low=0, high=1, percent=True),
                bars=tuple(
                    Bar(name=name, value=float(share), words=f"{share:.1%}")
                    for name, share in zip(names, shares, strict=True)
                ),
            )


def _gradient(
    names: list[str],
    exact: tuple[tuple[Fraction, ...], ...],
    payoffs: Floats,
    population: int,
    strength: float,
) -> Lines:
    found = gradient(payoffs, population, strength)
    points = tuple((k / population, float(value)) for k, value in enumerate(found))
    (a, b), (c, d) = exact
    return Lines(
        title=f"In a large population {Pair(a, b, c, d).kind}.",
        subtitle=f"Gradient of selection: the chance that {names[0]} wins a player in a step, less "
        "that it loses one, by its share.",
        x=Axis(title=f"share of {names[0]}", low=0, high=1, percent=True),
        y=Axis(title="gradient of selection a step"),
        series=(
            Series(name="selection", points=points),
            Series(name="", points=((0, 0), (1, 0)), faint=True),
        ),
    )


def _simplex(names: list[str], payoffs: Floats) -> Lines:
    """Paths of the replicator dynamics in the triangle of shares, from a grid of starts."""
    series = [
        Series(name="", points=((0, 0), (1, 0), (0.5, _SIDE), (0, 0)), faint=True),
    ]
    speed = max(float(np.abs(field(payoffs, _starts())).max()), 1e-9)
    for start in _starts():
        walked = path(payoffs, start, step=0.02 / speed, steps=24)
        places = [(float(b + c / 2), float(c * _SIDE)) for _, b, c in walked]
        series.append(Series(name="", points=tuple(places)))
        series.append(Series(name="", points=(places[-1],)))
    corners = ((0.0, 0.0), (1.0, 0.0), (0.5, _SIDE))
    return Lines(
        title="Where a large population moves from each mixture.",
        subtitle="Paths of the replicator dynamics, each to its point; a corner is a population in "
        "which all play one strategy.",
        x=Axis(title="", low=-0.05, high=1.2),
        y=Axis(title="", low=-0.08, high=0.98),
        series=tuple(series),
        marks=tuple(
            Mark(x=x, y=y, words=name) for (x, y), name in zip(corners, names, strict=True)
        ),
        bare=True,
    )


def _starts() -> Floats:
    """Inner points of the simplex, shape (15, 3)."""
    return np.array([(i / 7, j / 7, (7 - i - j) / 7) for i in range(1, 6) for j in range(1, 7 - i)])


def _fixed(table: tuple[tuple[int, ...], ...], mutant: int, strength: float) -> float:
    return float(np.exp(log_pairwise_fixation(table, mutant, 1 - mutant, 50, strength)))


def _end(share: str) -> Fraction:
    (a, b), (c, d) = _HUNT
    return Pair(Fraction(a), Fraction(b), Fraction(c), Fraction(d)).end(Fraction(share))


EVOLUTION: Final = Model(
    name="evolution",
    title="Populations of strategies",
    question="Which strategies would imitation spread, and which would it keep?",
    validity="Many players who compare payoffs and imitate; there are about five labs, so no "
    "headline rests on it.",
    papers=(TAYLOR_JONKER, MORAN, NOWAK, TRAULSEN, FUDENBERG_IMHOF),
    parameters=(
        Parameter(
            name="payoffs",
            symbol="a",
            unit="payoff",
            default=(Fraction(3), Fraction(0), Fraction(5), Fraction(1)),
            meaning="What the row's strategy earns against the column's, row by row.",
        ),
        Parameter(
            name="population",
            symbol="Z",
            unit="players",
            default=Fraction(50),
            meaning="How many players there are.",
            low=2,
            high=1000,
            whole=True,
        ),
        Parameter(
            name="strength",
            symbol="β",
            unit="1 / payoff",
            default=Fraction(1, 10),
            meaning="How strongly a difference of payoffs decides who is imitated.",
            low=0,
        ),
        Parameter(
            name="mutation",
            symbol="μ",
            unit="1",
            default=Fraction(1, 100),
            meaning="The chance a step that a player takes any other strategy.",
            above=0,
            high=1,
        ),
    ),
    solve=_solve,
    checks=(
        Check(
            paper=MORAN,
            where="fixation at a constant fitness",
            what="rho(r = 1.1, N = 10)",
            stated="0.14795036",
            ours=lambda: constant_fixation(Fraction(11, 10), 10),
        ),
        Check(
            paper=MORAN,
            where="fixation at a constant fitness",
            what="rho(r = 1.1, N = 100)",
            stated="0.09091569",
            ours=lambda: constant_fixation(Fraction(11, 10), 100),
        ),
        Check(
            paper=TRAULSEN,
            where="pairwise comparison",
            what="prisoner's dilemma 3, 0, 5, 1, Z = 50, beta = 0.1: D among C",
            stated="0.178091559",
            ours=lambda: _fixed(_DILEMMA, 1, 0.1),
        ),
        Check(
            paper=TRAULSEN,
            where="pairwise comparison",
            what="prisoner's dilemma 3, 0, 5, 1, Z = 50, beta = 0.1: C among D",
            stated="8.0644699e-5",
            ours=lambda: _fixed(_DILEMMA, 0, 0.1),
        ),
        Check(
            paper=TRAULSEN,
            where="pairwise comparison",
            what="stag hunt 4, 0, 3, 2, Z = 50, beta = 1: S among H",
            stated="1.1868e-16",
            ours=lambda: _fixed(_HUNT, 0, 1.0),
        ),
        Check(
            paper=TRAULSEN,
            where="pairwise comparison",
            what="stag hunt 4, 0, 3, 2, Z = 50, beta = 1: H among S",
            stated="6.3144e-5",
            ours=lambda: _fixed(_HUNT, 1, 1.0),
        ),
        Check(
            paper=TAYLOR_JONKER,
            where="rest points of two strategies",
            what="stag hunt 4, 0, 3, 2: inner rest point",
            stated="2/3",
            ours=lambda: Pair(*(Fraction(cell) for row in _HUNT for cell in row)).inner,
        ),
        Check(
            paper=TAYLOR_JONKER,
            where="rest points of two strategies",
            what="stag hunt: where the share 0.6 ends",
            stated="0",
            ours=lambda: _end("0.6"),
        ),
        Check(
            paper=TAYLOR_JONKER,
            where="rest points of two strategies",
            what="stag hunt: where the share 0.7 ends",
            stated="1",
            ours=lambda: _end("0.7"),
        ),
    ),
)
MODELS: Final[tuple[Model, ...]] = (EVOLUTION,)
