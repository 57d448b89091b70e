"""An interval is a number that knows its ends."""

from __future__ import annotations

import pickle
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pausenet.scenario.intervals import Spread
from pausenet.scenario.plan import CheatKind, CheatPlan, LabPlan, MeterErrors
from pausenet.values import ParticipantId, PeriodIndex

NUMBERS = st.integers(1, 2**53 - 1)
LAB = LabPlan(
    name=ParticipantId("aurora"),
    accelerators=20_000,
    sites=2,
    utilisation_ppm=600_000,
    training_ppm=500_000,
)
CHEAT = CheatPlan(
    by=ParticipantId("aurora"), kind=CheatKind.UNDER_DECLARATION, start=PeriodIndex(6)
)


@pytest.mark.parametrize(("low", "high"), [(0, 5), (-1, 5), (5, 5), (6, 5)])
def test_an_interval_begins_above_nothing_and_rises(low: int, high: int) -> None:
    with pytest.raises(ValueError, match="expected an interval"):
        Spread(low, high)


@given(NUMBERS, NUMBERS)
def test_it_is_its_geometric_mean_and_keeps_its_ends(one: int, other: int) -> None:
    low, high = min(one, other), max(one, other) + 1
    found = Spread(low, high)
    assert low <= found <= high
    assert (2 * found - 1) ** 2 <= 4 * low * high <= (2 * found + 1) ** 2
    again = pickle.loads(pickle.dumps(found))
    assert type(again) is Spread
    assert (again.low, again.high, int(again)) == (low, high, int(found))


def test_it_equals_its_median_and_no_other_interval() -> None:
    assert Spread(5, 20) == 10
    assert Spread(5, 20) != 11
    assert hash(Spread(5, 20)) == hash(10)
    assert Spread(5, 20) != Spread(4, 25)
    assert replace(LAB, accelerators=Spread(5, 20)) != replace(LAB, accelerators=Spread(4, 25))
    assert f"{Spread(5, 20)}" == "5 to 20"


def test_it_does_not_change() -> None:
    with pytest.raises(AttributeError):
        Spread(5, 20).low = 6


@pytest.mark.parametrize(
    ("plan", "field", "spread", "found"),
    [
        (LAB, "accelerators", Spread(1, 9), "found 1"),
        (LAB, "accelerators", Spread(9, 10_000_001), "found 10000001"),
        (LAB, "utilisation_ppm", Spread(1, 1_000_001), "found 100.0001 %"),
        (LAB, "training_ppm", Spread(1, 1_000_001), "found 100.0001 %"),
        (MeterErrors(), "random_ppm", Spread(1, 2_000_000), "found 200 %"),
        (MeterErrors(), "systematic_ppm", Spread(1, 2_000_000), "found 200 %"),
        (CHEAT, "amount_ppm", Spread(1, 1_000_001), "found 100.0001 %"),
    ],
)
def test_a_plan_refuses_an_interval_of_which_it_refuses_an_end(
    plan: LabPlan | MeterErrors | CheatPlan, field: str, spread: Spread, found: str
) -> None:
    """Its median would be allowed."""
    assert replace(plan, **{field: int(spread) + 1})
    with pytest.raises(ValueError, match=found):
        replace(plan, **{field: spread})


def test_going_over_a_cap_may_be_by_more_than_all_of_it() -> None:
    over = replace(CHEAT, kind=CheatKind.OVER_CAP, amount_ppm=Spread(500_000, 2_000_000))
    assert over.real
    with pytest.raises(ValueError, match="hides more than all"):
        replace(over, kind=CheatKind.TWO_FACES)
