"""Record files under crashes, flips and cuts (reliability.md 4, O1, O3, O4)."""

from __future__ import annotations

import resource
import signal
import subprocess
import sys
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pausenet.errors import MalformedRecord, Misuse
from pausenet.node.store.records import (
    DATA_BYTES_MAX,
    RecordFile,
    decode_frame,
    encode_frame,
)
from pausenet.protocol.messages import Area, Record

CONTENTS = [b"first", b"", b"third record", b"4"]


def write(path: Path, contents: list[bytes], *, sync: bool = True) -> int:
    """Append to a file; how long it is then."""
    file = RecordFile(path, Area.GUARD)
    start = len(file.records())
    for index, data in enumerate(contents, start):
        file.append("log", index, data)
    if sync:
        file.sync()
    file.close()
    return path.stat().st_size


def read(path: Path) -> list[bytes]:
    file = RecordFile(path, Area.GUARD)
    file.close()
    return [record.data for record in file.records()]


def test_what_was_appended_is_found_again_in_order(tmp_path: Path) -> None:
    path = tmp_path / "records.log"
    write(path, CONTENTS)
    write(path, [b"after a restart"])
    assert read(path) == [*CONTENTS, b"after a restart"]


def test_a_tail_torn_at_any_byte_is_cut_off_and_nothing_durable_with_it(tmp_path: Path) -> None:
    path = tmp_path / "records.log"
    durable = write(path, CONTENTS[:2])
    mark = path.with_suffix(".durable").read_bytes()
    file = RecordFile(path, Area.GUARD)
    for data in CONTENTS[2:]:
        file.append("log", 9, data)
    file.close()
    whole = path.read_bytes()
    for length in range(durable, len(whole)):
        path.write_bytes(whole[:length])
        path.with_suffix(".durable").write_bytes(mark)
        kept = read(path)
        assert kept == CONTENTS[: len(kept)]
        assert len(kept) >= 2
        assert path.stat().st_size <= length
        write(path, [b"goes on"])
        assert read(path) == [*kept, b"goes on"]


@pytest.mark.parametrize("tail", [bytes(300), b"\xff" * 7, b"pnR\x01" * 9, b"pnR\x01" + bytes(60)])
def test_a_tail_of_zeros_or_garbage_is_cut_off(tmp_path: Path, tail: bytes) -> None:
    path = tmp_path / "records.log"
    write(path, CONTENTS)
    with path.open("ab") as file:
        file.write(tail)
    reopened = RecordFile(path, Area.GUARD)
    reopened.close()
    assert reopened.cut_off == len(tail)
    assert read(path) == CONTENTS


def test_a_bit_flipped_anywhere_in_the_durable_part_is_refused_by_name(tmp_path: Path) -> None:
    path = tmp_path / "records.log"
    length = write(path, CONTENTS)
    whole = path.read_bytes()
    for place in range(length):
        path.write_bytes(whole[:place] + bytes([whole[place] ^ 4]) + whole[place + 1 :])
        with pytest.raises(MalformedRecord, match=r"records\.log: record \d at byte \d+"):
            RecordFile(path, Area.GUARD)


def test_a_flip_is_refused_without_the_mark_where_later_records_vouch(tmp_path: Path) -> None:
    path = tmp_path / "records.log"
    first = write(path, [b"first"])
    write(path, [b"second"])
    path.with_suffix(".durable").unlink()
    whole = path.read_bytes()
    path.write_bytes(whole[: first - 1] + b"!" + whole[first:])
    with pytest.raises(MalformedRecord, match="record 0 at byte 0: its checksum"):
        RecordFile(path, Area.GUARD)


@pytest.mark.parametrize("removed", [1, 25, 60])
def test_a_file_shorter_than_what_was_durable_is_refused(tmp_path: Path, removed: int) -> None:
    path = tmp_path / "records.log"
    write(path, CONTENTS)
    path.write_bytes(path.read_bytes()[:-removed])
    with pytest.raises(MalformedRecord):
        RecordFile(path, Area.GUARD)


def test_a_lost_file_is_refused_where_the_mark_remembers_it(tmp_path: Path) -> None:
    path = tmp_path / "records.log"
    write(path, CONTENTS)
    path.unlink()
    with pytest.raises(MalformedRecord, match="record 0 at byte 0: missing"):
        RecordFile(path, Area.GUARD)


def test_a_record_over_the_bound_is_a_slip_of_the_caller(tmp_path: Path) -> None:
    file = RecordFile(tmp_path / "records.log", Area.GUARD)
    with pytest.raises(Misuse):
        file.append("log", 0, bytes(DATA_BYTES_MAX + 1))
    with pytest.raises(Misuse):
        file.append("l" * 256, 0, b"")
    file.close()


@given(st.binary(max_size=120))
def test_a_frame_decoder_takes_a_frame_or_raises_its_one_error(data: bytes) -> None:
    record = Record(area=Area.GUARD, log="log", index=7, data=b"data")
    for hostile in (data, encode_frame(record, 0) + data, encode_frame(record, 3)[:-1] + data):
        try:
            frame = decode_frame(hostile, 0, Area.GUARD)
        except MalformedRecord:
            continue
        assert encode_frame(frame.record, frame.synced) == hostile[: frame.end]


FULL = """
import resource, signal, sys
from pathlib import Path
from pausenet.errors import NodeError
from pausenet.node.store.records import RecordFile
from pausenet.protocol.messages import Area
signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
file = RecordFile(Path(sys.argv[1]), Area.GUARD)
file.append("log", 0, b"kept"); file.sync()
limit = Path(sys.argv[1]).stat().st_size + int(sys.argv[2])
resource.setrlimit(resource.RLIMIT_FSIZE, (limit, limit))
try:
    file.append("log", 1, b"does not fit"); file.sync()
except NodeError as error:
    print(error)
"""


@pytest.mark.parametrize("room", [0, 1, 19, 30])
def test_a_disk_that_fills_up_at_any_byte_leaves_no_partial_record(
    tmp_path: Path, room: int
) -> None:
    assert resource.RLIM_INFINITY
    assert signal.SIGXFSZ
    path = tmp_path / "records.log"
    done = subprocess.run(
        [sys.executable, "-c", FULL, str(path), str(room)],
        capture_output=True,
        text=True,
        check=True,
    )
    assert str(path) in done.stdout
    assert read(path) == [b"kept"]
    write(path, [b"room again"])
    assert read(path) == [b"kept", b"room again"]
