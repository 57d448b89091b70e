"""The fixed keys of the examples, and the examples of changes of keys."""

from __future__ import annotations

from pausenet.crypto import SigningKey
from pausenet.statements.codec import Body, Statement
from pausenet.statements.keychange import (
    KeyRecovery,
    KeyRotation,
    NewKey,
    handover_message,
    rotated_purposes,
)
from pausenet.statements.register import Purpose, possession_message
from pausenet.values import Digest, NetworkId, ParticipantId, Role, TreeSize


def key(owner: ParticipantId, purpose: Purpose, which: str = "") -> SigningKey:
    """A fixed key: never use one whose seed is published."""
    return SigningKey.from_seed(Digest.of(f"example {owner} {purpose}{which}".encode()))


def changes(network: NetworkId, lab: ParticipantId) -> tuple[tuple[ParticipantId, int, Body], ...]:
    """A lab's rotation and its recovery, each at its place."""
    rotated, recovered = _new(network, lab, " rotated"), _new(network, lab, " recovered")
    said = handover_message(network, lab, 9, rotated)
    rotation = KeyRotation(keys=rotated, handover=key(lab, Purpose.LOG).sign(said))
    return (
        (lab, 9, rotation),
        (lab, 10, KeyRecovery(keys=recovered, resumes=TreeSize(10))),
    )


def signers(statement: Statement) -> list[SigningKey]:
    """Whose signatures an envelope bears: two only where keys change."""
    who = statement.author
    match statement.body:
        case KeyRotation():
            return [key(who, Purpose.STATEMENT), key(who, Purpose.STATEMENT, " rotated")]
        case KeyRecovery():
            return [key(who, Purpose.RECOVERY), key(who, Purpose.STATEMENT, " recovered")]
        case _:
            return [key(who, Purpose.STATEMENT)]


def _new(network: NetworkId, lab: ParticipantId, which: str) -> tuple[NewKey, ...]:
    found = []
    for purpose in sorted(rotated_purposes(Role.LAB)):
        new = key(lab, purpose, which)
        message = possession_message(network, lab, Role.LAB, purpose)
        found.append(NewKey(purpose=purpose, key=new.public_key, possession=new.sign(message)))
    return tuple(found)
