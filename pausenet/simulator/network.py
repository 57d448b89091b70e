"""The network between nodes: what each sent message meets on its way.

Every directed link loses, doubles and delays by itself; messages overtake each other because
their delays are independent. A link can be cut, in one direction or in both.
"""

from __future__ import annotations

import random
from collections import Counter, deque
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final

from pausenet.protocol.messages import Message
from pausenet.simulator.randomness import happens, stream
from pausenet.values import ParticipantId

Link = tuple[ParticipantId, ParticipantId]
Sent = tuple[ParticipantId, Message]
STALE_MAX: Final = 32
"""How many messages to a node may come once more after its next start."""
STRAGGLER_DELAYS: Final = 8
"""A straggling message takes up to this many times the longest ordinary delay."""


@dataclass(frozen=True, slots=True, kw_only=True)
class NetworkFaults:
    """How a link misbehaves; chances in parts per million, all zero = a good network.

    `misdirect_ppm`: another of the sender's peers is given a message instead; `stale_ppm`: what
    had been sent to a node before its last start comes once more after it.
    """

    loss_ppm: int = 0
    duplicate_ppm: int = 0
    straggle_ppm: int = 0
    misdirect_ppm: int = 0
    stale_ppm: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Reach:
    """The ordinary delay of a link, in seconds of network time, both ends included."""

    delay_s_min: int
    delay_s_max: int

    def __post_init__(self) -> None:
        if not 0 <= self.delay_s_min <= self.delay_s_max:
            raise ValueError(f"Reach: expected 0 <= min <= max, found {self}")


class Network:
    """The links. `fired` counts what each fault has done."""

    def __init__(self, *, seed: int, reach: Reach, faults: NetworkFaults) -> None:
        self._seed, self._reach = seed, reach
        self._streams: dict[Link, random.Random] = {}
        self._cut: Counter[Link] = Counter()
        self._latest: Counter[Link] = Counter()
        self._mislaid = stream(seed, "mislaid")
        self._sent: dict[ParticipantId, deque[Sent]] = {}
        self.faults = faults
        self.fired: Counter[str] = Counter()

    def arrivals(self, now: int, sender: ParticipantId, to: ParticipantId) -> tuple[int, ...]:
        """When copies of a message sent now arrive; none when it is lost."""
        link = (sender, to)
        if self._cut[link]:
            self.fired["network.cut"] += 1
            return ()
        chance = self._streams.get(link)
        if chance is None:
            chance = self._streams[link] = stream(self._seed, "network", sender, to)
        if happens(chance, self.faults.loss_ppm):
            self.fired["network.lost"] += 1
            return ()
        first = now + self._delay(chance)
        if first < self._latest[link]:
            self.fired["network.overtook"] += 1
        self._latest[link] = max(first, self._latest[link])
        if not happens(chance, self.faults.duplicate_ppm):
            return (first,)
        self.fired["network.doubled"] += 1
        return (first, now + self._delay(chance))

    def recipient(
        self, to: ParticipantId, others: tuple[ParticipantId, ...], sent: Sent
    ) -> ParticipantId:
        """Who is given a message, which is remembered as sent to them."""
        if len(others) > 1 and happens(self._mislaid, self.faults.misdirect_ppm):
            self.fired["network.misdirected"] += 1
            to = self._mislaid.choice([name for name in others if name != to])
        if self.faults.stale_ppm:
            self._sent.setdefault(to, deque(maxlen=STALE_MAX)).append(sent)
        return to

    def stale(self, to: ParticipantId) -> tuple[Sent, ...]:
        """What of the last messages to a node comes once more after its start."""
        found = tuple(
            sent for sent in self._sent.pop(to, ()) if happens(self._mislaid, self.faults.stale_ppm)
        )
        self.fired["network.stale"] += len(found)
        return found

    def is_cut(self, sender: ParticipantId, to: ParticipantId) -> bool:
        """Whether messages in this direction are lost for now."""
        return self._cut[sender, to] > 0

    def cut(self, links: Iterable[Link]) -> None:
        """Cut these directed links; a link cut twice must be healed twice."""
        for link in links:
            self._cut[link] += 1
            self.fired["network.partition"] += 1

    def heal(self, links: Iterable[Link]) -> None:
        """Undo one cut of each of these links."""
        for link in links:
            self._cut[link] = max(0, self._cut[link] - 1)

    def heal_all(self) -> None:
        """Undo every cut and stop every fault: the liveness phase begins."""
        self._cut.clear()
        self.faults = NetworkFaults()

    def _delay(self, chance: random.Random) -> int:
        delay = chance.randint(self._reach.delay_s_min, self._reach.delay_s_max)
        if happens(chance, self.faults.straggle_ppm):
            self.fired["network.straggled"] += 1
            return delay + chance.randint(0, STRAGGLER_DELAYS * self._reach.delay_s_max)
        return delay


def both_ways(of: ParticipantId, others: Iterable[ParticipantId]) -> tuple[Link, ...]:
    """The links between one participant and others, in both directions."""
    return tuple(link for other in others for link in ((of, other), (other, of)))
