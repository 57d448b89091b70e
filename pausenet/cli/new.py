"""`pausenet new DIR` and `pausenet schema`: what a scenario of one's own begins with."""

from __future__ import annotations

from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer

from pausenet.cli.options import Format, FormatOption, examples

EXAMPLES = examples("pausenet new my-pause", "pausenet new my-pause --format json")
SCHEMA_EXAMPLES = examples("pausenet schema", "pausenet schema agreement > agreement.schema.json")


class FileKind(StrEnum):
    """The kinds of files that have a JSON Schema."""

    SCENARIO = "scenario"
    AGREEMENT = "agreement"
    USAGE_LINE = "usage-line"
    READING_LINE = "reading-line"


def new(
    directory: Annotated[
        Path, typer.Argument(metavar="DIR", help="Where; made, if it is not there, or empty.")
    ],
    format: FormatOption = Format.TEXT,
) -> None:
    """Write a commented scenario, its JSON Schema for editors, and a page of commands to try.

    The scenario runs as it is. A directory that holds anything is refused.
    """
    from pausenet.cli.output import clean, print_json
    from pausenet.cli.program import command
    from pausenet.files.beginning import SCENARIO_FILE, begin

    paths = begin(directory)
    if format is Format.JSON:
        print_json({"files": [str(path) for path in paths]})
        return
    for path in paths:
        typer.echo(clean(str(path)))
    typer.echo(clean(f"Next: {command('run', str(directory / SCENARIO_FILE))}"))


def schema(
    kind: Annotated[
        FileKind, typer.Argument(metavar="[KIND]", help="scenario, agreement, or a line's.")
    ] = FileKind.SCENARIO,
) -> None:
    """Print the JSON Schema of a kind of file: scenario, agreement, usage-line, reading-line."""
    from pausenet.files.beginning import schema_text_of

    typer.echo(schema_text_of(kind), nl=False)
