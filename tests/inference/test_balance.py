"""The energy test: exact where it decides, and calibrated as its tables say."""

from __future__ import annotations

import random
from fractions import Fraction

import pytest

from pausenet.inference.balance import (
    MeterError,
    exceeds,
    joint_exceedance,
    joint_table_ppm,
    power_table_percent,
    quantity_milli,
    upper_tail,
    z_milli,
)
from pausenet.protocol import rules
from pausenet.values import WattHours

ONE_PERCENT = MeterError(random_ppm=10_000, systematic_ppm=0)
BOTH = MeterError(random_ppm=10_000, systematic_ppm=3_000)


def wh(amount: int) -> WattHours:
    return WattHours(amount)


def test_the_threshold_is_exact_to_one_watt_hour() -> None:
    metered = 10**12
    limit = metered * 2_326_348 // 10**8
    assert not exceeds(wh(metered - limit), wh(metered), ONE_PERCENT, rules.Z)
    assert exceeds(wh(metered - limit - 1), wh(metered), ONE_PERCENT, rules.Z)


@pytest.mark.parametrize("declared", [0, 1, 900, 976, 977, 1000, 1001, 5000])
def test_the_integer_comparison_is_the_rational_one(declared: int) -> None:
    difference = Fraction(max(0, declared_gap := 1000 - declared))
    sigma_squared = Fraction(BOTH.variance_ppm2, 10**12) * 1000**2
    expected = declared_gap > 0 and difference**2 > rules.Z**2 * sigma_squared
    assert exceeds(wh(declared), wh(1000), BOTH, rules.Z) == expected


def test_declaring_more_than_is_metered_is_never_an_excess() -> None:
    assert not exceeds(wh(2**53 - 1), wh(1), ONE_PERCENT, rules.Z)
    assert z_milli(wh(2**53 - 1), wh(1), ONE_PERCENT) == 0


def test_a_meter_that_read_nothing_shows_nothing() -> None:
    assert not exceeds(wh(0), wh(0), ONE_PERCENT, rules.Z)
    assert (z_milli(wh(0), wh(0), BOTH), quantity_milli(wh(5), wh(0), BOTH)) == (0, 0)


def test_the_largest_energies_stay_exact() -> None:
    most = 2**53 - 1
    assert exceeds(wh(0), wh(most), MeterError(random_ppm=1, systematic_ppm=0), rules.Z)
    assert z_milli(wh(0), wh(most), MeterError(random_ppm=1, systematic_ppm=0)) == 10**9


def test_z_is_rounded_towards_no_finding() -> None:
    assert z_milli(wh(979), wh(1000), ONE_PERCENT) == 2100
    assert z_milli(wh(9_767), wh(10_000), ONE_PERCENT) == 2330


def test_the_correlation_is_rounded_up() -> None:
    assert BOTH.correlation_milli == 83
    assert MeterError(random_ppm=0, systematic_ppm=1).correlation_milli == 1000
    assert ONE_PERCENT.correlation_milli == 0


@pytest.mark.parametrize("errors", [(0, 0), (-1, 5), (5, -1)])
def test_a_meter_without_a_stated_error_is_refused(errors: tuple[int, int]) -> None:
    with pytest.raises(ValueError, match="MeterError"):
        MeterError(random_ppm=errors[0], systematic_ppm=errors[1])


def test_the_tables_of_the_rules_are_those_of_the_design() -> None:
    assert joint_table_ppm(rules.Z, rules.JOINT_STEP_MILLI) == rules.JOINT_PPM
    last = rules.POWER_STEP_MILLI * (len(rules.POWER_PERCENT) - 1)
    assert power_table_percent(rules.Z, rules.POWER_STEP_MILLI, last) == rules.POWER_PERCENT


def test_the_quantile_is_that_of_one_percent() -> None:
    assert upper_tail(float(rules.Z)) == pytest.approx(rules.ALPHA_PPM / 10**6, rel=1e-6)


def test_joint_exceedance_meets_its_two_known_ends_and_the_quadrant() -> None:
    tail = upper_tail(2.0)
    assert joint_exceedance(2.0, 0.0) == pytest.approx(tail**2)
    assert joint_exceedance(2.0, 1.0) == pytest.approx(tail, rel=1e-4)
    assert joint_exceedance(0.0, 0.5) == pytest.approx(1 / 3)


def test_false_alarms_are_as_rare_as_stated() -> None:
    chance = random.Random(20_261_121)
    single = pairs = 0
    rounds, truth = 40_000, 10**9
    for _ in range(rounds):
        systematic = chance.gauss(0, 0.003)
        over = [
            exceeds(
                wh(truth),
                wh(round(truth * (1 + systematic + chance.gauss(0, 0.01)))),
                BOTH,
                rules.Z,
            )
            for _ in range(2)
        ]
        single, pairs = single + sum(over), pairs + all(over)
    assert 0.007 < single / (2 * rounds) < 0.0105
    stated = rules.joint_ppm(BOTH.correlation_milli) / 10**6
    assert 0 < pairs / rounds < stated * 1.8


def test_a_diversion_of_four_sigma_is_found_as_often_as_stated() -> None:
    chance = random.Random(7)
    truth, rounds = 10**9, 4_000
    hidden = truth * 4176 // 10**5  # 4 sigma of both errors
    found = 0
    for _ in range(rounds):
        error = chance.gauss(0, 0.003) + chance.gauss(0, 0.01)
        metered = wh(round(truth * (1 + error)))
        found += exceeds(wh(truth - hidden), metered, BOTH, rules.Z)
    stated = rules.power_percent(quantity_milli(wh(hidden), wh(truth), BOTH))
    assert found / rounds * 100 > stated - 2
