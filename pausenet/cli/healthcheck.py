"""`pausenet healthcheck`: whether one node does its work; for containers and scripts."""

from __future__ import annotations

from typing import Annotated

import typer

from pausenet.cli.exits import ExitCode
from pausenet.cli.options import IdOption, NetOption, examples

EXAMPLES = examples("pausenet healthcheck --net NET --id verifier-1")


def healthcheck(
    net: NetOption,
    id: IdOption = None,
    within: Annotated[
        float,
        typer.Option(
            "--within", envvar="PAUSENET_WITHIN", min=1, help="Seconds a status stays fresh."
        ),
    ] = 10.0,
) -> None:
    """Exit 0 when the node's status is fresh and says ready, 3 when not, 4 without a status."""
    import time

    from pausenet.cli.statuses import home_of, read_status

    home = home_of(net, id)
    status = read_status(home)
    if status is None:
        typer.echo(f"{home}: no status: the node has not run")
        raise typer.Exit(ExitCode.ENVIRONMENT)
    age_s = time.time() - status.written_s
    if age_s > within:
        typer.echo(f"{status.id}: not running, last heard of {age_s:.0f} s ago")
        raise typer.Exit(ExitCode.UNDECIDED)
    typer.echo(f"{status.id}: {status.sentence}")
    raise typer.Exit(ExitCode.HOLDS if status.ready else ExitCode.UNDECIDED)
