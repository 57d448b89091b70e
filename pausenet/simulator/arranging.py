"""What is known before a run begins, put on the heap: starts, samples, faults, acts and leads."""

from __future__ import annotations

from functools import partial

from pausenet.scenario.mishaps import PartitionPlan, RestorePlan, RotationPlan, TypoPlan
from pausenet.simulator.channels import channel
from pausenet.simulator.failing import arrange_breakdowns
from pausenet.simulator.network import Link, both_ways
from pausenet.simulator.node import Node
from pausenet.simulator.outside import Lead
from pausenet.simulator.people import told_of
from pausenet.simulator.randomness import stream
from pausenet.simulator.swarm import OneWay
from pausenet.simulator.transcript import Story
from pausenet.simulator.world import World
from pausenet.values import ParticipantId, PeriodIndex, Role


def arrange(world: World, story: Story) -> None:
    """Put on the heap what is known beforehand: starts, samples, planned faults."""
    chance = stream(world.seed, "start")
    for node in world.nodes.values():
        world.at(world.start + chance.randint(0, world.scenario.delta_s), partial(world.boot, node))
        told = PeriodIndex(0)
        for number, sample in enumerate(node.samples):
            told = max(told, sample.period)  # a correction comes with the latest period's sample
            end = world.schedule.period(told).end
            ready = node.clock.moment(end) + chance.randint(0, world.scenario.heartbeat_s)
            world.at(ready, partial(world.ingest, node, number))
        for number, act in enumerate(node.acts):
            begin = node.clock.moment(world.schedule.period(act.at).start)
            ready = begin + chance.randint(0, world.scenario.heartbeat_s)
            world.at(ready, partial(_say, world, story, node, number))
    _tell_accessions(world, story)
    for partition in world.faults.partitions:
        _arrange_partition(world, story, partition)
    for plan in world.scenario.faults:
        match plan:
            case PartitionPlan():
                _arrange_partition(world, story, plan)
            case RestorePlan():
                _arrange_restore(world, story, plan)
            case RotationPlan():
                _arrange_change(world, story, plan.of, plan.at, recovers=plan.revokes)
            case TypoPlan():
                _tell_typo(world, story, plan)
    arrange_breakdowns(world, story)
    if world.faults.quiet_from is not None:
        world.at(world.schedule.period(world.faults.quiet_from).start, partial(_quiet, world))


def tell_leads(world: World, story: Story, leads: tuple[Lead, ...]) -> None:
    """What channels outside the protocol have to say goes into the story, and nowhere else."""
    for lead in leads:
        title = channel(lead.channel).title
        word = partial(story.note, world, f"a lead about {lead.about} from {title}")
        world.at(world.start + lead.moment_s, word)


def _say(world: World, story: Story, node: Node, number: int) -> None:
    title = "the adjudicator " * (node.role is Role.ADJUDICATOR)
    story.note(world, f"{title}{node.id} {told_of(node.acts[number])}")
    world.say(node, number)


def _tell_accessions(world: World, story: Story) -> None:
    """A lab that is no party signs by its own clock, in the period that its people decide."""
    for lab in world.scenario.labs:
        if lab.ratifies_from is not None and not lab.is_party:
            signs = partial(story.note, world, f"{lab.name} signs the agreement, to accede to it")
            start = world.schedule.period(lab.ratifies_from).start
            world.at(world.nodes[lab.name].clock.moment(start), signs)


def _arrange_partition(world: World, story: Story, plan: PartitionPlan | OneWay) -> None:
    peers = world.setting.peers(plan.of)
    links = both_ways(plan.of, peers)
    if isinstance(plan, OneWay):
        links = tuple(link for link in links if (link[1] == plan.of) == plan.deaf)

    def cut() -> None:
        story.note(world, f"{plan.of} is cut off from the others")
        world.network.cut(links)

    def heal() -> None:
        story.note(world, f"{plan.of} is connected again")
        _heal(world, plan.of, links)

    world.at(world.schedule.period(plan.start).start, cut)
    world.at(world.schedule.period(plan.until).start, heal)


def _heal(world: World, of: ParticipantId, links: tuple[Link, ...]) -> None:
    world.network.heal(links)
    node = world.nodes.get(of)
    if node is not None and node.up:
        world.connect(node)


def _tell_typo(world: World, story: Story, plan: TypoPlan) -> None:
    """The samples hold the slip already; the story tells when it was signed, and mended."""

    def slip() -> None:
        story.note(world, f"{plan.of} types {plan.factor} times what it used")

    def mend() -> None:
        story.note(world, f"{plan.of} corrects what it typed for period {plan.at}")

    world.at(world.schedule.period(plan.at).start, slip)
    if plan.corrected is not None:
        world.at(world.schedule.period(plan.corrected).start, mend)


def _arrange_restore(world: World, story: Story, plan: RestorePlan) -> None:
    node = world.nodes[plan.of]

    def back_up() -> None:
        node.backup[plan.to] = node.disk.snapshot()

    def restore() -> None:
        story.note(world, f"the disk of {plan.of} is put back to period {plan.to}")
        if plan.recover == plan.at:
            story.note(world, f"{plan.of} is given new keys to recover with")
        world.restore(node, node.backup[plan.to], recovers=plan.recover == plan.at)

    world.at(world.schedule.period(plan.to).start, back_up)
    world.at(world.schedule.period(plan.at).start, restore)
    if plan.recover is not None and plan.recover != plan.at:
        _arrange_change(world, story, plan.of, plan.recover, recovers=True)


def _arrange_change(
    world: World, story: Story, of: ParticipantId, at: PeriodIndex, *, recovers: bool
) -> None:
    def change() -> None:
        why = "recover with" if recovers else "rotate to"
        story.note(world, f"{of} is given new keys to {why}")
        world.change_keys(world.nodes[of], recovers=recovers)

    world.at(world.schedule.period(at).start, change)


def _quiet(world: World) -> None:
    """The liveness phase: no new faults, every way open, everybody up."""
    world.crash_ppm = 0
    world.network.heal_all()
    for node in world.nodes.values():
        world.boot(node)
        world.connect(node)
