"""`pausenet vectors`: conformance cases for whoever writes another implementation."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from pausenet.cli.exits import ExitCode
from pausenet.cli.options import Format, FormatOption, examples

if TYPE_CHECKING:
    from pausenet.simulator.vectors import Facts
    from pausenet.statements.canonical import Json

app = typer.Typer(
    help="Conformance cases: the bytes, and what every verifier must say.", no_args_is_help=True
)
SHARED = "shared"


@app.command(epilog=examples("pausenet vectors make ./vectors"))
def make(
    directory: Annotated[Path, typer.Argument(metavar="DIR", help="A new or empty directory.")],
) -> None:
    """Make every case anew from seeded runs: one file a case, the same bytes on every machine."""
    from pausenet.errors import Misuse
    from pausenet.simulator.vectors import make_suite

    if directory.exists() and (not directory.is_dir() or any(directory.iterdir())):
        raise Misuse(f"{directory}: expected a new or empty directory")
    suite = make_suite()
    for name, shared in sorted(suite.shared.items()):
        _write(directory / SHARED / f"{name}.json", shared)
    for case, expect in suite.cases:
        _write(directory / case.path, case.file(expect))
    refused = sum(expect["verdict"] == "refuse" for _, expect in suite.cases)
    typer.echo(
        f"{len(suite.cases)} cases in {directory}: {refused} to refuse, "
        f"{len(suite.cases) - refused} to accept"
    )


@app.command(epilog=examples("pausenet vectors check ./vectors"))
def check(
    directory: Annotated[Path, typer.Argument(metavar="DIR", help="What `make` has written.")],
    format: FormatOption = Format.TEXT,
) -> None:
    """Say of every case what pausenet says now, and compare.

    Exits 0 when all agree, 1 when one does not, 2 for a directory that holds no cases.
    """
    from pausenet.cli.output import print_json
    from pausenet.errors import MalformedFile

    shared = {path.stem: _read(path) for path in sorted((directory / SHARED).glob("*.json"))}
    paths = [path for path in sorted(directory.glob("*/*.json")) if path.parent.name != SHARED]
    if not paths:
        raise MalformedFile(str(directory), 0, 0, "no cases here")
    wrong: list[Json] = []
    for path in paths:
        expected, found = _answered(path, shared)
        if expected != found:
            name = f"{path.parent.name}/{path.stem}"
            wrong.append({"case": name, "expected": expected, "found": found})
            if format is Format.TEXT:
                typer.echo(f"{name}: expected {expected}, found {found}")
    if format is Format.JSON:
        print_json({"cases": len(paths), "disagreements": wrong})
    else:
        typer.echo(f"{len(paths)} cases, {len(wrong)} disagreements")
    raise typer.Exit(ExitCode.PROVEN if wrong else ExitCode.HOLDS)


def _answered(path: Path, shared: dict[str, Facts]) -> tuple[Facts, Facts]:
    """What a case expects, and what pausenet finds."""
    from pausenet.errors import MalformedFile, Misuse
    from pausenet.simulator.vectors import CaseKind, answer

    case = _read(path)
    missing = [name for name in ("kind", "inputs", "expect") if name not in case]
    if missing:
        raise MalformedFile(str(path), 0, 0, f'not a case: missing key "{missing[0]}"')
    try:
        inputs, expect = case["inputs"], case["expect"]
        kind = CaseKind(str(case["kind"]))
        if not isinstance(inputs, dict) or not isinstance(expect, dict):
            raise ValueError("inputs and expect: expected objects")
        return expect, answer(kind, inputs, shared)
    except (ValueError, Misuse) as error:
        raise MalformedFile(str(path), 0, 0, f"not a case: {error}") from error


def _read(path: Path) -> Facts:
    from pausenet.errors import MalformedFile

    try:
        value = json.loads(path.read_bytes())
    except ValueError as error:
        raise MalformedFile(str(path), 0, 0, "not JSON") from error
    if not isinstance(value, dict):
        raise MalformedFile(str(path), 0, 0, "expected an object")
    return value


def _write(path: Path, value: Facts) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    text = json.dumps(value, ensure_ascii=False, indent=1, sort_keys=True)
    path.write_text(text + "\n", encoding="utf-8")
