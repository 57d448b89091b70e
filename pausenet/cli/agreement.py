"""`pausenet agreement`: check, explain and compare agreement files."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Final

import typer

from pausenet.cli.exits import ExitCode
from pausenet.cli.options import Format, FormatOption, examples

if TYPE_CHECKING:
    from pausenet.files.agreement import AgreementFile

app: Final = typer.Typer(
    help="Check, explain and compare pause agreements that stand in files.",
    no_args_is_help=True,
    rich_markup_mode=None,
)
FileArgument = Annotated[
    str, typer.Argument(metavar="FILE", help="An agreement file, or the name of a shipped one.")
]


def _read(named: str) -> AgreementFile:
    from pausenet.files.agreement import read_agreement
    from pausenet.files.stories import find_agreement

    return read_agreement(find_agreement(named))


@app.command(
    epilog=examples(
        "pausenet agreement check peer-conditional",
        "pausenet agreement check my-pause.yaml --format json",
    )
)
def check(file: FileArgument, format: FormatOption = Format.TEXT) -> None:
    """Find contradictions, clauses nothing can show broken, and channels nobody provides.

    Exit code 0: nothing found; 1: something; 2: no agreement file.
    """
    from pausenet.cli.output import clean, print_json
    from pausenet.protocol.drafting import problems

    found = _read(file)
    blocs = tuple((each.name, each.bloc) for each in found.verifiers)
    wrong = problems(found.agreement, blocs)
    if format is Format.JSON:
        print_json(
            {
                "file": found.source.name,
                "digest": found.agreement.digest.hex(),
                "holds": not wrong,
                "problems": [
                    {"place": found.place(each.path), "rule": each.rule, "text": each.text}
                    for each in wrong
                ],
            }
        )
    else:
        for each in wrong:
            typer.echo(clean(f"{found.place(each.path)} rule {each.rule}: {each.text}"))
        counted = f"{len(wrong)} problem{'' if len(wrong) == 1 else 's'}"
        told = counted if wrong else "holds: no contradiction, and every clause can be shown broken"
        typer.echo(clean(f"{found.source.name}: {told}"))
    raise typer.Exit(ExitCode.PROVEN if wrong else ExitCode.HOLDS)


@app.command(epilog=examples("pausenet agreement explain peer-conditional"))
def explain(file: FileArgument, format: FormatOption = Format.TEXT) -> None:
    """Say in plain words, on two pages at most, what an agreement says."""
    from pausenet.cli.output import clean, print_json

    found = _read(file)
    text = found.explained()
    if format is Format.JSON:
        print_json(
            {
                "file": found.source.name,
                "digest": found.agreement.digest.hex(),
                "text": text,
                "agreement": found.agreement.to_json(),
            }
        )
    else:
        typer.echo(clean(text), nl=False)


@app.command(epilog=examples("pausenet agreement diff old.yaml new.yaml"))
def diff(
    before: Annotated[str, typer.Argument(metavar="A", help="The file before.")],
    after: Annotated[str, typer.Argument(metavar="B", help="The file after.")],
    format: FormatOption = Format.TEXT,
) -> None:
    """Say what changed from A to B, and whether it binds more or less."""
    from pausenet.cli.output import clean, print_json
    from pausenet.protocol.drafting import diff as compared

    changes = compared(_read(before).agreement, _read(after).agreement)
    if format is Format.JSON:
        print_json(
            {
                "before": before,
                "after": after,
                "changes": [
                    {
                        "where": each.where,
                        "direction": str(each.direction),
                        "before": each.before,
                        "after": each.after,
                    }
                    for each in changes
                ],
            }
        )
    else:
        for each in changes:
            typer.echo(clean(each.text))
        if not changes:
            typer.echo("no change")
