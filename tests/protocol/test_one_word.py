"""Who says that it holds a longer own log than its owner: f may lie, and stop nobody."""

from __future__ import annotations

import pytest

from pausenet.crypto.keys import SigningKey
from pausenet.log.checkpoint import Checkpoint, Note, sign_checkpoint
from pausenet.log.vkey import KeyName
from pausenet.protocol.attester import LabMachine
from pausenet.protocol.messages import Stored
from pausenet.protocol.verifier import VerifierMachine
from pausenet.values import Digest, Origin, TreeSize
from tests.protocol.desk import Desk
from tests.protocol.paper import keyring
from tests.protocol.test_attester import KEYS, ORIGIN, REGISTER, VERIFIERS

STRANGER = SigningKey.from_seed(bytes([9]) * 32)


def longer(origin: Origin) -> Stored:
    """Forty entries of this log, under a signature that is not its own."""
    head = Checkpoint(origin=KeyName(origin), size=TreeSize(40), root=Digest.of(b"none"))
    note = Note(body=head, signatures=(sign_checkpoint(head, STRANGER),)).encode()
    return Stored(origin=origin, size=TreeSize(40), note=note)


def booted(who: str) -> tuple[Desk, Origin, LabMachine | VerifierMachine]:
    keys = KEYS if who == "lab" else keyring(VERIFIERS[0], REGISTER.members[VERIFIERS[0]].role)
    made = LabMachine if who == "lab" else VerifierMachine
    machine = made(register=REGISTER, keys=keys)
    desk = Desk(machine)
    desk.boot()
    return desk, REGISTER.origin_of(keys.id), machine


@pytest.mark.parametrize("who", ["lab", "verifier"])
def test_f_liars_stop_nobody_and_one_more_is_believed(who: str) -> None:
    desk, origin, machine = booted(who)
    for _ in range(3):
        desk.hear(VERIFIERS[1], longer(origin))
    assert not machine.halted
    desk.hear(VERIFIERS[2], longer(origin))
    assert "holds 40 own entries" in machine.halted


def test_what_a_verifier_holds_of_another_log_says_nothing_of_ones_own() -> None:
    desk, _, machine = booted("verifier")
    for verifier in VERIFIERS[1:]:
        desk.hear(verifier, longer(ORIGIN))
    assert not machine.halted
