"""The beat of distributed training in wide-area traffic.

Nodes that train together exchange what they have learned at regular steps. The channel reads the
traffic of a suspected group so many times a day and searches its periodogram at so many
frequencies; the power of that test is `inference.workload.periodicity`'s, for the phase that hides
best. Steps at irregular times, and padding that fills the pauses, leave no beat.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from pausenet.scenario.evasions import ChannelKind
from pausenet.simulator.channels.base import ChannelModel, Watched, assumed, each_period
from pausenet.simulator.traces import Costs, Trace

_PARAMETERS: Final = {
    "readings": assumed(48.0, "readings", "of traffic in a day", low=6.0, high=288.0),
    "searched": assumed(200.0, "frequencies", "at which a beat is looked for", low=1.0, high=5000),
    "beat": assumed(6.3, "cycles", "outer steps in a day", low=0.5, high=100.0),
    "delay_days": assumed(14.0, "days", "until traffic is compared", low=1.0, high=60.0),
}
_READINGS_LEAST: Final = 6
_READINGS_MAX: Final = 4_000
_AMPLITUDE_MAX: Final = 10.0
"""A beat of ten standard deviations is certain to be found; larger ones take long to reckon."""


def _chances(watched: Watched, amplitudes: Sequence[float]) -> tuple[float, ...]:
    values = watched.values
    count = round(values["readings"] * watched.period_days)
    count = min(_READINGS_MAX, max(_READINGS_LEAST, count))

    def found(amplitude: float) -> float:
        import numpy as np  # heavy, and seldom needed

        from pausenet.inference.workload.periodicity import periodicity_power

        return periodicity_power(
            np.arange(count) / max(1e-9, values["readings"]),
            values["beat"],
            min(_AMPLITUDE_MAX, amplitude),
            searched=max(1, round(values["searched"])),
            alpha=watched.alpha,
        )

    return each_period(found, watched, amplitudes)


def _costs(watched: Watched) -> Costs:
    """Two days a month of whoever reads the carriers' counters."""
    del watched
    return Costs(inspector_days=24.0, meters=1.0)


CHANNEL: Final = ChannelModel(
    kind=ChannelKind.SYNC_TRAFFIC,
    title="a beat in wide-area traffic",
    senses=Trace.SYNC,
    controls=frozenset({"carriers"}),
    parameters=_PARAMETERS,
    chances=_chances,
    costs=_costs,
    cannot_see="steps at irregular times, padded traffic, and groups that nobody suspects",
)
"""Hears nodes that train in step."""
