"""Mirrors: what may enter a verified copy of a log, and what a fork or a bad entry leaves."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pausenet.log.checkpoint import Note
from pausenet.protocol.mirror import BadEntry, Mirror, Verdict
from pausenet.statements.codec import Head
from pausenet.values import Digest, NetworkId, ParticipantId, Seq, TreeSize
from tests.protocol.builders import Log
from tests.protocol.paper import index, keyring, register, usage

REGISTER = register()
LAB = ParticipantId("aurora")
SCHEDULE = REGISTER.agreement.schedule


def log(entries: int) -> Log:
    made = Log(register=REGISTER, keys=keyring("aurora", REGISTER.members[LAB].role))
    for number in range(entries):
        made.say(usage(), period=SCHEDULE.period(index(number)))
    return made


def mirror() -> Mirror:
    return Mirror(REGISTER, REGISTER.members[LAB])


def note(of: Log, size: int | None = None) -> Note:
    return Note.decode(of.note(size))


@given(st.lists(st.integers(0, 9), max_size=6))
def test_batches_in_any_cut_give_the_same_mirror(cuts: list[int]) -> None:
    source, held = log(9), mirror()
    for end in sorted({*cuts, 9} - {0}):
        start = max(0, held.size - 1)  # overlaps by one
        held.extend(Seq(start), tuple(source.entries[start:end]), note(source, end))
    assert held.entries == source.entries
    assert held.root() == source.tree.root(source.size)


def test_a_batch_that_comes_in_pieces_waits_for_its_checkpoint() -> None:
    source, held = log(4), mirror()
    first = held.extend(Seq(0), tuple(source.entries[:2]), note(source))
    assert (first.verdict, held.size) == (Verdict.STAGED, 0)
    second = held.extend(Seq(2), tuple(source.entries[2:]), note(source))
    assert (second.verdict, held.size) == (Verdict.EXTENDED, 4)


def test_a_gap_is_named_and_nothing_enters() -> None:
    source, held = log(4), mirror()
    result = held.extend(Seq(2), tuple(source.entries[2:]), note(source))
    assert (result.verdict, result.start, held.size) == (Verdict.GAP, 0, 0)


def test_another_entry_at_a_held_place_is_a_fork_with_both_entries() -> None:
    source, held = log(3), mirror()
    held.extend(Seq(0), tuple(source.entries), note(source))
    other = source.fork(2)
    other.say(usage(), period=SCHEDULE.period(index(7)))
    result = held.extend(Seq(2), tuple(other.entries[2:]), note(other))
    assert result.verdict is Verdict.FORK
    assert result.differs is not None
    assert (result.differs.seq, result.differs.held) == (2, source.entries[2])
    assert result.differs.offered == other.entries[2]


def test_entries_that_do_not_make_the_root_do_not_enter() -> None:
    source, held = log(3), mirror()
    other = source.fork(2)
    other.say(usage(), period=SCHEDULE.period(index(7)))
    result = held.extend(Seq(0), tuple(other.entries), note(source))
    assert (result.verdict, held.size) == (Verdict.FORK, 0)


def _other_network(made: Log) -> bytes:
    statement = replace(made.statement(usage()), network=NetworkId(Digest.of(b"other")))
    return made.sealed(statement)


def _other_author(made: Log) -> bytes:
    return made.sealed(replace(made.statement(usage()), author=ParticipantId("birch")))


def _other_key(made: Log) -> bytes:
    stranger = Log(register=REGISTER, keys=keyring("birch", REGISTER.members[LAB].role))
    return stranger.sealed(made.statement(usage()))


def _wrong_place(made: Log) -> bytes:
    return made.sealed(made.statement(usage(), seq=7))


def _wrong_prev(made: Log) -> bytes:
    return made.sealed(replace(made.statement(usage()), prev=Digest.of(b"nothing")))


def _garbage(made: Log) -> bytes:
    return b"\x00" + made.entries[0]


@pytest.mark.parametrize(
    "make", [_other_network, _other_author, _other_key, _wrong_place, _wrong_prev, _garbage]
)
def test_an_entry_that_cannot_stand_is_refused_with_its_place(make: object) -> None:
    source, held = log(2), mirror()
    source.append(make(source))
    with pytest.raises(BadEntry) as raised:
        held.extend(Seq(0), tuple(source.entries), note(source))
    assert raised.value.seq == 2
    assert held.size == 0, "all enter, or none"


def test_what_an_author_has_seen_may_not_decrease() -> None:
    origin = REGISTER.origin_of(REGISTER.verifiers[0])
    source, held = log(0), mirror()
    for size in (5, 4):
        seen = (Head(origin=origin, size=TreeSize(size), root=Digest.of(b"%d" % size)),)
        source.say(usage(), seen=seen)
    with pytest.raises(BadEntry, match="decreases"):
        held.extend(Seq(0), tuple(source.entries), note(source))
