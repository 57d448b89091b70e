"""A disk put back to any moment: nothing that was signed is contradicted by what is signed next."""

from __future__ import annotations

from dataclasses import replace
from functools import cache

from pausenet.log.checkpoint import Note
from pausenet.protocol.attester import LabMachine
from pausenet.protocol.messages import Area, Ingested, Publish, Send, Stored, TimerFired, Write
from pausenet.protocol.succession import open_envelope
from pausenet.values import Digest, KeyId, NetworkTime, TreeSize
from tests.protocol.desk import Desk
from tests.protocol.succeeding import fresh
from tests.protocol.test_attester import (
    KEYS,
    ORIGIN,
    REGISTER,
    VERIFIERS,
    carry,
    greeted,
    lab,
    running,
    sample,
)

WAIT = 2 * REGISTER.genesis.delta_s


@cache
def lived() -> tuple[tuple[Write, ...], tuple[Publish, ...]]:
    """What a lab wrote over three periods, in order, and what it published."""
    desk, verifiers = running()
    carry(desk, verifiers, VERIFIERS, now=1)
    for period in (0, 1, 2):
        desk.step(Ingested(now=NetworkTime(10 + period), sample=sample(period)))
        carry(desk, verifiers, VERIFIERS, now=11 + period)
    return tuple(desk.durable), published(desk)


def published(desk: Desk) -> tuple[Publish, ...]:
    sent = (effect.message for effect in desk.done if isinstance(effect, Send))
    return tuple(message for message in sent if isinstance(message, Publish))


def signed(
    messages: tuple[Publish, ...],
) -> tuple[dict[tuple[KeyId, int], set[bytes]], dict[tuple[bytes, int], set[Digest]]]:
    """What each key signed for each place, and for each size."""
    entries: dict[tuple[KeyId, int], set[bytes]] = {}
    roots: dict[tuple[bytes, int], set[Digest]] = {}
    for message in messages:
        for place, entry in enumerate(message.entries, message.start):
            for line in open_envelope(entry)[0].signatures:
                entries.setdefault((line.key_id, place), set()).add(entry)
        note = Note.decode(message.note)
        head = (note.signatures[0].key_hash, int(note.body.size))
        roots.setdefault(head, set()).add(note.body.root)
    return entries, roots


def contradicts(desk: Desk) -> bool:
    """Whether a key has signed two things for one place or size, before the restore and since."""
    entries, roots = signed((*lived()[1], *published(desk)))
    return any(len(each) > 1 for each in (*entries.values(), *roots.values()))


def pressed(desk: Desk) -> Desk:
    """Ask the lab for statements that it has not made before."""
    for period in (1, 2, 3):
        desk.step(Ingested(now=NetworkTime(20), sample=sample(period, fill=9)))
    desk.step(TimerFired(now=NetworkTime(10 * WAIT)))
    return desk


def test_under_todays_guard_no_older_log_is_signed_for_twice() -> None:
    writes, _ = lived()
    guard = [write for write in writes if write.area is Area.GUARD]
    rest = [write for write in writes if write.area is not Area.GUARD]
    silent = 0
    for moment in range(len(rest) + 1):
        desk = pressed(greeted(lab([*guard, *rest[:moment]])))
        assert not contradicts(desk), moment
        silent += not published(desk)
    assert 0 < silent <= len(rest)  # today's log, at least, is gone on with
    assert published(pressed(greeted(lab([*guard, *rest]))))


def test_with_an_older_guard_too_it_would_be_which_is_what_new_keys_are_for() -> None:
    """Nothing but a verifier's word, or new keys, keeps a whole old disk from contradicting."""
    writes, _ = lived()
    old = [*writes[: len(writes) // 2]]
    assert contradicts(pressed(greeted(lab(old))))
    keys = replace(KEYS, later=(replace(fresh(KEYS, "back"), recovers=True),))
    for moment in range(len(writes) + 1):
        machine = LabMachine(register=REGISTER, keys=keys)
        desk = Desk(machine, durable=list(writes[:moment]))
        desk.boot()
        for now in (0, WAIT, WAIT + 1):
            for verifier in VERIFIERS[:3]:
                nothing = Stored(origin=ORIGIN, size=TreeSize(0), note=b"")
                desk.hear(verifier, nothing, now)
        assert published(pressed(desk)), moment
        assert not contradicts(desk), moment
