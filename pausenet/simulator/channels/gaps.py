"""Gaps that are not at random: do statements go missing just when it matters?

The day has so many slots, each with a statement due; a share of them is marked beforehand as
events (a notice, a peak at the neighbour's meter). At the end of each span the number of gaps in
event slots is held against that of gaps that fall at random, exactly: Fisher's test, with the power
of `inference.workload.gaps` at so many times the odds. A span in which the lab does so only in part
counts as if it did not.
"""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction
from typing import Final

from pausenet.scenario.evasions import ChannelKind
from pausenet.simulator.channels.base import ChannelModel, Watched, assumed
from pausenet.simulator.channels.looks import block_of, on_occasions
from pausenet.simulator.traces import Costs, Trace

_PARAMETERS: Final = {
    "slots": assumed(24.0, "slots", "in a day, each with a statement due", low=1.0, high=96.0),
    "missing": assumed(0.02, "1", "share of slots without a statement", low=0.002, high=0.1),
    "events": assumed(0.1, "1", "share of slots in which it matters", low=0.01, high=0.5),
    "span_days": assumed(28.0, "days", "over which gaps are counted", low=7.0, high=364.0),
    "delay_days": assumed(7.0, "days", "until a span is counted", low=1.0, high=30.0),
}
_SLOTS_MAX: Final = 3_000
_RATE_DIGITS: Final = 10**9


def _chances(watched: Watched, odds: Sequence[float]) -> tuple[float, ...]:
    values = watched.values
    days = block_of(watched, values["span_days"]) * watched.period_days
    slots = max(1, min(_SLOTS_MAX, round(values["slots"] * days)))
    gaps = min(slots, round(values["missing"] * slots))
    events = min(slots, round(values["events"] * slots))

    def found(ratio: float, alpha: float) -> float:
        from pausenet.inference.workload.gaps import gaps_power  # brings numpy

        rate = Fraction(round(alpha * _RATE_DIGITS), _RATE_DIGITS)
        ratio_exact = Fraction(max(1.0, ratio)).limit_denominator(1_000)
        return float(gaps_power(slots, gaps, events, odds_ratio=ratio_exact, alpha=rate))

    return on_occasions(found, watched, odds, every_days=values["span_days"], over=min)


def _costs(watched: Watched) -> Costs:
    """Half a day a month: somebody must mark events before the gaps are known."""
    del watched
    return Costs(inspector_days=6.0)


CHANNEL: Final = ChannelModel(
    kind=ChannelKind.GAPS,
    title="gaps when it matters",
    senses=Trace.GAPS,
    controls=frozenset({"verifiers"}),
    parameters=_PARAMETERS,
    chances=_chances,
    costs=_costs,
    cannot_see="gaps that come evenly, events that nobody marked, and what was done meanwhile",
)
"""Counts what is missing, and when."""
