"""P2: two logs shown to two halves of the verifiers convict within one round of gossip."""

from dataclasses import dataclass, field, replace
from functools import partial

import pytest

from pausenet.protocol.messages import Report, Told
from pausenet.scenario.plan import CheatKind, CheatPlan, VerifierPlan
from pausenet.simulator import machines, run
from pausenet.simulator.fleet import samples
from pausenet.simulator.randomness import stream
from pausenet.simulator.setting import setting_of
from pausenet.simulator.swarm import Faults
from pausenet.simulator.transcript import Story
from pausenet.simulator.world import World
from pausenet.statements.finding import Fault
from pausenet.values import ParticipantId, PeriodIndex
from tests.simulator.small import BIRCH
from tests.simulator.swarms import brief

FORKS = {Fault.F1, Fault.F2, Fault.F3}
CHEAT_FROM = 2
MESSAGES = 4
"""A head, the question for what differs, the entries, and the proof told to the others."""
SEEDS = {4: range(6), 7: range(1)}


@dataclass
class Halves:
    """One run: when the halves were joined, and what each verifier did until it had a proof."""

    verifiers: int
    seed: int
    joined: int = 0
    proven: dict[ParticipantId, int] = field(default_factory=dict)
    ticks: dict[ParticipantId, int] = field(default_factory=dict)
    rounds: dict[ParticipantId, int] = field(default_factory=dict)

    def __post_init__(self):
        plans = tuple(
            VerifierPlan(name=ParticipantId(f"verifier-{number}"), bloc="one")
            for number in range(1, self.verifiers + 1)
        )
        cheat = CheatPlan(by=BIRCH, kind=CheatKind.TWO_FACES, start=PeriodIndex(CHEAT_FROM))
        scenario = brief(verifiers=plans, cheats=(cheat,))
        setting = setting_of(replace(scenario, cheats=()))
        self.names, story = setting.register.verifiers, Story()
        self.world = World(
            scenario=scenario,
            setting=setting,
            samples=samples(scenario, self.seed),
            faults=Faults(),
            makers=machines.makers_of(setting, scenario.cheats),
            cheaters=frozenset({BIRCH}),
            seed=self.seed,
            recorder=self.watch,
        )
        run._arrange(self.world, story)

    def play(self):
        """Cut the halves from each other before the cheat, join them after it, wait two rounds."""
        world, half = self.world, (self.verifiers + 1) // 2
        links = [(a, b) for a in self.names[:half] for b in self.names[half:]]
        links += [(b, a) for a, b in links]
        chance = stream(self.seed, "halves")
        start = world.schedule.period(PeriodIndex(CHEAT_FROM)).start
        joined = start + world.schedule.period_s * 2 + chance.randrange(world.schedule.period_s)
        world.at(start, partial(world.network.cut, links))
        world.at(joined, partial(self.join, links))
        world.run(joined + 2 * world.scenario.heartbeat_s)
        return self

    def join(self, links):
        assert not self.proven, "each half has seen one log only"
        self.joined = self.world.now
        self.world.network.heal(links)
        for name in self.names:
            self.ticks[name] = self.world.nodes[name].machine._gossip._ticks
            self.world.connect(self.world.nodes[name])

    def watch(self, who, event, effects):
        if who not in self.names or who in self.proven:
            return
        for effect in effects:
            if isinstance(effect, Report) and effect.told is Told.FAULT and effect.about == BIRCH:
                assert Fault(str(dict(effect.facts)["fault"])) in FORKS
                self.proven[who] = self.world.now
                self.rounds[who] = self.world.nodes[who].machine._gossip._ticks - self.ticks[who]
                return


@pytest.mark.parametrize(("verifiers", "seed"), [(n, s) for n, each in SEEDS.items() for s in each])
def test_a_lab_of_two_faces_is_convicted_within_one_round_of_gossip_after_healing(verifiers, seed):
    played = Halves(verifiers, seed).play()
    scenario = played.world.scenario
    assert sorted(played.proven) == sorted(played.names)
    assert all(rounds <= 1 for rounds in played.rounds.values())
    longest_s = scenario.heartbeat_s + MESSAGES * max(1, scenario.delta_s // 5)
    assert max(played.proven.values()) - played.joined <= longest_s


def test_without_gossip_nobody_is_convicted(monkeypatch):
    monkeypatch.setattr("pausenet.protocol.keeper.Keeper.heads", lambda *_: [])
    assert Halves(4, 0).play().proven == {}


def test_while_the_halves_are_apart_neither_can_know(monkeypatch):
    played = Halves(4, 1)
    monkeypatch.setattr(played, "join", lambda links: None)
    assert played.play().proven == {}
