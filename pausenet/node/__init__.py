"""The shell for real networks: it drives the machines with gRPC, a clock and a disk.

The names are imported when they are first asked for: whoever wants a key file needs no gRPC.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from pausenet.node.config import NodeConfig, read_network, read_register
    from pausenet.node.init import (
        NetworkPlan,
        ParticipantPlan,
        make_network,
        set_addresses,
        start_network,
    )
    from pausenet.node.keystore import Passphrase, load_keys, make_keys, read_passphrase
    from pausenet.node.recorder import read_recording
    from pausenet.node.run import run_node
    from pausenet.node.store import Places, Store

__all__ = [
    "NetworkPlan",
    "NodeConfig",
    "ParticipantPlan",
    "Passphrase",
    "Places",
    "Store",
    "load_keys",
    "make_keys",
    "make_network",
    "read_network",
    "read_passphrase",
    "read_recording",
    "read_register",
    "run_node",
    "set_addresses",
    "start_network",
]

_HOMES: Final = {
    "config": ("NodeConfig", "read_network", "read_register"),
    "init": ("NetworkPlan", "ParticipantPlan", "make_network", "set_addresses", "start_network"),
    "keystore": ("Passphrase", "load_keys", "make_keys", "read_passphrase"),
    "recorder": ("read_recording",),
    "run": ("run_node",),
    "store": ("Places", "Store"),
}


def __getattr__(name: str) -> object:
    """Import a public name from the module that holds it."""
    for module, names in _HOMES.items():
        if name in names:
            return getattr(import_module(f"{__name__}.{module}"), name)
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
