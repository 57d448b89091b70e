"""One simulated node: a machine, its disk, its clock, and whether it is up."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field

from pausenet.protocol.messages import Act, Machine, ReadingSample, UsageSample
from pausenet.protocol.register import Keyring, Register
from pausenet.simulator.clock import Clock
from pausenet.simulator.disk import Disk, Snapshot
from pausenet.values import ParticipantId, Role


@dataclass(slots=True, kw_only=True)
class Node:
    """The shell's side of one participant.

    `make` builds the machine anew at each start, by the register that the disk holds: what is in
    memory does not survive one.
    `first` is the register that it was set up with; `starts_by_growth` counts the
    starts because that has grown.
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
    timer: int = 0
    due: int = 0
    acts: tuple[Act, ...] = ()
    said: int = 0
    handed: list[Act] = field(default_factory=list)
    backup: dict[int, Snapshot] = field(default_factory=dict)
    spare: Snapshot | None = None
