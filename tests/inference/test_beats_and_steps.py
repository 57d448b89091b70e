"""Beats and steps: known answers, power, refusals; and the powers that the documentation prints."""

from __future__ import annotations

import itertools
import math
import re
from fractions import Fraction

import mpmath
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from pausenet.errors import Misuse
from pausenet.inference.workload import (
    OperatingPoint,
    alike,
    bunching_power,
    gaps_power,
    notice_power,
    periodicity_p_value,
    periodicity_power,
    rank_sum_p_value,
    rank_sum_power,
    replay_length,
    share_limit,
    shares,
    step_limit,
    step_p_value,
    step_power,
    window_operation,
    window_test,
)
from pausenet.inference.workload.changepoint import largest_step, rank_sum_needed
from pausenet.inference.workload.periodicity import noncentral_tail
from tests.house.source import ROOT
from tests.inference.inputs import INPUTS, SYSTEMS

ALPHA = Fraction(5, 100)

# ------------------------------------------------------------------------ periodicity

TIMES = np.sort(np.random.default_rng(84).uniform(0, 100, 60))


def test_shares_agree_with_least_squares_at_high_precision_to_1e_10() -> None:
    chance = np.random.default_rng(85)
    with mpmath.workdps(30):
        for _ in range(SYSTEMS):
            times = np.sort(chance.uniform(0, 100, 20))
            readings, frequency = chance.standard_normal(20), float(chance.uniform(0.02, 2))
            turns = [2 * mpmath.pi * mpmath.mpf(frequency) * t for t in times.tolist()]
            ones = [mpmath.mpf(1)] * 20
            sines = [ones, [mpmath.cos(a) for a in turns], [mpmath.sin(a) for a in turns]]
            column = [mpmath.mpf(x) for x in readings.tolist()]
            normal = mpmath.matrix([[mpmath.fdot(a, b) for a in sines] for b in sines])
            meets = mpmath.matrix([mpmath.fdot(a, column) for a in sines])
            explained = mpmath.fdot(meets, mpmath.lu_solve(normal, meets))
            mean = meets[0] ** 2 / 20
            wanted = (explained - mean) / (mpmath.fdot(column, column) - mean)
            found = float(shares(times, readings, np.array([frequency]))[0])
            assert found == pytest.approx(float(wanted), rel=1e-10, abs=1e-12)


def test_even_readings_at_fourier_frequencies_are_the_classical_periodogram() -> None:
    """Schuster's periodogram: the shares of all Fourier frequencies sum to 1 for odd n."""
    readings = np.random.default_rng(86).standard_normal(51)
    frequencies = np.arange(1, 26) / 51
    found = shares(np.arange(51.0), readings, frequencies)
    classical = 2 * np.abs(np.fft.rfft(readings - readings.mean())[1:]) ** 2 / 51
    assert found == pytest.approx(classical / np.sum((readings - readings.mean()) ** 2))
    assert float(found.sum()) == pytest.approx(1.0)


def test_a_pure_beat_explains_everything_and_level_and_scale_nothing() -> None:
    beat = 5.0 + 3.0 * np.sin(2 * np.pi * 0.21 * TIMES + 0.4)
    assert float(shares(TIMES, beat, np.array([0.21]))[0]) == pytest.approx(1.0)
    readings = np.random.default_rng(87).standard_normal((3, 60))
    assert shares(TIMES, 7 + 2 * readings, np.array([0.3])) == pytest.approx(
        shares(TIMES, readings, np.array([0.3]))
    )


def test_the_limit_has_its_rate_exactly_at_one_frequency() -> None:
    limit = share_limit(60, 1, 0.05)
    assert periodicity_p_value(limit, 60, 1) == pytest.approx(0.05)
    readings = np.random.default_rng(88).standard_normal((40_000, 60))
    rate = np.mean(shares(TIMES, readings, np.array([0.21]))[:, 0] > limit)
    assert float(rate) == pytest.approx(0.05, abs=4 * (0.05 * 0.95 / 40_000) ** 0.5)


def test_power_against_a_beat_is_what_simulation_finds_at_the_worst_phase() -> None:
    power = periodicity_power(TIMES, 0.21, 0.8, searched=25, alpha=0.05)
    chance, limit = np.random.default_rng(89), share_limit(60, 25, 0.05)
    found = []
    for phase in np.linspace(0, np.pi, 12, endpoint=False):
        beat = 0.8 * np.sin(2 * np.pi * 0.21 * TIMES + phase)
        readings = beat + chance.standard_normal((4_000, 60))
        found.append(float(np.mean(shares(TIMES, readings, np.array([0.21])) > limit)))
    assert min(found) == pytest.approx(power, abs=0.04)
    assert 0.3 < power < max(found) + 0.03


def test_power_without_a_beat_is_the_false_alarm_rate_and_rises_with_it() -> None:
    powers = [periodicity_power(TIMES, 0.21, a, searched=10, alpha=0.05) for a in (0, 0.3, 1, 9)]
    assert powers[0] == pytest.approx(0.005)
    assert powers == sorted(powers)
    assert powers[-1] == pytest.approx(1.0)


def mixed_tail(p: float, b: float, noncentrality: float) -> object:
    """The Poisson mixture of beta tails; each tail is the one before it and a term more."""
    x, half = mpmath.mpf(p), mpmath.mpf(noncentrality) / 2
    weight, tail = mpmath.exp(-half), (1 - x) ** b
    term, total = b * x * tail, mpmath.mpf(0)
    for j in range(200):
        total += weight * tail
        tail, term = tail + term, term * x * (j + 1 + b) / (j + 2)
        weight *= half / (j + 1)
    return total


def test_noncentral_shares_agree_with_mpmath_to_1e_10() -> None:
    """The Poisson mixture of beta tails (Johnson, Kotz and Balakrishnan 2, 1995, 30.3)."""
    chance = np.random.default_rng(95)
    with mpmath.workdps(30):
        reference = mpmath.mpf(0)
        for j in range(60):
            weight = mpmath.exp(-mpmath.mpf(2)) * mpmath.mpf(2) ** j / mpmath.factorial(j)
            reference += weight * mpmath.betainc(1 + j, 28.5, 0.2, 1, regularized=True)
        assert abs(mixed_tail(0.2, 28.5, 4.0) / reference - 1) < 1e-24
        for _ in range(INPUTS):
            p, b = float(chance.uniform(0.01, 0.9)), 0.5 * int(chance.integers(3, 200))
            noncentrality = float(10 ** chance.uniform(-2, 2))
            found, wanted = noncentral_tail(p, b, noncentrality), mixed_tail(p, b, noncentrality)
            assert found == pytest.approx(float(wanted), rel=1e-10, abs=1e-12)


def test_frequencies_and_readings_that_tell_nothing_are_refused() -> None:
    even, some = np.arange(20.0), np.random.default_rng(90).standard_normal(20)
    for frequency in (0.0, 0.5):
        with pytest.raises(Misuse):
            shares(even, some, np.array([frequency]))
    with pytest.raises(Misuse):
        shares(even, np.ones(20), np.array([0.1]))
    with pytest.raises(Misuse):
        shares(even[:5], some[:5], np.array([0.1]))
    with pytest.raises(Misuse):
        share_limit(5, 1, 0.05)


# ------------------------------------------------------------------------ changepoint


def test_rank_sums_meet_published_critical_values() -> None:
    """Mann and Whitney (1947): for 5 and 5, U <= 4 is one-sided 0.0476, U <= 5 is 0.0754."""
    # U = 25 - (W - 15): the most of 25 pairs that speak the other way.
    assert rank_sum_needed(5, 5, ALPHA) == 15 + 25 - 4
    before, after = [10, 9, 8, 6, 3], [7, 5, 4, 2, 1]
    assert sum(before) == 36
    assert rank_sum_p_value(before, after) == Fraction(12, 252)
    assert float(Fraction(12, 252)) == pytest.approx(0.0476, abs=5e-5)
    assert float(Fraction(19, 252)) == pytest.approx(0.0754, abs=5e-5)
    assert rank_sum_p_value([10, 9, 7, 6, 3], [8, 5, 4, 2, 1]) == Fraction(19, 252)


@given(
    st.lists(st.integers(0, 4), min_size=1, max_size=4),
    st.lists(st.integers(0, 4), min_size=1, max_size=5),
)
def test_rank_sums_agree_with_every_division_ties_too(before: list[int], after: list[int]) -> None:
    pool = before + after
    rank = {v: sum(x < v for x in pool) + (sum(x == v for x in pool) + 1) / 2 for v in pool}
    divisions = list(itertools.combinations(pool, len(before)))
    high = sum(
        sum(map(rank.__getitem__, each)) >= sum(map(rank.__getitem__, before)) for each in divisions
    )
    assert rank_sum_p_value(before, after) == Fraction(high, len(divisions))


def test_a_rank_sum_whose_chance_is_just_alpha_alarms() -> None:
    assert rank_sum_needed(3, 3, Fraction(1, 20)) == 6 + 5 + 4
    assert rank_sum_p_value([6, 5, 4], [1, 2, 3]) == Fraction(1, 20)


def test_no_rank_sum_can_alarm_where_too_few_are_read() -> None:
    assert rank_sum_needed(2, 2, Fraction(1, 100)) == 8  # the highest sum is 7
    assert rank_sum_power(2, 2, 100.0, Fraction(1, 100)) == 0.0


def test_rank_sum_power_is_close_to_the_t_test_s() -> None:
    """Hodges and Lehmann (1956): efficiency 3 / pi beside the normal test, here 20 and 20."""
    z = 1.0 * math.sqrt(3 / math.pi * 20 * 20 / 40)
    normal = 0.5 * math.erfc((1.6449 - z) / math.sqrt(2))
    assert rank_sum_power(20, 20, 1.0, ALPHA) == pytest.approx(normal, abs=0.02)
    assert rank_sum_power(20, 20, 0.0, ALPHA) == pytest.approx(0.05, abs=0.005)


def test_the_largest_step_is_the_best_two_sample_difference() -> None:
    readings = np.random.default_rng(91).standard_normal(12)
    found = max(
        (readings[:k].mean() - readings[k:].mean())
        / (readings.std(ddof=1) * (12 / (k * (12 - k))) ** 0.5)
        for k in range(2, 11)
    )
    assert float(largest_step(readings)) == pytest.approx(float(found))


def test_a_step_is_found_and_its_power_rises_with_the_drop() -> None:
    powers = [step_power(40, 20, drop, 0.05) for drop in (0.0, 0.5, 1.0, 2.0)]
    assert powers[0] == pytest.approx(0.05, abs=1e-3)
    assert powers == sorted(powers)
    assert powers[-1] > 0.99
    assert powers[2] < rank_sum_power(20, 20, 1.0, ALPHA)  # not to know the date costs power
    padded = np.where(np.arange(40) < 20, 2.0, 0.0) + np.sin(np.arange(40) * 2.1)
    assert step_p_value(padded) < 0.001
    assert step_p_value(-padded) > 0.5  # a rise is not what is looked for


def test_too_few_or_equal_readings_are_refused() -> None:
    for readings in (np.arange(7.0), np.ones(20)):
        with pytest.raises(Misuse):
            largest_step(readings)
    with pytest.raises(Misuse):
        step_limit(20, 1.0)
    with pytest.raises(Misuse):
        step_power(20, 20, 1.0, 0.05)
    with pytest.raises(Misuse):
        rank_sum_p_value([], [1])


# ------------------------------------------------------------------------ the documentation


def rows(heading: str) -> list[list[str]]:
    """The body of the documentation's table whose first line begins so."""
    page = (ROOT / "docs/reference/inference.md").read_text()
    table = page.split(f"\n| {heading}")[1].split("\n\n")[0]
    lines = table.splitlines()[2:]
    return [[cell.strip() for cell in line.strip("|").split("|")] for line in lines]


def test_the_powers_of_the_documentation_are_what_the_tests_find() -> None:
    hours = np.arange(336.0)
    found = [
        float(gaps_power(720, 20, 36, odds_ratio=Fraction(10), alpha=ALPHA)),
        float(bunching_power(30, steepness=Fraction(1), times=Fraction(3), alpha=ALPHA)),
        float(bunching_power(30, steepness=Fraction(3, 2), times=Fraction(3), alpha=ALPHA)),
        periodicity_power(hours, 0.1, 0.4, searched=100, alpha=0.05),
        step_power(60, 30, 1.0, 0.05),
        rank_sum_power(30, 30, 1.0, ALPHA),
        notice_power(19, 3.0, ALPHA),
    ]
    printed = [row[3] for row in rows("test | false alarms | finds")]
    assert printed == ["1 - β", *(f"{power:.2f}" for power in found), "1"]
    stretch = re.search(r"a stretch of (\d+) readings again in 8,760", str(rows("test | false")))
    assert stretch is not None
    assert int(stretch[1]) == replay_length(8_760, alike(2.0), ALPHA)


def test_the_windows_of_the_documentation_are_those_of_the_test() -> None:
    clean = OperatingPoint(false_alarm=0.018, detection=0.982)
    for thick, training, ordinary in rows("disguise | windows until"):
        share = 0.0 if thick == "none" else float(thick.split()[0]) / 100
        point = clean.disguised(share)
        test = window_test(point, 0.01, 0.1)
        for printed, chance in ((training, point.detection), (ordinary, point.false_alarm)):
            windows = window_operation(test, chance, 5_000).windows
            assert printed == (f"{windows:.1f}" if windows < 10 else f"{windows:.0f}")
