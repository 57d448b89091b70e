"""`pausenet reproduce`: stated numbers, computed again, pass or fail; each says who stated it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import typer

from pausenet.cli.exits import ExitCode
from pausenet.cli.options import Format, FormatOption, examples

if TYPE_CHECKING:
    from pausenet.game.checks import Check, Result
    from pausenet.game.model import Model

EXAMPLES = examples("pausenet reproduce --list", "pausenet reproduce --all")


def reproduce(
    name: Annotated[str | None, typer.Argument(help="A source's key or a game's name.")] = None,
    every: Annotated[
        bool, typer.Option("--all", envvar="PAUSENET_ALL", help="Every source there is.")
    ] = False,
    listed: Annotated[
        bool, typer.Option("--list", envvar="PAUSENET_LIST", help="Name the sources and stop.")
    ] = False,
    format: FormatOption = Format.TEXT,
) -> None:
    """Compute the numbers stated after a paper again; exit with 1 where one differs.

    Most were derived anew by us from its model, few are printed in it: each line says which.

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
        raise Misuse("reproduce: expected a source or --all, and not both")
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
    said = f"{len(pairs) - failed} of {len(pairs)} numbers come out as stated. {_split(pairs)}"
    typer.echo(said, err=format is Format.JSON)
    if failed:
        raise typer.Exit(ExitCode.PROVEN)


def _split(pairs: tuple[tuple[Model, Check], ...]) -> str:
    from pausenet.game.checks import by_basis

    return f"Who stated them: {by_basis(check for _, check in pairs) or 'nobody'}."


def _line(game: str, result: Result) -> str:
    check = result.check
    verdict = "pass" if result.agrees else "FAIL"
    within = f" within {check.within:g}" if check.within else ""
    stated = f"stated {check.stated}{within}"
    found = f"{game}: {check.what}: {stated}, computed {result.spelled}"
    return f"{verdict}  {found}  [{check.paper.key}, {check.where}; {check.basis}]"


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
