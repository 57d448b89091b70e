"""The law of the random lag: its closed form against its own definition, and its inverses."""

from __future__ import annotations

from fractions import Fraction

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from pausenet.game.answer import Infeasible
from pausenet.game.deterrence.lag import (
    discounted_detection,
    greatest_delay,
    least_detection,
    least_discount,
    least_discount_with_penalty,
    needed_law,
    needed_penalty,
)

shares = st.floats(min_value=0.02, max_value=0.98)


@given(shares, shares, st.integers(min_value=0, max_value=12))
def test_the_closed_form_is_the_sum_over_all_lags(
    discount: float, detection: float, delay: int
) -> None:
    waited = np.arange(1, 5_000)
    chances = detection * (1 - detection) ** (waited - 1.0)
    summed = float(np.sum(discount ** (delay + waited) * chances))
    assert discounted_detection(discount, detection, delay) == pytest.approx(summed, abs=1e-12)


@given(shares, shares, st.integers(min_value=0, max_value=30))
def test_the_least_detection_is_just_enough(needed: float, discount: float, delay: int) -> None:
    least = least_detection(needed, discount, delay)
    if isinstance(least, Infeasible):
        assert discounted_detection(discount, 1.0, delay) < needed
    else:
        assert discounted_detection(discount, float(least), delay) == pytest.approx(needed)


@given(shares, shares)
def test_the_greatest_delay_is_just_short_enough(needed: float, discount: float) -> None:
    greatest = greatest_delay(needed, discount)
    if isinstance(greatest, Infeasible):
        assert discounted_detection(discount, 1.0, 0.0) < needed
    else:
        assert discounted_detection(discount, 1.0, float(greatest)) == pytest.approx(needed)


@given(shares, shares, st.integers(min_value=0, max_value=12))
def test_more_patience_helps_and_the_least_is_just_enough(
    needed: float, detection: float, delay: int
) -> None:
    least = least_discount(needed, detection, delay)
    assert not isinstance(least, Infeasible)
    assert discounted_detection(float(least), detection, delay) == pytest.approx(needed)


def test_what_is_never_found_is_never_answered_and_what_does_not_tempt_needs_nothing() -> None:
    assert isinstance(least_discount(0.5, 0.0, 1), Infeasible)
    assert discounted_detection(0.9, 0.0, 1) == 0.0
    assert needed_law(Fraction(2), Fraction(3), Fraction(1)) == 0
    assert least_detection(0.0, 0.9, 100) == 0.0
    assert isinstance(greatest_delay(0.0, 0.9), Infeasible)
    assert isinstance(greatest_delay(0.95, 0.9), Infeasible)


@given(shares, shares, st.integers(min_value=0, max_value=12))
def test_the_least_penalty_is_just_enough(discount: float, detection: float, delay: int) -> None:
    found = discounted_detection(discount, detection, delay)
    least = needed_penalty((5, 3, 1), discount, found)
    assert not isinstance(least, Infeasible)
    needed = float(needed_law(5, 3, 1, worth=(1 - discount) * float(least)))
    assert found >= needed * (1 - 1e-9)
    assert least == 0 or needed == pytest.approx(found)


@given(shares, st.integers(min_value=0, max_value=6), st.floats(min_value=0, max_value=50))
def test_from_the_least_discount_on_a_penalty_deters(
    detection: float, delay: int, penalty: float
) -> None:
    least = least_discount_with_penalty((5, 3, 1), penalty, detection, delay)
    assert not isinstance(least, Infeasible)
    for step in range(1, 20):
        each = float(least) + (1 - float(least)) * step / 20
        needed = needed_law(5, 3, 1, worth=(1 - each) * penalty)
        assert discounted_detection(each, detection, delay) >= needed
    bare = least_discount(0.5, detection, delay)
    assert least <= bare + 1e-11
    assert least_discount_with_penalty((5, 3, 1), 0, detection, delay) == pytest.approx(bare)


def test_no_penalty_deters_what_is_never_answered() -> None:
    assert isinstance(needed_penalty((5, 3, 1), 0.9, 0.0), Infeasible)
    assert isinstance(least_discount_with_penalty((5, 3, 1), 9, 0.0, 1), Infeasible)
    assert needed_penalty((2, 3, 1), 0.9, 0.0) == 0.0
