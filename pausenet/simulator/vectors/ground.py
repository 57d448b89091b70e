"""The ground of all cases: one seeded network, runs of it, and pens that write any log.

Nothing is stored: every make runs the simulator and signs anew, so that a change of any format
shows in the cases at once. Keys come from the scenario's seed and are of no use elsewhere.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import lru_cache
from typing import Final

from pausenet.crypto import envelope
from pausenet.errors import MalformedInput
from pausenet.log.checkpoint import Checkpoint, Note, sign_checkpoint
from pausenet.log.cosignature import cosign
from pausenet.log.merkle import Tree, leaf_hash
from pausenet.protocol.cut import network_cuts
from pausenet.protocol.evidence import Leaf
from pausenet.protocol.messages import Area, Effect, Event, Write
from pausenet.protocol.register import Keyring, Register
from pausenet.scenario.acts import ActPlan, SpeakerPlan
from pausenet.scenario.mishaps import TypoPlan
from pausenet.scenario.plan import (
    AgreementPlan,
    CheatKind,
    CheatPlan,
    LabPlan,
    Scenario,
    VerifierPlan,
)
from pausenet.simulator.run import simulate
from pausenet.simulator.setting import Setting, setting_of
from pausenet.simulator.vectors.case import Facts, texts
from pausenet.statements import codec
from pausenet.statements.agreement import ActivationKind
from pausenet.statements.canonical import Json
from pausenet.statements.codec import Body, Head, Kind, Statement, Subject
from pausenet.statements.cut import Cut
from pausenet.statements.register import Purpose
from pausenet.values import (
    Digest,
    NetworkTime,
    Origin,
    ParticipantId,
    Period,
    PeriodIndex,
    Role,
    Seq,
    TreeSize,
)

AURORA, BIRCH = ParticipantId("aurora"), ParticipantId("birch")
CEDAR, DUNE = ParticipantId("cedar"), ParticipantId("dune")
TRIBUNAL: Final = ParticipantId("tribunal")
VERIFIERS: Final = tuple(ParticipantId(f"verifier-{number}") for number in range(1, 5))
_DAY: Final = 86_400


def scenario(
    name: str,
    labs: Sequence[ParticipantId] = (AURORA, BIRCH),
    *cheats: CheatPlan,
    activation: ActivationKind = ActivationKind.ALL_NAMED,
) -> Scenario:
    """A small network: four verifiers, and a meter for each lab."""
    return Scenario(
        question="What must every verifier say of this?",
        name=name,
        seed=2026,
        periods=12,
        speed=_DAY,
        period_s=2 * _DAY,
        deadline_s=_DAY // 4,
        grace_s=_DAY * 17 // 4,
        notice_periods=2,
        verifiers=tuple(VerifierPlan(name=each, bloc=f"bloc of {each}") for each in VERIFIERS),
        labs=tuple(
            LabPlan(
                name=each,
                accelerators=20_000,
                sites=2,
                utilisation_ppm=600_000,
                training_ppm=500_000,
            )
            for each in labs
        ),
        agreement=AgreementPlan(activation=activation),
        cheats=cheats,
        speakers=(SpeakerPlan(name=TRIBUNAL, role=Role.ADJUDICATOR),) if cheats else (),
        acts=_ACTS if cheats else (),
    )


def _act(by: ParticipantId, kind: Kind, **terms: Json) -> ActPlan:
    return ActPlan.of(by, PeriodIndex(8), kind, terms)


_OF_A_BUNDLE: Final = "ab" * 32
_ACTS: Final = (
    _act(AURORA, Kind.INDICATOR, about="aurora", indicator="merged-code-share", value=810_000),
    _act(AURORA, Kind.INCIDENT, about="aurora", text="A run went on after it was stopped."),
    _act(AURORA, Kind.WITHDRAWAL, reason="The grounds of the pause have ended."),
    _act(AURORA, Kind.DEROGATION, start=20, periods=2, grounds="A treatment is being sought."),
    _act(AURORA, Kind.ASSENT, lift=True),
    _act(AURORA, Kind.EXCUSE, due=2, reason="The site had no power."),
    _act(AURORA, Kind.APPEAL, about=_OF_A_BUNDLE, grounds="The meter was recalibrated."),
    _act(
        TRIBUNAL,
        Kind.DETERMINATION,
        outcome="no-breach",
        party="aurora",
        about=_OF_A_BUNDLE,
        reasons="It was explained in time.",
    ),
    _act(TRIBUNAL, Kind.RECUSAL, party="birch", reasons="A member has worked there."),
)
"""One of each kind that people decide to say; a new kind that may be an act is one line more."""


def _cheat(by: ParticipantId, kind: CheatKind, until: int | None = None) -> CheatPlan:
    end = None if until is None else PeriodIndex(until)
    return CheatPlan(by=by, kind=kind, start=PeriodIndex(3), until=end, amount_ppm=300_000)


_TYPO: Final = TypoPlan(of=BIRCH, at=PeriodIndex(6), factor=10, corrected=PeriodIndex(7))
"""A slip of the hand that is corrected in time: nobody is accused of it."""

RUNS: Final = {
    "honest": replace(scenario("honest"), faults=(_TYPO,)),
    "cheats": scenario(
        "cheats",
        (AURORA, BIRCH, CEDAR, DUNE),
        _cheat(AURORA, CheatKind.UNDER_DECLARATION),
        _cheat(BIRCH, CheatKind.OVER_CAP),
        _cheat(CEDAR, CheatKind.SILENT, 5),
        _cheat(DUNE, CheatKind.OVERLAPPING_FACES),
    ),
    "unconditional": scenario("unconditional", activation=ActivationKind.UNCONDITIONAL),
}
"""The networks that cases are made of; the last one only as a register, on paper."""


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


@lru_cache(maxsize=8)
def run_of(name: str) -> Run:
    """Run one of the networks, and keep what its first verifier wrote down of every log."""
    if name == "unconditional":
        return Run(setting=setting_of(RUNS[name]), logs={}, bundles=())
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
                return Digest(envelope.decode(self.entries[-1]).statement_id)
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
