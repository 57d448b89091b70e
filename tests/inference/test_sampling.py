"""Samples are as large as they must be, and no larger; known answers of domain.md 1.1 and 2.1."""

from __future__ import annotations

import itertools
import math
from fractions import Fraction

import numpy as np
import pytest

from pausenet.errors import Misuse
from pausenet.inference.balance import MeterError
from pausenet.inference.sampling import (
    MeasuredSample,
    approximate_size,
    challenge_plan,
    challenges_needed,
    defects_needed,
    detection,
    inspections_needed,
    miss,
    sample_size,
    share_refuted,
    snapshot_miss,
    worst_defects,
)
from pausenet.inference.sampling.hypergeometric import drawn, expected_power
from pausenet.inference.sampling.measured import (
    attribute_detection,
    combined_detection,
    recognised,
    variable_detection,
    variable_sample_size,
)
from pausenet.inference.sampling.recompute import ChallengePlan, binomial_tail
from pausenet.inference.sampling.snapshots import approximate_snapshot_miss

SERVERS = 12_500
NINE_TENTHS = Fraction(9, 10)


@pytest.mark.parametrize(
    ("defects", "percent", "sample"),
    [(125, 90, 229), (125, 50, 70), (125, 20, 23), (2, 90, 8_548)],
)
def test_sample_sizes_of_12_500_servers(defects: int, percent: int, sample: int) -> None:
    """domain.md 2.1: 1 % of 8-GPU servers, or 16 GPUs; high, medium and low detection.

    The printed sizes are those of the formula N (1 - beta^(1/d)); the exact ones are at most one
    smaller.
    """
    wanted = Fraction(percent, 100)
    assert approximate_size(SERVERS, defects, percent / 100) == sample
    exact = sample_size(SERVERS, defects, wanted)
    assert sample - 1 <= exact <= sample
    assert detection(SERVERS, defects, exact) >= wanted
    assert detection(SERVERS, defects, exact - 1) < wanted


def test_the_exact_sizes_are_one_below_the_formula_s() -> None:
    """228 sound items of 12,500 leave 9.89 % for 125 defects to be missed; 227 leave 10.0018 %."""
    assert sample_size(SERVERS, 125, NINE_TENTHS) == 228
    assert float(miss(SERVERS, 125, 227)) == pytest.approx(0.1000176, abs=1e-7)
    assert sample_size(SERVERS, 2, NINE_TENTHS) == 8_547
    assert miss(SERVERS, 2, 8_547) == Fraction(3_953 * 3_952, 12_500 * 12_499) <= Fraction(1, 10)


def test_a_miss_is_the_share_of_samples_without_a_defect() -> None:
    for items, defects, sample in itertools.product(range(1, 8), range(8), range(8)):
        if max(defects, sample) <= items:
            samples = list(itertools.combinations(range(items), sample))
            clean = sum(min(each, default=items) >= defects for each in samples)
            assert miss(items, defects, sample) == Fraction(clean, len(samples))


def test_looking_at_everything_finds_everything() -> None:
    assert detection(SERVERS, 1, SERVERS) == 1
    assert sample_size(SERVERS, 1, Fraction(1)) == SERVERS
    assert sample_size(SERVERS, 1, Fraction(0)) == 0


def test_touched_items_are_rounded_up() -> None:
    assert defects_needed(Fraction(16), Fraction(8)) == 2
    assert defects_needed(Fraction(17), Fraction(8)) == 3


@pytest.mark.parametrize(("defects", "sample"), [(-1, 2), (11, 2), (2, -1), (2, 11)])
def test_counts_outside_the_stratum_are_refused(defects: int, sample: int) -> None:
    with pytest.raises(Misuse):
        miss(10, defects, sample)
    with pytest.raises(Misuse):
        drawn(10, defects, sample)


@pytest.mark.parametrize("defects", [0, 11])
def test_a_sample_for_no_possible_defect_is_refused(defects: int) -> None:
    with pytest.raises(Misuse):
        sample_size(10, defects, NINE_TENTHS)
    with pytest.raises(Misuse):
        approximate_size(10, defects, 0.9)


def test_the_chances_of_each_draw_sum_to_one_and_begin_with_the_miss() -> None:
    chances = dict(drawn(300, 40, 25))
    assert math.fsum(chances.values()) == pytest.approx(1, rel=1e-11)
    assert chances[0] == pytest.approx(float(miss(300, 40, 25)), rel=1e-11)
    assert expected_power(300, 40, 25, 0.0) == pytest.approx(chances[0])
    assert expected_power(300, 40, 25, 1.0) == pytest.approx(1.0)


# ------------------------------------------------------------------------ measured samples

ROUGH = MeterError(random_ppm=20_000, systematic_ppm=5_000)
PLAN = MeasuredSample(items=400, sample=40, holds=8.0, error=ROUGH)


def test_plain_gaps_are_found_as_counting_finds_them() -> None:
    found = attribute_detection(PLAN, 80.0, 10, 0.05)
    assert found == pytest.approx(float(detection(400, 10, 40)), rel=1e-6)


def test_sound_items_raise_the_alarm_as_often_as_set() -> None:
    each = recognised(0.0, PLAN, 0.05)
    assert 1 - (1 - each) ** 40 == pytest.approx(0.05)
    assert variable_detection(PLAN, 0.0, 400, 0.05) == pytest.approx(0.05)


@pytest.mark.parametrize(
    ("random_ppm", "systematic_ppm"),
    [(20_000, 0), (50_000, 20_000), (20_000, 20_000), (500, 50_000), (0, 50_000)],
)
def test_one_instrument_s_readings_overlook_defects_together(
    random_ppm: int, systematic_ppm: int
) -> None:
    """By simulation, with one systematic error for all readings; sound items do not count."""
    error = MeterError(random_ppm=random_ppm, systematic_ppm=systematic_ppm)
    plan = MeasuredSample(items=1_000, sample=100, holds=8.0, error=error)
    chance, runs = np.random.default_rng(51), 20_000
    for defects, share in ((1_000, 0.06), (60, 0.12)):
        limit = 3.2834 * plan.item_sigma  # exceeded by one in 100 with 5 %
        touched = chance.hypergeometric(defects, 1_000 - defects, 100, runs)
        highest = np.full(runs, -math.inf)
        for at in range(int(touched.max())):
            read = chance.normal(share, 1e-6 * random_ppm, runs)
            highest = np.where(at < touched, np.maximum(highest, read), highest)
        seen = np.mean(highest + chance.normal(0, 1e-6 * systematic_ppm, runs) > limit)
        found = attribute_detection(plan, share * defects * 8.0, defects, 0.05)
        assert found == pytest.approx(seen, abs=0.014)
        apart = 1 - expected_power(1_000, defects, 100, 1 - recognised(share, plan, 0.05))
        assert found <= apart + 1e-9


def test_counting_finds_few_emptied_items_and_measuring_a_little_of_all() -> None:
    coarse = MeterError(random_ppm=50_000, systematic_ppm=20_000)
    plan = MeasuredSample(items=1_000, sample=100, holds=8.0, error=coarse)
    few = attribute_detection(plan, 80.0, 10, 0.05), variable_detection(plan, 80.0, 10, 0.05)
    all_ = (
        attribute_detection(plan, 400.0, 1_000, 0.05),
        variable_detection(plan, 400.0, 1_000, 0.05),
    )
    assert few[0] > 0.6 > 0.2 > few[1]
    assert all_[1] > 0.7 > all_[0]


def test_the_mean_s_detection_is_that_of_simulation() -> None:
    chance, runs, defects, total = np.random.default_rng(50), 40_000, 100, 60.0
    touched = chance.hypergeometric(defects, 300, 40, runs)
    mean = touched / 40 * (total / (defects * 8.0))
    errors = chance.normal(0, 0.02 / math.sqrt(40), runs) + chance.normal(0, 0.005, runs)
    seen = np.mean(mean + errors > 1.6448536 * PLAN.mean_sigma)
    assert variable_detection(PLAN, total, defects, 0.05) == pytest.approx(seen, abs=0.01)


def test_the_diverter_s_choice_is_the_least_of_all() -> None:
    defects, chance = worst_defects(PLAN, 60.0, 0.05)
    assert 8 <= defects <= 400
    for other in (8, 20, 50, 150, 300, 400):
        assert combined_detection(PLAN, 60.0, other, 0.05) >= chance


def test_a_systematic_error_that_hides_the_quantity_is_not_averaged_away() -> None:
    size = variable_sample_size(400, 8.0, ROUGH, 80.0, detection=0.9, alpha=0.05)
    assert len(size) == 1
    wide = MeasuredSample(items=400, sample=size[0], holds=8.0, error=ROUGH)
    assert variable_detection(wide, 80.0, 400, 0.05) >= 0.9
    biased = MeterError(random_ppm=20_000, systematic_ppm=9_000)
    assert variable_sample_size(400, 8.0, biased, 80.0, detection=0.9, alpha=0.05) == ()


def test_plans_that_cannot_be_are_refused() -> None:
    with pytest.raises(Misuse):
        MeasuredSample(items=5, sample=6, holds=1.0, error=ROUGH)
    with pytest.raises(Misuse):
        worst_defects(PLAN, 8.0 * 401, 0.05)
    with pytest.raises(Misuse):
        attribute_detection(PLAN, 80.0, 9, 0.05)


# ----------------------------------------------------------------------------- recompute


@pytest.mark.parametrize(("one_in", "challenges"), [(100, 299), (1_000, 2_995), (10_000, 29_956)])
def test_challenges_for_a_dirty_share_at_95_percent(one_in: int, challenges: int) -> None:
    """domain.md 1.7 and 2.1: ln 0.05 / ln(1 - f); the volume of work does not matter."""
    dirty = Fraction(1, one_in)
    assert challenges_needed(dirty, Fraction(95, 100)) == challenges
    assert share_refuted(challenges, 0.95) <= dirty < share_refuted(challenges - 1, 0.95)


def test_the_number_of_challenges_is_exact_at_its_edge() -> None:
    assert challenges_needed(Fraction(1, 2), Fraction(7, 8)) == 3
    assert challenges_needed(Fraction(1, 2), Fraction(7, 8) + Fraction(1, 10**30)) == 4
    assert challenges_needed(Fraction(99, 100), Fraction(1, 10)) == 1


def test_honest_mismatches_are_allowed_for() -> None:
    strict = challenge_plan(0.01, 0.0, detection=0.95, alpha=0.05)
    assert (strict.challenges, strict.allowed) == (299, 0)
    plan = challenge_plan(0.01, 0.001, detection=0.95, alpha=0.05)
    assert plan.allowed > 0
    assert plan.alarm(0.001) <= 0.05
    assert plan.alarm(0.01 + 0.99 * 0.001) >= 0.95
    assert binomial_tail(plan.challenges - 1, plan.allowed, 0.01 + 0.99 * 0.001) < 0.95


def test_a_binomial_tail_is_that_of_counting() -> None:
    exact = sum(math.comb(12, j) * 0.3**j * 0.7 ** (12 - j) for j in range(5, 13))
    assert binomial_tail(12, 4, 0.3) == pytest.approx(exact, rel=1e-12)
    assert binomial_tail(12, 4, 0.0) == 0.0
    assert binomial_tail(12, 4, 1.0) == 1.0


@pytest.mark.parametrize("dirty", [Fraction(0), Fraction(1), Fraction(-1, 2), Fraction(1, 10**9)])
def test_shares_that_no_challenge_can_show_are_refused(dirty: Fraction) -> None:
    with pytest.raises(Misuse):
        challenges_needed(dirty, Fraction(95, 100))
    with pytest.raises(Misuse):
        ChallengePlan(challenges=3, allowed=3)


# ----------------------------------------------------------------------------- snapshots


def test_the_design_s_formula_is_never_below_the_exact_miss() -> None:
    """domain.md 1.1: (1 - (c / N)(1 - e^(-lambda T)))^s."""
    for used, inspected, logs in itertools.product((10, 100, 1_000), (1, 50, 900), (0.1, 1.0, 5.0)):
        exact = snapshot_miss(chips=1_000, used=used, inspected=inspected, logs_expected=logs)
        near = approximate_snapshot_miss(
            chips=1_000, used=used, inspected=inspected, logs_expected=logs
        )
        assert exact <= near * (1 + 1e-9)
        formula = (1 - used / 1_000 * (1 - math.exp(-logs))) ** inspected
        assert near == pytest.approx(formula, rel=1e-9, abs=1e-300)


def test_snapshots_of_chips_that_always_log_are_a_sample_of_items() -> None:
    certain = snapshot_miss(chips=500, used=20, inspected=60, logs_expected=800.0)
    assert certain == pytest.approx(float(miss(500, 20, 60)), rel=1e-9)


def test_the_fewest_inspections_are_the_fewest() -> None:
    (needed,) = inspections_needed(chips=10_000, used=1_000, logs_expected=1.0, wanted=0.9)
    for inspected, enough in ((needed, True), (needed - 1, False)):
        missed = snapshot_miss(chips=10_000, used=1_000, inspected=inspected, logs_expected=1.0)
        assert (1 - missed >= 0.9) is enough


def test_chips_that_never_log_are_found_by_no_number_of_inspections() -> None:
    assert inspections_needed(chips=50, used=50, logs_expected=0.0, wanted=0.5) == ()
