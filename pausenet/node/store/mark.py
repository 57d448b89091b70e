"""One number at one place on the disk, with its checksum.

A mark is written in place and not fsynced: a killed process loses none, a power cut at most
steps it back. So it may only hold what is safe to find too small.
"""

from __future__ import annotations

import os
import zlib
from pathlib import Path
from typing import Final

from pausenet.node.store.disk import opened, over_disk

_LENGTH: Final = 12


class Mark:
    """A number that only grows; 0 where the file is missing or torn."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._fd = opened(path, os.O_RDWR | os.O_CREAT)
        data = os.pread(self._fd, _LENGTH + 1, 0)
        whole = len(data) == _LENGTH and zlib.crc32(data[:8]) == int.from_bytes(data[8:], "big")
        self._value = int.from_bytes(data[:8], "big") if whole else 0

    @property
    def value(self) -> int:
        """The number as last written."""
        return self._value

    def set(self, value: int) -> None:
        """Write a larger number; an equal or smaller one changes nothing."""
        if value <= self._value:
            return
        number = value.to_bytes(8, "big")
        with over_disk(self._path):
            os.pwrite(self._fd, number + zlib.crc32(number).to_bytes(4, "big"), 0)
        self._value = value

    def close(self) -> None:
        """Let go of the file."""
        os.close(self._fd)
