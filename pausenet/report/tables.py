"""A table with declared types, as CSV for people and spreadsheets and as Parquet for programs.

The Parquet file has the CSV's columns and behind them every parameter of the scenario, fixed ones
too, so that tables of several scenarios can be put together and still say what made each row.
"""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Final, TypeAlias

from pausenet.errors import MalformedFile, Misuse
from pausenet.files.resolved import resolved
from pausenet.report.source import Source
from pausenet.scenario.plan import Scenario

if TYPE_CHECKING:
    import polars

Cell: TypeAlias = str | int | float
"""One cell; empty text stands for nothing."""
SCHEMA: Final = "pausenet/results/v1"
PARAMETER: Final = "scenario."
"""What the name of a parameter's column begins with: `scenario.clock.speed`."""


class Type(StrEnum):
    """What the cells of a column are."""

    TEXT = "text"
    WHOLE = "whole number"
    NUMBER = "number"


@dataclass(frozen=True, slots=True, kw_only=True)
class Table:
    """Rows under typed columns; every row has every column, empty where there is nothing."""

    columns: Mapping[str, Type]
    rows: Sequence[Mapping[str, Cell]]

    def __post_init__(self) -> None:
        for row in self.rows:
            if list(row) != list(self.columns):
                raise Misuse(f"Table: expected the columns {list(self.columns)}, found {list(row)}")

    def csv(self) -> str:
        """The table as CSV with lines that end in a newline alone."""
        out = io.StringIO()
        writer = csv.DictWriter(out, fieldnames=list(self.columns), lineterminator="\n")
        writer.writeheader()
        writer.writerows(self.rows)
        return out.getvalue()


def parameters(scenario: Scenario) -> dict[str, Cell]:
    """Every parameter by its path in the resolved scenario; a list is its JSON text."""
    found: dict[str, Cell] = {}

    def take(path: str, value: object) -> None:
        match value:
            case dict():
                for key, below in value.items():
                    take(f"{path}.{key}", below)
            case bool() | list():
                found[path] = json.dumps(value, sort_keys=True, ensure_ascii=False)
            case str() | int() | float():
                found[path] = value
            case _:
                found[path] = "" if value is None else str(value)

    for key, value in resolved(scenario).items():
        if key != "expect":  # what is looked for makes no result
            take(f"{PARAMETER}{key}", value)
    return found


def write_parquet(
    path: Path, table: Table, fixed: Mapping[str, Cell], source: Source, about: Mapping[str, str]
) -> None:
    """Write the table with these fixed columns behind its own; the source stands in the metadata.

    `about` says what the columns mean. The same table gives the same bytes.
    """
    metadata = {f"pausenet.{name}": value for name, value in source.to_dict().items()}
    metadata["pausenet.schema"] = SCHEMA
    metadata["pausenet.columns"] = json.dumps(dict(about), ensure_ascii=False, sort_keys=True)
    _frame(table, fixed).write_parquet(
        path, compression="zstd", metadata=dict(sorted(metadata.items()))
    )


def same_as_csv(parquet: Path, text: str) -> bool:
    """Whether a Parquet file's first columns are the cells of this CSV; what is empty is null.

    Raises `MalformedFile` for what is no Parquet file.
    """
    import polars
    from polars.exceptions import PolarsError

    try:
        frame = polars.read_parquet(parquet)
    except (PolarsError, OSError) as error:
        raise MalformedFile(str(parquet), 0, 0, f"no Parquet file: {error}") from error
    head, *rows = csv.reader(io.StringIO(text, newline=""))
    if frame.columns[: len(head)] != head or frame.height != len(rows):
        return False
    return all(
        all(_same(cell, held) for cell, held in zip(row, kept, strict=True))
        for row, kept in zip(rows, frame.select(head).iter_rows(), strict=True)
    )


def metadata_of(parquet: Path) -> dict[str, str]:
    """What a Parquet file says of its source, without the names' common beginning."""
    import polars

    found = polars.read_parquet_metadata(parquet)
    return {
        name.removeprefix("pausenet."): value
        for name, value in found.items()
        if name.startswith("pausenet.")
    }


def _frame(table: Table, fixed: Mapping[str, Cell]) -> polars.DataFrame:
    import polars

    types = {
        Type.TEXT: polars.String(),
        Type.WHOLE: polars.Int64(),
        Type.NUMBER: polars.Float64(),
    }
    columns = {
        name: polars.Series(name, [_value(row[name], kind) for row in table.rows], types[kind])
        for name, kind in table.columns.items()
    }
    for name, value in fixed.items():
        kind = types[_type(value)]
        columns[name] = polars.Series(name, [value] * len(table.rows), kind)
    return polars.DataFrame(columns)


def _type(value: Cell) -> Type:
    match value:
        case str():
            return Type.TEXT
        case int():
            return Type.WHOLE
        case float():
            return Type.NUMBER


def _value(cell: Cell, kind: Type) -> Cell | None:
    if cell == "" and kind is not Type.TEXT:
        return None
    match kind:
        case Type.TEXT:
            return str(cell)
        case Type.WHOLE:
            return int(cell)
        case Type.NUMBER:
            return float(cell)


def _same(cell: str, held: Cell | None) -> bool:
    match held:
        case None:
            return cell == ""
        case str():
            return cell == held
        case int() | float():
            return cell != "" and float(cell) == float(held)
