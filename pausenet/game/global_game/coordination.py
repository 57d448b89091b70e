"""Many labs, each with its own reading of how robust the pause is: who leaves, and does it break?

The pause can bear that a share theta of the labs leaves. All know that theta is normal with mean y
and precision alpha; lab i reads x_i, normal about theta with precision beta. Leaving costs c where
the pause holds and earns 1 - c where it breaks; staying earns 0.

1. A lab leaves where the pause breaks with chance c or more; so all leave below a reading x*.
2. The pause breaks below a theta* at which just so many leave: Phi(sqrt(beta) (x* - theta*)) =
   theta*, so x* = theta* + z / sqrt(beta) with theta* = Phi(z).
3. At x* a lab is indifferent: sqrt(alpha + beta) (theta* - (alpha y + beta x*) / (alpha + beta)) =
   Phi^-1(c).
4. Together, in z: g(z) = alpha (Phi(z) - y) - sqrt(beta) z - sqrt(alpha + beta) Phi^-1(c) = 0.
5. g' = alpha phi(z) - sqrt(beta), so g falls everywhere where alpha^2 / beta <= 2 pi: one
   equilibrium. Else it rises between -z0 and z0 with phi(z0) = sqrt(beta) / alpha: one, two (just
   touching) or three equilibria, one on each of three stretches, all found by bisection.
6. Of three the outer two are stable; which is played, the game does not say.
7. Without common knowledge (alpha = 0) theta* = 1 - c.

Morris and Shin 2003, section 3; here theta is the share that the pause can bear.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass
from fractions import Fraction
from itertools import pairwise
from typing import Final

from pausenet.errors import Misuse
from pausenet.game.answer import (
    Answer,
    Axis,
    Cell,
    Column,
    Infeasible,
    Lines,
    Mark,
    NotFound,
    Series,
    Table,
)
from pausenet.game.checks import Check, Paper
from pausenet.game.model import Chosen, Model, Parameter
from pausenet.inference.normal import below, upper_quantile

MORRIS_SHIN: Final = Paper(
    key="morris-shin-2003",
    cite="S. Morris and H. S. Shin, Global Games: Theory and Applications, in Advances in "
    "Economics and Econometrics, Eighth World Congress (Cambridge 2003)",
)
_SAME: Final = 1e-9


@dataclass(frozen=True, slots=True, kw_only=True)
class Readings:
    """c, alpha, beta and y of the module's text. Raises `Misuse` out of range."""

    cost: float
    common: float
    private: float
    mean: float

    def __post_init__(self) -> None:
        if not 0.0 < self.cost < 1.0:
            raise Misuse("Readings: expected a cost above 0 and below 1")
        if not (self.common >= 0.0 and self.private > 0.0 and math.isfinite(self.mean)):
            raise Misuse("Readings: expected a common precision of 0 or more, a private above 0")

    @property
    def unique(self) -> bool:
        """Whether there is one equilibrium whatever y and c (step 5)."""
        return self.common**2 <= 2.0 * math.pi * self.private

    def excess(self, z: float) -> float:
        """g of step 4."""
        quantile = -upper_quantile(self.cost)
        return (
            self.common * (below(z) - self.mean)
            - math.sqrt(self.private) * z
            - math.sqrt(self.common + self.private) * quantile
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Threshold:
    """One equilibrium: the pause breaks below `breaks`, a lab leaves below the reading `leaves`."""

    breaks: float
    leaves: float
    stable: bool


def thresholds(readings: Readings) -> tuple[Threshold, ...]:
    """Every equilibrium in thresholds, the calmest first (steps 4 to 6)."""
    quantile = abs(upper_quantile(readings.cost))
    root = math.sqrt(readings.private)
    far = (
        readings.common * (1.0 + abs(readings.mean))
        + math.sqrt(readings.common + readings.private) * quantile
    ) / root + 1.0
    ends = [-far, far]
    if not readings.unique:
        turn = math.sqrt(2.0 * math.log(readings.common / (root * math.sqrt(2.0 * math.pi))))
        ends = sorted({-far, -min(turn, far), min(turn, far), far})
    found: list[float] = []
    for low, high in pairwise(ends):
        z = _root(readings.excess, low, high)
        if z is not None and not any(abs(z - other) < _SAME for other in found):
            found.append(z)
    return tuple(
        Threshold(
            breaks=below(z),
            leaves=below(z) + z / root,
            stable=len(found) == 1 or place != 1 or len(found) == 2,
        )
        for place, z in enumerate(found)
    )


def break_chance(readings: Readings, threshold: Threshold) -> float | Infeasible:
    """The chance that the pause breaks, before anybody reads anything."""
    if readings.common == 0.0:
        return Infeasible("nothing is known in common, so no chance can be given")
    return below(math.sqrt(readings.common) * (threshold.breaks - readings.mean))


def cost_of_leaving(
    temptation: Fraction, cooperation: Fraction, punishment: Fraction, betrayed: Fraction
) -> Fraction | Infeasible:
    """c from the payoffs of a pause: leaving too early loses R - T, staying too long P - S.

    `temptation` is what a lab that leaves alone earns, less what it then pays.

    >>> cost_of_leaving(Fraction(2), Fraction(3), Fraction(1), Fraction(0))
    Fraction(1, 2)
    """
    if temptation >= cooperation:
        return Infeasible("leaving pays even where the pause holds: that is no fear, but a gain")
    if punishment <= betrayed:
        return Infeasible("being left behind costs nothing, so nobody need fear it")
    early, late = cooperation - temptation, punishment - betrayed
    return early / (early + late)


def _root(excess: Callable[[float], float], low: float, high: float) -> float | None:
    """Where a function that is monotone on a stretch is 0, if it is."""
    at_low, at_high = excess(low), excess(high)
    if at_low == 0.0:
        return low
    if at_high == 0.0:
        return high
    if at_low * at_high > 0.0:
        return None
    for _ in range(200):
        middle = (low + high) / 2.0
        if middle in (low, high):
            break
        low, high = (middle, high) if excess(middle) * at_low > 0.0 else (low, middle)
    return (low + high) / 2.0


def _solve(chosen: Chosen) -> Answer:
    readings = Readings(**{name: chosen.real(name) for name in _NAMES})
    found = thresholds(readings)
    rows: tuple[tuple[Cell, ...], ...] = tuple(
        (
            each.breaks,
            each.leaves,
            break_chance(readings, each),
            "stable" if each.stable else "tips over",
        )
        for each in found
    )
    if len(found) == 1:
        sentence = (
            f"One equilibrium: the pause breaks where it can bear that less than "
            f"{found[0].breaks:.1%} of the labs leave."
        )
    else:
        sentence = (
            f"{len(found)} equilibria: the same pause may hold wherever it can bear that "
            f"{found[0].breaks:.1%} leave, or break unless it can bear {found[-1].breaks:.1%}; "
            "which, depends on what labs expect of each other."
        )
    least = readings.common**2 / (2.0 * math.pi)
    return Answer(
        sentence=f"{sentence} Expectations alone decide nothing where private readings have a "
        f"precision of {least:.3g} or more.",
        not_shown="Few labs, of which each can break the pause alone (reciprocal-fear), and what "
        "labs learn from who left first.",
        tables=(
            Table(
                title="Equilibria",
                columns=(
                    Column(name="pause breaks below", unit="share that may leave"),
                    Column(name="a lab leaves below", unit="reading"),
                    Column(name="chance that it breaks", unit="1"),
                    Column(name="if labs are a little off"),
                ),
                rows=rows,
            ),
        ),
        picture=_picture(readings, found),
        hand_check=f"alpha^2 / beta = {readings.common**2 / readings.private:.4g}; at most "
        f"2 pi = {2 * math.pi:.4g} is enough for one equilibrium.",
    )


def _picture(readings: Readings, found: tuple[Threshold, ...]) -> Lines:
    """What the share that leaves answers to, at each theta, beside theta itself."""
    root = math.sqrt(readings.private)
    series = [
        Series(
            name=f"leave below {each.leaves:.3g}",
            points=tuple(
                (step / 100, below(root * (each.leaves - step / 100))) for step in range(101)
            ),
        )
        for each in found
    ]
    series.append(
        Series(name="what the pause can bear", points=((0.0, 0.0), (1.0, 1.0)), dashed=True)
    )
    return Lines(
        title="A pause breaks where more leave than it can bear."
        if len(found) == 1
        else "The same pause may be calm or break: it depends on what labs expect.",
        subtitle="The share of labs that leaves, by what the pause can bear, in each equilibrium.",
        x=Axis(title="share that the pause can bear", low=0, high=1, percent=True),
        y=Axis(title="share that leaves", low=0, high=1, percent=True),
        series=tuple(series),
        marks=tuple(Mark(x=each.breaks, y=each.breaks, words="breaks") for each in found),
    )


def _breaks(case: str, place: int = 0) -> Callable[[], float | NotFound]:
    cost, common, private, mean = (float(each) for each in case.split(","))

    def ours() -> float | NotFound:
        found = thresholds(Readings(cost=cost, common=common, private=private, mean=mean))
        return found[place].breaks if place < len(found) else NotFound("fewer equilibria")

    return ours


def _check(case: str, stated: str, place: int = 0) -> Check:
    return Check(
        paper=MORRIS_SHIN,
        where="thresholds with public and private information",
        what=f"theta* for (c, alpha, beta, y) = ({case}), number {place + 1}",
        stated=stated,
        ours=_breaks(case, place),
    )


_NAMES: Final = ("cost", "common", "private", "mean")
MODEL: Final = Model(
    name="coordination",
    title="Coordination with private readings",
    question="When does the fear that others leave make everybody leave?",
    validity="Many small labs that decide at once; normal readings; equilibria in thresholds.",
    papers=(MORRIS_SHIN,),
    parameters=(
        Parameter(
            name="cost",
            symbol="c",
            unit="1",
            default=Fraction(2, 5),
            meaning="What leaving costs where the pause holds, as a share of what is at stake.",
            above=0,
            below=1,
        ),
        Parameter(
            name="common",
            symbol="\u03b1",
            unit="1",
            default=Fraction(1, 2),
            meaning="How precisely all know together what the pause can bear.",
            low=0,
            high=10**6,
        ),
        Parameter(
            name="private",
            symbol="β",
            unit="1",
            default=Fraction(1),
            meaning="How precise each lab's own reading of it is.",
            above=0,
            high=10**9,
        ),
        Parameter(
            name="mean",
            symbol="y",
            unit="share that may leave",
            default=Fraction(1, 2),
            meaning="What all expect that the pause can bear.",
            low=-100,
            high=100,
        ),
    ),
    solve=_solve,
    checks=(
        _check("0.4,0.5,1,0.5", "0.649984"),
        _check("0.4,1,1,0.3", "0.806393"),
        _check("0.3,1,100,0.9", "0.693707"),
        _check("0.5,4,1,0.5", "0.030074", 0),
        _check("0.5,4,1,0.5", "0.5", 1),
        _check("0.5,4,1,0.5", "0.969926", 2),
    ),
)
