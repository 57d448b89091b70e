"""A node's transport: streams of messages to and from its peers, over mutual TLS.

Labs and meters call verifiers; verifiers call each other and listen. What a verifier says to a
lab goes back through the stream that the lab opened, the latest one. Nothing here promises
delivery: a machine sends again by its own timers, and at once when a way opens.
"""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import Callable, Mapping

import grpc
from grpc import aio

from pausenet.errors import Misuse, NodeError
from pausenet.node.channels import server_credentials, server_options
from pausenet.node.client import Caller, Dialler
from pausenet.node.limits import Limits
from pausenet.node.log_reader import LogReader
from pausenet.node.metrics import Metrics
from pausenet.node.peer_identity import TlsFiles
from pausenet.node.permissions import EXCHANGE, PUBLICATION
from pausenet.node.reception import Context, Reception
from pausenet.node.services import Doors
from pausenet.node.ways import LOG, Ear, Way, converse
from pausenet.protocol.messages import Message
from pausenet.protocol.register import Member, Register
from pausenet.values import ParticipantId, Role
from pausenet.wire import codec
from pausenet.wire.status import Reason


class Transport:
    """Sends and receives for one node; all its methods belong to one event loop.

    `on_message` and `on_peer_up` are called on that loop and must return at once. `peers` maps
    the verifiers to call to their addresses; `listen` is `host:port` for verifiers, else None.
    """

    def __init__(
        self,
        *,
        me: Member,
        register: Register,
        tls: TlsFiles,
        listen: str | None,
        peers: Mapping[ParticipantId, str],
        on_message: Callable[[ParticipantId, Message], None],
        on_peer_up: Callable[[ParticipantId], None],
        reader: LogReader | None,
        limits: Limits,
        metrics: Metrics,
    ) -> None:
        codec.require_upb()
        for peer in peers:
            if peer == me.id or register.members[peer].role is not Role.VERIFIER:
                raise Misuse(f"transport: {peer} is no other verifier")
        self._me, self._register, self._tls, self._listen = me, register, tls, listen
        self._on_peer_up, self._limits, self._metrics = on_peer_up, limits, metrics
        self._ear = Ear(limits=limits, metrics=metrics, on_message=on_message)
        self._reception = Reception(
            register=register, limits=limits, metrics=metrics, ear=self._ear
        )
        self._reader, self._peers = reader, dict(peers)
        self._dialled: dict[ParticipantId, Way] = {}
        self._accepted: dict[ParticipantId, Way] = {}
        self._tasks: tuple[asyncio.Task[None], ...] = ()
        self._server: aio.Server | None = None
        self._doors: Doors | None = None

    async def start(self) -> int:
        """Listen and begin to call peers; the port bound, 0 where this node does not listen.

        Raises `NodeError` where the port or a TLS file is not to be had.
        """
        port = 0
        if self._listen is not None:
            port = await self._serve(self._listen)
        callers = [self._caller(peer, address) for peer, address in sorted(self._peers.items())]
        self._tasks = tuple(asyncio.create_task(self._dialler(c).run()) for c in callers)
        return port

    def send(self, to: ParticipantId, message: Message) -> None:
        """Queue a message for a peer; dropped and counted where that is not possible."""
        way = self._dialled.get(to) or self._accepted.get(to)
        if way is None:
            self._metrics.dropped(to, "no-way")
            return
        try:
            data = codec.encode(message)
        except Misuse as error:
            LOG.error("a message to %s is over the bounds: %s", to, error)
            self._metrics.dropped(to, "over-bounds")
            return
        if not way.put(data):
            self._metrics.dropped(to, "queue-full")

    async def stop(self, grace_s: float) -> None:
        """Write what is queued, at most for `grace_s`; then close every stream and the port."""
        self._reception.stopping = True
        if self._doors is not None:
            await self._doors.health.enter_graceful_shutdown()
        with contextlib.suppress(TimeoutError):
            await asyncio.wait_for(self._written(), grace_s)
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)
        for way in (*self._dialled.values(), *self._accepted.values()):
            way.close()
        if self._server is not None:
            await self._server.stop(grace_s)

    @property
    def peers_up(self) -> frozenset[ParticipantId]:
        """The peers to whom there is a way now."""
        return frozenset((*self._dialled, *self._accepted))

    async def _serve(self, listen: str) -> int:
        self._doors = Doors(reception=self._reception, reader=self._reader, talk=self._talk)
        self._server = aio.server(
            options=server_options(self._limits),
            maximum_concurrent_rpcs=max(self._limits.rpcs_max, 2 * len(self._register.members)),
            compression=grpc.Compression.NoCompression,
        )
        self._server.add_generic_rpc_handlers((self._doors,))
        try:
            port = self._server.add_secure_port(listen, server_credentials(self._tls))
        except RuntimeError as error:
            raise NodeError(f"cannot listen on {listen}") from error
        if port == 0:
            raise NodeError(f"cannot listen on {listen}")
        await self._server.start()
        return port

    def _caller(self, peer: ParticipantId, address: str) -> Caller:
        return Caller(
            register=self._register,
            tls=self._tls,
            limits=self._limits,
            peer=self._register.members[peer],
            address=address,
        )

    def _dialler(self, caller: Caller) -> Dialler:
        return Dialler(
            caller=caller,
            method=EXCHANGE if self._me.role is Role.VERIFIER else PUBLICATION,
            limits=self._limits,
            ear=self._ear,
            metrics=self._metrics,
            on_open=lambda way: self._opened(self._dialled, way),
            on_close=lambda way: self._closed(self._dialled, way),
        )

    async def _talk(self, caller: Member, context: Context) -> Reason | None:
        """Hold a stream that a peer opened, until it ends or a later one replaces it."""
        way = Way(caller.id, self._limits)
        self._opened(self._accepted, way)
        try:
            return await converse(
                way=way,
                read=context.read,
                write=context.write,
                hear=lambda data: self._ear.hear(caller, data),
                sent=lambda: self._metrics.sent(caller.id),
            )
        finally:
            self._closed(self._accepted, way)

    def _opened(self, ways: dict[ParticipantId, Way], way: Way) -> None:
        if earlier := ways.get(way.peer):
            earlier.close()
        ways[way.peer] = way
        self._metrics.way_opened(way.peer)
        self._on_peer_up(way.peer)

    def _closed(self, ways: dict[ParticipantId, Way], way: Way) -> None:
        if ways.get(way.peer) is way:
            del ways[way.peer]
        self._metrics.way_closed(way.peer)

    async def _written(self) -> None:
        while not all(way.is_empty for way in (*self._dialled.values(), *self._accepted.values())):
            await asyncio.sleep(0.01)
