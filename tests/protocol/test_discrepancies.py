"""Series of balances: where one begins and ends, and that no number of a finding can be bent."""

from __future__ import annotations

import re
from dataclasses import replace

import pytest

from pausenet.inference.balance import MeterError
from pausenet.inference.series import Alarm, Balance, Foretold, SeriesTest
from pausenet.protocol import rules
from pausenet.protocol.bundle import Outcome, verify_bundle
from pausenet.protocol.discrepancies import Balanced, alarmed, sentences
from pausenet.protocol.evidence import decode_bundle
from pausenet.statements import canonical
from pausenet.statements.annex import PowerChannel
from pausenet.statements.finding import CLAIM_MAX
from pausenet.values import INTEGER_MAX, Digest, NetworkId, ParticipantId, PeriodIndex, WattHours
from tests.protocol.bundles import all_bundles
from tests.protocol.paper import name, register

CHANNEL = PowerChannel(
    random_ppm=10_000, systematic_ppm=0, strategic_wh=WattHours(10**5), calibration_periods=0
)
QUIET, HIGH = 1_000_000, 1_030_000


def given(metered: dict[int, int], *, size: int = 1) -> list[Balanced]:
    """Balances of these periods, each with one envelope of so many bytes that names its period."""
    return [
        Balanced(
            balance=Balance(
                period=PeriodIndex(period), declared=WattHours(QUIET), metered=WattHours(read)
            ),
            entries=(str(period).encode().rjust(size),),
        )
        for period, read in metered.items()
    ]


def spans(metered: dict[int, int], *, size: int = 1) -> list[tuple[int, int]]:
    """First and last period of each series that ends in a finding."""
    found = alarmed(CHANNEL, given(metered, size=size))
    for series in found:
        periods = [int(entry) for entry in series]
        assert periods == list(range(periods[0], periods[-1] + 1))
    return [(int(series[0]), int(series[-1])) for series in found]


def test_a_series_begins_anew_after_a_gap_an_alarm_and_52_balances() -> None:
    first = dict.fromkeys(range(50), QUIET) | {50: HIGH, 51: HIGH}
    assert spans(first) == [(0, 51)]
    assert spans({at + 1: read for at, read in first.items()}) == [(1, 52)]
    late = dict.fromkeys(range(51), QUIET) | {51: HIGH, 52: HIGH, 53: HIGH}
    assert spans(late) == [(52, 53)]
    gap = dict.fromkeys(range(9), QUIET) | {9: HIGH, 11: HIGH}
    assert spans(gap) == []
    assert spans(gap | {12: HIGH}) == [(11, 12)]
    after = {0: HIGH, 1: HIGH} | dict.fromkeys(range(2, 20), QUIET) | {20: HIGH, 21: HIGH}
    assert spans(after) == [(0, 1), (2, 21)]


@pytest.mark.parametrize(("second", "found"), [(14, 1), (15, 2), (16, 2)])
def test_an_alarm_within_13_periods_of_a_finding_is_no_finding(second: int, found: int) -> None:
    """The first alarm is in period 1; the next in `second`."""
    metered = dict.fromkeys(range(second), QUIET) | {0: HIGH, 1: HIGH}
    metered |= {second - 1: HIGH, second: HIGH}
    assert len(spans(metered)) == found
    assert second - 1 > rules.REPEAT_PERIODS or found == 1


def test_who_makes_its_statements_large_is_tested_in_shorter_series() -> None:
    """Eight statements of 120,000 bytes: one more would not fit into a bundle."""
    high = dict.fromkeys(range(10), QUIET) | {10: HIGH, 11: HIGH}
    assert spans(high, size=120_000) == [(8, 11)]
    assert spans(dict.fromkeys(range(7, 9), HIGH), size=120_000) == [(7, 8)]


def f7() -> bytes:
    return all_bundles()["F7 plausible"]


def network() -> NetworkId:
    return decode_bundle(f7()).network


def numbers_of(text: str) -> list[tuple[int, int]]:
    return [found.span() for found in re.finditer(r"\d+", text)]


def test_no_number_and_no_group_of_a_finding_can_be_bent() -> None:
    """Test, alpha, statistic, limit, power, independence groups: all are drawn anew."""
    text = decode_bundle(f7()).accusation.text
    assert verify_bundle(f7(), network()).outcome is Outcome.REPRODUCED
    bent = [f"{text[:a]}{int(text[a:b]) + 1}{text[b:]}" for a, b in numbers_of(text)]
    assert len(bent) > 12
    bent += [text.replace("-meter)", ")"), text.replace("(group aurora)", "(group birch)")]
    for claim in bent:
        value = canonical.decode(f7(), maximum_bytes=10**7)
        assert isinstance(value, dict)
        stated = value["claim"]
        assert isinstance(stated, dict)
        assert claim != stated["text"]
        stated["text"] = claim
        del value["digest"]
        value["digest"] = Digest.of(canonical.encode(value)).hex()
        assert verify_bundle(canonical.encode(value), network()).outcome is Outcome.NOT_SUPPORTED


def test_the_longest_sentence_still_fits_a_finding() -> None:
    """The largest energies, the smallest errors, the latest periods, the longest names."""
    most, late = WattHours(INTEGER_MAX), PeriodIndex(INTEGER_MAX)
    channel = PowerChannel(random_ppm=1, systematic_ppm=0, strategic_wh=most)
    foretold = Foretold(MeterError(random_ppm=1, systematic_ppm=0), 0)
    least = Balance(period=late, declared=WattHours(0), metered=most)
    value, lengths = foretold.value_milli(least), []
    meter, lab = (
        replace(register().members[name(who)], id=ParticipantId(who[0] * 32), group="g" * 64)
        for who in ("birch-meter", "birch")
    )
    for test in SeriesTest:
        shown = (value, value) if test is SeriesTest.ROW else (rules.SERIES.small.limit_milli,)
        alarm = Alarm(test=test, since=late, at=late, statistics_milli=shown, limit_milli=9_999)
        said = sentences(channel, alarm, [least], foretold, meter, lab)
        lengths.append(len("; ".join(said)))
    assert 400 < max(lengths) <= CLAIM_MAX
