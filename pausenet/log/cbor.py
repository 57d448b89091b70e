"""CBOR in its one deterministic spelling (RFC 8949, 4.2.1), as much of it as COSE receipts need.

Integers, byte strings, text, arrays, maps, one tag and null; nothing else. Lengths are definite
and shortest, map keys sorted by their bytes, and a decoder ends by encoding again.

>>> encode({1: -8, 395: 1}).hex()
'a2012719018b01'
>>> decode(bytes.fromhex("a2012719018b01"))
{1: -8, 395: 1}
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final, TypeAlias

from pausenet.errors import MalformedProof, Misuse

DEPTH_MAX: Final = 8
ITEMS_MAX: Final = 4_096
_WIDTHS: Final = {24: 1, 25: 2, 26: 4, 27: 8}
_NULL: Final = 0xF6


@dataclass(frozen=True, slots=True)
class Tagged:
    """A value under a tag."""

    tag: int
    value: Cbor


Cbor: TypeAlias = (
    int | bytes | str | Tagged | tuple["Cbor", ...] | Mapping[int | str, "Cbor"] | None
)
"""What can be written: arrays are tuples, keys of maps integers or text."""


def encode(value: Cbor) -> bytes:
    """Write a value; raise `Misuse` for one outside 64 bits."""
    match value:
        case None:
            return bytes([_NULL])
        case bool():
            raise Misuse("cbor: truth values are not written here")
        case int():
            return _head(0, value) if value >= 0 else _head(1, -1 - value)
        case bytes():
            return _head(2, len(value)) + value
        case str():
            data = value.encode("utf-8")
            return _head(3, len(data)) + data
        case tuple():
            return _head(4, len(value)) + b"".join(encode(item) for item in value)
        case Tagged():
            return _head(6, value.tag) + encode(value.value)
        case _:
            pairs = sorted((encode(key), encode(item)) for key, item in value.items())
            return _head(5, len(pairs)) + b"".join(key + item for key, item in pairs)


def decode(data: bytes) -> Cbor:
    """Read one value; raise `MalformedProof` for any bytes but its one spelling."""
    reader = _Reader(data)
    value = reader.value(DEPTH_MAX)
    if reader.place != len(data):
        raise MalformedProof(f"cbor: {len(data) - reader.place} bytes after the value")
    if encode(value) != data:
        raise MalformedProof("cbor: not the deterministic spelling")
    return value


class _Reader:
    """Reads values one after the other; the number of all items is bounded."""

    def __init__(self, data: bytes) -> None:
        self._data, self.place, self._items = data, 0, 0

    def value(self, depth: int) -> Cbor:
        self._items += 1
        if depth == 0 or self._items > ITEMS_MAX:
            raise MalformedProof("cbor: too deep or too many items")
        first = self._take(1)[0]
        if first == _NULL:
            return None
        kind, number = first >> 5, self._number(first & 31)
        match kind:
            case 0:
                return number
            case 1:
                return -1 - number
            case 2:
                return self._take(number)
            case 3:
                return self._text(number)
            case 4:
                return tuple(self.value(depth - 1) for _ in range(self._count(number)))
            case 5:
                return self._map(self._count(number), depth)
            case 6:
                return Tagged(number, self.value(depth - 1))
            case _:
                raise MalformedProof(f"cbor: the simple value {first:02x} is not read here")

    def _map(self, count: int, depth: int) -> Cbor:
        found: dict[int | str, Cbor] = {}
        for _ in range(count):
            key = self.value(depth - 1)
            if not isinstance(key, int | str) or key in found:
                raise MalformedProof("cbor: a key twice, or neither integer nor text")
            found[key] = self.value(depth - 1)
        return found

    def _number(self, short: int) -> int:
        if short < 24:
            return short
        if short not in _WIDTHS:
            raise MalformedProof("cbor: an indefinite or reserved length")
        return int.from_bytes(self._take(_WIDTHS[short]), "big")

    def _count(self, number: int) -> int:
        if number > ITEMS_MAX:
            raise MalformedProof(f"cbor: {number} items")
        return number

    def _text(self, length: int) -> str:
        try:
            return self._take(length).decode("utf-8")
        except UnicodeDecodeError as error:
            raise MalformedProof("cbor: text that is not UTF-8") from error

    def _take(self, count: int) -> bytes:
        end = self.place + count
        if end > len(self._data):
            raise MalformedProof("cbor: cut short")
        taken, self.place = self._data[self.place : end], end
        return taken


def _head(kind: int, number: int) -> bytes:
    if number < 24:
        return bytes([kind << 5 | number])
    for short, width in _WIDTHS.items():
        if number < 1 << 8 * width:
            return bytes([kind << 5 | short]) + number.to_bytes(width, "big")
    raise Misuse(f"cbor: {number} has more than 64 bits")
