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
from pausenet.scenario.mishaps import PartitionPlan, RestorePlan
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
            if isinstance(fault, PartitionPlan):
                self.left.append((at(fault.start), partial(self._cut, who)))
                self.left.append((at(fault.until), partial(self._heal, who)))
            elif isinstance(fault, RestorePlan):  # a typo stands in the samples already
                self.left.append((at(fault.to), partial(self._copy, who)))
                self.left.append((at(fault.at), partial(self._put_back, who)))
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

    def _put_back(self, who: ParticipantId) -> str:
        child = self.children.running[who]
        child.terminate()
        try:
            child.wait(timeout=_STOP_S)
        except subprocess.TimeoutExpired:
            child.kill()
            child.wait()
        for room in DISK:
            shutil.rmtree(self.network / who / room, ignore_errors=True)
            backup = self._backup(who) / room
            if backup.is_dir():
                shutil.copytree(backup, self.network / who / room, symlinks=True)
        self.restart(who)
        return f"{who} is restored from the copy"

    def _backup(self, who: ParticipantId) -> Path:
        return self.network / who / "backup"
