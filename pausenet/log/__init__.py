"""Logs: the Merkle tree, checkpoints, cosignatures, tiles and receipts, byte for byte.

RFC 6962 and the C2SP formats; pure: no clock, no disk, no chance.
"""

from pausenet.log.bundle import Receipt, make_receipt, verify_receipt
from pausenet.log.checkpoint import Checkpoint, Note, SignatureLine, sign_checkpoint, strip
from pausenet.log.cosignature import Cosignature, cosign, cosigner_key, verify_cosignature
from pausenet.log.merkle import Frontier, Tree, leaf_hash
from pausenet.log.opened import OpenedNote, open_note
from pausenet.log.vkey import KeyName, KeyType, VerifierKey

__all__ = [
    "Checkpoint",
    "Cosignature",
    "Frontier",
    "KeyName",
    "KeyType",
    "Note",
    "OpenedNote",
    "Receipt",
    "SignatureLine",
    "Tree",
    "VerifierKey",
    "cosign",
    "cosigner_key",
    "leaf_hash",
    "make_receipt",
    "open_note",
    "sign_checkpoint",
    "strip",
    "verify_cosignature",
    "verify_receipt",
]
