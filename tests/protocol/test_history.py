"""A cosigner that shrinks is found out in whatever order its notes arrive."""

from __future__ import annotations

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pausenet.log.checkpoint import Checkpoint, Note
from pausenet.log.vkey import KeyName
from pausenet.protocol.bundle import verify_bundle
from pausenet.protocol.history import HISTORY_MAX, History
from pausenet.protocol.messages import Cosigned, Heads
from pausenet.statements.finding import Fault
from pausenet.values import Digest, NetworkTime, TreeSize
from tests.protocol.builders import Log, Paper
from tests.protocol.desk import Desk
from tests.protocol.hostility import NOW, REGISTER, machine, publish, verifier
from tests.protocol.paper import name, usage

ORIGIN = KeyName(REGISTER.origin_of(name("birch")))
EVIL = "verifier-2"
LINE = Note.decode(Paper(REGISTER).log("birch").note()).signatures[0]


def note(size: int) -> Note:
    body = Checkpoint(origin=ORIGIN, size=TreeSize(size), root=Digest.of(b"%d" % size))
    return Note(body=body, signatures=(LINE,))


def other(size: int) -> Checkpoint:
    """A head of the same size with another root."""
    return Checkpoint(origin=ORIGIN, size=TreeSize(size), root=Digest.of(b"other"))


def convictions(desk: Desk) -> set[tuple[Fault, str]]:
    """Who is proven to have done what, by the proofs that a verifier holds."""
    held = machine(desk).prosecution.bundles.values()
    claims = [verify_bundle(data, REGISTER.network_id).claim for data in held]
    return {(claim.fault, str(claim.accused)) for claim in claims if claim is not None}


def long_log(entries: int = 4) -> Log:
    log = Paper(REGISTER).log("birch")
    for _ in range(entries - log.size):
        log.say(usage())
    return log


@pytest.mark.parametrize(
    "signed",
    [
        ((3, 50), (2, 60)),
        ((2, 60), (3, 50)),
        ((1, 10), (4, 90), (2, 60), (3, 50)),
        ((4, 90), (2, 60), (1, 10), (3, 50)),
    ],
)
def test_a_shrinking_cosigner_is_convicted_whatever_comes_first(
    signed: tuple[tuple[int, int], ...],
) -> None:
    desk, log = verifier(), long_log()
    publish(desk, log)
    for size, time in signed:
        desk.hear("verifier-3", Heads(notes=(log.note(size, cosigners={EVIL: time}),)), NOW)
    assert convictions(desk) == {(Fault.F8B, EVIL)}


@pytest.mark.parametrize("sender", [EVIL, "birch"])
@pytest.mark.parametrize("signed", [((3, 50), (2, 60)), ((2, 60), (3, 50))])
def test_what_came_as_an_answer_first_does_not_hide_a_shrinking_cosigner(
    sender: str, signed: tuple[tuple[int, int], ...]
) -> None:
    """Anybody may send an answer that nobody waits for; gossip repeats what it held."""
    desk, log = verifier(), long_log()
    publish(desk, log)
    notes = [log.note(size, cosigners={EVIL: time}) for size, time in signed]
    for data in notes:
        desk.hear(sender, Cosigned(origin=log.origin, note=data), NOW)
    desk.hear("verifier-3", Heads(notes=tuple(notes)), NOW)
    assert convictions(desk) == {(Fault.F8B, EVIL)}


@pytest.mark.parametrize("signed", [((3, 50), (2, 60)), ((2, 60), (3, 50))])
def test_what_was_heard_before_the_log_came_there_convicts_a_shrinking_cosigner(
    signed: tuple[tuple[int, int], ...],
) -> None:
    """It shows the larger size once, to whoever does not hold so much yet."""
    desk, log = verifier(), long_log()
    first, second = (log.note(size, cosigners={EVIL: time}) for size, time in signed)
    desk.hear(EVIL, Heads(notes=(first,)), NOW)
    publish(desk, log)
    desk.hear(EVIL, Heads(notes=(second,)), NOW)
    assert convictions(desk) == {(Fault.F8B, EVIL)}


def test_what_was_heard_before_the_log_came_there_hides_no_cosigner_of_two_faces() -> None:
    desk, log = verifier(), long_log()
    face = log.fork(3)
    face.say(usage(7))
    rival = face.note(4, cosigners={EVIL: 70})
    desk.hear(EVIL, Heads(notes=(rival,)), NOW)
    publish(desk, log)
    for data in (log.note(4, cosigners={EVIL: 60}), rival):
        desk.hear("verifier-3", Heads(notes=(data,)), NOW)
    assert (Fault.F8A, EVIL) in convictions(desk)


def test_another_root_of_one_size_is_kept_between_two_that_are_alike() -> None:
    history, line = History(), note(5).signatures
    between = Note(body=other(5), signatures=line)
    for time, each in enumerate((note(5), note(5), between, note(5), note(5))):
        assert history.add(NetworkTime(time), each) is None
    assert history.beside(note(5).body) == between
    assert history.beside(other(5)) == note(5)


def test_a_cosigner_that_grows_is_convicted_in_no_order() -> None:
    desk, log = verifier(), long_log()
    publish(desk, log)
    for size, time in ((3, 70), (1, 10), (3, 60), (2, 30), (4, 70), (3, 65), (2, 60)):
        desk.hear("verifier-3", Heads(notes=(log.note(size, cosigners={EVIL: time}),)), NOW)
    assert not machine(desk).prosecution.bundles


SIGNED = st.lists(st.tuples(st.integers(0, 12), st.integers(1, 8)), max_size=14)


@given(SIGNED)
def test_the_first_pair_that_shrinks_is_always_found(signed: list[tuple[int, int]]) -> None:
    """Held against the slow way: each note against every one before it."""
    history, before = History(), list[tuple[int, int]]()
    for time, size in signed:
        expected = any((t < time and s > size) or (t > time and s < size) for t, s in before)
        pair = history.add(NetworkTime(time), note(size))
        assert (pair is not None) == expected
        if pair is not None:
            assert pair[0].body.size > pair[1].body.size
            break
        before.append((time, size))


def test_what_is_kept_is_bounded_and_the_latest_stays() -> None:
    history = History()
    for number in range(3 * HISTORY_MAX):
        assert history.add(NetworkTime(10 * number), note(number + 1)) is None
        assert history.add(NetworkTime(10 * number + 5), note(number + 1)) is None
    kept = history._notes
    assert len(kept) == HISTORY_MAX
    assert all(a[0] < b[0] and a[1] <= b[1] for a, b in pairwise(kept))
    last = 3 * HISTORY_MAX
    assert history.beside(other(last)) == note(last)
    assert history.beside(note(last).body) is None
    assert history.beside(other(1)) is None
    assert history.add(NetworkTime(10 * last), note(last - 1)) is not None
