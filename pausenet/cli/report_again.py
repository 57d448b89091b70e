"""The page of a finished run, as this program makes it from what the run's directory keeps."""

from __future__ import annotations

from pathlib import Path
from tempfile import TemporaryDirectory
from typing import assert_never

from pausenet import __version__
from pausenet.cli.kernel_files import pictures_of_kernels
from pausenet.cli.kernel_report import kernel_report
from pausenet.cli.kernel_tables import by_kernel
from pausenet.cli.measured_again import asked_of, concluded
from pausenet.cli.measured_files import kernels_of, measured_tables, pictures_of_runs
from pausenet.cli.measured_report import measured_report
from pausenet.cli.output import Screen
from pausenet.cli.rundir import make_run_dir, write_run
from pausenet.cli.simulated_run import simulate_into
from pausenet.errors import Misuse
from pausenet.report.page import REPORT
from pausenet.results.described import Described, Kind, Maker
from pausenet.results.loaded import checked
from pausenet.results.outcomes import replications
from pausenet.scenario.plan import Scenario


def report_again(run: Path, screen: Screen) -> str:
    """The page; raises `MalformedFile` for what was changed, `Misuse` for what cannot be made."""
    made, scenario = checked(run)
    match made.kind:
        case Kind.RUN:
            return _of_one(made, scenario, screen)
        case Kind.MEASUREMENT:
            return _of_many(run, made, scenario)
        case Kind.KERNEL:
            plan = asked_of(made, scenario)
            kernels = by_kernel(scenario, plan)
            return kernel_report(
                run, scenario, plan, kernels, pictures_of_kernels(scenario, kernels)
            )
        case _:
            assert_never(made.kind)


def write_beside(run: Path, file: Path, page: str) -> Path:
    """Write a page where it changes no run and no other file; where it stands now."""
    where = file.resolve()
    if where.is_relative_to(run.resolve()):
        raise Misuse(f"{file}: inside the run, in which nothing is changed; name another place")
    try:
        with where.open("x", encoding="utf-8") as target:
            target.write(page)
    except FileExistsError:
        raise Misuse(f"{file}: it is there already; a report is never written over") from None
    return where


def _of_many(run: Path, made: Described, scenario: Scenario) -> str:
    plan, runs = asked_of(made, scenario), replications(run)
    measured, why = concluded(scenario, plan, runs)
    kernels = kernels_of(scenario, plan)
    return measured_report(
        run,
        scenario,
        plan,
        measured,
        why,
        tables=measured_tables(scenario, runs, measured),
        pictures=pictures_of_runs(scenario, measured, kernels),
        kernels=kernels,
    )


def _of_one(made: Described, scenario: Scenario, screen: Screen) -> str:
    if made.made_by is Maker.PROCESSES:
        raise Misuse("real processes made it, by a clock that is gone: its own report is all")
    if made.version != __version__:
        raise Misuse(f"version {made.version} made it; this is {__version__}: another run")
    with TemporaryDirectory(prefix="pausenet-report-") as directory:
        again = make_run_dir(scenario, Path(directory) / "run")
        screen.progress(f"simulating {scenario.name} again, seed {scenario.seed}")
        simulated = simulate_into(again, scenario, screen)
        write_run(again, scenario, simulated.outcome, simulated.transcript)
        return (again / REPORT).read_text(encoding="utf-8")
