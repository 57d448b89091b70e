"""E17 and E22: the lab declares fewer operations than it did in the time that it occupied.

It gains the operations that it leaves out: done at a better utilisation than it says, or in a
narrower number format than it counts. Occupied time and energy are true, so that the balance is
even and the protocol sees nothing; only who profiles the work, or has it run again, can tell.
"""

from __future__ import annotations

from pausenet.protocol.messages import Machine
from pausenet.simulator.adversary.base import Means
from pausenet.simulator.adversary.false_samples import FewerOperations as FewerInSamples
from pausenet.simulator.adversary.under_declaration import UnderDeclaration


class FewerOperations(UnderDeclaration):
    """Leaves out a share of training's operations in the window; a share of 0 changes nothing."""

    def __init__(self, inner: Machine, means: Means) -> None:
        super().__init__(inner, means)
        self._hidden = FewerInSamples(means.amount_ppm)
