"""Opened notes: checkpoints whose signatures have been judged (protocol.md 3.3).

The log's own line must be there and valid. Lines of unknown keys are ignored; a known key's bad
or repeated line refuses the whole note.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache

from pausenet.crypto.strict import verify
from pausenet.errors import InvalidSignature, MalformedCheckpoint, Misuse
from pausenet.log.checkpoint import Checkpoint, Note, SignatureLine, strip
from pausenet.log.cosignature import Cosignature, verify_cosignature
from pausenet.log.vkey import KeyType, VerifierKey
from pausenet.values import Signature


@dataclass(frozen=True, slots=True, kw_only=True)
class OpenedNote:
    """A checkpoint that its log has signed, with the cosignatures that were asked for.

    `note` is stripped to the lines that were judged; `cosignatures` stand in order of name, at
    most one for each cosigner. Only `open_note` makes one.
    """

    checkpoint: Checkpoint
    note: Note
    cosignatures: tuple[Cosignature, ...]


def open_note(
    data: bytes | Note, log_key: VerifierKey, cosigner_keys: Sequence[VerifierKey] = ()
) -> OpenedNote:
    """Judge a note by its log's key and any cosigners' keys.

    The keys' names and public keys must be distinct (`Misuse`). Raises `MalformedCheckpoint`
    for a wrong shape, another log's origin or a repeated line, and `InvalidSignature` for a
    missing or bad signature.
    """
    _require_distinct(log_key, cosigner_keys)
    note = data if isinstance(data, Note) else Note.decode(data)
    if note.body.origin != log_key.name:
        raise MalformedCheckpoint(
            f"expected origin {log_key.name}, found {str(note.body.origin)!r:.120}"
        )
    log_line = _lines_by(note, log_key)
    if not log_line:
        raise InvalidSignature(f"no signature by {log_key.name}")
    verify_log_line(note.body, log_line[0], log_key)
    cosignatures = [
        verify_cosignature(note.body, line, key)
        for key in sorted(cosigner_keys, key=lambda key: key.name)
        for line in _lines_by(note, key)
    ]
    return OpenedNote(
        checkpoint=note.body,
        note=strip(note, (log_key, *cosigner_keys)),
        cosignatures=tuple(cosignatures),
    )


remembered_note = lru_cache(maxsize=4_096)(open_note)
"""The same, of a note's bytes, which come to a process by many ways."""


def forget() -> None:
    """Forget which notes have been opened; it changes no answer, and frees the memory."""
    remembered_note.cache_clear()


def verify_log_line(checkpoint: Checkpoint, line: SignatureLine, key: VerifierKey) -> None:
    """Judge a log's own line; raise `MalformedCheckpoint` or `InvalidSignature`."""
    if key.type is not KeyType.LOG:
        raise Misuse(f"expected a log key, found {key.encode()}")
    if not line.is_by(key):
        raise InvalidSignature(f"expected a signature by {key.name}, found {line.name}")
    if len(line.blob) != Signature.LENGTH:
        raise MalformedCheckpoint(f"log signature: expected 64 bytes, found {len(line.blob)}")
    if not verify(key.public_key, Signature(line.blob), checkpoint.body()):
        raise InvalidSignature(f"signature of {key.name}")


def _lines_by(note: Note, key: VerifierKey) -> tuple[SignatureLine, ...]:
    """The one line by a key, or none; a second refuses the note."""
    lines = tuple(line for line in note.signatures if line.is_by(key))
    if len(lines) > 1:
        raise MalformedCheckpoint(f"{len(lines)} signature lines by {key.name}, expected one")
    return lines


def _require_distinct(log_key: VerifierKey, cosigner_keys: Sequence[VerifierKey]) -> None:
    keys = (log_key, *cosigner_keys)
    if log_key.type is not KeyType.LOG:
        raise Misuse(f"expected a log key, found {log_key.encode()}")
    if any(key.type is not KeyType.COSIGNATURE for key in cosigner_keys):
        raise Misuse("expected cosigner keys only")
    if len({key.name for key in keys}) < len(keys):
        raise Misuse("two keys with one name: a cosigner would count twice")
    if len({key.public_key for key in keys}) < len(keys):
        raise Misuse("one public key under two names: a cosigner would count twice")
