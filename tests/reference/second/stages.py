"""docs/spec/bundles.md, sections 9 and 14: usage over limits that a lab was told of."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from tests.reference.second.proofs import Material, kinds, statement, under
from tests.reference.second.register import Member, Register
from tests.reference.second.reports import come_down, eased, grown, ppm
from tests.reference.second.runs import Stated
from tests.reference.second.spelling import must, read_base64


@dataclass
class Told:
    """The stages reached, the limits lowered by clause, and the runs barred."""

    reached: list[int]
    amended: dict[str, list[int]]
    barred: set[str]


def learned(register: Register, accused: Member, period: int, known: list[Material]) -> Told:
    """9.2 to 9.4 What the accused knew of the period before it."""
    kinds(known, "envelope", "envelope", *["leaf"] * max(1, len(known) - 2))
    before, usage = (statement(register, read_base64(item["data"])) for item in known[:2])
    must(before.by == usage.by == accused, "9.2 the accused")
    must(usage.predicate["prev"] == before.id, "9.2 neighbours")
    must(usage.predicate["seq"] == before.predicate["seq"] + 1, "9.2 neighbours")
    must(usage.kind == "compute-usage", "9.2 usage")
    of, schedule = usage.predicate["period"], register.agreement["schedule"]
    must(of != {}, "9.2 of a period")
    start = schedule["start"] + of["index"] * schedule["period_s"]
    must((of["start"], of["end"]) == (start, start + schedule["period_s"]), "9.2 of the schedule")
    must(of["index"] + 2 <= period, "9.2 early enough")
    heads = {head["origin"]: head for head in usage.predicate["seen"]}
    earlier = {head["origin"]: head["size"] for head in before.predicate["seen"]}
    by, new, bodies = [], False, list[Any]()
    for leaf in known[2:]:
        said = statement(register, read_base64(leaf["data"]))
        must(said.kind == "appraisal" and said.by.role == "verifier", "9.3 an appraisal")
        must(said.by.origin in heads and said.predicate["seq"] == leaf["index"], "9.3 seen")
        head = heads[said.by.origin]
        under(leaf, head["size"], bytes.fromhex(head["root"]))
        by.append(said.by.id)
        bodies.append(said.body)
        new = new or leaf["index"] >= earlier.get(said.by.origin, 0)
    epoch = register.epoch(bodies[0]["period"], register.size)
    must(by == sorted(set(by)) and len(by) == epoch.k, "9.3 k verifiers, in register order")
    must(set(by) <= set(epoch.verifiers), "9.3 of its epoch")
    must(all(body == bodies[0] for body in bodies), "9.3 one body")
    must(new, "9.3 one of them new")
    must(bodies[0]["lab"] == accused.id, "9.3 of the accused")
    must(bodies[0]["agreement"] == register.agreement_digest, "9.3 under the agreement")
    body = bodies[0]
    reached = _reached(body["caps"], period)
    barred = {bar["run"] for bar in body["barred"] if bar["from"] <= period}
    amended = {each["clause"]: _reached(each["limits"], period) for each in body["amended"]}
    found = Told(reached, {clause: limits for clause, limits in amended.items() if limits}, barred)
    must(reached != [] or found.amended != {} or barred != set(), "9.4 a limit or a bar")
    return found


def _reached(limits: list[dict[str, int]], period: int) -> list[int]:
    return [each["limit_pflop"] for each in limits if each["from"] <= period]


def over_told(
    register: Register, found: list[Stated], period: int, told: Told
) -> tuple[list[str], set[int]]:
    """9.5, 9.6, 11.6, 14 The words, and the place of the statement that is needed besides."""
    clauses = {item["clause"]: item for item in register.agreement["clauses"]}
    words, places = list[str](), set[int]()
    if told.reached and "staged-cap" in clauses:
        metric, limit = clauses["staged-cap"]["metric"], told.reached[-1]
        limit = come_down(register, limit, period)
        words, places = _over(clauses, found, metric, limit, "staged")
    for kind, limits in sorted(told.amended.items()):
        by = ppm(register, found[-1].body, kind)
        if words or by == -1:
            continue
        metric = "total" if kind == "lab-total-cap" else "run"
        limit = limits[-1] * (1_000_000 + by) // 1_000_000
        words, places = _over(clauses, found, metric, limit, "amended")
    barred = told.barred
    band = eased(register, found[-1].body, "approval-band", "approve_from_pflop")
    line = 0 if band is None else band["approve_from_pflop"]
    if words or line == 0:
        return words, places
    place, runs = grown(found)
    over = [(total, run) for total, run, _ in runs if run in barred and total >= line]
    if not over:
        return [], set()
    total, run = max(over)
    return [f"run {run} has grown to {total} PFLOP, and was barred by an objection"], place


def _over(
    clauses: dict[str, Any], found: list[Stated], metric: str, limit: int, cap: str
) -> tuple[list[str], set[int]]:
    usage = found[-1].body
    if metric == "total":
        counted = clauses.get("lab-total-cap", {"classes": [*usage["classes"]]})["classes"]
        used = sum(usage["classes"][name]["used_pflop"] for name in counted)
        words = f"the period's total is {used} PFLOP, the {cap} cap on it is {limit}"
        return ([words] if used > limit else []), set()
    place, runs = grown(found)
    over = [(total, run) for total, run, _ in runs if total > limit]
    if not over:
        return [], set()
    total, run = max(over)
    words = f"run {run} has grown to {total} PFLOP, the {cap} cap on a run is {limit}"
    return [words], place
