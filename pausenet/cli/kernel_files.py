"""The files of a measurement by kernels: tables, a summary, and a report when it is alone."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Final

from pausenet.cli.ending import CHARTS
from pausenet.cli.journal import Asked
from pausenet.cli.kernel_report import kernel_report
from pausenet.cli.kernel_tables import Kernels, kernel_json, kernel_tables
from pausenet.cli.measured_pictures import draw_kernel
from pausenet.cli.reports import write_costs
from pausenet.cli.swings_pictures import draw_assumptions
from pausenet.files.resolved import write_scenario
from pausenet.report.drawing import Picture
from pausenet.report.page import REPORT
from pausenet.report.source import source_of
from pausenet.report.tables import Cell, parameters, write_parquet
from pausenet.results.columns import RESULTS_CSV, RESULTS_PARQUET, SWINGS_CSV
from pausenet.results.described import Kind, Maker, describe_run
from pausenet.scenario.plan import Scenario
from pausenet.simulator.outcome.kernel_rows import KERNEL_COLUMNS
from pausenet.statements.canonical import Json

SUMMARY: Final = "summary.json"


def write_kernel_run(
    run: Path, scenario: Scenario, plan: Asked, kernels: Kernels
) -> dict[str, Json]:
    """Write the directory of a measurement by kernels alone, `run.json` last; the summary."""
    (run / "scenario.yaml").write_text(write_scenario(scenario), encoding="utf-8")
    write_costs(run, scenario)
    summary = write_kernel_tables(run, scenario, plan, kernels)
    pictures = pictures_of_kernels(scenario, kernels)
    for picture in pictures:
        picture.write(run / CHARTS)
    report = kernel_report(run, scenario, plan, kernels, pictures)
    (run / REPORT).write_text(report, encoding="utf-8")
    described: dict[str, Json] = {
        "replications": kernels.measured.runs,
        "asked": {**plan.to_json()},
    }
    describe_run(run, scenario, kind=Kind.KERNEL, made_by=Maker.SIMULATOR, more=described)
    return summary


def pictures_of_kernels(scenario: Scenario, kernels: Kernels) -> tuple[Picture, ...]:
    """The pictures of any measurement, and that of the assumptions."""
    return (
        *draw_kernel(scenario, kernels.measured),
        *draw_assumptions(scenario, kernels.measured, kernels.swings),
    )


def write_kernel_tables(
    directory: Path, scenario: Scenario, plan: Asked, kernels: Kernels
) -> dict[str, Json]:
    """Write the kernels' tables and summary into a directory; the summary."""
    directory.mkdir(exist_ok=True)
    tables = kernel_tables(scenario, kernels.measured)
    for name, table in {**tables, SWINGS_CSV: kernels.swings}.items():
        (directory / name).write_text(table.csv(), encoding="utf-8", newline="")
    fixed: dict[str, Cell] = {f"asked.{name}": value for name, value in plan.to_json().items()}
    write_parquet(
        directory / RESULTS_PARQUET,
        tables[RESULTS_CSV],
        parameters(scenario) | fixed,
        source_of(scenario),
        KERNEL_COLUMNS,
    )
    summary = kernel_json(scenario, kernels.measured)
    text = json.dumps(summary, indent=2, sort_keys=True) + "\n"
    (directory / SUMMARY).write_text(text, encoding="utf-8")
    return summary
