"""Who is shown what (protocol.md 2.9): a lattice of four circles, each within the one before."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import Annotated

from pausenet.statements.forms import Record, Word


class Tier(StrEnum):
    """A circle of readers, the widest first."""

    PUBLIC = "public"
    PARTIES = "parties"
    VERIFIERS = "verifiers"
    INSPECTOR = "inspector"


@dataclass(frozen=True, slots=True, kw_only=True)
class Tiers(Record):
    """The widest circle to which each thing is shown."""

    period_totals: Annotated[Tier, Word(Tier)] = Tier.VERIFIERS
    site_figures: Annotated[Tier, Word(Tier)] = Tier.VERIFIERS
    job_records: Annotated[Tier, Word(Tier)] = Tier.INSPECTOR
    verdicts: Annotated[Tier, Word(Tier)] = Tier.PARTIES
