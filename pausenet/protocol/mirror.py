"""A verified copy of one log: every entry parsed and checked, every root recomputed.

Publisher, verifier and follower all hold logs this way. Nothing enters a mirror that its log has
not signed a checkpoint over, and nothing that could not stand at its place (protocol.md 2.5).
"""

from __future__ import annotations

from contextlib import suppress
from dataclasses import dataclass
from enum import Enum
from typing import Final, TypeAlias

from pausenet.crypto import envelope
from pausenet.errors import InvalidKey, InvalidSignature, MalformedInput, PausenetError
from pausenet.log.checkpoint import Checkpoint, Note
from pausenet.log.merkle import Frontier, Tree, leaf_hash
from pausenet.log.opened import remembered_note
from pausenet.log.vkey import VerifierKey
from pausenet.protocol.register import Member, Register
from pausenet.protocol.succession import FormerKey, Succession, changes_keys, open_envelope
from pausenet.statements import codec
from pausenet.statements.codec import Head, Kind, Statement
from pausenet.statements.register import Purpose
from pausenet.values import Digest, Origin, PeriodIndex, Seq, StatementId, TreeSize

STAGED_BYTES_MAX: Final = 64 * 1024 * 1024
"""How many bytes of checked entries from one source wait for their checkpoint to be complete."""


class BadEntry(PausenetError):
    """An entry that cannot stand at its place; attributes `seq` and `reason`.

    `authored` says that its author signed it for this place, so that no other can have made it
    up. `entries` are all of the batch and those before it that its checkpoint covers and the
    mirror lacks, where there is a whole. `convicts` is false where it is refused without being a
    fault of its log.
    """

    def __init__(
        self, seq: int, reason: str, *, authored: bool = False, convicts: bool = True
    ) -> None:
        self.seq, self.reason, self.authored, self.convicts = seq, reason, authored, convicts
        self.entries: tuple[bytes, ...] = ()
        super().__init__(f"entry {seq}: {reason}")


class Verdict(Enum):
    """What came of an attempt to extend a mirror."""

    EXTENDED = "extended"
    NOTHING_NEW = "nothing new"
    GAP = "gap"
    STAGED = "staged"
    UNSOUND = "unsound"
    FORK = "fork"


@dataclass(frozen=True, slots=True, kw_only=True)
class Differs:
    """Two entries of one log at one place: the one held, and the one offered."""

    seq: Seq
    held: bytes
    offered: bytes


@dataclass(frozen=True, slots=True, kw_only=True)
class Extended:
    """The verdict on a batch, the new statements, and where it differs from what is held."""

    verdict: Verdict
    start: Seq
    entries: tuple[bytes, ...] = ()
    differs: Differs | None = None


Seen: TypeAlias = "dict[Origin, TreeSize]"


@dataclass(frozen=True, slots=True)
class _Checked:
    """An entry that can stand at its place, with what it says."""

    entry: bytes
    statement: Statement
    identity: StatementId

    @property
    def changes_keys(self) -> bool:
        """Whether its author has other keys after it."""
        return changes_keys(self.statement)


class Mirror:
    """The entries of one log up to its latest stored checkpoint."""

    def __init__(self, register: Register, member: Member) -> None:
        self._register, self.member = register, member
        self.origin = member.origin
        self.tree = Tree()
        self.size = TreeSize(0)
        """The number of entries held."""
        self.entries: list[bytes] = []
        self.statements: list[Statement] = []
        self.ids: list[StatementId] = []
        self.note: Note | None = None
        self.succession = member.succession
        self.closing: dict[TreeSize, Note] = {}
        """The last note of each former era, by size: how others are led over a change of keys."""
        self._seen: Seen = {}
        self._staged: dict[str, list[_Checked]] = {}
        self._due: dict[tuple[Kind, PeriodIndex], Seq] = {}

    def root(self, size: TreeSize | None = None) -> Digest:
        """The root over the first `size` entries, or over all."""
        return self.tree.root(self.size if size is None else size)

    def agrees_with(self, checkpoint: Checkpoint) -> bool:
        """Whether a checkpoint no larger than this mirror has this mirror's root."""
        return checkpoint.size <= self.size and self.root(checkpoint.size) == checkpoint.root

    def due(self, kind: Kind, period: PeriodIndex) -> Seq | None:
        """Where the last statement of a kind for a period stands."""
        return self._due.get((kind, period))

    def next_prev(self) -> Digest:
        """What the next statement must name as `prev`."""
        if self.ids:
            return Digest(self.ids[-1])
        keys = self.member.keys
        return codec.genesis_prev(
            self._register.network_id, self.origin, keys[Purpose.STATEMENT], keys[Purpose.LOG]
        )

    def batch_end(self, start: int) -> tuple[TreeSize, Note | None]:
        """How far one batch from `start` can go, and the note that covers it.

        It ends where an era does: whoever takes the next one learns of the new keys from its
        first entry.
        """
        for size, note in self.closing.items():
            if start < size:
                return size, note
        return self.size, self.note

    def log_key(
        self, size: int, start: int = 0, entries: tuple[bytes, ...] = (), source: str = ""
    ) -> VerifierKey:
        """Whose signature a checkpoint of this size needs, offered with entries from `start`."""
        if size <= self.size:
            return self.succession.at(size).log
        if not entries and not self._staged:
            return self.succession.now.log
        offset = self.size - start
        following = entries[offset : offset + 1] if offset >= 0 else ()
        staged = (each.entry for each in self._staged.get(source, [])[:1])
        # An entry that cannot stand changes no key; it is refused where it is taken in.
        with suppress(MalformedInput, InvalidSignature, InvalidKey):
            for entry in (*following, *staged)[:1]:
                if changes_keys(open_envelope(entry)[1]):
                    return self.succession.after(entry).now.log
        return self.succession.now.log

    def open(
        self, data: bytes, start: int = 0, entries: tuple[bytes, ...] = (), source: str = ""
    ) -> Note:
        """Judge a note offered with entries by its log's key; keep the log's line.

        Raises `MalformedCheckpoint` or `InvalidSignature`.
        """
        key = self.log_key(Note.decode(data).body.size, start, entries, source)
        return remembered_note(data, key).note

    def reload(self, entries: tuple[bytes, ...], notes: list[bytes]) -> None:
        """Take a log from the disk: its entries, the last notes of former eras, the last note.

        Raises what `open` and `extend` raise.
        """
        for data in notes:
            start = Seq(self.size)
            end = Note.decode(data).body.size
            self.extend(start, entries[start:end], self.open(data, start, entries[start:end]))

    def hold_register(self, note: Note) -> None:
        """Hold the register's own entries, which `Register.load` has already checked."""
        for entry in self._register.entries:
            self._append_leaf(entry)
        self.note = note

    def extend(
        self, start: Seq, entries: tuple[bytes, ...], note: Note, source: str = ""
    ) -> Extended:
        """Take a batch that begins at `start`, under a note whose log line has been verified.

        What a checkpoint covers may come in several batches; those of each source are kept
        apart, so that nobody spoils what another brings. Raises `BadEntry` for an entry that
        the checkpoint covers and that cannot stand; the verdict is `UNSOUND` where nothing shows
        that the log's owner has signed such an entry: then the source has made it up.
        """
        size, staged = self.size, self._staged.get(source, [])
        if start > size + len(staged):
            return Extended(verdict=Verdict.GAP, start=Seq(size + len(staged)))
        for offset, offered in enumerate(entries[: max(0, size - start)]):
            held = self.entries[start + offset]
            if held != offered and _identity(held) != _identity(offered):
                differs = Differs(seq=Seq(start + offset), held=held, offered=offered)
                return Extended(verdict=Verdict.FORK, start=Seq(size), differs=differs)
        checkpoint = note.body
        if checkpoint.size <= size:
            agrees = self.agrees_with(checkpoint)
            verdict = Verdict.NOTHING_NEW if agrees else Verdict.FORK
            return Extended(verdict=verdict, start=Seq(size))
        self._staged.pop(source, None)
        known = staged[: min(max(0, start - size), checkpoint.size - size)]
        fresh = entries[max(0, size - start) :][: checkpoint.size - size - len(known)]
        try:
            new = self._check(known, fresh)
        except BadEntry as error:
            whole = tuple(each.entry for each in known) + fresh
            if self._root_with(whole) == (checkpoint.size, checkpoint.root):
                error.entries = whole
                raise
            verdict = Verdict.FORK if error.authored else Verdict.UNSOUND
            return Extended(verdict=verdict, start=Seq(size))
        if size + len(new) < checkpoint.size:
            if sum(len(each.entry) for each in new) <= STAGED_BYTES_MAX:
                self._staged[source] = new
            return Extended(verdict=Verdict.STAGED, start=Seq(size + len(new)))
        added = tuple(each.entry for each in new)
        if self._root_with(added) != (checkpoint.size, checkpoint.root):
            return Extended(verdict=Verdict.FORK, start=Seq(size))
        self._append(new)
        self.note = note
        return Extended(verdict=Verdict.EXTENDED, start=Seq(size), entries=added)

    def append_own(self, entry: bytes) -> None:
        """Append an entry that the owner of this mirror has just signed."""
        self._append(self._check([], (entry,)))

    def at_least_seen(self, heads: tuple[Head, ...]) -> tuple[Head, ...]:
        """The larger of these heads and those that the log's last statement names, by origin."""
        latest = {head.origin: head for head in self.statements[-1].seen} if self.statements else {}
        for head in heads:
            if head.origin not in latest or head.size > latest[head.origin].size:
                latest[head.origin] = head
        return tuple(latest[origin] for origin in sorted(latest))

    def prefix(self, size: TreeSize) -> list[bytes]:
        """The first entries, as a list."""
        return self.entries[:size]

    def _root_with(self, new: tuple[bytes, ...]) -> tuple[int, Digest]:
        """The size and the root of this log with these entries at its end."""
        frontier = Frontier.of(self.tree)
        for entry in new:
            frontier.append(leaf_hash(entry))
        return self.size + len(new), frontier.root()

    def _check(self, known: list[_Checked], fresh: tuple[bytes, ...]) -> list[_Checked]:
        """Check entries that follow checked ones at this mirror's end; give all of them.

        Nothing is appended: a bad entry leaves the mirror as it was.
        """
        checked, seen = list(known), dict(self._seen)
        for each in known:
            seen.update({head.origin: head.size for head in each.statement.seen})
        succession = _after([each.entry for each in known if each.changes_keys], self.succession)
        prev: Digest = known[-1].identity if known else self.next_prev()
        for seq, entry in enumerate(fresh, start=len(self.entries) + len(known)):
            statement, identity, after = check_entry(
                self._register, succession, seq, entry, prev=prev, seen=seen
            )
            if after is not succession and checked:
                raise BadEntry(seq, "a change of keys begins a batch", convicts=False)
            succession, prev = after, identity
            seen.update({head.origin: head.size for head in statement.seen})
            checked.append(_Checked(entry, statement, identity))
        return checked

    def _append(self, new: list[_Checked]) -> None:
        """Append what has been checked; what others have staged of it is staged no longer."""
        if new and new[0].changes_keys and self.note is not None:
            self.closing[self.size] = self.note
        changes = [each.entry for each in new if each.changes_keys]
        self.succession = _after(changes, self.succession)
        for each in new:
            statement = each.statement
            if statement.period is not None:
                self._due[statement.kind, statement.period.index] = Seq(len(self.entries))
            self._append_leaf(each.entry)
            self.statements.append(statement)
            self.ids.append(each.identity)
            self._seen.update({head.origin: head.size for head in statement.seen})
        for source, staged in list(self._staged.items()):
            same = len(staged) > len(new) and staged[len(new) - 1].identity == self.ids[-1]
            if same:
                self._staged[source] = staged[len(new) :]
            else:
                del self._staged[source]

    def _append_leaf(self, entry: bytes) -> None:
        leaf = leaf_hash(entry)
        self.tree.append(leaf)
        self.entries.append(entry)
        self.size = TreeSize(len(self.entries))


def check_entry(
    register: Register,
    succession: Succession,
    seq: int,
    entry: bytes,
    *,
    prev: Digest,
    seen: Seen,
) -> tuple[Statement, StatementId, Succession]:
    """Check that an entry can stand at `seq` of a log; raise `BadEntry`.

    `succession` says whose log it is, and by which keys; what comes back holds after the entry.
    The numbers are those of docs/spec/bundles.md, section 4.
    """
    try:
        # F4.1 It decodes, and its signatures are those that its place and kind ask for.
        statement, identity = succession.open(entry)
        after = succession.after_opened(entry, statement)
    except FormerKey as error:
        raise BadEntry(seq, str(error), convicts=False) from error
    except (MalformedInput, InvalidSignature, InvalidKey) as error:
        raise BadEntry(seq, str(error)) from error
    # F4.2 It is of this author, origin and network.
    if (statement.author, statement.origin) != (succession.id, succession.origin):
        raise BadEntry(seq, "of another author or origin")
    if statement.network != register.network_id:
        raise BadEntry(seq, "of another network")
    # F4.3 It names its own place, and the statement before it.
    if statement.seq != seq:
        raise BadEntry(seq, f"names the place {statement.seq}")
    if statement.prev != prev:
        raise BadEntry(seq, "does not name the statement before it", authored=True)
    # F4.4 What its author has seen does not decrease.
    sizes = {head.origin: head.size for head in statement.seen}
    for origin, size in seen.items():
        if sizes.get(origin, 0) < size:
            raise BadEntry(seq, "what it has seen decreases", authored=True)
    return statement, identity, after


def _after(changes: list[bytes], succession: Succession) -> Succession:
    """A succession after changes of keys that have been checked."""
    for entry in changes:
        succession = succession.after(entry)
    return succession


def _identity(entry: bytes) -> bytes:
    """The statement_id of an envelope, or the bytes themselves where it does not decode."""
    try:
        return envelope.decode(entry, signatures_max=envelope.SIGNATURES_MAX).statement_id
    except MalformedInput:
        return entry
