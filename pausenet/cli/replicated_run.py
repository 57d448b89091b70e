"""Many runs of one scenario in the simulator, from its name to the last line."""

from __future__ import annotations

import time
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Final

from pausenet.cli.ending import places, print_places
from pausenet.cli.exits import ExitCode
from pausenet.cli.journal import Asked, Journal, asked
from pausenet.cli.kernel_tables import Kernels, measured_by_kernel
from pausenet.cli.kernel_words import kernel_beside
from pausenet.cli.live_run import load_scenario
from pausenet.cli.measured_files import kernels_of, write_measurement
from pausenet.cli.measured_said import measured_sentences
from pausenet.cli.options import Format
from pausenet.cli.output import Screen, print_json
from pausenet.cli.processes import terminated_as_interrupt
from pausenet.cli.program import command
from pausenet.errors import Misuse
from pausenet.files.amounts import share_ppm, span_s
from pausenet.scenario.plan import DAY_S, Scenario
from pausenet.simulator.outcome import (
    Engine,
    Measured,
    Replication,
    Stopped,
    measure,
    watched_days,
)
from pausenet.simulator.outcome.stopping import run_until
from pausenet.statements.clauses import PPM

GOAL_DAYS: Final = 14
"""The timeliness goal without `--within`: an assumption; shorter where a scenario is shorter."""
REPLICATIONS_MAX: Final = 1_000_000
FILES: Final = (
    *(
        "summary.json",
        "replications.csv",
        "results.csv",
        "results.parquet",
        "delays.csv",
        "costs.csv",
    ),
    *("responses.csv", "influences.csv", "replications.jsonl", "scenario.yaml", "run.json"),
)
_TELL_S: Final = 2.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Wish:
    """What the command line asks for, as it was written; empty for what is left to us."""

    named: str
    seed: int | None
    replications: int
    until_half_width: str
    within: str
    jobs: int
    resume: bool
    kernels: bool
    out: Path | None

    def repeat(self, scenario: Scenario) -> str:
        """The command that makes all of it again."""
        words: list[object] = ["run", self.named, "--seed", scenario.seed]
        if self.kernels:
            words += ["--fidelity", "both"]
        words += ["--replications", self.replications]
        if self.until_half_width:
            words += ["--until-half-width", self.until_half_width]
        if self.within:
            words += ["--within", self.within]
        return command(*words)

    def go_on(self, scenario: Scenario, directory: Path) -> str:
        """The command that goes on where this one was interrupted."""
        return f"{self.repeat(scenario)} --out {directory} --resume"


def run_replicated(wish: Wish, *, format: Format, screen: Screen) -> ExitCode:
    """Make the runs, keep each as it is done, measure, write, print the ending."""
    scenario = load_scenario(wish.named, wish.seed)
    plan = _plan(wish, scenario)
    begin = Journal.resume if wish.resume else Journal.begin
    journal = begin(scenario, plan, wish.out)
    screen.progress(f"{scenario.name}: {scenario.question}")
    screen.progress(f"run directory: {journal.directory}; {len(journal.done)} runs are done")
    try:
        with terminated_as_interrupt():
            measured, why = make_runs(scenario, plan, journal, screen, wish.jobs)
    except KeyboardInterrupt:
        screen.progress(
            f"{_kept(len(journal.done))}. Go on with: {wish.go_on(scenario, journal.directory)}"
        )
        raise
    runs = journal.runs(measured.runs)
    kernels = kernels_of(scenario, plan)
    summary = write_measurement(journal, scenario, plan, measured, why, kernels)
    if format is Format.JSON:
        print_json({"run": str(journal.directory), **places(journal.directory), **summary})
    else:
        _print(screen, wish, scenario, plan, measured, why, runs, kernels, journal.directory)
    wrong = measured.broken or measured.followers.convicted.count
    return ExitCode.UNDECIDED if wrong else ExitCode.HOLDS


def _kept(runs: int) -> str:
    return "1 run is kept" if runs == 1 else f"{runs} runs are kept"


def _plan(wish: Wish, scenario: Scenario) -> Asked:
    if not 1 <= wish.replications <= REPLICATIONS_MAX:
        raise Misuse(f"--replications: expected 1..{REPLICATIONS_MAX}, found {wish.replications}")
    try:
        width = share_ppm(wish.until_half_width) if wish.until_half_width else 0
        goal_s = span_s(wish.within) if wish.within else 0
    except ValueError as error:
        raise Misuse(str(error)) from error
    if wish.until_half_width and not 0 < width < PPM // 2:
        raise Misuse("--until-half-width: expected more than 0 and less than 50 %")
    watched = watched_days(scenario)
    if wish.within and not 0 < goal_s <= watched * DAY_S:
        raise Misuse(
            f"--within: expected at most the {watched:g} days for which {scenario.name} is watched"
        )
    plan = asked(
        scenario,
        replications=wish.replications,
        half_width_ppm=width,
        goal_s=goal_s or int(min(GOAL_DAYS, watched) * DAY_S),
        kernels=wish.kernels,
    )
    if plan.kernels:
        measured_by_kernel(scenario, replace(plan, replications=1))  # refuses what it does not know
    return plan


def make_runs(
    scenario: Scenario, plan: Asked, journal: Journal, screen: Screen, jobs: int
) -> tuple[Measured, Stopped]:
    """Make the runs that the journal lacks until there are enough; what they come to, and why."""
    rule, goal_days = plan.rule, plan.goal_s / DAY_S
    progress = _Progress(screen, plan.replications, len(journal.done))

    def so_far(size: int) -> Measured:
        return measure(
            scenario, journal.runs(size), goal_days=goal_days, level=rule.level_at_a_look
        )

    with Engine(scenario, jobs=jobs) as engine:

        def more(size: int) -> None:
            for run in engine.run(journal.missing(size)):
                journal.add(run)
                progress.tell(run, len(journal.done))

        size, why = run_until(rule, more, lambda size: so_far(size).intervals)
    return so_far(size), why


class _Progress:
    """One line every few seconds: how many runs, what they found, how long still at most."""

    def __init__(self, screen: Screen, most: int, before: int) -> None:
        self._screen, self._most, self._before = screen, most, before
        self._start = self._told = time.monotonic()
        self._found: dict[str, int] = {}

    def tell(self, run: Replication, done: int) -> None:
        for seen in run.parties:
            if seen.evades:
                found = self._found.get(seen.party, 0) + (seen.found != ())
                self._found[seen.party] = found
        now = time.monotonic()
        made = done - self._before
        if made > 1 and done < self._most and now - self._told < _TELL_S:
            return
        self._told = now
        left_s = (now - self._start) / made * (self._most - done)
        told = "".join(
            f", {name} found by the end in {count} of {made}" for name, count in self._found.items()
        )
        left = f", at most {left_s:.0f} s left" if done < self._most else ""
        self._screen.progress(f"  {done} of {self._most} runs{told}{left}")


def _print(
    screen: Screen,
    wish: Wish,
    scenario: Scenario,
    plan: Asked,
    measured: Measured,
    why: Stopped,
    runs: tuple[Replication, ...],
    kernels: tuple[Kernels, ...],
    directory: Path,
) -> None:
    for name, texts in measured_sentences(scenario, plan, measured, why):
        for text in texts:
            screen.heading(name, text)
    for each in kernels:
        for text in kernel_beside(each.measured, each.swings):
            screen.heading("Kernels", text)
    print_places(screen, directory, FILES)
    screen.heading("Repeat", wish.repeat(scenario))
    telling, why_it = _telling(runs)
    again = command("run", wish.named, "--seed", telling.seed)
    screen.heading("Next", f"{again} (repeats {why_it} and keeps its evidence)")


def _telling(runs: tuple[Replication, ...]) -> tuple[Replication, str]:
    """The run that a reader would look at, and what it is.

    One with a false finding, else one that missed an evader, else the first.
    """
    ordered = sorted(runs, key=lambda run: run.number)
    for run in ordered:
        if any(seen.found and not seen.evades for seen in run.parties):
            return run, "the first run with a false finding"
    for run in ordered:
        if any(seen.evades and not seen.found for seen in run.parties):
            return run, "the first run that did not find an evader"
    return ordered[0], "the first run"
