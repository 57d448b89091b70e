"""`pausenet log receipt`: one entry's receipt, as a tlog-proof or restated as a COSE receipt."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Final

from pausenet.cli.logfiles import StoredLog, cosigned_notes, entry_of, find_log, find_register
from pausenet.cli.options import passphrase
from pausenet.errors import InvalidProof, InvalidSignature, MalformedInput, Misuse, NodeError
from pausenet.log.bundle import Receipt, make_receipt
from pausenet.log.cose import restate
from pausenet.log.merkle import Tree, leaf_hash
from pausenet.log.vkey import KeyName
from pausenet.node.keystore import load_key, make_key, make_private_directory
from pausenet.protocol.membership import receipt_epoch
from pausenet.protocol.register import Register
from pausenet.values import PublicKey, Seq

ISSUER_FILE: Final = "receipt-issuer.pem"


def find_receipt(run: Path, named: str) -> Receipt:
    """The receipt of `LOG#SEQ`, verified against the run's register.

    Raises `Misuse` for another text or place, `NodeError` where no checkpoint past the entry has
    k storing cosignatures on it.
    """
    name, mark, place = named.partition("#")
    if not mark or not place.isascii() or not place.isdecimal() or len(place) > 15:
        raise Misuse(f"expected LOG#SEQ, found {named!r:.80}")
    register, log, seq = find_register(run), find_log(run, name), Seq(int(place))
    entry, entries = entry_of(log, seq), log.entries()
    tree = Tree(leaf_hash(each) for each in entries)
    for note in cosigned_notes(run, name, log):
        if note.body.size > seq and tree.root(note.body.size) == note.body.root:
            receipt = make_receipt(tree, seq, note)
            if _holds(receipt, entry, register, log):
                return receipt
    raise NodeError(f"{named}: no checkpoint past it has {register.quorum.k} storing cosignatures")


def issue_cose(
    receipt: Receipt, key: Path | None, passphrase_from: str | None
) -> tuple[bytes, PublicKey]:
    """Restate a verified receipt, by the issuer's key in this file; made where there is none."""
    secret = passphrase(passphrase_from)
    path = key or default_key()
    if path.exists():
        signer = load_key(path, secret)
    else:
        if key is None:
            make_private_directory(path.parent)
        signer = make_key(path, secret)
    issuer = KeyName(f"pausenet.receipt-issuer/{signer.key_id[:32]}")
    return restate(receipt, issuer, signer).encode(), signer.public_key


def default_key() -> Path:
    """The issuer's key of this user."""
    base = os.environ.get("XDG_CONFIG_HOME") or str(Path.home() / ".config")
    return Path(base) / "pausenet" / ISSUER_FILE


def _holds(receipt: Receipt, entry: bytes, register: Register, log: StoredLog) -> bool:
    member = next(each for each in register.members.values() if each.origin == log.note.body.origin)
    try:
        receipt_epoch(register, member, receipt, entry)
    except (InvalidSignature, InvalidProof, MalformedInput):
        return False
    return True
