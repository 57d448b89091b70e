"""Who recovers waits for what it sent before the restore, and asks again meanwhile (5.4)."""

from __future__ import annotations

from pausenet.protocol.logbook import LogBook
from pausenet.protocol.messages import Fetch, Send, Stored
from pausenet.protocol.recovery import Recovery
from pausenet.values import NetworkTime, Role, TreeSize
from tests.protocol.builders import Log, Paper, register, usage
from tests.protocol.paper import keyring_of, name
from tests.protocol.succeeding import fresh

HELD = register()
WAIT = 2 * HELD.genesis.delta_s


def spoken() -> Log:
    log = Paper(HELD).log("birch")
    log.say(usage())
    return log


def begun() -> Recovery:
    book = LogBook(HELD, (Role.LAB, Role.VERIFIER))
    return Recovery(HELD, name("birch"), book, fresh(keyring_of(HELD, "birch"), "back"))


def answer(log: Log | None = None) -> Stored:
    size = 0 if log is None else log.size
    note = b"" if log is None else log.note()
    return Stored(origin=HELD.origin_of(name("birch")), size=TreeSize(size), note=note)


def test_what_is_answered_before_2_delta_have_passed_does_not_count() -> None:
    recovery = begun()
    for verifier in HELD.verifiers:
        recovery.told(verifier, answer(), NetworkTime(100))
    recovery.told(HELD.verifiers[0], answer(), NetworkTime(100 + WAIT - 1))
    assert not recovery.answered
    recovery.told(HELD.verifiers[0], answer(), NetworkTime(100 + WAIT))
    assert recovery.answered == {HELD.verifiers[0]}


def test_who_holds_more_is_asked_for_it_and_does_not_count_before() -> None:
    recovery, log = begun(), spoken()
    recovery.told(HELD.verifiers[0], answer(), NetworkTime(0))
    (asked,) = recovery.told(HELD.verifiers[1], answer(log), NetworkTime(WAIT))
    assert isinstance(asked, Send)
    assert isinstance(asked.message, Fetch)
    assert (asked.to, asked.message.end) == (HELD.verifiers[1], log.size)
    assert not recovery.answered
