"""Recordings: lossless, and strict when read."""

from __future__ import annotations

from pathlib import Path

import orjson
import pytest
from hypothesis import given
from hypothesis import strategies as st

from pausenet.errors import MalformedRecord, Misuse
from pausenet.node.recorder import (
    Recorder,
    decode_effects,
    decode_event,
    decode_step,
    encode_effects,
    encode_event,
    encode_step,
    read_recording,
)
from pausenet.protocol import messages
from pausenet.protocol.messages import Effect, Event, Hello, Received, TimerFired
from pausenet.statements.usage import (
    Accelerators,
    ClassUsage,
    Doer,
    SiteUsage,
    Stage,
    TrainingRun,
    WorkloadClass,
)
from pausenet.values import (
    INTEGER_MAX,
    AcceleratorSeconds,
    KeyId,
    NetworkTime,
    Origin,
    ParticipantId,
    PeriodIndex,
    Pflop,
    Salt,
    Seq,
    TreeSize,
    WattHours,
)
from tests.node.disks import AURORA, BIRCH

WHOLE = st.integers(0, INTEGER_MAX)
for kind in (AcceleratorSeconds, NetworkTime, PeriodIndex, Pflop, Seq, TreeSize, WattHours):
    st.register_type_strategy(kind, WHOLE.map(kind))
st.register_type_strategy(Salt, st.binary(min_size=32, max_size=32).map(Salt))
st.register_type_strategy(KeyId, st.just(KeyId("ab" * 32)))
st.register_type_strategy(Origin, st.sampled_from([AURORA, BIRCH]))
st.register_type_strategy(
    ParticipantId, st.from_regex(r"[a-z][a-z0-9-]{0,31}", fullmatch=True).map(ParticipantId)
)
USAGE = st.builds(
    messages.UsageSample,
    period=WHOLE.map(PeriodIndex),
    sites=st.tuples(
        st.builds(SiteUsage, accelerators=st.tuples(st.builds(Accelerators, count=WHOLE)))
    ),
    classes=st.tuples(st.tuples(st.sampled_from(WorkloadClass), st.builds(ClassUsage))),
    runs=st.tuples(
        st.builds(
            TrainingRun,
            parents=st.just((ParticipantId("a"), ParticipantId("b"))),
            stages=st.tuples(st.tuples(st.sampled_from(Stage), st.sampled_from(Doer))),
            sign_offs=st.tuples(st.just(KeyId("cd" * 32))),
        )
    ),
    jobs=st.tuples(st.builds(messages.Job, run=st.text(max_size=5))),
    salts=st.tuples(st.builds(Salt, st.binary(min_size=32, max_size=32))),
)
MESSAGES = st.one_of(
    *(
        st.builds(kind)
        for kind in (
            messages.Hello,
            messages.Stored,
            messages.Publish,
            messages.Cosigned,
            messages.Refused,
            messages.Heads,
            messages.Fetch,
            messages.Entries,
            messages.Evidence,
        )
    )
)
EVENTS: st.SearchStrategy[Event] = st.one_of(
    st.builds(
        messages.Booted,
        records=st.lists(st.builds(messages.Record, index=WHOLE), max_size=2).map(tuple),
    ),
    st.builds(messages.PeerUp),
    st.builds(messages.Received, message=MESSAGES),
    st.builds(messages.TimerFired),
    st.builds(messages.Ingested, sample=st.one_of(USAGE, st.builds(messages.ReadingSample))),
)
EFFECTS: st.SearchStrategy[Effect] = st.one_of(
    st.builds(messages.Write, index=WHOLE),
    st.builds(messages.Fsync),
    st.builds(messages.Send, message=MESSAGES),
    st.builds(messages.SetTimer),
    st.builds(
        messages.Report,
        facts=st.lists(st.tuples(st.text(max_size=5), st.text(max_size=5) | WHOLE)).map(tuple),
    ),
)


@given(EVENTS)
def test_an_event_comes_back_equal_and_of_the_same_types(event: Event) -> None:
    again = decode_event(encode_event(event))
    assert again == event
    assert repr(again) == repr(event)


@given(st.lists(EFFECTS, max_size=4).map(tuple))
def test_effects_come_back_equal_and_in_order(effects: tuple[Effect, ...]) -> None:
    again = decode_effects(encode_effects(effects))
    assert again == effects
    assert repr(again) == repr(effects)


@given(EVENTS, st.lists(EFFECTS, max_size=3).map(tuple))
def test_a_step_comes_back_as_one_line(event: Event, effects: tuple[Effect, ...]) -> None:
    line = encode_step(event, effects)
    assert line.count(b"\n") == 1
    assert decode_step(line) == (event, effects)


def test_what_has_no_form_is_a_slip_of_the_caller() -> None:
    with pytest.raises(Misuse):
        encode_effects([messages.Write(area=messages.Area.GUARD, log="", index=2**70, data=b"")])
    with pytest.raises(Misuse):
        encode_effects([object()])


HELLO = encode_event(
    Received(now=NetworkTime(1), sender=ParticipantId("aurora"), message=Hello(origin=AURORA))
)


@pytest.mark.parametrize(
    ("old", "new"),
    [
        (b'"now":1', b'"now":1.0'),
        (b'"now":1', b'"now":true'),
        (b'"now":1', b'"now":"1"'),
        (b'"now":1', b'"now":-1'),
        (b'"now":1', b'"now": 1'),
        (b'"now":1', b'"now":1,"more":2'),
        (b'"now":1,', b""),
        (b'"now":1', b'"now":2,"now":1'),
        (b'"aurora"', b'"Aurora"'),
        (b'"aurora"', b"7"),
        (b'"Received"', b'"Write"'),
        (b'"Received"', b'"Exception"'),
        (b'"Hello"', b'"TimerFired"'),
        (b'"Hello"', b"[]"),
        (HELLO, b""),
        (HELLO, b"[]"),
        (HELLO, b"null"),
        (HELLO, b'{"is":["Hello"]}'),
        (HELLO, HELLO + b" "),
    ],
)
def test_an_event_in_any_other_spelling_is_refused(old: bytes, new: bytes) -> None:
    changed = HELLO.replace(old, new, 1)
    assert changed != HELLO
    with pytest.raises(MalformedRecord):
        decode_event(changed)


JSON = st.recursive(
    st.none() | st.booleans() | st.integers(-3, 2**60) | st.text(max_size=6) | st.floats(0, 1),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(
            st.sampled_from(["is", "now", "message", "effects", "event", "data", "facts"]), inner
        )
    ),
    max_leaves=8,
)


@given(JSON.map(orjson.dumps) | st.binary(max_size=40))
def test_a_decoder_takes_its_own_or_raises_its_one_error(data: bytes) -> None:
    for decode, encode in ((decode_event, encode_event), (decode_effects, encode_effects)):
        try:
            found = decode(data)
        except MalformedRecord:
            continue
        assert encode(found) == data


def test_a_killed_recorder_loses_its_last_line_only(tmp_path: Path) -> None:
    path = tmp_path / "recording.jsonl"
    recorder = Recorder(path)
    steps: list[tuple[Event, tuple[Effect, ...]]] = [
        (TimerFired(now=NetworkTime(number)), (messages.Fsync(),)) for number in range(3)
    ]
    for event, effects in steps:
        recorder.record(event, effects)
    recorder.close()
    path.write_bytes(path.read_bytes()[:-4])
    assert list(read_recording(path)) == steps[:2]


def test_a_damaged_line_is_named(tmp_path: Path) -> None:
    path = tmp_path / "recording.jsonl"
    good = encode_step(TimerFired(now=NetworkTime(1)), ())
    path.write_bytes(good + b"{}\n" + good)
    with pytest.raises(MalformedRecord, match=r"recording\.jsonl:2 "):
        list(read_recording(path))
