"""Who may decide to say what.

Statements that follow from the protocol itself (usage, readings, cuts, appraisals, faults) are
drafted by machines. What people decide to say stands in this table, which says whose words
count: a statement of another role stands in a log and is heard by nobody.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from pausenet.statements.codec import Kind
from pausenet.values import Role

SAYS: Final[Mapping[Role, frozenset[Kind]]] = {
    Role.LAB: frozenset(
        {
            Kind.WITHDRAWAL,
            Kind.ACCEPTANCE,
            Kind.RETRACTION,
            Kind.PROPOSAL,
            Kind.DEROGATION,
            Kind.ASSENT,
            Kind.EXCUSE,
            Kind.APPEAL,
            Kind.INDICATOR,
            Kind.INCIDENT,
            Kind.CHALLENGE,
            Kind.CHALLENGE_NOTICE,
            Kind.CHALLENGE_VOTE,
            Kind.CHALLENGE_ANSWER,
            Kind.NOTIFICATION,
            Kind.TRANSFER,
        }
    ),
    Role.METER: frozenset(),
    Role.VERIFIER: frozenset({Kind.INSPECTION_REPORT, Kind.APPROVAL}),
    Role.REGISTRAR: frozenset(),
    Role.ADJUDICATOR: frozenset({Kind.DETERMINATION, Kind.OBJECTION, Kind.RECUSAL}),
    Role.EVALUATOR: frozenset({Kind.INDICATOR, Kind.INCIDENT}),
    Role.HOST: frozenset({Kind.TRANSFER, Kind.CAPACITY}),
    Role.AUTHORITY: frozenset({Kind.AGGREGATE}),
}
"""The kinds of statement that each role's people may decide to say."""


def may_say(role: Role, kind: Kind) -> bool:
    """Whether a statement of this kind by this role counts."""
    return kind in SAYS[role]
