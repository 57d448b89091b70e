"""`pausenet run --fidelity kernel`: a scenario measured by the statistical kernels."""

from __future__ import annotations

from pathlib import Path
from typing import Final

from pausenet.cli.ending import places, print_places
from pausenet.cli.exits import ExitCode
from pausenet.cli.journal import Asked, asked
from pausenet.cli.kernel_files import write_kernel_run
from pausenet.cli.kernel_tables import by_kernel
from pausenet.cli.kernel_words import KERNEL_ONLY, kernel_sentences, swing_sentences
from pausenet.cli.live_run import load_scenario
from pausenet.cli.measured_words import not_shown_sentence
from pausenet.cli.options import Format
from pausenet.cli.output import Screen, print_json
from pausenet.cli.program import command
from pausenet.cli.rundir import make_run_dir
from pausenet.errors import Misuse
from pausenet.files.amounts import span_s
from pausenet.scenario.plan import DAY_S, Scenario
from pausenet.simulator.outcome import watched_days

RUNS_MAX: Final = 10_000_000
GOAL_DAYS: Final = 90.0
FILES: Final = (
    *("results.csv", "results.parquet", "delays.csv", "costs.csv", "summary.json"),
    *("responses.csv", "swings.csv", "scenario.yaml", "run.json"),
)


def run_kernel(
    *,
    named: str,
    seed: int | None,
    runs: int,
    within: str,
    out: Path | None,
    format: Format,
    screen: Screen,
) -> ExitCode:
    """Measure, write the run's directory, print the sentences or the JSON, and how to repeat it."""
    scenario = load_scenario(named, seed)
    plan = kernel_plan(scenario, runs, within)
    screen.progress(f"{scenario.name}: {scenario.question}")
    screen.progress("by kernels; then each assumption alone, at the ends of its range")
    kernels = by_kernel(scenario, plan)
    run = make_run_dir(scenario, out, suffix=f"-kernel{plan.suffix}")
    summary = write_kernel_run(run, scenario, plan, kernels)
    if format is Format.JSON:
        print_json({"run": str(run), **places(run), **summary})
        return ExitCode.HOLDS
    for name, texts in kernel_sentences(scenario, kernels.measured):
        for text in texts:
            screen.heading(name, text)
    for text in swing_sentences(kernels.swings, kernels.measured.runs):
        screen.heading("Changes", text)
    screen.heading("Not shown", f"{KERNEL_ONLY} {not_shown_sentence()}")
    print_places(screen, run, FILES)
    words: list[object] = ["run", named, "--seed", scenario.seed, "--fidelity", "kernel"]
    words += ["--replications", runs, *(("--within", within) if within else ())]
    screen.heading("Repeat", command(*words))
    screen.heading("Next", command("check", run))
    return ExitCode.HOLDS


def kernel_plan(scenario: Scenario, runs: int, within: str) -> Asked:
    """What these options ask for; raises `Misuse` for what they may not be."""
    if not 1 <= runs <= RUNS_MAX:
        raise Misuse(f"--replications: expected 1..{RUNS_MAX}, found {runs}")
    try:
        goal_s = span_s(within) if within else int(min(GOAL_DAYS, watched_days(scenario)) * DAY_S)
    except ValueError as error:
        raise Misuse(str(error)) from error
    return asked(scenario, replications=runs, half_width_ppm=0, goal_s=goal_s, kernels=True)
