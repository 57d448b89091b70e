"""What kernels say of a scenario, as tables and as a summary."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from pausenet.cli.journal import Asked
from pausenet.report.tables import Cell, Table
from pausenet.results.columns import (
    DELAYS_CSV,
    OF_KERNELS,
    RESPONSES_CSV,
    RESULTS_CSV,
    TYPES,
)
from pausenet.scenario.plan import DAY_S, Scenario
from pausenet.simulator.outcome import Quantile, Share
from pausenet.simulator.outcome.concluded import counted_responses, response_rows
from pausenet.simulator.outcome.course import assumed
from pausenet.simulator.outcome.kernel import KernelEvasion, KernelMeasured, measure_by_kernel
from pausenet.simulator.outcome.kernel_rows import kernel_table_rows
from pausenet.simulator.outcome.swings import SWING_COLUMNS, swing_rows
from pausenet.statements.canonical import Json

SCHEMA: Final = "pausenet/kernel/v1"
_DIGITS: Final = 6


@dataclass(frozen=True, slots=True, kw_only=True)
class Kernels:
    """What kernels reckoned: the measurement, and each assumption alone over its range."""

    measured: KernelMeasured
    swings: Table


def by_kernel(scenario: Scenario, plan: Asked) -> Kernels:
    """All of it; raises `Misuse` for a scenario that kernels do not know."""
    return Kernels(measured=measured_by_kernel(scenario, plan), swings=_swings(scenario, plan))


def measured_by_kernel(scenario: Scenario, plan: Asked) -> KernelMeasured:
    """The measurement alone; raises `Misuse` for a scenario that kernels do not know."""
    return measure_by_kernel(scenario, plan.replications, goal_days=plan.goal_s / DAY_S)


def _swings(scenario: Scenario, plan: Asked) -> Table:
    """What would change the conclusion: each assumption alone, at the ends of its range."""
    return Table(
        columns={name: TYPES[name] for name in SWING_COLUMNS},
        rows=swing_rows(scenario, runs=plan.replications, goal_days=plan.goal_s / DAY_S),
    )


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
