"""The runs that a scenario's labs plan in the band, and when an honest lab begins them (C11).

An honest lab keeps its runs below the line from which they are reported, but for those that its
people report: such a run it begins once the report has waited, a period later than it must, and
not at all where the panel objects. Networks may be late: a lab that begins on the day is too early.
"""

from __future__ import annotations

from dataclasses import dataclass

from pausenet.protocol.bands import band_of, line_of, waits
from pausenet.scenario.plan import Scenario
from pausenet.statements.agreement import Agreement
from pausenet.statements.codec import decode_body
from pausenet.statements.determination import Objection
from pausenet.statements.movement import NoticeKind, Notification
from pausenet.values import ParticipantId


@dataclass(frozen=True, slots=True, kw_only=True)
class PlannedRun:
    """A run that a lab begins in a period, to end before it comes to the amount it reported."""

    run: ParticipantId
    amount: int
    begins: int


class Planned:
    """What the labs of a scenario plan; `line` is the amount below which nothing is asked."""

    def __init__(self, scenario: Scenario, agreement: Agreement) -> None:
        band = band_of(agreement)
        self.line = 0 if band is None else line_of(band)
        self._runs: dict[ParticipantId, list[PlannedRun]] = {}
        said = [
            (act, decode_body(act.kind, act.body(agreement.digest)))
            for act in (scenario.acts if self.line else ())
        ]
        objected = {(body.party, body.run) for _, body in said if isinstance(body, Objection)}
        for act, body in said:
            if not isinstance(body, Notification) or body.what is not NoticeKind.NEW_RUN:
                continue
            if (act.by, body.of) in objected or band is None:
                continue
            first = max(int(body.period), act.at + 2 + waits(agreement, band, body.amount))
            plan = PlannedRun(run=body.of, amount=body.amount, begins=first)
            self._runs.setdefault(act.by, []).append(plan)

    def of(self, lab: ParticipantId) -> list[PlannedRun]:
        """A lab's planned runs, in the order in which they begin."""
        return sorted(self._runs.get(lab, []), key=lambda each: (each.begins, each.run))
