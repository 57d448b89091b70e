"""Workload evidence: known answers, power, and refusals."""

from __future__ import annotations

import itertools
import math
from fractions import Fraction

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from pausenet.errors import Misuse
from pausenet.inference.sequential import SprtAnswer
from pausenet.inference.sequential.sprt import wald_bounds
from pausenet.inference.workload import (
    UNSEEN,
    Direction,
    OperatingPoint,
    Outcome,
    Roc,
    WorkloadTest,
    alike,
    bunching_p_value,
    bunching_power,
    gaps_p_value,
    gaps_power,
    notice_p_value,
    notice_power,
    placebos_needed,
    repeats,
    replay_bound,
    replay_length,
    runs_beside,
    shifted_p_value,
    window_operation,
    window_test,
)
from pausenet.inference.workload.bunching import share_near
from pausenet.inference.workload.gaps import gaps_needed
from pausenet.inference.workload.replay import replay_power
from pausenet.inference.workload.windows import CLEAN_ACCURACY, DISGUISED_ACCURACY
from pausenet.values import Pflop

ALPHA = Fraction(5, 100)
POINT = OperatingPoint(false_alarm=0.1, detection=0.4)

# ------------------------------------------------------------------------ what is always said


RIGHT: dict[str, object] = {
    "test": WorkloadTest.GAPS,
    "alpha": 0.05,
    "p_value": 0.05,
    "alternative": "a shift",
    "power": 0.9,
    "candidates": 500,
    "real": Fraction(1),
}


@pytest.mark.parametrize("test", list(WorkloadTest))
def test_every_test_says_its_rates_power_worth_and_what_it_cannot_see(test: WorkloadTest) -> None:
    outcome = Outcome(**{**RIGHT, "test": test})
    said, worth, _, *unseen = outcome.lines()
    assert said == f"{test}: alarm (p 0.05, alpha 0.05; power 0.90 against a shift)"
    assert worth.startswith("3.5 % of such alarms are true")
    assert unseen == [f"- {line}" for line in UNSEEN[test]]
    assert unseen


def test_a_p_value_above_alpha_is_no_alarm() -> None:
    outcome = Outcome(**{**RIGHT, "p_value": 0.051})
    assert not outcome.alarm
    assert outcome.lines()[0].startswith("gaps: no alarm")


@pytest.mark.parametrize(
    "wrong",
    [
        {"alpha": 0.0},
        {"p_value": 1.5},
        {"power": -0.1},
        {"alternative": ""},
        {"real": Fraction(501)},
    ],
)
def test_an_outcome_without_its_numbers_is_refused(wrong: dict[str, object]) -> None:
    with pytest.raises(Misuse):
        Outcome(**{**RIGHT, **wrong})


# ------------------------------------------------------------------------ windows


def every_course(windows: int) -> list[tuple[bool, ...]]:
    return list(itertools.product((False, True), repeat=windows))


@pytest.mark.parametrize("chance", [0.1, 0.4, 0.7])
def test_window_operation_agrees_with_every_course_taken_one_by_one(chance: float) -> None:
    test = window_test(POINT, 0.1, 0.2)
    found = window_operation(test, chance, 11)
    masses = dict.fromkeys(SprtAnswer, 0.0)
    taken = 0.0
    for course in every_course(11):
        answer, count = test.answer(course)
        mass = chance ** sum(course) * (1 - chance) ** (11 - sum(course))
        masses[answer] += mass
        taken += mass * count
    assert found.alarm == pytest.approx(masses[SprtAnswer.LOSS], abs=1e-12)
    assert found.cleared == pytest.approx(masses[SprtAnswer.NO_LOSS], abs=1e-12)
    assert found.still_open == pytest.approx(masses[SprtAnswer.CONTINUE], abs=1e-12)
    assert found.windows == pytest.approx(taken, abs=1e-12)


@pytest.mark.parametrize("disguise", [0.0, 0.5, 0.9])
def test_both_errors_keep_wald_s_bounds(disguise: float) -> None:
    """Wald 1947: alpha' <= alpha / (1 - beta) and beta' <= beta / (1 - alpha)."""
    point = OperatingPoint(false_alarm=0.018, detection=0.982).disguised(disguise)
    test = window_test(point, 0.01, 0.1)
    honest = window_operation(test, point.false_alarm, 2_000)
    training = window_operation(test, point.detection, 2_000)
    assert honest.alarm <= 0.01 / 0.9
    assert training.cleared <= 0.1 / 0.99
    assert training.alarm + training.cleared + training.still_open == pytest.approx(1)


def test_a_thicker_disguise_takes_more_windows() -> None:
    clean = OperatingPoint(false_alarm=0.018, detection=CLEAN_ACCURACY.value)
    taken = []
    for disguise in (0.0, 0.35, 0.57, 0.9, 0.98):
        point = clean.disguised(disguise)
        taken.append(
            window_operation(window_test(point, 0.01, 0.1), point.detection, 3_000).windows
        )
    assert taken == sorted(taken)
    assert taken[0] < 2.1
    assert taken[-1] > 50


def test_a_disguise_thicker_than_designed_for_is_mostly_cleared() -> None:
    designed = OperatingPoint(false_alarm=0.018, detection=0.982)
    test = window_test(designed, 0.01, 0.1)
    assert window_operation(test, designed.disguised(0.95).detection, 500).cleared > 0.9


def test_the_best_point_moves_to_few_false_alarms_under_disguise() -> None:
    loose = OperatingPoint(false_alarm=0.2, detection=0.99)
    strict = OperatingPoint(false_alarm=0.01, detection=0.6)
    roc = Roc(points=(strict, loose))
    assert roc.best(0.9).false_alarm == 0.01
    with pytest.raises(Misuse):
        Roc(points=(loose, strict))
    with pytest.raises(Misuse):
        Roc(points=())


def test_published_shares_are_those_of_the_design() -> None:
    """domain.md 1.7: 98.2 % clean, 43 to 87 % on the hardest unseen disguises."""
    assert CLEAN_ACCURACY.value == 0.982
    assert (DISGUISED_ACCURACY.low, DISGUISED_ACCURACY.high) == (0.43, 0.87)


def test_nonsense_windows_are_refused() -> None:
    with pytest.raises(Misuse):
        OperatingPoint(false_alarm=0.4, detection=0.1)
    with pytest.raises(Misuse):
        POINT.disguised(1.0)
    with pytest.raises(Misuse):
        window_operation(window_test(POINT, 0.1, 0.1), 1.5, 10)
    with pytest.raises(Misuse):
        wald_bounds(0.5, 0.5)


# ------------------------------------------------------------------------ gaps


def test_the_lady_tasting_tea() -> None:
    """Fisher, The Design of Experiments (1935): 1 in 70, and 17 in 70 with one cup wrong."""
    assert gaps_p_value(8, 4, 4, 4) == Fraction(1, 70)
    assert gaps_p_value(8, 4, 4, 3) == Fraction(17, 70)


@pytest.mark.parametrize(("slots", "gaps", "events"), [(7, 3, 2), (8, 6, 5), (6, 0, 3), (5, 5, 2)])
def test_the_tail_agrees_with_every_placement(slots: int, gaps: int, events: int) -> None:
    placements = list(itertools.combinations(range(slots), gaps))
    for both in range(events + 2):
        hit = sum(sum(slot < events for slot in each) >= both for each in placements)
        assert gaps_p_value(slots, gaps, events, both) == Fraction(hit, len(placements))


@given(st.integers(1, 60), st.data())
def test_gaps_keep_alpha_and_power_rises(slots: int, data: st.DataObject) -> None:
    gaps, events = data.draw(st.integers(0, slots)), data.draw(st.integers(0, slots))
    powers = [
        gaps_power(slots, gaps, events, odds_ratio=Fraction(w), alpha=ALPHA) for w in (1, 3, 10)
    ]
    assert powers[0] <= ALPHA
    assert powers == sorted(powers)
    needed = gaps_needed(slots, gaps, events, ALPHA)
    assert needed > min(gaps, events) or powers[0] == gaps_p_value(slots, gaps, events, needed)


def test_a_shifted_course_is_compared_with_all_its_rotations() -> None:
    gap = [True, True, False, False, False, False, False, False, False, False]
    assert shifted_p_value(gap, gap) == Fraction(1, 10)
    assert shifted_p_value(gap, gap[::-1]) == 1
    with pytest.raises(Misuse):
        shifted_p_value(gap, gap[1:])
    with pytest.raises(Misuse):
        shifted_p_value([], [])


def test_lasting_outages_fool_the_hypergeometric_and_not_the_rotations() -> None:
    """One outage that meets one event by chance: slots are not exchangeable."""
    gap = [slot in range(10) for slot in range(60)]
    event = [slot in range(3, 13) for slot in range(60)]
    both = sum(a and b for a, b in zip(gap, event, strict=True))
    assert gaps_p_value(60, 10, 10, both) < Fraction(1, 10_000)
    assert shifted_p_value(gap, event) == Fraction(7, 60)


@pytest.mark.parametrize(("gaps", "events"), [(11, 1), (1, 11), (-1, 1)])
def test_more_gaps_or_events_than_slots_are_refused(gaps: int, events: int) -> None:
    with pytest.raises(Misuse):
        gaps_p_value(10, gaps, events, 0)


# ------------------------------------------------------------------------ bunching


def test_bins_are_half_open_and_of_one_width_in_logarithms() -> None:
    runs = [Pflop(size) for size in (24, 25, 49, 50, 99, 100)]
    assert runs_beside(runs, Pflop(100), Fraction(2)) == (2, 2)


@pytest.mark.parametrize("steepness", [Fraction(1), Fraction(3, 2)])
@pytest.mark.parametrize("runs", [0, 1, 5, 20, 60])
def test_bunching_keeps_alpha_and_power_rises(runs: int, steepness: Fraction) -> None:
    powers = [
        bunching_power(runs, steepness=steepness, times=steepness * k, alpha=ALPHA)
        for k in (1, 3, 9)
    ]
    assert powers[0] <= ALPHA
    assert powers == sorted(powers)


def test_a_steeper_honest_density_asks_for_more() -> None:
    assert share_near(Fraction(1)) == Fraction(1, 2)
    ps = [bunching_p_value(15, 5, steepness) for steepness in (Fraction(1), Fraction(2))]
    assert float(ps[0]) == pytest.approx(0.0207, abs=5e-5)  # binomial tables: P(>= 15 of 20)
    assert ps[1] > ALPHA > ps[0]


def test_nonsense_bins_are_refused() -> None:
    with pytest.raises(Misuse):
        runs_beside([], Pflop(100), Fraction(1))
    with pytest.raises(Misuse):
        bunching_p_value(1, 1, Fraction(1, 2))
    with pytest.raises(Misuse):
        bunching_p_value(-1, 1, Fraction(1))


# ------------------------------------------------------------------------ notice windows


def test_nineteen_placebos_are_needed_for_five_percent() -> None:
    assert placebos_needed(ALPHA) == 19
    top = notice_p_value(Fraction(100), [Fraction(k) for k in range(19)], Direction.HIGHER)
    assert top == ALPHA
    assert notice_p_value(Fraction(100), [Fraction(k) for k in range(18)], Direction.HIGHER) > ALPHA
    assert notice_power(18, 100.0, ALPHA) == 0.0


@pytest.mark.parametrize("direction", list(Direction))
def test_each_rank_is_as_likely(direction: Direction) -> None:
    scores = [Fraction(score) for score in (3, 8, -4, 20, 1, 9, 2)]
    found = [
        notice_p_value(score, [each for each in scores if each != score], direction)
        for score in scores
    ]
    assert len(set(found)) == 7 or direction is Direction.EITHER
    for rate in (Fraction(1, 7), Fraction(3, 7), Fraction(6, 7)):
        assert sum(p <= rate for p in found) <= rate * 7


def test_lower_and_either_see_what_higher_does_not() -> None:
    quiet = [Fraction(k) for k in range(19)]
    assert notice_p_value(Fraction(-50), quiet, Direction.HIGHER) == 1
    assert notice_p_value(Fraction(-50), quiet, Direction.LOWER) == ALPHA
    assert notice_p_value(Fraction(-50), quiet, Direction.EITHER) == ALPHA


def test_scores_that_are_all_alike_never_alarm() -> None:
    assert notice_p_value(Fraction(1), [Fraction(1)] * 50, Direction.EITHER) == 1


@pytest.mark.parametrize("shift", [0.0, 1.0, 3.0])
@pytest.mark.parametrize("placebos", [19, 59])
def test_notice_power_is_what_simulation_finds(placebos: int, shift: float) -> None:
    scores = np.random.default_rng(92).standard_normal((40_000, placebos + 1))
    high = np.sum(scores[:, 1:] >= scores[:, :1] + shift, axis=1)
    found = np.mean((high + 1) / (placebos + 1) <= 0.05 + 1e-12)
    assert notice_power(placebos, shift, ALPHA) == pytest.approx(float(found), abs=0.01)


def test_no_placebos_are_refused() -> None:
    with pytest.raises(Misuse):
        notice_p_value(Fraction(1), [], Direction.HIGHER)
    with pytest.raises(Misuse):
        notice_power(0, 1.0, ALPHA)
    with pytest.raises(Misuse):
        placebos_needed(Fraction(0))


# ------------------------------------------------------------------------ replays


def test_no_reading_is_likelier_than_the_bound_whatever_the_load() -> None:
    for steps in (0.3, 1.0, 4.0):
        bound = alike(steps)
        for load in np.linspace(0, 1, 41).tolist():
            root = steps * math.sqrt(2)
            value = 0.5 * (math.erf((0.5 - load) / root) - math.erf((-0.5 - load) / root))
            assert value <= bound
        assert bound <= 1
    assert float(alike(1.0)) == pytest.approx(0.3829249, abs=1e-7)  # within half a sigma


def test_pairs_of_stretches_are_counted_one_by_one() -> None:
    for readings, length in ((10, 2), (7, 3), (6, 3), (5, 3)):
        starts = range(readings - length + 1)
        pairs = sum(b - a >= length for a, b in itertools.combinations(starts, 2))
        tiny = Fraction(1, 10**6)
        assert replay_bound(readings, length, tiny) == pairs * tiny**length


def test_a_replayed_stretch_is_found_where_it_stands_and_noise_is_not() -> None:
    noise = np.rint(3 * np.random.default_rng(93).standard_normal(2_000)).astype(int).tolist()
    length = replay_length(2_000, alike(3.0), Fraction(1, 1000))
    assert repeats(noise, length) == ()
    replayed = [*noise[:1_000], *noise[100 : 100 + length], *noise[1_000 + length :]]
    assert (100, 1_000) in repeats(replayed, length)
    assert replay_power(2_000, length, length) == 1
    assert replay_power(2_000, length - 1, length) == 0


def test_the_shortest_stretch_keeps_alpha_and_one_less_would_not() -> None:
    length = replay_length(5_000, alike(2.0), ALPHA)
    assert replay_bound(5_000, length, alike(2.0)) <= ALPHA
    assert replay_bound(5_000, length - 1, alike(2.0)) > ALPHA


def test_a_constant_load_overlaps_itself_but_is_no_replay_until_it_fits_twice() -> None:
    assert repeats([7] * 7, 4) == ()
    assert repeats([7] * 8, 4) == ((0, 4),)


def test_courses_too_short_and_noise_below_zero_are_refused() -> None:
    with pytest.raises(Misuse):
        replay_length(10, alike(0.5), Fraction(1, 10**9))
    with pytest.raises(Misuse):
        alike(0.0)
    with pytest.raises(Misuse):
        repeats([1, 2], 0)
    with pytest.raises(Misuse):
        replay_power(10, 6, 3)
