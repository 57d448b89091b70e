"""The lab runs a hall that no declaration names and no meter feeds.

It gains the hall's whole compute. Nothing of it stands in any log, so that nothing here finds it:
a party must ask for an inspection of the place, and inspectors must count the chips there.
"""

from __future__ import annotations

from pausenet.protocol.messages import Effect, Event
from pausenet.simulator.adversary.base import Adversary, usage_in


class UndeclaredHall(Adversary):
    """Says nothing of the hall; every period in which it runs there counts."""

    def step(self, event: Event) -> tuple[Effect, ...]:
        """Pass everything on: what is not declared leaves no trace in the protocol."""
        if usage_in(event, self._means.window) is not None:
            self.fired += 1
        return self._inner.step(event)
