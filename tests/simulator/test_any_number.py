"""P1 with any number of bad verifiers: nobody honest is ever proven guilty."""

from collections import Counter
from functools import cache

import pytest

from pausenet.scenario.mishaps import RestorePlan
from pausenet.scenario.plan import CheatPlan
from pausenet.simulator.randomness import stream
from pausenet.simulator.run import simulate
from pausenet.simulator.swarm import SwarmOptions
from pausenet.values import ParticipantId, PeriodIndex, Role
from tests.simulator.small import AURORA, BIRCH, SMALL
from tests.simulator.swarms import KINDS, brief

SEEDS = range(8)
BY_VERIFIERS = [kind for kind in KINDS if kind.role is Role.VERIFIER]
BY_LABS = [kind for kind in KINDS if kind.role is Role.LAB]
WHATEVER_VERIFIERS_DO = ("P1", "P3", "P8")
"""The promises that need no honest verifier (protocol.md 9); P4 holds at each honest one."""


@cache
def disaster(seed):
    """One to four bad verifiers, each with one or two evasions; a bad lab; old disks; crashes."""
    chance = stream(seed, "disaster")
    bad = chance.sample([plan.name for plan in SMALL.verifiers], 1 + seed % 4)
    cheats = [(name, kind) for name in bad for kind in chance.sample(BY_VERIFIERS, 1 + seed % 2)]
    cheats += [(BIRCH, chance.choice(BY_LABS))] if chance.random() < 0.7 else []
    old = [AURORA, ParticipantId("aurora-meter"), *(p.name for p in SMALL.verifiers)]
    scenario = brief(
        cheats=tuple(
            CheatPlan(by=by, kind=kind, start=PeriodIndex(chance.randrange(3)))
            for by, kind in cheats
        ),
        faults=(RestorePlan(of=chance.choice(old), to=PeriodIndex(1), at=PeriodIndex(3)),),
    )
    options = SwarmOptions(crash_ppm_max=4_000, torn_ppm_min=700_000, torn_ppm_max=1_000_000)
    return simulate(scenario, seed=seed, swarm=options), set(bad)


@pytest.mark.parametrize("seed", SEEDS)
def test_nobody_honest_is_proven_guilty_however_many_verifiers_are_bad(seed):
    result, bad = disaster(seed)
    broken = [each for each in result.violations if each.promise in WHATEVER_VERIFIERS_DO]
    assert not broken, f"{broken[:3]}\nbad: {sorted(bad)}\nwith {result.faults.describe()}"


def test_the_disasters_have_every_number_of_bad_verifiers_and_many_evasions():
    fired, bad = Counter(), Counter()
    for seed in SEEDS[:8]:
        result, names = disaster(seed)
        bad[len(names)] += 1
        fired.update(name for name, count in result.fired.items() if count)
    assert set(bad) == {1, 2, 3, 4}
    assert len([name for name in fired if name.startswith("cheat.")]) >= len(KINDS) // 3
