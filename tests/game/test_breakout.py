"""Breakout: waiting times against simulation and counting, and their inverses."""

from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from pausenet.game.answer import Infeasible
from pausenet.game.deterrence.breakout import (
    escape_at_random,
    escape_evenly,
    least_rate_at_random,
    least_rate_evenly,
    slowest_response,
)

rates = st.floats(min_value=0.01, max_value=5.0)
windows = st.floats(min_value=0.01, max_value=24.0)
chances = st.floats(min_value=0.01, max_value=1.0)
bounds = st.floats(min_value=1e-6, max_value=0.999)


@given(rates, windows, chances)
def test_even_intervals_are_the_mean_over_all_phases(
    rate: float, window: float, detection: float
) -> None:
    count = rate * window
    phases = (np.arange(20_000) + 0.5) / 20_000
    inspected = np.floor(count - phases) + 1
    mean = float(np.mean((1 - detection) ** np.maximum(0, inspected)))
    assert escape_evenly(rate, window, detection) == pytest.approx(mean, abs=2e-4)


@given(rates, windows, chances)
def test_even_intervals_leave_no_more_escapes_than_random_moments(
    rate: float, window: float, detection: float
) -> None:
    evenly = escape_evenly(rate, window, detection)
    assert evenly <= escape_at_random(rate, window, detection) + 1e-12


@given(bounds, windows, chances)
def test_the_least_rates_are_just_enough(bound: float, window: float, detection: float) -> None:
    at_random = least_rate_at_random(bound, window, detection)
    evenly = least_rate_evenly(bound, window, detection)
    assert not isinstance(at_random, Infeasible)
    assert not isinstance(evenly, Infeasible)
    assert escape_at_random(at_random, window, detection) == pytest.approx(bound)
    assert escape_evenly(evenly, window, detection) == pytest.approx(bound, rel=1e-6, abs=1e-9)


@given(bounds, windows, rates, chances)
def test_the_slowest_answer_is_just_fast_enough(
    bound: float, breakout: float, rate: float, detection: float
) -> None:
    slowest = slowest_response(bound, breakout, rate, detection)
    if isinstance(slowest, Infeasible):
        assert escape_at_random(rate, breakout, detection) > bound
    else:
        window = breakout - slowest
        assert escape_at_random(rate, window, detection) == pytest.approx(bound)


def test_simulated_inspections_at_random_miss_as_often_as_said() -> None:
    chance = np.random.default_rng(11)
    seen = chance.poisson(0.25 * 9.0, 200_000)
    escaped = float(np.mean(0.4**seen))
    said = escape_at_random(0.25, 9.0, 0.6)
    assert escaped == pytest.approx(said, abs=4 / math.sqrt(200_000))


def test_an_answer_after_the_sprint_and_inspections_that_find_nothing_are_infeasible() -> None:
    for least in (least_rate_at_random, least_rate_evenly):
        assert isinstance(least(0.05, 0.0), Infeasible)
        assert isinstance(least(0.05, -1.0), Infeasible)
        assert isinstance(least(0.05, 9.0, 0.0), Infeasible)
        assert least(1.0, 0.0) == 0.0
    assert isinstance(slowest_response(0.05, 12.0, 0.0), Infeasible)
    assert slowest_response(1.0, 12.0, 0.0) == 12.0
    assert escape_at_random(1.0, -3.0) == escape_evenly(1.0, -3.0) == 1.0
