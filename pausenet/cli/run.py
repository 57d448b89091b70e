"""`pausenet run SCENARIO`: a scenario in the simulator, repeatable to the byte."""

from __future__ import annotations

from typing import Annotated

import typer

from pausenet.cli.options import (
    Display,
    DisplayOption,
    Format,
    FormatOption,
    OutOption,
    SeedOption,
    examples,
)

EXAMPLES = examples(
    "pausenet run two-faces",
    "pausenet run my-scenario.yaml --seed 12 --out ./my-run",
    "pausenet run honest --format json",
)


def run(
    scenario: Annotated[str, typer.Argument(help="A scenario's file, or its name: two-faces.")],
    seed: SeedOption = None,
    out: OutOption = None,
    format: FormatOption = Format.TEXT,
    display: DisplayOption = Display.RICH,
) -> None:
    """Run a scenario in the simulator: the same machines, without clock, socket or disk.

    Exits 0 when the findings are those of the scenario's `expect:` block, 3 when not.
    """
    from pausenet.cli.output import Screen

    screen = Screen(display)
    screen.progress("pausenet: loading")
    from pausenet.cli.simulated_run import run_simulated

    raise typer.Exit(
        run_simulated(named=scenario, seed=seed, out=out, format=format, screen=screen)
    )
