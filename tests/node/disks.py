"""Logs, notes and stores that the node's tests put on a disk."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from pausenet.crypto.keys import SigningKey
from pausenet.log.checkpoint import Checkpoint, Note, sign_checkpoint
from pausenet.log.merkle import Tree, leaf_hash
from pausenet.log.vkey import KeyName
from pausenet.node.store import Places, Store
from pausenet.protocol.messages import Area, Effect, Fsync, Record, Write
from pausenet.values import Origin

NETWORK = "0123456789abcdef0123456789abcdef"
AURORA = Origin(f"pausenet.{NETWORK}/lab/aurora")
BIRCH = Origin(f"pausenet.{NETWORK}/lab/birch")
KEY = SigningKey.from_seed(bytes(32))


def places(root: Path) -> Places:
    return Places(guard=root / "guard", data=root / "data")


def entries(count: int, start: int = 0) -> list[bytes]:
    return [b"entry %d" % number for number in range(start, start + count)]


def note(contents: Sequence[bytes], origin: Origin = AURORA) -> bytes:
    tree = Tree(leaf_hash(entry) for entry in contents)
    head = Checkpoint(origin=KeyName(origin), size=tree.size, root=tree.root(tree.size))
    return Note(body=head, signatures=(sign_checkpoint(head, KEY),)).encode()


def guard(index: int, data: bytes) -> Write:
    return Write(area=Area.GUARD, log="", index=index, data=data)


def entry_writes(contents: Sequence[bytes], start: int = 0, log: str = AURORA) -> list[Effect]:
    return [
        Write(area=Area.ENTRY, log=log, index=index, data=data)
        for index, data in enumerate(contents, start)
    ]


def head(contents: Sequence[bytes], origin: Origin = AURORA) -> Write:
    return Write(area=Area.CHECKPOINT, log=origin, index=len(contents), data=note(contents, origin))


def publish(contents: Sequence[bytes], start: int = 0) -> list[Effect]:
    """A whole batch as a publisher writes it: entries, then the head over all."""
    writes = entry_writes(contents[start:], start)
    return [*writes, Fsync(), head(contents), Fsync()]


def ignore(_: object) -> None:
    """Take what a store releases and do nothing."""


def filled(root: Path, *steps: Sequence[Effect]) -> None:
    """A store that has performed these steps, one by one, and was closed."""
    store = Store.open(places(root))
    for step in steps:
        store.perform([step], ignore)
    store.close()


def found(root: Path) -> tuple[Record, ...]:
    """What a store says at start that it holds."""
    store = Store.open(places(root))
    try:
        return store.records()
    finally:
        store.close()


def data_of(records: tuple[Record, ...], area: Area, log: str | None = None) -> list[bytes]:
    return [r.data for r in records if r.area is area and log in (None, r.log)]
