"""`pausenet check RUN`: whether a run's directory is as it was made, and its results follow."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from pausenet.cli.options import Format, FormatOption, examples

EXAMPLES = examples(
    "pausenet check pausenet-runs/two-faces-7",
    "pausenet check RUN --format json",
)


def check(
    run: Annotated[Path, typer.Argument(metavar="RUN", help="The directory of a finished run.")],
    format: FormatOption = Format.TEXT,
) -> None:
    """Check every digest of a run, and whether its results follow from its logs and evidence.

    Exits 0 when all holds, 1 when something was changed or does not follow, 3 when a check could
    not be made, 2 for what is no finished run. It runs nothing again: `pausenet rerun` does.
    """
    from pausenet.cli.checked import State, check_run, exit_code
    from pausenet.cli.output import clean, print_json

    found = check_run(run)
    code = exit_code(found)
    if format is Format.JSON:
        print_json(
            {
                "run": str(run),
                "checks": [
                    {"number": number, "text": each.text, "state": str(each.state)}
                    for number, each in enumerate(found, 1)
                ],
                "exit_code": int(code),
            }
        )
    else:
        for number, each in enumerate(found, 1):
            typer.echo(clean(f"{number:>5}  {each.state:<11}  {each.text}"))
        wrong = sum(each.state is State.FAILED for each in found)
        left = sum(each.state is State.NOT_CHECKED for each in found)
        typer.echo(f"{len(found)} checks: {wrong} failed, {left} not checked")
    raise typer.Exit(code)
