"""Acts as JSON Lines: what a participant's people decide to say, and in which period.

    {"at":6,"kind":"withdrawal","body":{"agreement":"...","reason":"..."}}

A node reads them beside its samples. Every mistake is a `MalformedFile` with its line.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from typing import Final

from pausenet.errors import MalformedFile, MalformedInput
from pausenet.protocol.messages import Act
from pausenet.statements import canonical
from pausenet.statements.canonical import Json
from pausenet.statements.codec import Kind, decode_body
from pausenet.statements.fields import Fields
from pausenet.values import PeriodIndex

LINE_BYTES_MAX: Final = 64 * 1024


def write_act(act: Act) -> str:
    """The line of an act, its newline included."""
    body = canonical.decode(act.body, maximum_bytes=LINE_BYTES_MAX)
    line: dict[str, Json] = {"at": act.at, "kind": str(act.kind), "body": body}
    return canonical.encode(line).decode() + "\n"


def read_acts(lines: Iterable[str], *, name: str) -> Iterator[Act]:
    """Read acts as they come, in the order of their periods; empty lines are passed over."""
    last = 0
    for number, text in enumerate(lines, start=1):
        if not text.strip():
            continue
        try:
            act = _read(text)
        except (MalformedInput, ValueError) as error:
            raise MalformedFile(name, number, 1, str(error)) from error
        if act.at < last:
            problem = f"expected a period not before {last}, found {act.at}"
            raise MalformedFile(name, number, 1, problem)
        last = act.at
        yield act


def _read(text: str) -> Act:
    if len(text) > LINE_BYTES_MAX:
        raise ValueError(f"expected at most {LINE_BYTES_MAX} characters a line")
    # People write the members in any order; what is signed has one spelling.
    fields = Fields(_once(text), "act")
    at = fields.value("at", PeriodIndex)
    kind = fields.word("kind", Kind)
    body = canonical.encode(fields.take("body"))
    fields.done()
    decode_body(kind, body)
    return Act(at=at, kind=kind, body=body)


def _once(text: str) -> Json:
    """JSON without floats, and no name twice in an object."""

    def pairs(items: list[tuple[str, Json]]) -> dict[str, Json]:
        if len({name for name, _ in items}) != len(items):
            raise ValueError("a name twice in one object")
        return dict(items)

    def no_float(found: str) -> Json:
        raise ValueError(f"expected whole numbers, found {found:.40}")

    try:
        value: Json = json.loads(
            text, object_pairs_hook=pairs, parse_float=no_float, parse_constant=no_float
        )
    except RecursionError as error:
        raise ValueError("not JSON") from error
    return value
