"""The covariances are what the error model gives, and SITMUF undoes them."""

from __future__ import annotations

import itertools
import math

import numpy as np
import pytest

from pausenet.errors import Misuse
from pausenet.inference.balance import MeterError
from pausenet.inference.sequential import (
    calibration_blocks,
    chip_covariance,
    chip_muf,
    cumuf,
    gemuf,
    merged,
    sitmuf,
    use_covariance,
)
from pausenet.inference.sequential.statistics import cholesky, cumuf_covariance
from tests.inference.accounts_of_tests import BOTH, STOCK_ERRORS, flows, stock, year


def sampled_covariance(muf) -> np.ndarray:
    return np.cov(muf, rowvar=False)


def test_the_use_account_shares_nothing_but_calibration_errors() -> None:
    covariance = use_covariance(np.array([2.0, 3.0, 4.0]), BOTH, (0, 0, 1))
    assert covariance == pytest.approx(
        1e-4 * np.array([[8.0, 6.0, 0.0], [6.0, 18.0, 0.0], [0.0, 0.0, 32.0]])
    )


def test_the_use_account_of_many_scenarios_is_each_one_s() -> None:
    amounts = np.arange(1.0, 13.0).reshape(3, 4)
    blocks = calibration_blocks(4, 2)
    together = use_covariance(amounts, BOTH, blocks)
    assert together.shape == (3, 4, 4)
    for one, each in zip(amounts, together, strict=True):
        assert np.array_equal(use_covariance(one, BOTH, blocks), each)


def test_simulated_meters_have_the_covariance_of_the_use_account() -> None:
    chance = np.random.default_rng(41)
    amounts, blocks = np.array([5.0, 7.0, 6.0, 8.0]), (0, 0, 1, 1)
    shared = chance.normal(0, 0.01, (200_000, 2))[:, list(blocks)]
    readings = amounts * (1 + chance.normal(0, 0.01, (200_000, 4)) + shared)
    expected = use_covariance(amounts, BOTH, blocks)
    assert np.max(np.abs(sampled_covariance(readings) - expected)) < 0.02 * np.max(expected)


def test_simulated_stock_takings_have_the_covariance_of_the_chip_account() -> None:
    chance = np.random.default_rng(42)
    receipts, shipments, inventories = flows(4)
    runs, calibrations = 200_000, (0, 0, 0, 1, 1)

    def measured(true, error: MeterError, blocks) -> np.ndarray:
        shared = chance.normal(0, error.systematic_ppm * 1e-6, (runs, 2))[:, list(blocks)]
        return true * (1 + shared + chance.normal(0, error.random_ppm * 1e-6, (runs, len(true))))

    muf = chip_muf(
        measured(receipts, STOCK_ERRORS.receipts, calibrations[1:]),
        measured(shipments, STOCK_ERRORS.shipments, calibrations[1:]),
        measured(inventories, STOCK_ERRORS.inventories, calibrations),
    )
    expected = chip_covariance(receipts, shipments, inventories, STOCK_ERRORS, calibrations)
    assert np.max(np.abs(sampled_covariance(muf) - expected)) < 0.02 * np.max(expected)


def test_the_chip_account_s_covariance_is_mapit_s_term_by_term() -> None:
    """sandialabs/MAPIT, theory guide, MUF and SigmaMUF, Covariance Matrix."""
    receipts, shipments, inventories = flows(5)
    covariance = chip_covariance(receipts, shipments, inventories, STOCK_ERRORS, (0,) * 6)
    e = STOCK_ERRORS
    r2, s2 = e.inventories.random_ppm**2, e.inventories.systematic_ppm**2
    for i, j in itertools.product(range(5), range(5)):
        begun_i, ended_i, begun_j, ended_j = *inventories[i : i + 2], *inventories[j : j + 2]
        same, after, before = i == j, j - 1 == i, i - 1 == j
        expected = (
            receipts[i] * receipts[j] * (e.receipts.systematic_ppm**2)
            + shipments[i] * shipments[j] * (e.shipments.systematic_ppm**2)
            + (ended_i * ended_j + begun_i * begun_j) * s2
            - ended_i * begun_j * (s2 + after * r2)
            - begun_i * ended_j * (s2 + before * r2)
            + same * receipts[i] ** 2 * e.receipts.random_ppm**2
            + same * shipments[i] ** 2 * e.shipments.random_ppm**2
            + same * (ended_i**2 + begun_i**2) * r2
        )
        assert covariance[i, j] == pytest.approx(expected * 1e-12, rel=1e-11)


def test_a_wrong_inventory_is_felt_twice_with_opposite_signs() -> None:
    assert np.all(np.diagonal(stock(), offset=1) < 0)
    assert np.all(year(52) > 0)


def test_sitmuf_is_independent_and_standardised_by_simulation() -> None:
    chance = np.random.default_rng(43)
    for covariance in (year(13)[:12, :12], stock(12)):
        drawn = chance.standard_normal((100_000, 12)) @ np.linalg.cholesky(covariance).T
        values = sitmuf(drawn, covariance)
        assert np.max(np.abs(values.mean(axis=0))) < 0.02
        assert np.max(np.abs(sampled_covariance(values) - np.eye(12))) < 0.03


def test_sitmuf_is_each_balance_less_what_those_before_foretell() -> None:
    """The definition of Pike and Woods, by conditional expectations, against Cholesky."""
    covariance, muf = stock(6), np.array([3.0, -1.0, 4.0, 1.0, -5.0, 9.0])
    for i in range(6):
        before, beside = covariance[:i, :i], covariance[i, :i]
        weights = np.linalg.solve(before, beside) if i else np.zeros(0)
        left = covariance[i, i] - weights @ beside
        expected = (muf[i] - weights @ muf[:i]) / math.sqrt(left)
        assert sitmuf(muf, covariance)[i] == pytest.approx(expected, rel=1e-9)


def test_no_sitmuf_value_changes_when_later_balances_come() -> None:
    covariance, muf = stock(8), np.arange(8.0)
    whole = sitmuf(muf, covariance)
    assert sitmuf(muf[:5], covariance[:5, :5]) == pytest.approx(whole[:5], rel=1e-12)


def test_gemuf_is_the_quadratic_form_of_every_beginning() -> None:
    covariance, muf = stock(7), np.array([2.0, 7.0, -1.0, 8.0, 2.0, -8.0, 1.0])
    for i in range(1, 8):
        form = muf[:i] @ np.linalg.solve(covariance[:i, :i], muf[:i])
        assert gemuf(muf, covariance)[i - 1] == pytest.approx(form, rel=1e-9)


def test_the_running_sum_has_the_covariance_of_running_sums() -> None:
    covariance = stock(5)
    triangle = np.tril(np.ones((5, 5)))
    assert cumuf_covariance(covariance) == pytest.approx(triangle @ covariance @ triangle.T)
    assert cumuf(np.array([1.0, 2.0, 3.0])).tolist() == [1.0, 3.0, 6.0]


def test_merging_balances_leaves_the_variance_of_the_whole() -> None:
    covariance = stock(12)
    for lengths in ((12,), (6, 6), (1, 4, 7)):
        assert np.sum(merged(covariance, lengths)) == pytest.approx(np.sum(covariance))


def test_a_merged_chip_account_is_the_one_closed_less_often() -> None:
    receipts, shipments, inventories = flows(12)
    coarse = chip_covariance(
        receipts.reshape(4, 3).sum(axis=1),
        shipments.reshape(4, 3).sum(axis=1),
        inventories[::3],
        STOCK_ERRORS,
        (0,) * 5,
    )
    fine = merged(stock(12), (3, 3, 3, 3))
    assert np.max(np.abs(fine - coarse)) < 0.1 * np.max(coarse)
    assert np.all(np.diagonal(fine) <= np.diagonal(coarse))


def test_a_stock_taken_exactly_and_flows_of_1e28_do_not_overflow() -> None:
    covariance = use_covariance(np.full(52, 1e28), BOTH, calibration_blocks(52, 13))
    values = sitmuf(np.full(52, 1e26), covariance)
    assert values == pytest.approx(sitmuf(np.full(52, 0.01), year(13)), rel=1e-9)
    assert np.all(np.isfinite(gemuf(np.full(52, 1e28), covariance)))


@pytest.mark.parametrize(
    "covariance",
    [np.array([[1.0, 2.0], [2.0, 1.0]]), np.zeros((2, 2)), np.array([[1.0, 0.0], [0.0, -1.0]])],
    ids=["not positive", "zero", "negative variance"],
)
def test_what_is_no_covariance_is_refused(covariance) -> None:
    with pytest.raises(Misuse):
        cholesky(covariance)


def test_shapes_that_do_not_fit_are_refused() -> None:
    receipts, shipments, inventories = flows(4)
    with pytest.raises(Misuse):
        chip_covariance(receipts, shipments, inventories[1:], STOCK_ERRORS, (0,) * 4)
    with pytest.raises(Misuse):
        use_covariance(np.ones(4), BOTH, (0, 0))
    with pytest.raises(Misuse):
        merged(stock(4), (2, 3))
    with pytest.raises(Misuse):
        calibration_blocks(4, 0)
