"""Is my clock behind? A verifier whose clock is in doubt stops signing and says so (4.4).

A peer's cosignature bears a time that its clock had reached. When the median peer has signed
times further ahead of this clock than epsilon, it is this clock that is behind: whatever it
signed would look earlier than it was. A clock that runs ahead only makes its own evidence late.
"""

from __future__ import annotations

from pausenet.values import NetworkTime, ParticipantId


class ClockWatch:
    """Compares this verifier's clock with the times its peers have signed."""

    def __init__(self, peers: tuple[ParticipantId, ...], epsilon_s: int) -> None:
        self._epsilon_s = epsilon_s
        self._reached = dict.fromkeys(peers, NetworkTime(0))

    def signed(self, peer: ParticipantId, time: NetworkTime) -> None:
        """A peer has signed this time."""
        if peer in self._reached and time > self._reached[peer]:
            self._reached[peer] = time

    def behind(self, now: NetworkTime) -> bool:
        """Whether the median peer's clock has passed this one by more than epsilon."""
        if not self._reached:
            return False
        reached = sorted(self._reached.values())
        return reached[(len(reached) - 1) // 2] > now + self._epsilon_s
