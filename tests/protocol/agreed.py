"""What two verifiers draw from the same materials; it must be the same."""

from __future__ import annotations

import base64
from collections.abc import Sequence
from functools import cache
from typing import Any

from pausenet.protocol.bundle import JUDGES
from pausenet.protocol.evidence import (
    UNPROVEN,
    EndorsedCut,
    Leaf,
    Material,
    Noted,
    Opened,
    Signed,
)
from pausenet.protocol.register import Register
from pausenet.statements.finding import Fault
from tests.reference import second
from tests.reference.second.register import Register as SecondRegister
from tests.reference.second.register import read_register
from tests.reference.second.spelling import Bad


def agreed(held: Register, fault: Fault, *materials: Material) -> dict[str, Any] | None:
    """The claim that both draw from these materials, None where both refuse them."""
    try:
        found = JUDGES[fault](held, materials)
        one = found.accusation.to_json() if found.materials == materials else None
    except UNPROVEN:
        one = None
    try:
        other = second.derive(_second(held), str(fault), [_json(each) for each in materials])
    except Bad:
        other = None
    assert one == other
    return one


@cache
def _second_register(entries: tuple[bytes, ...]) -> SecondRegister:
    return read_register(list(entries))


def _second(held: Register) -> SecondRegister:
    return _second_register(held.entries)


def _text(data: bytes) -> str:
    return base64.b64encode(data).decode()


def _json(material: Material) -> dict[str, Any]:
    match material:
        case Signed(entry=entry):
            return {"kind": "envelope", "data": _text(entry)}
        case Opened(record=data):
            return {"kind": "record", "data": _text(data)}
        case Noted(note=note):
            return {"kind": "note", "data": _text(note)}
        case EndorsedCut(cut=cut, endorsements=endorsements):
            return {"kind": "cut", "data": _text(cut), "endorsements": [*map(_text, endorsements)]}
        case Leaf(index=place, entry=entry, proof=proof):
            hashes = [node.hex() for node in proof]
            return {"kind": "leaf", "index": place, "data": _text(entry), "proof": hashes}


def shown(held: Register, fault: Fault, cases: Sequence[tuple[Material, ...]]) -> list[bool]:
    return [agreed(held, fault, *materials) is not None for materials in cases]


def signed(*entries: bytes) -> tuple[Signed, ...]:
    return tuple(Signed(entry=entry) for entry in entries)
