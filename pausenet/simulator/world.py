"""The deterministic world: a heap of moments, and the same machines as in a real network.

Time is true network time in whole seconds; each node sees it through its own clock. Effects are
carried out one by one, and a node may crash before any of them. All chance comes from named
streams of one seed.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping
from functools import partial
from heapq import heappop, heappush
from typing import Final

from pausenet.errors import EndlessRun, MalformedRecord
from pausenet.protocol.growing import register_on
from pausenet.protocol.messages import (
    Act,
    Appended,
    Booted,
    Effect,
    Event,
    Fsync,
    Ingested,
    Machine,
    Message,
    PeerUp,
    Received,
    Report,
    Restart,
    Send,
    SetTimer,
    TimerFired,
    Told,
    Write,
)
from pausenet.protocol.register import Keyring, Register
from pausenet.scenario.plan import Scenario
from pausenet.simulator.clock import draw_clock
from pausenet.simulator.disk import DiskFailed, Snapshot
from pausenet.simulator.fleet import FleetSamples
from pausenet.simulator.network import Network, Reach
from pausenet.simulator.node import Node, Turn
from pausenet.simulator.observer import Observer, listening
from pausenet.simulator.people import acts_of
from pausenet.simulator.randomness import happens, stream
from pausenet.simulator.setting import Setting, with_new_keys
from pausenet.simulator.swarm import Faults
from pausenet.simulator.trace import Trace
from pausenet.values import NetworkTime, ParticipantId

Moment = Callable[[], None]
Recorder = Callable[[ParticipantId, Event, tuple[Effect, ...]], None]
"""Told of every step of every machine: who, the event, what it asked for."""
DOWN_S_MAX_IN_HEARTBEATS: Final = 12
EVENTS_AT_ONCE_MAX: Final = 1_000
"""Events of one second, for each node; the busiest seconds of the swarm have about ten."""
EVENTS_OF_A_PAIR_MAX: Final = 500
"""Events of a period, for each pair of nodes; runs of the swarm and of the scenarios have 20."""
BEFORE_FSYNC_WEIGHT: Final = 3
"""How much likelier a crash is while something written is not durable."""


class World:
    """Nodes, network and time. `now` is true time; `fired` counts what faults have done."""

    def __init__(
        self,
        *,
        scenario: Scenario,
        setting: Setting,
        samples: FleetSamples,
        faults: Faults,
        makers: Mapping[ParticipantId, Callable[[Register], Machine]],
        cheaters: frozenset[ParticipantId],
        seed: int,
        observers: tuple[Observer, ...] = (),
        recorder: Recorder | None = None,
        remake: Callable[[ParticipantId, Keyring, Register], Machine] | None = None,
    ) -> None:
        self.scenario, self.setting, self.faults, self.seed = scenario, setting, faults, seed
        self.register = setting.register
        """The register as its registrar has it, with every change so far."""
        self.schedule = setting.register.agreement.schedule
        self.start = self.schedule.start
        self.now: int = self.start
        self.network = Network(
            seed=seed,
            reach=Reach(
                delay_s_min=scenario.delta_s // 50, delay_s_max=max(1, scenario.delta_s // 5)
            ),
            faults=faults.network,
        )
        self.fired: Counter[str] = Counter()
        self.trace = Trace()
        self.crash_ppm = faults.crash_ppm
        self.restored: set[ParticipantId] = set()
        self.unsound: set[ParticipantId] = set()
        """Those whose clock has been further off than epsilon, or whose disk has rotted."""
        self.on_trouble: Callable[[Node], None] = lambda _: None
        """Called where a node's disk, or its machine, refuses to go on."""
        self._remake = remake or setting.machine
        self._heap: list[tuple[int, int, Moment]] = []
        self._ties = 0
        self._observers, self._recorder = observers, recorder
        self._wrote = [each.wrote for each in listening(observers, "wrote")]
        self._sent = [each.sent for each in listening(observers, "sent")]
        self._reported = [each.reported for each in listening(observers, "reported")]
        self._crashes = stream(seed, "crash")
        self._pace = stream(seed, "pace")
        self.nodes: dict[ParticipantId, Node] = {}
        for name in setting.nodes():
            node = self.settle(name, makers[name], honest=name not in cheaters)
            node.samples = samples.of(name)
            node.acts = acts_of(scenario.acts, name, setting.register.agreement_digest)

    @property
    def now_shown(self) -> NetworkTime:
        """True time as a value."""
        return NetworkTime(self.now)

    def honest(self) -> tuple[Node, ...]:
        """The nodes that follow the protocol, in register order."""
        return tuple(node for node in self.nodes.values() if node.honest)

    def settle(
        self, name: ParticipantId, make: Callable[[Register], Machine], *, honest: bool
    ) -> Node:
        """Set a participant up with the register as it is now; it does not run yet."""
        span = self.scenario.period_s * self.scenario.periods
        clock = draw_clock(
            stream(self.seed, "clock", name),
            start=self.start,
            span_s=span,
            epsilon_s=self.scenario.epsilon_s,
        )
        node = self.nodes[name] = Node(
            id=name,
            role=self.register.members[name].role,
            honest=honest,
            make=make,
            machine=make(self.register),
            first=self.register,
            keys=self.setting.keys[name],
            clock=clock,
        )
        return node

    # ---------------------------------------------------------------- time

    def at(self, moment: int, what: Moment) -> None:
        """Let something happen at a moment of true time, after all that is set for it already."""
        self._ties += 1
        heappush(self._heap, (max(moment, self.now), self._ties, what))

    def run(self, until: int) -> None:
        """Let time pass up to and including this moment, then tell the observers.

        Raises `EndlessRun` where far more happens than in any run that comes to an end.
        """
        at_once, happened, last = 0, 0, self.now
        nodes = len(self.nodes)
        at_once_max = nodes * EVENTS_AT_ONCE_MAX
        happened_max = nodes * nodes * (self.scenario.periods + 1) * EVENTS_OF_A_PAIR_MAX
        while self._heap and self._heap[0][0] <= until:
            self.now, _, what = heappop(self._heap)
            happened += 1
            at_once, last = at_once + 1 if self.now == last else 1, self.now
            if at_once > at_once_max or happened > happened_max:
                raise EndlessRun(
                    scenario=self.scenario.name, seed=self.seed, moment=self.now, events=happened
                )
            what()
        self.now = until
        for observer in self._observers:
            observer.finished(self)

    def close(self) -> None:
        """Forget what was still to happen: it holds the world, which can go only without it."""
        self._heap.clear()
        self.on_trouble = lambda _: None

    # ---------------------------------------------------------------- nodes

    def boot(self, node: Node) -> None:
        """Start a node from what its disk holds; a second process is turned away by the lock."""
        if not node.disk.lock():
            return
        try:
            records = node.disk.records()
        except MalformedRecord:
            self.fired["disk.rot-refused"] += 1
            node.disk.unlock()
            self.on_trouble(node)
            return
        if node.starts:
            node.machine = node.make(register_on(records, node.first))
        node.up, node.starts = True, node.starts + 1
        if not self._step(node, Booted(now=self._shown(node), records=records), "boot"):
            return
        for sample in (*node.samples[: node.due], *node.acts[: node.said], *node.handed):
            if not self._step(node, Ingested(now=self._shown(node), sample=sample), "again"):
                return
        for sent in self.network.stale(node.id):
            wait = self._pace.randint(0, max(1, self.scenario.delta_s // 5))
            self.at(self.now + wait, partial(self._deliver, node.id, *sent))
        self.connect(node)

    def connect(self, node: Node) -> None:
        """Open a way between this node and each peer that is up and reachable."""
        for name in self.setting.peers(node.id):
            peer = self.nodes.get(name)
            if peer is None or not peer.up:
                continue
            if not (self.network.is_cut(node.id, name) and self.network.is_cut(name, node.id)):
                wait = self._pace.randint(0, max(1, self.scenario.delta_s // 5))
                self.at(self.now + wait, partial(self._peer_up, node.id, name))
                self.at(self.now + wait, partial(self._peer_up, name, node.id))

    def crash(self, node: Node, *, down_s: int) -> None:
        """Take a node down at once; it starts again after `down_s`."""
        self._stop(node)
        node.disk.crash(self._crashes, torn_ppm=self.faults.torn_ppm)
        self.at(self.now + down_s, partial(self.boot, node))

    def restore(self, node: Node, backup: Snapshot, *, recovers: bool) -> None:
        """Take a node down, put its whole disk back to a backup, and start it again.

        With `recovers` its operator gives it new keys first, as who knows of a restore must.
        """
        self.restored.add(node.id)
        self.fired["disk.restored"] += 1
        self._stop(node)
        node.disk.restore(backup)
        if recovers:
            self._give_keys(node, recovers=True)
        self.boot(node)

    def change_keys(self, node: Node, *, recovers: bool) -> None:
        """Stop a node, give it new keys, and start it again."""
        self._stop(node)
        node.disk.crash(self._crashes)
        self._give_keys(node, recovers=recovers)
        self.boot(node)

    def _give_keys(self, node: Node, *, recovers: bool) -> None:
        self.fired["keys.recovered" if recovers else "keys.rotated"] += 1
        node.keys = with_new_keys(node.keys, recovers=recovers)
        node.make = partial(self._remake, node.id, node.keys)

    def ingest(self, node: Node, number: int) -> None:
        """The sample of this number has come from the instruments."""
        node.due = max(node.due, number + 1)
        if node.up:
            sample = node.samples[number]
            self._step(node, Ingested(now=self._shown(node), sample=sample), f"sample {number}")

    def say(self, node: Node, number: int) -> None:
        """The time of an act has come."""
        node.said = max(node.said, number + 1)
        if node.up:
            event = Ingested(now=self._shown(node), sample=node.acts[number])
            self._step(node, event, f"act {number}")

    def hand(self, node: Node, sample: Act | Appended) -> None:
        """A node's people hand something in now; an act also after every start to come."""
        if isinstance(sample, Act):
            node.handed.append(sample)
        if node.up:
            self._step(node, Ingested(now=self._shown(node), sample=sample), "handed in")

    def _shown(self, node: Node) -> NetworkTime:
        return node.clock.shows(self.now)

    def _peer_up(self, who: ParticipantId, peer: ParticipantId) -> None:
        node = self.nodes[who]
        if node.up and self.nodes[peer].up:
            self._step(node, PeerUp(now=self._shown(node), peer=peer), f"peer {peer}")

    def _deliver(self, to: ParticipantId, sender: ParticipantId, message: Message) -> None:
        node = self.nodes[to]
        if node.up:
            event = Received(now=self._shown(node), sender=sender, message=message)
            self._step(node, event, f"from {sender}")

    def _set_timer(self, node: Node, at: NetworkTime) -> None:
        """Wake a node at a moment of its clock; only its last timer counts.

        One alarm stands on the heap for each node, no later than its timer: where it rings too
        early it is set again, in the timer's own turn among all that happens at that moment.
        """
        self._ties += 1
        node.timer = (max(node.moment(at), self.now), self._ties)
        if node.alarm is None or node.timer < node.alarm:
            self._set_alarm(node, node.timer)

    def _set_alarm(self, node: Node, alarm: Turn) -> None:
        node.alarm = alarm
        rings: Moment = partial(self._ring, node, alarm)
        heappush(self._heap, (*alarm, rings))

    def _ring(self, node: Node, alarm: Turn) -> None:
        if node.alarm != alarm:
            return
        timer, node.alarm = node.timer, None
        if timer is None:
            return
        if timer > alarm:
            self._set_alarm(node, timer)
            return
        node.timer = None
        self._step(node, TimerFired(now=self._shown(node)), "timer")

    # ---------------------------------------------------------------- effects

    def _step(self, node: Node, event: Event, what: str) -> bool:
        """Let a machine take an event and carry out what it asks; False when it crashed."""
        self.trace.event(self.now, node.id, what)
        effects = node.machine.step(event)
        if self._recorder is not None:
            self._recorder(node.id, event, effects)
        crash_ppm = self.crash_ppm if node.honest else 0
        for effect in effects:
            # What is written and not yet durable is where a crash tells most.
            weight = BEFORE_FSYNC_WEIGHT if crash_ppm and node.disk.unsynced else 1
            if crash_ppm and happens(self._crashes, weight * crash_ppm):
                self.fired["node.crash"] += 1
                if node.disk.unsynced:
                    self.fired["node.crash-before-fsync"] += 1
                most = DOWN_S_MAX_IN_HEARTBEATS * self.scenario.heartbeat_s
                self.crash(node, down_s=self._crashes.randint(0, most))
                return False
            if isinstance(effect, Restart):
                self._restart(node, effect)
                return False
            try:
                self._perform(node, effect)
            except DiskFailed:
                self._disk_failed(node)
                return False
        return True

    def _restart(self, node: Node, effect: Restart) -> None:
        """Stop a node in good order and start it by what its disk holds: no disaster."""
        self.trace.effect(effect)
        self.fired["node.restarted"] += 1
        node.starts_by_growth += 1
        try:
            node.disk.fsync()
        except DiskFailed:
            self._disk_failed(node)
            return
        self._stop(node)
        self.boot(node)

    def _stop(self, node: Node) -> None:
        """End a node's process, however it ends."""
        node.up = False
        node.timer = None
        node.disk.unlock()

    def _disk_failed(self, node: Node) -> None:
        """The disk has failed: the node stops before anything leaves it, and is started anew."""
        self.crash(node, down_s=self._crashes.randint(1, self.scenario.heartbeat_s))

    def _perform(self, node: Node, effect: Write | Fsync | Send | SetTimer | Report) -> None:
        self.trace.effect(effect)
        match effect:
            case SetTimer(at=at):
                self._set_timer(node, at)
            case Send(to=to, message=message):
                for sent in self._sent:
                    sent(self, node, to, message)
                self._send(node, to, message)
            case Write():
                node.disk.write(effect)
                for wrote in self._wrote:
                    wrote(self, node, effect)
            case Fsync():
                node.disk.fsync()
            case Report():
                for reported in self._reported:
                    reported(self, node, effect)
                if effect.told is Told.HALTED:
                    self.on_trouble(node)

    def _send(self, node: Node, to: ParticipantId, message: Message) -> None:
        peers = self.setting.peers(node.id)
        if to not in peers:
            return
        to = self.network.recipient(to, peers, (node.id, message))
        for arrival in self.network.arrivals(self.now, node.id, to):
            self.at(arrival, partial(self._deliver, to, node.id, message))
