"""Intervals cover as often as they say, at every true value, and whatever made the runs stop."""

from __future__ import annotations

import math
from collections.abc import Callable
from functools import cache

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pausenet.errors import Misuse
from pausenet.inference.beta import at_least, at_most, beta_below
from pausenet.simulator.outcome.intervals import Interval, rate, share
from pausenet.simulator.outcome.stopping import Stopped, StoppingRule, run_until
from pausenet.simulator.outcome.survival import median

CHANCES = [step / 40 for step in range(1, 40)]


def binomial(count: int, of: int, chance: float) -> float:
    return math.comb(of, count) * chance**count * (1 - chance) ** (of - count)


@cache
def interval(count: int, of: int, level: float) -> Interval:
    return share(count, of, level).interval


@pytest.mark.parametrize("of", [1, 7, 30])
def test_an_exact_interval_covers_every_chance_as_often_as_its_level_says(of: int) -> None:
    for chance in CHANCES:
        covered = math.fsum(
            binomial(count, of, chance)
            for count in range(of + 1)
            if interval(count, of, 0.9).covers(chance)
        )
        assert covered >= 0.9, chance


def test_an_interval_of_the_usual_approximation_would_fail_that_test() -> None:
    def wald(count: int, of: int) -> Interval:
        value = count / of
        width = 1.6449 * math.sqrt(value * (1 - value) / of)
        return Interval(low=value - width, high=value + width, level=0.9)

    worst = min(
        math.fsum(binomial(k, 30, p) for k in range(31) if wald(k, 30).covers(p)) for p in CHANCES
    )
    assert worst < 0.8


def test_a_rates_interval_covers_every_rate_as_often_as_its_level_says() -> None:
    for mean in (0.1, 0.9, 3.0, 12.5):
        covered = math.fsum(
            math.exp(-mean + count * math.log(mean) - math.lgamma(count + 1))
            for count in range(80)
            if rate(count, 1.0, 0.9).interval.covers(mean)
        )
        assert covered >= 0.9, mean


# Clopper and Pearson's limits for 10 of 20 at 95 % are printed as 0.272 and 0.728 in many tables;
# with none of n the upper limit is 1 - 0.025^(1/n); Garwood's for 3 events are 0.619 and 8.767.
# The 12 of 200 lab-years of docs/reference/inference.md: binomial sums in 30 digits, by mpmath.
def test_intervals_are_those_of_the_tables() -> None:
    found = share(10, 20).interval
    assert (round(found.low, 3), round(found.high, 3)) == (0.272, 0.728)
    found = share(12, 200).interval
    assert (found.low, found.high) == pytest.approx((0.0313839539, 0.1024618313), abs=1e-9)
    assert share(0, 300).interval.high == pytest.approx(1 - 0.025 ** (1 / 300), abs=1e-9)
    assert share(300, 300).interval.low == pytest.approx(0.025 ** (1 / 300), abs=1e-9)
    events = rate(3, 2.0).interval
    assert (round(2 * events.low, 3), round(2 * events.high, 3)) == (0.619, 8.767)


def test_of_nothing_nothing_is_known() -> None:
    assert share(0, 0).interval == Interval(low=0.0, high=1.0, level=0.95)
    assert rate(0, 0.0).interval.high == math.inf
    with pytest.raises(Misuse):
        _ = share(0, 0).value


@given(st.integers(1, 40), st.data(), st.floats(0.001, 0.999))
def test_the_tails_of_a_binomial_are_sums_of_its_terms(
    of: int, data: st.DataObject, chance: float
) -> None:
    count = data.draw(st.integers(0, of))
    above = math.fsum(binomial(k, of, chance) for k in range(count, of + 1))
    below = math.fsum(binomial(k, of, chance) for k in range(count + 1))
    assert at_least(count, of, chance) == pytest.approx(above, abs=1e-12)
    assert at_most(count, of, chance) == pytest.approx(below, abs=1e-12)


@pytest.mark.parametrize("wrong", [(0.5, 0.0, 1.0), (1.5, 1.0, 1.0), (math.nan, 1.0, 1.0)])
def test_the_beta_function_refuses_what_is_outside(wrong: tuple[float, float, float]) -> None:
    with pytest.raises(Misuse):
        beta_below(*wrong)


@pytest.mark.parametrize(("count", "of"), [(-1, 4), (5, 4)])
def test_a_share_of_more_than_all_is_refused(count: int, of: int) -> None:
    with pytest.raises(Misuse):
        share(count, of)
    with pytest.raises(Misuse):
        at_least(count, of, 0.5)


# ------------------------------------------------------------------ stopping


def coverage(rule: StoppingRule, chance: float, level: float) -> float:
    """The chance that the interval at the stop covers, exactly: over all paths to it."""
    open_paths, covered, last = {0: 1.0}, 0.0, 0
    for size in rule.looks:
        reached: dict[int, float] = {}
        for count, weight in open_paths.items():
            for more in range(size - last + 1):
                term = weight * binomial(more, size - last, chance)
                reached[count + more] = reached.get(count + more, 0.0) + term
        open_paths, last = {}, size
        for count, weight in reached.items():
            found = interval(count, size, level)
            if rule.stops(size, (found,)):
                covered += weight * found.covers(chance)
            else:
                open_paths[count] = weight
    assert not open_paths
    return covered


# A rule that stops when the interval is narrow stops early where the share is near 0 or 1.
RULE = StoppingRule(most=80, half_width=0.1, first=10)


@pytest.mark.parametrize("chance", [0.01, 0.04, 0.1, 0.3, 0.5, 0.85, 0.93, 0.985])
def test_an_interval_keeps_its_level_whatever_made_the_runs_stop(chance: float) -> None:
    assert RULE.looks == (10, 20, 40, 80)
    assert coverage(RULE, chance, RULE.level_at_a_look) >= RULE.level


def test_looks_at_the_full_level_would_not_keep_it() -> None:
    rule = StoppingRule(most=320, half_width=0.2, first=5, level=0.5)
    chances = [step / 200 for step in range(1, 100)]
    naive = min(coverage(rule, chance, rule.level) for chance in chances)
    honest = min(coverage(rule, chance, rule.level_at_a_look) for chance in chances)
    assert naive < rule.level <= honest


def test_runs_stop_at_a_look_and_say_why() -> None:
    made: list[int] = []
    rule = StoppingRule(most=60, half_width=0.1, first=20)

    def run(intervals: Callable[[int], tuple[Interval, ...]]) -> tuple[int, Stopped]:
        made.clear()
        return run_until(rule, made.append, intervals)

    assert run(lambda size: (interval(0, size, 0.95),)) == (20, Stopped.NARROW)
    assert made == [20]
    assert run(lambda size: (interval(size // 2, size, 0.95),)) == (60, Stopped.SPENT)
    assert made == [20, 40, 60]
    both = (interval(0, 20, 0.95), interval(10, 20, 0.95))
    assert run(lambda _: both) == (60, Stopped.SPENT)
    with pytest.raises(Misuse):
        rule.stops(21, both)


@pytest.mark.parametrize(
    "wrong", [{"most": 0}, {"most": 5, "half_width": 0.5}, {"most": 5, "half_width": -0.1}]
)
def test_a_rule_that_cannot_be_kept_is_refused(wrong: dict[str, float]) -> None:
    with pytest.raises(Misuse):
        StoppingRule(**wrong)  # floats are what it refuses too


# ------------------------------------------------------------------ medians


def test_a_medians_interval_is_that_of_two_order_statistics() -> None:
    # Of ten values the second and the ninth enclose the median with 1 - 22/1024 = 0.979.
    found = median([float(value) for value in range(1, 11)], 0.95)
    assert (found.value, found.interval.low, found.interval.high) == (5.0, 2.0, 9.0)


def test_a_median_that_half_of_the_runs_do_not_come_to_is_not_reached() -> None:
    assert not median([1.0, math.inf, math.inf], 0.95).reached
    assert median([1.0, 2.0, math.inf], 0.95).reached
    few = median([1.0, 2.0], 0.95)
    assert (few.interval.low, few.interval.high) == (-math.inf, math.inf)
    with pytest.raises(Misuse):
        median([], 0.95)
