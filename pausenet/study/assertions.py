"""An assertion that somebody has printed, and what comes out when it is computed again.

An assertion names its inputs, so that a change of any of them shows; the numerals stand as they
were printed, and their last digit says how exactly they can be held to account. Nothing here holds
a result: `answer` computes it each time.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from enum import StrEnum
from typing import Final

from pausenet.errors import Misuse

Inputs = Mapping[str, float]
Numbers = tuple[float, ...]
_HALF: Final = 0.5 + 1e-9
_MORE_DIGITS: Final = 2


class Verdict(StrEnum):
    """How the computed numbers stand to the stated ones."""

    AGREES = "agrees"
    """Every number rounds to the numeral that was printed."""
    DIFFERS = "differs"
    """Some number does not; the remark says why."""
    SHOWN = "shown"
    """The assertion states no number, and its sentence holds for the numbers computed."""
    NOT_SHOWN = "not shown"
    """The assertion states no number, and its sentence does not hold."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """What an assertion's inputs give today."""

    computed: Numbers
    verdict: Verdict


@dataclass(frozen=True, slots=True, kw_only=True)
class Assertion:
    """One sentence of the design document, its numerals, and how they are computed.

    `stated` are numerals as printed, without unit; where there are none, `holds` says whether the
    sentence is true of the numbers computed. `how` names the functions that do the work, `source`
    the place of the assertion and of the formula. A `remark` is required where the verdict is that
    the numbers differ, and says why.
    """

    number: str
    says: str
    inputs: Inputs
    stated: tuple[str, ...]
    unit: str
    compute: Callable[[Inputs], Numbers]
    how: tuple[str, ...]
    source: str
    remark: str = ""
    holds: Callable[[Numbers], bool] | None = None

    def __post_init__(self) -> None:
        if bool(self.stated) == (self.holds is not None):
            raise Misuse(f"Assertion {self.number}: expected numerals, or a sentence that holds")
        if not (self.says and self.inputs and self.how and self.source):
            raise Misuse(f"Assertion {self.number}: expected words, inputs, a way and a source")
        for numeral in self.stated:
            _read(numeral)

    def answer(self, **changed: float) -> Answer:
        """Compute it from its inputs, some of them changed; Misuse for one that it has not."""
        strangers = sorted(changed.keys() - self.inputs.keys())
        if strangers:
            raise Misuse(f"Assertion {self.number}: no such inputs: {', '.join(strangers)}")
        computed = self.compute({**self.inputs, **changed})
        if self.holds is not None:
            verdict = Verdict.SHOWN if self.holds(computed) else Verdict.NOT_SHOWN
            return Answer(computed=computed, verdict=verdict)
        pairs = list(zip(self.stated, computed, strict=True))
        same = all(rounds_to(value, numeral) for numeral, value in pairs)
        return Answer(computed=computed, verdict=Verdict.AGREES if same else Verdict.DIFFERS)

    def spelled(self, computed: Numbers) -> tuple[str, ...]:
        """The computed numbers with two digits more than were stated; whole ones as they are."""
        if not self.stated:
            return tuple(f"{value:.4g}" for value in computed)
        return tuple(
            _spelled(value, numeral) for numeral, value in zip(self.stated, computed, strict=True)
        )


def rounds_to(value: float, numeral: str) -> bool:
    """Whether the value is what a numeral says, to half a unit of its last digit.

    >>> rounds_to(2.926, "2.93"), rounds_to(2.94, "2.93"), rounds_to(4.486e24, "4.5e24")
    (True, False, True)
    """
    read = _read(numeral)
    unit = 10.0 ** _exponent(read)
    return abs(value - float(read)) <= _HALF * unit


def _spelled(value: float, numeral: str) -> str:
    if value == round(value) and abs(value) < 1e9:
        return f"{value:.0f}"
    digits = len(_read(numeral).as_tuple().digits) + _MORE_DIGITS
    return f"{value:.{digits}g}"


def _read(numeral: str) -> Decimal:
    try:
        read = Decimal(numeral)
    except InvalidOperation as problem:
        raise Misuse(f"expected a numeral, found {numeral!r}") from problem
    if not read.is_finite():
        raise Misuse(f"expected a finite numeral, found {numeral!r}")
    return read


def _exponent(read: Decimal) -> int:
    exponent = read.as_tuple().exponent
    assert isinstance(exponent, int), "finite, as read"
    return exponent
