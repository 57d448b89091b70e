"""The register: who takes part, with which keys; its network id is the one trust root.

The register is a log (protocol.md 5.1). Its genesis entry names every participant with its
statement key, so the network id pins those keys: no fork of the register can put another key
under a name. Each further entry binds one participant's other keys and is signed by the
registrar and by that participant. The agreement stands in the same log.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Final, Self

from pausenet.crypto import envelope
from pausenet.crypto.keys import SigningKey
from pausenet.crypto.strict import check_registrable, verify
from pausenet.errors import (
    InvalidKey,
    InvalidRegister,
    InvalidSignature,
    MalformedInput,
)
from pausenet.log.cosignature import cosigner_key
from pausenet.log.merkle import Tree, leaf_hash
from pausenet.log.opened import open_note
from pausenet.log.vkey import KeyName, VerifierKey
from pausenet.protocol.succession import Succession
from pausenet.statements import codec
from pausenet.statements.agreement import Agreement
from pausenet.statements.register import (
    Genesis,
    Participant,
    Purpose,
    RegisterEntry,
    possession_message,
    purposes_of,
)
from pausenet.values import (
    REGISTER_ORIGIN,
    Digest,
    NetworkId,
    Origin,
    ParticipantId,
    PublicKey,
    Quorum,
    Role,
    Salt,
    Signature,
    TreeSize,
)

ENTRIES_MAX: Final = 512


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
        sets = (self, *self.later)
        return next((each for each in sets if each.statement.public_key == now), None)

    def following(self, succession: Succession) -> Keyring | None:
        """The set that is to replace the one in use; None where that is the last."""
        sets = (self, *self.later)
        unused = [each for each in sets if each.statement.public_key not in succession.used]
        return unused[-1] if unused else None

    def __deepcopy__(self, memo: object) -> Self:
        return self


@dataclass(frozen=True, slots=True, kw_only=True)
class Member:
    """A participant as the register binds it.

    `keys` are those of the register; `succession` says which are in use where in its log.
    """

    id: ParticipantId
    role: Role
    bloc: str
    group: str
    origin: Origin
    keys: Mapping[Purpose, PublicKey]
    tls_spki: Digest
    succession: Succession

    @property
    def log_key(self) -> VerifierKey:
        """The log key that the register binds."""
        return self.succession.eras[0].log

    @property
    def storing_key(self) -> VerifierKey | None:
        """The storing key that the register binds; None for who does not cosign."""
        return self.succession.eras[0].storing

    @property
    def witness_key(self) -> VerifierKey | None:
        """The key of a verifier's witness cosigner; nobody else has one."""
        key = self.keys.get(Purpose.WITNESS)
        return None if key is None else cosigner_key(KeyName(self.origin.witness), key)


@dataclass(frozen=True, slots=True, kw_only=True)
class Applicant:
    """A participant before the register is composed."""

    keys: Keyring
    bloc: str
    group: str
    tls_spki: Digest


@dataclass(frozen=True, slots=True, kw_only=True)
class Register:
    """A register whose every signature and link has been checked; only `load` makes one."""

    network_id: NetworkId
    genesis: Genesis
    members: Mapping[ParticipantId, Member]
    agreement: Agreement
    agreement_digest: Digest
    quorum: Quorum
    entries: tuple[bytes, ...]
    note: bytes
    root: Digest
    verifiers: tuple[ParticipantId, ...]
    by_origin: Mapping[Origin, Member] = field(repr=False)

    @property
    def size(self) -> TreeSize:
        """The number of entries."""
        return TreeSize(len(self.entries))

    def with_role(self, role: Role) -> tuple[Member, ...]:
        """The members of one role, in register order."""
        return tuple(member for member in self.members.values() if member.role is role)

    def origin_of(self, participant: ParticipantId) -> Origin:
        """The origin of a participant's log."""
        return self.members[participant].origin

    def storing_keys(self) -> tuple[VerifierKey, ...]:
        """The storing cosigner keys of all verifiers, in register order."""
        return tuple(
            key for name in self.verifiers if (key := self.members[name].storing_key) is not None
        )

    def succeeded(self, *successions: Succession) -> Self:
        """The same register, with what these participants' logs say of their keys."""
        members = dict(self.members)
        for found in successions:
            members[found.id] = replace(members[found.id], succession=found)
        return replace(
            self,
            members=members,
            by_origin={member.origin: member for member in members.values()},
        )

    def at_first(self) -> Self:
        """The same register, before anybody has changed a key."""
        known = [member.succession for member in self.members.values()]
        changed = [each.until(0) for each in known if len(each.eras) > 1]
        return self.succeeded(*changed) if changed else self

    def __deepcopy__(self, memo: object) -> Self:
        return self

    def witness_keys(self) -> tuple[VerifierKey, ...]:
        """The witness cosigner keys of all verifiers, in register order."""
        return tuple(
            key for name in self.verifiers if (key := self.members[name].witness_key) is not None
        )

    @classmethod
    def load(
        cls, entries: tuple[bytes, ...], note: bytes | None, network_id: NetworkId | None
    ) -> Self:
        """Check a register from its bytes; raise `InvalidRegister` for anything amiss.

        `network_id` pins it; with None the register is merely consistent with itself. `note` is
        the registrar's checkpoint over all entries, or None where only the entries are at hand.
        """
        try:
            return cls._load(entries, note, network_id)
        except (MalformedInput, InvalidSignature, InvalidKey) as error:
            raise InvalidRegister(f"register: {error}") from error

    @classmethod
    def _load(
        cls, entries: tuple[bytes, ...], note: bytes | None, network_id: NetworkId | None
    ) -> Self:
        if not 3 <= len(entries) <= ENTRIES_MAX:
            raise InvalidRegister(f"register: expected 3..{ENTRIES_MAX} entries")
        found_id, genesis, registrar = _read_genesis(entries[0])
        # 5.1.1 The genesis entry is the one that the network id names.
        if network_id is not None and found_id != network_id:
            raise InvalidRegister(f"register: expected network {network_id}, found {found_id}")
        reader = _Reader(found_id, genesis, registrar)
        for entry in entries[1:]:
            reader.read(entry)
        members, agreement = reader.finish()
        tree = Tree(leaf_hash(entry) for entry in entries)
        root = tree.root(tree.size)
        if note is not None:
            # 5.1.7 The registrar's checkpoint covers exactly these entries.
            opened = open_note(note, members[registrar.id].log_key)
            if opened.checkpoint.size != len(entries) or opened.checkpoint.root != root:
                raise InvalidRegister("register: its checkpoint is not over these entries")
        return cls(
            network_id=found_id,
            genesis=genesis,
            members=members,
            agreement=agreement,
            agreement_digest=agreement.digest,
            quorum=genesis.quorum,
            entries=entries,
            note=note or b"",
            root=root,
            verifiers=tuple(m.id for m in members.values() if m.role is Role.VERIFIER),
            by_origin={member.origin: member for member in members.values()},
        )


class _Reader:
    """Checks the entries after genesis, one after the other."""

    def __init__(self, network: NetworkId, genesis: Genesis, registrar: Participant) -> None:
        self._network, self._genesis, self._registrar = network, genesis, registrar
        self._named = {participant.id: participant for participant in genesis.participants}
        self._members: dict[ParticipantId, Member] = {}
        self._keys_used: set[bytes] = set()
        self._agreement: Agreement | None = None
        self._seq, self._prev = 1, Digest(network)

    def read(self, entry: bytes) -> None:
        sealed = envelope.decode(entry, signatures_max=2)
        statement = codec.decode(sealed.payload)
        # 5.1.2 Every entry chains to the one before, in this network, by the registrar.
        expected = (self._network, self._registrar.id, REGISTER_ORIGIN, self._seq, self._prev)
        found = (
            statement.network,
            statement.author,
            statement.origin,
            statement.seq,
            statement.prev,
        )
        if found != expected or statement.seen:
            raise InvalidRegister(f"register: entry {self._seq} does not chain")
        signers = {self._registrar.statement_key}
        match statement.body:
            case RegisterEntry() as body:
                signers.add(self._bind(body))
            case Agreement() as body if self._agreement is None:
                self._agreement = body
                if statement.subject.digest != body.digest:
                    raise InvalidRegister("register: the agreement's subject is not its digest")
            case _:
                raise InvalidRegister(f"register: entry {self._seq} is out of place")
        # 5.1.3 Signed by the registrar, and by the participant whose keys it binds.
        _require_signed(sealed, signers)
        self._seq, self._prev = self._seq + 1, Digest(sealed.statement_id)

    def finish(self) -> tuple[dict[ParticipantId, Member], Agreement]:
        # 5.1.6 Everybody whom genesis names is bound, and the agreement is there.
        if set(self._members) != set(self._named) or self._agreement is None:
            raise InvalidRegister("register: a participant or the agreement is missing")
        for party in self._agreement.parties:
            if self._members.get(party) is None or self._members[party].role is not Role.LAB:
                raise InvalidRegister(f"register: party {party} is no lab of this network")
        for channel in self._agreement.channels:
            meter = self._members.get(channel.meter)
            if meter is None or meter.role is not Role.METER:
                raise InvalidRegister(f"register: channel {channel.meter} is no meter")
        for name in self._agreement.adjudicator.panel:
            judge = self._members.get(name)
            if judge is None or judge.role is not Role.ADJUDICATOR:
                raise InvalidRegister(f"register: {name} of the panel is no adjudicator")
        return {name: self._members[name] for name in sorted(self._members)}, self._agreement

    def _bind(self, body: RegisterEntry) -> PublicKey:
        named = self._named.get(body.id)
        keys = dict(body.keys)
        # 5.1.4 The entry says of the participant what genesis says.
        if (
            named is None
            or body.id in self._members
            or (named.role, named.bloc) != (body.role, body.bloc)
            or named.statement_key != keys[Purpose.STATEMENT]
            or body.origin != origin_for(self._network, body.role, body.id)
        ):
            raise InvalidRegister(f"register: {body.id} is not as genesis names it")
        if named == self._registrar and keys[Purpose.LOG] != self._genesis.registrar_log_key:
            raise InvalidRegister("register: the registrar's log key is not that of genesis")
        for purpose, proof in body.possession:
            # 5.1.5 Every key is strict, of prime order, new, and in its owner's possession.
            self._admit(keys[purpose], proof, body, purpose)
        self._members[body.id] = _member(self._network, body, keys)
        return named.statement_key

    def _admit(
        self, key: PublicKey, proof: Signature, body: RegisterEntry, purpose: Purpose
    ) -> None:
        check_registrable(key)
        if bytes(key) in self._keys_used:
            raise InvalidRegister(f"register: the key {key} occurs twice")
        self._keys_used.add(bytes(key))
        message = possession_message(self._network, body.id, body.role, purpose)
        if not verify(key, proof, message):
            raise InvalidRegister(f"register: {body.id} does not show possession of {purpose}")


def _member(network: NetworkId, body: RegisterEntry, keys: dict[Purpose, PublicKey]) -> Member:
    return Member(
        id=body.id,
        role=body.role,
        bloc=body.bloc,
        group=body.group,
        origin=body.origin,
        keys=keys,
        tls_spki=body.tls_spki,
        succession=Succession.first(network, body.id, body.role, body.origin, keys),
    )


def _read_genesis(entry: bytes) -> tuple[NetworkId, Genesis, Participant]:
    sealed = envelope.decode(entry)
    statement = codec.decode(sealed.payload)
    genesis = statement.body
    if not isinstance(genesis, Genesis):
        raise InvalidRegister("register: the first entry is no genesis")
    registrar = next(p for p in genesis.participants if p.role is Role.REGISTRAR)
    prev = register_prev(registrar.statement_key, genesis.registrar_log_key)
    found = (statement.author, statement.origin, statement.seq, statement.prev, statement.seen)
    if found != (registrar.id, REGISTER_ORIGIN, 0, prev, ()):
        raise InvalidRegister("register: the genesis entry does not bind its registrar")
    _require_signed(sealed, {registrar.statement_key})
    return NetworkId(sealed.statement_id), genesis, registrar


def _require_signed(sealed: envelope.Envelope, signers: set[PublicKey]) -> None:
    """Require one valid signature by each of these keys and no other."""
    keys = {key.key_id: key for key in signers}
    if {each.key_id for each in sealed.signatures} != set(keys):
        raise InvalidRegister("register: an entry is not signed by those who must")
    sealed.verify(keys)


def register_prev(statement_key: PublicKey, log_key: PublicKey) -> Digest:
    """The `prev` of a genesis entry: it binds the register to its registrar's keys."""
    return codec.genesis_prev(None, REGISTER_ORIGIN, statement_key, log_key)


def origin_for(network: NetworkId, role: Role, participant: ParticipantId) -> Origin:
    """A member's log; the registrar's log is the register itself."""
    if role is Role.REGISTRAR:
        return REGISTER_ORIGIN
    return Origin.of(network, role, participant)
