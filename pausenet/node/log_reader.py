"""Answers auditors' queries from the logs that a verifier holds."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Protocol, assert_never

from pausenet.log.checkpoint import Note
from pausenet.log.merkle import Tree
from pausenet.protocol.messages import BATCH_BYTES_MAX, ENTRIES_MAX
from pausenet.statements import canonical
from pausenet.statements.finding import Appraisal
from pausenet.values import Digest, Origin
from pausenet.wire.queries import (
    Answer,
    AskAppraisals,
    AskBundle,
    AskCheckpoint,
    AskConsistency,
    AskEntries,
    AskFindings,
    AskInclusion,
    Query,
)


class HeldLog(Protocol):
    """One log as a verifier holds it; `protocol.mirror.Mirror` is one."""

    @property
    def entries(self) -> Sequence[bytes]:
        """The entries, from the first."""

    @property
    def tree(self) -> Tree:
        """The tree over these entries."""

    @property
    def note(self) -> Note | None:
        """The latest note, None before the first."""


class LogReader(Protocol):
    """What a verifier shows to auditors; `VerifierMachine.view` is one."""

    def log(self, origin: Origin) -> HeldLog | None:
        """A log, or None where it is not held."""

    def appraisals(self) -> tuple[Appraisal, ...]:
        """The network's latest appraisal of each lab."""

    def bundles(self) -> Mapping[Digest, bytes]:
        """All evidence bundles held, by id."""


class NotHeld(Exception):
    """Asked for something that this node does not hold."""


def answer(query: Query, reader: LogReader | None) -> Answer:
    """Answer one query; raise `NotHeld` where there is nothing to answer with."""
    if reader is None:
        raise NotHeld
    match query:
        case AskCheckpoint():
            note = _log(reader, query.origin).note
            if note is None:
                raise NotHeld
            return (note.encode(),)
        case AskEntries():
            return _batch(_log(reader, query.origin).entries[query.start : query.end][:ENTRIES_MAX])
        case AskInclusion():
            return _tree(reader, query.origin, query.size).inclusion(query.index, query.size)
        case AskConsistency():
            return _tree(reader, query.origin, query.new).consistency(query.old, query.new)
        case AskAppraisals():
            return tuple(canonical.encode(found.to_json()) for found in reader.appraisals())
        case AskFindings():
            return tuple(sorted(reader.bundles()))
        case AskBundle():
            bundle = reader.bundles().get(query.id)
            if bundle is None:
                raise NotHeld
            return (bundle,)
        case _:
            assert_never(query)


def _log(reader: LogReader, origin: Origin) -> HeldLog:
    log = reader.log(origin)
    if log is None:
        raise NotHeld
    return log


def _tree(reader: LogReader, origin: Origin, size: int) -> Tree:
    tree = _log(reader, origin).tree
    if size > tree.size:
        raise NotHeld
    return tree


def _batch(entries: Sequence[bytes]) -> Answer:
    """As many of the entries as fit one batch, at least one."""
    if not entries:
        raise NotHeld
    total, taken = 0, 0
    for entry in entries:
        total += len(entry)
        if total > BATCH_BYTES_MAX:
            break
        taken += 1
    return tuple(entries[:taken])
