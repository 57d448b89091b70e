"""Stated numbers, computed again: what is stated, what comes out, whether they agree.

A number is stated as a numeral, as it is printed. A fraction or a whole number must come out
exactly; a decimal numeral must be what the computed number rounds to, unless a wider tolerance is
stated beside it (a Monte Carlo estimate, for instance).
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from enum import StrEnum
from fractions import Fraction
from typing import Final

from pausenet.errors import Misuse
from pausenet.game.answer import Infeasible, NotFound, Number, spelled

_NUMERAL: Final = re.compile(r"-?\d+(?:/\d+|\.\d+(?:e-?\d+)?|e-?\d+)?", re.ASCII)
_LONGEST: Final = 99_999
_ROUNDING: Final = Fraction(1, 10**9)


class Basis(StrEnum):
    """Where a stated number is from."""

    PAPER = "printed in the paper"
    CODE = "printed by the paper's own code"
    DERIVED = "derived anew"
    HAND = "worked by hand"


@dataclass(frozen=True, slots=True, kw_only=True)
class Paper:
    """A work that a model follows, or a scenario of ours; `key` names it on the command line."""

    key: str
    cite: str
    address: str = ""

    def __str__(self) -> str:
        return f"{self.cite} <{self.address}>" if self.address else self.cite


@dataclass(frozen=True, slots=True, kw_only=True)
class Check:
    """One number: `what` it is, `where` it stands, the numeral `stated`, and what is `ours`.

    `within` widens the tolerance; 0 means what the numeral says.
    """

    paper: Paper
    where: str
    what: str
    stated: str
    ours: Callable[[], Number | Infeasible | NotFound]
    basis: Basis = Basis.DERIVED
    within: float = 0.0

    def __post_init__(self) -> None:
        if not _NUMERAL.fullmatch(self.stated):
            raise Misuse(f"Check: expected a numeral, found {self.stated!r:.80}")
        if self.within < 0.0:
            raise Misuse(f"Check: a tolerance below 0: {self.within}")

    @property
    def value(self) -> Fraction:
        """The number stated, exactly."""
        return Fraction(self.stated)

    @property
    def tolerance(self) -> Fraction:
        """How far from it a computed number may be.

        Half a unit of the numeral's last place, and what floating point may add at a tie.
        """
        if self.within:
            return Fraction(self.within)
        if "." not in self.stated and "e" not in self.stated:
            return Fraction(0)
        digits, _, exponent = self.stated.partition("e")
        places = len(digits.partition(".")[2])
        half = Fraction(10) ** (int(exponent or 0) - places) / 2
        return half * (1 + _ROUNDING)

    def result(self) -> Result:
        """Compute it."""
        found = self.ours()
        if isinstance(found, Infeasible | NotFound):
            return Result(check=self, computed=found, agrees=False)
        agrees = abs(Fraction(found) - self.value) <= self.tolerance
        if not agrees and self.tolerance == 0 and isinstance(found, float):
            agrees = abs(found - float(self.value)) <= 1e-9 * max(1.0, abs(float(self.value)))
        return Result(check=self, computed=found, agrees=agrees)


def by_basis(checks: Iterable[Check]) -> str:
    """How many of the numbers have which basis, most first: few are printed in a paper."""
    counts = Counter(check.basis for check in checks)
    return ", ".join(f"{count} {basis}" for basis, count in counts.most_common())


@dataclass(frozen=True, slots=True, kw_only=True)
class Result:
    """What came out."""

    check: Check
    computed: Number | Infeasible | NotFound
    agrees: bool

    @property
    def spelled(self) -> str:
        """The computed number, with one digit more than were stated."""
        stated = self.check.stated
        if not isinstance(self.computed, Fraction | float) or self.check.tolerance == 0:
            return self._exactly()
        digits = sum(character.isdigit() for character in stated.partition("e")[0].lstrip("-0."))
        return f"{float(self.computed):.{max(digits, 1) + 1}g}"

    def _exactly(self) -> str:
        """As it came out: what must agree exactly is not shortened."""
        if isinstance(self.computed, float):
            return f"{self.computed:.6g}"
        if isinstance(self.computed, Fraction) and self.computed.denominator <= _LONGEST:
            return str(self.computed)
        return spelled(self.computed)
