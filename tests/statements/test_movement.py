"""Movements: both readers take the same bodies and refuse the same mutations."""

from __future__ import annotations

from random import Random
from typing import Any

import pytest

from pausenet.errors import MalformedStatement
from pausenet.statements import canonical
from pausenet.statements.codec import Body, Kind, decode_body, encode_body
from pausenet.statements.movement import (
    Aggregate,
    Capacity,
    Direction,
    Installed,
    NoticeKind,
    Notification,
    Transfer,
)
from pausenet.statements.voices import may_say
from pausenet.values import Digest, ParticipantId, PeriodIndex, Pflop, Role
from tests.reference.second.acts import ACTS
from tests.reference.second.spelling import Bad
from tests.statements.test_agreement import NEW, members, mutated

H100 = ParticipantId("h100")
BODIES: dict[Kind, Body] = {
    Kind.NOTIFICATION: Notification(
        what=NoticeKind.MOVE,
        site=ParticipantId("hall-2"),
        of=H100,
        amount=64,
        period=PeriodIndex(3),
    ),
    Kind.TRANSFER: Transfer(
        counterparty=ParticipantId("harbour"),
        direction=Direction.SHIPPED,
        kind=H100,
        count=2_000,
        batch=Digest.of(b"serial numbers"),
        period=-1,
    ),
    Kind.CAPACITY: Capacity(
        lab=ParticipantId("aurora"),
        period=PeriodIndex(3),
        site=ParticipantId("harbour-1"),
        accelerators=(Installed(kind=H100, count=8), Installed(kind=ParticipantId("i1"), count=1)),
    ),
    Kind.AGGREGATE: Aggregate(period=PeriodIndex(3), labs=3, used_pflop=Pflop(10)),
}


def first_reads(kind: Kind, value: Any) -> bool:
    try:
        decode_body(kind, canonical.encode(value))
    except MalformedStatement:
        return False
    return True


def second_reads(kind: Kind, value: Any) -> bool:
    try:
        ACTS[kind](value)
    except (Bad, TypeError):
        return False
    return True


@pytest.mark.parametrize("kind", BODIES)
def test_a_body_is_read_back_by_both_readers(kind: Kind) -> None:
    assert decode_body(kind, encode_body(BODIES[kind])) == BODIES[kind]
    assert second_reads(kind, BODIES[kind].to_json())


@pytest.mark.parametrize("kind", BODIES)
def test_both_readers_refuse_the_same_mutations(kind: Kind) -> None:
    whole, chance = BODIES[kind].to_json(), Random(kind)
    refused = 0
    for path in members(whole):
        for new in (*NEW, 2, 256, 257, 100_000_000, 100_000_001, "shipped", "retirement", "0" * 64):
            changed = mutated(whole, path, new)
            assert first_reads(kind, changed) == second_reads(kind, changed), (path, new)
            refused += not first_reads(kind, changed)
    assert refused > 3 * len(members(whole))
    strange = {**whole, chance.choice(("x", "agreement", "salt")): 1}
    assert not first_reads(kind, strange)
    assert not second_reads(kind, strange)


@pytest.mark.parametrize(
    ("kind", "over"),
    [
        (Kind.AGGREGATE, {"labs": 2}),
        (Kind.TRANSFER, {"count": 0}),
        (Kind.TRANSFER, {"period": -2}),
        (Kind.TRANSFER, {"batch": "A" * 64}),
        (Kind.CAPACITY, {"accelerators": []}),
        (Kind.CAPACITY, {"accelerators": [{"kind": "h100", "count": 1}] * 2}),
        (Kind.NOTIFICATION, {"what": "sale"}),
        (Kind.NOTIFICATION, {"period": -1}),
    ],
    ids=str,
)
def test_a_body_that_says_what_cannot_be_is_refused(kind: Kind, over: dict[str, Any]) -> None:
    assert not first_reads(kind, {**BODIES[kind].to_json(), **over})


def test_each_kind_is_said_by_its_roles_and_nobody_else() -> None:
    speakers = {kind: {role for role in Role if may_say(role, kind)} for kind in BODIES}
    assert speakers == {
        Kind.NOTIFICATION: {Role.LAB},
        Kind.TRANSFER: {Role.LAB, Role.HOST},
        Kind.CAPACITY: {Role.HOST},
        Kind.AGGREGATE: {Role.AUTHORITY},
    }
