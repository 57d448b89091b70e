"""docs/spec/inspection.md: draws and openings, and F10 and F10r of docs/spec/bundles.md."""

from __future__ import annotations

from hashlib import sha256
from itertools import pairwise
from typing import Any

from tests.reference.merkle import root_from_path
from tests.reference.second.bodies import CLASSES
from tests.reference.second.proofs import (
    Found,
    Material,
    Said,
    kinds,
    revocable,
    statement,
    under,
)
from tests.reference.second.register import Register
from tests.reference.second.shapes import COUNT, HEX64, ID, WHOLE, each, record, text, word
from tests.reference.second.spelling import (
    Bad,
    must,
    read_envelope,
    read_json,
    write_json,
)
from tests.reference.second.warrants import period_of

ANSWER_PERIODS, SHARE_MAX = 2, 8
SUMS = each(CLASSES, record({"occupied_s": WHOLE, "used_pflop": WHOLE}))
RECORD = record(
    {
        "salt": HEX64,
        "network": HEX64,
        "lab": ID,
        "period": WHOLE,
        "index": COUNT,
        "site": ID,
        "class": word("|".join(CLASSES)),
        "start": WHOLE,
        "end": WHOLE,
        "occupied_s": WHOLE,
        "used_pflop": WHOLE,
        "run": text(64),
        "sums": SUMS,
    }
)


# ------------------------------------------------------------------------------------- 1 Draws


def forward(value: bytes, steps: int) -> bytes:
    for _ in range(steps):
        value = sha256(b"pausenet/chain/v1\n" + value).digest()
    return value


def words(start: bytes) -> Any:
    number = 0
    while True:
        block = sha256(start + number.to_bytes(8, "big")).digest()
        yield from (int.from_bytes(block[at : at + 8], "big") for at in (0, 8, 16, 24))
        number += 1


def drawn_leaves(start: bytes, leaves: int, share: int) -> list[int]:
    found: list[int] = []
    source = words(sha256(b"pausenet/sample/v1\n" + start).digest())
    while len(found) < min(share, leaves):
        value = next(source)
        if value < 2**64 // leaves * leaves and value % leaves not in found:
            found.append(value % leaves)
    return sorted(found)


def drawn_sites(start: bytes, sites: list[str], ppm: int, verifiers: int) -> list[str]:
    found = []
    for site in sites:
        source = words(sha256(b"pausenet/site/v1\n" + start + site.encode()).digest())
        value = next(each for each in source if each < 2**64 // 10**6 * 10**6)
        if value % 10**6 < (ppm + verifiers - 1) // verifiers:
            found.append(site)
    return sorted(found)


def opened_for(drawn: list[int], leaves: int) -> list[int]:
    near = {index + step for index in drawn for step in (-1, 0, 1)}
    return sorted(
        {each for each in near if 0 <= each < leaves} | ({leaves - 1} if drawn else set())
    )


def clock(register: Register, period: int) -> int:
    schedule = register.agreement["schedule"]
    length: int = schedule["period_s"]
    after_end = schedule["deadline_s"] + schedule["grace_s"]
    return period + after_end // length + ANSWER_PERIODS


# -------------------------------------------------------------------------------------- 3.6 F10


def false_or_missing(register: Register, materials: list[Material]) -> Found:
    leaves = bool(materials) and materials[0]["kind"] == "leaf"
    return missing(register, materials) if leaves else opening(register, materials)


def opening(register: Register, materials: list[Material]) -> Found:
    count = len(materials) - 2
    must(0 <= count <= 2, "3.6 up to two records")
    entries = kinds(materials, "envelope", "envelope", *["record"] * count)
    used, opened = statement(register, entries[0]), statement(register, entries[1])
    must(used.predicate["period"] != {}, "3.6 the usage of a period")
    must(
        opened.kind == "opening" and opened.by == used.by and used.by.role == "lab",
        "3.6 an opening by its lab",
    )
    must(opened.body["usage"] == used.id, "3.6 of that usage")
    leaves = opened.body["leaves"]
    if count == 0:
        root = read_subject(entries[0])
        must(not all(included(leaf, used.body["leaves"], root) for leaf in leaves), "O1 all are in")
    places = []
    for data in entries[2:]:
        digest = sha256(b"\x00" + data).hexdigest()
        shown = [leaf["index"] for leaf in leaves if leaf["leaf"] == digest]
        must(bool(shown), "3.6 a record that is not shown")
        places.append(shown[0])
    if count == 1:
        must(not alone(register, used, entries[2], places[0]), "O2 to O5 nothing is wrong")
    if count == 2:
        must(places[1] == places[0] + 1, "O6 neighbours")
        must(not between(*[read_record(data) for data in entries[2:]]), "O6 nothing is wrong")
    found = Found(used.by, "an opening, or the want of one, that its own log contradicts")
    return revocable(found, "statement", opened.predicate["seq"])


def read_subject(entry: bytes) -> bytes:
    value = read_json(read_envelope(entry).payload)
    return bytes.fromhex(value["subject"][0]["digest"]["sha256"])


def included(leaf: dict[str, Any], size: int, root: bytes) -> bool:
    if leaf["index"] >= size:
        return False
    path = [bytes.fromhex(node) for node in leaf["proof"]]
    try:
        return root_from_path(bytes.fromhex(leaf["leaf"]), leaf["index"], size, path) == root
    except ValueError:
        return False


def read_record(data: bytes) -> Any:
    must(len(data) <= 4_096, "O2 a record too long")
    value = read_json(data)
    RECORD(value)
    return value


def alone(register: Register, used: Said, data: bytes, index: int) -> bool:
    """Whether nothing is wrong with a record by itself."""
    try:
        value = read_record(data)
    except Bad:
        return False
    period, body = used.predicate["period"], used.body
    named = (value["network"], value["lab"], value["period"], value["index"])
    if named != (register.network, used.by.id, period["index"], index):
        return False
    if not period["start"] <= value["start"] <= value["end"] <= period["end"]:
        return False
    if value["site"] not in [site["site"] for site in body["sites"]]:
        return False
    if index == 0 and value["sums"] != added(None, value):
        return False
    return not (index == body["leaves"] - 1 and value["sums"] != body["classes"])


def added(before: Any, value: Any) -> dict[str, Any]:
    sums = {name: {"occupied_s": 0, "used_pflop": 0} for name in CLASSES}
    for name in CLASSES:
        for unit in ("occupied_s", "used_pflop"):
            own = value[unit] if value["class"] == name else 0
            sums[name][unit] = own + (before["sums"][name][unit] if before else 0)
    return sums


def between(one: Any, two: Any) -> bool:
    order = ("site", "start", "class", "run", "end", "occupied_s", "used_pflop")
    if [one[name] for name in order] >= [two[name] for name in order]:
        return False
    return bool(two["sums"] == added(one, two))


def missing(register: Register, materials: list[Material]) -> Found:
    must(len(materials) >= 5, "3.6 three leaves, two envelopes at least")
    entries = kinds(materials, *["leaf"] * 3, *["envelope"] * (len(materials) - 3))
    said = [statement(register, entry) for entry in entries]
    head, reveal, request, *log = said
    drawn = rightly_drawn(register, head, reveal, request, log[0])
    for before, after in pairwise(log):
        must(after.by == before.by and after.predicate["prev"] == before.id, "U3 one after another")
    last, period = log[-1], request.body["period"]
    must(last.kind == "compute-usage", "U1 a usage statement last")
    must(period_of(register, last) > clock(register, period), "U1 past the clock")
    seen = {item["origin"]: item for item in last.predicate["seen"]}
    must(request.by.origin in seen, "U1 seen")
    whole = register.epochs[0].size
    first = {"size": whole, "root": register.roots[whole]}
    past = (item.predicate["seen"] for item in log)
    heads = ({item["origin"]: item for item in each} for each in past)
    place = request.predicate["seq"]
    early = next(
        (each for each in heads if each.get(request.by.origin, {"size": 0})["size"] > place), seen
    )
    for learned in (said.get("pausenet.register", first) for said in (early, seen)):
        must(learned["size"] >= request.body["register_size"], "register 3.18 as much of it")
        must(register.alike(learned["size"], learned["root"], period), "register 3.18 as it knew")
    known = seen[request.by.origin]
    for shown, item in zip(said[:3], materials[:3], strict=True):
        must(item["index"] == shown.predicate["seq"], "U1 its place")
        under(item, known["size"], bytes.fromhex(known["root"]))
    must(not any(answers(drawn, log[0], each) for each in log), "U2 answered")
    must(not any(each.kind == "key-recovery" for each in log), "U2 recovered since")
    words_ = "it attested on without an answer to a request that it had seen"
    found = Found(last.by, words_, periods=[period, last.predicate["period"]["index"]])
    return revocable(found, "statement", last.predicate["seq"])


def rightly_drawn(register: Register, head: Said, reveal: Said, request: Said, used: Said) -> Any:
    by = head.by
    must(by.role == "verifier" and by == reveal.by == request.by, "1.5 one verifier")
    must(head.kind == "sample-commitment" and head.predicate["seq"] == 0, "1.1 the first")
    must(reveal.kind == "sample-reveal" and request.kind == "inspection-request", "1.5 kinds")
    period, image = reveal.body["period"], bytes.fromhex(reveal.body["image"])
    must(period < head.body["length"], "1.2 within the chain")
    must(forward(image, period + 1).hex() == head.body["head"], "1.2 the pre-image")
    must(request.body["period"] == period, "1.5 of that period")
    drawn = [item for item in request.body["draws"] if item["lab"] == used.by.id]
    must(used.kind == "compute-usage" and len(drawn) == 1, "1.5 of that usage")
    must(drawn[0]["usage"] == used.id, "1.5 of that usage")
    must(used.by.id in register.signatories, "1.5 of a party")
    must(used.predicate["agreement"] == register.agreement_digest, "1.5 names the agreement")
    must(period_of(register, used) == period, "1.5 of that period")
    annex = register.agreement["annex"]
    epoch = register.epoch(period, register.size)
    must(by.id in epoch.verifiers, "1.5 a verifier of the period")
    must(by_this(register, request), "register 3.17 by this register")
    verifiers = len(epoch.verifiers)
    start = bytes.fromhex(register.network) + image + period.to_bytes(8, "big")
    start += bytes.fromhex(used.id)
    share = min(SHARE_MAX, -(-annex["sample_quota"] // verifiers))
    sites = [site["site"] for site in used.body["sites"]]
    must(drawn[0]["leaves"] == drawn_leaves(start, used.body["leaves"], share), "1.3 leaves")
    must(
        drawn[0]["sites"] == drawn_sites(start, sites, annex["sample_ppm"], verifiers), "1.4 sites"
    )
    return drawn[0]


def by_this(register: Register, request: Said) -> bool:
    named = request.body["register_size"], request.body["register_root"]
    return register.alike(*named, request.body["period"])


def answers(drawn: Any, used: Said, said: Said) -> bool:
    if said.kind != "opening" or said.body["usage"] != drawn["usage"]:
        return False
    indices = [leaf["index"] for leaf in said.body["leaves"]]
    return indices == opened_for(drawn["leaves"], used.body["leaves"])


# ------------------------------------------------------------------------------------- 3.7 F10r


def refusal(register: Register, materials: list[Material]) -> Found:
    must(len(materials) >= 3, "3.7 three envelopes at least")
    said = [
        statement(register, entry) for entry in kinds(materials, *["envelope"] * len(materials))
    ]
    if said[0].kind == "challenge":
        return refused(register, said)
    request, used = said[0], said[1]
    must(request.kind == "inspection-request", "W1 a request")
    epoch = register.epoch(request.body["period"], register.size)
    must(request.by.id in epoch.verifiers, "W1 a verifier of the period")
    must(by_this(register, request), "register 3.17 by this register")
    need = epoch.f + 1
    drawn = [item for item in request.body["draws"] if item["lab"] == used.by.id]
    must(used.kind == "compute-usage" and len(drawn) == 1, "W1 the usage")
    must(drawn[0]["usage"] == used.id, "W1 the usage")
    closures, since = said[2 : 2 + need], said[2 + need :]
    result = closed(register, request, used, closures)
    must(result in ("unanswered", "undelivered"), "W1 lacking")
    if since and result == "unanswered":
        must(len(since) == 1 and since[0].by == used.by, "W3 an opening")
        must(answers(drawn[0], used, since[0]), "W3 an opening")
    elif since:
        must([each.by for each in since] == [each.by for each in closures], "W3 the same")
        later = zip(since, closures, strict=True)
        must(all(a.predicate["seq"] > b.predicate["seq"] for a, b in later), "W3 later")
        must(closed(register, request, used, since) in ("in-order", "contradicted"), "W3 given")
    what = {
        "unanswered": "no opening was held in time",
        "undelivered": "the opened records were not handed over in time",
    }[result]
    period = request.body["period"]
    words_ = f"inspection of period {period}: {what}, say {need} verifiers"
    if since:
        return Found(used.by, f"withdrawn: {words_}; answered since", "unsupported", [period])
    return Found(used.by, words_, "unresolved", [period])


def closed(register: Register, request: Said, used: Said, closures: list[Said]) -> str:
    names = [each.by.id for each in closures]
    epoch = register.epoch(request.body["period"], register.size)
    must(len(names) == epoch.f + 1 and names == sorted(set(names)), "W2 f+1 in order")
    must(set(names) <= set(epoch.verifiers), "W2 verifiers")
    must(all(each.kind == "closure" for each in closures), "W2 closures")
    found = []
    for closure in closures:
        found += [
            item["result"]
            for item in closure.body["results"]
            if (item["inspection"], item["lab"]) == (request.id, used.by.id)
        ]
    must(len(found) == len(closures) and len(set(found)) == 1, "W2 one result")
    return str(found[0])


def refused(register: Register, said: list[Said]) -> Found:
    must(
        [each.kind for each in said] == ["challenge", "challenge-notice", "challenge-answer"], "W4"
    )
    challenge, notice, answer = said
    parties = register.signatories
    digest = sha256(b"pausenet/challenge/v1\n" + write_json(notice.body)).hexdigest()
    must(digest == challenge.body["commitment"], "W4 opened by the notice")
    must(challenge.by == notice.by and challenge.by.id in parties, "W4 by one party")
    must(challenge.predicate["seq"] < notice.predicate["seq"], "W4 logged before")
    must(notice.body["lab"] == answer.by.id and answer.by.id in parties, "W4 the party named")
    must(answer.by != challenge.by, "W4 another's place")
    must(answer.body["challenge"] == digest and answer.body["answer"] == "refuse", "W4 refuses")
    words_ = f"it refused the inspection that {challenge.by.id} asked for, at its own word"
    return Found(answer.by, words_, "unresolved")
