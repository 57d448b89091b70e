"""`pausenet reproduce`: the numbers that papers print, computed again, pass or fail."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import typer

from pausenet.cli.exits import ExitCode
from pausenet.cli.options import Format, FormatOption, examples

if TYPE_CHECKING:
    from pausenet.game.checks import Result

EXAMPLES = examples("pausenet reproduce --list", "pausenet reproduce --all")


def reproduce(
    name: Annotated[str | None, typer.Argument(help="A paper's key or a game's name.")] = None,
    every: Annotated[
        bool, typer.Option("--all", envvar="PAUSENET_ALL", help="Every paper there is.")
    ] = False,
    listed: Annotated[
        bool, typer.Option("--list", envvar="PAUSENET_LIST", help="Name the papers and stop.")
    ] = False,
    format: FormatOption = Format.TEXT,
) -> None:
    """Compute a paper's numbers again; exit with 1 where one differs.

    A number agrees where the computed one rounds to the numeral stated, or lies within the
    tolerance printed beside it.
    """
    from pausenet.cli.output import print_json
    from pausenet.errors import Misuse
    from pausenet.game.catalogue import checks_of, models, papers

    if listed:
        for paper in papers().values():
            typer.echo(f"{paper.key}\n  {paper}")
        return
    if (name is None) is not every:
        raise Misuse("reproduce: expected a paper or --all, and not both")
    if name is None:
        pairs = tuple((model, check) for model in models().values() for check in model.checks)
    else:
        pairs = checks_of(name)
    failed = 0
    for model, check in pairs:
        result = check.result()
        failed += not result.agrees
        if format is Format.JSON:
            print_json(_described(model.name, result))
        else:
            typer.echo(_line(model.name, result))
    said = f"{len(pairs) - failed} of {len(pairs)} numbers come out as stated."
    typer.echo(said, err=format is Format.JSON)
    if failed:
        raise typer.Exit(ExitCode.PROVEN)


def _line(game: str, result: Result) -> str:
    check = result.check
    verdict = "pass" if result.agrees else "FAIL"
    within = f" within {check.within:g}" if check.within else ""
    stated = f"stated {check.stated}{within}"
    found = f"{game}: {check.what}: {stated}, computed {result.spelled}"
    return f"{verdict}  {found}  [{check.paper.key}, {check.where}]"


def _described(game: str, result: Result) -> dict[str, object]:
    from pausenet.cli.tabulated import written

    check = result.check
    return {
        "game": game,
        "paper": check.paper.key,
        "where": check.where,
        "what": check.what,
        "stated": check.stated,
        "within": float(check.tolerance),
        "computed": written(result.computed),
        "basis": str(check.basis),
        "agrees": result.agrees,
    }
