"""What is cosigned leaves within half a delta, whole, and in messages that a peer takes."""

from __future__ import annotations

import pytest

from pausenet.protocol.gossip import Gossip
from pausenet.protocol.messages import NOTES_MAX, Effect, Heads, Send
from pausenet.values import NetworkTime
from pausenet.wire import codec
from tests.protocol.hostility import REGISTER, machine, verifier
from tests.protocol.paper import name

ME = "verifier-1"
PEERS = tuple(who for who in REGISTER.verifiers if who != ME)
GATHER = REGISTER.genesis.delta_s // 2
START = 1_000


def gossip() -> Gossip:
    held = machine(verifier(ME))
    return Gossip(name(ME), held.book, held._cosigner)


def cosign(by: Gossip, count: int, now: int = START) -> tuple[bytes, ...]:
    notes = tuple(b"note %d" % number for number in range(count))
    for note in notes:
        by.cosigned(note, NetworkTime(now))
    return notes


def told(effects: list[Effect], peer: str) -> list[tuple[bytes, ...]]:
    """The notes of each message to a peer; every one is such as the wire takes."""
    messages = [e.message for e in effects if isinstance(e, Send) and e.to == peer]
    assert all(codec.decode(codec.encode(message)) == message for message in messages)
    return [message.notes for message in messages if isinstance(message, Heads)]


@pytest.mark.parametrize("count", [1, NOTES_MAX - 1])
def test_what_is_cosigned_waits_for_half_a_delta_and_no_longer(count: int) -> None:
    mine = gossip()
    notes = cosign(mine, count)
    assert mine.push(NetworkTime(START + GATHER - 1), at_once=False) == []
    effects = mine.push(NetworkTime(START + GATHER), at_once=False)
    assert all(told(effects, peer) == [notes] for peer in PEERS)


def test_the_first_sets_the_time_and_who_follows_does_not_put_it_off() -> None:
    mine = gossip()
    cosign(mine, 1)
    cosign(mine, 2, START + GATHER - 1)
    assert mine.wake <= START + GATHER
    assert mine.push(NetworkTime(START + GATHER), at_once=False)


def test_at_a_close_nothing_waits() -> None:
    mine = gossip()
    notes = cosign(mine, 3)
    assert told(mine.push(NetworkTime(START), at_once=True), PEERS[0]) == [notes]
    assert mine.push(NetworkTime(START + GATHER), at_once=True) == [], "it is told once"


def test_a_full_message_does_not_wait() -> None:
    """A lab that publishes without end would else have all that is told at a time refused."""
    mine = gossip()
    notes = cosign(mine, NOTES_MAX)
    assert told(mine.push(NetworkTime(START), at_once=False), PEERS[0]) == [notes]


@pytest.mark.parametrize("count", [NOTES_MAX + 1, 3 * NOTES_MAX])
def test_more_than_a_message_holds_leaves_in_several_and_nothing_is_lost(count: int) -> None:
    mine = gossip()
    notes = cosign(mine, count)
    effects = mine.push(NetworkTime(START), at_once=True)
    for peer in PEERS:
        assert tuple(note for part in told(effects, peer) for note in part) == notes
