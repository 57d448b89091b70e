"""People who know and speak: leaks, interviews, a sealed channel for reports.

The time until a covert site is known through people is the Gamma distribution that
`inference.fusion.leaks` fits to discovered nuclear sites (domain.md 2.2), for so many people who
know. Those are selected cases: sites that were never found are not among them, so that only a
share of sites is taken to be found at all. People who are silenced count as if they did not know.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from pausenet.inference.fusion.leaks import GIVEN, LeakModel
from pausenet.scenario.evasions import ChannelKind
from pausenet.simulator.channels.base import (
    YEAR_DAYS,
    ChannelModel,
    Watched,
    assumed,
    sourced,
)
from pausenet.simulator.traces import Costs, Trace

_PARAMETERS: Final = {
    "scale": sourced(
        GIVEN.scale, "years", "design document 2.2: a fit to 12 discovered sites", low=12, high=50
    ),
    "ever_found": assumed(
        0.75, "1", "share of covert sites that people ever give away", low=0.5, high=1.0
    ),
    "delay_days": assumed(14.0, "days", "until a report is believed", low=2.0, high=90.0),
}
_PEOPLE_LEAST: Final = 2.0


def _chances(watched: Watched, people: Sequence[float]) -> tuple[float, ...]:
    """The conditional chance of each period, given silence before it.

    The clock of the distribution runs while people know, at the rate of their number then.
    """
    values = watched.values
    model = LeakModel(scale=values["scale"], exponent=GIVEN.exponent, dispersion=GIVEN.dispersion)
    known_years, chances = 0.0, []
    step_years = watched.period_days / YEAR_DAYS
    for count in people:
        if count < _PEOPLE_LEAST:
            chances.append(watched.alpha)
            continue
        before = values["ever_found"] * model.found_by(known_years, count) if known_years else 0.0
        known_years += step_years
        after = values["ever_found"] * model.found_by(known_years, count)
        hazard = (after - before) / (1.0 - before)
        chances.append(watched.alpha + (1.0 - watched.alpha) * max(0.0, hazard))
    return tuple(chances)


def _costs(watched: Watched) -> Costs:
    """Twelve interviews a year, half a day each, and somebody who reads what comes in."""
    del watched
    return Costs(inspector_days=6.0, people=0.1, intrusions=12.0)


CHANNEL: Final = ChannelModel(
    kind=ChannelKind.INSIDERS,
    title="people who speak",
    senses=Trace.WORKERS,
    controls=frozenset({"insiders"}),
    parameters=_PARAMETERS,
    chances=_chances,
    costs=_costs,
    cannot_see="what few people know, or people who believe in it",
    weakened_by=Trace.SILENCED,
)
"""Hears of a covert site from those who work there."""
