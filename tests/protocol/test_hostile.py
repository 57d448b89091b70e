"""Whatever correctly signed nonsense a peer says: no machine raises, and no honest one is accused.

An exception in `step` would stop a node, and what stands in a log is read again at every start.
"""

from __future__ import annotations

from dataclasses import replace

from pausenet.crypto import envelope
from pausenet.protocol.appraisal import LOWERED_MAX
from pausenet.protocol.appraisal import _fitting as fitting
from pausenet.protocol.attester import LabMachine
from pausenet.protocol.bundle import verify_bundle
from pausenet.protocol.messages import (
    Area,
    Entries,
    Evidence,
    Heads,
    Ingested,
    Publish,
    Received,
    Report,
    Stored,
    Told,
    Write,
)
from pausenet.protocol.prosecution import PROOFS_MAX
from pausenet.protocol.verifier import VerifierMachine
from pausenet.statements import codec
from pausenet.statements.codec import Head
from pausenet.statements.cut import Endorsement
from pausenet.statements.finding import Appraisal, Fault, Finding, Grade
from pausenet.statements.stage import (
    AMENDED_MAX,
    BARS_MAX,
    CEILINGS_MAX,
    CHANGES_MAX,
    SPANS_MAX,
    Amendable,
    Amended,
    Bar,
    Ceiling,
    Change,
    Easable,
    Easing,
    Span,
)
from pausenet.values import (
    INTEGER_MAX,
    Digest,
    NetworkTime,
    Origin,
    ParticipantId,
    PeriodIndex,
    Pflop,
    Seq,
    TreeSize,
)
from tests.protocol.builders import Log, Paper
from tests.protocol.desk import Desk
from tests.protocol.hostility import (
    NOW,
    REGISTER,
    cut_of,
    equivocations,
    held,
    machine,
    proposer,
    publish,
    settle,
    verifier,
)
from tests.protocol.paper import index, keyring_of, name, usage
from tests.protocol.test_attester import sample


def test_time_evidence_on_an_empty_log_kills_nobody() -> None:
    """A checkpoint of size 0 has one root only; a cut may name another."""
    paper, desk = Paper(REGISTER), verifier()
    publish(desk, paper.log("birch"))
    times = paper.times(paper.log("birch"), 5)
    odd = replace(times[0], size=TreeSize(0), root=Digest.of(b"no root"))
    bad = paper.log(proposer(1))
    bad.say(cut_of(held(paper.log("birch"), (odd,))), period=paper.schedule.period(index(1)))
    late = REGISTER.agreement.schedule.close(index(1)) + 10
    publish(desk, bad, late)
    settle(desk, now=late)


def test_a_cut_of_a_far_period_that_k_verifiers_endorse_is_not_appraised_yet() -> None:
    """Three of four may be faulty; the honest one must not count periods to 2^53."""
    desk = verifier()
    bad = next(who for who in REGISTER.verifiers[1:] if who == proposer(INTEGER_MAX - 2, 0))
    paper = Paper(REGISTER)
    far = cut_of(period=INTEGER_MAX - 2)
    paper.log(bad).say(far)
    for who in REGISTER.verifiers[1:]:
        paper.log(who).say(Endorsement(period=far.period, view=0, cut=far.digest))
        publish(desk, paper.log(who))
    settle(desk)
    assert not machine(desk).closing.bundles


def test_an_earlier_proof_against_a_log_does_not_hide_its_fork() -> None:
    """Otherwise a log that first earns an F4 could then stall every cut by two faces."""
    desk, paper = verifier(), Paper(REGISTER)
    one = paper.log("birch")
    publish(desk, one)
    bad = one.fork(one.size)
    bad.say(usage(), seq=9)
    publish(desk, bad)
    assert set(faults_of(desk)) == {Fault.F4}
    other = one.fork(0)
    other.say(usage(5))
    desk.hear(
        "verifier-2",
        Entries(origin=one.origin, start=Seq(0), entries=tuple(other.entries), note=other.note()),
        NOW,
    )
    assert machine(desk).prosecution.proves_fork(name("birch"))


def faults_of(desk: Desk) -> list[Fault]:
    found = (
        verify_bundle(d, REGISTER.network_id) for d in machine(desk).prosecution.bundles.values()
    )
    return [item.claim.fault for item in found if item.claim is not None]


def test_many_proofs_fill_neither_cuts_nor_appraisals() -> None:
    desk = verifier()
    for who in ("birch", "birch-meter", "aurora", "verifier-2"):
        for data in equivocations(who, 20):
            desk.hear("verifier-3", Evidence(bundle=data), NOW)
    settle(desk)
    assert len(machine(desk).prosecution.bundles) == 4 * PROOFS_MAX


def test_an_appraisal_of_very_many_findings_still_fits_its_envelope() -> None:
    paper = Paper(REGISTER)
    (first, *_) = paper.period(0)
    findings = [
        Finding(
            fault=Fault.F7,
            grade=Grade.PLAUSIBLE,
            claim="x" * 300,
            accused=name("birch"),
            periods=(index(number),),
            bundle=Digest.of(b"%d" % number),
        )
        for number in range(300)
    ]
    for bare in (first.appraisal, brimful(first.appraisal)):
        kept = fitting(replace(bare, findings=()), findings)
        assert 20 < len(kept) < 128
        assert list(kept) == findings[: len(kept)]
        log = paper.log("verifier-1")
        entry = log.say(replace(bare, findings=kept), seen=HEADS)
        assert codec.decode(envelope.decode(entry).payload)


HEADS = tuple(
    Head(
        origin=Origin(f"pausenet.{'f' * 32}/verifier/{'x' * 29}-{number:02}"),
        size=TreeSize(10**7),
        root=Digest.of(b"root"),
    )
    for number in range(65)
)
"""What a verifier of as large a network as there can be has seen."""


def brimful(appraisal: Appraisal) -> Appraisal:
    """The appraisal with everything else that it can say, for periods below ten thousand."""
    spans = [
        Span(start=PeriodIndex(9_000 + 4 * at), until=PeriodIndex(9_002 + 4 * at))
        for at in range(SPANS_MAX)
    ]
    limits = [
        Ceiling(start=PeriodIndex(9_000 + at), limit_pflop=Pflop(INTEGER_MAX - at))
        for at in range(CEILINGS_MAX)
    ]
    runs = [ParticipantId(f"run-{'x' * 25}-{at:02}") for at in range(BARS_MAX)]
    changes = tuple(
        Change(start=PeriodIndex(9_000 + at), raised_ppm=INTEGER_MAX - at)
        for at in range(CHANGES_MAX)
    )
    return replace(
        appraisal,
        bound=tuple(spans),
        caps=tuple(limits),
        barred=tuple(Bar(run=run, start=PeriodIndex(9_000)) for run in runs),
        eased=tuple(Easing(clause=each, changes=changes) for each in sorted(Easable)),
        amended=tuple(
            Amended(clause=each, limits=tuple(limits[:AMENDED_MAX])) for each in sorted(Amendable)
        ),
        lowered=tuple(PeriodIndex(8_000 + at) for at in range(LOWERED_MAX)),
    )


def test_a_lab_takes_nobodys_word_for_its_own_log() -> None:
    """A restored lab that took its lost entries from a peer would sign places its guard lacks."""
    lab = Desk(LabMachine(register=REGISTER, keys=keyring_of(REGISTER, "birch")))
    lab.boot()
    log = Log(register=REGISTER, keys=keyring_of(REGISTER, "birch"))
    log.say(usage())
    lab.hear(
        "verifier-1",
        Entries(origin=log.origin, start=Seq(0), entries=tuple(log.entries), note=log.note()),
    )
    for who in REGISTER.verifiers[:3]:
        lab.hear(who, Stored(origin=log.origin, size=TreeSize(0), note=b""), 2)
    sent = [each for each in lab.messages(Publish) if isinstance(each, Publish)]
    assert sent
    assert all(each.entries != tuple(log.entries) for each in sent)


def test_entries_that_lie_do_not_crowd_out_true_rivals() -> None:
    desk, log = verifier(), Paper(REGISTER).log("birch")
    for number in range(20):
        log.say(usage(number))
    publish(desk, log)
    for size in range(1, 21):
        desk.hear(
            "verifier-2",
            Entries(origin=log.origin, start=Seq(0), entries=(b"x",), note=log.note(size)),
            NOW,
        )
    assert not machine(desk).book.rivals[log.origin]


def test_one_cosigners_waiting_marks_leave_room_for_the_others() -> None:
    desk, log = verifier(), Paper(REGISTER).log("birch")
    log.say(usage())
    flood = tuple(log.note(cosigners={"verifier-2": time}) for time in range(1, 400))
    desk.hear("verifier-2", Heads(notes=flood), NOW)
    desk.hear("verifier-3", Heads(notes=(log.note(cosigners={"verifier-3": 7}),)), NOW)
    publish(desk, log)
    assert machine(desk).book.reached(log.origin, name("verifier-3")) == log.size


def test_one_proposers_cuts_do_not_crowd_out_anothers() -> None:
    """The honest cut waits for an entry that comes last."""
    desk, paper = verifier(), Paper(REGISTER)
    late = REGISTER.agreement.schedule.close(index(3)) + 10
    lab, good, bad = paper.log("birch"), paper.log(proposer(2)), paper.log(proposer(1))
    good.say(cut_of(held(lab), period=2), period=paper.schedule.period(index(2)))
    publish(desk, good, late)
    for number in range(300):
        bad.say(cut_of(held(lab), period=1 + 4 * number))
    publish(desk, bad, late)
    publish(desk, lab, late)
    settle(desk, now=late)
    said = [
        s.body
        for s in machine(desk).book.mirrors[REGISTER.origin_of(name("verifier-1"))].statements
    ]
    assert 2 in {body.period for body in said if isinstance(body, Endorsement)}


def test_a_proof_that_a_crash_left_unspoken_is_spoken_of_after_the_start() -> None:
    desk = verifier()
    (proof,) = equivocations("birch", 1)
    effects = desk.machine.step(
        Received(now=NetworkTime(2), sender=name("verifier-2"), message=Evidence(bundle=proof))
    )
    journal = [e for e in effects if isinstance(e, Write) and e.log == "bundles"]
    again = Desk(VerifierMachine(register=REGISTER, keys=keyring_of(REGISTER, "verifier-1")))
    again.durable = [*desk.durable, *journal]
    again.boot(3)
    origin = REGISTER.origin_of(name("verifier-1"))
    for peer in REGISTER.verifiers[1:]:
        again.hear(peer, Stored(origin=origin, size=TreeSize(0), note=b""), 4)
    assert machine(again).prosecution.noticed()


def test_a_batch_cut_short_by_a_crash_survives_two_starts_in_a_row() -> None:
    """The first start signs a checkpoint over what is left; the guard must know of it."""
    lab = Desk(LabMachine(register=REGISTER, keys=keyring_of(REGISTER, "birch")))
    lab.boot()
    origin = REGISTER.origin_of(name("birch"))
    for who in REGISTER.verifiers[:2]:
        lab.hear(who, Stored(origin=origin, size=TreeSize(0), note=b""), 1)
    lab.step(Ingested(now=NetworkTime(1), sample=sample(0)))
    before = list(lab.durable)
    lab.hear(REGISTER.verifiers[2], Stored(origin=origin, size=TreeSize(0), note=b""), 2)
    new = lab.durable[len(before) :]
    guarded = [write for write in new if write.area is Area.GUARD]
    assert len(guarded) > 2, "several statements, then their checkpoint"
    for kept in range(len(guarded) + 1):
        desk = Desk(LabMachine(register=REGISTER, keys=keyring_of(REGISTER, "birch")))
        desk.durable = [*before, *guarded[:kept]]
        for _ in range(3):
            desk.boot()
            assert not [e for e in desk.done if isinstance(e, Report) and e.told is Told.HALTED]
            desk.machine = LabMachine(register=REGISTER, keys=keyring_of(REGISTER, "birch"))
