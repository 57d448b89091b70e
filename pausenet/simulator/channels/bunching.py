"""Runs that end just below the cap: are there more of them than a smooth world would have?

The test of `inference.workload.bunching` on the sizes that a lab declares, over all runs that ended
in a long stretch, since a month has too few. Sizes just below the cap are compared with those below
them; how steep honest sizes may rise is stated. The sizes are the lab's own word, so that this
hangs together with everything else that rests on it. The number of honest runs is taken as its
mean.
"""

from __future__ import annotations

from fractions import Fraction
from typing import Final

from pausenet.scenario.evasions import ChannelKind
from pausenet.simulator.channels.base import ChannelModel, Magnitudes, Watched, assumed
from pausenet.simulator.channels.looks import Look, at_looks, looks_of
from pausenet.simulator.traces import Costs, Trace

_PARAMETERS: Final = {
    "honest_runs": assumed(
        1.0, "runs/30 days", "honest runs of both sizes compared", low=0.0, high=100.0
    ),
    "steepness": assumed(
        1.5, "1", "how many times as many honest runs may be near the cap", low=1.0, high=4.0
    ),
    "every_days": assumed(91.0, "days", "the stretch that one test covers", low=30.0, high=365.0),
    "delay_days": assumed(2.0, "days", "from the stretch's end to the lead", low=0.1, high=30.0),
}
_MONTH_DAYS: Final = 30.0
_RUNS_MAX: Final = 100
"""More runs than that are counted as so many: the exact tail would take long."""
_GRAIN: Final = 10**4


def _chances(watched: Watched, bunched: Magnitudes) -> tuple[float, ...]:
    # The package of this test needs numpy, which help must not load.
    from pausenet.inference.workload.bunching import bunching_power

    values = watched.values
    steepness = max(Fraction(1), _exact(values["steepness"]))

    def power(look: Look) -> float:
        days = (look.end - look.start) * watched.period_days
        honest = min(float(_RUNS_MAX), values["honest_runs"] * days / _MONTH_DAYS)
        near = honest / 2.0 + min(float(_RUNS_MAX), sum(bunched[look.start : look.end]))
        runs = min(_RUNS_MAX, round(honest / 2.0 + near))
        times = _exact(near / max(0.5, honest / 2.0))
        alpha = Fraction(look.rate).limit_denominator(10**9)
        return float(bunching_power(runs, steepness=steepness, times=times, alpha=alpha))

    return at_looks(watched, looks_of(watched, values["every_days"]), bunched, power)


def _exact(value: float) -> Fraction:
    return Fraction(round(value * _GRAIN), _GRAIN)


def _costs(watched: Watched) -> Costs:
    """The figures are declared anyway; somebody reckons once a quarter."""
    del watched
    return Costs(inspector_days=2.0)


CHANNEL: Final = ChannelModel(
    kind=ChannelKind.BUNCHING,
    title="a count of runs just below the cap",
    senses=Trace.BUNCHED,
    controls=frozenset({"labs"}),
    parameters=_PARAMETERS,
    chances=_chances,
    costs=_costs,
    cannot_see="slices of any other size than just below the cap",
)
"""Counts runs that end where the cap would begin to bite."""
