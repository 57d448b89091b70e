"""A scenario's faults in a real network: a process that is stopped, a disk that is put back.

A partition is made by stopping the process (SIGSTOP): to everybody else it is cut off, and to
itself no time passes. Only processes of this run are touched.
"""

from __future__ import annotations

import shutil
import signal
import subprocess
from collections.abc import Callable
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from typing import Final, TypeAlias

from pausenet.cli.processes import Children
from pausenet.scenario.mishaps import PartitionPlan, RestorePlan, RotationPlan, TypoPlan
from pausenet.scenario.plan import Scenario
from pausenet.statements.agreement import Schedule
from pausenet.values import ParticipantId, PeriodIndex

DISK: Final = ("guard", "data")
_STOP_S: Final = 5.0

Deed: TypeAlias = Callable[[], str]


@dataclass(slots=True, kw_only=True)
class Mishaps:
    """What is still to go wrong, in order of network time."""

    children: Children
    network: Path
    restart: Callable[[ParticipantId], None]
    left: list[tuple[int, Deed]] = field(default_factory=list)

    def plan(self, scenario: Scenario, schedule: Schedule) -> None:
        """Take over the faults of a scenario."""

        def at(index: PeriodIndex) -> int:
            return schedule.period(index).start

        for fault in scenario.faults:
            who = fault.of
            match fault:
                case PartitionPlan():
                    self.left.append((at(fault.start), partial(self._cut, who)))
                    self.left.append((at(fault.until), partial(self._heal, who)))
                case RestorePlan(recover=recover):
                    recovers = recover == fault.at
                    self.left.append((at(fault.to), partial(self._copy, who)))
                    self.left.append((at(fault.at), partial(self._put_back, who, recovers)))
                    if recover is not None and not recovers:
                        self.left.append((at(recover), partial(self._change_keys, who, True)))
                case RotationPlan(revokes=revokes):
                    self.left.append((at(fault.at), partial(self._change_keys, who, revokes)))
                case TypoPlan():
                    pass  # it stands in the samples already
        self.left.sort(key=lambda item: item[0])

    def due(self, now: int) -> list[str]:
        """Do all that is due; what was done, in words."""
        done = []
        while self.left and self.left[0][0] <= now:
            done.append(self.left.pop(0)[1]())
        return done

    def _cut(self, who: ParticipantId) -> str:
        self.children.running[who].send_signal(signal.SIGSTOP)
        return f"{who} is cut off from everybody"

    def _heal(self, who: ParticipantId) -> str:
        self.children.running[who].send_signal(signal.SIGCONT)
        return f"{who} is back"

    def _copy(self, who: ParticipantId) -> str:
        child = self.children.running[who]
        child.send_signal(signal.SIGSTOP)
        try:
            for room in DISK:
                source = self.network / who / room
                if source.is_dir():
                    shutil.copytree(source, self._backup(who) / room, symlinks=True)
        finally:
            child.send_signal(signal.SIGCONT)
        return f"{who}'s disk is copied"

    def _put_back(self, who: ParticipantId, recovers: bool) -> str:
        self._stop(who)
        for room in DISK:
            shutil.rmtree(self.network / who / room, ignore_errors=True)
            backup = self._backup(who) / room
            if backup.is_dir():
                shutil.copytree(backup, self.network / who / room, symlinks=True)
        if recovers:
            self._give_keys(who, recovers=True)
        self.restart(who)
        return f"{who} is restored from the copy"

    def _change_keys(self, who: ParticipantId, recovers: bool) -> str:
        self._stop(who)
        self._give_keys(who, recovers=recovers)
        self.restart(who)
        return f"{who} is given new keys"

    def _give_keys(self, who: ParticipantId, *, recovers: bool) -> None:
        """What `pausenet keys rotate` and `keys recover` do for a node that is down."""
        from pausenet.node.config import read_network
        from pausenet.node.keystore import add_keys

        role = read_network(self.network).participants[who].role
        add_keys(self.network / who / "keys", who, role, None, recovers=recovers)

    def _stop(self, who: ParticipantId) -> None:
        child = self.children.running[who]
        child.terminate()
        try:
            child.wait(timeout=_STOP_S)
        except subprocess.TimeoutExpired:
            child.kill()
            child.wait()

    def _backup(self, who: ParticipantId) -> Path:
        return self.network / who / "backup"
