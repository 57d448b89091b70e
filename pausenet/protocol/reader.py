"""Reading logs for appraisal: each entry is decoded once, each tree grows once.

What a reader remembers follows from the bytes alone, so that sharing or forgetting it changes
no result.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import chain
from typing import Final, Self, TypeAlias, TypeVar

from pausenet.crypto import envelope, strict
from pausenet.errors import InvalidEvidence, MalformedInput, Misuse
from pausenet.log.checkpoint import Checkpoint
from pausenet.log.cosignature import cosignature_message
from pausenet.log.merkle import Tree, leaf_hash
from pausenet.log.vkey import KeyName, VerifierKey
from pausenet.protocol.corrections import Figures
from pausenet.protocol.evidence import Leaf
from pausenet.protocol.register import Member, Register
from pausenet.protocol.succession import open_envelope
from pausenet.statements import codec
from pausenet.statements.codec import Kind, Statement
from pausenet.statements.cut import Cut, TimeEvidence
from pausenet.statements.keychange import KeyRecovery
from pausenet.statements.membership import Admission, MembershipChange
from pausenet.statements.register import Purpose
from pausenet.values import (
    Digest,
    NetworkId,
    Origin,
    PublicKey,
    Role,
    Seq,
    StatementId,
    TreeSize,
)

REMEMBERED_MAX: Final = 16_384
"""How many answers of one kind a reader remembers."""

K = TypeVar("K")
V = TypeVar("V")

Numbered: TypeAlias = tuple[Seq, Statement]
"""A statement and its place in its log."""


@dataclass(frozen=True, slots=True, kw_only=True)
class LogView:
    """The first `size` entries of one log; `tree` may hold more, and is asked for less.

    An entry that cannot stand where it stands has no statement. `answers` and `figured` remember
    what follows from the first entries alone.
    """

    member: Member
    size: TreeSize
    entries: Sequence[bytes]
    statements: Sequence[Statement | None]
    tree: Tree
    answers: dict[tuple[Seq, TreeSize], tuple[Seq, ...]] = field(default_factory=dict)
    places: Mapping[Kind, Sequence[int]] | None = None
    figured: dict[Seq, Figures] = field(default_factory=dict)

    def follows(self, before: LogView | None) -> bool:
        """Whether this is what was read before, or goes on from its end."""
        return before is None or (self.statements is before.statements and before.size <= self.size)

    def numbered(self, *kinds: Kind, after: LogView | None = None) -> Iterator[Numbered]:
        """The statements of this view with their places, in order; with kinds only of those.

        With `after`, which this view follows, only those that it adds.
        """
        start = 0 if after is None else int(after.size)
        for index in self._places(kinds, start):
            statement = self.statements[index]
            if statement is not None and (not kinds or statement.kind in kinds):
                yield Seq(index), statement

    def _places(self, kinds: Sequence[Kind], start: int) -> Sequence[int]:
        """Where to look for statements of these kinds: `places` spares a look at all others."""
        if not kinds or self.places is None:
            return range(start, self.size)
        every = [self.places.get(kind, ()) for kind in kinds]
        found = [each[bisect_left(each, start) : bisect_left(each, self.size)] for each in every]
        return found[0] if len(found) == 1 else sorted(chain(*found))

    @property
    def corrections(self) -> bool:
        """Whether any statement of this view is a correction."""
        return any(True for _ in self.numbered(Kind.CORRECTION))

    @property
    def log(self) -> Mapping[int, tuple[bytes, Statement | None]]:
        """The entries of this view with their statements, by place."""
        return _Entries(self)

    def windows(
        self, places: Sequence[Seq], entries: int
    ) -> dict[int, tuple[bytes, Statement | None]]:
        """What stands at these places, and so many entries after each, by place."""
        ends = ((each, min(each + entries + 1, self.size)) for each in places)
        near = sorted({at for start, end in ends for at in range(start, end)})
        return {at: (self.entries[at], self.statements[at]) for at in near}

    def leaf(self, seq: Seq, size: TreeSize) -> Leaf:
        """An entry with its inclusion proof under the root of the first `size` entries."""
        return Leaf(index=seq, entry=self.entries[seq], proof=self.tree.inclusion(seq, size))

    def has_root(self, size: TreeSize, root: Digest) -> bool:
        """Whether the first `size` entries of this view have this root."""
        return 0 < size <= self.size and self.tree.root(size) == root


class _Entries(Mapping[int, tuple[bytes, Statement | None]]):
    """The entries of a view with their statements, by place, looked up where they are."""

    def __init__(self, view: LogView) -> None:
        self._view = view

    def __getitem__(self, place: int) -> tuple[bytes, Statement | None]:
        if not 0 <= place < self._view.size:
            raise KeyError(place)
        return self._view.entries[place], self._view.statements[place]

    def __contains__(self, place: object) -> bool:
        return isinstance(place, int) and 0 <= place < self._view.size

    def __iter__(self) -> Iterator[int]:
        return iter(range(self._view.size))

    def __len__(self) -> int:
        return int(self._view.size)


class Carried:
    """What a reader carries from one cut to the next; it says itself whether it still fits."""


class _Held:
    """One log as far as a reader has read it."""

    def __init__(self) -> None:
        self.entries: list[bytes] = []
        self.statements: list[Statement | None] = []
        self.places: dict[Kind, list[int]] = {}
        self.tree = Tree()
        self.answers: dict[tuple[Seq, TreeSize], tuple[Seq, ...]] = {}
        self.figured: dict[Seq, Figures] = {}


class StatementReader:
    """Decodes entries and remembers them by their place; keep one for a machine's lifetime.

    The logs that it has read grow with the logs themselves, since an appraisal reads all of
    them. Of digests and times only the last `REMEMBERED_MAX` are kept.
    """

    def __init__(self) -> None:
        self._ids: dict[bytes, StatementId] = {}
        self._digests: dict[bytes, Digest] = {}
        self._times: dict[tuple[Origin, VerifierKey, TimeEvidence], bool] = {}
        self._held: dict[tuple[NetworkId, Origin], _Held] = {}
        self.carried: Carried | None = None

    def identity(self, entry: bytes) -> StatementId:
        """The statement_id of an entry that decodes."""
        if entry not in self._ids:
            self._ids[entry] = open_envelope(entry)[0].statement_id
            _forget_oldest(self._ids)
        return self._ids[entry]

    def cut_digest(self, entry: bytes, cut: Cut) -> Digest:
        """The digest of the cut that this entry states."""
        if entry not in self._digests:
            self._digests[entry] = cut.digest
            _forget_oldest(self._digests)
        return self._digests[entry]

    def view(
        self, register: Register, member: Member, entries: Sequence[bytes], size: TreeSize
    ) -> LogView:
        """Read a log's first `size` entries; raise `Misuse` where there are fewer."""
        if len(entries) < size:
            raise Misuse(f"{member.origin}: expected {size} entries, found {len(entries)}")
        key = (register.network_id, member.origin)
        held = self._held.get(key)
        known = 0 if held is None else min(len(held.entries), size)
        if held is None or held.entries[:known] != list(entries[:known]):
            held = self._held[key] = _Held()
            known = 0
        for index in range(len(held.entries), size):
            entry = entries[index]
            held.entries.append(entry)
            held.tree.append(leaf_hash(entry))
            statement = self._placed(register, member, index, entry)
            held.statements.append(statement)
            if statement is not None:
                held.places.setdefault(statement.kind, []).append(index)
        return LogView(
            member=member,
            size=size,
            entries=held.entries,
            statements=held.statements,
            tree=held.tree,
            answers=held.answers,
            places=held.places,
            figured=held.figured,
        )

    def time_holds(self, origin: Origin, key: VerifierKey, evidence: TimeEvidence) -> bool:
        """Whether a cut's time evidence carries its storing cosigner's valid signature."""
        question = (origin, key, evidence)
        if question not in self._times:
            checkpoint = Checkpoint(origin=origin, size=evidence.size, root=evidence.root)
            message = cosignature_message(checkpoint, evidence.time)
            self._times[question] = strict.verify(key.public_key, evidence.signature, message)
            _forget_oldest(self._times)
        return self._times[question]

    def _placed(
        self, register: Register, member: Member, index: int, entry: bytes
    ) -> Statement | None:
        statement = _decoded(entry)
        if statement is None:
            return None
        found = (statement.network, statement.author, statement.origin, statement.seq)
        expected = (register.network_id, member.id, member.origin, index)
        return statement if found == expected else None

    def __deepcopy__(self, memo: object) -> Self:
        return self


@dataclass(frozen=True, slots=True, kw_only=True)
class OpenedEntry:
    """A statement whose signature is its author's, in this network and its author's own log."""

    member: Member
    statement: Statement
    id: StatementId

    @property
    def key(self) -> PublicKey:
        """The author's statement key at this place; a recovery entry is not signed by it."""
        return self.member.succession.at(int(self.statement.seq)).statement

    @property
    def recovers(self) -> bool:
        """Whether this is a recovery, which the recovery key signs."""
        return isinstance(self.statement.body, KeyRecovery)


def open_entry(register: Register, entry: bytes) -> OpenedEntry:
    """Judge one entry by the register alone.

    Raises `MalformedInput` or `InvalidSignature`, and `InvalidEvidence` for a statement of
    another network or a foreign log.
    """
    _, statement = open_envelope(entry)
    member = register.members.get(statement.author)
    if member is None or statement.network != register.network_id:
        raise InvalidEvidence(f"{statement.author} is nobody of this network")
    if statement.origin != member.origin or member.role is Role.REGISTRAR:
        raise InvalidEvidence(f"{statement.author} does not speak in {statement.origin}")
    statement, identity = member.succession.open(entry)
    return OpenedEntry(member=member, statement=statement, id=identity)


def open_change(register: Register, entry: bytes) -> OpenedEntry | None:
    """A change of membership, signed as the register asks (5.1.3); None for what is none.

    It names its network, unlike genesis, so that it can be held against its registrar.
    Raises as `open_entry` does.
    """
    sealed = envelope.decode(entry, signatures_max=envelope.SIGNATURES_MAX)
    statement = codec.decode(sealed.payload)
    body, member = statement.body, register.members.get(statement.author)
    if not isinstance(body, MembershipChange) or member is None:
        return None
    if member.role is not Role.REGISTRAR or statement.origin != member.origin:
        return None
    if statement.network != register.network_id:
        raise InvalidEvidence("a change of membership in another network")
    keys = {member.keys[Purpose.STATEMENT]}
    if isinstance(body.change, Admission):
        keys.add(dict(body.change.entry.keys)[Purpose.STATEMENT])
    if {each.key_id for each in sealed.signatures} != {key.key_id for key in keys}:
        raise InvalidEvidence("a change of membership is not signed by those who must")
    sealed.verify({key.key_id: key for key in keys})
    return OpenedEntry(member=member, statement=statement, id=sealed.statement_id)


def member_of(register: Register, name: KeyName | Origin) -> Member:
    """Whose log this is; raise `InvalidEvidence` for nobody's, and for the register itself.

    The register's origin does not name its network, so a note of it accuses nobody.
    """
    for member in register.members.values():
        if member.origin == name and member.role is not Role.REGISTRAR:
            return member
    raise InvalidEvidence(f"{str(name)!r:.80} is no participant's log in this network")


def _forget_oldest(held: dict[K, V]) -> None:
    if len(held) > REMEMBERED_MAX:
        del held[next(iter(held))]


def _decoded(entry: bytes) -> Statement | None:
    try:
        return open_envelope(entry)[1]
    except MalformedInput:
        return None
