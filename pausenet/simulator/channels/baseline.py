"""A step at the baseline: was use padded until the baseline was read?

Where a limit is a share of what a lab used before, it pays to have used much. The test is the
rank-sum test of `inference.workload.changepoint` at the date that everybody knows, the baseline's
close: readings of the periods before it against as many as are given after it. It is made once.
A step at another date counts only as far as all later readings lie below all earlier ones.
Readings are taken as independent and normal; growth and seasons are not allowed for.
"""

from __future__ import annotations

from fractions import Fraction
from typing import Final

from pausenet.scenario.evasions import ChannelKind
from pausenet.simulator.channels.base import ChannelModel, Magnitudes, Watched, assumed
from pausenet.simulator.channels.looks import Look, at_looks, look_at
from pausenet.simulator.traces import Costs, Trace

_PARAMETERS: Final = {
    "closes": assumed(
        8.0, "periods", "the period in which the baseline has closed", low=2.0, high=30.0
    ),
    "after": assumed(8.0, "periods", "readings after the close", low=2.0, high=30.0),
    "delay_days": assumed(2.0, "days", "from the last reading to the lead", low=0.1, high=14.0),
}
_READINGS_MAX: Final = 30
_GRAIN: Final = 10**9
_DROP_MAX: Final = 50.0


def _chances(watched: Watched, steps: Magnitudes) -> tuple[float, ...]:
    values = watched.values
    closes = max(1, min(_READINGS_MAX, round(values["closes"]), watched.periods - 1))
    after = max(1, min(_READINGS_MAX, round(values["after"]), watched.periods - closes))
    end = closes + after
    drop = min(_DROP_MAX, min(steps[closes:end]) - max(steps[:closes]))
    # One look spends the rate of the whole course.
    rate = look_at(watched, 0, watched.periods).rate
    look = Look(start=0, end=end, rate=rate)

    def power(_: Look) -> float:
        # This test counts over an array, and help must not load numpy.
        from pausenet.inference.workload.changepoint import rank_sum_power

        alpha = Fraction(round(rate * _GRAIN), _GRAIN)
        return rank_sum_power(closes, after, drop, alpha) if drop > 0.0 else rate

    return at_looks(watched, (look,), steps, power)


def _costs(watched: Watched) -> Costs:
    """The meters stand there anyway; somebody reads their course once."""
    del watched
    return Costs(inspector_days=2.0)


CHANNEL: Final = ChannelModel(
    kind=ChannelKind.BASELINE,
    title="a look at the baseline",
    senses=Trace.STEP,
    controls=frozenset({"power meters"}),
    parameters=_PARAMETERS,
    chances=_chances,
    costs=_costs,
    cannot_see="padding that goes on until the limit bites, when use would fall anyway",
)
"""Compares use before and after the baseline's close."""
