"""The two accounts that tests of sequences use, and a chip account with an uneven stock."""

from __future__ import annotations

from functools import cache

import numpy as np

from pausenet.inference.arrays import Floats
from pausenet.inference.balance import MeterError
from pausenet.inference.sequential import (
    StockErrors,
    calibration_blocks,
    chip_covariance,
    use_covariance,
)
from pausenet.inference.sequential.designs import cumuf_threshold

WEEKS = 52
ALPHA = 0.05
BOTH = MeterError(random_ppm=10_000, systematic_ppm=10_000)
"""1 % random and 1 % systematic, as in domain.md 2.1."""
DIVERTED = np.full(WEEKS, 0.01)
"""1 % of each week, all year."""


def year(every: int) -> Floats:
    """The use account of a year of equal weeks, the meter recalibrated every so many."""
    return use_covariance(np.ones(WEEKS), BOTH, calibration_blocks(WEEKS, every))


@cache
def watched_threshold(every: int) -> float:
    """The threshold of CuMUF watched at each close; every = 0 is the chip account."""
    return cumuf_threshold(year(every) if every else stock(WEEKS), ALPHA)


def stock(periods: int = 12) -> Floats:
    """The chip account of a growing stock, one calibration throughout."""
    receipts, shipments, inventories = flows(periods)
    return chip_covariance(receipts, shipments, inventories, STOCK_ERRORS, (0,) * (periods + 1))


def flows(periods: int) -> tuple[Floats, Floats, Floats]:
    """Receipts, shipments and inventories that leave nothing over."""
    inventories = 1_000.0 + 50.0 * np.arange(periods + 1) + 30.0 * np.sin(np.arange(periods + 1))
    shipments = 20.0 + np.arange(periods)
    return np.diff(inventories) + shipments, shipments, inventories


STOCK_ERRORS = StockErrors(
    receipts=MeterError(random_ppm=5_000, systematic_ppm=2_000),
    shipments=MeterError(random_ppm=6_000, systematic_ppm=3_000),
    inventories=MeterError(random_ppm=8_000, systematic_ppm=4_000),
)
