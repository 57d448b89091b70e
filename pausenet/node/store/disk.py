"""Files that become durable together, and the one way to say that the disk has failed."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Final

from pausenet.errors import NodeError

FILE_MODE: Final = 0o600
DIRECTORY_MODE: Final = 0o700
_GUARDED: Final = os.O_NOFOLLOW | os.O_CLOEXEC


@contextmanager
def over_disk(path: Path) -> Iterator[None]:
    """Turn an operating system's error at this path into a `NodeError` that names it."""
    try:
        yield
    except OSError as error:
        raise NodeError(f"{path}: {error.strerror or error}") from error


def opened(path: Path, flags: int) -> int:
    """Open a file, never through a symbolic link; raise `NodeError` where that fails."""
    with over_disk(path):
        return os.open(path, flags | _GUARDED, FILE_MODE)


def write_all(fd: int, data: bytes, path: Path) -> None:
    """Write every byte or raise `NodeError`."""
    with over_disk(path):
        rest = memoryview(data)
        while rest:
            rest = rest[os.write(fd, rest) :]


def sync_directory(path: Path) -> None:
    """Make a directory's names durable."""
    fd = opened(path, os.O_RDONLY | os.O_DIRECTORY)
    try:
        with over_disk(path):
            os.fsync(fd)
    finally:
        os.close(fd)


def read_file(path: Path) -> bytes | None:
    """A file's bytes; None where there is no such file; `NodeError` where it cannot be read."""
    with over_disk(path):
        try:
            fd = os.open(path, os.O_RDONLY | _GUARDED)
        except FileNotFoundError:
            return None
        with os.fdopen(fd, "rb") as file:
            return file.read()


def write_new(path: Path, data: bytes, mode: int = FILE_MODE) -> None:
    """Make a file that must not exist, durable with its name; raise `NodeError` otherwise."""
    with over_disk(path):
        fd = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL | _GUARDED, mode)
    try:
        write_all(fd, data, path)
        with over_disk(path):
            os.fchmod(fd, mode)
            os.fsync(fd)
    finally:
        os.close(fd)
    sync_directory(path.parent)


def replace_file(path: Path, data: bytes, *, durable: bool = True, mode: int = FILE_MODE) -> None:
    """Replace a file as a whole: a reader finds the old bytes or the new, never a mixture.

    With `durable` the new bytes and the name also survive a power cut once this returns.
    """
    spare = path.with_name(f".{path.name}.new")
    fd = opened(spare, os.O_WRONLY | os.O_CREAT | os.O_TRUNC)
    try:
        write_all(fd, data, spare)
        with over_disk(spare):
            os.fchmod(fd, mode)
            if durable:
                os.fsync(fd)
    finally:
        os.close(fd)
    with over_disk(path):
        os.rename(spare, path)
    if durable:
        sync_directory(path.parent)


class Unsynced:
    """Files and directories that have been written to and are not durable yet."""

    def __init__(self) -> None:
        self._files: dict[Path, int] = {}
        self._directories: set[Path] = set()

    def write(self, path: Path, data: bytes) -> None:
        """Write a whole file, with the directories on the way to it."""
        self.make_directory(path.parent)
        old = self._files.pop(path, None)
        if old is not None:
            os.close(old)
        fd = opened(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC)
        self._files[path] = fd
        self._directories.add(path.parent)
        write_all(fd, data, path)

    def remove(self, path: Path) -> None:
        """Remove a file, if it is there."""
        with over_disk(path):
            path.unlink(missing_ok=True)
        if path.parent.is_dir():
            self._directories.add(path.parent)

    def make_directory(self, path: Path) -> None:
        """Make a directory and those above it that are missing."""
        if path.is_dir():
            return
        self.make_directory(path.parent)
        with over_disk(path):
            path.mkdir(mode=DIRECTORY_MODE)
        self._directories |= {path, path.parent}

    def sync(self) -> None:
        """Make everything durable: every file, then every directory."""
        for path in list(self._files):
            fd = self._files.pop(path)
            try:
                with over_disk(path):
                    os.fsync(fd)
            finally:
                os.close(fd)
        while self._directories:
            sync_directory(self._directories.pop())

    def close(self) -> None:
        """Let go of all files, durable or not."""
        while self._files:
            os.close(self._files.popitem()[1])
        self._directories.clear()
