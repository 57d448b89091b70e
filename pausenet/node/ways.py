"""A way to a peer: one open stream, what waits to go through it, and what comes out of it."""

from __future__ import annotations

import asyncio
import logging
import time
from collections import deque
from collections.abc import Awaitable, Callable
from typing import Any, Final

from grpc import aio

from pausenet.errors import MalformedMessage
from pausenet.node.limits import Limits, TokenBucket
from pausenet.node.metrics import Metrics
from pausenet.node.permissions import judge
from pausenet.protocol.messages import Message, Refusal
from pausenet.protocol.register import Member
from pausenet.values import ParticipantId
from pausenet.wire import codec
from pausenet.wire.status import Denial, Reason

LOG: Final = logging.getLogger("pausenet.transport")

BROKEN: Final = (aio.AioRpcError, aio.BaseError, asyncio.InvalidStateError)
"""What `grpc.aio` raises where a stream is no more."""


class Way:
    """The sending side of one stream: a queue bounded in messages and bytes."""

    def __init__(self, peer: ParticipantId, limits: Limits) -> None:
        self.peer = peer
        self._limits = limits
        self._waiting: deque[bytes] = deque()
        self._bytes = 0
        self._stirred = asyncio.Event()
        self.closed = False

    def put(self, data: bytes) -> bool:
        """Queue a message; False when the queue is full or the way closed."""
        full = (
            len(self._waiting) >= self._limits.queue_messages_max
            or self._bytes + len(data) > self._limits.queue_bytes_max
        )
        if full or self.closed:
            return False
        self._waiting.append(data)
        self._bytes += len(data)
        self._stirred.set()
        return True

    async def drain(
        self, write: Callable[[bytes], Awaitable[None]], sent: Callable[[], None]
    ) -> None:
        """Write what is queued, in order, until the way is closed."""
        while not self.closed:
            if not self._waiting:
                self._stirred.clear()
                await self._stirred.wait()
                continue
            data = self._waiting[0]
            await write(data)
            self._waiting.popleft()
            self._bytes -= len(data)
            sent()

    @property
    def is_empty(self) -> bool:
        """Whether everything queued has been written."""
        return not self._waiting

    def close(self) -> None:
        """Take nothing more; whoever drains it stops."""
        self.closed = True
        self._stirred.set()


class Ear:
    """Hears one node's peers: rate, spelling and permission first, then the machine."""

    def __init__(
        self,
        *,
        limits: Limits,
        metrics: Metrics,
        on_message: Callable[[ParticipantId, Message], None],
    ) -> None:
        self._limits, self._metrics, self._on_message = limits, metrics, on_message
        self._buckets: dict[ParticipantId, TokenBucket] = {}

    def bucket(self, sender: Member) -> TokenBucket:
        """The token bucket of a participant, the same over all its streams and calls."""
        if sender.id not in self._buckets:
            rate = self._limits.rate_of(sender.role)
            self._buckets[sender.id] = TokenBucket(rate, time.monotonic())
        return self._buckets[sender.id]

    def hear(self, sender: Member, data: bytes) -> Reason | None:
        """Hand one message on; else the reason why the stream must end."""
        if not self.bucket(sender).take(time.monotonic()):
            return Denial.TOO_FAST
        try:
            message = codec.decode(data)
        except MalformedMessage:
            return Refusal.MALFORMED
        reason = judge(sender, message)
        if reason is not None:
            return reason
        try:
            self._on_message(sender.id, message)
        except Exception:
            LOG.exception("a message of %s broke this node", sender.id)
            return Denial.INTERNAL
        self._metrics.received(sender.id, type(message).__name__.lower())
        return None


async def converse(
    *,
    way: Way,
    read: Callable[[], Awaitable[object]],
    write: Callable[[bytes], Awaitable[None]],
    hear: Callable[[bytes], Reason | None],
    sent: Callable[[], None],
) -> Reason | None:
    """Read and write one stream until it ends or breaks; the reason if this side must refuse."""

    async def listen() -> Reason | None:
        while True:
            data = await read()
            if not isinstance(data, bytes):
                assert data is aio.EOF
                return None
            reason = hear(data)
            if reason is not None:
                return reason

    listening = asyncio.create_task(listen())
    writing = asyncio.create_task(way.drain(write, sent))
    try:
        await asyncio.wait({listening, writing}, return_when=asyncio.FIRST_COMPLETED)
        ended: asyncio.Task[Any] = listening if listening.done() else writing
        try:
            found: Reason | None = None if ended.cancelled() else ended.result()
        except BROKEN as error:
            LOG.debug("the stream with %s broke: %s", way.peer, error)
            return None
        return found
    finally:
        way.close()
        for task in (listening, writing):
            task.cancel()
        await asyncio.gather(listening, writing, return_exceptions=True)
