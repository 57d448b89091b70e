"""Which payloads decode: docs/spec/statements.md, sections 3 and 5, line by line."""

from __future__ import annotations

from typing import Any

from tests.reference.second.acts import ACTS
from tests.reference.second.shapes import (
    BOUND,
    COUNT,
    HEX64,
    HEX64_OR_NONE,
    ID,
    ORIGIN,
    SPAN,
    VIEW,
    WHOLE,
    Shape,
    each,
    integer,
    one_of,
    record,
    several,
    signature,
    text,
)
from tests.reference.second.spelling import (
    WHOLE_MAX,
    Bad,
    exactly,
    must,
    read_json,
)

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
FAULTS = ("F1", "F2", "F3", "F4", "F5", "F6", "F7", "F8a", "F8b", "F10", "F10r")
GRADES = ("confirmed", "plausible", "unresolved", "unsupported")
STATUSES = (
    "no-breach-found-in-what-was-declared",
    "discrepancy",
    "breach-proven",
    "not-demonstrated",
    "not-in-force",
)
RESULTS = ("in-order", "contradicted", "unanswered", "undelivered")
CLAIMS = ("declared-run-correctness", "declared-run-completeness", "fleet-completeness")
ANATOMY = (
    *("prover", "verifier", "declared", "undeclared"),
    *("access", "confidentiality", "response", "falsified_by"),
)


def class_of(fault: str) -> str:
    return "warrant" if fault in ("F5", "F7", "F10r") else "proof"


def purposes(role: str) -> tuple[str, ...]:
    cosigner = ("storing", "witness") if role == "verifier" else ()
    return ("statement", "log", *cosigner, "recovery")


TIME = {"by": ID, "size": WHOLE, "root": HEX64, "time": WHOLE, "signature": signature}
ACCELERATOR = record({"kind": ID, "count": COUNT})
FINDING = {
    "fault": one_of(*FAULTS),
    "class": one_of("proof", "warrant"),
    "grade": one_of(*GRADES),
    "claim": text(300),
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


def agreement(body: Any) -> None:
    schedule = {
        "start": WHOLE,
        "period_s": integer(1, SPAN),
        "deadline_s": integer(0, SPAN),
        "grace_s": integer(1, SPAN),
        "notice_periods": integer(2, 10_000),
    }
    record(
        {
            "title": text(200, 1),
            "activation": one_of("unconditional", "all-named"),
            "parties": several(1, 64, ID),
            "trigger": text(2_000, 1),
            "lift": text(2_000, 1),
            "adjudicator": text(200, 1),
            "legal_basis": text(),
            "schedule": record(schedule),
            "channels": several(0, 256, record({"meter": ID, "party": ID}), by="meter"),
            "clauses": several(1, 32, clause, ordered=False),
        }
    )(body)
    kinds = [item["clause"] for item in body["clauses"]]
    read = [item["party"] for item in body["channels"]]
    must(len(set(kinds)) == len(kinds), "5.6 a clause twice")
    must(set(read) <= set(body["parties"]), "5.6 a channel of no party")
    if "required-power-channel" in kinds:
        must(sorted(read) == sorted(body["parties"]), "5.6 one meter a party")


def clause(value: Any) -> None:
    must(isinstance(value, dict), "an object")
    terms: dict[str, Shape]
    match value.get("clause"):
        case "per-run-training-cap":
            terms = {"limit_pflop": WHOLE}
        case "lab-total-cap":
            terms = {"limit_pflop": WHOLE, "classes": several(1, 6, one_of(*CLASSES))}
        case "required-power-channel":
            ppm = integer(0, 1_000_000)
            terms = {"random_ppm": ppm, "systematic_ppm": ppm, "strategic_wh": WHOLE}
        case _:
            raise Bad("an unknown clause")
    record({"clause": text(), "anatomy": each(ANATOMY, text(2_000, 1)), **terms})(value)
    if "random_ppm" in value:
        must(value["random_ppm"] + value["systematic_ppm"] > 0, "5.6 no error stated")


def usage(body: Any) -> None:
    site = {"site": ID, "accelerators": several(0, 64, ACCELERATOR, by="kind"), "energy_wh": WHOLE}
    run = {
        "run": ID,
        "parents": several(0, 64, ID),
        "total_pflop": WHOLE,
        "stages": each(STAGES, one_of("human", "joint", "ai")),
        "sign_offs": several(0, 64, HEX64, ordered=False),
    }
    record(
        {
            "leaves": COUNT,
            "sites": several(0, 64, record(site), by="site"),
            "classes": each(CLASSES, record({"occupied_s": WHOLE, "used_pflop": WHOLE})),
            "runs": several(0, 64, record(run), by="run"),
        }
    )(body)
    must(energy(body) <= WHOLE_MAX, "5.7 the energy's sum")
    used = sum(item["used_pflop"] for item in body["classes"].values())
    must(used <= WHOLE_MAX, "5.7 the operations' sum")


def energy(body: Any) -> int:
    return sum(site["energy_wh"] for site in body["sites"])


def finding(value: Any) -> None:
    record(FINDING)(value)
    must(value["class"] == class_of(value["fault"]), "the fault's class")


def closure(body: Any) -> None:
    ended = {"inspection": HEX64, "lab": ID, "result": one_of(*RESULTS)}
    record({"results": several(1, 256, record(ended), ordered=False)})(body)
    keys = [(item["inspection"], item["lab"]) for item in body["results"]]
    must(keys == sorted(set(keys)), "5.8 the results' order")


def report(body: Any) -> None:
    counts = dict.fromkeys(("found", "undeclared", "links"), COUNT)
    record(
        {
            "inspection": HEX64,
            "lab": ID,
            "place": text(200),
            "uids": HEX64,
            "energy_wh": WHOLE,
            **counts,
        }
    )(body)
    must(body["undeclared"] <= body["found"], "5.9 more undeclared than found")


_DRAWN = {
    "lab": ID,
    "usage": HEX64,
    "leaves": several(0, 8, COUNT),
    "sites": several(0, 64, ID),
}
_OPENED = {"index": COUNT, "leaf": HEX64, "proof": several(0, 27, HEX64, ordered=False)}
_SITE = record({"site": ID, "accelerators": several(0, 64, ACCELERATOR, ordered=False)})
_ORIGIN_OF_CUT = record(
    {
        "origin": ORIGIN,
        "size": integer(1, WHOLE_MAX),
        "root": HEX64,
        "signature": signature,
        "times": several(0, 64, record(TIME), by="by"),
    }
)
BODIES: dict[str, Shape] = {
    "register-genesis": genesis,
    "register-entry": register_entry,
    "agreement": agreement,
    "declaration": record(
        {"sites": several(0, 64, _SITE, by="site"), "meters": several(0, 64, ID)}
    ),
    "ratification": record({"agreement": HEX64, "until": WHOLE}),
    "compute-usage": usage,
    "reading": record({"party": ID, "energy_wh": WHOLE}),
    "silence": record({"log": ORIGIN, "size": WHOLE, "due": WHOLE}),
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
    "endorsement": record({"period": WHOLE, "view": VIEW, "cut": HEX64}),
    "fault": record({"fault": one_of(*FAULTS), "accused": ID, "bundle": HEX64}),
    "appraisal": record(
        {
            "period": WHOLE,
            "view": VIEW,
            "cut": HEX64,
            "rules": HEX64,
            "agreement": HEX64,
            "lab": ID,
            "in_force_from": integer(-1, WHOLE_MAX),
            "status": one_of(*STATUSES),
            "claims": each(CLAIMS, one_of("supported", "contradicted", "no-conclusion")),
            "findings": several(0, 256, finding, ordered=False),
        }
    ),
    "sample-commitment": record({"head": HEX64, "length": integer(1, 4_096)}),
    "sample-reveal": record({"period": WHOLE, "cut": HEX64, "image": HEX64}),
    "inspection-request": record(
        {"period": WHOLE, "draws": several(0, 64, record(_DRAWN), by="lab")}
    ),
    "opening": record(
        {
            "request": HEX64,
            "usage": HEX64,
            "leaves": several(1, 25, record(_OPENED), by="index"),
        }
    ),
    "closure": closure,
    "challenge": record({"commitment": HEX64}),
    "challenge-notice": record(
        {
            "salt": HEX64,
            "lab": ID,
            "place": text(200, 1),
            "grounds": text(2_000, 1),
            "claim": one_of(*CLAIMS),
        }
    ),
    "challenge-vote": record({"challenge": HEX64}),
    "challenge-answer": record(
        {
            "challenge": HEX64,
            "answer": one_of("admit", "bargain", "refuse"),
            "managed": several(0, 32, text(200), ordered=False),
        }
    ),
    "inspection-report": report,
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
