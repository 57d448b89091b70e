"""Reads what nodes say of themselves in their status files."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from pydantic import BaseModel, ConfigDict, ValidationError

from pausenet.errors import MalformedFile, Misuse
from pausenet.node.names import NETWORK_FILE, STATUS_FILE

_KEYS = "keys"


class _StatusFile(BaseModel):
    """The members of a status file that are shown; it may have more."""

    model_config = ConfigDict(extra="ignore", strict=True)

    id: str
    role: str
    ready: bool
    halted: str
    trouble: str
    peers_up: list[str]
    receipted: int
    http: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class NodeStatus:
    """What one node last said of itself, and when its file was written (Unix seconds)."""

    id: str
    role: str
    ready: bool
    halted: str
    trouble: str
    peers_up: int
    receipted: int
    http: str
    written_s: float

    @property
    def sentence(self) -> str:
        """The state in a few words."""
        if self.halted:
            return f"signs nothing: {self.halted}"
        if self.trouble:
            return f"in trouble: {self.trouble}"
        return f"{'ready' if self.ready else 'not ready'}, {self.peers_up} peers up"


def home_of(net: Path, name: str | None) -> Path:
    """Where a participant's files are: NET/<id>, or NET itself where it is one's own volume."""
    if (net / _KEYS).is_dir() and (name is None or not (net / name).is_dir()):
        return net
    if name is None:
        raise Misuse("say whose health with --id")
    if not (net / name).is_dir():
        raise Misuse(f"{net}: nobody named {name!r:.80} here")
    return net / name


def homes(net: Path) -> tuple[Path, ...]:
    """The directories of all who have one here, by name."""
    if not (net / NETWORK_FILE).is_file():
        raise MalformedFile(str(net / NETWORK_FILE), 0, 0, "no such file: not a network")
    return tuple(sorted(path.parent for path in net.glob(f"*/{_KEYS}") if path.is_dir()))


def read_status(home: Path) -> NodeStatus | None:
    """A node's last status, None before its first; raise `MalformedFile` for another content."""
    path = home / STATUS_FILE
    try:
        data, written_s = path.read_bytes(), path.stat().st_mtime
    except FileNotFoundError:
        return None
    try:
        found = _StatusFile.model_validate_json(data)
    except ValidationError as error:
        raise MalformedFile(str(path), 0, 0, "not a status file") from error
    return NodeStatus(
        id=found.id,
        role=found.role,
        ready=found.ready,
        halted=found.halted,
        trouble=found.trouble,
        peers_up=len(found.peers_up),
        receipted=found.receipted,
        http=found.http,
        written_s=written_s,
    )
