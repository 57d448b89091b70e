"""`pausenet witness`: a witness of c2sp.org/tlog-witness, for anybody's logs."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from pausenet.cli.options import PassphraseOption, examples

EXAMPLES = examples(
    "pausenet witness --policy logs.policy --state ./witness",
    "pausenet witness --policy logs.policy --state ./witness --listen 127.0.0.1:8090",
)


def witness(
    policy: Annotated[
        Path,
        typer.Option(
            "--policy",
            envvar="PAUSENET_POLICY",
            help="A c2sp.org/tlog-policy file; its `log` lines say whose logs are witnessed.",
        ),
    ],
    state: Annotated[
        Path,
        typer.Option(
            "--state",
            envvar="PAUSENET_STATE",
            help="Directory of the key and of all that it has signed; made at the first start.",
        ),
    ],
    name: Annotated[
        str,
        typer.Option(
            "--name", envvar="PAUSENET_NAME", help="The name to sign under; fixed at first start."
        ),
    ] = "",
    listen: Annotated[
        str,
        typer.Option(
            "--listen", envvar="PAUSENET_LISTEN", help="host:port to serve on; port 0: a free one."
        ),
    ] = "127.0.0.1:0",
    passphrase_from: PassphraseOption = None,
) -> None:
    """Witness the logs of a policy file until SIGTERM or Ctrl-C.

    Prints its vkey and its URL, which is submission and monitoring prefix at once. It signs that a
    log only grows, and nothing about what is in it. Never restore its state from a copy.
    """
    import asyncio

    from pausenet.node.config import split_address
    from pausenet.node.edge.alone import WitnessConfig, run_witness

    host, port = split_address(listen)
    config = WitnessConfig(
        policy=policy,
        state=state,
        name=name,
        host=host,
        port=port,
        passphrase=passphrase_from or "",
    )

    def ready(vkey: str, url: str) -> None:
        typer.echo(f"witness: {vkey}\nserves: {url}")

    raise typer.Exit(asyncio.run(run_witness(config, ready)))
