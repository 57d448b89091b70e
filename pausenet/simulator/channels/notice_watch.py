"""The notice window: does power change between the notice of an inspection and the entry?

Inspections are announced every so many days. The mean power of the notice window is ranked among
windows of as many hours in which no notice ran (`inference.workload.notice`). With fewer of those
than the rate asks for no alarm is possible at all: the channel then says nothing, and costs as
much.
"""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction
from typing import Final

from pausenet.scenario.evasions import ChannelKind
from pausenet.simulator.channels.base import YEAR_DAYS, ChannelModel, Watched, assumed
from pausenet.simulator.channels.looks import last, on_occasions
from pausenet.simulator.traces import Costs, Trace

_PARAMETERS: Final = {
    "placebos": assumed(
        400.0, "windows", "ordinary ones of half a day: those of 200 days", low=10.0, high=2_000.0
    ),
    "notice_days": assumed(28.0, "days", "from one notice to the next", low=7.0, high=364.0),
    "delay_days": assumed(3.0, "days", "from the entry to the comparison", low=1.0, high=30.0),
}
_RATE_DIGITS: Final = 10**9
_PLACEBOS_MAX: Final = 5_000


def _chances(watched: Watched, shifts: Sequence[float]) -> tuple[float, ...]:
    values = watched.values
    placebos = min(_PLACEBOS_MAX, max(1, round(values["placebos"])))

    def found(shift: float, alpha: float) -> float:
        from pausenet.inference.workload.notice import notice_power  # numpy

        return notice_power(placebos, shift, Fraction(round(alpha * _RATE_DIGITS), _RATE_DIGITS))

    return on_occasions(found, watched, shifts, every_days=values["notice_days"], over=last)


def _costs(watched: Watched) -> Costs:
    """An inspector's day, and an intrusion, for each notice."""
    each = YEAR_DAYS / max(1.0, watched.values["notice_days"])
    return Costs(inspector_days=each, intrusions=each, meters=float(watched.lab.sites))


CHANNEL: Final = ChannelModel(
    kind=ChannelKind.NOTICE_WATCH,
    title="power in the notice window",
    senses=Trace.NOTICE,
    controls=frozenset({"verifiers"}),
    parameters=_PARAMETERS,
    chances=_chances,
    costs=_costs,
    cannot_see="what was moved before the notice, and what is moved without a change of power",
)
"""Watches what a lab does between notice and entry."""
