"""What a verifier has to do is done in time, whatever its peers send it meanwhile."""

from __future__ import annotations

import pytest

from pausenet.protocol.kept import ERAS
from pausenet.protocol.messages import (
    Area,
    Effect,
    Fsync,
    Heads,
    Hello,
    Publish,
    SetTimer,
    Stored,
    TimerFired,
    Write,
)
from pausenet.protocol.verifier import VerifierMachine
from pausenet.statements.cut import Cut
from pausenet.values import REGISTER_ORIGIN, NetworkTime, Seq, TreeSize
from tests.protocol.builders import Log
from tests.protocol.desk import Desk
from tests.protocol.hostility import machine
from tests.protocol.paper import DAY, index, keyring_of, name, register, usage

REGISTER = register(heartbeat_s=2 * DAY)
"""Its verifiers gossip far more seldom than they have something to do."""
FIRST = REGISTER.verifiers[0]
"""Whose turn it is to propose the cut of period 0."""
DELTA_S = REGISTER.genesis.delta_s
CLOSE = REGISTER.agreement.schedule.close(index(0))


def verifier() -> Desk:
    desk = Desk(VerifierMachine(register=REGISTER, keys=keyring_of(REGISTER, FIRST)))
    desk.boot(1)
    for peer in REGISTER.verifiers[1:]:
        origin = REGISTER.origin_of(FIRST)
        desk.hear(peer, Stored(origin=origin, size=TreeSize(0), note=b""), 1)
    return desk


def alarm(effects: tuple[Effect, ...]) -> int:
    """When the machine asks to be woken; a shell keeps only the last."""
    return [effect.at for effect in effects if isinstance(effect, SetTimer)][-1]


def proposed(desk: Desk) -> list[int]:
    """The periods of the cuts that it has stated, or will with its next batch."""
    publisher = machine(desk)._publisher
    said = [*publisher.mirror.statements, *publisher.drafts]
    return [each.body.period for each in said if isinstance(each.body, Cut)]


@pytest.mark.parametrize("sender", ["birch", "verifier-3"])
def test_a_stream_of_messages_does_not_keep_a_verifier_from_its_turn(sender: str) -> None:
    desk = verifier()
    woken = alarm(desk.step(TimerFired(now=NetworkTime(CLOSE))))
    origin = REGISTER.origin_of(name(sender))
    for now in range(CLOSE + 1, CLOSE + 3 * DELTA_S, max(1, DELTA_S // 5)):
        woken = alarm(desk.hear(sender, Hello(origin=origin), now))
        if woken <= now + DELTA_S // 5:
            woken = alarm(desk.step(TimerFired(now=NetworkTime(woken))))
    assert proposed(desk) == [0]


def started_anew(desk: Desk, now: int, *, heard: int) -> Desk:
    """The same disk under a new process, of which so many peers have told what they hold."""
    again = Desk(
        VerifierMachine(register=REGISTER, keys=keyring_of(REGISTER, FIRST)), durable=desk.durable
    )
    again.boot(now)
    mirror = machine(again)._publisher.mirror
    note = b"" if mirror.note is None else mirror.note.encode()
    for peer in REGISTER.verifiers[1 : 1 + heard]:
        again.hear(peer, Stored(origin=mirror.origin, size=mirror.size, note=note), now)
    return again


def cosigned(desk: Desk) -> list[int]:
    """When the register was last cosigned, by the guard; nothing where it never was."""
    last = machine(desk)._publisher.guard.cosigned.get(REGISTER_ORIGIN)
    return [] if last is None else [int(last.time)]


def show(desk: Desk, now: int, *, peers: int, notes: tuple[bytes, ...] = ()) -> None:
    """So many peers show their heads."""
    for peer in REGISTER.verifiers[1 : 1 + peers]:
        desk.hear(peer, Heads(notes=notes), now)


@pytest.mark.parametrize("begun", [CLOSE - 1, CLOSE, CLOSE + DELTA_S])
def test_who_starts_about_a_close_cosigns_anew_once_it_may_and_all_others_have_shown_their_heads(
    begun: int,
) -> None:
    few, enough, others = REGISTER.quorum.k - 2, REGISTER.quorum.k - 1, REGISTER.quorum.n - 1
    desk = started_anew(verifier(), begun, heard=few)
    show(desk, begun, peers=others)
    desk.step(TimerFired(now=NetworkTime(CLOSE + DELTA_S)))
    assert cosigned(desk) == []
    desk = started_anew(desk, CLOSE + DELTA_S, heard=enough)
    show(desk, CLOSE + DELTA_S, peers=others - 1)
    assert cosigned(desk) == []
    show(desk, CLOSE + DELTA_S, peers=others)
    assert cosigned(desk) == [CLOSE + DELTA_S]


def test_a_log_of_which_somebody_shows_more_is_not_cosigned_late_as_it_was() -> None:
    desk, log = verifier(), log_of_a_lab(2)
    entries = tuple(log.entries[:1])
    desk.hear(
        "aurora", Publish(origin=log.origin, start=Seq(0), entries=entries, note=log.note(1)), 2
    )
    again = started_anew(desk, CLOSE + DELTA_S, heard=REGISTER.quorum.n - 1)
    show(again, CLOSE + DELTA_S, peers=1, notes=(log.note(2),))
    show(again, CLOSE + DELTA_S, peers=REGISTER.quorum.n - 1)
    assert cosigned(again) == [CLOSE + DELTA_S]
    assert machine(again)._publisher.guard.cosigned[log.origin].time == 2


def test_what_was_cosigned_since_the_close_is_not_cosigned_again_after_a_start() -> None:
    desk = verifier()
    desk.step(TimerFired(now=NetworkTime(CLOSE)))
    assert cosigned(desk) == [CLOSE]
    again = started_anew(desk, CLOSE + DELTA_S, heard=REGISTER.quorum.k - 1)
    show(again, CLOSE + DELTA_S, peers=REGISTER.quorum.n - 1)
    assert cosigned(again) == [CLOSE]
    again.step(TimerFired(now=REGISTER.agreement.schedule.close(index(1))))
    assert cosigned(again) == [REGISTER.agreement.schedule.close(index(1))]


def log_of_a_lab(size: int) -> Log:
    made = Log(register=REGISTER, keys=keyring_of(REGISTER, "aurora"))
    for number in range(size):
        made.say(usage(), period=REGISTER.agreement.schedule.period(index(number)))
    return made


@pytest.mark.parametrize(("lost", "held"), [(Area.CHECKPOINT, 2), (Area.ENTRY, 1)])
def test_after_a_crash_a_verifier_holds_what_it_cosigned_where_its_entries_are_there(
    lost: Area, held: int
) -> None:
    desk, log = verifier(), log_of_a_lab(2)
    first = Publish(
        origin=log.origin, start=Seq(0), entries=tuple(log.entries[:1]), note=log.note(1)
    )
    desk.hear("aurora", first, 2)
    before = len(desk.durable)
    second = Publish(
        origin=log.origin, start=Seq(1), entries=tuple(log.entries[1:]), note=log.note()
    )
    desk.hear("aurora", second, 3)
    cut = {lost, Area.CHECKPOINT}
    desk.durable = desk.durable[:before] + [
        each for each in desk.durable[before:] if each.log != log.origin or each.area not in cut
    ]
    again = started_anew(desk, 4, heard=REGISTER.quorum.k - 1)
    assert machine(again).book.mirrors[log.origin].size == held
    assert machine(again)._publisher.guard.cosigned[log.origin].size == 2


@pytest.mark.parametrize("area", [Area.CHECKPOINT, Area.JOURNAL])
def test_a_note_of_anothers_log_that_rots_on_the_disk_is_fetched_again(area: Area) -> None:
    desk, log = verifier(), log_of_a_lab(2)
    whole = Publish(origin=log.origin, start=Seq(0), entries=tuple(log.entries), note=log.note())
    desk.hear("aurora", whole, 2)
    rotten = bytes(log.note()).replace(b"\n", b";\n", 3)
    place = log.origin if area is Area.CHECKPOINT else ERAS
    desk.durable.append(Write(area=area, log=place, index=2, data=rotten))
    again = started_anew(desk, 4, heard=REGISTER.quorum.k - 1)
    assert not again.machine.halted
    again.hear("aurora", whole, 5)
    assert machine(again).book.mirrors[log.origin].size == 2


def test_what_a_verifier_cosigns_of_a_log_is_on_its_disk_before_its_guard_says_so() -> None:
    desk, log = verifier(), log_of_a_lab(2)
    message = Publish(origin=log.origin, start=Seq(0), entries=tuple(log.entries), note=log.note())
    effects = desk.hear("aurora", message, 2)
    areas = [
        effect.area if isinstance(effect, Write) else None
        for effect in effects
        if isinstance(effect, Write | Fsync)
    ]
    assert areas == [Area.ENTRY, Area.ENTRY, None, Area.GUARD, Area.CHECKPOINT, None]
