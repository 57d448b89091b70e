"""The reference kernel: in which period does each channel alarm first, in one run?

Chance is a counter here, not a stream: the 64-bit draw of run r, row s and period t is

    mix(key(r) ^ mix(salt(s) + t))

with the finaliser of SplitMix64 (Steele, Lea and Flood, OOPSLA 2014) as `mix`. So any draw can be
made alone, in any order, on any number of threads, by plain Python, numpy or compiled code, and
is the same whole number. A row alarms in the first period whose draw is below its threshold, the
chance times 2^64.

A balance is the power account of one lab (`inference.series`): a meter reads

    M = T (1 + r z + s z'),    T (1 - h) declared,    so    y = x + (1 + x) (r z + s z'),

where h is hidden, x = h / (1 - h), z is new in each period and z' in each calibration. From y on
it is the arithmetic of the rules, in float64: the same to a thousandth of a sigma.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Final

from pausenet.errors import Misuse
from pausenet.inference.balance import MeterError
from pausenet.inference.counter import WORD, mix
from pausenet.inference.series import Foretold, Limits
from pausenet.simulator.kernels.table import SHIFT, deviates
from pausenet.simulator.randomness import seed_bytes

NEVER: Final = -1
CALIBRATIONS: Final = 1 << 32
"""A calibration's draws stand so far behind those of the periods."""
_PPB: Final = 1e9
PPM: Final = 1e6


@dataclass(frozen=True, slots=True, kw_only=True)
class BalancePlan:
    """One lab's power account: what is hidden, and how the meter errs.

    `excess` is x above, by period; balances begin with period `first`. Errors are those that the
    agreement states, and the meter has them.
    """

    excess: tuple[float, ...]
    first: int
    error: MeterError
    every: int
    limits: Limits

    @property
    def numbers(self) -> tuple[float, ...]:
        """The errors r and s, the cut of what a balance says of both, and the tests' limits."""
        shape, limits = Foretold(self.error, self.every), self.limits
        return (
            math.sqrt(shape.r2) / PPM,
            math.sqrt(shape.s2) / PPM,
            float(shape.cut),
            float(limits.row_milli),
            float(limits.value_max_milli),
            float(limits.large.reference_milli),
            float(limits.large.limit_milli),
            float(limits.small.reference_milli),
            float(limits.small.limit_milli),
        )

    @property
    def steps(self) -> tuple[Step, ...]:
        """What the periods from `first` on have in common over all runs."""
        shape, found = Foretold(self.error, self.every), []
        count, block = 0, -1
        for at in range(self.first, len(self.excess)):
            anew = (at - self.first) % self.limits.periods == 0
            now = at // self.every if self.every else 0
            calibrated = anew or now != block
            count, block = 0 if calibrated else count + 1, now
            a = float(shape.r2 + count * shape.s2)
            root = math.sqrt(shape.r2 * a * (a + shape.s2))
            found.append(
                Step(
                    period=at,
                    calibration=now,
                    anew=anew,
                    calibrated=calibrated,
                    excess=self.excess[at],
                    of_balance=a / root,
                    of_calibration=shape.s2 / root,
                )
            )
        return tuple(found)


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    """One period of a balance: whether series and calibration begin, and the two weights.

    The value is `of_balance` y less `of_calibration` times the sum of y since the calibration.
    """

    period: int
    calibration: int
    anew: bool
    calibrated: bool
    excess: float
    of_balance: float
    of_calibration: float


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


def first_imbalance(key: int, salt: int, plan: BalancePlan) -> int:
    """The period in which the tests of the rules alarm first in one run; -1 where they do not."""
    r, s, cut, row, value_max, k_large, h_large, k_small, h_small = plan.numbers
    z = deviates()
    total = steady = before = large = small = 0.0
    for step in plan.steps:
        if step.anew:
            before = large = small = 0.0
        if step.calibrated:
            total = 0.0
            steady = s * z[draw(key, salt, CALIBRATIONS + step.calibration) >> SHIFT]
        error = r * z[draw(key, salt, step.period) >> SHIFT] + steady
        y = math.floor((step.excess + (1.0 + step.excess) * error) * _PPB)
        value = math.trunc(step.of_balance * y - step.of_calibration * total)
        total += max(-cut, min(cut, y))
        taken = min(value, value_max)
        large = max(large + taken - k_large, 0.0)
        small = max(small + taken - k_small, 0.0)
        if min(before, value) > row or large > h_large or small > h_small:
            return step.period
        before = value
    return NEVER
