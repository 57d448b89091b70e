"""The whole Markov chain of a small population that imitates by pairwise comparison and mutates.

1. A state says how many of Z players use each of m strategies: C(Z + m - 1, m - 1) states, in
   lexicographic order.
2. In a step one player is picked. With chance mu it takes one of the other strategies, all equally
   likely; else it meets one of the others and imitates it by Fermi's rule (Traulsen, Nowak and
   Pacheco 2006; step 2 of `fixation`).
3. The stationary distribution is found by the elimination of Grassmann, Taksar and Heyman (1985),
   which subtracts nothing. In the order of step 1 a step changes the index by less than some width
   w, and elimination keeps that band: n w^2 operations for n states instead of n^3.
4. The gradient of selection of two strategies is T+(k) - T-(k) without mutation.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from math import comb
from typing import Final

import numpy as np

from pausenet.errors import Misuse
from pausenet.game.evolution.fixation import Floats

STATES_MAX: Final = 6_000


def states(population: int, strategies: int) -> tuple[tuple[int, ...], ...]:
    """Every composition of the population, in lexicographic order.

    >>> states(2, 2)
    ((0, 2), (1, 1), (2, 0))
    """
    if population < 2 or strategies < 2:
        raise Misuse("expected two players and two strategies, at least")
    if comb(population + strategies - 1, strategies - 1) > STATES_MAX:
        raise Misuse(f"more than {STATES_MAX} states: a smaller population, or fewer strategies")
    return tuple(_compositions(population, strategies))


def _compositions(total: int, parts: int) -> Iterator[tuple[int, ...]]:
    if parts == 1:
        yield (total,)
        return
    for first in range(total + 1):
        for rest in _compositions(total - first, parts - 1):
            yield (first, *rest)


def moves(payoffs: Floats, state: tuple[int, ...], strength: float, mutation: float) -> Floats:
    """The chance that a player of strategy i becomes one of j in a step, shape (m, m) (step 2)."""
    counts = np.array(state, dtype=np.float64)
    total, size = counts.sum(), len(state)
    fitness = (payoffs @ counts - np.diag(payoffs)) / (total - 1)
    copied = 0.5 * (1.0 + np.tanh(0.5 * strength * (fitness[None, :] - fitness[:, None])))
    imitated = (1.0 - mutation) * counts[None, :] / (total - 1) * copied
    found: Floats = (counts / total)[:, None] * (imitated + mutation / (size - 1))
    np.fill_diagonal(found, 0.0)
    return found


def population_chain(
    payoffs: Floats, population: int, strength: float, mutation: float
) -> tuple[tuple[tuple[int, ...], ...], Floats]:
    """Every state with its share of time in the long run, shape (n,) (steps 1 to 3).

    Raises `Misuse` without mutation, where the long run hangs on the start.
    """
    if not 0.0 < mutation <= 1.0:
        raise Misuse(
            "mutation: expected above 0 and at most 1; without it some strategy takes over"
        )
    listed = states(population, len(payoffs))
    place = {state: number for number, state in enumerate(listed)}
    rates: list[dict[int, float]] = []
    for state in listed:
        table, row = moves(payoffs, state, strength, mutation), dict[int, float]()
        for i, j in zip(*np.nonzero(table), strict=True):
            to = list(state)
            to[i], to[j] = to[i] - 1, to[j] + 1
            row[place[tuple(to)]] = float(table[i, j])
        rates.append(row)
    return listed, banded_stationary(rates)


def banded_stationary(rates: Sequence[Mapping[int, float]]) -> Floats:
    """The stationary distribution of a chain given by its rates to other states (step 3).

    >>> banded_stationary([{1: 0.5}, {0: 0.25}]).tolist()
    [0.3333333333333333, 0.6666666666666666]
    """
    size = len(rates)
    width = max(abs(to - at) for at, row in enumerate(rates) for to in row)
    chain = np.zeros((size, 2 * width + 1))  # the rate from i to j stands at [i, j - i + width]
    for at, row in enumerate(rates):
        for to, rate in row.items():
            chain[at, to - at + width] = rate
    for last in range(size - 1, 0, -1):
        before = np.arange(max(0, last - width), last)
        out = chain[last, before - last + width]
        into = chain[before, last - before + width] / out.sum()
        chain[before, last - before + width] = into
        chain[before[:, None], before[None, :] - before[:, None] + width] += np.outer(into, out)
    weights = np.ones(size)
    for state in range(1, size):
        before = np.arange(max(0, state - width), state)
        weights[state] = weights[before] @ chain[before, state - before + width]
    found: Floats = weights / weights.sum()
    return found


def gradient(payoffs: Floats, population: int, strength: float) -> Floats:
    """T+(k) - T-(k) of the first of two strategies, k = 0 .. Z: shape (Z + 1,) (step 4)."""
    if payoffs.shape != (2, 2):
        raise Misuse("the gradient of selection is that of two strategies")
    found = np.zeros(population + 1)
    for k in range(1, population):
        table = moves(payoffs, (k, population - k), strength, 0.0)
        found[k] = table[1, 0] - table[0, 1]
    return found
