"""`pausenet preset`: scenarios of published proposals, with the source of every number."""

from __future__ import annotations

from functools import wraps
from typing import Annotated, Any

import typer

from pausenet.cli.options import Format, FormatOption, examples
from pausenet.cli.run import run

app = typer.Typer(
    help="Scenarios of published proposals, with the source of every number.",
    no_args_is_help=True,
    rich_markup_mode=None,
)
PlainOption = Annotated[
    bool,
    typer.Option("--plain", envvar="PAUSENET_PLAIN", help="The file as it is, to be edited."),
]
PresetArgument = Annotated[str, typer.Argument(metavar="PRESET", help="Its id, P4, or its name.")]


@app.command("list", epilog=examples("pausenet preset list", "pausenet preset list --format json"))
def list_presets(format: FormatOption = Format.TEXT) -> None:
    """Name every preset and the question that it answers."""
    from pausenet.cli.output import clean, print_json
    from pausenet.files.presets import presets

    for each in presets():
        if format is Format.JSON:
            row = {"id": each.id, "name": each.name, "title": each.title}
            print_json({**row, "question": each.question})
        else:
            typer.echo(clean(f"{each.id:<4}{each.title}\n    {each.question}"))


@app.command(
    epilog=examples(
        "pausenet preset show P4",
        "pausenet preset show P4 --format json",
        "pausenet preset show P1 --plain > mine.yaml",
    )
)
def show(
    preset: PresetArgument, format: FormatOption = Format.TEXT, plain: PlainOption = False
) -> None:
    """Print a preset with the tag of each number in the margin.

    S: found in the source named; M: from general knowledge, unconfirmed; A: assumed; D: derived.
    """
    from pausenet.cli.output import clean, print_json
    from pausenet.files.presets import find_preset

    found = find_preset(preset)
    if format is Format.JSON:
        numbers = [
            {"line": number, "text": line.text.strip(), "tags": [str(tag) for tag in line.tags]}
            for number, line in enumerate(found.lines, start=1)
            if line.tags
        ]
        row = {"id": found.id, "name": found.name, "title": found.title}
        row |= {"question": found.question}
        print_json({**row, "numbers": numbers, "left_open": [*found.left_open]})
        return
    if plain:
        for line in found.lines:
            typer.echo(clean(line.text))
        return
    for line in found.lines:
        typer.echo(clean(f"{line.mark:<3}| {line.text}".rstrip()))
    counted = ", ".join(f"{count} {tag.words} ({tag})" for tag, count in found.counts if count)
    typer.echo(clean(f"Lines with numbers: {counted}."))
    if found.left_open:
        typer.echo(clean(f"Left open, for you to fill in: {', '.join(found.left_open)}."))
        typer.echo(clean(f"Next: pausenet preset show {found.id} --plain > mine.yaml"))
    else:
        typer.echo(clean(f"Next: pausenet preset run {found.id}"))


@app.command(
    "run",
    help="Run a preset, by its id or name, with all flags of `pausenet run`.",
    epilog=examples(
        "pausenet preset run P4",
        "pausenet preset run P4 --seed 12 --out ./my-run",
        "pausenet preset run P4 --replications 100",
    ),
)
@wraps(run)
def run_preset(scenario: str, **flags: Any) -> None:
    """Run a preset, with all flags of `pausenet run`."""
    from pausenet.files.presets import find_preset

    run(find_preset(scenario).name, **flags)
