"""A whole network of real processes on loopback: up, watched, collected, down."""

from __future__ import annotations

import json
import time
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from pausenet.cli import network
from pausenet.cli.mishaps import Mishaps
from pausenet.cli.output import Screen
from pausenet.cli.processes import Children
from pausenet.errors import MalformedStatement, NodeError
from pausenet.node.init import start_network
from pausenet.node.status import STATUS_FILE
from pausenet.protocol.register import Register
from pausenet.scenario.plan import Scenario
from pausenet.simulator.record import Sighting
from pausenet.statements.fields import Fields
from pausenet.statements.finding import Appraisal, Fault
from pausenet.values import NetworkTime, ParticipantId, PeriodIndex

READY_S: Final = 120.0
"""How long the processes may take to load."""
SETTLE_S: Final = 6.0
"""Real seconds after the last close in which verifiers may still come to an appraisal."""
_LOOK_S: Final = 0.2
_DAY_S: Final = 86_400


@dataclass(frozen=True, slots=True, kw_only=True)
class Watched:
    """What the verifiers held when the run ended, and what was seen on the way."""

    appraisals: Mapping[ParticipantId, tuple[Appraisal, ...]]
    sightings: tuple[Sighting, ...]
    transcript: tuple[str, ...]


class LiveNetwork:
    """Runs one scenario's network; `watch` blocks until it has come to its end."""

    def __init__(
        self,
        scenario: Scenario,
        register: Register,
        directory: Path,
        children: Children,
        screen: Screen,
    ) -> None:
        self._scenario, self._register, self._directory = scenario, register, directory
        self._children, self._screen = children, screen
        self._schedule = register.agreement.schedule
        self._verifiers = tuple(plan.name for plan in scenario.verifiers)
        self._transcript: list[str] = []
        self._sightings: dict[tuple[ParticipantId, Fault], Sighting] = {}
        self._told: dict[tuple[ParticipantId, ParticipantId], Appraisal] = {}
        self._said: dict[ParticipantId, str] = {}
        self._lost: set[str] = set()
        self._started_s = 0.0
        self._mishaps = Mishaps(children=children, network=directory, restart=self._start)

    def up(self) -> None:
        """Start every process, wait until all are ready, then start network time."""
        names = network.everybody(self._scenario)
        for name in names:
            self._start(name)
        until = time.monotonic() + READY_S
        while not all((self._directory / name / network.READY_FILE).exists() for name in names):
            self._require_living()
            if time.monotonic() > until:
                raise NodeError(f"the processes were not ready within {READY_S:.0f} s")
            time.sleep(_LOOK_S)
        start = int(time.time()) + 1
        start_network((self._directory,), start)
        self._started_s = float(start)
        self._mishaps.plan(self._scenario, self._schedule)
        self._say(f"{len(names)} processes are up, {len(self._verifiers)} of them verifiers")

    def watch(self) -> Watched:
        """Follow the network until every verifier has appraised the last period, or in vain."""
        last = PeriodIndex(self._scenario.periods - 1)
        close_s = (self._schedule.close(last) - self._schedule.start) / self._scenario.speed
        period = -1
        held: dict[ParticipantId, tuple[Appraisal, ...]] = {}
        while True:
            self._tell_dead()
            for done in self._mishaps.due(self._now()):
                self._say(done)
            held = {name: appraisals_of(self._directory, name) for name in self._verifiers}
            self._notice(held)
            ended = min(int(last), self._schedule.last_ended(self._now()))
            if ended > period:
                period = ended
                self._show_time(period, close_s)
            elapsed_s = time.time() - self._started_s
            if elapsed_s > close_s and (
                self._complete(held, last) or elapsed_s > close_s + SETTLE_S
            ):
                break
            time.sleep(_LOOK_S)
        return Watched(
            appraisals=held,
            sightings=tuple(self._sightings.values()),
            transcript=tuple(self._transcript),
        )

    def _start(self, name: ParticipantId) -> None:
        arguments = network.node_arguments(self._scenario, self._directory, name)
        self._children.start(name, arguments)

    def _now(self) -> NetworkTime:
        elapsed_s = max(0.0, time.time() - self._started_s)
        return NetworkTime(self._schedule.start + int(elapsed_s * self._scenario.speed))

    def _require_living(self) -> None:
        for name, code in self._children.dead().items():
            words = self._children.last_words(name)
            raise NodeError(f"{name} ended with code {code}: {words}")

    def _tell_dead(self) -> None:
        """Say who has ended by itself; the network goes on while a verifier is left."""
        dead = self._children.dead()
        for name in sorted(dead.keys() - self._lost):
            self._lost.add(name)
            self._say(f"{name} has ended with code {dead[name]}; the network goes on without it")
        if all(name in dead for name in self._verifiers):
            raise NodeError("every verifier has ended")

    def _complete(
        self, held: Mapping[ParticipantId, tuple[Appraisal, ...]], last: PeriodIndex
    ) -> bool:
        """Whether every verifier knows an appraisal of the last period for every lab."""
        labs = {lab.name for lab in self._scenario.labs}
        dead = self._children.dead()
        return all(
            name in dead or {item.lab for item in found if item.period >= last} == labs
            for name, found in held.items()
        )

    def _notice(self, held: Mapping[ParticipantId, tuple[Appraisal, ...]]) -> None:
        """Tell what is new in the appraisals, together for labs of which the same is said."""
        news: dict[tuple[PeriodIndex, str], list[str]] = {}
        for name, found in held.items():
            for item in found:
                if self._told.get((name, item.lab)) == item:
                    continue
                self._told[name, item.lab] = item
                self._sight(item)
                words = ", ".join(sorted({str(finding.fault) for finding in item.findings}))
                text = f"{item.status}" + (f" ({words})" if words else "")
                if self._said.get(item.lab) != text:
                    self._said[item.lab] = text
                    news.setdefault((item.period, text), []).append(str(item.lab))
        for (period, text), labs in news.items():
            self._say(f"cut of period {period}: {', '.join(labs)}: {text}")

    def _sight(self, appraisal: Appraisal) -> None:
        for finding in appraisal.findings:
            key = (finding.accused, finding.fault)
            if key not in self._sightings:
                self._sightings[key] = Sighting(
                    accused=finding.accused, fault=finding.fault, period=appraisal.period
                )

    def _show_time(self, period: int, close_s: float) -> None:
        left_s = max(0.0, close_s - (time.time() - self._started_s))
        count = self._scenario.periods
        then = "; the last cuts are awaited" if period == count - 1 else ""
        self._screen.progress(
            f"  period {period} has ended ({period + 1} of {count}), "
            f"about {left_s:.0f} s left{then}"
        )

    def _say(self, text: str) -> None:
        day = (self._now() - int(self._schedule.start)) / _DAY_S
        line = f"day {day:5.1f}  {text}"
        self._transcript.append(line)
        self._screen.progress(line)


def appraisals_of(net: Path, name: ParticipantId) -> tuple[Appraisal, ...]:
    """The network's appraisals as a verifier's status file has them."""
    path = net / name / STATUS_FILE
    try:
        rows = json.loads(path.read_bytes())["appraisals"]
    except (FileNotFoundError, ValueError, KeyError):
        return ()
    found = []
    for row in rows:
        try:
            found.append(Appraisal.read(Fields(row["appraisal"], "appraisal")))
        except (MalformedStatement, KeyError, TypeError) as error:
            raise NodeError(f"{path}: {error}") from error
    return tuple(found)
