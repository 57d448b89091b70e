"""Canonical JSON: RFC 8785 restricted to what a statement may hold (protocol.md 2.4).

No floats, no null, no booleans' cousins in disguise: objects, arrays, strings in NFC, true,
false and integers within 2^53-1; member names are ASCII `[A-Za-z_-]{1,64}`, so that
code-point order is UTF-16 order, or in-toto's own `sha256`. A decoder ends by re-encoding and
comparing: orjson takes duplicate names in silence, and only that comparison catches them.

>>> encode({"b": 1, "a": ["x"]})
b'{"a":["x"],"b":1}'
>>> decode(b'{"a":["x"],"b":1}', maximum_bytes=100)
{'a': ['x'], 'b': 1}
"""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache
from typing import Final, TypeAlias, cast

import orjson

from pausenet.errors import MalformedInput, Misuse
from pausenet.values import INTEGER_MAX

Json: TypeAlias = "dict[str, Json] | list[Json] | str | int | bool"

DEPTH_MAX: Final = 16
_NAME: Final = re.compile(r"([A-Za-z_-]{1,64}|sha256)\Z")
_SPELLING: Final = orjson.OPT_SORT_KEYS | orjson.OPT_STRICT_INTEGER


def encode(value: Json) -> bytes:
    """Write a value canonically; raise `Misuse` for one that has no canonical form."""
    problem = _problem(value, DEPTH_MAX)
    if problem:
        raise Misuse(f"no canonical form: {problem}")
    # orjson's own bytes keep the room it wrote in, ten times their length: what is kept is a copy.
    return bytes(memoryview(orjson.dumps(value, option=_SPELLING)))


def rewrite(value: Json) -> bytes:
    """Write a value that is known to have a canonical form, for a decoder's last comparison."""
    return orjson.dumps(value, option=_SPELLING)


def decode(data: bytes, *, maximum_bytes: int) -> Json:
    """Read canonical JSON and nothing else; raise `MalformedInput` for all other bytes."""
    if len(data) > maximum_bytes:
        raise MalformedInput(f"expected at most {maximum_bytes} bytes, found {len(data)}")
    try:
        value: Json = orjson.loads(data)
    except (orjson.JSONDecodeError, RecursionError) as error:
        raise MalformedInput("not JSON") from error
    problem = _problem(value, DEPTH_MAX)
    if problem:
        raise MalformedInput(f"not canonical JSON: {problem}")
    if orjson.dumps(value, option=_SPELLING) != data:
        raise MalformedInput("not the canonical spelling")
    return value


def _problem(value: object, depth: int) -> str:
    """Say what keeps a value from having a canonical form; an empty text when nothing does."""
    if type(value) is str:
        return _text_problem(value)
    if depth == 0:
        return f"nested deeper than {DEPTH_MAX}"
    if isinstance(value, dict):
        for name, member in value.items():
            if type(name) is not str or not _is_name(name):
                return f"member name {name!r:.80} of type {type(name).__name__}"
            if _is_plain(member, depth):
                continue
            problem = _problem(member, depth - 1)
            if problem:
                return problem
        return ""
    if isinstance(value, list):
        for member in value:
            if _is_plain(member, depth):
                continue
            problem = _problem(member, depth - 1)
            if problem:
                return problem
        return ""
    if isinstance(value, str):
        return _text_problem(value)
    if isinstance(value, bool):
        return ""
    if isinstance(value, int):
        return "" if -INTEGER_MAX <= value <= INTEGER_MAX else f"integer {value!r:.40}"
    return f"a {type(value).__name__}"


def _is_plain(value: object, depth: int) -> bool:
    """Whether a member is what most members are, at a depth where that may stand."""
    kind = type(value)
    if kind is str:
        return cast(str, value).isascii()
    return kind is int and depth > 1 and -INTEGER_MAX <= cast(int, value) <= INTEGER_MAX


@lru_cache(maxsize=1_024)
def _is_name(name: str) -> bool:
    """Whether a member may have this name; there are a few hundred that statements use."""
    return _NAME.match(name) is not None


def _text_problem(value: str) -> str:
    if value.isascii():
        return ""
    if any("\ud800" <= character <= "\udfff" for character in value):
        return "a lone surrogate"
    return "" if unicodedata.is_normalized("NFC", value) else "a string that is not in NFC"
