"""Ablation of evidence: a channel's removal, once all have read."""

from __future__ import annotations

import math
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pausenet.inference.fusion import Channel, Controls, weights
from pausenet.inference.fusion.odds import posterior
from pausenet.values import ParticipantId

BASE = Fraction(1, 500)
ratios = st.floats(-20, 20)


def channel(name: str, who: str, log_ratio: float) -> Channel:
    one = ParticipantId(who)
    return Channel(name=name, controls=Controls(meter=one, key=one), log_ratio=log_ratio)


@given(st.lists(st.tuples(st.sampled_from(("grid", "lab-a", "host-a")), ratios), max_size=5))
def test_a_channel_duplicated_in_its_own_group_adds_nothing_and_takes_nothing(
    drawn: list[tuple[str, float]],
) -> None:
    channels = [channel(f"channel-{i}", who, ratio) for i, (who, ratio) in enumerate(drawn)]
    first = channel("first", "grid", 3.0)
    before = weights([*channels, first], BASE)
    after = weights([*channels, first, channel("twin", "grid", 3.0)], BASE)
    assert after[-1].points == after[-2].points == 0.0
    assert after[-1].with_it == before[-1].with_it


def test_a_channel_alone_in_its_group_adds_its_whole_ratio() -> None:
    alone, other = weights([channel("a", "grid", math.log(4)), channel("b", "lab-a", 0.0)], BASE)
    assert alone.with_it == pytest.approx(float(posterior(BASE, Fraction(4))))
    assert alone.without_it == pytest.approx(float(BASE))
    assert other.points == pytest.approx(0.0, abs=1e-12)


def test_who_carries_a_group_adds_what_it_has_above_the_next() -> None:
    loud, soft = weights(
        [channel("loud", "grid", math.log(9)), channel("soft", "grid", math.log(3))], BASE
    )
    assert loud.without_it == pytest.approx(float(posterior(BASE, Fraction(3))))
    assert soft.points == 0.0


def test_what_speaks_against_takes_points_and_its_cost_has_no_price_a_point() -> None:
    against, spoken = weights(
        [channel("against", "grid", -2.0), channel("for", "lab-a", 5.0)],
        BASE,
        {"against": Fraction(3), "for": Fraction(12)},
    )
    assert against.points < 0
    assert against.cost_of_a_point == ()
    assert spoken.cost_of_a_point == (pytest.approx(12 / spoken.points),)


def test_nothing_read_weighs_nothing_and_one_channel_leaves_the_base_rate() -> None:
    assert weights([], BASE) == ()
    (one,) = weights([channel("a", "grid", 2.0)], BASE)
    assert one.without_it == float(BASE)
    assert one.cost == one.cost_of_a_point == ()
