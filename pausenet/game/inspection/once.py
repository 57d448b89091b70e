"""The one-shot inspection game: inspect or not, violate or not, with a detection that may fail.

| symbol | here | meaning |
|---|---|---|
| g, F | `gain`, `fine` | what an unnoticed violation gains the lab, what a detected one costs it |
| c, D | `cost`, `damage` | what an inspection costs, what an undetected violation damages |
| d | `detection` | chance that an inspection finds a violation |

1. Lab: keep 0; violate g without inspection, g - d (g + F) with one. Inspector: -c for an
   inspection, -D for a violation that is not detected.
2. Mixed, where both can be indifferent: inspect with p* = g / (d (g + F)), violate with
   q* = c / (d D). The lab expects 0, the inspector -q* D.
3. Where p* > 1 the lab violates whatever the inspector does; where q* > 1 inspecting is not worth
   its cost and nobody inspects. Then the equilibrium is pure.
4. An announced p* makes the lab keep the rule and costs c p*; announcing pays where c p* < D.

Dresher 1962 and Avenhaus, von Stengel and Zamir 2002, section 2, with detection d.
"""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from typing import Final, TypeAlias

from pausenet.game.answer import Answer, Axis, Cell, Infeasible, Lines, Mark, Series, Table, spelled
from pausenet.game.checks import Check
from pausenet.game.inspection.papers import HANDBOOK
from pausenet.game.inspection.shared import check, column
from pausenet.game.model import Chosen, Model, Parameter

Share: TypeAlias = Fraction | Infeasible


@dataclass(frozen=True, slots=True, kw_only=True)
class Stakes:
    """The five numbers of the game, each exact."""

    gain: Fraction
    fine: Fraction
    cost: Fraction
    damage: Fraction
    detection: Fraction


@dataclass(frozen=True, slots=True, kw_only=True)
class Played:
    """How likely an inspection and a violation are, and what both sides expect."""

    inspects: Fraction
    violates: Fraction
    inspector: Fraction
    lab: Fraction


def deterring_share(stakes: Stakes) -> Share:
    """p*: the least chance of inspection at which keeping the rule is as good (step 2).

    >>> deterring_share(Stakes(gain=Fraction(1), fine=Fraction(4), cost=Fraction(1, 5),
    ...                        damage=Fraction(1), detection=Fraction(4, 5)))
    Fraction(1, 4)
    """
    caught = stakes.detection * (stakes.gain + stakes.fine)
    if caught < stakes.gain:
        return Infeasible("even a sure inspection finds too little for such a fine")
    return stakes.gain / caught


def tempting_share(stakes: Stakes) -> Share:
    """q*: how likely violations must be for an inspection to be worth its cost (step 2)."""
    found = stakes.detection * stakes.damage
    if found < stakes.cost:
        return Infeasible("an inspection costs more than a sure violation that it prevents")
    return stakes.cost / found if found else Fraction(0)


def equilibrium(stakes: Stakes) -> Played:
    """What both do when neither announces anything (steps 2 and 3).

    Where a side is indifferent at an end of its range the equilibrium with the least violation is
    given.
    """
    p, q = deterring_share(stakes), tempting_share(stakes)
    inspects = Fraction(0) if isinstance(q, Infeasible) else Fraction(1)
    violates = Fraction(1)
    if not isinstance(p, Infeasible) and not isinstance(q, Infeasible):
        inspects, violates = p, q
    return played(stakes, inspects, violates)


def played(stakes: Stakes, inspects: Fraction, violates: Fraction) -> Played:
    """What both expect of two chances (step 1)."""
    missed = 1 - stakes.detection * inspects
    return Played(
        inspects=inspects,
        violates=violates,
        inspector=-stakes.cost * inspects - stakes.damage * violates * missed,
        lab=violates * (stakes.gain * missed - stakes.fine * stakes.detection * inspects),
    )


def announced(stakes: Stakes) -> Played:
    """What is best to announce: p*, or nothing where p* costs more than the damage (step 4)."""
    share = deterring_share(stakes)
    idle = played(stakes, Fraction(0), Fraction(1))
    if isinstance(share, Infeasible):
        busy = played(stakes, Fraction(1), Fraction(1))
    else:
        busy = played(stakes, share, Fraction(0))
    return busy if busy.inspector > idle.inspector else idle


def _solve(chosen: Chosen) -> Answer:
    stakes = Stakes(
        gain=chosen.exact("gain"),
        fine=chosen.exact("fine"),
        cost=chosen.exact("cost"),
        damage=chosen.exact("damage"),
        detection=chosen.exact("detection"),
    )
    secret, led = equilibrium(stakes), announced(stakes)
    p, q = deterring_share(stakes), tempting_share(stakes)
    rows: tuple[tuple[Cell, ...], ...] = tuple(
        (name, each.inspects, each.violates, each.inspector, each.lab)
        for name, each in (("nobody announces", secret), ("inspector announces", led))
    )
    return Answer(
        sentence=_said(p, q, secret, led),
        not_shown="False alarms, more than one period, and several labs.",
        tables=(
            Table(
                title="One inspection, or none",
                columns=(
                    column("case", ""),
                    column("inspects with"),
                    column("violates with"),
                    column("inspector expects", "payoff"),
                    column("lab expects", "payoff"),
                ),
                rows=rows,
            ),
        ),
        picture=_picture(stakes, p),
        hand_check=f"p* = g / (d (g + F)) = {spelled(p)}; q* = c / (d D) = {spelled(q)}.",
    )


def _said(p: Share, q: Share, secret: Played, led: Played) -> str:
    if isinstance(p, Infeasible):
        return (
            "The lab violates whatever the inspector does: even a sure inspection finds too "
            "little for such a fine."
        )
    if isinstance(q, Infeasible):
        first = "Nobody inspects unasked, as an inspection costs more than what it prevents"
    else:
        first = (
            f"Unannounced, the inspector looks with probability {float(secret.inspects):.3f} and "
            f"the lab violates with {float(secret.violates):.3f}"
        )
    if led.inspects == p and led.violates == 0:
        return (
            f"{first}; announced, inspections with probability {float(p):.3f} make the lab keep "
            f"the rule at a cost of {float(-led.inspector):.3g} instead of "
            f"{float(-secret.inspector):.3g}."
        )
    return f"{first}; to deter would cost more than the damage, so nothing is announced."


def _picture(stakes: Stakes, p: Share) -> Lines:
    top = max(stakes.fine * 2, stakes.gain * 10, Fraction(1))
    series = []
    for each in sorted({stakes.detection, Fraction(1), stakes.detection / 2}, reverse=True):
        points = tuple(
            (fine, stakes.gain / (each * (stakes.gain + fine)))
            for fine in (top * step / 60 for step in range(61))
            if each * (stakes.gain + fine) >= stakes.gain > 0
        )
        if points:
            series.append(Series(name=f"detection {float(each):.3g}", points=points))
    return Lines(
        title="A fine can replace inspections, but not a detection that fails.",
        subtitle="The chance of inspection that deters, by the fine.",
        x=Axis(title="fine (payoff)", low=0),
        y=Axis(title="inspection that deters", low=0, high=1, percent=True),
        series=tuple(series),
        marks=() if isinstance(p, Infeasible) else (Mark(x=stakes.fine, y=p, words="as chosen"),),
    )


def _stated(detection: Fraction, what: str, stated: str) -> Check:
    stakes = Stakes(
        gain=Fraction(1),
        fine=Fraction(4),
        cost=Fraction(1, 5),
        damage=Fraction(1),
        detection=detection,
    )
    ours = deterring_share if what == "p*" else tempting_share
    where = f"(g, F, c, D) = (1, 4, 0.2, 1), d = {float(detection):g}"
    return check(HANDBOOK, where, what, stated, lambda: ours(stakes))


def _parameter(name: str, symbol: str, default: str, meaning: str) -> Parameter:
    return Parameter(
        name=name, symbol=symbol, unit="payoff", default=Fraction(default), meaning=meaning, above=0
    )


ONCE: Final = Model(
    name="inspection-once",
    title="One inspection, or none",
    question="How likely must an inspection be, so that a single violation does not pay?",
    validity="One lab, one period; an inspection finds a violation with a known chance and never "
    "accuses falsely; both know all payoffs.",
    papers=(HANDBOOK,),
    parameters=(
        _parameter("gain", "g", "1", "What a violation that is not detected gains the lab."),
        _parameter("fine", "F", "4", "What a detected violation costs the lab."),
        _parameter("cost", "c", "1/5", "What an inspection costs the inspector."),
        _parameter("damage", "D", "1", "What an undetected violation damages."),
        Parameter(
            name="detection",
            symbol="d",
            unit="1",
            default=Fraction(4, 5),
            meaning="How likely an inspection finds a violation.",
            above=0,
            high=1,
        ),
    ),
    solve=_solve,
    checks=(
        _stated(Fraction(1), "p*", "1/5"),
        _stated(Fraction(1), "q*", "1/5"),
        _stated(Fraction(4, 5), "p*", "1/4"),
        _stated(Fraction(4, 5), "q*", "1/4"),
    ),
)
