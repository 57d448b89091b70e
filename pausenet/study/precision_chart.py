"""The picture of `precision`: what a balance may err by, over the quantity to be found.

Both axes are logarithmic, so every fleet is a straight line. What is below a fleet's line finds
the quantity; instruments are level lines, with what they rest on.
"""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import replace
from typing import Final, TypeAlias

from pausenet import __version__
from pausenet.inference.meters import PEAK, ChipKind
from pausenet.study.precision import INSTRUMENTS, Question, precision_needed
from pausenet.study.svg import (
    BLUE,
    GREY,
    PALE,
    VERMILLION,
    LogScale,
    Point,
    document,
    element,
    label,
    path,
    power_of_ten,
)

Scales: TypeAlias = tuple[LogScale, LogScale]
_SIZE: Final = (1040.0, 640.0)
_LEFT: Final = 84.0
_RIGHT: Final = 722.0
_TOP: Final = 104.0
_BOTTOM: Final = 512.0
_FLEETS: Final = (10_000.0, 100_000.0, 1_000_000.0, 10_000_000.0)
_NEAR: Final = 1.4
_LABEL_OFF: Final = 3.6
_LABEL_LAST: Final = 0.9
_CROWDED: Final = 40.0
_ROOM: Final = 165.0
_APART: Final = 15.0
_HALO: Final = {"paint_order": "stroke", "stroke": "#ffffff", "stroke_width": "4"}


def chart(question: Question, *, repeat: str) -> str:
    """The picture as SVG; `repeat` is the command that draws it, for the footer."""
    needed = precision_needed(question)
    across, up = _scales(question, needed)
    title = (
        f"{_count(question.h100e)} H100e over {question.days:g} days: to find "
        f"{_flop(question.cap_flop)} FLOP, the balance may err by {100 * needed:.2g} %"
    )
    subtitle = (
        "Relative standard deviation that the balance of a whole fleet may have, "
        f"{100 * (1 - question.beta):g} % detection, {100 * question.alpha:g} % false alarms, "
        f"utilisation {question.utilisation:g}"
    )
    parts = [
        element("rect", width=_SIZE[0], height=_SIZE[1], fill="#ffffff"),
        label((_LEFT - 60, 34.0), title, font_size="19", font_weight="bold"),
        label((_LEFT - 60, 58.0), subtitle, fill=GREY),
        *_axes(across, up),
        *_fleets(question, across, up),
        *_instruments(up),
        *_asked(question, needed, across, up),
        *_footer(question, repeat),
    ]
    return document(_SIZE, title, subtitle, parts)


def _scales(question: Question, needed: float) -> tuple[LogScale, LogScale]:
    """Axes of whole decades that hold the asked point with a decade around it."""
    cap, sigma = math.log10(question.cap_flop), math.log10(needed)
    across = LogScale(
        low=10.0 ** min(22, math.floor(cap) - 1),
        high=10.0 ** max(28, math.ceil(cap) + 1),
        start=_LEFT,
        end=_RIGHT,
    )
    up = LogScale(
        low=10.0 ** min(-5, math.floor(sigma) - 1),
        high=10.0 ** max(0, math.ceil(sigma)),
        start=_BOTTOM,
        end=_TOP,
    )
    return across, up


def _axes(across: LogScale, up: LogScale) -> Iterator[str]:
    for exponent in across.decades():
        x = across.at(10.0**exponent)
        yield path([(x, _TOP), (x, _BOTTOM)], stroke=PALE, stroke_width=0.6)
        yield label((x, _BOTTOM + 20), power_of_ten(exponent), text_anchor="middle", fill=GREY)
    for exponent in up.decades():
        y = up.at(10.0**exponent)
        yield path([(_LEFT, y), (_RIGHT, y)], stroke=PALE, stroke_width=0.6)
        percent = f"{100 * 10.0**exponent:.10f}".rstrip("0").rstrip(".")
        yield label((_LEFT - 8, y + 4), f"{percent} %", text_anchor="end", fill=GREY)
    middle = 0.5 * (_LEFT + _RIGHT)
    named = "Covert training that is to be found, FLOP"
    yield label((middle, _BOTTOM + 44), named, text_anchor="middle")


def _fleets(question: Question, across: LogScale, up: LogScale) -> Iterator[str]:
    crowded = precision_needed(question) > up.high / _CROWDED
    at_sigma = _LABEL_OFF * up.low if crowded else up.high / _LABEL_OFF
    others = [each for each in _FLEETS if not 1 / _NEAR < each / question.h100e < _NEAR]
    for fleet in others:
        other = replace(question, h100e=fleet)
        yield from _line(other, (across, up), at_sigma, (GREY, 1.1), _count(fleet))
    ends = _ends(question, across, up)
    if ends:
        (start, _), (_, top) = ends
        edge = [(_RIGHT, top), (_RIGHT, _BOTTOM), (start, _BOTTOM)]
        yield path([*ends, *edge], fill=BLUE, fill_opacity="0.07")
    named = f"{_count(question.h100e)} H100e"
    yield from _line(question, (across, up), at_sigma, (BLUE, 2.6), named)
    inside = (_RIGHT - 14, _BOTTOM - 14)
    yield label(inside, "precise enough for this fleet", text_anchor="end", fill=BLUE, **_HALO)
    outside = (_LEFT + 14, _TOP + 22)
    yield label(outside, "too coarse for this fleet", fill=GREY)


def _line(
    question: Question, scales: Scales, at_sigma: float, look: tuple[str, float], named: str
) -> Iterator[str]:
    (across, up), (colour, width) = scales, look
    ends = _ends(question, across, up)
    if not ends:
        return
    (x1, y1), (x2, y2) = ends
    yield path(ends, stroke=colour, stroke_width=width, fill="none")
    wanted = up.at(at_sigma)
    along = min(_LABEL_LAST, max(1 - _LABEL_LAST, (wanted - y1) / (y2 - y1)))
    x, y = x1 + along * (x2 - x1), y1 + along * (y2 - y1)
    angle = math.degrees(math.atan2(y2 - y1, x2 - x1))
    turn = f"rotate({angle:.1f} {x:.1f} {y:.1f})"
    weight = "bold" if colour == BLUE else "normal"
    style = {"fill": colour, "font_weight": weight, "text_anchor": "middle", **_HALO}
    yield label((x, y - 5), named, transform=turn, **style)


def _ends(question: Question, across: LogScale, up: LogScale) -> tuple[Point, ...]:
    """Where the fleet's line enters and leaves the picture; empty where it never does."""
    per_flop = precision_needed(question) / question.cap_flop
    low = max(across.low, up.low / per_flop)
    high = min(across.high, up.high / per_flop)
    if low >= high:
        return ()
    return tuple((across.at(flop), up.at(per_flop * flop)) for flop in (low, high))


def _instruments(up: LogScale) -> Iterator[str]:
    last = _TOP - _APART
    for each in INSTRUMENTS:
        if not up.low <= each.sigma <= up.high:
            continue
        y = up.at(each.sigma)
        beside = max(y, last + _APART)
        last = beside
        yield path(
            [(_LEFT, y), (_RIGHT, y)],
            stroke=VERMILLION,
            stroke_width=1.1,
            stroke_dasharray="6 4",
        )
        yield path([(_RIGHT, y), (_RIGHT + 12, beside)], stroke=VERMILLION, stroke_width=0.8)
        text = f"{100 * each.sigma:.2g} %  {each.name} [{each.standing}]"
        yield label((_RIGHT + 16, beside + 4), text, fill=VERMILLION, font_size="12")


def _asked(question: Question, needed: float, across: LogScale, up: LogScale) -> Iterator[str]:
    x, y = across.at(question.cap_flop), up.at(needed)
    yield path(
        [(x, _BOTTOM), (x, y), (_LEFT, y)],
        stroke=BLUE,
        stroke_width=1.0,
        stroke_dasharray="2 3",
        fill="none",
    )
    yield element("circle", cx=x, cy=y, r=6.0, fill=BLUE, stroke="#ffffff", stroke_width=1.5)
    text = f"{_flop(question.cap_flop)} FLOP: {100 * needed:.2g} %"
    right = x + _ROOM < _RIGHT
    at = (x + 12, y + 18) if right else (x - 12, y - 10)
    anchor = "start" if right else "end"
    yield label(at, text, fill=BLUE, font_weight="bold", text_anchor=anchor, **_HALO)


def _footer(question: Question, repeat: str) -> Iterator[str]:
    peak = PEAK[ChipKind.H100_SXM]
    said = (
        "A meter is one term of the balance: what is fine enough alone may not be with the rest. "
        "Labels swapped, spread and undeclared training leave it untouched.",
        f"Peak of an H100 {peak.value / 1e12:g} TFLOP/s [{peak.standing}]; utilisation "
        f"{question.utilisation:g} [assumption]; fleet, days, cap, alpha and beta as asked. "
        "Conditional on these assumptions; not a forecast.",
        f"pausenet {__version__}. Repeat: {repeat}",
    )
    for number, line in enumerate(said):
        at = (_LEFT - 60, _BOTTOM + 78.0 + 18.0 * number)
        yield label(at, line, fill=GREY, font_size="11.5")


def _flop(value: float) -> str:
    """A count of operations as people write it: a power of ten, with its factor if it has one."""
    exponent = math.floor(math.log10(value) + 1e-12)
    factor = value / 10.0**exponent
    power = power_of_ten(exponent)
    return power if abs(factor - 1.0) < 1e-9 else f"{factor:.3g} x {power}"


def _count(fleet: float) -> str:
    millions = f"{fleet / 1e6:g}"
    return f"{millions} million" if fleet >= 1e6 and len(millions) <= 4 else f"{fleet:,.0f}"
