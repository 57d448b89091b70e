"""The promises of protocol.md 9 as checkers with ground truth.

Each watches the whole world, knows who is honest, and reports a `Violation` where a promise is
broken. They see more than any participant does, and tell the participants nothing.
"""

from __future__ import annotations

from bisect import bisect_right
from collections import defaultdict
from itertools import accumulate
from operator import itemgetter

from pausenet.crypto import envelope
from pausenet.errors import MalformedCheckpoint, MalformedInput
from pausenet.log.checkpoint import Note
from pausenet.protocol.bundle import Outcome, Verification, verify_bundle
from pausenet.protocol.epochs import Epoch
from pausenet.protocol.messages import Area, Cosigned, Message, Publish, Report, Told, Write
from pausenet.scenario.plan import CheatKind
from pausenet.simulator.checker import (
    Checker,
    every_appraisal,
    honest_verifiers,
    quorum_stands,
    sound_verifiers,
)
from pausenet.simulator.forgery import NothingForged
from pausenet.simulator.node import Node
from pausenet.simulator.punctuality import PunctualityShown
from pausenet.simulator.record import network_cuts
from pausenet.simulator.soundness import DrawsApart, HeadsCosignedAnew, LogsSound, SaltsFresh
from pausenet.simulator.world import World
from pausenet.statements.finding import Fault, Grade
from pausenet.values import Digest, Origin, ParticipantId


class NoHonestAccused(Checker):
    """P1: no honest party is the subject of a confirmed finding; P3: every bundle stands alone."""

    def __init__(self) -> None:
        super().__init__()
        self.verified: dict[Digest, Verification] = {}

    def reported(self, world: World, node: Node, report: Report) -> None:
        """Judge each proof as soon as an honest verifier speaks of it."""
        if report.told is Told.FAULT and node.honest:
            accused = world.nodes.get(ParticipantId(report.about))
            if accused is None or accused.honest:
                self.broken("P1", world, f"{node.id} accuses {report.about}: {report.facts}")

    def finished(self, world: World) -> None:
        """Verify every bundle from its bytes alone."""
        network = world.setting.register.network_id
        for node, machine in honest_verifiers(world):
            for identity, data in machine.view.bundles().items():
                if identity in self.verified:
                    continue
                found = self.verified[identity] = verify_bundle(data, network)
                if found.outcome not in (Outcome.PROVEN, Outcome.REPRODUCED):
                    self.broken("P3", world, f"{node.id} holds a bundle: {found.sentence}")
                elif found.claim is not None and found.claim.grade is Grade.CONFIRMED:
                    self._judge(world, found.claim.accused, f"bundle {found.claim.fault}")
            for appraisal in every_appraisal(world, machine):
                for finding in appraisal.findings:
                    if finding.grade is Grade.CONFIRMED:
                        self._judge(world, finding.accused, f"appraisal {finding.fault}")

    def _judge(self, world: World, accused: ParticipantId, text: str) -> None:
        if accused not in world.nodes or world.nodes[accused].honest:
            self.broken("P1", world, f"{text} confirmed against {accused}, who is honest")


class WarrantsClear(Checker):
    """P1, second half: after a quiet end no warrant of silence is open against the honest."""

    def finished(self, world: World) -> None:
        """Look at the latest appraisals; a participant whose disk was put back stays silent.

        A warrant is withdrawn in a later cut, and there is none while fewer than k are sound.
        """
        if world.faults.quiet_from is None or not quorum_stands(world):
            return
        for _, machine in honest_verifiers(world):
            for appraisal in machine.view.appraisals():
                for finding in appraisal.findings:
                    accused = world.nodes.get(finding.accused)
                    if (
                        finding.fault is Fault.F5
                        and finding.grade is not Grade.UNSUPPORTED
                        and accused is not None
                        and accused.honest
                        and accused.id not in world.restored
                    ):
                        self.broken("P1", world, f"open warrant against {accused.id}")


class OneVoice(Checker):
    """P1's ground: no key of the honest signs two statements for a place, or roots for a size.

    Another key may: what recovery is for.
    """

    def __init__(self) -> None:
        super().__init__()
        self._entries: dict[tuple[str, int, tuple[str, ...]], bytes] = {}
        self._roots: dict[tuple[str, str, bytes, str, int], bytes] = {}
        self._notes: set[tuple[str, bytes]] = set()

    def wrote(self, world: World, node: Node, record: Write) -> None:
        """Nothing else may be signed for a place of the own log than what has left it before."""
        if not node.honest or record.area is not Area.ENTRY:
            return
        if record.log == world.register.origin_of(node.id):
            place = (record.log, record.index, _signers(record.data))
            if self._entries.get(place, record.data) != record.data:
                self.broken("P1", world, f"{node.id} signs anew at {place}")

    def sent(self, world: World, node: Node, to: ParticipantId, message: Message) -> None:
        """Compare what leaves an honest node with all that has left it before."""
        if not node.honest or not isinstance(message, (Publish, Cosigned)):
            return
        if any(c.by == node.id and c.kind is CheatKind.STOLEN_KEY for c in world.scenario.cheats):
            return  # a thief speaks here too; what is written is the owner's alone
        if isinstance(message, Publish):
            for offset, entry in enumerate(message.entries):
                place = (message.origin, message.start + offset, _signers(entry))
                if self._entries.setdefault(place, entry) != entry:
                    self.broken("P1", world, f"{node.id} signed twice at {place}")
        if (node.id, message.note) in self._notes:
            return
        self._notes.add((node.id, message.note))
        try:
            note = Note.decode(message.note)
        except MalformedCheckpoint:
            self.broken("P1", world, f"{node.id} sent a malformed note to {to}")
            return
        body = note.body
        for line in note.signatures:
            head = (node.id, line.name, line.key_hash, str(body.origin), int(body.size))
            if self._roots.setdefault(head, body.root) != body.root:
                self.broken("P1", world, f"{node.id} sent two roots signed at {head}")


class NothingLost(Checker):
    """P5: what was receipted stays, at its owner, at the honest ones of k verifiers, in the cut.

    Verifiers that are not honest, or whose disk was put back, may be among the k and hold nothing.
    """

    def __init__(self) -> None:
        super().__init__()
        self._receipts: dict[Origin, list[tuple[int, int]]] = defaultdict(list)

    def reported(self, world: World, node: Node, report: Report) -> None:
        """At a receipt, look at the disks themselves."""
        if report.told is not Told.RECEIPTED or not node.honest:
            return
        origin, size = Origin(report.about), int(dict(report.facts)["size"])
        self._receipts[origin].append((world.now, size))
        self._look(world, node, origin, range(size - 1, size))

    def finished(self, world: World) -> None:
        """Look at every receipted entry, and at every network cut."""
        for origin, receipts in sorted(self._receipts.items()):
            owner = world.nodes[origin.participant]
            self._look(world, owner, origin, range(receipts[-1][1]))
        largest = {
            origin: list(accumulate((size for _, size in receipts), max))
            for origin, receipts in sorted(self._receipts.items())
        }
        for cut in network_cuts(world):
            latest = world.schedule.close(cut.period) - world.scenario.epsilon_s
            for origin, sizes in largest.items():
                by_close = bisect_right(self._receipts[origin], latest, key=itemgetter(0))
                if by_close and cut.size_of(origin) < sizes[by_close - 1]:
                    text = f"cut({cut.period}) holds {cut.size_of(origin)} of {origin}"
                    self.broken("P5", world, f"{text}, receipted are {sizes[by_close - 1]}")

    def _look(self, world: World, owner: Node, origin: Origin, seqs: range) -> None:
        sound = sound_verifiers(world)
        for seq in seqs:
            entry = owner.disk.entry(origin, seq)
            if owner.id not in world.restored:
                if entry is None:
                    self.broken("P5", world, f"{owner.id} lost its receipted entry {seq}")
                    return
                by = {each.id for each in sound if each.disk.entry(origin, seq) == entry}
            else:
                by = {each.id for each in sound if each.disk.entry(origin, seq) is not None}
            if not any(_enough(epoch, by, sound) for epoch in world.register.epochs):
                self.broken("P5", world, f"{len(by)} honest verifiers hold entry {seq} of {origin}")
                return


class ForksProven(Checker):
    """P2: where two honest verifiers hold different faces of a log, every one holds the proof."""

    def finished(self, world: World) -> None:
        """Compare the disks of honest verifiers entry by entry."""
        holders = honest_verifiers(world)
        accusers: dict[ParticipantId, set[ParticipantId]] = defaultdict(set)
        for node, machine in holders:
            for data in machine.view.bundles().values():
                claim = verify_bundle(data, world.setting.register.network_id).claim
                if claim is not None and claim.grade is Grade.CONFIRMED:
                    accusers[claim.accused].add(node.id)
        for owner in world.nodes.values():
            if owner.honest:
                continue
            origin = world.register.origin_of(owner.id)
            if not _differ([node for node, _ in holders], origin):
                continue
            lacking = sorted({node.id for node, _ in holders} - accusers[owner.id])
            if lacking:
                self.broken("P2", world, f"{', '.join(lacking)} hold no proof against {owner.id}")


class SilenceSeen(Checker):
    """P4: silence is visible at every honest verifier by deadline + grace + 2 epsilon."""

    def __init__(self) -> None:
        super().__init__()
        self._said: dict[tuple[ParticipantId, str, int], int] = {}

    def reported(self, world: World, node: Node, report: Report) -> None:
        """Remember when each verifier first spoke of each silence."""
        if report.told is Told.SILENCE:
            key = (node.id, report.about, int(dict(report.facts)["period"]))
            self._said.setdefault(key, world.now)

    def finished(self, world: World) -> None:
        """Hold the silences that were planned against what was said, and when."""
        margin = 2 * world.scenario.epsilon_s
        for plan in (*world.scenario.cheats, *world.faults.attacks):
            if plan.kind is not CheatKind.SILENT or not world.scenario.lab(plan.by).is_party:
                continue  # what is due from who accedes follows from the cuts, not from the plan
            origin = world.register.origin_of(plan.by)
            until = world.scenario.periods if plan.until is None else plan.until
            for number in range(plan.start, min(until, world.scenario.periods)):
                period = world.schedule.period(type(plan.start)(number))
                close = world.schedule.close(period.index)
                # A statement of the last silent periods may come late and yet before the close.
                resumed = world.schedule.period(type(plan.start)(until)).end
                if resumed <= close or close + margin > world.now:
                    continue
                court = world.register.under(number)
                for node, _ in honest_verifiers(world):
                    if node.id not in court.verifiers:
                        continue
                    said = self._said.get((node.id, origin, number))
                    if node.starts == 1 + node.starts_by_growth and (
                        said is None or said > close + margin
                    ):
                        text = f"{node.id} said of {plan.by} in period {number}: {said}"
                        self.broken("P4", world, f"{text}, close {close}")


class CutsGoOn(Checker):
    """P9: with at most f faulty verifiers the last closed period has its network cut."""

    def finished(self, world: World) -> None:
        """Look for the last period's cut, unless more than f verifiers are out of order."""
        if not quorum_stands(world):
            return
        last = world.scenario.periods - 1
        if all(cut.period != last for cut in network_cuts(world)):
            self.broken("P9", world, f"no network cut of period {last}")


def all_checkers() -> tuple[Checker, ...]:
    """One of each, fresh."""
    return (
        NoHonestAccused(),
        WarrantsClear(),
        OneVoice(),
        NothingLost(),
        ForksProven(),
        SilenceSeen(),
        CutsGoOn(),
        PunctualityShown(),
        NothingForged(),
        LogsSound(),
        HeadsCosignedAnew(),
        SaltsFresh(),
        DrawsApart(),
    )


def _enough(epoch: Epoch, by: set[ParticipantId], sound: tuple[Node, ...]) -> bool:
    """Whether of an epoch so many hold an entry as the sound ones among k must."""
    counted = {node.id for node in sound}.intersection(epoch.verifiers)
    least = epoch.quorum.k - (epoch.quorum.n - len(counted))
    return len(by & counted) >= least


def _signers(entry: bytes) -> tuple[str, ...]:
    """The ids of the keys that signed an entry; none where it is no envelope."""
    try:
        sealed = envelope.decode(entry, signatures_max=envelope.SIGNATURES_MAX)
    except MalformedInput:
        return ()
    return tuple(each.key_id for each in sealed.signatures)


def _differ(nodes: list[Node], origin: Origin) -> bool:
    """Whether two disks hold different entries at one place of a log."""
    seq = 0
    while True:
        entries = {entry for node in nodes if (entry := node.disk.entry(origin, seq))}
        if len(entries) > 1:
            return True
        if not entries:
            return False
        seq += 1
