"""The register: one trust root, and no other way to bind a key to a name."""

from __future__ import annotations

import pytest

from pausenet.crypto import envelope
from pausenet.errors import InvalidRegister, Misuse
from pausenet.protocol.register import Register
from pausenet.statements import codec
from pausenet.statements.codec import Statement
from pausenet.values import Digest, NetworkId
from tests.protocol.paper import keyring, register

GOOD = register()
REGISTRAR = keyring("registrar", GOOD.members["registrar"].role)


def test_a_register_read_back_is_the_same() -> None:
    again = Register.load(GOOD.entries, GOOD.note, GOOD.network_id)
    assert (again.network_id, again.root, again.verifiers) == (
        GOOD.network_id,
        GOOD.root,
        GOOD.verifiers,
    )


def test_another_network_id_refuses_the_whole_register() -> None:
    with pytest.raises(InvalidRegister, match="expected network"):
        Register.load(GOOD.entries, GOOD.note, NetworkId(Digest.of(b"other")))


@pytest.mark.parametrize("drop", range(len(GOOD.entries)))
def test_no_entry_can_be_left_out(drop: int) -> None:
    left = tuple(entry for number, entry in enumerate(GOOD.entries) if number != drop)
    with pytest.raises(InvalidRegister):
        Register.load(left, None, GOOD.network_id)


@pytest.mark.parametrize("place", range(0, len(GOOD.entries), 3))
def test_every_byte_of_an_entry_counts(place: int) -> None:
    entry = GOOD.entries[place]
    for at in range(0, len(entry), 37):
        changed = entry[:at] + bytes([entry[at] ^ 1]) + entry[at + 1 :]
        entries = (*GOOD.entries[:place], changed, *GOOD.entries[place + 1 :])
        with pytest.raises(InvalidRegister):
            Register.load(entries, None, GOOD.network_id)


def test_the_registrar_alone_cannot_bind_other_keys_to_a_name() -> None:
    """A register that forks after genesis, with the registrar's key in the wrong hands."""
    other = register(seed="other")
    place = next(
        number
        for number, entry in enumerate(GOOD.entries)
        if b"aurora" in _payload(entry)[:900] and number > 0
    )
    stolen = _statement(other.entries[place])
    own = _statement(GOOD.entries[place])
    forged = Statement(
        subject=own.subject,
        network=own.network,
        author=own.author,
        origin=own.origin,
        seq=own.seq,
        prev=own.prev,
        agreement=None,
        period=None,
        seen=(),
        body=stolen.body,
    )
    thief = keyring("aurora", GOOD.members["aurora"].role, "other")
    entry = envelope.seal(codec.encode(forged), (REGISTRAR.statement, thief.statement))
    entries = (*GOOD.entries[:place], entry, *GOOD.entries[place + 1 :])
    with pytest.raises(InvalidRegister):
        Register.load(entries, None, GOOD.network_id)


def test_a_checkpoint_over_other_entries_is_refused() -> None:
    with pytest.raises(InvalidRegister):
        Register.load(GOOD.entries, register(seed="other").note, GOOD.network_id)


def _payload(entry: bytes) -> bytes:
    return envelope.decode(entry, signatures_max=2).payload


def _statement(entry: bytes) -> Statement:
    return codec.decode(_payload(entry))


def test_a_network_whose_cuts_could_not_be_stated_is_refused() -> None:
    labs = tuple(f"lab-{number:02}" for number in range(40))
    with pytest.raises(Misuse, match="cuts"):
        register(labs=labs, verifiers=10)
