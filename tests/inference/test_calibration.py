"""False alarms are as frequent as set: every test of sequences, over very many quiet years.

`make test` runs few years and allows for chance. `make soak` sets PAUSENET_BALANCES=1000000 and
then allows 0.2 percentage points.
"""

from __future__ import annotations

import os

import numpy as np
import pytest

from pausenet.inference.sequential import (
    calibration_blocks,
    designed,
    designed_pair,
    sitmuf,
    use_covariance,
)
from pausenet.inference.sequential.designs import (
    gemuf_threshold,
    sitmuf_threshold,
)
from pausenet.inference.sequential.page import either_alarms
from pausenet.inference.sequential.statistics import cumuf, cumuf_covariance, standardised
from pausenet.inference.sequential.watched import gemuf_watched_thresholds
from tests.inference.accounts_of_tests import ALPHA, BOTH, WEEKS, stock, watched_threshold, year

YEARS = int(os.environ.get("PAUSENET_BALANCES", "20000"))
CHUNK = 20_000
ALLOWED = 0.002 if YEARS >= 1_000_000 else 0.002 + 4 * (ALPHA * (1 - ALPHA) / YEARS) ** 0.5


def test_the_account_of_these_years_is_the_one_of_domain_md() -> None:
    assert np.array_equal(
        year(13), use_covariance(np.ones(WEEKS), BOTH, calibration_blocks(WEEKS, 13))
    )


@pytest.mark.parametrize("every", [13, 4, 0], ids=["use-13", "use-4", "chips"])
def test_false_alarms_are_as_frequent_as_set(every: int) -> None:
    covariance = year(every) if every else stock(WEEKS)
    factor = np.linalg.cholesky(covariance)
    sums = cumuf_covariance(covariance)
    watched, single = watched_threshold(every), sitmuf_threshold(WEEKS, ALPHA)
    square, page = gemuf_threshold(WEEKS, ALPHA), designed(0.5, WEEKS, ALPHA)
    pair = designed_pair((0.25, 1.0), WEEKS, ALPHA)
    squares = gemuf_watched_thresholds(WEEKS, ALPHA)
    chance = np.random.default_rng(20_261_121)
    names = ("CuMUF", "SITMUF", "GEMUF", "GEMUF watched", "Page", "two Page")
    alarms: dict[str, int] = dict.fromkeys(names, 0)
    for _ in range(YEARS // CHUNK):
        muf = chance.standard_normal((CHUNK, WEEKS)) @ factor.T
        values = sitmuf(muf, covariance)
        alarms["CuMUF"] += int(np.sum(standardised(cumuf(muf), sums).max(axis=1) > watched))
        alarms["SITMUF"] += int(np.sum(values.max(axis=1) > single))
        alarms["GEMUF"] += int(np.sum(np.square(values).sum(axis=1) > square))
        growing = np.cumsum(np.square(values), axis=1)
        alarms["GEMUF watched"] += int(np.sum(np.any(growing > squares, axis=1)))
        alarms["Page"] += int(np.sum(page.alarms(values)))
        alarms["two Page"] += int(np.sum(either_alarms(pair, values)))
    rates = {test: count / (YEARS // CHUNK * CHUNK) for test, count in alarms.items()}
    print(f"{f'use, recalibrated every {every}' if every else 'chips'}: {rates}, {YEARS} years")
    assert rates == pytest.approx(dict.fromkeys(rates, ALPHA), abs=ALLOWED)
