"""Reads what everybody has said from a run's exported logs, offline."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from itertools import product
from pathlib import Path
from typing import Final

from pausenet.cli.logfiles import cosigned_notes, find_logs, find_register
from pausenet.errors import (
    InvalidEvidence,
    InvalidKey,
    InvalidSignature,
    MalformedCheckpoint,
    MalformedFile,
    MalformedInput,
)
from pausenet.log.checkpoint import Note
from pausenet.log.cosignature import verify_cosignature
from pausenet.log.merkle import Tree, leaf_hash
from pausenet.log.opened import open_note
from pausenet.protocol.disclosure import Held, Withheld
from pausenet.protocol.messages import Told
from pausenet.protocol.reader import StatementReader, open_entry
from pausenet.protocol.register import Register
from pausenet.protocol.succession import open_envelope
from pausenet.statements.codec import Statement
from pausenet.statements.cut import Cut
from pausenet.statements.keychange import KeyRecovery, KeyRotation
from pausenet.values import Digest, NetworkTime, Origin, ParticipantId, Role, TreeSize

WITHHELD_FILE: Final = "withheld.jsonl"
"""What a simulated run's verifiers withheld; live nodes log the same lines."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Spoken:
    """The statements of every log, each by its author's key and under its log's checkpoint.

    `left_out` says which entries are nobody's statement in their log, and why; `missing` whose
    log is not here.
    """

    register: Register
    logs: dict[ParticipantId, tuple[Statement, ...]]
    trees: dict[ParticipantId, Tree]
    left_out: tuple[str, ...]
    missing: tuple[ParticipantId, ...]

    def has(self, log: ParticipantId, size: int, root: Digest) -> bool:
        """Whether this is the root of that log's first entries, and not of another face of it."""
        tree = self.trees.get(log)
        return tree is not None and size <= tree.size and tree.root(TreeSize(size)) == root


def read_run(run: Path) -> Spoken:
    """Read and judge every log of a run or a network.

    Raises `MalformedFile` or `MalformedTile` for what is no run, and `InvalidSignature` for a
    checkpoint that is not its log's.
    """
    register, left_out = find_register(run), list[str]()
    stored: dict[ParticipantId, tuple[Note, tuple[bytes, ...]]] = {}
    for found, log in find_logs(run).items():
        if found in register.members:
            stored[ParticipantId(found)] = (log.note, log.entries())
        else:
            left_out.append(f"{found}: nobody of this network")
    register = _succeeded(register, {name: entries for name, (_, entries) in stored.items()})
    logs: dict[ParticipantId, tuple[Statement, ...]] = {}
    trees: dict[ParticipantId, Tree] = {}
    for name, (note, entries) in stored.items():
        member = register.members[name]
        open_note(note, member.succession.at(note.body.size).log)
        said: list[Statement] = []
        for place, entry in enumerate(entries):
            try:
                opened = open_entry(register, entry)
            except (MalformedInput, InvalidSignature, InvalidEvidence) as error:
                left_out.append(f"{name}#{place}: {error}")
                continue
            if opened.member is member and opened.statement.seq == place:
                said.append(opened.statement)
            else:
                left_out.append(f"{name}#{place}: not a statement of this log and place")
        logs[name] = tuple(said)
        trees[name] = Tree(leaf_hash(entry) for entry in entries)
    return Spoken(
        register=register,
        logs=logs,
        trees=trees,
        left_out=tuple(left_out),
        missing=missing_logs(
            register, {register.members[name].origin: held for name, (_, held) in stored.items()}
        ),
    )


def read_entries(run: Path) -> tuple[Register, dict[Origin, tuple[bytes, ...]]]:
    """The entries of every log of a run or a network, each log whole and under its checkpoint.

    Raises as `read_run` does; what of them is a statement is not judged here.
    """
    register = find_register(run)
    stored = {
        ParticipantId(name): (log.note, log.entries())
        for name, log in find_logs(run).items()
        if name in register.members
    }
    register = _succeeded(register, {name: entries for name, (_, entries) in stored.items()})
    found: dict[Origin, tuple[bytes, ...]] = {}
    for name, (note, entries) in stored.items():
        member = register.members[name]
        open_note(note, member.succession.at(note.body.size).log)
        found[member.origin] = entries
    return register, found


def missing_logs(
    register: Register, held: Mapping[Origin, tuple[bytes, ...]]
) -> tuple[ParticipantId, ...]:
    """Whose log is not here: those whose machine speaks unasked, and whoever a cut says spoke."""
    spoke = set[Origin]()
    for member in register.with_role(Role.VERIFIER):
        for entry in held.get(member.origin, ()):
            try:
                body = open_envelope(entry)[1].body
            except (MalformedInput, InvalidSignature, InvalidKey):
                continue  # it is nobody's statement, and names no log
            if isinstance(body, Cut):
                spoke.update(item.origin for item in body.origins if item.size)
    return tuple(
        name
        for name, member in sorted(register.members.items())
        if member.origin not in held
        and (
            member.origin in spoke
            or member.role in (Role.LAB, Role.METER)
            or name in register.verifiers
        )
    )


def incomplete(missing: Iterable[ParticipantId]) -> tuple[str, ...]:
    """What an account says of the logs that it lacks."""
    return tuple(
        f"the log of {name} is missing here; this account is incomplete" for name in missing
    )


def _succeeded(register: Register, logs: Mapping[ParticipantId, tuple[bytes, ...]]) -> Register:
    """The register with the changes of keys that stand in these logs, each at its place."""
    found = []
    for name, entries in logs.items():
        succession = register.members[name].succession
        for place, entry in enumerate(entries):
            try:
                _, statement = open_envelope(entry)
                if isinstance(statement.body, KeyRotation | KeyRecovery) and statement.seq == place:
                    succession = succession.after(entry)
            except (MalformedInput, InvalidSignature, InvalidKey):
                continue  # left out below, by name
        found.append(succession)
    return register.succeeded(*found)


def read_held(run: Path, spoken: Spoken) -> tuple[Held, ...]:
    """Every storing cosignature that lies in a run and is valid: in notes, and in cuts."""
    found: set[Held] = set()
    for name, stored in find_logs(run).items():
        if name not in spoken.trees:
            continue
        member = spoken.register.members[ParticipantId(name)]
        for note in cosigned_notes(run, name, stored):
            try:
                open_note(note, member.succession.at(note.body.size).log)
            except (MalformedCheckpoint, InvalidSignature):
                continue  # what is bad in it shows nothing and accuses nobody
            if spoken.has(member.id, note.body.size, note.body.root):
                found.update(_on_note(spoken.register, member.id, note))
    found.update(_in_cuts(spoken))
    return tuple(sorted(found, key=lambda each: (each.log, each.reader, each.time, each.size)))


def _on_note(register: Register, log: ParticipantId, note: Note) -> Iterator[Held]:
    """The storing cosignatures on a note, by any key that a verifier has had."""
    for reader in register.verifiers:
        keys = register.members[reader].succession.storing_keys()
        for line, key in product(note.signatures, keys):
            if not line.is_by(key):
                continue
            try:
                signed = verify_cosignature(note.body, line, key)
            except (MalformedCheckpoint, InvalidSignature):
                continue
            yield Held(reader=reader, log=log, size=note.body.size, time=signed.time)


def _in_cuts(spoken: Spoken) -> Iterator[Held]:
    register, reader = spoken.register, StatementReader()
    owner = {member.origin: member.id for member in register.members.values()}
    for name in register.verifiers:
        for statement in spoken.logs.get(name, ()):
            if not isinstance(statement.body, Cut):
                continue
            for item in statement.body.origins:
                for each in item.times:
                    signer, log = register.members.get(each.by), owner.get(item.origin)
                    if signer is None or log is None or signer.role is not Role.VERIFIER:
                        continue
                    if not spoken.has(log, each.size, each.root):
                        continue
                    keys = signer.succession.storing_keys()
                    if any(reader.time_holds(item.origin, key, each) for key in keys):
                        yield Held(reader=each.by, log=log, size=each.size, time=each.time)


def read_withheld(run: Path, spoken: Spoken) -> tuple[Withheld, ...]:
    """What verifiers say that they withheld: a simulated run's file, or live nodes' own logs.

    Raises `MalformedFile` for a simulated run's line that is none; in a node's log other lines
    stand beside these.
    """
    members = spoken.register.members
    owner = {str(member.origin): member.id for member in members.values()}
    paths = sorted({*run.rglob(WITHHELD_FILE), *run.rglob("processes/*.log")})
    found: set[Withheld] = set()
    for path in paths:
        for number, line in enumerate(path.read_text("utf-8", errors="replace").splitlines(), 1):
            try:
                each = json.loads(line)
                if each["event"] != str(Told.WITHHELD):
                    continue
                by, asker = ParticipantId(each["node"]), ParticipantId(each["fact_to"])
                log, time = owner[each["about"]], NetworkTime(int(each["now"]))
            except (ValueError, KeyError, TypeError, RecursionError) as error:
                if path.name == WITHHELD_FILE:
                    raise MalformedFile(str(path), number, 1, "not what was withheld") from error
                continue
            if by in members and members[by].role is Role.VERIFIER and asker in members:
                found.add(Withheld(by=by, asker=asker, log=log, time=time))
    return tuple(found)
