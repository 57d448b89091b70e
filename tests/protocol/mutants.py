"""Bundles and payloads changed by a seeded hand, the digest repaired: none is what it was."""

from __future__ import annotations

import base64
import copy
import json
import random
from collections.abc import Callable, Iterator
from hashlib import sha256
from typing import Any

from tests.reference.second.spelling import write_json

Value = dict[str, Any]
ALPHABET = "abcXYZ019+/= -é"


def resealed(value: Value) -> bytes:
    body = {key: member for key, member in value.items() if key != "digest"}
    return write_json({**body, "digest": sha256(write_json(body)).hexdigest()})


def bundle_mutants(name: str, bundles: dict[str, bytes]) -> Iterator[tuple[str, bytes]]:
    """Some thirty changes of one bundle, each with a name."""
    chance, data = random.Random(name), bundles[name]
    for number in range(6):
        place = chance.randrange(len(data))
        yield f"byte {number}", _flipped(data, place, chance)
    for number in range(6):
        value = json.loads(data)
        change_somewhere(value, chance)
        yield f"value {number}", resealed(value)
    for number in range(8):
        value = json.loads(data)
        _change_bytes(value, chance)
        yield f"bytes {number}", resealed(value)
    for change in (*CLAIM_CHANGES, *LIST_CHANGES):
        value = json.loads(data)
        change(value, chance)
        yield change.__name__, resealed(value)
    for other in chance.sample(sorted(set(bundles) - {name}), 4):
        yield f"materials of {other}", resealed(_with(data, bundles[other], "materials"))
        yield f"claim of {other}", resealed(_with(data, bundles[other], "claim"))


def _flipped(data: bytes, place: int, chance: random.Random) -> bytes:
    return data[:place] + bytes((data[place] ^ 1 << chance.randrange(8),)) + data[place + 1 :]


def _with(data: bytes, other: bytes, member: str) -> Value:
    value: Value = json.loads(data)
    return {**value, member: json.loads(other)[member]}


def _change_bytes(value: Value, chance: random.Random) -> None:
    """One bit of a register entry or of a material's bytes."""
    holder: Any
    key: Any
    if chance.random() < 0.3:
        holder, key = value["register"], chance.randrange(len(value["register"]))
    else:
        holder, key = chance.choice(value["materials"]), "data"
        if holder["kind"] == "log":
            holder, key = holder["entries"], chance.randrange(len(holder["entries"]))
        elif "endorsements" in holder and chance.random() < 0.5:
            holder = holder["endorsements"]
            key = chance.randrange(len(holder))
    raw = base64.b64decode(holder[key])
    changed = _flipped(raw, chance.randrange(len(raw)), chance)
    holder[key] = base64.b64encode(changed).decode()


def change_somewhere(value: Any, chance: random.Random) -> None:
    """Replace, remove, double or add one thing somewhere inside."""
    holder, key = value, chance.choice(sorted(value))
    while isinstance(holder[key], dict | list) and holder[key] and chance.random() < 0.9:
        holder = holder[key]
        key = chance.choice(sorted(holder) if isinstance(holder, dict) else range(len(holder)))
    _act(holder, key, chance.randrange(5), chance)


def _act(holder: Any, key: Any, action: int, chance: random.Random) -> None:
    """Remove, double or add, reverse or replace."""
    if action == 0:
        del holder[key]
    elif action == 1 and isinstance(holder, list):
        holder.insert(key, copy.deepcopy(holder[key]))
    elif action == 1:
        holder["x-x"] = chance.choice((0, "", [], {}))
    elif action == 2 and isinstance(holder, list):
        holder.reverse()
    else:
        holder[key] = _other(holder[key], chance)


def _paths(value: Any) -> Iterator[tuple[Any, ...]]:
    """The way to everything inside, outermost first."""
    inner = value.items() if isinstance(value, dict) else enumerate(value)
    for key, member in inner:
        yield (key,)
        if isinstance(member, dict | list):
            yield from ((key, *rest) for rest in _paths(member))


def _other(spot: Any, chance: random.Random) -> Any:
    if isinstance(spot, bool) or not isinstance(spot, int | str):
        return chance.choice((0, "", [], {}, True, "x", [0], spot))
    if isinstance(spot, int):
        edges = (-1, 0, 1, 2, 64, 65, 10_000, 10_001, 10**6, 10**10, 2**53 - 1)
        return chance.choice((spot - 1, spot + 1, -spot, True, str(spot), *edges))
    if not spot or chance.random() < 0.3:
        return chance.choice(("", "x", "X", 0, [], spot * 2, spot + " ", "é" * 301, "x" * 2_001))
    place = chance.randrange(len(spot))
    return spot[:place] + chance.choice(ALPHABET) + spot[place + 1 :]


# ------------------------------------------------------------------------ altered claim and lists


def _setter(member: str, other: Any) -> Callable[[Value, random.Random], None]:
    def change(value: Value, chance: random.Random) -> None:
        value["claim"][member] = other

    change.__name__ = f"claim {member} {other!r:.20}"
    return change


CLAIM_CHANGES = (
    _setter("accused", "aurora-meter"),
    _setter("accused", "verifier-3"),
    _setter("accused", "Nobody"),
    _setter("grade", "confirmed"),
    _setter("grade", "plausible"),
    _setter("role", "registrar"),
    _setter("key", "00" * 32),
    _setter("periods", [1]),
    _setter("class", "proof"),
    _setter("text", "x" * 301),
)


def other_network(value: Value, chance: random.Random) -> None:
    value["network"] = chance.randbytes(32).hex()


def other_agreement(value: Value, chance: random.Random) -> None:
    value["agreement"] = "" if value["agreement"] else "ab" * 32


def reversed_materials(value: Value, chance: random.Random) -> None:
    value["materials"].reverse()


def doubled_material(value: Value, chance: random.Random) -> None:
    value["materials"].append(value["materials"][-1])


def fewer_materials(value: Value, chance: random.Random) -> None:
    del value["materials"][chance.randrange(len(value["materials"]))]


def swapped_data(value: Value, chance: random.Random) -> None:
    one, other = value["materials"][0], value["materials"][-1]
    if "data" in one and "data" in other:
        one["data"], other["data"] = other["data"], one["data"]


def fewer_entries(value: Value, chance: random.Random) -> None:
    del value["register"][chance.randrange(len(value["register"]))]


def doubled_entry(value: Value, chance: random.Random) -> None:
    value["register"].append(value["register"][-1])


def swapped_entries(value: Value, chance: random.Random) -> None:
    register = value["register"]
    place = chance.randrange(1, len(register) - 1)
    register[place], register[place + 1] = register[place + 1], register[place]


LIST_CHANGES = (
    other_network,
    other_agreement,
    reversed_materials,
    doubled_material,
    fewer_materials,
    swapped_data,
    fewer_entries,
    doubled_entry,
    swapped_entries,
)


# ---------------------------------------------------------------------------- payloads of one kind


def payload_mutants(payload: bytes, chance: random.Random, number: int) -> Iterator[bytes]:
    """A statement's payload with one or two things changed inside, canonical but for a few."""
    for _ in range(number):
        value = json.loads(payload)
        for _ in range(chance.choice((1, 1, 2))):
            change_somewhere(value["predicate"] if chance.random() < 0.8 else value, chance)
            value.setdefault("predicate", {"x": 0})
            if not isinstance(value["predicate"], dict) or not value["predicate"]:
                value["predicate"] = {"x": 0}
        yield write_json(value)
    for path in list(_paths(json.loads(payload)["predicate"]["body"])):
        for action in range(4):
            value = json.loads(payload)
            holder = value["predicate"]["body"]
            for key in path[:-1]:
                holder = holder[key]
            _act(holder, path[-1], action, chance)
            yield write_json(value)
    yield payload.replace(b'"random_ppm":10000', b'"random_ppm":0').replace(
        b'"systematic_ppm":3000', b'"systematic_ppm":0'
    )
    text = payload.decode()
    yield text.replace(",", ", ", 1).encode()
    yield text.replace(":0", ":-0", 1).encode()
    yield text.replace(":0", ":0.0", 1).encode()
    yield text.replace('"seq":', '"seq":1e0,"seq":', 1).encode()
    yield text.replace("{", '{"_type":"x",', 1).encode()
    yield text.replace("/v1", "\\/v1", 1).encode()
    yield b"\xef\xbb\xbf" + payload
    yield payload + b"\n"
