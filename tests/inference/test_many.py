"""Many series at once say what the rules say of each, and alarm as often as is stated."""

from __future__ import annotations

import math
import os

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from pausenet.inference.balance import MeterError
from pausenet.inference.sequential.many import first_alarms, values_of
from pausenet.inference.series import Balance, Series
from pausenet.protocol import rules
from pausenet.scenario.plan import MeterErrors
from pausenet.simulator.false_alarms import balances, by_rules, holds
from pausenet.values import PeriodIndex, WattHours

LAB_YEARS = int(os.environ.get("PAUSENET_BALANCES", "20000"))


def by_one(declared: list[int], metered: list[int], error: MeterError, every: int):
    """The values, and the first alarm's period, by the code that decides findings."""
    series, values, first = Series(error, every, rules.SERIES), [], -1
    for at, (d, m) in enumerate(zip(declared, metered, strict=True)):
        balance = Balance(period=PeriodIndex(at), declared=WattHours(d), metered=WattHours(m))
        value, alarms = series.take(balance)
        values.append(value)
        first = at if alarms and first < 0 else first
    return values, first


@settings(max_examples=60)
@given(
    error=st.builds(
        MeterError, random_ppm=st.integers(0, 10**5), systematic_ppm=st.integers(1, 10**5)
    ),
    every=st.integers(0, 14),
    seed=st.integers(0, 2**32),
    size=st.sampled_from((1, 1_000, 10**6, 10**9)),
    hidden=st.sampled_from((0.0, 0.01, 0.2)),
)
def test_many_series_at_once_are_each_what_the_rules_make_of_it(
    error: MeterError, every: int, seed: int, size: int, hidden: float
) -> None:
    chance = np.random.default_rng(seed)
    declared = chance.integers(0, size, (4, 52), endpoint=True)
    noise = chance.normal(
        hidden, 1e-6 * math.hypot(error.random_ppm, error.systematic_ppm), (4, 52)
    )
    metered = np.maximum(0, np.ceil(declared * (1.0 + noise))).astype(np.int64)
    values = values_of(declared, metered, error, every)
    first = first_alarms(values, rules.SERIES)
    for row in range(4):
        expected = by_one(declared[row].tolist(), metered[row].tolist(), error, every)
        assert (values[row].tolist(), int(first[row])) == expected


def test_values_that_are_whole_are_not_taken_for_the_next_smaller() -> None:
    """2,000 thousandths to the watt-hour: where float64 alone may say 1,999."""
    declared = np.full((1, 4), 10**6)
    metered = declared + np.array([[20_000, -20_000, 30_000, 10_000]])
    error = MeterError(random_ppm=10_000, systematic_ppm=0)
    assert values_of(declared, metered, error, 0).tolist() == [[2_000, -2_000, 3_000, 1_000]]


def test_labs_that_follow_the_rules_alarm_as_often_as_stated() -> None:
    """Over all kinds of meters: `make soak` counts a million lab-years."""
    found = by_rules(LAB_YEARS, seed=1)
    assert holds(sum(each.alarms for each in found), sum(each.lab_years for each in found))


def test_one_percent_a_week_is_found_by_the_end_of_the_year() -> None:
    meters = MeterErrors(random_ppm=10_000, systematic_ppm=3_000, calibration_periods=4)
    declared, metered = balances(meters, 1_000, seed=5)
    error = MeterError(random_ppm=10_000, systematic_ppm=3_000)
    values = values_of(declared * 99 // 100, metered, error, 4)
    assert np.mean(first_alarms(values, rules.SERIES) >= 0) > 0.97
    single = np.mean(np.any(values > 2_326, axis=1))
    row = np.mean(np.any(np.minimum(values[:, 1:], values[:, :-1]) > 2_326, axis=1))
    assert single > 0.9  # one value in a year is over its limit by chance alone, often
    assert row < 0.4
