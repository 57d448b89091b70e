"""What many runs have come to so far, on disk: one line a finished run, so that Ctrl-C loses none.

The first line says what was asked for. Whoever goes on must ask for the same: the number of runs
and the goal are fixed before the first run, or else the intervals would not mean what they say.
"""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass
from pathlib import Path

from pausenet import __version__
from pausenet.cli.rundir import RUNS, make_run_dir
from pausenet.errors import Misuse, NodeError
from pausenet.files.resolved import scenario_digest
from pausenet.results.described import JOURNAL, SEED_SCHEME
from pausenet.scenario.plan import Scenario
from pausenet.simulator.outcome import Replication, StoppingRule, read_line, write_line


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """What a measurement is asked to do; two that are equal give the same files.

    `half_width_ppm` 0 makes all runs; the goal is in seconds. `kernels` asks for the same number
    of runs by kernels too.
    """

    scenario: str
    scenario_digest: str
    replications: int
    half_width_ppm: int
    goal_s: int
    kernels: bool = False
    version: str = __version__
    seed_scheme: str = SEED_SCHEME

    @property
    def rule(self) -> StoppingRule:
        """When there are runs enough."""
        return StoppingRule(most=self.replications, half_width=self.half_width_ppm / 1e6)

    def to_json(self) -> dict[str, int]:
        """What `run.json` keeps of it beside the scenario, the version and the seeds."""
        return {
            "replications": self.replications,
            "half_width_ppm": self.half_width_ppm,
            "goal_s": self.goal_s,
            "kernels": int(self.kernels),
        }

    @property
    def suffix(self) -> str:
        """What the run directory's name ends with."""
        return f"-x{self.replications}"

    def line(self) -> str:
        """The journal's first line."""
        return json.dumps(asdict(self), separators=(",", ":"), sort_keys=True) + "\n"


def asked(
    scenario: Scenario,
    *,
    replications: int,
    half_width_ppm: int,
    goal_s: int,
    kernels: bool = False,
) -> Asked:
    """What is asked for, with the scenario's digest, which includes its seed."""
    return Asked(
        scenario=scenario.name,
        scenario_digest=scenario_digest(scenario).hex(),
        replications=replications,
        half_width_ppm=half_width_ppm,
        goal_s=goal_s,
        kernels=kernels,
    )


class Journal:
    """The runs that are done, by number; `add` keeps one more at once."""

    def __init__(self, directory: Path, done: dict[int, Replication]) -> None:
        self.directory, self.done = directory, done

    @classmethod
    def begin(cls, scenario: Scenario, plan: Asked, out: Path | None) -> Journal:
        """A new one in a new run directory."""
        directory = make_run_dir(scenario, out, suffix=plan.suffix)
        (directory / JOURNAL).write_text(plan.line(), encoding="utf-8")
        return cls(directory, {})

    @classmethod
    def resume(cls, scenario: Scenario, plan: Asked, out: Path | None) -> Journal:
        """The one that was begun for the same plan; a line that was cut off is dropped.

        Raises `Misuse` where there is none, or where it was begun for something else.
        """
        directory = out or _latest(f"{scenario.name}-{scenario.seed}{plan.suffix}", plan)
        path = directory / JOURNAL
        try:
            text = path.read_text(encoding="utf-8")
        except FileNotFoundError:
            raise Misuse(
                f"{directory}: nothing to resume here; it is finished, or no run"
            ) from None
        except OSError as error:
            raise NodeError(f"{path}: {error.strerror}") from error
        whole = text[: text.rfind("\n") + 1]
        first, *lines = whole.splitlines(keepends=True) or [""]
        if first != plan.line():
            raise Misuse(f"{directory}: begun for another scenario, seed, number, goal or version")
        done: dict[int, Replication] = {}
        for line in lines:
            run = read_line(line)
            if done.setdefault(run.number, run) != run:
                raise Misuse(f"{path}: two different runs of number {run.number}")
        if whole != text:
            path.write_text(whole, encoding="utf-8")
        return cls(directory.resolve(), done)

    def add(self, run: Replication) -> None:
        """Keep one more run."""
        with (self.directory / JOURNAL).open("a", encoding="utf-8") as file:
            file.write(write_line(run))
        self.done[run.number] = run

    def runs(self, size: int) -> tuple[Replication, ...]:
        """The first so many runs, in order; all of them must be done."""
        return tuple(self.done[number] for number in range(size))

    def missing(self, size: int) -> tuple[int, ...]:
        """Which of the first so many are not done yet."""
        return tuple(number for number in range(size) if number not in self.done)

    def close(self) -> None:
        """Remove the journal, last of all: what it held stands in the results now."""
        (self.directory / JOURNAL).unlink()


def _latest(stem: str, plan: Asked) -> Path:
    """The newest unfinished run directory of this name that was begun for this plan."""
    found = [*RUNS.glob(f"{stem}-*/{JOURNAL}"), *RUNS.glob(f"{stem}/{JOURNAL}")]
    begun = []
    for path in found:
        with path.open(encoding="utf-8") as file:
            if file.readline() == plan.line():
                begun.append(path.parent)
    if not begun:
        raise Misuse(f"{RUNS / stem}: nothing to resume; leave --resume out to begin")
    return max(begun, key=lambda path: (len(path.name), path.name))
