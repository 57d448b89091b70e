"""A jump of capability: can a lab's models do more than the compute that it declares explains?

An evaluator outside the lab measures the newest model every so often and compares it with the trend
of what others needed. The residual is put over its standard deviation and tested one-sided
(`inference.detection`). A model is judged once: measuring it again tells nothing new, and only a
larger residual than any before counts anew. Better methods look like more compute; that the trend
allows for them is assumed.
"""

from __future__ import annotations

from typing import Final

from pausenet.inference.detection import detection_probability
from pausenet.scenario.evasions import ChannelKind
from pausenet.simulator.channels.base import (
    YEAR_DAYS,
    ChannelModel,
    Magnitudes,
    Watched,
    assumed,
)
from pausenet.simulator.channels.looks import Look, at_looks, looks_of
from pausenet.simulator.traces import Costs, Trace

_PARAMETERS: Final = {
    "every_days": assumed(90.0, "days", "between two evaluations", low=14.0, high=365.0),
    "reached": assumed(
        0.8, "1", "share of the residual that an evaluator can bring out", low=0.2, high=1.0
    ),
    "delay_days": assumed(4.0, "days", "from the evaluation to the lead", low=1.0, high=60.0),
}
_SIGMAS_MAX: Final = 30.0


def _chances(watched: Watched, residuals: Magnitudes) -> tuple[float, ...]:
    values = watched.values

    def power(look: Look) -> float:
        now = max(residuals[look.start : look.end])
        if now <= max(residuals[: look.start], default=0.0):
            return look.rate
        return detection_probability(min(_SIGMAS_MAX, now * values["reached"]), look.rate)

    return at_looks(watched, looks_of(watched, values["every_days"]), residuals, power)


def _costs(watched: Watched) -> Costs:
    """Ten days of evaluators, and as many queries as a visit, each time."""
    times = YEAR_DAYS / max(1.0, watched.values["every_days"])
    return Costs(inspector_days=10.0 * times, intrusions=times)


CHANNEL: Final = ChannelModel(
    kind=ChannelKind.CAPABILITY,
    title="evaluations of capability",
    senses=Trace.CAPABILITY,
    controls=frozenset({"evaluators"}),
    parameters=_PARAMETERS,
    chances=_chances,
    costs=_costs,
    cannot_see="models that no evaluator is shown, or that hold back what they can do",
)
"""Compares what models can do with the compute declared for them."""
