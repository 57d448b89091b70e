"""A meter's reading of one party in one period."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Self

from pausenet.statements.canonical import Json
from pausenet.statements.fields import Fields
from pausenet.values import ParticipantId, WattHours


@dataclass(frozen=True, slots=True, kw_only=True)
class Reading:
    """The energy that a power meter measured at a party's accelerators, in watt-hours."""

    party: ParticipantId
    energy_wh: WattHours

    def to_json(self) -> dict[str, Json]:
        """The canonical form."""
        return {"party": self.party, "energy_wh": self.energy_wh}

    @classmethod
    def read(cls, fields: Fields) -> Self:
        """Read the canonical form."""
        return cls(
            party=fields.word("party", ParticipantId),
            energy_wh=fields.value("energy_wh", WattHours),
        )
