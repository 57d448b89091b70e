"""From when an honest lab keeps to each stage of a staged cap: earlier than it must.

It slows from the period after the one in which what is measured or reported would meet a
milestone, and counts time from the first period that could bind it. Networks may be late with the
news: a lab that waits for it would learn too late to have kept within the stage.
"""

from __future__ import annotations

from pausenet.protocol.staging import Staging
from pausenet.scenario.plan import Scenario
from pausenet.statements.agreement import Agreement
from pausenet.statements.clauses.limits import Metric
from pausenet.statements.codec import decode_body
from pausenet.statements.indicator import Incident, Indicator
from pausenet.statements.stage import limit_in
from pausenet.values import ParticipantId, PeriodIndex


class Foresight:
    """The limits that the honest labs of a scenario plan with, by period."""

    def __init__(self, scenario: Scenario, agreement: Agreement) -> None:
        self._clause = agreement.staged_cap
        self._staging = Staging(agreement)
        for lab in scenario.labs:
            first = PeriodIndex(agreement.schedule.notice_periods)
            self._staging.begins(lab.name, first)
        for index in range(scenario.periods if self._clause else 0):
            for act in scenario.acts:
                if act.at != index:
                    continue
                body = decode_body(act.kind, act.body(agreement.digest))
                if isinstance(body, Indicator | Incident):
                    self._staging.hear(act.by, body)
            self._staging.count(PeriodIndex(index), 1)

    def limit(self, metric: Metric, lab: ParticipantId, period: PeriodIndex) -> int | None:
        """What this lab allows itself in a period; None where no stage limits that."""
        if self._clause is None or self._clause.metric is not metric:
            return None
        return limit_in(self._staging.ceilings(lab), period)
