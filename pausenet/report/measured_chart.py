"""The pictures of many runs: how much is found by when, and how often with its false alarms."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from pausenet.report.drawing import WIDTH, Picture, Row, layered, picture, rows
from pausenet.report.source import Source
from pausenet.report.theme import BLUE, GREY, INK, ORANGE, SERIES

if TYPE_CHECKING:
    import altair

_HEIGHT: Final = 260
_ROW: Final = 40
_TICKS_MAX: Final = 12
_ROOM_FOR_WORDS: Final = 0.3


@dataclass(frozen=True, slots=True, kw_only=True)
class Curve:
    """An evader's share found by each day, with its limits; the first point is that of day 0."""

    party: str
    words: str
    days: Sequence[float]
    found: Sequence[float]
    low: Sequence[float]
    high: Sequence[float]


@dataclass(frozen=True, slots=True, kw_only=True)
class Share:
    """One share with its interval; `false` says whether it is of false findings."""

    name: str
    value: float
    low: float
    high: float
    words: str
    false: bool


def draw_delays(
    curves: Sequence[Curve],
    *,
    title: str,
    subtitle: str,
    goal_days: float,
    last_day: float,
    source: Source,
) -> Picture:
    """The share of runs with a finding, by days since each evasion began."""
    import altair

    x = altair.X(
        "day:Q",
        scale=altair.Scale(domain=[0, last_day * (1 + _ROOM_FOR_WORDS)], nice=False),
        axis=altair.Axis(
            title="days since the evasion began",
            titleAnchor="start",
            grid=False,
            values=_ticks(last_day),
        ),
    )
    percent = altair.Axis(title=None, format="%", values=[0, 0.25, 0.5, 0.75, 1], domain=False)
    y = altair.Y("found:Q", scale=altair.Scale(domain=[0, 1]), axis=percent)
    layers: list[altair.Chart] = [
        altair.Chart(rows([{"day": goal_days}]))
        .mark_rule(color=GREY, strokeDash=[4, 3])
        .encode(x=x),
        altair.Chart(rows([{"day": goal_days, "found": 1.0, "words": f"goal: {goal_days:g} days"}]))
        .mark_text(align="right", dx=-5, dy=-8, color=GREY, fontSize=11)
        .encode(x=x, y=y, text="words:N"),
    ]
    ends = _apart([curve.found[-1] for curve in curves], 0.08)
    for number, (curve, end) in enumerate(zip(curves, ends, strict=True)):
        layers += _curve(curve, SERIES[number % len(SERIES)], end, last_day, x, y)
    told = "; ".join(f"{curve.party}: {curve.words}" for curve in curves)
    return picture(
        layered(layers).properties(width=WIDTH, height=_HEIGHT),
        name="delays",
        title=title,
        subtitle=subtitle,
        words=f"{title} {told}.",
        source=source,
        numbers="delays.csv",
    )


def _curve(
    curve: Curve, colour: str, end: float, last_day: float, x: altair.X, y: altair.Y
) -> list[altair.Chart]:
    import altair

    points: list[Row] = [
        {"day": day, "found": found, "low": low, "high": high}
        for day, found, low, high in zip(
            curve.days, curve.found, curve.low, curve.high, strict=True
        )
    ]
    points.append({**points[-1], "day": last_day})
    base = altair.Chart(rows(points))
    name: list[Row] = [{"day": last_day, "found": end, "words": f"{curve.party}: {curve.words}"}]
    return [
        base.mark_area(color=colour, opacity=0.15, interpolate="step-after").encode(
            x=x, y=altair.Y("low:Q"), y2="high:Q"
        ),
        base.mark_line(color=colour, strokeWidth=2.5, interpolate="step-after").encode(x=x, y=y),
        altair.Chart(rows(name))
        .mark_text(align="left", dx=8, color=INK, fontSize=12, limit=WIDTH * 0.27)
        .encode(x=x, y=y, text="words:N"),
    ]


def draw_shares(shares: Sequence[Share], *, title: str, subtitle: str, source: Source) -> Picture:
    """Shares of runs with their intervals, findings beside false findings."""
    import altair

    order = [share.name for share in shares]
    data: list[Row] = [
        {
            "name": share.name,
            "value": share.value,
            "low": share.low,
            "high": share.high,
            "words": share.words,
            "end": 1.04,
        }
        for share in shares
    ]
    x = altair.X(
        "value:Q",
        scale=altair.Scale(domain=[0, 1 + 2 * _ROOM_FOR_WORDS]),
        axis=altair.Axis(
            title="share of runs",
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
    layers: list[altair.Chart] = []
    for false, colour, shape in ((False, BLUE, "circle"), (True, ORANGE, "diamond")):
        own = [row for row, share in zip(data, shares, strict=True) if share.false is false]
        if own:
            base = altair.Chart(rows(own))
            layers += [
                base.mark_rule(color=colour, strokeWidth=3, opacity=0.55).encode(
                    x=altair.X("low:Q"), x2="high:Q", y=y
                ),
                base.mark_point(
                    shape=shape, fill=colour, strokeWidth=0, size=110, opacity=1
                ).encode(x=x, y=y),
            ]
    layers.append(
        altair.Chart(rows(data))
        .mark_text(align="left", color=INK, fontSize=12)
        .encode(x=altair.X("end:Q"), y=y, text="words:N")
    )
    told = "; ".join(f"{share.name}: {share.words}" for share in shares)
    return picture(
        layered(layers).properties(width=0.85 * WIDTH, height=_ROW * len(shares)),
        name="shares",
        title=title,
        subtitle=subtitle,
        words=f"{title} {told}.",
        source=source,
    )


def _ticks(last: float) -> list[int]:
    """Whole days up to the last, a dozen at most.

    >>> _ticks(22.4), _ticks(3.0)
    ([0, 2, 4, 6, 8, 10, 12, 14, 16, 18, 20, 22], [0, 1, 2, 3])
    """
    step = next(
        step for step in (1, 2, 5, 7, 14, 30, 60, 90, 180, 365, 3650) if last / step <= _TICKS_MAX
    )
    return list(range(0, int(last) + 1, step))


def _apart(values: Sequence[float], least: float) -> list[float]:
    """The values, moved down where two labels would stand on one another.

    >>> _apart([0.9, 0.9, 0.2], 0.1)
    [0.9, 0.8, 0.2]
    """
    placed = list(values)
    above = float("inf")
    for place in sorted(range(len(placed)), key=lambda each: (-placed[each], each)):
        placed[place] = round(min(placed[place], above - least), 6)
        above = placed[place]
    return placed
