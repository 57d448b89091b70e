"""Meetings played move by move, many at once: the exact long run's second opinion.

1. Each lab draws in each period; the first period's chances are those of the openings.
2. After it a lab's chance is that of `Sight.acted` for the true pair of moves.

Chance is the caller's: a numpy generator. The shares are of all periods, the first included.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from pausenet.errors import Misuse
from pausenet.game.tournament.memory_one import Sight, Strategy


def play(
    first: Strategy,
    second: Strategy,
    sight: Sight,
    *,
    turns: int,
    meetings: int,
    generator: np.random.Generator,
) -> NDArray[np.float64]:
    """The share of periods in PP, PR, RP, RR of each meeting: shape (meetings, 4)."""
    if turns < 1 or meetings < 1:
        raise Misuse("expected a period and a meeting, at least")
    mine = np.array([float(chance) for chance in sight.acted(first)])
    theirs = np.array([float(chance) for chance in sight.acted(second)])[[0, 2, 1, 3]]
    pause = np.full(meetings, float(sight.meant(first.opening)))
    other = np.full(meetings, float(sight.meant(second.opening)))
    counts = np.zeros((meetings, 4))
    row = np.arange(meetings)
    for _ in range(turns):
        drawn = generator.random((2, meetings))
        state = 2 * (drawn[0] >= pause) + (drawn[1] >= other)
        counts[row, state] += 1.0
        pause, other = mine[state], theirs[state]
    return counts / turns
