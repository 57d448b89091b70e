"""How a party leaves, pauses or ends its duties: withdrawal, derogation, assent to the lift."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated, Final, Self

from pausenet.statements.canonical import Json
from pausenet.statements.fields import Fields, require
from pausenet.statements.forms import Hex, Record, Text
from pausenet.values import Digest, PeriodIndex

DEROGATION_PERIODS_MAX: Final = 400


@dataclass(frozen=True, slots=True, kw_only=True)
class Withdrawal:
    """A party gives notice that it leaves; its duties go on until the notice has run."""

    agreement: Digest
    reason: str

    def to_json(self) -> dict[str, Json]:
        """The canonical form."""
        return {"agreement": self.agreement.hex(), "reason": self.reason}

    @classmethod
    def read(cls, fields: Fields) -> Self:
        """Read the canonical form."""
        return cls(agreement=fields.digest("agreement"), reason=fields.text("reason"))


@dataclass(frozen=True, slots=True, kw_only=True)
class Retraction(Record):
    """A party takes its notice back, while the cooling-off of the withdrawal clause runs (C21)."""

    agreement: Annotated[Digest, Hex(Digest)]
    reason: Annotated[str, Text()]


@dataclass(frozen=True, slots=True, kw_only=True)
class Derogation:
    """A party sets its duties aside for `periods` periods from `start`, and says why.

    It counts only within the bounds of the agreement's derogation clause, and is reviewed
    afterwards by the adjudicator.
    """

    agreement: Digest
    start: PeriodIndex
    periods: int
    grounds: str

    def to_json(self) -> dict[str, Json]:
        """The canonical form."""
        return {
            "agreement": self.agreement.hex(),
            "start": self.start,
            "periods": self.periods,
            "grounds": self.grounds,
        }

    @classmethod
    def read(cls, fields: Fields) -> Self:
        """Read the canonical form."""
        found = cls(
            agreement=fields.digest("agreement"),
            start=fields.value("start", PeriodIndex),
            periods=fields.integer("periods", 1, DEROGATION_PERIODS_MAX),
            grounds=fields.text("grounds"),
        )
        require(found.grounds != "", "grounds: mandatory, and empty")
        return found


@dataclass(frozen=True, slots=True, kw_only=True)
class Assent:
    """A party agrees, or agrees no longer, that the pause be lifted."""

    agreement: Digest
    lift: bool

    def to_json(self) -> dict[str, Json]:
        """The canonical form."""
        return {"agreement": self.agreement.hex(), "lift": self.lift}

    @classmethod
    def read(cls, fields: Fields) -> Self:
        """Read the canonical form."""
        return cls(agreement=fields.digest("agreement"), lift=fields.truth("lift"))
