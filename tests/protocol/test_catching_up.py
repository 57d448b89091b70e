"""Long catch-ups come in pieces: nobody's garbage spoils them, and bad entries are proven."""

from __future__ import annotations

import pytest

from pausenet.log.checkpoint import Note
from pausenet.protocol.bundle import verify_bundle
from pausenet.protocol.follower import ASKED_MAX, Follower
from pausenet.protocol.logbook import LogBook
from pausenet.protocol.messages import Entries, Fetch, Heads, Publish, Refused
from pausenet.protocol.mirror import Mirror, Verdict
from pausenet.statements.finding import Fault
from pausenet.values import NetworkTime, ParticipantId, Role, Seq
from tests.protocol.builders import Log, Paper
from tests.protocol.desk import Desk
from tests.protocol.hostility import NOW, REGISTER, machine, verifier
from tests.protocol.paper import name, usage

LAB = "birch"
LIAR, HONEST = "verifier-2", "verifier-3"
GARBAGE = (b"\x00", b"nothing at all")


def log(size: int = 6) -> Log:
    made = Paper(REGISTER).log(LAB)
    while made.size < size:
        made.say(usage(made.size))
    return made


def part(of: Log, start: int, end: int, entries: tuple[bytes, ...] | None = None) -> Entries:
    """A piece of a log under the note over the whole of it."""
    chosen = tuple(of.entries[start:end]) if entries is None else entries
    return Entries(origin=of.origin, start=Seq(start), entries=chosen, note=of.note())


def asked(desk: Desk) -> list[tuple[str, int]]:
    """Who has been asked since the last time, and from which place on."""
    found = [(str(s.to), int(s.message.start)) for s in desk.sent if isinstance(s.message, Fetch)]
    desk.sent = []
    return found


def size_of(desk: Desk, of: Log) -> int:
    return machine(desk).book.mirrors[of.origin].size


def shuffled(of: Log) -> tuple[bytes, ...]:
    """Entries that the author did sign, for other places."""
    return (of.entries[1], of.entries[0])


@pytest.mark.parametrize("what", ["garbage", "shuffled"])
def test_after_garbage_another_verifier_is_asked_at_once(what: str) -> None:
    desk, source = verifier(), log()
    desk.hear(LIAR, Heads(notes=(source.note(),)), NOW)
    assert asked(desk) == [(LIAR, 0)]
    entries = GARBAGE if what == "garbage" else shuffled(source)
    desk.hear(LIAR, part(source, 0, 2, entries), NOW + 1)
    assert asked(desk) == [(HONEST, 0)]
    desk.hear(LIAR, part(source, 0, 2, entries), NOW + 2)
    assert asked(desk) == [("verifier-4", 0)]
    desk.hear(LIAR, part(source, 0, 2, entries), NOW + 3)
    assert asked(desk) == [], "garbage draws no more questions than there are verifiers"
    desk.hear(HONEST, part(source, 0, 6), NOW + 4)
    assert size_of(desk, source) == 6


def test_garbage_between_the_pieces_of_a_long_catch_up_spoils_nothing() -> None:
    desk, source = verifier(), log()
    desk.hear(HONEST, part(source, 0, 2), NOW)
    for start in (0, 2, 4):
        desk.hear(LIAR, part(source, start, start + 2, GARBAGE), NOW + 1)
        desk.hear(LIAR, part(source, start, 6, GARBAGE * 3), NOW + 1)
    desk.hear(HONEST, part(source, 2, 4), NOW + 2)
    assert (HONEST, 4) in asked(desk)
    desk.hear(LIAR, part(source, 4, 6, GARBAGE), NOW + 3)
    desk.hear(HONEST, part(source, 4, 6), NOW + 4)
    assert size_of(desk, source) == 6
    assert not machine(desk).book.rivals[source.origin]


@pytest.mark.parametrize("sender", [LAB, "aurora", "aurora-meter", "verifier-1"])
def test_entries_are_taken_from_other_verifiers_only(sender: str) -> None:
    desk, source = verifier(), log()
    desk.hear(sender, part(source, 0, 6), NOW)
    assert size_of(desk, source) == 0
    desk.hear(HONEST, part(source, 0, 6), NOW)
    assert size_of(desk, source) == 6


@pytest.mark.parametrize("published", [True, False])
def test_a_bad_entry_at_the_end_of_a_long_catch_up_is_proven(published: bool) -> None:
    desk, source = verifier(), log()
    source.append(source.sealed(source.statement(usage(), seq=99)))
    for start, end in ((0, 3), (3, 7)):
        piece = part(source, start, end)
        if published:
            batch = Publish(
                origin=piece.origin, start=piece.start, entries=piece.entries, note=piece.note
            )
            desk.hear(LAB, batch, NOW)
        else:
            desk.hear(HONEST, piece, NOW)
    claims = [
        verify_bundle(data, REGISTER.network_id).claim
        for data in machine(desk).prosecution.bundles.values()
    ]
    assert [(c.fault, c.accused) for c in claims if c is not None] == [(Fault.F4, LAB)]


def test_an_owner_that_publishes_garbage_is_refused_and_not_accused() -> None:
    desk, source = verifier(), log()
    batch = Publish(origin=source.origin, start=Seq(0), entries=GARBAGE, note=source.note())
    desk.hear(LAB, batch, NOW)
    assert desk.messages(Refused)
    assert not machine(desk).prosecution.bundles
    assert not machine(desk).book.rivals[source.origin]


# ------------------------------------------------------------------ the mirror alone


def held() -> Mirror:
    return Mirror(REGISTER, REGISTER.members[name(LAB)])


def note(of: Log, size: int | None = None) -> Note:
    return Note.decode(of.note(size))


def test_what_one_source_has_staged_goes_on_after_another_has_brought_less() -> None:
    source, mirror = log(), held()
    mirror.extend(Seq(0), tuple(source.entries[:4]), note(source), "a")
    mirror.extend(Seq(0), tuple(source.entries[:3]), note(source, 3), "b")
    assert mirror.size == 3
    result = mirror.extend(Seq(4), tuple(source.entries[4:]), note(source), "a")
    assert (result.verdict, mirror.size) == (Verdict.EXTENDED, 6)
    assert mirror.entries == source.entries


def test_what_another_face_has_staged_is_dropped_when_the_mirror_grows() -> None:
    source, mirror = log(), held()
    other = source.fork(1)
    while other.size < 6:
        other.say(usage(900 + other.size))
    mirror.extend(Seq(0), tuple(other.entries[:4]), note(other), "a")
    mirror.extend(Seq(0), tuple(source.entries), note(source), "b")
    assert mirror.entries == source.entries
    assert mirror._staged == {}


def test_the_authors_other_face_is_a_fork_even_where_it_comes_in_pieces() -> None:
    source, mirror = log(), held()
    other = source.fork(1)
    while other.size < 6:
        other.say(usage(900 + other.size))
    mirror.extend(Seq(0), tuple(source.entries[:3]), note(source, 3))
    result = mirror.extend(Seq(3), tuple(other.entries[3:5]), note(other))
    assert (result.verdict, mirror.size) == (Verdict.FORK, 3)


def test_made_up_entries_take_no_room() -> None:
    source, mirror = log(), held()
    for number in range(50):
        result = mirror.extend(Seq(0), GARBAGE, note(source), f"source {number}")
        assert result.verdict is Verdict.UNSOUND
    assert mirror._staged == {}


def test_the_questions_remembered_are_bounded() -> None:
    follower = Follower(LogBook(REGISTER, (Role.LAB,)), 1_000, name("verifier-1"))
    origin = REGISTER.origin_of(name(LAB))
    for end in range(1, ASKED_MAX + 100):
        follower.ask(ParticipantId(LIAR), origin, 0, end, NetworkTime(1))
    assert len(follower._asked) == ASKED_MAX
