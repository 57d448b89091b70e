"""`pausenet rerun RUN`: a run made again from its own scenario and seed, and compared."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Annotated

import typer

from pausenet.cli.options import Display, DisplayOption, Format, FormatOption, OutOption, examples

EXAMPLES = examples(
    "pausenet rerun pausenet-runs/two-faces-7",
    "pausenet rerun RUN --out ./made-again",
    "pausenet rerun RUN --format json --display none",
)


def rerun(
    run: Annotated[Path, typer.Argument(metavar="RUN", help="The directory of a finished run.")],
    out: OutOption = None,
    jobs: Annotated[
        int,
        typer.Option(
            "--jobs", envvar="PAUSENET_JOBS", min=0, help="Processes for replications; 0: all."
        ),
    ] = 0,
    format: FormatOption = Format.TEXT,
    display: DisplayOption = Display.RICH,
) -> None:
    """Make a run again from its scenario.yaml and compare every file, byte for byte.

    Exits 0 when all is the same, 1 when a file differs, 3 when that cannot be decided: another
    version made it, or real processes. The second run is kept with `--out` only.
    """
    from pausenet.cli.output import Screen

    screen = Screen(display)
    screen.progress("pausenet: loading")
    from pausenet.cli.output import print_json
    from pausenet.cli.repeated import repeat

    found = repeat(run, out, screen, jobs=jobs or os.cpu_count() or 1)
    if format is Format.JSON:
        print_json(found.to_json(run))
    else:
        for line in found.lines():
            screen.line(line)
    raise typer.Exit(found.exit_code)
