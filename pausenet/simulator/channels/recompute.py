"""Work that is run again: does a declared piece of work give what the lab says it gave?

In each period a verifier draws pieces of declared work at random and has them run again in rooms
of its own (`inference.sampling.recompute`). Honest work seldom differs; an alarm is raised where
more pieces differ than honest work lets differ at the false-alarm rate. How much work the lab does
in all makes no difference, only how many pieces are drawn.
"""

from __future__ import annotations

from typing import Final

from pausenet.scenario.evasions import ChannelKind
from pausenet.simulator.channels.base import (
    YEAR_DAYS,
    ChannelModel,
    Magnitudes,
    Watched,
    assumed,
    each_period,
    sourced,
)
from pausenet.simulator.channels.counts import counted
from pausenet.simulator.traces import Costs, Trace

_PARAMETERS: Final = {
    "challenges_a_day": sourced(
        300.0,
        "pieces/day",
        "random checks a day of the overview in domain.md 1.7",
        low=1,
        high=3_000,
    ),
    "benign": assumed(
        0.001, "1", "share of honest pieces that differ when run again", low=0.0, high=0.01
    ),
    "differs": assumed(
        0.5, "1", "share of false pieces that a lab could not make to fit", low=0.05, high=1.0
    ),
    "delay_days": assumed(3.0, "days", "from the draw to the lead", low=0.5, high=30.0),
}
_HOURS_A_PIECE: Final = 1.0


def _chances(watched: Watched, shares: Magnitudes) -> tuple[float, ...]:
    values = watched.values
    benign = values["benign"]
    alarm = counted(values["challenges_a_day"] * watched.period_days, benign, watched.alpha)

    def power(share: float) -> float:
        dirty = min(1.0, share * values["differs"])
        return alarm(dirty + (1.0 - dirty) * benign)

    return each_period(power, watched, shares)


def _costs(watched: Watched) -> Costs:
    """An accelerator-hour a piece, and three people in the rooms where it is run again."""
    pieces = watched.values["challenges_a_day"] * YEAR_DAYS
    return Costs(accelerator_hours=_HOURS_A_PIECE * pieces, people=3.0, intrusions=pieces)


CHANNEL: Final = ChannelModel(
    kind=ChannelKind.RECOMPUTE,
    title="work that is run again",
    senses=Trace.NOT_REPRODUCED,
    controls=frozenset({"taps", "recompute rooms"}),
    parameters=_PARAMETERS,
    chances=_chances,
    costs=_costs,
    cannot_see="work that was not declared at all, and false records that were made to fit",
)
"""Has a sample of declared work run again."""
