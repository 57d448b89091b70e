"""Time stamps outside the network: who publishes a digest elsewhere cannot move it back.

A share of all statements is anchored, drawn by those who anchor. A statement that claims an earlier
time than its anchor allows contradicts it at once and for ever; there is no chance in it but which
statements are drawn.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from pausenet.scenario.evasions import ChannelKind
from pausenet.simulator.channels.base import (
    ChannelModel,
    Watched,
    assumed,
    each_period,
)
from pausenet.simulator.traces import Costs, Trace

_PARAMETERS: Final = {
    "anchored": assumed(0.5, "1", "share of statements that are anchored", low=0.05, high=1.0),
    "delay_days": assumed(1.0, "days", "until an anchor is compared", low=0.1, high=30.0),
}


def _chances(watched: Watched, backdated: Sequence[float]) -> tuple[float, ...]:
    def contradicted(statements: float) -> float:
        missed: float = (1.0 - watched.values["anchored"]) ** statements
        return 1.0 - (1.0 - watched.alpha) * missed

    return each_period(contradicted, watched, backdated)


def _costs(watched: Watched) -> Costs:
    """A machine does it; somebody looks after it for a day a year."""
    del watched
    return Costs(inspector_days=1.0)


CHANNEL: Final = ChannelModel(
    kind=ChannelKind.ANCHORS,
    title="time stamps kept elsewhere",
    senses=Trace.BACKDATED,
    controls=frozenset({"anchors"}),
    parameters=_PARAMETERS,
    chances=_chances,
    costs=_costs,
    cannot_see="whether what was said in time is true",
)
"""Contradicts statements that claim an earlier time."""
