"""The report of a measurement by kernels: its words, pictures and tables, put on one page."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Final

from pausenet.cli.cost_words import SHOWN, cost_table
from pausenet.cli.journal import Asked
from pausenet.cli.kernel_words import (
    KERNEL_ONLY,
    kernel_false,
    kernel_headline,
    kernel_sentences,
    swing_sentences,
)
from pausenet.cli.measured_words import chance_text, not_shown_sentence, share_words
from pausenet.cli.program import NAME
from pausenet.cli.reports import commands, file_digests, source_facts
from pausenet.files.amounts import write_span
from pausenet.files.resolved import write_scenario
from pausenet.report.drawing import Picture
from pausenet.report.measured_chart import Curve, draw_delays, draw_shares
from pausenet.report.measured_chart import Share as Drawn
from pausenet.report.page import Page, Said, shown
from pausenet.report.source import source_of
from pausenet.report.swings_chart import Bar, draw_swings
from pausenet.report.tables import Table
from pausenet.results.columns import (
    COSTS_CSV,
    DELAYS_CSV,
    RESPONSES_CSV,
    RESULTS_CSV,
    SWINGS_CSV,
)
from pausenet.scenario.plan import Scenario
from pausenet.simulator.outcome import Share
from pausenet.simulator.outcome.course import assumed
from pausenet.simulator.outcome.kernel import KernelEvasion, KernelMeasured
from pausenet.simulator.outcome.swings import RUNS_MAX

_BARS_MAX: Final = 10


def draw_kernel(scenario: Scenario, measured: KernelMeasured, swings: Table) -> tuple[Picture, ...]:
    """The pictures of a measurement by kernels."""
    source, title, false = source_of(scenario), kernel_headline(measured), kernel_false(measured)
    n, level = f"n = {measured.runs} by kernels", f"{chance_text(measured.level)} interval"
    goal = f"{measured.goal_days:g} days"
    shares = [
        *(_drawn(f"{each.party} noticed in {goal}", each.within) for each in measured.evasions),
        *(_drawn(f"{each.party} noticed by the end", each.by_end) for each in measured.evasions),
        *(
            _drawn(f"{each.party}, follows the rules", each.noticed, false=True)
            for each in measured.followers
        ),
    ]
    drawn = draw_shares(
        shares,
        title=f"How often: {title}",
        subtitle=f"Shares of runs, {n}; lines: exact {level}. False alarms: {false}",
        source=source,
    )
    if not measured.evasions:
        return (drawn,)
    delays = draw_delays(
        [_curve(measured, each) for each in measured.evasions],
        title=title,
        subtitle=(
            f"Share of runs with a finding or a lead, by days (Kaplan and Meier); {n}; band: "
            f"{level} at each day. False alarms: {false}"
        ),
        goal_days=measured.goal_days,
        last_day=max(measured.goal_days, *(each.curve.last for each in measured.evasions)),
        source=source,
    )
    return (delays, drawn, *_swings(scenario, measured, swings))


def _swings(scenario: Scenario, measured: KernelMeasured, swings: Table) -> tuple[Picture, ...]:
    """The bars of the first evader's assumptions; no picture where none changes anything."""
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


def _or(cell: str | int | float, other: str | int | float) -> str | int | float:
    """A cell, or another where the model refuses that end."""
    return other if cell == "" else cell


def _curve(measured: KernelMeasured, each: KernelEvasion) -> Curve:
    steps = each.curve.steps
    return Curve(
        party=str(each.party),
        words=f"{chance_text(each.within.value)} in {measured.goal_days:g} days",
        days=[0.0, *(round(step.time, 3) for step in steps)],
        found=[0.0, *(round(1 - step.survival, 6) for step in steps)],
        low=[0.0, *(round(1 - step.interval.high, 6) for step in steps)],
        high=[0.0, *(round(1 - step.interval.low, 6) for step in steps)],
    )


def _drawn(name: str, found: Share, *, false: bool = False) -> Drawn:
    return Drawn(
        name=name,
        value=round(found.value, 6),
        low=round(found.interval.low, 6),
        high=round(found.interval.high, 6),
        words=share_words(found),
        false=false,
    )


def kernel_report(
    run: Path,
    scenario: Scenario,
    plan: Asked,
    measured: KernelMeasured,
    *,
    tables: Mapping[str, Table],
    swings: Table,
    pictures: Sequence[Picture],
) -> str:
    """The page of a measurement by kernels, when all files that it names are there."""
    source = source_of(scenario)
    again = (
        f"{NAME} run scenario.yaml --fidelity kernel --replications {plan.replications} "
        f'--within "{write_span(plan.goal_s)}"'
    )
    said = [Said(name=name, texts=texts) for name, texts in kernel_sentences(scenario, measured)]
    if changes := swing_sentences(swings):
        said.append(Said(name="Changes", texts=changes))
    said.insert(2, Said(name="Not shown", texts=[f"{KERNEL_ONLY} {not_shown_sentence()}"]))
    page = Page(
        scenario=scenario.name,
        question=scenario.question,
        kicker=f"pausenet: {measured.runs} runs of {scenario.name} by kernels, first seed "
        f"{scenario.seed}",
        sentences=said,
        standings=(),
        pictures=pictures,
        grids=[
            shown("Every lab", tables[RESULTS_CSV], RESULTS_CSV),
            shown("What would change this conclusion", swings, SWINGS_CSV),
            shown("From the detection to the response", tables[RESPONSES_CSV], RESPONSES_CSV),
            shown("What verification and evading cost", cost_table(scenario), COSTS_CSV, SHOWN),
            shown("The curves of delays", tables[DELAYS_CSV], DELAYS_CSV),
        ],
        facts=[
            *source_facts(source),
            ("runs", f"{measured.runs} by kernels, without the protocol"),
            ("timeliness goal", f"{measured.goal_days:g} days"),
            ("level of each interval", chance_text(measured.level)),
            *((name, str(figure)) for name, figure in assumed(scenario.world).items()),
        ],
        commands=commands(again, repeatable=True),
        files=file_digests(run),
        scenario_text=write_scenario(scenario),
        source=source,
    )
    return page.html()
