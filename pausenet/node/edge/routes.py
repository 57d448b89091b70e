"""The routes of the HTTP edge; one URL prefix for all of them.

GET  /checkpoint                   the node's own log (tlog-tiles): its checkpoint,
GET  /tile/<L>/<N>[.p/<W>]         its tiles,
GET  /tile/entries/<N>[.p/<W>]     its entries
POST /add-checkpoint               the node's witness (tlog-witness): cosign a checkpoint,
GET  /<origin hash>/checkpoint     and the last one that it has cosigned of a log
"""

from __future__ import annotations

import asyncio
import gzip
import re
from http import HTTPStatus
from typing import Final

from pausenet.errors import MalformedTile
from pausenet.log.tiles import EntryBundle, parse_path
from pausenet.node.edge.desk import WitnessDesk
from pausenet.node.edge.published import PublishedLog, PublishedRegister
from pausenet.node.edge.server import Request, Response

NOTE_TYPE: Final = "text/plain; charset=utf-8"
TILE_TYPE: Final = "application/octet-stream"
PASSING: Final = ("Cache-Control", "max-age=1")
"""Checkpoints change."""
LASTING: Final = ("Cache-Control", "public, max-age=31536000, immutable")
"""Tiles do not."""
_UNCACHED: Final = ("Cache-Control", "no-store")

_SUBMIT: Final = "/add-checkpoint"
_MONITOR: Final = re.compile(r"/([0-9a-f]{64})/checkpoint\Z")
_READS: Final = ("GET", "HEAD")


class Edge:
    """Answers whole requests; a node without a log or without a witness has no such routes."""

    def __init__(
        self,
        *,
        log: PublishedLog | None,
        witness: WitnessDesk | None,
        register: PublishedRegister | None = None,
    ) -> None:
        self._log, self._witness, self._register = log, witness, register

    async def answer(self, request: Request) -> Response:
        """The answer to one request; whatever is not one of the routes is a 404."""
        if request.path == _SUBMIT and self._witness is not None:
            if request.method != "POST":
                return _not_allowed("POST")
            return await self._submit(self._witness, request.body)
        monitored = _MONITOR.match(request.path)
        if request.method not in _READS:
            return _not_allowed(", ".join(_READS))
        if monitored is not None and self._witness is not None:
            return _note(await self._witness.latest(monitored[1]))
        path = request.path.removeprefix("/register")
        log = self._log if path == request.path else self._register
        if log is not None and path == "/checkpoint":
            return _note(await asyncio.to_thread(log.checkpoint))
        if log is not None and path.startswith("/tile/"):
            return await self._tile(log, path.removeprefix("/"), takes_gzip=request.takes_gzip)
        return _not_found()

    async def _submit(self, witness: WitnessDesk, body: bytes) -> Response:
        answer = await witness.submit(body)
        return Response(
            status=answer.code, body=answer.body, type=answer.type, headers=(_UNCACHED,)
        )

    async def _tile(
        self, log: PublishedLog | PublishedRegister, path: str, *, takes_gzip: bool
    ) -> Response:
        try:
            wanted = parse_path(path)
        except MalformedTile:
            return _not_found()
        if isinstance(wanted, EntryBundle) and not log.with_entries:
            body = b"the entries of this log are not for everybody\n"
            return Response(status=HTTPStatus.FORBIDDEN, body=body, headers=(_UNCACHED,))
        content = await asyncio.to_thread(log.tile, wanted)
        if content is None:
            return _not_found()
        headers = [LASTING]
        if isinstance(wanted, EntryBundle):
            headers.append(("Vary", "Accept-Encoding"))
            if takes_gzip:
                content = await asyncio.to_thread(gzip.compress, content, mtime=0)
                headers.append(("Content-Encoding", "gzip"))
        return Response(status=HTTPStatus.OK, body=content, type=TILE_TYPE, headers=tuple(headers))


def _note(note: bytes | None) -> Response:
    if note is None:
        return _not_found()
    return Response(status=HTTPStatus.OK, body=note, type=NOTE_TYPE, headers=(PASSING,))


def _not_found() -> Response:
    return Response(status=HTTPStatus.NOT_FOUND, body=b"not found\n", headers=(_UNCACHED,))


def _not_allowed(allowed: str) -> Response:
    return Response(
        status=HTTPStatus.METHOD_NOT_ALLOWED,
        body=b"method not allowed\n",
        headers=(("Allow", allowed), _UNCACHED),
    )
