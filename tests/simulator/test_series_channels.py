"""Channels that measure period after period with one calibration, and the balance of a year."""

from __future__ import annotations

import math
from dataclasses import replace

import numpy as np
import pytest

from pausenet.inference.balance import MeterError
from pausenet.inference.detection import detection_probability
from pausenet.inference.normal import upper_quantile
from pausenet.inference.sampling.recompute import binomial_tail
from pausenet.inference.sequential.covariance import calibration_blocks, use_covariance
from pausenet.inference.sequential.differences import PairedStratum, variances
from pausenet.inference.sequential.losses import worst_case
from pausenet.inference.sequential.orthant import none_exceeds
from pausenet.scenario.evasions import ChannelKind, EvasionKind, EvasionPlan, Setting
from pausenet.scenario.plan import LabPlan, MeterErrors
from pausenet.simulator.adversary.evasions import evasion
from pausenet.simulator.adversary.evasions.e21_dilution import worst_pattern
from pausenet.simulator.channels.counts import allowed_of
from pausenet.values import ParticipantId, PeriodIndex
from tests.simulator.test_outside import scenario
from tests.simulator.watching import ALPHA, chances

YEAR_ALPHA = -math.expm1(math.log1p(-0.05) / 52)


@pytest.mark.parametrize(("every", "known"), [(52, 0.256), (13, 0.611), (4, 0.943)])
def test_the_balance_of_a_year_has_the_known_answers_of_the_design(
    every: int, known: float
) -> None:
    meters = MeterErrors(random_ppm=10_000, systematic_ppm=10_000, calibration_periods=every)
    found = chances(
        ChannelKind.LONG_BALANCE,
        (0.01,) * 52,
        alpha=YEAR_ALPHA,
        meters=meters,
        every_days=364.0,
    )
    assert found[51] == pytest.approx(known, abs=5e-4)
    assert not any(found[:51])


def test_a_look_under_the_calibration_of_an_earlier_one_is_reckoned_given_its_silence() -> None:
    meters = MeterErrors(random_ppm=10_000, systematic_ppm=10_000)
    found = chances(
        ChannelKind.LONG_BALANCE, (0.01,) * 52, alpha=YEAR_ALPHA, meters=meters, every_days=182.0
    )
    rate = -math.expm1(26 * math.log1p(-YEAR_ALPHA))
    sigma = math.sqrt(26 * 1e-4 + 26**2 * 1e-4)
    assert found[25] == pytest.approx(detection_probability(0.26 / sigma, rate))
    assert rate < found[51] < found[25], "the meter probably errs in the lab's favour"


def test_the_diluted_pattern_is_the_worst_case_of_avenhaus_and_jaech() -> None:
    meters = MeterErrors(random_ppm=10_000, systematic_ppm=5_000, calibration_periods=4)
    covariance = use_covariance(
        np.ones(26),
        MeterError(random_ppm=10_000, systematic_ppm=5_000),
        calibration_blocks(26, 4),
    )[5:, 5:]
    expected = worst_case(21.0, covariance)
    assert worst_pattern(meters, 5, 26) == pytest.approx(tuple(expected))


def test_one_point_of_utilisation_hides_what_the_design_says() -> None:
    big = LabPlan(
        name=ParticipantId("birch"),
        accelerators=500_000,
        sites=1,
        utilisation_ppm=10**6,
        training_ppm=10**6,
    )
    told = scenario()
    told = replace(told, labs=(told.labs[0], big))
    plan = EvasionPlan(
        by=big.name,
        kind=EvasionKind.E22,
        start=PeriodIndex(5),
        settings=(
            Setting(name="declared", micro=340_000),
            Setting(name="reached", micro=350_000),
        ),
    )
    gained = evasion(EvasionKind.E22).footprint(told, plan).gained_flop[5]
    assert gained / 7 * 30 == pytest.approx(1.28e25, rel=5e-3)


def test_profiles_of_jobs_count_as_a_binomial_test() -> None:
    allowed = allowed_of(14, 0.01, ALPHA)
    share = 0.12 * 0.8
    expected = binomial_tail(14, allowed, share + (1.0 - share) * 0.01)
    assert chances(ChannelKind.FORMATS, (0.12,))[0] == pytest.approx(expected)


def test_the_first_ratio_is_one_normal_test_and_the_next_are_reckoned_given_silence() -> None:
    found = chances(ChannelKind.RATIOS, (0.1,) * 4)
    random, systematic = 0.15 / math.sqrt(7.0), 0.05
    sigma = math.hypot(random, systematic)
    assert found[0] == pytest.approx(detection_probability(0.1 / sigma, ALPHA), rel=1e-6)
    covariance = random**2 * np.eye(4) + systematic**2
    limits = np.full(4, upper_quantile(ALPHA) * sigma - 0.1)
    expected = 1.0 - none_exceeds(limits, covariance).value
    assert 1.0 - math.prod(1.0 - chance for chance in found) == pytest.approx(expected, abs=2e-3)


def test_counters_that_scatter_alone_test_each_period_anew() -> None:
    found = chances(ChannelKind.RATIOS, (0.0, 0.1, 0.1), calibration=0.0)
    each = detection_probability(0.1 * math.sqrt(7.0) / 0.15, ALPHA)
    assert found == pytest.approx((ALPHA, each, each), rel=1e-6)


def test_paired_indicators_have_the_power_of_the_d_statistic() -> None:
    found = chances(ChannelKind.PAIRED_INDICATORS, (1.0,), pairs_a_month=60.0, common=0.2)
    stratum = PairedStratum(
        items=14,
        sampled=14,
        amount=1.0,
        sign=1,
        operator=MeterError(random_ppm=800_000, systematic_ppm=0),
        inspector=MeterError(random_ppm=400_000, systematic_ppm=447_214),
    )
    sigma = math.sqrt(variances([stratum]).difference)
    assert found[0] == pytest.approx(detection_probability(14.0 / sigma, ALPHA), rel=1e-4)
