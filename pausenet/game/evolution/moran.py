"""Moran's process: one is born by fitness, one dies by chance; the closed form of a constant r.

Moran 1958. Z players, of whom k are mutants.

1. With a constant fitness r of mutants against 1 of residents, T-(k) / T+(k) = 1 / r, and one
   mutant takes over with chance rho = (1 - 1/r) / (1 - r^-Z); 1/Z at r = 1.
2. With payoffs (Nowak, Sasaki, Taylor and Fudenberg 2004) fitness is 1 - w + w f, f as in
   `fixation` and w the intensity of selection: T-(k) / T+(k) = fitness_B(k) / fitness_A(k).
3. For weak selection and a large population one mutant fares better than by chance where
   a + 2 b > c + 2 d: the one-third rule.
"""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction
from typing import Final

from pausenet.errors import Misuse
from pausenet.game.answer import Infeasible
from pausenet.game.checks import Paper
from pausenet.game.evolution.fixation import fixation_exact

MORAN: Final = Paper(
    key="moran-1958",
    cite="P. A. P. Moran, Random processes in genetics, Mathematical Proceedings of the Cambridge "
    "Philosophical Society 54 (1958) 60-71",
)
NOWAK: Final = Paper(
    key="nowak-2004",
    cite="M. A. Nowak, A. Sasaki, C. Taylor and D. Fudenberg, Emergence of cooperation and "
    "evolutionary stability in finite populations, Nature 428 (2004) 646-650",
)


def constant_fixation(fitness: Fraction, population: int) -> Fraction:
    """rho of step 1, exactly.

    >>> constant_fixation(Fraction(2), 2)
    Fraction(2, 3)
    """
    if population < 1 or fitness <= 0:
        raise Misuse("expected a population of 1 or more and a fitness above 0")
    if fitness == 1:
        return Fraction(1, population)
    return (1 - 1 / fitness) / (1 - 1 / fitness**population)


def moran_fixation(
    pair: Sequence[Fraction], population: int, intensity: Fraction
) -> Fraction | Infeasible:
    """rho of one mutant with payoffs a, b, c, d (step 2), exactly."""
    a, b, c, d = pair
    if population < 2 or not 0 <= intensity <= 1:
        raise Misuse("expected a population of 2 or more and an intensity of 0 to 1")
    ratios = []
    for k in range(1, population):
        first = ((k - 1) * a + (population - k) * b) / (population - 1)
        second = (k * c + (population - k - 1) * d) / (population - 1)
        born = 1 - intensity + intensity * first
        other = 1 - intensity + intensity * second
        if born <= 0 or other < 0:
            return Infeasible("a fitness of 0 or less: select less strongly, or raise the payoffs")
        ratios.append(other / born)
    return fixation_exact(ratios)


def one_third_rule(pair: Sequence[Fraction]) -> bool:
    """Whether weak selection favours a mutant's fixation in a large population (step 3)."""
    a, b, c, d = pair
    return a + 2 * b > c + 2 * d
