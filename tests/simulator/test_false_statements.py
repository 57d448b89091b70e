"""Evasions that change what a lab states, and leave its energy and occupied time true."""

from __future__ import annotations

import pytest

from pausenet.protocol.messages import UsageSample
from pausenet.scenario.evasions import MICRO, EvasionKind, EvasionPlan, Setting
from pausenet.scenario.plan import CheatKind
from pausenet.simulator.adversary.evasions import evasion
from pausenet.simulator.adversary.false_samples import FewerOperations, HiddenShare, MovedShare
from pausenet.simulator.fleet import class_totals, energy_of, samples
from pausenet.simulator.traces import Trace
from pausenet.statements.usage import WorkloadClass
from pausenet.values import ParticipantId, PeriodIndex
from tests.simulator.test_outside import scenario

TRAINING = (WorkloadClass.PRE_TRAINING, WorkloadClass.POST_TRAINING)


def occupied(sample: UsageSample) -> dict[WorkloadClass, int]:
    return {name: usage.occupied_s for name, usage in sample.classes}


def used(sample: UsageSample) -> dict[WorkloadClass, int]:
    return {name: usage.used_pflop for name, usage in sample.classes}


@pytest.mark.parametrize("machine", [MovedShare, FewerOperations])
def test_energy_and_occupied_time_stay_true_and_training_shrinks(
    machine: type[HiddenShare],
) -> None:
    told = scenario()
    hides = machine(300_000)
    for true in samples(told, 7).labs[told.labs[0].name]:
        stated = hides.shrink(true)
        assert energy_of(stated) == energy_of(true)
        assert sum(occupied(stated).values()) == sum(occupied(true).values())
        assert stated.classes == class_totals(stated.jobs)
        for name in TRAINING:
            assert used(stated)[name] == pytest.approx(0.7 * used(true)[name], rel=1e-6)
        for before, after in zip(true.runs, stated.runs, strict=True):
            assert after.total_pflop < before.total_pflop


def test_what_is_moved_stands_under_inference() -> None:
    told = scenario()
    true = samples(told, 7).labs[told.labs[1].name][5]
    stated = MovedShare(300_000).shrink(true)
    moved = sum(occupied(true)[name] - occupied(stated)[name] for name in TRAINING)
    assert moved > 0
    inference = WorkloadClass.INFERENCE
    assert occupied(stated)[inference] == occupied(true)[inference] + moved


def test_runs_never_shrink_when_the_evasion_ends() -> None:
    told = scenario()
    hides, totals = FewerOperations(500_000), dict[str, int]()
    for number, true in enumerate(samples(told, 7).labs[told.labs[0].name]):
        stated = hides.shrink(true) if number < 10 else hides.keep(true)
        for run in stated.runs:
            assert run.total_pflop >= totals.get(run.run, 0)
            totals[run.run] = run.total_pflop


def test_slices_whose_parents_are_said_are_the_protocols_business() -> None:
    said = Setting(name="said", micro=MICRO)
    for settings, cheats in (((), ()), ((said,), (CheatKind.SALAMI_RUNS,))):
        plan = EvasionPlan(
            by=ParticipantId("birch"),
            kind=EvasionKind.E04,
            start=PeriodIndex(5),
            settings=settings,
        )
        left = evasion(EvasionKind.E04).footprint(scenario(), plan)
        assert tuple(cheat.kind for cheat in left.cheats) == cheats
        assert any(left.of(Trace.LINEAGE)) is (not cheats)
