"""E02: the lab trains, and says that it serves.

It gains the training that it calls inference: its run stays below the cap, and the limit on
training does not count it. Occupied time and energy are true, so that the balance is even and the
protocol sees nothing; only who looks at the work itself, or has it run again, can tell.
"""

from __future__ import annotations

from pausenet.protocol.messages import Machine
from pausenet.simulator.adversary.base import Means
from pausenet.simulator.adversary.false_samples import MovedShare
from pausenet.simulator.adversary.under_declaration import UnderDeclaration


class LabelSwap(UnderDeclaration):
    """Moves a share of all training to inference in the window; a share of 0 changes nothing."""

    def __init__(self, inner: Machine, means: Means) -> None:
        super().__init__(inner, means)
        self._hidden = MovedShare(means.amount_ppm)
