"""One page for a run: its answer, its pictures, tables and sources, and what it does not show.

The page is one file that asks for nothing else: no script, no font, no picture from outside. Its
tabs are radio buttons, so that they work without JavaScript, and all of them are printed.
"""

from __future__ import annotations

import base64
from collections.abc import Sequence
from dataclasses import dataclass
from importlib.resources import files
from typing import Final

from pausenet.report.drawing import Picture
from pausenet.report.limits import limitations_html
from pausenet.report.source import Source
from pausenet.report.tables import Cell, Table
from pausenet.report.theme import CONDITIONAL, State

REPORT: Final = "report.html"
ROWS_MAX: Final = 100
"""How many rows of a table a page shows; its file has all."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Said:
    """A part of the answer: `Finding`, and its sentences."""

    name: str
    texts: Sequence[str]


@dataclass(frozen=True, slots=True, kw_only=True)
class Standing:
    """A party and how it stands: a mark, a word and a colour."""

    name: str
    state: State
    words: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Grid:
    """A table as a page shows it; `more` says what it leaves out."""

    caption: str
    columns: Sequence[str]
    rows: Sequence[Sequence[Cell]]
    more: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Page:
    """Everything on the page; each text is shown as text, whatever it holds."""

    scenario: str
    question: str
    kicker: str
    sentences: Sequence[Said]
    standings: Sequence[Standing]
    pictures: Sequence[Picture]
    grids: Sequence[Grid]
    facts: Sequence[tuple[str, str]]
    commands: Sequence[tuple[str, str]]
    files: Sequence[tuple[str, str]]
    scenario_text: str
    source: Source

    def html(self) -> str:
        """The page; the same content gives the same bytes."""
        from jinja2 import Environment, StrictUndefined
        from markupsafe import Markup

        environment = Environment(
            autoescape=True, undefined=StrictUndefined, trim_blocks=True, lstrip_blocks=True
        )
        environment.filters["base64"] = _base64
        template = environment.from_string(_shipped("page.html.j2"))
        return template.render(
            page=self,
            style=Markup(_shipped("page.css")),  # noqa: S704 - our own file
            conditional=CONDITIONAL,
            limitations=Markup(limitations_html()),  # noqa: S704 - our own words, rendered
        )


def shown(caption: str, table: Table, file: str, only: Sequence[str] = ()) -> Grid:
    """The first rows of a table that stands whole in a file, and of its columns what differs.

    `only` names the columns to show; what is the same in every row is said once.
    """
    wanted = [name for name in table.columns if not only or name in only]
    values = {name: {row[name] for row in table.rows} for name in wanted}
    fixed = [name for name in wanted if len(table.rows) > 1 and len(values[name]) == 1]
    kept = [name for name in wanted if name not in fixed]
    told = [f"{name} {value}" for name in fixed for value in values[name] if value != ""]
    more = [f"In every row: {', '.join(told)}."] if told else []
    left = len(table.rows) - ROWS_MAX
    if left > 0:
        more.append(f"{left} more rows stand in {file}.")
    if len(wanted) < len(table.columns):
        more.append(f"All columns stand in {file}.")
    return Grid(
        caption=caption,
        columns=kept,
        rows=[[row[name] for name in kept] for row in table.rows[:ROWS_MAX]],
        more=" ".join(more),
    )


def _base64(text: str) -> str:
    return base64.b64encode(text.encode()).decode()


def _shipped(name: str) -> str:
    return (files("pausenet.report") / name).read_text(encoding="utf-8")
