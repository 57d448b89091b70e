"""Round robin and what follows from it: the table of scores, and an ecology of strategies.

1. Everybody meets everybody, also its own kind; a strategy's score is its mean over all (Axelrod
   1980).
2. In the ecological tournament (Axelrod 1984, ch. 2) shares change from generation to generation in
   proportion to what a strategy earns among the others as they now are: x_i' = x_i f_i / m with
   f_i = sum_j x_j s_ij and m = sum_i x_i f_i; payoffs must be above 0.
"""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction
from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray

from pausenet.errors import Misuse
from pausenet.game.tournament.memory_one import Sight, Stage, Strategy, scores

Floats: TypeAlias = NDArray[np.float64]
Matrix: TypeAlias = tuple[tuple[Fraction, ...], ...]


def round_robin(strategies: Sequence[Strategy], stage: Stage, sight: Sight) -> Matrix:
    """Mean payoffs a period of the row's strategy against the column's, exact (step 1)."""
    found = [[Fraction(0)] * len(strategies) for _ in strategies]
    for i, first in enumerate(strategies):
        for j in range(i, len(strategies)):
            found[i][j], found[j][i] = scores(first, strategies[j], stage, sight)
    return tuple(tuple(row) for row in found)


def ecology(matrix: Floats, generations: int) -> Floats:
    """Shares by generation from equal ones: shape (generations + 1, n) (step 2)."""
    if np.any(matrix <= 0.0):
        raise Misuse("an ecology needs payoffs above 0: raise all payoffs by the same")
    found = np.empty((generations + 1, len(matrix)))
    found[0] = 1.0 / len(matrix)
    for at in range(generations):
        earned = found[at] * (matrix @ found[at])
        found[at + 1] = earned / earned.sum()
    return found
