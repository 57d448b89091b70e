"""`pausenet evidence`: the bundles that a run left."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from pausenet.cli.false_alarms import EXAMPLES as FALSE_ALARMS_EXAMPLES
from pausenet.cli.false_alarms import false_alarms
from pausenet.cli.options import (
    Format,
    FormatOption,
    NetworkIdOption,
    RunOption,
    examples,
)

if TYPE_CHECKING:
    from pausenet.protocol.evidence import Bundle
    from pausenet.values import NetworkId

app = typer.Typer(help="Look at evidence bundles and export them.", no_args_is_help=True)

app.command("false-alarms", epilog=FALSE_ALARMS_EXAMPLES)(false_alarms)

BundleArgument = Annotated[
    str, typer.Argument(metavar="BUNDLE", help="A file, or the beginning of a bundle's digest.")
]
BaseRateOption = Annotated[
    str | None,
    typer.Option(
        "--base-rate",
        envvar="PAUSENET_BASE_RATE",
        help="How many candidates are thought to be real, such as 1/500, which is assumed.",
    ),
]


@app.command("list", epilog=examples("pausenet evidence list --run RUN --format json"))
def list_bundles(run: RunOption, format: FormatOption = Format.TEXT) -> None:
    """List the bundles of a run or a network: fault, class, accused, digest, path."""
    from pausenet.cli.output import print_json

    for path, bundle in _bundles(run):
        row = {**_row(bundle), "path": str(path)}
        if format is Format.JSON:
            print_json({**row})
        else:
            head = f"{row['fault']:<4} {row['class']:<8} {row['accused']:<26}"
            typer.echo(f"{head} {row['digest'][:16]}  {path}")


@app.command(epilog=examples("pausenet evidence show 0123456789abcdef --run RUN"))
def show(bundle: BundleArgument, run: RunOption = Path()) -> None:
    """Print what a bundle claims and which materials it holds; `verify` judges them."""
    path, found = _one(bundle, run)
    claim = found.accusation
    typer.echo(f"{claim.accused} ({claim.role}): {claim.text}")
    typer.echo(f"fault: {claim.fault} ({claim.fault.meaning}), {claim.fault.fault_class}")
    typer.echo(f"grade claimed: {claim.grade}")
    typer.echo(f"periods: {', '.join(str(index) for index in claim.periods) or 'none'}")
    typer.echo(f"network, as it says itself: {found.network}\ndigest: {found.digest}")
    for number, material in enumerate(found.materials, start=1):
        typer.echo(f"material {number}: {type(material).__name__}")
    typer.echo(f"check it: {_check(path)}")


@app.command(
    epilog=examples(
        "pausenet evidence explain birch-F7-0123456789abcdef.json --network-id HEX",
        "pausenet evidence explain birch-F7-0123456789abcdef.json --base-rate 1/100",
    )
)
def explain(
    bundle: BundleArgument,
    run: RunOption = Path(),
    network_id: NetworkIdOption = None,
    base_rate: BaseRateOption = None,
) -> None:
    """Say in plain words what a bundle shows, how surely, and what it cannot see.

    It is judged first, as `verify` does; exits 3 where its materials do not show what it claims.
    """
    from pausenet.cli.exits import ExitCode
    from pausenet.cli.explain import explained
    from pausenet.cli.explain.worth import read_base_rate
    from pausenet.cli.output import clean
    from pausenet.errors import Misuse
    from pausenet.values import NetworkId

    try:
        pinned = None if network_id is None else NetworkId.from_hex(network_id)
    except ValueError as error:
        raise Misuse(f"--network-id: {error}") from error
    base = None if base_rate is None else read_base_rate(base_rate)
    path, _ = _one(bundle, run)
    found = explained(path.read_bytes(), pinned, base)
    for line in found.lines():
        typer.echo(clean(line))
    typer.echo(f"Check it: {_check(path, pinned)}")
    raise typer.Exit(ExitCode.HOLDS if found.holds else ExitCode.UNDECIDED)


@app.command(
    epilog=examples(
        "pausenet evidence weigh --run RUN",
        "pausenet evidence weigh --run RUN --base-rate 1/100 --cost birch-meter=12",
    )
)
def weigh(
    run: RunOption,
    base_rate: BaseRateOption = None,
    cost: Annotated[
        list[str] | None,
        typer.Option(
            "--cost",
            envvar="PAUSENET_COST",
            metavar="CHANNEL=NUMBER",
            help="What a channel costs, in any unit.",
        ),
    ] = None,
    format: FormatOption = Format.TEXT,
) -> None:
    """Say what each channel adds to a run's evidence against each party, and what it costs.

    A channel is taken away and the rest is fused anew: within an independence group only the
    strongest counts, so a second channel of one group adds nothing. An alarm is weighed by what
    all tests of a whole series find, against each way of hiding that its finding states.
    """
    from pausenet.cli.explain.weighing import weighed
    from pausenet.cli.explain.worth import BASE_RATE, read_base_rate, read_costs
    from pausenet.cli.output import clean, print_json
    from pausenet.errors import Misuse

    base = BASE_RATE if base_rate is None else read_base_rate(base_rate)
    costs = read_costs(cost or [])
    answer = weighed([path.read_bytes() for path, _ in _bundles(run)], base, costs)
    named = {one for each in answer for one in each.groups}
    if strangers := sorted(costs.keys() - named):
        raise Misuse(f"--cost: no such channel here: {', '.join(strangers)}")
    for each in answer:
        if format is Format.JSON:
            print_json(each.to_json())
        else:
            for line in each.lines(base):
                typer.echo(clean(line))
    if format is Format.TEXT and base_rate is None:
        typer.echo("The base rate is an assumption of this program; --base-rate takes yours.")


@app.command(epilog=examples("pausenet evidence export 0123456789abcdef ./bundle.json --run RUN"))
def export(
    bundle: BundleArgument,
    to: Annotated[Path, typer.Argument(metavar="FILE", help="A new file.")],
    run: RunOption = Path(),
) -> None:
    """Copy a bundle, byte for byte, for somebody who holds nothing else."""
    from pausenet.errors import Misuse

    path, _ = _one(bundle, run)
    try:
        with to.open("xb") as file:
            file.write(path.read_bytes())
    except FileExistsError as error:
        raise Misuse(f"{to}: is there already") from error
    typer.echo(f"{to}: {_check(to)}")


def _check(path: Path, pinned: NetworkId | None = None) -> str:
    """The command that verifies a bundle; the network id is never the one that it names itself."""
    if pinned is not None:
        return f"pausenet verify {path} --network-id {pinned.hex()}"
    return (
        f"pausenet verify {path} --network-id HEX, the network id that you trust and have from "
        "elsewhere"
    )


def _row(bundle: Bundle) -> dict[str, str]:
    claim = bundle.accusation
    return {
        "fault": str(claim.fault),
        "class": str(claim.fault.fault_class),
        "accused": str(claim.accused),
        "digest": bundle.digest.hex(),
    }


def _bundles(run: Path) -> list[tuple[Path, Bundle]]:
    from pausenet.errors import MalformedFile
    from pausenet.node.config import NETWORK_FILE
    from pausenet.protocol.evidence import decode_bundle

    directory = run / "evidence"
    if directory.is_dir():
        paths = sorted(directory.glob("*.json"))
    elif (
        run / NETWORK_FILE
    ).is_file():  # a network: its verifiers' copies are alike, one is enough
        copies = sorted(run.glob("*/evidence/*.json"), reverse=True)
        paths = sorted({path.name: path for path in copies}.values())
    else:
        raise MalformedFile(str(directory), 0, 0, "no such directory: not a run and not a network")
    return [(path, decode_bundle(path.read_bytes())) for path in paths]


def _one(named: str, run: Path) -> tuple[Path, Bundle]:
    from pausenet.errors import Misuse
    from pausenet.protocol.evidence import decode_bundle

    path = Path(named)
    if path.is_file():
        return path, decode_bundle(path.read_bytes())
    found = [item for item in _bundles(run) if item[1].digest.hex().startswith(named)]
    if len(found) != 1:
        raise Misuse(f"{named}: {len(found)} bundles begin so; expected one, or a file")
    return found[0]
