"""How pydantic reads one scalar: by a parser of texts, or as one word of a closed set."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from pydantic import GetCoreSchemaHandler, GetJsonSchemaHandler
from pydantic.json_schema import JsonSchemaValue
from pydantic_core import CoreSchema, core_schema

from pausenet.files.located import suggestion


class Reads(ABC):
    """For `Annotated`: pydantic reads a part of a file by `read`, and describes it by `shape`."""

    __slots__ = ()

    @abstractmethod
    def read(self, value: object) -> object:
        """The value of this part of a file's tree; raises `ValueError`."""

    @abstractmethod
    def shape(self) -> JsonSchemaValue:
        """The JSON Schema of what it reads."""

    def __get_pydantic_core_schema__(
        self, source: Any, handler: GetCoreSchemaHandler
    ) -> CoreSchema:
        del source, handler
        return core_schema.no_info_plain_validator_function(self.read)

    def __get_pydantic_json_schema__(
        self, schema: CoreSchema, handler: GetJsonSchemaHandler
    ) -> JsonSchemaValue:
        del schema, handler
        return self.shape()


@dataclass(frozen=True, slots=True, init=False)
class Scalar(Reads):
    """Reads a scalar's text with `parse`, which raises `ValueError`.

    The JSON Schema names a default as `write` writes it, so that `parse` reads it back.
    """

    parse: Callable[[str], object]
    example: str | int
    kinds: tuple[str, ...]
    write: Callable[[int], str] | None

    def __init__(
        self,
        parse: Callable[[str], object],
        example: str | int,
        *kinds: str,
        write: Callable[[int], str] | None = None,
    ) -> None:
        object.__setattr__(self, "parse", parse)
        object.__setattr__(self, "write", write)
        object.__setattr__(self, "example", example)
        object.__setattr__(self, "kinds", kinds)

    def read(self, value: object) -> object:
        """The value of a text; raises `ValueError` for a mapping, a list and nothing."""
        if not isinstance(value, str):
            raise ValueError(f"expected one value such as {self.example}, found {named(value)}")
        return self.parse(value)

    def shape(self) -> JsonSchemaValue:
        """The JSON Schema of what it reads."""
        kind = self.kinds[0] if len(self.kinds) == 1 else list(self.kinds)
        return {"type": kind, "examples": [self.example]}


@dataclass(frozen=True, slots=True)
class Word(Reads):
    """Reads a scalar as one word of a closed set."""

    words: type[StrEnum]

    def read(self, value: object) -> StrEnum:
        """The member of this text; raises `ValueError` that lists the words."""
        if not isinstance(value, str):
            raise ValueError(f"expected one of {self._list()}, found {named(value)}")
        try:
            return self.words(value)
        except ValueError:
            hint = suggestion(value, [str(word) for word in self.words])
            problem = f"expected one of {self._list()}; found {value!r:.80}{hint}"
            raise ValueError(problem) from None

    def _list(self) -> str:
        return ", ".join(str(word) for word in self.words)

    def shape(self) -> JsonSchemaValue:
        """The JSON Schema of what it reads."""
        return {"enum": [str(word) for word in self.words]}


def one_or_several(words: type[StrEnum]) -> JsonSchemaValue:
    """The JSON Schema of one word of a closed set, or of a list of them."""
    one = Word(words).shape()
    return {"anyOf": [one, {"type": "array", "items": one, "minItems": 1}]}


def named(value: object) -> str:
    """What a person would call this part of a file."""
    if isinstance(value, dict):
        return "a mapping"
    return "a list" if isinstance(value, list) else "nothing"
