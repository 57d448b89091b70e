"""Sampling without replacement, exactly: how often a sample holds a defect, how large it must be.

| symbol | here | meaning |
|---|---|---|
| N | `items` | items of a stratum |
| d | `defects` | items that are not as declared |
| n | `sample` | items that are inspected, drawn evenly and without replacement |
| beta | | probability that no defect is in the sample |

Everything is a `Fraction` of whole numbers; d is ceil(M / x) where a total of M has to come from
items that hold x each.
"""

from __future__ import annotations

import math
from fractions import Fraction

from pausenet.errors import Misuse


def miss(items: int, defects: int, sample: int) -> Fraction:
    """beta = C(N - d, n) / C(N, n), the chance that the sample holds no defect.

    With m the smaller and o the larger of d and n it is the quotient of two falling factorials of
    m factors: (N - o)(N - o - 1)... over N (N - 1)...

    >>> miss(10, 2, 3)
    Fraction(7, 15)
    """
    if not (0 <= defects <= items and 0 <= sample <= items):
        raise Misuse(f"miss: expected 0 <= defects, sample <= {items}, found {defects}, {sample}")
    fewer, more = min(defects, sample), max(defects, sample)
    return Fraction(math.perm(items - more, fewer), math.perm(items, fewer))


def detection(items: int, defects: int, sample: int) -> Fraction:
    """1 - beta: the chance that the sample holds a defect at least."""
    return 1 - miss(items, defects, sample)


def sample_size(items: int, defects: int, wanted: Fraction) -> int:
    """The smallest sample that holds a defect with the wanted probability; by bisection, exact.

    >>> sample_size(12_500, 125, Fraction(9, 10))
    228
    """
    if not (1 <= defects <= items and 0 <= wanted <= 1):
        raise Misuse(f"sample_size: expected 1 <= defects <= {items} and a probability")
    low, high = 0, items - defects + 1
    while low < high:
        middle = (low + high) // 2
        if detection(items, defects, middle) >= wanted:
            high = middle
        else:
            low = middle + 1
    return low


def approximate_size(items: int, defects: int, wanted: float) -> int:
    """The approximation that safeguards print, n = N (1 - beta^(1/d)), rounded up.

    INMM Journal 44-3 calls it the IAEA formula; domain.md 2.1 prints its sizes. The exact size is
    to be preferred: here it is one smaller.

    >>> approximate_size(12_500, 125, 0.9)
    229
    """
    if not (1 <= defects <= items and 0.0 <= wanted < 1.0):
        raise Misuse(f"approximate_size: expected 1 <= defects <= {items} and a probability")
    return math.ceil(-items * math.expm1(math.log1p(-wanted) / defects))


def defects_needed(total: Fraction, holds: Fraction) -> int:
    """d = ceil(M / x): how many items must be touched for a total.

    >>> defects_needed(Fraction(16), Fraction(8))
    2
    """
    if not (total > 0 and holds > 0):
        raise Misuse("defects_needed: expected a total and a content above 0")
    return math.ceil(total / holds)


def drawn(items: int, defects: int, sample: int) -> tuple[tuple[int, float], ...]:
    """How many defects the sample may hold, each with its probability.

    C(d, j) C(N - d, n - j) / C(N, n) for every possible j: the likeliest by logarithms of the gamma
    function, the others from it by the quotients of neighbours, (d - j)(n - j) over (j + 1)(N - d -
    n + j + 1).
    """
    if not (0 <= defects <= items and 0 <= sample <= items):
        raise Misuse(f"drawn: expected 0 <= defects, sample <= {items}")
    sound = items - defects
    first, last = max(0, sample - sound), min(defects, sample)
    middle = min(last, max(first, (sample + 1) * (defects + 1) // (items + 2)))
    whole = _log_choose(items, sample)
    chances = {
        middle: math.exp(_log_choose(defects, middle) + _log_choose(sound, sample - middle) - whole)
    }
    for j in range(middle, last):
        quotient = (defects - j) * (sample - j) / ((j + 1) * (sound - sample + j + 1))
        chances[j + 1] = chances[j] * quotient
    for j in range(middle - 1, first - 1, -1):
        quotient = (defects - j) * (sample - j) / ((j + 1) * (sound - sample + j + 1))
        chances[j] = chances[j + 1] / quotient
    return tuple(sorted(chances.items()))


def expected_power(items: int, defects: int, sample: int, each: float) -> float:
    """E each^J with J the number of defects in the sample; each between 0 and 1.

    It is the chance that all drawn defects go unnoticed where each does so independently with
    this probability.
    """
    if not 0.0 <= each <= 1.0:
        raise Misuse(f"expected_power: expected a probability, found {each}")
    return min(1.0, math.fsum(chance * each**j for j, chance in drawn(items, defects, sample)))


def _log_choose(count: int, chosen: int) -> float:
    return math.lgamma(count + 1) - math.lgamma(chosen + 1) - math.lgamma(count - chosen + 1)
