"""An agreement binds all its named parties together or none, and only after its notice."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pausenet.protocol.agreement import lifecycle
from pausenet.protocol.course import Course
from pausenet.protocol.cut import in_order
from pausenet.protocol.hearing import Heard
from pausenet.protocol.reader import StatementReader
from pausenet.protocol.register import Register
from pausenet.protocol.stages import TRANSITIONS, Sign
from pausenet.statements.agreement import UNCONDITIONAL, Activation, ActivationKind
from pausenet.statements.cut import Cut, CutOrigin
from pausenet.statements.declaration import Ratification
from pausenet.statements.exits import Withdrawal
from pausenet.statements.stage import PartyStage
from pausenet.values import Digest, ParticipantId, PeriodIndex, Signature, TreeSize
from tests.protocol.builders import Paper
from tests.protocol.paper import index, name, register

NOTICE = 2
PARTIES = ("aurora", "birch", "cedar", "dogwood")
Word = tuple[ParticipantId, Heard]


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


def ratifies(held: Register, who: str, until: int = 100) -> Word:
    return name(who), Ratification(agreement=held.agreement_digest, until=index(until))


def withdraws(held: Register, who: str) -> Word:
    return name(who), Withdrawal(agreement=held.agreement_digest, reason="")


def walked(held: Register, *cuts: tuple[int, tuple[Word, ...]]) -> Course:
    course = Course(held)
    for period, said in cuts:
        course.take(index(period), said)
    return course


def starts(course: Course, held: Register) -> list[PeriodIndex | None]:
    spans = [course.bound(party) for party in held.agreement.parties]
    return [each[0].start if each else None for each in spans]


def test_the_table_leaves_void_and_ended_by_no_move_and_reaches_every_stage() -> None:
    left = {stage for stage, _ in TRANSITIONS}
    assert left == set(PartyStage) - {PartyStage.VOID, PartyStage.ENDED}
    assert set(TRANSITIONS.values()) == set(PartyStage) - {PartyStage.DRAFTED}
    assert {sign for _, sign in TRANSITIONS} == set(Sign)


def test_all_are_bound_from_the_notice_after_the_cut_that_holds_the_last_ratification() -> None:
    held = register()
    first, second = (ratifies(held, "aurora"),), (ratifies(held, "birch"),)
    assert starts(walked(held, (0, first)), held) == [None, None]
    assert starts(walked(held, (0, first), (1, second)), held) == [1 + NOTICE, 1 + NOTICE]


def test_one_party_missing_binds_nobody() -> None:
    held = register()
    course = walked(held, (0, (ratifies(held, "aurora"),)), *((n, ()) for n in range(1, 9)))
    assert starts(course, held) == [None, None]


@given(st.data())
def test_a_proper_subset_is_never_bound_in_whatever_order_and_however_often_it_is_said(
    data,
) -> None:
    held = register(PARTIES)
    words = [ratifies(held, party) for party in PARTIES]
    missing = data.draw(st.sampled_from(PARTIES))
    others = [word for word in words if word[0] != missing]
    said = data.draw(st.lists(st.sampled_from(others), max_size=12))
    places = data.draw(st.lists(st.integers(0, 5), min_size=len(said), max_size=len(said)))
    cuts = [tuple(w for w, at in zip(said, places, strict=True) if at == n) for n in range(6)]
    course = walked(held, *enumerate(cuts))
    assert starts(course, held) == [None] * 4
    # With the last one all are bound together, if nobody else is missing.
    course.take(index(6), (ratifies(held, missing),))
    whole = {who for who, _ in said} | {missing} == set(PARTIES)
    assert starts(course, held) == [6 + NOTICE if whole else None] * 4


def test_a_ratification_that_ends_unmet_voids_for_good() -> None:
    held = register()
    first, second = (ratifies(held, "aurora", until=3),), (ratifies(held, "birch"),)
    late = walked(held, (0, first), (3, ()), (4, second))
    assert set(late.stages.values()) == {PartyStage.VOID}
    assert starts(late, held) == [None, None]
    in_time = walked(held, (0, first), (3, second))
    assert starts(in_time, held) == [3 + NOTICE, 3 + NOTICE]


def test_ratified_and_withdrawn_in_one_cut_is_withdrawn_and_later_it_cannot_be_taken_back() -> None:
    held = register()
    at_once = (withdraws(held, "aurora"), ratifies(held, "aurora"))
    birch = ratifies(held, "birch")
    assert starts(walked(held, (0, at_once), (1, (birch,))), held) == [None, None]
    later = walked(held, (0, (ratifies(held, "aurora"),)), (1, (withdraws(held, "aurora"),)))
    later.take(index(2), (birch,))
    assert starts(later, held) == [2 + NOTICE, 2 + NOTICE]


def test_unconditional_binds_each_party_by_its_own_ratification() -> None:
    held = register(activation=UNCONDITIONAL)
    first, second = (ratifies(held, "aurora"),), (ratifies(held, "birch"),)
    assert starts(walked(held, (0, first), (5, second)), held) == [NOTICE, 5 + NOTICE]
    assert starts(walked(held, (0, first)), held) == [NOTICE, None]


def test_k_of_n_binds_those_who_ratified_once_they_are_enough_and_who_comes_later_joins() -> None:
    held = register(PARTIES, activation=Activation(kind=ActivationKind.K_OF_N, need=2))
    words = {party: ratifies(held, party) for party in PARTIES}
    course = walked(held, (0, (words["aurora"],)), (1, (words["cedar"],)))
    assert starts(course, held) == [3, None, 3, None]
    course.take(index(4), (words["birch"],))
    assert starts(course, held) == [3, 6, 3, None]


def test_stages_follow_the_cuts() -> None:
    held, course, stages = register(), Course(register()), []
    both = (ratifies(held, "aurora"), ratifies(held, "birch"))
    for period in range(4):
        course.take(index(period), both if period == 0 else ())
        stages.append(course.stages[name("birch")])
    waiting, bound = PartyStage.CONDITIONAL, PartyStage.IN_FORCE
    assert stages == [waiting, waiting, bound, bound]


@pytest.mark.parametrize("shuffle", [lambda cuts: cuts[::-1], lambda cuts: cuts[2:] + cuts[:2]])
def test_cuts_come_in_the_order_in_which_they_contain_each_other(shuffle) -> None:
    held = register()
    sizes = ({"aurora": 1}, {"aurora": 1, "birch": 1}, {"aurora": 4, "birch": 1})
    cuts = [cut(held, period, size) for period, size in enumerate(sizes)]
    late = cut(held, 0, {"aurora": 5, "birch": 2})
    in_time = [*cuts, late]
    assert in_order(shuffle(in_time), frozenset()) == tuple(in_time)


def test_a_cut_that_came_late_settles_nothing_anew() -> None:
    paper = Paper()
    for number in range(2):
        paper.period(number)
    whole = replace(paper.cuts[1], period=index(0), view=3)
    reader = StatementReader()
    logs = [
        reader.view(
            paper.register,
            member,
            paper.logs[str(member.id)].entries,
            whole.size_of(member.origin),
        )
        for member in paper.register.members.values()
        if whole.size_of(member.origin)
    ]
    cuts = paper.cuts[:2]
    known = lifecycle(paper.register, in_order(cuts, frozenset()), logs)
    late = in_order([whole, *cuts], frozenset())
    assert lifecycle(paper.register, late, logs).parties == known.parties


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
