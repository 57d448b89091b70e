"""Checkpoints and the signed notes that carry them (protocol.md 3.3).

The formats are c2sp.org/tlog-checkpoint and c2sp.org/signed-note, without extension lines:

>>> from pausenet.log.merkle import EMPTY_ROOT
>>> head = Checkpoint(origin=KeyName("example.org/log"), size=TreeSize(0), root=EMPTY_ROOT)
>>> print(head.body().decode(), end="")
example.org/log
0
47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU=

A note is that body, an empty line, and one line for each signature: `— name base64`. Decoding
judges the shape only; `pausenet.log.opened.open_note` judges the signatures.
"""

from __future__ import annotations

import re
from collections.abc import Collection
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Final, Self

from pausenet.errors import MalformedCheckpoint, Misuse
from pausenet.log.merkle import EMPTY_ROOT
from pausenet.log.spelling import base64_bytes, base64_text, decimal
from pausenet.log.vkey import KeyHash, KeyName, KeyType, Name, Signer, VerifierKey
from pausenet.values import Digest, TreeSize

SIGNATURES_MAX: Final = 64
BLOB_BYTES_MAX: Final = 8192
NOTE_BYTES_MAX: Final = 131_072
BODY_BYTES_MAX: Final = 512
_REMEMBERED_BYTES_MAX: Final = 4_096

_CONTROL: Final = re.compile("[\x00-\x09\x0b-\x1f]")
_DASH: Final = "\N{EM DASH} "


@dataclass(frozen=True, slots=True, kw_only=True)
class Checkpoint:
    """A log's head: its origin, its number of entries and the Merkle root over them."""

    origin: Name
    size: TreeSize
    root: Digest
    _body: bytes = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        if self.size == 0 and self.root != EMPTY_ROOT:
            raise ValueError("Checkpoint: size 0 with a root that is not the empty tree's")
        body = f"{self.origin}\n{self.size}\n{base64_text(self.root)}\n".encode()
        object.__setattr__(self, "_body", body)

    def body(self) -> bytes:
        """The text of the note: what a log signs."""
        return self._body

    @classmethod
    def decode(cls, body: bytes) -> Self:
        """Read a note's text; raise `MalformedCheckpoint` for any other bytes."""
        if len(body) > BODY_BYTES_MAX:
            raise MalformedCheckpoint(f"expected at most {BODY_BYTES_MAX} bytes of note text")
        lines = _text(body).split("\n")
        if len(lines) != 4 or lines[3]:
            raise MalformedCheckpoint("expected origin, size and root, each on a line of its own")
        try:
            checkpoint = cls(
                origin=KeyName(lines[0]),
                size=TreeSize(decimal(lines[1])),
                root=Digest(base64_bytes(lines[2])),
            )
        except ValueError as error:
            raise MalformedCheckpoint(str(error)) from error
        if checkpoint.body() != body:
            raise MalformedCheckpoint("not the canonical spelling of a checkpoint")
        return checkpoint


@dataclass(frozen=True, slots=True, kw_only=True)
class SignatureLine:
    """One signature of a note, judged by shape only: the blob is what follows the key hash."""

    name: Name
    key_hash: KeyHash
    blob: bytes

    def __post_init__(self) -> None:
        if not 1 <= len(self.blob) <= BLOB_BYTES_MAX:
            raise ValueError(f"SignatureLine: a signature of {len(self.blob)} bytes")

    def is_by(self, key: VerifierKey) -> bool:
        """Whether the line names this key; says nothing about its signature."""
        return self.name == key.name and self.key_hash == key.key_hash

    def encode(self) -> str:
        """Write the line, its newline included."""
        return f"{_DASH}{self.name} {base64_text(self.key_hash + self.blob)}\n"

    @classmethod
    def decode(cls, text: str) -> Self:
        """Read one line that ends in its newline; raise `MalformedCheckpoint` for any other."""
        parts = text.removeprefix(_DASH).removesuffix("\n").split(" ")
        if not text.startswith(_DASH) or not text.endswith("\n") or len(parts) != 2:
            raise MalformedCheckpoint(f"not a signature line: {text!r:.80}")
        try:
            raw = base64_bytes(parts[1])
            line = cls(name=KeyName(parts[0]), key_hash=KeyHash(raw[:4]), blob=raw[4:])
        except ValueError as error:
            raise MalformedCheckpoint(f"signature line: {error}") from error
        if line.encode() != text:
            raise MalformedCheckpoint("not the canonical spelling of a signature line")
        return line


@dataclass(frozen=True, slots=True, kw_only=True)
class Note:
    """A checkpoint with its signature lines, in the order in which they came."""

    body: Checkpoint
    signatures: tuple[SignatureLine, ...]

    def __post_init__(self) -> None:
        if not 1 <= len(self.signatures) <= SIGNATURES_MAX:
            raise ValueError(f"Note: expected 1..{SIGNATURES_MAX} signature lines")

    def encode(self) -> bytes:
        """Write the signed note."""
        lines = "".join(line.encode() for line in self.signatures)
        return self.body.body() + b"\n" + lines.encode()

    @staticmethod
    def decode(data: bytes) -> Note:
        """Read a signed note; raise `MalformedCheckpoint` for any other bytes.

        The last few thousand small ones are remembered: gossip brings a note by many ways.
        """
        if len(data) > _REMEMBERED_BYTES_MAX:
            return _decode_note(data)
        return _remembered(data)


def _decode_note(data: bytes) -> Note:
    if len(data) > NOTE_BYTES_MAX:
        raise MalformedCheckpoint(f"expected at most {NOTE_BYTES_MAX} bytes of note")
    text, gap, rest = data.partition(b"\n\n")
    if not gap:
        raise MalformedCheckpoint("expected an empty line before the signatures")
    lines = _text(rest).split("\n")
    if len(lines) - 1 > SIGNATURES_MAX or lines[-1]:
        raise MalformedCheckpoint(
            f"expected at most {SIGNATURES_MAX} signature lines, each with its newline"
        )
    try:
        note = Note(
            body=_remembered_body(text + b"\n"),
            signatures=tuple([_remembered_line(line + "\n") for line in lines[:-1]]),
        )
    except ValueError as error:
        raise MalformedCheckpoint(str(error)) from error
    if note.encode() != data:
        raise MalformedCheckpoint("not the canonical spelling of a note")
    return note


_remembered = lru_cache(maxsize=4_096)(_decode_note)
_remembered_body = lru_cache(maxsize=1_024)(Checkpoint.decode)
_remembered_line = lru_cache(maxsize=1_024)(SignatureLine.decode)
"""Each cosigner's note repeats the log's text and line."""


def sign_checkpoint(checkpoint: Checkpoint, signer: Signer) -> SignatureLine:
    """Sign a checkpoint as its log: the line's name is the origin."""
    key = VerifierKey(name=checkpoint.origin, type=KeyType.LOG, public_key=signer.public_key)
    signature = signer.sign(checkpoint.body())
    return SignatureLine(name=key.name, key_hash=key.key_hash, blob=bytes(signature))


def strip(note: Note, keys: Collection[VerifierKey]) -> Note:
    """Keep the lines of the given keys only, in one order: the log's, then by cosigner name.

    Evidence needs one spelling of one note. Raises `Misuse` where no line would be left.
    """
    named = {(key.name, key.key_hash) for key in keys}
    kept = [line for line in note.signatures if (line.name, line.key_hash) in named]
    if not kept:
        raise Misuse("no signature line is by one of the given keys")
    kept.sort(key=lambda line: (line.name != note.body.origin, line.name, line.key_hash, line.blob))
    return Note(body=note.body, signatures=tuple(kept))


def _text(data: bytes) -> str:
    """Read UTF-8 without control characters other than newline."""
    try:
        text = data.decode("utf-8")
    except UnicodeDecodeError as error:
        raise MalformedCheckpoint("not UTF-8") from error
    if _CONTROL.search(text):
        raise MalformedCheckpoint("a control character")
    return text
