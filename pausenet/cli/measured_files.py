"""The files of a measurement: its tables, one summary, and what made them."""

from __future__ import annotations

import json
import math
from collections.abc import Mapping, Sequence
from typing import Final, TypeAlias

from pausenet.cli.cost_words import cost_table
from pausenet.cli.ending import CHARTS
from pausenet.cli.journal import Asked, Journal
from pausenet.cli.kernel_files import write_kernel_tables
from pausenet.cli.kernel_tables import Kernels, by_kernel
from pausenet.cli.measured_pictures import draw_measured
from pausenet.cli.measured_report import measured_report
from pausenet.cli.swings_pictures import draw_assumptions, draw_drawn
from pausenet.files.resolved import write_scenario
from pausenet.report.drawing import Picture
from pausenet.report.page import REPORT
from pausenet.report.source import source_of
from pausenet.report.tables import Cell, Table, parameters, write_parquet
from pausenet.results.columns import (
    COLUMNS,
    COSTS_CSV,
    DELAYS_CSV,
    INFLUENCES_CSV,
    KERNEL,
    REPLICATIONS,
    REPLICATIONS_CSV,
    RESPONSES_CSV,
    RESULTS_CSV,
    RESULTS_PARQUET,
    TYPES,
)
from pausenet.results.described import Kind, Maker, describe_run
from pausenet.scenario.plan import DAY_S, Scenario
from pausenet.simulator.outcome import (
    PARTY_COLUMNS,
    Curve,
    Evasion,
    Interval,
    Measured,
    Quantile,
    Rate,
    Replication,
    Share,
    Stopped,
    party_rows,
    run_row,
    write_line,
)
from pausenet.simulator.outcome.concluded import detected_first, response_rows
from pausenet.simulator.outcome.course import assumed
from pausenet.simulator.outcome.influences import influence_rows
from pausenet.statements.canonical import Json
from pausenet.statements.clauses import PPM

Value: TypeAlias = "dict[str, Value] | list[Value] | str | int | float | bool"

SCHEMA: Final = "pausenet/measurement/v1"
NOT_REACHED: Final = "not reached"
"""What stands for a time or an amount to which half of the runs do not come."""
_DIGITS: Final = 6


def kernels_of(scenario: Scenario, plan: Asked) -> tuple[Kernels, ...]:
    """What kernels say of the same scenario; none where the plan does not ask for them."""
    return (by_kernel(scenario, plan),) if plan.kernels else ()


def write_measurement(
    journal: Journal,
    scenario: Scenario,
    plan: Asked,
    measured: Measured,
    why: Stopped,
    kernels: tuple[Kernels, ...],
) -> dict[str, Value]:
    """Write all files, `run.json` last, and drop the journal; the summary."""
    directory, runs = journal.directory, journal.runs(measured.runs)
    tables = measured_tables(scenario, runs, measured)
    summary = summary_json(scenario, plan, measured, why)
    texts = {name: table.csv() for name, table in tables.items()}
    texts["scenario.yaml"] = write_scenario(scenario)
    texts[REPLICATIONS] = "".join(write_line(run) for run in runs)
    for name, text in texts.items():
        (directory / name).write_text(text, encoding="utf-8", newline="")
    fixed: dict[str, Cell] = {f"asked.{name}": value for name, value in plan.to_json().items()}
    write_parquet(
        directory / RESULTS_PARQUET,
        tables[RESULTS_CSV],
        parameters(scenario) | fixed,
        source_of(scenario),
        PARTY_COLUMNS,
    )
    text = json.dumps(summary, indent=2, sort_keys=True) + "\n"
    (directory / "summary.json").write_text(text, encoding="utf-8")
    for each in kernels:
        write_kernel_tables(directory / KERNEL, scenario, plan, each)
    pictures = pictures_of_runs(scenario, measured, kernels)
    for picture in pictures:
        picture.write(directory / CHARTS)
    report = measured_report(
        directory, scenario, plan, measured, why, tables=tables, pictures=pictures, kernels=kernels
    )
    (directory / REPORT).write_text(report, encoding="utf-8")
    described: dict[str, Json] = {"replications": measured.runs, "asked": {**plan.to_json()}}
    describe_run(
        directory, scenario, kind=Kind.MEASUREMENT, made_by=Maker.SIMULATOR, more=described
    )
    journal.close()
    return summary


def pictures_of_runs(
    scenario: Scenario, measured: Measured, kernels: tuple[Kernels, ...]
) -> tuple[Picture, ...]:
    """The pictures of any measurement, of what the drawn numbers move, and of the assumptions."""
    beside = [
        picture
        for each in kernels
        for picture in draw_assumptions(scenario, each.measured, each.swings, at=f"{KERNEL}/")
    ]
    return (*draw_measured(scenario, measured), *draw_drawn(scenario, measured), *beside)


def summary_json(
    scenario: Scenario, plan: Asked, measured: Measured, why: Stopped
) -> dict[str, Value]:
    """The measurement as numbers, and the meaning of every column; infinite is "not reached"."""
    followers = measured.followers
    return {
        "schema": SCHEMA,
        "scenario": plan.scenario,
        "scenario_digest": plan.scenario_digest,
        "version": plan.version,
        "seed_scheme": plan.seed_scheme,
        "asked": {
            "replications": plan.replications,
            "half_width": plan.half_width_ppm / PPM,
            "within_days": plan.goal_s / DAY_S,
        },
        "replications": measured.runs,
        "stopped": str(why),
        "looks": list(plan.rule.looks),
        "level_of_each_interval": _number(measured.level),
        "level_over_all_looks": plan.rule.level,
        "evasions": {str(each.party): _evasion(each) for each in measured.evasions},
        "labs_that_follow_the_rules": {
            "labs": followers.labs,
            "lab_years": _number(followers.suspected.exposure),
            "suspected_falsely": followers.suspected.count,
            "suspected_a_lab_year": _interval(
                _rate_of(followers.suspected), followers.suspected.interval
            ),
            "runs_with_a_false_finding": _share(followers.runs_with_any),
            "runs_with_a_false_proof": _share(followers.convicted),
            "findings_before_the_evasion": followers.early,
            "by_fault": {str(fault): count for fault, count in followers.faults},
        },
        "runs_with_a_broken_promise": measured.broken,
        "assumed": {name: str(figure) for name, figure in assumed(scenario.world).items()},
        "columns": {name: dict(columns) for name, columns in COLUMNS.items()},
    }


def _evasion(each: Evasion) -> dict[str, Value]:
    return {
        "found_within_goal": _share(each.within),
        "found_by_the_end": _share(each.by_end),
        "proven_by_the_end": _share(each.proven),
        "noticed_within_goal": _share(each.noticed),
        "noticed_delay_days_median": _quantile(each.noticed_delay.quantile(0.5)),
        "by_channel": {str(channel): count for channel, count in each.channels},
        "delay_days_median": _quantile(each.delay.quantile(0.5)),
        "delay_days_90_percent": _quantile(each.delay.quantile(0.9)),
        "watched_days": _number(each.delay.last),
        "by_fault": {str(fault): count for fault, count in each.faults},
        "gained_by_finding_flop_median": _median(each.gained_by_finding),
        "gained_by_response_flop_median": _median(each.gained_by_response),
        "lead_months_by_finding_median": _median(each.lead_by_finding),
        "lead_months_median": _median(each.lead_months),
    }


def _share(found: Share) -> dict[str, Value]:
    return {"count": found.count, "of": found.of, **_interval(found.value, found.interval)}


def _quantile(found: Quantile) -> dict[str, Value]:
    return _interval(found.value, found.interval)


def _median(found: tuple[Quantile, ...]) -> Value:
    return _quantile(found[0]) if found else "not counted"


def _interval(value: float, interval: Interval) -> dict[str, Value]:
    return {
        "value": _number(value),
        "low": _number(interval.low),
        "high": _number(interval.high),
    }


def _rate_of(found: Rate) -> float:
    return found.count / found.exposure if found.exposure else math.nan


def _number(value: float) -> Value:
    """A number to six digits, so that no last bit of a library shows; or why there is none."""
    if math.isnan(value):
        return "nothing watched"
    if math.isinf(value):
        return NOT_REACHED if value > 0 else "unbounded"
    return float(f"{value:.{_DIGITS}g}")


def measured_tables(
    scenario: Scenario, runs: Sequence[Replication], measured: Measured
) -> dict[str, Table]:
    """The tables by their files' names."""
    rows: dict[str, list[Mapping[str, Cell]]] = {
        REPLICATIONS_CSV: [run_row(scenario, run) for run in runs],
        RESULTS_CSV: [row for run in runs for row in party_rows(scenario, run)],
        DELAYS_CSV: _delay_rows(measured),
        RESPONSES_CSV: response_rows(
            (each.party, detected_first(scenario, runs, each.party)) for each in measured.evasions
        ),
        INFLUENCES_CSV: influence_rows(measured.influences),
    }
    made: dict[str, Table] = {
        name: Table(columns={each: TYPES[each] for each in COLUMNS[name]}, rows=found)
        for name, found in rows.items()
    }
    return {**made, COSTS_CSV: cost_table(scenario)}


def _delay_rows(measured: Measured) -> list[Mapping[str, Cell]]:
    curves: list[tuple[str, str, Curve]] = []
    for each in measured.evasions:
        curves.append((each.party, "finding", each.delay))
        curves.append((each.party, "detection", each.noticed_delay))
    return [
        {
            "party": party,
            "event": event,
            "day": round(step.time, _DIGITS),
            "at_risk": step.at_risk,
            "events": step.events,
            "without": round(step.survival, _DIGITS),
            "standard_error": round(math.sqrt(step.variance), _DIGITS),
            "low": round(step.interval.low, _DIGITS),
            "high": round(step.interval.high, _DIGITS),
        }
        for party, event, curve in curves
        for step in curve.steps
    ]
