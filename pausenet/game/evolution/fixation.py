"""Fixation and the long run of a finite population in which mutants are rare.

1. Z players; k of them mutants A among residents B. With pair payoffs a (A against A), b (A against
   B), c (B against A), d (B against B), and nobody playing against themselves,
   f_A(k) = ((k - 1) a + (Z - k) b) / (Z - 1),  f_B(k) = (k c + (Z - k - 1) d) / (Z - 1).
2. Pairwise comparison by the Fermi rule of strength beta (Traulsen, Nowak and Pacheco 2006): one
   player compares itself with another and imitates it with chance 1 / (1 + exp(-beta (f' - f))), so
   that T-(k) / T+(k) = exp(-beta (f_A(k) - f_B(k))).
3. A birth-death chain that absorbs at 0 and Z: one mutant takes over with chance
   rho = 1 / (1 + sum_{k=1..Z-1} prod_{j=1..k} T-(j) / T+(j)).
4. With mutants so rare that one has gone or taken over before the next comes, the population jumps
   between states in which all play alike (Fudenberg and Imhof 2006): from i to j with chance
   rho_ij / (m - 1) for m strategies.
5. The long run is that chain's stationary distribution, by the elimination of Grassmann, Taksar and
   Heyman (Operations Research 33, 1985), which subtracts nothing.

Everything is kept as a logarithm, as chances of fixation may be smaller than a float can be. Exact
payoffs may be given; they are turned into float64. Relative tolerance of the results: 1e-9.
"""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction
from typing import Final, TypeAlias

import numpy as np
from numpy.typing import NDArray

from pausenet.errors import Misuse
from pausenet.game.answer import Number
from pausenet.game.checks import Paper

TRAULSEN: Final = Paper(
    key="traulsen-2006",
    cite="A. Traulsen, M. A. Nowak and J. M. Pacheco, Stochastic dynamics of invasion and "
    "fixation, Physical Review E 74 (2006) 011909",
)
FUDENBERG_IMHOF: Final = Paper(
    key="fudenberg-imhof-2006",
    cite="D. Fudenberg and L. A. Imhof, Imitation processes with small mutations, Journal of "
    "Economic Theory 131 (2006) 251-262",
)

Floats: TypeAlias = NDArray[np.float64]
Payoffs: TypeAlias = Sequence[Sequence[Number | int]]
"""A square table: the payoff of the row's strategy against the column's."""


def gaps(payoffs: Payoffs, mutant: int, resident: int, population: int) -> Floats:
    """f_A(k) - f_B(k) for k = 1 .. Z - 1, shape (Z - 1,) (step 1). Raises `Misuse`."""
    if population < 2:
        raise Misuse(f"a population of {population}: expected 2 or more")
    a, b = float(payoffs[mutant][mutant]), float(payoffs[mutant][resident])
    c, d = float(payoffs[resident][mutant]), float(payoffs[resident][resident])
    k = np.arange(1, population, dtype=np.float64)
    mutants = (k - 1) * a + (population - k) * b
    residents = k * c + (population - k - 1) * d
    found: Floats = (mutants - residents) / (population - 1)
    return found


def log_fixation(log_ratios: Floats) -> float:
    """ln rho for ln(T-(k) / T+(k)), k = 1 .. Z - 1, of any birth-death chain (step 3).

    >>> round(np.exp(log_fixation(np.zeros(9))).item(), 12)
    0.1
    """
    sums = np.concatenate([np.zeros(1), np.cumsum(log_ratios)])
    return -float(np.logaddexp.reduce(sums))


def log_pairwise_fixation(
    payoffs: Payoffs, mutant: int, resident: int, population: int, strength: float
) -> float:
    """ln rho of one mutant by pairwise comparison (steps 1 to 3)."""
    return log_fixation(-strength * gaps(payoffs, mutant, resident, population))


def fixation_exact(ratios: Sequence[Fraction]) -> Fraction:
    """rho for T-(k) / T+(k), k = 1 .. Z - 1, exactly (step 3).

    >>> fixation_exact([Fraction(1, 2)] * 3)
    Fraction(8, 15)
    """
    total, product = Fraction(1), Fraction(1)
    for ratio in ratios:
        product *= ratio
        total += product
    return 1 / total


def log_rates(payoffs: Payoffs, population: int, strength: float) -> Floats:
    """ln of the chances to jump from the row's strategy to the column's, shape (m, m) (step 4).

    The diagonal, which the long run does not need, is minus infinity.
    """
    size = len(payoffs)
    if size < 2 or any(len(row) != size for row in payoffs):
        raise Misuse("expected a square table of payoffs of two strategies or more")
    found = np.full((size, size), -np.inf)
    for resident in range(size):
        for mutant in range(size):
            if mutant != resident:
                found[resident, mutant] = log_pairwise_fixation(
                    payoffs, mutant, resident, population, strength
                ) - np.log(size - 1)
    return found


def stationary(rates: Floats) -> Floats:
    """The stationary distribution of a chain given by logs of its jumps, shape (m,) (step 5).

    Each state must be reached from each other one; raises `Misuse` where one cannot be left.

    >>> [round(share, 6) for share in stationary(np.log([[1.0, 0.2], [0.1, 1.0]])).tolist()]
    [0.333333, 0.666667]
    """
    chain = np.array(rates, dtype=np.float64)
    size = len(chain)
    for last in range(size - 1, 0, -1):
        leaving = np.logaddexp.reduce(chain[last, :last])
        if leaving == -np.inf:
            raise Misuse(f"state {last} cannot be left for those before it")
        chain[:last, last] -= leaving
        through = chain[:last, last, None] + chain[None, last, :last]
        chain[:last, :last] = np.logaddexp(chain[:last, :last], through)
    weights = np.zeros(size)
    for state in range(1, size):
        weights[state] = np.logaddexp.reduce(weights[:state] + chain[:state, state])
    shares: Floats = np.exp(weights - np.logaddexp.reduce(weights))
    return shares


def long_run(payoffs: Payoffs, population: int, strength: float) -> Floats:
    """The share of time that each strategy is everybody's, mutants being rare (steps 1 to 5).

    >>> [round(share, 6) for share in long_run([[1, 1], [1, 1]], 10, 0.5).tolist()]
    [0.5, 0.5]
    """
    return stationary(log_rates(payoffs, population, strength))
