"""`pausenet run --fidelity kernel`: a scenario measured by the statistical kernels."""

from __future__ import annotations

import math
from typing import Final

from pausenet.cli.exits import ExitCode
from pausenet.cli.live_run import load_scenario
from pausenet.cli.measured_words import chance_text, interval_text, runs_text, share_text
from pausenet.cli.options import Format
from pausenet.cli.output import Screen, print_json
from pausenet.cli.program import command
from pausenet.errors import Misuse
from pausenet.files.amounts import span_s
from pausenet.scenario.plan import DAY_S, Scenario
from pausenet.simulator.outcome import Quantile, Share, watched_days
from pausenet.simulator.outcome.kernel import KernelEvasion, KernelMeasured, measure_by_kernel
from pausenet.statements.canonical import Json

RUNS_MAX: Final = 10_000_000
GOAL_DAYS: Final = 90.0
KERNEL_ONLY: Final = (
    "Kernels reckon with channels and power meters alone: what logs and signatures prove is not "
    "in these numbers, and no statement was made. `--fidelity protocol` runs the real protocol."
)


def run_kernel(
    *, named: str, seed: int | None, runs: int, within: str, format: Format, screen: Screen
) -> ExitCode:
    """Measure, print the sentences or the JSON, and how to repeat it."""
    scenario = load_scenario(named, seed)
    measured = kernel_measured(scenario, runs, within)
    repeat = command(
        "run",
        named,
        "--seed",
        scenario.seed,
        "--fidelity",
        "kernel",
        "--replications",
        runs,
        *(("--within", within) if within else ()),
    )
    if format is Format.JSON:
        print_json(kernel_json(scenario, measured))
        return ExitCode.HOLDS
    screen.progress(f"{scenario.name}: {scenario.question}")
    for each in measured.evasions:
        screen.heading("Finding", _finding(each, measured))
        screen.heading("Why", _why(each))
        for sentence in _gained(each):
            screen.heading("Gained", sentence)
    screen.heading("False", _false(measured))
    screen.heading("Not shown", KERNEL_ONLY)
    screen.heading("Repeat", repeat)
    return ExitCode.HOLDS


def kernel_measured(scenario: Scenario, runs: int, within: str) -> KernelMeasured:
    """The measurement for these options; raises `Misuse` for what they may not be."""
    if not 1 <= runs <= RUNS_MAX:
        raise Misuse(f"--replications: expected 1..{RUNS_MAX}, found {runs}")
    try:
        goal_days = span_s(within) / DAY_S if within else min(GOAL_DAYS, watched_days(scenario))
    except ValueError as error:
        raise Misuse(str(error)) from error
    return measure_by_kernel(scenario, runs, goal_days=goal_days)


def kernel_json(scenario: Scenario, measured: KernelMeasured) -> dict[str, Json]:
    """The form of `--format json`; numbers that are not reached are the text "not reached"."""
    return {
        "scenario": scenario.name,
        "seed": str(scenario.seed),
        "fidelity": "kernel",
        "runs": measured.runs,
        "goal_days": str(measured.goal_days),
        "evasions": [_evasion_json(each) for each in measured.evasions],
        "labs_that_follow_the_rules": measured.labs,
        "false_alarms": measured.false.count,
        "lab_years": _number(measured.false.exposure),
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


def _finding(each: KernelEvasion, measured: KernelMeasured) -> str:
    text = (
        f"{each.party} was noticed within {measured.goal_days:g} days in "
        f"{share_text(each.within)}; {each.by_end.count} by the end"
    )
    if each.delay_days.reached:
        spread = interval_text(each.delay_days.interval, ".1f")
        return f"{text}; the median delay was {each.delay_days.value:.1f} days ({spread})."
    return f"{text}; in half of them or more it was never noticed."


def _why(each: KernelEvasion) -> str:
    if not each.first:
        return f"{each.party}: no channel of this scenario and no meter sees it."
    counts = [f"{name} in {count}" for name, count in each.first]
    return f"first about {each.party}: {', '.join(counts)}."


def _gained(each: KernelEvasion) -> list[str]:
    told = []
    for by_detection, by_response, lead in zip(
        each.gained_by_detection, each.gained_by_response, each.lead_months, strict=True
    ):
        if not by_detection.reached:
            told.append(f"{each.party}: not reached, as in half of the runs nothing is noticed.")
            continue
        told.append(
            f"{each.party}: {by_detection.value:.2g} FLOP by the detection (median), "
            f"{by_response.value:.2g} by the response, worth {lead.value:.1f} months of lead."
        )
    return told


def _false(measured: KernelMeasured) -> str:
    if not measured.labs:
        return "no lab follows the rules in this simulation, so that no false alarm could be seen."
    found = measured.false
    each = found.count / found.exposure
    spread = interval_text(found.interval, ".2g")
    return (
        f"labs that follow the rules were falsely noticed {each:.2g} times a lab-year ({spread}), "
        f"over {found.exposure:.3g} lab-years in {runs_text(measured.runs)} "
        f"(each channel and the power account have a rate of their own; "
        f"{chance_text(measured.level)} intervals)."
    )
