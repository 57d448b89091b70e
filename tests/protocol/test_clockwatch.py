"""A verifier whose clock is further than epsilon from its peers' cosigns nothing and says so."""

from __future__ import annotations

import pytest

from pausenet.log.checkpoint import Note
from pausenet.log.cosignature import cosign
from pausenet.log.vkey import KeyName
from pausenet.protocol.clockwatch import PUBLISHED_MAX, ClockWatch, Standing
from pausenet.protocol.messages import Cosigned, Heads, Publish, Report, TimerFired, Told
from pausenet.values import NetworkTime, TreeSize
from tests.protocol.builders import Log, Paper
from tests.protocol.desk import Desk
from tests.protocol.hostility import NOW, REGISTER, publish, verifier
from tests.protocol.paper import keyring_of, name, usage

ME = "verifier-1"
ORIGIN = REGISTER.origin_of(name(ME))
EPSILON = REGISTER.genesis.epsilon_s
PEERS = tuple(who for who in REGISTER.verifiers if who != ME)


def cosigned(note: bytes, by: str, time: int) -> bytes:
    """A log's note with one verifier's storing cosignature of this time."""
    decoded, keys = Note.decode(note), keyring_of(REGISTER, by)
    assert keys.storing is not None
    as_name = KeyName(REGISTER.origin_of(name(by)).storing)
    line = cosign(decoded.body, as_name, keys.storing, NetworkTime(time))
    own = tuple(each for each in decoded.signatures if each.name == ORIGIN)
    return Note(body=decoded.body, signatures=(*own, line)).encode()


def own_note(desk: Desk) -> bytes:
    """The latest checkpoint of its own log that the verifier has published."""
    found = [m for m in desk.messages(Publish) if isinstance(m, Publish) and m.origin == ORIGIN]
    return found[-1].note


def standings(desk: Desk) -> list[object]:
    told = [e for e in desk.done if isinstance(e, Report) and e.told is Told.CLOCK]
    return [dict(each.facts)["standing"] for each in told]


def cosigns(desk: Desk, log: Log, now: int) -> bool:
    """Whether it cosigns a lab's new statement."""
    log.say(usage())
    before = len(desk.messages(Cosigned))
    publish(desk, log, now)
    return len(desk.messages(Cosigned)) > before


def spoken(now: int = NOW) -> Desk:
    """A verifier that has stated the silences of a closed period by its own clock."""
    desk = verifier()
    desk.step(TimerFired(now=NetworkTime(now)))
    return desk


@pytest.mark.parametrize("as_heads", [True, False])
def test_a_clock_that_runs_ahead_of_the_median_peer_stops_cosigning_and_says_so(
    as_heads: bool,
) -> None:
    desk, log = spoken(), Paper(REGISTER).log("birch")
    assert cosigns(desk, log, NOW)
    for peer in PEERS[:2]:
        note = cosigned(own_note(desk), peer, NOW - EPSILON - 1)
        message = Heads(notes=(note,)) if as_heads else Cosigned(origin=ORIGIN, note=note)
        desk.hear(peer, message, NOW + 1)
    assert standings(desk) == ["ahead"]
    assert not cosigns(desk, log, NOW + 2)


@pytest.mark.parametrize(("peers", "by"), [(PEERS, EPSILON), (PEERS[:1], 10 * EPSILON)])
def test_neither_epsilon_nor_one_faulty_peer_stops_an_honest_clock(
    peers: tuple[str, ...], by: int
) -> None:
    desk = spoken()
    for peer in peers:
        note = cosigned(own_note(desk), peer, NOW - by)
        desk.hear(peer, Cosigned(origin=ORIGIN, note=note), NOW + 1)
    assert not standings(desk)
    assert cosigns(desk, Paper(REGISTER).log("birch"), NOW + 2)


def test_a_heartbeat_on_the_same_checkpoint_does_not_end_the_doubt() -> None:
    desk = spoken()
    for time in (NOW - EPSILON - 1, NOW + 5):
        for peer in PEERS:
            desk.hear(peer, Heads(notes=(cosigned(own_note(desk), peer, time),)), NOW + 6)
    assert standings(desk) == ["ahead"]


def test_a_clock_set_right_is_believed_again_at_the_next_checkpoint() -> None:
    desk, later = spoken(), NOW + REGISTER.agreement.schedule.period_s
    for peer in PEERS:
        note = cosigned(own_note(desk), peer, NOW - EPSILON - 1)
        desk.hear(peer, Cosigned(origin=ORIGIN, note=note), NOW + 1)
    first = own_note(desk)
    for wait in range(0, 200_000, 50_000):
        desk.step(TimerFired(now=NetworkTime(later + wait)))
    assert own_note(desk) != first, "it still speaks in its own log"
    now = later + 200_000
    for peer in PEERS:
        desk.hear(peer, Cosigned(origin=ORIGIN, note=cosigned(own_note(desk), peer, now)), now)
    assert standings(desk) == ["ahead", "sound"]
    assert cosigns(desk, Paper(REGISTER).log("birch"), now + 1)


def test_a_clock_that_runs_behind_the_median_peer_stops_too() -> None:
    desk, log = spoken(), Paper(REGISTER).log("birch")
    for peer in PEERS[:2]:
        note = cosigned(own_note(desk), peer, NOW + EPSILON + 10)
        desk.hear(peer, Cosigned(origin=ORIGIN, note=note), NOW + 9)
    assert standings(desk) == ["behind"]
    assert not cosigns(desk, log, NOW + 9)
    desk.step(TimerFired(now=NetworkTime(NOW + 10)))
    assert standings(desk) == ["behind", "sound"]


def test_what_the_watch_remembers_is_bounded() -> None:
    watch = ClockWatch((name("verifier-2"),), EPSILON)
    for size in range(1, 3 * PUBLISHED_MAX):
        watch.published(TreeSize(size), NetworkTime(NOW))
    watch.answered(name("verifier-2"), TreeSize(1), NetworkTime(1))
    assert len(watch._published) == PUBLISHED_MAX
    assert watch.standing(NetworkTime(NOW), (name("verifier-2"),)) is Standing.SOUND
    watch.answered(name("verifier-2"), TreeSize(3 * PUBLISHED_MAX - 1), NetworkTime(1))
    assert watch.standing(NetworkTime(NOW), (name("verifier-2"),)) is Standing.AHEAD
