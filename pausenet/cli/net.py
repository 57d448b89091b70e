"""`pausenet net`: a network of local processes that outlives the command."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from pausenet.cli.exits import ExitCode
from pausenet.cli.options import (
    Display,
    DisplayOption,
    Format,
    FormatOption,
    NetOption,
    SeedOption,
    examples,
)

app = typer.Typer(help="Bring networks of local processes up and down.", no_args_is_help=True)

ScenarioArgument = Annotated[
    str, typer.Argument(metavar="[SCENARIO]", help="A scenario's file, or its name.")
]
NetOrNew = Annotated[
    Path | None,
    typer.Option(
        "--net", envvar="PAUSENET_NET", help="A new directory; default below ./pausenet-runs."
    ),
]
PortBaseOption = Annotated[
    int,
    typer.Option(
        "--port-base", envvar="PAUSENET_PORT_BASE", min=0, max=60_000, help="0: free ports."
    ),
]


@app.command(
    epilog=examples("pausenet net up demo", "pausenet net up my-scenario.yaml --net ./net")
)
def up(
    scenario: ScenarioArgument = "demo",
    net: NetOrNew = None,
    seed: SeedOption = None,
    port_base: PortBaseOption = 0,
    display: DisplayOption = Display.RICH,
) -> None:
    """Start a scenario's network, one process a participant, and leave it running.

    Its samples end with the scenario's last period; from then on network time stands still, so
    that nobody is found silent for want of samples.
    """
    from pausenet.cli.detached import bring_up
    from pausenet.cli.output import Screen
    from pausenet.cli.standing import story_lines

    directory = bring_up(scenario, net, seed, port_base, Screen(display))
    typer.echo(f"network: {directory}")
    for line in story_lines(directory):
        typer.echo(line)
    typer.echo(f"look: pausenet net status --net {directory}")
    typer.echo(f"stop: pausenet net down --net {directory}")


@app.command(epilog=examples("pausenet net down --net ./net"))
def down(net: NetOption) -> None:
    """Stop every process that `net up` started for this network; leaves none."""
    from pausenet.cli.detached import bring_down

    typer.echo(f"{bring_down(net)} processes stopped")


@app.command(epilog=examples("pausenet net status --net ./net --format json"))
def status(net: NetOption, format: FormatOption = Format.TEXT) -> None:
    """Show what every node says of itself, and what was found once the samples have ended.

    Exits 3 when any node is not running or not ready.
    """
    from pausenet.cli.detached import living
    from pausenet.cli.logfiles import find_register
    from pausenet.cli.output import clean, print_json
    from pausenet.cli.standing import has_ended, story_lines
    from pausenet.cli.statuses import homes, read_status
    from pausenet.protocol.blocs import register_powers

    running, sound, ended = living(net), True, has_ended(net)
    for home in homes(net):
        found = read_status(home)
        if found is None and home.name == "registrar":
            continue
        alive = home.name in running
        sound &= alive and found is not None and found.ready
        if format is Format.JSON:
            print_json(
                {
                    "id": home.name,
                    "role": found.role if found else "",
                    "running": alive,
                    "ready": bool(found and found.ready and alive),
                    "halted": found.halted if found else "",
                    "trouble": found.trouble if found else "",
                    "peers_up": found.peers_up if found else 0,
                    "receipted": found.receipted if found else 0,
                    "http": found.http if found and alive else "",
                    "ended": ended,
                }
            )
        else:
            words = found.sentence if found and alive else "not running"
            typer.echo(f"{home.name:<28} {found.role if found else '':<9} {words}")
    if format is Format.TEXT:
        for power in register_powers(find_register(net)):
            typer.echo(clean(f"warning: {power.text}"))
        for line in story_lines(net):
            typer.echo(clean(line))
    raise typer.Exit(ExitCode.HOLDS if sound else ExitCode.UNDECIDED)


@app.command(epilog=examples("pausenet net logs verifier-1 --net ./net"))
def logs(
    net: NetOption,
    id: Annotated[str | None, typer.Argument(metavar="[ID]", help="Whose; default: all.")] = None,
    lines: Annotated[
        int, typer.Option("--lines", envvar="PAUSENET_LINES", min=1, help="How many of each.")
    ] = 20,
) -> None:
    """Print the last lines that the nodes' processes logged."""
    from collections import deque

    from pausenet.cli.detached import PROCESSES
    from pausenet.cli.output import clean
    from pausenet.errors import Misuse

    paths = sorted((net / PROCESSES).glob(f"{id or '*'}.log"))
    if not paths:
        raise Misuse(f"{net}: no process logs{f' of {id!r:.80}' if id else ''} here")
    for path in paths:
        with path.open(encoding="utf-8", errors="replace") as file:
            for line in deque(file, maxlen=lines):
                typer.echo(f"{path.stem}: {clean(line.rstrip())}")


@app.command(
    epilog=examples(
        "pausenet net init demo --net ./net",
        "pausenet net init demo --net /nets --apart --host-names --port-base 7000 --start-in 45",
    )
)
def init(
    net: Annotated[
        Path, typer.Option("--net", envvar="PAUSENET_NET", help="A new network's directory.")
    ],
    scenario: ScenarioArgument = "demo",
    seed: SeedOption = None,
    port_base: PortBaseOption = 0,
    apart: Annotated[
        bool,
        typer.Option(
            "--apart",
            envvar="PAUSENET_APART",
            help="Each participant's directory gets the public files too: one volume each.",
        ),
    ] = False,
    host_names: Annotated[
        bool,
        typer.Option(
            "--host-names",
            envvar="PAUSENET_HOST_NAMES",
            help="Verifiers are reached at <id>:<port base>, as containers are.",
        ),
    ] = False,
    start_in: Annotated[
        int,
        typer.Option(
            "--start-in",
            envvar="PAUSENET_START_IN",
            min=0,
            help="Seconds until network time begins; 0: when the network is brought up.",
        ),
    ] = 0,
    keep: Annotated[
        bool,
        typer.Option(
            "--keep",
            envvar="PAUSENET_KEEP",
            help="Leave a network that is there already as it is, instead of refusing.",
        ),
    ] = False,
    ends: Annotated[
        bool,
        typer.Option(
            "--ends",
            envvar="PAUSENET_ENDS",
            help="Network time stands still after the scenario's last period, as with `net up`.",
        ),
    ] = False,
) -> None:
    """Make a network's keys, register, certificates and samples, and start nothing."""
    from pausenet.cli.detached import make_only

    identity = make_only(
        scenario,
        net,
        seed=seed,
        port_base=port_base,
        apart=apart,
        host_names=host_names,
        start_in_s=start_in,
        keep=keep,
        ends=ends,
    )
    typer.echo(f"network {identity} in {net}")
