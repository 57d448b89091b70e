"""The reference kernel: in which period does each channel alarm first, in one run?

Chance is a counter here, not a stream: the 64-bit draw of run r, row s and period t is

    mix(key(r) ^ mix(salt(s) + t))

with the finaliser of SplitMix64 (Steele, Lea and Flood, OOPSLA 2014) as `mix`. So any draw can be
made alone, in any order, on any number of threads, by plain Python, numpy or compiled code, and
is the same whole number. A row alarms in the first period whose draw is below its threshold, the
chance times 2^64.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Final

from pausenet.errors import Misuse
from pausenet.simulator.randomness import seed_bytes

WORD: Final = 2**64 - 1
MULTIPLIERS: Final = (0xBF58476D1CE4E5B9, 0x94D049BB133111EB)
SHIFTS: Final = (30, 27, 31)
NEVER: Final = -1


def mix(word: int) -> int:
    """The finaliser of SplitMix64: a bijection of 64-bit words.

    >>> mix(1) == mix(1), mix(1) == mix(2), mix(0)
    (True, False, 0)
    """
    word = ((word ^ (word >> SHIFTS[0])) * MULTIPLIERS[0]) & WORD
    word = ((word ^ (word >> SHIFTS[1])) * MULTIPLIERS[1]) & WORD
    return word ^ (word >> SHIFTS[2])


def key_of(seed: int) -> int:
    """A run's key: it follows from its seed by hashing."""
    return int.from_bytes(seed_bytes(seed, "channels")[:8], "big")


def salt_of(lab: str, channel: str) -> int:
    """A row's salt: other labs and channels do not change its draws."""
    return int.from_bytes(seed_bytes(0, "row", lab, channel)[:8], "big")


def thresholds(chances: Iterable[float]) -> tuple[int, ...]:
    """Chances as whole numbers: a draw below the number alarms; 1 always does."""
    found = []
    for chance in chances:
        if not 0.0 <= chance <= 1.0:
            raise Misuse(f"thresholds: expected chances, found {chance}")
        found.append(min(WORD, int(chance * 2.0**64)))
    return tuple(found)


def draw(key: int, salt: int, period: int) -> int:
    """The draw of a run, a row and a period: below 2^64 - 1 or, once in 2^64, equal to it."""
    return mix(key ^ mix((salt + period) & WORD))


def first_alarms(key: int, rows: Sequence[Sequence[int]], salts: Sequence[int]) -> tuple[int, ...]:
    """The first alarm of each row in one run; -1 where there is none."""
    if len(rows) != len(salts):
        raise Misuse("first_alarms: expected a salt a row")
    return tuple(
        next(
            (at for at, limit in enumerate(row) if draw(key, salt, at) < limit),
            NEVER,
        )
        for row, salt in zip(rows, salts, strict=True)
    )
