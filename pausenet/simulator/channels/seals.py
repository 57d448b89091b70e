"""Visits to sealed halls: are the accelerators unloaded, as they were declared?

At each visit inspectors open so many accelerators drawn by lot and look whether data, code and
weights stand ready on them: the inventory of hot standby. The number of staged ones in the sample
is hypergeometric. The time that is left is the breakout time (`adversary.evasions.e20_breakout`): a
lead that comes after it has run comes too late.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from pausenet.inference.sampling.hypergeometric import expected_power
from pausenet.scenario.evasions import ChannelKind
from pausenet.simulator.channels.base import YEAR_DAYS, ChannelModel, Watched, assumed
from pausenet.simulator.channels.looks import last, on_visits
from pausenet.simulator.traces import Costs, Trace

_PARAMETERS: Final = {
    "opened": assumed(20.0, "accelerators", "looked into at a visit", low=1.0, high=1_000.0),
    "overlooked": assumed(0.3, "1", "chance that a staged one looks unloaded", low=0.0, high=1.0),
    "visit_days": assumed(28.0, "days", "from one visit to the next", low=7.0, high=364.0),
    "delay_days": assumed(1.0, "days", "until the inspectors report", low=0.1, high=14.0),
}


def _chances(watched: Watched, staged: Sequence[float]) -> tuple[float, ...]:
    values = watched.values
    opened = round(values["opened"])
    overlooked = min(1.0, values["overlooked"])

    def found(count: float, alpha: float, items: int) -> float:
        missed = expected_power(items, min(items, round(count)), min(items, opened), overlooked)
        return 1.0 - (1.0 - alpha) * missed

    return on_visits(found, watched, staged, every_days=values["visit_days"], over=last)


def _costs(watched: Watched) -> Costs:
    """Two inspectors for a day at each visit, and what stands still for it."""
    visits = YEAR_DAYS / max(1.0, watched.values["visit_days"])
    return Costs(inspector_days=2.0 * visits, intrusions=visits)


CHANNEL: Final = ChannelModel(
    kind=ChannelKind.SEALS,
    title="visits to sealed halls",
    senses=Trace.STAGED,
    controls=frozenset({"verifiers"}),
    parameters=_PARAMETERS,
    chances=_chances,
    costs=_costs,
    cannot_see="what stands ready elsewhere, to be loaded within hours, and what is decided later",
)
"""Looks for clusters that stand ready."""
