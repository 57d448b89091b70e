"""docs/spec/bundles.md, section 9: usage over the stage of a cap that falls."""

from __future__ import annotations

from typing import Any

from tests.reference.second.proofs import Material, kinds, statement, under
from tests.reference.second.register import Member, Register
from tests.reference.second.runs import Stated
from tests.reference.second.spelling import must, read_base64


def learned(register: Register, accused: Member, period: int, known: list[Material]) -> int:
    """9.2 to 9.4 The limit that the accused knew before the period."""
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
    reached = [cap["limit_pflop"] for cap in bodies[0]["caps"] if cap["from"] <= period]
    must(reached != [], "9.4 a limit")
    return int(reached[-1])


def over_stage(
    register: Register, found: list[Stated], period: int, limit: int
) -> tuple[list[str], set[int]]:
    """9.5, 9.6 The words, and the place of the statement that is needed besides."""
    clauses = {item["clause"]: item for item in register.agreement["clauses"]}
    must("staged-cap" in clauses, "9.1 a staged cap")
    usage = found[-1].body
    if clauses["staged-cap"]["metric"] == "total":
        counted = clauses.get("lab-total-cap", {"classes": [*usage["classes"]]})["classes"]
        used = sum(usage["classes"][name]["used_pflop"] for name in counted)
        words = f"the period's total is {used} PFLOP, the staged cap on it is {limit}"
        return ([words] if used > limit else []), set()
    before = [each for each in found[:-1] if each.period == period - 1][:1]
    if not before:
        return [], set()
    stood = {run["run"]: run["total_pflop"] for run in before[0].body["runs"]}
    grown = [
        (run["total_pflop"], run["run"])
        for run in usage["runs"]
        if run["total_pflop"] > limit and run["total_pflop"] > stood.get(run["run"], 0)
    ]
    if not grown:
        return [], set()
    total, run = max(grown)
    words = f"run {run} has grown to {total} PFLOP, the staged cap on a run is {limit}"
    return [words], {before[0].place}
