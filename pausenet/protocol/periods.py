"""The periods of a schedule, as far as times can say them."""

from __future__ import annotations

from pausenet.statements.agreement import Schedule
from pausenet.values import Period, PeriodIndex


def period_at(schedule: Schedule, index: int) -> Period | None:
    """The schedule's period of an index; None where it lies beyond what times can say."""
    try:
        return schedule.period(PeriodIndex(index))
    except ValueError:
        return None
