"""Witness policy files: which logs, which witnesses, and how many of them must have cosigned.

The format is c2sp.org/tlog-policy:

    log <vkey> [<url>]
    witness <name> <vkey> [<url>]
    group <name> all|any|<k> <name>...
    quorum <name>|none

Two narrowings: every byte must be UTF-8, and two witnesses may not share one key name, because
cosignatures are counted by that name. A comment is dropped: `format_policy` writes the one
spelling of what was read.
"""

from __future__ import annotations

import re
from collections.abc import Collection
from dataclasses import dataclass
from typing import Final

from pausenet.errors import MalformedCheckpoint, MalformedFile
from pausenet.log.spelling import decimal
from pausenet.log.vkey import KeyType, Name, VerifierKey

POLICY_BYTES_MAX: Final = 131_072
DEFINITIONS_MAX: Final = 256
NO_QUORUM: Final = "none"

_SPACES: Final = re.compile(r"[ \t]+")
_CONTROL: Final = re.compile(r"[\x00-\x08\x0b-\x1f\x7f]")


@dataclass(frozen=True, slots=True, kw_only=True)
class PolicyLog:
    """A log that a policy accepts; the URL is empty where none is given."""

    key: VerifierKey
    url: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class PolicyWitness:
    """A witness, under the name by which the policy's groups mention it."""

    name: str
    key: VerifierKey
    url: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class PolicyGroup:
    """A group that has witnessed when at least `members_min` of its members have."""

    name: str
    members_min: int
    members: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class WitnessPolicy:
    """A whole policy, as `parse_policy` has checked it; groups mention earlier names only."""

    logs: tuple[PolicyLog, ...]
    witnesses: tuple[PolicyWitness, ...]
    groups: tuple[PolicyGroup, ...]
    quorum: str

    def is_met_by(self, cosigners: Collection[Name]) -> bool:
        """Whether cosigners of these key names, each verified already, make the quorum."""
        if self.quorum == NO_QUORUM:
            return True
        witnessed = {witness.name for witness in self.witnesses if witness.key.name in cosigners}
        for group in self.groups:
            if len(witnessed.intersection(group.members)) >= group.members_min:
                witnessed.add(group.name)
        return self.quorum in witnessed


def parse_policy(data: bytes, path: str) -> WitnessPolicy:
    """Read a policy file; raise `MalformedFile` with the place of the first mistake."""
    if len(data) > POLICY_BYTES_MAX:
        raise MalformedFile(path, 0, 0, f"expected at most {POLICY_BYTES_MAX} bytes")
    try:
        text = data.decode("utf-8")
    except UnicodeDecodeError as error:
        raise MalformedFile(path, 0, 0, "not UTF-8") from error
    *lines, rest = text.split("\n")
    if rest:
        raise MalformedFile(path, len(lines) + 1, 1, "expected a newline at the end")
    reader = _Reader()
    for number, line in enumerate(lines, start=1):
        try:
            reader.line(line)
        except (ValueError, MalformedCheckpoint) as error:
            raise MalformedFile(path, number, 1, str(error)) from error
    if not reader.quorum:
        raise MalformedFile(path, 0, 0, "expected a quorum line")
    return WitnessPolicy(
        logs=tuple(reader.logs),
        witnesses=tuple(reader.witnesses),
        groups=tuple(reader.groups),
        quorum=reader.quorum,
    )


def format_policy(policy: WitnessPolicy) -> bytes:
    """Write a policy: logs, witnesses, groups, quorum, one space between the words."""
    lines = [["log", log.key.encode(), log.url] for log in policy.logs]
    lines += [["witness", w.name, w.key.encode(), w.url] for w in policy.witnesses]
    lines += [["group", g.name, _threshold(g), *g.members] for g in policy.groups]
    lines.append(["quorum", policy.quorum])
    return "".join(" ".join(filter(None, words)) + "\n" for words in lines).encode()


class _Reader:
    """What the lines so far have defined; each mistake is a `ValueError`."""

    def __init__(self) -> None:
        self.logs: list[PolicyLog] = []
        self.witnesses: list[PolicyWitness] = []
        self.groups: list[PolicyGroup] = []
        self.quorum = ""
        self._names: set[str] = set()
        self._grouped: set[str] = set()

    def line(self, line: str) -> None:
        """Read one line without its newline."""
        if _CONTROL.search(line):
            raise ValueError("a control character")
        words = [word for word in _SPACES.split(line) if word]
        if not words or words[0].startswith("#"):
            return
        match words:
            case ["log", vkey, *url] if len(url) <= 1:
                self._log(vkey, "".join(url))
            case ["witness", name, vkey, *url] if len(url) <= 1:
                self._witness(name, vkey, "".join(url))
            case ["group", name, threshold, *members] if members:
                self._group(name, threshold, members)
            case ["quorum", name]:
                self._quorum(name)
            case _:
                raise ValueError(f"not a line of a policy: {line!r:.80}")
        if len(self.logs) + len(self._names) > DEFINITIONS_MAX:
            raise ValueError(f"expected at most {DEFINITIONS_MAX} definitions")

    def _log(self, vkey: str, url: str) -> None:
        key = _key(vkey, KeyType.LOG)
        if any(log.key.public_key == key.public_key for log in self.logs):
            raise ValueError("a second log with this public key")
        self.logs.append(PolicyLog(key=key, url=url))

    def _witness(self, name: str, vkey: str, url: str) -> None:
        key = _key(vkey, KeyType.COSIGNATURE)
        if any(other.key.public_key == key.public_key for other in self.witnesses):
            raise ValueError("a second witness with this public key")
        if any(other.key.name == key.name for other in self.witnesses):
            raise ValueError("a second witness with this key name")
        self._define(name)
        self.witnesses.append(PolicyWitness(name=name, key=key, url=url))

    def _group(self, name: str, threshold: str, members: list[str]) -> None:
        for member in members:
            if member not in self._names:
                raise ValueError(f"{member!r:.80} is not defined on an earlier line")
            if member in self._grouped:
                raise ValueError(f"{member!r:.80} is a member of a group already")
            self._grouped.add(member)
        self._define(name)
        words = {"any": 1, "all": len(members)}
        least = words[threshold] if threshold in words else decimal(threshold)
        if not 1 <= least <= len(members):
            raise ValueError(f"expected a threshold in 1..{len(members)}, found {least}")
        self.groups.append(PolicyGroup(name=name, members_min=least, members=tuple(members)))

    def _quorum(self, name: str) -> None:
        if self.quorum:
            raise ValueError("a second quorum line")
        if name != NO_QUORUM and name not in self._names:
            raise ValueError(f"{name!r:.80} is not defined on an earlier line")
        self.quorum = name

    def _define(self, name: str) -> None:
        if name == NO_QUORUM or name in self._names:
            raise ValueError(f"{name!r:.80} is defined already")
        self._names.add(name)


def _key(vkey: str, kind: KeyType) -> VerifierKey:
    key = VerifierKey.decode(vkey)
    if key.type is not kind:
        raise ValueError(f"expected a key of type {kind:02x}, found {key.type:02x}")
    return key


def _threshold(group: PolicyGroup) -> str:
    return "all" if group.members_min == len(group.members) else str(group.members_min)
