"""Two labs that each pause or race: equilibria, dominance, trust, and labs that err.

Payoffs by the usual letters, for both labs alike or for each: T races while the other pauses, R
both pause, P both race, S pauses while the other races.

1. Every equilibrium of the 2 x 2 game (`bimatrix`), with its largest regret.
2. Where all-pause and all-race are both strict equilibria, a lab does well to pause if it believes
   that the other pauses with chance at least q = (P - S) / ((R - T) + (P - S)).
3. Of the two, the one with the greater product of losses is risk dominant (`selection`).
4. The picture: how often labs pause that choose better more often, by precision (`logit`).
"""

from __future__ import annotations

from collections.abc import Callable
from fractions import Fraction
from typing import Final

from pausenet.errors import Misuse
from pausenet.game.answer import (
    Answer,
    Axis,
    Cell,
    Column,
    Drawn,
    Infeasible,
    Lines,
    NotFound,
    Number,
    Series,
    Table,
    spelled,
)
from pausenet.game.checks import Check, Paper
from pausenet.game.equilibrium.bimatrix import Equilibria, every_equilibrium
from pausenet.game.equilibrium.logit import Point, logit_path
from pausenet.game.equilibrium.plane import plane
from pausenet.game.equilibrium.selection import payoff_dominant, risk_dominant
from pausenet.game.equilibrium.shown import dominance_table, equilibria_table, subsets_table
from pausenet.game.model import Chosen, Model, Parameter
from pausenet.game.normal_form.game import Choice, Game, bimatrix
from pausenet.game.normal_form.tables import payoff_tables, pure_equilibria

MCKELVEY: Final = Paper(
    key="mckelvey-1995",
    cite="R. D. McKelvey, T. R. Palfrey, Quantal Response Equilibria for Normal Form Games, Games "
    "and Economic Behavior 10 (1995) 6-38",
)
HARSANYI: Final = Paper(
    key="harsanyi-1988",
    cite="J. C. Harsanyi, R. Selten, A General Theory of Equilibrium Selection in Games, MIT Press "
    "(1988)",
)
_LETTERS: Final = ("temptation", "cooperation", "punishment", "sucker")
_PAUSE: Final = (0, 0)
_RACE: Final = (1, 1)


def labs(payoffs: tuple[tuple[Number, Number, Number, Number], ...]) -> Game:
    """The game of two labs, each with its T, R, P, S.

    >>> labs(((5, 3, 1, 0), (5, 3, 1, 0))).paid((0, 1))
    (Fraction(0, 1), Fraction(5, 1))
    """
    (t, r, p, s), (u, q, o, v) = ([Fraction(each) for each in lab] for lab in payoffs)
    return bimatrix(
        [[r, s], [t, p]],
        [[q, u], [v, o]],
        title="Payoffs of lab A, lab B",
        players=("Lab A", "Lab B"),
        strategies=(("pause", "race"), ("pause", "race")),
    )


def belief_needed(
    temptation: Fraction, cooperation: Fraction, punishment: Fraction, sucker: Fraction
) -> Fraction | Infeasible:
    """The least chance of the other's pausing at which a lab does well to pause (step 2).

    >>> belief_needed(Fraction(3), Fraction(4), Fraction(2), Fraction(0))
    Fraction(2, 3)
    """
    kept, lost = cooperation - temptation, punishment - sucker
    if kept < 0 and lost < 0:
        return Infeasible("this lab does well to do the opposite of the other")
    if kept < 0:
        return Infeasible("racing pays more however likely the other is to pause")
    if lost <= 0:
        return Fraction(0)
    return lost / (kept + lost)


def _payoffs(chosen: Chosen) -> tuple[tuple[Fraction, Fraction, Fraction, Fraction], ...]:
    sides: list[list[Fraction]] = [[], []]
    for name in _LETTERS:
        values = chosen.numbers(name)
        if len(values) > 2:
            raise Misuse(f"{name}: expected one number, or one for each lab, found {len(values)}")
        sides[0].append(values[0])
        sides[1].append(values[-1])
    return tuple((t, r, p, s) for t, r, p, s in sides)


def _solve(chosen: Chosen) -> Answer:
    payoffs = _payoffs(chosen)
    game = labs(payoffs)
    found = every_equilibrium(game)
    assert not isinstance(found, NotFound)  # two by two
    precision = chosen.real("precision")
    stops = tuple(precision * quarter / 4 for quarter in range(5))
    path = logit_path(game, precision_max=precision, stops=stops)
    pure = pure_equilibria(game)
    return Answer(
        sentence=_sentence(game, payoffs, pure, found),
        not_shown="Play over time, detection and penalties: they change the payoffs typed here.",
        tables=(
            *payoff_tables(game),
            equilibria_table(game, found),
            *subsets_table(game, found),
            dominance_table(game),
            _expected(game, payoffs, found),
            *_precise(path, stops),
        ),
        picture=_picture(game, found, path),
        hand_check=_hand_check(payoffs[0], pure),
    )


def _sentence(
    game: Game,
    payoffs: tuple[tuple[Fraction, ...], ...],
    pure: tuple[Choice, ...],
    found: Equilibria,
) -> str:
    only = found.profiles if len(found.profiles) == 1 else ()
    wanted = all(r > p for _, r, p, _ in payoffs)
    if only and pure == (_RACE,):
        regret = "though both would get more if both paused" if wanted else "and no pause is wanted"
        return f"Both labs race, {regret}: nothing in these payoffs keeps a pause."
    if only and pure == (_PAUSE,):
        return "Both labs pause, and neither gains by racing: the pause holds by itself."
    if set(pure) == {_PAUSE, _RACE}:
        selected = risk_dominant(game)
        needed = [belief_needed(*each) for each in payoffs]
        most = max((each for each in needed if isinstance(each, Fraction)), default=Fraction(0))
        leaning = (
            f"neither is risk dominant, as {selected.why}"
            if isinstance(selected, Infeasible)
            else f"the risk dominant one is that both {game.strategies[0][selected.choice[0]]}"
        )
        return (
            "Both pausing and both racing are equilibria: each lab does well to pause if it "
            f"believes that the other pauses with chance {spelled(most)} or more; {leaning}."
        )
    if set(pure) == {(0, 1), (1, 0)}:
        return (
            "Each lab does well to do the opposite of the other: one pauses while the other races, "
            "and nothing says which."
        )
    if not pure:
        return "No lab does well to be foreseen: the only equilibria are mixtures of both."
    said = "; ".join(
        ", ".join(
            f"{player} {names[each]}s"
            for player, names, each in zip(game.players, game.strategies, choice, strict=True)
        )
        for choice in pure
    )
    return f"Equilibria in which each lab does one thing: {said}."


def _expected(
    game: Game,
    payoffs: tuple[tuple[Fraction, Fraction, Fraction, Fraction], ...],
    found: Equilibria,
) -> Table:
    selected, best = risk_dominant(game), payoff_dominant(found.profiles)
    rows: list[tuple[Cell, ...]] = [
        (f"belief in the other's pause that {name} needs", belief_needed(*each))
        for name, each in zip(game.players, payoffs, strict=True)
    ]
    rows += [
        (
            "risk dominant",
            selected if isinstance(selected, Infeasible) else _named(game, selected.choice),
        ),
        (
            "payoff dominant",
            best
            if isinstance(best, Infeasible)
            else "; ".join(
                f"{player}: chance of a pause {spelled(w[0])}"
                for player, w in zip(game.players, best.weights, strict=True)
            ),
        ),
    ]
    if not isinstance(selected, Infeasible):
        rows.append(("its product of losses", selected.product))
        rows.append(("the other's product of losses", selected.other_product))
    return Table(
        title="Which to expect",
        columns=(Column(name="quantity"), Column(name="value")),
        rows=tuple(rows),
    )


def _named(game: Game, choice: Choice) -> str:
    return "; ".join(
        f"{player}: {names[each]}"
        for player, names, each in zip(game.players, game.strategies, choice, strict=True)
    )


def _precise(path: tuple[Point, ...] | NotFound, stops: tuple[float, ...]) -> tuple[Table, ...]:
    title = "Labs that err: logit response"
    if isinstance(path, NotFound):
        return (Table(title=title, columns=(Column(name="followed"),), rows=((path,),)),)
    columns = (
        Column(name="precision", unit="1/payoff"),
        Column(name="chance that lab A pauses", unit="1"),
        Column(name="chance that lab B pauses", unit="1"),
        Column(name="largest regret", unit="payoff"),
    )
    rows = []
    for point in path:
        if point.precision not in stops:
            continue
        first, second = point.profile.weights
        rows.append(
            (point.precision, float(first[0]), float(second[0]), float(point.profile.regret))
        )
    return (Table(title=title, columns=columns, rows=tuple(rows)),)


def _picture(game: Game, found: Equilibria, path: tuple[Point, ...] | NotFound) -> Drawn:
    if isinstance(path, NotFound):
        return plane(
            game,
            found.profiles,
            title="Where the equilibria pay, within what could be paid.",
            subtitle="Payoffs of both labs; dashed: the edge of all mixtures of profiles.",
        )
    lines = [
        tuple((each.precision, each.profile.weights[lab][0]) for each in path) for lab in range(2)
    ]
    last = [float(line[-1][1]) for line in lines]
    same = all(abs(float(a[1]) - float(b[1])) < 1e-9 for a, b in zip(*lines, strict=True))
    names = ("either lab",) if same else ("lab A", "lab B")
    if max(last) < 0.5:
        title = "The more precisely labs choose, the less they pause."
    elif min(last) > 0.5:
        title = "The more precisely labs choose, the more they pause."
    else:
        title = "How precisely labs choose decides who pauses."
    return Lines(
        title=title,
        subtitle="Chance of a pause where labs choose what pays more more often (logit response).",
        x=Axis(title="precision (1/payoff)", low=0),
        y=Axis(title="chance of a pause", low=0, high=1, percent=True),
        series=tuple(
            Series(name=name, points=line) for name, line in zip(names, lines, strict=False)
        ),
    )


def _hand_check(
    payoffs: tuple[Fraction, Fraction, Fraction, Fraction], pure: tuple[Choice, ...]
) -> str:
    t, r, p, s = payoffs
    gains = f"lab A gains T - R = {spelled(t - r)} by racing against a pause"
    also = f"P - S = {spelled(p - s)} by racing against a race"
    needed = belief_needed(*payoffs)
    if set(pure) == {_PAUSE, _RACE} and isinstance(needed, Fraction):
        return f"{gains}, {also}; q = (P - S) / ((R - T) + (P - S)) = {spelled(needed)}."
    return f"{gains}, {also}."


def _parameter(name: str, symbol: str, default: int, meaning: str) -> Parameter:
    return Parameter(
        name=name,
        symbol=symbol,
        unit="payoff",
        default=(Fraction(default),),
        meaning=f"{meaning}; one number, or lab A's and lab B's.",
    )


def _pausing(t: int, r: int, p: int, s: int, precision: float) -> Number | NotFound:
    path = logit_path(labs(((t, r, p, s),) * 2), precision_max=precision)
    return path if isinstance(path, NotFound) else path[-1].profile.weights[0][0]


def _stag_products() -> Number | Infeasible:
    found = risk_dominant(labs(((3, 4, 2, 0),) * 2))
    return found if isinstance(found, Infeasible) else found.product


def _check(
    paper: Paper, what: str, stated: str, ours: Callable[[], Number | Infeasible | NotFound]
) -> Check:
    return Check(paper=paper, where="example of ours", what=what, stated=stated, ours=ours)


TWO_LABS: Final = Model(
    name="two-labs",
    title="Two labs, pause or race",
    question="Do two labs pause if each looks to its own payoff?",
    validity="Two labs that choose once and at the same time, and know all payoffs.",
    papers=(HARSANYI, MCKELVEY),
    parameters=(
        _parameter("temptation", "T", 5, "What a lab gets that races while the other pauses"),
        _parameter("cooperation", "R", 3, "What a lab gets while both pause"),
        _parameter("punishment", "P", 1, "What a lab gets while both race"),
        _parameter("sucker", "S", 0, "What a lab gets that pauses while the other races"),
        Parameter(
            name="precision",
            symbol="λ",
            unit="1/payoff",
            default=Fraction(3),
            meaning="Up to which precision labs that err are shown; 0 is blind chance.",
            above=0,
            high=1000,
        ),
    ),
    solve=_solve,
    checks=(
        _check(
            HARSANYI,
            "belief needed to pause, R = 4, S = 0, T = 3, P = 2",
            "2/3",
            lambda: belief_needed(Fraction(3), Fraction(4), Fraction(2), Fraction(0)),
        ),
        _check(HARSANYI, "product of losses of both racing there", "4", _stag_products),
        _check(
            MCKELVEY,
            "chance of a pause, gain from racing always 1, precision 1: 1 / (1 + e)",
            "0.268941",
            lambda: _pausing(3, 2, 1, 0, 1.0),
        ),
        _check(
            MCKELVEY,
            "the same, precision 4: 1 / (1 + e^4)",
            "0.0179862",
            lambda: _pausing(3, 2, 1, 0, 4.0),
        ),
    ),
)
MODELS: Final[tuple[Model, ...]] = (TWO_LABS,)
