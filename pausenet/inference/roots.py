"""Where a monotone function crosses zero: the one root finder of the designs."""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

from pausenet.errors import Misuse

_STEPS_MAX: Final = 200


def crossing(
    function: Callable[[float], float], low: float, high: float, *, tolerance: float = 1e-10
) -> float:
    """The x between low and high at which a monotone function is 0, to within the tolerance.

    The Illinois variant of false position (Dowell and Jarratt, BIT 11, 1971): the end that stays
    twice in a row has its value halved, so that both ends close in. Raises Misuse where the
    function has one sign at both ends.

    >>> round(crossing(lambda x: x * x - 2.0, 0.0, 2.0), 9)
    1.414213562
    """
    left, right = function(low), function(high)
    if not left * right <= 0.0:
        raise Misuse(f"crossing: expected a change of sign between {low} and {high}")
    kept = 0
    for _ in range(_STEPS_MAX):
        if abs(high - low) <= tolerance * max(1.0, abs(low), abs(high)) or left == right:
            break
        middle = high - right * (high - low) / (right - left)
        value = function(middle)
        if value == 0.0:
            return middle
        if value * right > 0.0:
            high, right = middle, value
            left = 0.5 * left if kept == 1 else left
            kept = 1
        else:
            low, left = middle, value
            right = 0.5 * right if kept == -1 else right
            kept = -1
    return 0.5 * (low + high)
