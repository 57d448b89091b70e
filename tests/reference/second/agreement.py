"""Which agreements decode: docs/spec/statements.md 5 and 6, line by line."""

from __future__ import annotations

from typing import Any

from tests.reference.second.shapes import (
    ID,
    WHOLE,
    Shape,
    each,
    integer,
    one_of,
    record,
    several,
    text,
)
from tests.reference.second.spelling import Bad, must

PPM = integer(0, 1_000_000)
SOME_PPM = integer(1, 1_000_000)
PERIODS = integer(0, 10_000)
SOME_PERIODS = integer(1, 10_000)
SPAN = integer(0, 10**10)
WORDS = text(2_000, 1)
FAULTS = ("F1", "F2", "F3", "F4", "F5", "F6", "F7", "F8a", "F8b", "F9", "F10", "F10r", "F11")
GRADES = ("confirmed", "plausible", "unresolved", "unsupported")
TIER = one_of("public", "parties", "verifiers", "inspector")
INDICATORS = (
    *("merged-code-share", "task-horizon", "training-code-speed-up", "open-ended-success"),
    *("experiment-choice-share", "merged-lines-per-reviewer-hour", "ai-review-share"),
)
UNBOUNDED = ("task-horizon", "training-code-speed-up", "merged-lines-per-reviewer-hour")
ANATOMY = (
    *("prover", "verifier", "declared", "undeclared"),
    *("access", "confidentiality", "response", "falsified_by"),
)


def flag(value: Any) -> None:
    must(value is True or value is False, "true or false")


def words(*allowed: str, low: int = 1) -> Shape:
    return several(low, len(allowed), one_of(*allowed))


def kind_of(tag: str, kinds: dict[str, dict[str, Shape]]) -> Shape:
    def check(value: Any) -> None:
        must(isinstance(value, dict), "an object")
        kind = value.get(tag)
        if not isinstance(kind, str) or kind not in kinds:
            raise Bad(f"an unknown {tag}")
        record({tag: text(), **kinds[kind]})(value)

    return check


def most_of(indicator: str) -> int:
    return 2**53 - 1 if indicator in UNBOUNDED else 1_000_000


SOURCES = {"sources": several(1, 64, ID), "quorum": integer(1, 64)}
BOUND: dict[str, Shape] = {
    "indicator": one_of(*INDICATORS),
    "side": one_of("at-least", "at-most"),
    "bound": WHOLE,
    **SOURCES,
    "debounce_periods": SOME_PERIODS,
    "self_reported": flag,
}
CONDITION = kind_of(
    "condition",
    {
        "on-ratification": {},
        "from-period": {"period": WHOLE},
        "after-periods": {"periods": SOME_PERIODS},
        "indicator-bound": BOUND,
        "incident-reported": dict(SOURCES),
        "parties-assent": {"need_ppm": SOME_PPM},
        "adjudicator-determines": {},
    },
)


def rule(value: Any) -> None:
    must(isinstance(value, dict), "an object")
    several(1, 16, CONDITION, ordered=False)(value.get("conditions"))
    record({"words": WORDS, "conditions": lambda _: None, "need": integer(1, 16)})(value)
    must(value["need"] <= len(value["conditions"]), "6.6 need")
    for condition in bounds(value):
        must(condition["bound"] <= most_of(condition["indicator"]), "6.7 more than the whole")


def bounds(value: Any) -> list[dict[str, Any]]:
    return [item for item in value["conditions"] if item["condition"] == "indicator-bound"]


def staged(amount: str, shape: Shape) -> Shape:
    return record({"after_periods": PERIODS, amount: shape})


CLAUSE_KINDS = (
    *("lab-total-cap", "assurance-contract", "coverage-threshold", "peer-conditional"),
    *("per-run-training-cap", "post-training-cap", "cluster-rate-cap", "stock-cap"),
    *("research-budget", "staged-cap", "approval-band", "exemptions", "power-down"),
    *("inference-cap", "release-hold", "research-restriction", "trigger-activated"),
    *("lift-condition", "derogation", "snap-back", "withdrawal", "verification-access"),
    *("transparency", "stake", "accession", "non-circumvention", "amendment", "dispute"),
    "non-party",
)
CLAUSES: dict[str, dict[str, Shape]] = {
    "lab-total-cap": {
        "limit_pflop": WHOLE,
        "classes": words(
            *("pre-training", "post-training", "research", "inference", "idle", "maintenance")
        ),
    },
    "assurance-contract": {"deadline_period": WHOLE, "unlinkable": flag},
    "coverage-threshold": {
        "measure": one_of("parties", "declared-capacity"),
        "need": SOME_PPM,
        "deadline_period": WHOLE,
    },
    "peer-conditional": {
        "statuses": words(
            *("no-breach-found-in-what-was-declared", "discrepancy", "breach-proven"),
            *("not-demonstrated", "not-in-force"),
        ),
        "grace_periods": PERIODS,
    },
    "per-run-training-cap": {
        "limit_pflop": WHOLE,
        "counting": one_of("operations-as-executed", "sixteen-bit-equivalent"),
        "lineage": one_of("run-alone", "run-and-ancestors"),
    },
    "post-training-cap": {"limit_pflop": WHOLE, "share_of_base_ppm": PPM},
    "cluster-rate-cap": {
        "rate_pflop_per_s": WHOLE,
        "accelerators": WHOLE,
        "link_mbit_per_s": WHOLE,
        "memory_gb": WHOLE,
        "exceeding": one_of("forbidden", "monitored", "reported"),
    },
    "stock-cap": {
        "accelerators": WHOLE,
        "power_kw": WHOLE,
        "growth_ppm": PPM,
        "every_periods": SOME_PERIODS,
    },
    "research-budget": {
        "budget_pflop": WHOLE,
        "window_periods": SOME_PERIODS,
        "levy": several(
            *(0, 16, record({"from_pflop": WHOLE, "rate_ppm": integer(0, 10_000_000)})),
            by="from_pflop",
        ),
    },
    "staged-cap": {
        "metric": one_of("run", "total"),
        "stages": several(0, 64, staged("limit_pflop", WHOLE), by="after_periods"),
        "milestones": several(
            0, 16, record({"limit_pflop": WHOLE, "rule": rule}), by="limit_pflop"
        ),
    },
    "approval-band": {
        "report_from_pflop": WHOLE,
        "approve_from_pflop": WHOLE,
        "notice_s": SPAN,
        "silence_s": SPAN,
    },
    "exemptions": {
        "purposes": words(
            *("inference", "safety-research", "evaluation", "narrow-domain", "incident-response")
        ),
        "quota_pflop": WHOLE,
        "labelled": flag,
        "audit_milli": integer(1_000, 1_000_000),
    },
    "power-down": {
        "share_ppm": SOME_PPM,
        "shown": one_of("metered", "sealed", "sworn"),
        "wipe_s": SPAN,
    },
    "inference-cap": {"rate_pflop_per_s": WHOLE, "egress_bytes_per_s": WHOLE},
    "release-hold": {
        "acts": words("deployment", "weight-release", "weight-transfer"),
        "notice_s": SPAN,
        "security_level": integer(0, 5),
    },
    "research-restriction": {
        "topics": words(
            *("training-algorithms", "automated-research", "distributed-training"),
            *("architectures", "synthetic-data", "verification-evasion"),
        ),
        "embedded_auditors": integer(0, 1_000),
    },
    "trigger-activated": {"starts": words(*CLAUSE_KINDS), "rule": rule},
    "lift-condition": {
        "lifts": words(*CLAUSE_KINDS),
        "rule": rule,
        "stages": several(0, 16, staged("raise_ppm", integer(1, 100_000_000)), by="after_periods"),
    },
    "derogation": {
        "scope": WORDS,
        "periods_max": SOME_PERIODS,
        "notice_periods": PERIODS,
        "review_periods": PERIODS,
        "reciprocal": flag,
    },
    "snap-back": {
        "faults": several(1, 16, one_of(*FAULTS)),
        "after_periods": PERIODS,
        "veto": flag,
    },
    "withdrawal": {
        "notice_periods": SOME_PERIODS,
        "cooling_off_periods": PERIODS,
        "duties": words(
            *("attest", "keep-within-caps", "admit-inspections", "keep-confidences"), low=0
        ),
    },
    "verification-access": {
        "inspections_per_period": PERIODS,
        "short_notice_ppm": PPM,
        "challenge": flag,
        "notice_s": SPAN,
        "managed_access": words(
            *("shrouding-of-equipment", "logging-off-of-screens", "random-choice-of-rooms"),
            *("cleared-inspectors-only", "results-stay-on-site"),
            low=0,
        ),
    },
    "transparency": {
        "heartbeat_s": integer(1, 10**10),
        "detail": TIER,
        "zero_knowledge": flag,
    },
    "stake": {
        "deposit_usd": integer(1, 2**53 - 1),
        "losses": several(
            1, 4, record({"grade": one_of(*GRADES), "amount_usd": WHOLE}), by="grade"
        ),
    },
    "accession": {
        "need_ppm": PPM,
        "wait_periods": PERIODS,
        "affiliates": flag,
        "tenants_from_pflop": WHOLE,
    },
    "non-circumvention": {
        "forbidden": words(
            *("split-runs", "work-through-others", "moving-abroad", "concealed-sites"),
            "disturbed-sensors",
        ),
        "national_means": flag,
    },
    "amendment": {"need_ppm": SOME_PPM, "halving_periods": PERIODS, "floor_pflop": WHOLE},
    "dispute": {
        "clarification_s": SPAN,
        "evidence": one_of(*GRADES),
        "appeal_periods": PERIODS,
    },
    "non-party": {
        "exceeds_pflop": WHOLE,
        "response": one_of("consult", "derogate", "suspend"),
        "consult_periods": PERIODS,
    },
}
CLAUSE = kind_of(
    "clause", {kind: {"anatomy": each(ANATOMY, WORDS), **CLAUSES[kind]} for kind in CLAUSES}
)


def clause(value: Any) -> None:
    CLAUSE(value)
    match value["clause"]:
        case "cluster-rate-cap":
            lines = ("rate_pflop_per_s", "accelerators", "link_mbit_per_s", "memory_gb")
            must(any(value[line] for line in lines), "6.8 no line is set")
        case "inference-cap":
            must(value["rate_pflop_per_s"] + value["egress_bytes_per_s"] > 0, "6.8 no limit")
        case "research-budget":
            rates = [step["rate_ppm"] for step in value["levy"]]
            must(rates == sorted(set(rates)), "6.8 the levy rises")
        case "staged-cap":
            must(value["stages"] or value["milestones"], "6.10 no stage")
            waits = [one for each in value["milestones"] for one in each["rule"]["conditions"]]
            met_by = {"indicator-bound", "incident-reported"}
            must({one["condition"] for one in waits} <= met_by, "6.10 a milestone's conditions")
        case "withdrawal":
            must(value["cooling_off_periods"] <= value["notice_periods"], "6.8 cooling off")
        case "stake":
            most = max(loss["amount_usd"] for loss in value["losses"])
            must(most <= value["deposit_usd"], "6.8 more than the deposit")


def power(value: Any) -> None:
    if value == {}:
        return
    errors = {"random_ppm": PPM, "systematic_ppm": PPM, "calibration_periods": PERIODS}
    record({**errors, "strategic_wh": WHOLE})(value)
    must(value["random_ppm"] + value["systematic_ppm"] > 0, "6.3 no error stated")


def adjudicator(value: Any) -> None:
    record(
        {
            "words": WORDS,
            "panel": several(0, 64, ID),
            "quorum": integer(0, 64),
            "clarification_s": SPAN,
            "appeal_periods": PERIODS,
            "self_executing": several(0, 4, one_of("F1", "F2", "F3", "F6")),
        }
    )(value)
    must((value["quorum"] > 0) == (value["panel"] != []), "6.5 a quorum without a panel")
    must(value["quorum"] <= len(value["panel"]), "6.5 a quorum above the panel")


def legal_basis(value: Any) -> None:
    record({"words": text(), "voluntary": flag, "exchange_of_information": text()})(value)
    must(not value["voluntary"] or value["exchange_of_information"] != "", "6.9 exchange")


def activation(value: Any) -> None:
    kinds = one_of("unconditional", "all-named", "k-of-n", "coverage")
    record({"kind": kinds, "need": PPM})(value)
    counted = value["kind"] in ("k-of-n", "coverage")
    must((value["need"] > 0) == counted, "6.4 a need exactly where one is counted")


def agreement(body: Any) -> None:
    schedule = {
        "start": WHOLE,
        "period_s": integer(1, 10**10),
        "deadline_s": SPAN,
        "grace_s": integer(1, 10**10),
        "notice_periods": integer(2, 10_000),
    }
    annex = {
        "channels": several(0, 256, record({"meter": ID, "party": ID}), by="meter"),
        "power": power,
        "baseline_periods": PERIODS,
        "sample_quota": integer(0, 10_000_000),
        "sample_ppm": PPM,
    }
    record(
        {
            "title": text(200, 1),
            "activation": activation,
            "parties": several(1, 64, ID),
            "trigger": rule,
            "lift": rule,
            "adjudicator": adjudicator,
            "legal_basis": legal_basis,
            "schedule": record(schedule),
            "annex": record(annex),
            "tiers": each(("period_totals", "site_figures", "job_records", "verdicts"), TIER),
            "clauses": several(0, 32, clause, ordered=False),
        }
    )(body)
    _together(body)


def _together(body: dict[str, Any]) -> None:
    kinds = {item["clause"]: item for item in body["clauses"]}
    read = [item["party"] for item in body["annex"]["channels"]]
    meters = [item["meter"] for item in body["annex"]["channels"]]
    need = body["activation"]["need"]
    must(len(kinds) == len(body["clauses"]), "6.1 a clause twice")
    own = sorted(party for party in read if party in body["parties"])
    must("accession" in kinds or len(own) == len(read), "6.2 a channel of no party")
    if body["annex"]["power"] != {}:
        must(own == sorted(body["parties"]), "6.3 one meter a party")
    if body["activation"]["kind"] == "k-of-n":
        must(need <= len(body["parties"]), "6.4 more than all the parties")
    if "assurance-contract" in kinds:
        must(body["activation"]["kind"] == "all-named", "6.4 C02")
    if "coverage-threshold" in kinds:
        told = kinds["coverage-threshold"]
        kind = {"parties": "k-of-n", "declared-capacity": "coverage"}[told["measure"]]
        must(body["activation"] == {"kind": kind, "need": told["need"]}, "6.4 C03")
    must(not {*body["adjudicator"]["panel"]} & {*body["parties"], *meters}, "6.5 the panel")
    inner = [item["rule"] for item in body["clauses"] if "rule" in item]
    staged_cap = kinds.get("staged-cap", {"milestones": []})
    inner += [each["rule"] for each in staged_cap["milestones"]]
    for item in body["clauses"]:
        named = [*item.get("starts", ()), *item.get("lifts", ())]
        must("staged-cap" not in named, "6.10 C17 and C18 do not name C10")
    rules = (body["trigger"], body["lift"], *inner)
    for condition in [condition for one in rules for condition in bounds(one)]:
        outside = {*condition["sources"]} - {*body["parties"]}
        must(condition["self_reported"] != bool(outside), "6.7 self_reported")
