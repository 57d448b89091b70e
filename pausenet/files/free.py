"""Parts of a file whose keys are those of statements: read as they stand, units by the key.

A whole number, `true` and `false` are what they say, everything else is text. Where a key ends
in `_pflop`, `_ppm` or `_s`, `1e26`, `20 %` and `30 days` are amounts, as everywhere in a file;
a rate in `_pflop_per_s` is written in FLOP a second.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import Annotated, Any, Final, TypeAlias

from pydantic.json_schema import JsonSchemaValue

from pausenet.files import amounts
from pausenet.files.scalars import Reads
from pausenet.statements.canonical import Json

_WHOLE: Final = re.compile("0|-?[1-9][0-9]{0,15}")
_UNITS: Final[tuple[tuple[str, Callable[[str], int]], ...]] = (
    ("_pflop", amounts.pflop),
    ("_pflop_per_s", amounts.pflop),
    ("_ppm", amounts.share_ppm),
    ("_s", amounts.span_s),
)


def plain_of(value: object, key: str = "") -> Json:
    """A part of a file's tree as JSON; raises `ValueError` for an amount that is none."""
    if isinstance(value, dict):
        return {str(name): plain_of(member, str(name)) for name, member in value.items()}
    if isinstance(value, list):
        return [plain_of(member, key) for member in value]
    if not isinstance(value, str):
        raise ValueError("expected a value, found nothing")
    if _WHOLE.fullmatch(value):
        return int(value)
    if value in ("true", "false"):
        return value == "true"
    for suffix, read in _UNITS:
        if key.endswith(suffix):
            return int(read(value))
    return value


@dataclass(frozen=True, slots=True)
class _Free(Reads):
    """Reads a mapping by `plain_of`."""

    def read(self, value: object) -> dict[str, Json]:
        """The mapping; raises `ValueError` for anything else."""
        found = plain_of(value)
        if not isinstance(found, dict):
            raise ValueError("expected a mapping of keys to values")
        return found

    def shape(self) -> JsonSchemaValue:
        """Any mapping: what may stand in it is for statements to say."""
        return {"type": "object"}


FreeMapping: TypeAlias = Annotated[dict[str, Any], _Free()]
