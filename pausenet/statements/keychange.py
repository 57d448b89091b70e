"""Changes of a participant's keys, in its own log (protocol.md 5.4).

A rotation is signed by the old and the new statement key, a recovery by the recovery key and the
new statement key; each has two signatures, as nothing else in a participant's log has. Either
replaces every signing key of its author but the recovery key (decision 0013), and holds for
the entries after it.
"""

from __future__ import annotations

import base64
from dataclasses import dataclass
from typing import Final, Self

from pausenet.statements.canonical import Json
from pausenet.statements.fields import Fields, require, strictly_sorted
from pausenet.statements.register import Purpose, purposes_of, signature
from pausenet.values import NetworkId, ParticipantId, PublicKey, Role, Signature, TreeSize

ROTATED: Final = tuple(purpose for purpose in Purpose if purpose is not Purpose.RECOVERY)


def rotated_purposes(role: Role) -> tuple[Purpose, ...]:
    """The keys that a change of this role's keys brings anew."""
    return tuple(purpose for purpose in purposes_of(role) if purpose is not Purpose.RECOVERY)


@dataclass(frozen=True, slots=True, kw_only=True)
class NewKey:
    """A key that comes into use, with its own signature over `possession_message`."""

    purpose: Purpose
    key: PublicKey
    possession: Signature

    def to_json(self) -> Json:
        """The canonical form."""
        return {
            "purpose": str(self.purpose),
            "key": self.key.hex(),
            "possession": base64.b64encode(self.possession).decode(),
        }

    @classmethod
    def read(cls, value: Json, path: str) -> Self:
        """Read the canonical form."""
        fields = Fields(value, path)
        found = cls(
            purpose=fields.word("purpose", Purpose),
            key=fields.word("key", PublicKey.from_hex),
            possession=fields.word("possession", signature),
        )
        fields.done()
        require(found.purpose in ROTATED, f"{path}: the recovery key is not changed here")
        return found


@dataclass(frozen=True, slots=True, kw_only=True)
class KeyRotation:
    """New keys in place of the old ones.

    `handover` is the old log key's signature over `handover_message`: whoever has the statement
    key alone cannot put another log key in its place.
    """

    keys: tuple[NewKey, ...]
    handover: Signature

    def to_json(self) -> dict[str, Json]:
        """The canonical form."""
        return {
            "keys": [key.to_json() for key in self.keys],
            "handover": base64.b64encode(self.handover).decode(),
        }

    @classmethod
    def read(cls, fields: Fields) -> Self:
        """Read the canonical form."""
        return cls(keys=_read_keys(fields), handover=fields.word("handover", signature))


@dataclass(frozen=True, slots=True, kw_only=True)
class KeyRecovery:
    """New keys in place of keys of which their owner no longer knows what they signed.

    `resumes` is the size of the log that it goes on from: as much as k verifiers hold.
    """

    keys: tuple[NewKey, ...]
    resumes: TreeSize

    def to_json(self) -> dict[str, Json]:
        """The canonical form."""
        return {"keys": [key.to_json() for key in self.keys], "resumes": self.resumes}

    @classmethod
    def read(cls, fields: Fields) -> Self:
        """Read the canonical form."""
        return cls(keys=_read_keys(fields), resumes=fields.value("resumes", TreeSize))


def handover_message(
    network: NetworkId, participant: ParticipantId, seq: int, keys: tuple[NewKey, ...]
) -> bytes:
    """What the old log key signs in a rotation: the place it stands at, and the new keys."""
    lines = [f"{new.purpose} {new.key.hex()}" for new in keys]
    head = ["pausenet/handover/v1", network.hex(), str(participant), str(seq)]
    return "".join(f"{line}\n" for line in (*head, *lines)).encode()


def _read_keys(fields: Fields) -> tuple[NewKey, ...]:
    keys = fields.items("keys", NewKey.read, low=2, high=len(ROTATED))
    strictly_sorted(tuple(str(new.purpose) for new in keys), "keys")
    return keys
