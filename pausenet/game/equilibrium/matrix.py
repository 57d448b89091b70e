"""A game of two as it is typed: every equilibrium, dominance; and what a mediator could reach.

Nash 1951; the enumeration is `bimatrix`'s, the mediator's programme that of `correlated`.

1. `row_payoffs` and `column_payoffs` are read row by row: `rows` times `columns` numbers each.
2. `matrix` lists the extreme equilibria and, where there are infinitely many, the sets they span.
3. `correlated` maximises the sum of payoffs, one player's, or those of the one who gets least.
"""

from __future__ import annotations

from collections.abc import Callable
from fractions import Fraction
from typing import Final

from pausenet.errors import Misuse
from pausenet.game.answer import Answer, Cell, Column, Infeasible, Mark, NotFound, Table, spelled
from pausenet.game.checks import Check, Paper
from pausenet.game.equilibrium.bimatrix import Completeness, Equilibria, every_equilibrium
from pausenet.game.equilibrium.correlated import (
    Correlated,
    best_correlated,
    correlated_payoffs,
    fairest_correlated,
)
from pausenet.game.equilibrium.lemke_howson import Path, lemke_howson
from pausenet.game.equilibrium.plane import plane
from pausenet.game.equilibrium.selection import payoff_dominant, risk_dominant
from pausenet.game.equilibrium.shown import (
    dominance_table,
    equilibria_table,
    mixture,
    subsets_table,
)
from pausenet.game.model import Chosen, Model, Parameter
from pausenet.game.normal_form.game import Game, bimatrix
from pausenet.game.normal_form.tables import payoff_tables

SIZE_MAX: Final = 12
REGION_MAX: Final = 36
"""Beyond so many profiles the picture leaves out the region of a mediator."""
NASH: Final = Paper(
    key="nash-1951",
    cite="J. F. Nash, Non-Cooperative Games, Annals of Mathematics 54 (1951) 286-295",
)
AVIS: Final = Paper(
    key="avis-2010",
    cite="D. Avis, G. D. Rosenberg, R. Savani, B. von Stengel, Enumeration of Nash Equilibria for "
    "Two-Player Games, Economic Theory 42 (2010) 9-37",
)
AUMANN: Final = Paper(
    key="aumann-1974",
    cite="R. J. Aumann, Subjectivity and Correlation in Randomized Strategies, Journal of "
    "Mathematical Economics 1 (1974) 67-96",
)


def typed_game(chosen: Chosen) -> Game:
    """The game of the parameters (step 1). Raises `Misuse` for lists of another length."""
    rows, columns = chosen.whole("rows"), chosen.whole("columns")
    sides = []
    for name in ("row_payoffs", "column_payoffs"):
        values = chosen.numbers(name)
        if len(values) != rows * columns:
            raise Misuse(
                f"{name}: expected {rows} x {columns} = {rows * columns} numbers, row by row, "
                f"found {len(values)}"
            )
        sides.append([values[k * columns : (k + 1) * columns] for k in range(rows)])
    return bimatrix(sides[0], sides[1], title="Payoffs of Row, Column")


def _parameters(
    rows: int, columns: int, first: tuple[int, ...], second: tuple[int, ...]
) -> tuple[Parameter, ...]:
    return (
        Parameter(
            name="rows",
            symbol="m",
            unit="1",
            default=Fraction(rows),
            meaning="How many strategies the row player has.",
            low=1,
            high=SIZE_MAX,
            whole=True,
        ),
        Parameter(
            name="columns",
            symbol="n",
            unit="1",
            default=Fraction(columns),
            meaning="How many strategies the column player has.",
            low=1,
            high=SIZE_MAX,
            whole=True,
        ),
        Parameter(
            name="row_payoffs",
            symbol="A",
            unit="payoff",
            default=tuple(map(Fraction, first)),
            meaning="What the row player gets, row by row.",
        ),
        Parameter(
            name="column_payoffs",
            symbol="B",
            unit="payoff",
            default=tuple(map(Fraction, second)),
            meaning="What the column player gets, row by row.",
        ),
    )


def _listed(game: Game) -> Equilibria:
    """Every equilibrium, or where there are too many corners those at the ends of all paths."""
    found = every_equilibrium(game)
    if not isinstance(found, NotFound):
        return found
    paths = [lemke_howson(game, dropped=label) for label in range(sum(game.shape))]
    ends = {path.profile.weights: path.profile for path in paths if isinstance(path, Path)}
    return Equilibria(
        profiles=tuple(ends[each] for each in sorted(ends, reverse=True)),
        completeness=Completeness.SOME,
        why=f"{found.why}; only the ends of complementary paths are listed",
    )


def _matrix(chosen: Chosen) -> Answer:
    game = typed_game(chosen)
    found = _listed(game)
    complete = found.completeness is not Completeness.SOME
    best = (
        payoff_dominant(found.profiles)
        if complete
        else Infeasible("the list is not known to be complete")
    )
    risky = risk_dominant(game)
    rows: list[tuple[Cell, ...]] = [
        ("equilibria listed", len(found.profiles)),
        (
            "separate components",
            found.components
            if found.subsets
            else NotFound("the list of equilibria is not known to be complete"),
        ),
        ("payoff dominant", best if isinstance(best, Infeasible) else _both(game, best.weights)),
        (
            "risk dominant",
            risky
            if isinstance(risky, Infeasible)
            else ", ".join(n[k] for n, k in zip(game.strategies, risky.choice, strict=True)),
        ),
    ]
    return Answer(
        sentence=_counted(game, found),
        not_shown="Play over time, threats, and what the players may know of each other's payoffs.",
        tables=(
            *payoff_tables(game),
            equilibria_table(game, found),
            *subsets_table(game, found),
            dominance_table(game),
            Table(
                title="Which to expect",
                columns=(Column(name="quantity"), Column(name="value")),
                rows=tuple(rows),
            ),
        ),
        picture=plane(
            game,
            found.profiles,
            title="Where the equilibria pay, within what could be paid.",
            subtitle="Payoffs of both players; dashed: the edge of all mixtures of profiles.",
        ),
    )


def _both(game: Game, weights: tuple[tuple[Fraction | float, ...], ...]) -> str:
    return "; ".join(
        mixture(each, names) for each, names in zip(weights, game.strategies, strict=True)
    )


def _counted(game: Game, found: Equilibria) -> str:
    first = found.profiles[0]
    if found.completeness is Completeness.SOME:
        return f"At least {len(found.profiles)} equilibria; there may be more: {found.why}."
    if found.completeness is Completeness.CORNERS:
        pieces = "one piece" if found.components == 1 else f"{found.components} separate pieces"
        return (
            f"The game has infinitely many equilibria, in {pieces}, spanned by "
            f"{len(found.profiles)} extreme ones; every one lies in a set listed."
        )
    if len(found.profiles) == 1:
        paid = ", ".join(spelled(each) for each in first.payoffs)
        said = _both(game, first.weights)
        return f"The game has one equilibrium and no other: {said}; it pays {paid}."
    return f"The game has {len(found.profiles)} equilibria and no other; all are listed."


def _correlated(chosen: Chosen) -> Answer:
    game = typed_game(chosen)
    found = _aimed(game, chosen.word("aim"))
    region = correlated_payoffs(game) if len(game.payoffs) <= REGION_MAX else ()
    if isinstance(region, NotFound):
        raise Misuse(f"this game is too large for a mediator's programme: {region}")
    nash = _listed(game)
    best = max(Fraction(each.payoffs[0]) + Fraction(each.payoffs[1]) for each in nash.profiles)
    total = sum(found.payoffs, Fraction(0))
    gain = total - best
    alone = "found" if nash.completeness is Completeness.SOME else "alone"
    said = "no more" if gain == 0 else f"{spelled(abs(gain))} {'more' if gain > 0 else 'less'}"
    rows: tuple[tuple[Cell, ...], ...] = tuple(
        (*(names[k] for names, k in zip(game.strategies, choice, strict=True)), chance)
        for choice, chance in zip(game.profiles(), found.chances, strict=True)
        if chance
    )
    return Answer(
        sentence=f"A mediator who tells each player what to do, and is obeyed because it pays, "
        f"reaches {spelled(total)} for both together, {said} than the best equilibrium {alone}.",
        not_shown="Who the mediator is, and whether players believe what they are told.",
        tables=(
            *payoff_tables(game),
            Table(
                title="What the mediator draws",
                columns=(
                    *(Column(name=f"{player} is told") for player in game.players),
                    Column(name="chance", unit="1"),
                ),
                rows=rows,
            ),
            Table(
                title="What it pays",
                columns=(Column(name="quantity"), Column(name="value", unit="payoff")),
                rows=(
                    ("payoff of Row", found.payoffs[0]),
                    ("payoff of Column", found.payoffs[1]),
                    ("both together", total),
                    ("best equilibrium, both together", best),
                    ("largest regret of obeying", found.regret),
                ),
            ),
        ),
        picture=plane(
            game,
            nash.profiles,
            region=region,
            title="A mediator can reach more than the players alone."
            if gain > 0
            else "Here a mediator reaches no more for both together.",
            subtitle="Payoffs of both players: what correlated equilibria pay, within all that can "
            "be paid.",
            marks=(Mark(x=found.payoffs[0], y=found.payoffs[1], words="as aimed"),),
        ),
    )


def _aimed(game: Game, aim: str) -> Correlated:
    match aim:
        case "worst":
            found = fairest_correlated(game)
        case "row":
            found = best_correlated(game, (1, 0))
        case "column":
            found = best_correlated(game, (0, 1))
        case _:
            found = best_correlated(game, (1, 1))
    if isinstance(found, NotFound):
        raise Misuse(f"this game is too large for a mediator's programme: {found}")
    return found


_CHICKEN: Final = bimatrix([[6, 2], [7, 0]], [[6, 7], [2, 0]])
_THREE_BY_TWO: Final = bimatrix([[3, 3], [2, 5], [0, 6]], [[3, 2], [2, 6], [3, 1]])
_TIED: Final = bimatrix([[3, 3], [2, 5], [0, 6]], [[3, 3], [2, 6], [3, 1]])


def _weight(game: Game, profile: int, player: int, strategy: int) -> Callable[[], Fraction]:
    return lambda: Fraction(_listed(game).profiles[profile].weights[player][strategy])


def _check(paper: Paper, what: str, stated: str, ours: Callable[[], Fraction | NotFound]) -> Check:
    return Check(paper=paper, where="example of ours", what=what, stated=stated, ours=ours)


MATRIX: Final = Model(
    name="matrix",
    title="Any game of two",
    question="What are all the equilibria of these two payoff matrices?",
    validity="Two players who choose once, at the same time, and know both matrices.",
    papers=(NASH, AVIS),
    parameters=_parameters(3, 2, (3, 3, 2, 5, 0, 6), (3, 2, 2, 6, 3, 1)),
    solve=_matrix,
    checks=(
        _check(
            AVIS,
            "number of equilibria, 3 x 2",
            "3",
            lambda: Fraction(len(_listed(_THREE_BY_TWO).profiles)),
        ),
        _check(AVIS, "first row in the second", "4/5", _weight(_THREE_BY_TWO, 1, 0, 0)),
        _check(AVIS, "first column in the second", "2/3", _weight(_THREE_BY_TWO, 1, 1, 0)),
        _check(AVIS, "second row in the third", "1/3", _weight(_THREE_BY_TWO, 2, 0, 1)),
        _check(AVIS, "first column in the third", "1/3", _weight(_THREE_BY_TWO, 2, 1, 0)),
        _check(
            AVIS,
            "components with B(1,2) = 3, degenerate",
            "2",
            lambda: Fraction(_listed(_TIED).components),
        ),
    ),
)
CORRELATED: Final = Model(
    name="correlated",
    title="What a mediator could reach",
    question="How much more could the two get if somebody told each in private what to do?",
    validity="Two players who know both matrices and believe how the mediator draws.",
    papers=(AUMANN,),
    parameters=(
        *_parameters(2, 2, (6, 2, 7, 0), (6, 7, 2, 0)),
        Parameter(
            name="aim",
            symbol="-",
            unit="-",
            default="total",
            meaning="What the mediator makes as large as can be.",
            choices=("total", "row", "column", "worst"),
        ),
    ),
    solve=_correlated,
    checks=(
        _check(
            AUMANN,
            "payoff of each in the best for both, (6,6) (2,7) (7,2) (0,0)",
            "21/4",
            lambda: _aimed(_CHICKEN, "total").payoffs[0],
        ),
        _check(
            AUMANN,
            "chance of the first profile there",
            "1/2",
            lambda: _aimed(_CHICKEN, "total").chances[0],
        ),
        _check(
            AUMANN,
            "payoff of each in the mixed equilibrium",
            "14/3",
            lambda: Fraction(_listed(_CHICKEN).profiles[1].payoffs[0]),
        ),
    ),
)
MODELS: Final[tuple[Model, ...]] = (MATRIX, CORRELATED)
