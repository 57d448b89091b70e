"""Channels that look at the work itself: each reckons what its test's own theory says."""

from __future__ import annotations

import pytest

from pausenet.inference.sampling.recompute import binomial_tail
from pausenet.inference.workload.windows import OperatingPoint, window_operation, window_test
from pausenet.scenario.evasions import ChannelKind
from pausenet.simulator.channels.counts import allowed_of
from tests.simulator.watching import ALPHA, chances


def test_the_classifier_alarms_as_often_as_walds_test_of_its_windows() -> None:
    point = OperatingPoint(false_alarm=0.018, detection=0.018 + 0.1 * 0.632)
    test = window_test(point, ALPHA * 0.95, 0.05)
    hidden = 0.3 * 0.4 / (0.6 + 0.3 * 0.4)
    expected = window_operation(test, 0.018 + hidden * 0.632, 140).alarm
    assert chances(ChannelKind.CLASSIFIER, (0.0, 0.3)) == pytest.approx((ALPHA, expected))
    quiet = window_operation(test, 0.018, 140).alarm
    assert quiet <= ALPHA, "Wald's bounds keep the rate that the channel states"


def test_a_disguise_that_works_leaves_the_classifier_blind() -> None:
    blind = chances(ChannelKind.CLASSIFIER, (0.9,), disguised=0.01)
    assert blind == (ALPHA,)


def test_three_hundred_checks_a_day_find_a_hundredth_within_the_day() -> None:
    found = chances(
        ChannelKind.RECOMPUTE, (0.01,), challenges_a_day=300 / 7, benign=0.0, differs=1.0
    )
    assert found[0] == pytest.approx(1.0 - 0.99**300)
    assert found[0] > 0.95


def test_what_was_made_to_fit_is_not_found_by_running_it_again() -> None:
    assert chances(ChannelKind.RECOMPUTE, (1.0,), differs=0.0) == (ALPHA,)


@pytest.mark.parametrize(("trials", "honest"), [(300, 0.001), (2_100, 0.001), (70_000, 0.01)])
def test_as_few_failures_are_allowed_as_keep_the_rate(trials: int, honest: float) -> None:
    allowed = allowed_of(trials, honest, ALPHA)
    assert binomial_tail(trials, allowed, honest) <= ALPHA
    assert binomial_tail(trials, allowed - 1, honest) > ALPHA


def test_what_is_smuggled_within_the_budget_is_never_found() -> None:
    loose = chances(ChannelKind.EGRESS, (0.003,), budget=0.01, honest=0.002)
    assert loose == (ALPHA,)
    allowed = allowed_of(70_000, 0.0001, ALPHA)
    tight = chances(ChannelKind.EGRESS, (0.0002,))
    assert tight[0] == pytest.approx(binomial_tail(70_000, allowed, 0.00022))
