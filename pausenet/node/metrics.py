"""What a node counts, and the small HTTP endpoint that shows it to its own machine.

`/metrics` is Prometheus text, `/healthz` says `ok` (200) or `not ready` (503). The endpoint
has no authentication: bind it to a loopback address, or to a network of operators only.
"""

from __future__ import annotations

from collections.abc import Callable
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread
from typing import Final

from prometheus_client import (
    CONTENT_TYPE_LATEST,
    CollectorRegistry,
    Counter,
    Gauge,
    generate_latest,
)

from pausenet.errors import NodeError
from pausenet.values import ParticipantId
from pausenet.wire.status import Reason

_READ_S: Final = 5.0


class Metrics:
    """The counters of one node; labels come from the register and from closed sets."""

    def __init__(self) -> None:
        self.registry = CollectorRegistry()
        self._received = Counter(
            "pausenet_messages_received",
            "Messages handed to the machine",
            ("peer", "kind"),
            registry=self.registry,
        )
        self._sent = Counter(
            "pausenet_messages_sent", "Messages written", ("peer",), registry=self.registry
        )
        self._dropped = Counter(
            "pausenet_messages_dropped",
            "Messages not sent: no way, queue full, over the bounds",
            ("peer", "why"),
            registry=self.registry,
        )
        self._refused = Counter(
            "pausenet_refusals",
            "Calls and messages refused, by method and reason",
            ("method", "reason"),
            registry=self.registry,
        )
        self._ways = Gauge(
            "pausenet_ways", "Open streams to a peer", ("peer",), registry=self.registry
        )

    def received(self, peer: ParticipantId, kind: str) -> None:
        """A message went to the machine."""
        self._received.labels(peer, kind).inc()

    def sent(self, peer: ParticipantId) -> None:
        """A message was written to a stream."""
        self._sent.labels(peer).inc()

    def dropped(self, peer: ParticipantId, why: str) -> None:
        """A message was not sent."""
        self._dropped.labels(peer, why).inc()

    def refused(self, method: str, reason: Reason) -> None:
        """A call or message was refused."""
        self._refused.labels(method, reason).inc()

    def way_opened(self, peer: ParticipantId) -> None:
        """A stream to a peer has opened."""
        self._ways.labels(peer).inc()

    def way_closed(self, peer: ParticipantId) -> None:
        """A stream to a peer has closed."""
        self._ways.labels(peer).dec()

    def value(self, name: str, **labels: str) -> float:
        """The present value of one sample, 0 where there is none yet."""
        found = self.registry.get_sample_value(name, labels)
        return 0.0 if found is None else found


class MetricsServer:
    """Serves `/metrics` and `/healthz` from a thread of its own."""

    def __init__(
        self, *, metrics: Metrics, is_healthy: Callable[[], bool], host: str, port: int
    ) -> None:
        class Handler(_Handler):
            shown = metrics
            healthy = staticmethod(is_healthy)

        try:
            self._server = ThreadingHTTPServer((host, port), Handler)
        except OSError as error:
            raise NodeError(f"metrics: cannot listen on {host}:{port}") from error
        self._server.daemon_threads = True
        self._thread = Thread(target=self._server.serve_forever, args=(0.1,), daemon=True)

    @property
    def port(self) -> int:
        """The port it is bound to."""
        return int(self._server.server_address[1])

    def start(self) -> None:
        """Begin to serve."""
        self._thread.start()

    def stop(self) -> None:
        """Stop serving and close the socket."""
        self._server.shutdown()
        self._server.server_close()
        self._thread.join()


class _Handler(BaseHTTPRequestHandler):
    shown: Metrics
    healthy: Callable[[], bool]
    timeout = _READ_S
    server_version = "pausenet"
    sys_version = ""

    def do_GET(self) -> None:
        if self.path == "/metrics":
            self._answer(200, CONTENT_TYPE_LATEST, generate_latest(self.shown.registry))
        elif self.path == "/healthz":
            ready = self.healthy()
            self._answer(200 if ready else 503, "text/plain", b"ok\n" if ready else b"not ready\n")
        else:
            self._answer(404, "text/plain", b"not found\n")

    def _answer(self, code: int, kind: str, body: bytes) -> None:
        self.send_response(code)
        self.send_header("Content-Type", kind)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, format: str, *args: object) -> None:
        """Keep silent: the node's own log is the only one."""
