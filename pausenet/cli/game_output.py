"""Answers of games as files and for programs: what the commands on games have in common."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pathlib import Path

    from pausenet.game.answer import Answer


def drawn(answer: Answer, name: str, chosen: str, chart: Path) -> None:
    """Draw an answer's picture into a new file. Raises `Misuse`."""
    from pausenet.errors import Misuse
    from pausenet.report.game_chart import GameSource, draw

    if chart.suffix not in (".svg", ".png"):
        raise Misuse(f"{chart}: expected a name that ends with .svg or .png")
    made = draw(answer.picture, name=name, source=GameSource(game=name, chosen=chosen))
    try:
        with chart.open("xb") as file:
            file.write(made.png if chart.suffix == ".png" else made.svg.encode())
    except FileExistsError as error:
        raise Misuse(f"{chart}: is there already") from error


def tables_of(answer: Answer) -> list[dict[str, object]]:
    """An answer's tables for a program."""
    from pausenet.cli.tabulated import written

    return [
        {
            "title": table.title,
            "columns": [{"name": each.name, "unit": each.unit} for each in table.columns],
            "rows": [[written(cell) for cell in row] for row in table.rows],
        }
        for table in answer.tables
    ]
