"""Which payloads decode: docs/spec/statements.md, sections 3 and 5, line by line."""

from __future__ import annotations

from functools import partial
from itertools import pairwise
from typing import Any

from tests.reference.second.acts import ACTS
from tests.reference.second.agreement import FAULTS, INDICATORS, agreement, most_of
from tests.reference.second.asked import INSPECTIONS
from tests.reference.second.shapes import (
    COUNT,
    HEX64,
    HEX64_OR_NONE,
    ID,
    ORIGIN,
    WHOLE,
    Shape,
    each,
    integer,
    one_of,
    record,
    several,
    text,
)
from tests.reference.second.spelling import WHOLE_MAX, exactly, must, read_base64, read_json

ROLES = (
    *("lab", "meter", "verifier", "registrar"),
    *("adjudicator", "evaluator", "host", "authority"),
)
CLASSES = ("pre-training", "post-training", "research", "inference", "idle", "maintenance")
STAGES = (
    "wrote-training-code",
    "chose-architecture-data-reward",
    "evaluated-and-decided-to-deploy",
)
GRADES = ("confirmed", "plausible", "unresolved", "unsupported")
PARTY_STAGES = (
    *("drafted", "open-for-signature", "conditionally-bound", "in-force", "suspended"),
    *("derogated", "breach-suspected", "breach-found", "snapped-back", "in-notice"),
    *("ended", "void"),
)
STATUSES = (
    "no-breach-found-in-what-was-declared",
    "discrepancy",
    "breach-proven",
    "not-demonstrated",
    "not-in-force",
)
CLAIMS = ("declared-run-correctness", "declared-run-completeness", "fleet-completeness")


def class_of(fault: str) -> str:
    return "warrant" if fault in ("F5", "F7", "F10r") else "proof"


def purposes(role: str) -> tuple[str, ...]:
    cosigner = ("storing", "witness") if role == "verifier" else ()
    return ("statement", "log", *cosigner, "recovery")


def signature(value: Any) -> None:
    must(len(read_base64(value)) == 64, "a signature")


VIEW = integer(0, 64)
BOUND = integer(1, 10_000_000)
FROM_1 = integer(1, WHOLE_MAX)
TIME = {"by": ID, "size": FROM_1, "root": HEX64, "time": WHOLE, "signature": signature}
ACCELERATOR = record({"kind": ID, "count": COUNT})
FINDING = {
    "fault": one_of(*FAULTS),
    "class": one_of("proof", "warrant"),
    "grade": one_of(*GRADES),
    "claim": text(600),
    "accused": ID,
    "periods": several(0, 4_096, WHOLE),
    "bundle": HEX64,
}


# ----------------------------------------------------------------------------------- the bodies


def genesis(body: Any) -> None:
    who = {"id": ID, "role": one_of(*ROLES), "bloc": text(64), "statement_key": HEX64}
    record(
        {
            "name": text(64),
            "registrar_log_key": HEX64,
            "n": integer(1, 64),
            "k": integer(1, 64),
            "epsilon_s": BOUND,
            "delta_s": BOUND,
            "heartbeat_s": BOUND,
            "speed": BOUND,
            "participants": several(2, 256, record(who), by="id"),
        }
    )(body)
    roles = [item["role"] for item in body["participants"]]
    n = roles.count("verifier")
    must(roles.count("registrar") == 1, "5.5 one registrar")
    must(n == 1 or 4 <= n <= 64, "register 1.3 the number of verifiers")
    must((body["n"], body["k"]) == (n, n - (n - 1) // 3), "register 1.3 n and k")


def register_entry(body: Any) -> None:
    must(isinstance(body, dict), "an object")
    one_of(*ROLES)(body.get("role"))
    record(
        {
            "id": ID,
            "role": one_of(*ROLES),
            "bloc": text(64),
            "origin": ORIGIN,
            "group": text(64),
            "tls_spki": HEX64,
            "keys": each(purposes(body["role"]), HEX64),
            "possession": each(purposes(body["role"]), signature),
        }
    )(body)


EASABLE = ("approval-band", "lab-total-cap", "per-run-training-cap")
RAISED = integer(-1, WHOLE_MAX)
CHANGES = several(1, 20, record({"from": WHOLE, "raised_ppm": RAISED}), by="from")


def usage(body: Any) -> None:
    site = {"site": ID, "accelerators": several(0, 64, ACCELERATOR, by="kind"), "energy_wh": WHOLE}
    run = {
        "run": ID,
        "parents": several(0, 64, ID),
        "total_pflop": WHOLE,
        "stages": each(STAGES, one_of("human", "joint", "ai")),
        "sign_offs": several(0, 64, HEX64, ordered=False),
        "reported": integer(-1, WHOLE_MAX),
    }
    record(
        {
            "leaves": COUNT,
            "sites": several(0, 64, record(site), by="site"),
            "classes": each(CLASSES, record({"occupied_s": WHOLE, "used_pflop": WHOLE})),
            "runs": several(0, 64, record(run), by="run"),
            "eased": several(
                0, 3, record({"clause": one_of(*EASABLE), "raised_ppm": RAISED}), by="clause"
            ),
        }
    )(body)
    must(energy(body) <= WHOLE_MAX, "5.7 the energy's sum")
    used = sum(item["used_pflop"] for item in body["classes"].values())
    must(used <= WHOLE_MAX, "5.7 the operations' sum")


def correction(body: Any) -> None:
    record({"of": HEX64, "seq": WHOLE, "usage": usage, "reason": text(300, 1)})(body)


def spans(value: Any) -> None:
    span = record({"from": WHOLE, "until": integer(-1, WHOLE_MAX)})
    several(0, 64, span, ordered=False)(value)
    must(all(each["until"] == -1 or each["from"] < each["until"] for each in value), "5.10")
    for before, after in pairwise(value):
        must(before["until"] != -1 and before["until"] < after["from"], "5.10 spans apart")


def ceilings(value: Any, least: int = 0, most: int = 80) -> None:
    several(least, most, record({"from": WHOLE, "limit_pflop": WHOLE}), by="from")(value)
    limits = [cap["limit_pflop"] for cap in value]
    must(limits == sorted(set(limits), reverse=True), "5.10 limits that fall")


def amended(value: Any) -> None:
    limits = partial(ceilings, least=1, most=8)
    record({"clause": one_of("lab-total-cap", "per-run-training-cap"), "limits": limits})(value)


def energy(body: Any) -> int:
    return sum(site["energy_wh"] for site in body["sites"])


def finding(value: Any) -> None:
    record(FINDING)(value)
    must(value["class"] == class_of(value["fault"]), "the fault's class")


_NEW_KEY = record(
    {
        "purpose": one_of("statement", "log", "storing", "witness"),
        "key": HEX64,
        "possession": signature,
    }
)


def new_keys(value: Any) -> None:
    several(2, 4, _NEW_KEY, by="purpose")(value)


def indicator(body: Any) -> None:
    record({"about": ID, "indicator": one_of(*INDICATORS), "value": WHOLE})(body)
    must(body["value"] <= most_of(body["indicator"]), "5.9 more than the whole")


def operator(value: Any) -> None:
    if value != "":
        ID(value)


_FLEET = several(0, 64, ACCELERATOR, ordered=False)
_SITE = record({"site": ID, "accelerators": _FLEET, "operator": operator})
_ORIGIN_OF_CUT = record(
    {
        "origin": ORIGIN,
        "size": FROM_1,
        "root": HEX64,
        "signature": signature,
        "times": several(0, 64, record(TIME), by="by"),
    }
)


def membership_change(body: Any) -> None:
    approved = record({"by": ID, "signature": signature})
    record({"change": change, "approvals": several(1, 64, approved, by="by")})(body)


def change(value: Any) -> None:
    must(isinstance(value, dict), "an object")
    epoch = {"epoch": integer(1, 512), "first": WHOLE, "verifier": ID}
    steps: dict[str, dict[str, Shape]] = {
        "admits": {"entry": register_entry},
        "joins": {**epoch, "handover": HEX64},
        "leaves": epoch,
    }
    one_of(*steps)(value.get("step"))
    record({"step": text(), **steps[value["step"]]})(value)
    if value["step"] == "admits":
        must(value["entry"]["role"] == "verifier", "5.12 only verifiers are admitted")


_HANDED = record({"origin": ORIGIN, "size": integer(1, WHOLE_MAX), "root": HEX64})
BODIES: dict[str, Shape] = {
    "membership-change": membership_change,
    "approval": record({"after": HEX64, "change": HEX64, "signature": signature}),
    "handover": record({"epoch": integer(0, 512), "heads": several(1, 512, _HANDED, by="origin")}),
    "register-genesis": genesis,
    "register-entry": register_entry,
    "agreement": agreement,
    "declaration": record(
        {"sites": several(0, 64, _SITE, by="site"), "meters": several(0, 64, ID)}
    ),
    "ratification": record({"agreement": HEX64, "until": WHOLE}),
    "compute-usage": usage,
    "correction": correction,
    "reading": record({"party": ID, "energy_wh": WHOLE}),
    "indicator": indicator,
    "incident": record({"about": ID, "text": text(2_000, 1)}),
    "silence": record(
        {
            "log": ORIGIN,
            "size": WHOLE,
            "due": WHOLE,
            "register_size": WHOLE,
            "register_root": HEX64,
        }
    ),
    "cut": record(
        {
            "period": WHOLE,
            "view": VIEW,
            "register_size": WHOLE,
            "register_root": HEX64,
            "origins": several(0, 512, _ORIGIN_OF_CUT, by="origin"),
            "faults": several(0, 256, HEX64),
        }
    ),
    **ACTS,
    "key-rotation": record({"keys": new_keys, "handover": signature}),
    "key-recovery": record({"keys": new_keys, "resumes": WHOLE}),
    "endorsement": record({"period": WHOLE, "view": VIEW, "cut": HEX64}),
    "fault": record(
        {
            "fault": one_of(*FAULTS),
            "grade": one_of("confirmed", "plausible"),
            "accused": ID,
            "bundle": HEX64,
        }
    ),
    "appraisal": record(
        {
            "period": WHOLE,
            "view": VIEW,
            "cut": HEX64,
            "rules": HEX64,
            "agreement": HEX64,
            "lab": ID,
            "stage": one_of(*PARTY_STAGES),
            "bound": spans,
            "caps": ceilings,
            "barred": several(0, 32, record({"run": ID, "from": WHOLE}), by="run"),
            "eased": several(
                0, 3, record({"clause": one_of(*EASABLE), "changes": CHANGES}), by="clause"
            ),
            "amended": several(0, 2, amended, by="clause"),
            "corrections": WHOLE,
            "lowered": several(0, 4_096, WHOLE),
            "status": one_of(*STATUSES),
            "claims": each(CLAIMS, one_of("supported", "contradicted", "no-conclusion")),
            "findings": several(0, 256, finding, ordered=False),
        }
    ),
    **INSPECTIONS,
}


def period(value: Any) -> None:
    if value != {}:
        record({"index": WHOLE, "start": WHOLE, "end": WHOLE})(value)
        must(value["start"] < value["end"], "5.4 a period that ends before it starts")


def read_statement(payload: bytes) -> tuple[str, dict[str, Any], str]:
    """The kind, the predicate and the subject's digest of a payload that decodes."""
    must(len(payload) <= 48_000, "2.1 a payload too long")
    value = read_json(payload)
    subject = record({"name": text(200), "digest": record({"sha256": HEX64})})
    prefix, head = "https://pausenet.example/", {"origin": ORIGIN, "size": WHOLE, "root": HEX64}
    exactly(value, "_type", "subject", "predicateType", "predicate")
    must(value["_type"] == "https://in-toto.io/Statement/v1", "_type")
    several(1, 1, subject)(value["subject"])
    one_of(*(f"{prefix}{kind}/v1" for kind in BODIES))(value["predicateType"])
    kind = value["predicateType"].removeprefix(prefix).removesuffix("/v1")
    predicate: dict[str, Any] = value["predicate"]
    record(
        {
            "network": HEX64_OR_NONE,
            "author": ID,
            "origin": ORIGIN,
            "seq": WHOLE,
            "prev": HEX64,
            "agreement": HEX64_OR_NONE,
            "period": period,
            "seen": several(0, 128, record(head), by="origin"),
            "body": BODIES[kind],
        }
    )(predicate)
    must((kind == "register-genesis") == (predicate["network"] == ""), "5.4 network")
    return kind, predicate, value["subject"][0]["digest"]["sha256"]
