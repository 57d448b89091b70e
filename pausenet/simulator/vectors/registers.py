"""Cases of registers: whole ones, and each with one thing wrong."""

from __future__ import annotations

import json

from pausenet.crypto import envelope
from pausenet.simulator.randomness import seed_bytes
from pausenet.simulator.vectors import curve
from pausenet.simulator.vectors.case import Area, Case, CaseKind, b64, texts
from pausenet.simulator.vectors.edits import (
    Change,
    Value,
    edited,
    payload_of,
    put,
    rechained,
    reissued,
    rewritten,
)
from pausenet.simulator.vectors.ground import Run, run_of
from pausenet.simulator.vectors.networks import BIRCH
from pausenet.statements.register import Purpose, possession_message
from pausenet.values import ParticipantId, Role


def register_cases() -> list[Case]:
    """A register signed and chained anew, with one thing wrong."""
    run = run_of("honest")
    area = Area("register", CaseKind.REGISTER)
    values = [json.loads(payload_of(entry)) for entry in run.register.entries]
    ids = [value["predicate"]["body"].get("id", "") for value in values]
    birch, agreement = ids.index("birch"), len(values) - 1

    def refuse(name: str, rule: str, entries: tuple[bytes, ...]) -> None:
        area.refuse(name, rule, entries=texts(entries))

    area.accept("chained-anew", "register 2.1", entries=texts(rechained(run.setting)))
    own = reissued(run.setting, lambda value: value["predicate"]["body"].update(name="another"))
    area.accept("of-another-network", "register 1.1", entries=texts(own))
    for name, rule, change in _genesis_changes():
        refuse(name, rule, reissued(run.setting, change))
    for name, rule, change in _changes():
        refuse(name, rule, rechained(run.setting, (birch, change)))
    for name, rule, change in _agreement_changes():
        refuse(name, rule, rechained(run.setting, (agreement, change)))
    log_key = (ids.index("registrar"), _other_log_key)
    refuse("registrars-log-key-another", "register 2.4", rechained(run.setting, log_key))
    without = [value for place, value in enumerate(values) if place != birch]
    refuse("participant-missing", "register 2.6", rewritten(run.setting, without))
    again = [*values[:agreement], json.loads(json.dumps(values[birch])), values[agreement]]
    refuse("participant-twice", "register 2.4", rewritten(run.setting, again))
    doubled = [*values, json.loads(json.dumps(values[agreement]))]
    refuse("agreement-twice", "register 2.2", rewritten(run.setting, doubled))
    for name, rule, last in _last_entries(run, values[agreement]):
        refuse(name, rule, (*run.register.entries[:-1], last))
    for name, rule, changed in _signers(run, birch):
        refuse(name, rule, changed)
    return area.cases


def _genesis_changes() -> list[tuple[str, str, Change]]:
    """Changes of the genesis entry, in a network made for it."""

    def predicate(name: str, member: object) -> Change:
        return lambda value: value["predicate"].update({name: member})

    return [
        ("genesis-prev-another", "register 1.2", predicate("prev", "ab" * 32)),
        ("genesis-not-first", "register 1.2", predicate("seq", 1)),
        ("genesis-by-a-lab", "register 1.2", predicate("author", "birch")),
        ("genesis-seen-something", "register 1.2", predicate("seen", [_head()])),
    ]


def _last_entries(run: Run, agreement: Value) -> list[tuple[str, str, bytes]]:
    """Agreements at the register's end that are not linked, or not of their subject."""
    key = run.setting.keys[ParticipantId("registrar")].statement
    payload = payload_of(run.register.entries[-1])

    def subject(value: Value) -> None:
        value["subject"][0]["digest"]["sha256"] = "ab" * 32

    changes: list[tuple[str, str, Change]] = [
        ("agreement-of-another-subject", "register 2.2", subject),
        ("place-another", "register 2.1", put("seq", agreement["predicate"]["seq"] + 1)),
        ("link-another", "register 2.1", put("prev", "ab" * 32)),
    ]
    return [
        (name, rule, envelope.seal(edited(payload, change), (key,)))
        for name, rule, change in changes
    ]


def _signers(run: Run, place: int) -> list[tuple[str, str, tuple[bytes, ...]]]:
    """A participant's entry signed by one of the two only, or by a third."""
    entries, keys = run.register.entries, run.setting.keys
    payload = payload_of(entries[place])
    registrar, birch, aurora = (
        keys[ParticipantId(name)].statement for name in ("registrar", "birch", "aurora")
    )
    signed = {
        "signed-by-the-registrar-only": (registrar,),
        "signed-by-the-participant-only": (birch,),
        "signed-by-another-participant": (registrar, aurora),
    }
    return [
        (
            name,
            "register 2.3",
            (*entries[:place], envelope.seal(payload, by), *entries[place + 1 :]),
        )
        for name, by in signed.items()
    ]


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

    def panel(value: Value) -> None:
        value["predicate"]["body"]["adjudicator"].update(panel=["verifier-1"], quorum=1)

    return [
        ("party-not-a-lab", "register 2.6", party),
        ("channel-not-a-meter", "register 2.6", meter),
        ("panel-not-of-adjudicators", "register 2.6", panel),
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
