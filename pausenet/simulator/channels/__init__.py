"""What watches labs from outside the protocol: one module a channel."""

from collections.abc import Mapping
from types import MappingProxyType
from typing import Final

from pausenet.errors import Misuse
from pausenet.scenario.evasions import ChannelKind
from pausenet.simulator.channels import (
    anchors,
    appraiser_audit,
    baseline,
    bunching,
    capability,
    classifier,
    cloud_records,
    egress,
    formats,
    gaps,
    grid,
    insiders,
    item_challenges,
    lineage,
    long_balance,
    notice_watch,
    paired_indicators,
    purchases,
    ratios,
    recompute,
    satellite,
    seals,
    second_meter,
    shipments,
    sync_traffic,
    weight_registry,
)
from pausenet.simulator.channels.base import ChannelModel, Watched, alpha_of

CHANNELS: Final[Mapping[ChannelKind, ChannelModel]] = MappingProxyType(
    {
        module.CHANNEL.kind: module.CHANNEL
        for module in (
            anchors,
            appraiser_audit,
            baseline,
            bunching,
            capability,
            classifier,
            cloud_records,
            egress,
            formats,
            gaps,
            grid,
            insiders,
            item_challenges,
            lineage,
            long_balance,
            notice_watch,
            paired_indicators,
            purchases,
            ratios,
            recompute,
            satellite,
            seals,
            second_meter,
            shipments,
            sync_traffic,
            weight_registry,
        )
    }
)
"""Every channel that is modelled."""


def channel(kind: ChannelKind) -> ChannelModel:
    """The model of this kind; raises `Misuse` for one that is not modelled."""
    if kind not in CHANNELS:
        raise Misuse(f"channel {kind}: not modelled")
    return CHANNELS[kind]


__all__ = ["CHANNELS", "ChannelModel", "Watched", "alpha_of", "channel"]
