"""What must be found, and by when: three numbers that are never one, and the chain of delays.

* The *legal threshold* is the cap that an agreement names, in FLOP.
* The *strategic quantity* is the covert FLOP that buys L months of lead. It shrinks with
  algorithmic progress, whatever the agreement says.
* The *conversion time* passes from the end of a covert run until the lead cannot be taken back.

They stand in types of their own, so that none is taken for another. The strategic quantity's
model is an assumption: without the pause the frontier's runs grow by a factor G each year from
C_0, so a lead of L months is a run of C_0 G^(L/12); algorithms halve what a result needs every
tau months, so that t months into a pause the same lead costs

    SQ(L, t) = C_0 G^(L / 12) 2^(-t / tau)                                    [FLOP]

| symbol | here | meaning | unit |
|---|---|---|---|
| C_0 | `frontier` | largest run when the pause began | FLOP |
| G | `growth_yearly` | growth of the largest run without a pause | 1 |
| tau | `halving_months` | time in which the compute for one result halves | months |
| L | `lead_months` | lead over those who pause | months |
| t | `elapsed_months` | research since the pause began, at the pace of then | months |

While research goes on at a steady pace, t is the time itself.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Final

from pausenet.errors import Misuse
from pausenet.inference.detection import sigma_allowed
from pausenet.inference.meters import PEAK, ChipKind

_DAY_SECONDS: Final = 86_400.0


@dataclass(frozen=True, slots=True, kw_only=True)
class LegalThreshold:
    """The cap that an agreement names."""

    flop: float

    def __post_init__(self) -> None:
        _above_zero("LegalThreshold", self.flop)


@dataclass(frozen=True, slots=True, kw_only=True)
class StrategicQuantity:
    """The covert FLOP that buys the stated lead."""

    flop: float
    lead_months: float

    def __post_init__(self) -> None:
        _above_zero("StrategicQuantity", self.flop, self.lead_months)


@dataclass(frozen=True, slots=True, kw_only=True)
class ConversionTime:
    """From the end of a covert run until the lead is no longer reversible."""

    days: float

    def __post_init__(self) -> None:
        if not self.days >= 0.0:
            raise Misuse(f"ConversionTime: expected days from 0, found {self.days}")


@dataclass(frozen=True, slots=True, kw_only=True)
class Frontier:
    """The assumed course of the frontier without a pause; every field is an assumption."""

    frontier: float
    growth_yearly: float
    halving_months: float

    def __post_init__(self) -> None:
        _above_zero("Frontier", self.frontier, self.halving_months)
        if not self.growth_yearly > 1.0:
            raise Misuse("Frontier: expected a yearly growth above 1")

    def strategic_quantity(self, lead_months: float, elapsed_months: float) -> StrategicQuantity:
        """SQ(L, t)."""
        exponent = lead_months / 12.0 * math.log2(self.growth_yearly)
        flop = self.frontier * 2.0 ** (exponent - elapsed_months / self.halving_months)
        return StrategicQuantity(flop=flop, lead_months=lead_months)

    def lead_months(self, covert_flop: float, elapsed_months: float) -> float:
        """The lead that covert FLOP buys, from 0: the inverse of SQ in L."""
        if covert_flop <= 0.0:
            return 0.0
        worth = math.log2(covert_flop / self.frontier) + elapsed_months / self.halving_months
        return max(0.0, 12.0 * worth / math.log2(self.growth_yearly))


@dataclass(frozen=True, slots=True, kw_only=True)
class Timeliness:
    """The whole chain from a violation's beginning to the response that ends it, in days."""

    detection: float
    clarification: float
    inspection: float
    determination: float
    response: float

    def __post_init__(self) -> None:
        if not min(self.steps) >= 0.0:
            raise Misuse("Timeliness: expected days from 0")

    @property
    def steps(self) -> tuple[float, ...]:
        """The five delays, in order."""
        return (
            self.detection,
            self.clarification,
            self.inspection,
            self.determination,
            self.response,
        )

    @property
    def days(self) -> float:
        """All of it."""
        return math.fsum(self.steps)

    def margin_days(self, acquisition_days: float, conversion: ConversionTime) -> float:
        """How much earlier the response comes than the lead is safe; in time if not below 0.

        The goal is detection + clarification + inspection + determination + response <=
        acquisition + conversion time, where acquisition is the covert run's own length.

        >>> chain = Timeliness(detection=30, clarification=5, inspection=10, determination=14,
        ...     response=7)
        >>> chain.margin_days(60.0, ConversionTime(days=30))
        24.0
        """
        return acquisition_days + conversion.days - self.days

    def lead_gained(self, covert_flop_daily: float, course: Frontier) -> float:
        """The months of lead that a covert run has gained when the response ends it."""
        months = self.days / (365.25 / 12.0)
        return course.lead_months(covert_flop_daily * self.days, months)


def useful_flop(h100e: float, days: float, utilisation: float) -> float:
    """The operations of so many H100 equivalents, at a utilisation of their 16-bit peak.

    >>> f"{useful_flop(500_000, 30, 0.35):.3g}"
    '4.49e+26'
    """
    return h100e * PEAK[ChipKind.H100_SXM].value * utilisation * days * _DAY_SECONDS


def days_to(flop: float, h100e: float, utilisation: float) -> float:
    """The breakout time: how long so many H100 equivalents need for so many operations."""
    return flop / useful_flop(h100e, 1.0, utilisation)


def relative_sigma_needed(
    quantity_flop: float,
    *,
    h100e: float,
    days: float,
    utilisation: float,
    detection: float = 0.95,
    alpha: float = 0.05,
) -> float:
    """How precise the balance of a whole fleet must be to find a quantity: the Rokkasho problem.

    The sigma that finds it with the stated detection and false-alarm rate, over all operations of
    the period. Named after the plant so large that an error of 1 % hides many significant
    quantities; here 500,000 H100e over 30 days need 0.068 % for 10^24 FLOP, and 6.8 % for 10^26.
    """
    whole = useful_flop(h100e, days, utilisation)
    return sigma_allowed(quantity_flop, detection, alpha) / whole


def hidden_by_utilisation(h100e: float, days: float, points: float) -> float:
    """The operations behind so many points (0.01 = one point) of misstated utilisation (E22)."""
    return useful_flop(h100e, days, points)


def _above_zero(name: str, *values: float) -> None:
    if not all(value > 0.0 and math.isfinite(value) for value in values):
        raise Misuse(f"{name}: expected finite numbers above 0")
