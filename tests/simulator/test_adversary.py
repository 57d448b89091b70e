"""Each adversary around a machine that only remembers what it is told."""

from dataclasses import dataclass, field

import pytest

from pausenet.log.checkpoint import Checkpoint, Note, sign_checkpoint
from pausenet.log.opened import open_note
from pausenet.log.vkey import KeyName
from pausenet.protocol.ledger import build_ledger
from pausenet.protocol.messages import (
    Cosigned,
    Fsync,
    Heads,
    Hello,
    Ingested,
    Publish,
    Received,
    Send,
    SetTimer,
    TimerFired,
    Told,
    report,
)
from pausenet.scenario.plan import CheatKind
from pausenet.simulator.adversary import ABOUT, Window, adversary_for
from pausenet.simulator.fleet import energy_of, samples
from pausenet.simulator.setting import setting_of
from pausenet.values import Digest, NetworkTime, ParticipantId, PeriodIndex, Seq, TreeSize
from tests.simulator.small import AURORA, BIRCH, SMALL, VERIFIER

SETTING = setting_of(SMALL)
SCHEDULE = SETTING.register.agreement.schedule
TRUE = samples(SMALL, 7).labs[BIRCH]
ORIGIN = SETTING.register.origin_of(BIRCH)
VERIFIERS = SETTING.register.verifiers


def checkpoint_note(size=3):
    body = Checkpoint(origin=KeyName(ORIGIN), size=TreeSize(size), root=Digest.of(b"root"))
    line = sign_checkpoint(body, SETTING.keys[BIRCH].log)
    return Note(body=body, signatures=(line,)).encode()


@dataclass
class Fake:
    """Remembers its events; offers its log to every verifier at every step."""

    id: ParticipantId
    answers: list = field(default_factory=list)
    seen: list = field(default_factory=list)

    def step(self, event):
        self.seen.append(event)
        publish = Publish(origin=ORIGIN, start=Seq(0), entries=(b"e",), note=checkpoint_note())
        offers = tuple(Send(to=name, message=publish) for name in VERIFIERS if name != self.id)
        return (Fsync(), *offers, *self.answers, SetTimer(at=NetworkTime(event.now + 10)))


def wrapped(kind, by=BIRCH, *, start=6, until=None, amount=200_000):
    fake = Fake(by)
    window = Window(start=PeriodIndex(start), until=None if until is None else PeriodIndex(until))
    wrap = adversary_for(
        kind, register=SETTING.register, keys=SETTING.keys[by], window=window, amount_ppm=amount
    )
    return fake, wrap(fake)


def ingest(machine, fake, period):
    now = SCHEDULE.period(PeriodIndex(period)).end
    effects = machine.step(Ingested(now=now, sample=TRUE[period]))
    return fake.seen[-1].sample, effects


def during(period):
    return NetworkTime(SCHEDULE.period(PeriodIndex(period)).start + 100)


def sends(effects):
    return [effect for effect in effects if isinstance(effect, Send)]


def test_every_kind_says_what_it_does():
    assert set(ABOUT) == set(CheatKind)


@pytest.mark.parametrize("kind", CheatKind)
def test_before_its_window_every_adversary_does_as_its_machine_does(kind):
    by = {"lab": BIRCH, "meter": ParticipantId("birch-meter")}.get(kind.role, VERIFIER)
    honest = Fake(by)
    _, machine = wrapped(kind, by)
    events = [Ingested(now=during(2), sample=TRUE[1]), TimerFired(now=during(3))]
    for event in events:
        assert machine.step(event) == honest.step(event)
    assert machine.id == by


def test_under_declaration_hides_its_share_and_still_adds_up():
    fake, machine = wrapped(CheatKind.UNDER_DECLARATION)
    for period in range(6):
        assert ingest(machine, fake, period)[0] == TRUE[period]
    told, _ = ingest(machine, fake, 6)
    assert build_ledger(SETTING.register.network_id, BIRCH, told).leaves
    used = [sum(u.used_pflop for _, u in sample.classes) for sample in (told, TRUE[6])]
    assert used[0] / used[1] == pytest.approx(0.8, abs=1e-3)
    assert energy_of(told) < 0.9 * energy_of(TRUE[6])
    times = [sum(u.occupied_s for _, u in sample.classes) for sample in (told, TRUE[6])]
    assert times[0] == times[1]


def test_under_declared_runs_never_shrink():
    fake, machine = wrapped(CheatKind.UNDER_DECLARATION, until=9)
    totals = {}
    for period in range(12):
        for run in ingest(machine, fake, period)[0].runs:
            assert run.total_pflop >= totals.get(run.run, 0)
            totals[run.run] = run.total_pflop
    assert totals["birch-r1"] < TRUE[11].runs[-1].total_pflop


@pytest.mark.parametrize("kind", [CheatKind.UNDER_DECLARATION, CheatKind.OVER_CAP])
def test_an_amount_of_nothing_changes_nothing(kind):
    fake, machine = wrapped(kind, amount=0)
    assert ingest(machine, fake, 7)[0] == TRUE[7]


def test_a_low_meter_takes_its_amount_off_every_reading_of_its_window():
    meter = ParticipantId("birch-meter")
    fake, machine = wrapped(CheatKind.LOW_METER, meter, until=8)
    for period, kept in ((5, 1.0), (6, 0.8), (7, 0.8), (8, 1.0)):
        true = samples(SMALL, 7).meters[meter][period]
        machine.step(Ingested(now=during(period), sample=true))
        told = fake.seen[-1].sample
        assert told.energy_wh == pytest.approx(true.energy_wh * kept, rel=1e-8)
        assert (told.party, told.period) == (true.party, true.period)


def test_over_cap_declares_a_run_above_the_cap_and_the_rest_as_it_was():
    fake, machine = wrapped(CheatKind.OVER_CAP)
    told, _ = ingest(machine, fake, 6)
    limit = SETTING.register.agreement.run_cap.limit_pflop
    assert max(run.total_pflop for run in told.runs) == limit * 12 // 10
    assert told.classes == TRUE[6].classes
    assert energy_of(told) == energy_of(TRUE[6])


def test_the_silent_send_nothing_while_statements_of_the_window_are_due():
    _, machine = wrapped(CheatKind.SILENT, until=8)
    assert sends(machine.step(TimerFired(now=during(6))))
    assert not sends(machine.step(TimerFired(now=during(7))))
    assert not sends(machine.step(TimerFired(now=during(8))))
    assert sends(machine.step(TimerFired(now=during(9))))


def test_the_mute_verifier_takes_in_nothing_in_its_window():
    fake, machine = wrapped(CheatKind.MUTE_VERIFIER, VERIFIER, until=8)
    effects = machine.step(TimerFired(now=during(6)))
    assert fake.seen == []
    assert [type(effect) for effect in effects] == [SetTimer]
    machine.step(TimerFired(now=during(8)))
    assert len(fake.seen) == 1


def test_two_faces_never_show_both_faces_to_one_verifier():
    fake, machine = wrapped(CheatKind.TWO_FACES)
    _, effects = ingest(machine, fake, 6)
    shown = [send.to for send in sends(effects)]
    assert sorted(shown) == sorted(VERIFIERS)
    assert sum(isinstance(effect, Fsync) for effect in effects) == 1


def test_overlapping_faces_show_both_to_exactly_one_verifier():
    fake, machine = wrapped(CheatKind.OVERLAPPING_FACES)
    shown = [send.to for send in sends(ingest(machine, fake, 6)[1])]
    assert sorted(shown.count(name) for name in VERIFIERS) == [1, 1, 1, 2]


def test_withheld_faces_reach_two_verifiers_only():
    fake, machine = wrapped(CheatKind.WITHHELD_FACES)
    assert [send.to for send in sends(ingest(machine, fake, 6)[1])] == list(VERIFIERS[:2])


def test_a_face_does_not_hear_the_other_faces_audience():
    fake, machine = wrapped(CheatKind.TWO_FACES)
    ingest(machine, fake, 6)
    heard = len(fake.seen)
    message = Hello(origin=ORIGIN)
    machine.step(Received(now=during(7), sender=VERIFIERS[-1], message=message))
    assert len(fake.seen) == heard
    machine.step(Received(now=during(7), sender=VERIFIERS[0], message=message))
    assert len(fake.seen) == heard + 1


def test_the_late_face_speaks_only_after_the_receipt():
    fake, machine = wrapped(CheatKind.FACE_AFTER_RECEIPT)
    assert len(sends(ingest(machine, fake, 6)[1])) == len(VERIFIERS)
    fake.answers = [report(Told.RECEIPTED, ORIGIN, size=3)]
    first = sends(machine.step(TimerFired(now=during(7))))
    again = sends(machine.step(TimerFired(now=during(7))))
    assert len(first) == len(VERIFIERS) + 2
    assert len(again) == len(VERIFIERS)


def test_a_checkpoint_fork_signs_two_roots_of_one_size():
    _, machine = wrapped(CheatKind.CHECKPOINT_FORK)
    offers = sends(machine.step(TimerFired(now=during(6))))
    key = SETTING.register.members[BIRCH].log_key
    heads = {open_note(send.message.note, key).checkpoint for send in offers}
    assert len({head.root for head in heads}) == 2
    assert len({head.size for head in heads}) == 1
    assert len(offers) == len(VERIFIERS) + 2


def test_what_is_stated_late_is_stated_as_soon_as_its_period_has_closed():
    fake, machine = wrapped(CheatKind.BACKDATED, amount=0)
    end = SCHEDULE.period(PeriodIndex(6)).end
    close = SCHEDULE.close(PeriodIndex(6))
    effects = machine.step(Ingested(now=end, sample=TRUE[6]))
    assert (fake.seen, effects) == ([], (SetTimer(at=NetworkTime(close + 1)),))
    waits = machine.step(TimerFired(now=NetworkTime(close - 3)))
    assert waits[-1] == SetTimer(at=NetworkTime(close + 1))
    early = machine.step(TimerFired(now=NetworkTime(close - 30)))
    assert early[-1] == SetTimer(at=NetworkTime(close - 20)), "the machine's own wish comes first"
    stated = machine.step(TimerFired(now=NetworkTime(close + 1)))
    assert fake.seen[-2] == Ingested(now=end, sample=TRUE[6])
    assert stated[-1] == SetTimer(at=NetworkTime(close + 11))


def test_a_lying_clock_shows_an_earlier_time_and_wakes_on_time():
    fake, machine = wrapped(CheatKind.LYING_CLOCK, VERIFIER)
    now = during(6)
    effects = machine.step(TimerFired(now=now))
    assert fake.seen[-1].now == now - SCHEDULE.period_s // 5
    assert effects[-1] == SetTimer(at=NetworkTime(now + 10))


def test_cosign_both_signs_whatever_it_is_shown():
    _, machine = wrapped(CheatKind.COSIGN_BOTH, VERIFIER)
    offer = Publish(origin=ORIGIN, start=Seq(0), entries=(), note=checkpoint_note())
    effects = machine.step(Received(now=during(6), sender=BIRCH, message=offer))
    (answer,) = [s for s in sends(effects) if isinstance(s.message, Cosigned)]
    members = SETTING.register.members
    opened = open_note(
        answer.message.note, members[BIRCH].log_key, (members[VERIFIER].storing_key,)
    )
    assert [c.time for c in opened.cosignatures] == [during(6)]


def test_cosign_both_ignores_notes_that_are_none():
    _, machine = wrapped(CheatKind.COSIGN_BOTH, VERIFIER)
    offer = Publish(origin=ORIGIN, start=Seq(0), entries=(), note=b"junk")
    effects = machine.step(Received(now=during(6), sender=BIRCH, message=offer))
    assert not [s for s in sends(effects) if isinstance(s.message, Cosigned)]


def test_stale_heads_repeat_what_was_said_before_the_window():
    fake, machine = wrapped(CheatKind.STALE_HEADS, VERIFIER)
    fake.answers = [Send(to=AURORA, message=Heads(notes=(b"old",)))]
    machine.step(TimerFired(now=during(5)))
    fake.answers = [Send(to=AURORA, message=Heads(notes=(b"new",)))]
    told = [s.message for s in sends(machine.step(TimerFired(now=during(6)))) if s.to == AURORA]
    assert told == [Heads(notes=(b"old",))]
