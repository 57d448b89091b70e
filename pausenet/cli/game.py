"""`pausenet game`: ask a model of why labs defect; `pausenet reproduce`: its paper's numbers."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer
from typer.core import TyperGroup

from pausenet.cli import deter
from pausenet.cli.options import Format, FormatOption, examples

if TYPE_CHECKING:
    from pausenet.game.answer import Answer
    from pausenet.game.model import Model

_ASK = "ask"


class _Models(TyperGroup):
    """A group in which the name of a model stands for `ask` with that name."""

    def parse_args(self, ctx: typer.Context, args: list[str]) -> list[str]:  # type: ignore[override]
        if args and args[0] not in self.commands and not args[0].startswith("-"):
            args = [_ASK, *args]
        return super().parse_args(ctx, args)


app = typer.Typer(
    cls=_Models,
    help="Ask a model of why labs defect: pausenet game NAME --param gain=2; list names them all.",
    no_args_is_help=True,
)


@app.command(name="list", epilog=examples("pausenet game list"))
def list_games(format: FormatOption = Format.TEXT) -> None:
    """List the models, each with the question that it answers."""
    from pausenet.cli.output import print_json
    from pausenet.game.catalogue import models

    for model in models().values():
        if format is Format.JSON:
            print_json(_described(model))
        else:
            typer.echo(f"{model.name}\n  {model.question}")


app.command(name="deter", epilog=deter.EXAMPLES)(deter.deter)


@app.command(
    name=_ASK,
    hidden=True,
    epilog=examples(
        "pausenet game deterrence",
        "pausenet game deterrence --param detection=0.3 --param delay=2 --chart deterrence.svg",
        "pausenet game matrix --from game.nfg",
    ),
)
def ask(
    name: Annotated[str, typer.Argument(help="A model's name.")],
    param: Annotated[
        list[str] | None,
        typer.Option("--param", envvar="PAUSENET_PARAM", help="A parameter, such as gain=1/2."),
    ] = None,
    source: Annotated[
        Path | None,
        typer.Option(
            "--from", envvar="PAUSENET_GAME_FILE", help="A game to ask about: .nfg or .efg."
        ),
    ] = None,
    chart: Annotated[
        Path | None,
        typer.Option("--chart", envvar="PAUSENET_CHART", help="A new picture: .svg or .png."),
    ] = None,
    format: FormatOption = Format.TEXT,
) -> None:
    """Answer a model's question for the parameters given; the others keep their defaults."""
    from pausenet.cli.game_output import drawn
    from pausenet.cli.output import print_json
    from pausenet.game.catalogue import model_named

    model = model_named(name)
    typed = _typed(param or [])
    if source is not None:
        from pausenet.cli.game_files import parameters_of

        typed = parameters_of(source, model) | typed
    answer = model.answer(typed)
    if chart is not None:
        drawn(answer, name, ", ".join(f"{key}={value}" for key, value in typed.items()), chart)
    if format is Format.JSON:
        print_json(_answered(model, answer, typed))
        return
    from pausenet.cli.tabulated import tabulated

    typer.echo(f"{model.title}: {model.question}\n")
    for table in answer.tables:
        typer.echo(tabulated(table))
    typer.echo(f"Finding: {answer.sentence}")
    if answer.hand_check:
        typer.echo(f"Hand check: {answer.hand_check}")
    typer.echo(f"Assumes: {model.validity}")
    typer.echo(f"Not shown: {answer.not_shown}")
    for paper in model.papers:
        typer.echo(f"After: {paper}")
    if chart is not None:
        typer.echo(f"Chart: {chart}")
    typer.echo(f"Repeat: {_command(name, typed)}")


def _typed(params: list[str]) -> dict[str, str]:
    """`name=value` by name. Raises `Misuse`."""
    from pausenet.errors import Misuse

    typed: dict[str, str] = {}
    for item in params:
        name, equals, value = item.partition("=")
        if not (name and equals and value):
            raise Misuse(f"--param: expected name=value, found {item!r:.80}")
        if name in typed:
            raise Misuse(f"--param: {name!r:.80} stands twice")
        typed[name] = value
    return typed


def _command(name: str, typed: dict[str, str]) -> str:
    import shlex

    return shlex.join(
        ["pausenet", "game", name, *(w for k, v in typed.items() for w in ("--param", f"{k}={v}"))]
    )


def _described(model: Model) -> dict[str, object]:
    """A model for a program."""
    from pausenet.cli.tabulated import written

    return {
        "name": model.name,
        "title": model.title,
        "question": model.question,
        "validity": model.validity,
        "papers": [str(paper) for paper in model.papers],
        "parameters": [
            {
                "name": each.name,
                "symbol": each.symbol,
                "unit": each.unit,
                "default": written(each.default),
                "meaning": each.meaning,
                "choices": list(each.choices),
            }
            for each in model.parameters
        ],
    }


def _answered(model: Model, answer: Answer, typed: dict[str, str]) -> dict[str, object]:
    """An answer for a program."""
    from pausenet.cli.game_output import tables_of
    from pausenet.cli.tabulated import written

    chosen = model.choose(typed)
    return {
        "game": model.name,
        "parameters": {name: written(value) for name, value in chosen.values.items()},
        "finding": answer.sentence,
        "hand_check": answer.hand_check,
        "not_shown": answer.not_shown,
        "tables": tables_of(answer),
    }
