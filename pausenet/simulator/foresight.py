"""From when an honest lab keeps to each limit that falls: earlier than it must.

It slows from the period after the one in which what is measured or reported would meet a
milestone, and counts time from the first period that could bind it. Networks may be late with the
news: a lab that waits for it would learn too late to have kept within the stage. What time takes
off every limit (C27) is known to all from the beginning.
"""

from __future__ import annotations

from typing import Final

from pausenet.protocol.amending import Amending, amended_limit, decayed
from pausenet.protocol.staging import Staging
from pausenet.scenario.plan import Scenario
from pausenet.statements.agreement import Agreement
from pausenet.statements.clauses.limits import Metric
from pausenet.statements.codec import decode_body
from pausenet.statements.indicator import Incident, Indicator
from pausenet.statements.proposal import Proposal
from pausenet.statements.stage import Amendable, limit_in
from pausenet.values import ParticipantId, PeriodIndex

_AMENDED: Final = {Metric.RUN: Amendable.RUN_CAP, Metric.TOTAL: Amendable.TOTAL_CAP}


class Foresight:
    """The limits that the honest labs of a scenario plan with, by period."""

    def __init__(self, scenario: Scenario, agreement: Agreement) -> None:
        self._agreement, self._clause = agreement, agreement.staged_cap
        self._staging = Staging(agreement)
        for lab in scenario.labs:
            first = PeriodIndex(agreement.schedule.notice_periods)
            self._staging.begins(lab.name, first)
        self._amending = Amending(agreement)
        falls = self._clause is not None or agreement.amendment is not None
        for index in range(scenario.periods if falls else 0):
            for act in scenario.acts:
                if act.at != index:
                    continue
                body = decode_body(act.kind, act.body(agreement.digest))
                if isinstance(body, Indicator | Incident):
                    self._staging.hear(act.by, body)
                elif isinstance(body, Proposal):
                    self._amending.hear(act.by, body)
            self._staging.count(PeriodIndex(index), 1)
            for members in (agreement.parties, tuple(lab.name for lab in scenario.labs)):
                self._amending.count(PeriodIndex(index), 1, members)

    def limit(self, metric: Metric, lab: ParticipantId, period: PeriodIndex) -> int | None:
        """What this lab allows itself in a period; None where the agreement limits nothing."""
        fixed = {Metric.RUN: self._agreement.run_cap, Metric.TOTAL: self._agreement.total_cap}
        cap = fixed[metric]
        limits = [] if cap is None else [int(cap.limit_pflop)]
        if self._clause is not None and self._clause.metric is metric:
            stage = limit_in(self._staging.ceilings(lab), period)
            limits += [] if stage is None else [int(stage)]
        known = [int(decayed(self._agreement, each, period)) for each in limits]
        lower = amended_limit(self._amending.amended(), _AMENDED[metric], period)
        return min(known if lower is None else (*known, int(lower)), default=None)
