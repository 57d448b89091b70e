"""`make bench`: one honest attestation's round trip on loopback, beside `openssl speed`.

Four verifiers are real processes with durable disks that speak gRPC over mutual TLS; the lab's node
is this process. It is handed one period's usage at a time; a round trip ends when its statement
is receipted: k = 3 storing cosignatures are verified here, each given after an fsync there. The
processor time of all five processes is counted, whatever else they do meanwhile.
"""

from __future__ import annotations

import asyncio
import os
import shutil
import signal
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from functools import partial
from pathlib import Path
from typing import Final

import psutil
from nacl.signing import SigningKey as NaClKey

from pausenet.cli import network
from pausenet.cli.processes import Children, terminated_as_interrupt
from pausenet.cli.serve import Serving, config_of
from pausenet.files import find_scenario, read_scenario
from pausenet.node.config import NodeConfig
from pausenet.node.run import run_node
from pausenet.protocol.attester import LabMachine
from pausenet.protocol.messages import Effect, Event, Ingested, Machine
from pausenet.protocol.register import Keyring, Register
from pausenet.scenario.plan import Scenario
from pausenet.values import ParticipantId, Role

ROUNDS: Final = 40
SPENT_S: Final = 15.0
"""After so many seconds no further round trip is begun."""
READY_S: Final = 25.0
_LOOK_S: Final = 0.001
_MESSAGE: Final = bytes(1024)


@dataclass(slots=True)
class Timed:
    """A lab that notes when it takes a sample, and when its log is receipted beyond its opening."""

    inner: LabMachine
    opening: int | None = None
    submitted: list[float] = field(default_factory=list)
    receipted: list[float] = field(default_factory=list)

    @property
    def id(self) -> ParticipantId:
        """Who this is."""
        return self.inner.id

    def has(self, count: int) -> bool:
        """Whether so many statements of usage are receipted."""
        return len(self.receipted) >= count

    def step(self, event: Event) -> tuple[Effect, ...]:
        """Take one event, and look at the clock."""
        if isinstance(event, Ingested) and self.opening is not None:
            self.submitted.append(time.perf_counter())
        effects = self.inner.step(event)
        if self.opening is not None:
            more = self.inner.receipts.size - self.opening - len(self.receipted)
            self.receipted += [time.perf_counter()] * more
        return effects


@dataclass(frozen=True, kw_only=True)
class Measured:
    """Wall times of the round trips, and the processor time of one, of lab and verifiers."""

    wall_s: list[float]
    lab_cpu_s: float
    verifiers_cpu_s: float


def story() -> Scenario:
    """Real time, and so many periods that have ended and will not close before we are done."""
    honest = read_scenario(find_scenario("honest"))
    slow = {"speed": 1, "period_s": 60, "deadline_s": 600, "grace_s": 86_400}
    return replace(honest, name="bench", periods=ROUNDS, notice_periods=4, **slow)  # integers all


def measure(root: Path) -> Measured:
    """Make the network, run it, and end it."""
    scenario = story()
    lab = scenario.labs[0].name
    place = root / "network"
    network.make(
        place,
        scenario,
        seed=scenario.seed,
        addresses=network.loopback_addresses(scenario, 0),
        start=int(time.time()) - ROUNDS * scenario.period_s - 1,
    )
    lines = (place / lab / "samples.jsonl").read_text(encoding="utf-8").splitlines(keepends=True)
    os.mkfifo(root / "usage")
    config = config_of(Serving(net=place, id=lab, role=Role.LAB, samples=root / "usage"))
    quiet = replace(config, log_file=root / "lab.log")
    with terminated_as_interrupt(), Children(logs=root / "processes") as children:
        for plan in scenario.verifiers:
            children.start(plan.name, network.node_arguments(scenario, place, plan.name))
        processes = [psutil.Process(child.pid) for child in children.running.values()]
        return asyncio.run(_round_trips(quiet, root / "usage", lines, processes))


async def _round_trips(
    config: NodeConfig, usage: Path, lines: list[str], verifiers: list[psutil.Process]
) -> Measured:
    labs: list[Timed] = []

    def factory(register: Register, keys: Keyring) -> Machine:
        labs.append(Timed(LabMachine(register=register, keys=keys)))
        return labs[0]

    node = asyncio.create_task(run_node(config, factory))
    pipe = os.open(usage, os.O_RDWR)  # both ends, so that opening never waits
    try:
        os.write(pipe, lines[0].encode())  # one to warm up, with the statements of the first start
        await _until(lambda: labs and labs[0].inner.receipts.size > 1, node)
        await asyncio.sleep(1.0)  # the verifiers have told each other too
        lab, until = labs[0], time.perf_counter() + SPENT_S
        lab.opening = lab.inner.receipts.size
        before = time.process_time(), _cpu_s(verifiers)
        for number, line in enumerate(lines[1:], start=1):
            os.write(pipe, line.encode())
            await _until(partial(lab.has, number), node)
            if time.perf_counter() > until:
                break
        after = time.process_time(), _cpu_s(verifiers)
        os.kill(os.getpid(), signal.SIGTERM)  # run_node's own way to stop
        await node
    finally:
        os.close(pipe)
    wall = [end - begin for begin, end in zip(lab.submitted, lab.receipted, strict=False)]
    return Measured(
        wall_s=wall,
        lab_cpu_s=(after[0] - before[0]) / len(wall),
        verifiers_cpu_s=(after[1] - before[1]) / len(wall),
    )


async def _until(claim: Callable[[], object], node: asyncio.Task[int]) -> None:
    async with asyncio.timeout(READY_S):
        while not claim():
            if node.done():
                sys.exit(f"bench: the lab's node ended with code {await node}")
            await asyncio.sleep(_LOOK_S)


def _cpu_s(processes: list[psutil.Process]) -> float:
    return sum(sum(process.cpu_times()[:2]) for process in processes)


def openssl_speed() -> tuple[float, float]:
    """Ed25519 signatures and verifications a second, by `openssl speed`, on one core."""
    program = shutil.which("openssl")
    if program is None:
        sys.exit("bench: openssl is not installed")
    done = subprocess.run(
        [program, "speed", "-seconds", "1", "ed25519"], capture_output=True, text=True, check=True
    )
    sign, verify = done.stdout.split()[-2:]
    return float(sign), float(verify)


def pynacl_speed() -> float:
    """Verifications of a kilobyte a second by PyNaCl, which is what pausenet verifies with."""
    secret = NaClKey(bytes(32))
    key, signature = secret.verify_key, secret.sign(_MESSAGE).signature
    count, begin = 0, time.process_time()
    while (spent := time.process_time() - begin) < 1.0:
        key.verify(_MESSAGE, signature)
        count += 1
    return count / spent


def report(found: Measured, openssl: tuple[float, float], pynacl: float) -> str:
    """What was measured, side by side, and its ratios."""
    wall, lab, others = statistics.median(found.wall_s), found.lab_cpu_s, found.verifiers_cpu_s
    lowest, highest, cpu = min(found.wall_s), max(found.wall_s), lab + others
    rows = [
        "one attestation on loopback: submit -> 3 cosignatures -> receipt, "
        f"{len(found.wall_s)} times",
        f"  wall time  {wall * 1e3:8.2f} ms  median; {lowest * 1e3:.2f} to {highest * 1e3:.2f} ms",
        f"  CPU time   {cpu * 1e3:8.2f} ms  mean; lab {lab * 1e3:.2f} ms, "
        f"four verifiers together {others * 1e3:.2f} ms",
        f"openssl speed -seconds 1 ed25519  {openssl[0]:8.0f} sign/s  {openssl[1]:8.0f} verify/s",
        f"PyNaCl verify, 1024 bytes         {'':15}  {pynacl:8.0f} verify/s",
        "the round trip as a number of Ed25519 verifications",
    ]
    for name, rate in (("openssl", openssl[1]), ("PyNaCl", pynacl)):
        rows.append(f"  of {name:<8} wall {wall * rate:8.0f}   CPU {cpu * rate:8.0f}")
    rows.append(f"load average {os.getloadavg()[0]:.1f} on {os.cpu_count()} processors")
    return "\n".join(rows)


def main() -> int:
    """Measure and print."""
    with tempfile.TemporaryDirectory(prefix="pausenet-bench-") as room:
        found = measure(Path(room))
    print(report(found, openssl_speed(), pynacl_speed()))
    return 0


if __name__ == "__main__":
    sys.exit(main())
