"""Floats agree with mpmath's high precision, over random inputs and up to 10^28 FLOP.

`make test` tries some hundreds of inputs, `make soak` 10,000 (PAUSENET_INPUTS).

The tolerance stands in each test. Seeds are fixed: a failure repeats.
"""

from __future__ import annotations

import math
from fractions import Fraction

import mpmath
import numpy as np
import pytest

from pausenet.inference import beta, chisquare, normal
from pausenet.inference.accounts import Measured, product, quotient
from pausenet.inference.arrays import below_of, quantile_of
from pausenet.inference.balance import MeterError
from pausenet.inference.detection import detection_probability, sigma_allowed
from pausenet.inference.sampling.hypergeometric import drawn, miss
from pausenet.inference.sampling.recompute import binomial_tail, share_refuted
from pausenet.inference.sequential import siegmund_run_length, sitmuf, use_covariance
from pausenet.inference.sequential.losses import distance, worst_case
from tests.inference.inputs import INPUTS, SYSTEMS


@pytest.fixture(autouse=True)
def _thirty_digits():
    with mpmath.workdps(30):
        yield


def off(found: float, reference: object) -> float:
    """The relative difference."""
    return float(abs(found / reference - 1))


def mixed_tail(freedom: int, half: float, x: float) -> object:
    """The Poisson mixture of chi-squared tails; each tail is the one before it and a term more."""
    shape, y, weight = mpmath.mpf(freedom) / 2, mpmath.mpf(x) / 2, mpmath.exp(-mpmath.mpf(half))
    tail = mpmath.gammainc(shape, y, regularized=True)
    term = mpmath.exp(-y) * y**shape / mpmath.gamma(shape + 1)
    total = mpmath.mpf(0)
    for j in range(200):
        total += weight * tail
        tail, term = tail + term, term * y / (shape + j + 1)
        weight *= mpmath.mpf(half) / (j + 1)
    return total


def exact_below(z: float) -> object:
    return mpmath.erfc(-mpmath.mpf(z) / mpmath.sqrt(2)) / 2


def test_normal_tails_agree_to_1e_12() -> None:
    points = np.random.default_rng(60).uniform(-37, 8, INPUTS)
    for z, from_array in zip(points.tolist(), below_of(points).tolist(), strict=True):
        reference = exact_below(z)
        assert off(normal.below(z), reference) < 1e-12
        assert off(normal.above(-z), reference) < 1e-12
        assert off(from_array, reference) < 1e-12


@pytest.mark.parametrize("shape", [(), (0,), (5,), (2, 3, 4)])
def test_arrays_keep_their_shape_and_invert_each_other(shape: tuple[int, ...]) -> None:
    z = np.random.default_rng(70).uniform(-8, 5, shape)
    chances = below_of(np.asarray(z))
    assert chances.shape == shape
    assert quantile_of(chances) == pytest.approx(np.asarray(z), abs=1e-9)


def test_normal_quantiles_agree_to_1e_12_of_their_tail() -> None:
    """The tail at the quantile is compared: an error dz counts z dz."""
    tails = 10.0 ** np.random.default_rng(61).uniform(-290, math.log10(0.5), INPUTS)
    arrays = quantile_of(tails)
    for tail, from_array in zip(tails, arrays, strict=True):
        z = normal.upper_quantile(float(tail))
        assert off(float(exact_below(-z)), tail) < 1e-12
        assert from_array == pytest.approx(-z, rel=2e-15, abs=1e-15)


def test_chi_squared_tails_agree_to_1e_12() -> None:
    chance = np.random.default_rng(62)
    freedoms, xs = chance.integers(1, 105, INPUTS), chance.uniform(0.01, 300, INPUTS)
    for freedom, x in zip(freedoms.tolist(), xs.tolist(), strict=True):
        reference = mpmath.gammainc(mpmath.mpf(freedom) / 2, mpmath.mpf(x) / 2, regularized=True)
        assert abs(chisquare.tail(x, freedom) / reference - 1) < 1e-12


def beta_below(a: object, b: object, x: object) -> object:
    """I_x(a, b) by its series of positive terms, from whichever side it is short (DLMF 8.17.8)."""
    if x * (a + b) > a:
        return 1 - beta_below(b, a, 1 - x)
    term = x**a * (1 - x) ** b / (a * mpmath.beta(a, b))
    total, n = term, 0
    while term > total * mpmath.eps:
        term *= x * (a + b + n) / (a + 1 + n)
        total, n = total + term, n + 1
    return total


def test_the_series_of_beta_tails_is_what_mpmath_finds() -> None:
    for a, b, x in ((0.5, 3.0, 0.1), (7.0, 0.7, 0.9), (300.0, 20.0, 0.95), (30.0, 400.0, 0.05)):
        wanted = mpmath.betainc(a, b, 0, x, regularized=True)
        assert off(beta_below(*map(mpmath.mpf, (a, b, x))), wanted) < 1e-24


def test_beta_tails_agree_to_1e_11() -> None:
    chance = np.random.default_rng(71)
    shapes, xs = 10.0 ** chance.uniform(-0.3, 4, (INPUTS, 2)), chance.uniform(0, 1, INPUTS)
    for (a, b), x in zip(shapes.tolist(), xs.tolist(), strict=True):
        reference = beta_below(mpmath.mpf(a), mpmath.mpf(b), mpmath.mpf(x))
        assert abs(beta.beta_below(x, a, b) - reference) < 1e-11
        if 1e-250 < reference < 0.5:
            assert abs(beta.beta_below(x, a, b) / reference - 1) < 1e-9


def test_noncentral_tails_agree_to_1e_11() -> None:
    chance = np.random.default_rng(63)
    for _ in range(INPUTS):
        freedom, half = int(chance.integers(1, 60)), float(chance.uniform(0.1, 40))
        x = float(chance.uniform(1, 200))
        reference = mixed_tail(freedom, half, x)
        assert abs(chisquare.noncentral_tail(x, freedom, 2 * half) / reference - 1) < 1e-11


def test_detection_probabilities_agree_to_1e_12() -> None:
    chance = np.random.default_rng(64)
    for sigmas, alpha in zip(
        chance.uniform(0, 8, INPUTS), 10.0 ** chance.uniform(-6, -0.5, INPUTS), strict=True
    ):
        z = mpmath.sqrt(2) * mpmath.erfinv(1 - 2 * mpmath.mpf(alpha))
        reference = mpmath.erfc((z - mpmath.mpf(sigmas)) / mpmath.sqrt(2)) / 2
        assert abs(detection_probability(float(sigmas), float(alpha)) / reference - 1) < 1e-12


def test_hypergeometric_chances_agree_with_exact_fractions_to_1e_10() -> None:
    chance = np.random.default_rng(65)
    for _ in range(INPUTS):
        items = int(chance.integers(2, 20_000))
        defects = int(chance.integers(0, min(items, 200) + 1))
        sample = int(chance.integers(0, items - defects + 1))
        first = dict(drawn(items, defects, sample))[0]
        reference = miss(items, defects, sample)
        assert first == pytest.approx(float(reference), rel=1e-9, abs=1e-300)
        assert isinstance(reference, Fraction)


def test_binomial_tails_agree_to_1e_11() -> None:
    chance = np.random.default_rng(66)
    for _ in range(INPUTS):
        trials, p = int(chance.integers(1, 3_000)), float(10 ** chance.uniform(-4, -0.3))
        allowed = int(chance.integers(0, min(trials, 30)))
        reference = mpmath.betainc(allowed + 1, trials - allowed, 0, p, regularized=True)
        assert abs(binomial_tail(trials, allowed, p) - reference) < 1e-11


def test_refuted_shares_agree_to_1e_15() -> None:
    for challenges in (1, 299, 29_956, 10**9, 10**15):
        reference = 1 - mpmath.power(mpmath.mpf(1) - mpmath.mpf(0.95), mpmath.mpf(1) / challenges)
        assert abs(share_refuted(challenges, 0.95) / reference - 1) < 1e-14


def test_siegmund_s_formula_keeps_its_digits_where_the_drift_is_small() -> None:
    chance = np.random.default_rng(67)
    drifts = chance.choice([-1, 1], INPUTS) * 10.0 ** chance.uniform(-9, 0, INPUTS)
    for drift, h in zip(drifts.tolist(), chance.uniform(0.5, 8, INPUTS).tolist(), strict=True):
        d = mpmath.mpf(0.5 + drift) - mpmath.mpf(0.5)
        b = mpmath.mpf(h) + mpmath.mpf(1.166)
        reference = (mpmath.exp(-2 * d * b) + 2 * d * b - 1) / (2 * d * d)
        assert abs(siegmund_run_length(0.5, h, 0.5 + drift) / reference - 1) < 1e-12


def test_propagated_errors_agree_to_1e_14_up_to_1e28() -> None:
    chance = np.random.default_rng(68)
    sizes = 10.0 ** chance.uniform(-3, 28, (INPUTS, 2))
    errors = chance.uniform(0, 0.2, (INPUTS, 4))
    for (first, second), (ra, sa, rb, sb) in zip(sizes.tolist(), errors.tolist(), strict=True):
        a = Measured(value=first, random=first * ra, systematic=first * sa)
        b = Measured(value=second, random=second * rb, systematic=second * sb)
        squares = mpmath.mpf(a.random) ** 2 * mpmath.mpf(second) ** 2
        squares += mpmath.mpf(b.random) ** 2 * mpmath.mpf(first) ** 2
        assert abs(product(a, b).random / mpmath.sqrt(squares) - 1) < 1e-14
        whole = quotient(a, b)
        relative = mpmath.sqrt(mpmath.mpf(sa) ** 2 + mpmath.mpf(sb) ** 2)
        assert abs(whole.systematic / (mpmath.mpf(first) / second * relative) - 1) < 1e-14


def test_sitmuf_agrees_with_high_precision_cholesky_at_every_scale_to_1e_11() -> None:
    chance = np.random.default_rng(69)
    for at in range(SYSTEMS):
        flop = (1e-3, 1.0, 1e18, 1e28)[at] if at < 4 else float(10.0 ** chance.uniform(-3, 28))
        random, systematic = chance.integers(1_000, 100_000, 2).tolist()
        amounts = flop * chance.uniform(0.5, 2.0, 8)
        error = MeterError(random_ppm=random, systematic_ppm=systematic)
        covariance = use_covariance(amounts, error, (0,) * 3 + (1,) * 5)
        muf = 0.01 * flop * chance.standard_normal(8)
        reference: list[object] = []
        factor = mpmath.cholesky(mpmath.matrix(covariance.tolist()))
        for i, value in enumerate(muf.tolist()):
            known = mpmath.fdot(reference, [factor[i, j] for j in range(i)])
            reference.append((mpmath.mpf(value) - known) / factor[i, i])
        for found, wanted in zip(sitmuf(muf, covariance).tolist(), reference, strict=True):
            assert abs(found - wanted) < 1e-11


def test_nothing_overflows_at_1e28() -> None:
    error = MeterError(random_ppm=10_000, systematic_ppm=10_000)
    covariance = use_covariance(np.full(520, 1e28), error, (0,) * 520)
    pattern = worst_case(1e28, covariance)
    assert math.isfinite(distance(pattern, covariance))
    assert sigma_allowed(1e28, 0.95, 0.05) == pytest.approx(1e28 / 3.2897, rel=1e-4)
    assert np.all(np.isfinite(covariance))
