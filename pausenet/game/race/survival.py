"""A race whose every system must be aligned: the closed form of tkwa's ai-race-game-theory.

n labs divide their means between safety, a share s, and capability, 1 - s. Each system is aligned
with chance P(s) = k s / (k s + 1 - s); if one is not, all lose everything. Else a prize of 1 is
shared by capability to the power w.

1. A lab's payoff is P(s_i) P(s)^(n-1) (1 - s_i)^w / ((1 - s_i)^w + (n - 1) (1 - s)^w).
2. Its derivative is 0 at a symmetric point where P'(s) = P(s) w (n - 1) / (n (1 - s)).
3. With s = p / (k (1 - p) + p) this is n (k - 1) p^2 - (n (2 k - 1) + w (n - 1)) p + n k = 0.
4. Its root below 1, without a difference of large numbers and for k = 1 too, is
   p = 2 n k / (b + sqrt(b^2 - 4 n^2 k (k - 1))), b = n (2 k - 1) + w (n - 1). All survive with
   chance p^n.
5. The payoff may have its maximum elsewhere when w is large: the point is kept as an equilibrium
   only if no other s of a fine grid earns more (`regret`).

k is the effect of a unit of safety, w how much the largest takes; both pure numbers. Float64,
relative tolerance 1e-12.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from fractions import Fraction
from functools import partial
from typing import Final

import numpy as np

from pausenet.errors import Misuse
from pausenet.game.answer import Answer, Axis, Column, Lines, Mark, NotFound, Series, Table
from pausenet.game.checks import Basis, Check, Paper
from pausenet.game.model import Chosen, Model, Parameter

TKWA: Final = Paper(
    key="tkwa-race",
    cite="tkwa, ai-race-game-theory, closed forms of symmetric equilibria, public repository",
    address="https://github.com/tkwa/ai-race-game-theory",
)
_GRID: Final = 4_001
_REGRET_MAX: Final = 1e-9


@dataclass(frozen=True, slots=True, kw_only=True)
class Everybody:
    """n labs, safety effect k, steepness w. Raises `Misuse` where it is no race."""

    labs: int
    effect: float
    steepness: float

    def __post_init__(self) -> None:
        if self.labs < 2 or not self.effect > 0.0 or not self.steepness > 0.0:
            raise Misuse("Everybody: expected two labs or more, k and w above 0")


def aligned(race: Everybody) -> float:
    """p, the chance that one lab's system is aligned (steps 3 and 4).

    >>> round(aligned(Everybody(labs=2, effect=33.9, steepness=1.0)), 3)
    0.897
    """
    n, k, w = race.labs, race.effect, race.steepness
    b = n * (2.0 * k - 1.0) + w * (n - 1)
    root = math.sqrt((n - w * (n - 1)) ** 2 + 4.0 * n * k * w * (n - 1))
    if b >= 0.0:
        return 2.0 * n * k / (b + root)
    return (root - b) / (2.0 * n * (1.0 - k))


def safety(race: Everybody) -> float:
    """s, the share of means that goes to safety (step 3)."""
    p = aligned(race)
    return p / (race.effect * (1.0 - p) + p)


def regret(race: Everybody) -> float:
    """What the best other share of a grid earns more, relative to the payoff (step 5)."""
    s = safety(race)
    grid = np.linspace(0.0, 1.0, _GRID)[1:-1]
    own = (1.0 - grid) ** race.steepness
    others = (race.labs - 1) * (1.0 - s) ** race.steepness
    payoffs = race.effect * grid / (race.effect * grid + 1.0 - grid) * own / (own + others)
    return max(0.0, float(np.max(payoffs)) / (aligned(race) / race.labs) - 1.0)


def survival(race: Everybody) -> float | NotFound:
    """p^n, if the symmetric point is an equilibrium (steps 4 and 5)."""
    found = regret(race)
    if found > _REGRET_MAX:
        return NotFound(f"at the symmetric point a lab gains {found:.2g} of its payoff elsewhere")
    return aligned(race) ** race.labs


def _solve(chosen: Chosen) -> Answer:
    race = Everybody(
        labs=chosen.whole("labs"), effect=chosen.real("effect"), steepness=chosen.real("steepness")
    )
    found = survival(race)
    said = (
        f"no symmetric equilibrium is found, as {found.why}"
        if isinstance(found, NotFound)
        else f"all survive with chance {found:.1%}"
    )
    return Answer(
        sentence=f"{race.labs} labs spend {safety(race):.1%} of their means on safety, each system "
        f"is aligned with chance {aligned(race):.1%}, and {said}.",
        not_shown="Labs of different means or skill, alignment that is correlated, and prizes that "
        "safety itself would raise.",
        tables=(
            Table(
                title="The symmetric equilibrium",
                columns=(Column(name="quantity"), Column(name="value", unit="1")),
                rows=(
                    ("share of means spent on safety, s", safety(race)),
                    ("chance that one lab's system is aligned, p", aligned(race)),
                    ("chance that all are, p^n", found),
                    ("gain of the best deviation, relative", regret(race)),
                ),
            ),
        ),
        picture=_lines(race),
        hand_check=_hand_check(race),
    )


def _hand_check(race: Everybody) -> str:
    """What holds where safety has a large effect; nothing is said where it would be no chance."""
    lost = math.sqrt(race.labs * race.steepness * (race.labs - 1) / race.effect)
    said = "for large k: p^n = 1 - sqrt(n w (n - 1) / k)"
    if lost < 1.0:
        return f"{said} = {1.0 - lost:.4g}."
    return f"{said}, which says nothing of a k as small as {race.effect:g}."


def _lines(race: Everybody) -> Lines:
    """Survival by the effect of safety, for some numbers of labs."""
    series = []
    for labs in sorted({2, 3, 5, race.labs}):
        points = []
        for step in range(61):
            effect = 10.0 ** (-1.0 + step / 15.0)
            found = survival(Everybody(labs=labs, effect=effect, steepness=race.steepness))
            if not isinstance(found, NotFound):
                points.append((effect, found))
        if points:
            series.append(Series(name=f"{labs} labs", points=tuple(points)))
    found = survival(race)
    marks = (
        () if isinstance(found, NotFound) else (Mark(x=race.effect, y=found, words="as chosen"),)
    )
    return Lines(
        title="Better safety is in part spent on speed, so survival rises slowly.",
        subtitle="The chance that all systems are aligned, by the effect of a unit of safety.",
        x=Axis(title="effect of safety, k", logarithmic=True),
        y=Axis(title="all survive", low=0, high=1, percent=True),
        series=tuple(series),
        marks=marks,
    )


def _check(what: str, stated: str, effect: float, kind: str) -> Check:
    race = Everybody(labs=2, effect=effect, steepness=1.0)
    computed = {"p": aligned, "s": safety, "survival": survival}[kind]
    return Check(
        paper=TKWA,
        where="n = 2, w = 1",
        what=what,
        stated=stated,
        ours=partial(computed, race),
        basis=Basis.PAPER,
    )


SURVIVAL: Final = Model(
    name="survival",
    title="Every system must be aligned",
    question="How much do racing labs spend on safety, and do all survive?",
    validity="Labs alike; one unaligned system ends it for all; a prize shared by capability.",
    papers=(TKWA,),
    parameters=(
        Parameter(
            name="labs",
            symbol="n",
            unit="labs",
            default=Fraction(5),
            meaning="How many race.",
            low=2,
            high=1_000,
            whole=True,
        ),
        Parameter(
            name="effect",
            symbol="k",
            unit="1",
            default=Fraction(339, 10),
            meaning="Odds of alignment that a unit of safety buys for a unit of capability.",
            above=0,
        ),
        Parameter(
            name="steepness",
            symbol="w",
            unit="1",
            default=Fraction(1),
            meaning="How much of the prize the largest takes; 1 shares by capability.",
            above=0,
        ),
    ),
    solve=_solve,
    checks=(
        _check("p for k = 33.9", "0.897", 33.9, "p"),
        _check("survival for k = 33.9", "0.805", 33.9, "survival"),
        _check("s for k = 0.1", "0.92", 0.1, "s"),
        _check("survival for k = 0.1", "0.29", 0.1, "survival"),
        _check("s for k = 10", "0.33", 10.0, "s"),
        _check("survival for k = 10", "0.69", 10.0, "survival"),
    ),
)
