"""P5, second half: who was on time for the honest is on time for the network.

By protocol.md 4.4 a statement counts as published at the (f+1)-th smallest storing time: f+1
honest verifiers that cosigned it before the close and said so are enough, however late all
others come. One that stored it and might not sign yet, as after a start, shows no time.
"""

from __future__ import annotations

from collections import defaultdict

from pausenet.log.checkpoint import Note
from pausenet.log.cosignature import parse_cosignature
from pausenet.protocol.messages import Heads, Message
from pausenet.protocol.register import Register
from pausenet.simulator.checker import Checker, every_appraisal, honest_verifiers, quorum_stands
from pausenet.simulator.node import Node
from pausenet.simulator.world import World
from pausenet.statements.codec import Kind
from pausenet.statements.finding import Appraisal, Fault, Finding, Grade, Status
from pausenet.values import NetworkTime, Origin, ParticipantId, PeriodIndex, Role


class PunctualityShown(Checker):
    """An honest lab whose statements, and whose meter's, came in time is not called silent.

    It is promised while at most f verifiers are not honest or had their disks put back, and
    looked for where no message is lost or lingers: cosignatures that nobody has show no time.
    """

    def __init__(self) -> None:
        super().__init__()
        self._signed: dict[Origin, list[tuple[int, ParticipantId, int]]] = defaultdict(list)
        self._known: set[bytes] = set()
        self._register: Register | None = None
        self._names: dict[str, ParticipantId] = {}
        self._down: dict[int, set[ParticipantId]] = defaultdict(set)

    def sent(self, world: World, node: Node, to: ParticipantId, message: Message) -> None:
        """Remember which storing cosignatures honest verifiers have told their peers of."""
        if not isinstance(message, Heads) or not node.honest:
            return
        register = world.register
        if register is not self._register:
            self._register, self._names = register, _names(register)
        if to not in self._names.values():
            return
        down = [name for name in self._names.values() if not world.nodes[name].up]
        if down:
            self._down[world.schedule.last_ended(NetworkTime(world.now))].update(down)
        new = dict.fromkeys(data for data in message.notes if data not in self._known)
        for data in new:
            self._known.add(data)
            note = Note.decode(data)
            for line in note.signatures:
                by = self._names.get(str(line.name))
                if by is not None and world.nodes[by].honest:
                    time = parse_cosignature(note.body, line).time
                    self._signed[Origin(note.body.origin)].append((time, by, note.body.size))

    def finished(self, world: World) -> None:
        """Hold every network appraisal against what was cosigned when."""
        if world.faults.network.loss_ppm or world.faults.network.straggle_ppm:
            return  # the cosignatures that show the time may not have come
        if not quorum_stands(world):
            return
        seen: dict[Appraisal, None] = {}
        for _, machine in honest_verifiers(world):
            seen |= dict.fromkeys(every_appraisal(world, machine))
        for appraisal in seen:
            if any(_unanswered(finding) for finding in appraisal.findings):
                continue  # it is an inspection's request that is not demonstrated
            if appraisal.status is Status.NOT_DEMONSTRATED and self._punctual(world, appraisal):
                text = f"{appraisal.lab} was on time in period {appraisal.period}"
                self.broken("P5", world, f"{text}, and is called {appraisal.status}")

    def _punctual(self, world: World, appraisal: Appraisal) -> bool:
        """Whether lab and meter are honest and were on time in every period up to this one.

        Nothing is asked of a time in which more than f verifiers were down between a period's end
        and its close: they are told later of later cosignatures, and their cut may show no time.
        """
        register = world.register
        periods = range(appraisal.period + 1)
        for period in periods:
            court = register.under(period)
            if len(self._down[period].intersection(court.verifiers)) > court.quorum.f:
                return False
        for participant in (appraisal.lab, *register.agreement.meters_of(appraisal.lab)):
            node = world.nodes[participant]
            if not node.honest or node.id in world.restored:
                return False
            if not all(self._on_time(world, node, PeriodIndex(period)) for period in periods):
                return False
        return True

    def _on_time(self, world: World, node: Node, period: PeriodIndex) -> bool:
        """Whether f+1 honest verifiers had cosigned what was due before anybody's clock closed."""
        register = world.register
        kind = Kind.USAGE if node.role is Role.LAB else Kind.READING
        latest = world.schedule.close(period) - world.scenario.epsilon_s
        origin = register.origin_of(node.id)
        for _, machine in honest_verifiers(world):
            mirror = machine.view.log(origin)
            seq = None if mirror is None else mirror.due(kind, period)
            if seq is not None:
                signed = self._signed[origin]
                court = register.under(period)
                by = {name for at, name, size in signed if size > seq and at <= latest}
                counted = by.intersection(court.verifiers) - world.restored - world.unsound
                return len(counted) > court.quorum.f
        return False


def _names(register: Register) -> dict[str, ParticipantId]:
    """Who signs by each name of a storing cosigner."""
    return {str(register.origin_of(name).storing): name for name in register.all_verifiers}


def _unanswered(finding: Finding) -> bool:
    return finding.fault is Fault.F10R and finding.grade is not Grade.UNSUPPORTED
