"""Cases of registers: each in a bundle that would convict, were the register a whole one."""

from __future__ import annotations

import json

from pausenet.simulator.randomness import seed_bytes
from pausenet.simulator.vectors import curve, guilt
from pausenet.simulator.vectors.case import Area, Case, CaseKind, b64, texts
from pausenet.simulator.vectors.edits import Change, Value, payload_of, rechained, rewritten
from pausenet.simulator.vectors.faults import resealed
from pausenet.simulator.vectors.ground import BIRCH, run_of
from pausenet.statements.register import Purpose, possession_message
from pausenet.values import Role


def register_cases() -> list[Case]:
    """A register signed and chained anew, with one thing wrong."""
    run = run_of("honest")
    area = Area("register", CaseKind.BUNDLE, network_id=run.register.network_id.hex())
    bundle: Value = json.loads(guilt.bundle_of("f1"))
    values = [json.loads(payload_of(entry)) for entry in run.register.entries]
    ids = [value["predicate"]["body"].get("id", "") for value in values]
    birch, agreement = ids.index("birch"), len(values) - 1

    def of(entries: tuple[bytes, ...]) -> str:
        return b64(resealed({**bundle, "register": texts(entries)}))

    area.accept("chained-anew", "register 2.1", data=of(rechained(run.setting)))

    def refuse(name: str, rule: str, place: int, change: Change) -> None:
        area.refuse(name, rule, data=of(rechained(run.setting, (place, change))))

    for name, rule, change in _changes():
        refuse(name, rule, birch, change)
    for name, rule, change in _agreement_changes():
        refuse(name, rule, agreement, change)
    refuse("registrars-log-key-another", "register 2.4", ids.index("registrar"), _other_log_key)
    without = [value for place, value in enumerate(values) if place != birch]
    area.refuse("participant-missing", "register 2.6", data=of(rewritten(run.setting, without)))
    again = [*values[:agreement], json.loads(json.dumps(values[birch])), values[agreement]]
    area.refuse("participant-twice", "register 2.4", data=of(rewritten(run.setting, again)))
    doubled = [*values, json.loads(json.dumps(values[agreement]))]
    area.refuse("agreement-twice", "register 2.2", data=of(rewritten(run.setting, doubled)))
    return area.cases


def _changes() -> list[tuple[str, str, Change]]:
    """Changes of one lab's entry."""

    def body(name: str, member: object) -> Change:
        return lambda value: value["predicate"]["body"].update({name: member})

    def predicate(name: str, member: object) -> Change:
        return lambda value: value["predicate"].update({name: member})

    return [
        ("bloc-another", "register 2.4", body("bloc", "another")),
        ("role-another", "register 2.4", body("role", "meter")),
        ("origin-another", "register 2.4", body("origin", "pausenet.register")),
        ("author-another", "register 2.1", predicate("author", "birch")),
        ("network-another", "register 2.1", predicate("network", "ab" * 32)),
        ("seen-something", "register 2.1", predicate("seen", [_head()])),
        ("key-twice", "register 2.5", _share_a_key),
        ("key-with-torsion", "register 2.5", _mixed_key),
        ("key-of-low-order", "register 2.5", _low_key),
        ("possession-of-another-purpose", "register 2.5", _other_possession),
    ]


def _agreement_changes() -> list[tuple[str, str, Change]]:
    def party(value: Value) -> None:
        body = value["predicate"]["body"]
        body["parties"][-1] = body["annex"]["channels"][-1]["party"] = "verifier-1"

    def meter(value: Value) -> None:
        value["predicate"]["body"]["annex"]["channels"][-1]["meter"] = "verifier-1"

    def activation(value: Value) -> None:
        value["predicate"]["body"]["activation"] = {"kind": "k-of-n", "need": 1}

    return [
        ("party-not-a-lab", "register 2.6", party),
        ("channel-not-a-meter", "register 2.6", meter),
        ("activation-without-a-rule", "register 2.6", activation),
    ]


def _head() -> Value:
    return {"origin": "pausenet.register", "size": 1, "root": "ab" * 32}


def _possession(purpose: Purpose) -> bytes:
    return possession_message(run_of("honest").register.network_id, BIRCH, Role.LAB, purpose)


def _share_a_key(value: Value) -> None:
    """One key for two purposes, with its possession shown for both."""
    body = value["predicate"]["body"]
    key = run_of("honest").setting.keys[BIRCH].recovery
    body["keys"]["log"] = body["keys"]["recovery"]
    body["possession"]["log"] = b64(key.sign(_possession(Purpose.LOG)))


def _mixed_key(value: Value) -> None:
    """A key of mixed order whose possession verifies."""
    seed = seed_bytes(2026, "conformance", "mixed")
    message = _possession(Purpose.RECOVERY)
    body = value["predicate"]["body"]
    body["keys"]["recovery"] = curve.mixed_key(seed).hex()
    body["possession"]["recovery"] = b64(curve.by_mixed_key(seed, message, cofactorless=True))


def _low_key(value: Value) -> None:
    """The neutral point as a key, under which R = B, S = 1 signs everything."""
    body = value["predicate"]["body"]
    body["keys"]["recovery"] = curve.encoded(curve.IDENTITY).hex()
    signature = curve.encoded(curve.BASE) + (1).to_bytes(32, "little")
    body["possession"]["recovery"] = b64(signature)


def _other_possession(value: Value) -> None:
    possession = value["predicate"]["body"]["possession"]
    possession["log"] = possession["recovery"]


def _other_log_key(value: Value) -> None:
    """The registrar's entry with its recovery key also for its log; possession shown."""
    setting = run_of("honest").setting
    keys = next(held for held in setting.keys.values() if held.id == "registrar")
    network = setting.register.network_id
    body = value["predicate"]["body"]
    for purpose, key in ((Purpose.LOG, keys.recovery), (Purpose.RECOVERY, keys.log)):
        message = possession_message(network, keys.id, Role.REGISTRAR, purpose)
        body["keys"][str(purpose)] = key.public_key.hex()
        body["possession"][str(purpose)] = b64(key.sign(message))
