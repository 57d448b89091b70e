"""`pausenet attack list`: the evasions modelled here."""

from __future__ import annotations

import typer

from pausenet.cli.options import Format, FormatOption, examples

app = typer.Typer(help="The evasions modelled here.", no_args_is_help=True)


@app.callback()
def _group() -> None:
    """The evasions modelled here."""


@app.command("list", epilog=examples("pausenet attack list", "pausenet attack list --format json"))
def list_attacks(format: FormatOption = Format.TEXT) -> None:
    """Name every kind of cheat that a scenario may hold, and who can do it."""
    from pausenet.cli.output import print_json
    from pausenet.scenario.plan import CheatKind
    from pausenet.simulator.adversary import ABOUT

    for kind in CheatKind:
        if format is Format.JSON:
            row = {"kind": str(kind), "by": str(kind.role), "about": ABOUT[kind]}
            print_json({**row})
        else:
            typer.echo(f"{kind:<20} by a {kind.role:<10} {ABOUT[kind]}")
