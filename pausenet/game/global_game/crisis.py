"""Reciprocal fear: few labs, each with its own reasons to stay, and the fear that others leave.

What a lab gains by leaving a pause that holds is its own secret, h, normal with mean m (below 0
where most would rather stay) and spread s. If k or more of the n - 1 others leave, the pause is
over, and a lab that stayed has lost L D more than one that left: L is what being left behind costs,
D the share of it that is lost before a lab learns of it and leaves as well (0 with a verified exit
at once).

1. If each other lab leaves with chance p, the pause is over with A(p) = Pr(Bin(n - 1, p) >= k).
2. A lab leaves where A L D + (1 - A) h > 0, that is with chance f(p) = Pr(h > -L D A / (1 - A)).
3. Equilibria are p = f(p). f rises: fear feeds on fear. Where L D is above 0, p = 1 is always one
   (all leave because all leave); the least is the calm one.
4. Where f crosses from above the equilibrium is stable, where it crosses from below it is the
   tipping point: more fear than that, and all leave.
5. If p = 1 is the only one, fear makes everybody leave. A greater D only raises f, so there is a
   greatest D with a calm equilibrium, found by bisection.

Schelling 1960, chapter 9; Baliga and Sjostrom 2004 for two players. Equilibria are looked for on a
grid of 4,000 steps and then by bisection: two that lie closer than a step may be missed.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass, replace
from fractions import Fraction
from typing import Final

import numpy as np

from pausenet.errors import Misuse
from pausenet.game.answer import (
    Answer,
    Axis,
    Cell,
    Column,
    Infeasible,
    Lines,
    Mark,
    Series,
    Table,
)
from pausenet.game.checks import Paper
from pausenet.game.model import Chosen, Model, Parameter
from pausenet.inference.arrays import Floats, below_of
from pausenet.inference.normal import above

SCHELLING: Final = Paper(
    key="schelling-1960",
    cite="T. C. Schelling, The Strategy of Conflict, Harvard University Press 1960, chapter 9",
)
BALIGA: Final = Paper(
    key="baliga-sjostrom-2004",
    cite="S. Baliga and T. Sjostrom, Arms Races and Negotiations, Review of Economic Studies 71 "
    "(2004) 351-369",
)
_GRID: Final = 4_000
_ALL: Final = 1.0 - 1e-9
"""A chance of leaving above this is that of everybody."""
_HUGE: Final = 1e300
_FAR: Final = 1e3


@dataclass(frozen=True, slots=True, kw_only=True)
class Crisis:
    """n labs, k of the others that end the pause, m and s of the gain, and L D."""

    labs: int
    enough: int
    mean: float
    spread: float
    fear: float

    def __post_init__(self) -> None:
        if not (self.labs >= 2 and 1 <= self.enough <= self.labs - 1):
            raise Misuse("Crisis: expected 2 labs or more, and 1 to n - 1 that end the pause")
        if not (self.spread > 0.0 and self.fear >= 0.0 and math.isfinite(self.mean)):
            raise Misuse("Crisis: expected a spread above 0, and a fear of 0 or more")

    def over(self, chance: float) -> float:
        """A(p) of step 1."""
        return self._between(chance, self.enough, self.labs)

    def leaves(self, chance: float) -> float:
        """f(p) of step 2."""
        over, stands = self.over(chance), self._between(chance, 0, self.enough)
        pressed = self.fear * over
        if pressed >= stands * _HUGE:
            return 1.0 if pressed > 0.0 else above(-self.mean / self.spread)
        return above((-pressed / stands - self.mean) / self.spread)

    def leaves_at(self, chances: Floats) -> Floats:
        """f at many chances, shape (chances,), each above 0 and below 1."""
        others = self.labs - 1
        counts = np.arange(self.labs, dtype=np.float64)[:, None]
        ways = np.array([math.comb(others, count) for count in range(self.labs)], dtype=np.float64)
        terms = ways[:, None] * chances**counts * (1.0 - chances) ** (others - counts)
        over, stands = terms[self.enough :].sum(axis=0), terms[: self.enough].sum(axis=0)
        pressed = self.fear * over
        with np.errstate(divide="ignore", over="ignore"):  # a limit beyond all floats: all leave
            odds = np.divide(pressed, stands, out=np.zeros_like(over), where=pressed > 0.0)
            limits = (-odds - self.mean) / self.spread
        return 1.0 - below_of(np.clip(limits, -_FAR, _FAR))

    def _between(self, chance: float, first: int, end: int) -> float:
        """The chance that `first` or more, and fewer than `end`, of the others leave."""
        others = self.labs - 1
        return math.fsum(
            math.comb(others, count) * chance**count * (1.0 - chance) ** (others - count)
            for count in range(first, end)
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Fixed:
    """An equilibrium: the chance that a lab leaves, and whether small errors die out."""

    chance: float
    stable: bool


def equilibria(crisis: Crisis) -> tuple[Fixed, ...]:
    """Every equilibrium that the grid shows, the calmest first (steps 3 and 4)."""

    def excess(chance: float) -> float:
        return crisis.leaves(chance) - chance

    found: list[Fixed] = []
    before, low = excess(0.0), 0.0
    if before <= 0.0:
        found.append(Fixed(chance=0.0, stable=True))
    grid = np.arange(1, _GRID) / _GRID
    for high, after in zip(grid.tolist(), (crisis.leaves_at(grid) - grid).tolist(), strict=True):
        if before > 0.0 >= after or before < 0.0 < after:
            found.append(Fixed(chance=_root(excess, low, high), stable=before > 0.0))
        if after != 0.0:
            before, low = after, high
    if crisis.leaves(1.0) >= _ALL:
        found.append(Fixed(chance=1.0, stable=before > 0.0))
    elif before > 0.0:
        found.append(Fixed(chance=_root(excess, low, 1.0), stable=True))
    return tuple(found)


def is_calm(crisis: Crisis) -> bool:
    """Whether there is an equilibrium in which not all leave."""
    return any(each.chance < _ALL for each in equilibria(crisis))


def greatest_fear(crisis: Crisis) -> float | Infeasible:
    """The largest L D at which a calm equilibrium is left, to one part in 10^6 (step 5)."""
    if not is_calm(replace(crisis, fear=0.0)):
        return Infeasible("all would leave even if being left behind cost nothing")
    low, high = 0.0, 1.0
    while is_calm(replace(crisis, fear=high)):
        low, high = high, 2.0 * high
        if high > _LARGEST:
            return Infeasible("the pause stays calm however much being left behind costs")
    while high - low > 1e-6 * high:
        middle = (low + high) / 2.0
        low, high = (middle, high) if is_calm(replace(crisis, fear=middle)) else (low, middle)
        if high < _SMALLEST:
            return Infeasible("next to any fear at all makes all leave")
    return low


_LARGEST: Final = 2.0**30
_SMALLEST: Final = 1e-12


def _root(excess: Callable[[float], float], low: float, high: float) -> float:
    sign = excess(low)
    for _ in range(60):
        middle = (low + high) / 2.0
        low, high = (middle, high) if excess(middle) * sign > 0.0 else (low, middle)
    return (low + high) / 2.0


def _crisis(chosen: Chosen) -> Crisis:
    return Crisis(
        labs=chosen.whole("labs"),
        enough=chosen.whole("enough"),
        mean=chosen.real("mean"),
        spread=chosen.real("spread"),
        fear=chosen.real("loss") * chosen.real("exposure"),
    )


def _solve(chosen: Chosen) -> Answer:
    crisis = _crisis(chosen)
    found = equilibria(crisis)
    alone = above(-crisis.mean / crisis.spread)
    rows: tuple[tuple[Cell, ...], ...] = tuple(
        (each.chance, crisis.over(each.chance), "stable" if each.stable else "tipping point")
        for each in found
    )
    calm = found[0]
    most = greatest_fear(crisis)
    loss = chosen.real("loss")
    if calm.chance >= _ALL:
        said = f"Fear makes everybody leave, although only {alone:.2%} would without it"
    else:
        said = (
            f"The calm is kept: {calm.chance:.2%} leave, where {alone:.2%} would without fear of "
            f"each other, and the pause is over with chance {crisis.over(calm.chance):.2g}"
        )
        if any(each.stable and each.chance >= _ALL for each in found):
            said += "; that all leave is stable as well"
    bound = (
        most.why
        if isinstance(most, Infeasible)
        else f"it breaks once more than {min(1.0, most / loss):.1%} of the loss falls before a "
        "lab can leave as well"
        if 0.0 < most < loss
        else "a calm equilibrium is left even if the whole loss falls before a lab can leave"
    )
    return Answer(
        sentence=f"{said}; {bound}.",
        not_shown="Who moves first, what labs say to each other, and which equilibrium is played.",
        tables=(
            Table(
                title="Equilibria",
                columns=(
                    Column(name="a lab leaves", unit="chance"),
                    Column(name="the pause is over for the others", unit="chance"),
                    Column(name="if labs are a little off"),
                ),
                rows=rows,
            ),
            Table(
                title="Fear",
                columns=(Column(name="quantity"), Column(name="value")),
                rows=(
                    ("a lab leaves, without fear", alone),
                    ("greatest expected loss that leaves a calm", most),
                ),
            ),
        ),
        picture=_picture(crisis, found),
    )


def _picture(crisis: Crisis, found: tuple[Fixed, ...]) -> Lines:
    steps = [step / 200 for step in range(201)]
    curves = [Series(name="as chosen", points=tuple((p, crisis.leaves(p)) for p in steps))]
    half = replace(crisis, fear=crisis.fear / 2.0)
    curves.append(
        Series(name="half the loss or delay", points=tuple((p, half.leaves(p)) for p in steps))
    )
    curves.append(Series(name="as expected", points=((0.0, 0.0), (1.0, 1.0)), dashed=True))
    return Lines(
        title="Fear feeds on fear: beyond the tipping point all leave."
        if len(found) > 1
        else "Nothing stops the fear: all leave."
        if found[0].chance >= _ALL
        else "There is no fear: labs leave for their own reasons alone.",
        subtitle="The chance that a lab leaves, by the chance with which it expects each other one "
        "to leave; equilibria where a line meets the dashed one.",
        x=Axis(title="chance expected of each other lab", low=0, high=1, percent=True),
        y=Axis(title="chance that a lab leaves", low=0, high=1, percent=True),
        series=tuple(curves),
        marks=tuple(
            Mark(x=each.chance, y=each.chance, words="calm" if each.stable else "tipping point")
            for each in found
            if each.chance < _ALL
        ),
    )


def _number(name: str, symbol: str, unit: str, default: str, meaning: str) -> Parameter:
    whole = unit == "labs"
    return Parameter(
        name=name,
        symbol=symbol,
        unit=unit,
        default=Fraction(default),
        meaning=meaning,
        low=(2 if name == "labs" else 1) if whole else None if name == "mean" else 0,
        high=200 if whole else 1 if name == "exposure" else 10**6,
        whole=whole,
    )


MODEL: Final = Model(
    name="reciprocal-fear",
    title="Reciprocal fear",
    question="How much fear of being left behind does a pause of few labs survive?",
    validity="Labs alike but for their own reasons, which are independent; all decide at once.",
    papers=(SCHELLING, BALIGA),
    parameters=(
        _number("labs", "n", "labs", "5", "How many labs pause."),
        _number("enough", "k", "labs", "1", "How many others must leave to end the pause."),
        _number("mean", "m", "payoff", "-2", "What leaving a pause that holds gains, on average."),
        Parameter(
            name="spread",
            symbol="s",
            unit="payoff",
            default=Fraction(1),
            meaning="How much labs differ in that.",
            above=0,
            high=10**6,
        ),
        _number("loss", "L", "payoff", "4", "What being left behind costs, if for long."),
        _number("exposure", "D", "1", "1/4", "The share of it lost before a lab can leave."),
    ),
    solve=_solve,
)
