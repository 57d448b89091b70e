"""What a log sends to a witness, and what the witness answers (c2sp.org/tlog-witness).

A submission is the size that the witness has cosigned last, the proof that the new checkpoint
extends it, and the checkpoint:

    old <decimal>
    <base64 hash>               one for each hash of the consistency proof, at most 63

    <the signed checkpoint>

The witness answers with its own signature line, or with the size that it has cosigned:

>>> from pausenet.log.merkle import EMPTY_ROOT
>>> from pausenet.values import TreeSize
>>> encode_size(TreeSize(20852163)), decode_size(b"20852163\\n")
(b'20852163\\n', 20852163)
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from typing import Final, Self

from pausenet.errors import MalformedCheckpoint
from pausenet.log.checkpoint import Checkpoint, Note, SignatureLine
from pausenet.log.cosignature import Cosignature, verify_cosignature
from pausenet.log.spelling import base64_bytes, base64_text, decimal
from pausenet.log.vkey import Name, VerifierKey
from pausenet.values import Digest, TreeSize

SUBMISSION_BYTES_MAX: Final = 16 * 1024
PROOF_LINES_MAX: Final = 63
ANSWER_BYTES_MAX: Final = 16 * 1024
ANSWER_LINES_MAX: Final = 16

SIZE_TYPE: Final = "text/x.tlog.size"
"""The content type of an answer that is the size which the witness has cosigned."""

_OLD: Final = "old "


@dataclass(frozen=True, slots=True, kw_only=True)
class Submission:
    """What `add-checkpoint` takes; no signature and no proof is judged yet."""

    old: TreeSize
    proof: tuple[Digest, ...]
    note: Note

    def __post_init__(self) -> None:
        if len(self.proof) > PROOF_LINES_MAX:
            raise ValueError(f"Submission: expected at most {PROOF_LINES_MAX} hashes")

    def encode(self) -> bytes:
        """Write the body of the request."""
        lines = [f"{_OLD}{self.old}", *(base64_text(value) for value in self.proof)]
        return ("\n".join(lines) + "\n\n").encode() + self.note.encode()

    @classmethod
    def decode(cls, data: bytes) -> Self:
        """Read the body of a request; raise `MalformedCheckpoint` for any other bytes."""
        if len(data) > SUBMISSION_BYTES_MAX:
            raise MalformedCheckpoint(f"expected at most {SUBMISSION_BYTES_MAX} bytes")
        head, gap, note = data.partition(b"\n\n")
        if not gap:
            raise MalformedCheckpoint("submission: expected an empty line before the checkpoint")
        try:
            first, *proof = head.decode("ascii").split("\n")
            if not first.startswith(_OLD):
                raise ValueError(f"expected the old size, found {first!r:.40}")
            if len(proof) > PROOF_LINES_MAX:
                raise ValueError(f"expected at most {PROOF_LINES_MAX} hashes, found {len(proof)}")
            submission = cls(
                old=TreeSize(decimal(first.removeprefix(_OLD))),
                proof=tuple(Digest(base64_bytes(line)) for line in proof),
                note=Note.decode(note),
            )
        except ValueError as error:
            raise MalformedCheckpoint(f"submission: {error}") from error
        if submission.encode() != data:
            raise MalformedCheckpoint("submission: not the canonical spelling")
        return submission


def origin_hash(origin: Name) -> str:
    """How the monitoring path of a witness names a log: SHA-256 of its origin, in hex."""
    return hashlib.sha256(origin.encode("utf-8")).hexdigest()


def encode_size(size: TreeSize) -> bytes:
    """Write a size as the body of an answer of type `SIZE_TYPE`."""
    return f"{size}\n".encode()


def decode_size(body: bytes) -> TreeSize:
    """Read the body of an answer of type `SIZE_TYPE`; raise `MalformedCheckpoint` for another."""
    try:
        size = TreeSize(decimal(body.decode("ascii").removesuffix("\n")))
    except ValueError as error:
        raise MalformedCheckpoint(f"size of a witness: {error}") from error
    if encode_size(size) != body:
        raise MalformedCheckpoint("size of a witness: expected one line")
    return size


def encode_lines(lines: tuple[SignatureLine, ...]) -> bytes:
    """Write signature lines as the body of a witness's good answer."""
    return "".join(line.encode() for line in lines).encode()


def decode_lines(body: bytes, checkpoint: Checkpoint, key: VerifierKey) -> Cosignature:
    """Read a witness's good answer and give back its one cosignature by this key.

    Lines of other keys are ignored. Raises `MalformedCheckpoint` for another shape, for no line
    and for several by this key, and `InvalidSignature` for one that does not verify.
    """
    if len(body) > ANSWER_BYTES_MAX:
        raise MalformedCheckpoint(f"expected at most {ANSWER_BYTES_MAX} bytes of answer")
    try:
        *texts, rest = body.decode("utf-8").split("\n")
    except UnicodeDecodeError as error:
        raise MalformedCheckpoint("answer of a witness: not UTF-8") from error
    if rest or len(texts) > ANSWER_LINES_MAX:
        raise MalformedCheckpoint(f"expected at most {ANSWER_LINES_MAX} lines, each with its end")
    lines = [SignatureLine.decode(f"{text}\n") for text in texts]
    found = [line for line in lines if line.is_by(key)]
    if len(found) != 1:
        raise MalformedCheckpoint(f"expected one line by {key.name}, found {len(found)}")
    return verify_cosignature(checkpoint, found[0], key)
