"""The report of many runs: its words, pictures and tables, put on one page."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path

from pausenet.cli.cost_words import SHOWN
from pausenet.cli.journal import Asked
from pausenet.cli.kernel_tables import Kernels, kernel_tables
from pausenet.cli.kernel_words import kernel_beside
from pausenet.cli.measured_said import measured_sentences
from pausenet.cli.measured_words import chance_text
from pausenet.cli.program import NAME
from pausenet.cli.reports import commands, file_digests, source_facts
from pausenet.files.amounts import write_share, write_span
from pausenet.files.resolved import write_scenario
from pausenet.report.drawing import Picture
from pausenet.report.page import Grid, Page, Said, shown
from pausenet.report.source import source_of
from pausenet.report.tables import Cell, Table
from pausenet.results.columns import (
    COSTS_CSV,
    DELAYS_CSV,
    INFLUENCES_CSV,
    KERNEL,
    RESPONSES_CSV,
    RESULTS_CSV,
    SWINGS_CSV,
)
from pausenet.scenario.plan import Scenario
from pausenet.simulator.outcome import Measured, Share, Stopped
from pausenet.simulator.outcome.course import assumed

_COLUMNS = (
    *("replication", "seed", "party", "evades", "found", "fault", "delay_days", "proven"),
    *("gained_by_finding_flop", "gained_by_response_flop"),
)
"""The columns of `results.csv` that a page has room for."""
_INFLUENCES = (
    *("party", "outcome", "parameter", "runs", "correlation", "low", "high", "third"),
    *("at_low", "at_high"),
)
"""The columns of `influences.csv` that a page has room for."""


def measured_report(
    run: Path,
    scenario: Scenario,
    plan: Asked,
    measured: Measured,
    why: Stopped,
    *,
    tables: Mapping[str, Table],
    pictures: Sequence[Picture],
    kernels: Sequence[Kernels],
) -> str:
    """A measurement's `report.html`, when all files that it names are there."""
    source = source_of(scenario)
    page = Page(
        scenario=scenario.name,
        question=scenario.question,
        kicker=f"pausenet: {measured.runs} runs of {scenario.name}, seed {scenario.seed}",
        sentences=[
            Said(name=name, texts=texts)
            for name, texts in measured_sentences(scenario, plan, measured, why)
        ]
        + [
            Said(name="Kernels", texts=kernel_beside(each.measured, each.swings))
            for each in kernels
        ],
        standings=(),
        pictures=pictures,
        grids=[
            _summary(measured),
            shown("Each party of each run", tables[RESULTS_CSV], RESULTS_CSV, _COLUMNS),
            *_influences(tables[INFLUENCES_CSV]),
            shown("From the detection to the response", tables[RESPONSES_CSV], RESPONSES_CSV),
            shown("What verification and evading cost", tables[COSTS_CSV], COSTS_CSV, SHOWN),
            shown("The curves of delays", tables[DELAYS_CSV], DELAYS_CSV),
            *(grid for each in kernels for grid in _by_kernels(scenario, each)),
        ],
        facts=[
            *source_facts(source),
            ("runs", f"{measured.runs} of at most {plan.replications}; {why}"),
            ("timeliness goal", f"{measured.goal_days:g} days"),
            ("level of each interval", chance_text(measured.level)),
            *((name, str(figure)) for name, figure in assumed(scenario.world).items()),
        ],
        commands=commands(_again(plan), repeatable=True),
        files=file_digests(run),
        scenario_text=write_scenario(scenario),
        source=source,
    )
    return page.html()


def _influences(table: Table) -> tuple[Grid, ...]:
    """What the drawn numbers move; nothing where nothing is ranked."""
    grid = shown("What the drawn numbers move", table, INFLUENCES_CSV, _INFLUENCES)
    return (grid,) if table.rows else ()


def _by_kernels(scenario: Scenario, kernels: Kernels) -> tuple[Grid, Grid]:
    """What kernels say of each lab, and each assumption alone over its range."""
    labs = kernel_tables(scenario, kernels.measured)[RESULTS_CSV]
    return (
        shown("By kernels", labs, f"{KERNEL}/{RESULTS_CSV}"),
        shown("What would change it, by kernels", kernels.swings, f"{KERNEL}/{SWINGS_CSV}"),
    )


def _again(plan: Asked) -> str:
    """The command beside the report; a report says nothing of how it was typed."""
    text = f"{NAME} run scenario.yaml --replications {plan.replications}"
    text += f' --within "{write_span(plan.goal_s)}"'
    if plan.kernels:
        text += " --fidelity both"
    if plan.half_width_ppm:
        text += f' --until-half-width "{write_share(plan.half_width_ppm)}"'
    return text


def _summary(measured: Measured) -> Grid:
    """Every share with its n and its interval; false ones beside the others."""
    rows: list[Sequence[Cell]] = []

    def take(name: str, found: Share) -> None:
        low, high = chance_text(found.interval.low), chance_text(found.interval.high)
        rows.append([name, found.count, found.of, chance_text(found.value), low, high])

    for each in measured.evasions:
        take(f"{each.party}: found within {measured.goal_days:g} days", each.within)
        take(f"{each.party}: found by the end", each.by_end)
        take(f"{each.party}: proven by its own signatures", each.proven)
    followers = measured.followers
    take("any party that follows the rules suspected falsely", followers.runs_with_any)
    take("any party that follows the rules 'proven' to break them", followers.convicted)
    level = chance_text(measured.level)
    return Grid(
        caption=f"Shares of runs, each with its interval at the level {level}",
        columns=["what", "runs", "n", "share", "from", "to"],
        rows=rows,
    )
