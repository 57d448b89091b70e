"""Tables of games as lines of text, and their numbers for a program."""

from __future__ import annotations

from fractions import Fraction
from typing import TYPE_CHECKING

from pausenet.game.answer import Infeasible, NotFound, spelled

if TYPE_CHECKING:
    from pausenet.game.answer import Cell, Table
    from pausenet.game.model import Value


def tabulated(table: Table) -> str:
    """A table in lines, numbers to the right."""
    heads = [column.head for column in table.columns]
    body = [[spelled(cell) for cell in row] for row in table.rows]
    widths = [max(map(len, cells)) for cells in zip(heads, *body, strict=True)]
    words = [
        any(isinstance(row[place], str | Infeasible | NotFound) for row in table.rows)
        for place in range(len(heads))
    ]
    lines = [table.title]
    for cells in (heads, *body):
        placed = (
            cell.ljust(width) if left else cell.rjust(width)
            for cell, width, left in zip(cells, widths, words, strict=True)
        )
        lines.append(f"  {'  '.join(placed)}".rstrip())
    return "\n".join((*lines, ""))


def written(value: Cell | Value) -> object:
    """A value for JSON: a fraction as text, which loses nothing."""
    match value:
        case Fraction():
            return str(value)
        case Infeasible() | NotFound():
            return str(value)
        case tuple():
            return [str(member) for member in value]
        case _:
            return value
