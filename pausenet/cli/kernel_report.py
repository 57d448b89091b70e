"""The report of a measurement by kernels: its words, pictures and tables, put on one page."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from pausenet.cli.cost_words import SHOWN, cost_table
from pausenet.cli.journal import Asked
from pausenet.cli.kernel_tables import Kernels, kernel_tables
from pausenet.cli.kernel_words import KERNEL_ONLY, kernel_sentences, swing_sentences
from pausenet.cli.measured_words import chance_text, not_shown_sentence
from pausenet.cli.program import NAME
from pausenet.cli.reports import commands, file_digests, source_facts
from pausenet.files.amounts import write_span
from pausenet.files.resolved import write_scenario
from pausenet.report.drawing import Picture
from pausenet.report.page import Page, Said, shown
from pausenet.report.source import source_of
from pausenet.results.columns import (
    COSTS_CSV,
    DELAYS_CSV,
    RESPONSES_CSV,
    RESULTS_CSV,
    SWINGS_CSV,
)
from pausenet.scenario.plan import Scenario
from pausenet.simulator.outcome.course import assumed


def kernel_report(
    run: Path, scenario: Scenario, plan: Asked, kernels: Kernels, pictures: Sequence[Picture]
) -> str:
    """The page of a measurement by kernels, when all files that it names are there."""
    measured, swings = kernels.measured, kernels.swings
    tables = kernel_tables(scenario, measured)
    source = source_of(scenario)
    again = (
        f"{NAME} run scenario.yaml --fidelity kernel --replications {plan.replications} "
        f'--within "{write_span(plan.goal_s)}"'
    )
    said = [Said(name=name, texts=texts) for name, texts in kernel_sentences(scenario, measured)]
    if changes := swing_sentences(swings, measured.runs):
        said.append(Said(name="Changes", texts=changes))
    said.insert(2, Said(name="Not shown", texts=[f"{KERNEL_ONLY} {not_shown_sentence()}"]))
    page = Page(
        scenario=scenario.name,
        question=scenario.question,
        kicker=f"pausenet: {measured.runs} runs of {scenario.name} by kernels, "
        f"seed {scenario.seed}",
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
