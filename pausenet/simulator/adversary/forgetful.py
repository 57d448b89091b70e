"""A lab that takes back what it has said that it has seen.

A request binds a lab once its `seen` covers it: who could forget would never have been asked.
What it has seen must not decrease, so that under the lab's own checkpoint it is a proof (F4).
"""

from __future__ import annotations

from dataclasses import replace

from pausenet.protocol.mirror import Mirror
from pausenet.simulator.adversary.leaf import BadLeaf
from pausenet.values import TreeSize


class Forgetful(BadLeaf):
    """Says in its newest statement that it has seen one entry less of a log than before."""

    def _forge(self, mirror: Mirror) -> bytes | None:
        if len(mirror.statements) < 2:
            return None
        before = {head.origin: head.size for head in mirror.statements[-2].seen}
        newest = mirror.statements[-1]
        seen = tuple(
            replace(head, size=TreeSize(before[head.origin] - 1))
            if before.get(head.origin, 0) > 1
            else head
            for head in newest.seen
        )
        return None if seen == newest.seen else self._signed(replace(newest, seen=seen))
