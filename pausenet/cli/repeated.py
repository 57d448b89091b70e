"""A run made again beside itself: which files are the same bytes, which differ, and what of that.

Pictures, the Parquet file and the report (which names their digests) have the bytes that their
libraries write. With other versions of these they are not compared; everything else is.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory

from pausenet import __version__
from pausenet.cli.ending import CHARTS
from pausenet.cli.exits import ExitCode
from pausenet.cli.journal import Journal
from pausenet.cli.kernel_files import write_kernel_run
from pausenet.cli.kernel_tables import by_kernel
from pausenet.cli.measured_again import asked_of
from pausenet.cli.measured_files import kernels_of, write_measurement
from pausenet.cli.output import Screen
from pausenet.cli.replicated_run import make_runs
from pausenet.cli.rundir import make_run_dir, write_run
from pausenet.cli.simulated_run import simulate_into
from pausenet.files.scenario import read_scenario
from pausenet.report.page import REPORT
from pausenet.results.columns import RESULTS_PARQUET
from pausenet.results.described import (
    Described,
    Kind,
    Maker,
    commit_of_this,
    kept_files,
    libraries,
    read_description,
    this_platform,
)
from pausenet.scenario.plan import Scenario
from pausenet.simulator.outside import CATALOGUE
from pausenet.statements.canonical import Json
from pausenet.values import Digest

_CHARS = 160


@dataclass(frozen=True, slots=True, kw_only=True)
class Repeated:
    """How a run and the same made again compare.

    `changed` are files of the run that are not as its `run.json` says; `doubts` say why another
    result need not be a violation: another platform, or another state of the program.
    """

    same: int
    differs: tuple[tuple[str, str], ...] = ()
    left: tuple[str, ...] = ()
    changed: tuple[str, ...] = ()
    doubts: tuple[str, ...] = ()
    undecided: str = ""

    @property
    def exit_code(self) -> ExitCode:
        """0 for the same, 1 for a file that differs or was changed, 3 for what is not decided."""
        if self.undecided:
            return ExitCode.UNDECIDED
        if not self.differs:
            return ExitCode.HOLDS
        return ExitCode.UNDECIDED if self.doubts and not self.changed else ExitCode.PROVEN

    def lines(self) -> Iterator[str]:
        """The comparison in words."""
        if self.undecided:
            yield f"not decided: {self.undecided}"
            return
        for name, what in self.differs:
            yield f"differs: {name}: {what}"
        for name in self.changed:
            yield f"changed since the run was made: {name}"
        for text in self.left:
            yield f"not compared: {text}"
        if self.differs and not self.changed:
            for doubt in self.doubts:
                yield f"it may be because of this: {doubt}"
        yield f"{self.same} files are the same bytes, {len(self.differs)} differ"

    def to_json(self, run: Path) -> dict[str, Json]:
        """The form of `--format json`."""
        return {
            "run": str(run),
            "same": self.same,
            "differs": [{"file": name, "what": what} for name, what in self.differs],
            "changed": [*self.changed],
            "not_compared": [*self.left],
            "doubts": [*self.doubts],
            "undecided": self.undecided,
            "exit_code": int(self.exit_code),
        }


def repeat(run: Path, out: Path | None, screen: Screen, *, jobs: int) -> Repeated:
    """Make a run again, in `out` or in a directory that goes away, and compare.

    Raises `MalformedFile` for what is no finished run.
    """
    described = read_description(run)
    if described.made_by is Maker.PROCESSES:
        text = "real processes made it, by a clock that is gone; `pausenet run` simulates its story"
        return Repeated(same=0, undecided=text)
    if described.version != __version__:
        text = f"version {described.version} made it, and this is {__version__}"
        return Repeated(same=0, undecided=text)
    scenario = read_scenario(run / "scenario.yaml", CATALOGUE)
    with TemporaryDirectory(prefix="pausenet-rerun-") as directory:
        again = make_run_dir(scenario, out or Path(directory) / "run")
        screen.progress(f"making {scenario.name} again, seed {scenario.seed}")
        match described.kind:
            case Kind.RUN:
                made = simulate_into(again, scenario, screen)
                write_run(again, scenario, made.outcome, made.transcript)
            case Kind.MEASUREMENT:
                _measure(again, described, scenario, screen, jobs)
            case Kind.KERNEL:
                plan = asked_of(described, scenario)
                write_kernel_run(again, scenario, plan, by_kernel(scenario, plan))
        return compared(run, again, described)


def _measure(
    again: Path, described: Described, scenario: Scenario, screen: Screen, jobs: int
) -> None:
    plan = asked_of(described, scenario)
    journal = Journal.begin(scenario, plan, again)
    measured, why = make_runs(scenario, plan, journal, screen, jobs)
    kernels = kernels_of(scenario, plan)
    write_measurement(journal, scenario, plan, measured, why, kernels)


def compared(run: Path, again: Path, described: Described) -> Repeated:
    """Compare a run's files with those of the same made again."""
    here, there = set(kept_files(run)), set(kept_files(again))
    other = _other_libraries(described)
    left = {name for name in here | there if other and _by_library(name)}
    differs: list[tuple[str, str]] = []
    for name in sorted((here | there | set(described.files)) - left):
        if name not in here:
            differs.append((name, "it is missing"))
        elif name not in there:
            differs.append((name, "it was not made again"))
        elif (run / name).read_bytes() != (again / name).read_bytes():
            differs.append((name, _first_difference(run / name, again / name)))
    kept, made = described.whole, read_description(again).whole
    for member in ("network_id", "outcome", "replications", "scenario_digest"):
        if kept.get(member) != made.get(member):
            differs.append(("run.json", f"{member} is another"))
    changed = (
        name
        for name, digest in described.files.items()
        if name in here and Digest.of((run / name).read_bytes()) != digest
    )
    names = {name for name, _ in differs}
    return Repeated(
        same=len((here & there) - left - names),
        differs=tuple(differs),
        left=tuple(f"{name} ({other})" for name in sorted(left)),
        changed=tuple(
            sorted({*changed, *(set(described.files) - here), *(here - set(described.files))})
        ),
        doubts=tuple(_doubts(described)),
    )


def _by_library(name: str) -> bool:
    return Path(name).name in (RESULTS_PARQUET, REPORT) or name.startswith(f"{CHARTS}/")


def _other_libraries(described: Described) -> str:
    """Which libraries have other versions here, in words; empty for none."""
    here = libraries()
    return ", ".join(
        f"made with {name} {described.libraries.get(name, 'unknown')}, this is {version}"
        for name, version in here.items()
        if described.libraries.get(name) != version
    )


def _doubts(described: Described) -> Iterator[str]:
    commit, dirty = commit_of_this()
    if described.platform != this_platform():
        yield f"made on {described.platform}, this is {this_platform()}"
    if described.commit != commit:
        yield f"made by commit {described.commit or 'unknown'}, this is {commit or 'unknown'}"
    if described.dirty or dirty:
        yield "one of the programs had changes that are in no commit"


def _first_difference(one: Path, other: Path) -> str:
    """The first line in which two text files differ; of other files only that they do."""
    try:
        before, after = (path.read_text(encoding="utf-8").split("\n") for path in (one, other))
    except UnicodeDecodeError:
        return f"{one.stat().st_size} bytes here, {other.stat().st_size} made again"
    length = max(len(before), len(after))
    number = next(at for at in range(length) if before[at : at + 1] != after[at : at + 1])
    here, there = (_line(text, number) for text in (before, after))
    return f"line {number + 1}: here {here}, made again {there}"


def _line(lines: list[str], number: int) -> str:
    return repr(lines[number][:_CHARS]) if number < len(lines) else "nothing"
