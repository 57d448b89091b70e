"""By which register a statement counts: it says so itself, and nobody can leave a change out."""

from __future__ import annotations

import pytest

from pausenet.protocol.asking import first_to_see, has_learned, may_ask
from pausenet.protocol.logbook import LogBook
from pausenet.protocol.messages import Stored
from pausenet.protocol.register import Register
from pausenet.protocol.succession import open_envelope
from pausenet.protocol.verifier import VerifierMachine
from pausenet.statements.codec import Head
from pausenet.statements.cut import Silence
from pausenet.statements.inspection import InspectionRequest
from pausenet.values import REGISTER_ORIGIN, Digest, Role, Seq, TreeSize
from tests.protocol.builders import Log
from tests.protocol.changing import grown
from tests.protocol.desk import Desk
from tests.protocol.paper import index, keyring_of, name, usage

FIRST, ADMITTED, JOINED, LEFT = grown()
ALL = (FIRST, ADMITTED, JOINED, LEFT)
ALIKE = {  # per period: which of them give it the epoch that the last does
    2: (FIRST, ADMITTED, JOINED, LEFT),
    3: (JOINED, LEFT),
    4: (JOINED, LEFT),
    5: (LEFT,),
}


def request(held: Register, period: int) -> InspectionRequest:
    """A request of a period that names a register."""
    return InspectionRequest(
        period=index(period), register_size=held.size, register_root=held.root, draws=()
    )


@pytest.mark.parametrize("period", ALIKE)
def test_a_statement_counts_by_a_beginning_that_gives_its_period_the_same_epoch(
    period: int,
) -> None:
    for held in ALL:
        counts = LEFT.counts_alike(held.size, held.root, period)
        assert counts == any(held is each for each in ALIKE[period])
        assert not LEFT.counts_alike(held.size, Digest.of(b"another"), period)
        assert not FIRST.counts_alike(LEFT.size, LEFT.root, period)
    for size in (0, FIRST.size - 1, LEFT.size + 1):
        assert not LEFT.counts_alike(size, LEFT.root, period)


@pytest.mark.parametrize("period", ALIKE)
def test_a_request_counts_by_its_authors_register_and_by_the_readers(period: int) -> None:
    for held in ALL:
        body = InspectionRequest(
            period=index(period), register_size=held.size, register_root=held.root, draws=()
        )
        for who in LEFT.all_verifiers:
            alike = any(held is each for each in ALIKE[period])
            counts = alike and who in LEFT.under(period).verifiers
            assert may_ask(LEFT, who, body) == counts


@pytest.mark.parametrize("period", ALIKE)
def test_who_had_seen_no_register_knew_it_as_it_was_at_first(period: int) -> None:
    for held in ALL:
        seen = (Head(origin=REGISTER_ORIGIN, size=held.size, root=held.root),)
        alike = any(held is each for each in ALIKE[period])
        assert has_learned(LEFT, seen, request(FIRST, period)) == alike
    assert has_learned(LEFT, (), request(FIRST, period)) == has_learned(
        LEFT,
        (Head(origin=REGISTER_ORIGIN, size=FIRST.size, root=FIRST.root),),
        request(FIRST, period),
    )


@pytest.mark.parametrize("period", ALIKE)
def test_a_request_that_names_more_of_the_register_than_a_lab_knew_does_not_bind_it(
    period: int,
) -> None:
    """The lab does not count it, and does not answer: it never hears what its register lacks."""
    for known in ALL:
        seen = (Head(origin=REGISTER_ORIGIN, size=known.size, root=known.root),)
        for named in ALL:
            asked = request(named, period)
            for who in LEFT.all_verifiers:
                proven = may_ask(LEFT, who, asked) and has_learned(LEFT, seen, asked)
                assert not proven or may_ask(known, who, asked)


def test_a_lab_is_bound_by_what_it_knew_when_it_first_had_seen_a_request() -> None:
    """It hears a request once; what counts by a register that came later it has passed over."""
    verifier = Log(register=LEFT, keys=keyring_of(LEFT, "verifier-1"))
    verifier.say(usage(0))
    head = Head(origin=verifier.origin, size=TreeSize(1), root=verifier.tree.root(TreeSize(1)))
    log = Log(register=LEFT, keys=keyring_of(LEFT, "birch"))
    for held in (JOINED, LEFT):
        known = Head(origin=REGISTER_ORIGIN, size=held.size, root=held.root)
        log.say(usage(0), seen=tuple(sorted((known, head), key=lambda each: each.origin)))
    said = [open_envelope(entry)[1] for entry in log.entries]
    first = first_to_see((None, *said), verifier.origin, 0)
    assert first == said[0]
    assert not has_learned(LEFT, first.seen, request(LEFT, 2))
    assert has_learned(LEFT, said[1].seen, request(LEFT, 2))
    assert first_to_see(said, verifier.origin, 1) is None


def test_a_log_names_the_register_by_which_its_owner_counts() -> None:
    for held in ALL:
        book = LogBook(held, tuple(Role))
        seen = book.seen_by(book.mirrors[held.origin_of(name("birch"))])
        assert seen == (Head(origin=REGISTER_ORIGIN, size=held.size, root=held.root),)


def test_whose_disk_has_gone_back_says_nothing_new_until_the_register_is_there_again() -> None:
    """Else it could not answer for what it has seen: it does not know who counts."""
    said = Head(origin=REGISTER_ORIGIN, size=LEFT.size, root=LEFT.root)
    log = Log(register=LEFT, keys=keyring_of(LEFT, "birch"))
    log.say(usage(0), seen=(said,))
    verifiers = Log(register=LEFT, keys=keyring_of(LEFT, "verifier-1"))
    verifiers.say(usage(0))
    by = dict.fromkeys(("verifier-1", "verifier-3", "verifier-4"), 1)
    for held, raised in ((LEFT, True), (JOINED, False)):
        book = LogBook(held, tuple(Role))
        for each in (log, verifiers):
            mirror, note = book.mirrors[each.origin], each.note(cosigners=by)
            mirror.extend(Seq(0), tuple(each.entries), mirror.open(note))
            book.judge(note)
        seen = book.seen_by(book.mirrors[log.origin])
        assert said in seen
        assert (verifiers.origin in {head.origin for head in seen}) == raised


def started(held: Register, desk: Desk | None, now: int) -> Desk:
    """Verifier-1 by a register, on its disk so far; the others say that they hold nothing."""
    machine = VerifierMachine(register=held, keys=keyring_of(held, "verifier-1"))
    again = Desk(machine, durable=[] if desk is None else desk.durable)
    again.boot(now)
    mirror = machine.book.mirrors[held.origin_of(name("verifier-1"))]
    note = b"" if mirror.note is None else mirror.note.encode()
    stored = Stored(origin=mirror.origin, size=TreeSize(mirror.size), note=note)
    for peer in held.all_verifiers:
        if peer != "verifier-1":
            again.hear(peer, stored, now)
    return again


def said_of_birch(desk: Desk) -> list[tuple[int, int]]:
    """The silences about birch in verifier-1's log: of which period, by how much register."""
    assert isinstance(desk.machine, VerifierMachine)
    mirror = desk.machine.book.mirrors[FIRST.origin_of(name("verifier-1"))]
    bodies = [each.body for each in mirror.statements]
    birch = FIRST.origin_of(name("birch"))
    return [
        (int(each.due), int(each.register_size))
        for each in bodies
        if isinstance(each, Silence) and each.log == birch
    ]


def test_who_learns_of_a_change_says_its_silences_anew_where_others_count_since() -> None:
    close = int(JOINED.agreement.schedule.close(index(6)))
    before = started(JOINED, None, close + 1)
    by = int(JOINED.size)
    assert said_of_birch(before) == [(period, by) for period in range(7)]
    again = started(JOINED, before, close + 2)
    assert said_of_birch(again) == said_of_birch(before)
    after = started(LEFT, again, close + 3)
    new = said_of_birch(after)[7:]
    assert new == [(5, int(LEFT.size)), (6, int(LEFT.size))]
    once = started(LEFT, after, close + 4)
    assert said_of_birch(once) == said_of_birch(after)
