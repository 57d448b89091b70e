"""A lab's job records never leave it unopened: every byte that leaves it or is kept elsewhere."""

from __future__ import annotations

import base64
import json
from collections.abc import Callable, Iterator
from dataclasses import fields, is_dataclass
from functools import cache

import pytest

from pausenet.log.merkle import leaf_hash
from pausenet.protocol.appraisal import Appraise
from pausenet.protocol.messages import (
    Area,
    Disclosed,
    Effect,
    Entries,
    Event,
    Fetch,
    Machine,
    Received,
    Refusal,
    Refused,
    Report,
    Send,
    TimerFired,
    Told,
    Write,
)
from pausenet.protocol.register import Register
from pausenet.simulator import run
from pausenet.simulator.machines import makers_of
from pausenet.simulator.run import simulate
from pausenet.simulator.setting import Setting
from pausenet.values import Origin, ParticipantId, Role, Seq, TreeSize
from tests.salted import leaks, unopened
from tests.simulator.small import AURORA, BIRCH, SMALL

Makers = dict[ParticipantId, Callable[[], Machine]]
Step = tuple[ParticipantId, Event, tuple[Effect, ...]]


@cache
def steps() -> tuple[Step, ...]:
    """Every step of every machine in an honest run."""
    found: list[Step] = []
    result = simulate(SMALL, recorder=lambda *step: found.append(step))
    assert result.violations == ()
    return tuple(found)


def all_bytes(value: object) -> Iterator[bytes]:
    """Everything that a message, a record or a report carries, as bytes."""
    if isinstance(value, bytes):
        yield value
    elif isinstance(value, str):
        yield value.encode()
    elif isinstance(value, tuple):
        for item in value:
            yield from all_bytes(item)
    elif is_dataclass(value):
        for field in fields(value):
            yield from all_bytes(getattr(value, field.name))


def payloads(data: bytes) -> Iterator[bytes]:
    """What an envelope wraps, so that nothing hides behind base64."""
    try:
        yield base64.b64decode(json.loads(data)["payload"], validate=True)
    except (ValueError, KeyError, TypeError):
        return


@cache
def haystack(of: ParticipantId) -> bytes:
    """Every byte that others keep, send or report, and that this lab itself sends or reports."""
    seen: dict[bytes, None] = {}
    for who, _, effects in steps():
        for effect in effects:
            if who == of and isinstance(effect, Write) and effect.area is Area.LEDGER:
                continue  # the one room where its records are
            seen.update(dict.fromkeys(all_bytes(effect)))
    return b"\0".join(part for data in seen for part in (data, *payloads(data)))


@cache
def leaves(of: ParticipantId) -> tuple[bytes, ...]:
    """The salted records that a lab keeps."""
    return tuple(
        effect.data
        for who, _, effects in steps()
        for effect in effects
        if who == of and isinstance(effect, Write) and effect.area is Area.LEDGER
    )


@pytest.mark.parametrize("lab", [AURORA, BIRCH])
def test_no_job_record_and_no_salt_is_in_any_byte_outside_its_lab(lab: ParticipantId) -> None:
    hay = haystack(lab)
    kept = unopened(leaves(lab), hay)
    assert len(kept) > 50
    assert len(hay) > 500_000
    assert [leaf for leaf in kept if leaks(leaf, hay)] == []
    # The search sees what it looks for: the other lab's own statements stand in the same bytes.
    assert f'"author":"{lab}"'.encode() in hay
    assert b"used_pflop" in hay


@pytest.mark.parametrize(
    "spelled",
    [
        lambda leaf: leaf,
        lambda leaf: b"xy" + base64.b64encode(b"z" + leaf),
        lambda leaf: base64.b64encode(b"zz" + leaf),
        lambda leaf: str(json.loads(leaf)["salt"]).encode(),
        lambda leaf: bytes.fromhex(json.loads(leaf)["salt"]),
        lambda leaf: base64.b64encode(b"s" + bytes.fromhex(json.loads(leaf)["salt"])),
        lambda leaf: leaf.split(b'"salt"')[0],
    ],
    ids=["whole", "base64-1", "base64-2", "salt", "raw-salt", "raw-salt-base64", "content"],
)
def test_one_record_among_all_those_bytes_would_be_found(spelled: Callable[[bytes], bytes]) -> None:
    hay = haystack(AURORA)
    leaf = unopened(leaves(AURORA), hay)[3]
    assert not leaks(leaf, hay)
    middle = len(hay) // 2
    assert leaks(leaf, hay[:middle] + spelled(leaf) + hay[middle:])


def test_only_what_an_opening_names_by_its_hash_counts_as_opened() -> None:
    first, second, *_ = leaves(AURORA)
    body = json.dumps({"leaf": leaf_hash(first).hex()}, separators=(",", ":")).encode()
    entry = b'{"payload":"' + base64.b64encode(body) + b'"}'
    assert unopened((first, second), entry) == [second]
    assert unopened((first, second), body) == [second]
    assert unopened((first, second), leaf_hash(first)) == [first, second]


def test_opened_records_go_to_verifiers_alone_and_are_those_that_the_openings_name() -> None:
    hay = haystack(AURORA)
    closed = set(unopened(leaves(AURORA), hay))
    sent: list[bytes] = []
    for who, _, effects in steps():
        for effect in effects:
            if isinstance(effect, Send) and isinstance(effect.message, Disclosed):
                assert effect.to.startswith("verifier-")
                if who == AURORA:
                    sent += effect.message.records
                else:
                    assert not set(effect.message.records) & set(leaves(AURORA))
    assert sent, "each verifier draws its share"
    assert not closed & set(sent)


def nosy(machine: Machine, origins: tuple[Origin, ...]) -> Machine:
    """A lab that asks every verifier for its rivals' logs each time that it wakes."""
    honest = machine.step

    def step(event: Event) -> tuple[Effect, ...]:
        asks: tuple[Effect, ...] = ()
        if isinstance(event, TimerFired):
            asks = tuple(
                Send(
                    to=ParticipantId(f"verifier-{number}"),
                    message=Fetch(origin=origin, start=Seq(0), end=TreeSize(1)),
                )
                for origin in origins
                for number in range(1, 5)
            )
        return (*honest(event), *asks)

    machine.step = step
    return machine


def test_who_asks_for_a_rivals_log_is_refused_learns_nothing_and_stands_in_the_ledger(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    def with_nosy(
        setting: Setting, cheats: tuple[()], appraise: Appraise
    ) -> dict[ParticipantId, Callable[[Register], Machine]]:
        members = setting.register.members.values()
        rivals = tuple(m.origin for m in members if m.role is Role.LAB and m.id != BIRCH)
        made = makers_of(setting, cheats, appraise)
        plain = made[BIRCH]
        return {**made, BIRCH: lambda register: nosy(plain(register), rivals)}

    monkeypatch.setattr(run, "makers_of", with_nosy)
    got: list[object] = []
    withheld: list[Report] = []

    def watch(who: ParticipantId, event: Event, effects: tuple[Effect, ...]) -> None:
        if who == BIRCH and isinstance(event, Received):
            got.append(event.message)
        withheld.extend(e for e in effects if isinstance(e, Report) and e.told is Told.WITHHELD)

    assert simulate(SMALL, recorder=watch).violations == ()
    assert any(isinstance(each, Refused) and each.reason is Refusal.NOT_YOURS for each in got)
    assert withheld
    assert {each.facts for each in withheld} == {(("to", BIRCH),)}
    assert all(each.about.endswith(f"/lab/{AURORA}") for each in withheld)
    entries = [each for each in got if isinstance(each, Entries)]
    assert entries, "it follows the verifiers' logs all the same"
    assert not any(each.origin.endswith("/lab/aurora") for each in entries)
