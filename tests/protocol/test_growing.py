"""A participant that runs takes a longer register only where it shows itself, and starts anew."""

from __future__ import annotations

import json
from dataclasses import replace

import pytest

from pausenet.crypto import envelope
from pausenet.errors import InvalidRegister
from pausenet.log.checkpoint import Note
from pausenet.protocol import faults
from pausenet.protocol.attester import LabMachine
from pausenet.protocol.bundle import Outcome, verify_bundle
from pausenet.protocol.cutdesk import Answer
from pausenet.protocol.enrolment import note_over
from pausenet.protocol.growing import register_on
from pausenet.protocol.logbook import LogBook
from pausenet.protocol.membership import earliest_first, entered
from pausenet.protocol.messages import (
    Appended,
    Area,
    Entries,
    Fetch,
    Fsync,
    Heads,
    Ingested,
    Machine,
    Received,
    Record,
    Restart,
    Write,
)
from pausenet.protocol.register import Register
from pausenet.protocol.verifier import VerifierMachine
from pausenet.statements.finding import Fault
from pausenet.values import REGISTER_ORIGIN, Digest, NetworkTime, PeriodIndex, Role, Seq, TreeSize
from tests.protocol.builders import Log
from tests.protocol.changing import approvals, changed, grown, joining, leaving
from tests.protocol.desk import Desk
from tests.protocol.hostility import cut_of, verifier
from tests.protocol.hostility import machine as running
from tests.protocol.paper import keyring, keyring_of, name, register, usage
from tests.reference import second

FIRST, ADMITTED, JOINED, LEFT = grown()
REGISTRAR = keyring("registrar", Role.REGISTRAR)


def machines() -> list[Machine]:
    return [
        VerifierMachine(register=FIRST, keys=keyring_of(FIRST, "verifier-1")),
        LabMachine(register=FIRST, keys=keyring_of(FIRST, "birch")),
    ]


def entries(held: Register, start: int = 0) -> Entries:
    return Entries(
        origin=REGISTER_ORIGIN, start=Seq(start), entries=held.entries[start:], note=held.note
    )


def offered(machine: Machine, message: Entries) -> tuple[list[Write], bool]:
    """What a participant writes of the register when a peer sends this, and whether it restarts."""
    desk = Desk(machine)
    desk.boot(1)
    now = NetworkTime(2)
    effects = machine.step(Received(now=now, sender=name("verifier-2"), message=message))
    writes = [e for e in effects if isinstance(e, Write) and e.log == REGISTER_ORIGIN]
    return writes, Restart() in effects


def records(held: Register, size: int | None = None) -> tuple[Record, ...]:
    """The register on a disk, with the checkpoint over all of it."""
    found = [
        Record(area=Area.ENTRY, log=REGISTER_ORIGIN, index=at, data=entry)
        for at, entry in enumerate(held.entries[:size])
    ]
    head = Record(area=Area.CHECKPOINT, log=REGISTER_ORIGIN, index=held.size, data=held.note)
    return (*found, head)


@pytest.mark.parametrize("role", [0, 1], ids=["verifier", "lab"])
def test_what_has_grown_is_durable_before_the_restart_that_follows_it(role: int) -> None:
    for held in (ADMITTED, JOINED, LEFT):
        machine = machines()[role]
        Desk(machine).boot(1)
        event = Received(
            now=NetworkTime(2), sender=name("verifier-2"), message=entries(held, FIRST.size)
        )
        effects = machine.step(event)
        assert effects[-1] == Restart()
        ours = [each for each in effects if isinstance(each, Fsync | Write)]
        wrote = [each for each in ours if isinstance(each, Write) and each.log == REGISTER_ORIGIN]
        assert [each.data for each in wrote[:-1]] == list(held.entries)
        assert (wrote[-1].area, wrote[-1].data) == (Area.CHECKPOINT, held.note)
        place = ours.index(wrote[-1])
        assert isinstance(ours[place - 1], Fsync)
        assert isinstance(ours[place + 1], Fsync)
        found = register_on(
            tuple(Record(area=w.area, log=w.log, index=w.index, data=w.data) for w in wrote), FIRST
        )
        assert (found.size, found.root) == (held.size, held.root)


def test_people_hand_it_in_as_peers_do_and_twice_is_once() -> None:
    for machine in machines():
        Desk(machine).boot(1)
        sample = Appended(entries=ADMITTED.entries, note=ADMITTED.note)
        assert machine.step(Ingested(now=NetworkTime(2), sample=sample))[-1] == Restart()
        again = machine.step(Ingested(now=NetworkTime(3), sample=sample))
        assert not [e for e in again if isinstance(e, Write) and e.log == REGISTER_ORIGIN]
        assert again[-1] == Restart()


def _other_end() -> Register:
    """Another change in the place of the one that stands there, approved by all the same."""
    return changed(JOINED, leaving(JOINED, "verifier-3", 5))


@pytest.mark.parametrize(
    ("what", "message"),
    [
        ("the same", entries(FIRST)),
        ("shorter", entries(FIRST, 3)),
        ("a gap", entries(LEFT, FIRST.size + 1)),
        ("no checkpoint over it", replace(entries(LEFT), note=JOINED.note)),
        ("less than its checkpoint", replace(entries(LEFT), entries=LEFT.entries[:-1])),
        ("a malformed checkpoint", replace(entries(LEFT), note=b"note")),
        ("another network", entries(register(labs=("larch",)))),
        (
            "an entry unsigned",
            replace(entries(ADMITTED), entries=(*FIRST.entries, ADMITTED.entries[-1][:-2] + b"}}")),
        ),
        (
            "out of order",
            replace(
                entries(JOINED),
                entries=(*FIRST.entries, *reversed(JOINED.entries[FIRST.size :])),
            ),
        ),
    ],
    ids=lambda each: each if isinstance(each, str) else "",
)
def test_what_does_not_show_itself_changes_nothing(what: str, message: Entries) -> None:
    for machine in machines():
        assert offered(machine, message) == ([], False), what


def test_a_checkpoint_by_another_than_the_registrar_changes_nothing() -> None:
    thief = keyring_of(FIRST, "verifier-2")
    note = note_over(LEFT.entries, replace(REGISTRAR, log=thief.log))
    for machine in machines():
        assert offered(machine, replace(entries(LEFT), note=note)) == ([], False)


def test_who_follows_one_end_takes_no_other() -> None:
    """The registrar and k verifiers' people would have to have decided two things at one place."""
    keys = keyring_of(FIRST, "verifier-1")
    machine = VerifierMachine(register=LEFT, keys=keys)
    assert offered(machine, entries(_other_end())) == ([], False)


@pytest.mark.parametrize("mine", [LEFT, _other_end()], ids=["one", "other"])
def test_a_registrar_with_two_registers_is_proven_by_who_meets_the_other(mine: Register) -> None:
    """By gossip: a note of one's own size that differs is looked into, and the entries show it."""
    other = LEFT if mine is not LEFT else _other_end()
    machine = VerifierMachine(register=mine, keys=keyring_of(FIRST, "verifier-1"))
    desk = Desk(machine)
    desk.boot(1)
    desk.hear("verifier-3", Heads(notes=(other.note,)), 2)
    assert [each.start for each in desk.messages(Fetch) if each.origin == REGISTER_ORIGIN] == [0]
    desk.hear("verifier-3", entries(other), 3)
    (bundle,) = machine.prosecution.bundles.values()
    for known in (None, mine, other):
        result = verify_bundle(bundle, FIRST.network_id, known)
        assert result.outcome is Outcome.PROVEN
        assert result.claim is not None
        assert (result.claim.fault, result.claim.accused) == (Fault.F1, "registrar")
    assert second.examine(bundle, FIRST.network_id.hex()) == "proven"
    assert len(json.loads(bundle)["register"]) == FIRST.size
    desk.hear("verifier-4", entries(other), 4)
    assert len(machine.prosecution.bundles) == 1


def test_one_change_entered_with_the_approvals_of_others_is_two_faces_too() -> None:
    """Which k approve is the registrar's choice, so that it can answer for having made one."""
    change = joining(ADMITTED, "verifier-5", 3)
    made = []
    for by in (ADMITTED.verifiers[:3], ADMITTED.verifiers[1:]):
        grown_so = entered(ADMITTED, REGISTRAR, change, approvals(ADMITTED, change, by))
        again = entered(ADMITTED, REGISTRAR, change, approvals(ADMITTED, change, by))
        assert again.entries == grown_so.entries
        made.append(grown_so.entries[-1])
    data = faults.equivocation(FIRST, *made)
    assert data is not None
    assert verify_bundle(data, FIRST.network_id).outcome is Outcome.PROVEN
    assert faults.equivocation(LEFT, *made) == data


def test_no_entries_that_others_make_up_convict_a_registrar() -> None:
    machine = VerifierMachine(register=LEFT, keys=keyring_of(FIRST, "verifier-1"))
    desk = Desk(machine)
    desk.boot(1)
    last = LEFT.entries[-1]
    signed = envelope.decode(_other_end().entries[-1])
    thief = keyring_of(FIRST, "verifier-2").statement
    for made_up in (
        b"nothing",
        last[:-2] + b"}}",
        LEFT.entries[-2],
        FIRST.entries[3],
        envelope.seal(signed.payload, (thief,)),
        envelope.seal(signed.payload, (REGISTRAR.statement, thief)),
        envelope.seal(signed.payload, (REGISTRAR.log,)),
        *(entry for entry in register(labs=("larch",)).entries[:3]),
    ):
        said = replace(entries(LEFT), entries=(*LEFT.entries[:-1], made_up))
        desk.hear("verifier-2", said, 2)
        assert machine.prosecution.bundles == {}


def test_a_disk_is_followed_where_it_holds_more_than_the_node_was_set_up_with() -> None:
    assert register_on((), FIRST) is FIRST
    assert register_on(records(ADMITTED), JOINED) is JOINED
    assert register_on(records(JOINED), FIRST).root == JOINED.root
    without_head = records(JOINED)[:-1]
    assert register_on(without_head, FIRST) is FIRST
    torn = (*records(JOINED), Record(area=Area.ENTRY, log=REGISTER_ORIGIN, index=99, data=b"x"))
    assert register_on(torn, FIRST).root == JOINED.root


def test_a_disk_that_holds_another_register_is_refused() -> None:
    with pytest.raises(InvalidRegister):
        register_on(records(LEFT), register(labs=("larch",)))
    with pytest.raises(InvalidRegister):
        register_on(records(LEFT), _other_end())
    with pytest.raises(InvalidRegister):
        register_on(records(LEFT, LEFT.size - 1), FIRST)


# ---------------------------------------------------------------- what is counted


def book(held: Register, by: dict[str, int]) -> tuple[LogBook, Log]:
    """A log of one statement, cosigned by these at these times, and a book that holds it."""
    kept = LogBook(held, tuple(Role))
    log = Log(register=held, keys=keyring_of(held, "birch"))
    log.say(usage(0))
    note = log.note(cosigners=by)
    mirror = kept.mirrors[log.origin]
    mirror.extend(Seq(0), tuple(log.entries), mirror.open(note))
    kept.judge(note)
    return kept, log


def test_a_receipt_takes_k_of_one_epoch_while_it_lasts() -> None:
    """Four count at first (k = 3), five from period 3 on (k = 4), four from 5 on (k = 3)."""
    start = LEFT.agreement.schedule.period
    before, between, after = (int(start(PeriodIndex(each)).start) for each in (0, 3, 5))
    one, two, three, five = "verifier-1", "verifier-2", "verifier-3", "verifier-5"

    def receipted(by: dict[str, int]) -> bool:
        kept, log = book(LEFT, by)
        return bool(kept.receipted(log.origin))

    assert receipted(dict.fromkeys((one, two, three), between - 1))
    assert not receipted(dict.fromkeys((one, two, five), before))
    assert not receipted(dict.fromkeys((one, two, three), between))
    assert receipted(dict.fromkeys((one, two, three, five), between))
    assert not receipted({one: before, two: before, three: between, five: between})
    assert receipted(dict.fromkeys((one, three, five), after))
    assert not receipted(dict.fromkeys((one, two, five), after))


def test_what_was_cosigned_before_an_epoch_is_asked_for_again_in_it() -> None:
    kept, log = book(LEFT, {"verifier-1": 1})
    assert kept.reached(log.origin, name("verifier-1")) == 1
    kept.turn(LEFT.agreement.schedule.period(PeriodIndex(3)).start)
    assert kept.court.epoch.number == 1
    assert kept.reached(log.origin, name("verifier-1")) == 0


def test_only_verifiers_of_a_periods_epoch_show_when_something_was_published() -> None:
    kept, log = book(LEFT, {"verifier-2": 10, "verifier-5": 20, "verifier-1": 30})

    def shown(period: int) -> list[str]:
        return [str(each.by) for each in kept.earliest(log.origin, Seq(0), PeriodIndex(period))]

    assert shown(0) == ["verifier-2", "verifier-1"]
    assert shown(3) == ["verifier-2", "verifier-5"]
    assert shown(5) == ["verifier-5", "verifier-1"]
    assert kept.published(log.origin, Seq(0), PeriodIndex(5)) == 30
    assert Note.decode(log.note()).body.size == 1


def test_a_change_lies_ahead_and_waits_until_the_epoch_before_the_last_has_closed() -> None:
    schedule = FIRST.agreement.schedule
    for number in range(9):
        now = schedule.period(PeriodIndex(number)).start
        assert earliest_first(FIRST, now) == number + 1
        least = earliest_first(JOINED, now)
        assert least > max(number, 3)
        assert schedule.period(least).start >= schedule.close(PeriodIndex(2))


# ---------------------------------------------------------------- what is endorsed


def test_a_cut_by_a_longer_register_waits_and_one_by_a_shorter_or_another_is_refused() -> None:
    desk = verifier()
    judge = running(desk).closing._desk.judge
    cut = cut_of(period=0)
    assert judge(cut, closed=0, last=None) is Answer.ENDORSE
    longer = replace(cut, register_size=ADMITTED.size, register_root=ADMITTED.root)
    assert judge(longer, closed=0, last=None) is Answer.WAIT
    shorter = replace(cut, register_size=TreeSize(cut.register_size - 1))
    assert judge(shorter, closed=0, last=None) is Answer.REFUSE
    other = replace(cut, register_root=Digest.of(b"other"))
    assert judge(other, closed=0, last=None) is Answer.REFUSE


def test_a_cut_by_a_shorter_register_will_do_where_the_same_verifiers_count_by_it() -> None:
    """Verifier-5 counts from period 3 on by two of these registers, and by the others never."""
    found = VerifierMachine(register=JOINED, keys=keyring_of(JOINED, "verifier-1"))
    judge = found.closing._desk.judge
    for number in (0, 2, 3, 4):
        for held in (FIRST, ADMITTED, JOINED):
            cut = replace(cut_of(period=number), register_size=held.size, register_root=held.root)
            same = number < 3 or held is JOINED
            expected = Answer.ENDORSE if same else Answer.REFUSE
            assert judge(cut, closed=9, last=None) is expected, (number, held.size)


def test_a_new_epochs_cut_waits_for_every_cut_of_the_old_one_and_for_who_counts() -> None:
    """Five count from period 3 on, verifier-2 no more from period 5 on."""
    for who, counts in (("verifier-1", (0, 3, 5)), ("verifier-2", (0, 3)), ("verifier-5", (3, 5))):
        found = VerifierMachine(register=LEFT, keys=keyring_of(LEFT, who)).closing
        found._closed = 6
        turns = [p for p in (0, 3, 5) if found._has_its_turn(PeriodIndex(p))]
        assert turns == [p for p in counts if p == 0], who
        found._network = {PeriodIndex(p): [] for p in (0, 1, 2)}
        turns = [p for p in (0, 3, 5) if found._has_its_turn(PeriodIndex(p))]
        assert turns == [p for p in counts if p < 5], who
        found._network |= {PeriodIndex(p): [] for p in (3, 4)}
        assert [p for p in (0, 3, 5) if found._has_its_turn(PeriodIndex(p))] == list(counts), who
