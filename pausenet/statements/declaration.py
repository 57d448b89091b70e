"""What a lab says once: its initial declaration, and its ratification of an agreement."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Self

from pausenet.statements.canonical import Json
from pausenet.statements.fields import Fields, strictly_sorted
from pausenet.statements.usage import SITES_MAX, Accelerators
from pausenet.values import Digest, ParticipantId, PeriodIndex


@dataclass(frozen=True, slots=True, kw_only=True)
class DeclaredSite:
    """A site with the accelerators installed there, and the affiliate that runs it, if one does.

    Whoever runs it, it is the declaring lab's own, and is counted in that lab's totals.
    """

    site: ParticipantId
    accelerators: tuple[Accelerators, ...]
    operator: ParticipantId | None = None

    def to_json(self) -> Json:
        """The canonical form."""
        return {
            "site": self.site,
            "accelerators": [item.to_json() for item in self.accelerators],
            "operator": self.operator or "",
        }

    @classmethod
    def read(cls, value: Json, path: str) -> Self:
        """Read the canonical form."""
        fields = Fields(value, path)
        found = cls(
            site=fields.word("site", ParticipantId),
            accelerators=fields.items("accelerators", Accelerators.read, high=64),
            operator=fields.optional_word("operator", ParticipantId),
        )
        fields.done()
        return found


@dataclass(frozen=True, slots=True, kw_only=True)
class Declaration:
    """The initial declaration: sites, accelerators by kind, and the meters that read them."""

    sites: tuple[DeclaredSite, ...]
    meters: tuple[ParticipantId, ...]

    def to_json(self) -> dict[str, Json]:
        """The canonical form."""
        return {"sites": [site.to_json() for site in self.sites], "meters": list(self.meters)}

    @classmethod
    def read(cls, fields: Fields) -> Self:
        """Read the canonical form."""
        found = cls(
            sites=fields.items("sites", DeclaredSite.read, high=SITES_MAX),
            meters=fields.words("meters", ParticipantId, high=SITES_MAX),
        )
        strictly_sorted(tuple(str(site.site) for site in found.sites), "sites")
        strictly_sorted(tuple(str(meter) for meter in found.meters), "meters")
        return found


@dataclass(frozen=True, slots=True, kw_only=True)
class Ratification:
    """A lab's signature under an agreement, irrevocable until the end of period `until`."""

    agreement: Digest
    until: PeriodIndex

    def to_json(self) -> dict[str, Json]:
        """The canonical form."""
        return {"agreement": self.agreement.hex(), "until": self.until}

    @classmethod
    def read(cls, fields: Fields) -> Self:
        """Read the canonical form."""
        return cls(agreement=fields.digest("agreement"), until=fields.value("until", PeriodIndex))
