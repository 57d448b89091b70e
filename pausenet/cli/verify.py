"""`pausenet verify`: what a stranger runs on an evidence bundle, offline."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from pausenet.cli.options import Format, FormatOption, NetworkIdOption, examples

EXAMPLES = examples(
    "pausenet verify cedar-F3-0123456789abcdef.json --network-id HEX",
    "pausenet verify cedar-F3-0123456789abcdef.json",
)


def verify(
    bundle: Annotated[Path, typer.Argument(help="The bundle's file; nothing else is read.")],
    network_id: NetworkIdOption = None,
    format: FormatOption = Format.TEXT,
) -> None:
    """Check an evidence bundle from its bytes alone.

    Exits 1 when it proves a breach by the accused's own signatures, 3 for a warrant or a bundle
    of unknown parties, 2 for bytes that are no bundle. It never exits 0.
    """
    from pausenet.cli.output import clean, print_json
    from pausenet.errors import MalformedFile, Misuse
    from pausenet.protocol.bundle import verify_bundle
    from pausenet.protocol.messages import BUNDLE_BYTES_MAX
    from pausenet.values import NetworkId

    try:
        pinned = None if network_id is None else NetworkId.from_hex(network_id)
    except ValueError as error:
        raise Misuse(f"--network-id: {error}") from error
    if not bundle.is_file():
        raise MalformedFile(str(bundle), 0, 0, "no such file")
    with bundle.open("rb") as file:
        data = file.read(BUNDLE_BYTES_MAX + 1)
    found = verify_bundle(data, pinned)
    if format is Format.JSON:
        print_json(
            {
                "checks": [
                    {"number": str(item.number), "text": item.text, "passed": item.passed}
                    for item in found.checks
                ],
                "outcome": str(found.outcome),
                "exit_code": int(found.exit_code),
                "sentence": found.sentence,
            }
        )
    else:
        for item in found.checks:
            word = "ok" if item.passed else "FAILED"
            typer.echo(clean(f"{item.number:>5}  {word:<6}  {item.text}"))
        typer.echo(clean(found.sentence))
    raise typer.Exit(int(found.exit_code))
