"""Fusion: what is multiplied, what is not, and how little an alarm alone may mean."""

from __future__ import annotations

import math
from fractions import Fraction

import mpmath
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from pausenet.errors import Misuse
from pausenet.inference.arrays import Floats
from pausenet.inference.fusion import (
    Alarm,
    Channel,
    Controls,
    Joint,
    PlannedChannel,
    QuantityChannel,
    ablation,
    fused,
    groups_of,
    posterior,
    posterior_of_log,
    ratio_needed,
    strength,
)
from pausenet.inference.fusion.joint import information, normal_joint
from pausenet.inference.fusion.odds import odds
from pausenet.inference.fusion.quantity import CHIP_STOCK_MEDIAN
from pausenet.values import ParticipantId

WHO = tuple(map(ParticipantId, ("lab-a", "lab-b", "grid", "meter-a", "host-a")))
controls = st.builds(
    Controls,
    meter=st.sampled_from(WHO),
    key=st.sampled_from(WHO),
    declarations=st.lists(st.sampled_from(WHO), max_size=2).map(tuple),
)
ratios = st.floats(-50, 50)


@st.composite
def some_channels(draw: st.DrawFn) -> list[Channel]:
    count = draw(st.integers(1, 6))
    return [
        Channel(name=f"channel-{i}", controls=draw(controls), log_ratio=draw(ratios))
        for i in range(count)
    ]


def own(who: str) -> Controls:
    return Controls(meter=ParticipantId(who), key=ParticipantId(who))


# ------------------------------------------------------------------------ independence groups


@given(some_channels(), st.data())
def test_no_finding_grows_when_a_channel_is_duplicated_in_its_own_group(
    channels: list[Channel], data: st.DataObject
) -> None:
    """domain.md 9, and the sanity property of issue 4; with and without a joint."""
    groups = groups_of([channel.controls.controllers for channel in channels])
    joints = [
        Joint(names=frozenset(channels[i].name for i in group), log_ratio=data.draw(ratios))
        for group in groups
        if len(group) > 1 and data.draw(st.booleans())
    ]
    twin = data.draw(st.sampled_from(channels))
    again = Channel(name="twin", controls=twin.controls, log_ratio=twin.log_ratio)
    before, after = fused(channels, joints), fused([*channels, again], joints)
    assert after.log_ratio == before.log_ratio
    assert after.false_alarm_bound >= before.false_alarm_bound
    assert len(after.groups) == len(before.groups)


@given(some_channels())
def test_groups_part_the_channels_and_share_no_controller(channels: list[Channel]) -> None:
    sets = [channel.controls.controllers for channel in channels]
    groups = groups_of(sets)
    assert sorted(index for group in groups for index in group) == list(range(len(channels)))
    owners = [frozenset().union(*(sets[index] for index in group)) for group in groups]
    assert sum(map(len, owners)) == len(frozenset().union(*owners))


@given(some_channels(), st.randoms())
def test_the_order_of_channels_changes_nothing(channels: list[Channel], order: object) -> None:
    shuffled = list(channels)
    order.shuffle(shuffled)
    assert fused(shuffled).log_ratio == pytest.approx(fused(channels).log_ratio, abs=1e-9)


def test_two_meters_on_one_declaration_are_one_layer_in_two_hats() -> None:
    """domain.md 0: the common-mode rule."""
    lab = ParticipantId("lab-a")
    rested = [
        Channel(
            name=name,
            controls=Controls(
                meter=ParticipantId(name), key=ParticipantId(name), declarations=(lab,)
            ),
            log_ratio=math.log(10),
        )
        for name in ("power", "network")
    ]
    assert math.exp(fused(rested).log_ratio) == pytest.approx(10)
    apart = [Channel(name=c.name, controls=own(c.name), log_ratio=c.log_ratio) for c in rested]
    assert math.exp(fused(apart).log_ratio) == pytest.approx(100)


def test_what_stands_outside_a_joint_is_set_aside() -> None:
    three = [Channel(name=name, controls=own("grid"), log_ratio=9.0) for name in "abc"]
    weight = fused(three, [Joint(names=frozenset("ab"), log_ratio=1.0)]).groups[0]
    assert (weight.log_ratio, weight.carried_by, weight.set_aside) == (1.0, ("a", "b"), ("c",))


@pytest.mark.parametrize(
    "names", [({"a", "c"},), ({"a", "x"},), ({"a", "b"}, {"a", "b"})], ids=["two", "none", "twice"]
)
def test_a_joint_of_two_groups_of_nobody_or_a_second_one_is_refused(
    names: tuple[set[str], ...],
) -> None:
    channels = [
        Channel(name=name, controls=own(who), log_ratio=0.0)
        for name, who in (("a", "grid"), ("b", "grid"), ("c", "lab-a"))
    ]
    with pytest.raises(Misuse):
        fused(channels, [Joint(names=frozenset(each), log_ratio=0.0) for each in names])


def test_nonsense_channels_are_refused() -> None:
    twice = Channel(name="a", controls=own("grid"), log_ratio=0.0)
    with pytest.raises(Misuse):
        fused([twice, twice])
    with pytest.raises(Misuse):
        Channel(name="a", controls=own("grid"), log_ratio=math.inf)
    with pytest.raises(Misuse):
        Joint(names=frozenset("a"), log_ratio=0.0)


def test_the_largest_of_a_group_keeps_its_bound_on_false_alarms() -> None:
    """m independent normal ratios pretending to be one group: the worst case for the largest."""
    chance, shift, runs = np.random.default_rng(71), 1.5, 40_000
    found = shift * (chance.standard_normal((runs, 4)) - 0.5 * shift)
    for ratio in (5.0, 20.0, 100.0):
        reached = float(np.mean(found.max(axis=1) >= math.log(ratio)))
        same = [
            Channel(name=name, controls=own("grid"), log_ratio=math.log(ratio)) for name in "abcd"
        ]
        assert reached <= fused(same).false_alarm_bound == pytest.approx(min(1.0, 4 / ratio))
        assert reached > 1 - (1 - float(np.mean(found[:, 0] >= math.log(ratio)))) ** 2


# ------------------------------------------------------------------------ joint ratios


def test_the_joint_ratio_is_that_of_the_two_densities() -> None:
    chance = np.random.default_rng(72)
    for _ in range(50):
        root = chance.standard_normal((3, 3))
        covariance, shift = root @ root.T + 0.1 * np.eye(3), chance.standard_normal(3)
        reading = chance.standard_normal(3)
        with mpmath.workdps(30):
            inverse = mpmath.matrix(covariance.tolist()) ** -1

            def square(x: Floats, inverse: object = inverse) -> object:
                column = mpmath.matrix(x.tolist())
                return (column.T * inverse * column)[0]

            reference = (square(reading) - square(reading - shift)) / 2
        assert float(normal_joint(reading, shift, covariance)) == pytest.approx(
            float(reference), rel=1e-9, abs=1e-9
        )


def test_independent_channels_multiply_and_near_copies_add_next_to_nothing() -> None:
    shift, reading = np.array([1.0, 1.0]), np.array([2.0, 2.0])
    alone = float(normal_joint(reading[:1], shift[:1], np.eye(1)))
    assert float(normal_joint(reading, shift, np.eye(2))) == pytest.approx(2 * alone)
    near = np.array([[1.0, 1 - 1e-9], [1 - 1e-9, 1.0]])
    assert float(normal_joint(reading, shift, near)) == pytest.approx(alone, rel=1e-6)
    assert information(shift, near) == pytest.approx(0.5, rel=1e-6)
    with pytest.raises(Misuse):
        normal_joint(reading, shift, np.ones((2, 2)))


# ------------------------------------------------------------------------ odds and base rates


@pytest.mark.parametrize(
    ("false_alarm", "percent"), [(Fraction(5, 100), 3.5), (Fraction(1, 1000), 64.0)]
)
def test_of_500_sites_one_real_few_alarms_are_true(false_alarm: Fraction, percent: float) -> None:
    """domain.md 2.1, the base-rate trap."""
    alarm = Alarm(
        candidates=500, real=Fraction(1), detection=Fraction(9, 10), false_alarm=false_alarm
    )
    assert float(100 * alarm.positive_predictive_value) == pytest.approx(percent, abs=0.5)
    assert f"{percent:.2g} % of such alarms are true" in str(alarm)


def test_the_predictive_value_is_the_posterior_of_an_alarm() -> None:
    alarm = Alarm(
        candidates=500, real=Fraction(1), detection=Fraction(9, 10), false_alarm=Fraction(1, 20)
    )
    assert alarm.positive_predictive_value == Fraction(18, 517)
    assert posterior(Fraction(1, 500), Fraction(18)) == Fraction(18, 517)


def test_a_prior_of_a_tenth_needs_nine_and_default_odds_are_a_ninth() -> None:
    """domain.md 2.2 names prior odds of .111."""
    assert odds(Fraction(1, 10)) == Fraction(1, 9)
    assert ratio_needed(Fraction(1, 10), Fraction(1, 2)) == 9


@given(
    st.fractions(Fraction(1, 10**6), Fraction(999_999, 10**6)),
    st.fractions(Fraction(1, 10**9), 10**9),
)
def test_logarithms_say_the_same_as_fractions(prior: Fraction, ratio: Fraction) -> None:
    exact = posterior(prior, ratio)
    log_ratio = math.log(ratio.numerator) - math.log(ratio.denominator)
    assert posterior_of_log(prior, log_ratio) == pytest.approx(float(exact), rel=1e-12)
    assert posterior(prior, ratio_needed(prior, exact)) == exact


def test_huge_log_ratios_overflow_nothing() -> None:
    assert posterior_of_log(Fraction(1, 500), 5_000.0) == 1.0
    assert posterior_of_log(Fraction(1, 500), -5_000.0) == 0.0
    assert posterior_of_log(Fraction(0), 5_000.0) == 0.0


@pytest.mark.parametrize("prior", [Fraction(1), Fraction(-1, 2), Fraction(3, 2)])
def test_priors_that_are_none_are_refused(prior: Fraction) -> None:
    with pytest.raises(Misuse):
        posterior(prior, Fraction(2))


def test_an_alarm_that_never_comes_has_no_predictive_value() -> None:
    with pytest.raises(Misuse):
        Alarm(candidates=5, real=Fraction(1), detection=Fraction(0), false_alarm=Fraction(0))


# ------------------------------------------------------------------------ quantities


@pytest.mark.parametrize(("share", "ratio"), [(0.05, 1.64), (0.10, 2.7), (0.20, 7.2)])
def test_small_diversions_are_invisible_to_stock_estimates(share: float, ratio: float) -> None:
    """domain.md 2.2: the largest likelihood ratio at 7 % median error."""
    channel = QuantityChannel(median=CHIP_STOCK_MEDIAN.value, share=share)
    assert channel.max_ratio == pytest.approx(ratio, abs=0.06)
    best = max(channel.log_ratio(excess) for excess in np.linspace(-1, 1, 2_001).tolist())
    assert math.exp(best) == pytest.approx(channel.max_ratio, rel=1e-9)


def test_half_of_all_errors_are_below_the_median() -> None:
    channel = QuantityChannel(median=0.07, share=0.2)
    # Alarm from ratio 1 on means an excess of half the share; shift so that it is the median.
    assert channel.alarm(1.0, hidden=0.1) == pytest.approx(0.5)
    assert channel.alarm(1.0, hidden=0.03) == pytest.approx(0.25)
    assert channel.alarm(1.0, hidden=0.17) == pytest.approx(0.75)


@pytest.mark.parametrize("share", [0.05, -0.2, 1.0])
def test_quantity_information_and_alarms_agree_with_integration(share: float) -> None:
    channel = QuantityChannel(median=0.07, share=share)
    with mpmath.workdps(20):
        k = mpmath.log(2) / mpmath.mpf(0.07)

        def mean(x: object) -> object:
            ratio = k * (abs(x) - abs(x - mpmath.mpf(share)))
            return ratio * k / 2 * mpmath.exp(-k * abs(x - mpmath.mpf(share)))

        ends = sorted({-4.0, 0.0, share, 5.0})
        assert channel.information == pytest.approx(float(mpmath.quad(mean, ends)), rel=1e-6)
    chance = np.random.default_rng(73)
    for hidden in (0.0, share):
        readings = hidden + chance.laplace(0.0, 0.07 / math.log(2), 40_000)
        ratio = channel.max_ratio**0.5
        seen = np.mean([channel.log_ratio(e) >= math.log(ratio) for e in readings.tolist()])
        assert channel.alarm(ratio, hidden) == pytest.approx(float(seen), abs=0.01)


def test_ratios_that_no_reading_has_are_refused() -> None:
    channel = QuantityChannel(median=0.07, share=0.05)
    for ratio in (1.65, 0.5):
        with pytest.raises(Misuse):
            channel.alarm(ratio, hidden=0.0)
    with pytest.raises(Misuse):
        QuantityChannel(median=0.07, share=0.0)


# ------------------------------------------------------------------------ ablation


def planned(name: str, who: str, detection: int, false_alarm: int, cost: int) -> PlannedChannel:
    return PlannedChannel(
        name=name,
        controls=own(who),
        detection=Fraction(detection, 100),
        false_alarm=Fraction(false_alarm, 100),
        cost=Fraction(cost),
    )


PLAN = (
    planned("utility meter", "grid", 50, 1, 10),
    planned("hall meter", "grid", 40, 1, 10),
    planned("people", "host-a", 20, 0, 4),
)


def test_a_plan_counts_its_best_channel_of_each_group_and_all_false_alarms() -> None:
    whole = strength(PLAN)
    assert whole.detection == 1 - Fraction(1, 2) * Fraction(4, 5)
    assert whole.false_alarm == Fraction(2, 100)
    assert whole.cost == 24
    assert whole.worth(500, Fraction(1)).positive_predictive_value == Fraction(60, 1058)


def test_ablation_says_what_each_channel_adds_and_costs() -> None:
    utility, hall, people = ablation(PLAN)
    assert utility.detection_lost == Fraction(8, 100)
    assert (hall.detection_lost, hall.false_alarm_saved) == (Fraction(0), Fraction(1, 100))
    assert people.detection_lost == Fraction(10, 100)
    assert people.cost_of_a_point == (Fraction(4, 10),)
    assert hall.cost_of_a_point == ()


def test_a_planned_copy_adds_cost_and_false_alarms_and_no_detection() -> None:
    copied = strength((*PLAN, planned("copy", "grid", 50, 1, 10)))
    before = strength(PLAN)
    assert copied.detection == before.detection
    assert copied.false_alarm > before.false_alarm
    assert copied.cost > before.cost


def test_a_channel_that_links_two_groups_costs_detection() -> None:
    link = PlannedChannel(
        name="link",
        controls=Controls(meter=ParticipantId("grid"), key=ParticipantId("host-a")),
        detection=Fraction(1, 100),
        false_alarm=Fraction(0),
        cost=Fraction(1),
    )
    removal = ablation((*PLAN, link))[-1]
    assert removal.detection_lost < 0
    assert removal.cost_of_a_point == ()
