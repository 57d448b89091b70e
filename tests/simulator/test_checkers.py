"""Every checker finds a violation that is planted for it, and none where there is none."""

import pytest

from pausenet.log.checkpoint import Checkpoint, Note, sign_checkpoint
from pausenet.log.vkey import KeyName
from pausenet.protocol.messages import Area, Publish, Told, Write, report
from pausenet.scenario.plan import CheatKind, CheatPlan
from pausenet.simulator.checkers import (
    CutsGoOn,
    ForksProven,
    NoHonestAccused,
    NothingLost,
    OneVoice,
    SilenceSeen,
    all_checkers,
)
from pausenet.simulator.soundness import HeadsCosignedAnew
from pausenet.simulator.swarm import Faults
from pausenet.statements import canonical
from pausenet.values import REGISTER_ORIGIN, Digest, ParticipantId, PeriodIndex, Seq, TreeSize
from tests.simulator.small import AURORA, BIRCH, VERIFIER, world


def publish(of, place, entry, root=b"root"):
    origin = of.setting.register.origin_of(AURORA)
    body = Checkpoint(origin=KeyName(origin), size=TreeSize(place + 1), root=Digest.of(root))
    line = sign_checkpoint(body, of.setting.keys[AURORA].log)
    note = Note(body=body, signatures=(line,)).encode()
    return Publish(origin=origin, start=Seq(place), entries=(entry,), note=note)


def store(of, name, owner, entries):
    origin = of.setting.register.origin_of(owner)
    for index, entry in enumerate(entries):
        of.nodes[name].disk.write(Write(area=Area.ENTRY, log=origin, index=index, data=entry))
    of.nodes[name].disk.fsync()


def promises(checker):
    return {violation.promise for violation in checker.violations}


def test_a_world_that_stands_still_breaks_no_promise_but_that_cuts_go_on():
    here = world()
    for checker in all_checkers():
        checker.finished(here)
        assert promises(checker) == ({"P9"} if isinstance(checker, CutsGoOn) else set())


def test_a_proof_against_an_honest_lab_is_a_violation():
    here, checker = world(), NoHonestAccused()
    told = report(Told.FAULT, AURORA, fault="F1", bundle="00")
    checker.reported(here, here.nodes[VERIFIER], told)
    assert promises(checker) == {"P1"}


def test_a_proof_against_a_cheat_is_none():
    here, checker = world(cheaters=frozenset({AURORA})), NoHonestAccused()
    told = report(Told.FAULT, AURORA, fault="F1", bundle="00")
    checker.reported(here, here.nodes[VERIFIER], told)
    assert promises(checker) == set()


def test_a_bundle_that_does_not_stand_alone_is_a_violation():
    here, checker = world(), NoHonestAccused()
    prosecution = here.nodes[VERIFIER].machine.prosecution
    prosecution.bundles[Digest.of(b"x")] = b"{}"
    checker.finished(here)
    assert promises(checker) == {"P3"}


def test_two_statements_of_an_honest_lab_at_one_place_are_a_violation():
    here, checker = world(), OneVoice()
    lab = here.nodes[AURORA]
    checker.sent(here, lab, VERIFIER, publish(here, 0, b"one"))
    checker.sent(here, lab, VERIFIER, publish(here, 0, b"one"))
    assert promises(checker) == set()
    checker.sent(here, lab, VERIFIER, publish(here, 0, b"two"))
    assert promises(checker) == {"P1"}


def test_two_roots_of_an_honest_lab_at_one_size_are_a_violation():
    here, checker = world(), OneVoice()
    for root in (b"a", b"b"):
        checker.sent(here, here.nodes[AURORA], VERIFIER, publish(here, 0, b"one", root))
    assert promises(checker) == {"P1"}


def test_two_voices_of_a_cheat_break_nobodys_promise():
    here, checker = world(cheaters=frozenset({AURORA})), OneVoice()
    for entry in (b"one", b"two"):
        checker.sent(here, here.nodes[AURORA], VERIFIER, publish(here, 0, entry))
    assert promises(checker) == set()


@pytest.mark.parametrize(("holders", "broken"), [(3, set()), (2, {"P5"})])
def test_a_receipt_needs_k_disks_where_all_are_honest(holders, broken):
    here, checker = world(), NothingLost()
    store(here, AURORA, AURORA, [b"one"])
    for name in here.setting.register.verifiers[:holders]:
        store(here, name, AURORA, [b"one"])
    origin = here.setting.register.origin_of(AURORA)
    checker.reported(here, here.nodes[AURORA], report(Told.RECEIPTED, origin, size=1))
    assert promises(checker) == broken


def test_an_owner_that_loses_a_receipted_entry_breaks_its_promise():
    here, checker = world(), NothingLost()
    for name in (AURORA, *here.setting.register.verifiers):
        store(here, name, AURORA, [b"one"])
    origin = here.setting.register.origin_of(AURORA)
    checker.reported(here, here.nodes[AURORA], report(Told.RECEIPTED, origin, size=1))
    here.nodes[AURORA].disk.wipe()
    checker.finished(here)
    assert promises(checker) == {"P5"}


def test_a_fork_on_honest_disks_without_a_proof_is_a_violation():
    here, checker = world(cheaters=frozenset({BIRCH})), ForksProven()
    for name, entry in zip(here.setting.register.verifiers, b"aabb", strict=True):
        store(here, name, BIRCH, [b"same", bytes([entry])])
    checker.finished(here)
    assert promises(checker) == {"P2"}


def test_logs_of_different_lengths_are_no_fork():
    here, checker = world(cheaters=frozenset({BIRCH})), ForksProven()
    for size, name in enumerate(here.setting.register.verifiers):
        store(here, name, BIRCH, [b"a", b"b", b"c"][:size])
    checker.finished(here)
    assert promises(checker) == set()


SILENT = CheatPlan(by=BIRCH, kind=CheatKind.SILENT, start=PeriodIndex(6), until=PeriodIndex(10))


@pytest.mark.parametrize(("late_s", "broken"), [(0, set()), (2 * 8_640 + 1, {"P4"})])
def test_a_silence_spoken_of_too_late_is_a_violation(late_s, broken):
    here, checker = world(faults=Faults(attacks=(SILENT,))), SilenceSeen()
    origin = here.setting.register.origin_of(BIRCH)
    for period in range(6, 10):
        here.now = here.schedule.close(PeriodIndex(period)) + late_s
        for name in here.setting.register.verifiers:
            node = here.nodes[name]
            node.starts = 1
            checker.reported(here, node, report(Told.SILENCE, origin, period=period))
    here.now += 10**6
    checker.finished(here)
    assert promises(checker) == broken


def test_a_silence_that_one_verifier_never_saw_is_a_violation():
    here, checker = world(faults=Faults(attacks=(SILENT,))), SilenceSeen()
    here.nodes[ParticipantId("verifier-2")].starts = 1
    here.now = here.schedule.close(PeriodIndex(11))
    checker.finished(here)
    assert promises(checker) == {"P4"}


@pytest.mark.parametrize(("liars", "broken"), [(1, {"P4"}), (2, set())])
def test_no_heads_are_asked_for_where_more_clocks_lie_than_may(liars, broken):
    attacks = tuple(
        CheatPlan(
            by=ParticipantId(f"verifier-{at}"), kind=CheatKind.LYING_CLOCK, start=PeriodIndex(1)
        )
        for at in range(2, 2 + liars)
    )
    here, checker = world(faults=Faults(attacks=attacks)), HeadsCosignedAnew()
    for node in here.nodes.values():
        node.starts = 1
    said = canonical.encode({"what": "cosign", "origin": REGISTER_ORIGIN, "time": here.start})
    record = Write(area=Area.GUARD, log="", index=0, data=said)
    checker.wrote(here, here.nodes[VERIFIER], record)
    checker.finished(here)
    assert promises(checker) == broken


@pytest.mark.parametrize(
    ("by_growth", "fault", "asked"),
    [(0, "", False), (1, "", True), (1, "network.lost", False), (1, "network.doubled", True)],
)
def test_who_began_anew_is_asked_for_heads_where_only_a_grown_register_was_to_blame(
    by_growth, fault, asked
):
    here, checker = world(), HeadsCosignedAnew()
    for node in here.nodes.values():
        node.starts = 1
    node = here.nodes[VERIFIER]
    said = canonical.encode({"what": "cosign", "origin": REGISTER_ORIGIN, "time": here.start})
    checker.wrote(here, node, Write(area=Area.GUARD, log="", index=0, data=said))
    node.starts, node.starts_by_growth = 2, by_growth
    here.network.fired[fault] += bool(fault)
    checker.finished(here)
    assert promises(checker) == ({"P4"} if asked else set())
