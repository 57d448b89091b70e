"""What is at stake: thresholds against their definition, and payoff space against its formulas."""

from __future__ import annotations

from dataclasses import replace
from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from pausenet.errors import Misuse
from pausenet.game.stakes.headline import STAKES, Beliefs, Watch, headline, multiple
from pausenet.game.stakes.terms import (
    PENALTIES,
    RANGES,
    TERMS,
    Size,
    Stakes,
    middle,
    spread,
)

shares = st.integers(min_value=0, max_value=1000).map(lambda part: part / 1000)
WATCH = Watch(detection=(0.4, 0.6), false=(0.0, 0.05), kept=(0.0, 0.5))
BELIEFS = Beliefs(
    terms={term.name: term.default for term in TERMS},
    penalties={term.name: term.default for term in PENALTIES},
    imposed=(0.2, 0.8),
)


@given(shares, shares, shares, st.floats(min_value=0.01, max_value=100.0))
def test_the_multiple_is_where_cheating_pays_as_much_as_keeping_the_rules(
    detection: float, false: float, kept: float, gain: float
) -> None:
    found = float(multiple(np.array(detection), np.array(false), np.array(kept)))
    if detection <= false:
        assert found == np.inf
        return
    penalty = found * gain
    cheating = gain * (1 - detection) + detection * kept * gain - detection * penalty
    assert cheating == pytest.approx(-false * penalty, rel=1e-6, abs=1e-6 * max(1.0, penalty))


@pytest.mark.parametrize("size", list(Size))
def test_a_class_spreads_over_its_range_with_its_median_in_the_middle(size: Size) -> None:
    low, high = (float(bound) for bound in RANGES[size])
    values = spread(size, np.array([1e-12, 0.5, 1 - 1e-12]))
    assert values == pytest.approx([low, middle(size), high])


def test_classes_are_ordered_and_leave_no_gap() -> None:
    bounds = [RANGES[size] for size in Size]
    assert all(low <= high for low, high in bounds)
    assert all(first[1] <= second[0] for first, second in pairwise(bounds))


def test_gain_and_worth_are_differences_of_the_four_outcomes() -> None:
    lead, revenue, power, oversight, drift, disruption = np.eye(6)[:, :, None]
    stakes = Stakes(
        lead=lead,
        revenue=revenue,
        power=power,
        oversight=oversight,
        drift=drift,
        disruption=disruption,
    )
    assert stakes.gain.ravel() == pytest.approx([1, 1, 1, -1, -1, 1])
    assert stakes.worth.ravel() == pytest.approx([0, -1, 0, 1, 1, -1])
    with pytest.raises(Misuse):
        replace(stakes, lead=-lead)


def test_better_watching_and_surer_penalties_never_make_a_pause_fail() -> None:
    shown = [
        headline(BELIEFS, replace(WATCH, detection=(chance, chance))).holds
        for chance in (0.1, 0.3, 0.6, 0.9)
    ]
    assert shown == sorted(shown)
    imposed = [
        headline(replace(BELIEFS, imposed=(chance, chance)), WATCH).holds
        for chance in (0.0, 0.3, 0.6, 1.0)
    ]
    assert imposed == sorted(imposed)
    assert imposed[0] < imposed[-1]


def test_the_headlines_multiple_needs_no_payoff() -> None:
    other = BELIEFS.without("lead").without("licence").without("others")
    first, second = headline(BELIEFS, WATCH), headline(other, WATCH)
    assert (first.low, first.median, first.high) == (second.low, second.median, second.high)


def test_without_oversight_and_drift_no_pause_is_wanted() -> None:
    found = headline(BELIEFS.without("oversight").without("drift"), WATCH)
    assert (found.wanted, found.tempted, found.holds) == (0.0, 0.0, 0.0)
    said = STAKES.answer({"oversight": "nothing", "drift": "nothing"}).sentence
    assert "worth nothing" in said


def test_a_watch_that_finds_the_honest_as_often_deters_nobody() -> None:
    said = STAKES.answer({"detection": "0.1", "false": "0.1"}).sentence
    assert said.startswith("No penalty deters, as honest labs")
    part = STAKES.answer({"without": "oversight"}).sentence
    assert "of the 34% of the payoff space in which a lab wants the pause" in part


@pytest.mark.parametrize(
    "typed",
    [
        {"detection": "0.6,0.4"},
        {"detection": "0.1,0.2,0.3"},
        {"lead": "huge"},
        {"without": "sense"},
        {"kept": "1.5"},
    ],
)
def test_what_cannot_be_meant_is_refused(typed: dict[str, str]) -> None:
    with pytest.raises(Misuse):
        STAKES.answer(typed)
