"""`pausenet demo`: a real network on one command, and the first caught cheat."""

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
    "pausenet demo",
    "pausenet demo --scenario silent-lab",
    "pausenet demo --scenario my-scenario.yaml --seed 12 --out ./my-run",
    "pausenet demo --format json --display none",
)


def demo(
    scenario: Annotated[
        str,
        typer.Option(
            "--scenario", envvar="PAUSENET_SCENARIO", help="A scenario's file, or its name."
        ),
    ] = "demo",
    seed: SeedOption = None,
    out: OutOption = None,
    format: FormatOption = Format.TEXT,
    display: DisplayOption = Display.RICH,
    port_base: Annotated[
        int,
        typer.Option(
            "--port-base", envvar="PAUSENET_PORT_BASE", min=0, max=60_000, help="0: free ports."
        ),
    ] = 0,
) -> None:
    """Run a scenario with real processes that speak gRPC over mutual TLS on loopback.

    Labs publish, meters read, verifiers check and cosign; cheats are found and their evidence is
    kept. Exits 0 when the findings are those of the scenario's `expect:` block, 3 when not.
    """
    from pausenet.cli.output import Screen

    screen = Screen(display)
    screen.progress("pausenet: loading")  # what comes now imports gRPC, which takes a while
    from pausenet.cli.live_run import run_live

    raise typer.Exit(
        run_live(
            named=scenario,
            seed=seed,
            out=out,
            format=format,
            screen=screen,
            port_base=port_base,
        )
    )
