"""The signing guard: what its keys may never sign."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pausenet.errors import MalformedRecord, SigningRefused
from pausenet.protocol.guard import Guard
from pausenet.values import Digest, NetworkTime, Origin, Seq, TreeSize

ORIGIN = Origin("pausenet.0123456789abcdef0123456789abcdef/lab/aurora")
ROOT, OTHER = Digest.of(b"root"), Digest.of(b"other")


def cosign(guard: Guard, size: int, time: int, root: Digest = ROOT) -> object:
    return guard.cosignature(ORIGIN, TreeSize(size), root, NetworkTime(time), b"note")


def test_one_place_is_signed_once_and_in_order() -> None:
    guard = Guard()
    guard.open_batch()
    guard.statement(Seq(0), b"first")
    for place in (0, 2):
        with pytest.raises(SigningRefused):
            guard.statement(Seq(place), b"again")


def test_a_checkpoint_never_repeats_a_size() -> None:
    guard = Guard()
    guard.open_batch()
    guard.statement(Seq(0), b"first")
    guard.checkpoint(TreeSize(1), b"note")
    with pytest.raises(SigningRefused):
        guard.checkpoint(TreeSize(1), b"other note")


@pytest.mark.parametrize(("size", "time", "root"), [(4, 20, ROOT), (5, 9, ROOT), (5, 10, OTHER)])
def test_a_cosigner_never_goes_back_and_never_forks(size: int, time: int, root: Digest) -> None:
    guard = Guard()
    cosign(guard, 5, 10)
    with pytest.raises(SigningRefused):
        cosign(guard, size, time, root)


def test_the_same_cosignature_needs_no_second_record() -> None:
    guard = Guard()
    assert cosign(guard, 5, 10) is not None
    assert cosign(guard, 5, 10) is None


def test_a_guard_read_back_forbids_what_it_forbade_before() -> None:
    guard = Guard()
    guard.open_batch()
    records = [
        guard.boot().data,
        guard.statement(Seq(0), b"first").data,
        guard.checkpoint(TreeSize(1), b"note").data,
    ]
    write = guard.cosignature(ORIGIN, TreeSize(5), ROOT, NetworkTime(10), b"a note")
    assert write is not None
    again = Guard()
    again.load((*records, write.data))
    assert (again.boots, again.next_seq, again.log_size) == (1, 1, 1)
    assert again.statements == {0: b"first"}
    assert again.notes == {1: b"note"}
    assert again.recalled == [b"a note"]
    with pytest.raises(SigningRefused):
        cosign(again, 4, 20)


def test_only_the_last_batch_can_be_written_again() -> None:
    guard = Guard()
    for place in range(3):
        guard.open_batch()
        guard.statement(Seq(place), b"%d" % place)
        guard.checkpoint(TreeSize(place + 1), b"note %d" % place)
    assert guard.statements == {2: b"2"}
    assert guard.batch_start == 2


@given(st.binary(max_size=80))
def test_a_record_of_any_other_shape_is_refused_by_its_one_error(data: bytes) -> None:
    with pytest.raises(MalformedRecord):
        Guard().load((data,))
