"""`pausenet statement inspect`: one statement, in plain sight."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from pausenet.cli.options import Format, FormatOption, examples

if TYPE_CHECKING:
    from pausenet.crypto.envelope import Envelope

app = typer.Typer(help="Look at single statements.", no_args_is_help=True)


@app.callback()
def _group() -> None:
    """Look at single statements."""


@app.command(
    epilog=examples(
        "pausenet statement inspect aurora#3 --run RUN", "pausenet statement inspect entry.json"
    )
)
def inspect(
    what: Annotated[str, typer.Argument(metavar="FILE|LOG#SEQ", help="An envelope, or a place.")],
    run: Annotated[
        Path | None,
        typer.Option(
            "--run", envvar="PAUSENET_RUN", help="A run or network: its logs and its register."
        ),
    ] = None,
    format: FormatOption = Format.TEXT,
) -> None:
    """Decode an entry strictly and print what it says, who signed it, and whether that holds.

    The signature is checked against the register of --run; without one it is "not checked".
    """
    import json

    from pausenet.cli.output import clean, print_json
    from pausenet.crypto import envelope
    from pausenet.statements import codec

    sealed = envelope.decode(_bytes(what, run), signatures_max=2)
    statement = codec.decode(sealed.payload)
    found = {
        "statement_id": sealed.statement_id.hex(),
        "kind": str(statement.kind),
        "keyids": [str(signature.key_id) for signature in sealed.signatures],
        "signature": _judge(sealed, str(statement.author), run),
        "statement": statement.to_json(),
    }
    if format is Format.JSON:
        print_json(found)
        return
    for name in ("statement_id", "kind", "keyids", "signature"):
        shown = found[name]
        typer.echo(f"{name}: {', '.join(shown) if isinstance(shown, list) else shown}")
    typer.echo(clean(json.dumps(found["statement"], indent=2, ensure_ascii=True)))


def _bytes(what: str, run: Path | None) -> bytes:
    """The entry's bytes, from a file or from a place in a log of the run."""
    from pausenet.cli.logfiles import entry_of, find_log
    from pausenet.crypto.envelope import ENTRY_BYTES_MAX
    from pausenet.errors import MalformedFile, Misuse
    from pausenet.files.amounts import integer
    from pausenet.values import Seq

    name, mark, place = what.rpartition("#")
    if not mark:
        path = Path(what)
        if not path.is_file():
            raise MalformedFile(what, 0, 0, "no such file; a place in a log is written LOG#SEQ")
        with path.open("rb") as file:
            return file.read(ENTRY_BYTES_MAX + 1)
    if run is None:
        raise Misuse(f"{what}: say with --run whose log it is")
    try:
        seq = Seq(integer(place))
    except ValueError as error:
        raise Misuse(f"{what}: {error}") from error
    return entry_of(find_log(run, name), seq)


def _judge(sealed: Envelope, author: str, run: Path | None) -> str:
    from pausenet.cli.logfiles import find_register
    from pausenet.errors import InvalidSignature
    from pausenet.statements.register import Purpose
    from pausenet.values import ParticipantId

    if run is None:
        return "not checked: no register given"
    member = find_register(run).members.get(ParticipantId(author))
    if member is None:
        return f"not valid: {author} is not in the register"
    key = member.keys[Purpose.STATEMENT]
    try:
        sealed.verify({key.key_id: key})
    except InvalidSignature as error:
        return f"not valid: {error}"
    return f"valid: the statement key of {author} in this register"
