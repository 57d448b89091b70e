"""A pause that works once enough labs pause: threshold public goods, with and without a refund.

n labs; the pause is worth 1 to each lab if at least k pause, and costs c who pauses. With a refund
(a conditional commitment: "I pause only if enough do") who committed pays nothing if it fails. The
threshold may be uncertain: w_k is the chance that it is k, as in Barrett and Dannenberg 2012.

1. A lab that is one of many with the chance p is pivotal with probability sum_k w_k
   C(n-1, k-1) p^(k-1) (1-p)^(n-k); all are indifferent where this equals c (Palfrey and Rosenthal
   1984), with a refund where it equals c times the chance that the threshold is reached with it,
   sum_k w_k P(Bin(n-1, p) >= k - 1).
2. Both sides are of degree n - 1 in p: in Bernstein's form with the coefficients w_(j+1) - c, with
   a refund w_(j+1) - c sum_{k <= j+1} w_k. All roots between 0 and 1 are enclosed exactly.
3. Pure: m labs pausing is an equilibrium if none of them gains by stopping, w_m >= c (with a
   refund w_m >= c sum_{k <= m} w_k), and no other by starting, w_(m+1) <= c (or its like). With a
   known threshold m = k is one whenever c <= 1; spread it over many values and every w_m falls
   below c: only nobody is left.
4. The best-shot and the weakest-link cases are k = 1 and k = n.

Exact but for the middle of an enclosure, which is a float64.
"""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from typing import Final

from pausenet.errors import Misuse
from pausenet.game.checks import Paper
from pausenet.game.coalition.enclosure import Enclosure, roots, value

PALFREY: Final = Paper(
    key="palfrey-rosenthal-1984",
    cite="T. R. Palfrey and H. Rosenthal, Participation and the Provision of Discrete Public "
    "Goods: A Strategic Analysis, Journal of Public Economics 24 (1984) 171-193",
)
DANNENBERG: Final = Paper(
    key="barrett-dannenberg-2012",
    cite="S. Barrett and A. Dannenberg, Climate negotiations under scientific uncertainty, PNAS "
    "109 (2012) 17372-17376",
)
LABS_MAX: Final = 60


@dataclass(frozen=True, slots=True, kw_only=True)
class Threshold:
    """The chances w_1 .. w_n of each threshold (their sum at most 1; the rest: never), and c."""

    chances: tuple[Fraction, ...]
    cost: Fraction
    refund: bool

    def __post_init__(self) -> None:
        if not 2 <= len(self.chances) <= LABS_MAX:
            raise Misuse(f"Threshold: expected 2 to {LABS_MAX} labs, found {len(self.chances)}")
        if any(each < 0 for each in self.chances) or not 0 < sum(self.chances) <= 1:
            raise Misuse("Threshold: expected chances of 0 or more that add up to 1 at most")
        if not 0 < self.cost < 1:
            raise Misuse(f"Threshold: expected a cost between 0 and 1, found {self.cost}")

    @property
    def labs(self) -> int:
        """n."""
        return len(self.chances)

    def pivotal(self, others: int) -> Fraction:
        """The chance that one lab more makes the pause work: w_(others + 1)."""
        return self.chances[others]

    def works(self, pausing: int) -> Fraction:
        """The chance that the pause works with so many."""
        return sum(self.chances[:pausing], Fraction(0))

    def paid(self, pausing: int) -> Fraction:
        """What a lab that pauses expects to pay where so many pause with it."""
        return self.cost * (self.works(pausing) if self.refund else 1)


def advantage(game: Threshold) -> tuple[Fraction, ...]:
    """Bernstein coefficients of what pausing gains over racing, by the chance p (step 2)."""
    return tuple(game.pivotal(j) - game.paid(j + 1) for j in range(game.labs))


def mixed(game: Threshold) -> tuple[Enclosure, ...]:
    """Every chance p strictly between 0 and 1 at which all labs are indifferent (steps 1 and 2).

    >>> game = Threshold(chances=(Fraction(0), Fraction(1), Fraction(0)), cost=Fraction(2, 5),
    ...                  refund=True)
    >>> [round(root.middle, 9) for root in mixed(game)]
    [0.75]
    """
    return roots(advantage(game))


def pure(game: Threshold) -> tuple[int, ...]:
    """Every number of pausing labs from which no lab gains by moving alone (step 3)."""
    gains = advantage(game)
    return tuple(
        m
        for m in range(game.labs + 1)
        if (m == 0 or gains[m - 1] >= 0) and (m == game.labs or gains[m] <= 0)
    )


def stable(game: Threshold, root: Enclosure) -> bool:
    """Whether a little less pausing makes pausing better: labs that learn come back to the root."""
    step = Fraction(1, 10**6)
    coefficients = advantage(game)
    below = value(coefficients, max(root.low - step, root.low / 2))
    above = value(coefficients, min(root.high + step, (root.high + 1) / 2))
    return below > 0 > above


def success(game: Threshold, chance: float) -> float:
    """The chance that the pause works if each pauses with this chance."""
    p = Fraction(chance)
    reached = [game.works(m) for m in range(game.labs + 1)]
    return float(value(reached, p))


def certain(labs: int, threshold: int, cost: Fraction, *, refund: bool) -> Threshold:
    """A known threshold. Raises `Misuse` for one out of range."""
    if not 1 <= threshold <= labs:
        raise Misuse(f"threshold: expected 1 to {labs}, found {threshold}")
    chances = tuple(Fraction(k == threshold) for k in range(1, labs + 1))
    return Threshold(chances=chances, cost=cost, refund=refund)
