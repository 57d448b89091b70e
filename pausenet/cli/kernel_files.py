"""The files of a measurement by kernels: two tables, a summary, and a report when it is alone."""

from __future__ import annotations

import json
import math
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Final

from pausenet.cli.ending import CHARTS
from pausenet.cli.journal import Asked
from pausenet.cli.kernel_words import KERNEL_ONLY, kernel_false, kernel_headline, kernel_sentences
from pausenet.cli.measured_words import chance_text, not_shown_sentence, share_words
from pausenet.cli.program import NAME
from pausenet.cli.reports import commands, file_digests, source_facts
from pausenet.files.amounts import write_span
from pausenet.files.resolved import write_scenario
from pausenet.report.drawing import Picture
from pausenet.report.measured_chart import Curve, draw_delays, draw_shares
from pausenet.report.measured_chart import Share as Drawn
from pausenet.report.page import REPORT, Page, Said, shown
from pausenet.report.source import source_of
from pausenet.report.tables import Cell, Table, parameters, write_parquet
from pausenet.results.columns import DELAYS_CSV, OF_KERNELS, RESULTS_CSV, RESULTS_PARQUET, TYPES
from pausenet.results.described import Kind, Maker, describe_run
from pausenet.scenario.plan import DAY_S, Scenario
from pausenet.simulator.outcome import Quantile, Share
from pausenet.simulator.outcome.course import assumed
from pausenet.simulator.outcome.kernel import KernelEvasion, KernelMeasured, measure_by_kernel
from pausenet.simulator.outcome.kernel_rows import KERNEL_COLUMNS, kernel_table_rows
from pausenet.statements.canonical import Json

SCHEMA: Final = "pausenet/kernel/v1"
SUMMARY: Final = "summary.json"
_DIGITS: Final = 6


def measured_by_kernel(scenario: Scenario, plan: Asked) -> KernelMeasured:
    """What kernels measure for this plan; raises `Misuse` for a scenario that they do not know."""
    return measure_by_kernel(scenario, plan.replications, goal_days=plan.goal_s / DAY_S)


def write_kernel_run(
    run: Path, scenario: Scenario, plan: Asked, measured: KernelMeasured
) -> dict[str, Json]:
    """Write the directory of a measurement by kernels alone, `run.json` last; the summary."""
    (run / "scenario.yaml").write_text(write_scenario(scenario), encoding="utf-8")
    summary = write_kernel_tables(run, scenario, plan, measured)
    pictures = _pictures(scenario, measured)
    for picture in pictures:
        picture.write(run / CHARTS)
    _write_report(run, scenario, plan, measured, pictures)
    described: dict[str, Json] = {"replications": measured.runs, "asked": {**plan.to_json()}}
    describe_run(run, scenario, kind=Kind.KERNEL, made_by=Maker.SIMULATOR, more=described)
    return summary


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
    """The two tables by their files' names."""
    rows: dict[str, Sequence[Mapping[str, Cell]]] = {
        RESULTS_CSV: kernel_table_rows(scenario, measured),
        DELAYS_CSV: [row for each in measured.evasions for row in _steps(each)],
    }
    return {
        name: Table(columns={each: TYPES[each] for each in OF_KERNELS[name]}, rows=found)
        for name, found in rows.items()
    }


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


def _pictures(scenario: Scenario, measured: KernelMeasured) -> tuple[Picture, ...]:
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
        title=title,
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
    return (delays, drawn)


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


def _write_report(
    run: Path,
    scenario: Scenario,
    plan: Asked,
    measured: KernelMeasured,
    pictures: Sequence[Picture],
) -> None:
    source, tables = source_of(scenario), kernel_tables(scenario, measured)
    again = (
        f"{NAME} run scenario.yaml --fidelity kernel --replications {plan.replications} "
        f'--within "{write_span(plan.goal_s)}"'
    )
    said = [Said(name=name, texts=texts) for name, texts in kernel_sentences(measured)]
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
    (run / REPORT).write_text(page.html(), encoding="utf-8")
