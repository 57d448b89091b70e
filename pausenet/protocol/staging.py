"""The stages of a cap that falls (C10), cut by cut: from which period on which limit holds.

A stage is reached with time, so many periods after the agreement first bound the party; or with a
milestone, once what its sources say has met its rule in a network cut. What is reached is not
given back, neither by a measurement that falls again nor by a lift: no later cut raises a limit
that an earlier one gave, so that whoever has heard of one and keeps it is never in the wrong.
"""

from __future__ import annotations

from pausenet.protocol.conditions import Gauge
from pausenet.statements.agreement import Agreement
from pausenet.statements.indicator import Incident, Indicator
from pausenet.statements.stage import Ceiling
from pausenet.values import INTEGER_MAX, ParticipantId, PeriodIndex, Pflop


class Staging:
    """Which limits of an agreement's staged cap have been reached, as far as the cuts say."""

    def __init__(self, agreement: Agreement) -> None:
        clause = agreement.staged_cap
        self._stages = () if clause is None else clause.stages
        self._milestones = () if clause is None else clause.milestones
        self._gauge = Gauge()
        self._met: dict[Pflop, int] = {}
        self._began: dict[ParticipantId, int] = {}

    def hear(self, by: ParticipantId, body: Indicator | Incident) -> None:
        """A source measures or reports something."""
        self._gauge.hear(by, body)

    def count(self, period: PeriodIndex, notice: int) -> None:
        """A cut has been heard whole: a milestone that it meets holds `notice` periods later."""
        rules = tuple(each.rule for each in self._milestones)
        self._gauge.count(rules, period)
        for milestone in self._milestones:
            if milestone.limit_pflop not in self._met and self._gauge.met(
                milestone.rule,
                period=period,
                ratified=False,
                triggered=None,
                parties=(),
                decided=False,
                anew=False,
            ):
                self._met[milestone.limit_pflop] = int(period) + notice

    def begins(self, party: ParticipantId, period: PeriodIndex) -> None:
        """The agreement binds a party from this period on; the first word of it counts."""
        self._began.setdefault(party, int(period))

    def ceilings(self, party: ParticipantId) -> tuple[Ceiling, ...]:
        """The limits of a party, from the first on, each lower than the one before."""
        reached = [(start, int(limit)) for limit, start in self._met.items()]
        began = self._began.get(party)
        if began is not None:
            reached += [
                (began + each.after_periods, int(each.limit_pflop)) for each in self._stages
            ]
        found: list[Ceiling] = []
        for start, limit in sorted(reached):
            if start > INTEGER_MAX or (found and limit >= found[-1].limit_pflop):
                continue
            found.append(Ceiling(start=PeriodIndex(start), limit_pflop=Pflop(limit)))
        return tuple(found)
