"""The chain: each stage against a second way of computing it, and what it says where it fails."""

from __future__ import annotations

import math
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pausenet.errors import Misuse
from pausenet.game.answer import Infeasible, Lines
from pausenet.game.catalogue import models
from pausenet.game.chain import MODELS, Design, chain
from pausenet.game.chain.parameters import PARAMETERS, design_of
from pausenet.game.chain.stages import (
    Bound,
    allocated,
    cheapest,
    full_coverage,
    verified,
    water_filling,
)
from pausenet.game.model import Chosen

MODEL = MODELS[0]
REFERENCE = design_of(Chosen({each.name: each.default for each in PARAMETERS}))
designs = st.builds(
    lambda values, penalty, alpha, separation, delay, breakout: replace(
        REFERENCE,
        values=tuple(values),
        penalty=penalty,
        false_alarm=alpha,
        separation=separation,
        delay=delay,
        breakout=breakout,
    ),
    st.lists(st.floats(min_value=0.5, max_value=20), min_size=1, max_size=6),
    st.floats(min_value=0, max_value=40),
    st.floats(min_value=0.001, max_value=0.2),
    st.floats(min_value=0.5, max_value=4),
    st.integers(0, 4),
    st.integers(4, 30),
)


def advantage(design: Design, value: float, coverage: float) -> float:
    """Keeping one's word less one cheat, from the payoffs written out."""
    found = verified(design).both
    cheat = (1 - coverage * found) * value - coverage * found * design.imposed * design.penalty
    return -coverage * design.false_alarm * design.nuisance - cheat


@settings(max_examples=50, deadline=None)
@given(designs)
def test_full_coverage_leaves_one_cheat_no_advantage_and_not_more(design: Design) -> None:
    for value, coverage in zip(design.values, full_coverage(design), strict=True):
        if isinstance(coverage, Infeasible):
            assert advantage(design, value, 1.0) < 1e-9
        else:
            assert advantage(design, value, coverage) == pytest.approx(0.0, abs=1e-9)


@settings(max_examples=50, deadline=None)
@given(designs, st.floats(min_value=0.05, max_value=1.0))
def test_water_filling_is_no_worse_than_any_shift_of_looks(design: Design, share: float) -> None:
    looks = share * len(design.values)
    filled = water_filling(design, looks)
    assert sum(filled) <= looks + 1e-9

    def left(coverage: tuple[float, ...]) -> float:
        pairs = zip(design.values, coverage, strict=True)
        return max(max(0.0, -advantage(design, value, each)) for value, each in pairs)

    worst = left(filled)
    for place in range(len(filled)):
        for other in range(len(filled)):
            moved = list(filled)
            step = min(0.01, moved[other], 1.0 - moved[place])
            moved[place] += step
            moved[other] -= step
            assert left(tuple(moved)) >= worst - 1e-9


@settings(max_examples=40, deadline=None)
@given(designs)
def test_what_all_three_bounds_need_is_enough_for_all_three(design: Design) -> None:
    found = chain(design)
    seen = found.verified.both
    for site in found.sites:
        if isinstance(site.needed, Infeasible):
            continue
        chance = site.needed * seen
        lags = np.arange(1, 20_000)
        law = float(
            np.sum(design.discount ** (lags + design.delay) * chance * (1 - chance) ** (lags - 1.0))
        )
        assert advantage(design, site.value, site.needed) >= -1e-9
        assert law >= found.needed - 1e-9
        assert (1 - chance) ** design.window <= design.bound + 1e-9


@settings(max_examples=10, deadline=None)
@given(designs)
def test_no_neighbour_of_the_cheapest_setting_costs_less(design: Design) -> None:
    best = cheapest(design)
    if isinstance(best, Infeasible):
        return
    for factor in (0.3, 0.9, 0.999, 1.001, 1.1, 3.0):
        alpha = best.alpha * factor
        if not 0.0 < alpha <= 0.5:
            continue
        other = chain(replace(design, false_alarm=alpha)).cost
        assert isinstance(other, Infeasible) or other >= best.cost - 1e-9


def test_the_smallest_site_is_deterred_and_still_breaks_out() -> None:
    found = chain(REFERENCE)
    assert [site.binds for site in found.sites] == [*[Bound.ONE_CHEAT] * 4, Bound.BREAKOUT]
    assert found.sites[-1].escape > REFERENCE.bound
    assert found.sites[-1].left == pytest.approx(0.0, abs=1e-9)
    assert "breakout at site 5 of 5" in MODEL.answer().sentence
    enough = found.enough
    assert not isinstance(enough, Infeasible)
    assert enough > REFERENCE.looks


def test_the_shadow_price_is_what_a_larger_penalty_saves() -> None:
    step = 1e-6
    more = chain(replace(REFERENCE, penalty=REFERENCE.penalty + step)).enough
    enough = chain(REFERENCE).enough
    assert not isinstance(more, Infeasible)
    assert not isinstance(enough, Infeasible)
    assert (enough - more) / step == pytest.approx(chain(REFERENCE).shadow, rel=1e-3)


def test_simulated_looks_find_a_cheat_as_often_and_as_soon_as_said() -> None:
    chance = np.random.default_rng(5)
    runs, site = 40_000, chain(REFERENCE).sites[3]
    good = REFERENCE.records - REFERENCE.falsified
    drawn = chance.hypergeometric(REFERENCE.falsified, good, REFERENCE.sampled, (runs, 60))
    recognised = chance.random((runs, 60)) >= (1 - REFERENCE.recognised) ** drawn
    reading = chance.normal(REFERENCE.separation, 1.0, (runs, 60)) > 2.0537489106318225
    found = (chance.random((runs, 60)) < site.coverage) & (recognised | reading)
    first = np.where(found.any(axis=1), found.argmax(axis=1) + 1.0, np.inf)
    law = REFERENCE.discount ** (first + REFERENCE.delay)
    error = float(law.std()) / math.sqrt(runs)
    assert abs(float(law.mean()) - site.law) < 5 * error
    escaped = float(np.mean(first > REFERENCE.window))
    assert escaped == pytest.approx(site.escape, abs=5 * math.sqrt(site.escape / runs))


@settings(max_examples=40, deadline=None)
@given(designs)
def test_the_looks_that_the_answer_asks_for_keep_every_bound_once_they_are_there(
    design: Design,
) -> None:
    enough = chain(design).enough
    if isinstance(enough, Infeasible):
        return
    for looks in (enough * (1 + 1e-9), 100.0):
        found = chain(replace(design, looks=looks))
        assert found.spent == pytest.approx(enough)
        for site in found.sites:
            assert site.left <= 1e-7
            assert site.law >= found.needed - 1e-9
            assert site.escape <= design.bound + 1e-9


@settings(max_examples=40, deadline=None)
@given(designs, st.floats(min_value=0.05, max_value=8.0))
def test_spare_looks_raise_the_least_watched_sites_and_no_more_is_spent_than_there_is(
    design: Design, looks: float
) -> None:
    filled, spread = water_filling(design, looks), allocated(design, looks)
    assert sum(spread) <= looks + 1e-9
    raised = [after for before, after in zip(filled, spread, strict=True) if after > before]
    assert all(each == raised[0] <= 1.0 for each in raised)
    assert all(each >= raised[0] for each in spread if raised)


def test_the_finding_takes_the_advised_number_of_looks_and_says_what_is_left_over() -> None:
    assert "need 3.288 looks" in MODEL.answer().sentence
    assert MODEL.answer({"looks": "3.288"}).sentence.startswith("Every site is deterred")
    assert "3.287 of the 100 looks are spent" in MODEL.answer({"looks": "100"}).sentence


@pytest.mark.parametrize(
    "typed",
    [
        {"values": "10", "false_alarm": "0.5", "nuisance": "0", "discount": "0.85"},
        {"values": "10", "penalty": "100", "false_alarm": "0.3", "breakout": "200"},
    ],
)
def test_races_that_cannot_keep_the_pause_stand_in_the_finding(typed: dict[str, str]) -> None:
    sentence = MODEL.answer(typed).sentence
    assert sentence.startswith("The pause does not hold: stage 4 fails")
    assert "needed is 0.9" in sentence


@pytest.mark.parametrize(
    "typed",
    [
        {"looks": "0.5"},
        {"looks": "1.9"},
        {"looks": "1", "sampled": "1000", "recognised": "1"},
    ],
)
def test_a_site_that_nobody_looks_at_leaves_the_other_stages_answered(
    typed: dict[str, str],
) -> None:
    rows = dict(MODEL.answer(typed).tables[0].rows)
    length = rows["4 best length of races (periods of a turn)"]
    assert isinstance(length, Infeasible)
    assert "never looked at" in length.why
    assert isinstance(rows["5 looks a period that all three bounds need"], float)


def test_a_picture_of_many_sites_draws_the_largest_and_says_what_it_leaves_out() -> None:
    values = ",".join(str(value) for value in range(1, 13))
    for name, key in (("chain", "values"), ("sites", "values")):
        picture = models()[name].answer({key: values}).picture
        assert isinstance(picture, Lines)
        names = [series.name for series in picture.series if series.name]
        assert any(each.startswith("site 12") for each in names)
        assert "6 largest of 12 sites, and the smallest" in picture.subtitle
        assert next(mark.words for mark in picture.marks).endswith("as chosen")


def test_failures_in_common_make_two_channels_worth_the_better_one() -> None:
    seen = verified(replace(REFERENCE, common=1.0))
    assert seen.both == max(seen.records, seen.meter)
    assert verified(replace(REFERENCE, common=0.5)).both < verified(REFERENCE).both


def test_what_cannot_be_met_says_why() -> None:
    weak = MODEL.answer({"penalty": "0", "imposed": "0"})
    assert "even a look each period would not deter" in weak.sentence
    quick = MODEL.answer({"breakout": "4"})
    assert "a sprint ends before it can be answered" in quick.sentence
    hasty = MODEL.answer({"delay": "30"})
    assert "No number of looks is enough" in hasty.sentence
    assert MODEL.answer({"looks": "3.4", "breakout": "30"}).sentence.startswith("Every site")


@pytest.mark.parametrize(
    "wrong",
    [
        {"values": ()},
        {"values": (0.0,)},
        {"false_alarm": 0.0},
        {"discount": 1.0},
        {"bound": 0.0},
        {"cooperation": 1.0},
        {"falsified": 2_000},
    ],
)
def test_a_design_that_cannot_be_is_refused(wrong: dict[str, object]) -> None:
    with pytest.raises(Misuse):
        replace(REFERENCE, **wrong)
