"""Intervals as people write them: `16000 to 24000`, `5 % to 20 %`, `2 days to 10 days`.

Where a number of the world may be uncertain, a scenario's file takes a single one or an interval,
both in the same units; the ends are the 5 % and 95 % quantiles of a log-normal. A word behind it
(`5 % to 20 % together as demand`) is that of the intervals that are drawn by one draw.

>>> from pausenet.files.amounts import share_ppm, write_share
>>> one_or_interval(share_ppm)("5 % to 20 %")
Spread(50000, 200000)
>>> write_one_or_interval(write_share)(Spread(50000, 200000))
'50000 ppm to 200000 ppm'
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

from pydantic.json_schema import JsonSchemaValue

from pausenet.files.located import Located, Path, suggestion
from pausenet.files.scalars import Scalar
from pausenet.scenario.intervals import TOGETHER, Spread, spreads_in

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
        interval = {
            "type": "string",
            "pattern": "^.+ to .+$",
            "examples": [self.interval, f"{self.interval}{TOGETHER}demand"],
        }
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
    interval, together, word = text.partition(TOGETHER)
    low, between, high = interval.partition(_BETWEEN)
    number, space, unit = high.partition(" ")
    bare = between and space and low[-1:] in _DIGITS and number[-1:] in _DIGITS
    return f"{low} {unit}{between}{high}{together}{word}" if bare else text


def one_or_interval(parse: Callable[[str], int]) -> Callable[[str], int]:
    """A reader of what `parse` reads, and of an interval between two of them."""

    def read(text: str) -> int:
        interval, together, word = text.partition(TOGETHER)
        low, between, high = interval.partition(_BETWEEN)
        if not between and not together:
            return parse(text)
        if not between:
            raise ValueError(f"expected an interval before{together}{word}, found {text!r:.80}")
        if (low[-1:] in _DIGITS) != (high[-1:] in _DIGITS):
            raise ValueError(
                f'expected the unit at both ends, such as "5 % to 20 %", found {text!r:.80}'
            )
        ends = parse(low), parse(high)
        if together and not word:
            raise ValueError(f"expected a word such as demand after{together.rstrip()}, found none")
        try:
            plain = Spread(*ends)
        except ValueError:
            problem = "expected an interval that begins above 0 and rises"
            raise ValueError(f"{problem}, such as 5 to 20, found {text!r:.80}") from None
        return Spread(*ends, together=word) if word else plain

    return read


def write_one_or_interval(write: Callable[[int], str]) -> Callable[[int], str]:
    """A writer of what `write` writes, and of intervals, as they are read back."""

    def written(value: int) -> str:
        if isinstance(value, Spread):
            return f"{write(value.low)}{_BETWEEN}{write(value.high)}{value.tail}"
        return write(value)

    return written


def refuse_lone_words(source: Located, plan: object) -> None:
    """Refuse a word that only one interval of a scenario has: nothing is drawn together with it."""
    counts = Counter(each.together for _, each in spreads_in(plan) if each.together)
    for word, count in counts.items():
        if count == 1:
            others = [other for other in counts if other != word]
            problem = f'no other interval is together as "{word}"{suggestion(word, others)}'
            source.refuse(_place_of(source.tree, word), problem)


def _place_of(tree: object, word: str, path: Path = ()) -> Path:
    """Where the interval of this word stands in a file; the file itself where nowhere."""
    if isinstance(tree, str):
        interval, _, its = tree.partition(TOGETHER)
        return path if its == word and _BETWEEN in interval else ()
    items: list[tuple[str | int, object]] = []
    if isinstance(tree, dict):
        items = [(str(name), item) for name, item in tree.items()]
    elif isinstance(tree, list):
        items = [*enumerate(tree)]
    found = (_place_of(item, word, (*path, name)) for name, item in items)
    return next((each for each in found if each), ())
