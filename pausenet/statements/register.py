"""The register's entries: who takes part, with which keys (protocol.md 5.1)."""

from __future__ import annotations

import base64
import binascii
from dataclasses import dataclass
from enum import StrEnum
from typing import Final, Self

from pausenet.statements.canonical import Json
from pausenet.statements.fields import Fields, require, strictly_sorted
from pausenet.values import (
    Digest,
    NetworkId,
    Origin,
    ParticipantId,
    PublicKey,
    Quorum,
    Role,
    Signature,
)

PARTICIPANTS_MAX: Final = 256


class Purpose(StrEnum):
    """One Ed25519 key per purpose (protocol.md 3.7); the TLS key stands beside them by digest."""

    STATEMENT = "statement"
    LOG = "log"
    STORING = "storing"
    WITNESS = "witness"
    RECOVERY = "recovery"


def purposes_of(role: Role) -> tuple[Purpose, ...]:
    """The keys a participant of this role registers; only verifiers cosign."""
    if role is Role.VERIFIER:
        return tuple(Purpose)
    return tuple(p for p in Purpose if p not in (Purpose.STORING, Purpose.WITNESS))


@dataclass(frozen=True, slots=True, kw_only=True)
class Participant:
    """A participant as the genesis entry names it: its statement key is pinned by the network id.

    No register fork can then put another key under its name.
    """

    id: ParticipantId
    role: Role
    bloc: str
    statement_key: PublicKey

    def to_json(self) -> Json:
        """The canonical form."""
        return {
            "id": self.id,
            "role": str(self.role),
            "bloc": self.bloc,
            "statement_key": self.statement_key.hex(),
        }

    @classmethod
    def read(cls, value: Json, path: str) -> Self:
        """Read the canonical form."""
        fields = Fields(value, path)
        found = cls(
            id=fields.word("id", ParticipantId),
            role=fields.word("role", Role),
            bloc=fields.text("bloc", 64),
            statement_key=fields.word("statement_key", PublicKey.from_hex),
        )
        fields.done()
        return found


@dataclass(frozen=True, slots=True, kw_only=True)
class Genesis:
    """The register's first entry: participants, quorum and the bounds on clocks and delays.

    `epsilon_s` bounds the difference of honest verifiers' clocks, `delta_s` a message's delay,
    both in seconds of network time; `speed` is network seconds per real second.
    """

    name: str
    registrar_log_key: PublicKey
    participants: tuple[Participant, ...]
    epsilon_s: int
    delta_s: int
    heartbeat_s: int
    speed: int

    @property
    def quorum(self) -> Quorum:
        """n, k and f over the register's verifiers."""
        return Quorum(n=sum(p.role is Role.VERIFIER for p in self.participants))

    def to_json(self) -> dict[str, Json]:
        """The canonical form."""
        return {
            "name": self.name,
            "registrar_log_key": self.registrar_log_key.hex(),
            "participants": [item.to_json() for item in self.participants],
            "n": self.quorum.n,
            "k": self.quorum.k,
            "epsilon_s": self.epsilon_s,
            "delta_s": self.delta_s,
            "heartbeat_s": self.heartbeat_s,
            "speed": self.speed,
        }

    @classmethod
    def read(cls, fields: Fields) -> Self:
        """Read the canonical form."""
        n, k = fields.integer("n", 1, 64), fields.integer("k", 1, 64)
        found = cls(
            name=fields.text("name", 64),
            registrar_log_key=fields.word("registrar_log_key", PublicKey.from_hex),
            participants=fields.items(
                "participants", Participant.read, low=2, high=PARTICIPANTS_MAX
            ),
            epsilon_s=fields.integer("epsilon_s", 1, 10_000_000),
            delta_s=fields.integer("delta_s", 1, 10_000_000),
            heartbeat_s=fields.integer("heartbeat_s", 1, 10_000_000),
            speed=fields.integer("speed", 1, 10_000_000),
        )
        strictly_sorted(tuple(str(p.id) for p in found.participants), "participants")
        registrars = [p for p in found.participants if p.role is Role.REGISTRAR]
        require(len(registrars) == 1, "participants: expected one registrar")
        verifiers = sum(p.role is Role.VERIFIER for p in found.participants)
        require(
            verifiers == 1 or 4 <= verifiers <= 64, "participants: expected 1 or 4..64 verifiers"
        )
        require((n, k) == (found.quorum.n, found.quorum.k), "n, k: not those of the participants")
        return found


@dataclass(frozen=True, slots=True, kw_only=True)
class RegisterEntry:
    """One participant's binding of id, role, bloc, origin, keys and independence group.

    `possession` holds, for every Ed25519 key, its signature over `possession_message`.
    `tls_spki` is the SHA-256 of the TLS key's SubjectPublicKeyInfo: the handshake shows its
    possession, and it may be of any kind that TLS libraries take (decision 0003).
    """

    id: ParticipantId
    role: Role
    bloc: str
    origin: Origin
    group: str
    tls_spki: Digest
    keys: tuple[tuple[Purpose, PublicKey], ...]
    possession: tuple[tuple[Purpose, Signature], ...]

    def to_json(self) -> dict[str, Json]:
        """The canonical form."""
        return {
            "id": self.id,
            "role": str(self.role),
            "bloc": self.bloc,
            "origin": self.origin,
            "group": self.group,
            "tls_spki": self.tls_spki.hex(),
            "keys": {str(purpose): key.hex() for purpose, key in self.keys},
            "possession": {
                str(purpose): base64.b64encode(proof).decode() for purpose, proof in self.possession
            },
        }

    @classmethod
    def read(cls, fields: Fields) -> Self:
        """Read the canonical form."""
        role = fields.word("role", Role)
        keys, possession = fields.inner("keys"), fields.inner("possession")
        found = cls(
            id=fields.word("id", ParticipantId),
            role=role,
            bloc=fields.text("bloc", 64),
            origin=fields.word("origin", Origin),
            group=fields.text("group", 64),
            tls_spki=fields.digest("tls_spki"),
            keys=tuple((p, keys.word(p, PublicKey.from_hex)) for p in purposes_of(role)),
            possession=tuple((p, possession.word(p, signature)) for p in purposes_of(role)),
        )
        keys.done()
        possession.done()
        return found


def possession_message(
    network: NetworkId, participant: ParticipantId, role: Role, purpose: Purpose
) -> bytes:
    """What each key signs to show that its owner registers it here, for this."""
    return f"pausenet/possession/v1\n{network.hex()}\n{participant}\n{role}\n{purpose}\n".encode()


def signature(text: str) -> Signature:
    """A signature in strict base64; raise `ValueError` otherwise."""
    try:
        raw = base64.b64decode(text, validate=True)
    except (binascii.Error, ValueError) as error:
        raise ValueError("expected base64") from error
    if base64.b64encode(raw).decode() != text:
        raise ValueError("expected canonical base64")
    return Signature(raw)
