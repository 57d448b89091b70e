"""The SQLite index: it follows the logs, and is made anew where it does not."""

from __future__ import annotations

from pathlib import Path

import pytest

from pausenet.crypto import envelope
from pausenet.node.store import LogIndex
from pausenet.values import REGISTER_ORIGIN, Seq, TreeSize
from tests.node.networks import make


@pytest.fixture(scope="module")
def log(tmp_path_factory: pytest.TempPathFactory) -> tuple[bytes, ...]:
    """Real statements: the entries of a register."""
    return make(tmp_path_factory.mktemp("index") / "net").entries


def follow(index: LogIndex, log: tuple[bytes, ...], size: int | None = None) -> None:
    end = TreeSize(len(log) if size is None else size)
    index.catch_up(REGISTER_ORIGIN, end, lambda seq: log[seq])


def test_every_statement_is_found_by_its_id(tmp_path: Path, log: tuple[bytes, ...]) -> None:
    index = LogIndex(tmp_path / "index.sqlite")
    follow(index, log, 2)
    follow(index, log)
    for seq, entry in enumerate(log):
        identity = envelope.decode(entry, signatures_max=2).statement_id
        (found,) = index.find(identity)
        assert (found.origin, found.seq, found.period) == (REGISTER_ORIGIN, seq, None)
    index.close()
    again = LogIndex(tmp_path / "index.sqlite")
    assert again.size(REGISTER_ORIGIN) == len(log)
    again.close()


@pytest.mark.parametrize(
    "content", [b"no database", bytes(5_000), b"SQLite format 3\x00" + b"x" * 90]
)
def test_a_damaged_index_is_made_anew(
    tmp_path: Path, log: tuple[bytes, ...], content: bytes
) -> None:
    (tmp_path / "index.sqlite").write_bytes(content)
    index = LogIndex(tmp_path / "index.sqlite")
    follow(index, log)
    assert index.size(REGISTER_ORIGIN) == len(log)
    index.close()


def test_an_index_ahead_of_a_restored_log_is_cut_back(
    tmp_path: Path, log: tuple[bytes, ...]
) -> None:
    index = LogIndex(tmp_path / "index.sqlite")
    follow(index, log)
    follow(index, log, 3)
    assert index.size(REGISTER_ORIGIN) == 3
    index.close()


def test_an_index_of_another_log_is_not_believed(tmp_path: Path, log: tuple[bytes, ...]) -> None:
    index = LogIndex(tmp_path / "index.sqlite")
    follow(index, tuple(reversed(log)))
    follow(index, log)
    identity = envelope.decode(log[0]).statement_id
    assert [found.seq for found in index.find(identity)] == [Seq(0)]
    index.close()


def test_an_entry_that_does_not_decode_is_listed_and_found_under_no_id(tmp_path: Path) -> None:
    index = LogIndex(tmp_path / "index.sqlite")
    follow(index, (b"no statement",))
    assert index.size(REGISTER_ORIGIN) == 1
    index.close()
