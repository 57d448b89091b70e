"""`pausenet compare A B`: two regimes against one evasion, side by side."""

from __future__ import annotations

from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer

from pausenet.cli.options import Format, FormatOption, examples

EXAMPLES = examples(
    "pausenet compare pausenet-runs/weak-3-x100 pausenet-runs/strict-3-x100",
    "pausenet compare A B --by kernel --format json",
)


class By(StrEnum):
    """Which of a directory's measurements is compared."""

    FIRST = "first"
    PROTOCOL = "protocol"
    KERNEL = "kernel"


def compare(
    first: Annotated[Path, typer.Argument(metavar="A", help="A directory of many runs.")],
    second: Annotated[Path, typer.Argument(metavar="B", help="Another, of the same evasion.")],
    by: Annotated[
        By,
        typer.Option(
            "--by",
            envvar="PAUSENET_BY",
            help="Runs of the protocol or kernels, where a directory has both; first: the runs.",
        ),
    ] = By.FIRST,
    format: FormatOption = Format.TEXT,
) -> None:
    """Say in one sentence how two regimes differ, and then number by number with intervals.

    Refuses what cannot be compared: other evasions, other goals, runs of the protocol beside
    kernels, a directory that was changed. Exits 0 whatever the difference is.
    """
    from pausenet.cli.compared_words import compared_json, compared_lines, compared_sentence
    from pausenet.cli.output import clean, print_json
    from pausenet.results import Fidelity, outcome
    from pausenet.results import compare as compared

    wanted = None if by is By.FIRST else Fidelity(str(by))
    found = compared(outcome(first, wanted), outcome(second, wanted))
    if format is Format.JSON:
        print_json(compared_json(found))
        return
    typer.echo(clean(compared_sentence(found)))
    for line in compared_lines(found):
        typer.echo(clean(line))
