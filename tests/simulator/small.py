"""A small scenario, and worlds that have not begun, for planting what must be found."""

from dataclasses import replace

from pausenet.scenario.mishaps import FaultPlan
from pausenet.scenario.plan import CheatKind, CheatPlan, LabPlan, Scenario, VerifierPlan
from pausenet.simulator.fleet import samples
from pausenet.simulator.setting import setting_of
from pausenet.simulator.swarm import Faults
from pausenet.simulator.world import World
from pausenet.values import ParticipantId, PeriodIndex

AURORA, BIRCH = ParticipantId("aurora"), ParticipantId("birch")
VERIFIER = ParticipantId("verifier-1")
DAY = 86_400

SMALL = Scenario(
    question="Does an honest network find nothing?",
    name="small",
    seed=7,
    periods=12,
    speed=DAY,
    period_s=2 * DAY,
    deadline_s=DAY // 4,
    grace_s=DAY * 17 // 4,
    notice_periods=4,
    verifiers=tuple(
        VerifierPlan(name=ParticipantId(f"verifier-{number}"), bloc="one") for number in range(1, 5)
    ),
    labs=tuple(
        LabPlan(
            name=name, accelerators=20_000, sites=2, utilisation_ppm=600_000, training_ppm=500_000
        )
        for name in (AURORA, BIRCH)
    ),
)


def cheating(kind: CheatKind, by: ParticipantId = BIRCH, **more: int) -> Scenario:
    """The small scenario with one cheat from period 6 on."""
    return replace(SMALL, cheats=(CheatPlan(by=by, kind=kind, start=PeriodIndex(6), **more),))


def broken(*faults: FaultPlan) -> Scenario:
    """The small scenario with planned faults."""
    return replace(SMALL, faults=faults)


def world(
    *, cheaters: frozenset[ParticipantId] = frozenset(), faults: Faults | None = None
) -> World:
    """A world that stands still at its start."""
    setting = setting_of(SMALL)
    return World(
        scenario=SMALL,
        setting=setting,
        samples=samples(SMALL, 7),
        faults=faults or Faults(),
        makers={
            name: (lambda register, name=name: setting.machine(name)) for name in setting.nodes()
        },
        cheaters=cheaters,
        seed=7,
    )
