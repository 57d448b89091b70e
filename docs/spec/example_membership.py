"""Examples of how the verifiers change, for `make_examples.py`."""

from __future__ import annotations

from example_keys import key

from pausenet.protocol.enrolment import entry_for
from pausenet.protocol.register import Applicant, Keyring
from pausenet.statements.codec import Body, Head
from pausenet.statements.membership import (
    Admission,
    Approval,
    Approved,
    Handover,
    MembershipChange,
    approval_message,
    digest_of,
)
from pausenet.statements.register import Purpose
from pausenet.values import Digest, NetworkId, Origin, ParticipantId, Role, TreeSize

NEWCOMER = ParticipantId("verifier-5")
VERIFIERS = tuple(ParticipantId(f"verifier-{number}") for number in range(1, 4))


def newcomer() -> Keyring:
    """The keys of who is admitted."""
    return Keyring(
        id=NEWCOMER,
        role=Role.VERIFIER,
        statement=key(NEWCOMER, Purpose.STATEMENT),
        log=key(NEWCOMER, Purpose.LOG),
        recovery=key(NEWCOMER, Purpose.RECOVERY),
        storing=key(NEWCOMER, Purpose.STORING),
        witness=key(NEWCOMER, Purpose.WITNESS),
    )


def membership(
    network: NetworkId, registrar: ParticipantId, after: Digest, log: Origin, tls: Digest
) -> tuple[tuple[ParticipantId, int, Body], ...]:
    """An admission, an approval of it, and what the newcomer then hands over."""
    applicant = Applicant(keys=newcomer(), bloc="bloc of verifier-5", group="five", tls_spki=tls)
    admission = Admission(entry=entry_for(network, applicant))
    said = approval_message(network, after, digest_of(admission))
    signed = [
        Approved(by=name, signature=key(name, Purpose.RECOVERY).sign(said)) for name in VERIFIERS
    ]
    head = Head(origin=log, size=TreeSize(8), root=Digest.of(b"root"))
    return (
        (registrar, 9, MembershipChange(change=admission, approvals=tuple(signed))),
        (
            VERIFIERS[0],
            25,
            Approval(after=after, change=digest_of(admission), signature=signed[0].signature),
        ),
        (NEWCOMER, 0, Handover(epoch=0, heads=(head,))),
    )
