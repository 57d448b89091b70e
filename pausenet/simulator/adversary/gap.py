"""A lab that leaves a place of its log out, as if a statement stood there that nobody has seen.

It would keep room to say later what it said before. The newest statement names a place that is
not its own, and one before it that is nowhere: under the lab's own checkpoint a proof (F4).
"""

from __future__ import annotations

from dataclasses import replace

from pausenet.protocol.mirror import Mirror
from pausenet.simulator.adversary.leaf import BadLeaf
from pausenet.values import Digest, Seq


class Gap(BadLeaf):
    """Numbers the newest statement one too high."""

    def _forge(self, mirror: Mirror) -> bytes | None:
        skipped = Digest.of(b"a statement that nobody has seen")
        return self._signed(replace(mirror.statements[-1], seq=Seq(mirror.size), prev=skipped))
