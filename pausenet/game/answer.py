"""What a model answers with: a sentence, tables, a picture, and values that say what is not there.

No answer is `None`, `False` or a silent NaN. Where nothing satisfies what was asked the answer is
`Infeasible`; where a search ended without success it is `NotFound`; both say why.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from typing import TypeAlias

from pausenet.errors import Misuse

Number: TypeAlias = Fraction | float
"""An exact number, or a float64 with a stated tolerance."""


@dataclass(frozen=True, slots=True)
class Infeasible:
    """Nothing can satisfy what was asked; `why` is a sentence without a full stop."""

    why: str

    def __str__(self) -> str:
        return f"infeasible: {self.why}"


@dataclass(frozen=True, slots=True)
class NotFound:
    """A search ended within its limits without an answer: there may be one."""

    why: str

    def __str__(self) -> str:
        return f"not found: {self.why}"


Cell: TypeAlias = str | int | Fraction | float | Infeasible | NotFound


@dataclass(frozen=True, slots=True, kw_only=True)
class Column:
    """A column's name and its unit (`1` for a pure number, empty for words)."""

    name: str
    unit: str = ""

    @property
    def head(self) -> str:
        """As it stands over the column."""
        return self.name if self.unit in ("", "1") else f"{self.name} ({self.unit})"


@dataclass(frozen=True, slots=True, kw_only=True)
class Table:
    """Rows under named columns. Raises `Misuse` for a row of another length, or a NaN."""

    title: str
    columns: tuple[Column, ...]
    rows: tuple[tuple[Cell, ...], ...]

    def __post_init__(self) -> None:
        for row in self.rows:
            if len(row) != len(self.columns):
                raise Misuse(f"{self.title}: a row of {len(row)} for {len(self.columns)} columns")
            if any(isinstance(cell, float) and math.isnan(cell) for cell in row):
                raise Misuse(f"{self.title}: a row holds a number that is none")


@dataclass(frozen=True, slots=True, kw_only=True)
class Axis:
    """What an axis measures, and in what unit; `logarithmic` only where all values are above 0."""

    title: str
    low: float | Fraction | int | None = None
    high: float | Fraction | int | None = None
    percent: bool = False
    logarithmic: bool = False


Points: TypeAlias = tuple[tuple[Number | int, Number | int], ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Series:
    """A line of a picture, through its points in their order; an empty name is not shown.

    Steps stay level up to the next point. A faint line is there for the eye alone.
    """

    name: str
    points: Points
    dashed: bool = False
    steps: bool = False
    faint: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Mark:
    """A single point of a picture, with its words beside it."""

    x: Number | int
    y: Number | int
    words: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Lines:
    """Lines and marks over two axes. `title` is the takeaway, `subtitle` says what is drawn.

    A `bare` picture shows no axes: a plane of its own, such as a simplex.
    """

    title: str
    subtitle: str
    x: Axis
    y: Axis
    series: tuple[Series, ...]
    marks: tuple[Mark, ...] = ()
    bare: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Bar:
    """One bar, from 0, with its words after its end."""

    name: str
    value: Number | int
    words: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Bars:
    """Bars, one below the other in the order given."""

    title: str
    subtitle: str
    x: Axis
    bars: tuple[Bar, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Heat:
    """A value for each cell of a grid: `values[i][j]` belongs to `ys[i]` and `xs[j]`.

    `lines` are drawn over it, in the same axes. Raises `Misuse` for another shape.
    """

    title: str
    subtitle: str
    x: Axis
    y: Axis
    colour: Axis
    xs: tuple[Number, ...]
    ys: tuple[Number, ...]
    values: tuple[tuple[Number, ...], ...]
    lines: tuple[Series, ...] = ()

    def __post_init__(self) -> None:
        if len(self.values) != len(self.ys) or any(len(row) != len(self.xs) for row in self.values):
            raise Misuse(f"{self.title}: values must be one for each x and y")


Drawn: TypeAlias = Lines | Bars | Heat


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """What a model says for the parameters chosen.

    `sentence` is the finding in plain words, `not_shown` what it leaves out. `hand_check` is a
    closed form with at most six inputs and its result, or empty where the answer is one itself.
    """

    sentence: str
    not_shown: str
    tables: tuple[Table, ...]
    picture: Drawn
    hand_check: str = ""

    def __post_init__(self) -> None:
        if not (self.sentence.endswith(".") and self.not_shown.endswith(".") and self.tables):
            raise Misuse("Answer: expected two sentences that end with a full stop, and a table")


def spelled(cell: Cell) -> str:
    """A cell as people read it: halves to twentieths as fractions, the rest as decimals.

    A float this near to 0 is what rounding left of it.

    >>> spelled(Fraction(1, 3)), spelled(0.123456789), spelled(7), spelled(Infeasible("too weak"))
    ('1/3', '0.123457', '7', 'infeasible: too weak')
    >>> spelled(Fraction(4001, 4100)), spelled(8.9e-16)
    ('0.975854', '0')
    """
    if isinstance(cell, float):
        return "0" if abs(cell) <= _NOTHING else f"{cell:.6g}"
    if isinstance(cell, Fraction) and cell.denominator > _LARGEST_DENOMINATOR:
        return decimal(cell)
    return str(cell)


def decimal(value: Fraction) -> str:
    """A fraction in six digits, however large or small it is.

    >>> decimal(Fraction(-1, 3)), decimal(Fraction(2, 10**6))
    ('-0.333333', '2e-06')
    """
    try:
        return f"{float(value):.6g}"
    except OverflowError:
        return f"{Decimal(value.numerator) / Decimal(value.denominator):.6g}"


def counted(count: int, one: str, many: str = "") -> str:
    """So many of them, in the singular or the plural.

    >>> counted(1, "inspection"), counted(2, "inspection"), counted(0, "balance")
    ('1 inspection', '2 inspections', '0 balances')
    """
    return f"{count} {one if count == 1 else many or one + 's'}"


_LARGEST_DENOMINATOR = 20
_NOTHING = 1e-12
