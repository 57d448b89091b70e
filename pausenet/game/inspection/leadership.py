"""Maschler's leadership: what it is worth to publish the inspection plan, and to be believed.

1. The inspector announces, for every number of periods and inspections left, how likely it will
   inspect, and draws so that the lab can check it afterwards.
2. It announces Dresher's own probabilities p(n, m): they leave the lab indifferent, and an
   indifferent lab keeps the rule (a grain more inspection makes it strict).
3. So the lab keeps the rule while inspections remain and violates once they are used up:
   L(n, m) = p L(n-1, m-1) + (1 - p) L(n-1, m), L(n, 0) = -1 for n >= 1, L(n, n) = 0.
4. L(n, m) = -V(n, m): the inspector loses only the chance that the inspections run out early, and
   the lab expects what it expected before. What publishing is worth is L - I >= 0.

Maschler 1966; von Stengel 2016 section 6. Leadership needs the probabilities to be known and
believed: they stand in the agreement, the seed of the draws is committed to beforehand, and the
draws are audited against the probabilities. A digest of a secret plan is no leadership.
"""

from __future__ import annotations

from fractions import Fraction
from typing import Final

from pausenet.game.answer import Answer, Axis, Cell, Lines, Mark, Series, Table, counted, spelled
from pausenet.game.checks import Check
from pausenet.game.inspection.dresher import inspection_probability, inspector_payoff, lab_payoff
from pausenet.game.inspection.papers import MASCHLER, VON_STENGEL
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
from pausenet.game.model import Chosen, Model


def leader_payoff(periods: int, inspections: int, penalty: Fraction) -> Fraction:
    """L(n, m): what an inspector expects whose plan is published (step 4).

    >>> leader_payoff(2, 1, Fraction(3))
    Fraction(-1, 5)
    """
    return -lab_payoff(periods, inspections, penalty)


def plan(
    periods: int, inspections: int, penalty: Fraction
) -> tuple[tuple[int, tuple[Fraction, ...]], ...]:
    """What is published: by periods left, the probability for 0, 1, ... m inspections left.

    >>> plan(2, 1, Fraction(3))
    ((2, (Fraction(0, 1), Fraction(1, 5))), (1, (Fraction(0, 1), Fraction(1, 1))))
    """
    return tuple(
        (left, tuple(inspection_probability(left, m, penalty) for m in range(inspections + 1)))
        for left in range(periods, 0, -1)
    )


def _leadership(chosen: Chosen) -> Answer:
    n, m = counts(chosen)
    penalty, caught = chosen.exact("penalty"), chosen.exact("caught_loss")
    rows: tuple[tuple[Cell, ...], ...] = tuple(
        (each, leader, secret, leader - secret)
        for each in shown(n, m)
        for leader, secret in (
            (
                leader_payoff(n, each, penalty),
                inspector_payoff(n, each, caught),
            ),
        )
    )
    leader, secret = (
        leader_payoff(n, m, penalty),
        inspector_payoff(n, m, caught),
    )
    few = min(m, 4)
    published: tuple[tuple[Cell, ...], ...] = tuple(
        (left, *(inspection_probability(left, m - used, penalty) for used in range(few)))
        for left in range(n, max(0, n - 12), -1)
    )
    return Answer(
        sentence=f"Publishing the plan and keeping to it cuts the inspector's expected loss from "
        f"{float(-secret):.3f} to {float(-leader):.3f} (1 is an uncaught violation), with the same "
        f"{counted(m, 'inspection')} over {counted(n, 'period')} and the same "
        f"probabilities; the lab keeps the rule as long as an inspection is left.",
        not_shown="What it takes to be believed, inspections that err, and a lab that errs.",
        tables=(
            Table(
                title=f"The inspector's payoff over {n} periods",
                columns=(
                    column("inspections", ""),
                    column("plan published"),
                    column("plan secret"),
                    column("worth of publishing"),
                ),
                rows=rows,
            ),
            Table(
                title="The plan to publish: how likely a period is inspected",
                columns=(
                    column("periods left", ""),
                    *(column(f"{each} left") for each in range(m, m - few, -1)),
                ),
                rows=published,
            ),
        ),
        picture=Lines(
            title="The same inspections are worth more when the plan is published.",
            subtitle=f"The inspector's payoff over {n} periods, by the number of inspections.",
            x=Axis(title="inspections", low=0, high=n),
            y=Axis(title="payoff (-1: an uncaught violation)", low=-1, high=0),
            series=(
                Series(
                    name="plan published",
                    points=tuple((x, leader_payoff(n, x, penalty)) for x in range(n + 1)),
                ),
                Series(
                    name="plan secret",
                    points=tuple((x, inspector_payoff(n, x, caught)) for x in range(n + 1)),
                    dashed=True,
                ),
            ),
            marks=(Mark(x=m, y=leader, words="as chosen"),),
        ),
        hand_check=f"L(1 inspection) = -(n - 1) / (b + n) = -{n - 1} / ({spelled(penalty)} + {n}) "
        f"= {spelled(leader_payoff(n, 1, penalty))}.",
    )


def _led(n: int, m: int, value: str) -> Check:
    return check(
        MASCHLER,
        "leadership, b = 3",
        f"L({n},{m})",
        value,
        lambda: leader_payoff(n, m, Fraction(3)),
    )


LEADERSHIP: Final = Model(
    name="leadership",
    title="A published inspection plan",
    question="What is it worth to publish how likely inspections are, and to be believed?",
    validity=SEEN + " The lab knows and believes the probabilities, and keeps the rule where "
    "it is indifferent.",
    papers=(MASCHLER, VON_STENGEL),
    parameters=(PERIODS, INSPECTIONS, PENALTY, CAUGHT_LOSS),
    solve=_leadership,
    checks=(
        _led(2, 1, "-1/5"),
        _led(4, 2, "-1/9"),
        _led(10, 3, "-7/31"),
        check(
            MASCHLER,
            "without commitment, a = 1/2",
            "I(10,3)",
            "-0.8411",
            lambda: inspector_payoff(10, 3, Fraction(1, 2)),
        ),
    ),
)
