"""Deterrence of a measured run: the law of its curve, both ends of its interval, its inverses."""

from __future__ import annotations

import math
from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pausenet.errors import Misuse
from pausenet.game.answer import Infeasible
from pausenet.game.deterrence.lag import discounted_detection
from pausenet.game.deterrence.measured import (
    YEAR_DAYS,
    Detected,
    Limits,
    MeasuredRun,
    deterred,
    greatest_ratio,
    law,
    needed_years,
    wrongly_ended,
)

discounts = st.floats(min_value=0.1, max_value=0.99)


def rising(*chances: tuple[float, float, float, float]) -> Detected:
    return Detected(
        party="birch",
        kinds=("E01",),
        curve=tuple(
            (day, Limits(low=low, middle=middle, high=high)) for day, low, middle, high in chances
        ),
        response_days=20.0,
    )


SEEN = rising((10.0, 0.2, 0.3, 0.4), (50.0, 0.5, 0.6, 0.7), (90.0, 0.7, 0.8, 0.9))
RUN = MeasuredRun(
    name="small",
    runs=100,
    level=0.95,
    evasions=(SEEN,),
    false_alarms=Limits(low=0.01, middle=0.02, high=0.04),
)


@settings(max_examples=25)
@given(discounts, st.floats(min_value=0.02, max_value=0.9), st.integers(0, 40))
def test_a_curve_of_equal_chances_has_the_law_of_the_lag(
    discount: float, chance: float, delay: int
) -> None:
    curve = []
    for day in range(1, 1_500):
        found = 1 - (1 - chance) ** day
        curve.append((float(day), Limits(low=found, middle=found, high=found)))
    detected = Detected(party="a", kinds=(), curve=tuple(curve), response_days=float(delay))
    daily = discount ** (1 / YEAR_DAYS)
    expected = discounted_detection(daily, chance, delay)
    assert law(detected, discount).middle == pytest.approx(expected, abs=1e-6)


@given(discounts)
def test_the_ends_of_the_law_stand_in_order(discount: float) -> None:
    found = law(SEEN, discount)
    assert 0 < found.low < found.middle < found.high < 1
    slower = law(replace(SEEN, response_days=200.0), discount)
    assert slower.low < found.low


@given(
    discounts,
    st.floats(min_value=0.05, max_value=0.95),
    st.floats(min_value=0.0, max_value=0.5),
    st.floats(min_value=0.0, max_value=20.0),
)
def test_at_the_greatest_ratio_breaking_the_pause_is_worth_as_much_as_keeping_it(
    discount: float, found: float, wrong: float, penalty: float
) -> None:
    ratio = greatest_ratio(found, wrong, discount, penalty)
    worth = -penalty * math.log(discount)
    keeping = (1 - wrong) - worth * wrong
    breaking = (ratio + 1) * (1 - found) - worth * found
    if found > wrong:
        assert keeping == pytest.approx(breaking)
    else:
        assert ratio == 0.0
        assert keeping <= breaking + 1e-9


@given(
    discounts,
    st.floats(min_value=0.05, max_value=0.95),
    st.floats(min_value=0.0, max_value=0.5),
    st.floats(min_value=0.0, max_value=100.0),
)
def test_the_needed_penalty_is_just_enough(
    discount: float, found: float, wrong: float, ratio: float
) -> None:
    years = needed_years(found, wrong, discount, ratio)
    if isinstance(years, Infeasible):
        assert found <= wrong
        return
    reached = greatest_ratio(found, wrong, discount, years)
    assert reached >= ratio * (1 - 1e-9)
    assert years == 0.0 or reached == pytest.approx(ratio)


def test_false_alarms_weigh_more_on_labs_that_are_patient() -> None:
    assert wrongly_ended(0.0, 0.9) == 0.0
    assert wrongly_ended(0.1, 0.99) > wrongly_ended(0.1, 0.9)


def test_the_answer_speaks_of_the_evasion_that_is_found_worst() -> None:
    hidden = replace(rising((80.0, 0.1, 0.2, 0.3)), party="cedar")
    answer = deterred(replace(RUN, evasions=(SEEN, hidden)))
    assert "deters cedar" in answer.sentence
    assert len(answer.tables[0].rows) == 2
    assert len(answer.tables) == 4


def test_a_run_that_detects_nothing_shows_no_deterrence_and_says_so() -> None:
    unseen = replace(rising((0.0, 0.0, 0.0, 0.3)), response_days=0.0)
    answer = deterred(replace(RUN, evasions=(unseen,)))
    assert "does not show that birch is deterred" in answer.sentence
    nothing = replace(unseen, curve=())
    assert "does not show" in deterred(replace(RUN, evasions=(nothing,))).sentence


def test_where_nobody_kept_the_rules_false_alarms_are_said_to_be_unmeasured() -> None:
    answer = deterred(replace(RUN, false_alarms=Infeasible("nobody keeps the rules here")))
    assert "false alarms were not measured" in answer.sentence
    assert len(answer.tables) == 3


def test_a_run_without_an_evader_is_refused() -> None:
    with pytest.raises(Misuse, match="nobody evades"):
        deterred(replace(RUN, evasions=()))


@pytest.mark.parametrize(
    "wrong",
    [
        lambda: Limits(low=0.2, middle=0.1, high=0.3),
        lambda: Limits(low=-0.1, middle=0.1, high=0.3),
        lambda: Limits(low=0.1, middle=0.1, high=math.inf),
        lambda: rising((5.0, 0.1, 0.2, 0.3), (4.0, 0.1, 0.2, 0.3)),
        lambda: rising((5.0, 0.1, 0.2, 1.3)),
        lambda: replace(SEEN, response_days=-1.0),
    ],
)
def test_measurements_that_cannot_be_are_refused(wrong: object) -> None:
    with pytest.raises(Misuse):
        wrong()  # type: ignore[operator]
