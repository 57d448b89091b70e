"""The chip account: only two sides move anything, and what does not add up is said."""

from __future__ import annotations

from dataclasses import replace
from itertools import permutations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pausenet.crypto import statement_id
from pausenet.protocol.stock import NOT_VERIFIED, ItemKind, Stock, reconcile
from pausenet.statements.codec import Body, Statement, encode
from pausenet.statements.correction import Correction
from pausenet.statements.declaration import DeclaredSite
from pausenet.statements.movement import (
    Aggregate,
    NoticeKind,
)
from pausenet.values import Digest, Pflop, Seq
from tests.protocol.movements import (
    HALL,
    LABS,
    after,
    appraisal,
    capacity,
    declared,
    kinds,
    network,
    notice,
    received,
    shipped,
    site,
    statements,
    story,
    usage,
)
from tests.protocol.paper import index, name


def test_a_two_sided_transfer_moves_accelerators_and_leaves_nothing_open() -> None:
    found = story(
        aurora=(*after(90), shipped("birch")),
        birch=(*after(110), received("aurora")),
    )
    assert kinds(found) == []
    assert [line.unexplained for line in found.lines] == [0, 0, 0, 0]
    assert {(line.lab, line.received, line.shipped) for line in found.lines if line.period} == {
        ("aurora", 0, 10),
        ("birch", 10, 0),
    }


@pytest.mark.parametrize("silent", ["aurora", "birch"])
def test_a_one_sided_transfer_is_open_and_moves_nothing(silent: str) -> None:
    sides = {"aurora": (*after(90), shipped("birch")), "birch": (*after(110), received("aurora"))}
    sides[silent] = sides[silent][:-1]
    spoke = "birch" if silent == "aurora" else "aurora"
    assert sorted(kinds(story(**sides))) == sorted(
        [
            (ItemKind.ONE_SIDED, spoke),
            (ItemKind.UNEXPLAINED, "aurora"),
            (ItemKind.UNEXPLAINED, "birch"),
        ]
    )


@pytest.mark.parametrize(
    "other",
    [
        received("aurora", 9),
        replace(received("aurora"), kind=name("h200")),
        received("aurora", at=0),
    ],
    ids=["another-count", "another-kind", "received-before-it-left"],
)
def test_two_sides_that_differ_move_nothing(other: Body) -> None:
    found = story(aurora=(*after(90), shipped("birch")), birch=(*after(110), other))
    assert [kind for kind, _ in kinds(found)].count(ItemKind.DIFFERS) == 2
    assert all(line.received == line.shipped == 0 for line in found.lines)


def test_what_goes_to_a_lab_that_is_no_party_moves_and_is_said() -> None:
    found = story(aurora=(*after(90), shipped("elm")), elm=(received("aurora"),))
    assert kinds(found) == [(ItemKind.NON_PARTY, "aurora")]
    assert not found.items[0].kind.is_defect
    back = story(aurora=(*after(110), received("elm")), elm=(shipped("aurora"),))
    assert kinds(back) == []


def test_who_is_nobody_of_the_network_cannot_say_its_side() -> None:
    found = story(aurora=(*after(90), shipped("stranger")))
    assert (ItemKind.ONE_SIDED, "aurora") in kinds(found)
    assert any("stranger is nobody of this network" in item.text for item in found.items)


def test_another_batch_is_no_other_side() -> None:
    found = story(
        aurora=(*after(100), shipped("birch", batch="a")),
        birch=(*after(100), received("aurora", batch="b")),
    )
    assert kinds(found) == [(ItemKind.ONE_SIDED, "aurora"), (ItemKind.ONE_SIDED, "birch")]


def test_a_batch_said_twice_counts_once() -> None:
    found = story(
        aurora=(*after(90), shipped("birch"), shipped("birch")),
        birch=(*after(110), received("aurora")),
    )
    assert kinds(found) == [(ItemKind.TWICE, "aurora")]
    assert all(line.unexplained == 0 for line in found.lines)


def test_nobody_ships_to_itself() -> None:
    found = story(aurora=(*after(90), shipped("aurora"), received("aurora")))
    assert (ItemKind.UNEXPLAINED, "aurora") in kinds(found)
    assert [kind for kind, _ in kinds(found)].count(ItemKind.ONE_SIDED) == 2


def test_a_retirement_explains_what_is_gone_and_no_more() -> None:
    retired = notice(NoticeKind.RETIREMENT, "hall", 10)
    assert kinds(story(aurora=(*after(90), retired))) == []
    (item,) = story(aurora=(*after(89), retired)).items
    assert (item.kind, item.period) == (ItemKind.UNEXPLAINED, 1)
    assert item.text.startswith("1 h100 missing")
    assert item.kind.is_defect


def test_accelerators_that_appear_are_a_defect() -> None:
    (item,) = story(aurora=after(101)).items
    assert item.text.startswith("1 h100 too many")


def test_a_period_without_usage_moves_its_transfers_to_the_next_line() -> None:
    logs = statements(
        network(), {"aurora": (*after(90), shipped("harbour")), "harbour": (received("aurora"),)}
    )
    late = logs[name("aurora")][2]
    later = replace(late, period=network().agreement.schedule.period(index(4)))
    logs[name("aurora")] = tuple(later if each is late else each for each in logs[name("aurora")])
    found = reconcile(network(), logs)
    assert kinds(found) == []
    assert [line.period for line in found.lines] == [0, 4]


def correction(of: Statement, *sites: DeclaredSite) -> Statement:
    """What this usage statement should have said, at the end of the same log."""
    body = Correction(
        of=Digest(statement_id(encode(of))), seq=of.seq, usage=usage(*sites), reason="mistyped"
    )
    return replace(of, seq=Seq(9), body=body)


def test_a_corrected_usage_counts_as_corrected_and_a_strangers_correction_for_nothing() -> None:
    logs = statements(network(), {"aurora": after(90)})
    log = logs[name("aurora")]
    mended = {name("aurora"): (*log, correction(log[-1], HALL))}
    assert kinds(reconcile(network(), mended)) == []
    of_another = correction(replace(log[-1], prev=Digest.of(b"another")), HALL)
    found = reconcile(network(), {name("aurora"): (*log, of_another)})
    assert kinds(found) == [(ItemKind.UNEXPLAINED, "aurora")]


def test_what_left_before_the_declaration_is_in_no_account() -> None:
    one = story(aurora=after(100), harbour=(received("aurora", at=-1),))
    assert kinds(one) == [(ItemKind.ONE_SIDED, "harbour")]
    both = story(
        aurora=(*after(100), shipped("harbour", at=-1)), harbour=(received("aurora", at=-1),)
    )
    assert kinds(both) == []
    assert all(line.shipped == 0 for line in both.lines)


def test_hidden_by_both_sides_it_is_not_seen_at_all() -> None:
    assert kinds(story(aurora=after(100), harbour=())) == []


RENTED = usage(HALL, site("quay-1", 8))


def test_a_site_that_is_neither_declared_nor_countersigned_is_open_and_counts() -> None:
    found = story(aurora=(declared(HALL), usage(HALL), RENTED))
    assert kinds(found) == [(ItemKind.UNEXPLAINED, "aurora"), (ItemKind.NO_CAPACITY, "aurora")]


def test_a_hosts_capacity_is_no_part_of_the_labs_stock() -> None:
    found = story(
        aurora=(declared(HALL), usage(HALL), RENTED), quay=(capacity("aurora", "quay-1", 8),)
    )
    assert kinds(found) == []
    assert all(line.end == 100 for line in found.lines)


@pytest.mark.parametrize(
    "given",
    [
        capacity("aurora", "quay-1", 7),
        capacity("aurora", "quay-1", 8, at=2),
        capacity("aurora", "quay-2", 8),
        capacity("birch", "quay-1", 8),
    ],
    ids=["fewer", "another-period", "another-site", "another-lab"],
)
def test_another_capacity_than_what_is_used_is_open(given: Body) -> None:
    found = story(aurora=(declared(HALL), usage(HALL), RENTED), quay=(given,))
    assert {ItemKind.CAPACITY, ItemKind.NO_CAPACITY} & {kind for kind, _ in kinds(found)}


def test_a_lab_cannot_hand_its_hall_to_a_host_by_words() -> None:
    moved = usage(site("hall", 50), site("quay-1", 50))
    found = story(
        aurora=(declared(HALL), usage(HALL), moved), quay=(capacity("aurora", "quay-1", 50),)
    )
    assert kinds(found) == [(ItemKind.UNEXPLAINED, "aurora")]


def test_a_site_named_by_a_move_is_the_labs_own_from_then_on() -> None:
    moved = usage(site("hall", 50), site("new-hall", 50))
    own = notice(NoticeKind.MOVE, "new-hall", 50)
    assert kinds(story(aurora=(declared(HALL), usage(HALL), moved, own))) == []
    late = notice(NoticeKind.MOVE, "new-hall", 50, at=2)
    found = story(aurora=(declared(HALL), usage(HALL), moved, late))
    assert kinds(found) == [(ItemKind.NO_CAPACITY, "aurora")]


@pytest.mark.parametrize(("says", "wrong"), [(60, False), (61, True)])
def test_a_sum_over_all_labs_is_added_up(says: int, wrong: bool) -> None:
    labs = {lab: (declared(HALL), usage(HALL, pflop=20)) for lab in LABS}
    body = Aggregate(period=index(0), labs=3, used_pflop=Pflop(says))
    found = story(**labs, office=(body,))
    assert ((ItemKind.AGGREGATE, "office") in kinds(found)) is wrong


def test_words_of_a_role_that_may_not_say_them_count_for_nothing() -> None:
    found = story(
        aurora=(*after(90), shipped("office")),
        office=(received("aurora"), capacity("aurora", "hall", 1)),
    )
    assert kinds(found) == [(ItemKind.UNEXPLAINED, "aurora"), (ItemKind.ONE_SIDED, "aurora")]


@pytest.mark.parametrize(
    ("baseline", "voices", "verified"),
    [(1, 3, True), (2, 3, False), (1, 2, False), (0, 4, False)],
    ids=["over", "open", "no-quorum", "no-inspection"],
)
def test_until_the_baseline_window_is_over_every_item_says_so(
    baseline: int, voices: int, verified: bool
) -> None:
    logs: dict[str, tuple[Body, ...]] = {"aurora": after(99)}
    logs |= {f"verifier_{number}": (appraisal(0),) for number in range(1, voices + 1)}
    (item,) = reconcile(network(baseline), statements(network(baseline), logs)).items
    assert item.verified is verified
    assert (NOT_VERIFIED in item.sentence) is not verified


@settings(max_examples=40, deadline=None)
@given(
    st.lists(
        st.tuples(st.sampled_from(list(permutations(LABS, 2))), st.integers(1, 20)), max_size=6
    )
)
def test_honest_movements_always_balance_and_one_hidden_unit_never_does(
    moves: list[tuple[tuple[str, str], int]],
) -> None:
    have = dict.fromkeys(LABS, 200)
    sides: dict[str, list[Body]] = {lab: [] for lab in LABS}
    for number, ((giver, taker), count) in enumerate(moves):
        have[giver], have[taker] = have[giver] - count, have[taker] + count
        sides[giver].append(shipped(taker, count, batch=str(number)))
        sides[taker].append(received(giver, count, batch=str(number)))

    def logs(hidden: int) -> Stock:
        left = {lab: have[lab] - (hidden if lab == "aurora" else 0) for lab in LABS}
        start = site("hall", 200)
        return story(
            **{
                lab: (declared(start), usage(start), usage(site("hall", left[lab])), *sides[lab])
                for lab in LABS
            }
        )

    assert kinds(logs(0)) == []
    assert kinds(logs(1)) == [(ItemKind.UNEXPLAINED, "aurora")]
