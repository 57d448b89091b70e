"""The witness cosigner: signs that a log only grows, for anybody's log (protocol.md 4.1, 4.2).

It follows c2sp.org/tlog-witness: one state for each origin, the last checkpoint that it has
cosigned. It knows no entry and vouches for none. Its cosignatures are reported and never added
to those of storing cosigners.

    submit(body, now) -> (record, answer)

The record, where there is one, must be durable before the answer leaves and before any later
submission is taken: whoever drives a witness makes one transaction of the three. Times are Unix
seconds of the real clock, not of network time: its readers stand outside the network.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from enum import IntEnum
from typing import Final

from pausenet.errors import (
    InvalidProof,
    InvalidSignature,
    MalformedCheckpoint,
    MalformedProof,
    MalformedRecord,
    Misuse,
)
from pausenet.log.addcheckpoint import (
    SIZE_TYPE,
    Submission,
    encode_lines,
    encode_size,
    origin_hash,
)
from pausenet.log.checkpoint import Checkpoint, Note, SignatureLine
from pausenet.log.cosignature import cosign, cosigner_key, verify_cosignature
from pausenet.log.merkle import EMPTY_ROOT, verify_witness_consistency
from pausenet.log.opened import verify_log_line
from pausenet.log.vkey import KeyType, Name, Signer, VerifierKey
from pausenet.values import NetworkTime, TreeSize

TEXT_TYPE: Final = "text/plain; charset=utf-8"


class Code(IntEnum):
    """What a witness answers, as the status of HTTP that tlog-witness gives it."""

    COSIGNED = 200
    MALFORMED = 400
    NO_TRUSTED_SIGNATURE = 403
    UNKNOWN_ORIGIN = 404
    CONFLICT = 409
    INCONSISTENT = 422
    NOT_SIGNING = 503


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """What leaves the witness: the code, the body and the body's type."""

    code: Code
    body: bytes
    type: str = TEXT_TYPE


@dataclass(frozen=True, slots=True, kw_only=True)
class Record:
    """What must be durable before the answer leaves: a checkpoint with log's and own lines."""

    origin: Name
    size: TreeSize
    note: bytes


@dataclass(frozen=True, slots=True, kw_only=True)
class _Last:
    checkpoint: Checkpoint
    time: NetworkTime
    line: SignatureLine
    note: bytes


class Witness:
    """One witness key and what it has cosigned; a log may have several keys under one origin."""

    def __init__(self, *, name: Name, signer: Signer, logs: Iterable[VerifierKey]) -> None:
        self.key = cosigner_key(name, signer.public_key)
        self._signer = signer
        self._logs: dict[Name, tuple[VerifierKey, ...]] = {}
        self._last: dict[Name, _Last] = {}
        self._by_hash: dict[str, Name] = {}
        for log in logs:
            self._trust(log)

    @property
    def logs(self) -> Mapping[Name, tuple[VerifierKey, ...]]:
        """The logs that it cosigns, by origin."""
        return self._logs

    def _trust(self, log: VerifierKey) -> None:
        if log.type is not KeyType.LOG:
            raise Misuse(f"expected a log key, found {log.encode()}")
        if log.name == self.key.name or log.public_key == self.key.public_key:
            raise Misuse(f"the witness {self.key.name} has the name or the key of a log")
        self._logs[log.name] = (*self._logs.get(log.name, ()), log)
        self._by_hash[origin_hash(log.name)] = log.name

    def load(self, notes: Iterable[bytes]) -> None:
        """Take what the disk holds, in order of writing; raise `MalformedRecord` for a bad one.

        A log that is trusted no more keeps its state: it may be trusted again.
        """
        for data in notes:
            last = self._recall(data)
            before = self._last.get(last.checkpoint.origin)
            if before is not None:
                _require_forward(before, last)
            self._keep(last)

    def held(self) -> tuple[Record, ...]:
        """The last record of each origin: all that must be kept of those before."""
        return tuple(
            Record(origin=origin, size=last.checkpoint.size, note=last.note)
            for origin, last in sorted(self._last.items())
        )

    def latest(self, hashed: str) -> bytes | None:
        """The last cosigned checkpoint of the log whose origin has this hash, if there is one."""
        origin = self._by_hash.get(hashed)
        last = None if origin is None else self._last.get(origin)
        return None if last is None else last.note

    def submit(self, body: bytes, now: NetworkTime) -> tuple[Record | None, Answer]:
        """Judge a submission; cosign it where all holds. See the module on the record."""
        # 1 The body is one submission in its one spelling.
        try:
            submission = Submission.decode(body)
        except MalformedCheckpoint as error:
            return None, _refusal(Code.MALFORMED, str(error))
        head = submission.note.body
        # 2 The origin is known.
        keys = self._logs.get(head.origin)
        if keys is None:
            return None, _refusal(Code.UNKNOWN_ORIGIN, "unknown origin")
        # 3 A key of the log has signed, and no line by such a key is bad.
        try:
            lines = _trusted_lines(submission.note, keys)
        except (InvalidSignature, MalformedCheckpoint) as error:
            return None, _refusal(Code.NO_TRUSTED_SIGNATURE, str(error))
        refused = self._inconsistent(submission)
        if refused is not None:
            return None, refused
        return self._cosign(head, lines, now)

    def _inconsistent(self, submission: Submission) -> Answer | None:
        """Why a signed submission does not extend what was cosigned last; None if it does."""
        head, last = submission.note.body, self._last.get(submission.note.body.origin)
        size = TreeSize(0) if last is None else last.checkpoint.size
        # 4 The old size is not above the new.
        if submission.old > head.size:
            return _refusal(Code.MALFORMED, "the old size is above the checkpoint's")
        # 5 The old size is what was cosigned last; whoever is wrong learns the right one.
        if submission.old != size:
            return Answer(code=Code.CONFLICT, body=encode_size(size), type=SIZE_TYPE)
        # 6 One size has one root.
        if last is not None and head.size == size and head.root != last.checkpoint.root:
            return _refusal(Code.CONFLICT, "another root at this size")
        # 7 The new checkpoint extends the last.
        old_root = EMPTY_ROOT if last is None else last.checkpoint.root
        try:
            verify_witness_consistency(size, head.size, submission.proof, old_root, head.root)
        except (MalformedProof, InvalidProof):
            return _refusal(Code.INCONSISTENT, "the consistency proof does not verify")
        return None

    def _cosign(
        self, head: Checkpoint, lines: tuple[SignatureLine, ...], now: NetworkTime
    ) -> tuple[Record | None, Answer]:
        last = self._last.get(head.origin)
        # 8 Time does not go back: a cosignature says what was the largest head at its time.
        if now == 0 or (last is not None and now < last.time):
            return None, _refusal(Code.NOT_SIGNING, "the clock stands behind an earlier signature")
        if last is not None and (last.checkpoint, last.time) == (head, now):
            return None, Answer(code=Code.COSIGNED, body=encode_lines((last.line,)))
        line = cosign(head, self.key.name, self._signer, now)
        note = Note(body=head, signatures=(*lines, line)).encode()
        self._keep(_Last(checkpoint=head, time=now, line=line, note=note))
        record = Record(origin=head.origin, size=head.size, note=note)
        return record, Answer(code=Code.COSIGNED, body=encode_lines((line,)))

    def _recall(self, data: bytes) -> _Last:
        """Read an own record; whoever changed one cannot have made its signature."""
        try:
            note = Note.decode(data)
            (line,) = (each for each in note.signatures if each.is_by(self.key))
            time = verify_cosignature(note.body, line, self.key).time
        except (MalformedCheckpoint, InvalidSignature, ValueError) as error:
            raise MalformedRecord(f"witness {self.key.name}: {error}") from error
        return _Last(checkpoint=note.body, time=time, line=line, note=data)

    def _keep(self, last: _Last) -> None:
        origin = last.checkpoint.origin
        self._last[origin] = last
        self._by_hash[origin_hash(origin)] = origin


def _trusted_lines(note: Note, keys: tuple[VerifierKey, ...]) -> tuple[SignatureLine, ...]:
    """The lines by the log's keys, each verified; at least one."""
    found: list[SignatureLine] = []
    for key in keys:
        lines = [line for line in note.signatures if line.is_by(key)]
        if len(lines) > 1:
            raise MalformedCheckpoint("two signature lines by one key")
        for line in lines:
            verify_log_line(note.body, line, key)
        found += lines
    if not found:
        raise InvalidSignature("no signature by a known key of this log")
    return tuple(found)


def _require_forward(before: _Last, after: _Last) -> None:
    old, new = before.checkpoint, after.checkpoint
    if new.size < old.size or after.time < before.time:
        raise MalformedRecord(f"witness: {old.origin} goes back in size or time")
    if new.size == old.size and new.root != old.root:
        raise MalformedRecord(f"witness: {old.origin} has two roots at size {new.size}")


def _refusal(code: Code, why: str) -> Answer:
    return Answer(code=code, body=f"{why}\n".encode())
