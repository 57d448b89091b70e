"""A notice of withdrawal that is taken back while its cooling-off runs (C21)."""

from __future__ import annotations

import random
from dataclasses import replace

import pytest

from pausenet.protocol.register import Register
from pausenet.statements.clauses.course import Withdrawal as WithdrawalClause
from pausenet.statements.exits import Assent, Retraction, Withdrawal
from pausenet.statements.stage import PartyStage
from tests.protocol.courses import LABS, LAG, network
from tests.protocol.walks import Walk

NOTICE, COOLING = 6, 3
START = 2
"""The first period that binds: all have ratified by the cut of period 0."""


def cooled(cooling_off: int = COOLING, notice: int = NOTICE) -> Register:
    held = network(notice=notice)
    clauses = tuple(
        replace(each, cooling_off_periods=cooling_off) if type(each) is WithdrawalClause else each
        for each in held.agreement.clauses
    )
    return replace(held, agreement=replace(held.agreement, clauses=clauses))


def leaves(walk: Walk, who: str = "birch") -> tuple[str, Withdrawal]:
    return who, Withdrawal(agreement=walk.held.agreement_digest, reason="")


def returns(walk: Walk, who: str = "birch") -> tuple[str, Retraction]:
    return who, Retraction(agreement=walk.held.agreement_digest, reason="x")


def assents(walk: Walk) -> list[tuple[str, Assent]]:
    digest = walk.held.agreement_digest
    return [(who, Assent(agreement=digest, lift=True)) for who in LABS]


def left(register: Register | None = None) -> Walk:
    """Birch has given notice by the cut of period 5."""
    walk = Walk(register or cooled()).cut(times=4)
    return walk.cut(leaves(walk))


@pytest.mark.parametrize("later", range(1, COOLING + 1))
def test_a_notice_taken_back_in_the_cooling_off_leaves_no_trace_in_what_binds(later: int) -> None:
    walk = left().cut(times=later - 1)
    walk.cut(returns(walk))
    assert walk.bound("birch") == [(START, None)] == walk.bound("aurora")
    assert walk.stage("birch") is PartyStage.IN_FORCE
    walk.cut(times=20)
    assert walk.stage("birch") is PartyStage.IN_FORCE


def test_after_the_cooling_off_a_notice_runs_to_its_end() -> None:
    walk = left().cut(times=COOLING)
    walk.cut(returns(walk))
    assert walk.bound("birch") == [(START, 5 + LAG + NOTICE)]
    assert walk.stage("birch") is PartyStage.IN_NOTICE


def test_without_a_cooling_off_nothing_is_taken_back() -> None:
    walk = left(cooled(0))
    walk.cut(returns(walk))
    assert walk.stage("birch") is PartyStage.IN_NOTICE


def test_nobody_is_free_between_a_notice_and_its_return() -> None:
    """As long as the notice itself, the cooling-off ends where a return would come too late."""
    outcomes = []
    for later in range(1, NOTICE + 1):
        walk = left(cooled(NOTICE)).cut(times=later - 1)
        walk.cut(returns(walk))
        outcomes.append(walk.bound("birch"))
    free = [(START, 5 + LAG + NOTICE)]
    assert outcomes == [[(START, None)]] * (NOTICE - 2) + [free] * 2


def test_another_partys_return_or_one_without_a_notice_changes_nothing() -> None:
    walk = left()
    walk.cut(returns(walk, "aurora"))
    assert walk.stage("birch") is PartyStage.IN_NOTICE
    assert walk.stage("aurora") is PartyStage.IN_FORCE
    assert walk.bound("aurora") == [(START, None)]


def test_a_return_in_the_cut_of_the_notice_comes_too_early() -> None:
    walk = Walk(cooled()).cut(times=4)
    walk.cut(leaves(walk), returns(walk))
    assert walk.stage("birch") is PartyStage.IN_NOTICE
    walk.cut(returns(walk))
    assert walk.stage("birch") is PartyStage.IN_FORCE


@pytest.mark.parametrize("first", ["the withdrawal", "the retraction"])
def test_who_takes_its_notice_back_and_gives_one_in_the_same_cut_has_a_new_notice(
    first: str,
) -> None:
    """As with a ratification and a withdrawal of one cut, the order in the log does not matter."""
    walk = left().cut()
    both = (leaves(walk), returns(walk))
    walk.cut(*(both if first == "the withdrawal" else both[::-1]))
    assert walk.stage("birch") is PartyStage.IN_NOTICE
    assert walk.bound("birch") == [(START, 7 + LAG + NOTICE)]
    walk.cut(returns(walk))
    assert walk.bound("birch") == [(START, None)]


def test_a_return_that_comes_too_late_leaves_the_notice_as_it_was_beside_a_new_one() -> None:
    walk = left().cut(times=COOLING)
    walk.cut(leaves(walk), returns(walk))
    assert walk.bound("birch") == [(START, 5 + LAG + NOTICE)]


def test_who_comes_back_to_a_pause_that_has_been_lifted_is_suspended_like_the_others() -> None:
    walk = left()
    walk.cut(*assents(walk))
    walk.cut(returns(walk))
    assert walk.bound("birch") == walk.bound("aurora")
    assert walk.stage("birch") is not PartyStage.IN_NOTICE


def test_no_order_and_no_double_changes_who_is_bound_and_no_cut_reaches_back() -> None:
    chance = random.Random("cooling")
    for _ in range(60):
        walks = [Walk(cooled()), Walk(cooled())]
        for _ in range(14):
            kinds = (leaves, returns, returns)
            said = [chance.choice(kinds)(walks[0], chance.choice(LABS)) for _ in range(2)]
            said = said if chance.random() < 0.5 else []
            mixed = [*said, *said]
            chance.shuffle(mixed)
            for walk, words in zip(walks, (said, mixed), strict=True):
                before = {who: binding(walk, who) for who in LABS}
                walk.cut(*words)
                soon = walk.period - 1 + LAG + 2
                after = {who: binding(walk, who) for who in LABS}
                assert {who: each[:soon] for who, each in after.items()} == {
                    who: each[:soon] for who, each in before.items()
                }
        assert [walks[0].bound(who) for who in LABS] == [walks[1].bound(who) for who in LABS]


def binding(walk: Walk, who: str) -> list[bool]:
    """Whether each period binds a party, as far as the cuts say."""
    return [
        any(start <= period and (end is None or period < end) for start, end in walk.bound(who))
        for period in range(40)
    ]
