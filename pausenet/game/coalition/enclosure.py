"""All roots of a polynomial between 0 and 1, enclosed exactly: no root is missed, none invented.

A polynomial of degree n is given by its Bernstein coefficients beta_0 .. beta_n: it is
sum beta_j C(n, j) p^j (1 - p)^(n - j), which is how sums over a binomial number of labs come.

1. The signs of the coefficients change at least as often as the polynomial has roots inside, and as
   often up to an even number (Descartes, in Bernstein's form): with no change there is no root,
   with one change exactly one.
2. Otherwise the interval is halved by de Casteljau's rule, exactly. A root at the middle is found
   by itself.
3. A simple root is halved until it is enclosed within 2^-50. Where 2^-30 is reached with more than
   one change left, the enclosure holds a multiple root or several, and says so.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from itertools import pairwise
from math import comb, lcm
from typing import Final

from pausenet.errors import Misuse

_WIDTH: Final = Fraction(1, 2**50)
_CLOSE: Final = Fraction(1, 2**30)


@dataclass(frozen=True, slots=True, kw_only=True)
class Enclosure:
    """An interval that holds exactly one root or, where `simple` is false, a multiple one."""

    low: Fraction
    high: Fraction
    simple: bool = True

    @property
    def middle(self) -> float:
        """The root, to within half the width."""
        return float((self.low + self.high) / 2)


def roots(coefficients: Sequence[Fraction]) -> tuple[Enclosure, ...]:
    """The roots strictly between 0 and 1, in order. Raises `Misuse` for the polynomial 0.

    >>> [root.middle for root in roots([Fraction(-1), Fraction(1)])]
    [0.5]
    """
    scale = lcm(*(each.denominator for each in coefficients))
    whole = tuple(int(each * scale) for each in coefficients)
    if not any(whole):
        raise Misuse("roots: every number is a root of 0")
    found: list[Enclosure] = []
    left_to_do = [(whole, Fraction(0), Fraction(1))]
    while left_to_do:
        numbers, low, high = left_to_do.pop()
        changes = _changes(numbers)
        if changes == 0:
            continue
        if changes == 1:
            found.append(_narrowed(whole, numbers, low, high))
        elif high - low <= _CLOSE:
            found.append(Enclosure(low=low, high=high, simple=False))
        else:
            middle = (low + high) / 2
            first, second = _halved(numbers)
            if second[0] == 0:
                found.append(Enclosure(low=middle, high=middle, simple=_crosses(first, second)))
            left_to_do += [(first, low, middle), (second, middle, high)]
    return tuple(sorted(found, key=lambda each: each.low))


def value(coefficients: Sequence[Fraction], p: Fraction) -> Fraction:
    """The polynomial at p, exactly."""
    n = len(coefficients) - 1
    terms = (beta * comb(n, j) * p**j * (1 - p) ** (n - j) for j, beta in enumerate(coefficients))
    return sum(terms, Fraction(0))


def _narrowed(
    whole: tuple[int, ...], numbers: tuple[int, ...], low: Fraction, high: Fraction
) -> Enclosure:
    """The one root of an interval, by halving (step 3)."""
    rising = next(each for each in numbers if each) < 0
    while high - low > _WIDTH:
        middle = (low + high) / 2
        sign = _sign(whole, middle)
        if sign == 0:
            return Enclosure(low=middle, high=middle)
        if (sign > 0) == rising:
            high = middle
        else:
            low = middle
    return Enclosure(low=low, high=high)


def _sign(whole: tuple[int, ...], p: Fraction) -> int:
    """The sign of the polynomial at p, in whole numbers."""
    n, m, rest = len(whole) - 1, p.numerator, p.denominator - p.numerator
    total = sum(beta * comb(n, j) * m**j * rest ** (n - j) for j, beta in enumerate(whole))
    return int(total > 0) - int(total < 0)


def _crosses(first: tuple[int, ...], second: tuple[int, ...]) -> bool:
    """Whether the sign changes at the end of the first and the beginning of the second half."""
    before = next(each for each in reversed(first) if each)
    after = next(each for each in second if each)
    return (before > 0) != (after > 0)


def _changes(numbers: tuple[int, ...]) -> int:
    signs = [each > 0 for each in numbers if each]
    return sum(a != b for a, b in pairwise(signs))


def _halved(numbers: tuple[int, ...]) -> tuple[tuple[int, ...], tuple[int, ...]]:
    """The coefficients on both halves, times 2^n (step 2)."""
    left, right = [], []
    row, power = list(numbers), len(numbers) - 1
    while row:
        left.append(row[0] << power)
        right.append(row[-1] << power)
        row = [a + b for a, b in pairwise(row)]
        power -= 1
    return tuple(left), tuple(reversed(right))
