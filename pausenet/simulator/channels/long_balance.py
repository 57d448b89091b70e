"""The balance of a long time: what period after period hides too little to be noticed.

The energy balances of a long stretch are added up and tested once (CuMUF; `inference.sequential`),
with the errors that the scenario states for its power meters. Against the pattern of losses that
is worst for the verifier this one sum is the best test there is (Avenhaus and Jaech); more looks
would only be earlier. Where one calibration lasts over several looks their errors hang together,
and the chance of each is that given silence before it.

The protocol's own series of balances (F7) rests on the same meter: the two are one independence
group, and what both say is not twice as much evidence. The simulator draws this channel's word
apart from the readings of the run; in truth both would alarm together more often.
"""

from __future__ import annotations

from typing import Final

from pausenet.inference.balance import MeterError
from pausenet.inference.normal import upper_quantile
from pausenet.scenario.evasions import ChannelKind
from pausenet.simulator.channels.base import ChannelModel, Magnitudes, Watched, assumed
from pausenet.simulator.channels.looks import Look, at_looks, looks_of
from pausenet.simulator.traces import Costs, Trace

_PARAMETERS: Final = {
    "every_days": assumed(182.0, "days", "the stretch that one sum covers", low=30.0, high=730.0),
    "delay_days": assumed(2.0, "days", "from the stretch's end to the lead", low=0.1, high=30.0),
}


def _chances(watched: Watched, excess: Magnitudes) -> tuple[float, ...]:
    looks = looks_of(watched, watched.values["every_days"])
    if not any(excess):
        return at_looks(watched, looks, excess, lambda look: look.rate)
    quiet = (1.0, *_quiet(watched, looks, excess))

    def power(look: Look) -> float:
        at = looks.index(look)
        return 1.0 - quiet[at + 1] / quiet[at] if quiet[at] > 0.0 else 1.0

    return at_looks(watched, looks, excess, power)


def _quiet(watched: Watched, looks: tuple[Look, ...], excess: Magnitudes) -> list[float]:
    """The chance that no sum has passed its limit by each look."""
    # Sums of correlated balances need arrays, and help must not load numpy.
    import numpy as np

    from pausenet.inference.sequential.covariance import (
        calibration_blocks,
        merged,
        use_covariance,
    )
    from pausenet.inference.sequential.orthant import none_exceeds

    meters = watched.meters
    error = MeterError(random_ppm=max(1, meters.random_ppm), systematic_ppm=meters.systematic_ppm)
    every = meters.calibration_periods or watched.periods
    covariance = merged(
        use_covariance(np.ones(watched.periods), error, calibration_blocks(watched.periods, every)),
        [look.end - look.start for look in looks],
    )
    sums = np.array([sum(excess[look.start : look.end]) for look in looks])
    z = np.array([upper_quantile(look.rate) for look in looks])
    limits = z * np.sqrt(np.diagonal(covariance)) - sums
    return [
        max(0.0, min(1.0, none_exceeds(limits[:count], covariance[:count, :count]).value))
        for count in range(1, len(looks) + 1)
    ]


def _costs(watched: Watched) -> Costs:
    """The meters stand there anyway; somebody adds up twice a year."""
    del watched
    return Costs(inspector_days=2.0)


CHANNEL: Final = ChannelModel(
    kind=ChannelKind.LONG_BALANCE,
    title="the balance of a long time",
    senses=Trace.BALANCE,
    controls=frozenset({"power meters"}),
    parameters=_PARAMETERS,
    chances=_chances,
    costs=_costs,
    cannot_see="what is smaller than the meter's calibration error, and swapped labels",
)
"""Adds up the balances of half a year."""
