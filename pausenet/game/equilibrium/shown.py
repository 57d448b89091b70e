"""Equilibria as tables of an answer, for any game."""

from __future__ import annotations

from collections.abc import Sequence

from pausenet.game.answer import Cell, Column, Table, spelled
from pausenet.game.equilibrium.bimatrix import Completeness, Equilibria
from pausenet.game.equilibrium.profile import Profile, Weights
from pausenet.game.normal_form.dominance import Dominance, Surviving, undominated
from pausenet.game.normal_form.game import Game

ROWS_MAX = 40


def mixture(weights: Weights, names: Sequence[str]) -> str:
    """What a player does, in words.

    >>> from fractions import Fraction
    >>> mixture((Fraction(1, 3), Fraction(0), Fraction(2, 3)), ("pause", "stall", "race"))
    'pause 1/3, race 2/3'
    >>> mixture((Fraction(0), Fraction(1)), ("pause", "race"))
    'race'
    """
    played = [(name, w) for name, w in zip(names, weights, strict=True) if w]
    if len(played) == 1:
        return played[0][0]
    return ", ".join(f"{name} {spelled(w)}" for name, w in played)


def equilibria_table(game: Game, found: Equilibria) -> Table:
    """Each equilibrium with what it pays and its largest regret; the title says what is missing."""
    rows: list[tuple[Cell, ...]] = []
    for number, profile in enumerate(found.profiles[:ROWS_MAX], 1):
        rows.append((number, *_said(game, profile), *profile.payoffs, _left(profile)))
    left = len(found.profiles) - len(rows)
    more = f" ({left} more are not shown)" if left else ""
    return Table(
        title=f"Equilibria: {found.completeness}{more}",
        columns=(
            Column(name="no."),
            *(Column(name=player) for player in game.players),
            *(Column(name=f"payoff of {player}", unit="1") for player in game.players),
            Column(name="largest regret", unit="1"),
        ),
        rows=tuple(rows),
    )


def subsets_table(game: Game, found: Equilibria) -> tuple[Table, ...]:
    """The sets of equilibria, where there are infinitely many."""
    if found.completeness is not Completeness.CORNERS:
        return ()
    rows: list[tuple[Cell, ...]] = []
    for number, subset in enumerate(found.subsets[:ROWS_MAX], 1):
        sides = [
            " or ".join(mixture(corner, names) for corner in corners)
            for corners, names in zip(subset.sides, game.strategies, strict=True)
        ]
        rows.append((number, subset.component + 1, *sides))
    return (
        Table(
            title="Sets: any mixture of one side against any mixture of the other",
            columns=(
                Column(name="set"),
                Column(name="component"),
                *(Column(name=player) for player in game.players),
            ),
            rows=tuple(rows),
        ),
    )


def dominance_table(game: Game) -> Table:
    """What is left after strict and after weak dominance."""
    rows: list[tuple[Cell, ...]] = []
    for dominance in Dominance:
        left = undominated(game, dominance)
        for player, name in enumerate(game.players):
            rows.append(
                (dominance.value, name, _kept(game, left, player), _gone(game, left, player))
            )
    return Table(
        title="Dominance, in turn",
        columns=(
            Column(name="dominated"),
            Column(name="player"),
            Column(name="strategies left"),
            Column(name="taken away, by"),
        ),
        rows=tuple(rows),
    )


def _left(profile: Profile) -> Cell:
    """The regret; that of floats says that it is one."""
    if profile.exact:
        return profile.regret
    return f"{float(profile.regret):.0e}, rounded" if profile.regret else "0, rounded"


def _said(game: Game, profile: Profile) -> list[str]:
    return [
        mixture(weights, names)
        for weights, names in zip(profile.weights, game.strategies, strict=True)
    ]


def _kept(game: Game, left: Surviving, player: int) -> str:
    return ", ".join(game.strategies[player][each] for each in left.kept[player])


def _gone(game: Game, left: Surviving, player: int) -> str:
    names = game.strategies[player]
    said = [
        f"{names[each.strategy]} (round {each.round}, by {mixture(each.by, names)})"
        for each in left.removed
        if each.player == player
    ]
    return "; ".join(said) or "nothing"
