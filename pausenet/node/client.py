"""The calling side: keeps one stream open to one peer, and never to anybody else.

gRPC for Python lets a client see neither the server's certificate nor a way to judge it. So
each attempt first makes a plain TLS handshake with the server, judges the certificate against
the register as the server judges ours (`peer_identity`), and then opens the gRPC channel with
**that certificate as its only trust root**: the channel reaches the holder of that key or nobody.
"""

from __future__ import annotations

import asyncio
import ssl
import time
from collections.abc import Callable
from typing import Final

import grpc
from grpc import aio

from pausenet.errors import NodeError
from pausenet.node.channels import client_credentials, client_options
from pausenet.node.limits import Limits
from pausenet.node.metrics import Metrics
from pausenet.node.peer_identity import TlsFiles, identify, read_der, target_name, to_pem
from pausenet.node.services import OPEN_KEY
from pausenet.node.ways import BROKEN, LOG, Ear, Way, converse
from pausenet.protocol.register import Member, Register
from pausenet.wire.queries import Answer, Query, decode_answer, encode_query, method_of
from pausenet.wire.status import Denial

Opened = Callable[[Way], None]

_STEADY_S: Final = 5.0
"""A way that held this long begins anew with the shortest wait."""


class Caller:
    """Opens channels to one peer, each pinned to a certificate that the register binds."""

    def __init__(
        self, *, register: Register, tls: TlsFiles, limits: Limits, peer: Member, address: str
    ) -> None:
        self._register, self._tls, self._limits = register, tls, limits
        self.peer, self._address = peer, address
        self._name = target_name(register.network_id, peer.id)
        self._host, self._port = split_address(address)

    async def channel(self) -> aio.Channel:
        """A channel to the peer; raise `NodeError` where the peer is not to be found there."""
        try:
            # Not `wait_for`: in Python 3.11 it forgets a cancellation that comes with the result.
            async with asyncio.timeout(self._limits.handshake_s):
                pinned = await self._pin()
        except (OSError, ssl.SSLError, TimeoutError) as error:
            raise NodeError(f"{self.peer.id}: no TLS handshake at {self._address}") from error
        return aio.secure_channel(
            self._address,
            client_credentials(self._tls, pinned),
            options=client_options(self._limits, self._name),
            compression=grpc.Compression.NoCompression,
        )

    async def ask(self, query: Query) -> Answer:
        """Ask one query; raise `NodeError` with the status, or `MalformedMessage`."""
        channel = await self.channel()
        try:
            method: aio.UnaryUnaryMultiCallable[bytes, bytes] = channel.unary_unary(
                method_of(type(query))
            )
            data = await method(encode_query(query), timeout=self._limits.query_s)
        except aio.AioRpcError as error:
            raise NodeError(f"{self.peer.id}: {error.code().name}: {error.details()}") from error
        finally:
            await channel.close()
        return decode_answer(type(query), data)

    async def _pin(self) -> bytes:
        """The PEM certificate of whoever listens there, if it is the peer's."""
        context = ssl.create_default_context(cafile=str(self._tls.ca))
        context.minimum_version = ssl.TLSVersion.TLSv1_3
        context.load_cert_chain(self._tls.certificate, self._tls.key)
        context.set_alpn_protocols(["h2"])
        _, writer = await asyncio.open_connection(
            self._host, self._port, ssl=context, server_hostname=self._name
        )
        try:
            shown: ssl.SSLObject = writer.get_extra_info("ssl_object")
            certificate = read_der(shown.getpeercert(binary_form=True) or b"")
        finally:
            writer.transport.abort()
        found = (
            certificate
            if isinstance(certificate, Denial)
            else identify(certificate, self._register)
        )
        if isinstance(certificate, Denial) or found != self.peer:
            raise NodeError(f"{self.peer.id}: somebody else listens at {self._address}")
        return to_pem(certificate)


class Dialler:
    """Keeps one stream to one peer open, and opens it again after waits that double."""

    def __init__(
        self,
        *,
        caller: Caller,
        method: str,
        limits: Limits,
        ear: Ear,
        metrics: Metrics,
        on_open: Opened,
        on_close: Opened,
    ) -> None:
        self._caller, self._method, self._limits = caller, method, limits
        self._ear, self._metrics = ear, metrics
        self._on_open, self._on_close = on_open, on_close

    async def run(self) -> None:
        """Dial until cancelled."""
        wait_s = self._limits.reconnect_min_s
        while True:
            began_s = time.monotonic()
            try:
                await self._once()
            except (NodeError, TimeoutError, *BROKEN) as error:
                LOG.debug("no way to %s: %s", self._caller.peer.id, error)
            except asyncio.CancelledError:
                # gRPC raises this also where it was the call that was cancelled, not this task.
                if _is_cancelled():
                    raise
            if time.monotonic() - began_s >= _STEADY_S:
                wait_s = self._limits.reconnect_min_s
            await asyncio.sleep(wait_s)
            wait_s = min(2 * wait_s, self._limits.reconnect_max_s)

    async def _once(self) -> None:
        """One stream from its opening to its end."""
        peer = self._caller.peer
        channel = await self._caller.channel()
        try:
            stream: aio.StreamStreamMultiCallable[bytes, bytes] = channel.stream_stream(
                self._method
            )
            call = stream()
            async with asyncio.timeout(self._limits.handshake_s):
                header = await call.initial_metadata()
            if OPEN_KEY not in dict(header):
                LOG.warning("%s refused a stream: %s", peer.id, await call.details())
                return
            way = Way(peer.id, self._limits)
            self._on_open(way)
            try:
                reason = await converse(
                    way=way,
                    read=call.read,
                    write=call.write,
                    hear=lambda data: self._ear.hear(peer, data),
                    sent=lambda: self._metrics.sent(peer.id),
                )
            finally:
                self._on_close(way)
            if reason is not None:
                self._metrics.refused(self._method, reason)
                LOG.warning("refused what %s said: %s", peer.id, reason)
        finally:
            await channel.close()


def _is_cancelled() -> bool:
    task = asyncio.current_task()
    return task is not None and task.cancelling() > 0


def split_address(address: str) -> tuple[str, int]:
    """Host and port of `host:port` or `[v6]:port`; raise `NodeError` for anything else."""
    host, colon, port = address.rpartition(":")
    if not colon or not host or not (port.isascii() and port.isdigit()) or int(port) > 65_535:
        raise NodeError(f"expected host:port, found {address!r:.80}")
    if host.startswith("[") != host.endswith("]"):
        raise NodeError(f"expected host:port, found {address!r:.80}")
    return host.strip("[]"), int(port)
