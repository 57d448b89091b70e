"""Draws: shares, pre-images, audits and computed chances. What grinding comes to: test_grinding."""

from __future__ import annotations

from fractions import Fraction
from hashlib import sha256

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pausenet.errors import Misuse
from pausenet.protocol.inspection import (
    Audit,
    audit_leaves,
    audit_sites,
    commitment_of,
    detection,
    draw_leaves,
    draw_sites,
    image_of,
    in_chain,
    samples_needed,
    share_of,
)
from pausenet.statements.inspection import SampleReveal
from pausenet.values import Digest, NetworkId, ParticipantId, PeriodIndex, Salt, StatementId

NETWORK = NetworkId(Digest.of(b"network"))
CHAIN = Salt(Digest.of(b"chain"))
LEAVES = 64


def drawn(image: Digest, period: int, usage: StatementId, share: int = 1) -> tuple[int, ...]:
    return draw_leaves(NETWORK, image, PeriodIndex(period), usage, leaves=LEAVES, share=share)


def usage_of(*parts: object) -> StatementId:
    return StatementId(sha256(repr(parts).encode()).digest())


def test_each_period_draws_anew() -> None:
    usage = usage_of("period")
    found = {drawn(image_of(CHAIN, PeriodIndex(p)), p, usage, share=4) for p in range(8)}
    assert len(found) == 8


@given(st.integers(0, 60), st.integers(0, 60))
def test_a_pre_image_is_its_own_periods_and_no_others(period: int, named: int) -> None:
    commitment = commitment_of(CHAIN, 50)
    if period >= 50:
        with pytest.raises(Misuse):
            image_of(CHAIN, PeriodIndex(period), 50)
        return
    image = image_of(CHAIN, PeriodIndex(period), 50)
    reveal = SampleReveal(period=PeriodIndex(named), cut=Digest(bytes(32)), image=image)
    assert in_chain(commitment, reveal) == (named == period)


def test_who_knows_a_pre_image_knows_the_earlier_ones_and_not_the_later() -> None:
    later, earlier = image_of(CHAIN, PeriodIndex(5)), image_of(CHAIN, PeriodIndex(4))
    assert Digest.of(b"pausenet/chain/v1\n", later) == earlier
    assert Digest.of(b"pausenet/chain/v1\n", earlier) != later


@given(st.integers(0, 40), st.integers(0, 8), st.integers(0, 1_000))
def test_a_share_is_drawn_without_repeats_in_bounds_and_in_order(
    leaves: int, share: int, number: int
) -> None:
    found = draw_leaves(
        NETWORK,
        Digest.of(b"%d" % number),
        PeriodIndex(0),
        usage_of(number),
        leaves=leaves,
        share=share,
    )
    assert list(found) == sorted(set(found))
    assert len(found) == min(share, leaves)
    assert all(0 <= index < leaves for index in found)


def test_sites_are_drawn_as_often_as_is_published() -> None:
    sites = tuple(ParticipantId(f"site-{number:02d}") for number in range(20))
    visits = 0
    for period in range(100):
        for verifier in range(4):
            visits += len(
                draw_sites(
                    NETWORK,
                    Digest.of(b"%d" % verifier),
                    PeriodIndex(period),
                    usage_of(period),
                    sites=sites,
                    site_ppm=100_000,
                    verifiers=4,
                )
            )
    audit = audit_sites(visits=visits, chances=8_000, site_ppm=25_000)
    assert audit.run
    assert not audit.suspicious
    assert audit_sites(visits=2 * visits, chances=8_000, site_ppm=25_000).suspicious
    assert audit_sites(visits=0, chances=8_000, site_ppm=25_000).suspicious


def test_too_few_draws_are_not_audited() -> None:
    assert audit_leaves([]) == Audit(
        draws=0, run=False, statistic=Fraction(0), threshold=Fraction(0)
    )
    assert not audit_leaves([(64, (1,))] * 159).run
    assert audit_leaves([(64, (1,))] * 160).suspicious
    assert not audit_sites(visits=0, chances=9, site_ppm=500_000).run


@pytest.mark.parametrize(
    ("bad", "samples"), [(10_000, 299), (1_000, 2_995), (100, 29_956), (1_000_000, 1)]
)
def test_recompute_samples_are_as_many_as_the_formula_says(bad: int, samples: int) -> None:
    assert samples_needed(bad_ppm=bad, miss_ppm=50_000) == samples


@pytest.mark.parametrize(("bad", "miss"), [(0, 1), (1, 0), (1_000_001, 1), (1, 1_000_000)])
def test_no_number_of_samples_is_given_for_shares_that_cannot_be(bad: int, miss: int) -> None:
    with pytest.raises(Misuse):
        samples_needed(bad_ppm=bad, miss_ppm=miss)


def test_detection_is_hypergeometric_and_counts_each_share_alone() -> None:
    assert detection(leaves=12, shown=2, shares=(1,)) == Fraction(1, 6)
    assert detection(leaves=12, shown=2, shares=(1, 1, 1)) == 1 - Fraction(5, 6) ** 3
    assert detection(leaves=12, shown=12, shares=(1,)) == 1
    assert detection(leaves=12, shown=0, shares=(8,)) == 0
    with pytest.raises(Misuse):
        detection(leaves=3, shown=4, shares=(1,))


def test_a_share_is_rounded_up_and_fits_an_opening() -> None:
    assert [share_of(quota, 4) for quota in (0, 1, 4, 5, 10**7)] == [0, 1, 1, 2, 8]
