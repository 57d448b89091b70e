"""Numbers that nobody knows exactly: a 90 % interval, which stands for a log-normal.

A scenario's file says `16000 to 24000`. Its ends are the distribution's 5 % and 95 % quantiles,
its median is their geometric mean. The plans carry it as a `Spread`, which is that median wherever
a number is wanted; `simulator.drawing` puts a number drawn by the run's seed into its place.

`16000 to 24000 together as demand` names a word. All intervals of one word are drawn by one draw:
where one is at its 80 % quantile, every other one is.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import fields, is_dataclass, replace
from math import isqrt
from typing import TYPE_CHECKING, Any, Final, Self

if TYPE_CHECKING:
    from _typeshed import DataclassInstance

Z_95: Final = "1.6448536269514722"
"""The standard normal's 95 % quantile, to its last digit of 17."""
TOGETHER: Final = " together as "
"""What stands between an interval and its word."""
_WORD: Final = re.compile(r"[a-z][a-z0-9-]{0,31}\Z")


class Spread(int):
    """A log-normal with the 5 % quantile `low` and the 95 % quantile `high`; an `int`, its median.

    `together` is the word of those that are drawn by one draw; empty for one that is drawn alone.
    Raises `ValueError` unless 0 < low < high, and for what is no word. It equals its median, but
    another spread only where both ends and the word are equal.

    >>> Spread(5, 20) == 10, Spread(5, 20) == Spread(4, 25), str(Spread(5, 20))
    (True, False, '5 to 20')
    >>> str(Spread(5, 20, together="demand"))
    '5 to 20 together as demand'
    """

    low: int
    high: int
    together: str

    def __new__(cls, low: int, high: int, together: str = "") -> Self:  # noqa: D102  # by its class
        if low <= 0:
            raise ValueError(f"expected an interval above 0, found {low} to {high}")
        if not low < high:
            raise ValueError(f"expected an interval from low to high, found {low} to {high}")
        if together and not _WORD.match(together):
            raise ValueError(f"expected a word such as demand, found {together!r:.80}")
        made = super().__new__(cls, _root(low * high))
        made.__dict__.update(low=int(low), high=int(high), together=together)
        return made

    def __setattr__(self, name: str, value: object) -> None:
        raise AttributeError(f"a spread does not change: {name}")

    def __reduce__(self) -> tuple[type[Self], tuple[int, int, str]]:
        return type(self), (self.low, self.high, self.together)

    def __eq__(self, other: object) -> bool:
        if isinstance(other, Spread):
            mine, its = (self.low, self.high), (other.low, other.high)
            return mine == its and self.together == other.together
        return int(self) == other

    def __ne__(self, other: object) -> bool:
        return not self == other

    def __hash__(self) -> int:
        return int.__hash__(self)

    def __repr__(self) -> str:
        word = f", together={self.together!r}" if self.together else ""
        return f"Spread({self.low}, {self.high}{word})"

    def __str__(self) -> str:
        return f"{self.low} to {self.high}{self.tail}"

    @property
    def tail(self) -> str:
        """How its word is written behind the interval; empty without one."""
        return f"{TOGETHER}{self.together}" if self.together else ""


def check_ends(plan: DataclassInstance) -> None:
    """Raise the `ValueError` of a plan's class unless both ends of every spread are allowed in it.

    What lies between two numbers that a plan allows must be allowed too: nine draws in ten do.
    """
    for field in fields(plan):
        value: Any = getattr(plan, field.name)
        if isinstance(value, Spread):
            for end in (value.low, value.high):
                replace(plan, **{field.name: end})


def spreads_in(
    plan: object, path: tuple[str, ...] = ()
) -> Iterator[tuple[tuple[str, ...], Spread]]:
    """Every spread of a plan and of the plans in it, with the names of its place, in order."""
    if not is_dataclass(plan):
        return
    for field in fields(plan):
        value, here = getattr(plan, field.name), (*path, field.name)
        if isinstance(value, Spread):
            yield here, value
        for name, item in named(value) if isinstance(value, tuple) else ():
            yield from spreads_in(item, (*here, name))
        yield from spreads_in(value, here)


def named(items: tuple[object, ...]) -> Iterator[tuple[str, object]]:
    """Each item with its own name, or else its number, from 0."""
    for number, item in enumerate(items):
        yield str(getattr(item, "name", number)), item


def _root(square: int) -> int:
    """The nearest whole number to a square root."""
    down = isqrt(square)
    return down + (square - down * down > down)
