"""The series of energy balances: exact where it decides, and designed as its limits say."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from pausenet.errors import Misuse
from pausenet.inference.balance import MeterError
from pausenet.inference.sequential import sitmuf, use_covariance
from pausenet.inference.sequential.many import first_alarms
from pausenet.inference.sequential.runlength import alarm_by
from pausenet.inference.sequential.triple import (
    alarm_chance,
    designed_limits,
    row_chance,
    spread_percent,
    sudden_percent,
)
from pausenet.inference.series import (
    Balance,
    Foretold,
    Limits,
    Page,
    Series,
    SeriesTest,
    values_milli,
)
from pausenet.protocol import rules
from pausenet.values import INTEGER_MAX, PeriodIndex, WattHours
from tests.house.source import ROOT

BOTH = MeterError(random_ppm=10_000, systematic_ppm=3_000)
ERRORS = st.builds(
    MeterError, random_ppm=st.integers(1, 10**6), systematic_ppm=st.integers(0, 10**6)
)
WATT_HOURS = st.integers(0, INTEGER_MAX)
NEVER = Page(reference_milli=1_000, limit_milli=29_050)


def balances(pairs: list[tuple[int, int]], first: int = 0) -> list[Balance]:
    return [
        Balance(period=PeriodIndex(first + at), declared=WattHours(d), metered=WattHours(m))
        for at, (d, m) in enumerate(pairs)
    ]


@given(
    error=st.builds(
        MeterError, random_ppm=st.integers(100, 10**5), systematic_ppm=st.integers(0, 10**5)
    ),
    every=st.integers(0, 9),
    first=st.integers(0, 60),
    excesses=st.lists(st.integers(-3_000, 3_000), min_size=1, max_size=30),
)
def test_the_integer_values_are_the_sitmuf_of_the_relative_balances(
    error: MeterError, every: int, first: int, excesses: list[int]
) -> None:
    """Within four sigmas, where nothing is cut."""
    sigma = float(np.hypot(error.random_ppm, error.systematic_ppm)) * 1e-6
    declared = 10**15
    pairs = [(declared, max(0, declared + int(declared * sigma * e / 1000))) for e in excesses]
    relative = np.array([(m - d) / d for d, m in pairs])
    blocks = [(first + at) // every if every else 0 for at in range(len(pairs))]
    expected = sitmuf(relative, use_covariance(np.ones(len(pairs)), error, blocks))
    found = values_milli(balances(pairs, first), error, every)
    np.testing.assert_allclose(found, 1000 * expected, rtol=1e-6, atol=3.0)


@given(error=ERRORS, every=st.integers(0, 5), pair=st.tuples(WATT_HOURS, WATT_HOURS))
def test_no_single_balance_alarms(error: MeterError, every: int, pair: tuple[int, int]) -> None:
    series = Series(error, every, rules.SERIES)
    assert series.take(balances([pair])[0])[1] == ()


@given(
    error=ERRORS,
    every=st.integers(0, 5),
    pairs=st.lists(st.tuples(WATT_HOURS, WATT_HOURS), min_size=1, max_size=12),
    more=st.integers(1, 10**12),
)
def test_declaring_less_never_lowers_the_balances_own_value(
    error: MeterError, every: int, pairs: list[tuple[int, int]], more: int
) -> None:
    *before, (declared, metered) = pairs
    lower = max(0, declared - more)
    as_said = values_milli(balances(pairs), error, every)
    lowered = values_milli(balances([*before, (lower, metered)]), error, every)
    assert lowered[-1] >= as_said[-1]
    assert lowered[:-1] == as_said[:-1]


@given(pairs=st.lists(st.tuples(st.integers(1, 10**12), st.integers(0, 10**15)), min_size=1))
def test_declaring_as_much_as_is_metered_or_more_never_alarms(
    pairs: list[tuple[int, int]],
) -> None:
    """By a meter without systematic error: nothing else is foretold."""
    series = Series(MeterError(random_ppm=5_000, systematic_ppm=0), 0, rules.SERIES)
    for each in balances([(declared + metered, metered) for declared, metered in pairs]):
        assert series.take(each)[1] == ()
    assert series.sums_milli == (0, 0)


@pytest.mark.parametrize("broken", [0, 1, 10**6 // 2])
def test_a_meter_that_reads_nothing_once_makes_nobody_suspect(broken: int) -> None:
    series = Series(BOTH, 0, rules.SERIES)
    pairs = [(10**6, 10**6), (10**6, broken), *[(10**6, 10**6)] * 50]
    assert [series.take(each)[1] for each in balances(pairs)] == [()] * 52


def test_tests_are_named_in_their_order_and_say_since_when() -> None:
    series = Series(BOTH, 4, rules.SERIES)
    quiet, first, second = balances([(10**6, 10**6), (10**6, 1_040_000), (10**6, 1_040_000)], 7)
    assert series.take(quiet)[1] == series.take(first)[1] == ()
    row, large, *rest = series.take(second)[1]
    assert (row.test, row.since, row.at) == (SeriesTest.ROW, 8, 9)
    assert (large.test, large.since, large.at) == (SeriesTest.LARGE, 8, 9)
    assert [each.test for each in rest] == [SeriesTest.SMALL]
    assert row.statistics_milli == (3_831, 3_527)


@pytest.mark.parametrize("errors", [(0, 0), (-1, 5), (5, -1)])
def test_a_meter_without_a_stated_error_is_refused(errors: tuple[int, int]) -> None:
    with pytest.raises(ValueError, match="MeterError"):
        MeterError(random_ppm=errors[0], systematic_ppm=errors[1])


@pytest.mark.parametrize(("reference", "limit"), [(-1, 5), (5, 0)])
def test_a_setting_of_pages_test_without_a_limit_is_refused(reference: int, limit: int) -> None:
    with pytest.raises(ValueError, match="Page"):
        Page(reference_milli=reference, limit_milli=limit)


# ------------------------------------------------------------------------------- the design


def test_the_limits_of_the_rules_alarm_in_one_series_in_twenty() -> None:
    stated = rules.ALPHA_PPM / 10**6
    still = np.zeros(rules.SERIES.periods)
    assert alarm_chance(rules.SERIES, still) == pytest.approx(stated, abs=1e-4)
    alone = [
        alarm_by(page.reference_milli / 1000, page.limit_milli / 1000, still)[-1]
        for page in (rules.SERIES.large, rules.SERIES.small)
    ]
    assert alone[0] == pytest.approx(alone[1], rel=2e-3)
    assert row_chance(rules.SERIES.row_milli, rules.SERIES.periods) < 0.2 * alone[0]


def test_the_power_tables_of_the_rules_are_those_of_the_design() -> None:
    step = rules.SUDDEN_STEP_MILLI
    last = step * (len(rules.SUDDEN_PERCENT) - 1)
    assert sudden_percent(rules.SERIES, step, last) == rules.SUDDEN_PERCENT
    step = rules.SPREAD_STEP_MILLI
    coarse = spread_percent(rules.SERIES, 4 * step, 8 * step)
    assert coarse == rules.SPREAD_PERCENT[::4]


def test_with_two_tests_out_of_reach_the_third_is_the_exact_recursion() -> None:
    page = Page(reference_milli=500, limit_milli=4_020)
    limits = Limits(row_milli=6_000, large=NEVER, small=page, periods=20)
    for mean in (0.0, 1.0):
        means = np.full(20, mean)
        exact = float(alarm_by(0.5, 4.02, means)[-1])
        assert alarm_chance(limits, means) == pytest.approx(exact, rel=0.01)
    far = Page(reference_milli=500, limit_milli=29_050)
    row = Limits(row_milli=2_000, large=NEVER, small=far, periods=20)
    assert alarm_chance(row, np.zeros(20)) == pytest.approx(row_chance(2_000, 20), rel=1e-6)


def test_a_design_holds_its_rate() -> None:
    limits = designed_limits(2_600, (1_000, 500), periods=6, alpha=0.05)
    assert alarm_chance(limits, np.zeros(6)) == pytest.approx(0.05, abs=2e-4)


def test_a_reference_between_two_cells_is_refused() -> None:
    odd = Page(reference_milli=333, limit_milli=4_000)
    with pytest.raises(Misuse, match="whole cells"):
        alarm_chance(Limits(row_milli=2_000, large=odd, small=odd, periods=2), np.zeros(2))


def test_a_million_values_alarm_as_often_as_the_recursion_says() -> None:
    """Page's pair and the row on independent normal values, by plain arithmetic."""
    chance, limits = np.random.default_rng(20_261_121), rules.SERIES
    values = 1000 * chance.standard_normal((60_000, limits.periods))
    taken = np.minimum(values, limits.value_max_milli)
    alarmed = np.any(np.minimum(values[:, 1:], values[:, :-1]) > limits.row_milli, axis=1)
    for page in (limits.large, limits.small):
        held = np.zeros(len(values))
        for at in range(limits.periods):
            held = np.maximum(held + taken[:, at] - page.reference_milli, 0)
            alarmed |= held > page.limit_milli
    assert np.mean(alarmed) == pytest.approx(rules.ALPHA_PPM / 10**6, abs=0.0027)


@pytest.mark.parametrize(("times", "alarmed"), [(1.1, 0.12), (1.25, 0.27), (2.0, 0.9)])
def test_errors_larger_than_stated_raise_the_rate_as_limitations_md_says(
    times: float, alarmed: float
) -> None:
    drawn = 1000 * times * np.random.default_rng(78).standard_normal((40_000, 52))
    found = np.mean(first_alarms(drawn.astype(np.int64), rules.SERIES) >= 0)
    assert found == pytest.approx(alarmed, abs=0.008)
    said = (ROOT / "LIMITATIONS.md").read_text("utf-8")
    assert f"larger {round(100 * alarmed)} %" in said or f"large {round(100 * alarmed)} %" in said


def test_every_entry_of_both_power_tables_is_what_simulation_finds() -> None:
    """By plain arithmetic over the same independent normal values, moved by each shift."""
    chance, limits = np.random.default_rng(20_261_122), rules.SERIES
    still = 1000 * chance.standard_normal((30_000, limits.periods))
    tables = (
        (rules.SUDDEN_PERCENT, rules.SUDDEN_STEP_MILLI, 2),
        (rules.SPREAD_PERCENT, rules.SPREAD_STEP_MILLI, limits.periods),
    )
    for table, step, periods in tables:
        for at, stated in enumerate(table):
            values = still[:, :periods] + at * step
            alarmed = np.any(np.minimum(values[:, 1:], values[:, :-1]) > limits.row_milli, axis=1)
            for page in (limits.large, limits.small):
                held = np.zeros(len(values))
                for value in np.minimum(values, limits.value_max_milli).T:
                    held = np.maximum(held + value - page.reference_milli, 0)
                    alarmed |= held > page.limit_milli
            found = 100 * float(np.mean(alarmed))
            assert found - 1.9 < stated < found + 0.9, (periods, at)


def test_a_quantity_shows_less_the_more_of_its_calibration_stands_before_it() -> None:
    foretold = Foretold(BOTH, 4)
    shown = [foretold.quantity_milli(WattHours(10**4), WattHours(10**6), j) for j in range(4)]
    assert shown == [957, 881, 816, 760]
    assert (foretold.last_place(52), Foretold(BOTH, 0).last_place(52)) == (3, 51)
