"""One simulated node: a machine, its disk, its clock, and whether it is up."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import TypeAlias

from pausenet.protocol.messages import Act, Machine, ReadingSample, UsageSample
from pausenet.protocol.register import Keyring, Register
from pausenet.simulator.clock import Clock
from pausenet.simulator.disk import Disk, Snapshot
from pausenet.values import NetworkTime, ParticipantId, Role

Turn: TypeAlias = tuple[int, int]
"""A moment of true time, and the turn of something among all that happens then."""


@dataclass(slots=True, kw_only=True)
class Node:
    """The shell's side of one participant.

    `make` builds the machine anew at each start, by the register that the disk holds: what is in
    memory does not survive one.
    `first` is the register that it was set up with; `starts_by_growth` counts the
    starts because that has grown.
    `timer` is when it is to be woken, None while nothing is set; `alarm` is what stands on the
    world's heap for it.
    `due` counts the samples whose period has ended, `said` the acts whose period has begun; a
    start hands them in again, as a real node reads its files again from the beginning. `handed`
    are acts beside those. `spare` is the backup that its operator would put back after a failure.
    """

    id: ParticipantId
    role: Role
    honest: bool
    make: Callable[[Register], Machine]
    keys: Keyring
    clock: Clock
    machine: Machine
    first: Register
    starts_by_growth: int = 0
    samples: tuple[UsageSample | ReadingSample, ...] = ()
    disk: Disk = field(default_factory=Disk)
    up: bool = False
    starts: int = 0
    timer: Turn | None = None
    alarm: Turn | None = None
    due: int = 0
    acts: tuple[Act, ...] = ()
    said: int = 0
    handed: list[Act] = field(default_factory=list)
    backup: dict[int, Snapshot] = field(default_factory=dict)
    spare: Snapshot | None = None
    _asked: tuple[Clock, NetworkTime, int] | None = None

    def moment(self, shown: NetworkTime) -> int:
        """The true moment at which its clock shows this; most ask for the same many times."""
        asked = self._asked
        if asked is None or asked[1] != shown or asked[0] is not self.clock:
            asked = self._asked = (self.clock, shown, self.clock.moment(shown))
        return asked[2]
