"""When to inspect unannounced: what a lab that knows the rule, and not the times, can gain.

Times run from 0 to 1 between two inspections that are certain, and n interim inspections fall
between. A violation that begins at s is detected by the next inspection; its delay is what the
lab wants long. A uniform number u from 0 to 1 enters as an input: the core draws none.

| who watches | the inspector's best rule | expected delay at most |
|---|---|---|
| a lab that sees inspections and then decides | n times, each drawn evenly | 1 / (n + 1) |
| a lab that must decide beforehand, n = 1 | density 1 / (1 - t) up to 1 - 1/e | 1/e |
| announced, equally spaced | | 1 / (n + 1), and the lab knows when it is safe |

Diamond (Minimax Policies for Unobservable Inspections, Mathematics of Operations Research 7,
1982), for any number of inspections in `pausenet.game.inspection.timing`; Avenhaus and Canty
(Playing for time: a sequential inspection game, EJOR 167, 2005). Against a lab that watches,
unannounced inspections do not shorten the expected delay of equal spacing; they take away its
certainty.
"""

from __future__ import annotations

import math
from fractions import Fraction

from pausenet.errors import Misuse


def found_in_window(slots: int, inspections: int, window: int) -> Fraction:
    """The chance that one of m slots drawn evenly out of T falls into w slots that the lab chose.

    1 - C(T - w, m) / C(T, m).

    >>> found_in_window(10, 2, 3)
    Fraction(8, 15)
    """
    if not (0 <= inspections <= slots and 0 <= window <= slots):
        raise Misuse("found_in_window: expected inspections and a window within the slots")
    return 1 - Fraction(math.perm(slots - window, inspections), math.perm(slots, inspections))


def inspections_for_window(slots: int, window: int, wanted: Fraction) -> int:
    """The fewest inspections that fall into such a window with the wanted probability."""
    for inspections in range(slots + 1):
        if found_in_window(slots, inspections, window) >= wanted:
            return inspections
    raise Misuse("inspections_for_window: expected a window of a slot at least")


def found_by(delay: float, rate: float) -> float:
    """The chance of an inspection within a delay, where they come evenly at a rate: memoryless.

    The lab learns nothing from those that were: 1 - exp(-rate x delay). Units cancel.
    """
    if not (delay >= 0.0 and rate >= 0.0):
        raise Misuse("found_by: expected a delay and a rate from 0")
    return -math.expm1(-rate * delay)


def next_time(left: int, elapsed: float, u: float) -> float:
    """When to inspect next, with `left` interim inspections left, against a lab that watches.

    The first of `left` times drawn evenly from what remains: elapsed + (1 - elapsed)(1 - (1 -
    u)^(1/left)). Whenever the lab begins, its expected delay is the same share of what remains.
    """
    if left < 1 or not (0.0 <= elapsed < 1.0 and 0.0 <= u < 1.0):
        raise Misuse("next_time: expected an inspection left and shares from 0 to below 1")
    return elapsed - (1.0 - elapsed) * math.expm1(math.log1p(-u) / left)


def delay_against_watcher(inspections: int) -> Fraction:
    """The value of the sequential game: expected delay 1 / (n + 1) of the whole time.

    v_0 = 1 and v_n = v_(n-1) / (1 + v_(n-1)).
    """
    if inspections < 0:
        raise Misuse("delay_against_watcher: expected inspections from 0")
    return Fraction(1, inspections + 1)


def single_time(u: float) -> float:
    """When to inspect the one time, against a lab that decides beforehand: 1 - exp(-u)."""
    if not 0.0 <= u <= 1.0:
        raise Misuse("single_time: expected a number from 0 to 1")
    return -math.expm1(-u)


def delay_against_committed() -> float:
    """The value of that game, 1/e: whenever the lab begins before 1 - 1/e, later is worse."""
    return math.exp(-1.0)
