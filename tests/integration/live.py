"""Runs a scenario's real network, and replays what its nodes recorded in the simulator's machines.

Every step of every node is recorded. The replay gives the recorded events to machines made as
the simulator makes them, and compares: every effect, every message that arrived with those that
its sender's machine asked to send, and what the verifiers show at the end.
"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path
from typing import Final

from pausenet.cli import network
from pausenet.cli.live import LiveNetwork
from pausenet.cli.options import Display
from pausenet.cli.output import Screen
from pausenet.node.keystore import load_keys
from pausenet.node.recorder import Step, read_recording
from pausenet.node.status import EVIDENCE, STATUS_FILE
from pausenet.node.store.records import decode_frame
from pausenet.protocol.messages import Area, Booted, Effect, Machine, Message, Received, Send
from pausenet.protocol.register import Register
from pausenet.protocol.verifier import VerifierMachine
from pausenet.scenario.plan import DAY_S, Scenario
from pausenet.simulator.adversary import Adversary
from pausenet.simulator.machines import makers_of
from pausenet.simulator.setting import Setting
from pausenet.statements import canonical
from pausenet.values import ParticipantId
from tests.integration.copies import until
from tests.integration.nursery import Nursery, Recorded

Makers = Mapping[ParticipantId, Callable[[int], Machine]]
"""What makes a participant's machine as it was at one of its starts, counted from 1."""


def quick(scenario: Scenario) -> Scenario:
    """The same story at twice the pace: a second a period, the graces as they must be."""
    return replace(scenario, speed=DAY_S, period_s=DAY_S, notice_periods=4)


@dataclass(frozen=True, kw_only=True)
class Ran:
    """A network that has run, and where all that it left lies."""

    scenario: Scenario
    register: Register
    directory: Path
    children: Recorded

    def starts(self, name: ParticipantId) -> list[list[Step]]:
        """The recorded steps of each start of a participant's node.

        None of a start that was stopped before its first step: only the last must have some.
        """
        last = self.children.starts[name]
        files = [self.children.recording_of(name, number) for number in range(1, last + 1)]
        return [list(read_recording(f)) if f.exists() or f == files[-1] else [] for f in files]

    def makers(self) -> dict[ParticipantId, Callable[[int], Machine]]:
        """The simulator's machines for this network: its setting with these keys, its cheats."""
        return {name: partial(self._machine, name) for name in network.everybody(self.scenario)}

    def _machine(self, name: ParticipantId, start: int) -> Machine:
        """One participant's machine with the keys that its node had at one of its starts."""
        members = self.register.members
        keys = {
            each: load_keys(self.directory / each / "keys", each, members[each].role, None)
            for each in network.everybody(self.scenario)
        }
        later = keys[name].later[: self.children.replaced[name, start]]
        keys[name] = replace(keys[name], later=later)
        setting = Setting(
            register=self.register,
            keys=keys,
            reachable={},
            newcomers={},
            ratifies={lab.name: lab.ratifies_from for lab in self.scenario.labs},
        )
        return makers_of(setting, self.scenario.cheats)[name](self.register)

    def shown(self, name: ParticipantId) -> list[bytes]:
        """The network's appraisals as a verifier showed them at its end, in canonical JSON."""
        status = json.loads((self.directory / name / STATUS_FILE).read_bytes())
        return [canonical.encode(row["appraisal"]) for row in status["appraisals"]]

    def has_appraised(self) -> bool:
        """Whether some verifier shows an appraisal of every lab."""
        labs = len(self.scenario.labs)
        return any(len(self.shown(plan.name)) == labs for plan in self.scenario.verifiers)

    def evidence(self, name: ParticipantId) -> dict[str, bytes]:
        """The evidence files of a verifier, by name."""
        files = (self.directory / name / EVIDENCE).glob("*.json")
        return {path.stem: path.read_bytes() for path in files}


def run_live(
    directory: Path,
    scenario: Scenario,
    *,
    plants: Mapping[str, str] | None = None,
    enough: Callable[[], None] | None = None,
) -> Ran:
    """Run the scenario's network with recording on: to its end, or until `enough` returns.

    Its end comes after the last period, and not before a verifier has appraised every lab.
    """
    place = directory / "network"
    register = network.make(
        place,
        scenario,
        seed=scenario.seed,
        addresses=network.loopback_addresses(scenario, 0),
    )
    with (
        Nursery() as nursery,
        Recorded(directory / "processes", nursery=nursery, network=place) as children,
    ):
        children.plants |= plants or {}
        ran = Ran(scenario=scenario, register=register, directory=place, children=children)
        live = LiveNetwork(scenario, register, place, children, Screen(Display.NONE))
        live.up()
        if enough is None:
            live.watch()
            until(ran.has_appraised, "an appraisal, on a machine that is this slow")
        else:
            enough()
        assert set(children.settle().values()) == {0}
    return ran


def differences(ran: Ran, makers: Makers) -> list[str]:
    """Where the replay departs from the recording, at most one line for each kind and node."""
    found: list[str] = []
    sent: Counter[tuple[ParticipantId, ParticipantId, Message]] = Counter()
    received: Counter[tuple[ParticipantId, ParticipantId, Message]] = Counter()
    for name, make in makers.items():
        departed = ""
        bundles: dict[str, bytes] = {}
        for start, steps in enumerate(ran.starts(name), start=1):
            if not steps:
                continue
            assert isinstance(steps[0][0], Booted)
            machine = make(start)
            for number, (event, recorded) in enumerate(steps):
                effects = machine.step(event)
                if effects != recorded and not departed:
                    departed = f"{name}: start {start}, step {number}: other effects"
                sent.update((name, e.to, e.message) for e in effects if isinstance(e, Send))
                if isinstance(event, Received) and event.sender in makers:
                    received[event.sender, name, event.message] += 1
                bundles |= _new_bundles(machine, effects)
        found += [departed] if departed else []
        found += _shown_otherwise(ran, name, machine, bundles)
    strange = {(sender, to) for sender, to, _ in received - sent}
    return found + [f"{to}: a message that {sender} never sent" for sender, to in sorted(strange)]


def _shown_otherwise(
    ran: Ran, name: ParticipantId, machine: Machine, bundles: dict[str, bytes]
) -> list[str]:
    """How what a verifier showed differs from what the replayed machine would show."""
    verifier = _verifier(machine)
    if verifier is None or isinstance(machine, Adversary):
        return []
    found = []
    if ran.shown(name) != [canonical.encode(a.to_json()) for a in verifier.view.appraisals()]:
        found.append(f"{name}: other appraisals")
    held, last = ran.evidence(name), _bundles(verifier)
    if not last.items() <= held.items() or not held.items() <= bundles.items():
        found.append(f"{name}: other evidence")
    return found


def _verifier(machine: Machine) -> VerifierMachine | None:
    while isinstance(machine, Adversary):
        machine = machine.inner
    return machine if isinstance(machine, VerifierMachine) else None


def _new_bundles(machine: Machine, effects: tuple[Effect, ...]) -> dict[str, bytes]:
    """The bundles that a verifier can show after a step that may have changed them."""
    verifier = _verifier(machine)
    return {} if verifier is None or len(effects) < 2 else _bundles(verifier)


def _bundles(verifier: VerifierMachine) -> dict[str, bytes]:
    return {identity.hex(): data for identity, data in verifier.view.bundles().items()}


_LEDGER: Final = "ledger.log"


def job_records(directory: Path, lab: ParticipantId) -> tuple[bytes, ...]:
    """The salted job records that a lab's node keeps on its disk."""
    data, found, at = (directory / lab / "data" / _LEDGER).read_bytes(), list[bytes](), 0
    while at < len(data):
        frame = decode_frame(data, at, Area.LEDGER)
        found.append(frame.record.data)
        at = frame.end
    return tuple(found)


def kept_elsewhere(directory: Path, lab: ParticipantId) -> bytes:
    """All bytes on every disk but for the lab's own ledger and samples, and their recording."""
    found = []
    for path in sorted(directory.rglob("*")):
        own = directory / lab in path.parents and path.name in (_LEDGER, "samples.jsonl")
        if path.is_file() and not own:
            found.append(path.read_bytes())
    return b"\0".join(found)
