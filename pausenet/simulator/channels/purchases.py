"""Many small orders by buyers that belong together: clusters in the records of sellers.

In each period the orders of small lots that records link to one beneficial owner are counted.
Ordinary buyers come in linked groups too, as a Poisson number with a stated mean; the test alarms
at a count that this reaches with at most the false-alarm rate. Owners that hide behind people whom
no record links are not counted at all.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from pausenet.inference.gamma import lower
from pausenet.scenario.evasions import ChannelKind
from pausenet.simulator.channels.base import ChannelModel, Watched, assumed, each_period
from pausenet.simulator.traces import Costs, Trace

_PARAMETERS: Final = {
    "seen": assumed(
        0.5, "1", "share of linked orders whose link stands in a record", low=0.05, high=0.95
    ),
    "background": assumed(
        2.0, "orders", "linked orders of ordinary buyers in 30 days", low=0.2, high=50.0
    ),
    "delay_days": assumed(30.0, "days", "until sellers report", low=1.0, high=120.0),
}
_MONTH_DAYS: Final = 30.0


def at_least(count: int, mean: float) -> float:
    """P(a Poisson number with this mean is at least so large)."""
    return 1.0 if count == 0 else lower(float(count), mean)


def orders_needed(mean: float, alpha: float) -> int:
    """The fewest orders that ordinary buyers reach with at most this chance."""
    count = 0
    while at_least(count, mean) > alpha:
        count += 1
    return count


def _chances(watched: Watched, orders: Sequence[float]) -> tuple[float, ...]:
    values = watched.values
    usual = values["background"] * watched.period_days / _MONTH_DAYS
    needed = orders_needed(usual, watched.alpha)

    def found(linked: float) -> float:
        return at_least(needed, usual + values["seen"] * linked)

    return each_period(found, watched, orders)


def _costs(watched: Watched) -> Costs:
    """A day a month with the sellers' records."""
    del watched
    return Costs(inspector_days=12.0)


CHANNEL: Final = ChannelModel(
    kind=ChannelKind.PURCHASES,
    title="linked purchases",
    senses=Trace.PURCHASES,
    controls=frozenset({"sellers"}),
    parameters=_PARAMETERS,
    chances=_chances,
    costs=_costs,
    cannot_see="owners whom no record links, used hardware, and what was bought before the watch",
)
"""Finds buyers that belong together."""
