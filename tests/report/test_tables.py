"""Tables: the Parquet file is the CSV with types, every parameter and its source."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import polars
import pytest

from pausenet.errors import MalformedFile, Misuse
from pausenet.files.resolved import resolved
from pausenet.report.source import source_of
from pausenet.report.tables import (
    Table,
    Type,
    metadata_of,
    parameters,
    same_as_csv,
    write_parquet,
)
from tests.simulator.small import SMALL

COLUMNS = {"party": Type.TEXT, "seed": Type.WHOLE, "delay_days": Type.NUMBER}
TABLE = Table(
    columns=COLUMNS,
    rows=[
        {"party": "aurora", "seed": 2**62, "delay_days": 10.8},
        {"party": "", "seed": 1, "delay_days": ""},
        {"party": 'b,"ü\n', "seed": 0, "delay_days": 0},
    ],
)


def written(path: Path, table: Table = TABLE) -> Path:
    write_parquet(path, table, parameters(SMALL), source_of(SMALL), {"party": "who", "seed": "of"})
    return path


def test_the_same_table_gives_the_same_bytes(tmp_path: Path) -> None:
    made = {written(tmp_path / f"{number}.parquet").read_bytes() for number in range(5)}
    assert len(made) == 1


def test_cells_keep_their_types_and_nothing_is_null(tmp_path: Path) -> None:
    frame = polars.read_parquet(written(tmp_path / "t.parquet"))
    assert [str(frame.schema[name]) for name in COLUMNS] == ["String", "Int64", "Float64"]
    assert frame["seed"].to_list() == [2**62, 1, 0]
    assert frame["delay_days"].to_list() == [10.8, None, 0.0]
    assert frame["party"].to_list() == ["aurora", "", 'b,"ü\n']


def test_every_parameter_is_a_column_also_those_that_never_change(tmp_path: Path) -> None:
    frame = polars.read_parquet(written(tmp_path / "t.parquet"))

    def paths(value: object, path: str) -> set[str]:
        if not isinstance(value, dict) or not value:
            return {path}
        return {name for key, below in value.items() for name in paths(below, f"{path}.{key}")}

    expected = {
        name
        for key, value in resolved(SMALL).items()
        if key != "expect"
        for name in paths(value, f"scenario.{key}")
    }
    assert expected == set(frame.columns) - set(COLUMNS)
    assert set(frame["scenario.periods"]) == {SMALL.periods}
    assert set(frame["scenario.seed"]) == {SMALL.seed}


def test_another_parameter_is_another_table(tmp_path: Path) -> None:
    other = replace(SMALL, periods=13)
    one, two = parameters(SMALL), parameters(other)
    assert {name for name in one if one[name] != two[name]} == {"scenario.periods"}


def test_the_metadata_says_what_made_it(tmp_path: Path) -> None:
    found = metadata_of(written(tmp_path / "t.parquet"))
    source = source_of(SMALL)
    assert found["scenario_digest"] == source.scenario_digest.hex()
    assert (found["seed"], found["version"]) == ("7", source.version)
    assert found["columns"] == '{"party": "who", "seed": "of"}'


def test_it_is_the_same_as_its_csv_and_no_other(tmp_path: Path) -> None:
    path, text = written(tmp_path / "t.parquet"), TABLE.csv()
    assert same_as_csv(path, text)
    for before, after in (
        ("aurora", "aurorb"),
        ("10.8", "10.9"),
        ("10.8", ""),
        (",1,", ",2,"),
        ("party", "lab"),
        ('"b,""ü\n",0,0\n', ""),
    ):
        assert before in text
        assert not same_as_csv(path, text.replace(before, after, 1)), (before, after)


def test_what_is_no_parquet_file_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "t.parquet"
    path.write_bytes(written(tmp_path / "whole.parquet").read_bytes()[:-20])
    with pytest.raises(MalformedFile):
        same_as_csv(path, TABLE.csv())


@pytest.mark.parametrize(
    "row", [{"party": "a"}, {"seed": 1, "party": "a", "delay_days": 1.0}, {"party": "a", "x": 1}]
)
def test_a_row_of_other_columns_is_refused(row: dict[str, str | int | float]) -> None:
    with pytest.raises(Misuse):
        Table(columns=COLUMNS, rows=[row])
