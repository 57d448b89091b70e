"""Logs on paper whose keys change: rotations, recoveries, and the register that knows of them."""

from __future__ import annotations

from dataclasses import replace

from pausenet.crypto import envelope
from pausenet.crypto.keys import SigningKey
from pausenet.protocol.recovery import recovered, rotation
from pausenet.protocol.register import Keyring, Register
from pausenet.statements import codec
from pausenet.statements.codec import Body
from pausenet.values import Digest, Role
from tests.protocol.builders import Log


def fresh(keys: Keyring, which: str = "new") -> Keyring:
    """Another set of keys of the same owner, with its recovery key."""

    def key(purpose: str) -> SigningKey:
        return SigningKey.from_seed(Digest.of(f"{which}/{keys.id}/{purpose}".encode()))

    cosigns = keys.role is Role.VERIFIER
    return replace(
        keys,
        statement=key("statement"),
        log=key("log"),
        storing=key("storing") if cosigns else None,
        witness=key("witness") if cosigns else None,
    )


def sealed(log: Log, body: Body, *signers: SigningKey) -> bytes:
    return envelope.seal(codec.encode(log.statement(body)), signers)


def rotate(log: Log, which: str = "new") -> bytes:
    """Append a rotation; from here on the log is kept by the new keys."""
    old, new = log.keys, fresh(log.keys, which)
    body = rotation(log.register, old.id, old, new, log.size)
    entry = log.append(sealed(log, body, old.statement, new.statement))
    log.keys = new
    return entry


def recover(log: Log, which: str = "back") -> bytes:
    """Append a recovery; from here on the log is kept by the new keys."""
    new = fresh(log.keys, which)
    body = recovered(log.register, log.keys.id, new, log.size)
    entry = log.append(sealed(log, body, log.keys.recovery, new.statement))
    log.keys = new
    return entry


def knowing(register: Register, *changes: bytes) -> Register:
    """The register with these changes of keys."""
    for entry in changes:
        author = codec.decode(envelope.decode(entry, signatures_max=2).payload).author
        register = register.succeeded(register.members[author].succession.after(entry))
    return register
