"""What a witness key has signed, on the disk: the guard of a witness (protocol.md 3.6).

    cosigned-<n>.log     records of cosigned checkpoints, one generation a file
    cosigned-<n>.durable the length of that file which is durable

Only the last record of each origin counts. When a generation has grown, the last records go
into a new one, which is made durable as a whole before the old one is removed; after a crash in
between there are two, and both are read. Where there is none although the key has been used, the
witness does not start: it would sign sizes anew.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from pathlib import Path
from typing import Final

from pausenet.errors import NodeError
from pausenet.node.store.disk import DIRECTORY_MODE, over_disk, sync_directory
from pausenet.node.store.lock import GuardLock
from pausenet.node.store.records import RecordFile
from pausenet.protocol.messages import Area
from pausenet.protocol.witness import Record

GENERATION_BYTES_MAX: Final = 16 * 1024 * 1024

_NAME: Final = re.compile(r"cosigned-([0-9]{1,12})\.log\Z")


class WitnessRecords:
    """The records of one witness key; one process, one thread at a time.

    `may_be_new` says that the key has never signed, so that there may be no record yet. Raises
    `NodeError` where there must be one or where another process holds them, `MalformedRecord`
    where a durable one is damaged.
    """

    def __init__(self, directory: Path, *, may_be_new: bool) -> None:
        self._directory = directory
        with over_disk(directory):
            directory.mkdir(mode=DIRECTORY_MODE, parents=True, exist_ok=True)
        self._lock = GuardLock(directory)
        try:
            numbers = self._generations()
            if not numbers and not may_be_new:
                raise NodeError(
                    f"{directory}: the records of this witness key are missing; it must not sign"
                )
            self._number = numbers[-1] if numbers else 1
            self._found: list[bytes] = []
            for number in numbers[:-1]:
                self._found += self._read_old(number)
            self._file = RecordFile(self._path(self._number), Area.GUARD)
            self._found += [record.data for record in self._file.records()]
            self._file.forget()
        except BaseException:
            self._lock.release()
            raise
        self._old, self._closed = numbers[:-1], False
        self._length = sum(map(len, self._found))

    def records(self) -> tuple[bytes, ...]:
        """The cosigned checkpoints that the disk held, in order of writing; to be asked once."""
        found, self._found = tuple(self._found), []
        return found

    def write(self, record: Record) -> None:
        """Make one record durable; raises `NodeError` when the disk fails."""
        self._file.append(record.origin, record.size, record.note)
        self._file.sync()
        self._length += len(record.note)

    @property
    def grown(self) -> bool:
        """Whether it is time to begin a new generation."""
        return bool(self._old) or self._length > GENERATION_BYTES_MAX

    def renew(self, held: Iterable[Record]) -> None:
        """Begin a new generation with the last record of each origin, and drop the old ones."""
        fresh = RecordFile(self._path(self._number + 1), Area.GUARD)
        self._length = 0
        for record in held:
            fresh.append(record.origin, record.size, record.note)
            self._length += len(record.note)
        fresh.sync()
        old = [*self._old, self._number]
        self._file.close()
        self._file, self._number, self._old = fresh, self._number + 1, []
        for number in old:
            with over_disk(self._directory):
                self._path(number).unlink(missing_ok=True)
                self._path(number).with_suffix(".durable").unlink(missing_ok=True)
        sync_directory(self._directory)

    def close(self) -> None:
        """Let go of the files and of the lock; a second time changes nothing."""
        if not self._closed:
            self._closed = True
            self._file.close()
            self._lock.release()

    def _path(self, number: int) -> Path:
        return self._directory / f"cosigned-{number}.log"

    def _generations(self) -> list[int]:
        with over_disk(self._directory):
            names = [path.name for path in self._directory.iterdir()]
        return sorted(int(match[1]) for name in names if (match := _NAME.match(name)))

    def _read_old(self, number: int) -> list[bytes]:
        """What an older generation holds, which a crash has left beside the newer one."""
        file = RecordFile(self._path(number), Area.GUARD)
        found = [record.data for record in file.records()]
        file.close()
        return found
