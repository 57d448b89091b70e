"""A small writer of SVG: elements with fixed digits, so that the same picture is the same bytes."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from html import escape
from typing import Final

from pausenet.errors import Misuse

Point = tuple[float, float]
INK: Final = "#222222"
GREY: Final = "#767676"
PALE: Final = "#d9d9d9"
BLUE: Final = "#0072B2"
VERMILLION: Final = "#D55E00"
GREEN: Final = "#009E73"
"""Okabe and Ito's colours, and greys."""
_SUPERSCRIPTS: Final = str.maketrans("-0123456789", "⁻⁰¹²³⁴⁵⁶⁷⁸⁹")


def element(name: str, text: str = "", /, **attributes: object) -> str:
    """One element; `_` in an attribute's name stands for `-`."""
    written = "".join(
        f' {key.replace("_", "-")}="{escape(_spelled(value))}"' for key, value in attributes.items()
    )
    return f"<{name}{written}>{escape(text)}</{name}>" if text else f"<{name}{written}/>"


def label(at: Point, text: str, /, **attributes: object) -> str:
    """A line of text."""
    return element("text", text, x=at[0], y=at[1], **attributes)


def path(points: Sequence[Point], /, **attributes: object) -> str:
    """A line through points."""
    joined = " L".join(f"{_spelled(x)},{_spelled(y)}" for x, y in points)
    return element("path", d=f"M{joined}", **attributes)


def document(size: Point, title: str, description: str, parts: Sequence[str]) -> str:
    """The whole picture, which says in words what it shows."""
    head = (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {_spelled(size[0])} '
        f'{_spelled(size[1])}" role="img" font-family="Helvetica, Arial, DejaVu Sans, sans-serif" '
        f'font-size="13" fill="{INK}">'
    )
    words = (element("title", title), element("desc", description))
    return "\n".join((head, *words, *parts, "</svg>", ""))


def power_of_ten(exponent: int) -> str:
    """10 with its exponent raised.

    >>> power_of_ten(24)
    '10²⁴'
    """
    return f"10{str(exponent).translate(_SUPERSCRIPTS)}"


@dataclass(frozen=True, slots=True, kw_only=True)
class LogScale:
    """A logarithmic axis: values from `low` to `high` on the pixels from `start` to `end`."""

    low: float
    high: float
    start: float
    end: float

    def __post_init__(self) -> None:
        if not (0.0 < self.low < self.high and self.start != self.end):
            raise Misuse("LogScale: expected 0 < low < high, and pixels between them")

    def at(self, value: float) -> float:
        """Where a value stands, beyond the ends too."""
        share = math.log(value / self.low) / math.log(self.high / self.low)
        return self.start + share * (self.end - self.start)

    def decades(self) -> tuple[int, ...]:
        """The exponents of ten within the axis."""
        first = math.ceil(math.log10(self.low) - 1e-9)
        return tuple(range(first, math.floor(math.log10(self.high) + 1e-9) + 1))


def _spelled(value: object) -> str:
    if isinstance(value, float):
        return f"{value:.2f}".rstrip("0").rstrip(".")
    return str(value)
