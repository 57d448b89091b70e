"""The named terms of a lab's payoff, the named penalties, and the four outcomes made of them.

The unit is what one month of lead is worth to the lab. A term's class says how large it is over the
pause, next to that:

| class | range |
|---|---|
| nothing | 0 |
| slight | 0.1 to 0.5 |
| moderate | 0.5 to 2 |
| serious | 2 to 8 |
| overwhelming | 8 to 32 |

Every range and every default class is an assumption of this project; within a range all orders of
magnitude are held equally likely (log-uniform). With the terms lead L, revenue V, power M,
oversight O, drift D and disruption E a lab's payoffs over the pause are

1. all pause:             R = -E
2. it races, others pause: T = L + V + M - O - D
3. it pauses, others race: S = -E - L - M
4. all race:              P = V - O - D

so that cheating gains T - R = L + V + M + E - O - D, and the pause is worth R - P = O + D - E - V
to a lab beside a race of all.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from fractions import Fraction
from types import MappingProxyType
from typing import Final, TypeAlias

import numpy as np
import numpy.typing as npt

from pausenet.errors import Misuse

Array: TypeAlias = npt.NDArray[np.float64]


class Size(StrEnum):
    """How large a term is."""

    NOTHING = "nothing"
    SLIGHT = "slight"
    MODERATE = "moderate"
    SERIOUS = "serious"
    OVERWHELMING = "overwhelming"


RANGES: Final[Mapping[Size, tuple[Fraction, Fraction]]] = MappingProxyType(
    {
        Size.NOTHING: (Fraction(0), Fraction(0)),
        Size.SLIGHT: (Fraction(1, 10), Fraction(1, 2)),
        Size.MODERATE: (Fraction(1, 2), Fraction(2)),
        Size.SERIOUS: (Fraction(2), Fraction(8)),
        Size.OVERWHELMING: (Fraction(8), Fraction(32)),
    }
)
"""What each class means, in months of lead; assumptions."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Term:
    """A part of the payoff: its name, its symbol, its default class and what it is."""

    name: str
    symbol: str
    default: Size
    meaning: str


TERMS: Final = (
    Term(
        name="lead",
        symbol="L",
        default=Size.SERIOUS,
        meaning="What a lab gains on the others by racing while they pause.",
    ),
    Term(
        name="revenue",
        symbol="V",
        default=Size.MODERATE,
        meaning="What the products of racing earn.",
    ),
    Term(
        name="power",
        symbol="M",
        default=Size.MODERATE,
        meaning="What being alone at the frontier is worth beyond the lead itself.",
    ),
    Term(
        name="oversight",
        symbol="O",
        default=Size.SERIOUS,
        meaning="What a lab loses by racing ahead of its own oversight.",
    ),
    Term(
        name="drift",
        symbol="D",
        default=Size.MODERATE,
        meaning="What a lab loses when its systems depart from what was meant.",
    ),
    Term(
        name="disruption",
        symbol="E",
        default=Size.SLIGHT,
        meaning="What the pause itself costs a lab that keeps it.",
    ),
)
PENALTIES: Final = (
    Term(
        name="licence",
        symbol="F1",
        default=Size.SERIOUS,
        meaning="Loss of the licence to train, if it is imposed.",
    ),
    Term(
        name="supply",
        symbol="F2",
        default=Size.SERIOUS,
        meaning="A cut of the supply of accelerators, if it is imposed.",
    ),
)
"""Beside these the others resume, which costs a lab R - P where it is worth anything."""


def spread(size: Size, unit: Array) -> Array:
    """Values of a class at quantiles in (0, 1), of the same shape: log-uniform in its range."""
    low, high = (float(bound) for bound in RANGES[size])
    if low == high:
        return np.full(unit.shape, low)
    return np.asarray(low * (high / low) ** unit)


def middle(size: Size) -> float:
    """A class's median, in months of lead: the geometric mean of its bounds."""
    low, high = (float(bound) for bound in RANGES[size])
    return math.sqrt(low * high)


@dataclass(frozen=True, slots=True, kw_only=True)
class Stakes:
    """The terms' values at many points of payoff space, arrays of one shape, in months of lead."""

    lead: Array
    revenue: Array
    power: Array
    oversight: Array
    drift: Array
    disruption: Array

    def __post_init__(self) -> None:
        if any(np.any(getattr(self, term.name) < 0.0) for term in TERMS):
            raise Misuse("Stakes: a term below 0; which way it counts is the model's")

    @property
    def gain(self) -> Array:
        """T - R: what cheating gains while nobody knows."""
        return self.lead + self.revenue + self.power + self.disruption - self.oversight - self.drift

    @property
    def worth(self) -> Array:
        """R - P: what the pause is worth to a lab beside a race of all."""
        return self.oversight + self.drift - self.disruption - self.revenue
