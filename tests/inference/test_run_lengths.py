"""Page's test and the SPRT run as long as the literature and simulation say."""

from __future__ import annotations

import math

import numpy as np
import pytest

from pausenet.errors import Misuse
from pausenet.inference.sequential import (
    PageTest,
    Sprt,
    SprtAnswer,
    alarm_by,
    average_run_length,
    designed,
    designed_pair,
    either_detection,
    markov_run_length,
    siegmund_run_length,
)
from pausenet.inference.sequential.page import designed_by_run_length, either_alarms, page_sums
from pausenet.inference.sequential.runlength import two_sided
from pausenet.inference.sequential.sprt import exact_test, operation, wald_operation, wald_test
from tests.inference.accounts_of_tests import ALPHA, WEEKS

SIEGMUND = {4.0: (338, 8.3), 5.0: (938, 10.3), 6.0: (2573, 12.3)}
"""domain.md 2.1: run lengths with nothing hidden and with one sigma hidden, k = 0.5."""
LUCAS_CROSIER = {
    4.0: {0.0: 168, 0.25: 74.2, 0.5: 26.6, 0.75: 13.3, 1.0: 8.38, 1.5: 4.75, 2.0: 3.34, 3.0: 2.19},
    5.0: {0.0: 465, 0.25: 139, 0.5: 38.0, 0.75: 17.0, 1.0: 10.4, 1.5: 5.75, 2.0: 4.01, 3.0: 2.57},
}
"""Two-sided, k = 0.5, as in Lucas and Crosier (Technometrics 24, 1982).

Written down from memory; every digit is held to the integral equation here."""


@pytest.mark.parametrize("threshold", SIEGMUND)
def test_siegmund_s_approximation_is_what_domain_md_prints(threshold: float) -> None:
    still, shifted = SIEGMUND[threshold]
    assert siegmund_run_length(0.5, threshold) == pytest.approx(still, abs=0.5)
    assert siegmund_run_length(0.5, threshold, 1.0) == pytest.approx(shifted, abs=0.06)


def test_siegmund_s_approximation_has_no_gap_where_the_drift_vanishes() -> None:
    near = siegmund_run_length(0.5, 4.0, 0.5 + 1e-4)
    assert siegmund_run_length(0.5, 4.0, 0.5) == pytest.approx(near, rel=1e-3)


@pytest.mark.parametrize("threshold", LUCAS_CROSIER)
def test_exact_run_lengths_are_those_of_the_literature(threshold: float) -> None:
    for mean, printed in LUCAS_CROSIER[threshold].items():
        # Beyond one sigma the other side's alarms are so rare that no float can tell how rare.
        lower = average_run_length(0.5, threshold, -mean) if mean <= 1 else math.inf
        exact = two_sided(average_run_length(0.5, threshold, mean), lower)
        digits = len(str(printed).replace(".", ""))
        assert float(f"{exact:.{digits}g}") == printed


@pytest.mark.parametrize(("threshold", "exact"), [(4.0, 335.3676), (5.0, 930.8870)])
def test_the_two_exact_ways_agree_and_siegmund_is_within_one_percent(
    threshold: float, exact: float
) -> None:
    assert average_run_length(0.5, threshold) == pytest.approx(exact, abs=5e-4)
    assert markov_run_length(0.5, threshold) == pytest.approx(exact, rel=3e-4)
    assert siegmund_run_length(0.5, threshold) == pytest.approx(exact, rel=0.01)


def test_the_markov_chain_approaches_the_integral_equation() -> None:
    exact = average_run_length(0.25, 6.0, 0.3)
    errors = [abs(markov_run_length(0.25, 6.0, 0.3, states=n) - exact) for n in (25, 50, 100)]
    assert errors[0] > 3 * errors[1] > 9 * errors[2]


def test_the_run_length_is_the_sum_of_the_chances_to_run_on() -> None:
    alarmed = alarm_by(0.5, 3.0, np.full(4000, 0.2))
    assert 1.0 + np.sum(1.0 - alarmed) == pytest.approx(average_run_length(0.5, 3.0, 0.2), rel=1e-9)


def test_the_first_alarm_is_that_of_one_value() -> None:
    assert alarm_by(0.5, 1.145, np.zeros(1))[0] == pytest.approx(0.05, abs=5e-5)


def test_alarms_by_a_time_are_those_of_simulation_where_losses_change() -> None:
    means = np.concatenate((np.zeros(10), np.full(10, 1.2)))
    drawn = np.random.default_rng(47).standard_normal((50_000, 20)) + means
    passed = np.maximum.accumulate(page_sums(drawn, 0.5), axis=1) > 3.0
    assert np.max(np.abs(passed.mean(axis=0) - alarm_by(0.5, 3.0, means))) < 0.008


def test_a_test_designed_by_run_length_has_it() -> None:
    assert designed_by_run_length(0.5, 930.8870).threshold == pytest.approx(5.0, abs=1e-5)


def test_two_settings_share_the_rate_and_each_finds_its_own_shift_best() -> None:
    small, large = designed_pair((0.25, 1.0), WEEKS, ALPHA)
    each = [float(alarm_by(t.reference, t.threshold, np.zeros(WEEKS))[-1]) for t in (small, large)]
    assert each[0] == pytest.approx(each[1], abs=1e-6)
    assert ALPHA / 2 < each[0] < ALPHA
    assert either_detection((small, large), np.zeros(WEEKS)).value == pytest.approx(ALPHA, abs=1e-4)
    protracted, abrupt = np.full(WEEKS, 0.5), np.zeros(WEEKS)
    abrupt[20:22] = 2.5
    assert small.detection(protracted) > large.detection(protracted)
    assert large.detection(abrupt) > small.detection(abrupt)
    for means in (protracted, abrupt):
        either = either_detection((small, large), means)
        assert either.value > max(small.detection(means), large.detection(means)) - 3 * either.error
        assert either.error < 2e-3
    values = np.array([protracted + 0.2, abrupt, np.zeros(WEEKS)])
    assert either_alarms((small, large), values).tolist() == [True, True, False]


@pytest.mark.parametrize("threshold", [0.0, -1.0, float("nan"), 31.0])
def test_thresholds_that_mean_nothing_are_refused(threshold: float) -> None:
    for run_length in (average_run_length, markov_run_length, siegmund_run_length):
        with pytest.raises(Misuse):
            run_length(0.5, threshold)
    with pytest.raises(Misuse):
        PageTest(reference=0.5, threshold=min(threshold, 0.0))


def test_run_lengths_that_no_float_can_tell_are_refused() -> None:
    for run_length in (average_run_length, markov_run_length):
        with pytest.raises(Misuse):
            run_length(1.0, 20.0)


def test_a_lower_threshold_never_alarms_later() -> None:
    lengths = [average_run_length(0.5, h, 0.3) for h in (1.0, 2.0, 3.0, 4.0)]
    assert lengths == sorted(lengths)
    assert designed(0.5, 10, ALPHA).threshold < designed(0.5, 52, ALPHA).threshold


# ------------------------------------------------------------------------------------ SPRT


def test_wald_s_bounds_are_on_the_safe_side() -> None:
    test = wald_test(1.0, ALPHA, 0.1)
    assert test.upper == pytest.approx(np.log(0.9 / 0.05))
    assert test.lower == pytest.approx(np.log(0.1 / 0.95))
    assert operation(test, 0.0).alarm < ALPHA
    assert 1 - operation(test, 1.0).alarm < 0.1


@pytest.mark.parametrize(("alpha", "beta", "shift"), [(0.05, 0.1, 1.0), (0.01, 0.05, 0.5)])
def test_the_exact_test_has_just_the_errors_asked(alpha: float, beta: float, shift: float) -> None:
    test = exact_test(shift, alpha, beta)
    assert operation(test, 0.0).alarm == pytest.approx(alpha, rel=1e-5)
    assert 1 - operation(test, shift).alarm == pytest.approx(beta, rel=1e-5)
    assert operation(test, 0.0).values < operation(wald_test(shift, alpha, beta), 0.0).values


def test_the_exact_behaviour_is_that_of_simulation() -> None:
    test, chance = wald_test(1.0, ALPHA, 0.1), np.random.default_rng(48)
    for mean in (0.0, 0.5, 1.0):
        ratios = test.ratios(chance.standard_normal((30_000, 120)) + mean)
        over, under = ratios >= test.upper, ratios <= test.lower
        first = np.argmax(over | under, axis=1)
        stated = operation(test, mean)
        assert np.all((over | under).any(axis=1))
        assert over[np.arange(30_000), first].mean() == pytest.approx(stated.alarm, abs=0.01)
        assert (first + 1).mean() == pytest.approx(stated.values, rel=0.02)


def test_wald_s_approximation_comes_near_where_steps_are_small() -> None:
    test = wald_test(0.1, ALPHA, 0.05)
    for mean in (0.0, 0.05, 0.1):
        near, exact = wald_operation(test, mean), operation(test, mean)
        assert near.alarm == pytest.approx(exact.alarm, abs=0.01)
        assert near.values == pytest.approx(exact.values, rel=0.06)


def test_the_test_answers_as_soon_as_it_can_and_not_before() -> None:
    test = Sprt(shift=1.0, lower=-2.0, upper=2.0)
    assert test.answer(np.array([1.5, 1.5, 9.0])) == (SprtAnswer.LOSS, 2)
    assert test.answer(np.array([-0.5, -0.5, 9.0])) == (SprtAnswer.NO_LOSS, 2)
    assert test.answer(np.array([0.5, 0.6])) == (SprtAnswer.CONTINUE, 2)


@pytest.mark.parametrize(("alpha", "beta"), [(0.0, 0.1), (0.5, 0.5), (0.05, 0.96)])
def test_errors_that_no_test_can_have_are_refused(alpha: float, beta: float) -> None:
    with pytest.raises(Misuse):
        wald_test(1.0, alpha, beta)
    with pytest.raises(Misuse):
        Sprt(shift=1.0, lower=0.0, upper=1.0)
