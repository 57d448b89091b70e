"""Record files: what is appended is found again, or its loss is named.

A frame is `magic(4) length(4) crc32(4) synced(8) body`, big-endian; the checksum covers all of
the frame but magic and itself; `synced` says how much of the file was durable when the frame was
written. A body is `length(1) log index(8) data`.

A crash may tear what was not durable yet: the file is cut off at the first bad frame (O3). A bad
frame in the durable part is something else, the disk's lie or a person's hand, and is refused by
name (O4). Which is which follows from the `synced` of any later frame, and from a mark beside
the file that holds the durable length.
"""

from __future__ import annotations

import os
import zlib
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from pausenet.errors import MalformedRecord, Misuse
from pausenet.node.store.disk import opened, over_disk, read_file, sync_directory, write_all
from pausenet.node.store.mark import Mark
from pausenet.protocol.messages import Area, Record

DATA_BYTES_MAX: Final = 4 * 1024 * 1024
LOG_BYTES_MAX: Final = 255

_MAGIC: Final = b"pnR\x01"
_HEAD: Final = 20
_BODY_MIN: Final = 9


@dataclass(frozen=True, slots=True, kw_only=True)
class Frame:
    """One frame of a record file: where the next begins, how much was durable, the record."""

    end: int
    synced: int
    record: Record


def encode_frame(record: Record, synced: int) -> bytes:
    """Write one frame; raise `Misuse` for a record that is too big."""
    log = record.log.encode()
    if len(log) > LOG_BYTES_MAX or len(record.data) > DATA_BYTES_MAX:
        raise Misuse(f"record {record.area} {record.log!r:.60} {record.index}: too big")
    body = bytes([len(log)]) + log + record.index.to_bytes(8, "big") + record.data
    checked = synced.to_bytes(8, "big") + body
    length = len(body).to_bytes(4, "big")
    return _MAGIC + length + zlib.crc32(length + checked).to_bytes(4, "big") + checked


def decode_frame(data: bytes, start: int, area: Area) -> Frame:
    """Read the frame at a place; raise `MalformedRecord` where none stands there."""
    head = data[start : start + _HEAD]
    if len(head) < _HEAD or head[:4] != _MAGIC:
        raise MalformedRecord("no frame")
    length = int.from_bytes(head[4:8], "big")
    end = start + _HEAD + length
    if not _BODY_MIN <= length <= _BODY_MIN + LOG_BYTES_MAX + DATA_BYTES_MAX or end > len(data):
        raise MalformedRecord("cut short")
    body = data[start + _HEAD : end]
    if zlib.crc32(head[4:8] + head[12:] + body) != int.from_bytes(head[8:12], "big"):
        raise MalformedRecord("its checksum does not match")
    data_start = 1 + body[0] + 8
    try:
        log = body[1 : 1 + body[0]].decode()
    except UnicodeDecodeError as error:
        raise MalformedRecord("its log is not named in UTF-8") from error
    record = Record(
        area=area,
        log=log,
        index=int.from_bytes(body[data_start - 8 : data_start], "big"),
        data=body[data_start:],
    )
    frame = Frame(end=end, synced=int.from_bytes(head[12:], "big"), record=record)
    if data_start > length or encode_frame(record, frame.synced) != data[start:end]:
        raise MalformedRecord("not as a frame is written")
    return frame


class RecordFile:
    """One append-only file of records of one area.

    Raises `MalformedRecord` when a durable record is damaged, `NodeError` when the disk fails.
    """

    def __init__(self, path: Path, area: Area) -> None:
        self._path, self._area = path, area
        data = read_file(path)
        self._mark = Mark(path.with_suffix(".durable"))
        try:
            self._frames = self._read(data or b"")
        except BaseException:
            self._mark.close()
            raise
        self._end = self._frames[-1].end if self._frames else 0
        self.cut_off = len(data or b"") - self._end
        self._fd = opened(path, os.O_RDWR | os.O_CREAT)
        with over_disk(path):
            os.ftruncate(self._fd, self._end)
            os.fsync(self._fd)
            os.lseek(self._fd, 0, os.SEEK_END)
        sync_directory(path.parent)
        self._durable = self._end
        self._mark.set(self._end)

    def records(self) -> tuple[Record, ...]:
        """What stood in the file when it was opened, in order of writing."""
        return tuple(frame.record for frame in self._frames)

    def forget(self) -> None:
        """Give back the memory of what stood in the file."""
        self._frames = []

    def append(self, log: str, index: int, data: bytes) -> None:
        """Append one record; it is durable after `sync`."""
        record = Record(area=self._area, log=log, index=index, data=data)
        frame = encode_frame(record, self._durable)
        write_all(self._fd, frame, self._path)
        self._end += len(frame)

    def sync(self) -> None:
        """Make all records durable; costs nothing where they are."""
        if self._durable == self._end:
            return
        with over_disk(self._path):
            os.fdatasync(self._fd)
        self._durable = self._end
        self._mark.set(self._end)

    def close(self) -> None:
        """Let go of the file."""
        os.close(self._fd)
        self._mark.close()

    def _read(self, data: bytes) -> list[Frame]:
        frames: list[Frame] = []
        start, durable = 0, self._mark.value
        while start < len(data):
            try:
                frame = decode_frame(data, start, self._area)
            except MalformedRecord as error:
                durable = max(durable, self._durable_after(data, start))
                if start < durable:
                    raise self._damaged(len(frames), start, str(error)) from error
                return frames
            frames.append(frame)
            start = frame.end
        if start < durable:
            raise self._damaged(len(frames), start, "missing")
        return frames

    def _durable_after(self, data: bytes, start: int) -> int:
        """How much was durable, by the word of the frames that still stand after a bad one."""
        found, place = 0, start
        while (place := data.find(_MAGIC, place + 1)) >= 0:
            try:
                found = max(found, decode_frame(data, place, self._area).synced)
            except MalformedRecord:
                continue
        return found

    def _damaged(self, number: int, start: int, problem: str) -> MalformedRecord:
        return MalformedRecord(f"{self._path}: record {number} at byte {start}: {problem}")
