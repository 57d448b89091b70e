"""Checkers of what honest participants keep and sign: logs that hang together, fresh salts, draws.

They read the disks and the signed bytes themselves, by means of their own: what a machine takes
for checked is what they ask about.
"""

from __future__ import annotations

import base64
from bisect import bisect_left
from collections import defaultdict
from dataclasses import dataclass
from typing import Any

import orjson

from pausenet.crypto.envelope import pae
from pausenet.log.merkle import Tree, leaf_hash
from pausenet.protocol.messages import Area, Write
from pausenet.protocol.register import Member
from pausenet.scenario.plan import CheatKind
from pausenet.simulator.checker import Checker, honest_verifiers
from pausenet.simulator.node import Node
from pausenet.simulator.world import World
from pausenet.statements.inspection import InspectionRequest
from pausenet.values import REGISTER_ORIGIN, Digest, ParticipantId, PeriodIndex, Role, TreeSize

DRAWS_LEAST = 4
"""Of so many ledgers at least two verifiers must have drawn, before their draws are compared."""

_KEEPS_ANSWERS_AWAY = (
    "network.lost",
    "network.cut",
    "network.straggled",
    "network.misdirected",
)


@dataclass(frozen=True, slots=True)
class _Said:
    """What an entry says of its own place, and the leaf that it is."""

    leaf: Digest
    place: tuple[str, str, str, int]
    prev: str
    identity: str
    seen: tuple[tuple[str, int], ...]


class LogsSound(Checker):
    """P5's ground: whoever honest holds a log holds a chain, and has signed the roots over it.

    A verifier whose disk rotted or was put back fetches anew what it signed for; it is left out.
    """

    def finished(self, world: World) -> None:
        """Read every log that an honest verifier holds from its disk, one after the other."""
        sound = [
            (node, self._signed(world, node))
            for node, _ in honest_verifiers(world)
            if node.id not in world.restored and node.id not in world.unsound
        ]
        for member in world.register.members.values():
            read: dict[bytes, _Said] = {}
            for node, signed in sound if member.origin != REGISTER_ORIGIN else ():
                self._read(world, node, member, signed.get(member.origin, {}), read)

    def _signed(self, world: World, node: Node) -> dict[str, dict[int, str]]:
        """What a verifier has cosigned, by its guard: there it stands before it leaves."""
        found: dict[str, dict[int, str]] = defaultdict(dict)
        for record in node.disk.snapshot().get((Area.GUARD, ""), {}).values():
            if b'"cosign"' not in record:
                continue
            said = orjson.loads(record)
            origin, size, root = said["origin"], said["size"], said["root"]
            if found[origin].setdefault(size, root) != root:
                self.broken("P1", world, f"{node.id} cosigned two roots of {origin} at {size}")
        return found

    def _read(
        self,
        world: World,
        node: Node,
        member: Member,
        signed: dict[int, str],
        read: dict[bytes, _Said],
    ) -> None:
        """Read one log from a disk; what an entry says is read once for all who hold it."""
        origin, author = str(member.origin), str(member.id)
        tree, before, seen = Tree(), "", dict[str, int]()
        network = world.register.network_id.hex()
        for seq in range(node.disk.entries(origin)):
            entry = node.disk.entry(origin, seq)
            assert entry is not None, "the run of entries is unbroken"
            said = read.get(entry)
            if said is None:
                said = read[entry] = _said(entry)
            tree.append(said.leaf)
            if said.place != (network, origin, author, seq) or before not in ("", said.prev):
                self.broken("P5", world, f"{node.id} holds {said.place} as {seq} of {origin}")
                return
            if any(size < seen.get(log, 0) for log, size in said.seen):
                self.broken("P5", world, f"{node.id} holds {seq} of {origin}, which has seen less")
                return
            seen |= said.seen
            before = said.identity
        for size, root in signed.items():
            if size <= tree.size and tree.root(TreeSize(size)).hex() != root:
                self.broken("P5", world, f"{node.id} cosigned a root of {origin} that is none")
                return


class HeadsCosignedAnew(Checker):
    """P4's ground: at each close every honest verifier signs anew what it holds of every log.

    Asked of those that never stopped, of a clock that was right, and up to the last close but one.
    Who begins anew just at a close owes it until all have answered: where a register had grown
    that takes less than the margin, unless a fault keeps them or their answers away. Nothing is
    asked where more than f verifiers' clocks lie: an honest one then takes its own for wrong.
    """

    def __init__(self) -> None:
        super().__init__()
        self._times: dict[ParticipantId, dict[str, list[int]]] = {}

    def wrote(self, world: World, node: Node, record: Write) -> None:
        """Remember when each log was cosigned, by the cosigner's own clock."""
        del world
        if node.honest and record.area is Area.GUARD and b'"cosign"' in record.data:
            said = orjson.loads(record.data)
            times = self._times.setdefault(node.id, {}).setdefault(said["origin"], [])
            times.append(int(said["time"]))

    def finished(self, world: World) -> None:
        """Look for a cosignature within a heartbeat and 2 epsilon after each close."""
        if not _clocks_told_true(world):
            return
        schedule, scenario = world.schedule, world.scenario
        margin = scenario.heartbeat_s + 2 * scenario.epsilon_s
        answered = _answers_came(world)
        closes = [int(schedule.close(PeriodIndex(at))) for at in range(scenario.periods - 1)]
        for node, _ in honest_verifiers(world):
            whole = node.starts == 1 + (node.starts_by_growth if answered else 0)
            if not whole or node.id in world.unsound | world.restored:
                continue
            for origin, times in self._times.get(node.id, {}).items():
                ordered = sorted(times)
                for number, close in enumerate(closes):
                    following = ordered[bisect_left(ordered, close) :][:1]
                    if times[0] >= close or (following and following[0] <= close + margin):
                        continue
                    text = f"{node.id} did not cosign {origin} anew at the close of {number}"
                    self.broken("P4", world, text)
                    return


class SaltsFresh(Checker):
    """P8's ground: no honest lab hides two records of its ledgers behind one salt."""

    def __init__(self) -> None:
        super().__init__()
        self._used: dict[str, bytes] = {}

    def wrote(self, world: World, node: Node, record: Write) -> None:
        """Compare each leaf's salt with all before it; a leaf written again is the same."""
        if not node.honest or record.area is not Area.LEDGER:
            return
        salt = orjson.loads(record.data)["salt"]
        if self._used.setdefault(salt, record.data) != record.data:
            self.broken("P8", world, f"{node.id} uses a salt twice, in {record.log}")


class DrawsApart(Checker):
    """7.4: no two honest verifiers draw alike: each draws by a secret of its own.

    One ledger they may by chance draw alike; of several not all.
    """

    def finished(self, world: World) -> None:
        """Compare what the honest verifiers' own logs say that they drew."""
        drawn: dict[ParticipantId, dict[bytes, tuple[int, ...]]] = {}
        for node, machine in honest_verifiers(world):
            mirror = machine.view.log(world.register.origin_of(node.id))
            drawn[node.id] = {
                bytes(each.usage): each.leaves
                for statement in (() if mirror is None else mirror.statements)
                if isinstance(statement.body, InspectionRequest)
                for each in statement.body.draws
            }
        names = sorted(drawn)
        for at, one in enumerate(names):
            for other in names[at + 1 :]:
                both = drawn[one].keys() & drawn[other].keys()
                same = all(drawn[one][usage] == drawn[other][usage] for usage in both)
                if len(both) >= DRAWS_LEAST and same:
                    self.broken("P8", world, f"{one} and {other} draw alike of {len(both)} ledgers")


def _clocks_told_true(world: World) -> bool:
    """Whether at most f verifiers of each epoch have clocks that lie: the median peer is honest."""
    cheats = (*world.scenario.cheats, *world.faults.attacks)
    liars = {cheat.by for cheat in cheats if cheat.kind is CheatKind.LYING_CLOCK and cheat.real}
    epochs = world.register.epochs
    return all(len(liars.intersection(each.verifiers)) <= each.quorum.f for each in epochs)


def _answers_came(world: World) -> bool:
    """Whether no verifier was down, and no message between any two lost, late or elsewhere."""
    verifiers = (node for node in world.nodes.values() if node.role is Role.VERIFIER)
    up = all(node.starts == 1 + node.starts_by_growth for node in verifiers)
    return up and not any(world.network.fired[name] for name in _KEEPS_ANSWERS_AWAY)


def _said(entry: bytes) -> _Said:
    payload = base64.b64decode(orjson.loads(entry)["payload"])
    said: dict[str, Any] = orjson.loads(payload)["predicate"]
    place = (said["network"], said["origin"], said["author"], said["seq"])
    seen = tuple((head["origin"], head["size"]) for head in said["seen"])
    identity = Digest.of(pae(payload)).hex()
    leaf = leaf_hash(entry)
    return _Said(leaf=leaf, place=place, prev=said["prev"], identity=identity, seen=seen)
