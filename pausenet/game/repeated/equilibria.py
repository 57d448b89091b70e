"""The model on `payoff_set`: what two labs may earn in equilibrium, drawn and put in words."""

from __future__ import annotations

from collections.abc import Callable
from fractions import Fraction
from typing import Final

from pausenet.errors import Misuse
from pausenet.game.answer import (
    Answer,
    Axis,
    Column,
    Infeasible,
    Lines,
    NotFound,
    Number,
    Series,
    Table,
    spelled,
)
from pausenet.game.checks import Check, Paper
from pausenet.game.model import Chosen, Model, Parameter
from pausenet.game.repeated.payoff_set import Polygon, TwoLabs, hull, payoff_set

APS: Final = Paper(
    key="abreu-pearce-stacchetti-1990",
    cite="D. Abreu, D. Pearce and E. Stacchetti, Toward a Theory of Discounted Repeated Games with "
    "Imperfect Monitoring, Econometrica 58 (1990) 1041-1063",
)
ABREU_SANNIKOV: Final = Paper(
    key="abreu-sannikov-2014",
    cite="D. Abreu and Y. Sannikov, An Algorithm for Two-Player Repeated Games with Perfect "
    "Monitoring, Theoretical Economics 9 (2014) 313-338",
)


def _game(chosen: Chosen) -> TwoLabs:
    rows = chosen.whole("rows")
    first, second = chosen.numbers("first"), chosen.numbers("second")
    if len(first) != len(second) or len(first) % rows:
        raise Misuse("payoff-set: expected two lists of the same length, so many numbers a row")
    width = len(first) // rows

    def table(numbers: tuple[Fraction, ...]) -> tuple[tuple[float, ...], ...]:
        return tuple(
            tuple(float(each) for each in numbers[at : at + width])
            for at in range(0, len(numbers), width)
        )

    return TwoLabs(first=table(first), second=table(second))


def _solve(chosen: Chosen) -> Answer:
    game, discount = _game(chosen), chosen.real("discount")
    asked = (chosen.real("first_earns"), chosen.real("second_earns"))
    found = payoff_set(game, discount)
    feasible = hull([payoff for payoff, _ in game.profiles])
    if isinstance(found, NotFound):
        corners: Polygon = ()
        sentence = f"The set was not found: {found.why}."
    else:
        corners = found.corners
        inside = "may" if found.holds(asked) else "cannot"
        best = found.best_equal if corners else NotFound("there is no equilibrium in pure actions")
        equal = (
            f"{best.why}"
            if isinstance(best, NotFound)
            else f"the most that both earn alike is {spelled(round(best, 9))} a period"
        )
        sentence = (
            f"At a discount factor of {discount:g} two labs that see all {inside} earn "
            f"({asked[0]:g}, {asked[1]:g}) in an equilibrium of pure actions; {equal}."
        )
    return Answer(
        sentence=sentence,
        not_shown="Mixed actions, labs that see each other imperfectly, more than two labs.",
        tables=(
            Table(
                title="Corners of the set of equilibrium payoffs",
                columns=(
                    Column(name="first lab", unit="payoff a period"),
                    Column(name="second lab", unit="payoff a period"),
                ),
                rows=tuple((round(x, 9), round(y, 9)) for x, y in corners)
                or ((Infeasible("none"), Infeasible("none")),),
            ),
        ),
        picture=_picture(feasible, corners),
        hand_check=_by_hand(game, discount),
    )


def _by_hand(game: TwoLabs, discount: float) -> str:
    """For a prisoner's dilemma: the discount factor from which on both may keep the pause."""
    if len(game.first) != 2 or len(game.first[0]) != 2 or game.first[0] != _column(game, 0):
        return ""
    (kept, _), (tempted, raced) = game.first
    if not tempted > kept > raced:
        return ""
    least = (tempted - kept) / (tempted - raced)
    said = "at least" if discount >= least else "less than"
    return f"(T - R) / (T - P) = {least:.6g}; {discount:g} is {said} that."


def _column(game: TwoLabs, column: int) -> tuple[float, ...]:
    return tuple(row[column] for row in game.second)


def _outline(name: str, corners: Polygon, *, dashed: bool = False) -> Series:
    """The closed edge of a polygon, in one piece; it ends furthest to the right."""
    if len(corners) == 1:
        return Series(name=name, points=corners)
    last = corners.index(max(corners))
    return Series(
        name=name, points=(*corners[last:], *corners[:last], corners[last]), dashed=dashed
    )


def _picture(feasible: Polygon, corners: Polygon) -> Lines:
    series = [_outline("feasible", feasible, dashed=True)]
    if corners:
        series.append(_outline("equilibria", corners))
    return Lines(
        title="What patience makes possible is a part of what is feasible.",
        subtitle="Payoffs a period of two labs: the bounds of what is feasible (dashed) and of "
        "what is an equilibrium (full).",
        x=Axis(title="first lab (payoff a period)"),
        y=Axis(title="second lab (payoff a period)"),
        series=tuple(series),
    )


def _pause() -> TwoLabs:
    return TwoLabs(first=((3.0, 0.0), (5.0, 1.0)), second=((3.0, 5.0), (0.0, 1.0)))


def _holds(discount: float) -> Callable[[], Number | NotFound]:
    def ours() -> Number | NotFound:
        found = payoff_set(_pause(), discount)
        return found if isinstance(found, NotFound) else Fraction(int(found.holds((3.0, 3.0))))

    return ours


def _values(name: str, default: tuple[int, ...], meaning: str) -> Parameter:
    return Parameter(
        name=name,
        symbol=f"g_{1 if name == 'first' else 2}",
        unit="payoff a period",
        default=tuple(Fraction(each) for each in default),
        meaning=meaning,
        low=-(10**6),
        high=10**6,
    )


def _earned(name: str, number: int) -> Parameter:
    return Parameter(
        name=name,
        symbol=f"w_{number}",
        unit="payoff a period",
        default=Fraction(3),
        meaning=f"What lab {number} is to earn: the answer says whether that is an equilibrium.",
    )


MODEL: Final = Model(
    name="payoff-set",
    title="What two labs may earn",
    question="Which payoffs can two labs hold each other to, if both are patient enough?",
    validity="Two players, pure actions, all is seen, a coin that both see, one discount factor.",
    papers=(APS, ABREU_SANNIKOV),
    parameters=(
        Parameter(
            name="rows",
            symbol="m",
            unit="1",
            default=Fraction(2),
            meaning="How many actions the first lab has.",
            low=1,
            high=50,
            whole=True,
        ),
        _values("first", (3, 0, 5, 1), "What the first lab earns, row by row."),
        _values("second", (3, 5, 0, 1), "What the second lab earns, row by row."),
        Parameter(
            name="discount",
            symbol="δ",
            unit="1",
            default=Fraction(3, 5),
            meaning="What a payoff of the next period is worth in this one.",
            above=0,
            below=1,
        ),
        _earned("first_earns", 1),
        _earned("second_earns", 2),
    ),
    solve=_solve,
    checks=tuple(
        Check(
            paper=ABREU_SANNIKOV,
            where="as the algorithm finds it",
            what=f"(3, 3) is an equilibrium payoff of 5, 3, 1, 0 at delta {discount} (1 is yes)",
            stated=stated,
            ours=_holds(discount),
        )
        for discount, stated in ((0.5, "1"), (0.6, "1"), (0.45, "0"), (0.3, "0"))
    ),
)
