"""`pausenet game`: ask a model of why labs defect; `pausenet reproduce`: its paper's numbers."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer
from typer.core import TyperCommand, TyperGroup

from pausenet.cli import deter
from pausenet.cli.options import Format, FormatOption, examples

if TYPE_CHECKING:
    from pausenet.game.answer import Answer
    from pausenet.game.model import Model

_ASK = "ask"
_SHOW = "pausenet game show NAME lists a model's parameters"


class _Models(TyperGroup):
    """A group in which the name of a model stands for `ask` with that name."""

    def parse_args(self, ctx: typer.Context, args: list[str]) -> list[str]:  # type: ignore[override]
        if args and args[0] not in self.commands and not args[0].startswith("-"):
            args = [_ASK, *args]
        return super().parse_args(ctx, args)

    def resolve_command(  # type: ignore[override]
        self, ctx: typer.Context, args: list[str]
    ) -> tuple[str | None, object, list[str]]:
        """The command; one that asks a model is called by the model's name in its help."""
        name, command, rest = super().resolve_command(ctx, args)
        if name == _ASK and rest and not rest[0].startswith("-"):
            name = rest[0]
        return name, command, rest


class _Ask(TyperCommand):
    """Asks a model; an option that is the name of a parameter gets a hint."""

    def parse_args(self, ctx: typer.Context, args: list[str]) -> list[str]:  # type: ignore[override]
        typed = list(args)
        try:
            return super().parse_args(ctx, args)
        except Exception as error:  # which module of click's defines it depends on the release
            _hinted(str(getattr(error, "option_name", "")), typed)
            raise

    def collect_usage_pieces(self, ctx: typer.Context) -> list[str]:  # type: ignore[override]
        """The options alone: the model's name stands before them already."""
        return super().collect_usage_pieces(ctx)[:1]


def _hinted(option: str, args: list[str]) -> None:
    """Raises `Misuse` where the option's name is that of a parameter of the model asked."""
    from pausenet.errors import Misuse
    from pausenet.game.catalogue import models

    model = models().get(args[0]) if args else None
    wanted = option.lstrip("-").replace("-", "_")
    if model is None or all(each.name != wanted for each in model.parameters):
        return
    place = next(at for at, each in enumerate(args) if each.startswith(option))
    given = args[place].partition("=")[2] or next(iter(args[place + 1 :]), "VALUE")
    raise Misuse(f"no option {option}: a parameter is given as --param {wanted}={given:.80}")


app = typer.Typer(
    cls=_Models,
    help=(
        "Ask a model of why labs defect: pausenet game NAME --param gain=2; list names them all, "
        "show NAME lists a model's parameters."
    ),
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
    typer.echo(f"{len(models())} models; {_SHOW}.", err=format is Format.JSON)


@app.command(name="show", epilog=examples("pausenet game show deterrence"))
def show(
    name: Annotated[str, typer.Argument(help="A model's name.")],
    format: FormatOption = Format.TEXT,
) -> None:
    """Show what a model asks, where it may be used, and every parameter that it takes."""
    from pausenet.cli.game_shown import shown_lines
    from pausenet.cli.output import print_json
    from pausenet.game.catalogue import model_named

    model = model_named(name)
    if format is Format.JSON:
        print_json(_described(model))
        return
    for line in shown_lines(model):
        typer.echo(line)


app.command(name="deter", epilog=deter.EXAMPLES)(deter.deter)


@app.command(
    name=_ASK,
    cls=_Ask,
    hidden=True,
    epilog=examples(
        "pausenet game deterrence",
        "pausenet game deterrence --param detection=0.3 --param delay=2 --chart deterrence.svg",
        "pausenet game matrix --from game.nfg",
    ),
)
def ask(
    name: Annotated[str, typer.Argument(hidden=True)],
    param: Annotated[
        list[str] | None,
        typer.Option("--param", envvar="PAUSENET_PARAM", help="A parameter, such as gain=1/2."),
    ] = None,
    source: Annotated[
        Path | None,
        typer.Option("--from", envvar="PAUSENET_FROM", help="A game to ask about: .nfg or .efg."),
    ] = None,
    chart: Annotated[
        Path | None,
        typer.Option("--chart", envvar="PAUSENET_CHART", help="A new picture: .svg or .png."),
    ] = None,
    format: FormatOption = Format.TEXT,
) -> None:
    """Answer a model's question for the parameters given; the others keep their defaults.

    `pausenet game show` with the model's name lists its parameters.
    """
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
                "bounds": each.bounds,
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
