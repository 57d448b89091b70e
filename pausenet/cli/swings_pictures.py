"""What the pictures of what matters most show: put together here, drawn in `pausenet.report`.

By kernels each assumption is varied alone over its range; of replications it is what each drawn
number did to the outcome.
"""

from __future__ import annotations

from typing import Final

from pausenet.cli.influence_words import moved_text, part_text
from pausenet.cli.kernel_words import kernel_false
from pausenet.cli.measured_words import chance_text, false_alarm_words, runs_text
from pausenet.report.drawing import Picture
from pausenet.report.influences_chart import Pull, draw_influences
from pausenet.report.source import source_of
from pausenet.report.swings_chart import Bar, draw_swings
from pausenet.report.tables import Cell, Table
from pausenet.results.columns import SWINGS_CSV
from pausenet.scenario.plan import Scenario
from pausenet.simulator.outcome import Measured
from pausenet.simulator.outcome.influences import RUNS_MIN, Influence, Influences, Outcome
from pausenet.simulator.outcome.kernel import KernelMeasured
from pausenet.simulator.outcome.swings import RUNS_MAX

_BARS_MAX: Final = 10
_ENDS: Final = {
    Outcome.DETECTION: ("the larger, the sooner", "the larger, the later"),
    Outcome.LEAD: ("the larger, the less lead", "the larger, the more"),
}


def draw_assumptions(
    scenario: Scenario, measured: KernelMeasured, swings: Table, at: str = ""
) -> tuple[Picture, ...]:
    """The bars of the first evader's assumptions; no picture where none changes anything.

    `at` is the directory of the table beside the report, with a slash.
    """
    if not measured.evasions or measured.runs < RUNS_MIN:
        return ()
    first = measured.evasions[0]
    rows = [row for row in swings.rows if row["party"] == first.party and float(row["swing"]) > 0]
    if not rows:
        return ()
    most = rows[0]
    return (
        draw_swings(
            [
                Bar(
                    name=str(row["parameter"]),
                    at_low=float(_or(row["share_at_low"], row["share"])),
                    at_high=float(_or(row["share_at_high"], row["share"])),
                    words=f"{row['low']:g} to {row['high']:g} {row['unit']}".removesuffix(" 1"),
                )
                for row in rows[:_BARS_MAX]
            ],
            float(most["share"]),
            title=(
                f"What would change this conclusion about {first.party}: "
                f"{most['parameter']} most of all"
            ),
            subtitle=(
                "Each assumption alone from the lower end of its range (ring) to the upper "
                f"(diamond), over the same seeds, by kernels, n = {min(measured.runs, RUNS_MAX)} "
                "at each; dashes: as the scenario stands. False alarms: "
                f"{kernel_false(measured)}"
            ),
            source=source_of(scenario),
            numbers=f"{at}{SWINGS_CSV}",
        ),
    )


def _or(cell: Cell, other: Cell) -> Cell:
    """A cell, or another where the model refuses that end."""
    return other if cell == "" else cell


def draw_drawn(scenario: Scenario, measured: Measured) -> tuple[Picture, ...]:
    """The bars of what moves the first evader's outcomes; none where nothing is ranked."""
    return tuple(
        _drawn(scenario, measured, told)
        for told in measured.influences
        if told.found and told.party == measured.evasions[0].party
    )


def _drawn(scenario: Scenario, measured: Measured, told: Influences) -> Picture:
    what, first = moved_text(told.outcome, told.party), told.found[0]
    title = f"{what[0].upper()}{what[1:]} hangs most on {first.name}"
    if not told.seen:
        title = f"No drawn number is told apart from chance in {what}"
    elif not told.leads:
        title = f"{what[0].upper()}{what[1:]} hangs on {first.name}"
        title += "; which number matters most is not certain"
    unit = "median months of lead"
    if told.outcome is Outcome.DETECTION:
        unit = f"detected within {measured.goal_days:g} days"
    return draw_influences(
        [_pull(each) for each in told.found[:_BARS_MAX]],
        name="influences" if told.outcome is Outcome.DETECTION else f"influences-{told.outcome}",
        ends=_ENDS[told.outcome],
        title=title,
        subtitle=(
            f"Each number that is drawn anew for each run: Spearman's rank correlation, n = "
            f"{runs_text(told.runs)}; lines: limits, all together {chance_text(told.level)}; grey: "
            f"not told apart from chance. Right: {unit}, in the third of the runs with its "
            f"lowest draws and in that with its highest. {false_alarm_words(measured)}"
        ),
        source=source_of(scenario),
    )


def _pull(each: Influence) -> Pull:
    return Pull(
        name=each.name,
        value=round(each.correlation, 6),
        low=round(each.interval.low, 6),
        high=round(each.interval.high, 6),
        words=f"{part_text(each.at_low)} where low, {part_text(each.at_high)} where high",
        seen=each.seen,
    )
