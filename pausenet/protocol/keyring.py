"""A participant's signing keys, as its own machine holds them."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Self

from pausenet.crypto.keys import SigningKey
from pausenet.protocol.succession import Succession
from pausenet.statements.register import Purpose, purposes_of
from pausenet.values import Digest, ParticipantId, Role, Salt


@dataclass(frozen=True, slots=True, kw_only=True)
class Keyring:
    """A participant's signing keys, one a purpose; only verifiers cosign.

    `later` are the sets that replace these, in order: the last one is to be in use. A set that
    `recovers` takes over by a recovery entry, any other by a rotation.
    `chain` is the seed of a verifier's hash chain; a verifier without one draws nothing.
    """

    id: ParticipantId
    role: Role
    statement: SigningKey
    log: SigningKey
    recovery: SigningKey
    storing: SigningKey | None = None
    witness: SigningKey | None = None
    chain: Salt | None = field(default=None, repr=False)
    later: tuple[Keyring, ...] = ()
    recovers: bool = False

    def by_purpose(self) -> tuple[tuple[Purpose, SigningKey], ...]:
        """The keys that a participant of this role registers."""
        held = {
            Purpose.STATEMENT: self.statement,
            Purpose.LOG: self.log,
            Purpose.RECOVERY: self.recovery,
            Purpose.STORING: self.storing,
            Purpose.WITNESS: self.witness,
        }
        return tuple((purpose, key) for purpose in purposes_of(self.role) if (key := held[purpose]))

    def in_use(self, succession: Succession) -> Keyring | None:
        """The set that a log has come to; None where it is not among these."""
        now = succession.now.statement
        if not self.later:
            return self if self.statement.public_key == now else None
        sets = (self, *self.later)
        return next((each for each in sets if each.statement.public_key == now), None)

    def following(self, succession: Succession) -> Keyring | None:
        """The set that is to replace the one in use; None where that is the last."""
        sets = (self, *self.later)
        unused = [each for each in sets if not succession.has_used(each.statement.public_key)]
        return unused[-1] if unused else None

    def __deepcopy__(self, memo: object) -> Self:
        return self


@dataclass(frozen=True, slots=True, kw_only=True)
class Applicant:
    """A participant before the register is composed."""

    keys: Keyring
    bloc: str
    group: str
    tls_spki: Digest
