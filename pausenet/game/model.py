"""What every model of a game has in common: a name, parameters, a paper, an answer, its checks.

A parameter is a number, a list of numbers or a choice of words, exact as it is typed; the model
asks for a float where it computes with floats. Unknown names and values out of range are refused
before anything is computed.
"""

from __future__ import annotations

import difflib
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from fractions import Fraction
from typing import Final, TypeAlias

from pausenet.errors import Misuse
from pausenet.game.answer import Answer
from pausenet.game.checks import Check, Paper

Value: TypeAlias = Fraction | tuple[Fraction, ...] | str
_NUMBER: Final = re.compile(
    r"[-+]?(?:\d{1,30}(?:\.\d{0,30})?|\.\d{1,30})(?:[eE][-+]?\d{1,3})?|[-+]?\d{1,30}/\d{1,30}",
    re.ASCII,
)
_LIST_MAX: Final = 10_000


@dataclass(frozen=True, slots=True, kw_only=True)
class Parameter:
    """One number, list or word that a model needs.

    `symbol` is the paper's, `unit` `1` for a pure number. What kind of value it takes is that of
    `default`. Bounds are inclusive, `above` and `below` are not; a list's bounds are its members'.
    """

    name: str
    symbol: str
    unit: str
    default: Value
    meaning: str
    low: Fraction | int | None = None
    high: Fraction | int | None = None
    above: Fraction | int | None = None
    below: Fraction | int | None = None
    whole: bool = False
    choices: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        if not self.name.isidentifier() or not self.unit or not self.meaning.endswith("."):
            raise Misuse(f"{self.name}: expected an identifier, a unit and a sentence")
        self.checked(self.default)

    def read(self, text: str) -> Value:
        """The value that a person typed. Raises `Misuse`."""
        if isinstance(self.default, str):
            return self.checked(text)
        if isinstance(self.default, tuple):
            parts = text.split(",")
            if len(parts) > _LIST_MAX:
                raise Misuse(f"{self.name}: at most {_LIST_MAX} numbers, found {len(parts)}")
            return self.checked(tuple(self._number(part.strip()) for part in parts))
        return self.checked(self._number(text))

    def checked(self, value: Value) -> Value:
        """The value, if it may be chosen. Raises `Misuse`."""
        if type(value) is not type(self.default):
            raise Misuse(f"{self.name}: expected {self._kind}")
        if isinstance(value, str):
            if value not in self.choices:
                raise Misuse(
                    f"{self.name}: expected {' or '.join(self.choices)}, found {value!r:.80}"
                )
        elif isinstance(value, tuple):
            for member in value:
                self._within(member)
        else:
            self._within(value)
        return value

    def _number(self, text: str) -> Fraction:
        if not _NUMBER.fullmatch(text) or text.endswith(("/0", "/00")):
            raise Misuse(f"{self.name}: expected {self._kind}, found {text!r:.80}")
        try:
            return Fraction(text)
        except ZeroDivisionError as error:
            raise Misuse(f"{self.name}: a division by zero: {text!r:.80}") from error

    def _within(self, value: Fraction) -> None:
        try:
            near = float(value)
        except OverflowError as error:
            raise Misuse(
                f"{self.name}: expected a number that a float can hold, up to 1.8e308"
            ) from error
        if self.whole and value.denominator != 1:
            raise Misuse(f"{self.name}: expected a whole number, found {value}")
        if self.low is not None and value < self.low:
            raise Misuse(f"{self.name}: expected {self.low} or more, found {value}")
        if self.high is not None and value > self.high:
            raise Misuse(f"{self.name}: expected {self.high} or less, found {value}")
        # A float of a number very near a bound is the bound itself.
        if self.above is not None and near <= self.above:
            raise Misuse(f"{self.name}: expected more than {self.above}, found {value!s:.80}")
        if self.below is not None and near >= self.below:
            raise Misuse(f"{self.name}: expected less than {self.below}, found {value!s:.80}")

    @property
    def bounds(self) -> str:
        """What may be chosen, in words.

        >>> given = Parameter(
        ...     name="labs", symbol="n", unit="1", default=Fraction(3), meaning="All.", low=2
        ... )
        >>> given.bounds
        'a number, 2 or more'
        """
        if self.choices:
            return " or ".join(self.choices)
        several = isinstance(self.default, tuple)
        kind = "whole number" if self.whole else "number"
        parts = (
            (f"{self.low} or more", self.low),
            (f"more than {self.above}", self.above),
            (f"{self.high} or less", self.high),
            (f"less than {self.below}", self.below),
        )
        words = [f"{kind}s" if several else f"a {kind}"]
        return ", ".join(words + [text for text, bound in parts if bound is not None])

    @property
    def _kind(self) -> str:
        if isinstance(self.default, str):
            return "a word"
        return "numbers such as 3,1/2,0.25" if isinstance(self.default, tuple) else "a number"


@dataclass(frozen=True, slots=True)
class Chosen:
    """The value of every parameter of a model."""

    values: Mapping[str, Value] = field(default_factory=dict)

    def exact(self, name: str) -> Fraction:
        """A number as it was typed."""
        value = self.values[name]
        if not isinstance(value, Fraction):
            raise Misuse(f"{name}: is no number")
        return value

    def real(self, name: str) -> float:
        """A number as a float."""
        return float(self.exact(name))

    def whole(self, name: str) -> int:
        """A whole number."""
        return int(self.exact(name))

    def numbers(self, name: str) -> tuple[Fraction, ...]:
        """A list of numbers."""
        value = self.values[name]
        if not isinstance(value, tuple):
            raise Misuse(f"{name}: is no list")
        return value

    def word(self, name: str) -> str:
        """A choice."""
        value = self.values[name]
        if not isinstance(value, str):
            raise Misuse(f"{name}: is no word")
        return value


@dataclass(frozen=True, slots=True, kw_only=True)
class Model:
    """A game that can be asked.

    `question` is what it answers, as a person would ask it; `validity` is where the model may be
    used, and what it assumes. `solve` computes the answer from the values of all parameters.
    """

    name: str
    title: str
    question: str
    validity: str
    papers: tuple[Paper, ...]
    parameters: tuple[Parameter, ...]
    solve: Callable[[Chosen], Answer]
    checks: tuple[Check, ...] = ()

    def __post_init__(self) -> None:
        if not (self.question.endswith("?") and self.validity.endswith(".") and self.papers):
            raise Misuse(f"{self.name}: expected a question, a sentence on validity, a paper")
        names = [parameter.name for parameter in self.parameters]
        if len(set(names)) != len(names):
            raise Misuse(f"{self.name}: a parameter stands twice")

    def choose(self, typed: Mapping[str, str]) -> Chosen:
        """The defaults, with what was typed in their place. Raises `Misuse`."""
        known = {parameter.name: parameter for parameter in self.parameters}
        values: dict[str, Value] = {name: each.default for name, each in known.items()}
        for name, text in typed.items():
            if name not in known:
                near = difflib.get_close_matches(name, known, n=1)
                hint = f" - did you mean {near[0]!r}?" if near else ""
                raise Misuse(
                    f"{self.name}: unknown parameter {name!r:.80}{hint}; it has {', '.join(known)}"
                )
            values[name] = known[name].read(text)
        return Chosen(values)

    def answer(self, typed: Mapping[str, str] | None = None) -> Answer:
        """The answer for what was typed, the defaults for the rest. Raises `Misuse`."""
        chosen = self.choose(typed or {})
        try:
            return self.solve(chosen)
        except OverflowError as error:
            raise Misuse(
                f"{self.name}: these parameters lead to numbers too large to compute with"
            ) from error
