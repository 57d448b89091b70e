"""The register: who takes part, with which keys; its network id is the one trust root.

The register is a log (protocol.md 5.1). Its genesis entry names every participant with its
statement key, so the network id pins those keys: no fork of the register can put another key
under a name. Each further entry binds one participant's other keys and is signed by the
registrar and by that participant. The agreement stands in the same log; after it stand the
changes of who the verifiers are, each with the approvals that it needs.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Final, Self

from pausenet.errors import InvalidKey, InvalidRegister, InvalidSignature, MalformedInput
from pausenet.log.merkle import Tree, leaf_hash
from pausenet.log.opened import open_note
from pausenet.log.vkey import VerifierKey
from pausenet.protocol.epochs import Epoch
from pausenet.protocol.keyring import Applicant, Keyring
from pausenet.protocol.registry import (
    Member,
    RegisterReader,
    origin_for,
    read_genesis,
    register_prev,
)
from pausenet.protocol.succession import Succession
from pausenet.statements.agreement import Agreement
from pausenet.statements.register import Genesis
from pausenet.values import (
    Digest,
    NetworkId,
    NetworkTime,
    Origin,
    ParticipantId,
    Quorum,
    Role,
    TreeSize,
)

__all__ = [
    "ENTRIES_MAX",
    "Applicant",
    "Keyring",
    "Member",
    "Register",
    "origin_for",
    "register_prev",
]

ENTRIES_MAX: Final = 512


@dataclass(frozen=True, slots=True, kw_only=True)
class Register:
    """A register whose every signature and link has been checked; only `load` makes one.

    `verifiers` and `quorum` are those of one `epoch`, the latest unless another was asked for.
    `roots` are the roots of every size that it has had since it was whole.
    """

    network_id: NetworkId
    genesis: Genesis
    members: Mapping[ParticipantId, Member]
    agreement: Agreement
    agreement_digest: Digest
    entries: tuple[bytes, ...]
    note: bytes
    roots: tuple[Digest, ...]
    epochs: tuple[Epoch, ...]
    epoch: Epoch
    by_origin: Mapping[Origin, Member] = field(repr=False)

    @property
    def size(self) -> TreeSize:
        """The number of entries."""
        return TreeSize(len(self.entries))

    @property
    def size_at_first(self) -> TreeSize:
        """The number of entries with which it was whole, before any change of membership."""
        return self.epochs[0].size

    @property
    def root(self) -> Digest:
        """The root over the entries."""
        return self.roots[-1]

    @property
    def verifiers(self) -> tuple[ParticipantId, ...]:
        """Who counts in the epoch, in register order."""
        return self.epoch.verifiers

    @property
    def quorum(self) -> Quorum:
        """n, k and f of the epoch."""
        return self.epoch.quorum

    @property
    def all_verifiers(self) -> tuple[ParticipantId, ...]:
        """Who counts in some epoch, or is admitted to: all who hold and serve the logs."""
        return tuple(member.id for member in self.with_role(Role.VERIFIER))

    def at(self, now: NetworkTime) -> Self:
        """The same register, in the epoch of the period that runs at a time."""
        return self.under(max(0, self.agreement.schedule.last_ended(now) + 1))

    def under(self, period: int) -> Self:
        """The same register, in the epoch of a period."""
        if len(self.epochs) == 1:
            return self
        found = next(each for each in reversed(self.epochs) if each.first <= period)
        return self if found == self.epoch else replace(self, epoch=found)

    def epoch_of(self, names: tuple[ParticipantId, ...]) -> Epoch | None:
        """The first epoch of which these are f+1 verifiers; None where they are that of none."""
        fitting = (each for each in self.epochs if set(names) <= set(each.verifiers))
        return next((each for each in fitting if len(names) == each.quorum.f + 1), None)

    def resting_on(self, size: int, root: Digest, period: int) -> Self | None:
        """The register as a statement names it, in the epoch of a period.

        None where it never had this size and root: then the statement is of another register.
        """
        place = size - self.size_at_first
        if not 0 <= place < len(self.roots) or self.roots[place] != root:
            return None
        if size == self.size:
            return self.under(period)
        members = {name: each for name, each in self.members.items() if each.bound <= size}
        epochs = tuple(epoch for epoch in self.epochs if epoch.size <= size)
        return replace(
            self,
            members=members,
            by_origin={member.origin: member for member in members.values()},
            entries=self.entries[:size],
            note=b"",
            roots=self.roots[: place + 1],
            epochs=epochs,
            epoch=epochs[-1],
        ).under(period)

    def counts_alike(self, size: int, root: Digest, period: int) -> bool:
        """Whether a statement that names so much of the register counts by it as by all of it.

        That is so where it is this register's beginning, and gives a period the same epoch.
        """
        place = size - self.size_at_first
        if not 0 <= place < len(self.roots) or self.roots[place] != root:
            return False
        known = [each for each in self.epochs if each.size <= size and each.first <= period]
        return known[-1] == self.under(period).epoch

    def with_role(self, role: Role) -> tuple[Member, ...]:
        """The members of one role, in register order."""
        return tuple(member for member in self.members.values() if member.role is role)

    def origin_of(self, participant: ParticipantId) -> Origin:
        """The origin of a participant's log."""
        return self.members[participant].origin

    def storing_keys(self) -> tuple[VerifierKey, ...]:
        """The storing cosigner keys of all verifiers, in register order."""
        return tuple(
            key for name in self.verifiers if (key := self.members[name].storing_key) is not None
        )

    def succeeded(self, *successions: Succession) -> Self:
        """The same register, with what these participants' logs say of their keys."""
        members = dict(self.members)
        for found in successions:
            members[found.id] = replace(members[found.id], succession=found)
        return replace(
            self,
            members=members,
            by_origin={member.origin: member for member in members.values()},
        )

    def at_first(self) -> Self:
        """The same register, before anybody has changed a key."""
        known = [member.succession for member in self.members.values()]
        changed = [each.until(0) for each in known if len(each.eras) > 1]
        return self.succeeded(*changed) if changed else self

    def __deepcopy__(self, memo: object) -> Self:
        return self

    def witness_keys(self) -> tuple[VerifierKey, ...]:
        """The witness cosigner keys of all verifiers, in register order."""
        return tuple(
            key for name in self.verifiers if (key := self.members[name].witness_key) is not None
        )

    @classmethod
    def load(
        cls, entries: tuple[bytes, ...], note: bytes | None, network_id: NetworkId | None
    ) -> Self:
        """Check a register from its bytes; raise `InvalidRegister` for anything amiss.

        `network_id` pins it; with None the register is merely consistent with itself. `note` is
        the registrar's checkpoint over all entries, or None where only the entries are at hand.
        """
        try:
            return cls._load(entries, note, network_id)
        except (MalformedInput, InvalidSignature, InvalidKey) as error:
            raise InvalidRegister(f"register: {error}") from error

    @classmethod
    def _load(
        cls, entries: tuple[bytes, ...], note: bytes | None, network_id: NetworkId | None
    ) -> Self:
        if not 3 <= len(entries) <= ENTRIES_MAX:
            raise InvalidRegister(f"register: expected 3..{ENTRIES_MAX} entries")
        found_id, genesis, registrar = read_genesis(entries[0])
        # 5.1.1 The genesis entry is the one that the network id names.
        if network_id is not None and found_id != network_id:
            raise InvalidRegister(f"register: expected network {network_id}, found {found_id}")
        reader = RegisterReader(found_id, genesis, registrar)
        for entry in entries[1:]:
            reader.read(entry)
        members, agreement = reader.finish()
        tree = Tree(leaf_hash(entry) for entry in entries)
        first = reader.epochs[0].size
        roots = tuple(tree.root(TreeSize(size)) for size in range(first, len(entries) + 1))
        if note is not None:
            # 5.1.7 The registrar's checkpoint covers exactly these entries.
            opened = open_note(note, members[registrar.id].log_key)
            if opened.checkpoint.size != len(entries) or opened.checkpoint.root != roots[-1]:
                raise InvalidRegister("register: its checkpoint is not over these entries")
        return cls(
            network_id=found_id,
            genesis=genesis,
            members=members,
            agreement=agreement,
            agreement_digest=agreement.digest,
            entries=entries,
            note=note or b"",
            roots=roots,
            epochs=tuple(reader.epochs),
            epoch=reader.epochs[-1],
            by_origin={member.origin: member for member in members.values()},
        )
