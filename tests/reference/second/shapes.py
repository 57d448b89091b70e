"""The words in which the second verifier says which values a member may have."""

from __future__ import annotations

import re
from collections.abc import Callable
from itertools import pairwise
from typing import Any

from tests.reference.second.spelling import HEX, WHOLE_MAX, exactly, must

Shape = Callable[[Any], None]


def text(most: int = 2_000, least: int = 0) -> Shape:
    return lambda value: must(isinstance(value, str) and least <= len(value) <= most, "text")


def integer(low: int, high: int) -> Shape:
    return lambda value: must(type(value) is int and low <= value <= high, f"{low}..{high}")


def word(pattern: str) -> Shape:
    return lambda value: must(
        isinstance(value, str) and re.fullmatch(pattern, value) is not None, f"like {pattern}"
    )


def one_of(*words: str) -> Shape:
    return lambda value: must(isinstance(value, str) and value in words, f"one of {words}")


def record(members: dict[str, Shape]) -> Shape:
    def check(value: Any) -> None:
        exactly(value, *members)
        for name, shape in members.items():
            shape(value[name])

    return check


def each(names: tuple[str, ...], shape: Shape) -> Shape:
    return record(dict.fromkeys(names, shape))


def several(low: int, high: int, shape: Shape, by: str = "", ordered: bool = True) -> Shape:
    def check(value: Any) -> None:
        must(isinstance(value, list) and low <= len(value) <= high, f"{low}..{high} items")
        for item in value:
            shape(item)
        keys = [item[by] if by else item for item in value] if ordered else []
        must(all(a < b for a, b in pairwise(keys)), "ascending, none twice")

    return check


def truth(value: Any) -> None:
    must(isinstance(value, bool), "true or false")


HEX64 = word(HEX.pattern)
HEX64_OR_NONE = word(f"|{HEX.pattern}")
WHOLE = integer(0, WHOLE_MAX)
COUNT = integer(0, 100_000_000)
NAME = "[a-z][a-z0-9-]{0,31}"
ID = word(NAME)
ORIGIN = word(
    rf"pausenet\.register|pausenet\.[0-9a-f]{{32}}/[a-z]{{1,16}}/{NAME}(/storing|/witness)?"
)
