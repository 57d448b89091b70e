"""Two labs in league sign each other's statements: each puts the other's into its own log.

A period would count for whom it suits. Every statement names its author and its log, so that the
other's, signed and checkpointed by oneself, is a proof against oneself (F4).
"""

from __future__ import annotations

from dataclasses import replace

from pausenet.protocol.mirror import Mirror
from pausenet.simulator.adversary.leaf import BadLeaf
from pausenet.values import Role


class SwappedPayloads(BadLeaf):
    """Offers what another lab would say in place of its own newest statement."""

    def _forge(self, mirror: Mirror) -> bytes | None:
        labs = self._means.register.with_role(Role.LAB)
        other = next((lab for lab in labs if lab.id != self.id), None)
        if other is None:
            return None
        return self._signed(replace(mirror.statements[-1], author=other.id, origin=other.origin))
