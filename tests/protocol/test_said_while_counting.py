"""A verifier's word counts for an epoch only where it was said while that epoch lasted."""

from __future__ import annotations

from dataclasses import replace

import pytest

from pausenet.protocol.register import Register
from pausenet.protocol.verifier import VerifierMachine
from pausenet.statements.codec import Body
from pausenet.statements.cut import Cut
from pausenet.statements.finding import Fault, FaultNotice, Finding
from pausenet.values import Digest
from tests.protocol.builders import Log, Paper, of_lab
from tests.protocol.changing import admitted, changed, grown, joining, leaving
from tests.protocol.paper import index, keyring_of, name, silence, usage

FIRST, ADMITTED, JOINED, LEFT = grown()
SIXTH = changed(
    admitted(LEFT, "verifier-6"), joining(admitted(LEFT, "verifier-6"), "verifier-6", 7)
)
LAST = changed(SIXTH, leaving(SIXTH, "verifier-3", 9))
"""Verifier-2 counts no more from period 5 on, verifier-3 from 9 on: one of f each time."""
BUNDLE = Digest.of(b"a proof that nobody holds")
NOTICE = FaultNotice(fault=Fault.F1, accused=name("birch"), bundle=BUNDLE)
GONE = ("verifier-2", "verifier-3")


def register_at(period: int) -> Register:
    held = JOINED if period < 5 else LEFT if period < 7 else SIXTH if period < 9 else LAST
    return held.under(period)


def story(said: dict[str, tuple[int, Body]], *, silent: int = 100) -> tuple[Finding, ...]:
    """Birch's findings under the cut of period 10, after these said something in a period.

    In the `silent` period birch says nothing, and no other verifier speaks of it.
    """
    paper = Paper(LAST)
    for number in range(11):
        paper.register = register_at(number)
        for who, (period, body) in said.items():
            if period == number:
                paper.log(who).say(body)
        for lab in ("aurora", "birch"):
            if (lab, number) != ("birch", silent):
                paper.use(lab, number)
            paper.read(lab, number)
        if number == 10:
            paper.faults = (BUNDLE,)
        found = paper.close(number, silent={"birch"} if number == silent else ())
    return of_lab(found, "birch").appraisal.findings


@pytest.mark.parametrize(
    ("second", "third", "counts"),
    [(4, 4, True), (4, 5, False), (5, 4, False), (4, 8, False), (5, 8, False), (10, 10, False)],
)
def test_f_plus_one_of_an_epoch_name_a_proof_only_while_it_lasts(
    second: int, third: int, counts: bool
) -> None:
    """Both are of the epoch of periods 3 and 4; later at most one of them counts."""
    found = story({GONE[0]: (second, NOTICE), GONE[1]: (third, NOTICE)})
    assert (BUNDLE in {each.bundle for each in found}) == counts


@pytest.mark.parametrize(
    ("second", "third", "counts"), [(4, 4, True), (4, 5, False), (5, 4, False), (10, 10, False)]
)
def test_silences_that_are_said_after_their_authors_left_make_no_warrant(
    second: int, third: int, counts: bool
) -> None:
    body = silence(JOINED, LAST.origin_of(name("birch")), 4)
    found = story({GONE[0]: (second, body), GONE[1]: (third, body)}, silent=4)
    assert (Fault.F5 in {each.fault for each in found}) == counts


def test_what_f_plus_one_have_named_in_their_epoch_stays_named_for_ever() -> None:
    for period in (3, 4):
        found = story(dict.fromkeys(GONE, (period, NOTICE)))
        assert BUNDLE in {each.bundle for each in found}


def told(machine: VerifierMachine, who: str, seq: int) -> None:
    """A notice at a place of a verifier's log."""
    log = Log(register=LAST, keys=keyring_of(LAST, who))
    machine.prosecution.hear(log.statement(NOTICE, seq=seq), b"")


def running(period: int) -> VerifierMachine:
    """Verifier-1 in a period, by the last register; epoch 1 had its cut of four entries a log."""
    machine = VerifierMachine(register=LAST, keys=keyring_of(LAST, "verifier-1"))
    machine.book.turn(LAST.agreement.schedule.period(index(period)).start)
    return machine


def cut_of_epoch_1(size: int) -> Cut:
    paper = Paper(LAST)
    for log in paper.logs.values():
        for number in range(size - log.size):
            log.say(usage(number))
    return replace(paper.cut(4), register_size=JOINED.size, register_root=JOINED.root, faults=())


FOUR = ("verifier-1", "verifier-2", "verifier-3", "verifier-4")
"""k of the five of epoch 1."""


def test_a_verifier_lists_what_k_named_while_their_epoch_ran() -> None:
    machine = running(4)
    for who in FOUR:
        assert machine.prosecution.listable() == ()
        told(machine, who, 9)
    assert machine.prosecution.listable() == (BUNDLE,)
    assert machine.prosecution.vouches((BUNDLE,))


@pytest.mark.parametrize(("late", "lists"), [(3, True), (4, False), (9, False)])
def test_a_verifier_lists_nothing_that_is_named_after_the_epochs_last_cut(
    late: int, lists: bool
) -> None:
    """Two of the four have left by period 9; the other two are fewer than k of those that stay."""
    machine = running(9)
    for who in FOUR:
        told(machine, who, late if who == "verifier-2" else 0)
    assert machine.prosecution.listable() == ()
    machine.prosecution.settle(cut_of_epoch_1(4), LAST.epochs[1])
    assert machine.prosecution.listable() == ((BUNDLE,) if lists else ())
    assert machine.prosecution.vouches((BUNDLE,)) == lists
    once = running(9)
    once.prosecution.settle(cut_of_epoch_1(4), LAST.epochs[1])
    for who in FOUR:
        told(once, who, late if who == "verifier-2" else 0)
    assert once.prosecution.listable() == machine.prosecution.listable()
