"""Affiliates (C25): who runs a party's site, as the party itself declares it.

A party answers for its affiliates by declaring their sites as its own. Its own usage names those
sites, so that caps, draws and the power balance count them by its own signature, whoever runs
them; no statement of an affiliate is read, and none can be held against a party. What stands here
is only who of the operators that it names is its affiliate.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import TypeAlias

from pausenet.protocol.joining import clause_of, signatories
from pausenet.protocol.register import Register
from pausenet.statements.codec import Statement
from pausenet.statements.declaration import Declaration
from pausenet.values import ParticipantId

Operators: TypeAlias = Mapping[ParticipantId, ParticipantId]
"""Who runs a site, by the site."""


def declared_in(log: Iterable[Statement]) -> Declaration | None:
    """A lab's initial declaration: of several the first."""
    return next((each.body for each in log if isinstance(each.body, Declaration)), None)


def affiliates_of(register: Register, log: Iterable[Statement]) -> Operators:
    """The sites that a lab's log declares and an affiliate runs; none where C25 has no affiliates.

    An operator that may sign the agreement itself answers for itself, and is nobody's affiliate:
    the word is passed over, and the site stays what it is, the declaring lab's own.
    """
    declared, clause = declared_in(log), clause_of(register.agreement)
    if declared is None or clause is None or not clause.affiliates:
        return {}
    signing = signatories(register)
    return {
        site.site: site.operator
        for site in declared.sites
        if site.operator is not None and site.operator not in signing
    }
