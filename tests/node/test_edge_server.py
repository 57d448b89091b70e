"""Hostile HTTP gets a 4xx, waits have an end, and no state is changed by either."""

from __future__ import annotations

import asyncio
import contextlib
import socket
from collections.abc import Callable, Coroutine, Iterator
from contextlib import closing
from pathlib import Path
from typing import TypeVar

import pytest

from pausenet.errors import NodeError
from pausenet.node.edge.limits import EdgeLimits
from pausenet.node.edge.server import HttpServer, Request, Response
from tests.node.witnesses import Log, WitnessProcess, fetch, post, write_policy

T = TypeVar("T")
LOG = Log(1)
POST = b"POST /add-checkpoint HTTP/1.1\r\nHost: w\r\n"
GOOD = LOG.body(8, 20)

HOSTILE = {
    "nothing-of-http": (b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03\r\n\r\n", 400),
    "no-host": (b"GET /checkpoint HTTP/1.1\r\n\r\n", 400),
    "two-lengths": (POST + b"Content-Length: 3\r\nContent-Length: 4\r\n\r\nabc", 400),
    "length-with-a-sign": (POST + b"Content-Length: +3\r\n\r\nabc", 400),
    "length-of-forty-digits": (POST + b"Content-Length: " + b"9" * 40 + b"\r\n\r\n", 400),
    "unknown-encoding": (POST + b"Transfer-Encoding: gzip\r\n\r\nabc", 501),
    "a-header-without-name": (POST + b": x\r\n\r\n", 400),
    "a-zero-in-a-header": (POST + b"X: a\x00b\r\n\r\n", 400),
    "a-folded-header-flood": (POST + b"X: a\r\n" + b" bbbbbbb\r\n" * 2000 + b"\r\n", 431),
    "headers-too-long": (POST + b"X: " + b"a" * 20_000 + b"\r\n\r\n", 431),
    "a-body-announced-too-long": (POST + b"Content-Length: 16385\r\n\r\n", 413),
    "a-body-sent-too-long": (POST + b"Content-Length: 20000\r\n\r\n" + b"a" * 20_000, 413),
    "chunks-too-long": (
        POST + b"Transfer-Encoding: chunked\r\n\r\n" + (b"800\r\n" + b"a" * 2048 + b"\r\n") * 9,
        413,
    ),
    "a-bad-chunk": (POST + b"Transfer-Encoding: chunked\r\n\r\nzz\r\n", 400),
    "an-empty-body": (POST + b"Content-Length: 0\r\n\r\n", 400),
    "a-body-of-zeros": (POST + b"Content-Length: 99\r\n\r\n" + bytes(99), 400),
    "get-for-post": (b"GET /add-checkpoint HTTP/1.1\r\nHost: w\r\n\r\n", 405),
    "delete": (b"DELETE /checkpoint HTTP/1.1\r\nHost: w\r\n\r\n", 405),
    "post-elsewhere": (b"POST /checkpoint HTTP/1.1\r\nHost: w\r\nContent-Length: 0\r\n\r\n", 405),
    "a-way-up": (b"GET /tile/../../guard/cosigned-1.log HTTP/1.1\r\nHost: w\r\n\r\n", 404),
    "a-way-up-in-percent": (b"GET /%2e%2e/keys/witness.pem HTTP/1.1\r\nHost: w\r\n\r\n", 404),
    "a-target-outside-ascii": ("GET /tïle HTTP/1.1\r\nHost: w\r\n\r\n".encode(), 400),
    "upper-case-hash": (b"GET /" + b"A" * 64 + b"/checkpoint HTTP/1.1\r\nHost: w\r\n\r\n", 404),
}


@pytest.fixture(scope="module")
def witness(tmp_path_factory: pytest.TempPathFactory) -> Iterator[WitnessProcess]:
    place = tmp_path_factory.mktemp("witness")
    one = WitnessProcess(write_policy(place / "policy", LOG), place / "state")
    one.start()
    assert post(one.port, LOG.body(0, 8)).status == 200
    yield one
    one.kill()


def state_of(witness: WitnessProcess) -> dict[Path, bytes]:
    files = (witness.state / "guard").iterdir()
    return {path: path.read_bytes() for path in files}


def send(port: int, data: bytes) -> bytes:
    """Send bytes and no more, and give back all that comes."""
    with closing(socket.create_connection(("127.0.0.1", port), timeout=15)) as each:
        each.sendall(data)
        each.shutdown(socket.SHUT_WR)
        found = b""
        while piece := each.recv(65_536):
            found += piece
        return found


@pytest.mark.processes
@pytest.mark.parametrize("name", HOSTILE)
def test_hostile_http_gets_its_code_and_leaves_the_state_alone(
    name: str, witness: WitnessProcess
) -> None:
    data, code = HOSTILE[name]
    before = state_of(witness)
    answer = send(witness.port, data)
    assert answer.startswith(b"HTTP/1.1 %d " % code), answer[:200]
    assert b"Traceback" not in answer
    assert state_of(witness) == before
    assert post(witness.port, LOG.body(0, 8)).body == b"8\n"


@pytest.mark.processes
def test_half_a_good_submission_is_none(witness: WitnessProcess) -> None:
    before = state_of(witness)
    head = POST + b"Content-Length: %d\r\n\r\n" % len(GOOD)
    for cut in (len(head) - 1, len(head), len(head) + len(GOOD) // 2, len(head) + len(GOOD) - 1):
        assert b" 200 " not in send(witness.port, (head + GOOD)[:cut])
    assert state_of(witness) == before


@pytest.mark.processes
def test_answers_say_how_long_they_last_and_what_they_are(witness: WitnessProcess) -> None:
    got = fetch(witness.port, "POST", "/add-checkpoint", LOG.body(0, 8))
    assert got.headers["cache-control"] == "no-store"
    assert got.headers["x-content-type-options"] == "nosniff"
    head = fetch(witness.port, "HEAD", "/checkpoint")
    assert (head.status, head.body) == (404, b"")
    assert fetch(witness.port, "PUT", "/add-checkpoint").headers["allow"] == "POST"


# ---------------------------------------------------------------------- limits


async def _echo(request: Request) -> Response:
    if request.path == "/never":
        await asyncio.sleep(60)
    if request.path == "/trouble":
        raise NodeError("a disk that has failed")
    if request.path == "/slip":
        raise RuntimeError("a slip")
    return Response(status=200, body=request.body)


SHORT = EdgeLimits(request_s=0.2, answer_s=0.3, connections_max=3, requests_max=2)


def served(talk: Callable[[int], Coroutine[object, object, T]], limits: EdgeLimits = SHORT) -> T:
    """Run a coroutine function of a port against a server in this process."""

    async def run() -> T:
        server = HttpServer(_echo, limits)
        port = await server.start("127.0.0.1", 0)
        try:
            return await asyncio.wait_for(talk(port), 10)
        finally:
            await server.stop()

    return asyncio.run(run())


async def ask(port: int, *pieces: bytes, pause_s: float = 0.0) -> bytes:
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    for piece in pieces:
        writer.write(piece)
        await writer.drain()
        await asyncio.sleep(pause_s)
    found = await reader.read()
    writer.close()
    return found


def test_a_request_that_drips_is_ended_by_408_and_a_silent_connection_too() -> None:
    drip = [bytes([each]) for each in POST] + [b""] * 10
    assert served(lambda port: ask(port, b"", pause_s=0)).startswith(b"HTTP/1.1 408 ")
    half = POST + b"Content-Length: 100\r\n\r\nabc"
    assert b" 408 " in served(lambda port: ask(port, half))
    assert b" 408 " in served(lambda port: ask(port, *drip[:8], pause_s=0.01))


def test_an_answer_that_does_not_come_cuts_the_connection() -> None:
    async def cut(port: int) -> bytes:
        with contextlib.suppress(ConnectionResetError):
            return await ask(port, b"GET /never HTTP/1.1\r\nHost: w\r\n\r\n")
        return b""

    assert served(cut) == b""


def test_trouble_is_answered_by_500_without_its_reason() -> None:
    answer = served(lambda port: ask(port, b"GET /trouble HTTP/1.1\r\nHost: w\r\n\r\n"))
    assert answer.startswith(b"HTTP/1.1 500 ")
    assert b"disk" not in answer


def test_a_connection_too_many_is_turned_away_and_room_comes_back() -> None:
    async def talk(port: int) -> None:
        held = [await asyncio.open_connection("127.0.0.1", port) for _ in range(3)]
        await asyncio.sleep(0.05)
        assert b" 503 " in await ask(port, b"")
        for _, writer in held:
            writer.close()
        await asyncio.sleep(0.05)
        get = b"GET / HTTP/1.1\r\nHost: w\r\nConnection: close\r\n\r\n"
        assert b" 200 " in await ask(port, get)

    served(talk, EdgeLimits(connections_max=3, request_s=5))
    served(talk, EdgeLimits(connections_per_address_max=3, request_s=5))


def test_one_connection_carries_several_requests_up_to_its_bound() -> None:
    get = b"POST / HTTP/1.1\r\nHost: w\r\nContent-Length: 1\r\n\r\n"
    answer = served(lambda port: ask(port, get + b"a" + get + b"b" + get + b"c"))
    assert answer.count(b"HTTP/1.1 200 ") == 2


def test_expect_continue_is_answered_before_the_body_is_waited_for() -> None:
    head = b"POST / HTTP/1.1\r\nHost: w\r\nContent-Length: 2\r\nExpect: 100-continue\r\n\r\n"
    answer = served(lambda port: ask(port, head, b"ok", pause_s=0.05))
    assert answer.startswith(b"HTTP/1.1 100 ")
    assert b"HTTP/1.1 200 " in answer


def test_a_port_that_is_taken_is_said_so() -> None:
    async def talk(port: int) -> None:
        with pytest.raises(NodeError, match="cannot listen"):
            await HttpServer(_echo).start("127.0.0.1", port)

    served(talk)
