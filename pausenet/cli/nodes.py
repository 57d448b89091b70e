"""`pausenet lab`, `meter` and `verifier`: one node each; `lab attest`: one statement."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from pausenet.cli.options import (
    Format,
    FormatOption,
    IdOption,
    NetOption,
    NetworkIdOption,
    PassphraseOption,
    examples,
)

if TYPE_CHECKING:
    from pausenet.values import Role

METER_EXAMPLES = examples(
    "pausenet meter --net NET --id aurora-meter",
    "read-meter | pausenet meter --net NET --id aurora-meter --readings -",
)
SPEAKER_EXAMPLES = examples("pausenet speaker --net NET --id tribunal")
VERIFIER_EXAMPLES = examples("pausenet verifier --net NET --id verifier-1")

lab_app = typer.Typer(
    help="Run a lab's node, or attest one period.",
    invoke_without_command=True,
    epilog=examples(
        "pausenet lab --net NET --id aurora",
        "pausenet lab --net NET --id aurora --usage usage.jsonl",
        "pausenet lab attest period.jsonl --net NET --id aurora",
    ),
)

AttackOption = Annotated[
    list[str] | None, typer.Option("--attack", envvar="PAUSENET_ATTACK", hidden=True)
]
RecordingOption = Annotated[
    Path | None,
    typer.Option("--recording", envvar="PAUSENET_RECORDING", help="Record every step here."),
]
ListenOption = Annotated[
    str, typer.Option("--listen", envvar="PAUSENET_LISTEN", help="host:port to listen on.")
]
RatifyOption = Annotated[
    str,
    typer.Option(
        "--ratify-from",
        envvar="PAUSENET_RATIFY_FROM",
        help="The period in which the lab ratifies by itself, or never.",
    ),
]
MetricsOption = Annotated[
    int | None,
    typer.Option(
        "--metrics-port", envvar="PAUSENET_METRICS_PORT", help="Serve /metrics on loopback."
    ),
]
HttpOption = Annotated[
    str,
    typer.Option(
        "--http",
        envvar="PAUSENET_HTTP",
        help="host:port of the HTTP edge, instead of the network file's.",
    ),
]
HttpEntriesOption = Annotated[
    bool | None,
    typer.Option(
        "--http-entries/--no-http-entries",
        envvar="PAUSENET_HTTP_ENTRIES",
        help="Serve the log's entries to everybody; default: on loopback only.",
    ),
]
WitnessPolicyOption = Annotated[
    Path | None,
    typer.Option(
        "--witness-policy",
        envvar="PAUSENET_WITNESS_POLICY",
        help="A c2sp.org/tlog-policy file: its witnesses with a URL are asked to cosign this log.",
    ),
]


@lab_app.callback()
def lab(
    context: typer.Context,
    net: NetOption = Path(),
    id: IdOption = None,
    usage: Annotated[
        Path | None,
        typer.Option(
            "--usage", envvar="PAUSENET_USAGE", help="JSON Lines, one period a line; - for stdin."
        ),
    ] = None,
    network_id: NetworkIdOption = None,
    passphrase_from: PassphraseOption = None,
    recording: RecordingOption = None,
    metrics_port: MetricsOption = None,
    ratify_from: RatifyOption = "0",
    http: HttpOption = "",
    http_entries: HttpEntriesOption = None,
    witness_policy: WitnessPolicyOption = None,
    attack: AttackOption = None,
) -> None:
    """Run a lab's node until SIGTERM or Ctrl-C."""
    if context.invoked_subcommand is not None:
        return
    from pausenet.cli.serve import Serving, serve

    told = Serving(
        net=net,
        id=id,
        role=_role("lab"),
        network_id=network_id,
        passphrase=passphrase_from,
        samples=usage,
        recording=recording,
        metrics_port=metrics_port,
        http=http,
        http_entries=http_entries,
        witness_policy=witness_policy,
        attacks=tuple(attack or ()),
        ratify_from=ratify_from,
    )
    raise typer.Exit(serve(told))


def meter(
    net: NetOption = Path(),
    id: IdOption = None,
    readings: Annotated[
        Path | None,
        typer.Option(
            "--readings",
            envvar="PAUSENET_READINGS",
            help="JSON Lines, one period a line; - for stdin.",
        ),
    ] = None,
    network_id: NetworkIdOption = None,
    passphrase_from: PassphraseOption = None,
    recording: RecordingOption = None,
    metrics_port: MetricsOption = None,
    http: HttpOption = "",
    http_entries: HttpEntriesOption = None,
    witness_policy: WitnessPolicyOption = None,
) -> None:
    """Run a power meter's node until SIGTERM or Ctrl-C."""
    from pausenet.cli.serve import Serving, serve

    told = Serving(
        net=net,
        id=id,
        role=_role("meter"),
        network_id=network_id,
        passphrase=passphrase_from,
        samples=readings,
        recording=recording,
        metrics_port=metrics_port,
        http=http,
        http_entries=http_entries,
        witness_policy=witness_policy,
    )
    raise typer.Exit(serve(told))


def verifier(
    net: NetOption = Path(),
    id: IdOption = None,
    network_id: NetworkIdOption = None,
    passphrase_from: PassphraseOption = None,
    recording: RecordingOption = None,
    metrics_port: MetricsOption = None,
    listen: ListenOption = "",
    http: HttpOption = "",
    witness_policy: WitnessPolicyOption = None,
    attack: AttackOption = None,
) -> None:
    """Run a verifier's node until SIGTERM or Ctrl-C."""
    from pausenet.cli.serve import Serving, serve

    told = Serving(
        net=net,
        id=id,
        role=_role("verifier"),
        network_id=network_id,
        passphrase=passphrase_from,
        recording=recording,
        metrics_port=metrics_port,
        http=http,
        witness_policy=witness_policy,
        listen=listen,
        attacks=tuple(attack or ()),
    )
    raise typer.Exit(serve(told))


def speaker(
    net: NetOption = Path(),
    id: IdOption = None,
    network_id: NetworkIdOption = None,
    passphrase_from: PassphraseOption = None,
    recording: RecordingOption = None,
    metrics_port: MetricsOption = None,
    http: HttpOption = "",
    http_entries: HttpEntriesOption = None,
    witness_policy: WitnessPolicyOption = None,
) -> None:
    """Run the node of an adjudicator, evaluator, host or authority until SIGTERM or Ctrl-C."""
    from pausenet.cli.serve import Serving, serve

    told = Serving(
        net=net,
        id=id,
        role=None,
        network_id=network_id,
        passphrase=passphrase_from,
        recording=recording,
        metrics_port=metrics_port,
        http=http,
        http_entries=http_entries,
        witness_policy=witness_policy,
    )
    raise typer.Exit(serve(told))


@lab_app.command(
    epilog=examples(
        "pausenet lab attest period.jsonl --net NET --id aurora",
        "pausenet lab attest - --net NET --id aurora < period.jsonl",
    )
)
def attest(
    file: Annotated[Path, typer.Argument(metavar="FILE", help="One period as a JSON line.")],
    net: NetOption,
    id: IdOption = None,
    network_id: NetworkIdOption = None,
    passphrase_from: PassphraseOption = None,
    timeout: Annotated[
        float,
        typer.Option(
            "--timeout", envvar="PAUSENET_TIMEOUT", min=1, help="Seconds to wait for the receipt."
        ),
    ] = 60.0,
    format: FormatOption = Format.TEXT,
) -> None:
    """Sign one period's usage, submit it, and print its receipt.

    The lab's own node must not be running: one process a key. Exits 4 without a receipt in time.
    """
    from pausenet.cli.attest import attest_once
    from pausenet.cli.serve import Serving

    told = Serving(
        net=net,
        id=id,
        role=_role("lab"),
        network_id=network_id,
        passphrase=passphrase_from,
        samples=file,
    )
    raise typer.Exit(attest_once(told, timeout_s=timeout, format=format))


def _role(name: str) -> Role:
    from pausenet.values import Role

    return Role(name)
