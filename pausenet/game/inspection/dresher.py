"""Dresher's game: m inspections over n periods, and a lab that would break the rule once.

| symbol | here | meaning |
|---|---|---|
| n | `periods` | periods that are left |
| m | `inspections` | inspections that are left; the lab sees each |
| b | `penalty` | what being caught costs the lab, in units of what an uncaught violation gains it |
| a | `caught_loss` | what a caught violation costs the inspector, where an uncaught one costs 1 |

1. Every period the inspector inspects or not and the lab keeps the rule or breaks it, neither
   seeing the other's choice. A violation ends the game: caught (-a, -b), uncaught (-1, +1), for
   (inspector, lab); where nothing happens until the end both have 0.
2. With s(n, m; x) = sum_{i=0..m} C(n, i) x^(m-i) the equilibrium payoffs are
   V(n, m) = C(n-1, m) / s(n, m; b) for the lab, I(n, m) = -C(n-1, m) / s(n, m; -a) for the
   inspector.
3. The inspector inspects with p(n, m) = s(n-1, m-1; b) / s(n, m; b), which leaves the lab
   indifferent.
4. The lab violates with q = D / (D + 1 - a), D = I(n-1, m) - I(n-1, m-1), which leaves the
   inspector indifferent.
5. Zero-sum is a = -b: catching gains the inspector what it costs the lab. Dresher has b = 1.

Dresher 1962 for the zero-sum game, Avenhaus, von Stengel and Zamir 2002 and von Stengel 2016 for
general payoffs. The tests solve the recursion of step 1 state by state and compare.
"""

from __future__ import annotations

import math
from fractions import Fraction
from functools import cache
from typing import Final

from pausenet.errors import Misuse
from pausenet.game.answer import Answer, Axis, Cell, Lines, Mark, Series, Table, counted
from pausenet.game.checks import Check
from pausenet.game.inspection.papers import DRESHER, HANDBOOK, VON_STENGEL
from pausenet.game.inspection.shared import (
    CAUGHT_LOSS,
    INSPECTIONS,
    PENALTY,
    PERIODS,
    SEEN,
    check,
    column,
    counts,
    shown,
)
from pausenet.game.model import Chosen, Model, Parameter


def weight(periods: int, inspections: int, x: Fraction) -> Fraction:
    """s(n, m; x) = sum_{i=0..m} C(n, i) x^(m-i), a pure number (step 2).

    >>> weight(4, 2, Fraction(1))
    Fraction(11, 1)
    """
    total = Fraction(0)
    for i in range(inspections + 1):
        total = total * x + math.comb(periods, i)
    return total


def lab_payoff(periods: int, inspections: int, penalty: Fraction) -> Fraction:
    """V(n, m): what the lab expects, in units of an uncaught violation's gain (step 2).

    >>> lab_payoff(4, 2, Fraction(3))
    Fraction(1, 9)
    """
    _counts(periods, inspections)
    if penalty <= 0:
        raise Misuse(f"lab_payoff: expected a penalty above 0, found {penalty}")
    if inspections >= periods:
        return Fraction(0)
    return math.comb(periods - 1, inspections) / weight(periods, inspections, penalty)


@cache
def inspector_payoff(periods: int, inspections: int, caught_loss: Fraction) -> Fraction:
    """I(n, m): what the inspector expects, an uncaught violation being -1 (step 2).

    >>> inspector_payoff(4, 2, Fraction(1, 2)), inspector_payoff(4, 2, Fraction(-1))
    (Fraction(-12, 17), Fraction(-3, 11))
    """
    _counts(periods, inspections)
    if caught_loss >= 1:
        raise Misuse(f"inspector_payoff: expected a loss below 1, found {caught_loss}")
    if inspections >= periods:
        return Fraction(0)
    return -math.comb(periods - 1, inspections) / weight(periods, inspections, -caught_loss)


def inspection_probability(periods: int, inspections: int, penalty: Fraction) -> Fraction:
    """p(n, m): how likely the period at hand is inspected (step 3).

    >>> inspection_probability(4, 2, Fraction(1))
    Fraction(4, 11)
    """
    _counts(periods, inspections)
    if inspections == 0 or periods == 0:
        return Fraction(0)
    if inspections >= periods:
        return Fraction(1)
    return weight(periods - 1, inspections - 1, penalty) / weight(periods, inspections, penalty)


def violation_probability(periods: int, inspections: int, caught_loss: Fraction) -> Fraction:
    """q(n, m): how likely the lab breaks the rule in the period at hand (step 4).

    With no inspection left and periods to come it is 1: the lab gains as much later, so any
    moment will do, and this one is counted.

    >>> violation_probability(2, 1, Fraction(1, 2))
    Fraction(2, 3)
    """
    _counts(periods, inspections)
    if inspections >= periods:
        return Fraction(0)
    if inspections == 0:
        return Fraction(1)
    later = inspector_payoff(periods - 1, inspections, caught_loss)
    used = inspector_payoff(periods - 1, inspections - 1, caught_loss)
    return (later - used) / (later - used + 1 - caught_loss)


def _counts(periods: int, inspections: int) -> None:
    if periods < 0 or inspections < 0:
        raise Misuse(f"expected periods and inspections from 0, found {periods}, {inspections}")


def _dresher(chosen: Chosen) -> Answer:
    n, m = counts(chosen)
    penalty = chosen.exact("penalty")
    zero_sum = chosen.word("payoffs") == "zero-sum"
    caught = -penalty if zero_sum else chosen.exact("caught_loss")
    rows: list[tuple[Cell, ...]] = [
        (
            each,
            inspection_probability(n, each, penalty),
            violation_probability(n, each, caught),
            inspector_payoff(n, each, caught),
            lab_payoff(n, each, penalty),
        )
        for each in shown(n, m)
    ]
    lab, inspector = lab_payoff(n, m, penalty), inspector_payoff(n, m, caught)
    inspect = inspection_probability(n, m, penalty)
    violate = violation_probability(n, m, caught)
    return Answer(
        sentence=f"With {counted(m, 'inspection')} over {counted(n, 'period')} the inspector "
        f"looks in the first period with probability {float(inspect):.3f} and the lab "
        f"violates then with probability "
        f"{float(violate):.3f}; the inspector expects {float(inspector):.3f} (1 is the loss by an "
        f"uncaught violation), the lab {float(lab):.3f} of what an uncaught violation gains it.",
        not_shown="Inspections that miss or accuse falsely, violations found later, more than one "
        "lab, and what is worth more in one period than in another.",
        tables=(
            Table(
                title=f"The first of {n} periods, by the inspections that are left",
                columns=(
                    column("inspections", ""),
                    column("inspects with"),
                    column("violates with"),
                    column("inspector expects"),
                    column("lab expects"),
                ),
                rows=tuple(rows),
            ),
        ),
        picture=Lines(
            title="The lab's gain falls with every inspection; certainty needs one a period.",
            subtitle=f"What both expect of {n} periods, by the number of inspections.",
            x=Axis(title="inspections", low=0, high=n),
            y=Axis(title="payoff (1: an uncaught violation)", low=-1, high=1),
            series=(
                Series(
                    name="the lab",
                    points=tuple((x, lab_payoff(n, x, penalty)) for x in range(n + 1)),
                ),
                Series(
                    name="the inspector",
                    points=tuple((x, inspector_payoff(n, x, caught)) for x in range(n + 1)),
                ),
            ),
            marks=(Mark(x=m, y=inspector, words="as chosen"),),
        ),
    )


def _zero_sum(n: int, m: int, value: str) -> Check:
    return check(
        DRESHER,
        "value of the game",
        f"I({n},{m})",
        value,
        lambda: inspector_payoff(n, m, Fraction(-1)),
    )


def _first(n: int, m: int, value: str) -> Check:
    return check(
        DRESHER,
        "first period",
        f"p({n},{m})",
        value,
        lambda: inspection_probability(n, m, Fraction(1)),
    )


def _general(n: int, m: int, inspector: str, lab: str) -> tuple[Check, Check]:
    where = "general payoffs, a = 1/2, b = 3"
    return (
        check(
            HANDBOOK,
            where,
            f"inspector, ({n},{m})",
            inspector,
            lambda: inspector_payoff(n, m, Fraction(1, 2)),
        ),
        check(HANDBOOK, where, f"lab, ({n},{m})", lab, lambda: lab_payoff(n, m, Fraction(3))),
    )


DRESHERS: Final = Model(
    name="dresher",
    title="Inspections spent over time",
    question="When should a few inspections be spent, and what does a lab gain by violating?",
    validity=SEEN,
    papers=(DRESHER, HANDBOOK, VON_STENGEL),
    parameters=(
        PERIODS,
        INSPECTIONS,
        PENALTY,
        CAUGHT_LOSS,
        Parameter(
            name="payoffs",
            symbol="",
            unit="word",
            default="general",
            choices=("general", "zero-sum"),
            meaning="Whether catching costs the inspector a (general) or gains it b (zero-sum).",
        ),
    ),
    solve=_dresher,
    checks=(
        _zero_sum(2, 1, "-1/3"),
        _zero_sum(4, 2, "-3/11"),
        _zero_sum(10, 3, "-21/44"),
        _zero_sum(12, 4, "-165/397"),
        _zero_sum(20, 5, "-2907/5425"),
        _first(2, 1, "1/3"),
        _first(4, 2, "4/11"),
        _first(10, 3, "23/88"),
        *_general(2, 1, "-2/3", "1/5"),
        *_general(4, 2, "-12/17", "1/9"),
        *_general(10, 3, "-672/799", "7/31"),
    ),
)
