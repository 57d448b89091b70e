"""The words everybody uses: small values that cannot be wrong.

Each is checked at birth and raises `ValueError` with what was expected and found. Decoders
turn that into their own error. Units stand in the names: compute in whole petaFLOP, energy in
whole watt-hours, time in whole Unix seconds of *network time* (protocol.md 4.4).
"""

from __future__ import annotations

import hashlib
import re
from dataclasses import dataclass
from enum import StrEnum
from functools import lru_cache
from typing import Final, Self

INTEGER_MAX: Final = 2**53 - 1
"""The largest integer of a statement: what RFC 8785 can carry exactly."""

_HEX64: Final = re.compile(r"[0-9a-f]{64}\Z")
_ID: Final = re.compile(r"[a-z][a-z0-9-]{0,31}\Z")
_ORIGIN: Final = re.compile(
    r"(pausenet\.register|pausenet\.[0-9a-f]{32}/[a-z]{1,16}/[a-z][a-z0-9-]{0,31}"
    r"(/storing|/witness)?)\Z"
)


class _FixedBytes(bytes):
    """Bytes of one fixed length."""

    LENGTH: int = 0

    def __new__(cls, value: bytes) -> Self:
        if len(value) != cls.LENGTH:
            raise ValueError(f"{cls.__name__}: expected {cls.LENGTH} bytes, found {len(value)}")
        return bytes.__new__(cls, value)

    @classmethod
    def from_hex(cls, text: str) -> Self:
        """Parse lowercase hexadecimal, nothing else."""
        try:
            value = bytes.fromhex(text)
        except ValueError:
            value = b""
        # `fromhex` takes spaces and upper case too: only the spelling that comes back counts.
        if len(value) != cls.LENGTH or value.hex() != text:
            raise ValueError(f"{cls.__name__}: expected {2 * cls.LENGTH} lowercase hex digits")
        return cls(value)

    def __repr__(self) -> str:
        return f"{type(self).__name__}({self.hex()})"

    def __str__(self) -> str:
        return self.hex()


class Digest(_FixedBytes):
    """A SHA-256 digest."""

    LENGTH = 32

    @classmethod
    def of(cls, *parts: bytes) -> Self:
        """SHA-256 over the parts, one after the other."""
        return cls(hashlib.sha256(b"".join(parts)).digest())


class StatementId(Digest):
    """SHA-256 of a statement's pre-authentication encoding: its identity (protocol.md 2.3)."""


class NetworkId(StatementId):
    """The statement_id of a register's genesis entry: the one trust root (protocol.md 5.1)."""

    @property
    def short(self) -> str:
        """The first 32 hex digits, as origins and certificates carry them."""
        return self.hex()[:32]


class PublicKey(_FixedBytes):
    """A raw Ed25519 public key; use `crypto.strict` to judge one."""

    LENGTH = 32

    @property
    def key_id(self) -> KeyId:
        """SHA-256 of the raw key, in lowercase hex (protocol.md 2.2)."""
        return _key_id_of(self)


class Signature(_FixedBytes):
    """A raw Ed25519 signature."""

    LENGTH = 64


class Salt(_FixedBytes):
    """32 fresh random bytes that hide a guessable value behind its digest."""

    LENGTH = 32


@lru_cache(maxsize=1_024)
def _key_id_of(key: PublicKey) -> KeyId:
    """Remembered, since each signature that is checked asks for it."""
    return KeyId(hashlib.sha256(key).hexdigest())


class KeyId(str):
    """Lowercase hex SHA-256 of a raw public key."""

    __slots__ = ()

    def __new__(cls, value: str) -> Self:
        if not _HEX64.match(value):
            raise ValueError("KeyId: expected 64 lowercase hex digits")
        return super().__new__(cls, value)


class ParticipantId(str):
    """A participant's id, unique in its network over all roles (protocol.md 2.11)."""

    __slots__ = ()

    def __new__(cls, value: str) -> Self:
        if not _ID.match(value):
            raise ValueError(f"ParticipantId: expected [a-z][a-z0-9-]{{0,31}}, found {value!r:.80}")
        return super().__new__(cls, value)


class Role(StrEnum):
    """What a participant is (protocol.md 1)."""

    LAB = "lab"
    METER = "meter"
    VERIFIER = "verifier"
    REGISTRAR = "registrar"
    ADJUDICATOR = "adjudicator"
    EVALUATOR = "evaluator"
    HOST = "host"
    AUTHORITY = "authority"

    @property
    def speaks_only(self) -> bool:
        """Whether it has a log and says things, but neither measures nor verifies."""
        return self in _SPEAKERS

    @property
    def with_article(self) -> str:
        """The role as a sentence names somebody who has it: `a lab`, `an adjudicator`."""
        return f"{'an' if self[0] in 'ae' else 'a'} {self}"


_SPEAKERS: Final = (Role.ADJUDICATOR, Role.EVALUATOR, Role.HOST, Role.AUTHORITY)


class Origin(str):
    """The name of a log or of a cosigner (protocol.md 3.4).

    >>> Origin("pausenet.0123456789abcdef0123456789abcdef/lab/aurora").participant
    'aurora'
    """

    __slots__ = ()

    def __new__(cls, value: str) -> Self:
        if not _ORIGIN.match(value):
            raise ValueError(f"Origin: not an origin of a pausenet network: {value!r:.120}")
        return super().__new__(cls, value)

    @classmethod
    def of(cls, network: NetworkId, role: Role, participant: ParticipantId) -> Self:
        """The origin of a participant's log."""
        return cls(f"pausenet.{network.short}/{role}/{participant}")

    @property
    def participant(self) -> ParticipantId:
        """Whose log it is; `registrar` for the register itself."""
        if self == REGISTER_ORIGIN:
            return ParticipantId("registrar")
        return ParticipantId(self.split("/")[2])

    @property
    def storing(self) -> Origin:
        """The name of this verifier's storing cosigner."""
        return Origin(f"{self}/storing")

    @property
    def witness(self) -> Origin:
        """The name of this verifier's witness cosigner."""
        return Origin(f"{self}/witness")


REGISTER_ORIGIN: Final = Origin("pausenet.register")


class _Whole(int):
    """An integer from 0 to 2^53 - 1."""

    __slots__ = ()

    def __new__(cls, value: int) -> Self:
        if type(value) is int and 0 <= value <= INTEGER_MAX:
            return int.__new__(cls, value)
        if type(value) is cls:
            return value
        if not isinstance(value, int) or value is True or value is False:
            raise ValueError(f"{cls.__name__}: expected an integer, found {value!r:.40}")
        if not 0 <= value <= INTEGER_MAX:
            raise ValueError(f"{cls.__name__}: expected 0..2^53-1, found {value!r:.40}")
        return int.__new__(cls, value)


class Seq(_Whole):
    """A statement's place in its log: the Merkle leaf index."""

    __slots__ = ()


class TreeSize(_Whole):
    """A number of leaves."""

    __slots__ = ()


class NetworkTime(_Whole):
    """Unix seconds of network time: start + speed x elapsed (protocol.md 4.4)."""

    __slots__ = ()


class Pflop(_Whole):
    """Operations in whole petaFLOP (10^15); rounding is up."""

    __slots__ = ()


class WattHours(_Whole):
    """Energy in whole watt-hours; rounding is up."""

    __slots__ = ()


class AcceleratorSeconds(_Whole):
    """Occupied time summed over accelerators, in whole seconds; rounding is up."""

    __slots__ = ()


class PeriodIndex(_Whole):
    """The number of a period, from 0."""

    __slots__ = ()


FIRST_PERIOD: Final = PeriodIndex(0)


@dataclass(frozen=True, slots=True, kw_only=True)
class Period:
    """A half-open span of network time, `start <= t < end`, with its index."""

    index: PeriodIndex
    start: NetworkTime
    end: NetworkTime

    def __post_init__(self) -> None:
        if not self.start < self.end:
            raise ValueError(f"Period {self.index}: expected start < end, found {self.start}")


@dataclass(frozen=True, slots=True, kw_only=True)
class Quorum:
    """How many verifiers there are and how many must agree: f = floor((n-1)/3), k = n - f.

    >>> Quorum(n=4).k, Quorum(n=7).k, Quorum(n=10).k
    (3, 5, 7)
    """

    n: int

    def __post_init__(self) -> None:
        if not (self.n == 1 or 4 <= self.n <= 64):
            raise ValueError(f"Quorum: expected n = 1 (the mode `single`) or 4..64, found {self.n}")

    @property
    def f(self) -> int:
        """The number of faulty verifiers that is borne."""
        return (self.n - 1) // 3

    @property
    def k(self) -> int:
        """The number of verifiers that must agree."""
        return self.n - self.f
