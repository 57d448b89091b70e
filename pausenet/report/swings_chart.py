"""What would change a conclusion: a bar for each assumption, over the ends of its range."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from pausenet.report.drawing import WIDTH, Picture, Row, layered, picture, rows
from pausenet.report.source import Source
from pausenet.report.theme import BLUE, GREY, INK, ORANGE

_ROW: Final = 34
_ROOM_FOR_WORDS: Final = 0.75


@dataclass(frozen=True, slots=True, kw_only=True)
class Bar:
    """One assumption: the share at the ends of its range, and in words what was varied."""

    name: str
    at_low: float
    at_high: float
    words: str


def draw_swings(
    bars: Sequence[Bar], base: float, *, title: str, subtitle: str, source: Source, numbers: str
) -> Picture:
    """The bars, what matters most first, about a line at the share as the scenario stands."""
    import altair

    order = [bar.name for bar in bars]
    data: list[Row] = [
        {"name": bar.name, "low": bar.at_low, "high": bar.at_high, "words": bar.words, "end": 1.04}
        for bar in bars
    ]
    x = altair.X(
        "low:Q",
        scale=altair.Scale(domain=[0, 1 + _ROOM_FOR_WORDS]),
        axis=altair.Axis(
            title="share of runs with a detection within the goal",
            titleAnchor="start",
            format="%",
            values=[0, 0.25, 0.5, 0.75, 1],
            domain=False,
        ),
    )
    y = altair.Y(
        "name:N",
        sort=order,
        axis=altair.Axis(title=None, domain=False, ticks=False, labelPadding=8),
    )
    table = altair.Chart(rows(data))
    layers: list[altair.Chart] = [
        table.mark_rule(color=GREY, strokeWidth=7, opacity=0.35).encode(x=x, x2="high:Q", y=y),
        table.mark_point(shape="circle", stroke=BLUE, fill="white", size=90, opacity=1).encode(
            x=x, y=y
        ),
        table.mark_point(shape="diamond", fill=ORANGE, strokeWidth=0, size=90, opacity=1).encode(
            x=altair.X("high:Q"), y=y
        ),
        altair.Chart(rows([{"low": base}]))
        .mark_rule(color=INK, strokeDash=[4, 3])
        .encode(x=altair.X("low:Q")),
        table.mark_text(align="left", color=INK, fontSize=12).encode(
            x=altair.X("end:Q"), y=y, text="words:N"
        ),
    ]
    told = "; ".join(f"{bar.name}: {bar.words}" for bar in bars)
    return picture(
        layered(layers).properties(width=0.9 * WIDTH, height=_ROW * len(bars)),
        name="swings",
        title=title,
        subtitle=subtitle,
        words=f"{title} {told}.",
        source=source,
        numbers=numbers,
    )
