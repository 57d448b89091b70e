"""Two fidelities, one truth: whole runs find in the very period in which the rules' tests alarm.

The kernel knows nothing of statements, logs and cuts: it puts the energies that a lab declares and
the readings of its meter through the tests of the rules, for many seeds at once.
"""

from __future__ import annotations

import os
from dataclasses import replace

import numpy as np

from pausenet.inference.balance import MeterError
from pausenet.inference.sequential.many import first_alarms, values_of
from pausenet.protocol import rules
from pausenet.scenario.evasions import MICRO, EvasionKind, EvasionPlan, Setting
from pausenet.scenario.plan import DAY_S, CheatKind, Scenario
from pausenet.simulator.adversary.false_samples import HiddenShare
from pausenet.simulator.fleet import energy_of, samples
from pausenet.simulator.outcome import replicate, replication_seed, share
from pausenet.simulator.outcome.kernel import measure_by_kernel
from pausenet.statements.finding import Fault
from pausenet.values import PeriodIndex
from tests.simulator.small import BIRCH, SMALL, cheating

RUNS = max(6, int(os.environ.get("PAUSENET_SEEDS", "0")) // 50)
HIDES_PPM = 20_000
STORY = replace(
    cheating(CheatKind.UNDER_DECLARATION, amount_ppm=HIDES_PPM), verifiers=SMALL.verifiers[:1]
)
FIRST = STORY.notice_periods
"""The first period that binds: all labs ratify in the first one."""


LATE = replace(
    SMALL,
    evasions=(
        EvasionPlan(
            by=BIRCH,
            kind=EvasionKind.E13,
            start=PeriodIndex(6),
            settings=(
                Setting(name="hidden", micro=HIDES_PPM),
                Setting(name="keepers", micro=2 * MICRO),
            ),
        ),
    ),
)
"""The same share hidden by a lab that speaks late, with two of four who keep the time in league."""


def energies(scenario: Scenario, seed: int) -> tuple[list[int], list[int]]:
    """What birch declares and what its meter reads in each period that binds."""
    drawn, hides = samples(scenario, seed), HiddenShare(HIDES_PPM)
    declared = [
        energy_of(hides.shrink(sample) if sample.period >= 6 else hides.keep(sample))
        for sample in drawn.labs[BIRCH]
    ]
    metered = [reading.energy_wh for reading in drawn.meters[scenario.lab(BIRCH).meter]]
    return declared[FIRST:], metered[FIRST:]


def foretold(runs: int) -> list[int]:
    """The period in which the tests of the rules alarm, for each replication; -1 for never."""
    pairs = [energies(STORY, replication_seed(STORY.seed, number)) for number in range(runs)]
    error = MeterError(
        random_ppm=STORY.meters.random_ppm, systematic_ppm=STORY.meters.systematic_ppm
    )
    declared, metered = (np.array([pair[of] for pair in pairs], dtype=np.int64) for of in (0, 1))
    found = first_alarms(values_of(declared, metered, error, 0), rules.SERIES)
    return [at + FIRST if at >= 0 else -1 for at in found.tolist()]


def test_the_kernels_find_as_often_as_the_runs_do() -> None:
    """By the end and within every goal: shares of what the runs' own balances say, in their limits.

    Every hidden part is declared idle, and idle accelerators draw power: a kernel that took the
    excess of use for that of energy would find far too often.
    """
    begins, n = STORY.cheats[0].start, 200
    told = foretold(n)
    (birch,) = measure_by_kernel(STORY, 4_000, goal_days=14.0).evasions
    for last in range(begins + 1, STORY.periods):
        days = ((last - begins + 1) * STORY.period_s + STORY.deadline_s + STORY.grace_s) / DAY_S
        found = share(sum(begins <= at <= last for at in told), n, 0.999)
        assert found.interval.covers(1.0 - birch.curve.survival(days)), (last, found)


def test_every_run_finds_in_the_period_in_which_the_rules_alarm() -> None:
    found = []
    for number in range(RUNS):
        birch = next(seen for seen in replicate(STORY, number).parties if seen.party == BIRCH)
        found.append(birch.found[0].cut if birch.found else -1)
    assert found == foretold(RUNS)
    assert len(set(found)) > 1, "the runs differ in what matters"


def test_who_speaks_late_in_a_league_is_found_by_the_readings_alone_and_when_they_say() -> None:
    found = []
    for number in range(max(2, RUNS // 4)):
        run = replicate(LATE, number)
        birch = next(seen for seen in run.parties if seen.party == BIRCH)
        assert run.broken == ()
        assert {each.fault for each in birch.found} <= {Fault.F7}
        found.append(birch.found[0].cut if birch.found else -1)
    assert found == foretold(len(found))
    late, hides = (
        measure_by_kernel(each, 500, goal_days=14.0).evasions[0] for each in (LATE, STORY)
    )
    assert late.curve == hides.curve, "the kernels' shares are those that the runs are held to"
