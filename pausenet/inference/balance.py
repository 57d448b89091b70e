"""The errors of a meter: what makes a material balance more than an opinion.

The model is that of safeguards: reading = true x (1 + r + s), r drawn anew for each reading with
relative standard deviation `random_ppm`, s fixed through a calibration with `systematic_ppm`,
both in parts per million (domain.md 2.1). What a series of such balances shows of a lab that
declares less than it uses stands in `series`.
"""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class MeterError:
    """A meter's relative standard deviations in parts per million; not both zero."""

    random_ppm: int
    systematic_ppm: int

    def __post_init__(self) -> None:
        if min(self.random_ppm, self.systematic_ppm) < 0 or self.variance_ppm2 == 0:
            raise ValueError("MeterError: expected errors from 0, and not both 0")

    @property
    def variance_ppm2(self) -> int:
        """The relative variance of one reading, in 10^-12."""
        return self.random_ppm**2 + self.systematic_ppm**2
