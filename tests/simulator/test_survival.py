"""Times with censoring: the known answers of a published trial, and what must hold of any data."""

from __future__ import annotations

import math
import random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pausenet.errors import Misuse
from pausenet.simulator.outcome.survival import Curve, Spell, kaplan_meier

# Weeks of remission under 6-mercaptopurine, + where it still lasted: Freireich and others, Blood
# 21 (1963), 699-716, the textbooks' example ever since.
REMISSIONS = "6 6 6 6+ 7 9+ 10 10+ 11+ 13 16 17+ 19+ 20+ 22 23 25+ 32+ 32+ 34+ 35+"  # in order
# Week, at risk, S, Greenwood's standard error, and the 95 % limits of ln(-ln S) as they are
# printed for these data in textbooks and by the common programs.
PRINTED = [
    (6, 21, 0.8571, 0.0764, 0.6197, 0.9516),
    (7, 17, 0.8067, 0.0869, 0.5631, 0.9228),
    (10, 15, 0.7529, 0.0963, 0.5032, 0.8894),
    (13, 12, 0.6902, 0.1068, 0.4316, 0.8491),
    (16, 11, 0.6275, 0.1141, 0.3675, 0.8049),
    (22, 7, 0.5378, 0.1282, 0.2678, 0.7468),
    (23, 6, 0.4482, 0.1346, 0.1881, 0.6801),
]

TIMES = st.lists(st.integers(0, 30), min_size=1, max_size=40)
SPELLS = st.lists(
    st.builds(lambda time, event: Spell(time=time, event=event), st.integers(0, 20), st.booleans()),
    min_size=1,
    max_size=40,
)


@pytest.fixture(scope="module")
def trial() -> Curve:
    return kaplan_meier(
        Spell(time=int(each.rstrip("+")), event=not each.endswith("+"))
        for each in REMISSIONS.split()
    )


def test_the_trial_of_1963_comes_out_as_printed(trial: Curve) -> None:
    found = [
        (
            step.time,
            step.at_risk,
            round(step.survival, 4),
            round(math.sqrt(step.variance), 4),
            round(step.interval.low, 4),
            round(step.interval.high, 4),
        )
        for step in trial.steps
    ]
    assert found == PRINTED


def test_the_trials_median_is_23_weeks_and_its_upper_limit_is_not_reached(trial: Curve) -> None:
    median = trial.quantile(0.5)
    assert (median.value, median.interval.low, median.interval.high) == (23, 13, math.inf)
    assert not trial.quantile(0.9).reached


@given(TIMES)
def test_without_censoring_the_estimate_is_the_empirical_distribution(times: list[int]) -> None:
    curve = kaplan_meier(Spell(time=time, event=True) for time in times)
    for day in range(31):
        later = sum(time > day for time in times) / len(times)
        assert curve.survival(day) == pytest.approx(later, abs=1e-12)
    for step in curve.steps:
        share = step.survival
        binomial = share * (1 - share) / len(times)
        assert step.variance == pytest.approx(binomial, abs=1e-12)


@given(SPELLS)
def test_the_curve_only_falls_and_its_limits_stay_between_0_and_1(spells: list[Spell]) -> None:
    steps = kaplan_meier(spells).steps
    survivals = [1.0, *(step.survival for step in steps)]
    assert survivals == sorted(survivals, reverse=True)
    for step in steps:
        assert 0.0 <= step.interval.low <= step.survival <= step.interval.high <= 1.0


@given(SPELLS, st.integers(1, 5))
def test_a_later_censoring_never_brings_the_event_nearer(spells: list[Spell], by: int) -> None:
    longer = [Spell(time=s.time + by * (not s.event), event=s.event) for s in spells]
    before, after = kaplan_meier(spells), kaplan_meier(longer)
    for day in range(21):
        assert after.survival(day) >= before.survival(day) - 1e-12


def test_who_is_censored_on_the_day_of_an_event_was_at_risk_then() -> None:
    curve = kaplan_meier([Spell(time=5, event=True), Spell(time=5, event=False)])
    assert [(step.at_risk, step.survival) for step in curve.steps] == [(2, 0.5)]


def test_events_alone_and_censoring_alone() -> None:
    never = kaplan_meier([Spell(time=9, event=False)] * 3)
    assert never.steps == ()
    assert never.survival(9) == 1.0
    assert not never.quantile(0.5).reached
    at_once = kaplan_meier([Spell(time=2, event=True)] * 40)
    assert (at_once.quantile(0.5).value, at_once.steps[0].interval.low) == (2, 0.0)
    assert 0.0 < at_once.steps[0].interval.high < 0.1


def test_what_bounds_the_curve_before_the_last_event_bounds_it_after() -> None:
    """The last of many alone says little, and all before it much."""
    curve = kaplan_meier(Spell(time=day, event=True) for day in range(1, 101))
    last, before = curve.steps[-1], curve.steps[-2]
    assert (last.survival, last.interval.low) == (0.0, 0.0)
    assert last.interval.high == before.interval.high < 0.1
    (alone,) = kaplan_meier([Spell(time=1, event=True)]).steps
    assert alone.interval.high == pytest.approx(0.975)


def test_the_limits_cover_the_truth_about_as_often_as_they_say() -> None:
    """400 samples of 60 exponential times, a third of them cut off; the truth at the median."""
    chance = random.Random(1958)
    covered = 0
    for _ in range(400):
        spells = []
        for _ in range(60):
            time, end = chance.expovariate(1.0), chance.expovariate(0.5)
            spells.append(Spell(time=min(time, end), event=time <= end))
        steps = [step for step in kaplan_meier(spells).steps if step.time <= math.log(2)]
        covered += steps[-1].interval.covers(0.5)
    assert 0.92 * 400 <= covered <= 0.98 * 400


def test_nothing_is_refused_and_so_is_a_time_that_is_none() -> None:
    with pytest.raises(Misuse):
        kaplan_meier([])
    for time in (-1.0, math.inf, math.nan):
        with pytest.raises(Misuse):
            Spell(time=time, event=True)
    with pytest.raises(Misuse):
        kaplan_meier([Spell(time=1.0, event=True)]).quantile(1.0)
