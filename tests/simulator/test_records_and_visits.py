"""Channels that read records, traffic, meters and devices: their chances are their tests' power."""

from __future__ import annotations

import math
from collections.abc import Sequence
from fractions import Fraction

import numpy as np
import pytest

from pausenet.inference.balance import MeterError
from pausenet.inference.detection import detection_probability
from pausenet.inference.fusion.quantity import QuantityChannel
from pausenet.inference.sampling.hypergeometric import detection, miss
from pausenet.inference.sequential.covariance import use_covariance
from pausenet.inference.workload.gaps import gaps_power
from pausenet.inference.workload.notice import notice_power, placebos_needed
from pausenet.inference.workload.periodicity import periodicity_power
from pausenet.scenario.evasions import ChannelKind
from pausenet.scenario.plan import LabPlan
from pausenet.simulator.channels import CHANNELS, Watched, alpha_of, grid, purchases
from pausenet.simulator.channels.base import Chosen
from pausenet.simulator.channels.looks import block_of, last, mean, on_occasions
from pausenet.values import ParticipantId

LAB = LabPlan(
    name=ParticipantId("birch"),
    accelerators=1_000,
    sites=1,
    utilisation_ppm=700_000,
    training_ppm=400_000,
)
ALPHA = alpha_of(50_000, period_days=7.0)


def watched(kind: ChannelKind, periods: int, **chosen: float) -> Watched:
    values = {**Chosen.of(kind, CHANNELS[kind].parameters, ()).values, **chosen}
    return Watched(values=values, alpha=ALPHA, lab=LAB, periods=periods, period_days=7.0)


def chances(kind: ChannelKind, magnitudes: Sequence[float], **chosen: float) -> tuple[float, ...]:
    return CHANNELS[kind].chances(watched(kind, len(magnitudes), **chosen), magnitudes)


def spent(periods: int) -> float:
    return 1.0 - (1.0 - ALPHA) ** periods


def test_an_occasion_spends_the_rates_of_its_block_and_nothing_is_said_between() -> None:
    asked: list[tuple[float, float]] = []

    def power(value: float, alpha: float) -> float:
        asked.append((value, alpha))
        return 0.5

    magnitudes = [0, 0, 0, 2, 4, 4, 4, 4, 4]
    seen = watched(ChannelKind.SEALS, len(magnitudes))
    found = on_occasions(power, seen, magnitudes, every_days=28, over=mean)
    assert block_of(seen, 28) == 4
    assert found == (0, 0, 0, 0.5, 0, 0, 0, 0.5, 0)
    assert [value for value, _ in asked] == [0.5, 4]
    assert asked[0][1] == pytest.approx(spent(4))
    assert last([0, 1, 3]) == 3


def test_the_books_limit_is_the_quantile_of_their_error_and_small_sites_stay_below_it() -> None:
    assert grid.above(grid.limit(0.01, 0.05), 0.05) == pytest.approx(0.01)
    model = QuantityChannel(median=0.05, share=0.6)
    ratio = model.max_ratio * 2.0 ** (2 * (0.3 - 0.6) / 0.05)  # the ratio of an excess of 0.3
    assert grid.above(0.3 - 0.2, 0.05) == pytest.approx(model.alarm(ratio, 0.2))
    small, large = (chances(ChannelKind.GRID, [megawatts] * 13)[-1] for megawatts in (7.0, 400.0))
    assert small < 1.2 * spent(13)
    assert large > 0.9


def test_linked_orders_are_counted_against_those_of_ordinary_buyers() -> None:
    usual = 2.0 * 7 / 30
    needed = purchases.orders_needed(usual, ALPHA)

    def tail(count: int, rate: float) -> float:
        below = (rate**j / math.factorial(j) for j in range(count))
        return 1.0 - math.exp(-rate) * sum(below)

    assert tail(needed, usual) <= ALPHA < tail(needed - 1, usual)
    (chance,) = chances(ChannelKind.PURCHASES, [10.0], seen=0.5)
    assert chance == pytest.approx(tail(needed, usual + 5.0))
    assert chances(ChannelKind.PURCHASES, [10.0], seen=0.0) == (ALPHA,)


def test_a_beat_is_found_with_the_periodograms_power() -> None:
    power = periodicity_power(np.arange(336) / 48, 6.3, 0.4, searched=200, alpha=ALPHA)
    (chance,) = chances(ChannelKind.SYNC_TRAFFIC, [0.4])
    assert chance == pytest.approx(power)
    assert 0.3 < chance < 0.99


def test_ledgers_that_are_complete_miss_no_lot_and_those_that_are_empty_find_none() -> None:
    assert chances(ChannelKind.SHIPMENTS, [256.0], reported=1.0, traced=1.0) == (1.0,)
    assert chances(ChannelKind.SHIPMENTS, [256.0], reported=0.0) == pytest.approx((ALPHA,))
    (chance,) = chances(ChannelKind.SHIPMENTS, [512.0], reported=0.5, traced=0.5)
    assert chance == pytest.approx(1 - (1 - ALPHA) * 0.75**2)


def test_challenges_find_decoys_as_a_sample_without_replacement_does() -> None:
    (chance,) = chances(ChannelKind.ITEM_CHALLENGES, [40.0], challenges=10.0, relayed=0.0)
    assert chance == pytest.approx(1 - (1 - ALPHA) * float(miss(1_000, 40, 70)))
    (relayed,) = chances(ChannelKind.ITEM_CHALLENGES, [40.0], challenges=10.0, relayed=1.0)
    assert relayed == pytest.approx(ALPHA)
    (half,) = chances(ChannelKind.ITEM_CHALLENGES, [1.0], challenges=10.0, relayed=0.5)
    assert half == pytest.approx(1 - (1 - ALPHA) * (1 - 0.5 * float(detection(1_000, 1, 70))))


def test_the_difference_of_two_meters_has_the_covariance_of_the_use_account_twice() -> None:
    error = MeterError(random_ppm=10_000, systematic_ppm=10_000)
    covariance = use_covariance(np.ones(13), error, [0] * 13)
    sigma = math.sqrt(2.0 * float(covariance.sum())) / 13
    found = chances(ChannelKind.SECOND_METER, [0.02] * 13)
    assert found[:-1] == (0.0,) * 12
    assert found[-1] == pytest.approx(detection_probability(0.02 / sigma, spent(13)))


def test_gaps_are_counted_with_fishers_power_and_a_span_evaded_in_part_counts_as_honest() -> None:
    rate = Fraction(round(spent(4) * 10**9), 10**9)
    power = gaps_power(672, 13, 67, odds_ratio=Fraction(8), alpha=rate)
    found = chances(ChannelKind.GAPS, [8.0] * 4 + [1.0] + [8.0] * 3)
    assert found[3] == pytest.approx(float(power))
    assert found[7] == pytest.approx(spent(4))


def test_too_few_ordinary_windows_make_no_alarm_possible() -> None:
    rate = Fraction(round(spent(4) * 10**9), 10**9)
    found = chances(ChannelKind.NOTICE_WATCH, [3.0] * 4)
    assert found[-1] == pytest.approx(notice_power(400, 3.0, rate))
    few = placebos_needed(rate) - 1
    assert chances(ChannelKind.NOTICE_WATCH, [9.0] * 4, placebos=few)[-1] == pytest.approx(spent(4))


def test_each_quiet_account_makes_it_likelier_that_the_provider_keeps_none() -> None:
    accounts = chances(ChannelKind.CLOUD_RECORDS, [0.2] * 26, covered=0.5)[3::4]
    assert accounts[0] > accounts[1] > accounts[-1] > spent(4) * 0.99
    power = detection_probability(2.0, spent(4))
    assert accounts[0] == pytest.approx(0.5 * power + 0.5 * spent(4))
    quiet = math.prod(1.0 - chance for chance in accounts)
    assert quiet == pytest.approx(0.5 * (1 - power) ** 6 + 0.5 * (1 - spent(4)) ** 6)


def test_a_visit_opens_some_accelerators_and_overlooks_some_of_those_that_are_staged() -> None:
    found = chances(ChannelKind.SEALS, [500.0] * 4, opened=3.0, overlooked=0.0)
    assert found[-1] == pytest.approx(1 - (1 - spent(4)) * float(miss(1_000, 500, 3)))
    gone = chances(ChannelKind.SEALS, [500.0] * 3 + [0.0])
    assert gone[-1] == pytest.approx(spent(4))
