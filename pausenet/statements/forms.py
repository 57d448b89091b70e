"""Terms that say their own form: one declaration is reader, writer and check at birth.

A `Record` is a frozen dataclass whose members are annotated with forms:

    class RunCap(Record):
        limit_pflop: Annotated[Pflop, Whole(of=Pflop)]

Its canonical form is the object of its members. Building one with a member that its form does
not allow raises `ValueError`; reading one raises `MalformedStatement`.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from itertools import pairwise
from typing import Any, ClassVar, Final, Protocol, Self, get_type_hints

from pausenet.errors import MalformedStatement
from pausenet.statements.canonical import Json
from pausenet.statements.fields import TEXT_MAX, Fields
from pausenet.values import INTEGER_MAX, Digest, ParticipantId

PPM: Final = 1_000_000
"""One whole, in parts per million."""
SPAN_MAX_S: Final = 10**10
PERIODS_MAX: Final = 10_000


class Form(Protocol):
    """How one member looks in canonical JSON."""

    def read(self, value: Json, path: str) -> Any:
        """The member of this canonical form; raise `MalformedStatement`."""

    def write(self, value: Any) -> Json:
        """The canonical form of a member."""

    def check(self, value: Any, path: str) -> None:
        """Raise `ValueError` for a member that this form does not allow."""


@dataclass(frozen=True, slots=True)
class Whole:
    """An integer from `low` to `high`, both included; `of` is its value type."""

    low: int = 0
    high: int = INTEGER_MAX
    of: Callable[[int], int] = int

    def read(self, value: Json, path: str) -> int:
        """See `Form`."""
        _expect(type(value) is int, path, "expected an integer")
        assert isinstance(value, int)
        _expect(
            self.low <= value <= self.high,
            path,
            f"expected {self.low}..{self.high}, found {value}",
        )
        return self.of(value)

    def write(self, value: int) -> Json:
        """See `Form`."""
        return int(value)

    def check(self, value: Any, path: str) -> None:
        """See `Form`."""
        is_integer = isinstance(value, int) and not isinstance(value, bool)
        _born(is_integer and self.low <= value <= self.high, path, value)


@dataclass(frozen=True, slots=True)
class Flag:
    """True or false."""

    def read(self, value: Json, path: str) -> bool:
        """See `Form`."""
        _expect(isinstance(value, bool), path, "expected true or false")
        return bool(value)

    def write(self, value: bool) -> Json:
        """See `Form`."""
        return value

    def check(self, value: Any, path: str) -> None:
        """See `Form`."""
        _born(isinstance(value, bool), path, value)


@dataclass(frozen=True, slots=True)
class Text:
    """Words of `least` to `most` characters."""

    most: int = TEXT_MAX
    least: int = 1

    def read(self, value: Json, path: str) -> str:
        """See `Form`."""
        _expect(isinstance(value, str), path, "expected text")
        assert isinstance(value, str)
        _expect(len(value) >= self.least, path, "mandatory, and empty")
        _expect(len(value) <= self.most, path, f"longer than {self.most} characters")
        return value

    def write(self, value: str) -> Json:
        """See `Form`."""
        return str(value)

    def check(self, value: Any, path: str) -> None:
        """See `Form`."""
        _born(isinstance(value, str) and self.least <= len(value) <= self.most, path, value)


@dataclass(frozen=True, slots=True)
class Word:
    """One word of a closed set, or a participant's id."""

    of: type[StrEnum] | type[ParticipantId]
    among: tuple[StrEnum, ...] = ()
    """The words of the set that stand here; all, where none is named."""

    def read(self, value: Json, path: str) -> Any:
        """See `Form`."""
        _expect(isinstance(value, str), path, "expected text")
        assert isinstance(value, str)
        try:
            found = self.of(value)
        except ValueError as error:
            raise MalformedStatement(f"{path}: {error}") from error
        _expect(self._stands(found), path, f"{value!r} may not stand here")
        return found

    def write(self, value: str) -> Json:
        """See `Form`."""
        return str(value)

    def check(self, value: Any, path: str) -> None:
        """See `Form`."""
        _born(isinstance(value, self.of) and self._stands(value), path, value)

    def _stands(self, value: Any) -> bool:
        return not self.among or value in self.among


@dataclass(frozen=True, slots=True)
class Hex:
    """A digest, as 64 lowercase hex digits."""

    of: type[Digest]

    def read(self, value: Json, path: str) -> Digest:
        """See `Form`."""
        _expect(isinstance(value, str), path, "expected text")
        assert isinstance(value, str)
        try:
            return self.of.from_hex(value)
        except ValueError as error:
            raise MalformedStatement(f"{path}: {error}") from error

    def write(self, value: Digest) -> Json:
        """See `Form`."""
        return value.hex()

    def check(self, value: Any, path: str) -> None:
        """See `Form`."""
        _born(isinstance(value, self.of), path, value)


@dataclass(frozen=True, slots=True)
class Part:
    """A record inside a record."""

    of: type[Record]

    def read(self, value: Json, path: str) -> Any:
        """See `Form`."""
        return self.of.read_item(value, path)

    def write(self, value: Record) -> Json:
        """See `Form`."""
        return value.to_json()

    def check(self, value: Any, path: str) -> None:
        """See `Form`."""
        _born(isinstance(value, self.of), path, value)


@dataclass(frozen=True, slots=True)
class Maybe:
    """A record, or none, which is written as an empty object."""

    of: type[Record]

    def read(self, value: Json, path: str) -> Any:
        """See `Form`."""
        return None if value == {} else self.of.read_item(value, path)

    def write(self, value: Record | None) -> Json:
        """See `Form`."""
        return {} if value is None else value.to_json()

    def check(self, value: Any, path: str) -> None:
        """See `Form`."""
        _born(value is None or isinstance(value, self.of), path, value)


@dataclass(frozen=True, slots=True)
class OneOf:
    """One record of a closed union; the member `tag` tells which by the kind's `KIND`."""

    tag: str
    of: tuple[type[Record], ...]

    def read(self, value: Json, path: str) -> Any:
        """See `Form`."""
        fields = Fields(value, path)
        kind = fields.text(self.tag, 64)
        found = next((each for each in self.of if kind == each.KIND), None)
        if found is None:
            raise MalformedStatement(f"{path}.{self.tag}: unknown kind {kind!r}")
        record = found.read(fields)
        fields.done()
        return record

    def write(self, value: Record) -> Json:
        """See `Form`."""
        return {self.tag: str(value.KIND), **value.to_json()}

    def check(self, value: Any, path: str) -> None:
        """See `Form`."""
        _born(isinstance(value, self.of), path, value)


@dataclass(frozen=True, slots=True)
class Many:
    """`low` to `high` members of one form; ascending and none twice, by `key` where ordered."""

    item: Form
    low: int = 0
    high: int = 64
    key: Callable[[Any], Any] | None = field(default=str)

    def read(self, value: Json, path: str) -> tuple[Any, ...]:
        """See `Form`."""
        _expect(isinstance(value, list), path, "expected a list")
        assert isinstance(value, list)
        _expect(
            self.low <= len(value) <= self.high,
            path,
            f"expected {self.low}..{self.high} items, found {len(value)}",
        )
        found = tuple(self.item.read(each, f"{path}[{at}]") for at, each in enumerate(value))
        _expect(self._ordered(found), path, "expected ascending and none twice")
        return found

    def write(self, value: tuple[Any, ...]) -> Json:
        """See `Form`."""
        return [self.item.write(each) for each in value]

    def check(self, value: Any, path: str) -> None:
        """See `Form`."""
        _born(isinstance(value, tuple) and self.low <= len(value) <= self.high, path, value)
        for at, each in enumerate(value):
            self.item.check(each, f"{path}[{at}]")
        _born(self._ordered(value), path, value)

    def _ordered(self, found: tuple[Any, ...]) -> bool:
        key = self.key
        return key is None or all(key(left) < key(right) for left, right in pairwise(found))


class Record:
    """A frozen dataclass of members with forms; `hold` says what they must hold together."""

    __slots__ = ()
    KIND: ClassVar[str] = ""

    def __post_init__(self) -> None:
        for name, form in forms_of(type(self)).items():
            form.check(getattr(self, name), f"{type(self).__name__}.{name}")
        self.hold()

    def hold(self) -> None:
        """Raise `ValueError` for members that cannot stand together."""

    def to_json(self) -> dict[str, Json]:
        """The canonical form."""
        return {
            name: form.write(getattr(self, name)) for name, form in forms_of(type(self)).items()
        }

    @classmethod
    def read(cls, fields: Fields) -> Self:
        """Read the canonical form; the caller ends with `fields.done`."""
        read = {
            name: form.read(fields.take(name), fields.path_of(name))
            for name, form in forms_of(cls).items()
        }
        try:
            return cls(**read)
        except ValueError as error:
            raise MalformedStatement(f"{fields.path_of('')[:-1]}: {error}") from error

    @classmethod
    def read_item(cls, value: Json, path: str) -> Self:
        """Read the canonical form whole."""
        fields = Fields(value, path)
        found = cls.read(fields)
        fields.done()
        return found


def forms_of(record: type[Record]) -> Mapping[str, Form]:
    """The form of every member, in the order in which they are declared."""
    found = _FORMS.get(record)
    if found is None:
        hints = get_type_hints(record, include_extras=True)
        found = {
            name: hint.__metadata__[0]
            for name, hint in hints.items()
            if hasattr(hint, "__metadata__")
        }
        _FORMS[record] = found
    return found


_FORMS: Final[dict[type, Mapping[str, Form]]] = {}


def holds(condition: bool, problem: str) -> None:
    """Raise `ValueError` unless the condition holds."""
    if not condition:
        raise ValueError(problem)


def _expect(condition: bool, path: str, problem: str) -> None:
    if not condition:
        raise MalformedStatement(f"{path}: {problem}")


def _born(condition: bool, path: str, value: object) -> None:
    if not condition:
        raise ValueError(f"{path}: found {value!r:.120}")
