"""Recompute challenges: how many random pieces of work must be run again.

A verifier draws declared work units evenly and has them run again. If a share f of all work is
not what was declared, each challenge meets it with probability f. The number of units does not
matter, only the number of challenges: after n clean ones a share above 1 - (1 - c)^(1/n) is
refuted with confidence c (for 95 % about 3 / n, the rule of three).

Honest recomputation may differ too (hardware faults, order of summation); `challenge_plan` then
allows some mismatches. Sampling is with replacement, or from far more units than challenges.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from fractions import Fraction
from typing import Final

from pausenet.errors import Misuse

_CHALLENGES_MAX: Final = 2_000_000


def challenges_needed(dirty: Fraction, wanted: Fraction) -> int:
    """The smallest n with 1 - (1 - f)^n >= wanted, exact: logarithms guess, integers decide.

    >>> [challenges_needed(Fraction(1, k), Fraction(95, 100)) for k in (100, 1_000, 10_000)]
    [299, 2995, 29956]
    """
    if not (0 < dirty < 1 and 0 < wanted < 1):
        raise Misuse("challenges_needed: expected two shares between 0 and 1")
    clean, left = 1 - dirty, 1 - wanted
    guess = math.log(left) / math.log1p(-dirty)
    if guess > _CHALLENGES_MAX:
        raise Misuse(f"challenges_needed: expected at most {_CHALLENGES_MAX} challenges")
    count = max(0, math.floor(guess) - 1)
    top, bottom = clean.numerator**count, clean.denominator**count
    while top * left.denominator > left.numerator * bottom:
        top, bottom, count = top * clean.numerator, bottom * clean.denominator, count + 1
    return count


def share_refuted(challenges: int, confidence: float) -> float:
    """The smallest dirty share that so many clean challenges refute: 1 - (1 - c)^(1/n).

    >>> round(share_refuted(300, 0.95), 5)
    0.00994
    """
    if challenges < 1 or not 0.0 < confidence < 1.0:
        raise Misuse("share_refuted: expected a challenge and a confidence between 0 and 1")
    return -math.expm1(math.log1p(-confidence) / challenges)


@dataclass(frozen=True, slots=True, kw_only=True)
class ChallengePlan:
    """So many challenges, and an alarm where more than `allowed` do not match."""

    challenges: int
    allowed: int

    def __post_init__(self) -> None:
        if not 0 <= self.allowed < self.challenges:
            raise Misuse("ChallengePlan: expected more challenges than mismatches allowed")

    def alarm(self, mismatch: float) -> float:
        """The chance of an alarm where each challenge mismatches with this probability."""
        return binomial_tail(self.challenges, self.allowed, mismatch)


def challenge_plan(dirty: float, benign: float, *, detection: float, alpha: float) -> ChallengePlan:
    """The plan of fewest challenges that finds a dirty share, and seldom blames honest noise.

    A dirty unit always mismatches, an honest one with probability `benign`; the plan alarms with
    at least `detection` at the mismatch rate f + (1 - f) benign and at most `alpha` at benign.
    For each number allowed in turn, 0, 1, ..., the fewest challenges that detect are found by
    doubling and bisection; the first pair that keeps alpha is the answer.
    """
    if not (0.0 < dirty < 1.0 and 0.0 <= benign < 1.0 and 0.0 < alpha < detection < 1.0):
        raise Misuse("challenge_plan: expected shares and probabilities between 0 and 1")
    both = dirty + (1.0 - dirty) * benign
    allowed = 0
    while True:
        low = high = allowed + 1
        while binomial_tail(high, allowed, both) < detection:
            low, high = high, 2 * high
            if high > _CHALLENGES_MAX:
                raise Misuse("challenge_plan: honest noise hides so small a share")
        while low < high:
            middle = (low + high) // 2
            if binomial_tail(middle, allowed, both) >= detection:
                high = middle
            else:
                low = middle + 1
        plan = ChallengePlan(challenges=low, allowed=allowed)
        if plan.alarm(benign) <= alpha:
            return plan
        allowed += 1


def binomial_tail(trials: int, allowed: int, chance: float) -> float:
    """P(more than `allowed` of the trials succeed)."""
    if chance <= 0.0:
        return 0.0
    if chance >= 1.0:
        return float(trials > allowed)
    log_yes, log_no = math.log(chance), math.log1p(-chance)
    terms = (
        math.exp(
            math.lgamma(trials + 1)
            - math.lgamma(j + 1)
            - math.lgamma(trials - j + 1)
            + j * log_yes
            + (trials - j) * log_no
        )
        for j in range(min(allowed, trials) + 1)
    )
    return max(0.0, 1.0 - math.fsum(terms))
