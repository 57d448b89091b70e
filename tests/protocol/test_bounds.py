"""What is remembered beside the logs is bounded, and forgetting it changes no answer."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pausenet.log.checkpoint import Note
from pausenet.protocol.appraisal import appraise
from pausenet.protocol.logbook import LogBook
from pausenet.protocol.reader import StatementReader
from pausenet.values import NetworkTime, ParticipantId, PeriodIndex, Role, Seq, TreeSize
from tests.protocol.builders import Log, Paper
from tests.protocol.hostility import NOW, REGISTER, machine, settle, verifier
from tests.protocol.paper import name, usage

SIZES = 5
VERIFIERS = REGISTER.verifiers
SIGNED = st.tuples(st.sampled_from(VERIFIERS), st.integers(1, SIZES), st.integers(0, 12))


def lab_log() -> Log:
    made = Paper(REGISTER).log("birch")
    while made.size < SIZES:
        made.say(usage(made.size))
    return made


LOG = lab_log()
NOTES = {
    (who, size, time): LOG.note(size, cosigners={who: time})
    for who in VERIFIERS
    for size in range(1, SIZES + 1)
    for time in range(13)
}


def book() -> LogBook:
    made = LogBook(REGISTER, (Role.LAB,))
    made.mirrors[LOG.origin].extend(Seq(0), tuple(LOG.entries), Note.decode(LOG.note()))
    return made


@settings(max_examples=60)
@given(st.lists(SIGNED, max_size=30))
def test_times_follow_from_all_cosignatures_ever_seen_though_few_are_kept(
    signed: list[tuple[ParticipantId, int, int]],
) -> None:
    """Held against the slow way: every cosignature kept, and the first past each entry sought."""
    kept = book()
    for each in signed:
        kept.judge(NOTES[each])
    for who in VERIFIERS:
        marks = kept.marks(LOG.origin, name(who))
        assert len(marks) <= SIZES
        every = sorted((time, size) for by, size, time in signed if by == who)
        for close in range(14):
            largest = max((size for time, size in every if time <= close), default=0)
            assert max((m.size for m in marks if m.time <= close), default=0) == largest
        assert kept.reached(LOG.origin, name(who)) == max((s for _, s in every), default=0)
    for seq in range(SIZES):
        first = [
            min(((t, s) for by, s, t in signed if by == who and s > seq), default=None)
            for who in VERIFIERS
        ]
        expected = sorted(each for each in first if each is not None)[: REGISTER.quorum.f + 1]
        found = kept.earliest(LOG.origin, Seq(seq), PeriodIndex(0))
        assert sorted((e.time, e.size) for e in found) == [
            (NetworkTime(time), TreeSize(size)) for time, size in expected
        ]


def test_heartbeats_over_years_leave_one_mark_a_size() -> None:
    desk = verifier()
    settle(desk, rounds=300, now=NOW)
    held = machine(desk).book
    for origin, mirror in held.mirrors.items():
        for who in VERIFIERS:
            assert len(held.marks(origin, who)) <= mirror.size


def test_a_reader_that_forgets_gives_the_same_appraisals(monkeypatch: pytest.MonkeyPatch) -> None:
    paper, reader = Paper(), StatementReader()
    for number in range(4):
        paper.period(number)
    expected = [appraise(paper.register, cut, paper.entries()) for cut in paper.cuts]
    monkeypatch.setattr("pausenet.protocol.reader.REMEMBERED_MAX", 2)
    for _ in range(2):
        found = [appraise(paper.register, cut, paper.entries(), reader) for cut in paper.cuts]
        assert found == expected
    assert len(reader._times) <= 2
    assert len(reader._digests) <= 2
