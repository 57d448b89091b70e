"""The ground of all cases: one seeded network, runs of it, and pens that write any log.

Nothing is stored: every make runs the simulator and signs anew, so that a change of any format
shows in the cases at once. Keys come from the scenario's seed and are of no use elsewhere.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cache

from pausenet.crypto import envelope
from pausenet.errors import MalformedInput
from pausenet.log.checkpoint import Checkpoint, Note, sign_checkpoint
from pausenet.log.cosignature import cosign
from pausenet.log.merkle import Tree, leaf_hash
from pausenet.protocol.cut import network_cuts
from pausenet.protocol.evidence import Leaf
from pausenet.protocol.messages import Area, Effect, Event, Write
from pausenet.protocol.register import Keyring, Register
from pausenet.simulator.run import simulate
from pausenet.simulator.setting import Setting, setting_of
from pausenet.simulator.vectors.case import Facts, texts
from pausenet.simulator.vectors.networks import ON_PAPER, RUNS, VERIFIERS
from pausenet.statements import codec
from pausenet.statements.canonical import Json
from pausenet.statements.codec import Body, Head, Statement, Subject
from pausenet.statements.cut import Cut
from pausenet.statements.register import Purpose
from pausenet.values import (
    Digest,
    NetworkTime,
    Origin,
    ParticipantId,
    Period,
    Seq,
    TreeSize,
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Run:
    """One network's keys, the logs that its first verifier held, its cuts and bundles."""

    setting: Setting
    logs: Mapping[Origin, tuple[bytes, ...]]
    bundles: tuple[bytes, ...]

    @property
    def register(self) -> Register:
        """The network's register."""
        return self.setting.register

    @property
    def cuts(self) -> tuple[Cut, ...]:
        """The network's cuts, by period."""
        return tuple(item.cut for item in network_cuts(self.register, self.logs))

    def entries(self, who: ParticipantId) -> tuple[bytes, ...]:
        """One participant's log."""
        return self.logs[self.register.origin_of(who)]

    def shared(self) -> Facts:
        """The file that cases name as their run."""
        return {
            "network": self.register.network_id.hex(),
            "register": texts(self.register.entries),
            "logs": logs_json(self.logs),
        }


def logs_json(logs: Mapping[Origin, Sequence[bytes]]) -> list[Json]:
    """Logs as a case file carries them, in order of their origins."""
    return [{"origin": origin, "entries": texts(logs[origin])} for origin in sorted(logs)]


@cache
def run_of(name: str) -> Run:
    """Run one of the networks, and keep what its first verifier wrote down of every log."""
    if name in ON_PAPER:
        return Run(setting=setting_of(ON_PAPER[name]), logs={}, bundles=())
    written: dict[str, dict[int, bytes]] = {}

    def record(who: ParticipantId, _: Event, effects: tuple[Effect, ...]) -> None:
        for effect in effects:
            if who == VERIFIERS[0] and isinstance(effect, Write) and effect.area is Area.ENTRY:
                written.setdefault(effect.log, {})[effect.index] = effect.data

    story = RUNS[name]
    result = simulate(story, recorder=record)
    setting = setting_of(replace(story, cheats=(), faults=()))
    logs = {Origin(log): tuple(held[at] for at in sorted(held)) for log, held in written.items()}
    return Run(setting=setting, logs=logs, bundles=tuple(result.bundles.values()))


@dataclass
class Pen:
    """Writes one participant's log with its own keys, well or badly."""

    setting: Setting
    who: ParticipantId
    entries: list[bytes] = field(default_factory=list)
    tree: Tree = field(default_factory=Tree)

    @property
    def keys(self) -> Keyring:
        """The participant's keys."""
        return self.setting.keys[self.who]

    @property
    def register(self) -> Register:
        """The network's register."""
        return self.setting.register

    @property
    def origin(self) -> Origin:
        """The log's origin."""
        return self.register.origin_of(self.who)

    @property
    def prev(self) -> Digest:
        """What the next statement names as the one before."""
        if self.entries:
            try:
                return Digest(envelope.decode(self.entries[-1], signatures_max=2).statement_id)
            except MalformedInput:
                return Digest.of(self.entries[-1])
        keys = self.register.members[self.who].keys
        return codec.genesis_prev(
            self.register.network_id, self.origin, keys[Purpose.STATEMENT], keys[Purpose.LOG]
        )

    def statement(
        self,
        body: Body,
        *,
        period: Period | None = None,
        agreed: Digest | None = None,
        seen: tuple[Head, ...] = (),
    ) -> Statement:
        """The next statement of this log."""
        return Statement(
            subject=Subject(name=self.origin, digest=self.prev),
            network=self.register.network_id,
            author=self.who,
            origin=self.origin,
            seq=Seq(len(self.entries)),
            prev=self.prev,
            agreement=agreed,
            period=period,
            seen=seen,
            body=body,
        )

    def sealed(self, statement: Statement) -> bytes:
        """A statement under this participant's signature."""
        return envelope.seal(codec.encode(statement), (self.keys.statement,))

    def append(self, entry: bytes) -> bytes:
        """Put any bytes at the log's end."""
        self.entries.append(entry)
        self.tree.append(leaf_hash(entry))
        return entry

    def say(self, body: Body, *, period: Period | None = None) -> bytes:
        """State something at the log's end."""
        return self.append(self.sealed(self.statement(body, period=period)))

    def fork(self, size: int) -> Pen:
        """The same log as it stood at a size, to be continued otherwise."""
        other = Pen(setting=self.setting, who=self.who)
        for entry in self.entries[:size]:
            other.append(entry)
        return other

    def head(self, size: int | None = None) -> Checkpoint:
        """The log's head at a size."""
        at = TreeSize(len(self.entries) if size is None else size)
        return Checkpoint(origin=self.origin, size=at, root=self.tree.root(at))

    def note(self, size: int | None = None, *cosigners: tuple[ParticipantId, int]) -> bytes:
        """A signed note over the first entries, cosigned by storing cosigners at times."""
        head = self.head(size)
        lines = [sign_checkpoint(head, self.keys.log)]
        for verifier, time in cosigners:
            signer = self.setting.keys[verifier].storing
            assert signer is not None, "only verifiers are asked"
            name = self.register.origin_of(verifier).storing
            lines.append(cosign(head, name, signer, NetworkTime(time)))
        return Note(body=head, signatures=tuple(lines)).encode()

    def leaf(self, place: int, size: int | None = None) -> Leaf:
        """One entry with its proof under the head of a size."""
        at = TreeSize(len(self.entries) if size is None else size)
        proof = self.tree.inclusion(Seq(place), at)
        return Leaf(index=Seq(place), entry=self.entries[place], proof=proof)


def copied(run: Run, who: ParticipantId, size: int) -> Pen:
    """A pen that goes on where a run's log stood at a size."""
    pen = Pen(setting=run.setting, who=who)
    for entry in run.entries(who)[:size]:
        pen.append(entry)
    return pen
