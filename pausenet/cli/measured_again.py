"""What a measurement's files must say, by what it keeps of every replication; nothing is run."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from pausenet.cli.journal import Asked, asked
from pausenet.cli.measured_files import Value, measured_tables, summary_json
from pausenet.errors import MalformedFile, Misuse
from pausenet.report.tables import Table
from pausenet.results.columns import TYPES
from pausenet.results.described import RUN_FILE, Described
from pausenet.scenario.plan import DAY_S, Scenario
from pausenet.simulator.outcome import Measured, Replication, Stopped, measure, share
from pausenet.simulator.outcome.concluded import (
    RESPONSE_COLUMNS,
    counted_responses,
    response_rows,
)
from pausenet.simulator.outcome.kernel_rows import read_first, share_cells
from pausenet.simulator.outcome.stopping import run_until
from pausenet.values import ParticipantId


def asked_of(described: Described, scenario: Scenario) -> Asked:
    """What a measurement was asked to do; raises `MalformedFile` where `run.json` does not say."""
    try:
        wish = described.whole["asked"]
        return asked(
            scenario,
            replications=int(wish["replications"]),
            half_width_ppm=int(wish["half_width_ppm"]),
            goal_s=int(wish["goal_s"]),
            kernels=bool(wish["kernels"]),
        )
    except (KeyError, TypeError, ValueError) as error:
        raise MalformedFile(RUN_FILE, 0, 0, "asked: not what a measurement was asked") from error


def concluded(
    scenario: Scenario, plan: Asked, runs: Sequence[Replication]
) -> tuple[Measured, Stopped]:
    """What these runs come to, and why there are no more; raises `Misuse` where any is missing."""
    rule, goal_days = plan.rule, plan.goal_s / DAY_S

    def there(size: int) -> None:
        if size > len(runs):
            raise Misuse(f"expected {size} runs, found {len(runs)}")

    def so_far(size: int) -> Measured:
        return measure(scenario, runs[:size], goal_days=goal_days, level=rule.level_at_a_look)

    size, why = run_until(rule, there, lambda size: so_far(size).intervals)
    return so_far(size), why


def measured_again(
    scenario: Scenario, plan: Asked, runs: Sequence[Replication]
) -> tuple[Mapping[str, Table], dict[str, Value]]:
    """The tables and the summary that follow from these runs."""
    measured, why = concluded(scenario, plan, runs)
    if measured.runs != len(runs):
        raise Misuse(f"expected {measured.runs} runs, as many as the rule asks for")
    return measured_tables(scenario, runs, measured), summary_json(scenario, plan, measured, why)


def kernel_responses(scenario: Scenario, rows: Sequence[Mapping[str, str]]) -> Table:
    """The chains to the response that follow from the kernels' counts of what detected first."""
    found = response_rows(
        (ParticipantId(row["party"]), counted_responses(scenario, read_first(row["first"])))
        for row in rows
        if row["evades"]
    )
    return Table(columns={name: TYPES[name] for name in RESPONSE_COLUMNS}, rows=found)


def kernel_row_holds(row: Mapping[str, str], steps: Sequence[Mapping[str, str]]) -> bool:
    """Whether a row of the kernels' table has the intervals and sums that its counts give."""
    runs, level = int(row["runs"]), float(row["level"])
    names = ("in_time", "by_end") if row["evades"] else ("by_end",)
    cells = {
        name: str(cell)
        for each in names
        for name, cell in share_cells(each, share(int(row[each]), runs, level)).items()
    }
    counted = sum(count for _, count in read_first(row["first"]))
    own = [int(step["events"]) for step in steps if step["party"] == row["party"]]
    return (
        all(row[name] == cell for name, cell in cells.items())
        and counted == int(row["by_end"])
        and (not row["evades"] or sum(own) == counted)
    )
