"""Finds the two sides of each transfer: only what both say alike has moved anything."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TypeAlias

from pausenet.statements.codec import Statement
from pausenet.statements.movement import Direction, Transfer
from pausenet.values import Digest, ParticipantId


@dataclass(frozen=True, slots=True, kw_only=True)
class Side:
    """One side of a transfer, as `by` says it."""

    by: ParticipantId
    other: ParticipantId
    direction: Direction
    kind: ParticipantId
    count: int
    batch: Digest
    period: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Pairing:
    """All sides, sorted into what they come to; `agreed` holds both sides of each transfer."""

    agreed: tuple[Side, ...]
    one_sided: tuple[Side, ...]
    differing: tuple[Side, ...]
    doubled: tuple[Side, ...]


_Key: TypeAlias = tuple[ParticipantId, ParticipantId, Digest]


def pair(said: Mapping[ParticipantId, Sequence[Statement]]) -> Pairing:
    """Pair shipments with receipts by shipper, receiver and batch.

    Of one party's words on one batch the first counts, so that nobody can ship a batch twice; the
    sides agree when kind and count are equal and nothing came before it left.
    """
    shipped: dict[_Key, Side] = {}
    received: dict[_Key, Side] = {}
    doubled: list[Side] = []
    for by in sorted(said):
        for each in said[by]:
            if not isinstance(each.body, Transfer):
                continue
            side = _side(by, each.body)
            if side.direction is Direction.SHIPPED:
                key, found = (by, side.other, side.batch), shipped
            else:
                key, found = (side.other, by, side.batch), received
            if found.setdefault(key, side) is not side:
                doubled.append(side)
    agreed: list[Side] = []
    one_sided: list[Side] = []
    differing: list[Side] = []
    for key in sorted({*shipped, *received}):
        sides = tuple(held[key] for held in (shipped, received) if key in held)
        if len(sides) == 1 or key[0] == key[1]:
            one_sided += sides
        elif _alike(*sides):
            agreed += sides
        else:
            differing += sides
    return Pairing(
        agreed=tuple(agreed),
        one_sided=tuple(one_sided),
        differing=tuple(differing),
        doubled=tuple(doubled),
    )


def _side(by: ParticipantId, body: Transfer) -> Side:
    return Side(
        by=by,
        other=body.counterparty,
        direction=body.direction,
        kind=body.kind,
        count=body.count,
        batch=body.batch,
        period=body.period,
    )


def _alike(shipped: Side, received: Side) -> bool:
    same = (shipped.kind, shipped.count) == (received.kind, received.count)
    return same and shipped.period <= received.period
