"""docs/spec/bundles.md: an exit code of a bundle's bytes and a network id."""

from __future__ import annotations

from hashlib import sha256
from typing import Any

from tests.reference.second import changes, inspections, proofs, verdicts, warrants
from tests.reference.second.agreement import FAULTS
from tests.reference.second.bodies import (
    GRADES,
    HEX64,
    HEX64_OR_NONE,
    ID,
    ROLES,
    WHOLE,
    class_of,
    one_of,
    record,
    several,
    text,
)
from tests.reference.second.register import Register, read_register
from tests.reference.second.spelling import Bad, must, read_base64, read_json, write_json

JUDGES = {
    "F1": proofs.equivocation,
    "F2": proofs.split,
    "F3": proofs.fork,
    "F4": proofs.bad_entry,
    "F5": warrants.silence,
    "F6": warrants.over_cap,
    "F7": warrants.discrepancy,
    "F8a": proofs.double_cosigner,
    "F8b": proofs.shrinking_cosigner,
    "F10": inspections.false_or_missing,
    "F10r": inspections.refusal,
    "F11": verdicts.double_voice,
}


def examine(data: bytes, network: str | None) -> str:
    """What comes of a bundle, in one word."""
    try:
        bundle = read_bundle(data)
    except Bad:
        return "malformed"
    if bundle["claim"]["fault"] == "F9":
        return "not-run"  # 6.2: this program has no rules of appraisal
    try:
        judge(bundle)
    except Bad:
        return "not-supported"
    if network != bundle["network"]:
        return "unknown-parties"
    return "proven" if bundle["claim"]["grade"] == "confirmed" else "reproduced"


def verify(data: bytes, network: str | None) -> int:
    """1 proof, 2 malformed, 3 warrant, unknown parties or not supported."""
    return {"proven": 1, "malformed": 2}.get(examine(data, network), 3)


def read_bundle(data: bytes) -> dict[str, Any]:
    """Section 1: the shape alone."""
    must(len(data) <= 3 * 1024 * 1024, "1.1 too long")
    value = read_json(data)
    claim = {
        "fault": one_of(*FAULTS),
        "class": one_of("proof", "warrant"),
        "grade": one_of(*GRADES),
        "accused": ID,
        "role": one_of(*ROLES),
        "key": HEX64,
        "periods": several(0, 4_096, WHOLE),
        "text": text(600),
    }
    record(
        {
            "bundle": one_of("v1"),
            "network": HEX64,
            "agreement": HEX64_OR_NONE,
            "register": several(1, 512, _blob, ordered=False),
            "materials": several(1, 2_048, _material, ordered=False),
            "claim": record(claim),
            "digest": HEX64,
        }
    )(value)
    must(value["claim"]["class"] == class_of(value["claim"]["fault"]), "1.4 class")
    rest = {name: member for name, member in value.items() if name != "digest"}
    must(sha256(write_json(rest)).hexdigest() == value["digest"], "1.1 digest")
    found: dict[str, Any] = value
    return found


def _blob(value: Any) -> None:
    text(90_000)(value)
    read_base64(value)


def _material(value: Any) -> None:
    must(isinstance(value, dict), "1.3 an object")
    if value.get("kind") == "log":
        record(
            {"kind": text(), "origin": text(), "entries": several(1, 4_096, _blob, ordered=False)}
        )(value)
        return
    shapes = {
        "key-change": {},
        "envelope": {},
        "note": {},
        "record": {},
        "cut": {"endorsements": several(0, 64, _blob, ordered=False)},
        "leaf": {"index": WHOLE, "proof": several(0, 64, HEX64, ordered=False)},
    }
    one_of(*shapes)(value.get("kind"))
    record({"kind": text(), "data": _blob, **shapes[value["kind"]]})(value)


def judge(bundle: dict[str, Any]) -> None:
    """Section 2, without the caller's network id."""
    register = read_register([read_base64(entry) for entry in bundle["register"]])
    must(register.network == bundle["network"], "2.1 the register's network")
    fault = bundle["claim"]["fault"]
    materials = changes.take(register, fault, bundle["materials"])
    needed = changes.register_needed(register, fault, materials)
    must(needed == register.size, "10.2 as much of the register as is needed")
    must(bundle["claim"] == derive(register, fault, materials), "2.3 the claim")
    rests = fault in ("F5", "F6", "F7", "F10", "F10r")
    must(bundle["agreement"] == (register.agreement_digest if rests else ""), "2.4 agreement")


def derive(register: Register, fault: str, materials: list[dict[str, Any]]) -> dict[str, Any]:
    """2.3 The claim that the materials give."""
    must(fault in JUDGES, "6.2 not run")
    found = JUDGES[fault](register, materials)
    key = found.key or found.accused.keys["statement"]
    return {
        "fault": fault,
        "class": class_of(fault),
        "grade": found.grade,
        "accused": found.accused.id,
        "role": found.accused.role,
        "key": sha256(key).hexdigest(),
        "periods": found.periods,
        "text": found.text,
    }
