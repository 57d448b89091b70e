"""Tests that are made only now and then: at the end of each account, visit or calibration.

An occasion closes a block of periods. Its test may use up the false-alarm rates of all of them,
1 - (1 - alpha)^n, so that over a year the channel keeps its rate whatever the rhythm; between
occasions it says nothing. Occasions are independent: what errors they share within one (one
calibration, one estimate) is drawn anew for the next. A block that the run cuts off has no test.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence

from pausenet.simulator.channels.base import Magnitudes, Watched


def block_of(watched: Watched, every_days: float) -> int:
    """How many periods a block has: the nearest whole number, 1 at least."""
    return max(1, round(every_days / watched.period_days))


def on_occasions(
    power: Callable[[float, float], float],
    watched: Watched,
    magnitudes: Magnitudes,
    *,
    every_days: float,
    over: Callable[[Sequence[float]], float],
) -> tuple[float, ...]:
    """The chances where only each block's last period has a test.

    `over` makes one magnitude of a block's; `power` is the chance of an alarm for it at a given
    false-alarm rate, and is asked only where there is something to see.
    """
    length = block_of(watched, every_days)
    alpha = 1.0 - (1.0 - watched.alpha) ** length
    known: dict[float, float] = {0.0: alpha}
    chances = [0.0] * len(magnitudes)
    for end in range(length, len(magnitudes) + 1, length):
        value = over(magnitudes[end - length : end])
        if value not in known:
            known[value] = min(1.0, max(alpha, power(value, alpha)))
        chances[end - 1] = known[value]
    return tuple(chances)


def mean(magnitudes: Sequence[float]) -> float:
    """What an account over the whole block shows."""
    return sum(magnitudes) / len(magnitudes)


def last(magnitudes: Sequence[float]) -> float:
    """What a look at the block's end shows."""
    return magnitudes[-1]
