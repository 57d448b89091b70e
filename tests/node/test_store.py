"""The store: what is durable when, and what is refused at start."""

from __future__ import annotations

import errno
import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from pausenet.errors import MalformedRecord, Misuse, NodeError
from pausenet.log.checkpoint import Note
from pausenet.log.tilecheck import check_tiles
from pausenet.node.store import Store
from pausenet.protocol.messages import Area, Fsync, SetTimer, Write
from pausenet.values import NetworkTime
from tests.node.disks import (
    AURORA,
    BIRCH,
    data_of,
    entries,
    entry_writes,
    filled,
    found,
    guard,
    head,
    ignore,
    note,
    places,
    publish,
)


def log_directory(root: Path) -> Path:
    return root / "data" / "logs" / AURORA


def assert_tiles_agree(root: Path) -> None:
    """Hash all files of the log again, as an outsider would."""
    directory = log_directory(root)
    checkpoint = Note.decode((directory / "checkpoint").read_bytes()).body
    problems = check_tiles(
        lambda path: (directory / path).read_bytes() if (directory / path).exists() else None,
        checkpoint,
    )
    assert problems == ()


@pytest.mark.parametrize("sizes", [[1], [3, 5], [255, 256, 257], [256], [512], [1, 300, 301, 700]])
def test_what_was_published_is_found_again_and_its_tiles_hash(
    tmp_path: Path, sizes: list[int]
) -> None:
    everything = entries(sizes[-1])
    before = 0
    for size in sizes:
        filled(tmp_path, publish(everything[:size], before))
        before = size
        records = found(tmp_path)
        assert data_of(records, Area.ENTRY) == everything[:size]
        assert data_of(records, Area.CHECKPOINT) == [note(everything[:size])]
        assert_tiles_agree(tmp_path)


def test_within_one_run_growing_by_one_leaves_tiles_that_hash(tmp_path: Path) -> None:
    everything = entries(260)
    store = Store.open(places(tmp_path))
    for size in range(250, 261):
        store.perform([publish(everything[:size], 0 if size == 250 else size - 1)], ignore)
    store.close()
    assert_tiles_agree(tmp_path)
    partial = log_directory(tmp_path) / "tile" / "entries" / "000.p"
    assert list(partial.iterdir()) == []


def test_entries_beyond_the_checkpoint_are_found_and_may_be_replaced(tmp_path: Path) -> None:
    filled(tmp_path, publish(entries(3)), [*entry_writes(entries(4, 3), 3), Fsync()])
    assert data_of(found(tmp_path), Area.ENTRY) == entries(7)
    other = [*entries(4), b"another fourth"]
    filled(tmp_path, publish(other, 3))
    assert data_of(found(tmp_path), Area.ENTRY) == other
    assert_tiles_agree(tmp_path)


def test_replacing_entries_across_a_full_bundle_leaves_nothing_of_the_old(tmp_path: Path) -> None:
    filled(tmp_path, publish(entries(250)), [*entry_writes(entries(20, 250), 250), Fsync()])
    other = [*entries(251), b"other"]
    filled(tmp_path, [*entry_writes(other[251:], 251), Fsync()])
    assert data_of(found(tmp_path), Area.ENTRY) == other
    filled(tmp_path, publish(other, 251))
    assert_tiles_agree(tmp_path)


def test_an_entry_under_the_checkpoint_is_never_replaced(tmp_path: Path) -> None:
    filled(tmp_path, publish(entries(3)))
    store = Store.open(places(tmp_path))
    store.records()
    with pytest.raises(NodeError, match="entry 2: the checkpoint covers another"):
        store.perform([entry_writes([b"other"], 2)], ignore)
    store.close()
    assert data_of(found(tmp_path), Area.ENTRY) == entries(3)


def test_the_same_entry_again_changes_nothing(tmp_path: Path) -> None:
    filled(tmp_path, publish(entries(3)), publish(entries(3)))
    assert data_of(found(tmp_path), Area.ENTRY) == entries(3)


def test_a_gap_between_entries_is_a_slip_of_the_caller(tmp_path: Path) -> None:
    store = Store.open(places(tmp_path))
    with pytest.raises(Misuse, match="expected entry 0, found 1"):
        store.perform([entry_writes([b"x"], 1)], ignore)
    store.close()


@pytest.mark.parametrize("length", [0, 1, 9, 20])
def test_a_torn_bundle_above_the_checkpoint_is_left_out(tmp_path: Path, length: int) -> None:
    filled(tmp_path, publish(entries(3)), [*entry_writes(entries(2, 3), 3), Fsync()])
    bundle = log_directory(tmp_path) / "tile" / "entries" / "000.p" / "5"
    bundle.write_bytes(bundle.read_bytes()[:length])
    assert data_of(found(tmp_path), Area.ENTRY) == entries(3)


@pytest.mark.parametrize("name", ["tile/entries/000.p/3", "tile/0/000.p/3", "checkpoint"])
@pytest.mark.parametrize("damage", ["cut", "flip", "gone"])
def test_damage_under_the_checkpoint_is_refused_by_name(
    tmp_path: Path, name: str, damage: str
) -> None:
    filled(tmp_path, publish(entries(3)))
    path = log_directory(tmp_path) / name
    data = path.read_bytes()
    if damage == "gone":
        path.unlink()
        if name == "checkpoint":  # then nothing claims the entries: the guard will
            assert data_of(found(tmp_path), Area.CHECKPOINT) == []
            return
    else:
        path.write_bytes(
            data[:-3] if damage == "cut" else bytes([data[5] ^ 1]).join((data[:5], data[6:]))
        )
    with pytest.raises(MalformedRecord, match="aurora"):
        Store.open(places(tmp_path))


def test_a_checkpoint_ahead_of_the_restored_entries_is_refused(tmp_path: Path) -> None:
    filled(tmp_path, publish(entries(3)))
    old = tmp_path / "old"
    shutil.copytree(log_directory(tmp_path) / "tile", old)
    filled(tmp_path, publish(entries(5), 3))
    shutil.rmtree(log_directory(tmp_path) / "tile")
    shutil.copytree(old, log_directory(tmp_path) / "tile")
    with pytest.raises(MalformedRecord, match="entry 3 is missing, of 5"):
        Store.open(places(tmp_path))


def test_an_older_checkpoint_beside_newer_entries_is_found_as_it_is(tmp_path: Path) -> None:
    filled(tmp_path, publish(entries(3)))
    old = (log_directory(tmp_path) / "checkpoint").read_bytes()
    filled(tmp_path, publish(entries(5), 3))
    (log_directory(tmp_path) / "checkpoint").write_bytes(old)
    records = found(tmp_path)
    assert data_of(records, Area.CHECKPOINT) == [note(entries(3))]
    assert data_of(records, Area.ENTRY) == entries(5)


def test_a_smaller_checkpoint_never_replaces_a_larger_one(tmp_path: Path) -> None:
    filled(tmp_path, publish(entries(3)))
    store = Store.open(places(tmp_path))
    with pytest.raises(NodeError, match=r"expected 3\.\.3, found 2"):
        store.perform([[head(entries(2)), Fsync()]], ignore)
    store.close()
    assert data_of(found(tmp_path), Area.CHECKPOINT) == [note(entries(3))]


def test_a_checkpoint_over_entries_that_are_not_here_is_refused(tmp_path: Path) -> None:
    store = Store.open(places(tmp_path))
    with pytest.raises(NodeError, match=r"expected 0\.\.2, found 3"):
        store.perform([[*entry_writes(entries(2)), head(entries(3)), Fsync()]], ignore)
    store.close()


def test_a_checkpoint_changed_by_another_hand_is_not_overwritten(tmp_path: Path) -> None:
    store = Store.open(places(tmp_path))
    store.perform([publish(entries(3))], ignore)
    path = log_directory(tmp_path) / "checkpoint"
    path.write_bytes(note(entries(2)))
    with pytest.raises(NodeError, match="changed by another hand"):
        store.perform([publish(entries(4), 3)], ignore)
    store.close()
    assert path.read_bytes() == note(entries(2))


@pytest.mark.parametrize("log", ["", "../../etc", "aurora", f"{AURORA}/..", "pausenet.x/lab/a"])
def test_no_path_is_made_of_a_name_that_is_no_origin(tmp_path: Path, log: str) -> None:
    store = Store.open(places(tmp_path))
    with pytest.raises(Misuse, match="no log can stand at"):
        store.perform([[*entry_writes([b"x"], log=log), Fsync()]], ignore)
    store.close()


def test_the_note_of_another_log_is_no_checkpoint_of_this_one(tmp_path: Path) -> None:
    store = Store.open(places(tmp_path))
    foreign = Write(area=Area.CHECKPOINT, log=AURORA, index=1, data=note(entries(1), BIRCH))
    with pytest.raises(Misuse, match="names pausenet"):
        store.perform([[*entry_writes(entries(1)), foreign, Fsync()]], ignore)
    store.close()


def test_ledger_leaves_replace_what_stood_at_their_place(tmp_path: Path) -> None:
    def leaf(index: int, data: bytes) -> Write:
        return Write(area=Area.LEDGER, log="period-3", index=index, data=data)

    filled(tmp_path, [leaf(0, b"old"), leaf(1, b"one"), Fsync()], [leaf(0, b"new"), Fsync()])
    assert data_of(found(tmp_path), Area.LEDGER) == [b"new", b"one"]


def test_guard_and_journal_come_back_in_order_and_apart(tmp_path: Path) -> None:
    journal = Write(area=Area.JOURNAL, log="boots", index=0, data=b"j")
    filled(tmp_path, [guard(0, b"a"), Fsync(), journal, Fsync()], [guard(1, b"b"), Fsync()])
    shutil.rmtree(tmp_path / "data")
    records = found(tmp_path)
    assert data_of(records, Area.GUARD) == [b"a", b"b"]
    assert data_of(records, Area.JOURNAL) == []


def test_nothing_is_released_before_what_stands_before_it_is_durable(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    store = Store.open(places(tmp_path))
    synced: list[int] = []
    real = os.fdatasync
    monkeypatch.setattr(os, "fdatasync", lambda fd: (synced.append(fd), real(fd)))
    released: list[tuple[object, int]] = []
    first, second = SetTimer(at=NetworkTime(1)), SetTimer(at=NetworkTime(2))
    store.perform(
        [[first, guard(0, b"a"), Fsync(), second]],
        lambda effect: released.append((effect, len(synced))),
    )
    store.close()
    assert released == [(first, 0), (second, 1)]


@pytest.mark.parametrize("call", ["fdatasync", "fsync", "write", "rename"])
def test_a_failing_disk_acknowledges_nothing_and_is_not_trusted_again(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, call: str
) -> None:
    filled(tmp_path, [guard(0, b"kept"), Fsync()], publish(entries(2)))
    store = Store.open(places(tmp_path))
    store.records()

    def fails(*_: object) -> int:
        raise OSError(errno.ENOSPC, "No space left on device")

    released: list[object] = []
    step = [guard(1, b"new"), Fsync(), *publish(entries(3), 2), SetTimer(at=NetworkTime(1))]
    with monkeypatch.context() as patch:
        patch.setattr(os, call, fails)
        with pytest.raises(NodeError, match="No space left on device"):
            store.perform([step], released.append)
    assert released == []
    with pytest.raises(NodeError, match="No space left"):
        store.perform([[SetTimer(at=NetworkTime(2))]], released.append)
    assert released == []
    store.close()
    records = found(tmp_path)
    assert data_of(records, Area.GUARD)[0] == b"kept"
    assert data_of(records, Area.CHECKPOINT) == [note(entries(2))]
    assert data_of(records, Area.ENTRY)[:2] == entries(2)


def test_a_real_disk_that_fills_up_keeps_what_was_acknowledged(tmp_path: Path) -> None:
    mounted = subprocess.run(
        ["mount", "-t", "tmpfs", "-o", "size=256k", "tmpfs", str(tmp_path)],
        capture_output=True,
        check=False,
    )
    if mounted.returncode:
        pytest.skip("a size-limited tmpfs needs root")
    try:
        big = [b"%d" % number + bytes(900) for number in range(600)]
        store = Store.open(places(tmp_path))
        kept, problem = 0, ""
        try:
            for size in range(10, 600, 10):
                store.perform([publish(big[:size], size - 10)], ignore)
                kept = size
        except NodeError as error:
            problem = str(error)
        store.close()
        assert "No space left on device" in problem
        records = found(tmp_path)
        assert data_of(records, Area.CHECKPOINT) == [note(big[:kept])]
        assert data_of(records, Area.ENTRY)[:kept] == big[:kept]
    finally:
        subprocess.run(["umount", "--lazy", str(tmp_path)], check=True)


SECOND = """
import sys
from pathlib import Path
from pausenet.errors import NodeError
from pausenet.node.store import Places, Store
root = Path(sys.argv[1])
try:
    Store.open(Places(guard=root / "guard", data=root / "other"))
except NodeError as error:
    sys.exit(str(error))
"""


def test_a_second_process_with_the_same_guard_is_turned_away(tmp_path: Path) -> None:
    def second() -> subprocess.CompletedProcess[str]:
        command = [sys.executable, "-c", SECOND, str(tmp_path)]
        return subprocess.run(command, capture_output=True, text=True, check=False)

    store = Store.open(places(tmp_path))
    refused = second()
    assert refused.returncode == 1
    assert "another process signs with these keys" in refused.stderr
    store.close()
    assert second().returncode == 0
