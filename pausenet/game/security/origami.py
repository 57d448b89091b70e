"""Where to inspect, where the lab knows the plan before it chooses where to violate (ORIGAMI).

| symbol | here | meaning |
|---|---|---|
| U_u, U_c | `open_gain`, `watched_gain` | what a violation gains at an uncovered, a covered site |
| D_u, D_c | `open_payoff`, `watched_payoff` | what the inspector then has |
| c_t | `coverage` | how likely site t is inspected, from 0 to 1 |
| m | `budget` | inspections there are, the sum of c_t at most |

1. The inspector announces c_1 ... c_n with sum at most m. The lab then violates where it gains
   most, U(t) = U_u - c_t (U_u - U_c), or keeps the rule, which pays 0.
2. The lab's gain x is to be small: c_t = max(0, (U_u - x) / (U_u - U_c)) makes every site that
   would gain more than x gain just x.
3. The least x is 0, or the largest U_c (no site can be covered more than surely), or, where both
   cost more than m, the zero of a line: with the k sites of largest U_u covered,
   x = (sum U_u / (U_u - U_c) - m) / sum 1 / (U_u - U_c).
4. Of all that is best for the lab it takes what is best for the inspector (strong Stackelberg
   equilibrium): a grain more coverage elsewhere makes that strict.
5. Nobody violates where x = 0 is reached; that costs m_min = sum max(0, U_u) / (U_u - U_c).

Kiekintveld and others 2009; the choice to keep the rule is added here. Exact. `programmes` solves
the same game by one linear programme for each answer of the lab.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import TypeAlias

from pausenet.errors import Misuse
from pausenet.game.answer import Infeasible, spelled


@dataclass(frozen=True, slots=True, kw_only=True)
class Site:
    """What a violation at a site pays to both. Raises `Misuse` unless inspecting hurts the lab."""

    open_gain: Fraction
    watched_gain: Fraction
    open_payoff: Fraction
    watched_payoff: Fraction

    def __post_init__(self) -> None:
        if not self.watched_gain < self.open_gain:
            raise Misuse("a site: expected an inspection to lower the lab's gain")
        if self.watched_payoff < self.open_payoff:
            raise Misuse("a site: expected an inspection not to harm the inspector")

    @property
    def deters(self) -> Fraction:
        """U_u - U_c: how much a sure inspection takes from the lab."""
        return self.open_gain - self.watched_gain

    def gain(self, coverage: Fraction) -> Fraction:
        """What the lab expects of a violation here."""
        return self.open_gain - coverage * self.deters

    def payoff(self, coverage: Fraction) -> Fraction:
        """What the inspector expects of it."""
        return self.open_payoff + coverage * (self.watched_payoff - self.open_payoff)


Violated: TypeAlias = tuple[int, ...]
"""The site at which the lab violates, counted from 0; empty where it keeps the rule."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Allocation:
    """How likely each site is inspected, what the lab does, and what both then expect."""

    coverage: tuple[Fraction, ...]
    violated: Violated
    lab: Fraction
    inspector: Fraction


def watched_site(
    value: Fraction,
    penalty: Fraction,
    detection: Fraction,
    harm: Fraction,
    alarm_cost: Fraction = Fraction(0),
) -> Site:
    """A site where an inspection finds a violation with a chance below 1, and may accuse falsely.

    A violation gains `value`, or costs `penalty` when found, and harms the inspector by `harm`
    unless found. `alarm_cost` is f alpha, what a lab that keeps the rule expects to lose by each
    inspection: violating saves it, so it counts for violating. Raises `Misuse` where that is more
    than an inspection takes from a violation.
    """
    taken = detection * (value + penalty)
    if alarm_cost >= taken:
        raise Misuse(
            f"an inspection must cost a lab that violates more than one that keeps the rule: it "
            f"takes d (v + F) = {spelled(taken)} from a violation, and false alarms take f alpha = "
            f"{spelled(alarm_cost)} from keeping the rule"
        )
    return Site(
        open_gain=value,
        watched_gain=value - detection * (value + penalty) + alarm_cost,
        open_payoff=-harm,
        watched_payoff=-harm * (1 - detection),
    )


def deterring_budget(sites: Sequence[Site]) -> Fraction | Infeasible:
    """m_min: the inspections at which keeping the rule is as good as any violation (step 5)."""
    if any(site.watched_gain > 0 for site in sites):
        return Infeasible(
            "even a sure inspection of some site would leave a violation there worth it"
        )
    return sum((max(Fraction(0), site.open_gain) / site.deters for site in sites), Fraction(0))


def allocated(sites: Sequence[Site], budget: Fraction) -> Allocation:
    """The inspector's best announcement (steps 2 to 4). Raises `Misuse` without sites."""
    if not sites or budget < 0:
        raise Misuse("allocated: expected a site at least, and a budget from 0")
    # 2. and 3.
    gain = max(Fraction(0), *(site.watched_gain for site in sites))
    if _cost(sites, gain) > budget:
        gain = _level(sites, budget)
    coverage = tuple(max(Fraction(0), (site.open_gain - gain) / site.deters) for site in sites)
    # 4.
    answers: list[tuple[Fraction, Violated]] = [(Fraction(0), ())] if gain == 0 else []
    answers += [
        (site.payoff(share), (place,))
        for place, (site, share) in enumerate(zip(sites, coverage, strict=True))
        if site.gain(share) == gain
    ]
    inspector, violated = max(answers, key=lambda answer: answer[0])
    return Allocation(coverage=coverage, violated=violated, lab=gain, inspector=inspector)


def _cost(sites: Sequence[Site], gain: Fraction) -> Fraction:
    """The coverage that leaves the lab no more than this gain."""
    return sum(
        (max(Fraction(0), site.open_gain - gain) / site.deters for site in sites), Fraction(0)
    )


def _level(sites: Sequence[Site], budget: Fraction) -> Fraction:
    """The gain at which the coverage costs just the budget (step 3)."""
    ordered = sorted(sites, key=lambda site: site.open_gain, reverse=True)
    gains = rates = Fraction(0)
    level = ordered[0].open_gain
    for site in ordered:
        if rates and site.open_gain <= level:
            break
        gains += site.open_gain / site.deters
        rates += 1 / site.deters
        level = (gains - budget) / rates
    return level
