"""An auditor outside the register appraises some cuts anew and compares verdicts.

Appraisal is a pure function of a cut, so that a verdict that differs is a mistake or a lie, never
an opinion. Of so many verdicts a period the auditor draws some evenly; it alarms when one of them
differs. Honest verdicts never differ: what is left is the auditor's own slip, at the rate stated.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from pausenet.scenario.evasions import ChannelKind
from pausenet.simulator.channels.base import (
    YEAR_DAYS,
    ChannelModel,
    Watched,
    assumed,
    each_period,
)
from pausenet.simulator.traces import Costs, Trace

_PARAMETERS: Final = {
    "verdicts": assumed(1.0, "verdicts", "appraised anew in a period", low=0.1, high=10.0),
    "delay_days": assumed(7.0, "days", "from the verdict to the auditor's word", low=1, high=60),
}


def _chances(watched: Watched, share: Sequence[float]) -> tuple[float, ...]:
    def differs(wrong: float) -> float:
        missed: float = (1.0 - min(1.0, wrong)) ** watched.values["verdicts"]
        return 1.0 - (1.0 - watched.alpha) * missed

    return each_period(differs, watched, share)


def _costs(watched: Watched) -> Costs:
    """A verdict takes an hour of somebody's attention, an eighth of a day."""
    yearly = watched.values["verdicts"] * YEAR_DAYS / watched.period_days
    return Costs(inspector_days=yearly / 8.0)


CHANNEL: Final = ChannelModel(
    kind=ChannelKind.APPRAISER_AUDIT,
    title="an auditor of verdicts",
    senses=Trace.VERDICTS,
    controls=frozenset({"auditor"}),
    parameters=_PARAMETERS,
    chances=_chances,
    costs=_costs,
    cannot_see="a verdict that follows from statements which are false themselves",
)
"""Appraises again what verifiers have appraised."""
