"""Reads what everybody has said from a run's exported logs, offline."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from pausenet.cli.logfiles import cosigned_notes, find_logs, find_register
from pausenet.errors import (
    InvalidEvidence,
    InvalidSignature,
    MalformedCheckpoint,
    MalformedFile,
    MalformedInput,
)
from pausenet.log.opened import open_note
from pausenet.protocol.disclosure import Held, Withheld
from pausenet.protocol.messages import Told
from pausenet.protocol.reader import StatementReader, open_entry
from pausenet.protocol.register import Register
from pausenet.statements.codec import Statement
from pausenet.statements.cut import Cut
from pausenet.values import NetworkTime, ParticipantId, Role

WITHHELD_FILE: Final = "withheld.jsonl"
"""What a simulated run's verifiers withheld; live nodes log the same lines."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Spoken:
    """The statements of every log, each by its author's key and under its log's checkpoint.

    `left_out` says which entries are nobody's statement in their log, and why.
    """

    register: Register
    logs: dict[ParticipantId, tuple[Statement, ...]]
    left_out: tuple[str, ...]


def read_run(run: Path) -> Spoken:
    """Read and judge every log of a run or a network.

    Raises `MalformedFile` or `MalformedTile` for what is no run, and `InvalidSignature` for a
    checkpoint that is not its log's.
    """
    register = find_register(run)
    logs: dict[ParticipantId, tuple[Statement, ...]] = {}
    left_out: list[str] = []
    for name, stored in find_logs(run).items():
        member = register.members.get(ParticipantId(name))
        if member is None:
            left_out.append(f"{name}: nobody of this network")
            continue
        open_note(stored.note, member.log_key)
        found: list[Statement] = []
        for place, entry in enumerate(stored.entries()):
            try:
                opened = open_entry(register, entry)
            except (MalformedInput, InvalidSignature, InvalidEvidence) as error:
                left_out.append(f"{name}#{place}: {error}")
                continue
            if opened.member is member and opened.statement.seq == place:
                found.append(opened.statement)
            else:
                left_out.append(f"{name}#{place}: not a statement of this log and place")
        logs[member.id] = tuple(found)
    return Spoken(register=register, logs=logs, left_out=tuple(left_out))


def read_held(run: Path, spoken: Spoken) -> tuple[Held, ...]:
    """Every storing cosignature that lies in a run and is valid: in notes, and in cuts."""
    register = spoken.register
    verifiers = {
        key.name: name
        for name in register.verifiers
        if (key := register.members[name].storing_key) is not None
    }
    found: set[Held] = set()
    for name, stored in find_logs(run).items():
        member = register.members.get(ParticipantId(name))
        if member is None:
            continue
        for note in cosigned_notes(run, name, stored):
            try:
                opened = open_note(note, member.log_key, register.storing_keys())
            except (MalformedCheckpoint, InvalidSignature):
                continue  # what is bad in it shows nothing and accuses nobody
            found |= {
                Held(
                    reader=verifiers[each.cosigner],
                    log=member.id,
                    size=opened.checkpoint.size,
                    time=each.time,
                )
                for each in opened.cosignatures
            }
    found.update(_in_cuts(spoken))
    return tuple(sorted(found, key=lambda each: (each.log, each.reader, each.time, each.size)))


def _in_cuts(spoken: Spoken) -> Iterator[Held]:
    register, reader = spoken.register, StatementReader()
    owner = {member.origin: member.id for member in register.members.values()}
    for name in register.verifiers:
        for statement in spoken.logs.get(name, ()):
            if not isinstance(statement.body, Cut):
                continue
            for item in statement.body.origins:
                for each in item.times:
                    signer = register.members.get(each.by)
                    key = None if signer is None else signer.storing_key
                    if item.origin not in owner or key is None:
                        continue
                    if reader.time_holds(item.origin, key, each):
                        log = owner[item.origin]
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
