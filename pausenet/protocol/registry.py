"""The register's entries, read and checked one after the other (protocol.md 5.1).

The numbers are those of docs/spec/register.md.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from pausenet.crypto import envelope
from pausenet.crypto.strict import check_registrable, verify
from pausenet.errors import InvalidRegister
from pausenet.log.cosignature import cosigner_key
from pausenet.log.vkey import KeyName, VerifierKey
from pausenet.protocol.epochs import Epoch, require_approved
from pausenet.protocol.succession import Succession
from pausenet.statements import codec
from pausenet.statements.agreement import Agreement
from pausenet.statements.membership import Admission, MembershipChange, digest_of
from pausenet.statements.register import (
    Genesis,
    Participant,
    Purpose,
    RegisterEntry,
    possession_message,
)
from pausenet.values import (
    REGISTER_ORIGIN,
    Digest,
    NetworkId,
    Origin,
    ParticipantId,
    PeriodIndex,
    PublicKey,
    Role,
    Signature,
    TreeSize,
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Member:
    """A participant as the register binds it.

    `keys` are those of the register; `succession` says which are in use where in its log.
    `bound` is how many entries of the register it takes to know of it.
    """

    id: ParticipantId
    role: Role
    bloc: str
    group: str
    origin: Origin
    keys: Mapping[Purpose, PublicKey]
    tls_spki: Digest
    succession: Succession
    bound: TreeSize

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


class RegisterReader:
    """Checks the entries after genesis, one after the other."""

    def __init__(self, network: NetworkId, genesis: Genesis, registrar: Participant) -> None:
        self._network, self._genesis, self._registrar = network, genesis, registrar
        self._named = {participant.id: participant for participant in genesis.participants}
        self._members: dict[ParticipantId, Member] = {}
        self._keys_used: set[bytes] = set()
        self._agreement: Agreement | None = None
        self._seq, self._prev = 1, Digest(network)
        named = [each.id for each in genesis.participants if each.role is Role.VERIFIER]
        self._whole = TreeSize(len(genesis.participants) + 2)
        self.epochs = [
            Epoch(number=0, first=PeriodIndex(0), verifiers=tuple(named), size=self._whole)
        ]

    def read(self, entry: bytes) -> None:
        """Take the next entry; raise `InvalidRegister` or what decoding raises."""
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
            case MembershipChange() as body if self._seq >= self._whole:
                if statement.subject.digest != digest_of(body.change):
                    raise InvalidRegister("register: the subject is not the change's digest")
                signers |= self._change(body)
            case _:
                raise InvalidRegister(f"register: entry {self._seq} is out of place")
        # 5.1.3 Signed by the registrar, and by the participant whose keys it binds.
        _require_signed(sealed, signers)
        self._seq, self._prev = self._seq + 1, Digest(sealed.statement_id)

    def finish(self) -> tuple[dict[ParticipantId, Member], Agreement]:
        """The members by id and the agreement; raise `InvalidRegister` where any is missing."""
        # 5.1.6 Everybody whom genesis names is bound, and the agreement is there.
        if not set(self._named) <= set(self._members) or self._agreement is None:
            raise InvalidRegister("register: a participant or the agreement is missing")
        for party in self._agreement.parties:
            if self._members.get(party) is None or self._members[party].role is not Role.LAB:
                raise InvalidRegister(f"register: party {party} is no lab of this network")
        for channel in self._agreement.channels:
            meter = self._members.get(channel.meter)
            if meter is None or meter.role is not Role.METER:
                raise InvalidRegister(f"register: channel {channel.meter} is no meter")
            read = self._members.get(channel.party)
            if read is None or read.role is not Role.LAB:
                raise InvalidRegister(f"register: channel {channel.meter} reads no lab")
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
        self._hold(body, self._whole)
        return named.statement_key

    def _change(self, body: MembershipChange) -> set[PublicKey]:
        """A change of who the verifiers are; who must sign it beside the registrar."""
        change, epoch = body.change, self.epochs[-1]
        # 5.1.8 k verifiers of the epoch approve it, at this place of the register.
        recovery = {name: self._members[name].keys[Purpose.RECOVERY] for name in epoch.verifiers}
        require_approved(self._network, body, self._prev, epoch, recovery)
        after = TreeSize(self._seq + 1)
        if isinstance(change, Admission):
            # 5.1.9 Who is admitted is new here; it signs too.
            entry = change.entry
            origin = origin_for(self._network, entry.role, entry.id)
            if entry.id in self._members or entry.origin != origin:
                raise InvalidRegister(f"register: {entry.id} cannot be admitted")
            self._hold(entry, after)
            return {dict(entry.keys)[Purpose.STATEMENT]}
        # 5.1.10 One verifier comes or goes; who comes has been admitted.
        member = self._members.get(change.verifier)
        if member is None or member.role is not Role.VERIFIER:
            raise InvalidRegister(f"register: {change.verifier} was never admitted")
        self.epochs.append(epoch.after(change, after))
        return set()

    def _hold(self, body: RegisterEntry, bound: TreeSize) -> None:
        keys = dict(body.keys)
        for purpose, proof in body.possession:
            # 5.1.5 Every key is strict, of prime order, new, and in its owner's possession.
            self._admit(keys[purpose], proof, body, purpose)
        self._members[body.id] = _member(self._network, body, bound)

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


def _member(network: NetworkId, body: RegisterEntry, bound: TreeSize) -> Member:
    keys = dict(body.keys)
    return Member(
        id=body.id,
        role=body.role,
        bloc=body.bloc,
        group=body.group,
        origin=body.origin,
        keys=keys,
        tls_spki=body.tls_spki,
        succession=Succession.first(network, body.id, body.role, body.origin, keys),
        bound=bound,
    )


def read_genesis(entry: bytes) -> tuple[NetworkId, Genesis, Participant]:
    """The network id, what genesis says, and its registrar; raise as `RegisterReader` does."""
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
