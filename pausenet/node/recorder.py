"""Recordings: every event and its effects, so that another process can replay them.

A recording is JSON Lines, one `{"event": ..., "effects": [...]}` a line. An object carries its
class in `is`; bytes stand as base64, enumerations by value, tuples as lists; what type a member
has follows from its class. The reader is driven by those types, re-encodes and compares, and
raises `MalformedRecord` for all other text.

>>> from pausenet.protocol.messages import TimerFired
>>> from pausenet.values import NetworkTime
>>> encode_event(TimerFired(now=NetworkTime(7)))
b'{"is":"TimerFired","now":7}'
>>> decode_event(b'{"is":"TimerFired","now":7}')
TimerFired(now=7)
"""

from __future__ import annotations

import base64
import binascii
import types
from collections.abc import Iterator, Sequence
from dataclasses import fields, is_dataclass
from enum import Enum
from functools import cache
from pathlib import Path
from typing import Any, Final, TypeAlias, Union, get_args, get_origin, get_type_hints

import orjson

from pausenet.errors import MalformedRecord, Misuse
from pausenet.node.store.disk import over_disk
from pausenet.protocol.messages import Effect, Event

Json: TypeAlias = "dict[str, Json] | list[Json] | str | int | bool"
Step: TypeAlias = tuple[Event, tuple[Effect, ...]]

LINE_BYTES_MAX: Final = 256 * 1024 * 1024

_TYPE: Final = "is"


def encode_event(event: Event) -> bytes:
    """Write one event."""
    return _dump(_to_json(event))


def decode_event(data: bytes) -> Event:
    """Read one event; raise `MalformedRecord` for any other bytes."""
    found: Event = _whole(data, Event)
    return found


def encode_effects(effects: Sequence[Effect]) -> bytes:
    """Write the effects of one event, in order."""
    return _dump([_to_json(effect) for effect in effects])


def decode_effects(data: bytes) -> tuple[Effect, ...]:
    """Read the effects of one event; raise `MalformedRecord` for any other bytes."""
    found: tuple[Effect, ...] = _whole(data, tuple[Effect, ...])
    return found


def encode_step(event: Event, effects: Sequence[Effect]) -> bytes:
    """Write one line of a recording, its newline included."""
    return b'{"event":%b,"effects":%b}\n' % (encode_event(event), encode_effects(effects))


def decode_step(line: bytes) -> Step:
    """Read one line of a recording; raise `MalformedRecord` for any other bytes."""
    value = _json(line)
    if not isinstance(value, dict) or list(value) != ["event", "effects"]:
        raise MalformedRecord("recording: expected an event and its effects")
    event = decode_event(orjson.dumps(value["event"]))
    effects = decode_effects(orjson.dumps(value["effects"]))
    if encode_step(event, effects) != line:
        raise MalformedRecord("recording: not as it is written")
    return event, effects


def read_recording(path: Path) -> Iterator[Step]:
    """Read a recording; a last line without its newline is what a kill cut off, and is left."""
    with over_disk(path), path.open("rb") as file:
        for number, line in enumerate(file, start=1):
            if not line.endswith(b"\n"):
                return
            try:
                yield decode_step(line)
            except MalformedRecord as error:
                raise MalformedRecord(f"{path}:{number} {error}") from error


class Recorder:
    """Appends to a recording; a start of the node begins with its `Booted`."""

    def __init__(self, path: Path) -> None:
        with over_disk(path):
            self._file = path.open("ab")
        self._path = path

    def record(self, event: Event, effects: Sequence[Effect]) -> None:
        """Write down one step."""
        with over_disk(self._path):
            self._file.write(encode_step(event, effects))

    def flush(self) -> None:
        """Hand what was written to the system."""
        with over_disk(self._path):
            self._file.flush()

    def close(self) -> None:
        """Let go of the file."""
        with over_disk(self._path):
            self._file.close()


# ---------------------------------------------------------------------- by type


def _to_json(value: object) -> Json:
    if isinstance(value, Enum):
        return _to_json(value.value)
    if is_dataclass(value) and not isinstance(value, type):
        members = {each.name: _to_json(getattr(value, each.name)) for each in fields(value)}
        return {_TYPE: type(value).__name__, **members}
    if isinstance(value, tuple):
        return [_to_json(item) for item in value]
    if isinstance(value, bytes):
        return base64.b64encode(value).decode()
    if isinstance(value, bool):
        return value
    if isinstance(value, str):
        return str(value)
    if isinstance(value, int):
        return int(value)
    raise Misuse(f"recorder: a {type(value).__name__} has no form")


def _dump(value: Json) -> bytes:
    try:
        return orjson.dumps(value)
    except orjson.JSONEncodeError as error:
        raise Misuse(f"recorder: {error}") from error


def _whole(data: bytes, expected: Any) -> Any:
    """Read JSON as a value of the expected type, and nothing but its one spelling."""
    value = _json(data)
    found = _from_json(value, expected)
    if _dump(_to_json(found)) != data:
        raise MalformedRecord("recording: not as it is written")
    return found


def _json(data: bytes) -> Json:
    if len(data) > LINE_BYTES_MAX:
        raise MalformedRecord(f"recording: expected at most {LINE_BYTES_MAX} bytes")
    try:
        value: Json = orjson.loads(data)
    except orjson.JSONDecodeError as error:
        raise MalformedRecord("recording: not JSON") from error
    return value


def _from_json(value: object, expected: Any) -> Any:
    """Make a value of a type from its JSON; raise `MalformedRecord` where it is none."""
    origin = get_origin(expected)
    if origin in (Union, types.UnionType):
        return _one_of(value, get_args(expected))
    if origin is tuple:
        return _tuple(value, get_args(expected))
    if is_dataclass(expected):
        return _object(value, expected)
    try:
        if issubclass(expected, Enum):
            return expected(value)
        if issubclass(expected, bytes) and isinstance(value, str):
            return expected(base64.b64decode(value, validate=True))
        if isinstance(value, str if issubclass(expected, str) else int) and not (
            isinstance(value, bool) and expected is not bool
        ):
            return expected(value)
    except (ValueError, binascii.Error) as error:
        raise MalformedRecord(f"recording: {error}") from error
    raise MalformedRecord(f"recording: expected {expected.__name__}, found {value!r:.60}")


def _one_of(value: object, choices: tuple[Any, ...]) -> Any:
    if isinstance(value, dict):
        for choice in choices:
            if is_dataclass(choice) and _name(choice) == value.get(_TYPE):
                return _object(value, choice)
        raise MalformedRecord(f"recording: unknown class {value.get(_TYPE)!r:.60}")
    for choice in choices:
        if type(value) is choice:
            return value
    raise MalformedRecord(f"recording: unexpected {value!r:.60}")


def _tuple(value: object, items: tuple[Any, ...]) -> tuple[Any, ...]:
    if not isinstance(value, list):
        raise MalformedRecord(f"recording: expected a list, found {value!r:.60}")
    if len(items) == 2 and items[1] is Ellipsis:
        return tuple(_from_json(item, items[0]) for item in value)
    if len(value) != len(items):
        raise MalformedRecord(f"recording: expected {len(items)} items, found {len(value)}")
    return tuple(_from_json(item, kind) for item, kind in zip(value, items, strict=True))


def _object(value: object, expected: Any) -> Any:
    members = _members(expected)
    if not isinstance(value, dict) or value.get(_TYPE) != expected.__name__:
        raise MalformedRecord(f"recording: expected {expected.__name__}, found {value!r:.60}")
    if set(value) != {_TYPE, *members}:
        raise MalformedRecord(f"recording: not the members of {expected.__name__}")
    read = {name: _from_json(value[name], kind) for name, kind in members.items()}
    try:
        return expected(**read)
    except ValueError as error:
        raise MalformedRecord(f"recording: {error}") from error


def _name(kind: Any) -> str:
    return str(kind.__name__)


@cache
def _members(expected: Any) -> dict[str, Any]:
    """The members of a class and their types."""
    hints = get_type_hints(expected)
    return {each.name: hints[each.name] for each in fields(expected)}
