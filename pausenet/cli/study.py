"""`pausenet study`: questions of policy, answered by computations that anybody can repeat."""

from __future__ import annotations

import math
import re
import time
from pathlib import Path
from typing import Annotated

import typer

from pausenet.cli.options import Format, FormatOption, examples

app = typer.Typer(
    help="Compute the assertions on accountancy again; say how precise a meter must be.",
    no_args_is_help=True,
)


@app.command(
    epilog=examples("pausenet study accountancy", "pausenet study accountancy --format json")
)
def accountancy(format: FormatOption = Format.TEXT) -> None:
    """Compute again what the design document states on accountancy and evidence.

    One assertion after the other: what is stated, what comes out, by which function, from which
    source. Takes a few seconds; the same table stands in sims/results/accountancy.md.
    """
    from pausenet.cli.output import print_json
    from pausenet.study.accountancy import ASSERTIONS
    from pausenet.study.table import answered, text, to_json

    rows = answered(ASSERTIONS)
    if format is Format.JSON:
        for row in rows:
            print_json(to_json(row))
    else:
        typer.echo(text(rows), nl=False)


@app.command(
    epilog=examples(
        "pausenet study precision --fleet 500000 --days 30 --cap 1e24",
        "pausenet study precision --fleet 100000 --days 90 --cap 1e26 --chart precision.svg",
    )
)
def precision(
    fleet: Annotated[
        str,
        typer.Option("--fleet", envvar="PAUSENET_FLEET", help="H100 equivalents, such as 500,000."),
    ],
    days: Annotated[
        float, typer.Option("--days", envvar="PAUSENET_DAYS", help="Over which time it is closed.")
    ],
    cap: Annotated[
        float, typer.Option("--cap", envvar="PAUSENET_CAP", help="FLOP to be found, such as 1e24.")
    ],
    alpha: Annotated[
        float, typer.Option("--alpha", envvar="PAUSENET_ALPHA", help="Chance of a false alarm.")
    ] = 0.05,
    beta: Annotated[
        float, typer.Option("--beta", envvar="PAUSENET_BETA", help="Chance to miss the quantity.")
    ] = 0.05,
    utilisation: Annotated[
        float | None,
        typer.Option(
            "--utilisation", envvar="PAUSENET_UTILISATION", help="Useful share of the peak."
        ),
    ] = None,
    chart: Annotated[
        Path | None, typer.Option("--chart", envvar="PAUSENET_CHART", help="A new SVG file.")
    ] = None,
) -> None:
    """Say how precise the balance of a whole fleet must be, and which meters are fine enough.

    In words, and with --chart as a picture. Every number says what it rests on.
    """
    from pausenet.errors import Misuse
    from pausenet.inference.meters import MFU_OF_THE_EXAMPLE
    from pausenet.study.precision import Question, lines
    from pausenet.study.precision_chart import chart as drawn

    h100e = _fleet(fleet)
    question = Question(
        h100e=h100e,
        days=days,
        cap_flop=cap,
        alpha=alpha,
        beta=beta,
        utilisation=MFU_OF_THE_EXAMPLE.value if utilisation is None else utilisation,
    )
    repeat = _repeat(h100e, days, cap, alpha, beta, utilisation)
    if chart is not None:
        try:
            with chart.open("x", encoding="utf-8") as file:
                file.write(drawn(question, repeat=repeat))
        except FileExistsError as error:
            raise Misuse(f"{chart}: is there already") from error
    for line in lines(question):
        typer.echo(line)
    typer.echo(f"Repeat: {repeat}")
    if chart is not None:
        typer.echo(f"Chart: {chart}")


@app.command(
    epilog=examples(
        "pausenet study evasions --replications 10 --jobs 2",
        "pausenet study evasions --replications 2 --runs 2000 --out evasions.csv",
    )
)
def evasions(
    replications: Annotated[
        int,
        typer.Option(
            "--replications", envvar="PAUSENET_REPLICATIONS", min=0, help="Runs of the protocol."
        ),
    ] = 10,
    runs: Annotated[
        int, typer.Option("--runs", envvar="PAUSENET_RUNS", min=1, help="Runs of the kernels.")
    ] = 20_000,
    jobs: Annotated[
        int, typer.Option("--jobs", envvar="PAUSENET_JOBS", min=1, help="Processes.")
    ] = 1,
    out: Annotated[
        Path | None, typer.Option("--out", envvar="PAUSENET_OUT", help="A new CSV file.")
    ] = None,
) -> None:
    """Measure every evasion where it succeeds and where it is caught, in one table.

    With 10 replications it takes a quarter of an hour on two processors; the table stands in
    sims/results/evasions.md.
    """
    from pausenet.errors import Misuse
    from pausenet.study.evasions import comma_separated, page, rows
    from pausenet.study.held_out import held_out, in_sample, lines

    if out is not None and out.exists():
        raise Misuse(f"{out}: is there already")
    begun = time.monotonic()
    found = rows(
        replications=replications,
        runs=runs,
        jobs=jobs,
        told=lambda name, done, of: typer.echo(_measuring(name, done, of, begun), err=True),
    )
    repeat = f"pausenet study evasions --replications {replications} --runs {runs}"
    below = lines(held_out(replications=replications, runs=runs, jobs=jobs), in_sample(runs=runs))
    typer.echo(page(found, repeat, below), nl=False)
    if out is not None:
        out.write_text(comma_separated(found), encoding="utf-8")


@app.command(
    epilog=examples(
        "pausenet study channels e06-caught",
        'pausenet study channels e05-caught --runs 2000 --within "60 days" --out sets.csv',
        "pausenet study channels e07-caught --setting people",
    )
)
def channels(
    scenario: Annotated[str, typer.Argument(help="A scenario with an evasion of the book.")],
    setting: Annotated[
        str,
        typer.Option(
            "--setting", envvar="PAUSENET_SETTING", help="The amount to vary; default: the first."
        ),
    ] = "",
    runs: Annotated[
        int, typer.Option("--runs", envvar="PAUSENET_RUNS", min=1, help="Runs of the kernels.")
    ] = 5_000,
    within: Annotated[
        str, typer.Option("--within", envvar="PAUSENET_WITHIN", help="The timeliness goal.")
    ] = "90 days",
    out: Annotated[
        Path | None, typer.Option("--out", envvar="PAUSENET_OUT", help="A new CSV file.")
    ] = None,
) -> None:
    """Measure an evasion by amount and by set of channels: detection, false alarms, costs.

    The sets are all channels of the scenario, each left out, each alone, and none.
    """
    from pausenet.cli.live_run import load_scenario
    from pausenet.cli.program import command
    from pausenet.errors import Misuse
    from pausenet.files.amounts import span_s
    from pausenet.scenario.plan import DAY_S
    from pausenet.simulator.outcome import watched_days
    from pausenet.study.channel_sets import cross, page

    if out is not None and out.exists():
        raise Misuse(f"{out}: is there already")
    told = load_scenario(scenario, None)
    try:
        goal_days = min(span_s(within) / DAY_S, watched_days(told))
    except ValueError as error:
        raise Misuse(f"--within: {error}") from error
    crossed = cross(told, setting=setting, runs=runs, goal_days=goal_days)
    words: list[object] = ["study", "channels", scenario, "--setting", crossed.setting]
    repeat = command(*words, "--runs", runs, "--within", within)
    typer.echo(page(crossed, repeat), nl=False)
    if out is not None:
        out.write_text(crossed.comma_separated(), encoding="utf-8")


def _measuring(name: str, done: int, of: int, begun: float) -> str:
    """What goes on, and about how long the rest takes at the pace so far."""
    left_s = (time.monotonic() - begun) / done * (of - done) if done else 0.0
    left = f", about {math.ceil(left_s / 60)} min left" if left_s else ""
    return f"measuring {name}, {done + 1} of {of}{left}"


def _fleet(text: str) -> float:
    """A fleet as people and this program write it: 500000, 5e5, 500,000 or 500_000."""
    from pausenet.errors import Misuse

    grouped = re.fullmatch(r"\d{1,3}(?:,\d{3})+|\d{1,3}(?:_\d{3})+", text, re.ASCII)
    plain = re.fullmatch(r"\d{1,15}(?:\.\d{1,9})?(?:[eE]\+?\d{1,2})?", text, re.ASCII)
    if not (grouped or plain):
        raise Misuse(f"--fleet: expected a number such as 500,000, found {text!r:.80}")
    return float(text.replace(",", "").replace("_", ""))


def _repeat(
    fleet: float, days: float, cap: float, alpha: float, beta: float, utilisation: float | None
) -> str:
    """The command that gives the same answer, without what is the default."""
    words = [f"pausenet study precision --fleet {fleet:.12g} --days {days:.12g}"]
    words.append(f"--cap {cap:.12g}".replace("e+", "e"))
    words += [f"--alpha {alpha:g}"] if alpha != 0.05 else []
    words += [f"--beta {beta:g}"] if beta != 0.05 else []
    words += [f"--utilisation {utilisation:g}"] if utilisation is not None else []
    return " ".join(words)
