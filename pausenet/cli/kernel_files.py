"""The files of a measurement by kernels: two tables, a summary, and a report when it is alone."""

from __future__ import annotations

import json
import math
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Final

from pausenet.cli.ending import CHARTS
from pausenet.cli.journal import Asked
from pausenet.cli.kernel_report import kernel_report
from pausenet.cli.measured_pictures import draw_kernel
from pausenet.cli.reports import write_costs
from pausenet.cli.swings_pictures import draw_assumptions
from pausenet.files.resolved import write_scenario
from pausenet.report.drawing import Picture
from pausenet.report.page import REPORT
from pausenet.report.source import source_of
from pausenet.report.tables import Cell, Table, parameters, write_parquet
from pausenet.results.columns import (
    DELAYS_CSV,
    OF_KERNELS,
    RESPONSES_CSV,
    RESULTS_CSV,
    RESULTS_PARQUET,
    SWINGS_CSV,
    TYPES,
)
from pausenet.results.described import Kind, Maker, describe_run
from pausenet.scenario.plan import DAY_S, Scenario
from pausenet.simulator.outcome import Quantile, Share
from pausenet.simulator.outcome.concluded import counted_responses, response_rows
from pausenet.simulator.outcome.course import assumed
from pausenet.simulator.outcome.kernel import KernelEvasion, KernelMeasured, measure_by_kernel
from pausenet.simulator.outcome.kernel_rows import KERNEL_COLUMNS, kernel_table_rows
from pausenet.simulator.outcome.swings import SWING_COLUMNS, swing_rows
from pausenet.statements.canonical import Json

SCHEMA: Final = "pausenet/kernel/v1"
SUMMARY: Final = "summary.json"
_DIGITS: Final = 6


def measured_by_kernel(scenario: Scenario, plan: Asked) -> KernelMeasured:
    """What kernels measure for this plan; raises `Misuse` for a scenario that they do not know."""
    return measure_by_kernel(scenario, plan.replications, goal_days=plan.goal_s / DAY_S)


def write_kernel_run(
    run: Path, scenario: Scenario, plan: Asked, measured: KernelMeasured, swings: Table
) -> dict[str, Json]:
    """Write the directory of a measurement by kernels alone, `run.json` last; the summary."""
    (run / "scenario.yaml").write_text(write_scenario(scenario), encoding="utf-8")
    write_costs(run, scenario)
    summary = write_kernel_tables(run, scenario, plan, measured)
    (run / SWINGS_CSV).write_text(swings.csv(), encoding="utf-8", newline="")
    pictures = pictures_of_kernels(scenario, measured, swings)
    for picture in pictures:
        picture.write(run / CHARTS)
    report = kernel_report(
        run,
        scenario,
        plan,
        measured,
        tables=kernel_tables(scenario, measured),
        swings=swings,
        pictures=pictures,
    )
    (run / REPORT).write_text(report, encoding="utf-8")
    described: dict[str, Json] = {"replications": measured.runs, "asked": {**plan.to_json()}}
    describe_run(run, scenario, kind=Kind.KERNEL, made_by=Maker.SIMULATOR, more=described)
    return summary


def pictures_of_kernels(
    scenario: Scenario, measured: KernelMeasured, swings: Table
) -> tuple[Picture, ...]:
    """The pictures of any measurement, and that of the assumptions."""
    return (*draw_kernel(scenario, measured), *draw_assumptions(scenario, measured, swings))


def write_kernel_tables(
    directory: Path, scenario: Scenario, plan: Asked, measured: KernelMeasured
) -> dict[str, Json]:
    """Write the kernels' tables and summary into a directory; the summary."""
    directory.mkdir(exist_ok=True)
    tables = kernel_tables(scenario, measured)
    for name, table in tables.items():
        (directory / name).write_text(table.csv(), encoding="utf-8", newline="")
    fixed: dict[str, Cell] = {f"asked.{name}": value for name, value in plan.to_json().items()}
    write_parquet(
        directory / RESULTS_PARQUET,
        tables[RESULTS_CSV],
        parameters(scenario) | fixed,
        source_of(scenario),
        KERNEL_COLUMNS,
    )
    summary = kernel_json(scenario, measured)
    text = json.dumps(summary, indent=2, sort_keys=True) + "\n"
    (directory / SUMMARY).write_text(text, encoding="utf-8")
    return summary


def kernel_tables(scenario: Scenario, measured: KernelMeasured) -> dict[str, Table]:
    """The tables by their files' names."""
    rows: dict[str, Sequence[Mapping[str, Cell]]] = {
        RESULTS_CSV: kernel_table_rows(scenario, measured),
        RESPONSES_CSV: response_rows(
            (each.party, counted_responses(scenario, each.first)) for each in measured.evasions
        ),
        DELAYS_CSV: [row for each in measured.evasions for row in _steps(each)],
    }
    return {
        name: Table(columns={each: TYPES[each] for each in OF_KERNELS[name]}, rows=found)
        for name, found in rows.items()
    }


def swing_table(scenario: Scenario, plan: Asked) -> Table:
    """What would change the conclusion: each assumption alone, at the ends of its range."""
    return Table(
        columns={name: TYPES[name] for name in SWING_COLUMNS},
        rows=swing_rows(scenario, runs=plan.replications, goal_days=plan.goal_s / DAY_S),
    )


def kernel_json(scenario: Scenario, measured: KernelMeasured) -> dict[str, Json]:
    """The summary, and `--format json`; what is not reached is the text "not reached"."""
    return {
        "schema": SCHEMA,
        "scenario": scenario.name,
        "seed": str(scenario.seed),
        "fidelity": "kernel",
        "runs": measured.runs,
        "goal_days": str(measured.goal_days),
        "evasions": [_evasion_json(each) for each in measured.evasions],
        "labs_that_follow_the_rules": measured.labs,
        "false_alarms": measured.false.count,
        "lab_years": _number(measured.false.exposure),
        "assumed": {name: str(figure) for name, figure in assumed(scenario.world).items()},
    }


def _evasion_json(each: KernelEvasion) -> Json:
    return {
        "party": str(each.party),
        "within_goal": _share(each.within),
        "by_the_end": _share(each.by_end),
        "delay_days_median": _quantile(each.delay_days),
        "first": dict(each.first),
        "gained_by_detection_flop_median": [_quantile(one) for one in each.gained_by_detection],
        "gained_by_response_flop_median": [_quantile(one) for one in each.gained_by_response],
        "lead_months_by_detection_median": [_quantile(one) for one in each.lead_by_detection],
        "lead_months_median": [_quantile(one) for one in each.lead_months],
    }


def _share(found: Share) -> Json:
    return {
        "count": found.count,
        "of": found.of,
        "low": _number(found.interval.low),
        "high": _number(found.interval.high),
    }


def _quantile(found: Quantile) -> Json:
    return {
        "value": _number(found.value),
        "low": _number(found.interval.low),
        "high": _number(found.interval.high),
    }


def _number(value: float) -> str:
    return "not reached" if math.isinf(value) else f"{value:.6g}"


def _steps(each: KernelEvasion) -> list[dict[str, Cell]]:
    return [
        {
            "party": each.party,
            "event": "detection",
            "day": round(step.time, _DIGITS),
            "at_risk": step.at_risk,
            "events": step.events,
            "without": round(step.survival, _DIGITS),
            "standard_error": round(math.sqrt(step.variance), _DIGITS),
            "low": round(step.interval.low, _DIGITS),
            "high": round(step.interval.high, _DIGITS),
        }
        for step in each.curve.steps
    ]
