"""Cases of whole evidence bundles: their shape, their claims, and what is not run."""

from __future__ import annotations

import json
from dataclasses import replace
from hashlib import sha256

from pausenet.protocol.evidence import material_to_json
from pausenet.simulator.vectors import guilt
from pausenet.simulator.vectors.case import Area, Case, CaseKind, b64, texts
from pausenet.simulator.vectors.edits import Value, written
from pausenet.simulator.vectors.faults import RULES
from pausenet.simulator.vectors.ground import run_of
from pausenet.simulator.vectors.networks import BIRCH
from pausenet.simulator.vectors.voices import signed, true_appraisal
from pausenet.values import Digest


def bundle_cases() -> list[Case]:
    """Whole bundles, with their digest made right again after each change."""
    area = Area("bundle", CaseKind.BUNDLE)
    for name, (run, fault, _) in guilt.true_materials().items():
        data, network = guilt.bundle_of(name), run_of(run).register.network_id.hex()
        area.accept(name, RULES[fault], data=b64(data), network_id=network)
        area.refuse(f"{name}-of-unknown-parties", "bundles 2.5", data=b64(data), network_id="")
        other = run_of("cheats" if run == "honest" else "honest").register.network_id.hex()
        area.refuse(f"{name}-of-another-network", "bundles 2.5", data=b64(data), network_id=other)
        value: Value = json.loads(data)
        for mutation, rule, changed in _claims(value):
            area.refuse(f"{name}-{mutation}", rule, data=b64(resealed(changed)), network_id=network)
    return [*area.cases, *_shapes(), *_unknown_rules()]


def resealed(value: Value) -> bytes:
    """A bundle of these members with the digest that they have."""
    body = {name: member for name, member in value.items() if name != "digest"}
    return written({**body, "digest": sha256(written(body)).hexdigest()})


def _claims(value: Value) -> list[tuple[str, str, Value]]:
    claim = value["claim"]
    grade = "plausible" if claim["grade"] == "confirmed" else "confirmed"
    accused = "aurora" if claim["accused"] != "aurora" else "birch"
    network = "ab" * 32
    return [
        ("grade-another", "bundles 2.3", {**value, "claim": {**claim, "grade": grade}}),
        ("accused-another", "bundles 2.3", {**value, "claim": {**claim, "accused": accused}}),
        ("text-another", "bundles 2.3", {**value, "claim": {**claim, "text": "it cheats"}}),
        ("agreement-another", "bundles 2.4", {**value, "agreement": network}),
    ]


def _shapes() -> list[Case]:
    run = run_of("honest")
    network = run.register.network_id.hex()
    data = guilt.bundle_of("f1")
    value: Value = json.loads(data)
    claim, register = value["claim"], value["register"]
    area = Area("bundle", CaseKind.BUNDLE, network_id=network)

    def refuse(name: str, rule: str, **members: object) -> None:
        area.refuse(name, rule, data=b64(resealed({**value, **members})))

    area.refuse("digest-another", "bundles 1.1", data=b64(written({**value, "digest": network})))
    area.refuse("line-end-added", "bundles 1.1", data=b64(data + b"\n"))
    area.refuse("empty", "bundles 1.1", data="")
    refuse("member-added", "bundles 1.1", more=1)
    refuse("version-another", "bundles 1.2", bundle="v2")
    refuse("materials-none", "bundles 1.2", materials=[])
    refuse("material-of-another-kind", "bundles 1.3", materials=[{"kind": "other", "data": ""}])
    refuse("register-none", "bundles 1.2", register=[])
    refuse("register-cut-short", "register 2.6", register=register[:-1])
    refuse("register-swapped", "register 2.1", register=[register[1], register[0], *register[2:]])
    refuse("network-another", "bundles 2.1", network="ab" * 32)
    refuse("claim-member-added", "bundles 1.4", claim={**claim, "more": 1})
    refuse("claim-class-another", "bundles 1.4", claim={**claim, "class": "warrant"})
    refuse("claim-key-another", "bundles 2.3", claim={**claim, "key": "ab" * 32})
    refuse("claim-role-another", "bundles 2.3", claim={**claim, "role": "meter"})
    refuse("claim-periods-added", "bundles 2.3", claim={**claim, "periods": [1]})
    other = json.loads(guilt.bundle_of("f2"))
    refuse("materials-of-another", "bundles 2.2", materials=other["materials"])
    refuse("register-of-another", "bundles 2.1", register=texts(run_of("cheats").register.entries))
    return area.cases


def _unknown_rules() -> list[Case]:
    """F9 by rules that this version does not have: not run, and never F9 (bundles 6.2)."""
    network = run_of("honest").register.network_id.hex()
    name = next(name for name in guilt.true_materials() if name.startswith("f9"))
    value: Value = json.loads(guilt.bundle_of(name))
    items = value["materials"]
    other = replace(true_appraisal(), rules=Digest.of(b"other rules"))
    unknown = material_to_json(signed(other))
    area = Area("bundle", CaseKind.BUNDLE, network_id=network)

    def refuse(name: str, rule: str, *materials: object, **members: object) -> None:
        changed = {**value, "materials": list(materials), **members}
        area.refuse(name, rule, data=b64(resealed(changed)))

    refuse("f9-by-other-rules", "bundles 6.2", unknown, *items[1:])
    refuse("f9-by-other-rules-without-logs", "bundles 6.2", unknown, items[1])
    refuse("f9-by-other-rules-of-nothing", "bundles 6.2", unknown, unknown)
    refuse("f9-by-other-rules-alone", "bundles 6.1", unknown)
    stolen = material_to_json(signed(other, BIRCH))
    refuse("f9-by-other-rules-said-by-a-lab", "bundles 6.1", stolen, *items[1:])
    register = value["register"][:-1]
    refuse("f9-by-other-rules-no-register", "bundles 2.1", unknown, *items[1:], register=register)
    log = items[-1]
    shapes: dict[str, object] = {
        "without-entries": {**log, "entries": []},
        "of-4097-entries": {**log, "entries": [""] * 4_097},
        "with-data": {**log, "data": ""},
        "without-origin": {"kind": "log", "entries": log["entries"]},
        "of-no-origin": {**log, "origin": "somewhere"},
        "of-another-base64": {**log, "entries": [log["entries"][0] + "="]},
    }
    for name, changed in shapes.items():
        refuse(f"log-{name}", "bundles 1.3", *items[:-1], changed)
    return area.cases
