"""The outcome of a measurement, from what its directory keeps: nothing is run again.

Of replications it follows from `replications.jsonl`, of kernels from the counts in their two
tables; intervals are computed anew from the counts, so that no rounded number stands in them.
"""

from __future__ import annotations

import csv
from pathlib import Path
from typing import TypeAlias

from pausenet.errors import MalformedFile, Misuse
from pausenet.results.columns import DELAYS_CSV, KERNEL, REPLICATIONS, RESULTS_CSV
from pausenet.results.described import RUN_FILE, Described, Kind
from pausenet.results.loaded import checked
from pausenet.scenario.plan import DAY_S, Scenario
from pausenet.simulator.outcome import (
    Curve,
    EvaderOutcome,
    Fidelity,
    FollowerOutcome,
    MeasuredOutcome,
    Replication,
    StoppingRule,
    of_runs,
    rate,
    read_line,
    share,
)
from pausenet.simulator.outcome.concluded import counted_responses
from pausenet.simulator.outcome.kernel import end_s
from pausenet.simulator.outcome.kernel_rows import read_first
from pausenet.simulator.outcome.measured import YEAR_DAYS
from pausenet.simulator.outcome.survival import product_limit
from pausenet.values import ParticipantId

_Row: TypeAlias = dict[str, str]


def outcome(directory: Path | str, by: Fidelity | None = None) -> MeasuredOutcome:
    """The outcome of a measurement; where both were made, that of the runs, or that of `by`.

    Raises `MalformedFile` for what is no finished run or was changed, and `Misuse` for one run
    alone, which measures nothing, and for a fidelity that was not measured.
    """
    run = Path(directory)
    made, scenario = checked(run)
    there = fidelities(made)
    if not there:
        raise Misuse(f"{run}: one run measures nothing; make many with --replications")
    wanted = there[0] if by is None else by
    if wanted not in there:
        raise Misuse(f"{run}: not measured by {wanted}, only by {there[0]}")
    try:
        if wanted is Fidelity.PROTOCOL:
            return _of_runs(run, made, scenario)
        return _of_kernels(run if made.kind is Kind.KERNEL else run / KERNEL, made, scenario)
    except (KeyError, ValueError, TypeError, csv.Error, Misuse) as error:
        raise MalformedFile(str(run), 0, 0, f"not the files of a measurement: {error}") from error


def fidelities(made: Described) -> tuple[Fidelity, ...]:
    """By what a run's directory was measured; by nothing where it is one run."""
    match made.kind:
        case Kind.RUN:
            return ()
        case Kind.KERNEL:
            return (Fidelity.KERNEL,)
        case Kind.MEASUREMENT:
            both = f"{KERNEL}/{RESULTS_CSV}" in made.files
            return (Fidelity.PROTOCOL, *((Fidelity.KERNEL,) if both else ()))


def replications(run: Path) -> tuple[Replication, ...]:
    """The replications that a measurement keeps, in order; raises `Misuse` for other lines."""
    with (run / REPLICATIONS).open(encoding="utf-8", newline="") as file:
        return tuple(read_line(line) for line in file)


def rule_of(made: Described) -> StoppingRule:
    """When the runs of a measurement were to stop; raises `KeyError` or `TypeError` for none."""
    asked = made.whole["asked"]
    return StoppingRule(most=asked["replications"], half_width=asked["half_width_ppm"] / 1e6)


def _of_runs(run: Path, made: Described, scenario: Scenario) -> MeasuredOutcome:
    return of_runs(
        scenario,
        replications(run),
        goal_days=made.whole["asked"]["goal_s"] / DAY_S,
        level=rule_of(made).level_at_a_look,
    )


def _of_kernels(directory: Path, made: Described, scenario: Scenario) -> MeasuredOutcome:
    rows, steps = _table(directory / RESULTS_CSV), _table(directory / DELAYS_CSV)
    evaders = [row for row in rows if row["evades"]]
    followers = [row for row in rows if not row["evades"]]
    runs, level = int(rows[0]["runs"]), float(rows[0]["level"])
    return MeasuredOutcome(
        scenario=scenario,
        fidelity=Fidelity.KERNEL,
        runs=runs,
        goal_days=made.whole["asked"]["goal_s"] / DAY_S,
        level=level,
        evaders=tuple(_evader(scenario, row, steps) for row in evaders),
        followers=tuple(
            FollowerOutcome(
                party=ParticipantId(row["party"]),
                alarmed=share(int(row["by_end"]), runs, level),
                watched_days=end_s(scenario) / DAY_S,
            )
            for row in followers
        ),
        false_alarms=rate(
            sum(int(row["by_end"]) for row in followers),
            runs * len(followers) * end_s(scenario) / DAY_S / YEAR_DAYS,
            level,
        ),
    )


def _evader(scenario: Scenario, row: _Row, steps: list[_Row]) -> EvaderOutcome:
    runs, level = int(row["runs"]), float(row["level"])
    own = [step for step in steps if step["party"] == row["party"]]
    return EvaderOutcome(
        party=ParticipantId(row["party"]),
        kinds=tuple(row["evades"].split()),
        within=share(int(row["in_time"]), runs, level),
        found=(),
        delay=_curve(own, runs, _days(row["watched_days"]), level),
        to_response=counted_responses(scenario, read_first(row["first"])),
    )


def _curve(steps: list[_Row], runs: int, last: float, level: float) -> Curve:
    counts = ((_days(each["day"]), int(each["at_risk"]), int(each["events"])) for each in steps)
    return product_limit(counts, of=runs, last=last, level=level)


def _days(text: str) -> float:
    """Days as they were before they were rounded: moments are whole seconds."""
    return round(float(text) * DAY_S) / DAY_S


def _table(path: Path) -> list[_Row]:
    with path.open(encoding="utf-8", newline="") as file:
        found = list(csv.DictReader(file))
    if not found and path.name == RESULTS_CSV:
        raise MalformedFile(str(path), 0, 0, f"no row, and {RUN_FILE} says that there are runs")
    return found
