"""The tournament as a model that can be asked: scores in the long run, and an ecology."""

from __future__ import annotations

from fractions import Fraction
from typing import Final

import numpy as np

from pausenet.errors import Misuse
from pausenet.game.answer import Answer, Axis, Cell, Column, Infeasible, Lines, Series, Table
from pausenet.game.checks import Check
from pausenet.game.model import Chosen, Model, Parameter
from pausenet.game.tournament.entrants import (
    AXELROD,
    NEVER,
    TIT_FOR_TAT,
    WIN_STAY,
    entrants,
    generous,
)
from pausenet.game.tournament.memory_one import (
    NOWAK_SIGMUND,
    Sight,
    Stage,
    Strategy,
    scores,
)
from pausenet.game.tournament.ranking import Floats, Matrix, ecology, round_robin

_PAYOFFS: Final = ("temptation", "cooperation", "punishment", "betrayed")
_SHOWN: Final = 5


def _solve(chosen: Chosen) -> Answer:
    stage = Stage(**{name: chosen.exact(name) for name in _PAYOFFS})
    sight = Sight(**{name: chosen.exact(name) for name in ("slip", "missed", "false")})
    strategies = entrants(chosen.exact("generosity"))
    matrix = round_robin(strategies, stage, sight)
    means = [sum(row, Fraction(0)) / len(row) for row in matrix]
    best = max(range(len(means)), key=means.__getitem__)
    shares = _ecology(matrix, chosen.whole("generations"))
    said = ""
    if not isinstance(shares, Infeasible):
        most = int(np.argmax(shares[-1]))
        leads = np.sort(shares[-1])[-2] < shares[-1][most] * (1 - 1e-9)
        grown = f"{strategies[most].name} is {shares[-1][most]:.0%} of" if leads else "nobody leads"
        said = f"; after {len(shares) - 1} generations {grown} the population"
    first = [each.name for each, mean in zip(strategies, means, strict=True) if mean == means[best]]
    who = f"{strategies[best].name} earns most" if len(first) == 1 else f"{len(first)} earn most"
    return Answer(
        sentence=f"Among these {len(strategies)} strategies {who}, "
        f"{float(means[best]):.3g} a period{said}.",
        not_shown="What five labs that plan ahead would do; who wins hangs on who enters, so no "
        "headline rests on it.",
        tables=(
            _ranked(strategies, matrix, means, shares),
            _meetings(strategies, matrix),
        ),
        picture=_picture(strategies, shares),
        hand_check=f"one may forgive a race in at most {_generosity(stage)} of the cases: "
        "min(1 - (T - R) / (R - S), (R - P) / (T - P)).",
    )


def _generosity(stage: Stage) -> str:
    try:
        return str(stage.generosity)
    except Misuse:
        return "no share (no dilemma)"


def _ecology(matrix: Matrix, generations: int) -> Floats | Infeasible:
    table = np.array([[float(cell) for cell in row] for row in matrix])
    if table.min() <= 0.0:
        return Infeasible("an ecology needs mean payoffs above 0")
    return ecology(table, generations)


def _ranked(
    strategies: tuple[Strategy, ...],
    matrix: Matrix,
    means: list[Fraction],
    shares: Floats | Infeasible,
) -> Table:
    order = sorted(range(len(means)), key=lambda each: (-means[each], each))
    rows: list[tuple[Cell, ...]] = [
        (
            *(strategies[at].name, float(means[at]), float(matrix[at][at])),
            shares if isinstance(shares, Infeasible) else float(shares[-1][at]),
        )
        for at in order
    ]
    return Table(
        title="Mean payoff a period, exact in the long run",
        columns=(
            *(Column(name="strategy"), Column(name="against all", unit="payoff")),
            Column(name="against its own kind", unit="payoff"),
            Column(name="share in the ecology's last generation", unit="1"),
        ),
        rows=tuple(rows),
    )


def _meetings(strategies: tuple[Strategy, ...], matrix: Matrix) -> Table:
    return Table(
        title="Who earns what against whom",
        columns=(
            Column(name="strategy"),
            *(Column(name=_short(each.name), unit="payoff") for each in strategies),
        ),
        rows=tuple(
            (each.name, *(float(cell) for cell in row))
            for each, row in zip(strategies, matrix, strict=True)
        ),
    )


def _short(name: str) -> str:
    """Initials.

    >>> _short("Win-Stay Lose-Shift")
    'WSLS'
    """
    return "".join(word[0] for word in name.replace("-", " ").split())


def _picture(strategies: tuple[Strategy, ...], shares: Floats | Infeasible) -> Lines:
    if isinstance(shares, Infeasible):
        shares = np.array([[1.0 / len(strategies)] * len(strategies)] * 2)
        title = "No ecology: some mean payoff is not above 0."
    else:
        title = (
            "What earns among the others as they are grows; what lives on the weak goes with them."
        )
    last = sorted(range(len(strategies)), key=lambda at: -shares.max(axis=0)[at])[:_SHOWN]
    return Lines(
        title=title,
        subtitle=f"Shares of the {_SHOWN} strategies that reach most, by generation, from equal "
        f"shares of all {len(strategies)}.",
        x=Axis(title="generation", low=0),
        y=Axis(title="share of the population", low=0, percent=True),
        series=tuple(
            Series(
                name=strategies[at].name,
                points=tuple((number, float(row[at])) for number, row in enumerate(shares)),
            )
            for at in sorted(last)
        ),
    )


_CLASSIC: Final = Stage(
    temptation=Fraction(5), cooperation=Fraction(3), punishment=Fraction(1), betrayed=Fraction(0)
)
_GENEROUS: Final = generous(Fraction(1, 3))


def _check(what: str, stated: str, pair: tuple[Strategy, Strategy], who: int, slip: str) -> Check:
    return Check(
        paper=NOWAK_SIGMUND,
        where="memory one with slips",
        what=f"{what}, slips {slip}",
        stated=stated,
        ours=lambda: float(scores(*pair, _CLASSIC, Sight(slip=Fraction(slip)))[who]),
    )


def _payoff(name: str, symbol: str, default: int, meaning: str) -> Parameter:
    return Parameter(
        name=name,
        symbol=symbol,
        unit="payoff a period",
        default=Fraction(default),
        meaning=meaning,
    )


def _chance(name: str, symbol: str, default: Fraction, meaning: str) -> Parameter:
    return Parameter(
        name=name, symbol=symbol, unit="1", default=default, meaning=meaning, low=0, high=1
    )


TOURNAMENT: Final = Model(
    name="tournament",
    title="A tournament of strategies",
    question="Which answers to the other's last move earn most, if moves are seen imperfectly?",
    validity="Two labs at a time, for ever, with a memory of one period; each is watched anew.",
    papers=(AXELROD, NOWAK_SIGMUND),
    parameters=(
        _payoff("temptation", "T", 5, "What a lab earns that races while the other pauses."),
        _payoff("cooperation", "R", 3, "What a lab earns while both pause."),
        _payoff("punishment", "P", 1, "What a lab earns while both race."),
        _payoff("betrayed", "S", 0, "What a lab earns that pauses while the other races."),
        _chance("slip", "e", Fraction(1, 20), "The chance a period to do what was not meant."),
        _chance("missed", "b", Fraction(0), "The chance that a race is seen as a pause."),
        _chance("false", "a", Fraction(0), "The chance that a pause is seen as a race."),
        _chance(
            *("generosity", "g", Fraction(1, 3)),
            "How often Generous Tit For Tat forgives a race.",
        ),
        Parameter(
            name="generations",
            symbol="-",
            unit="generations",
            default=Fraction(200),
            meaning="How long the ecology runs.",
            low=1,
            high=5000,
            whole=True,
        ),
    ),
    solve=_solve,
    checks=(
        _check("Tit For Tat among its kind", "2.25", (TIT_FOR_TAT, TIT_FOR_TAT), 0, "1/20"),
        _check("Generous Tit For Tat among its kind", "2.85937", (_GENEROUS,) * 2, 0, "1/20"),
        _check("Win-Stay Lose-Shift among its kind", "2.77650", (WIN_STAY, WIN_STAY), 0, "1/20"),
        _check("Defector among its kind", "1.14750", (NEVER, NEVER), 0, "1/20"),
        _check("Tit For Tat against Defector", "1.10025", (TIT_FOR_TAT, NEVER), 0, "1/20"),
        _check("Defector against Tit For Tat", "1.32525", (TIT_FOR_TAT, NEVER), 1, "1/20"),
        _check("Generous against Defector", "0.80100", (_GENEROUS, NEVER), 0, "1/20"),
        _check("Defector against Generous", "2.45100", (_GENEROUS, NEVER), 1, "1/20"),
        _check("Tit For Tat against Generous", "2.85539", (TIT_FOR_TAT, _GENEROUS), 0, "1/20"),
        _check("Generous against Tit For Tat", "2.69234", (TIT_FOR_TAT, _GENEROUS), 1, "1/20"),
        _check("Generous Tit For Tat among its kind", "2.97032", (_GENEROUS,) * 2, 0, "1/100"),
        Check(
            paper=NOWAK_SIGMUND,
            where="the largest generosity",
            what="payoffs 5, 3, 1, 0",
            stated="1/3",
            ours=lambda: _CLASSIC.generosity,
        ),
    ),
)
MODELS: Final[tuple[Model, ...]] = (TOURNAMENT,)
