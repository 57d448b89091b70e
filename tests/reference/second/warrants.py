"""docs/spec/bundles.md, section 3: F5, F6 and F7, which rest on the agreement."""

from __future__ import annotations

from hashlib import sha256
from math import isqrt
from typing import Any

from tests.reference.second.bodies import energy
from tests.reference.second.proofs import Found, Material, Said, kinds, statement, under
from tests.reference.second.register import Member, Register
from tests.reference.second.reports import eased, grown, unreported
from tests.reference.second.runs import Stated, lineage, names, stated
from tests.reference.second.spelling import WHOLE_MAX, must, read_base64, write_json
from tests.reference.second.stages import learned, over_told

A = "0 0 0 0 2 4 9 16 26 39 53 67 78 87 93 96 98 99 99 99 99 99 99 99 99"
B = "4 10 19 34 54 73 88 96 99"
BALANCES, ROW = 52, 2326
PAGES = (("large", 1000, 2861), ("small", 500, 5363))


def period_of(register: Register, said: Said) -> int:
    """3.5 The index of the schedule's period that a statement is of."""
    period, schedule = said.predicate["period"], register.agreement["schedule"]
    must(period != {}, "3.5 no period")
    index: int = period["index"]
    start = schedule["start"] + index * schedule["period_s"]
    end = start + schedule["period_s"]
    must((period["start"], period["end"]) == (start, end), "3.5 not the schedule's")
    must(end <= WHOLE_MAX, "3.5 beyond what times can say")
    return index


def clause(register: Register, kind: str) -> dict[str, Any] | None:
    return next((item for item in register.agreement["clauses"] if item["clause"] == kind), None)


# --------------------------------------------------------------------------------------- 3.1 F5


def silence(register: Register, materials: list[Material]) -> Found:
    entries = kinds(materials, *["envelope"] * len(materials))
    said = [statement(register, entry) for entry in entries]
    count = [each.kind for each in said].count("silence")
    silences, answers = said[:count], said[count:]
    must(count > 0 and all(each.kind == "silence" for each in silences), "3.1 silences first")
    must(len({each.body["log"] for each in silences}) == 1, "3.1 one log")
    accused = register.owner(silences[0].body["log"])
    must(accused.role in ("lab", "meter"), "3.1 of a lab or a meter")
    for each in silences:
        named = each.body["register_size"], each.body["register_root"]
        must(register.alike(*named, each.body["due"]), "register 3.17 by this register")
    dues = [each.body["due"] for each in silences]
    must(dues == sorted(dues), "3.1 ascending periods")
    periods, quorum = sorted(set(dues)), 0
    for period in periods:
        epoch = register.epoch(period, register.size)
        quorum = epoch.f + 1
        names = [each.by.id for each in silences if each.body["due"] == period]
        must(len(names) == quorum and names == sorted(set(names)), "3.1 f+1, in register order")
        must(set(names) <= set(epoch.verifiers), "3.1 verifiers of the period's epoch")
    due = "compute-usage" if accused.role == "lab" else "reading"
    must(all(each.by == accused and each.kind == due for each in answers), "3.1 answers")
    must(not answers or [period_of(register, each) for each in answers] == periods, "3.1 answers")
    span = f"period {periods[0]}"
    if len(periods) > 1:
        span = f"{len(periods)} periods from {periods[0]} to {periods[-1]}"
    words = f"nothing due was held at the close of {span}, say {quorum} verifiers"
    if answers:
        return Found(accused, f"withdrawn: {words}; answered since", "unsupported", periods)
    return Found(accused, words, "unresolved", periods)


# --------------------------------------------------------------------------------------- 3.2 F6


def over_cap(register: Register, materials: list[Material]) -> Found:
    ends = [place for place, item in enumerate(materials) if item["kind"] == "envelope"]
    end = ends[0] if ends else len(materials)
    materials, known = materials[:end], materials[end:]
    starts = [place for place, item in enumerate(materials) if item["kind"] == "cut"]
    must(len(starts) == 3 and starts[0] == 0, "3.2 three cuts")
    groups = [materials[starts[0] : starts[1]], materials[starts[1] : starts[2]]]
    groups.append(materials[starts[2] :])
    cuts, leaves = [], []
    for group in groups:
        kinds(group, "cut", *["leaf"] * max(1, len(group) - 1))
        cuts.append(network_cut(register, group[0]))
        leaves.append([_held(register, cuts[-1], leaf) for leaf in group[1:]])
    must(len(leaves[1]) == 1, "3.2 one usage statement")
    usage = leaves[1][0]
    index, agreement = period_of(register, usage), register.agreement
    must(usage.kind == "compute-usage" and usage.by.id in register.signatories, "3.2 usage")
    must(usage.predicate["agreement"] == register.agreement_digest, "3.2 names the agreement")
    all_named = agreement["activation"]["kind"] == "all-named"
    is_one_of_all = all_named and usage.by.id in agreement["parties"]
    bound = agreement["parties"] if is_one_of_all else [usage.by.id]
    must([each.by.id for each in leaves[0]] == bound, "3.2 each party")
    for each in leaves[0]:
        must(each.kind == "ratification", "3.2 a ratification")
        must(each.body["agreement"] == register.agreement_digest, "3.2 of the agreement")
        must(each.body["until"] >= cuts[0]["period"], "3.2 that has not ended")
    must(index >= cuts[0]["period"] + register.notice(usage.by.id), "3.2 in force")
    must(max(cuts[1]["period"], index) < cuts[2]["period"], "3.2 a later cut")
    again = {leaf["index"]: leaf["data"] for leaf in groups[2][1:]}
    same = again.get(usage.predicate["seq"]) == groups[1][1]["data"]
    must(same, "3.2 the same usage statement")
    size = next(i["size"] for i in cuts[2]["origins"] if i["origin"] == usage.by.origin)
    found = stated(groups[2][1:], leaves[2], usage, size)
    words, places = _excess(register, found)
    alone = set[int]()
    if not words:
        at = {leaf["index"]: each for leaf, each in zip(groups[2][1:], leaves[2], strict=True)}
        words, places, alone = unreported(register, found, at)
    if known:
        must(not words, "9.1 nothing without what was told")
        words, places = over_told(register, found, index, learned(register, usage.by, index, known))
    excess = "; ".join(words)
    must(excess != "", "3.2 over a cap")
    shown = [each for each in found if each.place in places or each is found[-1]]
    wanted = {place for each in shown for place in range(each.place, each.end)}
    must(set(again) == wanted | alone, "7.3 what is needed")
    key = usage.by.at(usage.predicate["seq"])["statement"]
    return Found(usage.by, excess[:300], periods=[index], key=key)


def network_cut(register: Register, material: Material) -> dict[str, Any]:
    """3.4"""
    said = statement(register, read_base64(material["data"]))
    must(said.kind == "cut" and said.by.role == "verifier", "3.4 a verifier's cut")
    cut = said.body
    size = cut["register_size"]
    must(register.roots.get(size) == cut["register_root"], "3.4 this register")
    epoch = register.epoch(cut["period"], size)
    must(said.by.id in epoch.verifiers, "3.4 of its epoch")
    digest = sha256(write_json(cut)).hexdigest()
    expected = {"period": cut["period"], "view": cut["view"], "cut": digest}
    by = []
    for entry in material["endorsements"]:
        each = statement(register, read_base64(entry))
        must(each.kind == "endorsement" and each.by.role == "verifier", "3.4 endorsements")
        must(each.body == expected, "3.4 of this cut")
        by.append(each.by.id)
    must(len(by) == epoch.k and by == sorted(set(by)), "3.4 k, in register order")
    must(set(by) <= set(epoch.verifiers), "3.4 of its epoch")
    return cut


def _held(register: Register, cut: dict[str, Any], leaf: Material) -> Said:
    said = statement(register, read_base64(leaf["data"]))
    heads = [item for item in cut["origins"] if item["origin"] == said.by.origin]
    must(len(heads) == 1 and said.predicate["seq"] == leaf["index"], "3.2 held by the cut")
    under(leaf, heads[0]["size"], bytes.fromhex(heads[0]["root"]))
    return said


def _excess(register: Register, found: list[Stated]) -> tuple[list[str], set[int]]:
    words, places = _run_excess(register, found)
    usage, period = found[-1].body, found[-1].period
    total_cap = eased(register, usage, "lab-total-cap", "limit_pflop", period=period)
    if total_cap is not None:
        limit = total_cap["limit_pflop"]
        used = sum(usage["classes"][name]["used_pflop"] for name in total_cap["classes"])
        if used > limit:
            words.append(f"the period's total is {used} PFLOP, the cap on it is {limit}")
    return words, places


def _run_excess(register: Register, found: list[Stated]) -> tuple[list[str], set[int]]:
    """7.4, 13.3 Over the limit from the beginning; else, by what grew, over what it has become."""
    usage, named = found[-1].body, ("per-run-training-cap", "limit_pflop")
    full, now = (eased(register, usage, *named, period=of) for of in (0, found[-1].period))
    if full is None or now is None:
        return [], set()
    runs = {run["run"]: run["total_pflop"] for run in usage["runs"]}
    words, places = _over(found, runs, full)
    if words or now == full:
        return words, places
    before, risen = grown(found)
    words, places = _over(found, {run: total for total, run, _ in risen}, now)
    return words, places | before if words else set()


def _over(
    found: list[Stated], runs: dict[str, int], cap: dict[str, Any]
) -> tuple[list[str], set[int]]:
    limit = cap["limit_pflop"]
    over = [(total, run) for run, total in runs.items() if total > limit]
    if over:
        total, run = max(over)
        return [f"run {run} stands at {total} PFLOP, the cap on a run is {limit}"], set()
    if cap["lineage"] != "run-and-ancestors":
        return [], set()
    text, places = lineage(found, limit, {*runs})
    return [text] if text else [], places


# --------------------------------------------------------------------------------------- 3.3 F7


def reports(register: Register, materials: list[Material]) -> Found:
    declared, *said = [
        statement(register, entry) for entry in kinds(materials, *["envelope"] * len(materials))
    ]
    names, need = [each.by.id for each in said], len(said)
    must(names == sorted(set(names)), "3.3 f+1 in order")
    must(register.epoch_of(names) is not None, "3.3 f+1 verifiers of one epoch")
    must(all(each.kind == "inspection-report" for each in said), "3.3 reports")
    first = said[0].body
    must(all(each.body == first for each in said), "3.3 alike")
    must(first["lab"] == declared.by.id, "3.3 on the lab of the declaration")
    must(declared.by.id in register.signatories, "3.3 a party")
    must(first["undeclared"] > 0, "3.3 nothing undeclared")
    words = (
        f"an inspection found {first['undeclared']} of {first['found']} accelerators in no "
        f"declaration, by UID, say {need} verifiers; items are counted, with no false-alarm rate "
        "of their own"
    )
    return Found(declared.by, words, "plausible", [])


def discrepancy(register: Register, materials: list[Material]) -> Found:
    must(bool(materials) and materials[0]["kind"] == "envelope", "3.3 envelopes")
    if statement(register, read_base64(materials[0]["data"])).kind == "declaration":
        return reports(register, materials)
    count = max(4, min(3 * BALANCES, len(materials)))
    said = [statement(register, entry) for entry in kinds(materials, *["envelope"] * count)]
    groups = []
    while said:
        named = len(said) > 2 and said[1].kind == "correction"
        must(len(said) >= 2, "3.3 usage and reading")
        groups.append((said[0], said[1 + named], said[1] if named else None))
        del said[: 2 + named]
    must(2 <= len(groups) <= BALANCES, "3.3 two periods to 52")
    channel = register.agreement["annex"]["power"]
    must(channel != {}, "3.3 no power channel")
    accused, meter = groups[0][0].by, groups[0][1].by
    pairs = [_pair(register, accused, *each) for each in groups]
    start = pairs[0][0]
    must([index for index, *_ in pairs] == list(range(start, start + len(pairs))), "3.3 in a row")
    values = standardised(channel, pairs)
    last = len(values) - 1
    stories = [story(values[: end + 1], start) for end in range(last + 1)]
    must(all(not each for each in stories[:-1]), "3.3 no alarm before")
    must(bool(stories[last]), "3.3 not above")
    since, statistic = stories[last][0]
    most = max(metered for _, _, metered in pairs)
    every, strategic = channel["calibration_periods"], channel["strategic_wh"]
    index = pairs[-1][0]
    behind = min(last, index % every) if every else last
    full = min(every or BALANCES, BALANCES) - 1
    sudden = [int(each) for each in A.split()]
    spread = [int(each) for each in B.split()]
    at_once = sudden[min(shift(channel, strategic, most, behind) // 250, len(sudden) - 1)]
    part = shift(channel, strategic // BALANCES, most, full)
    in_all = spread[min(part // 100, len(spread) - 1)]
    words = (
        f"metered energy is above declared energy {statistic}; alpha 50000 ppm for all 3 tests "
        f"over 52 periods; power against {strategic} Wh: {at_once} % in two periods that hide it "
        f"each, {in_all} % spread over 52; series from {start}; read by {meter.id} (group "
        f"{meter.group}), declared by {accused.id} (group {accused.group})"
    )
    return Found(accused, words, "plausible", list(range(since, index + 1)))


def standardised(channel: dict[str, Any], pairs: list[tuple[int, int, int]]) -> list[int]:
    """15.1 and 15.2: the value of each balance, by the sum over all before it."""
    r2, s2 = max(1, channel["random_ppm"]) ** 2, channel["systematic_ppm"] ** 2
    every = channel["calibration_periods"]
    limit = isqrt(16_000_000 * (r2 + s2))
    parts = [(metered - declared) * 10**9 // max(1, declared) for _, declared, metered in pairs]
    values = []
    for place, (index, *_) in enumerate(pairs):
        before = [
            max(-limit, min(limit, parts[earlier]))
            for earlier in range(place)
            if not every or pairs[earlier][0] // every == index // every
        ]
        a = r2 + len(before) * s2
        over = a * parts[place] - s2 * sum(before)
        size = isqrt(over * over // (r2 * a * (a + s2)))
        values.append(size if over >= 0 else -size)
    return values


def story(values: list[int], start: int) -> list[tuple[int, str]]:
    """15.4: since when, and by what, the last of these values alarms; in the order of the tests."""
    found, end = [], start + len(values) - 1
    if len(values) > 1 and min(values[-2:]) > ROW:
        two = " and ".join(_decimal(each) for each in values[-2:])
        found.append((end - 1, f"in periods {end - 1} and {end}: z = {two}, limit 2.326"))
    most = min(k + h for _, k, h in PAGES)
    for name, k, h in PAGES:
        total, since = 0, start
        for place, value in enumerate(values):
            since = start + place if total == 0 else since
            total = max(0, total + min(value, most) - k)
        if total > h:
            words = f"over periods {since} to {end}: Page's test for a {name} shift, "
            words += f"k = {_decimal(k)}, stands at {_decimal(total)}, limit {_decimal(h)}"
            found.append((since, words))
    return found


def shift(channel: dict[str, Any], hidden: int, metered: int, behind: int) -> int:
    """15.5: by how much hidden energy raises a value with so many of its calibration behind it."""
    r2, s2 = max(1, channel["random_ppm"]) ** 2, channel["systematic_ppm"] ** 2
    part = hidden * 10**9 // max(1, metered)
    a = r2 + behind * s2
    return isqrt(part * part * r2 // (a * (a + s2)))


def _pair(
    register: Register, accused: Member, usage: Said, reading: Said, correction: Said | None
) -> tuple[int, int, int]:
    """Period, declared and metered energy."""
    index = period_of(register, usage)
    must(usage.kind == "compute-usage" and usage.by == accused, "3.3 usage")
    must(accused.id in register.signatories, "3.3 by a party")
    must(usage.predicate["agreement"] == register.agreement_digest, "3.3 names the agreement")
    meters = [
        item["meter"]
        for item in register.agreement["annex"]["channels"]
        if item["party"] == accused.id
    ]
    must(reading.kind == "reading" and reading.by.id in meters, "3.3 its meter's reading")
    must(reading.body["party"] == accused.id, "3.3 of it")
    must(reading.predicate["period"] == usage.predicate["period"], "3.3 of that period")
    if correction is not None:
        must(names(correction, usage), "3.3 a correction of that usage")
    declared = usage.body if correction is None else correction.body["usage"]
    return index, energy(declared), reading.body["energy_wh"]


def _decimal(thousandths: int) -> str:
    return f"{thousandths // 1000}.{thousandths % 1000:03d}"
