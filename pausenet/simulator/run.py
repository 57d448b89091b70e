"""Run a scenario in the deterministic world, and say what came of it."""

from __future__ import annotations

import gc
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, replace
from functools import partial

from pausenet.protocol.agreement import Lifecycle
from pausenet.protocol.drawaudit import NOTHING_DRAWN, DrawAudit
from pausenet.protocol.proceedings import decided
from pausenet.protocol.reader import StatementReader
from pausenet.protocol.register import Register
from pausenet.scenario.plan import SAMPLE_QUOTA_DEFAULT, CheatKind, CheatPlan, Scenario
from pausenet.simulator.adversary import Adversary
from pausenet.simulator.appraising import SharedAppraisals
from pausenet.simulator.arranging import arrange, tell_leads
from pausenet.simulator.checker import Violation, honest_verifiers
from pausenet.simulator.checkers import all_checkers
from pausenet.simulator.drawing import drawn
from pausenet.simulator.fleet import samples
from pausenet.simulator.follow_up import with_follow_up
from pausenet.simulator.machines import make, maker_of, makers_of
from pausenet.simulator.observer import Observer
from pausenet.simulator.outside import Lead, outside_of, with_cheats
from pausenet.simulator.record import Sighting, draws_of, latest_appraisals
from pausenet.simulator.registrar import Registrar
from pausenet.simulator.setting import setting_of
from pausenet.simulator.signatures import Signatures, signing_with
from pausenet.simulator.swarm import Faults, SwarmOptions, draw
from pausenet.simulator.transcript import Story, ending_lines
from pausenet.simulator.unfolding import unfolded
from pausenet.simulator.world import Recorder, World
from pausenet.statements.finding import Appraisal, Claim, Fault, Finding, Status, Support
from pausenet.values import Digest, NetworkId, ParticipantId, PeriodIndex

SETTLE_HEARTBEATS = 8
_ITEMS_TOLD_MAX = 4


@dataclass(frozen=True, slots=True, kw_only=True)
class RunResult:
    """What a run found, in the network's own words, and whether a promise was broken.

    `appraisals` are the network's latest, by lab; a lab without one has the status
    `not-demonstrated`. `bundles` holds all evidence that honest verifiers can show. `fired`
    counts what each fault and each adversary did. `trace` digests every event and effect.
    `draws` audits what was drawn; not in a swarm, where time is dear. `register` is the register
    as it is at the end. `life` is that of the agreement with its cases, where a panel hears them,
    and `open_items` says what the chip account leaves open. `leads` are the first alarms of the
    channels outside the protocol: no findings.
    """

    scenario: Scenario
    seed: int
    faults: Faults
    register: Register
    appraisals: Mapping[ParticipantId, Appraisal]
    bundles: Mapping[Digest, bytes]
    sightings: tuple[Sighting, ...]
    transcript: tuple[str, ...]
    fired: Mapping[str, int]
    violations: tuple[Violation, ...]
    events: int
    trace: Digest
    draws: DrawAudit
    life: Lifecycle
    open_items: tuple[str, ...]
    leads: tuple[Lead, ...]

    @property
    def decided(self) -> tuple[str, ...]:
        """What the cases have come to, in words."""
        return decided(self.life)

    @property
    def network_id(self) -> NetworkId:
        """The network's id."""
        return self.register.network_id

    @property
    def statuses(self) -> tuple[tuple[ParticipantId, Status], ...]:
        """Each lab's status, by lab."""
        return tuple(
            (lab.name, self._status(lab.name))
            for lab in sorted(self.scenario.labs, key=lambda lab: lab.name)
        )

    @property
    def claims(self) -> tuple[tuple[ParticipantId, tuple[tuple[Claim, Support], ...]], ...]:
        """The three claims of each lab that was appraised."""
        return tuple((lab, appraisal.claims) for lab, appraisal in self.appraisals.items())

    @property
    def findings(self) -> tuple[Finding, ...]:
        """The findings of the latest appraisals, each once."""
        found = {
            (finding.bundle, finding.accused): finding
            for appraisal in self.appraisals.values()
            for finding in appraisal.findings
        }
        return tuple(found.values())

    def _status(self, lab: ParticipantId) -> Status:
        appraisal = self.appraisals.get(lab)
        return Status.NOT_DEMONSTRATED if appraisal is None else appraisal.status


def simulate(
    scenario: Scenario,
    *,
    seed: int | None = None,
    swarm: SwarmOptions | Faults | None = None,
    recorder: Recorder | None = None,
    observers: tuple[Observer, ...] = (),
    signatures: Signatures = Signatures.ED25519,
) -> RunResult:
    """Run a scenario; the same scenario, seed and options give the same result, byte for byte.

    What the scenario gives as an interval is drawn by the seed; the result's scenario has the
    numbers. `swarm` adds faults, and perhaps attacks, drawn from the seed or given. `recorder` is
    told of every step of every machine; `observers` see the world itself, and change nothing.
    Evidence of a run with other `signatures` than Ed25519 convinces nobody outside it.
    """
    with signing_with(signatures), _uncollected():
        return _simulated(scenario, seed, swarm, recorder, observers)


def _simulated(
    scenario: Scenario,
    seed: int | None,
    swarm: SwarmOptions | Faults | None,
    recorder: Recorder | None,
    observers: tuple[Observer, ...],
) -> RunResult:
    seed = scenario.seed if seed is None else seed
    scenario = drawn(scenario, seed)
    faults = draw(swarm, scenario, seed) if isinstance(swarm, SwarmOptions) else swarm or Faults()
    leads = outside_of(scenario).leads(seed)
    scenario = with_follow_up(with_cheats(unfolded(scenario, seed)), seed)
    setting = setting_of(replace(scenario, cheats=(), faults=(), acts=(), evasions=(), channels=()))
    cheats = (*scenario.cheats, *faults.attacks)
    checkers, story = all_checkers(), Story()
    appraise = SharedAppraisals()
    world = World(
        scenario=scenario,
        setting=setting,
        samples=samples(scenario, seed),
        faults=faults,
        makers=makers_of(setting, cheats, appraise),
        remake=partial(make, setting, cheats, appraise),
        cheaters=frozenset(cheat.by for cheat in cheats if cheat.real),
        seed=seed,
        observers=(*checkers, story, *observers),
        recorder=recorder,
    )
    arrange(world, story)
    tell_leads(world, story, leads)
    Registrar(world, story, partial(maker_of, setting, appraise)).begin()
    world.run(_end(world))
    broken = tuple(v for c in checkers for v in c.violations)
    result = _result(world, story, broken, cheats, leads, appraise.reader)
    world.close()
    return result


@contextmanager
def _uncollected() -> Iterator[None]:
    """Look for no cycles: a run makes none before its end, and very many objects that live to it.

    It changes no result. Looking for them would cost a fifth of the time, and the more for each
    day the longer the run. What goes when the run ends goes before they are looked for again.
    """
    was_enabled = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_enabled:
            gc.enable()


def _end(world: World) -> int:
    """A little after the last period's close, and before the next period's."""
    scenario = world.scenario
    settle = SETTLE_HEARTBEATS * scenario.heartbeat_s
    room = max(1, scenario.period_s - 4 * scenario.epsilon_s)
    return world.schedule.close(PeriodIndex(scenario.periods - 1)) + min(settle, room)


def _unseen(cheats: tuple[CheatPlan, ...], findings: tuple[Finding, ...]) -> tuple[str, ...]:
    """What the scenario knows and the network does not: halls that no inspection found."""
    found = {each.accused for each in findings if each.fault is Fault.F7}
    refused = {each.accused for each in findings if each.fault is Fault.F10R}
    return tuple(
        f"not seen: the undeclared hall of {cheat.by}; "
        + ("it refused the inspection" if cheat.by in refused else "nobody asked for an inspection")
        for cheat in cheats
        if cheat.kind is CheatKind.UNDECLARED_HALL and cheat.by not in found
    )


def _drawn(result: RunResult) -> tuple[str, ...]:
    """The audit of the draws, where they are not as published or the scenario is about them."""
    about = result.scenario.agreement.sample_quota != SAMPLE_QUOTA_DEFAULT
    return (f"draws: {result.draws}",) if about or not result.draws.as_published else ()


def _result(
    world: World,
    story: Story,
    violations: tuple[Violation, ...],
    cheats: tuple[CheatPlan, ...],
    leads: tuple[Lead, ...],
    reader: StatementReader,
) -> RunResult:
    bundles: dict[Digest, bytes] = {}
    for _, machine in honest_verifiers(world):
        bundles.update(machine.view.bundles())
    fired = world.fired + world.network.fired
    for node in world.nodes.values():
        fired += node.disk.fired
        wrapped = node.machine
        for cheat in reversed([cheat for cheat in cheats if cheat.by == node.id]):
            assert isinstance(wrapped, Adversary), "each cheat wraps the machine once"
            fired[f"cheat.{cheat.kind}"] += wrapped.fired
            wrapped = wrapped.inner
    result = RunResult(
        scenario=world.scenario,
        seed=world.seed,
        faults=world.faults,
        register=world.register,
        appraisals=latest_appraisals(world),
        bundles={identity: bundles[identity] for identity in sorted(bundles)},
        sightings=tuple(story.sightings[key] for key in sorted(story.sightings)),
        transcript=(),
        fired={name: fired[name] for name in sorted(fired)},
        violations=violations,
        events=world.trace.events,
        trace=world.trace.digest,
        draws=draws_of(world, reader) if world.faults == Faults() else NOTHING_DRAWN,
        life=story.life,
        open_items=story.open_items,
        leads=tuple(each for each in leads if each.moment_s <= world.now - world.start),
    )
    ending = (
        *ending_lines(result.statuses, result.findings, result.life),
        *story.unmet,
        *((f"end: {'; '.join(result.decided)}",) if result.decided else ()),
        *_open_items(result.open_items),
        *_drawn(result),
        *_unseen(cheats, result.findings),
    )
    return replace(result, transcript=story.lines(world, ending))


def _open_items(items: tuple[str, ...]) -> tuple[str, ...]:
    """The first items that the chip account leaves open, and how many more there are."""
    more = len(items) - _ITEMS_TOLD_MAX
    return (
        *(f"end: open in the chip account: {item}" for item in items[:_ITEMS_TOLD_MAX]),
        *((f"end: {more} items more are open in the chip account",) if more > 0 else ()),
    )
