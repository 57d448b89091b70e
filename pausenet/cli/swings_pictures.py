"""What a picture of the assumptions that matter shows: put together here, drawn in `report`."""

from __future__ import annotations

from typing import Final

from pausenet.cli.kernel_words import kernel_false
from pausenet.report.drawing import Picture
from pausenet.report.source import source_of
from pausenet.report.swings_chart import Bar, draw_swings
from pausenet.report.tables import Cell, Table
from pausenet.scenario.plan import Scenario
from pausenet.simulator.outcome.kernel import KernelMeasured
from pausenet.simulator.outcome.swings import RUNS_MAX

_BARS_MAX: Final = 10


def draw_assumptions(
    scenario: Scenario, measured: KernelMeasured, swings: Table
) -> tuple[Picture, ...]:
    """The bars of the first evader's assumptions; no picture where none changes anything."""
    if not measured.evasions:
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
                f"(diamond), over the same seeds, n = {min(measured.runs, RUNS_MAX)} at each; "
                "dashes: as the scenario stands. False alarms: "
                f"{kernel_false(measured)}"
            ),
            source=source_of(scenario),
        ),
    )


def _or(cell: Cell, other: Cell) -> Cell:
    """A cell, or another where the model refuses that end."""
    return other if cell == "" else cell
