"""Shavit's on-chip snapshots: inspect a few chips, and find the run that many took part in.

Shavit (What does it take to catch a Chinchilla?, arXiv 2303.11341, 2023): each chip's firmware
now and then logs a fingerprint of the weights it holds; inspectors read the logs of some chips
drawn evenly. A run on c of N chips for a time T is missed where no inspected chip both took part
and logged (domain.md 1.1):

    miss ~ (1 - (c / N)(1 - exp(-lambda T)))^s                      draws with replacement
    miss = E exp(-lambda T J), J hypergeometric                     exact

| symbol | here | meaning | unit |
|---|---|---|---|
| N, c | `chips`, `used` | chips of the fleet, and of the run | chips |
| s | `inspected` | chips whose logs are read | chips |
| lambda T | `logs_expected` | logs that a chip is expected to make during the run | 1 |

It assumes firmware that logs as it should and cannot be foretold: an owner who can suppress or
foresee a log is not caught, nor is one whose chips are on no list.
"""

from __future__ import annotations

import math

from pausenet.errors import Misuse
from pausenet.inference.sampling.hypergeometric import expected_power


def snapshot_miss(*, chips: int, used: int, inspected: int, logs_expected: float) -> float:
    """The exact chance that the run is missed."""
    if logs_expected < 0.0:
        raise Misuse("snapshot_miss: expected a number of logs from 0")
    return expected_power(chips, used, inspected, math.exp(-logs_expected))


def approximate_snapshot_miss(
    *, chips: int, used: int, inspected: int, logs_expected: float
) -> float:
    """The formula of the design document, for draws with replacement; never below the exact one."""
    if not (0 <= used <= chips and 0 <= inspected <= chips and logs_expected >= 0.0):
        raise Misuse("approximate_snapshot_miss: expected counts within the fleet")
    return (1.0 + (used / chips) * math.expm1(-logs_expected)) ** inspected


def inspections_needed(
    *, chips: int, used: int, logs_expected: float, wanted: float
) -> tuple[int, ...]:
    """The fewest chips to inspect for a wanted detection probability; empty where all do not do.

    By bisection on the exact chance, which grows with every further chip.
    """

    def enough(inspected: int) -> bool:
        missed = snapshot_miss(
            chips=chips, used=used, inspected=inspected, logs_expected=logs_expected
        )
        return 1.0 - missed >= wanted

    if not enough(chips):
        return ()
    low, high = 0, chips
    while low < high:
        middle = (low + high) // 2
        low, high = (low, middle) if enough(middle) else (middle + 1, high)
    return (low,)
