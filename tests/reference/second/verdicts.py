"""docs/spec/bundles.md, section 5: what a verifier may say once."""

from __future__ import annotations

from tests.reference.second.proofs import (
    Found,
    Material,
    Said,
    kinds,
    revocable,
    statement,
)
from tests.reference.second.register import Register
from tests.reference.second.spelling import must

PLACES = {
    "endorsement": ("period", "view"),
    "appraisal": ("period", "view", "lab"),
    "approval": ("after",),
}


def double_voice(register: Register, materials: list[Material]) -> Found:
    entries = kinds(materials, "envelope", "envelope")
    must(entries[0] < entries[1], "F11 the order")
    one, other = (statement(register, entry) for entry in entries)
    must(one.by == other.by and one.by.role == "verifier", "5.1 one verifier")
    must(one.kind == other.kind and one.kind in PLACES, "5.1 one kind")
    must(_place(one) == _place(other), "5.1 one place")
    of_change = one.kind == "approval"
    differ = one.body["change"] != other.body["change"] if of_change else one.body != other.body
    must(differ, "5.2 the same")
    found = Found(one.by, "two endorsements, appraisals or approvals that differ, for one place")
    return revocable(found, "statement", one.predicate["seq"], other.predicate["seq"])


def _place(said: Said) -> list[object]:
    return [said.body[member] for member in PLACES[said.kind]]
