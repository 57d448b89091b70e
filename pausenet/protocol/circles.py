"""The circles of readers (protocol.md 2.9): who stands in which, and what each may read.

A verifier gives a log away only to those whose circle it is for. The ledger of disclosures
(`protocol.disclosure`) judges by the same rules what has been learned.
"""

from __future__ import annotations

from collections.abc import Collection
from enum import StrEnum
from typing import Final

from pausenet.protocol.register import Member, Register
from pausenet.statements.agreement import Agreement
from pausenet.statements.clauses import Transparency
from pausenet.statements.tiers import Tier
from pausenet.values import ParticipantId, Role

_RANK: Final = {tier: rank for rank, tier in enumerate(Tier)}
_OPEN_LOGS: Final = (Role.VERIFIER, Role.REGISTRAR, Role.ADJUDICATOR)
"""Whose logs every participant follows."""


class Matter(StrEnum):
    """What there is to be learned of a party, as the agreement's tiers name it."""

    TOTALS = "period_totals"
    SITES = "site_figures"
    JOBS = "job_records"
    VERDICTS = "verdicts"

    @property
    def words(self) -> str:
        """The same in plain words."""
        return self.value.replace("_", " ")


def circle_of(
    register: Register, reader: ParticipantId, joined: Collection[ParticipantId] = ()
) -> Tier:
    """The narrowest circle that a participant is in by its role.

    A verifier is an inspector only of what has been opened to it. A lab that is no party to the
    agreement, and not among those who have joined it, reads what the public reads.
    """
    member = register.members.get(reader)
    if member is None:
        return Tier.PUBLIC
    if member.role is Role.VERIFIER:
        return Tier.VERIFIERS
    parties = (*register.agreement.parties, *joined)
    bystander = member.role is Role.LAB and reader not in parties
    return Tier.PUBLIC if bystander else Tier.PARTIES


def tier_of(agreement: Agreement, what: Matter) -> Tier:
    """The widest circle that may learn this: by the tiers, and by C23 where it is narrower.

    C23 is about figures: who may learn more of a party than its sign of life. A verdict is the
    verifiers' word, not the party's.
    """
    tiers, clause = agreement.tiers, _transparency(agreement)
    said = {
        Matter.TOTALS: tiers.period_totals,
        Matter.SITES: tiers.site_figures,
        Matter.JOBS: tiers.job_records,
        Matter.VERDICTS: tiers.verdicts,
    }[what]
    if clause is None or what is Matter.VERDICTS:
        return said
    return max(said, clause.detail, key=_RANK.__getitem__)


def clause_of(agreement: Agreement, what: Matter) -> str:
    """Where the agreement says who may learn this."""
    told = f"tiers.{what}"
    if what is Matter.JOBS:
        return f"annex.sample_quota and {told}"
    if what is Matter.VERDICTS or _transparency(agreement) is None:
        return told
    return f"C23 and {told}"


def _transparency(agreement: Agreement) -> Transparency | None:
    return next((c for c in agreement.clauses if isinstance(c, Transparency)), None)


def within(circle: Tier, tier: Tier) -> bool:
    """Whether what is shown to a tier is shown to this circle.

    >>> within(Tier.VERIFIERS, Tier.PARTIES), within(Tier.PARTIES, Tier.VERIFIERS)
    (True, False)
    """
    return _RANK[circle] >= _RANK[tier]


def may_read(
    register: Register, asker: Member, owner: Member, joined: Collection[ParticipantId] = ()
) -> bool:
    """Whether a verifier gives the entries of `owner`'s log to `asker`.

    Entries hold totals and site figures together, so the narrower of the two tiers decides.
    """
    if owner.role in _OPEN_LOGS or asker.role is Role.VERIFIER or asker.id == owner.id:
        return True
    circle, agreement = circle_of(register, asker.id, joined), register.agreement
    return all(within(circle, tier_of(agreement, what)) for what in (Matter.TOTALS, Matter.SITES))


def may_publish(register: Register, owner: Member) -> bool:
    """Whether the entries of `owner`'s log may be served to anybody who asks.

    A verifier's and an adjudicator's hold verdicts, anybody else's hold figures.
    """
    told = (Matter.VERDICTS,) if owner.role in _OPEN_LOGS else (Matter.TOTALS, Matter.SITES)
    return all(tier_of(register.agreement, what) is Tier.PUBLIC for what in told)
