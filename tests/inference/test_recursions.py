"""Every exact recursion and closed form agrees with the same in high precision.

The tolerance stands in each test; seeds are fixed. `make test` tries some hundreds of random
inputs of each and a dozen systems of equations, `make soak` 10,000 of all (PAUSENET_INPUTS).
"""

from __future__ import annotations

import math
from fractions import Fraction
from itertools import product

import mpmath
import numpy as np
import pytest

from pausenet.inference import chisquare
from pausenet.inference.accounts.quantities import Frontier, relative_sigma_needed, useful_flop
from pausenet.inference.arrays import density_of
from pausenet.inference.fusion import posterior_of_log
from pausenet.inference.fusion.leaks import LeakModel
from pausenet.inference.fusion.quantity import QuantityChannel
from pausenet.inference.sampling import next_time, single_time, snapshot_miss
from pausenet.inference.sampling.hypergeometric import expected_power
from pausenet.inference.sampling.timing import found_by
from pausenet.inference.sequential import (
    Sprt,
    alarm_by,
    average_run_length,
    markov_run_length,
    sitmuf,
    use_covariance,
)
from pausenet.inference.sequential.covariance import StockErrors, chip_covariance
from pausenet.inference.sequential.designs import (
    cumuf_detections,
    gemuf_detection,
    sitmuf_detection,
    sitmuf_threshold,
)
from pausenet.inference.sequential.sprt import operation, wald_operation
from pausenet.inference.sequential.statistics import gemuf
from pausenet.inference.workload import OperatingPoint, window_operation, window_test
from pausenet.inference.workload.periodicity import periodicity_p_value, share_limit
from pausenet.inference.workload.replay import alike
from tests.inference.accounts_of_tests import BOTH
from tests.inference.high_precision import (
    NODES,
    SPAN,
    bells,
    below,
    density,
    interval,
    leaned,
    solved,
)
from tests.inference.inputs import INPUTS, SYSTEMS


@pytest.fixture(autouse=True)
def _thirty_digits():
    with mpmath.workdps(30):
        yield


def drawn(seed: int) -> np.random.Generator:
    return np.random.default_rng(seed)


def test_the_nodes_integrate_a_bell_over_four_sigmas() -> None:
    nodes, weights = interval(-2.0, 2.0)
    found = sum(w * density(x) for x, w in zip(nodes, weights, strict=True))
    assert abs(found - (below(2) - below(-2))) < 1e-19


def test_corrected_solutions_and_leaned_bells_are_what_mpmath_finds() -> None:
    points, weights = interval(0.0, 3.0)
    drift = mpmath.mpf("-0.7")
    rows = [
        [w * each for w, each in zip(weights, row, strict=True)]
        for row in leaned(bells(points), points, drift)
    ]
    for x, row in zip(points, rows, strict=True):
        for y, w, found in zip(points, weights, row, strict=True):
            assert abs(found / (w * density(y - x + drift)) - 1) < 1e-26
    right = [mpmath.mpf(1)] * NODES
    wanted = mpmath.lu_solve(mpmath.eye(NODES) - mpmath.matrix(rows), mpmath.matrix(right))
    for found, each in zip(solved(rows, right), wanted, strict=True):
        assert abs(found / each - 1) < 1e-22


def test_run_lengths_agree_to_1e_13_times_their_size() -> None:
    chance = drawn(201)
    for _ in range(SYSTEMS):
        k, h = float(chance.uniform(0, 1)), float(chance.uniform(0.3, SPAN))
        mean = float(chance.uniform(-0.3, 2.5))
        nodes, weights = interval(0.0, h)
        drift, points = mpmath.mpf(k) - mpmath.mpf(mean), [mpmath.mpf(0), *nodes]
        rows = [
            [below(drift - x), *(w * each for w, each in zip(weights, row[1:], strict=True))]
            for x, row in zip(points, leaned(bells(points), points, drift), strict=True)
        ]
        length = solved(rows, [mpmath.mpf(1)] * (NODES + 1))[0]
        assert abs(average_run_length(k, h, mean) / length - 1) < 1e-13 * max(10, length)


def test_markov_chains_agree_to_1e_13_times_their_length() -> None:
    chance, states = drawn(202), 12
    for _ in range(SYSTEMS):
        k, h = float(chance.uniform(0, 1)), float(chance.uniform(0.3, 5))
        mean = float(chance.uniform(-0.3, 2.5))
        width = 2 * mpmath.mpf(h) / (2 * states - 1)
        drift = mpmath.mpf(k) - mpmath.mpf(mean)
        upper = [below(width * by + width / 2 + drift) for by in range(-states, states)]
        rows = []
        for i in range(states):
            edges = upper[states - i : 2 * states - i]
            rows.append([edges[0], *(edges[j] - edges[j - 1] for j in range(1, states))])
        length = solved(rows, [mpmath.mpf(1)] * states)[0]
        found = markov_run_length(k, h, mean, states=states)
        assert abs(found / length - 1) < 1e-13 * max(10, length)


def test_alarms_by_a_period_agree_to_1e_13() -> None:
    chance = drawn(203)
    for _ in range(SYSTEMS):
        k, h = float(chance.uniform(0, 1)), float(chance.uniform(0.3, SPAN))
        means = chance.uniform(-1, 2, 4)
        nodes, weights = interval(0.0, h)
        bell = bells(nodes)
        at_zero, dense = mpmath.mpf(1), [mpmath.mpf(0)] * NODES
        for mean, found in zip(means.tolist(), alarm_by(k, h, means).tolist(), strict=True):
            drift = mpmath.mpf(k) - mpmath.mpf(mean)
            mass = [w * d for w, d in zip(weights, dense, strict=True)]
            onward = [
                at_zero * density(y + drift) + mpmath.fdot(mass, column)
                for y, column in zip(
                    nodes, zip(*leaned(bell, nodes, drift), strict=True), strict=True
                )
            ]
            fallen = mpmath.fdot(mass, [below(drift - x) for x in nodes])
            at_zero, dense = at_zero * below(drift) + fallen, onward
            held = at_zero + mpmath.fdot(weights, dense)
            assert abs(found - (1 - held)) < 1e-13


def test_sequential_ratio_tests_agree_to_1e_12() -> None:
    chance = drawn(204)
    for _ in range(SYSTEMS):
        shift, mean = float(chance.uniform(0.3, 2)), float(chance.uniform(-0.5, 2))
        low, high = -float(chance.uniform(0.3, 2)), float(chance.uniform(0.3, 2))
        test = Sprt(shift=shift, lower=low * shift, upper=high * shift)
        drift = mpmath.mpf(mean) - mpmath.mpf(shift) / 2
        bounds = mpmath.mpf(test.lower) / shift, mpmath.mpf(test.upper) / shift
        nodes, weights = interval(*bounds)
        points = [mpmath.mpf(0), *nodes]
        rows = [
            [mpmath.mpf(0), *(w * each for w, each in zip(weights, row[1:], strict=True))]
            for row in leaned(bells(points), points, -drift)
        ]
        found = operation(test, mean)
        direct = [below(x + drift - bounds[1]) for x in points]
        assert abs(found.alarm - solved(rows, direct)[0]) < 1e-12
        values = solved(rows, [mpmath.mpf(1)] * (NODES + 1))[0]
        assert abs(found.values / values - 1) < 1e-12


def test_wald_s_approximation_agrees_to_1e_6_and_away_from_its_limit_to_1e_10() -> None:
    chance = drawn(205)
    for _ in range(INPUTS):
        shift, mean = float(chance.uniform(0.3, 2)), float(chance.uniform(-0.5, 2))
        test = Sprt(
            shift=shift, lower=-float(chance.uniform(1, 5)), upper=float(chance.uniform(1, 5))
        )
        w = 1 - 2 * mpmath.mpf(mean) / mpmath.mpf(shift)
        low, high = mpmath.exp(w * test.lower), mpmath.exp(w * test.upper)
        alarm = (1 - low) / (high - low)
        step = mpmath.mpf(shift) * (mpmath.mpf(mean) - mpmath.mpf(shift) / 2)
        values = (alarm * test.upper + (1 - alarm) * test.lower) / step
        found, allowed = wald_operation(test, mean), 1e-10 if abs(w) > 1e-3 else 1e-6
        assert abs(found.alarm / alarm - 1) < allowed
        assert abs(found.values / values - 1) < allowed


def test_chi_squared_quantiles_agree_to_1e_11_of_their_tail() -> None:
    chance = drawn(206)
    for _ in range(INPUTS):
        freedom, tail = int(chance.integers(1, 105)), float(10 ** chance.uniform(-8, -0.01))
        x = mpmath.mpf(chisquare.upper_quantile(tail, freedom))
        reached = mpmath.gammainc(mpmath.mpf(freedom) / 2, x / 2, regularized=True)
        assert abs(reached / tail - 1) < 1e-11


def test_thresholds_and_detection_of_any_value_agree_to_1e_11() -> None:
    chance = drawn(207)
    for _ in range(INPUTS):
        periods, alpha = int(chance.integers(1, 400)), float(10 ** chance.uniform(-8, -0.5))
        threshold = mpmath.mpf(sitmuf_threshold(periods, alpha))
        alarmed = -mpmath.expm1(periods * mpmath.log1p(-below(-threshold)))
        assert abs(alarmed / alpha - 1) < 1e-11
        means = chance.uniform(0, 3, 5)
        held = mpmath.mpf(1)
        for mean in means.tolist():
            held *= below(mpmath.mpf(2.5) - mpmath.mpf(mean))
        assert abs(sitmuf_detection(means, np.eye(5), 2.5) / (1 - held) - 1) < 1e-11


def test_samples_that_may_overlook_agree_with_fractions_to_1e_10() -> None:
    chance = drawn(208)
    for _ in range(INPUTS):
        items = int(chance.integers(2, 400))
        defects, sample = int(chance.integers(0, items + 1)), int(chance.integers(0, items + 1))
        each = float(chance.uniform(0, 1))
        fewest, most = max(0, sample - items + defects), min(defects, sample)
        over, under = each.as_integer_ratio()
        total = 0
        for j in range(most, fewest - 1, -1):
            ways = math.comb(defects, j) * math.comb(items - defects, sample - j)
            total = total * over + ways * under ** (most - j)
        exact = Fraction(total * over**fewest, math.comb(items, sample) * under**most)
        assert expected_power(items, defects, sample, each) == pytest.approx(
            float(exact), rel=1e-10
        )
        missed = snapshot_miss(
            chips=items, used=defects, inspected=sample, logs_expected=-math.log(each)
        )
        assert missed == pytest.approx(float(exact), rel=1e-10)


def test_times_of_inspections_agree_to_1e_14() -> None:
    chance = drawn(209)
    for _ in range(INPUTS):
        left, elapsed, u = int(chance.integers(1, 50)), *chance.uniform(0, 1, 2).tolist()
        rest = 1 - mpmath.mpf(elapsed)
        wanted = mpmath.mpf(elapsed) + rest * (1 - (1 - mpmath.mpf(u)) ** (mpmath.mpf(1) / left))
        assert abs(next_time(left, elapsed, u) / wanted - 1) < 1e-14
        assert abs(single_time(u) / (1 - mpmath.exp(-mpmath.mpf(u))) - 1) < 1e-14
        rate = float(10 ** chance.uniform(-9, 1))
        assert abs(found_by(elapsed, rate) / -mpmath.expm1(-mpmath.mpf(rate) * elapsed) - 1) < 1e-14


def test_quantity_channels_agree_to_1e_12() -> None:
    chance = drawn(210)
    for _ in range(INPUTS):
        median, share = float(chance.uniform(0.01, 0.5)), float(chance.uniform(-1, 1))
        excess, hidden = chance.uniform(-1, 1, 2).tolist()
        channel = QuantityChannel(median=median, share=share)
        k = mpmath.log(2) / mpmath.mpf(median)
        ratio = k * (abs(mpmath.mpf(excess)) - abs(mpmath.mpf(excess) - mpmath.mpf(share)))
        assert abs(channel.log_ratio(excess) - ratio) < 1e-12 * (1 + abs(ratio))
        top = mpmath.mpf(2) ** (abs(mpmath.mpf(share)) / mpmath.mpf(median))
        assert abs(channel.max_ratio / top - 1) < 1e-12
        d = mpmath.log(top)
        assert abs(channel.information / (d + mpmath.exp(-d) - 1) - 1) < 1e-9
        asked = float(top ** mpmath.mpf(chance.uniform(-0.99, 0.99)))
        edge = (abs(mpmath.mpf(share)) + mpmath.log(asked) / k) / 2
        beyond = k * (edge - mpmath.sign(mpmath.mpf(share)) * mpmath.mpf(hidden))
        tail = mpmath.exp(-abs(beyond)) / 2
        wanted = tail if beyond >= 0 else 1 - tail
        assert abs(channel.alarm(asked, hidden) / wanted - 1) < 1e-11


def test_posteriors_agree_to_1e_12() -> None:
    chance = drawn(211)
    for _ in range(INPUTS):
        prior = Fraction(int(chance.integers(1, 10**6)), 10**6)
        log_ratio = float(chance.uniform(-600, 600))
        odds = mpmath.mpf(prior.numerator) / (prior.denominator - prior.numerator or 1)
        odds *= mpmath.exp(mpmath.mpf(log_ratio))
        found = posterior_of_log(prior, log_ratio) if prior < 1 else 1.0
        assert prior == 1 or abs(found / (odds / (1 + odds)) - 1) < 1e-12


def test_leak_times_agree_to_1e_11() -> None:
    chance = drawn(212)
    for _ in range(INPUTS):
        scale, exponent, dispersion = chance.uniform(1, 50), chance.uniform(0.5, 3), 3.88
        workers, years = 10.0 ** chance.uniform(0.4, 4), 10.0 ** chance.uniform(-2, 1.5)
        model = LeakModel(scale=float(scale), exponent=float(exponent), dispersion=dispersion)
        mean = mpmath.mpf(scale) / mpmath.log10(mpmath.mpf(workers)) ** mpmath.mpf(exponent)
        wanted = mpmath.gammainc(
            mean / dispersion, 0, mpmath.mpf(years) / dispersion, regularized=True
        )
        assert model.found_by(float(years), float(workers)) == pytest.approx(
            float(wanted), rel=1e-11, abs=1e-290
        )


def test_strategic_quantities_agree_to_1e_12() -> None:
    chance = drawn(213)
    for _ in range(INPUTS):
        start, growth = 10.0 ** chance.uniform(18, 28), float(chance.uniform(1.1, 10))
        halving, lead, elapsed = chance.uniform((1, 0.1, 0), (24, 24, 60)).tolist()
        course = Frontier(frontier=float(start), growth_yearly=growth, halving_months=halving)
        wanted = mpmath.mpf(start) * mpmath.mpf(growth) ** (mpmath.mpf(lead) / 12)
        wanted *= mpmath.mpf(2) ** (-mpmath.mpf(elapsed) / mpmath.mpf(halving))
        found = course.strategic_quantity(lead, elapsed)
        assert abs(found.flop / wanted - 1) < 1e-12
        assert course.lead_months(found.flop, elapsed) == pytest.approx(lead, abs=1e-9)


def test_limits_of_beats_and_replays_agree_to_1e_12() -> None:
    chance = drawn(214)
    for _ in range(INPUTS):
        readings, searched = int(chance.integers(6, 5_000)), int(chance.integers(1, 1_000))
        alpha = float(10 ** chance.uniform(-6, -0.3))
        limit = share_limit(readings, searched, alpha)
        power = mpmath.mpf(2) / (readings - 3)
        wanted = 1 - (mpmath.mpf(alpha) / searched) ** power
        assert abs(limit / wanted - 1) < 1e-12
        reached = searched * (1 - mpmath.mpf(limit)) ** (1 / power)
        assert periodicity_p_value(limit, readings, searched) == pytest.approx(
            float(reached), rel=1e-9
        )
        noise = float(10 ** chance.uniform(-1, 3))
        q = mpmath.erf(1 / (2 * mpmath.mpf(noise) * mpmath.sqrt(2)))
        bound = alike(noise)
        assert q <= mpmath.mpf(bound.numerator) / bound.denominator or bound == 1
        assert float(bound) - q < 2e-9


def test_tests_of_windows_agree_with_every_course_of_eight_to_1e_14() -> None:
    """All 256 courses of flags, each with its chance; a slower and quite other way to count."""
    chance, windows = drawn(215), 8
    courses = list(product((False, True), repeat=windows))
    for _ in range(SYSTEMS):
        low, high = sorted(chance.uniform(0.02, 0.98, 2).tolist())
        test = window_test(OperatingPoint(false_alarm=low, detection=high), 0.1, 0.2)
        flagged = float(chance.uniform(0, 1))
        shares = {"loss": 0.0, "no-loss": 0.0, "continue": 0.0}
        taken = 0.0
        for course in courses:
            answer, count = test.answer(course)
            each = flagged ** sum(course) * (1 - flagged) ** (windows - sum(course))
            shares[str(answer)] += each
            taken += each * count
        found = window_operation(test, flagged, windows)
        assert found.alarm == pytest.approx(shares["loss"], abs=1e-14)
        assert found.cleared == pytest.approx(shares["no-loss"], abs=1e-14)
        assert found.still_open == pytest.approx(shares["continue"], abs=1e-14)
        assert found.windows == pytest.approx(taken, abs=1e-13)


def test_densities_agree_to_1e_13() -> None:
    points = drawn(216).uniform(-25, 25, INPUTS)
    for z, found in zip(points.tolist(), density_of(points).tolist(), strict=True):
        assert abs(found / density(mpmath.mpf(z)) - 1) < 1e-13


@pytest.mark.parametrize("flop", [1.0, 1e20, 1e28])
def test_answers_do_not_depend_on_the_unit_and_nothing_overflows(flop: float) -> None:
    """The same account in FLOP and in units of 10^28 of them."""
    amounts, periods = np.linspace(0.8, 1.2, 26), 26
    loss = np.full(periods, 0.01)
    stock = np.linspace(3, 4, periods + 1)
    errors = StockErrors(receipts=BOTH, shipments=BOTH, inventories=BOTH)
    with np.errstate(all="raise", under="ignore"):
        for make in (
            lambda unit: use_covariance(unit * amounts, BOTH, (0,) * 13 + (1,) * 13),
            lambda unit: chip_covariance(
                unit * amounts, unit * amounts, unit * stock, errors, (0,) * (periods + 1)
            ),
        ):
            small, large = make(1.0), make(flop)
            assert sitmuf(flop * loss, large) == pytest.approx(sitmuf(loss, small), rel=1e-9)
            assert gemuf(flop * loss, large) == pytest.approx(gemuf(loss, small), rel=1e-9)
            assert gemuf_detection(flop * loss, large, 40.0) == pytest.approx(
                gemuf_detection(loss, small, 40.0), rel=1e-9
            )
            detections = cumuf_detections(flop * np.stack((loss, 2 * loss)), large, 0.05)
            assert detections == pytest.approx(
                cumuf_detections(np.stack((loss, 2 * loss)), small, 0.05), rel=1e-9
            )
        whole = useful_flop(1e9, 3_650, 1.0)
        assert math.isfinite(whole)
        needed = relative_sigma_needed(flop, h100e=1e9, days=3_650, utilisation=1.0)
        assert needed == pytest.approx(flop / 3.2897072539 / whole, rel=1e-9)
