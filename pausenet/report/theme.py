"""How states look, everywhere the same: a mark, a word and a colour, never colour alone.

The colours are Okabe and Ito's (Color Universal Design, 2008), which most colour-blind readers can
tell apart. The typeface of pictures is one that the renderer brings, so that what is measured and
drawn depends on no machine's fonts.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum
from typing import Final

FONT: Final = "Liberation Sans, Arial, Helvetica, sans-serif"
INK: Final = "#222222"
GREY: Final = "#666666"
PALE: Final = "#d9d9d9"
BLUE: Final = "#0072B2"
ORANGE: Final = "#E69F00"
VERMILLION: Final = "#D55E00"
GREEN: Final = "#009E73"
PURPLE: Final = "#CC79A7"
SKY: Final = "#56B4E9"
SERIES: Final = (BLUE, GREEN, PURPLE, SKY, ORANGE, VERMILLION)
"""The colours of several lines in one picture, in this order; labels stand at each line too."""
CONDITIONAL: Final = "Conditional on these assumptions; not a forecast."
_CROSS: Final = "M-1,-1L1,1M-1,1L1,-1"


@dataclass(frozen=True, slots=True, kw_only=True)
class Look:
    """A state's mark in text, its shape in a picture, its colour, and whether it is filled."""

    mark: str
    shape: str
    colour: str
    filled: bool


class State(Enum):
    """What is known of a party; its value is the word for it."""

    KEEPING = "keeping"
    UNRESOLVED = "unresolved"
    PROVEN = "proven"
    NOT_CHECKED = "not checked"

    @property
    def look(self) -> Look:
        """How it is drawn."""
        return _LOOKS[self]


_LOOKS: Final = {
    State.KEEPING: Look(mark="●", shape="circle", colour=BLUE, filled=True),
    State.UNRESOLVED: Look(mark="▲", shape="triangle-up", colour=ORANGE, filled=True),
    State.PROVEN: Look(mark="✕", shape=_CROSS, colour=VERMILLION, filled=False),
    State.NOT_CHECKED: Look(mark="◌", shape="circle", colour=GREY, filled=False),
}
