"""The shell around a tiny machine: boot, barriers, timers, samples, stopping, status."""

from __future__ import annotations

import asyncio
import errno
import json
import os
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from pausenet.errors import MalformedRecord, NodeError
from pausenet.node.config import NodeConfig
from pausenet.node.init import start_network
from pausenet.node.loop import Wire, WireFactory
from pausenet.node.recorder import read_recording
from pausenet.node.run import EXIT_DONE, EXIT_ENVIRONMENT, run_node
from pausenet.protocol.messages import (
    Area,
    Booted,
    Effect,
    Event,
    Fsync,
    Hello,
    Ingested,
    Message,
    PeerUp,
    Received,
    Report,
    Send,
    SetTimer,
    TimerFired,
    Told,
    UsageSample,
    Write,
    report,
)
from pausenet.protocol.register import Keyring, Register
from pausenet.values import NetworkTime, ParticipantId
from tests.node.disks import AURORA as ORIGIN
from tests.node.networks import AURORA, DAY, VERIFIERS, make, usage_line

PEER = VERIFIERS[0]
HELLO = Hello(origin=ORIGIN)


@dataclass
class Echo:
    """Answers every message, after it has written it down durably."""

    seen: list[Event] = field(default_factory=list)
    written: int = 0
    on: Callable[[Event], tuple[Effect, ...]] | None = None
    id: ParticipantId = AURORA

    def step(self, event: Event) -> tuple[Effect, ...]:
        self.seen.append(event)
        if self.on is not None:
            return self.on(event)
        match event:
            case Booted(records=records):
                self.written = len(records)
                return (report(Told.APPENDED, "boot", records=len(records)),)
            case Received(sender=sender):
                self.written += 1
                data = b"%d" % self.written
                write = Write(area=Area.GUARD, log="", index=self.written, data=data)
                return (write, Fsync(), Send(to=sender, message=HELLO))
            case _:
                return ()


class Line:
    """A wire that keeps what is sent and says what it is told to say."""

    def __init__(self) -> None:
        self.sent: list[tuple[ParticipantId, Message]] = []
        self.started = asyncio.Event()
        self.stopped = False
        self.peers_up = frozenset(VERIFIERS)

    def factory(self) -> WireFactory:
        def make_wire(
            on_message: Callable[[ParticipantId, Message], None],
            on_peer_up: Callable[[ParticipantId], None],
        ) -> Wire:
            self.on_message, self.on_peer_up = on_message, on_peer_up
            return self

        return make_wire

    async def start(self) -> int:
        self.started.set()
        return 4711

    def send(self, to: ParticipantId, message: Message) -> None:
        self.sent.append((to, message))

    async def stop(self, grace_s: float) -> None:
        self.stopped = True


@pytest.fixture
def config(tmp_path: Path) -> NodeConfig:
    root = tmp_path / "net"
    make(root)
    start_network((root,), int(time.time()) - 10)
    log = tmp_path / "node.log"
    return NodeConfig(
        id=AURORA, home=root / AURORA, public=root, log_file=log, metrics_port=None, grace_s=0.1
    )


async def until(condition: Callable[[], bool]) -> None:
    async with asyncio.timeout(5):
        while not condition():
            await asyncio.sleep(0.005)


def run(
    config: NodeConfig,
    machine: Echo,
    script: Callable[[Line], asyncio.Future[None]] | Callable[[Line], object],
) -> tuple[int, Line]:
    """Run a node while a script plays its peers, then stop it as SIGTERM does."""

    async def play() -> tuple[int, Line]:
        line = Line()

        def factory(register: Register, keys: Keyring) -> Echo:
            assert keys.id in register.members
            return machine

        node = asyncio.create_task(run_node(config, factory, line.factory()))
        starting = asyncio.create_task(line.started.wait())
        await asyncio.wait({node, starting}, return_when=asyncio.FIRST_COMPLETED)
        starting.cancel()
        if not node.done():
            outcome = script(line)
            if asyncio.iscoroutine(outcome):
                await outcome
            if not node.done():
                os.kill(os.getpid(), 15)
        return await asyncio.wait_for(node, 10), line

    return asyncio.run(play())


def status(config: NodeConfig) -> dict[str, object]:
    found: dict[str, object] = json.loads((config.home / "status.json").read_text())
    return found


def logged(config: NodeConfig) -> list[dict[str, object]]:
    assert config.log_file is not None
    return [json.loads(line) for line in config.log_file.read_text().splitlines()]


def test_a_node_boots_answers_what_it_has_written_down_and_stops_cleanly(
    config: NodeConfig,
) -> None:
    async def script(line: Line) -> None:
        line.on_peer_up(PEER)
        for _ in range(300):
            line.on_message(PEER, HELLO)
        await until(lambda: len(line.sent) == 300)

    machine = Echo()
    code, line = run(config, machine, script)
    assert code == EXIT_DONE
    assert line.stopped
    assert isinstance(machine.seen[0], Booted)
    assert isinstance(machine.seen[1], PeerUp)
    again = Echo()
    run(config, again, lambda _: None)
    booted = again.seen[0]
    assert isinstance(booted, Booted)
    assert [record.data for record in booted.records] == [b"%d" % n for n in range(1, 301)]
    assert booted.now >= machine.seen[-1].now


def test_what_had_come_before_the_stop_is_still_finished_and_sent(config: NodeConfig) -> None:
    def script(line: Line) -> None:
        for _ in range(700):
            line.on_message(PEER, HELLO)

    code, line = run(config, Echo(), script)
    assert code == EXIT_DONE
    assert len(line.sent) == 700


def test_a_timer_fires_once_at_its_time_and_the_last_one_set_counts(config: NodeConfig) -> None:
    def on(event: Event) -> tuple[Effect, ...]:
        if isinstance(event, Booted):
            far = NetworkTime(event.now + 10_000 * DAY)
            return (SetTimer(at=far), SetTimer(at=NetworkTime(event.now + DAY // 5)))
        return ()

    machine = Echo(on=on)

    async def script(_: Line) -> None:
        await asyncio.sleep(0.5)

    run(config, machine, script)
    booted, *rest = machine.seen
    assert [type(event) for event in rest] == [TimerFired]
    assert rest[0].now >= booted.now + DAY // 5


def test_a_machine_that_always_wants_to_be_woken_does_not_spin(config: NodeConfig) -> None:
    machine = Echo(on=lambda event: (SetTimer(at=NetworkTime(event.now + 1)),))

    async def script(_: Line) -> None:
        await asyncio.sleep(0.3)

    run(config, machine, script)
    assert 3 < len(machine.seen) < 40


def test_samples_enter_in_order_when_their_period_has_ended_with_fresh_salts(
    config: NodeConfig,
) -> None:
    (config.home / "samples.jsonl").write_text("".join(usage_line(n) for n in (0, 1, 2, 900)))
    machine = Echo()

    async def script(_: Line) -> None:
        await until(lambda: len(machine.seen) == 4)
        await asyncio.sleep(0.1)

    run(config, machine, script)
    samples = [event for event in machine.seen if isinstance(event, Ingested)]
    assert [sample.sample.period for sample in samples] == [0, 1, 2]
    assert all(isinstance(sample.sample, UsageSample) for sample in samples)
    assert all(event.now >= (event.sample.period + 1) * 2 * DAY for event in samples)


def test_a_damaged_sample_stops_the_feeding_and_is_said_not_the_node(config: NodeConfig) -> None:
    (config.home / "samples.jsonl").write_text(usage_line(0) + "{}\n")
    machine = Echo()

    async def script(line: Line) -> None:
        await until(lambda: any("samples ended" in str(said) for said in logged(config)))
        line.on_message(PEER, HELLO)
        await until(lambda: len(line.sent) == 1)

    code, _ = run(config, machine, script)
    assert code == EXIT_DONE
    assert "samples.jsonl:2" in str(status(config)["trouble"])


def test_a_full_disk_ends_the_node_before_anything_is_sent(
    config: NodeConfig, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fails(_: int) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    async def script(line: Line) -> None:
        monkeypatch.setattr(os, "fdatasync", fails)
        line.on_message(PEER, HELLO)
        await until(lambda: line.stopped)
        monkeypatch.undo()

    code, line = run(config, Echo(), script)
    assert code == EXIT_ENVIRONMENT
    assert line.sent == []
    assert "No space left on device" in str(status(config)["trouble"])
    assert status(config)["ready"] is False


def test_a_broken_invariant_stops_the_node_and_shows_no_values(config: NodeConfig) -> None:
    def on(event: Event) -> tuple[Effect, ...]:
        if isinstance(event, Received):
            raise AssertionError("seed 5ec2e7")
        return ()

    async def script(line: Line) -> None:
        line.on_message(PEER, HELLO)
        await until(lambda: line.stopped)

    code, _ = run(config, Echo(on=on), script)
    assert code == EXIT_ENVIRONMENT
    assert config.log_file is not None
    text = config.log_file.read_text()
    assert "AssertionError at" in text
    assert "5ec2e7" not in text


def test_status_tells_of_readiness_and_of_a_halt(config: NodeConfig) -> None:
    halted: list[Report] = [report(Told.HALTED, AURORA, reason="guard and log disagree")]

    def on(event: Event) -> tuple[Effect, ...]:
        return tuple(halted) if isinstance(event, Received) else ()

    async def script(line: Line) -> None:
        path = config.home / "status.json"
        await until(lambda: path.exists() and status(config)["ready"] is True)
        assert status(config)["port"] == 4711
        line.peers_up = frozenset(VERIFIERS[:2])
        await until(lambda: status(config)["ready"] is False)
        line.peers_up = frozenset(VERIFIERS)
        await until(lambda: status(config)["ready"] is True)
        line.on_message(PEER, HELLO)
        await until(lambda: status(config)["halted"] == "guard and log disagree")
        assert status(config)["ready"] is False

    assert run(config, Echo(on=on), script)[0] == EXIT_DONE


def test_a_recording_holds_every_step_from_the_boot_on(config: NodeConfig, tmp_path: Path) -> None:
    path = tmp_path / "recording.jsonl"
    recorded = NodeConfig(
        id=config.id,
        home=config.home,
        public=config.public,
        log_file=config.log_file,
        recording=path,
    )
    machine = Echo()

    async def script(line: Line) -> None:
        line.on_message(PEER, HELLO)
        await until(lambda: len(line.sent) == 1)

    run(recorded, machine, script)
    steps = list(read_recording(path))
    assert [event for event, _ in steps] == machine.seen
    again = Echo()
    assert [again.step(event) for event, _ in steps] == [effects for _, effects in steps]


def test_a_second_start_with_the_same_keys_is_turned_away(config: NodeConfig) -> None:
    async def script(_: Line) -> None:
        with pytest.raises(NodeError, match="another process signs with these keys"):
            await run_node(config, lambda register, keys: Echo(), Line().factory())

    assert run(config, Echo(), script)[0] == EXIT_DONE


def test_a_damaged_guard_is_refused_before_the_machine_is_made(config: NodeConfig) -> None:
    async def script(line: Line) -> None:
        line.on_message(PEER, HELLO)
        await until(lambda: len(line.sent) == 1)

    run(config, Echo(), script)
    guard = config.home / "guard" / "records.log"
    guard.write_bytes(guard.read_bytes()[:-1] + b"\x00")
    machine = Echo()
    with pytest.raises(MalformedRecord, match="record 0 at byte 0"):
        run(config, machine, lambda _: None)
    assert machine.seen == []
    assert "records.log: record 0" in str(logged(config)[-1])


def test_keys_that_are_not_the_registers_are_refused(config: NodeConfig, tmp_path: Path) -> None:
    make(tmp_path / "other")
    other = tmp_path / "other" / AURORA / "keys" / "log.pem"
    (config.keys / "log.pem").write_bytes(other.read_bytes())
    with pytest.raises(NodeError, match="the log key is not the one in the register"):
        run(config, Echo(), lambda _: None)
