"""Every bound of the HTTP edge in one table."""

from __future__ import annotations

from dataclasses import dataclass

from pausenet.log.addcheckpoint import SUBMISSION_BYTES_MAX


@dataclass(frozen=True, slots=True, kw_only=True)
class EdgeLimits:
    """What the HTTP edge allows its callers; durations in real seconds."""

    header_bytes_max: int = 8 * 1024
    """Request line and headers together; more is answered by 431."""

    body_bytes_max: int = SUBMISSION_BYTES_MAX
    """The body of a request; more is answered by 413."""

    connections_max: int = 64
    """Connections at once; a further one is answered by 503 and closed."""

    connections_per_address_max: int = 32
    """Connections at once from one address; a further one is answered by 503 and closed."""

    requests_max: int = 1_000
    """Requests on one connection; then it is closed."""

    request_s: float = 10.0
    """From the end of one answer to the end of the next request, however slowly it drips."""

    answer_s: float = 10.0
    """To make an answer and have it taken; then the connection is cut."""
