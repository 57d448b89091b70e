"""Channels that look at runs and models: each reckons what its test's own theory says."""

from __future__ import annotations

from fractions import Fraction

import pytest

from pausenet.inference.detection import detection_probability
from pausenet.inference.sampling.hypergeometric import detection
from pausenet.inference.sampling.snapshots import snapshot_miss
from pausenet.inference.workload.bunching import bunching_power
from pausenet.inference.workload.changepoint import rank_sum_power
from pausenet.scenario.evasions import ChannelKind
from tests.simulator.watching import ALPHA, chances


def test_a_continuation_is_recognised_where_both_runs_left_a_fingerprint() -> None:
    missed = snapshot_miss(chips=12_000, used=3_360, inspected=7, logs_expected=0.7)
    found = chances(ChannelKind.LINEAGE, (2.0,), chips_a_month=30.0, alike=0.5)
    expected = 1.0 - (1.0 - ALPHA) * (1.0 - 0.5 * (1.0 - missed) ** 2) ** 2
    assert found[0] == pytest.approx(expected)


def test_chips_that_log_nothing_leave_weights_uncompared() -> None:
    assert chances(ChannelKind.LINEAGE, (5.0,), logs_a_day=0.0)[0] == pytest.approx(ALPHA)


def test_runs_near_the_cap_are_counted_once_a_quarter() -> None:
    found = chances(ChannelKind.BUNCHING, (1.0,) * 13 + (0.0,) * 13, honest_runs=120 / 91)
    rate = 1.0 - (1.0 - ALPHA) ** 13
    expected = bunching_power(
        17,
        steepness=Fraction(3, 2),
        times=Fraction(15, 2),
        alpha=Fraction(rate).limit_denominator(10**9),
    )
    assert found[12] == pytest.approx(float(expected))
    assert found[25] == pytest.approx(rate)
    assert sum(found) == found[12] + found[25], "between two looks there is no chance"


def test_the_baseline_is_judged_by_ranks_once() -> None:
    steps = (0.0,) * 8 + (2.0,) * 18
    found = chances(ChannelKind.BASELINE, steps)
    rate = 1.0 - (1.0 - ALPHA) ** 26
    expected = rank_sum_power(8, 8, 2.0, Fraction(rate).limit_denominator(10**9))
    assert found[15] == pytest.approx(expected)
    assert sum(found) == found[15]


def test_too_few_readings_about_the_baseline_can_never_alarm() -> None:
    steps = (0.0,) * 4 + (9.0,) * 22
    found = chances(ChannelKind.BASELINE, steps, closes=4.0, after=3.0)
    assert found[6] == pytest.approx(1.0 - (1.0 - ALPHA) ** 26)


def test_padding_that_ends_later_than_it_should_hides_the_step() -> None:
    late = (0.0,) * 12 + (9.0,) * 14
    assert max(chances(ChannelKind.BASELINE, late)) == pytest.approx(1.0 - (1.0 - ALPHA) ** 26)


def test_a_model_is_judged_once() -> None:
    found = chances(ChannelKind.CAPABILITY, (0.0,) * 5 + (3.0,) * 21, every_days=91.0)
    rate = 1.0 - (1.0 - ALPHA) ** 13
    assert found[12] == pytest.approx(detection_probability(3.0 * 0.8, rate))
    assert found[25] == pytest.approx(rate)


def test_models_in_use_are_drawn_and_what_cannot_be_asked_is_never_drawn() -> None:
    drawn = 30.0 / 7.0
    found = chances(
        ChannelKind.WEIGHT_REGISTRY, (1.0,) * 60, drawn_a_month=2.0 * drawn, reached=0.4
    )
    each = float(detection(30, 1, 2))
    assert found[0] == pytest.approx(ALPHA + (1.0 - ALPHA) * 0.4 * each)
    quiet = 1.0
    for chance in found:
        quiet *= (1.0 - chance) / (1.0 - ALPHA)
    assert 1.0 - quiet == pytest.approx(0.4 * (1.0 - (1.0 - each) ** 60))
