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
    """Offers what another lab would say in place of its own newest statement.

    Where there is no other lab, what its meter would.
    """

    def _forge(self, mirror: Mirror) -> bytes | None:
        register = self._means.register
        speakers = (*register.with_role(Role.LAB), *register.with_role(Role.METER))
        other = next(each for each in speakers if each.id != self.id)
        return self._signed(replace(mirror.statements[-1], author=other.id, origin=other.origin))
