"""Read the members of a decoded JSON object one by one, and refuse what is left over."""

from __future__ import annotations

from collections.abc import Callable
from enum import StrEnum
from itertools import pairwise
from typing import TypeVar

from pausenet.errors import MalformedStatement
from pausenet.statements.canonical import Json
from pausenet.values import Digest

T = TypeVar("T")
E = TypeVar("E", bound=StrEnum)

LIST_MAX = 4_096
TEXT_MAX = 2_000


class Fields:
    """An object whose members must all be read, with `path` for the messages.

    Every method raises `MalformedStatement` when the member is missing or of another type.
    """

    def __init__(self, value: Json, path: str) -> None:
        if not isinstance(value, dict):
            raise MalformedStatement(f"{path}: expected an object, found {_kind(value)}")
        self._left = dict(value)
        self._path = path

    def take(self, name: str) -> Json:
        """Any member, as it is."""
        if name not in self._left:
            raise MalformedStatement(f"{self._path}.{name}: missing")
        return self._left.pop(name)

    def optional(self, name: str) -> Json | None:
        """A member that may be absent."""
        return self._left.pop(name, None)

    def value(self, name: str, make: Callable[[int], T]) -> T:
        """An integer, through a value type's own check."""
        number = self.take(name)
        if isinstance(number, bool) or not isinstance(number, int):
            raise MalformedStatement(
                f"{self._path}.{name}: expected an integer, found {_kind(number)}"
            )
        try:
            return make(number)
        except ValueError as error:
            raise MalformedStatement(f"{self._path}.{name}: {error}") from error

    def integer(self, name: str, low: int, high: int) -> int:
        """An integer within bounds, both included."""
        number = self.value(name, int)
        if not low <= number <= high:
            raise MalformedStatement(f"{self._path}.{name}: expected {low}..{high}, found {number}")
        return number

    def truth(self, name: str) -> bool:
        """True or false."""
        found = self.take(name)
        if not isinstance(found, bool):
            raise MalformedStatement(f"{self._path}.{name}: expected true or false")
        return found

    def text(self, name: str, maximum: int = TEXT_MAX) -> str:
        """A string of at most `maximum` characters."""
        found = self.take(name)
        if not isinstance(found, str):
            raise MalformedStatement(f"{self._path}.{name}: expected text, found {_kind(found)}")
        if len(found) > maximum:
            raise MalformedStatement(f"{self._path}.{name}: longer than {maximum} characters")
        return found

    def word(self, name: str, make: Callable[[str], T]) -> T:
        """A string, through a value type's own check."""
        found = self.text(name)
        try:
            return make(found)
        except ValueError as error:
            raise MalformedStatement(f"{self._path}.{name}: {error}") from error

    def optional_word(self, name: str, make: Callable[[str], T]) -> T | None:
        """A string, through a value type's own check, or an empty text for none."""
        if self._left.get(name) == "":
            del self._left[name]
            return None
        return self.word(name, make)

    def digest(self, name: str) -> Digest:
        """64 lowercase hex digits."""
        return self.word(name, Digest.from_hex)

    def optional_digest(self, name: str) -> Digest | None:
        """64 lowercase hex digits, or an empty text for none."""
        found = self.text(name)
        return None if found == "" else self._digest(name, found)

    def items(
        self, name: str, read: Callable[[Json, str], T], *, low: int = 0, high: int = LIST_MAX
    ) -> tuple[T, ...]:
        """A list, each item through `read(item, path)`."""
        found = self.take(name)
        path = f"{self._path}.{name}"
        if not isinstance(found, list):
            raise MalformedStatement(f"{path}: expected a list, found {_kind(found)}")
        if not low <= len(found) <= high:
            raise MalformedStatement(f"{path}: expected {low}..{high} items, found {len(found)}")
        return tuple(read(item, f"{path}[{number}]") for number, item in enumerate(found))

    def words(
        self, name: str, make: Callable[[str], T], *, low: int = 0, high: int = LIST_MAX
    ) -> tuple[T, ...]:
        """A list of strings, each through a value type's own check."""

        def read(item: Json, path: str) -> T:
            if not isinstance(item, str):
                raise MalformedStatement(f"{path}: expected text, found {_kind(item)}")
            try:
                return make(item)
            except ValueError as error:
                raise MalformedStatement(f"{path}: {error}") from error

        return self.items(name, read, low=low, high=high)

    def inner(self, name: str) -> Fields:
        """A member that is itself an object."""
        return Fields(self.take(name), f"{self._path}.{name}")

    def done(self) -> None:
        """Refuse what has not been read."""
        if self._left:
            raise MalformedStatement(f"{self._path}: unknown member {min(self._left)!r:.80}")

    def path_of(self, name: str) -> str:
        """Where a member stands, for messages."""
        return f"{self._path}.{name}"

    def names(self) -> tuple[str, ...]:
        """The names not read yet, sorted."""
        return tuple(sorted(self._left))

    def _digest(self, name: str, found: str) -> Digest:
        try:
            return Digest.from_hex(found)
        except ValueError as error:
            raise MalformedStatement(f"{self._path}.{name}: {error}") from error


def require(condition: bool, problem: str) -> None:
    """Raise `MalformedStatement` unless the condition holds."""
    if not condition:
        raise MalformedStatement(problem)


def strictly_sorted(values: tuple[str, ...] | tuple[int, ...], what: str) -> None:
    """Require strictly ascending values: sorted, and none twice."""
    require(
        all(left < right for left, right in pairwise(values)),  # type: ignore[operator]  # one type a tuple
        f"{what}: expected ascending and none twice",
    )


def _kind(value: object) -> str:
    return {bool: "true or false", int: "an integer", str: "text", list: "a list"}.get(
        type(value), "an object"
    )
