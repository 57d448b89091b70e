"""What all adversaries share: a machine that wraps a machine, and a window of periods.

An adversary has the same inputs and outputs as the machine it wraps, so that it runs in the
simulator and, joined by `cli`, in a real node. It holds its participant's keys and nobody
else's.
"""

from __future__ import annotations

from dataclasses import dataclass

from pausenet.protocol.attester import LabMachine
from pausenet.protocol.messages import Effect, Event, Ingested, Machine, UsageSample
from pausenet.protocol.register import Keyring, Register
from pausenet.protocol.verifier import VerifierMachine
from pausenet.statements.agreement import Schedule
from pausenet.statements.clauses import PPM
from pausenet.values import NetworkTime, ParticipantId, PeriodIndex


@dataclass(frozen=True, slots=True, kw_only=True)
class Window:
    """The periods in which a cheat goes on: from `start` up to, not including, `until`."""

    start: PeriodIndex
    until: PeriodIndex | None = None

    def covers(self, period: int) -> bool:
        """Whether this period is in the window."""
        return self.start <= period and (self.until is None or period < self.until)

    def open_at(self, now: NetworkTime, schedule: Schedule) -> bool:
        """Whether the period that runs now is in the window."""
        return self.covers(schedule.last_ended(now) + 1)

    def due_at(self, now: NetworkTime, schedule: Schedule) -> bool:
        """Whether what is due for the last ended period is in the window."""
        return self.covers(schedule.last_ended(now))


@dataclass(frozen=True, slots=True, kw_only=True)
class Means:
    """What an adversary has: public knowledge, its own keys, when it cheats and how much."""

    register: Register
    keys: Keyring
    window: Window
    amount_ppm: int = PPM // 5

    @property
    def schedule(self) -> Schedule:
        """The agreement's periods."""
        return self.register.agreement.schedule

    @property
    def verifiers(self) -> tuple[ParticipantId, ...]:
        """Every verifier but the adversary itself, in register order."""
        return tuple(name for name in self.register.verifiers if name != self.keys.id)


class Adversary:
    """Passes everything on; each evasion overrides what it needs.

    `fired` counts how often it has cheated since it was started.
    """

    def __init__(self, inner: Machine, means: Means) -> None:
        self._inner, self._means = inner, means
        self.fired = 0

    @property
    def id(self) -> ParticipantId:
        """Who this is."""
        return self._inner.id

    @property
    def inner(self) -> Machine:
        """The machine that is wrapped."""
        return self._inner

    def step(self, event: Event) -> tuple[Effect, ...]:
        """Take one event; return what is to be done, in order."""
        return self._inner.step(event)


def innermost(machine: Machine) -> LabMachine | VerifierMachine:
    """The protocol's own machine inside all wrappers."""
    while isinstance(machine, Adversary):
        machine = machine.inner
    assert isinstance(machine, LabMachine | VerifierMachine), "labs and verifiers cheat"
    return machine


def usage_in(event: Event, window: Window) -> UsageSample | None:
    """The usage sample that an event brings, when its period is in the window."""
    if isinstance(event, Ingested) and isinstance(event.sample, UsageSample):
        return event.sample if window.covers(event.sample.period) else None
    return None
