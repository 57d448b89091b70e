"""docs/spec/bundles.md, section 7: windows, corrections, and runs with their ancestors."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from tests.reference.second.proofs import Material, Said
from tests.reference.second.spelling import must, read_base64


@dataclass
class Stated:
    """A usage statement whose window is at hand: its place, the window's end, what counts."""

    place: int
    period: int
    end: int
    body: dict[str, Any]


def stated(leaves: list[Material], said: list[Said], accused: Said, size: int) -> list[Stated]:
    """7.1, 7.2: the figures of every usage statement up to the accused one."""
    places = [leaf["index"] for leaf in leaves]
    must(places == sorted(set(places)), "7.3 in the order of the log")
    must(all(each.by == accused.by for each in said), "7.3 of one log")
    log = dict(zip(places, zip(leaves, said, strict=True), strict=True))
    found = []
    for place, each in zip(places, said, strict=True):
        same = each.predicate["agreement"] == accused.predicate["agreement"]
        if each.kind == "compute-usage" and same and place <= accused.predicate["seq"]:
            found += _figures(log, place, size)
    must(found != [] and found[-1].place == accused.predicate["seq"], "7.3 its window")
    return found


def _figures(log: dict[int, tuple[Material, Said]], place: int, size: int) -> list[Stated]:
    usage = log[place][1]
    body, length, at = usage.body, 0, place + 1
    while at < size and at <= place + 64 and length < 200_000:
        if at not in log:
            return []
        leaf, later = log[at]
        length += len(read_base64(leaf["data"]))
        if later.kind == "correction" and names(later, usage):
            body = later.body["usage"]
        at += 1
    return [Stated(place, usage.predicate["period"].get("index", -1), at, body)]


def names(later: Said, usage: Said) -> bool:
    """7.2 A correction of this usage statement."""
    same_period = later.predicate["period"] == usage.predicate["period"]
    of = (later.body["of"], later.body["seq"])
    return same_period and later.by == usage.by and of == (usage.id, usage.predicate["seq"])


def lineage(found: list[Stated], limit: int, of: set[str]) -> tuple[str, set[int]]:
    """7.4 The words of the first of these over the limit with its ancestors, and the places."""
    totals: dict[str, tuple[int, int]] = {}
    parents: dict[str, dict[str, int]] = {}
    for each in found:
        for run in each.body["runs"]:
            if run["run"] not in totals or totals[run["run"]][0] < run["total_pflop"]:
                totals[run["run"]] = (run["total_pflop"], each.place)
            known = parents.setdefault(run["run"], {})
            for parent in run["parents"]:
                known.setdefault(parent, each.place)
    for run in (each for each in found[-1].body["runs"] if each["run"] in of):
        total, met, places = run["total_pflop"], {run["run"]}, set()
        queue = sorted(parents[run["run"]].items())
        while queue and total <= limit:
            name, place = queue.pop(0)
            if name not in met and name in totals:
                met.add(name)
                places |= {place, totals[name][1]}
                total += totals[name][0]
                queue += sorted(parents[name].items())
        if total > limit:
            text = f"run {run['run']} with {len(met) - 1} of its ancestors stands at {total} PFLOP"
            return f"{text}, the cap on a run is {limit}", places
    return "", set()
