"""A lab that leaves a place of its log out, as if a statement stood there that nobody has seen.

It would keep room to say later what it said before. The newest statement names one before it
that is nowhere, or a place that is not its own: under the lab's own checkpoint a proof (F4).
"""

from __future__ import annotations

from dataclasses import replace

from pausenet.protocol.mirror import Mirror
from pausenet.simulator.adversary.leaf import BadLeaf
from pausenet.values import Digest, Seq


class Gap(BadLeaf):
    """Names one before the newest statement that is nowhere, and by turns a place too high."""

    def _forge(self, mirror: Mirror) -> bytes | None:
        skipped = Digest.of(b"a statement that nobody has seen")
        newest = mirror.statements[-1]
        seq = Seq(newest.seq + self.fired // 8 % 2)
        return self._signed(replace(newest, seq=seq, prev=skipped))
