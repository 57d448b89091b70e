"""`pausenet log`: the logs of a run, as c2sp.org/tlog-tiles directories."""

from __future__ import annotations

from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from pausenet.cli.exits import ExitCode
from pausenet.cli.options import Format, FormatOption, PassphraseOption, RunOption, examples

if TYPE_CHECKING:
    from pausenet.statements.canonical import Json


class ReceiptFormat(StrEnum):
    """The kinds of receipt that can be written."""

    TLOG_PROOF = "tlog-proof"
    COSE = "cose"


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


@app.command(
    epilog=examples(
        "pausenet log export aurora ./aurora-log --run RUN",
        "pausenet log export aurora ./aurora-log --run RUN --format json",
    )
)
def export(
    log: Annotated[str, typer.Argument(help="A participant's name.")],
    directory: Annotated[Path, typer.Argument(metavar="DIR", help="A new directory.")],
    run: RunOption,
    format: FormatOption = Format.TEXT,
) -> None:
    """Write one log as a tlog-tiles directory that any such tool can read.

    Its checkpoint bears the cosignatures that are known; the JSON names whose they may be.
    """
    from pausenet.cli.logfiles import export_log, find_log, find_register, with_cosignatures
    from pausenet.cli.output import print_json

    stored = with_cosignatures(run, log, find_log(run, log))
    export_log(stored, directory)
    head = stored.note.body
    if format is Format.TEXT:
        typer.echo(f"{stored.size} entries of {head.origin} in {directory}")
        return
    register = find_register(run)
    members = {str(member.origin): member for member in register.members.values()}
    member = members.get(str(head.origin))
    lines = {str(line.name) for line in stored.note.signatures}
    storing, witness = register.storing_keys(), register.witness_keys()
    print_json(
        {
            "log": log,
            "directory": str(directory),
            "origin": str(head.origin),
            "vkey": member.log_key.encode() if member else "",
            "size": int(head.size),
            "root": head.root.hex(),
            "storing_vkeys": [*(key.encode() for key in storing)],
            "witness_vkeys": [*(key.encode() for key in witness)],
            "cosigned_by": [*sorted(lines - {str(head.origin)})],
        }
    )


@app.command(
    epilog=examples(
        "pausenet log receipt aurora#3 --run RUN",
        "pausenet log receipt aurora#3 --run RUN --format cose --out aurora-3.cose",
    )
)
def receipt(
    entry: Annotated[str, typer.Argument(metavar="LOG#SEQ", help="A participant and a place.")],
    run: RunOption,
    format: Annotated[
        ReceiptFormat,
        typer.Option("--format", envvar="PAUSENET_FORMAT", help="Which kind of receipt."),
    ] = ReceiptFormat.TLOG_PROOF,
    out: Annotated[
        Path | None, typer.Option("--out", envvar="PAUSENET_OUT", help="A file instead of stdout.")
    ] = None,
    key: Annotated[
        Path | None,
        typer.Option(
            "--key",
            envvar="PAUSENET_KEY",
            help="The COSE issuer's own key, made if missing; default: this user's.",
        ),
    ] = None,
    passphrase_from: PassphraseOption = None,
) -> None:
    """Write one entry's receipt, verified first: the log and k storing cosigners hold it.

    A tlog-proof bears their signatures. A COSE receipt (RFC 9942) bears that of its issuer alone,
    which is you: who relies on it relies on your key, printed on standard error. Exits 4 where no
    checkpoint past the entry has k storing cosignatures.
    """
    from pausenet.cli.receipt import find_receipt, issue_cose

    found = find_receipt(run, entry)
    if format is ReceiptFormat.TLOG_PROOF:
        data = found.encode()
    else:
        data, public = issue_cose(found, key, passphrase_from)
        typer.echo(f"issuer: Ed25519 {public.hex()}, key id {public.key_id}", err=True)
    if out is None:
        typer.get_binary_stream("stdout").write(data)
        return
    out.write_bytes(data)
    typer.echo(f"{len(data)} bytes in {out}", err=True)


@app.command(
    epilog=examples(
        "pausenet log check ./aurora-log",
        "pausenet log check DIR --vkey VKEY",
        "pausenet log check DIR --policy witnesses.policy",
    )
)
def check(
    directory: Annotated[Path, typer.Argument(metavar="DIR", help="A tlog-tiles directory.")],
    vkey: Annotated[
        str | None,
        typer.Option("--vkey", envvar="PAUSENET_VKEY", help="The log's key: checks who signed."),
    ] = None,
    policy: Annotated[
        Path | None,
        typer.Option(
            "--policy",
            envvar="PAUSENET_POLICY",
            help="A c2sp.org/tlog-policy file: checks the log's key and its quorum of witnesses.",
        ),
    ] = None,
) -> None:
    """Hash every entry and tile again, up to the checkpoint.

    Exits 0 when all agree, 1 when anything does not. Without --vkey or --policy nothing is said
    about who signed the checkpoint.
    """
    from pausenet.cli.logfiles import open_log
    from pausenet.cli.policies import judge, read_policy
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
    key = None if vkey is None else VerifierKey.decode(vkey)
    if key is not None:
        try:
            open_note(stored.note, key)
            signed = "by the key given"
        except InvalidSignature as error:
            problems.append(f"checkpoint: {error}")
            signed = "not by the key given"
    if policy is not None:
        judged = judge(stored.note, read_policy(policy), key)
        problems += [f"checkpoint: {problem}" for problem in judged.problems]
        typer.echo(f"quorum: {judged.sentence}")
        signed = judged.signed if key is None else signed
    for problem in problems:
        typer.echo(f"problem: {problem}")
    head = stored.note.body
    typer.echo(f"origin: {head.origin}\nsize: {head.size}\nroot: {head.root}\nsigned: {signed}")
    typer.echo("does not hold" if problems else "holds: every entry and tile hashes to the root")
    raise typer.Exit(ExitCode.PROVEN if problems else ExitCode.HOLDS)
