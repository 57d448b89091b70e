"""The people who change who the verifiers are: the registrar's, the verifiers', the newcomers'.

They look at what there is to do every heartbeat. Verifiers' people agree among themselves before
anybody approves, so that no vote is split: they approve once k of them can, each by its own copy
of the register and of the logs. The registrar's people hand the register to one verifier that
lacks its end; the others learn of it from each other.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Callable
from functools import partial
from typing import Final

from pausenet.protocol.cutdesk import Answer
from pausenet.protocol.membership import (
    admission,
    approval,
    earliest_first,
    entered,
    judge_handover,
)
from pausenet.protocol.messages import Act, Appended, Machine
from pausenet.protocol.register import Register
from pausenet.protocol.verifier import VerifierMachine
from pausenet.scenario.changes import ChangePlan, JoinPlan
from pausenet.scenario.plan import REGISTRAR
from pausenet.simulator.checker import honest_verifiers
from pausenet.simulator.node import Node
from pausenet.simulator.transcript import Story
from pausenet.simulator.world import World
from pausenet.statements import canonical
from pausenet.statements.codec import Kind
from pausenet.statements.membership import Admission, Change, Handover, Joining, Leaving
from pausenet.values import Digest, ParticipantId, PeriodIndex

Maker = Callable[[ParticipantId], Callable[[Register], Machine]]
"""What makes a newcomer's machine, by its name."""
Electors = list[tuple[Node, VerifierMachine]]
"""Those who can approve a change now."""
NOTHING: Final = Digest.of(b"")


class Registrar:
    """Carries a scenario's changes out, one after the other, as soon as each can be."""

    def __init__(self, world: World, story: Story, maker: Maker) -> None:
        self._world, self._story, self._maker = world, story, maker
        self._plans: deque[ChangePlan] = deque(world.scenario.changes)

    def begin(self) -> None:
        """Look for something to do every heartbeat."""
        if self._plans:
            self._look()

    def _look(self) -> None:
        world = self._world
        self._deliver()
        if self._plans:
            plan = self._plans[0]
            if isinstance(plan, JoinPlan) and plan.verifier not in world.register.members:
                self._admit(plan)
            else:
                self._change(plan)
        world.at(world.now + world.scenario.heartbeat_s, self._look)

    @property
    def _running(self) -> int:
        """The period that runs now."""
        return max(0, self._world.schedule.last_ended(self._world.now_shown) + 1)

    def _deliver(self) -> None:
        """Hand the register to a verifier that can be reached and lacks its end."""
        register = self._world.register
        for node, machine in honest_verifiers(self._world):
            if self._reachable(node) and machine.book.register.size < register.size:
                self._world.hand(node, Appended(entries=register.entries, note=register.note))
                return

    def _reachable(self, node: Node) -> bool:
        """Whether a node runs, and is not cut off from everybody."""
        network, world = self._world.network, self._world
        peers = world.setting.peers(node.id)
        return node.up and not all(network.is_cut(node.id, peer) for peer in peers)

    # ---------------------------------------------------------------- what is decided

    def _admit(self, plan: JoinPlan) -> None:
        """Let a newcomer be admitted, and set its node up."""
        world = self._world
        if self._running < plan.admitted:
            return
        newcomer = world.setting.newcomers[plan.verifier]
        if self._enter(admission(world.register, newcomer), self._electors()):
            self._tell(f"{plan.verifier} is admitted: it reads, and does not count yet")

    def _change(self, plan: ChangePlan) -> None:
        """Let one verifier come or go, once k can approve it."""
        register, who = self._world.register, plan.verifier
        least = earliest_first(register, self._world.now_shown)
        if self._running < plan.first - 1:
            return
        first, epoch = PeriodIndex(max(plan.first, least)), len(register.epochs)
        electors = self._electors()
        change: Change = Leaving(epoch=epoch, first=first, verifier=who)
        if isinstance(plan, JoinPlan):
            identity, electors = self._handover(electors, who)
            change = Joining(epoch=epoch, first=first, verifier=who, handover=identity)
        if self._enter(change, electors):
            self._plans.popleft()
            step = "counts" if isinstance(plan, JoinPlan) else "counts no more"
            quorum = self._world.register.quorum
            self._tell(f"{who} {step} from period {first} on: then n = {quorum.n}, k = {quorum.k}")

    def _electors(self) -> Electors:
        """The honest verifiers of the last epoch that know all of the register, and could sign."""
        register = self._world.register
        return [
            (node, machine)
            for node, machine in honest_verifiers(self._world)
            if node.id in register.epochs[-1].verifiers
            and self._reachable(node)
            and machine.may_sign
            and machine.book.register.size == register.size
        ]

    def _handover(self, electors: Electors, who: ParticipantId) -> tuple[Digest, Electors]:
        """The newcomer's last handover that most find in order by their own copies, and they."""
        origin = self._world.register.origin_of(who)
        found: dict[Digest, Electors] = {}
        for node, machine in electors:
            mirror, cut = machine.book.mirrors[origin], machine.closing.latest_cut
            said = [at for at, s in enumerate(mirror.statements) if isinstance(s.body, Handover)]
            if not said or cut is None:
                continue
            body = mirror.statements[said[-1]].body
            assert isinstance(body, Handover), "it was found as one"
            logs = {name: each.entries for name, each in machine.book.mirrors.items()}
            if judge_handover(machine.book.register, body, logs, cut) is Answer.ENDORSE:
                found.setdefault(Digest(mirror.ids[said[-1]]), []).append((node, machine))
        nobody: tuple[Digest, Electors] = (NOTHING, [])
        return max(found.items(), key=lambda item: len(item[1]), default=nobody)

    def _enter(self, change: Change, by: Electors) -> bool:
        """Enter a change that these approve, unless they are fewer than k."""
        world = self._world
        if len(by) < world.register.quorum.k:
            return False
        approvals = {n.id: approval(m.book.register, n.keys, change) for n, m in by}
        newcomer = None
        if isinstance(change, Admission):
            newcomer = world.setting.newcomers[change.entry.id].keys
        registrar = world.setting.keys[REGISTRAR]
        world.register = entered(world.register, registrar, change, approvals, newcomer)
        if newcomer is not None:
            node = world.settle(newcomer.id, self._maker(newcomer.id), honest=True)
            world.at(world.now, partial(world.boot, node))
        world.fired[f"register.{change.step}"] += 1
        now = PeriodIndex(self._running)
        for node, _ in by:
            body = canonical.encode(approvals[node.id].to_json())
            world.hand(node, Act(at=now, kind=Kind.APPROVAL, body=body))
        return True

    def _tell(self, text: str) -> None:
        self._story.note(self._world, text)
