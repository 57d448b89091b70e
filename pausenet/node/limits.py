"""Every bound of a node's transport in one table, and the token bucket that keeps a rate.

The numbers are those of reliability.md 5; a deviation says why.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from pausenet.values import Role
from pausenet.wire.codec import MESSAGE_BYTES_MAX

_MIB: Final = 1024 * 1024


@dataclass(frozen=True, slots=True, kw_only=True)
class Rate:
    """Messages a second in the long run, and at once after a rest."""

    per_s: float
    burst: int

    def __post_init__(self) -> None:
        if self.per_s <= 0 or self.burst < 1:
            raise ValueError(f"Rate: expected more than nothing, found {self}")


@dataclass(frozen=True, slots=True, kw_only=True)
class Limits:
    """What a node allows its peers and itself; durations in real seconds."""

    message_bytes_max: int = MESSAGE_BYTES_MAX
    """One message in its protobuf form; entries, notes and bundles have their own bounds."""

    metadata_bytes_soft_max: int = 8 * 1024
    """Metadata above this is refused with rising probability."""

    metadata_bytes_max: int = 16 * 1024
    """Metadata above this is always refused."""

    rpcs_max: int = 64
    """Calls under way in all; at least two for every member of the register are allowed."""

    rpcs_per_identity_max: int = 8
    """Calls under way for one participant, streams included."""

    streams_per_connection_max: int = 16
    """HTTP/2 streams under way on one connection."""

    participant_rate: Rate = Rate(per_s=50, burst=200)
    """Messages and calls of one lab or meter, counted before any signature is checked."""

    verifier_rate: Rate = Rate(per_s=500, burst=2_000)
    """Messages and calls of one verifier: it speaks of every log of the network, so tenfold."""

    handshake_s: float = 5.0
    """TCP accept to the end of the TLS handshake; also a client's wait for a stream to open."""

    query_s: float = 10.0
    """A client's deadline for one unary call."""

    idle_s: float = 300.0
    """A connection without calls is closed after this."""

    age_s: float = 1_800.0
    """Any connection is closed after this, so that certificates are looked at anew."""

    age_grace_s: float = 10.0
    """What streams under way then have left."""

    keepalive_s: float = 30.0
    """A ping after this much silence."""

    keepalive_timeout_s: float = 10.0
    """A connection whose ping is not answered within this is dead."""

    ping_interval_min_s: float = 10.0
    """Pings without data that come faster count as strikes."""

    ping_strikes_max: int = 2
    """A connection with more strikes is closed."""

    reconnect_min_s: float = 0.05
    """The first wait before a way is tried again."""

    reconnect_max_s: float = 1.0
    """The longest: waits double up to here."""

    queue_messages_max: int = 1_024
    """Messages that wait for one peer; more are dropped and counted."""

    queue_bytes_max: int = 16 * _MIB
    """Bytes that wait for one peer; more are dropped and counted."""

    def rate_of(self, role: Role) -> Rate:
        """The rate of a participant of this role."""
        return self.verifier_rate if role is Role.VERIFIER else self.participant_rate


class TokenBucket:
    """Holds up to `burst` tokens, gains `per_s` a second, and is full at first."""

    __slots__ = ("_at_s", "_rate", "_tokens")

    def __init__(self, rate: Rate, now_s: float) -> None:
        self._rate, self._tokens, self._at_s = rate, float(rate.burst), now_s

    def take(self, now_s: float) -> bool:
        """Take one token if there is one; `now_s` comes from a monotonic clock."""
        gained = max(0.0, now_s - self._at_s) * self._rate.per_s
        self._tokens = min(float(self._rate.burst), self._tokens + gained)
        self._at_s = max(self._at_s, now_s)
        if self._tokens < 1.0:
            return False
        self._tokens -= 1.0
        return True

    @property
    def wait_s(self) -> float:
        """How long after the last `take` the next token comes."""
        return max(0.0, (1.0 - self._tokens) / self._rate.per_s)
