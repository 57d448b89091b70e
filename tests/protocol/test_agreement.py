"""An agreement binds all its named parties together or none, and only after its notice."""

from __future__ import annotations

from collections.abc import Mapping

import pytest

from pausenet.protocol.agreement import TRANSITIONS, Ratified, Sign, Stage, lifecycle
from pausenet.protocol.cut import in_order
from pausenet.protocol.register import Register
from pausenet.statements.agreement import UNCONDITIONAL
from pausenet.statements.cut import Cut, CutOrigin
from pausenet.values import Digest, PeriodIndex, Seq, Signature, TreeSize
from tests.protocol.builders import Paper
from tests.protocol.paper import index, name, register

NOTICE = 2


def cut(held: Register, period: int, sizes: Mapping[str, int]) -> Cut:
    """A cut that holds so many entries of each lab's log."""
    return Cut(
        period=index(period),
        view=0,
        register_size=held.size,
        register_root=held.root,
        origins=tuple(
            CutOrigin(
                origin=held.origin_of(name(lab)),
                size=TreeSize(size),
                root=Digest(bytes(32)),
                signature=Signature(bytes(64)),
                times=(),
            )
            for lab, size in sorted(sizes.items())
        ),
        faults=(),
    )


def at(seq: int, until: int = 100) -> Ratified:
    return Ratified(seq=Seq(seq), until=index(until))


def starts(held: Register, cuts: list[Cut], **ratified: Ratified) -> list[PeriodIndex | None]:
    found = lifecycle(held, cuts, {name(lab): item for lab, item in ratified.items()})
    return [found.in_force_from(party) for party in held.agreement.parties]


def test_the_table_leaves_void_and_in_force_by_no_move() -> None:
    left = {stage for stage, _ in TRANSITIONS}
    assert left == {Stage.OPEN, Stage.ACTIVATED}
    assert set(TRANSITIONS.values()) == set(Stage)


def test_all_are_bound_from_the_notice_after_the_cut_that_holds_the_last_ratification() -> None:
    held = register()
    cuts = [cut(held, 0, {"aurora": 1}), cut(held, 1, {"aurora": 1, "birch": 3})]
    assert starts(held, cuts[:1], aurora=at(0), birch=at(2)) == [None, None]
    assert starts(held, cuts, aurora=at(0), birch=at(2)) == [1 + NOTICE, 1 + NOTICE]


def test_a_ratification_past_the_cuts_size_does_not_count() -> None:
    held = register()
    cuts = [cut(held, 0, {"aurora": 1, "birch": 2})]
    assert starts(held, cuts, aurora=at(0), birch=at(2)) == [None, None]
    assert starts(held, cuts, aurora=at(0), birch=at(1)) == [NOTICE, NOTICE]


def test_one_party_missing_binds_nobody() -> None:
    held = register()
    cuts = [cut(held, period, {"aurora": 9, "birch": 9}) for period in range(9)]
    assert starts(held, cuts, aurora=at(0)) == [None, None]


def test_a_ratification_that_ends_unmet_voids_for_good() -> None:
    held = register()
    cuts = [cut(held, period, {"aurora": 9}) for period in range(4)]
    late = [*cuts, cut(held, 4, {"aurora": 9, "birch": 9})]
    found = lifecycle(held, late, {name("aurora"): at(0, until=3), name("birch"): at(0)})
    assert {life.stage for life in found.parties.values()} == {Stage.VOID}
    assert starts(held, late, aurora=at(0, until=3), birch=at(0)) == [None, None]
    assert starts(held, late, aurora=at(0, until=4), birch=at(0)) == [4 + NOTICE, 4 + NOTICE]


def test_the_condition_met_in_the_last_period_still_activates() -> None:
    held = register()
    cuts = [cut(held, 3, {"aurora": 9, "birch": 9})]
    assert starts(held, cuts, aurora=at(0, until=3), birch=at(0)) == [3 + NOTICE, 3 + NOTICE]
    assert starts(held, cuts, aurora=at(0, until=2), birch=at(0)) == [None, None]


def test_unconditional_binds_each_party_by_its_own_ratification() -> None:
    held = register(activation=UNCONDITIONAL)
    cuts = [cut(held, 0, {"aurora": 1}), cut(held, 5, {"aurora": 1, "birch": 1})]
    assert starts(held, cuts, aurora=at(0), birch=at(0)) == [NOTICE, 5 + NOTICE]
    assert starts(held, cuts, aurora=at(0)) == [NOTICE, None]


def test_stages_follow_the_cuts() -> None:
    held = register()
    cuts = [cut(held, period, {"aurora": 1, "birch": 1}) for period in range(4)]
    both = {name("aurora"): at(0), name("birch"): at(0)}
    stages = [
        lifecycle(held, cuts[:number], both).parties[name("birch")].stage for number in range(5)
    ]
    assert stages == [
        Stage.OPEN,
        Stage.ACTIVATED,
        Stage.ACTIVATED,
        Stage.IN_FORCE,
        Stage.IN_FORCE,
    ]


@pytest.mark.parametrize("shuffle", [lambda cuts: cuts[::-1], lambda cuts: cuts[2:] + cuts[:2]])
def test_cuts_come_in_the_order_in_which_they_contain_each_other(shuffle) -> None:
    held = register()
    sizes = ({"aurora": 1}, {"aurora": 1, "birch": 1}, {"aurora": 4, "birch": 1})
    cuts = [cut(held, period, size) for period, size in enumerate(sizes)]
    late = cut(held, 0, {"aurora": 5, "birch": 2})
    in_time = [*cuts, late]
    assert in_order(shuffle(in_time), frozenset()) == tuple(in_time)


def test_a_cut_that_came_late_settles_nothing_anew() -> None:
    held = register()
    both = {name("aurora"): at(0), name("birch"): at(0)}
    first, late = cut(held, 1, {"aurora": 1, "birch": 1}), cut(held, 0, {"aurora": 2, "birch": 2})
    known = lifecycle(held, in_order([first], frozenset()), both)
    assert lifecycle(held, in_order([late, first], frozenset()), both) == known
    assert known.in_force_from(name("aurora")) == 1 + NOTICE


@pytest.mark.parametrize("missing", ["aurora", "birch"])
def test_in_a_whole_network_a_missing_ratification_leaves_the_pause_out_of_force(
    missing: str,
) -> None:
    paper = Paper(ratify=False)
    for lab in paper.agreement.parties:
        if lab != missing:
            paper.ratify(lab)
    for number in range(4):
        found = paper.period(number)
    assert {item.appraisal.in_force_from for item in found} == {-1}
    paper.ratify(missing)
    found = paper.period(4)
    assert {item.appraisal.in_force_from for item in found} == {4 + NOTICE}


def test_every_sign_appears_in_the_table() -> None:
    assert {sign for _, sign in TRANSITIONS} == set(Sign)
