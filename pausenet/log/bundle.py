"""Receipts: one entry's inclusion in one cosigned checkpoint, checked offline.

The format is c2sp.org/tlog-proof (protocol.md 4.3); a *receipt* is such a proof and nothing
else, least of all an evidence bundle. It reads:

    c2sp.org/tlog-proof@v1
    extra <base64>              only where there is any
    index <decimal>
    <base64 hash>               one for each hash of the inclusion proof, the sibling first

    <the signed checkpoint>

The extra data are not authenticated by anything.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final, Self

from pausenet.errors import InvalidSignature, MalformedCheckpoint, MalformedProof, Misuse
from pausenet.log.checkpoint import NOTE_BYTES_MAX, Note
from pausenet.log.merkle import Tree, leaf_hash, verify_inclusion
from pausenet.log.opened import OpenedNote, open_note
from pausenet.log.spelling import base64_bytes, base64_text, decimal
from pausenet.log.vkey import VerifierKey
from pausenet.values import Digest, Seq

RECEIPT_HASHES_MAX: Final = 64
EXTRA_BYTES_MAX: Final = 65_535
RECEIPT_BYTES_MAX: Final = NOTE_BYTES_MAX + 2 * EXTRA_BYTES_MAX

_HEADER: Final = "c2sp.org/tlog-proof@v1"
_EXTRA: Final = "extra "
_INDEX: Final = "index "


@dataclass(frozen=True, slots=True, kw_only=True)
class Receipt:
    """An entry's index, its inclusion proof, the checkpoint it leads to, and any extra data."""

    index: Seq
    proof: tuple[Digest, ...]
    note: Note
    extra: bytes = b""

    def __post_init__(self) -> None:
        if self.index >= self.note.body.size:
            raise ValueError(f"Receipt: index {self.index} in a tree of {self.note.body.size}")
        if len(self.proof) > RECEIPT_HASHES_MAX:
            raise ValueError(f"Receipt: expected at most {RECEIPT_HASHES_MAX} hashes")
        if len(self.extra) > EXTRA_BYTES_MAX:
            raise ValueError(f"Receipt: expected at most {EXTRA_BYTES_MAX} bytes of extra data")

    def encode(self) -> bytes:
        """Write the receipt."""
        lines = [_HEADER]
        if self.extra:
            lines.append(_EXTRA + base64_text(self.extra))
        lines.append(f"{_INDEX}{self.index}")
        lines.extend(base64_text(value) for value in self.proof)
        return ("\n".join(lines) + "\n\n").encode() + self.note.encode()

    @classmethod
    def decode(cls, data: bytes) -> Self:
        """Read a receipt; raise `MalformedProof` for any other bytes. No signature is judged."""
        if len(data) > RECEIPT_BYTES_MAX:
            raise MalformedProof(f"expected at most {RECEIPT_BYTES_MAX} bytes of receipt")
        head, gap, note = data.partition(b"\n\n")
        if not gap:
            raise MalformedProof("receipt: expected an empty line before the checkpoint")
        try:
            receipt = cls._decode(head.decode("ascii").split("\n"), Note.decode(note))
        except (ValueError, MalformedCheckpoint) as error:
            raise MalformedProof(f"receipt: {error}") from error
        if receipt.encode() != data:
            raise MalformedProof("receipt: not the canonical spelling")
        return receipt

    @classmethod
    def _decode(cls, lines: list[str], note: Note) -> Self:
        if lines[0] != _HEADER:
            raise ValueError(f"expected {_HEADER}, found {lines[0]!r:.40}")
        rest = lines[1:]
        extra = b""
        if rest and rest[0].startswith(_EXTRA):
            extra = base64_bytes(rest.pop(0).removeprefix(_EXTRA))
        if not rest or not rest[0].startswith(_INDEX):
            raise ValueError("expected a line with the index")
        if len(rest) - 1 > RECEIPT_HASHES_MAX:
            raise ValueError(f"expected at most {RECEIPT_HASHES_MAX} hashes")
        return cls(
            index=Seq(decimal(rest[0].removeprefix(_INDEX))),
            proof=tuple(Digest(base64_bytes(line)) for line in rest[1:]),
            note=note,
            extra=extra,
        )


def make_receipt(tree: Tree, index: Seq, note: Note) -> Receipt:
    """Prove the entry at an index under a checkpoint of the tree; `Misuse` for another tree."""
    if tree.root(note.body.size) != note.body.root:
        raise Misuse(f"the checkpoint of size {note.body.size} is not of this tree")
    return Receipt(index=index, proof=tree.inclusion(index, note.body.size), note=note)


def verify_receipt(
    receipt: Receipt,
    entry: bytes,
    log_key: VerifierKey,
    cosigner_keys: Sequence[VerifierKey],
    cosigners_min: int,
) -> OpenedNote:
    """Check that a log and a quorum of cosigners signed a checkpoint that holds the entry.

    The answer says which cosigners signed, and when. Raises `MalformedCheckpoint`,
    `InvalidSignature` (also below the quorum), `MalformedProof` or `InvalidProof`.
    """
    if not 0 <= cosigners_min <= len(cosigner_keys):
        raise Misuse(f"expected a quorum in 0..{len(cosigner_keys)}, found {cosigners_min}")
    opened = open_note(receipt.note, log_key, cosigner_keys)
    found = len(opened.cosignatures)
    if found < cosigners_min:
        raise InvalidSignature(f"expected {cosigners_min} cosignatures, found {found}")
    head = opened.checkpoint
    verify_inclusion(leaf_hash(entry), receipt.index, head.size, receipt.proof, head.root)
    return opened
