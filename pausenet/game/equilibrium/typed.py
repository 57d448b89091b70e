"""A game of any number of players as it is typed: its equilibria, and players that err.

1. `strategies` says how many each player has; `payoffs` has, for each profile of strategies (the
   last player's changing fastest), one number for each player.
2. The equilibria are listed support by support (`several`), for two by corners (`bimatrix`).
3. The picture follows players that choose what pays more more often (`logit`).

The example is a pause of three that is as strong as its weakest link: 4 each if all pause, nothing
for who pauses while another races, 3 for who races while another pauses, 2 each if all race.
"""

from __future__ import annotations

import math
from fractions import Fraction
from typing import Final

from pausenet.errors import Misuse
from pausenet.game.answer import (
    Answer,
    Axis,
    Bar,
    Bars,
    Drawn,
    Lines,
    Mark,
    NotFound,
    Series,
    Table,
    spelled,
)
from pausenet.game.checks import Check, Paper
from pausenet.game.equilibrium.bimatrix import Completeness, Equilibria
from pausenet.game.equilibrium.logit import Point, logit_path
from pausenet.game.equilibrium.several import equilibria
from pausenet.game.equilibrium.shown import dominance_table, equilibria_table, subsets_table
from pausenet.game.model import Chosen, Model, Parameter
from pausenet.game.normal_form.game import Game
from pausenet.game.normal_form.nfg import read_nfg
from pausenet.game.normal_form.tables import payoff_tables

PLAYERS_MAX: Final = 6
PROFILES_MAX: Final = 256
MCLENNAN: Final = Paper(
    key="mckelvey-1996",
    cite="R. D. McKelvey, A. McLennan, Computation of Equilibria in Finite Games, Handbook of "
    "Computational Economics 1 (1996) 87-142",
)
_NAMES: Final = ("pause", "race")
_WEAKEST: Final = (4, 4, 4, 0, 0, 3, 0, 3, 0, 0, 3, 3, 3, 0, 0, 3, 0, 3, 3, 3, 0, 2, 2, 2)


def typed_game(chosen: Chosen) -> Game:
    """The game of the parameters (step 1). Raises `Misuse` for a list of another length."""
    counts = [int(each) for each in chosen.numbers("strategies")]
    if len(counts) > PLAYERS_MAX or math.prod(counts) > PROFILES_MAX:
        raise Misuse(f"strategies: at most {PLAYERS_MAX} players and {PROFILES_MAX} profiles")
    values = chosen.numbers("payoffs")
    size = len(counts)
    if len(values) != math.prod(counts) * size:
        raise Misuse(
            f"payoffs: expected {math.prod(counts)} profiles with {size} numbers each, "
            f"{math.prod(counts) * size} in all, found {len(values)}"
        )
    return Game(
        title="Payoffs",
        players=tuple(f"Player {k + 1}" for k in range(size)),
        strategies=tuple(
            _NAMES if count == 2 else tuple(f"s{k + 1}" for k in range(count)) for count in counts
        ),
        payoffs=tuple(tuple(values[place : place + size]) for place in range(0, len(values), size)),
    )


def _solve(chosen: Chosen) -> Answer:
    game = typed_game(chosen)
    found = equilibria(game)
    if isinstance(found, NotFound):
        raise Misuse(f"this game is too large to list its equilibria: {found}")
    path = logit_path(game, precision_max=chosen.real("precision"))
    return Answer(
        sentence=_sentence(found),
        not_shown="Play over time, players that agree among each other, and how likely each "
        "equilibrium is.",
        tables=(
            *payoff_tables(game),
            *_listed(game, found),
            *subsets_table(game, found),
            dominance_table(game),
        ),
        picture=_picture(game, found, path),
    )


def _listed(game: Game, found: Equilibria) -> tuple[Table, ...]:
    return (equilibria_table(game, found),) if found.profiles else ()


def _sentence(found: Equilibria) -> str:
    count = len(found.profiles)
    one = "one equilibrium" if count == 1 else f"{count} equilibria"
    rough = sum(1 for profile in found.profiles if not profile.exact)
    floats = f"; {rough} of them in decimals, with the regret that is left" if rough else ""
    match found.completeness:
        case Completeness.EVERY:
            return f"The game has {one} and no other{floats}."
        case Completeness.CORNERS:
            return (
                f"The game has infinitely many equilibria, spanned by the {count} listed{floats}."
            )
        case Completeness.SOME:
            return f"At least {one}{floats}; there may be more: {found.why}."


def _picture(game: Game, found: Equilibria, path: tuple[Point, ...] | NotFound) -> Drawn:
    if isinstance(path, NotFound):
        return Bars(
            title="What the equilibria pay to all together.",
            subtitle="Sum of payoffs of each equilibrium listed.",
            x=Axis(title="sum of payoffs"),
            bars=tuple(
                Bar(name=f"no. {k}", value=sum(map(float, p.payoffs)), words=f"{k}")
                for k, p in enumerate(found.profiles[:12], 1)
            ),
        )
    lines: dict[tuple[tuple[float, float], ...], str] = {}
    for player, name in enumerate(game.players):
        points = tuple(
            (each.precision, round(float(each.profile.weights[player][0]), 9)) for each in path
        )
        lines[points] = f"{lines[points]}, {name[-1]}" if points in lines else name
    return Lines(
        title="What players do who choose more and more precisely.",
        subtitle="Chance of each player's first strategy, by precision (logit response); points: "
        "equilibria elsewhere.",
        x=Axis(title="precision (1/payoff)", low=0),
        y=Axis(title="chance of the first strategy", low=0, high=1, percent=True),
        series=tuple(Series(name=name, points=points) for points, name in lines.items()),
        marks=_alike(found, path[-1]),
    )


def _alike(found: Equilibria, end: Point) -> tuple[Mark, ...]:
    """Equilibria in which all do the same and which the path does not lead to, with their payoffs.

    The path leads to one of all equilibria; the others are not to be forgotten.
    """
    there = {float(weights[0]) for weights in end.profile.weights}
    marks: dict[float, str] = {}
    for each in found.profiles:
        chances = {float(weights[0]) for weights in each.weights}
        if len(chances) == 1 and min(abs(a - b) for a in chances for b in there) > 0.05:
            paid = ", ".join(dict.fromkeys(spelled(payoff) for payoff in each.payoffs))
            marks.setdefault(chances.pop(), f"equilibrium: pays {paid}")
    return tuple(Mark(x=end.precision, y=chance, words=words) for chance, words in marks.items())


def _nine() -> Equilibria:
    found = equilibria(
        read_nfg(
            'NFG 1 R "three" {"A" "B" "C"} {2 2 2} 9 8 12 0 0 0 0 0 0 9 8 2 0 0 0 3 4 6 3 4 6 0 0 0'
        )
    )
    assert not isinstance(found, NotFound)
    return found


def _mixing() -> Fraction:
    return Fraction(
        sum(all(0 < w < 1 for each in p.weights for w in each) for p in _nine().profiles)
    )


def _weakest() -> Fraction | float:
    found = equilibria(typed_game(NORMAL_FORM.choose({})))
    assert not isinstance(found, NotFound)
    return next(p.weights[0][0] for p in found.profiles if 0 < p.weights[0][0] < 1)


NORMAL_FORM: Final = Model(
    name="normal-form",
    title="Any small game",
    question="What are the equilibria of this game of two, three or more?",
    validity="Players who choose once, at the same time, and know all payoffs.",
    papers=(MCLENNAN,),
    parameters=(
        Parameter(
            name="strategies",
            symbol="m",
            unit="1",
            default=(Fraction(2), Fraction(2), Fraction(2)),
            meaning="How many strategies each player has; two are called pause and race.",
            low=1,
            high=12,
            whole=True,
        ),
        Parameter(
            name="payoffs",
            symbol="u",
            unit="payoff",
            default=tuple(map(Fraction, _WEAKEST)),
            meaning="Profile by profile, the last player's strategy changing fastest, a number for "
            "each player.",
        ),
        Parameter(
            name="precision",
            symbol="λ",
            unit="1/payoff",
            default=Fraction(3),
            meaning="Up to which precision players that err are shown; 0 is blind chance.",
            above=0,
            high=1000,
        ),
    ),
    solve=_solve,
    checks=(
        Check(
            paper=MCLENNAN,
            where="their game of three with nine equilibria",
            what="number of equilibria",
            stated="9",
            ours=lambda: Fraction(len(_nine().profiles)),
        ),
        Check(
            paper=MCLENNAN,
            where="their game of three with nine equilibria",
            what="of these in which everybody mixes",
            stated="2",
            ours=_mixing,
        ),
        Check(
            paper=MCLENNAN,
            where="example of ours",
            what="chance of a pause where all three mix: (1 + sqrt 11) / 5",
            stated="0.863325",
            ours=_weakest,
        ),
    ),
)
MODELS: Final[tuple[Model, ...]] = (NORMAL_FORM,)
