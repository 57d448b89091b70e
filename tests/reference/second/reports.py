"""docs/spec/bundles.md, sections 11 to 13: runs that are reported, and limits as they bind."""

from __future__ import annotations

from typing import Any

from tests.reference.second.proofs import Said
from tests.reference.second.register import Register
from tests.reference.second.runs import Stated


def grown(found: list[Stated]) -> tuple[set[int], list[tuple[int, str, int]]]:
    """11.1 The place of the usage of the period before; total, name and report of what grew."""
    last = found[-1]
    before = [each for each in found[:-1] if each.period == last.period - 1][:1]
    if not before:
        return set(), []
    stood = {run["run"]: run["total_pflop"] for run in before[0].body["runs"]}
    runs = [(run["total_pflop"], run["run"], run["reported"]) for run in last.body["runs"]]
    return {before[0].place}, [each for each in runs if each[0] > stood.get(each[1], 0)]


def come_down(register: Register, limit: int, period: int) -> int:
    """13.1 What a limit of the agreement is in a period."""
    for clause in register.agreement["clauses"]:
        if clause["clause"] == "amendment" and clause["halving_periods"] > 0:
            halved = limit // 2 ** min(period // clause["halving_periods"], 64)
            return int(max(halved, min(clause["floor_pflop"], limit)))
    return limit


def ppm(register: Register, usage: dict[str, Any], kind: str) -> int:
    """12.1 By how much the accused statement says that a clause is raised, where it may be."""
    clauses = {item["clause"]: item for item in register.agreement["clauses"]}
    rules = (("trigger-activated", "starts"), ("lift-condition", "lifts"))
    named = {each for rule, key in rules if rule in clauses for each in clauses[rule][key]}
    said = {each["clause"]: each["raised_ppm"] for each in usage["eased"]}
    return int(said.get(kind, 0)) if kind in named else 0


def eased(
    register: Register, usage: dict[str, Any], kind: str, *lines: str, period: int = 0
) -> dict[str, Any] | None:
    """12.2, 13.2 A clause as it binds in a period by the accused statement's word; None if not."""
    clauses = {item["clause"]: item for item in register.agreement["clauses"]}
    by = ppm(register, usage, kind)
    if kind not in clauses or by == -1:
        return None
    limits = {line: come_down(register, clauses[kind][line], period) for line in lines}
    raised = {line: limits[line] * (1_000_000 + by) // 1_000_000 for line in lines}
    return {**clauses[kind], **raised}


def unreported(
    register: Register, found: list[Stated], log: dict[int, Said]
) -> tuple[list[str], set[int], set[int]]:
    """11.4 The words, the statements needed with their windows, and the entries needed alone."""
    names = ("report_from_pflop", "approve_from_pflop")
    band = eased(register, found[-1].body, "approval-band", *names)
    lines = [] if band is None else [band[name] for name in names if band[name] > 0]
    if band is None or not lines:
        return [], set(), set()
    place, runs = grown(found)
    for total, run, report in sorted(runs, reverse=True):
        if total >= min(lines):
            words, alone = _amiss(register, band, found[-1], (total, run, report), log)
            if words:
                return [f"run {run} has grown to {total} PFLOP, and {words}"], place, alone
    return [], set(), set()


def _amiss(
    register: Register,
    band: dict[str, Any],
    last: Stated,
    run: tuple[int, str, int],
    log: dict[int, Said],
) -> tuple[str, set[int]]:
    total, name, place = run
    if place < 0 or place >= last.place:
        return "names no report of it", set()
    if place not in log:
        return "", set()
    body = log[place].body
    is_report = (
        log[place].kind == "notification"
        and (body["what"], body["of"]) == ("new-run", name)
        and body["amount"] >= total
        and body["period"] <= last.period
    )
    if not is_report:
        return f"what it names at place {place} is no report of it", {place}
    due = last.period - 1 - _waits(register, band, body["amount"])
    for at in sorted(log):
        if at < place and _is_usage_from(register, log[at], due):
            words = f"its report at place {place} stands after the usage of a period from {due} on"
            return words, {place, at}
    return "", set()


def _waits(register: Register, band: dict[str, Any], amount: int) -> int:
    """11.3"""
    schedule = register.agreement["schedule"]
    length = schedule["period_s"]
    notice = (band["notice_s"] + length - 1) // length
    if not 0 < band["approve_from_pflop"] <= amount:
        return int(notice)
    lag = (schedule["deadline_s"] + schedule["grace_s"]) // length
    return int(max(notice, (band["silence_s"] + length - 1) // length + lag + 2))


def _is_usage_from(register: Register, said: Said, due: int) -> bool:
    period, schedule = said.predicate["period"], register.agreement["schedule"]
    if said.kind != "compute-usage" or period == {} or period["index"] < due:
        return False
    start = schedule["start"] + period["index"] * schedule["period_s"]
    return bool((period["start"], period["end"]) == (start, start + schedule["period_s"]))
