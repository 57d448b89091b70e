"""Draws are even, whatever anybody grinds; the scheme that is not is found out by the same test."""

from __future__ import annotations

from collections.abc import Callable
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
BAD = 7
"""The leaf that an adversary wants never to be drawn."""
TRIES = 256
ROUNDS = 256
"""256 rounds of 256 tries: 2^16 tries for each adversary."""

Draw = Callable[[Digest, int, StatementId], tuple[int, ...]]


def drawn(image: Digest, period: int, usage: StatementId, share: int = 1) -> tuple[int, ...]:
    return draw_leaves(NETWORK, image, PeriodIndex(period), usage, leaves=LEAVES, share=share)


def from_the_root(image: Digest, period: int, usage: StatementId) -> tuple[int, ...]:
    """The planted old scheme: drawn from what the lab itself has made."""
    return drawn(Digest(bytes(32)), period, usage)


def usage_of(*parts: object) -> StatementId:
    return StatementId(sha256(repr(parts).encode()).digest())


def ground(draw: Draw, what: str) -> list[tuple[int, tuple[int, ...]]]:
    """What is drawn of a lab that tries 256 statements a period and signs the best of them.

    It cannot know the period's pre-image, and tries with the last one given away.
    """
    found = []
    for period in range(ROUNDS):
        known = image_of(CHAIN, PeriodIndex(max(0, period - 1)))
        secret = image_of(CHAIN, PeriodIndex(period))
        tries = (usage_of(what, period, number) for number in range(TRIES))
        chosen = max(tries, key=lambda usage: abs(draw(known, period, usage)[0] - BAD))
        found.append((LEAVES, draw(secret, period, chosen)))
    return found


@pytest.mark.parametrize("what", ["root", "salt", "time of signing"])
def test_a_lab_that_grinds_its_statement_leaves_the_draws_even(what: str) -> None:
    draws = ground(drawn, what)
    audit = audit_leaves(draws)
    assert audit.run
    assert not audit.suspicious
    near = sum(abs(leaves[0] - BAD) < 8 for _, leaves in draws)
    assert 30 <= near <= 90


def test_the_planted_scheme_that_draws_from_the_root_fails_the_same_test() -> None:
    draws = ground(from_the_root, "root")
    assert audit_leaves(draws).suspicious
    assert not any(abs(leaves[0] - BAD) < 8 for _, leaves in draws)


def withheld(combine: Callable[[list[Digest]], list[Digest]]) -> list[tuple[int, tuple[int, ...]]]:
    """What honest verifiers draw where the fourth withholds its reveal when it dislikes a draw."""
    found = []
    for period in range(4 * ROUNDS):
        usage = usage_of("withheld", period)
        images = [Digest.of(b"%d %d" % (period, verifier)) for verifier in range(4)]
        full = [drawn(image, period, usage) for image in combine(images)]
        less = [drawn(image, period, usage) for image in combine(images[:3])]
        honest = min(full[:1] + less[:1], key=lambda leaves: -abs(leaves[0] - BAD))
        found.append((LEAVES, honest))
    return found


def test_a_withheld_reveal_changes_no_other_share() -> None:
    assert not audit_leaves(withheld(lambda images: images)).suspicious


def test_one_value_combined_of_all_reveals_gives_the_last_mover_a_choice() -> None:
    def combined(images: list[Digest]) -> list[Digest]:
        return [Digest.of(*images)]

    assert audit_leaves(withheld(combined)).suspicious


def test_the_moment_of_a_request_is_nothing_that_a_draw_depends_on() -> None:
    usage = usage_of("moment")
    first = drawn(image_of(CHAIN, PeriodIndex(9)), 9, usage, share=4)
    assert all(drawn(image_of(CHAIN, PeriodIndex(9)), 9, usage, share=4) == first for _ in range(3))
    others = {drawn(image_of(CHAIN, PeriodIndex(p)), p, usage, share=4) for p in range(8)}
    assert first not in others
    assert len(others) == 8


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
