"""What has been said that bears on an agreement, in the order in which network cuts hold it.

Each statement counts only where its author's role may say it, and only from the first cut that
holds it on. All statements that are new in one cut are simultaneous (protocol.md 6.3).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Final, TypeAlias, cast

from pausenet.protocol.reader import LogView
from pausenet.protocol.register import Register
from pausenet.statements.accession import Acceptance
from pausenet.statements.codec import BODIES
from pausenet.statements.cut import Cut
from pausenet.statements.declaration import Declaration, Ratification
from pausenet.statements.determination import Appeal, Determination, Excuse, Objection, Recusal
from pausenet.statements.exits import Assent, Derogation, Retraction, Withdrawal
from pausenet.statements.finding import Appraisal
from pausenet.statements.indicator import Incident, Indicator
from pausenet.statements.movement import Notification
from pausenet.statements.proposal import Proposal
from pausenet.values import Origin, ParticipantId, Role

Heard: TypeAlias = (
    Declaration
    | Ratification
    | Withdrawal
    | Acceptance
    | Retraction
    | Proposal
    | Derogation
    | Assent
    | Excuse
    | Appeal
    | Indicator
    | Incident
    | Determination
    | Recusal
    | Objection
    | Notification
    | Appraisal
)
"""The bodies that bear on an agreement's life."""

_LABS: Final = frozenset({Role.LAB})
_MEASURERS: Final = frozenset({Role.LAB, Role.EVALUATOR})
_JUDGES: Final = frozenset({Role.ADJUDICATOR})
_HEARD: Final[Mapping[type, frozenset[Role]]] = {
    Declaration: _LABS,
    Ratification: _LABS,
    Withdrawal: _LABS,
    Acceptance: _LABS,
    Retraction: _LABS,
    Proposal: _LABS,
    Derogation: _LABS,
    Assent: _LABS,
    Excuse: _LABS,
    Appeal: _LABS,
    Indicator: _MEASURERS,
    Incident: _MEASURERS,
    Determination: _JUDGES,
    Recusal: _JUDGES,
    Objection: _JUDGES,
    Notification: _LABS,
    Appraisal: frozenset({Role.VERIFIER}),
}

_KINDS: Final = tuple(kind for kind, body in BODIES.items() if body in _HEARD)


class Hearing:
    """Everything said in some logs, handed out one cut after the other.

    `cut_short` once a cut was asked for that holds more of a log than has been read of it: what
    is read later was new in that cut, and it is too late to say so.
    """

    def __init__(self, register: Register) -> None:
        self._digest = register.agreement_digest
        self._read: dict[Origin, LogView] = {}
        self._said: dict[Origin, list[tuple[int, ParticipantId, Heard]]] = {}
        self._next: dict[Origin, int] = {}
        self.cut_short = False

    def read(self, views: Sequence[LogView]) -> bool:
        """Read on in these logs; False where they do not go on from what was read before."""
        origins = [view.member.origin for view in views]
        if self._read and origins != [*self._read]:
            return False
        if not all(view.follows(self._read.get(view.member.origin)) for view in views):
            return False
        for view in views:
            said = self._said.setdefault(view.member.origin, [])
            said += (
                (int(seq), view.member.id, body)
                for seq, statement in view.numbered(
                    *_KINDS, after=self._read.get(view.member.origin)
                )
                if (body := self._counts(view.member.role, statement.body)) is not None
            )
            self._read[view.member.origin] = view
        return True

    def new_in(self, cut: Cut) -> tuple[tuple[ParticipantId, Heard], ...]:
        """What this cut holds and none of those asked for before does, by log and place."""
        found: list[tuple[ParticipantId, Heard]] = []
        for item in cut.origins:
            view = self._read.get(item.origin)
            self.cut_short = self.cut_short or (view is not None and item.size > view.size)
            said, start = self._said.get(item.origin, []), self._next.get(item.origin, 0)
            end = start
            while end < len(said) and said[end][0] < item.size:
                end += 1
            found += [(by, body) for _, by, body in said[start:end]]
            self._next[item.origin] = end
        return tuple(found)

    def _counts(self, role: Role, body: object) -> Heard | None:
        roles = _HEARD.get(type(body))
        if roles is None or role not in roles:
            return None
        about = getattr(body, "agreement", self._digest)
        return cast(Heard, body) if about == self._digest else None
