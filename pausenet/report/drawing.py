"""One frame for every picture: a takeaway above, unit and n and interval below it, its source.

A picture is drawn once, from one specification, as SVG and as PNG; both have the same bytes
whenever it is drawn again with the same versions of the libraries.
"""

from __future__ import annotations

import textwrap
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final, Protocol, TypeAlias

from pausenet.report.theme import CONDITIONAL, FONT, GREY, INK, PALE, State

if TYPE_CHECKING:
    import altair

    Part: TypeAlias = altair.Chart | altair.LayerChart

Row: TypeAlias = Mapping[str, str | int | float | bool]
WIDTH: Final = 620
_TITLE_CHARS: Final = 78
_SUBTITLE_CHARS: Final = 112
_PNG_SCALE: Final = 2.0


class Sourced(Protocol):
    """Says in one line what made a picture."""

    @property
    def line(self) -> str:
        """The picture's footer."""
        ...


@dataclass(frozen=True, slots=True, kw_only=True)
class Picture:
    """A finished picture, in words what it shows, and the table beside it that has its numbers."""

    name: str
    title: str
    words: str
    numbers: str
    svg: str
    png: bytes

    def write(self, directory: Path) -> tuple[Path, Path]:
        """Write it as `<name>.svg` and `<name>.png`; where they are."""
        directory.mkdir(exist_ok=True)
        svg, png = directory / f"{self.name}.svg", directory / f"{self.name}.png"
        svg.write_text(self.svg, encoding="utf-8")
        png.write_bytes(self.png)
        return svg, png


def picture(
    chart: Part,
    *,
    name: str,
    title: str,
    subtitle: str,
    words: str,
    source: Sourced,
    numbers: str = "results.csv",
) -> Picture:
    """Put a chart into the frame and draw it."""
    import vl_convert

    spec: dict[str, Any] = _framed(chart, title, subtitle, source).to_dict()
    return Picture(
        name=name,
        title=title,
        words=words,
        numbers=numbers,
        svg=vl_convert.vegalite_to_svg(spec),
        png=vl_convert.vegalite_to_png(spec, scale=_PNG_SCALE),
    )


def layered(layers: Sequence[altair.Chart]) -> altair.LayerChart:
    """The layers over one another, the last on top."""
    import altair

    return altair.LayerChart(layer=list(layers))


def rows(values: Sequence[Row]) -> altair.InlineData:
    """Rows as a chart's own data."""
    import altair

    return altair.InlineData(values=[dict(row) for row in values])


def state_marks(data: Sequence[tuple[State, Row]], x: altair.X, y: altair.Y) -> list[altair.Chart]:
    """A layer of marks for each state that is there, every state with its own shape and colour."""
    import altair

    layers = []
    for state in State:
        own = [row for each, row in data if each is state]
        if not own:
            continue
        look = state.look
        layers.append(
            altair.Chart(rows(own))
            .mark_point(
                shape=look.shape,
                size=90,
                filled=look.filled,
                fill=look.colour if look.filled else "white",
                stroke=look.colour,
                strokeWidth=2.5 if not look.filled else 0,
                strokeDash=[2, 2] if state is State.NOT_CHECKED else [1, 0],
                opacity=1,
            )
            .encode(x=x, y=y)
        )
    return layers


def _framed(chart: Part, title: str, subtitle: str, source: Sourced) -> altair.VConcatChart:
    import altair

    whole: altair.VConcatChart
    inner = chart.properties(
        title=altair.TitleParams(
            text=textwrap.wrap(title, _TITLE_CHARS),
            subtitle=textwrap.wrap(subtitle, _SUBTITLE_CHARS),
            anchor="start",
            frame="bounds",
            fontSize=16,
            subtitleFontSize=11.5,
            subtitleColor=GREY,
            color=INK,
            offset=14,
            subtitlePadding=6,
            lineHeight=20,
            subtitleLineHeight=15,
        )
    )
    footer = altair.TitleParams(
        text=[source.line, CONDITIONAL],
        orient="bottom",
        anchor="start",
        fontSize=10,
        fontWeight="normal",
        color=GREY,
        offset=14,
        lineHeight=14,
    )
    whole = (
        altair.vconcat(inner)
        .properties(title=footer, padding={"left": 14, "right": 14, "top": 12, "bottom": 10})
        .configure(font=FONT, background="white")
        .configure_view(stroke=None)
        .configure_axis(
            labelColor=INK,
            titleColor=GREY,
            titleFontWeight="normal",
            labelFontSize=12,
            titleFontSize=11.5,
            gridColor=PALE,
            gridOpacity=0.6,
            domainColor=PALE,
            tickColor=PALE,
            labelLimit=240,
        )
    )
    return whole
