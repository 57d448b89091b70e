"""`pausenet game deter`: a measured run in place of a typed chance of detection."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from pausenet.cli.options import Format, FormatOption, examples

if TYPE_CHECKING:
    from pausenet.game.deterrence.measured import Curve, Detected, MeasuredRun
    from pausenet.simulator.outcome import EvaderOutcome, MeasuredOutcome

EXAMPLES = examples(
    "pausenet run e01-caught --replications 1000 --fidelity kernel --out RUN",
    "pausenet game deter --from RUN --chart deter.svg",
)


def deter(
    run: Annotated[
        Path,
        typer.Option("--from", envvar="PAUSENET_FROM", help="The directory of a measured run."),
    ],
    by: Annotated[
        str,
        typer.Option("--by", envvar="PAUSENET_BY", help="protocol or kernel, where both measured."),
    ] = "",
    chart: Annotated[
        Path | None,
        typer.Option("--chart", envvar="PAUSENET_CHART", help="A new picture: .svg or .png."),
    ] = None,
    format: FormatOption = Format.TEXT,
) -> None:
    """Say for which gains, penalties and discounts the pause of a measured run holds.

    Detection, delay and false alarms are the run's, with their intervals; none can be typed in.
    """
    import shlex

    from pausenet.cli.game_output import drawn, tables_of
    from pausenet.cli.output import print_json
    from pausenet.cli.tabulated import tabulated
    from pausenet.game.deterrence.measured import deterred

    measured = measured_in(run, by)
    answer = deterred(measured)
    if chart is not None:
        drawn(answer, "deter", f"run {measured.name}, {measured.runs} runs", chart)
    if format is Format.JSON:
        print_json(
            {
                "game": "deter",
                "run": measured.name,
                "runs": measured.runs,
                "level": measured.level,
                "finding": answer.sentence,
                "hand_check": answer.hand_check,
                "not_shown": answer.not_shown,
                "tables": tables_of(answer),
            }
        )
        return
    for table in answer.tables:
        typer.echo(tabulated(table))
    typer.echo(f"Finding: {answer.sentence}")
    if answer.hand_check:
        typer.echo(f"Hand check: {answer.hand_check}")
    typer.echo(f"Not shown: {answer.not_shown}")
    if chart is not None:
        typer.echo(f"Chart: {chart}")
    chosen = ["--by", by] if by else []
    typer.echo(f"Repeat: {shlex.join(['pausenet', 'game', 'deter', '--from', str(run), *chosen])}")


def measured_in(run: Path, by: str = "") -> MeasuredRun:
    """What a run's directory measured, as games take it. Raises `MalformedFile`, `Misuse`."""
    from pausenet.errors import Misuse
    from pausenet.results import Fidelity, outcome

    if by not in ("", *Fidelity):
        raise Misuse(f"--by: expected protocol or kernel, found {by!r:.80}")
    return as_game(outcome(run, Fidelity(by) if by else None))


def as_game(found: MeasuredOutcome) -> MeasuredRun:
    """The numbers of an outcome that a game needs, each with its interval."""
    from pausenet.game.answer import Infeasible
    from pausenet.game.deterrence.measured import Limits, MeasuredRun

    alarms = found.false_alarms
    return MeasuredRun(
        name=found.scenario.name,
        runs=found.runs,
        level=found.level,
        evasions=tuple(_detected(each) for each in found.evaders),
        false_alarms=Infeasible("nobody keeps the rules here")
        if alarms.exposure == 0.0
        else Limits(
            low=alarms.interval.low,
            middle=alarms.count / alarms.exposure,
            high=alarms.interval.high,
        ),
    )


def _detected(evader: EvaderOutcome) -> Detected:
    from pausenet.game.deterrence.measured import Detected

    return Detected(
        party=str(evader.party),
        kinds=evader.kinds,
        curve=_curve(evader),
        response_days=evader.response_days if evader.to_response else 0.0,
    )


def _curve(evader: EvaderOutcome) -> Curve:
    """The chance of a detection by each day, with its limits.

    The lower limit is Clopper and Pearson's of the count so far, which takes a run that was cut
    short for one without a detection. That would lower the upper limit, which therefore is Kaplan
    and Meier's where that is higher. Where nothing was detected, the upper limit of none of so many
    stands at the very beginning: detection might come at once.
    """
    from pausenet.game.deterrence.measured import Limits
    from pausenet.simulator.outcome import share

    curve = evader.delay
    if not curve.steps:
        return (
            (0.0, Limits(low=0.0, middle=0.0, high=share(0, curve.of, curve.level).interval.high)),
        )
    made, events = [], 0
    for step in curve.steps:
        events += step.events
        counted = share(events, curve.of, curve.level).interval
        middle = min(1.0, max(0.0, 1.0 - step.survival))
        made.append(
            (
                step.time,
                Limits(
                    low=min(middle, counted.low),
                    middle=middle,
                    high=min(1.0, max(middle, 1.0 - step.interval.low, counted.high)),
                ),
            )
        )
    return tuple(made)
