"""The pictures of games: lines, bars and heat maps, from what a model answers with."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import TYPE_CHECKING, Final

from pausenet import __version__
from pausenet.errors import Misuse
from pausenet.game.answer import Axis, Bars, Drawn, Heat, Lines, Series
from pausenet.report.drawing import WIDTH, Picture, Row, layered, picture, rows
from pausenet.report.theme import BLUE, GREY, INK, PALE, SERIES

if TYPE_CHECKING:
    import altair

_HEIGHT: Final = 300
_ROW: Final = 34
_NAMES: Final = 190
_NAMED_MAX: Final = 12


@dataclass(frozen=True, slots=True, kw_only=True)
class GameSource:
    """What made a picture of a game: the model, what was chosen, this program's version."""

    game: str
    chosen: str

    @property
    def line(self) -> str:
        """The footer of the picture."""
        said = f"; {self.chosen}" if self.chosen else "; defaults"
        return f"Source: pausenet {__version__}; game {self.game}{said}"


def draw(drawn: Drawn, *, name: str, source: GameSource) -> Picture:
    """Draw what a model answered with."""
    match drawn:
        case Lines():
            chart = _lines(drawn)
        case Bars():
            chart = _bars(drawn)
        case Heat():
            chart = _heat(drawn)
    words = f"{drawn.title} {drawn.subtitle}"
    return picture(
        chart, name=name, title=drawn.title, subtitle=drawn.subtitle, words=words, source=source
    )


def _lines(drawn: Lines) -> altair.LayerChart:
    import altair

    x, y = _axes(drawn.x, drawn.y, bare=drawn.bare)
    lines = [series for series in drawn.series if series.name]
    named = [(series, SERIES[number % len(SERIES)]) for number, series in enumerate(lines)]
    if len(named) > _NAMED_MAX:
        raise Misuse(f"{drawn.title}: {len(named)} named lines; a picture has {_NAMED_MAX} at most")
    layers: list[altair.Chart] = []
    for series in drawn.series:
        if not series.name:
            layers += _series(series, BLUE, x, y)
    for series, colour in named:
        layers += _series(series, colour, x, y)
    if named:
        layers += _names(drawn, named, x, y)
    for mark in drawn.marks:
        point = altair.Chart(rows([{"x": float(mark.x), "y": float(mark.y), "words": mark.words}]))
        layers.append(point.mark_point(filled=True, fill=INK, size=60, opacity=1).encode(x=x, y=y))
        layers.append(
            point.mark_text(align="left", dx=8, dy=-8, color=INK, fontSize=11.5).encode(
                x=x, y=y, text="words:N"
            )
        )
    return layered(layers).properties(width=WIDTH - (_NAMES if named else 0), height=_HEIGHT)


def _series(series: Series, colour: str, x: altair.X, y: altair.Y) -> list[altair.Chart]:
    import altair

    points: list[Row] = [
        {"x": float(a), "y": float(b), "step": step} for step, (a, b) in enumerate(series.points)
    ]
    base = altair.Chart(rows(points))
    if len(points) == 1:
        return [base.mark_point(filled=True, fill=colour, size=70, opacity=1).encode(x=x, y=y)]
    return [
        base.mark_line(
            color=PALE if series.faint else colour,
            strokeWidth=1.2 if series.faint else 2.5,
            strokeDash=[5, 4] if series.dashed else [1, 0],
            interpolate="step-after" if series.steps else "linear",
        ).encode(x=x, y=y, order="step:Q")
    ]


def _names(
    drawn: Lines, named: Sequence[tuple[Series, str]], x: altair.X, y: altair.Y
) -> list[altair.Chart]:
    """Each line's name to the right of the picture, moved apart where two would overlap."""
    import altair

    ends = [float(series.points[-1][1]) for series, _ in named]
    every = [float(b) for series in drawn.series for _, b in series.points]
    low = float(drawn.y.low) if drawn.y.low is not None else min(every)
    high = float(drawn.y.high) if drawn.y.high is not None else max(every)
    places = _apart([min(max(end, low), high) for end in ends], low, high, drawn.y.logarithmic)
    right = max(float(series.points[-1][0]) for series in drawn.series)
    layers = []
    for (series, colour), place in zip(named, places, strict=True):
        label: list[Row] = [{"x": right, "y": place, "words": series.name}]
        layers.append(
            altair.Chart(rows(label))
            .mark_text(
                align="left",
                dx=8,
                color=colour,
                fontSize=12,
                fontWeight="bold",
                limit=_NAMES - 12,
            )
            .encode(x=x, y=y, text="words:N")
        )
    return layers


def _apart(values: list[float], low: float, high: float, logarithmic: bool) -> list[float]:
    """The values, moved so far apart that labels beside them can be read.

    >>> _apart([0.5, 0.5], 0.0, 1.0, False)
    [0.5, 0.44]
    """
    if logarithmic or high <= low:
        return values
    least = 0.06 * (high - low)
    placed = list(values)
    above = float("inf")
    for place in sorted(range(len(placed)), key=lambda each: (-placed[each], each)):
        placed[place] = round(min(placed[place], above - least), 9)
        above = placed[place]
    lowest = min(placed)
    lift = max(0.0, low - lowest)
    return [round(value + lift, 9) for value in placed]


def _bars(drawn: Bars) -> altair.LayerChart:
    import altair

    order = [bar.name for bar in drawn.bars]
    data: list[Row] = [
        {"name": bar.name, "value": float(bar.value), "words": bar.words} for bar in drawn.bars
    ]
    high = max((float(bar.value) for bar in drawn.bars), default=1.0)
    shown = drawn.x if drawn.x.high is not None else _to(drawn.x, 1.35 * high if high > 0 else 1.0)
    x = altair.X("value:Q", scale=_scale(shown), axis=_axis(shown))
    y = altair.Y("name:N", sort=order, axis=altair.Axis(title=None, domain=False, ticks=False))
    base = altair.Chart(rows(data))
    layers = [
        base.mark_bar(color=BLUE, height={"band": 0.6}).encode(x=x, y=y),
        base.mark_text(align="left", dx=6, color=INK, fontSize=12).encode(x=x, y=y, text="words:N"),
    ]
    return layered(layers).properties(width=WIDTH * 0.75, height=_ROW * len(drawn.bars))


def _to(axis: Axis, high: float) -> Axis:
    return Axis(title=axis.title, low=axis.low or 0, high=high, percent=axis.percent)


def _heat(drawn: Heat) -> altair.LayerChart:
    import altair

    xs, ys = [float(v) for v in drawn.xs], [float(v) for v in drawn.ys]
    left, top = _edges(xs), _edges(ys)
    data: list[Row] = [
        {"x": left[j], "x2": left[j + 1], "y": top[i], "y2": top[i + 1], "value": float(value)}
        for i, row in enumerate(drawn.values)
        for j, value in enumerate(row)
    ]
    x = altair.X("x:Q", scale=_spread(left), axis=_axis(drawn.x))
    y = altair.Y("y:Q", scale=_spread(top), axis=_axis(drawn.y))
    colour = altair.Color(
        "value:Q",
        scale=altair.Scale(scheme="cividis", domain=_domain(drawn.colour, data)),
        legend=altair.Legend(
            title=drawn.colour.title, format="%" if drawn.colour.percent else ".3~g"
        ),
    )
    layers = [
        altair.Chart(rows(data)).mark_rect().encode(x=x, x2="x2:Q", y=y, y2="y2:Q", color=colour)
    ]
    for series in drawn.lines:
        layers += _series(series, "white", x, y)
        end: list[Row] = [
            {
                "x": float(series.points[-1][0]),
                "y": float(series.points[-1][1]),
                "words": series.name,
            }
        ]
        # Dark words with a white edge can be read on any colour of the map.
        for look in ({"stroke": "white", "strokeWidth": 4}, {"color": INK}):
            layers.append(
                altair.Chart(rows(end))
                .mark_text(align="right", dx=-4, dy=-8, fontSize=11.5, **look)
                .encode(x=x, y=y, text="words:N")
            )
    return layered(layers).properties(width=WIDTH - 120, height=_HEIGHT)


def _edges(values: list[float]) -> list[float]:
    """The bounds between the cells of a grid, half a step beyond its ends.

    >>> _edges([1.0, 2.0, 3.0])
    [0.5, 1.5, 2.5, 3.5]
    """
    if len(values) == 1:
        return [values[0] - 0.5, values[0] + 0.5]
    inner = [(a + b) / 2 for a, b in pairwise(values)]
    return [2 * values[0] - inner[0], *inner, 2 * values[-1] - inner[-1]]


def _spread(edges: list[float]) -> altair.Scale:
    import altair

    return altair.Scale(domain=[edges[0], edges[-1]], nice=False, zero=False)


def _domain(axis: Axis, data: list[Row]) -> list[float]:
    found = [float(row["value"]) for row in data]
    low = float(axis.low) if axis.low is not None else min(found)
    high = float(axis.high) if axis.high is not None else max(found)
    return [low, high]


def _axes(first: Axis, second: Axis, *, bare: bool) -> tuple[altair.X, altair.Y]:
    import altair

    x = altair.X("x:Q", scale=_scale(first), axis=None if bare else _axis(first))
    y = altair.Y("y:Q", scale=_scale(second), axis=None if bare else _axis(second))
    return x, y


def _scale(axis: Axis) -> altair.Scale:
    import altair

    scale = altair.Scale(
        type="log" if axis.logarithmic else "linear",
        zero=False,
        nice=axis.low is None or axis.high is None,
    )
    if axis.low is not None:
        scale.domainMin = float(axis.low)
    if axis.high is not None:
        scale.domainMax = float(axis.high)
    return scale


def _axis(axis: Axis) -> altair.Axis:
    import altair

    return altair.Axis(
        title=axis.title,
        format="%" if axis.percent else ".3~g",
        titleColor=GREY,
        tickCount=6,
    )
