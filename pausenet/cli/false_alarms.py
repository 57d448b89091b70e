"""`pausenet evidence false-alarms`: how often labs that follow the rules are suspected."""

from __future__ import annotations

from typing import Annotated

import typer

from pausenet.cli.exits import ExitCode
from pausenet.cli.options import examples

EXAMPLES = examples(
    "pausenet evidence false-alarms",
    "pausenet evidence false-alarms --lab-years 1000000 --seed 2",
    "pausenet evidence false-alarms --protocol --lab-years 200",
)
_BY_RULES = 100_000
_BY_PROTOCOL = 16


def false_alarms(
    lab_years: Annotated[
        int,
        typer.Option(
            envvar="PAUSENET_LAB_YEARS",
            min=0,
            max=10_000_000,
            help=f"At least so many series of 52 weekly balances; 0: {_BY_RULES}, or "
            f"{_BY_PROTOCOL} through the protocol.",
        ),
    ] = 0,
    protocol: Annotated[
        bool,
        typer.Option(
            "--protocol",
            envvar="PAUSENET_PROTOCOL",
            help="Run them through the whole protocol, a few seconds for each.",
        ),
    ] = False,
    seed: Annotated[
        int,
        typer.Option(envvar="PAUSENET_SEED", min=0, max=2**32, help="Another seed, other labs."),
    ] = 1,
) -> None:
    """Count false alarms of labs that hide nothing, beside the rate that the rules state.

    Exits with 3 where the stated rate does not lie in the 95 % interval of what was counted;
    that happens to one seed in twenty by chance.
    """
    from pausenet.simulator.false_alarms import by_protocol, by_rules, counted, holds

    if protocol:
        found = by_protocol(lab_years or _BY_PROTOCOL, seed)
        typer.echo(f"through the whole protocol, {found.line()}")
        alarms, years = found.alarms, found.lab_years
    else:
        kinds = by_rules(lab_years or _BY_RULES, seed)
        for each in kinds:
            typer.echo(each.line())
        alarms = sum(each.alarms for each in kinds)
        years = sum(each.lab_years for each in kinds)
        typer.echo(f"by the rules, all meters: {counted(alarms, years)}")
    if not holds(alarms, years):
        raise typer.Exit(ExitCode.UNDECIDED)
