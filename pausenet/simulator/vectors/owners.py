"""Participants who change their keys, on paper: well, or with one thing otherwise."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from typing import Final

from pausenet.crypto import SigningKey, envelope
from pausenet.protocol.register import Keyring
from pausenet.simulator.vectors.ground import Pen, run_of
from pausenet.statements import codec
from pausenet.statements.codec import Body
from pausenet.statements.declaration import Declaration
from pausenet.statements.keychange import (
    KeyRecovery,
    KeyRotation,
    NewKey,
    handover_message,
    rotated_purposes,
)
from pausenet.statements.register import Purpose, possession_message
from pausenet.values import Digest, ParticipantId, TreeSize

NOTHING: Final = Declaration(sites=(), meters=())
"""A statement that has nothing to do with keys."""

Brought = tuple[NewKey, ...]
Bend = Callable[[Brought], Brought]


def ring_of(who: ParticipantId, which: str) -> Keyring:
    """A fixed set of keys under a name."""
    keys = run_of("honest").setting.keys[who]

    def key(purpose: Purpose) -> SigningKey:
        return SigningKey.from_seed(Digest.of(f"case {who} {purpose} {which}".encode()))

    cosigns = keys.storing is not None
    return Keyring(
        id=who,
        role=keys.role,
        statement=key(Purpose.STATEMENT),
        log=key(Purpose.LOG),
        recovery=keys.recovery,
        storing=key(Purpose.STORING) if cosigns else None,
        witness=key(Purpose.WITNESS) if cosigns else None,
    )


@dataclass
class Owner(Pen):
    """A pen whose keys change; `rings` are its sets of keys, each with the place it begins at."""

    rings: list[tuple[int, Keyring]] = field(default_factory=list)

    @property
    def keys(self) -> Keyring:
        """The keys in use at the log's end."""
        return self.rings[-1][1] if self.rings else self.setting.keys[self.who]

    def at(self, place: int) -> Owner:
        """The same pen, with the keys that were in use at a place."""
        known = [each for each in self.rings if each[0] <= place]
        return replace(self, rings=known)

    def note(self, size: int | None = None, *cosigners: tuple[ParticipantId, int]) -> bytes:
        """A note by the log key in use at its size."""
        at = len(self.entries) if size is None else size
        return Pen.note(self.at(at), size, *cosigners)

    def fork(self, size: int) -> Owner:
        """The same log as it stood at a size, with the keys of then."""
        found = owner(self.who)
        for entry in self.entries[:size]:
            found.append(entry)
        found.rings = [each for each in self.rings if each[0] <= size]
        return found

    def brought(self, ring: Keyring) -> Brought:
        """What a change says of new keys, with their possession."""
        network, role = self.register.network_id, ring.role
        held = dict(ring.by_purpose())
        return tuple(
            NewKey(
                purpose=purpose,
                key=held[purpose].public_key,
                possession=held[purpose].sign(possession_message(network, self.who, role, purpose)),
            )
            for purpose in sorted(rotated_purposes(role))
        )

    def rotation(
        self,
        ring: Keyring,
        *,
        bend: Bend = lambda keys: keys,
        hands_over: SigningKey | None = None,
        place: int | None = None,
    ) -> KeyRotation:
        """The body of a rotation to a set of keys."""
        keys, at = bend(self.brought(ring)), len(self.entries) if place is None else place
        message = handover_message(self.register.network_id, self.who, at, keys)
        return KeyRotation(keys=keys, handover=(hands_over or self.keys.log).sign(message))

    def recovery(
        self, ring: Keyring, *, bend: Bend = lambda keys: keys, resumes: int | None = None
    ) -> KeyRecovery:
        """The body of a recovery with a set of keys."""
        at = len(self.entries) if resumes is None else resumes
        return KeyRecovery(keys=bend(self.brought(ring)), resumes=TreeSize(at))

    def by(self, body: Body, *signers: SigningKey) -> bytes:
        """A statement at the log's end, signed by anybody."""
        return envelope.seal(codec.encode(self.statement(body)), signers)

    def turns(self, body: KeyRotation | KeyRecovery, ring: Keyring, *signers: SigningKey) -> Owner:
        """Append a change of keys, and go on with the new ones; by whom it asks unless told."""
        first = self.keys.recovery if isinstance(body, KeyRecovery) else self.keys.statement
        self.append(self.by(body, *(signers or (first, ring.statement))))
        self.rings.append((len(self.entries), ring))
        return self

    def rotates(self, which: str = "second") -> Owner:
        """A rotation as it should be."""
        ring = ring_of(self.who, which)
        return self.turns(self.rotation(ring), ring)

    def recovers(self, which: str = "rescued") -> Owner:
        """A recovery as it should be."""
        ring = ring_of(self.who, which)
        return self.turns(self.recovery(ring), ring)

    def says(self, *bodies: Body) -> Owner:
        """Say these, or something that does not matter."""
        for body in bodies or (NOTHING,):
            self.say(body)
        return self


def owner(who: ParticipantId) -> Owner:
    """An empty log of somebody in the honest network."""
    return Owner(setting=run_of("honest").setting, who=who)


def without(purpose: Purpose) -> Bend:
    """A change that leaves a key out."""
    return lambda keys: tuple(each for each in keys if each.purpose is not purpose)


def swapped(one: Keyring, purposes: Sequence[Purpose]) -> Bend:
    """A change with these keys taken from another set."""
    held = dict(one.by_purpose())
    return lambda keys: tuple(
        replace(each, key=held[each.purpose].public_key) if each.purpose in purposes else each
        for each in keys
    )
