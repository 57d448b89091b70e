"""Intervals as people write them: `16000 to 24000`, `5 % to 20 %`, `2 days to 10 days`.

Where a number of the world may be uncertain, a scenario's file takes a single one or an interval,
both in the same units; the ends are the 5 % and 95 % quantiles of a log-normal.

>>> from pausenet.files.amounts import share_ppm, write_share
>>> one_or_interval(share_ppm)("5 % to 20 %")
Spread(50000, 200000)
>>> write_one_or_interval(write_share)(Spread(50000, 200000))
'50000 ppm to 200000 ppm'
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

from pydantic.json_schema import JsonSchemaValue

from pausenet.files.scalars import Scalar
from pausenet.scenario.intervals import Spread

_BETWEEN: Final = " to "
_DIGITS: Final = frozenset("0123456789")


@dataclass(frozen=True, slots=True, init=False)
class Uncertain(Scalar):
    """Reads one number with `parse`, or an interval of two of them."""

    interval: str

    def __init__(
        self,
        parse: Callable[[str], int],
        example: str | int,
        interval: str,
        *kinds: str,
        write: Callable[[int], str] | None = None,
    ) -> None:
        Scalar.__init__(self, one_or_interval(parse), example, *kinds, write=write)
        object.__setattr__(self, "interval", interval)

    def shape(self) -> JsonSchemaValue:
        """The JSON Schema of what it reads."""
        interval = {"type": "string", "pattern": "^.+ to .+$", "examples": [self.interval]}
        return {"anyOf": [Scalar.shape(self), interval]}


class UncertainSpan(Uncertain):
    """Reads a span of time, or an interval of two, with the unit at both ends or at the last.

    A span has a unit always, so that `5 to 20 months` can mean one thing only.
    """

    def __init__(
        self, parse: Callable[[str], int], example: str | int, interval: str, *kinds: str
    ) -> None:
        Uncertain.__init__(self, parse, example, interval, *kinds)
        read = one_or_interval(parse)
        object.__setattr__(self, "parse", lambda text: read(_with_unit(text)))


def _with_unit(text: str) -> str:
    """The interval with the last end's unit at the first too, where that has none."""
    low, between, high = text.partition(_BETWEEN)
    number, space, unit = high.partition(" ")
    bare = between and space and low[-1:] in _DIGITS and number[-1:] in _DIGITS
    return f"{low} {unit}{between}{high}" if bare else text


def one_or_interval(parse: Callable[[str], int]) -> Callable[[str], int]:
    """A reader of what `parse` reads, and of an interval between two of them."""

    def read(text: str) -> int:
        low, between, high = text.partition(_BETWEEN)
        if not between:
            return parse(text)
        if (low[-1:] in _DIGITS) != (high[-1:] in _DIGITS):
            raise ValueError(
                f'expected the unit at both ends, such as "5 % to 20 %", found {text!r:.80}'
            )
        ends = parse(low), parse(high)
        try:
            return Spread(*ends)
        except ValueError:
            problem = "expected an interval that begins above 0 and rises"
            raise ValueError(f"{problem}, such as 5 to 20, found {text!r:.80}") from None

    return read


def write_one_or_interval(write: Callable[[int], str]) -> Callable[[int], str]:
    """A writer of what `write` writes, and of intervals, as they are read back."""

    def written(value: int) -> str:
        if isinstance(value, Spread):
            return f"{write(value.low)}{_BETWEEN}{write(value.high)}"
        return write(value)

    return written
