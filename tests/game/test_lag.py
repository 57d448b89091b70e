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
    needed_law,
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
