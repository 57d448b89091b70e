"""A small network of real processes: gRPC, disks, kills."""

from __future__ import annotations

import json
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from pausenet.node.config import read_register
from pausenet.node.init import make_network, start_network
from pausenet.node.keystore import load_keys
from pausenet.node.recorder import read_recording
from pausenet.protocol.attester import LabMachine
from pausenet.protocol.verifier import VerifierMachine
from pausenet.values import ParticipantId
from tests.node.networks import AURORA, METER, VERIFIERS, make, plan, reading_line, usage_line

pytestmark = pytest.mark.processes

NODE = """
import asyncio, sys
from pathlib import Path
from pausenet.node.config import NodeConfig, read_register
from pausenet.node.run import run_node
from pausenet.protocol.attester import LabMachine, MeterMachine
from pausenet.protocol.verifier import VerifierMachine
from pausenet.values import ParticipantId, Role
MACHINES = {Role.LAB: LabMachine, Role.METER: MeterMachine, Role.VERIFIER: VerifierMachine}
root, name = Path(sys.argv[1]), ParticipantId(sys.argv[2])
home = root / name
config = NodeConfig(id=name, home=home, public=root, log_file=home / "node.log",
                    recording=home / "recording.jsonl")
def factory(register, keys):
    return MACHINES[keys.role](register=register, keys=keys)
sys.exit(asyncio.run(run_node(config, factory)))
"""


class Network:
    """Processes of one small network."""

    def __init__(self, root: Path) -> None:
        self.root = root
        with_ports = {
            name: f"127.0.0.1:{port}" for name, port in zip(VERIFIERS, ports(4), strict=True)
        }
        samples = {
            AURORA: "".join(usage_line(period) for period in range(20)),
            METER: "".join(reading_line(period) for period in range(20)),
        }
        make_network(root, plan(with_ports, samples))
        start_network((root,), int(time.time()) + 2)
        self.running: dict[ParticipantId, subprocess.Popen[bytes]] = {}
        self.origin = ""

    def start(self, name: ParticipantId) -> None:
        command = [sys.executable, "-c", NODE, str(self.root), str(name)]
        self.running[name] = subprocess.Popen(command)

    def status(self, name: ParticipantId) -> dict[str, object]:
        path = self.root / name / "status.json"
        return json.loads(path.read_text()) if path.exists() else {}

    def claims(self, name: ParticipantId) -> list[dict[str, object]]:
        """What the evidence bundles of a verifier claim; a slow machine may earn warrants."""
        files = (self.root / name / "evidence").glob("*.json")
        return [json.loads(path.read_bytes())["claim"] for path in files]

    def receipted(self) -> int:
        return int(str(self.status(AURORA).get("receipted", 0)))

    def stop(self, name: ParticipantId, how: signal.Signals = signal.SIGTERM) -> int:
        process = self.running.pop(name)
        process.send_signal(how)
        return process.wait(timeout=20)


def ports(count: int) -> list[int]:
    """Ports that are free now."""
    held = [socket.create_server(("127.0.0.1", 0)) for _ in range(count)]
    found = [each.getsockname()[1] for each in held]
    for each in held:
        each.close()
    return found


def until(condition: Callable[[], bool], seconds: float = 40) -> None:
    end = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < end, "in vain"
        time.sleep(0.1)


@pytest.fixture
def network(tmp_path: Path) -> Iterator[Network]:
    made = Network(tmp_path / "net")
    for name in (*VERIFIERS, AURORA, METER):
        made.start(name)
    yield made
    for process in made.running.values():
        process.kill()
        process.wait()


def test_a_killed_lab_and_a_killed_verifier_come_back_and_neither_is_ever_proven_guilty(
    network: Network,
) -> None:
    until(lambda: network.receipted() >= 3)
    before = network.receipted()
    assert network.stop(VERIFIERS[3], signal.SIGKILL) == -signal.SIGKILL
    assert network.stop(AURORA, signal.SIGKILL) == -signal.SIGKILL
    network.start(AURORA)
    network.start(VERIFIERS[3])
    until(lambda: network.receipted() >= before + 2)
    until(lambda: bool(network.status(VERIFIERS[3]).get("appraisals")))
    for name in tuple(network.running):
        assert network.status(name)["halted"] == ""
        assert all(claim["class"] == "warrant" for claim in network.claims(name))
    assert {network.stop(name) for name in tuple(network.running)} == {0}


def test_a_recording_of_a_real_node_replays_to_the_same_effects(network: Network) -> None:
    until(lambda: network.receipted() >= 5)
    for name in tuple(network.running):
        assert network.stop(name) == 0
    for name, kind in ((AURORA, LabMachine), (VERIFIERS[0], VerifierMachine)):
        register = read_register(network.root, None)
        role = register.members[name].role
        keys = load_keys(network.root / name / "keys", name, role, None)
        machine = kind(register=register, keys=keys)
        steps = list(read_recording(network.root / name / "recording.jsonl"))
        assert len(steps) > 20
        for event, effects in steps:
            assert machine.step(event) == effects


SLOW = """
import asyncio, sys
from pathlib import Path
from pausenet.node.config import NodeConfig
from pausenet.node.run import run_node
from pausenet.protocol.attester import LabMachine
from pausenet.values import ParticipantId
class Stuck:
    peers_up = frozenset()
    async def start(self):
        print("up", flush=True)
        return 0
    def send(self, to, message): pass
    async def stop(self, grace_s):
        print("draining", flush=True)
        await asyncio.sleep(60)
root = Path(sys.argv[1])
config = NodeConfig(id=ParticipantId("aurora"), home=root / "aurora", public=root,
                    log_file=root / "log")
def factory(register, keys):
    return LabMachine(register=register, keys=keys)
sys.exit(asyncio.run(run_node(config, factory, lambda on_message, on_peer_up: Stuck())))
"""


def test_a_second_sigterm_ends_a_node_that_drains_at_once(tmp_path: Path) -> None:
    make(tmp_path)
    start_network((tmp_path,), int(time.time()))
    command = [sys.executable, "-c", SLOW, str(tmp_path)]
    with subprocess.Popen(command, stdout=subprocess.PIPE) as process:
        assert process.stdout is not None
        assert process.stdout.readline() == b"up\n"
        process.send_signal(signal.SIGTERM)
        assert process.stdout.readline() == b"draining\n"
        process.send_signal(signal.SIGTERM)
        assert process.wait(timeout=5) == 143
