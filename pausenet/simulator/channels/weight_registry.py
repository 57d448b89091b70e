"""A register of weights: does a model in use come from a declared run?

In each period a verifier draws some of the lab's models in use and compares their fingerprints with
those of declared runs; the draw is counted exactly (`inference.sampling.hypergeometric`). A model
that nobody outside may ask is never drawn, whatever the number of draws: the chance that it can be
reached at all is its own parameter, and does not grow with time.
"""

from __future__ import annotations

import math
from typing import Final

from pausenet.inference.sampling.hypergeometric import detection
from pausenet.scenario.evasions import ChannelKind
from pausenet.simulator.channels.base import (
    YEAR_DAYS,
    ChannelModel,
    Magnitudes,
    Watched,
    assumed,
)
from pausenet.simulator.traces import Costs, Trace

_PARAMETERS: Final = {
    "models": assumed(30.0, "models", "models that a lab has in use", low=2.0, high=1_000.0),
    "drawn_a_month": assumed(8.0, "models/30 days", "models compared", low=0.0, high=1_000.0),
    "reached": assumed(
        0.9, "1", "chance that a foreign model is where verifiers may ask", low=0.0, high=1.0
    ),
    "delay_days": assumed(3.0, "days", "from the draw to the lead", low=0.5, high=30.0),
}
_MONTH_DAYS: Final = 30.0


def _chances(watched: Watched, foreign: Magnitudes) -> tuple[float, ...]:
    """The conditional chance of each period, given silence before it."""
    values = watched.values
    models = max(1, round(values["models"]))
    drawn = min(float(models), values["drawn_a_month"] * watched.period_days / _MONTH_DAYS)
    missed, found, chances = 1.0, 0.0, []
    for count in foreign:
        if not count:
            chances.append(watched.alpha)
            continue
        each = _found(models, min(models, math.ceil(count)), drawn)
        missed *= 1.0 - each * min(1.0, count / math.ceil(count))
        after = values["reached"] * (1.0 - missed)
        hazard = (after - found) / (1.0 - found) if found < 1.0 else 1.0
        found = after
        chances.append(watched.alpha + (1.0 - watched.alpha) * hazard)
    return tuple(chances)


def _found(models: int, foreign: int, drawn: float) -> float:
    """The chance of one period's draw; a part of a draw is made with that chance."""
    whole = math.floor(drawn)
    one_more = float(detection(models, foreign, min(models, whole + 1)))
    return one_more * (drawn - whole) + float(detection(models, foreign, whole)) * (
        1.0 - drawn + whole
    )


def _costs(watched: Watched) -> Costs:
    """A query a model drawn, and a tenth of a day to compare it."""
    times = watched.values["drawn_a_month"] * YEAR_DAYS / _MONTH_DAYS
    return Costs(inspector_days=0.1 * times, intrusions=times)


CHANNEL: Final = ChannelModel(
    kind=ChannelKind.WEIGHT_REGISTRY,
    title="the register of weights",
    senses=Trace.WEIGHTS,
    controls=frozenset({"verifiers"}),
    parameters=_PARAMETERS,
    chances=_chances,
    costs=_costs,
    cannot_see="models that are used where nobody may ask, and weights distilled into new ones",
)
"""Compares models in use with declared runs."""
