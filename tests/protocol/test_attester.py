"""The lab's machine: barriers, receipts, and what a crash or a restored disk may not do."""

from __future__ import annotations

from dataclasses import replace

import pytest

from pausenet.crypto import envelope
from pausenet.errors import Misuse
from pausenet.protocol.attester import LabMachine, MeterMachine
from pausenet.protocol.logbook import LogBook
from pausenet.protocol.messages import (
    Area,
    Cosigned,
    Fsync,
    Hello,
    Ingested,
    Job,
    Publish,
    ReadingSample,
    Report,
    Send,
    Stored,
    TimerFired,
    Told,
    UsageSample,
    Write,
)
from pausenet.protocol.verifier import VerifierMachine
from pausenet.statements import codec
from pausenet.statements.codec import Head, Kind
from pausenet.values import (
    AcceleratorSeconds,
    Digest,
    NetworkTime,
    ParticipantId,
    PeriodIndex,
    Pflop,
    Salt,
    Seq,
    TreeSize,
    WattHours,
)
from tests.protocol.desk import Desk
from tests.protocol.paper import keyring, register, usage

REGISTER = register()
VERIFIERS = REGISTER.verifiers
LAB = ParticipantId("aurora")
ORIGIN = REGISTER.origin_of(LAB)
KEYS = keyring("aurora", REGISTER.members[LAB].role)


def sample(period: int, fill: int = 1) -> UsageSample:
    body = usage()
    start = REGISTER.agreement.schedule.period(PeriodIndex(period)).start
    jobs = tuple(
        Job(
            site=body.sites[0].site,
            workload=workload,
            start=start,
            end=NetworkTime(start + 1),
            occupied_s=AcceleratorSeconds(total.occupied_s),
            used_pflop=Pflop(total.used_pflop),
            run="",
        )
        for workload, total in body.classes
    )
    return UsageSample(
        period=PeriodIndex(period),
        sites=body.sites,
        classes=body.classes,
        runs=(),
        jobs=jobs,
        salts=tuple(Salt(bytes([fill, period, number]) + bytes(29)) for number in range(len(jobs))),
    )


def lab(durable: list[Write] | None = None) -> Desk:
    return Desk(LabMachine(register=REGISTER, keys=KEYS), durable=durable or [])


def greeted(desk: Desk, *, size: int = 0, note: bytes = b"", now: int = 0) -> Desk:
    desk.boot(now)
    for verifier in VERIFIERS[:3]:
        desk.hear(verifier, Stored(origin=ORIGIN, size=TreeSize(size), note=note), now)
    return desk


def running() -> tuple[Desk, dict[str, Desk]]:
    """A lab and four verifiers that have met; messages are carried by hand."""
    verifiers = {
        name: Desk(
            VerifierMachine(register=REGISTER, keys=keyring(name, REGISTER.members[name].role))
        )
        for name in VERIFIERS
    }
    for desk in verifiers.values():
        desk.boot()
    for name, desk in verifiers.items():
        for peer in VERIFIERS:
            if peer != name:
                empty = Stored(origin=REGISTER.origin_of(name), size=TreeSize(0), note=b"")
                desk.hear(peer, empty)
    return greeted(lab()), verifiers


def carry(desk: Desk, verifiers: dict[str, Desk], names: tuple[str, ...], now: int) -> None:
    """Bring the lab's batches to some verifiers, and their cosignatures back."""
    carried = [s for s in desk.sent if isinstance(s.message, Publish) and s.to in names]
    desk.sent.clear()
    for send in carried:
        verifier = verifiers[send.to]
        before = len(verifier.sent)
        verifier.hear(LAB, send.message, now)
        for answer in verifier.sent[before:]:
            if answer.to == LAB:
                desk.hear(send.to, answer.message, now)


def test_nothing_is_signed_before_k_verifiers_have_said_what_they_hold() -> None:
    desk = lab()
    desk.boot()
    assert len(desk.messages(Hello)) == 4
    for verifier in VERIFIERS[:2]:
        desk.hear(verifier, Stored(origin=ORIGIN, size=TreeSize(0), note=b""))
    assert not desk.messages(Publish)
    desk.hear(VERIFIERS[2], Stored(origin=ORIGIN, size=TreeSize(0), note=b""))
    assert desk.messages(Publish)


def test_the_first_statement_ratifies_the_agreement() -> None:
    desk = greeted(lab())
    (first, *_) = desk.messages(Publish)
    assert isinstance(first, Publish)
    statement = codec.decode(envelope.decode(first.entries[0]).payload)
    assert statement.kind is Kind.RATIFICATION
    assert statement.seq == 0


def test_guard_and_entries_are_durable_before_the_checkpoint_and_it_before_the_message() -> None:
    desk = lab()
    desk.boot()
    effects: list[object] = []
    for verifier in VERIFIERS[:3]:
        effects += desk.hear(verifier, Stored(origin=ORIGIN, size=TreeSize(0), note=b""))
    areas = [
        effect.area if isinstance(effect, Write) else type(effect)
        for effect in effects
        if isinstance(effect, Write | Fsync)
        or (isinstance(effect, Send) and isinstance(effect.message, Publish))
    ]
    assert areas[:7] == [Area.GUARD, Area.GUARD, Area.ENTRY, Fsync, Area.CHECKPOINT, Fsync, Send]


def test_who_repeats_what_it_holds_and_cosigns_nothing_is_not_answered_each_time() -> None:
    desk = greeted(lab())
    desk.step(Ingested(now=NetworkTime(10), sample=sample(0)))
    size = len(desk.machine.book.mirrors[ORIGIN].statements)
    before = len(desk.messages(Publish))
    for _ in range(100):
        desk.hear(VERIFIERS[0], Stored(origin=ORIGIN, size=TreeSize(size), note=b""), 11)
    asked = len(desk.messages(Publish)) - before
    assert 1 <= asked <= 3
    desk.step(TimerFired(now=NetworkTime(400_000)))
    desk.hear(VERIFIERS[0], Stored(origin=ORIGIN, size=TreeSize(size), note=b""), 400_000)
    assert len(desk.messages(Publish)) > before + asked


def test_three_cosignatures_make_a_receipt_and_two_do_not() -> None:
    desk, verifiers = running()
    carry(desk, verifiers, VERIFIERS[:2], now=5)
    told = [e for e in desk.done if isinstance(e, Report) and e.told is Told.RECEIPTED]
    assert not told
    desk.step(TimerFired(now=NetworkTime(400_000)))
    carry(desk, verifiers, VERIFIERS[2:], now=400_000)
    told = [e for e in desk.done if isinstance(e, Report) and e.told is Told.RECEIPTED]
    assert dict(told[0].facts) == {"size": 1}


def test_statements_wait_while_a_checkpoint_is_open() -> None:
    desk, verifiers = running()
    desk.step(Ingested(now=NetworkTime(10), sample=sample(0)))
    assert {p.note for p in desk.messages(Publish)} == {desk.messages(Publish)[0].note}
    carry(desk, verifiers, VERIFIERS, now=11)
    batches = [p for p in desk.messages(Publish) if isinstance(p, Publish)]
    assert {p.start + len(p.entries) for p in batches} == {3}, "declaration and usage in one batch"


def test_a_sample_of_a_period_already_attested_is_not_attested_again() -> None:
    desk, verifiers = running()
    carry(desk, verifiers, VERIFIERS, now=1)
    for fill in (1, 2):
        desk.step(Ingested(now=NetworkTime(10), sample=sample(0, fill)))
        carry(desk, verifiers, VERIFIERS, now=11)
    kinds = [s.kind for s in desk.machine.book.mirrors[ORIGIN].statements]
    assert kinds.count(Kind.USAGE) == 1


def test_a_crash_between_the_two_fsyncs_sends_the_same_bytes_again() -> None:
    desk = lab()
    desk.boot()
    effects: list[object] = []
    for verifier in VERIFIERS[:3]:
        effects += desk.hear(verifier, Stored(origin=ORIGIN, size=TreeSize(0), note=b""))
    whole = list(desk.durable)
    entry = next(write for write in whole if write.area is Area.ENTRY)
    note = next(write for write in whole if write.area is Area.CHECKPOINT)
    for lost in ({Area.CHECKPOINT}, {Area.CHECKPOINT, Area.ENTRY}):
        left = [write for write in whole if write.area not in lost]
        again = greeted(lab(left))
        publish = again.messages(Publish)[0]
        assert isinstance(publish, Publish)
        assert (publish.entries, publish.note) == ((entry.data,), note.data)


def test_a_log_from_yesterday_under_todays_guard_is_never_signed_for() -> None:
    desk, verifiers = running()
    carry(desk, verifiers, VERIFIERS, now=1)
    yesterday = list(desk.durable)
    for period in (0, 1):
        desk.step(Ingested(now=NetworkTime(10), sample=sample(period)))
        carry(desk, verifiers, VERIFIERS, now=11)
    guard = [write for write in desk.durable if write.area is Area.GUARD]
    old_log = [write for write in yesterday if write.area is not Area.GUARD]
    restored = greeted(lab([*guard, *old_log]))
    assert restored.machine.halted
    restored.step(Ingested(now=NetworkTime(12), sample=sample(2)))
    assert not restored.messages(Publish)


def test_a_whole_disk_from_yesterday_is_told_by_what_a_verifier_holds() -> None:
    desk, verifiers = running()
    carry(desk, verifiers, VERIFIERS, now=1)
    yesterday = list(desk.durable)
    desk.step(Ingested(now=NetworkTime(10), sample=sample(0)))
    carry(desk, verifiers, VERIFIERS, now=11)
    mirror = desk.machine.book.mirrors[ORIGIN]
    note = mirror.note.encode()
    restored = lab(yesterday)
    restored.boot()
    restored.hear(VERIFIERS[0], Stored(origin=ORIGIN, size=TreeSize(mirror.size), note=note))
    assert "holds" in restored.machine.halted


def test_a_verifiers_word_without_our_signature_halts_nobody() -> None:
    desk = greeted(lab(), size=5, note=b"no note of ours")
    assert not desk.machine.halted


def test_an_empty_guard_beside_a_log_forbids_signing() -> None:
    desk, verifiers = running()
    carry(desk, verifiers, VERIFIERS, now=1)
    left = [write for write in desk.durable if write.area is not Area.GUARD]
    restored = greeted(lab(left))
    assert restored.machine.halted
    assert not restored.messages(Publish)


def test_cosignatures_of_strangers_count_for_nothing() -> None:
    desk, _ = running()
    publish = desk.messages(Publish)[0]
    assert isinstance(publish, Publish)
    for verifier in VERIFIERS:
        desk.hear(verifier, Cosigned(origin=ORIGIN, note=publish.note), 3)
    told = [e for e in desk.done if isinstance(e, Report) and e.told is Told.RECEIPTED]
    assert not told


def test_the_ledger_is_durable_before_its_root_is_signed() -> None:
    desk, verifiers = running()
    carry(desk, verifiers, VERIFIERS, now=1)
    effects = desk.step(Ingested(now=NetworkTime(10), sample=sample(0)))
    kinds = [e.area if isinstance(e, Write) else type(e) for e in effects]
    assert kinds.index(Area.LEDGER) < kinds.index(Fsync) < kinds.index(Area.GUARD)


def test_a_salt_used_twice_is_the_callers_mistake() -> None:
    one = sample(0)
    desk = greeted(lab())
    with pytest.raises(Misuse):
        desk.step(
            Ingested(now=NetworkTime(1), sample=replace(one, salts=(one.salts[0],) * len(one.jobs)))
        )


def test_jobs_that_do_not_sum_to_the_totals_are_the_callers_mistake() -> None:
    one = sample(0)
    changed = replace(one.jobs[0], used_pflop=Pflop(one.jobs[0].used_pflop + 1))
    desk = greeted(lab())
    with pytest.raises(Misuse):
        desk.step(Ingested(now=NetworkTime(1), sample=replace(one, jobs=(changed, *one.jobs[1:]))))


def test_a_meter_takes_no_usage_and_a_lab_no_reading() -> None:
    meter = ParticipantId("aurora-meter")
    keys = keyring(meter, REGISTER.members[meter].role)
    reading = ReadingSample(period=PeriodIndex(0), party=LAB, energy_wh=WattHours(1))
    with pytest.raises(Misuse):
        MeterMachine(register=REGISTER, keys=keys).step(
            Ingested(now=NetworkTime(1), sample=sample(0))
        )
    with pytest.raises(Misuse):
        LabMachine(register=REGISTER, keys=KEYS).step(Ingested(now=NetworkTime(1), sample=reading))


def test_a_verifier_refuses_a_batch_of_anothers_log() -> None:
    desk, verifiers = running()
    publish = desk.messages(Publish)[0]
    target = verifiers[VERIFIERS[0]]
    before = len(target.durable)
    target.hear("birch", publish, 2)
    assert len(target.durable) == before
    assert target.machine.book.mirrors[ORIGIN].size == 0


def test_a_batch_with_a_gap_is_answered_with_what_is_stored() -> None:
    desk, verifiers = running()
    publish = desk.messages(Publish)[0]
    assert isinstance(publish, Publish)
    target = verifiers[VERIFIERS[0]]
    target.sent.clear()
    target.hear(LAB, replace(publish, start=Seq(3)), 2)
    assert target.messages(Stored) == [Stored(origin=ORIGIN, size=TreeSize(0), note=b"")]


def test_usage_signed_later_than_in_the_next_period_says_nothing_new_was_seen(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Whoever learns late cannot seem to have known in time (decision 0017)."""
    held = REGISTER.origin_of(VERIFIERS[0])
    sizes = {"now": 1}

    def heads(self: LogBook, origins: tuple[object, ...]) -> tuple[Head, ...]:
        size = TreeSize(sizes["now"])
        if not origins:
            return ()
        return (Head(origin=held, size=size, root=Digest.of(str(size).encode())),)

    monkeypatch.setattr(LogBook, "heads", heads)
    desk, verifiers = running()
    schedule = REGISTER.agreement.schedule
    for period, late, seen in ((0, 0, 2), (1, 0, 3), (2, 1, 3), (3, 0, 5), (4, 3, 5)):
        now = NetworkTime(schedule.period(PeriodIndex(period + 1 + late)).start + 60)
        sizes["now"] += 1
        carry(desk, verifiers, VERIFIERS, now=now)
        desk.step(Ingested(now=now, sample=sample(period)))
        said = desk.machine.book.mirrors[ORIGIN].statements[-1]
        assert said.kind is Kind.USAGE
        sizes_said = [head.size for head in said.seen if head.origin == held]
        assert sizes_said == [seen], period
