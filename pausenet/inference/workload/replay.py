"""Replayed readings: a stretch that comes again to the last digit, as real noise would not.

A meter's readings are whole steps of its resolution. If a reading carries independent normal noise
of s steps, any single value has at most the chance q = 2 Phi(1 / 2s) - 1, and so have two
readings of being alike, whatever the load. Two stretches of L readings that do not overlap are
alike with at most q^L. A course of T readings has (T - 2L + 1)(T - 2L + 2) / 2 pairs of them, so

    P(some stretch of L comes again) <= pairs x q^L,

which the test keeps at or below alpha by its choice of L. Independence of the noise is what has to
be known of the meter; the load may be anything.

| symbol | here | meaning | unit |
|---|---|---|---|
| s | `noise_steps` | noise over resolution | 1 |
| q | `alike` | bound on the chance that two readings are alike | 1 |
| T, L | `readings`, `length` | of the course, of the stretch | readings |
"""

from __future__ import annotations

import math
from collections.abc import Hashable, Sequence
from fractions import Fraction
from typing import Final

from pausenet.errors import Misuse

_BILLION: Final = 10**9


def alike(noise_steps: float) -> Fraction:
    """The bound q of a meter with so much noise, rounded up to a billionth.

    >>> float(alike(2.0))
    0.197412652
    """
    if not noise_steps > 0.0:
        raise Misuse(f"alike: expected noise above 0, found {noise_steps}")
    q = math.erf(0.5 / (noise_steps * math.sqrt(2.0)))
    return Fraction(min(_BILLION, math.floor(q * _BILLION) + 1), _BILLION)


def replay_bound(readings: int, length: int, chance: Fraction) -> Fraction:
    """At most so often does some stretch of this length come again, not overlapping itself."""
    if not (length >= 1 and readings >= 0 and 0 <= chance <= 1):
        raise Misuse("replay_bound: expected a length from 1, readings from 0 and a probability")
    starts = max(0, readings - 2 * length + 1)
    return min(Fraction(1), starts * (starts + 1) // 2 * chance**length)


def replay_length(readings: int, chance: Fraction, alpha: Fraction) -> int:
    """The shortest stretch whose return raises an alarm; Misuse if the course is too short.

    >>> replay_length(10_000, alike(2.0), Fraction(1, 1000))
    16
    """
    if not 0 < alpha < 1:
        raise Misuse(f"replay_length: expected a rate between 0 and 1, found {alpha}")
    for length in range(1, readings // 2 + 1):
        if replay_bound(readings, length, chance) <= alpha:
            return length
    raise Misuse(f"replay_length: {readings} readings are too few for a rate of {alpha}")


def repeats(readings: Sequence[Hashable], length: int) -> tuple[tuple[int, int], ...]:
    """Where stretches of this length come again: the first start, and each later one.

    Only starts that lie at least `length` after the first count: overlapping ones are what a
    constant load of coarse readings makes.
    """
    if length < 1:
        raise Misuse(f"repeats: expected a length from 1, found {length}")
    seen: dict[tuple[Hashable, ...], int] = {}
    found = []
    for start in range(len(readings) - length + 1):
        stretch = tuple(readings[start : start + length])
        first = seen.setdefault(stretch, start)
        if start - first >= length:
            found.append((first, start))
    return tuple(found)


def replay_power(course: int, replayed: int, length: int) -> Fraction:
    """P(alarm) where so many readings in a row come again to the last digit: 1, or 0 if too few."""
    if not 0 <= 2 * replayed <= course:
        raise Misuse("replay_power: expected a replay that fits twice into the course")
    return Fraction(int(replayed >= length))
