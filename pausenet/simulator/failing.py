"""Lets breakdowns happen in a world, and its operators do what operators must.

Who finds a rotten record of somebody else's log removes that log, and peers give it again; who
finds one of what it has signed or keeps alone puts its backup back, and goes on with new keys.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import assert_never

from pausenet.protocol.messages import Area
from pausenet.simulator.breakdowns import Breakdown, BreakdownKind
from pausenet.simulator.disk import Room
from pausenet.simulator.node import Node
from pausenet.simulator.randomness import stream
from pausenet.simulator.transcript import Story
from pausenet.simulator.world import World

_PROVABLE = (Area.ENTRY, Area.CHECKPOINT)
"""The rooms whose records show by signatures and hashes whether they are what they were."""


def arrange_breakdowns(world: World, story: Story) -> None:
    """Put every drawn breakdown on the heap; a cheater's disk and clock are its own affair."""
    world.on_trouble = partial(_call_operator, world, story)
    for number, each in enumerate(world.faults.breakdowns):
        node = world.nodes.get(each.of)
        if node is None or not node.honest:
            continue
        world.at(world.start + each.before_s, partial(_back_up, node))
        happens = _happens(world, node, each, number)
        told = partial(story.note, world, f"{each.of}: {each.kind}")
        world.at(world.start + each.at_s, told)
        world.at(world.start + each.at_s, happens)


def _happens(world: World, node: Node, each: Breakdown, number: int) -> Callable[[], None]:
    match each.kind:
        case BreakdownKind.ROT:
            return partial(_rot, world, node, number, seen=True)
        case BreakdownKind.UNSEEN_ROT:
            return partial(_rot, world, node, number, seen=False)
        case BreakdownKind.FULL_DISK:
            return partial(_fill, world, node, each)
        case BreakdownKind.FSYNC_ERROR:
            return partial(_spoil_fsync, node)
        case BreakdownKind.CLOCK_STEP | BreakdownKind.WRONG_CLOCK:
            return partial(_step_clock, world, node, each)
        case BreakdownKind.OLD_BACKUP:
            return partial(_put_back, world, node, each)
        case BreakdownKind.SECOND_START:
            return partial(_start_again, world, node)
        case _:
            assert_never(each.kind)


def _back_up(node: Node) -> None:
    node.spare = node.disk.snapshot()


def _rot(world: World, node: Node, number: int, *, seen: bool) -> None:
    """A bit rots, and the node stops and starts: until then nobody reads it."""
    rooms = tuple(Area) if seen else _PROVABLE
    if node.disk.rot(stream(world.seed, "rot", str(number)), rooms, seen=seen) is not None:
        world.unsound.add(node.id)
        world.crash(node, down_s=world.scenario.heartbeat_s // 2)


def _call_operator(world: World, story: Story, node: Node) -> None:
    """Somebody comes to see why a node has stopped."""
    if node.disk.rotten:
        world.at(world.now + world.scenario.heartbeat_s, partial(_mend, world, story, node))


def _mend(world: World, story: Story, node: Node) -> None:
    disk, own = node.disk, world.register.origin_of(node.id)
    for area, log in [each.room for each in disk.rotten]:
        if area in _PROVABLE and log != own:
            story.note(world, f"{node.id} is to fetch {log} anew")
            world.fired["disk.log-dropped"] += 1
            disk.drop(log)
    if disk.rotten and node.spare is not None:
        story.note(world, f"{node.id} is put back, and is given new keys to recover with")
        world.restore(node, node.spare, recovers=True)
    world.boot(node)


def _fill(world: World, node: Node, each: Breakdown) -> None:
    """There is room for a record or two more, and then for none until somebody makes some."""

    def make_room() -> None:
        node.disk.room_for = None

    node.disk.room_for = each.offset_s % 3
    world.at(world.start + each.until_s, make_room)


def _spoil_fsync(node: Node) -> None:
    node.disk.fails_next = True


def _step_clock(world: World, node: Node, each: Breakdown) -> None:
    """A node learns of a clock set anew when it starts: while it runs, it counts by itself."""
    before = node.clock.offset_s
    wrong = each.kind is BreakdownKind.WRONG_CLOCK
    world.fired["clock.wrong" if wrong else "clock.step"] += 1
    if wrong:
        world.unsound.add(node.id)
        world.at(world.start + each.until_s, partial(_set_clock, world, node, before))
    _set_clock(world, node, each.offset_s)


def _set_clock(world: World, node: Node, offset_s: int) -> None:
    node.clock = node.clock.stepped(world.now, offset_s)
    world.crash(node, down_s=1)


def _put_back(world: World, node: Node, each: Breakdown) -> None:
    """An old backup of the data; of the guard too where its operator knows what that asks for.

    A whole disk put back without new keys is what no node can tell by itself (LIMITATIONS.md).
    """
    assert node.spare is not None, "a backup was made before"
    backup = node.spare
    if not each.recovers:
        today = {room: cells for room, cells in node.disk.snapshot().items() if _is_guard(room)}
        before = {room: cells for room, cells in backup.items() if not _is_guard(room)}
        backup = {**before, **today}
    world.restore(node, backup, recovers=each.recovers)


def _is_guard(room: Room) -> bool:
    return room[0] is Area.GUARD


def _start_again(world: World, node: Node) -> None:
    """A second process is started on the same disk: the lock turns it away."""
    if node.up:
        starts = node.starts
        world.boot(node)
        assert node.starts == starts, "one process at a time holds a disk"
        world.fired["node.second-start"] += 1
