"""A run's directory as data frames, with what made them; refused where a file was changed."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from types import MappingProxyType
from typing import TYPE_CHECKING, Final

from pausenet.errors import MalformedFile, Misuse
from pausenet.files.resolved import scenario_digest
from pausenet.files.scenario import read_scenario
from pausenet.report.tables import Type
from pausenet.results.columns import RESULTS_PARQUET, TYPES
from pausenet.results.described import RUN_FILE, Described, has_digest, read_description
from pausenet.scenario.plan import Scenario
from pausenet.simulator.outside import CATALOGUE

if TYPE_CHECKING:
    import polars

SCENARIO_FILE: Final = "scenario.yaml"
_CSV: Final = ".csv"


@dataclass(frozen=True, slots=True, kw_only=True)
class Results:
    """What a run's directory holds: `made` says what made it, `tables` has its data frames.

    A table is named by its file: `results` (of Parquet, with every parameter of the scenario
    behind its own columns), `replications`, `delays`, `kernel/results`.
    """

    directory: Path
    made: Described
    scenario: Scenario
    tables: Mapping[str, polars.DataFrame]

    def table(self, name: str) -> polars.DataFrame:
        """The table of this name; raises `Misuse` for one that is not there."""
        if name not in self.tables:
            raise Misuse(f"{self.directory}: no table {name!r}; there are {', '.join(self.tables)}")
        return self.tables[name]


def load(directory: Path | str) -> Results:
    """Load a finished run's directory.

    Raises `MalformedFile` for what is none, and for any file that is not as its `run.json` says.
    """
    run = Path(directory)
    made, scenario = checked(run)
    tables = {
        name.removesuffix(_CSV): _read(run, name)
        for name in sorted(made.files)
        if name.endswith(_CSV) and not name.startswith("logs/")
    }
    return Results(directory=run, made=made, scenario=scenario, tables=MappingProxyType(tables))


def checked(run: Path) -> tuple[Described, Scenario]:
    """What made a run, and its scenario, when every file is as `run.json` says.

    Raises `MalformedFile` for what is no finished run, and for the first file that was changed.
    """
    made = read_description(run)
    for name, digest in made.files.items():
        path = run / name
        if not path.is_file():
            raise MalformedFile(str(path), 0, 0, f"missing, and {RUN_FILE} names it")
        if not has_digest(path, digest):
            raise MalformedFile(str(path), 0, 0, "changed since the run was made")
    scenario = read_scenario(run / SCENARIO_FILE, CATALOGUE)
    if scenario_digest(scenario) != made.scenario_digest:
        raise MalformedFile(
            str(run / SCENARIO_FILE), 0, 0, f"not the scenario whose digest {RUN_FILE} names"
        )
    return made, scenario


def _read(run: Path, name: str) -> polars.DataFrame:
    """A table with its types; what is empty and no text is null."""
    import polars

    path = run / name
    beside = path.with_name(RESULTS_PARQUET)
    if path.with_suffix("") == beside.with_suffix("") and beside.is_file():
        return polars.read_parquet(beside)
    frame = polars.read_csv(path, infer_schema=False, empty_string_is_null=False)
    types = {Type.WHOLE: polars.Int64, Type.NUMBER: polars.Float64}
    return frame.with_columns(
        polars.col(name).replace("", None).cast(types[TYPES[name]])
        for name in frame.columns
        if TYPES.get(name, Type.TEXT) is not Type.TEXT
    )
