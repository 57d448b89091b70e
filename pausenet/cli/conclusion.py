"""The last steps of every run: keep it, print it, compare it with what was expected."""

from __future__ import annotations

from pathlib import Path

from pausenet.cli.ending import places, print_ending
from pausenet.cli.exits import ExitCode
from pausenet.cli.options import Format
from pausenet.cli.outcome import Outcome, differences
from pausenet.cli.output import Screen, print_error, print_json
from pausenet.cli.rundir import write_run
from pausenet.scenario.plan import Scenario


def conclude(
    scenario: Scenario,
    outcome: Outcome,
    *,
    run: Path,
    transcript: str,
    repeat: str,
    format: Format,
    screen: Screen,
) -> ExitCode:
    """Write the run's directory, print its ending, and say whether it is as expected."""
    write_run(run, scenario, outcome, transcript)
    if format is Format.JSON:
        print_json({**outcome.to_json(run), **places(run)})
    else:
        print_ending(screen, scenario, outcome, run=run, repeat=repeat)
    problems = differences(scenario.expect, outcome)
    for problem in problems:
        print_error(f"not as expected: {problem}")
    return ExitCode.UNDECIDED if problems else ExitCode.HOLDS
