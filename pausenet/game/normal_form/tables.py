"""Payoff tables that show best responses: as an answer's table, as text, as HTML for notebooks.

A payoff that is a best response to what the others play stands with a star; a cell in which all
have one is an equilibrium in single strategies. With more than two players there is a table for
each way in which the third and later ones may play.
"""

from __future__ import annotations

import html
from dataclasses import dataclass
from fractions import Fraction
from itertools import product

from pausenet.game.answer import Column, Table, spelled
from pausenet.game.normal_form.game import Choice, Game


@dataclass(frozen=True, slots=True)
class Shown:
    """A game that a notebook shows as a table: put it last in a cell."""

    game: Game

    def __str__(self) -> str:
        return as_text(self.game)

    def _repr_html_(self) -> str:
        return as_html(self.game)


def best_responses(game: Game) -> dict[Choice, tuple[bool, ...]]:
    """For each profile, whether each player's strategy is a best response to the others'."""
    best: dict[tuple[int, Choice], Fraction] = {}
    for choice, paid in zip(game.profiles(), game.payoffs, strict=True):
        for player, each in enumerate(paid):
            key = (player, _others(choice, player))
            best[key] = max(best.get(key, each), each)
    return {
        choice: tuple(
            each == best[player, _others(choice, player)] for player, each in enumerate(paid)
        )
        for choice, paid in zip(game.profiles(), game.payoffs, strict=True)
    }


def pure_equilibria(game: Game) -> tuple[Choice, ...]:
    """Every profile of single strategies in which each is a best response: there may be none.

    >>> from pausenet.game.normal_form.game import bimatrix
    >>> pure_equilibria(bimatrix([[3, 0], [5, 1]], [[3, 5], [0, 1]]))
    ((1, 1),)
    """
    return tuple(choice for choice, marks in best_responses(game).items() if all(marks))


def payoff_tables(game: Game) -> tuple[Table, ...]:
    """The payoffs with a star on best responses; players' payoffs stand in their order."""
    marks = best_responses(game)
    columns = game.strategies[1] if len(game.players) > 1 else ("payoff",)
    tables = []
    for rest in product(*(range(count) for count in game.shape[2:])):
        rows = []
        for i, name in enumerate(game.strategies[0]):
            cells = []
            for j in range(len(columns)):
                choice = (i, j, *rest) if len(game.players) > 1 else (i,)
                cells.append(_cell(game, choice, marks[choice]))
            rows.append((name, *cells))
        tables.append(
            Table(
                title=_title(game, rest),
                columns=(Column(name=game.players[0]), *(Column(name=each) for each in columns)),
                rows=tuple(rows),
            )
        )
    return tuple(tables)


def as_text(game: Game) -> str:
    """The tables in lines, columns aligned."""
    found = []
    for table in payoff_tables(game):
        rows = [
            [column.name for column in table.columns],
            *([str(c) for c in r] for r in table.rows),
        ]
        widths = [max(map(len, each)) for each in zip(*rows, strict=True)]
        found.append(table.title)
        for row in rows:
            cells = (cell.ljust(width) for cell, width in zip(row, widths, strict=True))
            found.append(f"  {'  '.join(cells)}".rstrip())
    return "\n".join((*found, ""))


def as_html(game: Game) -> str:
    """The tables as HTML: best responses bold as well as starred, every name escaped."""
    found = []
    for table in payoff_tables(game):
        head = "".join(f'<th scope="col">{html.escape(c.name)}</th>' for c in table.columns)
        body = []
        for name, *cells in table.rows:
            shown = "".join(f"<td>{_bold(str(cell))}</td>" for cell in cells)
            body.append(f'<tr><th scope="row">{html.escape(str(name))}</th>{shown}</tr>')
        found.append(
            f"<table><caption>{html.escape(table.title)}</caption>"
            f"<thead><tr>{head}</tr></thead><tbody>{''.join(body)}</tbody></table>"
        )
    return "".join(found)


def _others(choice: Choice, player: int) -> Choice:
    return (*choice[:player], *choice[player + 1 :])


def _cell(game: Game, choice: Choice, marks: tuple[bool, ...]) -> str:
    paid = game.paid(choice)
    return ", ".join(f"{spelled(p)}{'*' if m else ''}" for p, m in zip(paid, marks, strict=True))


def _title(game: Game, rest: tuple[int, ...]) -> str:
    players = " against ".join(game.players[:2])
    also = "; ".join(
        f"{player} plays {names[each]}"
        for player, names, each in zip(game.players[2:], game.strategies[2:], rest, strict=True)
    )
    return f"{game.title}: {players}{'; ' if also else ''}{also} (* best response)"


def _bold(cell: str) -> str:
    parts = []
    for each in cell.split(", "):
        parts.append(f"<b>{html.escape(each)}</b>" if each.endswith("*") else html.escape(each))
    return ", ".join(parts)
