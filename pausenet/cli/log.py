"""`pausenet log`: the logs of a run, as c2sp.org/tlog-tiles directories."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from pausenet.cli.exits import ExitCode
from pausenet.cli.options import Format, FormatOption, RunOption, examples

if TYPE_CHECKING:
    from pausenet.statements.canonical import Json

app = typer.Typer(help="Look at logs, export them, check them.", no_args_is_help=True)

LogArgument = Annotated[
    str | None, typer.Argument(metavar="[LOG]", help="A participant's name; default: every log.")
]


@app.command("list", epilog=examples("pausenet log list aurora --run RUN --format json"))
def list_logs(run: RunOption, log: LogArgument = None, format: FormatOption = Format.TEXT) -> None:
    """Print origin, verifier key, size and root of one log or of all."""
    from pausenet.cli.logfiles import find_log, find_logs, find_register
    from pausenet.cli.output import print_json

    members = {str(member.origin): member for member in find_register(run).members.values()}
    logs = {log: find_log(run, log)} if log else find_logs(run)
    rows = []
    for name, stored in logs.items():
        head, member = stored.note.body, members.get(str(stored.note.body.origin))
        vkey = member.log_key.encode() if member else ""
        row: dict[str, Json] = {
            "log": str(name),
            "origin": str(head.origin),
            "vkey": vkey,
            "size": int(head.size),
            "root": head.root.hex(),
        }
        rows.append(row)
    if format is Format.JSON:
        for row in rows:
            print_json(row)
        return
    for row in rows:
        typer.echo(f"{row['log']:<28} {row['size']:>6}  {row['root']}  {row['origin']}")
        typer.echo(f"{'':<28} vkey {row['vkey'] or 'not in the register'}")


@app.command(epilog=examples("pausenet log export aurora ./aurora-log --run RUN"))
def export(
    log: Annotated[str, typer.Argument(help="A participant's name.")],
    directory: Annotated[Path, typer.Argument(metavar="DIR", help="A new directory.")],
    run: RunOption,
) -> None:
    """Write one log as a tlog-tiles directory that any such tool can read."""
    from pausenet.cli.logfiles import export_log, find_log

    stored = find_log(run, log)
    export_log(stored, directory)
    typer.echo(f"{stored.size} entries of {stored.note.body.origin} in {directory}")


@app.command(
    epilog=examples("pausenet log check ./aurora-log", "pausenet log check DIR --vkey VKEY")
)
def check(
    directory: Annotated[Path, typer.Argument(metavar="DIR", help="A tlog-tiles directory.")],
    vkey: Annotated[
        str | None,
        typer.Option("--vkey", envvar="PAUSENET_VKEY", help="The log's key: checks who signed."),
    ] = None,
) -> None:
    """Hash every entry and tile again, up to the checkpoint.

    Exits 0 when all agree, 1 when anything does not. Without --vkey nothing is said about who
    signed the checkpoint.
    """
    from pausenet.cli.logfiles import open_log
    from pausenet.errors import InvalidSignature
    from pausenet.log.opened import open_note
    from pausenet.log.tilecheck import check_tiles
    from pausenet.log.tiles import TilePath
    from pausenet.log.vkey import VerifierKey

    stored = open_log(directory)

    def read(path: TilePath) -> bytes | None:
        file = directory / path
        return file.read_bytes() if file.is_file() else None

    problems = [str(problem) for problem in check_tiles(read, stored.note.body)]
    signed = "not checked: give the log's key with --vkey"
    if vkey is not None:
        try:
            open_note(stored.note, VerifierKey.decode(vkey))
            signed = "by the key given"
        except InvalidSignature as error:
            problems.append(f"checkpoint: {error}")
            signed = "not by the key given"
    for problem in problems:
        typer.echo(f"problem: {problem}")
    head = stored.note.body
    typer.echo(f"origin: {head.origin}\nsize: {head.size}\nroot: {head.root}\nsigned: {signed}")
    typer.echo("does not hold" if problems else "holds: every entry and tile hashes to the root")
    raise typer.Exit(ExitCode.PROVEN if problems else ExitCode.HOLDS)
