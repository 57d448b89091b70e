"""Every root of a square system of multi-affine equations in a box, by subdivision.

A function that is linear in each coordinate alone takes its least and greatest value over a box at
corners of the box; so do its derivatives. Neumaier 1990, Interval Methods for Systems of Equations,
chapter 5, becomes short with that:

1. A box in which some equation has one sign at all corners, or some inequality is broken at all,
   holds no root and is thrown away.
2. Where the derivatives over a wider box stay so close to those of its middle that the system is
   one to one (the preconditioned matrix is within norm 1 of the identity), the box has at most one
   root, and Newton's method finds it or leaves the box.
3. Otherwise the box is cut in two along its widest side, not in the middle, so that roots at simple
   fractions do not fall on a cut.
4. A box that is still there when it is small, or after `boxes_max` boxes, is undecided: there the
   system is singular, or nearly.

Floats: a sign counts if it is beyond `_SLACK`, so that rounding throws no root away.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final, TypeAlias

import numpy as np
import numpy.typing as npt

_Floats: TypeAlias = npt.NDArray[np.float64]
_SLACK: Final = 1e-11
_CUT: Final = 0.4871
_SMALLEST: Final = 1e-5
_WIDER: Final = 0.05
_MARGIN: Final = 1 / 64
BOXES_MAX: Final = 3_000


@dataclass(frozen=True, slots=True)
class Roots:
    """The roots found, and whether there can be others."""

    found: tuple[tuple[float, ...], ...]
    complete: bool


def roots(equations: _Floats, inequalities: _Floats, boxes_max: int = BOXES_MAX) -> Roots:
    """The roots in the unit box at which every inequality is at most 0.

    `equations` has the shape (d, 2, ..., 2): each one's values at the corners of the unit box, one
    axis for each of d coordinates; `inequalities` the shape (any number, 2, ..., 2).
    """
    size = equations.shape[0]
    scale = np.max(np.abs(equations), axis=tuple(range(1, size + 1)), keepdims=True)
    height = np.max(np.abs(inequalities), axis=tuple(range(1, size + 1)), keepdims=True)
    every = np.concatenate(
        (
            equations / np.where(scale == 0.0, 1.0, scale),
            inequalities / np.where(height == 0.0, 1.0, height),
        )
    )
    for axis in range(1, size + 1):
        every = _stretched(every, axis, _MARGIN)
    todo = [(every, np.full(size, -_MARGIN), np.full(size, 1.0 + _MARGIN))]
    found: list[_Floats] = []
    complete = True
    seen = 0
    while todo:
        values, low, high = todo.pop()
        seen += 1
        if _empty(values, size):
            continue
        if seen > boxes_max or float(np.max(high - low)) < _SMALLEST:
            complete = False
            if seen > boxes_max:
                break
            continue
        single, root = _single(values[:size], low, high)
        if single:
            if root is not None and not any(np.max(np.abs(root - r)) < 1e-8 for r in found):
                found.append(root)
            continue
        todo += _halves(values, low, high)
    kept = [root for root in found if _allowed(inequalities, root)]
    ordered = sorted(tuple(float(x) for x in root) for root in kept)
    return Roots(tuple(ordered), complete)


def _allowed(inequalities: _Floats, root: _Floats) -> bool:
    """Whether no inequality is broken at a root by more than rounding."""
    here = inequalities
    for axis in range(len(root), 0, -1):
        here = np.tensordot(here, np.array([1 - root[axis - 1], root[axis - 1]]), axes=(axis, 0))
    highest = float(np.max(np.abs(inequalities), initial=1.0))
    return bool(np.all(here <= 1e-9 * highest))


def _empty(values: _Floats, size: int) -> bool:
    """Whether the signs at the corners rule every root out (step 1)."""
    flat = values.reshape(values.shape[0], -1)
    least, most = flat.min(axis=1), flat.max(axis=1)
    return bool(
        np.any(least[:size] > _SLACK)
        or np.any(most[:size] < -_SLACK)
        or np.any(least[size:] > _SLACK)
    )


def _single(values: _Floats, low: _Floats, high: _Floats) -> tuple[bool, _Floats | None]:
    """Whether the wider box has at most one root, and the root if it is in the box (step 2).

    Coordinates within the box run from 0 to 1 here.
    """
    size = values.shape[0]
    wide = values
    for axis in range(1, size + 1):
        wide = _stretched(wide, axis, _WIDER)
    spans = [
        np.diff(wide, axis=axis).reshape(size, -1) / (1 + 2 * _WIDER) for axis in range(1, size + 1)
    ]
    least = np.stack([span.min(axis=1) for span in spans], axis=1)
    most = np.stack([span.max(axis=1) for span in spans], axis=1)
    middle = (least + most) / 2
    if not np.linalg.cond(middle) < 1e8:
        return False, None
    inverse = np.linalg.inv(middle)
    if float(np.max(np.sum(np.abs(inverse) @ ((most - least) / 2), axis=1))) >= 0.99:
        return False, None
    place = np.full(size, 0.5)
    for _ in range(60):
        left, slope = _at(values, place)
        step = np.linalg.lstsq(slope, -left, rcond=None)[0]
        place = place + step
        if np.max(np.abs(place - 0.5)) > 0.5 + _WIDER:
            # Newton left the wider box: no root there, if Krawczyk's operator agrees.
            return _disjoint(values, inverse, (most - least) / 2), None
        if float(np.max(np.abs(step))) < 1e-12:
            inside = bool(np.max(np.abs(place - 0.5)) <= 0.5 + 1e-9)
            return True, (low + place * (high - low)) if inside else None
    return False, None


def _disjoint(values: _Floats, inverse: _Floats, radius: _Floats) -> bool:
    """Whether every point that could be a root lies outside the box."""
    size = values.shape[0]
    left, slope = _at(values, np.full(size, 0.5))
    centre = 0.5 - inverse @ left
    spread = np.abs(np.eye(size) - inverse @ slope) + 2 * np.abs(inverse) @ radius
    reach = np.sum(spread, axis=1) * 0.5
    return bool(np.any(np.abs(centre - 0.5) > 0.5 + reach))


def _at(values: _Floats, place: _Floats) -> tuple[_Floats, _Floats]:
    """The equations and their derivatives at a point of the box."""
    size = values.shape[0]
    slope = np.zeros((size, size))
    for k in range(size):
        part = np.diff(values, axis=k + 1)
        for axis in range(size, 0, -1):
            share = (
                np.array([1.0])
                if axis == k + 1
                else np.array([1 - place[axis - 1], place[axis - 1]])
            )
            part = np.tensordot(part, share, axes=(axis, 0))
        slope[:, k] = part
    here = values
    for axis in range(size, 0, -1):
        here = np.tensordot(here, np.array([1 - place[axis - 1], place[axis - 1]]), axes=(axis, 0))
    return here, slope


def _stretched(values: _Floats, axis: int, by: float) -> _Floats:
    """The corner values of a box made wider along an axis on both ends."""
    near, far = np.take(values, 0, axis=axis), np.take(values, 1, axis=axis)
    grown = by * (far - near)
    return np.stack((near - grown, far + grown), axis=axis)


def _halves(values: _Floats, low: _Floats, high: _Floats) -> list[tuple[_Floats, _Floats, _Floats]]:
    """Both parts of a box, cut along its widest side (step 3)."""
    widest = int(np.argmax(high - low))
    axis = widest + 1
    near, far = np.take(values, 0, axis=axis), np.take(values, 1, axis=axis)
    between = near + _CUT * (far - near)
    cut = low[widest] + _CUT * (high[widest] - low[widest])
    first, second = high.copy(), low.copy()
    first[widest] = second[widest] = cut
    return [
        (np.stack((near, between), axis=axis), low, first),
        (np.stack((between, far), axis=axis), second, high),
    ]
