"""Realised draws held against what the agreement publishes of them (7.4, rule 15).

Anybody with the logs can audit: it takes no secret, and what one verifier withholds shows.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from pausenet.protocol.inspection import Audit, answer_due, audit_leaves, audit_sites, terms_of
from pausenet.protocol.record import Record
from pausenet.statements.usage import ComputeUsage
from pausenet.values import ParticipantId, PeriodIndex, StatementId


@dataclass(frozen=True, slots=True, kw_only=True)
class DrawAudit:
    """What was drawn up to a cut, and how far it is from what was published.

    `stray` are requests that ask for something else than their pre-image draws: they bind
    nobody, and are not counted. `withheld` names who gave away no pre-image of which period.
    """

    leaves: Audit
    sites: Audit
    visits: int
    stray: tuple[StatementId, ...]
    withheld: tuple[tuple[ParticipantId, PeriodIndex], ...]

    @property
    def as_published(self) -> bool:
        """Whether nothing in the draws speaks against what was published."""
        return not (self.leaves.suspicious or self.sites.suspicious or self.stray or self.withheld)

    def __str__(self) -> str:
        """One sentence, as the stories of runs tell it."""
        drawn = f"{self.leaves.draws} leaves and {self.visits} sites were drawn"
        bad = [
            *(["leaves unevenly"] if self.leaves.suspicious else []),
            *(["sites too often or too seldom"] if self.sites.suspicious else []),
            *([f"{len(self.stray)} requests ask for what was not drawn"] if self.stray else []),
            *([f"{len(self.withheld)} pre-images were withheld"] if self.withheld else []),
        ]
        few = "" if self.leaves.run or self.sites.run else "; too few to audit their evenness"
        return f"{drawn}, {'; '.join(bad) or 'as published'}{few}"


NOTHING_DRAWN: Final = DrawAudit(
    leaves=audit_leaves(()),
    sites=audit_sites(visits=0, chances=0, site_ppm=0),
    visits=0,
    stray=(),
    withheld=(),
)
"""What is to be said where no cut stands."""


def audit_draws(record: Record) -> DrawAudit:
    """Audit all draws that stand in the logs up to a cut.

    A pre-image is withheld when the answers that it could call for are past their clock.
    """
    register, inspected = record.register, record.inspected
    leaves: list[tuple[int, tuple[int, ...]]] = []
    visits = chances = weight = 0
    stray: set[StatementId] = set()
    own = {name: inspected.usages(view) for name, view in record.views.items()}
    for asked in inspected.requests.asked.values():
        for named in asked.body.draws:
            seq = own.get(named.lab, {}).get(named.usage)
            usage = None if seq is None else record.views[named.lab].statements[seq]
            if usage is None or inspected.requests.drawn(asked, usage, named.usage) is None:
                stray.add(asked.id)
                continue
            assert isinstance(usage.body, ComputeUsage), "drawn from nothing else"
            leaves.append((usage.body.leaves, named.leaves))
            visits += len(named.sites)
            chances += len(usage.body.sites)
            count = register.under(asked.body.period).quorum.n
            weight += len(usage.body.sites) * -(-terms_of(register.agreement).site_ppm // count)
    # Where verifiers came or went, the chance is the mean one: never less even than each alone.
    ppm = -(-weight // max(1, chances))
    return DrawAudit(
        leaves=audit_leaves(leaves),
        sites=audit_sites(visits=visits, chances=chances, site_ppm=ppm),
        visits=visits,
        stray=tuple(sorted(stray)),
        withheld=_withheld(record),
    )


def _withheld(record: Record) -> tuple[tuple[ParticipantId, PeriodIndex], ...]:
    """Who has given away nothing of a period that has its cut, long enough ago."""
    schedule = record.register.agreement.schedule
    past = sorted(
        {
            each.cut.period
            for each in record.cuts
            if answer_due(schedule, each.cut.period) <= record.cut.period
        }
    )
    return tuple(
        (name, period)
        for period in past
        for name in record.register.under(period).verifiers
        if not record.inspected.requests.revealed(name, period)
    )
