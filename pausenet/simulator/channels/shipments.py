"""The vendor's ledger of shipments against the receipts that the lab enters.

Where a vendor reports a sale and its last holder is known, the comparison is exact: each lot that
the lab has not entered stands out. What is not reported, or passes through buyers behind whom
nobody sees the lab, is compared with nothing. False alarms are clerks' mistakes.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from pausenet.scenario.evasions import ChannelKind
from pausenet.simulator.channels.base import ChannelModel, Watched, assumed, each_period
from pausenet.simulator.traces import Costs, Trace

_PARAMETERS: Final = {
    "reported": assumed(0.9, "1", "share of lots that their vendor reports", low=0.0, high=1.0),
    "traced": assumed(
        0.3, "1", "share of reported lots through others that are traced on", low=0.0, high=1.0
    ),
    "lot": assumed(256.0, "accelerators", "in one lot", low=8.0, high=4_096.0),
    "delay_days": assumed(30.0, "days", "until ledgers are compared", low=1.0, high=180.0),
}


def _chances(watched: Watched, unentered: Sequence[float]) -> tuple[float, ...]:
    values = watched.values
    each = min(1.0, values["reported"] * values["traced"])

    def found(accelerators: float) -> float:
        missed: float = (1.0 - each) ** (accelerators / max(1.0, values["lot"]))
        return 1.0 - (1.0 - watched.alpha) * missed

    return each_period(found, watched, unentered)


def _costs(watched: Watched) -> Costs:
    """A day a month to set two ledgers side by side."""
    del watched
    return Costs(inspector_days=12.0)


CHANNEL: Final = ChannelModel(
    kind=ChannelKind.SHIPMENTS,
    title="the vendors' ledgers of shipments",
    senses=Trace.UNENTERED,
    controls=frozenset({"vendors"}),
    parameters=_PARAMETERS,
    chances=_chances,
    costs=_costs,
    cannot_see="vendors that report nothing, smuggled lots, and what left before the watch",
)
"""Compares what was shipped with what was entered."""
