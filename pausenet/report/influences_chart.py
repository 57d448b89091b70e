"""Which drawn numbers decide: a bar for each one's rank correlation, with its interval."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from pausenet.report.drawing import WIDTH, Picture, Row, layered, picture, rows
from pausenet.report.source import Source
from pausenet.report.theme import BLUE, GREY, INK, ORANGE

_ROW: Final = 34
_ROOM_FOR_WORDS: Final = 1.2


@dataclass(frozen=True, slots=True, kw_only=True)
class Pull:
    """One drawn number: its rank correlation with the outcome, and what that means in words.

    `seen` says whether it is told apart from chance.
    """

    name: str
    value: float
    low: float
    high: float
    words: str
    seen: bool


def draw_influences(
    pulls: Sequence[Pull],
    *,
    name: str,
    ends: tuple[str, str],
    title: str,
    subtitle: str,
    source: Source,
) -> Picture:
    """The bars, the strongest first, from none to both `ends`: what -1 means, and what 1 does."""
    import altair

    data: list[Row] = [
        {
            "name": pull.name,
            "value": pull.value,
            "low": pull.low,
            "high": pull.high,
            "words": pull.words,
            "colour": (ORANGE if pull.value > 0 else BLUE) if pull.seen else GREY,
            "end": 1.06,
        }
        for pull in pulls
    ]
    x = altair.X(
        "value:Q",
        scale=altair.Scale(domain=[-1, 1 + _ROOM_FOR_WORDS]),
        axis=altair.Axis(
            title=f"rank correlation (-1: {ends[0]}; 1: {ends[1]})",
            titleAnchor="start",
            values=[-1, -0.5, 0, 0.5, 1],
            domain=False,
        ),
    )
    y = altair.Y(
        "name:N",
        sort=[pull.name for pull in pulls],
        axis=altair.Axis(title=None, domain=False, ticks=False, labelPadding=8),
    )
    colour = altair.Color("colour:N", scale=None, legend=None)
    table = altair.Chart(rows(data))
    layers: list[altair.Chart] = [
        table.mark_bar(size=10, opacity=0.35).encode(x=x, x2=altair.datum(0), y=y, color=colour),
        table.mark_rule(strokeWidth=2).encode(x=altair.X("low:Q"), x2="high:Q", y=y, color=colour),
        table.mark_point(shape="circle", filled=True, size=70, opacity=1).encode(
            x=x, y=y, color=colour
        ),
        altair.Chart(rows([{"value": 0}])).mark_rule(color=INK).encode(x=x),
        table.mark_text(align="left", color=INK, fontSize=12).encode(
            x=altair.X("end:Q"), y=y, text="words:N"
        ),
    ]
    told = "; ".join(f"{pull.name}: {pull.value:.2f}, {pull.words}" for pull in pulls)
    return picture(
        layered(layers).properties(width=0.9 * WIDTH, height=_ROW * len(pulls)),
        name=name,
        title=title,
        subtitle=subtitle,
        words=f"{title} {told}.",
        source=source,
        numbers="influences.csv",
    )
