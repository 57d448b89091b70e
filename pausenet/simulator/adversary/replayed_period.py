"""A lab that states another period's use again: the very entry that stands in its log already.

It would have an old and harmless account stand for a new one. The entry names its place and its
period, so that under the lab's own checkpoint it is a proof (F4).
"""

from __future__ import annotations

from pausenet.protocol.mirror import Mirror
from pausenet.simulator.adversary.leaf import BadLeaf
from pausenet.statements.codec import Kind


class ReplayedPeriod(BadLeaf):
    """Offers the last usage statement before the newest entry again, in its place."""

    def _forge(self, mirror: Mirror) -> bytes | None:
        earlier = zip(mirror.statements[:-1], mirror.entries[:-1], strict=True)
        return next(
            (old for said, old in reversed([*earlier]) if said.kind is Kind.USAGE),
            None,
        )
