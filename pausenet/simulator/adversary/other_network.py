"""A lab that brings into this network what it has said in another.

It would have one statement, made for an easier court, count twice. Every statement names its
network, so that under this network's checkpoint it is a proof (F4).
"""

from __future__ import annotations

from dataclasses import replace

from pausenet.protocol.mirror import Mirror
from pausenet.simulator.adversary.leaf import BadLeaf
from pausenet.values import NetworkId


class OtherNetwork(BadLeaf):
    """Offers its newest statement as it would stand in another network."""

    def _forge(self, mirror: Mirror) -> bytes | None:
        network = NetworkId.of(b"another network than " + self._means.register.network_id)
        return self._signed(replace(mirror.statements[-1], network=network))
