"""The loop of one node: it drives a machine with a disk, a clock and a transport.

One task takes whatever has come (messages, ways that opened, samples, the timer), steps the
machine for each, and hands all effects to the disk's own thread in one go, so that many events
share an fsync. What is to be sent leaves when the disk says that all before it is durable.
While the disk works, events gather: the slower the disk, the larger the batch.
"""

from __future__ import annotations

import asyncio
import time
from collections import deque
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Final, Protocol, TypeAlias, assert_never

from pausenet.node.clock import NetworkClock
from pausenet.node.recorder import Recorder
from pausenet.node.report_log import ReportLog
from pausenet.node.status import Status, StatusFiles
from pausenet.node.store import Store
from pausenet.node.store.rounds import Outward
from pausenet.protocol.messages import (
    Booted,
    Event,
    Ingested,
    Machine,
    Message,
    PeerUp,
    Received,
    Report,
    Restart,
    Sample,
    Send,
    SetTimer,
    TimerFired,
)
from pausenet.values import NetworkTime, ParticipantId

Waiting: TypeAlias = Callable[[NetworkTime], Event]
"""An event that has come and gets its time when the machine takes it."""

EVENTS_WAITING_MAX: Final = 4_096
EVENTS_A_BATCH: Final = 256
STATUS_EVERY_S: Final = 0.2
IDLE_S: Final = 1.0
TIMER_REST_S: Final = 0.01
"""A timer fires no sooner than this after it fired before, however fast network time runs."""


class Wire(Protocol):
    """What the loop needs of a transport; `node.transport.Transport` is one."""

    @property
    def peers_up(self) -> frozenset[ParticipantId]:
        """The peers to whom there is a way."""

    async def start(self) -> int:
        """Listen and call; the port bound."""

    def send(self, to: ParticipantId, message: Message) -> None:
        """Queue a message; it may be lost."""

    async def stop(self, grace_s: float) -> None:
        """Send what is queued, then close."""


WireFactory: TypeAlias = Callable[
    [Callable[[ParticipantId, Message], None], Callable[[ParticipantId], None]], Wire
]
"""Makes a transport from `on_message` and `on_peer_up`."""


class NodeLoop:
    """Drives one machine. All methods but the disk's work belong to one event loop."""

    def __init__(
        self,
        *,
        machine: Machine,
        store: Store,
        clock: NetworkClock,
        status: Status,
        files: StatusFiles,
        log: ReportLog,
        recorder: Recorder | None,
        wire: WireFactory,
    ) -> None:
        self._machine, self._store, self._clock = machine, store, clock
        self._status, self._files, self._log, self._recorder = status, files, log, recorder
        self._wire = wire(self._on_message, self._on_peer_up)
        self._waiting: deque[Waiting] = deque()
        self._stirred = asyncio.Event()
        self._timer: NetworkTime | None = None
        self._fired_s = 0.0
        self._stopping = False
        self.asks_restart = False
        """Whether the machine has stopped the loop, to be started anew from its disk."""
        self._disk = ThreadPoolExecutor(max_workers=1, thread_name_prefix="disk")

    def stop(self) -> None:
        """Take nothing more, finish what has come, and end."""
        self._stopping = True
        self._stirred.set()

    def ingest(self, sample: Sample) -> None:
        """Take a sample of this node's instruments; samples are never dropped."""
        self._waiting.append(lambda now: Ingested(now=now, sample=sample))
        self._stirred.set()

    async def run(self, grace_s: float) -> None:
        """Boot, work, and drain when told to stop; raises `NodeError` when it cannot go on."""
        watching: asyncio.Task[None] | None = None
        try:
            await self._boot()
            self._status.port = await self._wire.start()
            self._status.running = True
            watching = asyncio.create_task(self._watch())
            while not self._stopping or self._waiting:
                await self._commit(await self._next())
                if watching.done():
                    watching.result()
        finally:
            if watching is not None:
                watching.cancel()
            await self._wire.stop(grace_s)
            self._status.running = False
            self._disk.shutdown(wait=True)

    async def _boot(self) -> None:
        records = self._store.records()
        await self._commit([lambda now: Booted(now=now, records=records)])

    # ------------------------------------------------------------------ events

    def _on_message(self, sender: ParticipantId, message: Message) -> None:
        self._offer(lambda now: Received(now=now, sender=sender, message=message))

    def _on_peer_up(self, peer: ParticipantId) -> None:
        self._offer(lambda now: PeerUp(now=now, peer=peer))

    def _offer(self, event: Waiting) -> None:
        """Take an event from outside, unless too many wait: messages may be lost."""
        if len(self._waiting) < EVENTS_WAITING_MAX and not self._stopping:
            self._waiting.append(event)
            self._stirred.set()

    async def _next(self) -> list[Waiting]:
        """Wait for events or the timer, and give what has come."""
        while True:
            batch = [
                self._waiting.popleft() for _ in range(min(len(self._waiting), EVENTS_A_BATCH))
            ]
            wait_s = self._timer_wait_s()
            if wait_s <= 0:
                self._timer, self._fired_s = None, time.monotonic()
                batch.append(lambda now: TimerFired(now=now))
            if batch or self._stopping:
                return batch
            self._stirred.clear()
            try:
                await asyncio.wait_for(self._stirred.wait(), wait_s)
            except TimeoutError:
                if wait_s >= IDLE_S:
                    await self._on_disk(self._store.catch_up_index)

    def _timer_wait_s(self) -> float:
        """Real seconds until the timer fires, at most until the loop counts as idle."""
        if self._timer is None:
            return IDLE_S
        rest_s = self._fired_s + TIMER_REST_S - time.monotonic()
        return min(IDLE_S, max(rest_s, self._clock.seconds_until(self._timer)))

    async def _commit(self, batch: list[Waiting]) -> None:
        """Step the machine for each event, then let the disk perform all effects in order."""
        steps = []
        for event_at in batch:
            event = event_at(self._clock.now())
            effects = self._machine.step(event)
            if self._recorder is not None:
                self._recorder.record(event, effects)
            steps.append(effects)
        loop = asyncio.get_running_loop()

        def release(effect: Outward) -> None:
            loop.call_soon_threadsafe(self._perform, effect)

        self._clock.remember()
        await self._on_disk(lambda: self._store.perform(steps, release))

    async def _on_disk(self, work: Callable[[], None]) -> None:
        await asyncio.get_running_loop().run_in_executor(self._disk, work)

    def _perform(self, effect: Outward) -> None:
        match effect:
            case Send(to=to, message=message):
                self._wire.send(to, message)
            case SetTimer(at=at):
                self._timer = at
            case Restart():
                self.asks_restart = True
                self._waiting.clear()  # messages may be lost, and samples are read again
                self.stop()
            case Report():
                self._status.take(effect)
                self._files.take(effect)
                self._log.report(self._clock.now(), effect)
            case _:
                assert_never(effect)

    async def _watch(self) -> None:
        """Keep the status file near the truth."""
        while True:
            self.write_status()
            await asyncio.sleep(STATUS_EVERY_S)

    def write_status(self) -> None:
        """Bring status and evidence files up to date."""
        self._status.now = self._clock.now()
        self._status.peers_up = tuple(sorted(self._wire.peers_up))
        self._status.logs = self._store.sizes()
        self._files.write(self._status)
        if self._recorder is not None:
            self._recorder.flush()
