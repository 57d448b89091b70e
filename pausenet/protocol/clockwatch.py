"""Is my clock in doubt? A verifier whose clock is stops cosigning and says so (4.4).

Both tests rest on the order of cause and effect, and on no delay.

1. *Behind.* A peer's cosignature bears a time that its clock had reached before it came here.
2. *Ahead.* A peer cosigns a checkpoint of this verifier's own log after this verifier has signed
   it. Where the cosignature bears an earlier time, by so much did this clock run ahead.

The median peer decides, so that f faulty ones neither stop an honest verifier nor hide a doubt.
Nothing is known of a peer that has said nothing; it counts as agreeing.
"""

from __future__ import annotations

from enum import StrEnum
from typing import Final

from pausenet.values import NetworkTime, ParticipantId, TreeSize

PUBLISHED_MAX: Final = 64
"""How many of the own latest checkpoints are remembered with the time of their signing."""


class Standing(StrEnum):
    """How this verifier's clock stands to those of its peers."""

    SOUND = "sound"
    BEHIND = "behind"
    AHEAD = "ahead"


class ClockWatch:
    """Compares this verifier's clock with the times its peers have signed."""

    def __init__(self, peers: tuple[ParticipantId, ...], epsilon_s: int) -> None:
        self._epsilon_s = epsilon_s
        self._reached = dict.fromkeys(peers, NetworkTime(0))
        self._published: dict[TreeSize, NetworkTime] = {}
        self._ahead_of: dict[ParticipantId, tuple[TreeSize, int]] = {}
        self._among: tuple[ParticipantId, ...] = ()
        self._middle: tuple[int, int] | None = None
        """How far the median peer has come, and how far this clock ran ahead of the median."""

    def signed(self, peer: ParticipantId, time: NetworkTime) -> None:
        """A peer has signed this time."""
        if peer in self._reached and time > self._reached[peer]:
            self._reached[peer] = time
            self._middle = None

    def published(self, size: TreeSize, now: NetworkTime) -> None:
        """This verifier has just signed a checkpoint of its own log."""
        self._published[size] = now
        if len(self._published) > PUBLISHED_MAX:
            del self._published[next(iter(self._published))]

    def answered(self, peer: ParticipantId, size: TreeSize, time: NetworkTime) -> None:
        """A peer has cosigned the own log at this size, at this time.

        Of one checkpoint its first cosignature counts, for later ones repeat it at a heartbeat;
        of several checkpoints the latest, for clocks are set right.
        """
        if peer not in self._reached or size not in self._published:
            return
        ahead_s = self._published[size] - time
        held = self._ahead_of.get(peer)
        if held is None or size > held[0] or (size == held[0] and ahead_s > held[1]):
            self._ahead_of[peer] = (size, ahead_s)
            self._middle = None

    def standing(self, now: NetworkTime, among: tuple[ParticipantId, ...]) -> Standing:
        """How this clock, which shows `now`, stands to the median peer's, give or take epsilon.

        `among` are the verifiers that count now.
        """
        if self._middle is None or self._among != among:
            self._among, self._middle = among, self._medians(among)
        reached, ahead_s = self._middle
        if reached > now + self._epsilon_s:
            return Standing.BEHIND
        return Standing.AHEAD if ahead_s > self._epsilon_s else Standing.SOUND

    def _medians(self, among: tuple[ParticipantId, ...]) -> tuple[int, int]:
        peers = [peer for peer in self._reached if peer in among]
        if not peers:
            return 0, 0
        middle = (len(peers) - 1) // 2
        reached = sorted(self._reached[peer] for peer in peers)
        ahead = sorted(self._ahead_of.get(peer, (0, 0))[1] for peer in peers)
        return reached[middle], ahead[middle]
