"""`pausenet evasions` and `pausenet channels`: the book of both, with every number's standing."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Annotated, TypeVar

import typer

from pausenet.cli.options import Format, FormatOption, examples

if TYPE_CHECKING:
    from pausenet.inference.meters import Figure
    from pausenet.statements.canonical import Json

evasions_app = typer.Typer(help="The evasions of the book, E01 to E23.", no_args_is_help=True)
channels_app = typer.Typer(
    help="What watches labs from outside the protocol.", no_args_is_help=True
)
Kind = TypeVar("Kind")
KindArgument = Annotated[str, typer.Argument(help="Its name, as the list has it.")]


@evasions_app.command("list", epilog=examples("pausenet evasions list"))
def list_evasions(format: FormatOption = Format.TEXT) -> None:
    """Name every evasion, what it does, and what should see it."""
    from pausenet.cli.output import print_json
    from pausenet.simulator.adversary.evasions import EVASIONS

    for kind in sorted(EVASIONS):
        model = EVASIONS[kind]
        seen = [*map(str, model.faults), *map(str, model.seen_by)]
        if format is Format.JSON:
            print_json(
                {"kind": str(kind), "title": model.title, "does": model.does, "seen_by": [*seen]}
            )
        else:
            typer.echo(f"{kind}  {model.title}: {model.does}; seen by {', '.join(seen)}")


@evasions_app.command("show", epilog=examples("pausenet evasions show E06"))
def show_evasion(kind: KindArgument, format: FormatOption = Format.TEXT) -> None:
    """Print an evasion's settings for `with`, each with its range and what it rests on."""
    from pausenet.simulator.adversary.evasions import EVASIONS, evasion

    model = evasion(_word(kind, {str(each): each for each in EVASIONS}, "evasion"))
    seen = [*map(str, model.faults), *map(str, model.seen_by)]
    head = {"kind": str(model.kind), "title": model.title, "does": model.does}
    _show(head, {"seen by": seen}, model.parameters, format)


@evasions_app.command(
    "adapt",
    epilog=examples(
        "pausenet evasions adapt e06-caught --kind E06",
        'pausenet evasions adapt e06-caught --kind E06 --bears "5 %" --within "30 days"',
        "pausenet evasions adapt budget-for-a-hall --kind E01 --kind E06",
    ),
)
def adapt(
    scenario: Annotated[str, typer.Argument(help="A scenario with an evasion of this kind.")],
    kind: Annotated[
        list[str],
        typer.Option("--kind", envvar="PAUSENET_KIND", help="E01 to E23; of several it takes one."),
    ],
    bears: Annotated[
        str, typer.Option("--bears", envvar="PAUSENET_BEARS", help="Risk that the evader bears.")
    ] = "10 %",
    within: Annotated[
        str,
        typer.Option(
            "--within",
            envvar="PAUSENET_WITHIN",
            help="The timeliness goal; at most as long as is watched.",
        ),
    ] = "90 days",
    trials: Annotated[
        int, typer.Option("--trials", envvar="PAUSENET_TRIALS", min=20, help="Runs a choice.")
    ] = 400,
    runs: Annotated[
        int, typer.Option("--runs", envvar="PAUSENET_RUNS", min=100, help="Runs of the answer.")
    ] = 20_000,
    format: FormatOption = Format.TEXT,
) -> None:
    """Let an evader that knows the verification plan choose its parameters, and measure that.

    It searches on seeds of its own and takes what gains most among choices that are noticed no
    oftener than it bears and cost no more than its budget. With several kinds it does one of them
    in the place of what the scenario plans. The answer is measured on other seeds. Kernels do
    it, in seconds for each kind.
    """
    from pausenet.cli.adapting import adapted_answer
    from pausenet.scenario.evasions import EvasionKind

    book = {str(each): each for each in EvasionKind}
    typer.echo(
        adapted_answer(
            named=scenario,
            kinds=[_word(each, book, "evasion") for each in kind],
            bears=bears,
            within=within,
            trials=trials,
            runs=runs,
            format=format,
        ),
        nl=False,
    )


@channels_app.command("list", epilog=examples("pausenet channels list"))
def list_channels(format: FormatOption = Format.TEXT) -> None:
    """Name every channel, what it senses, and what it cannot see."""
    from pausenet.cli.output import print_json
    from pausenet.simulator.channels import CHANNELS

    for kind in sorted(CHANNELS):
        model = CHANNELS[kind]
        if format is Format.JSON:
            print_json(
                {
                    "kind": str(kind),
                    "title": model.title,
                    "senses": str(model.senses),
                    "cannot_see": model.cannot_see,
                }
            )
        else:
            typer.echo(
                f"{kind}  {model.title}: senses {model.senses}; cannot see {model.cannot_see}"
            )


@channels_app.command("show", epilog=examples("pausenet channels show satellite"))
def show_channel(kind: KindArgument, format: FormatOption = Format.TEXT) -> None:
    """Print a channel's settings for `with`, each with its range and what it rests on."""
    from pausenet.simulator.channels import CHANNELS, channel
    from pausenet.simulator.traces import UNITS

    model = channel(_word(kind, {str(each): each for each in CHANNELS}, "channel"))
    head = {"kind": str(model.kind), "title": model.title, "does": f"senses {model.senses}"}
    more: dict[str, str | list[str]] = {
        "counted in": UNITS[model.senses],
        "controlled by": sorted(model.controls),
        "cannot see": model.cannot_see,
    }
    _show(head, more, model.parameters, format)


def _show(
    head: Mapping[str, str],
    more: Mapping[str, str | list[str]],
    parameters: Mapping[str, Figure],
    format: Format,
) -> None:
    from pausenet.cli.output import print_json

    if format is Format.JSON:
        settings: list[Json] = [
            {
                "name": name,
                "unit": each.unit,
                "value": f"{each.value:g}",
                "low": f"{each.low:g}",
                "high": f"{each.high:g}",
                "standing": str(each.standing),
                "basis": each.basis,
            }
            for name, each in parameters.items()
        ]
        print_json(
            {
                **head,
                **{name.replace(" ", "_"): said for name, said in more.items()},
                "settings": settings,
            }
        )
        return
    typer.echo(f"{head['kind']}: {head['title']}")
    typer.echo(f"  {head['does']}")
    for name, said in more.items():
        typer.echo(f"  {name}: {said if isinstance(said, str) else ', '.join(said)}")
    for name, figure in parameters.items():
        typer.echo(f"  with {name}: {figure}")


def _word(named: str, known: Mapping[str, Kind], what: str) -> Kind:
    from pausenet.errors import Misuse
    from pausenet.files.located import suggestion

    if named not in known:
        near = suggestion(named, sorted(known)) or f": `pausenet {what}s list` names them all"
        raise Misuse(f"no {what} named {named!r:.80}{near}")
    return known[named]
