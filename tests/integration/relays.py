"""Relays between nodes that a test can close: a real partition of real processes, without root.

A relay forwards bytes between two loopback ports. While it is closed it hangs up on everybody.
"""

from __future__ import annotations

import shutil
import socket
import threading
from collections.abc import Iterable, Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Self

from pausenet.cli import network
from pausenet.cli.live import LiveNetwork
from pausenet.node.config import CA_FILE, NETWORK_FILE, REGISTER_FILE
from pausenet.node.init import set_addresses, start_network
from pausenet.values import ParticipantId

LOOPBACK = "127.0.0.1"
_PIECE = 65_536


@dataclass
class Relay:
    """Forwards to one port while it is open."""

    to: int
    is_open: bool = True
    _lock: threading.Lock = field(default_factory=threading.Lock)
    _ends: set[socket.socket] = field(default_factory=set)

    def __enter__(self) -> Self:
        self._server = socket.create_server((LOOPBACK, 0))
        self.port: int = self._server.getsockname()[1]
        self._accepting = threading.Thread(target=self._accept, daemon=True)
        self._accepting.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._server.shutdown(socket.SHUT_RDWR)
        self._server.close()
        self.close()
        self._accepting.join(10)

    def close(self) -> None:
        """Hang up on everybody, and on whoever calls until `open`."""
        with self._lock:
            self.is_open, ends, self._ends = False, self._ends, set()
        for end in ends:
            _hang_up(end)

    def open(self) -> None:
        """Forward again."""
        with self._lock:
            self.is_open = True

    def _accept(self) -> None:
        while True:
            try:
                caller, _ = self._server.accept()
            except OSError:
                return  # the relay has been put away
            try:
                called = socket.create_connection((LOOPBACK, self.to), timeout=10)
                called.settimeout(None)
            except OSError:
                caller.close()
                continue
            with self._lock:
                self._ends |= {caller, called} if self.is_open else set()
                forwards = self.is_open
            for one, other in ((caller, called), (called, caller)):
                if forwards:
                    threading.Thread(target=_forward, args=(one, other), daemon=True).start()
                else:
                    _hang_up(one)


def _forward(source: socket.socket, sink: socket.socket) -> None:
    with suppress(OSError):  # either end may hang up
        while piece := source.recv(_PIECE):
            sink.sendall(piece)
    _hang_up(source)
    _hang_up(sink)


def _hang_up(end: socket.socket) -> None:
    with suppress(OSError):  # it may have hung up already
        end.shutdown(socket.SHUT_RDWR)
    end.close()


class Halved(LiveNetwork):
    """A live network some of whose nodes see the public files of another directory than the rest.

    `views` gives each of these the addresses that it is told instead.
    """

    views: Mapping[ParticipantId, Mapping[ParticipantId, str]] = {}

    def up(self) -> None:
        for name, addresses in self.views.items():
            place = self._view(name)
            place.mkdir(parents=True)
            for file in (NETWORK_FILE, REGISTER_FILE, CA_FILE):
                shutil.copy(self._directory / file, place / file)
            (place / name).symlink_to(self._directory / name, target_is_directory=True)
            set_addresses((place,), addresses)
        super().up()
        start_network(tuple(map(self._view, self.views)), int(self._started_s))

    def _view(self, name: ParticipantId) -> Path:
        return self._directory.parent / "views" / name

    def _start(self, name: ParticipantId) -> None:
        place = self._view(name) if name in self.views else self._directory
        self._children.start(name, network.node_arguments(self._scenario, place, name))


def told_through(
    relays: Mapping[ParticipantId, Relay], names: Iterable[ParticipantId]
) -> dict[ParticipantId, str]:
    """The addresses of these, each behind its relay."""
    return {name: f"{LOOPBACK}:{relays[name].port}" for name in names}
