"""Small makers of keys, trees and notes for the tests of the log."""

from __future__ import annotations

from pausenet.crypto.keys import SigningKey
from pausenet.log.checkpoint import Checkpoint, Note, SignatureLine, sign_checkpoint
from pausenet.log.cosignature import cosign, cosigner_key
from pausenet.log.merkle import Tree, leaf_hash
from pausenet.log.vkey import KeyName, KeyType, VerifierKey
from pausenet.values import NetworkTime

ORIGIN = KeyName("example.org/log")
LOG = SigningKey.from_seed(b"\x01" * 32)
LOG_KEY = VerifierKey(name=ORIGIN, type=KeyType.LOG, public_key=LOG.public_key)
NAMES = tuple(KeyName(f"witness{number}.example") for number in range(4))
COSIGNERS = tuple(SigningKey.from_seed(bytes([16 + number]) * 32) for number in range(4))
COSIGNER_KEYS = tuple(
    cosigner_key(name, signer.public_key) for name, signer in zip(NAMES, COSIGNERS, strict=True)
)


def entries_of(count: int) -> list[bytes]:
    return [b"entry %d" % number for number in range(count)]


def tree_of(count: int) -> Tree:
    return Tree(leaf_hash(entry) for entry in entries_of(count))


def head_of(tree: Tree) -> Checkpoint:
    return Checkpoint(origin=ORIGIN, size=tree.size, root=tree.root(tree.size))


def cosigned(head: Checkpoint, number: int, time: int = 1_700_000_000) -> SignatureLine:
    return cosign(head, NAMES[number], COSIGNERS[number], NetworkTime(time))


def note_of(head: Checkpoint, *cosigners: int) -> Note:
    lines = [cosigned(head, number) for number in cosigners]
    return Note(body=head, signatures=(sign_checkpoint(head, LOG), *lines))
