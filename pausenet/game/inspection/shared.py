"""What the models of inspections that are spent over time have in common."""

from __future__ import annotations

from collections.abc import Callable
from fractions import Fraction
from typing import Final

from pausenet.errors import Misuse
from pausenet.game.answer import Column, Infeasible, NotFound, Number
from pausenet.game.checks import Check, Paper
from pausenet.game.model import Chosen, Parameter

PERIODS: Final = Parameter(
    name="periods",
    symbol="n",
    unit="periods",
    default=Fraction(12),
    meaning="How many periods the rule has to be kept.",
    low=1,
    high=200,
    whole=True,
)
INSPECTIONS: Final = Parameter(
    name="inspections",
    symbol="m",
    unit="inspections",
    default=Fraction(4),
    meaning="How many inspections there are for them, at most one a period.",
    low=0,
    high=200,
    whole=True,
)
PENALTY: Final = Parameter(
    name="penalty",
    symbol="b",
    unit="gains of an uncaught violation",
    default=Fraction(3),
    meaning="What being caught costs the lab.",
    above=0,
)
CAUGHT_LOSS: Final = Parameter(
    name="caught_loss",
    symbol="a",
    unit="losses by an uncaught violation",
    default=Fraction(1, 2),
    meaning="What a violation that is caught still costs the inspector.",
    above=0,
    below=1,
)
SEEN: Final = (
    "The lab sees each inspection when it happens and knows how many are left; an inspection "
    "finds a violation of its own period surely and of no other."
)


def counts(chosen: Chosen) -> tuple[int, int]:
    """Periods and inspections as chosen. Raises `Misuse` for more than one inspection a period."""
    periods, inspections = chosen.whole("periods"), chosen.whole("inspections")
    if inspections > periods:
        raise Misuse(f"expected at most {periods} inspections, one a period, found {inspections}")
    return periods, inspections


def column(name: str, unit: str = "1") -> Column:
    """A column of pure numbers, or of what `unit` says."""
    return Column(name=name, unit=unit)


def shown(periods: int, inspections: int) -> list[int]:
    """The chosen number, and a dozen others at most."""
    step = max(1, -(-periods // 12))
    return sorted({*range(0, periods + 1, step), inspections, periods})


def check(
    paper: Paper,
    where: str,
    what: str,
    stated: str,
    ours: Callable[[], Number | Infeasible | NotFound],
    *,
    within: float = 0.0,
) -> Check:
    """A number that was derived anew, as the design of this project states it."""
    return Check(paper=paper, where=where, what=what, stated=stated, ours=ours, within=within)
