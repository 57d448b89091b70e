"""Enrolment: composing the register of a new network from its participants' keys."""

from __future__ import annotations

from typing import Final

from pausenet.crypto import envelope
from pausenet.crypto.keys import SigningKey
from pausenet.errors import Misuse
from pausenet.log.checkpoint import Checkpoint, Note, sign_checkpoint
from pausenet.log.merkle import Tree, leaf_hash
from pausenet.log.vkey import KeyName
from pausenet.protocol.register import Applicant, Keyring, Register, origin_for, register_prev
from pausenet.statements import codec
from pausenet.statements.agreement import Agreement
from pausenet.statements.codec import Statement, Subject
from pausenet.statements.register import (
    Genesis,
    Participant,
    RegisterEntry,
    possession_message,
)
from pausenet.values import REGISTER_ORIGIN, Digest, NetworkId, Role, Seq

_CUT_LOG_BYTES: Final = 330
_CUT_TIME_BYTES: Final = 260
_CUT_OTHER_BYTES: Final = 9_000
"""What a cut may hold for a log, for a time of a log, and beside them (names of 32, 64 faults)."""


def compose_register(
    *,
    name: str,
    applicants: tuple[Applicant, ...],
    registrar: Applicant,
    agreement: Agreement,
    epsilon_s: int,
    delta_s: int,
    heartbeat_s: int,
    speed: int,
) -> Register:
    """Write a new network's register: genesis, one entry a participant, the agreement, a note."""
    require_cuts_fit(tuple(item.keys.role for item in applicants))
    everybody = tuple(sorted((*applicants, registrar), key=lambda item: item.keys.id))
    genesis = Genesis(
        name=name,
        registrar_log_key=registrar.keys.log.public_key,
        participants=tuple(
            Participant(
                id=item.keys.id,
                role=item.keys.role,
                bloc=item.bloc,
                statement_key=item.keys.statement.public_key,
            )
            for item in everybody
        ),
        epsilon_s=epsilon_s,
        delta_s=delta_s,
        heartbeat_s=heartbeat_s,
        speed=speed,
    )
    writer = _Writer(registrar.keys, genesis)
    for item in everybody:
        writer.bind(item)
    writer.put(agreement, Subject(name="agreement", digest=agreement.digest), ())
    return Register.load(writer.entries(), writer.note(), writer.network)


def require_cuts_fit(roles: tuple[Role, ...]) -> None:
    """Refuse a network whose cuts could outgrow one statement; raise `Misuse`.

    `roles` are those of everybody but the registrar.
    """
    verifiers = roles.count(Role.VERIFIER)
    timed = len(roles) - verifiers
    f = max(0, (verifiers - 1) // 3)
    most = len(roles) * _CUT_LOG_BYTES + timed * (f + 1) * _CUT_TIME_BYTES + _CUT_OTHER_BYTES
    if most > codec.PAYLOAD_BYTES_MAX:
        raise Misuse(f"network: its cuts could need {most} bytes of {codec.PAYLOAD_BYTES_MAX}")


class _Writer:
    """Appends statements to a register that is being composed."""

    def __init__(self, registrar: Keyring, genesis: Genesis) -> None:
        self._keys = registrar
        self._entries: list[bytes] = []
        self._network: NetworkId | None = None
        self._prev = register_prev(registrar.statement.public_key, registrar.log.public_key)
        self.put(genesis, Subject(name=REGISTER_ORIGIN, digest=self._prev), ())
        self.network = NetworkId(self._prev)
        self._network = self.network

    def bind(self, applicant: Applicant) -> None:
        keys, entry = applicant.keys, entry_for(self.network, applicant)
        also = () if keys.id == self._keys.id else (keys.statement,)
        self.put(entry, Subject(name=entry.origin, digest=applicant.tls_spki), also)

    def put(
        self,
        body: Genesis | RegisterEntry | Agreement,
        subject: Subject,
        also: tuple[SigningKey, ...],
    ) -> None:
        payload = codec.encode(
            Statement(
                subject=subject,
                network=self._network,
                author=self._keys.id,
                origin=REGISTER_ORIGIN,
                seq=Seq(len(self._entries)),
                prev=self._prev,
                agreement=None,
                period=None,
                seen=(),
                body=body,
            )
        )
        self._entries.append(envelope.seal(payload, (self._keys.statement, *also)))
        self._prev = Digest(envelope.statement_id(payload))

    def entries(self) -> tuple[bytes, ...]:
        return tuple(self._entries)

    def note(self) -> bytes:
        return note_over(self.entries(), self._keys)


def entry_for(network: NetworkId, applicant: Applicant) -> RegisterEntry:
    """What the register says of an applicant, with its proofs of possession."""
    keys = applicant.keys
    return RegisterEntry(
        id=keys.id,
        role=keys.role,
        bloc=applicant.bloc,
        origin=origin_for(network, keys.role, keys.id),
        group=applicant.group,
        tls_spki=applicant.tls_spki,
        keys=tuple((purpose, key.public_key) for purpose, key in keys.by_purpose()),
        possession=tuple(
            (purpose, key.sign(possession_message(network, keys.id, keys.role, purpose)))
            for purpose, key in keys.by_purpose()
        ),
    )


def note_over(entries: tuple[bytes, ...], registrar: Keyring) -> bytes:
    """The registrar's checkpoint over the register's entries."""
    tree = Tree(leaf_hash(entry) for entry in entries)
    checkpoint = Checkpoint(
        origin=KeyName(REGISTER_ORIGIN), size=tree.size, root=tree.root(tree.size)
    )
    line = sign_checkpoint(checkpoint, registrar.log)
    return Note(body=checkpoint, signatures=(line,)).encode()
