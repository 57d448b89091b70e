"""Which keys are a participant's at a place of its log (protocol.md 5.4): the one answer.

A participant begins with the keys that the register binds. A change of keys at place r of its log
begins a new era: entries from r + 1 on, and checkpoints of sizes from r + 1 on, are by the new
keys. Mirrors, judges, cosigners and readers all ask here.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from functools import lru_cache
from typing import Final, Self

from pausenet.crypto import envelope
from pausenet.crypto.strict import check_registrable, verify
from pausenet.errors import InvalidSignature, MalformedEnvelope, MalformedStatement
from pausenet.log.cosignature import cosigner_key
from pausenet.log.vkey import KeyName, KeyType, VerifierKey
from pausenet.statements import codec
from pausenet.statements.codec import Statement
from pausenet.statements.keychange import (
    KeyRecovery,
    KeyRotation,
    NewKey,
    handover_message,
    rotated_purposes,
)
from pausenet.statements.register import Purpose, possession_message
from pausenet.values import (
    KeyId,
    NetworkId,
    Origin,
    ParticipantId,
    PublicKey,
    Role,
    StatementId,
)

OPENED_MAX: Final = 256
"""How many of a participant's latest entries are remembered as opened."""
_REMEMBERED_BYTES_MAX: Final = 16_384


class FormerKey(InvalidSignature):
    """A signature by a key that its owner had already replaced: refused, and never a fault."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Era:
    """The keys of a stretch of a log; `entry` is the change that began it, empty for the first.

    `keys` are all of them, those too that sign nothing in logs; `recovered` says that a recovery
    began it, which revokes every key before.
    """

    start: int
    keys: frozenset[PublicKey]
    statement: PublicKey
    log: VerifierKey
    storing: VerifierKey | None
    entry: bytes = b""
    recovered: bool = False

    @classmethod
    def of(
        cls,
        origin: Origin,
        keys: Mapping[Purpose, PublicKey],
        start: int = 0,
        entry: bytes = b"",
        *,
        recovered: bool = False,
    ) -> Self:
        """The era in which these keys are in use."""
        log, storing = keys[Purpose.LOG], keys.get(Purpose.STORING)
        return cls(
            start=start,
            keys=frozenset(keys.values()),
            statement=keys[Purpose.STATEMENT],
            log=VerifierKey(name=KeyName(origin), type=KeyType.LOG, public_key=log),
            storing=None if storing is None else cosigner_key(KeyName(origin.storing), storing),
            entry=entry,
            recovered=recovered,
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Succession:
    """A participant's keys, era after era."""

    network: NetworkId
    id: ParticipantId
    role: Role
    origin: Origin
    recovery: PublicKey
    eras: tuple[Era, ...]
    _opened: dict[bytes, tuple[Statement, StatementId]] = field(
        init=False, default_factory=dict, compare=False, repr=False
    )

    @classmethod
    def first(
        cls,
        network: NetworkId,
        participant: ParticipantId,
        role: Role,
        origin: Origin,
        keys: Mapping[Purpose, PublicKey],
    ) -> Self:
        """The succession of a participant that has changed no key yet."""
        return cls(
            network=network,
            id=participant,
            role=role,
            origin=origin,
            recovery=keys[Purpose.RECOVERY],
            eras=(Era.of(origin, keys),),
        )

    @property
    def used(self) -> frozenset[PublicKey]:
        """All keys it has ever had."""
        return frozenset().union({self.recovery}, *(era.keys for era in self.eras))

    def has_used(self, key: PublicKey) -> bool:
        """Whether it has ever had this key."""
        return key == self.recovery or any(key in era.keys for era in self.eras)

    @property
    def now(self) -> Era:
        """The latest era known."""
        return self.eras[-1]

    def at(self, place: int) -> Era:
        """The era of the entry at a place, and of the checkpoint of that size."""
        if len(self.eras) == 1:
            return self.eras[0]
        return next(era for era in reversed(self.eras) if era.start <= place)

    def until(self, place: int) -> Self:
        """What was so before the entry at a place, whatever came after it."""
        return replace(self, eras=tuple(era for era in self.eras if era.start <= place))

    def storing_keys(self) -> tuple[VerifierKey, ...]:
        """Every storing key this participant has had, the latest first."""
        return tuple(era.storing for era in reversed(self.eras) if era.storing is not None)

    def changes(self, place: int) -> tuple[bytes, ...]:
        """The entries that show whose key is in use at a place, in their order."""
        return tuple(era.entry for era in self.eras[1:] if era.start <= place)

    def revoked_by(self, place: int) -> Era | None:
        """The first recovery after a place: it revokes the key in use there. None without one."""
        return next((era for era in self.eras if era.recovered and era.start > place), None)

    def open(self, entry: bytes) -> tuple[Statement, StatementId]:
        """Decode an entry and require the signatures that its place and kind ask for.

        Raises `MalformedInput`, `InvalidSignature`, and `FormerKey` for a key replaced before.
        What was opened is remembered for a while: an entry comes to a process by many ways.
        """
        found = self._opened.get(entry)
        if found is None:
            found = self._opened[entry] = self._open(entry)
            if len(self._opened) > OPENED_MAX:
                del self._opened[next(iter(self._opened))]
        return found

    def _open(self, entry: bytes) -> tuple[Statement, StatementId]:
        sealed, statement, identity = _opened(entry)
        place = int(statement.seq)
        keys = {self.at(place).statement}
        match statement.body:
            case KeyRotation(keys=new):
                keys.add(_new_statement_key(new))
            case KeyRecovery(keys=new):
                keys = {self.recovery, _new_statement_key(new)}
        by_id = {key.key_id: key for key in keys}
        signers = {each.key_id for each in sealed.signatures}
        former = {era.statement.key_id for era in self.eras if era.start <= place}
        if not signers <= set(by_id) and signers <= former | set(by_id):
            self._require_valid(sealed, signers)
            raise FormerKey(f"{self.id} had replaced this key before place {place}")
        sealed.verify(by_id)
        if signers != set(by_id):
            raise InvalidSignature(f"{self.id}: an entry is not signed by those who must")
        return statement, identity

    def after(self, entry: bytes) -> Self:
        """The succession after an entry of this log; the same for any but a change of keys.

        Raises what `open` raises, and `InvalidKey` for a key outside the strict profile.
        """
        statement, _ = self.open(entry)
        return self.after_opened(entry, statement)

    def after_opened(self, entry: bytes, statement: Statement) -> Self:
        """The succession after an entry that `open` has just opened; raises as `after` does."""
        body = statement.body
        if not isinstance(body, KeyRotation | KeyRecovery):
            return self
        place = int(statement.seq)
        if statement.author != self.id or statement.origin != self.origin:
            raise MalformedStatement("a change of keys in another's log")
        if self.now.start > place:
            raise MalformedStatement("a change of keys before the last one")
        # 5.4.1 It brings each key of the role but the recovery key, all new and in its hands.
        if tuple(new.purpose for new in body.keys) != tuple(sorted(rotated_purposes(self.role))):
            raise MalformedStatement("a change of keys brings every key of its role")
        for new in body.keys:
            check_registrable(new.key)
            message = possession_message(self.network, self.id, self.role, new.purpose)
            if not verify(new.key, new.possession, message):
                raise InvalidSignature(f"{self.id} does not show possession of {new.purpose}")
        fresh = frozenset(new.key for new in body.keys)
        if len(fresh) != len(body.keys) or fresh & self.used:
            raise MalformedStatement("a change of keys brings a key that was in use")
        match body:
            case KeyRotation(keys=brought, handover=handover):
                # 5.4.2 The old log key agrees to hand over.
                said = handover_message(self.network, self.id, place, brought)
                if not verify(self.now.log.public_key, handover, said):
                    raise InvalidSignature(f"{self.id}: the old log key does not hand over")
            case KeyRecovery(resumes=resumes):
                # 5.4.3 A recovery names the size that it goes on from: its own place.
                if resumes != place:
                    raise MalformedStatement("a recovery at another place than it names")
        keys = {new.purpose: new.key for new in body.keys}
        recovered = isinstance(body, KeyRecovery)
        era = Era.of(self.origin, keys, place + 1, entry, recovered=recovered)
        return replace(self, eras=(*self.eras, era))

    def _require_valid(self, sealed: envelope.Envelope, signers: set[KeyId]) -> None:
        known = {era.statement.key_id: era.statement for era in self.eras}
        known[self.recovery.key_id] = self.recovery
        if not signers <= set(known):
            raise InvalidSignature(f"{self.id}: an entry is not signed by those who must")
        sealed.verify(known)


def open_envelope(entry: bytes) -> tuple[envelope.Envelope, Statement]:
    """Decode an entry and its statement; two signatures are only for changes of keys (2.1)."""
    return _opened(entry)[:2]


def changes_keys(statement: Statement) -> bool:
    """Whether its author has other keys after it."""
    return isinstance(statement.body, KeyRotation | KeyRecovery)


def _open_envelope(entry: bytes) -> tuple[envelope.Envelope, Statement, StatementId]:
    sealed = envelope.decode(entry, signatures_max=envelope.SIGNATURES_MAX)
    statement = codec.decode(sealed.payload)
    expected = 2 if isinstance(statement.body, KeyRotation | KeyRecovery) else 1
    if len(sealed.signatures) != expected:
        raise MalformedEnvelope(
            f"expected {expected} signatures, found {len(sealed.signatures)} on {statement.kind}"
        )
    return sealed, statement, sealed.statement_id


_remembered = lru_cache(maxsize=2_048)(_open_envelope)


def _opened(entry: bytes) -> tuple[envelope.Envelope, Statement, StatementId]:
    """An entry with its identity; the last few thousand small ones are remembered."""
    return _remembered(entry) if len(entry) <= _REMEMBERED_BYTES_MAX else _open_envelope(entry)


def _new_statement_key(keys: tuple[NewKey, ...]) -> PublicKey:
    for new in keys:
        if new.purpose is Purpose.STATEMENT:
            return new.key
    raise MalformedStatement("a change of keys without a statement key")
