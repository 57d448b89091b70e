"""Operator-inspector differences: variances by simulation, and splits that do not help."""

from __future__ import annotations

import numpy as np
import pytest

from pausenet.errors import Misuse
from pausenet.inference.balance import MeterError
from pausenet.inference.sequential import PairedStratum
from pausenet.inference.sequential.differences import (
    adjusted_detection,
    d_statistic,
    separate_detection,
    variances,
    worst_split,
)
from tests.inference.accounts_of_tests import ALPHA

LAB = MeterError(random_ppm=10_000, systematic_ppm=3_000)
VERIFIER = MeterError(random_ppm=5_000, systematic_ppm=4_000)
INPUT = PairedStratum(items=40, sampled=8, amount=5.0, sign=1, operator=LAB, inspector=VERIFIER)
OUTPUT = PairedStratum(items=20, sampled=20, amount=9.0, sign=-1, operator=LAB, inspector=VERIFIER)


def readings(chance, stratum: PairedStratum, runs: int):
    def side(error: MeterError, items: int) -> np.ndarray:
        shared = chance.normal(0, error.systematic_ppm * 1e-6, (runs, 1))
        own = chance.normal(0, error.random_ppm * 1e-6, (runs, items))
        return stratum.amount * (1 + shared + own)

    return side(stratum.operator, stratum.items), side(stratum.inspector, stratum.sampled)


def test_variances_and_covariance_are_those_of_simulation() -> None:
    chance, runs = np.random.default_rng(49), 60_000
    muf, difference = np.zeros(runs), np.zeros(runs)
    for stratum in (INPUT, OUTPUT):
        operator, inspector = readings(chance, stratum, runs)
        muf += stratum.sign * (operator.sum(axis=1) - stratum.items * stratum.amount)
        pairs = operator[:, : stratum.sampled] - inspector
        difference += stratum.sign * stratum.items * pairs.mean(axis=1)
    stated = variances((INPUT, OUTPUT))
    assert muf.var() == pytest.approx(stated.muf, rel=0.03)
    assert difference.var() == pytest.approx(stated.difference, rel=0.03)
    assert np.cov(muf, difference)[0, 1] == pytest.approx(stated.muf, rel=0.03)
    assert (muf - difference).var() == pytest.approx(stated.adjusted, rel=0.03)


def test_the_variance_of_muf_less_d_is_the_difference_of_the_variances() -> None:
    stated = variances((INPUT,))
    assert stated.muf == pytest.approx(25 * (40 * 1e-4 + 1600 * 9e-6))
    assert stated.difference == pytest.approx(25 * (200 * 1.25e-4 + 1600 * 25e-6))
    assert stated.adjusted == pytest.approx(stated.difference - stated.muf)


def test_d_estimates_what_was_falsified() -> None:
    assert d_statistic(np.full(8, 4.9), np.full(8, 5.0), items=40) == pytest.approx(-4.0)
    assert d_statistic(np.full(8, 4.9), np.full(8, 5.0), items=40, sign=-1) == pytest.approx(4.0)


def test_no_split_is_found_less_often_by_muf_less_d() -> None:
    found = variances((INPUT, OUTPUT))
    total = 3.0 * found.adjusted**0.5
    together = adjusted_detection(total, found, ALPHA)
    assert worst_split(total, found) == pytest.approx((0.0, total))
    apart = [
        separate_detection(total - hidden, hidden, found, ALPHA).value
        for hidden in np.linspace(0, total, 9)
    ]
    assert min(apart) < together
    assert apart[0] > together  # a loss left in MUF is what MUF sees best


def test_two_tests_apart_have_the_rate_asked_or_nearly() -> None:
    none = separate_detection(0.0, 0.0, variances((INPUT, OUTPUT)), ALPHA)
    assert none.value == pytest.approx(ALPHA, abs=0.004)


@pytest.mark.parametrize(
    ("items", "sampled", "amount", "sign"),
    [(0, 0, 1.0, 1), (5, 6, 1.0, 1), (5, 0, 1.0, 1), (5, 5, 0.0, 1), (5, 5, 1.0, 0)],
)
def test_strata_that_cannot_be_are_refused(
    items: int, sampled: int, amount: float, sign: int
) -> None:
    with pytest.raises(Misuse):
        PairedStratum(
            items=items, sampled=sampled, amount=amount, sign=sign, operator=LAB, inspector=VERIFIER
        )


def test_readings_without_a_partner_are_refused() -> None:
    with pytest.raises(Misuse):
        d_statistic(np.ones(3), np.ones(4), items=10)
    with pytest.raises(Misuse):
        d_statistic(np.ones(3), np.ones(3), items=2)
