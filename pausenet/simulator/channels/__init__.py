"""What watches labs from outside the protocol: one module a channel."""

from collections.abc import Mapping
from types import MappingProxyType
from typing import Final

from pausenet.errors import Misuse
from pausenet.scenario.evasions import ChannelKind
from pausenet.simulator.channels import insiders, satellite
from pausenet.simulator.channels.base import ChannelModel, Watched, alpha_of

CHANNELS: Final[Mapping[ChannelKind, ChannelModel]] = MappingProxyType(
    {module.CHANNEL.kind: module.CHANNEL for module in (insiders, satellite)}
)
"""Every channel that is modelled."""


def channel(kind: ChannelKind) -> ChannelModel:
    """The model of this kind; raises `Misuse` for one that is not modelled."""
    if kind not in CHANNELS:
        raise Misuse(f"channel {kind}: not modelled")
    return CHANNELS[kind]


__all__ = ["CHANNELS", "ChannelModel", "Watched", "alpha_of", "channel"]
