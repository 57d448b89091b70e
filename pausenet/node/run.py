"""Running one node: read what it is told, open its disk, drive its machine until told to stop.

`run_node` takes a machine factory, so that nothing here knows what a machine does. The first
SIGTERM or SIGINT drains: what has come is finished, made durable and sent. The second ends the
process at once, which loses nothing that was acknowledged.
"""

from __future__ import annotations

import asyncio
import contextlib
import os
import signal
import threading
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Final, TypeAlias

from pausenet.errors import MalformedRecord, NodeError
from pausenet.log.policyfile import WitnessPolicy
from pausenet.node.clock import NetworkClock
from pausenet.node.config import (
    ACTS_FILE,
    SAMPLES_FILE,
    NodeConfig,
    read_network,
    read_register,
)
from pausenet.node.edge.desk import WitnessDesk
from pausenet.node.edge.inside import NodeEdge, open_desk, open_records, read_policy
from pausenet.node.feeding import STANDARD_INPUT, Feeding, Parse, parse_acts, parse_samples
from pausenet.node.keystore import load_keys, read_passphrase
from pausenet.node.limits import Limits
from pausenet.node.log_reader import HeldLog, LogReader
from pausenet.node.loop import NodeLoop, Wire, WireFactory
from pausenet.node.metrics import Metrics, MetricsServer
from pausenet.node.recorder import Recorder
from pausenet.node.report_log import ReportLog
from pausenet.node.status import HasView, Status, StatusFiles
from pausenet.node.store import Store
from pausenet.node.transport import Transport
from pausenet.protocol.growing import register_on
from pausenet.protocol.messages import Machine, Message
from pausenet.protocol.register import Keyring, Register
from pausenet.values import Origin, ParticipantId, Role

MachineFactory: TypeAlias = Callable[[Register, Keyring], Machine]

EXIT_DONE: Final = 0
EXIT_ENVIRONMENT: Final = 4
EXIT_AT_ONCE: Final = 143
RESTART: Final = -1
"""No exit code: the node is to begin anew."""
_SIGNALS: Final = (signal.SIGTERM, signal.SIGINT)


async def run_node(
    config: NodeConfig, machine_factory: MachineFactory, wire: WireFactory | None = None
) -> int:
    """Run one node until SIGTERM or SIGINT; `wire` replaces the transport.

    Where its register has grown it begins anew, with what its disk holds, as often as that is so.
    Returns 0 after a clean stop and 4 where disk, port, clock or the machine itself failed.
    Raises `NodeError`, `MalformedFile`, `InvalidRegister` or `MalformedRecord` for what is wrong
    before it runs.
    """
    while True:
        code = await _run_once(config, machine_factory, wire)
        if code != RESTART:
            return code


async def _run_once(
    config: NodeConfig, machine_factory: MachineFactory, wire: WireFactory | None
) -> int:
    """Run a node by the register that it holds; `RESTART` where that has grown."""
    register = read_register(config.public, config.network_id)
    keys = _keys(config, register)
    policy = read_policy(config.witness_policy)
    log = ReportLog(config.id, config.log_file)
    records = open_records(config, log) if keys.witness is not None else None
    try:
        store = Store.open(config.places)
    except (NodeError, MalformedRecord) as error:
        if records is not None:
            records.close()
        log.fail("the disk cannot be used", problem=str(error))
        log.close()
        raise
    recorder: Recorder | None = None
    try:
        for area, count in store.cut_off.items():
            log.say("cut off a torn record", area=str(area), bytes=count)
        register = register_on(store.register(), register)
        if config.recording is not None:
            recorder = Recorder(config.recording)
        machine = machine_factory(register, keys)
        node = _Node(config, register, machine, store, log)
        desk = None
        if records is not None:
            desk = open_desk(records, register, keys, machine, policy, log)
        return await node.run(recorder, wire, node.edge(policy, desk))
    finally:
        with contextlib.suppress(NodeError):
            store.close()
        if records is not None:
            records.close()
        if recorder is not None:
            recorder.close()
        log.close()


class _Node:
    """What surrounds one machine while it runs."""

    def __init__(
        self, config: NodeConfig, register: Register, machine: Machine, store: Store, log: ReportLog
    ) -> None:
        self._config, self._register, self._machine = config, register, machine
        self._store, self._log = store, log
        self._me = register.members[config.id]
        self._metrics = Metrics()
        network = read_network(config.public)
        self._addresses = {
            ParticipantId(name): entry.address for name, entry in network.participants.items()
        }
        self._clock = NetworkClock(
            started_at=network.start,
            time_zero=network.zero,
            speed=register.genesis.speed,
            floor=store.clock_floor,
            stands_at=network.stands_at(register.agreement.schedule),
        )
        own = 1 if self._me.role is Role.VERIFIER else 0
        self._status = Status(
            id=config.id,
            role=self._me.role,
            network_id=register.network_id,
            peers_needed=register.quorum.k - own,
        )

    def edge(self, policy: WitnessPolicy, desk: WitnessDesk | None) -> NodeEdge:
        """The HTTP edge of this node."""
        entry = read_network(self._config.public).participants.get(self._config.id)
        return NodeEdge(
            self._config,
            self._register,
            self._machine,
            address=entry.http if entry is not None else "",
            policy=policy,
            desk=desk,
            status=self._status,
            log=self._log,
        )

    async def run(self, recorder: Recorder | None, wire: WireFactory | None, edge: NodeEdge) -> int:
        """Drive the machine until told to stop; the exit code."""
        findings = self._machine.view if isinstance(self._machine, HasView) else None
        loop = NodeLoop(
            machine=self._machine,
            store=self._store,
            clock=self._clock,
            status=self._status,
            files=StatusFiles(self._config.home, findings),
            log=self._log,
            recorder=recorder,
            wire=wire or self._transport,
        )
        helpers = self._feed(loop)
        try:
            await edge.start()
            helpers = (*helpers, asyncio.create_task(edge.serve()))
            with _stopped_by_signals(loop.stop), self._measured():
                self._log.say("started", network=self._register.network_id.hex())
                await loop.run(self._config.grace_s)
        except NodeError as error:
            self._status.trouble = str(error)
            self._log.fail("stopped: the surroundings failed", problem=str(error))
            return EXIT_ENVIRONMENT
        except Exception as error:  # a slip of ours: stop, and sign nothing more
            self._status.trouble = "an invariant of this program does not hold"
            self._log.broken("stopped: an invariant does not hold", error)
            return EXIT_ENVIRONMENT
        finally:
            for task in helpers:
                task.cancel()
            await edge.stop()
            with contextlib.suppress(NodeError):
                loop.write_status()
        if loop.asks_restart:
            self._log.say("the register has grown: beginning anew")
            return RESTART
        self._log.say("stopped")
        return EXIT_DONE

    def _transport(
        self,
        on_message: Callable[[ParticipantId, Message], None],
        on_peer_up: Callable[[ParticipantId], None],
    ) -> Wire:
        """The real transport: verifiers listen, everybody calls the other verifiers."""
        peers = {
            name: self._addresses.get(name, "")
            for name in self._register.all_verifiers
            if name != self._me.id
        }
        listen = None
        if self._me.role is Role.VERIFIER:
            listen = self._config.listen or self._addresses.get(self._me.id, "")
        unreachable = sorted(name for name, address in peers.items() if not address)
        # Who has been admitted since may come to have one later: that stops nobody.
        for name in [name for name in unreachable if self._is_newcomer(name)]:
            self._log.say("network.json has no address yet", newcomer=str(name))
            unreachable.remove(name)
            del peers[name]
        if unreachable or listen == "":
            raise NodeError(f"network.json: no address of {(*unreachable, self._me.id)[0]}")
        return Transport(
            me=self._me,
            register=self._register,
            tls=self._config.tls,
            listen=listen,
            peers=peers,
            on_message=on_message,
            on_peer_up=on_peer_up,
            reader=_reader(self._machine),
            limits=Limits(),
            metrics=self._metrics,
        )

    def _is_newcomer(self, name: ParticipantId) -> bool:
        return self._register.members[name].bound > self._register.size_at_first

    def _feed(self, loop: NodeLoop) -> tuple[asyncio.Task[None], ...]:
        """Begin to read samples and acts, where this participant has any."""
        sources: list[tuple[Path, Parse]] = []
        if self._me.role in (Role.LAB, Role.METER):
            path = self._config.samples or self._config.home / SAMPLES_FILE
            sources.append((path, parse_samples(self._me.role)))
        sources.append((self._config.home / ACTS_FILE, parse_acts))
        schedule = self._register.agreement.schedule
        tasks = []
        for path, parse in sources:
            if path == STANDARD_INPUT or path.exists():
                feeding = Feeding(path=path, parse=parse, schedule=schedule, clock=self._clock)
                tasks.append(asyncio.create_task(self._fed(feeding, loop, path.name)))
        return tuple(tasks)

    async def _fed(self, feeding: Feeding, loop: NodeLoop, name: str) -> None:
        problem = await feeding.run(loop.ingest)
        self._status.trouble = self._status.trouble or problem
        self._log.say("samples ended", file=name, problem=problem)

    @contextlib.contextmanager
    def _measured(self) -> Iterator[None]:
        """Serve metrics and health on loopback, where a port is configured."""
        if self._config.metrics_port is None:
            yield
            return
        server = MetricsServer(
            metrics=self._metrics,
            is_healthy=lambda: self._status.ready,
            host=self._config.metrics_host,
            port=self._config.metrics_port,
        )
        server.start()
        try:
            yield
        finally:
            server.stop()


class _Shown:
    """Shows a verifier's logs and findings to auditors."""

    def __init__(self, view: LogReader) -> None:
        self._view = view
        self.appraisals, self.bundles = view.appraisals, view.bundles

    def log(self, origin: Origin) -> HeldLog:
        """A log; raise `KeyError` for one that is not held."""
        found: HeldLog | None = self._view.log(origin)
        if found is None:
            raise KeyError(origin)
        return found


def _reader(machine: Machine) -> LogReader | None:
    view = getattr(machine, "view", None)
    return None if view is None else _Shown(view)


def _keys(config: NodeConfig, register: Register) -> Keyring:
    """Read this participant's keys, and require that they are those the register binds."""
    if config.id not in register.members:
        raise NodeError(f"{config.id} is no member of network {register.network_id}")
    member = register.members[config.id]
    passphrase = read_passphrase(config.passphrase) if config.passphrase else None
    keys = load_keys(config.keys, config.id, member.role, passphrase)
    for purpose, key in keys.by_purpose():
        if key.public_key != member.keys[purpose]:
            raise NodeError(f"{config.keys}: the {purpose} key is not the one in the register")
    return keys


@contextlib.contextmanager
def _stopped_by_signals(stop: Callable[[], None]) -> Iterator[None]:
    """Stop at the first signal, end the process at the second."""
    loop = asyncio.get_running_loop()
    seen: list[signal.Signals] = []

    def heard(which: signal.Signals) -> None:
        seen.append(which)
        if len(seen) > 1:
            os._exit(EXIT_AT_ONCE)
        stop()

    in_main_thread = threading.current_thread() is threading.main_thread()
    handled = _SIGNALS if in_main_thread else ()
    for which in handled:
        loop.add_signal_handler(which, heard, which)
    try:
        yield
    finally:
        for which in handled:
            loop.remove_signal_handler(which)
