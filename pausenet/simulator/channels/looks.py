"""Tests that look seldom: at the end of a stretch of periods, over all that came in it.

A look is made at the rate that the periods since the last one would have had together, so that a
channel alarms as often in a year whether it looks weekly or twice. What falls between two looks is
found late; that is the price of an account over a long time.

`on_occasions` is for tests that close an account, a visit or a calibration: looks of whole blocks
only, each over one number made of the block's. What errors an occasion shares within itself (one
calibration, one estimate) is drawn anew for the next; a block that the run cuts off has no test.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from pausenet.simulator.channels.base import Magnitudes, Watched


@dataclass(frozen=True, slots=True, kw_only=True)
class Look:
    """A look at the end of the periods from `start` up to, not including, `end`."""

    start: int
    end: int
    rate: float


def looks_of(watched: Watched, every_days: float) -> tuple[Look, ...]:
    """The looks of a course, the last at its end even where less time has passed.

    A rest of less than half a stretch belongs to the look before it.
    """
    step = block_of(watched, every_days)
    ends = [*range(step, watched.periods, step), watched.periods]
    if len(ends) > 1 and 2 * (ends[-1] - ends[-2]) < step:
        del ends[-2]
    return tuple(look_at(watched, start, end) for start, end in zip((0, *ends), ends, strict=False))


def look_at(watched: Watched, start: int, end: int) -> Look:
    """One look over these periods, with their rate together."""
    return Look(start=start, end=end, rate=1.0 - (1.0 - watched.alpha) ** (end - start))


def at_looks(
    watched: Watched,
    looks: tuple[Look, ...],
    magnitudes: Magnitudes,
    power: Callable[[Look], float],
) -> tuple[float, ...]:
    """Chances that are 0 but at looks: `power` where the stretch has a trace, else the rate."""
    chances = [0.0] * watched.periods
    for look in looks:
        seen = any(magnitudes[look.start : look.end])
        chances[look.end - 1] = min(1.0, max(look.rate, power(look))) if seen else look.rate
    return tuple(chances)


def on_occasions(
    power: Callable[[float, float], float],
    watched: Watched,
    magnitudes: Magnitudes,
    *,
    every_days: float,
    over: Callable[[Sequence[float]], float],
) -> tuple[float, ...]:
    """The chances where only each whole block's last period has a test.

    `over` makes one magnitude of a block's; `power` is the chance of an alarm for it at a given
    false-alarm rate, and is asked only where there is something to see.
    """

    def at_each(value: float, alpha: float, _held: int) -> float:
        return power(value, alpha)

    return on_visits(at_each, watched, magnitudes, every_days=every_days, over=over)


def on_visits(
    power: Callable[[float, float, int], float],
    watched: Watched,
    magnitudes: Magnitudes,
    *,
    every_days: float,
    over: Callable[[Sequence[float]], float],
) -> tuple[float, ...]:
    """As `on_occasions`, for a `power` that also takes how many accelerators are declared then."""
    step = block_of(watched, every_days)
    whole = range(step, watched.periods + 1, step)
    looks = tuple(look_at(watched, end - step, end) for end in whole)
    known: dict[tuple[float, int], float] = {}

    def found(look: Look) -> float:
        place = over(magnitudes[look.start : look.end]), watched.declared(look.end - 1)
        if place[0] == 0.0:
            return look.rate
        if place not in known:
            known[place] = power(place[0], look.rate, place[1])
        return known[place]

    return at_looks(watched, looks, magnitudes, found)


def block_of(watched: Watched, every_days: float) -> int:
    """How many periods a block has: the nearest whole number, 1 at least."""
    return max(1, round(every_days / watched.period_days))


def mean(magnitudes: Sequence[float]) -> float:
    """What an account over the whole block shows."""
    return sum(magnitudes) / len(magnitudes)


def last(magnitudes: Sequence[float]) -> float:
    """What a look at the block's end shows."""
    return magnitudes[-1]
