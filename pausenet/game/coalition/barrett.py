"""Barrett's self-enforcing agreement: how many sign, and how little that may change.

N labs alike hold back q_i (of their computation, say). Each has b (a Q - Q^2 / 2) / N of the sum Q
and pays c q_i^2 / 2. Signatories choose together and first, the others answer (Stackelberg).

1. An outsider answers with q_n = (a - Q) / (N g), g = c / b. With k signatories and
   A = (N - k) / (N g), Q = (k q_s + A a) / (1 + A).
2. The signatories choose q_s = k a / (N g (1 + A)^2 + k^2).
3. k is self-enforcing if nobody leaves, pi_s(k) >= pi_n(k - 1), and nobody joins,
   pi_n(k) >= pi_s(k + 1).
4. The gap closed is what k signatories gain of what all would gain, over nobody signing (k = 0).
5. Nobody can hold back less than nothing or more than it has, `most` (the point of Rubio and Ulph
   2006: unbounded answers may ask for the impossible). The signatories' payoff is then quadratic in
   pieces, by whether the outsiders hold back all, some or nothing; the best of each piece is
   computed and the best of them taken.

Exact fractions. Welfare and payoffs in the unit of b a^2.
"""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from typing import Final, TypeAlias

from pausenet.errors import Misuse
from pausenet.game.answer import Infeasible
from pausenet.game.checks import Paper

BARRETT: Final = Paper(
    key="barrett-1994",
    cite="S. Barrett, Self-Enforcing International Environmental Agreements, Oxford Economic "
    "Papers 46 (1994) 878-894",
)
RUBIO_ULPH: Final = Paper(
    key="rubio-ulph-2006",
    cite="S. J. Rubio and A. Ulph, Self-enforcing international environmental agreements "
    "revisited, Oxford Economic Papers 58 (2006) 233-263",
)
Limit: TypeAlias = Fraction | Infeasible


@dataclass(frozen=True, slots=True, kw_only=True)
class Commons:
    """N, a, b, c and what a lab has. `most` of 0 says that there is no limit. Raises `Misuse`."""

    labs: int
    wanted: Fraction
    benefit: Fraction
    cost: Fraction
    most: Fraction = Fraction(0)

    def __post_init__(self) -> None:
        if self.labs < 2 or not (self.wanted > 0 and self.benefit > 0 and self.cost > 0):
            raise Misuse("Commons: expected two labs or more, and a, b, c above 0")
        if self.most < 0:
            raise Misuse("Commons: expected a limit of 0 (none) or more")

    @property
    def ratio(self) -> Fraction:
        """g = c / b."""
        return self.cost / self.benefit


@dataclass(frozen=True, slots=True, kw_only=True)
class Held:
    """What signatories and outsiders hold back and have, with k signatories."""

    signatories: int
    inside: Fraction
    outside: Fraction
    payoff_inside: Fraction
    payoff_outside: Fraction

    def welfare(self, labs: int) -> Fraction:
        """All payoffs together."""
        k = self.signatories
        return k * self.payoff_inside + (labs - k) * self.payoff_outside


def answer_outside(commons: Commons, k: int, together: Fraction) -> Fraction:
    """q_n where the signatories hold back so much together (steps 1 and 5)."""
    n, g = commons.labs, commons.ratio
    free = (commons.wanted - together) / (n * g + (n - k))
    if free < 0:
        return Fraction(0)
    return min(free, commons.most) if commons.most else free


def _payoff(commons: Commons, total: Fraction, own: Fraction) -> Fraction:
    gained = commons.benefit * (commons.wanted * total - total**2 / 2) / commons.labs
    return gained - commons.cost * own**2 / 2


def held(commons: Commons, k: int) -> Held:
    """The outcome with k signatories (steps 1, 2 and 5). Raises `Misuse` for k above N."""
    if not 0 <= k <= commons.labs:
        raise Misuse(f"held: expected 0 to {commons.labs} signatories, found {k}")
    n = commons.labs

    def outcome(inside: Fraction) -> Held:
        outside = answer_outside(commons, k, k * inside)
        total = k * inside + (n - k) * outside
        return Held(
            signatories=k,
            inside=inside,
            outside=outside,
            payoff_inside=_payoff(commons, total, inside),
            payoff_outside=_payoff(commons, total, outside),
        )

    if k == 0:
        return outcome(Fraction(0))
    return max(map(outcome, _candidates(commons, k)), key=lambda each: each.payoff_inside)


def _candidates(commons: Commons, k: int) -> tuple[Fraction, ...]:
    """The best q_s of each piece, and the pieces' ends (step 5)."""
    n, g, a, most = commons.labs, commons.ratio, commons.wanted, commons.most
    spread = Fraction(n - k) / (n * g)
    free = k * a / (n * g * (1 + spread) ** 2 + k**2)
    if not most:
        return (free,)
    full = (n * g + (n - k)) * most
    # Outsiders hold back all they have: dQ/dQ_s = 1; or nothing, with Q = Q_s.
    all_of_it = k * (a - (n - k) * most) / (n * g + k**2)
    nothing = k * a / (n * g + k**2)
    ends = ((a - full) / k, a / k, Fraction(0), most)
    return tuple(min(max(each, Fraction(0)), most) for each in (free, all_of_it, nothing, *ends))


def self_enforcing(commons: Commons) -> tuple[int, ...]:
    """Every k >= 1 at which nobody leaves and nobody joins (step 3).

    >>> commons = Commons(labs=10, wanted=Fraction(100), benefit=Fraction(1), cost=Fraction(1, 4))
    >>> self_enforcing(commons)
    (4,)
    """
    n = commons.labs
    every = [held(commons, k) for k in range(n + 1)]
    return tuple(
        k
        for k in range(1, n + 1)
        if every[k].payoff_inside >= every[k - 1].payoff_outside
        and (k == n or every[k].payoff_outside >= every[k + 1].payoff_inside)
    )


def gap_closed(commons: Commons, k: int) -> Limit:
    """The share of what all would gain together that k signatories gain (step 4)."""
    nobody, some, full = (
        held(commons, each).welfare(commons.labs) for each in (0, k, commons.labs)
    )
    if full == nobody:
        return Infeasible("nothing is gained even if all sign")
    return (some - nobody) / (full - nobody)
