"""One decision: the inverses are just enough, against the payoffs written out."""

from __future__ import annotations

from dataclasses import replace
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pausenet.errors import Misuse
from pausenet.game.answer import Infeasible
from pausenet.game.deterrence.static import (
    Stake,
    greatest_false_alarm,
    greatest_gain,
    least_coverage,
    least_imposed,
    least_penalty,
    least_static_detection,
)

chances = st.fractions(min_value=0, max_value=1, max_denominator=20)
amounts = st.fractions(min_value=0, max_value=20, max_denominator=8)
stakes = st.builds(
    Stake,
    gain=amounts,
    penalty=amounts,
    detection=chances,
    coverage=chances,
    imposed=chances,
    kept=chances,
    false_alarm=chances,
    nuisance=amounts,
)
NUDGE = Fraction(1, 10**6)


def outcomes(stake: Stake) -> Fraction:
    """Keeping the pause less cheating, summed over everything that may happen."""
    seen, found, fined = stake.coverage, stake.detection, stake.imposed
    cheating = (
        (1 - seen) * stake.gain
        + seen * (1 - found) * stake.gain
        + seen * found * (1 - fined) * stake.kept * stake.gain
        + seen * found * fined * (stake.kept * stake.gain - stake.penalty)
    )
    return -seen * stake.false_alarm * stake.nuisance - cheating


@given(stakes)
def test_the_margin_is_the_difference_of_the_expected_payoffs(stake: Stake) -> None:
    assert stake.margin == outcomes(stake)


@given(stakes)
def test_each_least_and_each_greatest_is_just_enough(stake: Stake) -> None:
    for name, solve in (
        ("coverage", least_coverage),
        ("detection", least_static_detection),
        ("penalty", least_penalty),
        ("imposed", least_imposed),
    ):
        least = solve(stake)
        if isinstance(least, Infeasible):
            most = stake.penalty + 10**9 if name == "penalty" else Fraction(1)
            assert replace(stake, **{name: most}).margin < 0
            continue
        assert replace(stake, **{name: least}).margin >= 0
        if least > NUDGE:
            assert replace(stake, **{name: least - NUDGE}).margin < 0


@given(stakes)
def test_a_greater_gain_than_the_greatest_is_not_deterred(stake: Stake) -> None:
    greatest = greatest_gain(stake)
    if isinstance(greatest, Infeasible):
        deterred = "too large" in greatest.why
        assert (replace(stake, gain=Fraction(10**6)).margin >= 0) == deterred
    else:
        assert replace(stake, gain=greatest).margin == 0
        assert replace(stake, gain=greatest + NUDGE).margin < 0


@given(stakes)
def test_more_false_alarms_than_the_greatest_undo_deterrence(stake: Stake) -> None:
    greatest = greatest_false_alarm(stake)
    if isinstance(greatest, Infeasible):
        assert replace(stake, false_alarm=Fraction(0)).margin < 0
        return
    assert replace(stake, false_alarm=greatest).margin >= 0
    if greatest < 1:
        assert replace(stake, false_alarm=min(Fraction(1), greatest + NUDGE)).margin < 0


@pytest.mark.parametrize("wrong", [{"detection": "2"}, {"gain": "-1"}, {"kept": "-1/2"}])
def test_a_stake_that_cannot_be_is_refused(wrong: dict[str, str]) -> None:
    right = {"gain": "1", "penalty": "4", "detection": "1"}
    with pytest.raises(Misuse):
        Stake(**{name: Fraction(value) for name, value in {**right, **wrong}.items()})
