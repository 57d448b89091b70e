"""Transports on loopback, and a bare gRPC client that says whatever a test wants said."""

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, field

import grpc
from grpc import aio

from pausenet.node.channels import client_options
from pausenet.node.identity import certificate_pem
from pausenet.node.limits import Limits
from pausenet.node.log_reader import LogReader
from pausenet.node.metrics import Metrics
from pausenet.node.peer_identity import TlsFiles, target_name
from pausenet.node.transport import Transport
from pausenet.node.ways import BROKEN
from pausenet.protocol.messages import Message
from pausenet.values import ParticipantId
from tests.node.certificates import VERIFIERS, Net

WAIT_S = 8.0


@dataclass
class Node:
    """A transport, and all that it handed to its machine."""

    transport: Transport
    metrics: Metrics
    heard: list[tuple[ParticipantId, Message]]
    up: list[ParticipantId]
    port: int = 0

    @property
    def address(self) -> str:
        return f"127.0.0.1:{self.port}"


@asynccontextmanager
async def node(
    net: Net,
    name: ParticipantId,
    *,
    listen: bool | int = False,
    peers: dict[ParticipantId, str] | None = None,
    files: TlsFiles | None = None,
    reader: LogReader | None = None,
    limits: Limits | None = None,
    on_message: Callable[[ParticipantId, Message], None] | None = None,
) -> AsyncIterator[Node]:
    heard: list[tuple[ParticipantId, Message]] = []
    up: list[ParticipantId] = []
    metrics = Metrics()
    transport = Transport(
        me=net.member(name),
        register=net.register,
        tls=files or net.files(name),
        listen=None if listen is False else f"127.0.0.1:{0 if listen is True else listen}",
        peers=peers or {},
        on_message=on_message or (lambda peer, message: heard.append((peer, message))),
        on_peer_up=up.append,
        reader=reader,
        limits=limits or Limits(),
        metrics=metrics,
    )
    made = Node(transport, metrics, heard, up)
    made.port = await transport.start()
    try:
        yield made
    finally:
        await transport.stop(0.2)


async def until(claim: Callable[[], object]) -> None:
    """Wait until a claim holds; fail after some seconds."""
    async with asyncio.timeout(WAIT_S):
        while not claim():
            await asyncio.sleep(0.005)


@dataclass(frozen=True)
class Reply:
    """How a call ended, and what came before."""

    code: grpc.StatusCode
    text: str
    messages: list[bytes] = field(default_factory=list)
    trailing: dict[str, str] = field(default_factory=dict)


@asynccontextmanager
async def channel(
    net: Net,
    files: TlsFiles | None,
    address: str,
    *,
    with_certificate: bool = True,
    limits: Limits | None = None,
) -> AsyncIterator[aio.Channel]:
    """A client's channel with these files; plaintext without."""
    name = target_name(net.register.network_id, VERIFIERS[0])
    options = client_options(limits or Limits(), name)
    if files is None:
        made = aio.insecure_channel(address, options=options)
    else:
        own = (files.key.read_bytes(), files.certificate.read_bytes())
        key, certificate = own if with_certificate else (None, None)
        credentials = grpc.ssl_channel_credentials(
            certificate_pem(net.authority.certificate),
            private_key=key,
            certificate_chain=certificate,
        )
        made = aio.secure_channel(address, credentials, options=options)
    try:
        yield made
    finally:
        await made.close()


async def say(
    net: Net,
    files: TlsFiles | None,
    address: str,
    method: str,
    *data: bytes,
    with_certificate: bool = True,
    limits: Limits | None = None,
    metadata: tuple[tuple[str, str], ...] = (),
) -> Reply:
    """Open a stream, write the data, end, and report the end."""
    async with channel(
        net, files, address, with_certificate=with_certificate, limits=limits
    ) as made:
        call = made.stream_stream(method)(timeout=WAIT_S, metadata=metadata)
        messages: list[bytes] = []
        with suppress(*BROKEN):
            for item in data:
                await call.write(item)
            await call.done_writing()
        with suppress(aio.AioRpcError):
            while (message := await call.read()) is not aio.EOF:
                messages.append(message)
        return await _reply(call, messages)


async def ask(net: Net, files: TlsFiles, address: str, method: str, data: bytes) -> Reply:
    """Make one unary call and report its end."""
    async with channel(net, files, address) as made:
        call = made.unary_unary(method)(data, timeout=WAIT_S)
        messages: list[bytes] = []
        with suppress(aio.AioRpcError):
            messages.append(await call)
        return await _reply(call, messages)


async def _reply(call: aio.Call, messages: list[bytes]) -> Reply:
    trailing = {key: str(value) for key, value in (await call.trailing_metadata() or ())}
    return Reply(await call.code(), await call.details() or "", messages, trailing)
