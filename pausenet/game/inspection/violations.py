"""Several intended violations: m inspections over n periods, and a lab that would break k times.

| symbol | here | meaning |
|---|---|---|
| n, m | `periods`, `inspections` | periods and inspections that are left |
| k | `violations` | how often the lab would break the rule, if it is not caught |
| b | `penalty` | what being caught costs, in units of an uncaught violation |

1. Zero-sum: each uncaught violation costs the inspector 1, catching one gains b and ends the game.
2. The stage game of (n, m, k) has rows inspect and not, columns keep and violate:
   [[v(n-1, m-1, k), b], [v(n-1, m, k), v(n-1, m, k-1) - 1]]; v(n, 0, k) = -min(n, k), and
   v(n, m, k) = 0 where m >= n or k = 0.
3. v(n, m, k) = - sum_{j=1..k} C(n-j, m) / s(n, m; b), with s of `dresher`.
4. The probability of inspection is that of k = 1: it does not depend on how often the lab would
   violate, so the inspector need not know it.

Von Stengel 2016 for steps 1, 2 and 4; step 3 was found by fitting and agrees with step 2 in every
state that the tests solve.
"""

from __future__ import annotations

import math
from fractions import Fraction
from functools import cache
from typing import Final

from pausenet.errors import Misuse
from pausenet.game.answer import Answer, Axis, Cell, Lines, Mark, Series, Table, counted
from pausenet.game.checks import Check
from pausenet.game.inspection.dresher import inspection_probability, weight
from pausenet.game.inspection.papers import VON_STENGEL
from pausenet.game.inspection.shared import (
    INSPECTIONS,
    PENALTY,
    PERIODS,
    SEEN,
    check,
    column,
    counts,
)
from pausenet.game.model import Chosen, Model, Parameter


def value(periods: int, inspections: int, violations: int, penalty: Fraction) -> Fraction:
    """v(n, m, k): what the inspector expects, in units of an uncaught violation (step 3).

    >>> value(6, 2, 3, Fraction(1))
    Fraction(-19, 22)
    """
    if min(periods, inspections, violations) < 0 or penalty <= 0:
        raise Misuse("value: expected periods, inspections, violations from 0, a penalty above 0")
    if inspections >= periods:
        return Fraction(0)
    worst = sum(math.comb(periods - j, inspections) for j in range(1, min(violations, periods) + 1))
    return -worst / weight(periods, inspections, penalty)


@cache
def solved(
    periods: int, inspections: int, violations: int, penalty: Fraction
) -> tuple[Fraction, Fraction]:
    """The value and the inspection probability by the recursion of step 2, exact and slow.

    >>> solved(4, 1, 2, Fraction(1))
    (Fraction(-1, 1), Fraction(1, 5))
    """
    if inspections >= periods or violations == 0:
        return Fraction(0), Fraction(1)
    if inspections == 0:
        return -Fraction(min(periods, violations)), Fraction(0)
    kept = solved(periods - 1, inspections - 1, violations, penalty)[0]
    waited = solved(periods - 1, inspections, violations, penalty)[0]
    escaped = solved(periods - 1, inspections, violations - 1, penalty)[0] - 1
    inspect = (waited - escaped) / (waited - escaped + penalty - kept)
    return inspect * kept + (1 - inspect) * waited, inspect


def _violations(chosen: Chosen) -> Answer:
    n, m = counts(chosen)
    penalty, k = chosen.exact("penalty"), chosen.whole("violations")
    most = max(k, min(n, 6))
    rows: tuple[tuple[Cell, ...], ...] = tuple(
        (each, value(n, m, each, penalty), -Fraction(min(each, n))) for each in range(1, most + 1)
    )
    chosen_value = value(n, m, k, penalty)
    inspect = inspection_probability(n, m, penalty)
    saved = 1 + chosen_value / min(k, n) if k else Fraction(0)
    return Answer(
        sentence=f"A lab that would violate {counted(k, 'time')} in {counted(n, 'period')} "
        f"costs an inspector with {counted(m, 'inspection')} {float(-chosen_value):.3f} uncaught "
        "violations net of what catching gains: "
        f"{float(saved):.1%} less than without inspections. It inspects the first period with "
        f"probability {float(inspect):.3f}, however many violations are intended.",
        not_shown="A game that goes on after the lab was caught, inspections that err, and payoffs "
        "that are not the opposite of each other.",
        tables=(
            Table(
                title=f"{counted(n, 'period')}, {counted(m, 'inspection')}",
                columns=(
                    column("intended violations", ""),
                    column("value to the inspector"),
                    column("without inspections"),
                ),
                rows=rows,
            ),
        ),
        picture=Lines(
            title="Each violation more costs less than the one before: the lab may be caught."
            if m
            else "Without inspections each violation costs as much as the one before.",
            subtitle=f"The inspector's value by the violations intended, over {n} periods.",
            x=Axis(title="violations intended", low=0, high=n),
            y=Axis(title="value to the inspector (uncaught violations)"),
            series=tuple(
                Series(
                    name=counted(each, "inspection"),
                    points=tuple((x, value(n, each, x, penalty)) for x in range(n + 1)),
                )
                for each in sorted({1, -(-m // 2), m})
            ),
            marks=(Mark(x=min(k, n), y=chosen_value, words="as chosen"),),
        ),
    )


def _intended(n: int, m: int, k: int, stated: str) -> Check:
    return check(
        VON_STENGEL,
        "several intended violations, b = 1",
        f"v({n},{m},{k})",
        stated,
        lambda: value(n, m, k, Fraction(1)),
    )


VIOLATIONS: Final = Model(
    name="violations",
    title="Several intended violations",
    question="What does it cost if a lab would break the rule not once but several times?",
    validity=SEEN + " What one side gains the other loses; being caught ends the game.",
    papers=(VON_STENGEL,),
    parameters=(
        PERIODS,
        INSPECTIONS,
        Parameter(
            name="violations",
            symbol="k",
            unit="violations",
            default=Fraction(3),
            meaning="How often the lab would break the rule if it is not caught.",
            low=1,
            high=200,
            whole=True,
        ),
        PENALTY,
    ),
    solve=_violations,
    checks=(
        _intended(4, 1, 2, "-1"),
        _intended(6, 2, 3, "-19/22"),
        _intended(10, 3, 2, "-35/44"),
        _intended(10, 3, 5, "-205/176"),
    ),
)
