"""The race of Han, Pereira, Santos and Lenaerts 2020: safe, unsafe and conditionally safe labs.

Two labs develop for W rounds. A safe lab pays c a round and moves by 1; an unsafe one moves by
s > 1 and is struck by a disaster with chance p_r, which takes all it has earned. Who is found to be
unsafe (chance p_fo a round) earns nothing in that round. A round's benefit b is shared by speed,
the prize B goes to who is first, halved where both are.

1. A round: p11 = b/2 - c, p12 = (1 - p_fo) b/(s + 1) + p_fo b - c, p21 = (1 - p_fo) s b/(s + 1),
   p22 = (1 - p_fo^2) b/2; 1 is safe, 2 unsafe.
2. The race, per round, with p = 1 - p_r: AS against AS p11 + B/2W, AS against AU p12, AU against AS
   p (p21 + s B/W), AU against AU p (p22 + s B/2W).
3. CS is safe in the first round and then does what the other did. With AS and CS it is as AS. AU
   against CS p (s B/W + (s/W) (p21 + (W/s - 1) p22)), CS against AU (s/W) (p12 + (W/s - 1) p22).
4. Collective risk: a disaster of one takes all of both. What AS or CS earn against AU is multiplied
   by p, and what AU earn among themselves by p^2 in place of p.
5. The risk above which a safe pair earns more than an unsafe pair, and that above which safety is
   risk-dominant (the better of the two against somebody who does either with chance 1/2). Between
   them lies the dilemma: safety would be better for all, unsafe labs spread. With B/W large they
   are 1 - 1/s and 1 - 1/(3s) (personal risk).

The row and the column of CS are re-derived; the paper's own were not at hand. Payoffs per round, in
the unit of b; exact where exact numbers are given.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from enum import StrEnum
from fractions import Fraction
from typing import Final, TypeAlias

from pausenet.errors import Misuse
from pausenet.game.answer import Infeasible, Number
from pausenet.game.checks import Paper

DSAIR: Final = Paper(
    key="han-2020",
    cite="T. A. Han, L. M. Pereira, F. C. Santos and T. Lenaerts, To Regulate or Not: A Social "
    "Dynamics Analysis of an Idealised AI Race, Journal of Artificial Intelligence Research 69 "
    "(2020) 881-921",
    address="https://doi.org/10.1613/jair.1.12225",
)
Matrix: TypeAlias = tuple[tuple[Number, ...], ...]
"""Payoffs per round, row against column."""

SAFE, UNSAFE, CONDITIONAL = "AS", "AU", "CS"


class Risk(StrEnum):
    """Whom a disaster strikes."""

    PERSONAL = "personal"
    COLLECTIVE = "collective"


@dataclass(frozen=True, slots=True, kw_only=True)
class Race:
    """A race without its disaster risk, symbols as in the paper: b, c, s, B, W, p_fo.

    Raises `Misuse` unless an unsafe lab is faster, and the race lasts a round for it at least.
    """

    benefit: Number
    cost: Number
    speed: Number
    prize: Number
    rounds: Number
    found_out: Number = Fraction(0)
    risk: Risk = Risk.PERSONAL

    def __post_init__(self) -> None:
        if not self.speed > 1:
            raise Misuse(f"Race: expected a speed above 1, found {self.speed}")
        if not self.rounds >= self.speed:
            raise Misuse(f"Race: {self.rounds} rounds are over before an unsafe lab's first")
        if not (self.benefit > 0 and self.cost >= 0 and self.prize >= 0):
            raise Misuse("Race: expected a benefit above 0, a cost and a prize of 0 or more")
        if not 0 <= self.found_out <= 1:
            raise Misuse(f"Race: p_fo is a chance, found {self.found_out}")

    @property
    def prize_rate(self) -> Number:
        """B / W."""
        return self.prize / self.rounds

    def one_round(self) -> Matrix:
        """((p11, p12), (p21, p22)) (step 1).

        >>> Race(benefit=Fraction(4), cost=Fraction(1), speed=Fraction(3), prize=Fraction(0),
        ...      rounds=Fraction(9)).one_round()[1]
        (Fraction(3, 1), Fraction(2, 1))
        """
        b, c, s, seen = self.benefit, self.cost, self.speed, self.found_out
        return (
            (b / 2 - c, (1 - seen) * b / (s + 1) + seen * b - c),
            ((1 - seen) * s * b / (s + 1), (1 - seen**2) * b / 2),
        )


def long_race(race: Race, disaster: Number) -> Matrix:
    """Payoffs per round of AS, AU and CS against each other (steps 2 to 4)."""
    (p11, p12), (p21, p22) = race.one_round()
    s, rate, p = race.speed, race.prize_rate, 1 - disaster
    first = s / race.rounds
    both = p11 + rate / 2
    answered = first * p21 + (1 - first) * p22
    exposed = first * p12 + (1 - first) * p22
    victim = p if race.risk is Risk.COLLECTIVE else 1 + 0 * p
    twice = p**2 if race.risk is Risk.COLLECTIVE else p
    return (
        (both, victim * p12, both),
        (p * (s * rate + p21), twice * (s * rate / 2 + p22), p * (s * rate + answered)),
        (both, victim * exposed, both),
    )


Threshold: TypeAlias = Number | Infeasible


def collective_threshold(race: Race) -> Threshold:
    """The disaster risk above which a safe pair earns more than an unsafe pair (step 5).

    >>> race = Race(benefit=Fraction(4), cost=Fraction(1), speed=Fraction(2), prize=Fraction(10000),
    ...             rounds=Fraction(100))
    >>> collective_threshold(race)
    Fraction(1, 2)
    """
    (p11, _), (_, p22) = race.one_round()
    safe, unsafe = p11 + race.prize_rate / 2, p22 + race.speed * race.prize_rate / 2
    if race.risk is Risk.COLLECTIVE:
        return _least_risk(safe, 0, unsafe)
    return _least_risk(safe, unsafe, 0)


def risk_dominance_threshold(race: Race) -> Threshold:
    """The disaster risk above which AS risk-dominates AU (step 5)."""
    (p11, p12), _ = race.one_round()
    return _dominance(race, p11 + race.prize_rate / 2, p12, SAFE)


def conditional_threshold(race: Race) -> Threshold:
    """The disaster risk above which CS risk-dominates AU (steps 3 and 5)."""
    (p11, p12), (_, p22) = race.one_round()
    first = race.speed / race.rounds
    exposed = first * p12 + (1 - first) * p22
    return _dominance(race, p11 + race.prize_rate / 2, exposed, CONDITIONAL)


def _dominance(race: Race, among: Number, against: Number, who: str) -> Threshold:
    """Where among + against equals what AU earns against both, as a polynomial in p."""
    _, (p21, p22) = race.one_round()
    s, rate = race.speed, race.prize_rate
    first = s / race.rounds
    met = p21 if who == SAFE else first * p21 + (1 - first) * p22
    if race.risk is Risk.COLLECTIVE:
        return _least_risk(among, s * rate + met - against, s * rate / 2 + p22)
    return _least_risk(among + against, s * rate + met + s * rate / 2 + p22, 0)


def _least_risk(safe: Number, linear: Number, quadratic: Number) -> Threshold:
    """1 - p, p the largest chance up to 1 with linear p + quadratic p^2 <= safe."""
    if safe < 0:
        return Infeasible("safe labs earn less than nothing even where a disaster is sure")
    if linear + quadratic <= safe:
        return Fraction(0)
    if quadratic == 0:
        return 1 - safe / linear
    root = math.sqrt(float(linear) ** 2 + 4 * float(quadratic) * float(safe))
    if linear <= 0:
        return 1 - (root - float(linear)) / (2 * float(quadratic))
    return 1 - 2 * float(safe) / (float(linear) + root)
