"""The limits that a lab holds itself to, as k equal appraisals have told it (C10, C11, C27).

It keeps the least that it was ever told, and what was barred once stays so: nothing that was said
is given back, so that no later word of verifiers makes wrong what it did.
"""

from __future__ import annotations

from pausenet.protocol.learned import learn
from pausenet.protocol.messages import Effect, Told, report
from pausenet.statements.finding import Appraisal
from pausenet.statements.stage import Amendable, Bar, Ceiling
from pausenet.values import ParticipantId


class Limited:
    """What one participant has learned of stages, lowered limits and barred runs."""

    def __init__(self, by: ParticipantId) -> None:
        self._by = by
        self.caps: tuple[Ceiling, ...] = ()
        self.amended: dict[Amendable, tuple[Ceiling, ...]] = {}
        self.barred: tuple[Bar, ...] = ()

    def learn(self, body: Appraisal) -> list[Effect]:
        """K equal appraisals say this; report what of it is new."""
        self.caps, lower = learn(self.caps, body.caps)
        effects: list[Effect] = [
            report(Told.CAPPED, self._by, period=each.start, limit_pflop=each.limit_pflop)
            for each in lower
        ]
        for clause, told in ((each.clause, each.limits) for each in body.amended):
            self.amended[clause], lower = learn(self.amended.get(clause, ()), told)
            effects += (
                report(
                    Told.CAPPED,
                    self._by,
                    clause=clause,
                    period=each.start,
                    limit_pflop=each.limit_pflop,
                )
                for each in lower
            )
        known = {each.run for each in self.barred}
        new = tuple(each for each in body.barred if each.run not in known)
        self.barred += new
        barred = (report(Told.BARRED, self._by, run=each.run, period=each.start) for each in new)
        return [*effects, *barred]
