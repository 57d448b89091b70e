"""Cases of statements: one whole of every kind, and every member of each changed.

A new kind needs nothing here: its statements are found in the runs. Where no run states one,
`specimens` says so, and `extra` of that function is the place to write one.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Final

from pausenet.errors import Misuse
from pausenet.simulator.vectors.asked import challenge_specimens
from pausenet.simulator.vectors.case import Area, Case, CaseKind, b64
from pausenet.simulator.vectors.edits import Change, Value, edited, payload_of, put, put_body
from pausenet.simulator.vectors.ground import run_of
from pausenet.simulator.vectors.newcomer import membership_specimens
from pausenet.simulator.vectors.operated import operator_cases
from pausenet.statements import codec
from pausenet.statements.codec import PAYLOAD_BYTES_MAX, Kind

_RUNS: Final = ("cheats", "honest")
_SPECIMEN_BYTES_MAX: Final = 12_000


def specimens(extra: Mapping[Kind, bytes] | None = None) -> dict[Kind, bytes]:
    """The longest payload of each kind, of a size to be read, that the runs hold."""
    found: dict[Kind, bytes] = {
        **challenge_specimens(),
        **membership_specimens(),
        **(extra or {}),
    }
    for name in _RUNS:
        run = run_of(name)
        for entry in (*run.register.entries, *(e for log in run.logs.values() for e in log)):
            payload = payload_of(entry)
            kind = codec.decode(payload).kind
            best = found.get(kind, b"")
            if len(payload) <= _SPECIMEN_BYTES_MAX and (len(payload), payload) > (len(best), best):
                found[kind] = payload
    missing = [str(kind) for kind in Kind if kind not in found]
    if missing:
        raise Misuse(f"vectors: no run states {missing}: give a specimen of each")
    return {kind: found[kind] for kind in Kind}


def statement_cases() -> list[Case]:
    """Every kind, then what all kinds share, then canonical JSON itself."""
    found = specimens()
    cases: list[Case] = []
    for kind, payload in found.items():
        cases += _of_kind(kind, payload)
    shared = _predicate(found[Kind.USAGE], found[Kind.GENESIS])
    cases += operator_cases(found[Kind.DECLARATION])
    return [*cases, *shared, *_bodies(found), *_canonical(found[Kind.USAGE])]


def _of_kind(kind: Kind, payload: bytes) -> list[Case]:
    """A kind's body with each member missing, of another type, and one more."""
    area = Area("statement", CaseKind.STATEMENT)
    area.accept(f"{kind}-as-said", "statements 4.1", payload=b64(payload))

    def refuse(name: str, rule: str, change: Change) -> None:
        area.refuse(f"{kind}-{name}", rule, payload=b64(edited(payload, change)))

    refuse("member-added", "statements 5.1", put_body("more", 1))
    body = json.loads(payload)["predicate"]["body"]
    for member, value in body.items():
        name = member.replace("_", "-")
        refuse(f"{name}-missing", "statements 5.1", _without(member))
        other: object = "0" if isinstance(value, int) else 0
        refuse(f"{name}-of-another-type", "statements 5.2", put_body(member, other))
        if isinstance(value, int) and not isinstance(value, bool):
            refuse(f"{name}-below-bounds", "statements 5.2", put_body(member, -2))
            refuse(f"{name}-beyond-integers", "statements 1.2", put_body(member, 2**53))
            refuse(f"{name}-true", "statements 5.2", put_body(member, True))
        if isinstance(value, list) and len(value) > 1 and "" not in map(_order, value):
            refuse(f"{name}-first-twice", "statements 5.1", put_body(member, [value[0], *value]))
    spaced = payload.replace(b'"body":', b'"body": ', 1)
    area.refuse(f"{kind}-space-added", "statements 1.4", payload=b64(spaced))
    another = payload.replace(f"/{kind}/v1".encode(), b"/another/v1")
    area.refuse(f"{kind}-kind-unknown", "statements 4.1", payload=b64(another))
    return area.cases


def _order(item: object) -> str:
    """What orders the items of a list: themselves, or their name; empty where nothing does."""
    if isinstance(item, dict):
        names = ("id", "site", "origin", "run", "meter")
        return str(next((item[name] for name in names if name in item), ""))
    return str(item)


def _without(member: str) -> Change:
    def change(value: Value) -> None:
        del value["predicate"]["body"][member]

    return change


def _predicate(payload: bytes, genesis: bytes) -> list[Case]:
    area = Area("statement", CaseKind.STATEMENT)
    value = json.loads(payload)
    predicate = value["predicate"]
    network, period, seen = predicate["network"], predicate["period"], predicate["seen"]

    def refuse(name: str, rule: str, change: Change) -> None:
        area.refuse(name, rule, payload=b64(edited(payload, change)))

    refuse("network-none", "statements 5.4", put("network", ""))
    refuse("network-in-capitals", "statements 3.6", put("network", network.upper()))
    area.refuse(
        "network-of-genesis",
        "statements 5.4",
        payload=b64(edited(genesis, put("network", network))),
    )
    refuse("author-in-capitals", "statements 3.7", put("author", "Aurora"))
    refuse("author-of-33-letters", "statements 3.7", put("author", "a" * 33))
    refuse(
        "origin-without-role",
        "statements 5.2",
        put("origin", predicate["origin"].replace("/lab", "")),
    )
    refuse("seq-negative", "statements 5.2", put("seq", -1))
    refuse("seq-missing", "statements 5.1", lambda held: held["predicate"].pop("seq"))
    refuse("prev-short", "statements 3.6", put("prev", "ab"))
    refuse("agreement-short", "statements 3.4", put("agreement", "ab"))
    ended = {**period, "end": period["start"]}
    refuse("period-that-ends-at-its-start", "statements 5.4", put("period", ended))
    refuse("period-without-index", "statements 3.4", put("period", {"start": 0, "end": 1}))
    refuse("seen-out-of-order", "statements 3.5", put("seen", seen[::-1]))
    refuse("seen-one-twice", "statements 3.5", put("seen", [seen[0], *seen]))
    refuse("seen-of-129", "statements 5.1", put("seen", _heads(network, 129)))
    area.accept(
        "seen-of-128",
        "statements 5.1",
        payload=b64(edited(payload, put("seen", _heads(network, 128)))),
    )
    refuse("subject-none", "statements 5.1", lambda held: held.update(subject=[]))
    refuse("subject-two", "statements 5.1", lambda held: held.update(subject=2 * value["subject"]))
    refuse("type-another", "statements 5.1", lambda held: held.update(_type="Statement/v1"))
    second = value["predicateType"].replace("/v1", "/v2")
    refuse("version-two", "statements 4.1", lambda held: held.update(predicateType=second))
    refuse("member-beside-predicate", "statements 5.1", lambda held: held.update(more=1))
    return area.cases


def _heads(network: str, number: int) -> list[Value]:
    origins = sorted(f"pausenet.{network[:32]}/verifier/v{place}" for place in range(number))
    return [{"origin": origin, "size": 1, "root": network} for origin in origins]


def _bodies(found: Mapping[Kind, bytes]) -> list[Case]:
    """The rules that bind members of a body to each other."""
    area = Area("statement", CaseKind.STATEMENT)

    def refuse(kind: Kind, name: str, rule: str, change: Change) -> None:
        area.refuse(f"{kind}-{name}", rule, payload=b64(edited(found[kind], change)))

    def body(value: Value) -> Value:
        inner: Value = value["predicate"]["body"]
        return inner

    refuse(Kind.GENESIS, "two-registrars", "statements 5.5", _second_registrar)
    refuse(Kind.GENESIS, "quorum-lowered", "register 1.3", put_body("k", 2))
    refuse(Kind.GENESIS, "verifiers-miscounted", "register 1.3", put_body("n", 7))
    refuse(Kind.USAGE, "energy-sum-beyond-integers", "statements 5.7", _huge_energy)
    refuse(Kind.APPRAISAL, "class-not-the-faults", "statements 5.1", _other_class)
    refuse(Kind.MEMBERSHIP, "of-a-lab", "statements 5.15", _admits_a_lab)
    refuse(Kind.MEMBERSHIP, "step-another", "statements 5.1", _other_step)
    refuse(Kind.MEMBERSHIP, "approvals-swapped", "statements 5.1", _swapped_approvals)
    refuse(Kind.HANDOVER, "of-an-empty-log", "statements 5.2", _empty_head)
    refuse(Kind.HANDOVER, "heads-swapped", "statements 5.1", _swapped_heads)
    refuse(
        Kind.APPROVAL,
        "signature-of-63-bytes",
        "statements 5.2",
        put_body("signature", b64(bytes(63))),
    )
    refuse(Kind.CUT, "time-of-an-empty-log", "statements 5.2", _empty_time)
    refuse(Kind.CUT, "signature-of-63-bytes", "statements 5.2", _short_signature)
    return area.cases


def _second_registrar(value: Value) -> None:
    for item in value["predicate"]["body"]["participants"]:
        if item["role"] == "lab":
            item["role"] = "registrar"


def _huge_energy(value: Value) -> None:
    for site in value["predicate"]["body"]["sites"]:
        site["energy_wh"] = 2**53 - 1


def _other_class(value: Value) -> None:
    finding = value["predicate"]["body"]["findings"][0]
    finding["class"] = "warrant" if finding["class"] == "proof" else "proof"


def _empty_time(value: Value) -> None:
    timed = next(item for item in value["predicate"]["body"]["origins"] if item["times"])
    timed["times"][0]["size"] = 0


def _admits_a_lab(value: Value) -> None:
    """A lab's entry, with the keys that labs have."""
    entry = value["predicate"]["body"]["change"]["entry"]
    entry["role"] = "lab"
    for members in (entry["keys"], entry["possession"]):
        for purpose in ("storing", "witness"):
            del members[purpose]


def _other_step(value: Value) -> None:
    value["predicate"]["body"]["change"]["step"] = "leaves"


def _swapped_approvals(value: Value) -> None:
    value["predicate"]["body"]["approvals"].reverse()


def _empty_head(value: Value) -> None:
    value["predicate"]["body"]["heads"][0]["size"] = 0


def _swapped_heads(value: Value) -> None:
    value["predicate"]["body"]["heads"].reverse()


def _short_signature(value: Value) -> None:
    value["predicate"]["body"]["origins"][0]["signature"] = b64(bytes(63))


def _canonical(payload: bytes) -> list[Case]:
    """Canonical JSON: other spellings, and values that it does not hold."""
    area = Area("canonical", CaseKind.STATEMENT)
    area.accept("as-said", "statements 1.1", payload=b64(payload))
    named = edited(payload, lambda value: value["subject"][0].update(name='\u2028é\u007f/"\\\t'))
    area.accept("text-with-escapes", "statements 1.1", payload=b64(named))

    def spelled(name: str, rule: str, old: bytes, new: bytes) -> None:
        assert old in payload, "the mutation changes something"
        area.refuse(name, rule, payload=b64(payload.replace(old, new, 1)))

    seq = json.loads(payload)["predicate"]["seq"]
    plain = f'"seq":{seq}'.encode()
    spelled("space-after-comma", "statements 1.4", b",", b", ")
    spelled("slash-escaped", "statements 1.4", b"/v1", b"\\/v1")
    spelled("letter-escaped", "statements 1.4", b'"aurora"', b'"\\u0061urora"')
    spelled("escape-in-capitals", "statements 1.4", b'"aurora"', b'"\\u001Furora"')
    spelled("float", "statements 1.2", plain, plain + b".0")
    spelled("exponent", "statements 1.2", plain, plain + b"e0")
    spelled("fraction", "statements 1.2", plain, plain + b".5")
    spelled("minus-zero", "statements 1.4", plain, b'"seq":-0')
    spelled("leading-zero", "statements 1.1", plain, f'"seq":0{seq}'.encode())
    spelled("null", "statements 1.2", plain, b'"seq":null')
    spelled("not-a-number", "statements 1.1", plain, b'"seq":NaN')
    spelled("number-beyond-floats", "statements 1.2", plain, b'"seq":1e999')
    spelled("integer-of-20-digits", "statements 1.2", plain, b'"seq":99999999999999999999')
    spelled("integer-beyond-2-53", "statements 1.2", plain, b'"seq":9007199254740993')
    spelled("name-twice", "statements 1.4", plain, plain + b"," + plain)
    spelled("name-with-digit", "statements 1.3", plain, b'"seq1":1,' + plain)
    spelled("name-empty", "statements 1.3", b'{"_type"', b'{"":0,"_type"')
    spelled("names-out-of-order", "statements 1.4", b'{"_type"', b'{"z":0,"_type"')
    spelled("lone-surrogate", "statements 1.2", b'"aurora"', b'"\\ud800"')
    spelled("surrogate-in-bytes", "statements 1.1", b'"aurora"', b'"\xed\xa0\x80"')
    spelled("not-utf-8", "statements 1.1", b'"aurora"', b'"\xff"')
    spelled("overlong-utf-8", "statements 1.1", b'"aurora"', b'"\xc1\xa1"')
    return [*area.cases, *_values(payload)]


def _values(payload: bytes) -> list[Case]:
    """Payloads around their bounds, and what does not begin or end as JSON."""
    area = Area("canonical", CaseKind.STATEMENT)

    def named(text: str) -> str:
        return b64(edited(payload, lambda value: value["subject"][0].update(name=text)))

    area.refuse("byte-order-mark", "statements 1.1", payload=b64(b"\xef\xbb\xbf" + payload))
    area.refuse("line-end-added", "statements 1.4", payload=b64(payload + b"\n"))
    area.refuse("second-value", "statements 1.1", payload=b64(payload + b"{}"))
    area.refuse("cut-short", "statements 1.1", payload=b64(payload[:-1]))
    area.refuse("empty", "statements 1.1", payload="")
    area.refuse("text-not-in-nfc", "statements 1.2", payload=named("e\u0301"))
    deep: object = 0
    for _ in range(17):
        deep = [deep]
    area.refuse("nested-too-deep", "statements 1.2", payload=b64(edited(payload, put("seq", deep))))
    deepest = b"[" * 100_000 + b"]" * 100_000
    area.refuse("nested-beyond-stacks", "statements 1.2", payload=b64(deepest[:47_000]))
    area.accept("text-of-200-characters", "statements 5.2", payload=named("é" * 200))
    area.refuse("text-of-201-characters", "statements 5.2", payload=named("é" * 201))
    area.accept(
        "text-of-200-astral-characters", "statements 5.2", payload=named("\U0001f30d" * 200)
    )
    spaces = payload + b" " * (PAYLOAD_BYTES_MAX - len(payload) + 1)
    area.refuse("beyond-48000-bytes", "statements 2.1", payload=b64(spaces))
    return area.cases
