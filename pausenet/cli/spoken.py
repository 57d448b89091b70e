"""Reads what everybody has said from a run's exported logs, offline."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from pausenet.cli.logfiles import find_logs, find_register
from pausenet.errors import InvalidEvidence, InvalidSignature, MalformedInput
from pausenet.log.opened import open_note
from pausenet.protocol.reader import open_entry
from pausenet.protocol.register import Register
from pausenet.statements.codec import Statement
from pausenet.values import ParticipantId


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
