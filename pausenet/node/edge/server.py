"""A small HTTP/1.1 server: h11 judges the bytes, asyncio carries them, every wait has an end.

The server knows no route: it hands whole requests to a handler and sends what comes back. What
is not HTTP gets a 4xx and a closed connection, and never reaches the handler.
"""

from __future__ import annotations

import asyncio
import contextlib
import logging
from collections import Counter
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from email.utils import formatdate
from http import HTTPStatus
from typing import Final, TypeAlias

import h11

from pausenet.errors import NodeError, PausenetError
from pausenet.node.edge.limits import EdgeLimits

LOG: Final = logging.getLogger("pausenet.edge")
_CHUNK: Final = 16 * 1024
_LINGER_S: Final = 1.0
_LINGER_READS: Final = 64


@dataclass(frozen=True, slots=True, kw_only=True)
class Request:
    """One request, read whole: the path is what stands before any `?`."""

    method: str
    path: str
    body: bytes
    takes_gzip: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Response:
    """One answer; `headers` come after Content-Type and Content-Length."""

    status: int
    body: bytes
    type: str = "text/plain; charset=utf-8"
    headers: tuple[tuple[str, str], ...] = ()


Handler: TypeAlias = Callable[[Request], Awaitable[Response]]


class HttpServer:
    """Serves one handler on one address; belongs to one event loop."""

    def __init__(self, handler: Handler, limits: EdgeLimits | None = None) -> None:
        self._handler, self._limits = handler, limits or EdgeLimits()
        self._server: asyncio.Server | None = None
        self._open: set[asyncio.Task[None]] = set()
        self._addresses: Counter[str] = Counter()

    async def start(self, host: str, port: int) -> int:
        """Listen; the port bound. Raises `NodeError` where that fails."""
        try:
            self._server = await asyncio.start_server(self._accept, host, port, limit=_CHUNK)
        except OSError as error:
            raise NodeError(f"http: cannot listen on {host}:{port}: {error.strerror}") from error
        return int(self._server.sockets[0].getsockname()[1])

    async def stop(self) -> None:
        """Take no more connections and cut those that are open."""
        if self._server is not None:
            self._server.close()
        for task in tuple(self._open):
            task.cancel()
        await asyncio.gather(*self._open, return_exceptions=True)

    async def _accept(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        task = asyncio.current_task()
        assert task is not None, "asyncio runs this as a task"
        peer = writer.get_extra_info("peername")
        address = str(peer[0]) if peer else ""
        self._open.add(task)
        self._addresses[address] += 1
        talk = _Talk(reader, writer, self._limits)
        crowded = (
            len(self._open) > self._limits.connections_max
            or self._addresses[address] > self._limits.connections_per_address_max
        )
        try:
            await (talk.turn_away() if crowded else talk.serve(self._handler))
        except (OSError, TimeoutError, asyncio.CancelledError):
            writer.transport.abort()
        except Exception:
            LOG.exception("a request broke this node")
            writer.transport.abort()
        finally:
            self._open.discard(task)
            self._addresses[address] -= 1
            self._addresses += Counter()  # forget the addresses that nobody uses
            writer.close()


class _Talk:
    """One connection."""

    def __init__(
        self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter, limits: EdgeLimits
    ) -> None:
        self._reader, self._writer, self._limits = reader, writer, limits
        self._http = h11.Connection(h11.SERVER, max_incomplete_event_size=limits.header_bytes_max)

    async def serve(self, handler: Handler) -> None:
        """Answer requests until the caller or a limit ends it."""
        for _ in range(self._limits.requests_max):
            try:
                request = await asyncio.wait_for(self._read(), self._limits.request_s)
            except TimeoutError:
                await self._refuse(HTTPStatus.REQUEST_TIMEOUT)
                return
            except h11.RemoteProtocolError as error:
                await self._refuse(HTTPStatus(error.error_status_hint))
                return
            if request is None:
                return
            async with asyncio.timeout(self._limits.answer_s):
                response = await _answered(handler, request)
                await self._send(response, with_body=request.method != "HEAD")
            if self._http.our_state is not h11.DONE or self._http.their_state is not h11.DONE:
                return
            self._http.start_next_cycle()

    async def turn_away(self) -> None:
        """Say that there are too many connections, without reading anything."""
        async with asyncio.timeout(self._limits.answer_s):
            status = HTTPStatus.SERVICE_UNAVAILABLE
            line = f"HTTP/1.1 {status.value} {status.phrase}\r\n"
            self._writer.write(
                (line + "Connection: close\r\nRetry-After: 1\r\nContent-Length: 0\r\n\r\n").encode()
            )
            await self._writer.drain()

    async def _read(self) -> Request | None:
        """One whole request; None where the caller has gone."""
        head: h11.Request | None = None
        body = bytearray()
        while True:
            event = self._http.next_event()
            if event is h11.NEED_DATA:
                if self._http.they_are_waiting_for_100_continue:
                    await self._write(h11.InformationalResponse(status_code=100, headers=[]))
                self._http.receive_data(await self._reader.read(_CHUNK))
            elif isinstance(event, h11.Request):
                head = event
                self._require_small(event)
            elif isinstance(event, h11.Data):
                body += event.data
                if len(body) > self._limits.body_bytes_max:
                    raise _too_large()
            elif isinstance(event, h11.EndOfMessage):
                assert head is not None, "h11 gives the head first"
                return _request(head, bytes(body))
            else:  # ConnectionClosed, or PAUSED after a request for another protocol
                return None

    def _require_small(self, head: h11.Request) -> None:
        # h11 bounds what is incomplete; what has come in one piece is bounded here.
        length = len(head.target) + sum(len(name) + len(value) for name, value in head.headers)
        if length > self._limits.header_bytes_max:
            raise h11.RemoteProtocolError(
                "headers over the bound",
                error_status_hint=HTTPStatus.REQUEST_HEADER_FIELDS_TOO_LARGE,
            )
        for name, value in head.headers:
            if name == b"content-length" and int(value) > self._limits.body_bytes_max:
                raise _too_large()

    async def _refuse(self, status: HTTPStatus) -> None:
        """Answer what was not a request, where HTTP still allows an answer."""
        if self._http.our_state not in (h11.IDLE, h11.SEND_RESPONSE):
            return
        body = f"{status.phrase.lower()}\n".encode()
        close = (("Connection", "close"),)
        async with asyncio.timeout(self._limits.answer_s):
            await self._send(Response(status=status, body=body, headers=close), with_body=True)
        # Closed with bytes unread, the connection would be reset, and the answer lost with it.
        self._writer.write_eof()
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(_LINGER_S):
                for _ in range(_LINGER_READS):
                    if not await self._reader.read(_CHUNK):
                        return

    async def _send(self, response: Response, *, with_body: bool) -> None:
        headers = [
            ("Date", formatdate(usegmt=True)),
            ("Content-Type", response.type),
            ("Content-Length", str(len(response.body))),
            ("X-Content-Type-Options", "nosniff"),
            *response.headers,
        ]
        await self._write(
            h11.Response(
                status_code=response.status,
                headers=headers,
                reason=HTTPStatus(response.status).phrase.encode(),
            )
        )
        if with_body:
            await self._write(h11.Data(data=response.body))
        await self._write(h11.EndOfMessage())

    async def _write(
        self, event: h11.Response | h11.InformationalResponse | h11.Data | h11.EndOfMessage
    ) -> None:
        data = self._http.send(event)
        if data:
            self._writer.write(data)
            await self._writer.drain()


async def _answered(handler: Handler, request: Request) -> Response:
    """The handler's answer; 500 where this node is at fault, and nothing of why."""
    try:
        return await handler(request)
    except PausenetError:
        LOG.exception("a request could not be answered")
        return Response(status=HTTPStatus.INTERNAL_SERVER_ERROR, body=b"internal error\n")


def _request(head: h11.Request, body: bytes) -> Request:
    with contextlib.suppress(UnicodeDecodeError):
        return Request(
            method=head.method.decode("ascii"),
            path=head.target.decode("ascii").partition("?")[0],
            body=body,
            takes_gzip=any(
                name == b"accept-encoding"
                and b"gzip" in value.lower().replace(b" ", b"").split(b",")
                for name, value in head.headers
            ),
        )
    raise h11.RemoteProtocolError("a target outside ASCII")


def _too_large() -> h11.RemoteProtocolError:
    return h11.RemoteProtocolError(
        "a body over the bound", error_status_hint=HTTPStatus.REQUEST_ENTITY_TOO_LARGE
    )
