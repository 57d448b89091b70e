"""What a test sees of running nodes from outside: their reports, and every copy of every log."""

from __future__ import annotations

import json
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path

from pausenet.cli.logfiles import open_log
from pausenet.errors import MalformedTile
from pausenet.node.status import EVIDENCE
from pausenet.values import ParticipantId

_LOOK_S = 0.002
_TRIES = 20


def until(condition: Callable[[], bool], what: str, seconds: float = 60) -> None:
    """Wait until something holds; fail after some time."""
    end = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < end, f"in vain: {what}"
        time.sleep(_LOOK_S)


@dataclass(slots=True)
class Reports:
    """Follows the log of one node: how much it has appended, and how much of it is receipted."""

    path: Path
    starts: int = 0
    appended: int = 0
    receipted: int = 0
    _read: int = 0

    def look(self) -> None:
        """Take in the lines that have come; a cut off one counts when it is whole."""
        with self.path.open("rb") as file:
            file.seek(self._read)
            data = file.read()
        whole, newline, _ = data.rpartition(b"\n")
        self._read += len(whole) + len(newline)
        for line in whole.splitlines():
            if line.startswith(b"{"):
                self._take(json.loads(line))

    @property
    def is_open(self) -> bool:
        """Whether a batch has been appended that is not acknowledged, as far as is read."""
        self.look()
        return self.appended > self.receipted

    def _take(self, line: dict[str, object]) -> None:
        own = str(line.get("about", "")).endswith(f"/{line.get('node')}")
        match line["event"]:
            case "started":
                self.starts += 1
            case "appended" if own:
                self.appended = max(self.appended, int(str(line["fact_seq"])) + 1)
            case "receipted" if own:
                self.receipted = max(self.receipted, int(str(line["fact_size"])))


@dataclass(slots=True)
class Copies:
    """Every entry ever seen, by log and place, and who holds how much on its disk now."""

    network: Path
    known: dict[str, list[bytes]] = field(default_factory=dict)

    def look(self) -> dict[str, dict[ParticipantId, int]]:
        """Read every copy on every disk; no place may ever hold two different entries."""
        sizes: dict[str, dict[ParticipantId, int]] = {}
        for holder, directory in self._directories():
            origin, entries = _read_copy(directory)
            known = self.known.setdefault(origin, [])
            common = min(len(known), len(entries))
            assert list(entries[:common]) == known[:common], f"{holder}: another {origin}"
            known += entries[common:]
            sizes.setdefault(origin, {})[holder] = len(entries)
        return sizes

    def proofs(self) -> list[str]:
        """The proofs among all evidence files."""
        files = list(self.network.glob(f"*/{EVIDENCE}/*.json"))
        claims = [(path, json.loads(path.read_bytes())["claim"]) for path in files]
        return [f"{path.parent.parent.name}: {c}" for path, c in claims if c["class"] != "warrant"]

    def _directories(self) -> Iterator[tuple[ParticipantId, Path]]:
        for home in sorted(self.network.iterdir()):
            for path in sorted((home / "data" / "logs").rglob("checkpoint")):
                yield ParticipantId(home.name), path.parent


def _read_copy(directory: Path) -> tuple[str, tuple[bytes, ...]]:
    """One copy; its owner may replace files while they are read, so that it takes a few tries."""
    for left in reversed(range(_TRIES)):
        try:
            log = open_log(directory)
            return str(log.note.body.origin), log.entries()
        except (MalformedTile, FileNotFoundError):
            if not left:
                raise
    raise AssertionError
