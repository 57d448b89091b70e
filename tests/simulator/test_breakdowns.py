"""What breaks at one node: it stops or mends itself, and signs nothing that is not so."""

from collections import Counter
from dataclasses import replace
from functools import cache, partial

import pytest

from pausenet.errors import MalformedRecord
from pausenet.protocol.messages import Area, Fsync, Hello, Send, Write
from pausenet.simulator.breakdowns import Breakdown, BreakdownKind, Field, draw_breakdowns
from pausenet.simulator.clock import Clock
from pausenet.simulator.disk import Disk, DiskFailed
from pausenet.simulator.failing import arrange_breakdowns
from pausenet.simulator.network import Network, NetworkFaults, Reach
from pausenet.simulator.randomness import stream
from pausenet.simulator.swarm import Faults
from pausenet.simulator.transcript import Story
from pausenet.values import NetworkTime, ParticipantId
from tests.simulator.small import AURORA, BIRCH, DAY, VERIFIER, world

NAMES = (AURORA, BIRCH, VERIFIER)
HELLO = Hello(origin=world().register.origin_of(AURORA))


def write(index: int, area: Area = Area.ENTRY, log: str = "log") -> Write:
    return Write(area=area, log=log, index=index, data=b"entry %d" % index)


def kept(*records: Write) -> Disk:
    disk = Disk()
    for record in records:
        disk.write(record)
    disk.fsync()
    return disk


class Scripted:
    """A machine that asks for these effects at its start, and once only."""

    def __init__(self, *effects) -> None:
        self.id, self.effects = AURORA, effects

    def step(self, _):
        effects, self.effects = self.effects, ()
        return effects


def scripted(*effects, **breakdown):
    """A world in which one node alone does something, and a breakdown befalls it."""
    each = Breakdown(**({"of": AURORA, "before_s": 0, "at_s": 0, "until_s": DAY} | breakdown))
    here = world(faults=Faults(breakdowns=(each,)))
    node, sent = here.nodes[AURORA], []
    node.make = lambda _: Scripted(*effects)
    arrange_breakdowns(here, Story())
    here.at(here.start, partial(here.boot, node))
    send = here._send
    here._send = lambda node, to, message: (sent.append(message), send(node, to, message))
    return here, node, sent


# ------------------------------------------------------------------------------------- the disk


def test_a_full_disk_takes_what_fits_and_then_nothing_until_there_is_room():
    disk = Disk()
    disk.room_for = 1
    disk.write(write(0))
    with pytest.raises(DiskFailed):
        disk.write(write(1))
    disk.room_for = None
    disk.write(write(1))
    disk.fsync()
    assert disk.entries("log") == 2
    assert disk.fired["disk.full"] == 1


def test_after_a_failed_fsync_what_was_durable_before_is_there_still():
    disk = kept(write(0))
    disk.write(write(1))
    disk.fails_next = True
    with pytest.raises(DiskFailed):
        disk.fsync()
    disk.crash(stream(1, "crash"))
    assert disk.entry("log", 0) == b"entry 0"
    disk.fsync()
    assert disk.fired["disk.fsync-error"] == 1


def test_an_fsync_of_nothing_cannot_fail():
    disk = kept(write(0))
    disk.fails_next = True
    disk.fsync()
    assert not disk.fired["disk.fsync-error"]


@pytest.mark.parametrize("seen", [True, False])
def test_rot_changes_one_bit_of_one_durable_record(seen):
    disk = kept(write(0), write(1), write(0, Area.GUARD, ""))
    found = disk.rot(stream(3, "rot"), (Area.ENTRY,), seen=seen)
    assert found is not None
    assert found.room == (Area.ENTRY, "log")
    now = [disk.entry("log", at) for at in (0, 1)]
    flipped = [
        bin(a ^ b).count("1")
        for at in (0, 1)
        for a, b in zip(b"entry %d" % at, now[at], strict=True)
    ]
    assert sum(flipped) == 1


def test_rot_that_a_checksum_shows_lets_no_start_get_past_it():
    disk = kept(write(0), write(1))
    found = disk.rot(stream(3, "rot"), (Area.ENTRY,), seen=True)
    with pytest.raises(MalformedRecord, match=f"log: record {found.index}"):
        disk.records()


def test_rot_that_nothing_shows_is_what_the_start_finds():
    disk = kept(write(0), write(1))
    disk.rot(stream(3, "rot"), (Area.ENTRY,), seen=False)
    assert {r.data for r in disk.records()} != {b"entry 0", b"entry 1"}


@pytest.mark.parametrize("mend", ["drop", "restore", "write"])
def test_rot_is_gone_with_the_record(mend):
    disk = kept(write(0))
    whole = disk.snapshot()
    disk.rot(stream(3, "rot"), (Area.ENTRY,), seen=True)
    if mend == "drop":
        disk.drop("log")
    elif mend == "restore":
        disk.restore(whole)
    else:
        disk.write(write(0))
        disk.fsync()
    assert not disk.rotten
    assert len(disk.records()) == (mend != "drop")


def test_there_is_no_rot_where_there_is_nothing():
    assert Disk().rot(stream(3, "rot"), tuple(Area), seen=True) is None


def test_one_process_holds_a_disk():
    disk = Disk()
    assert disk.lock()
    assert not disk.lock()
    disk.unlock()
    assert disk.lock()


# ------------------------------------------------------------------------- the clock, the network


@pytest.mark.parametrize("step_s", [-5_000, 5_000])
def test_a_clock_that_is_set_anew_does_not_go_back(step_s):
    clock = Clock(start=NetworkTime(1_000), offset_s=10)
    anew = clock.stepped(2_000, step_s)
    assert anew.shows(2_000) == max(clock.shows(2_000), 2_000 + step_s)
    assert anew.shows(9_000) == 9_000 + step_s
    assert anew.moment(NetworkTime(9_000 + step_s)) == 9_000


def network(**faults):
    reach = Reach(delay_s_min=1, delay_s_max=2)
    return Network(seed=5, reach=reach, faults=NetworkFaults(**faults))


def test_a_misdirected_message_comes_to_another_of_the_senders_peers():
    links = network(misdirect_ppm=1_000_000)
    assert links.recipient(BIRCH, (BIRCH, VERIFIER), (AURORA, HELLO)) == VERIFIER
    assert links.recipient(BIRCH, (BIRCH,), (AURORA, HELLO)) == BIRCH
    assert links.fired["network.misdirected"] == 1


def test_what_was_sent_before_a_start_comes_once_more_after_it_and_only_once():
    links = network(stale_ppm=1_000_000)
    links.recipient(BIRCH, (BIRCH,), (AURORA, HELLO))
    assert links.stale(BIRCH) == ((AURORA, HELLO),)
    assert links.stale(BIRCH) == ()
    assert not network().stale(BIRCH)


# ------------------------------------------------------------------------------------- the world

SAID = (write(0), Fsync(), Send(to=VERIFIER, message=HELLO))


def test_a_node_whose_disk_is_full_says_nothing_and_goes_on_when_there_is_room():
    here, node, sent = scripted(*SAID, kind=BreakdownKind.FULL_DISK, offset_s=0)
    here.run(here.start + DAY - 1)
    assert not sent
    assert here.nodes[AURORA].disk.fired["disk.full"]
    here.run(here.start + 4 * DAY)
    assert sent
    assert node.up


def test_a_node_whose_fsync_fails_says_nothing_and_starts_anew():
    here, node, sent = scripted(*SAID, kind=BreakdownKind.FSYNC_ERROR)
    here.run(here.start + 1)
    assert not sent
    assert not node.up
    here.run(here.start + 3 * DAY)
    assert node.up
    assert sent


def test_a_second_process_is_turned_away():
    here, node, _ = scripted(kind=BreakdownKind.SECOND_START, at_s=100)
    here.run(here.start + DAY)
    assert here.fired["node.second-start"] == 1
    assert node.starts == 1


def test_a_node_with_a_rotten_guard_starts_only_from_its_backup_and_with_new_keys():
    here, node, _ = scripted(kind=BreakdownKind.ROT)
    node.disk = kept(write(0, Area.GUARD, ""))
    here.run(here.start + DAY // 16)
    assert not node.up
    here.run(here.start + 2 * DAY)
    assert here.fired["disk.rot-refused"]
    assert here.fired["keys.recovered"] == 1
    assert node.up


def test_a_rotten_copy_of_anothers_log_is_removed_and_the_rest_kept():
    here, node, _ = scripted(kind=BreakdownKind.ROT)
    node.disk = kept(write(0, log="pausenet.register"))
    here.run(here.start + 2 * DAY)
    assert here.fired["disk.log-dropped"] == 1
    assert not here.fired["keys.recovered"]
    assert node.up


@pytest.mark.parametrize("recovers", [True, False])
def test_todays_guard_is_put_back_to_the_backups_only_where_new_keys_come_with_it(recovers):
    here, node, _ = scripted(kind=BreakdownKind.OLD_BACKUP, at_s=100, recovers=recovers)
    node.disk = kept(write(0, Area.GUARD, ""))
    signed = kept(write(0, Area.GUARD, ""), write(1, Area.GUARD, ""))
    here.at(here.start + 50, partial(node.disk.restore, signed.snapshot()))
    here.run(here.start + DAY)
    assert len(node.disk.records()) == (1 if recovers else 2)
    assert here.fired["keys.recovered"] == recovers
    assert here.fired["disk.restored"] == 1


@pytest.mark.parametrize("kind", [BreakdownKind.CLOCK_STEP, BreakdownKind.WRONG_CLOCK])
def test_only_a_clock_off_by_more_than_epsilon_is_set_right_again(kind):
    here, node, _ = scripted(kind=kind, at_s=100, offset_s=9_999)
    before = node.clock.offset_s
    here.run(here.start + DAY // 2)
    assert node.clock.offset_s == 9_999
    here.run(here.start + 2 * DAY)
    wrong = kind is BreakdownKind.WRONG_CLOCK
    assert node.clock.offset_s == (before if wrong else 9_999)
    assert (AURORA in here.unsound) is wrong


# ------------------------------------------------------------------------------------- the draw


@cache
def drawn(spared=frozenset({VERIFIER})):
    field = Field(names=NAMES, spared=spared, span_s=10 * DAY)
    return [draw_breakdowns(seed, 3, field, 8_640) for seed in range(400)]


def test_every_kind_is_drawn_and_half_of_all_seeds_have_none():
    kinds = Counter(each.kind for seed in drawn() for each in seed)
    assert set(kinds) == set(BreakdownKind)
    assert 150 < sum(not each for each in drawn()) < 250


def test_whoever_is_spared_suffers_nothing_worse_than_a_stop():
    found = [each for seed in drawn() for each in seed if each.of == VERIFIER]
    assert found
    assert not [each for each in found if each.kind.disables]
    assert [each for seed in drawn(frozenset()) for each in seed if each.of == VERIFIER]


def test_a_breakdown_ends_after_it_begins():
    with pytest.raises(ValueError, match="before <= at <= until"):
        replace(drawn_one(), until_s=-1)


def drawn_one():
    return next(each for seed in drawn() for each in seed)


def test_no_breakdown_is_drawn_unless_it_is_asked_for():
    field = Field(names=NAMES, spared=frozenset(), span_s=DAY)
    assert not any(draw_breakdowns(seed, 0, field, 8_640) for seed in range(20))


def test_a_breakdown_says_what_it_is():
    each = Breakdown(
        kind=BreakdownKind.ROT, of=ParticipantId("birch"), before_s=1, at_s=2, until_s=3
    )
    assert str(each) == "birch: a bit rots, and its checksum shows it, 2-3 s"
